//! Service principals, by filter, by their object id and by their app's id.

use super::api::{GraphApi, app_id_of};
use super::apps::GraphApp;
use super::errors;
use super::filter::{Asks, Known};
use super::odata::{self, List};
use super::roles;
use crate::directory::call::{Call, Route};
use crate::directory::faults::Faults;
use crate::directory::reply::Reply;
use serde_json::{Value, json};

/// `publisherName` is not one of them: v1.0 doesn't know it (microsoftgraph/microsoft-graph-docs issue 12202).
const PROPERTIES: &[&str] = &[
    "id",
    "deletedDateTime",
    "accountEnabled",
    "alternativeNames",
    "appDescription",
    "appDisplayName",
    "appId",
    "applicationTemplateId",
    "appOwnerOrganizationId",
    "appRoleAssignmentRequired",
    "appRoles",
    "description",
    "disabledByMicrosoftStatus",
    "displayName",
    "homepage",
    "loginUrl",
    "logoutUrl",
    "notes",
    "notificationEmailAddresses",
    "preferredSingleSignOnMode",
    "replyUrls",
    "servicePrincipalNames",
    "servicePrincipalType",
    "signInAudience",
    "tags",
    "tokenEncryptionKeyId",
    "verifiedPublisher",
];

const APPS: List = List {
    route: Route::Apps,
    name: "servicePrincipals",
    kind: "servicePrincipal",
    properties: PROPERTIES,
    asks: &[
        ("displayName", Asks::EqStartsWithIn),
        ("appId", Asks::EqStartsWithIn),
        ("id", Asks::EqStartsWithIn),
        ("servicePrincipalType", Asks::Eq),
        ("accountEnabled", Asks::Eq),
    ],
    pages: (100, 999),
    order: Some("displayName"),
};

/// The apps, page by page.
pub(super) fn list(api: &GraphApi, faults: &Faults, call: &Call) -> Reply {
    let asked = match APPS.read(call) {
        Ok(asked) => asked,
        Err(reply) => return reply,
    };
    let mut apps = api.state.layout.apps.clone();
    if call.params().get("$orderby").is_some() {
        apps.sort_by_key(|app| app.display_name);
    }
    APPS.answer(call, faults, api.origin(), &asked, 0, |from| {
        let fits =
            |app: &&GraphApp| asked.filter.as_ref().is_none_or(|filter| filter.fits(&|name: &str| known(app, name)));
        let mut found = apps.iter().filter(fits).skip(usize::try_from(from).unwrap_or(usize::MAX));
        let page: Vec<Value> = found.by_ref().take(asked.top).map(|app| principal(app, &asked.select)).collect();
        let goes_on = found.next().map(|_| from + page.len() as u64);
        (page, goes_on)
    })
}

/// One of them: `/servicePrincipals/{id}` or `/servicePrincipals(appId='{id}')`.
pub(super) fn get(api: &GraphApi, call: &Call, item: &str) -> Reply {
    let select = match odata::select(call, "servicePrincipal", PROPERTIES) {
        Ok(select) => select,
        Err(reply) => return reply,
    };
    let mut apps = api.state.layout.apps.iter();
    let found = match app_id_of(item) {
        Some(id) => apps.find(|app| app.app_id.to_string().eq_ignore_ascii_case(id)),
        None => apps.find(|app| app.object_id.to_string().eq_ignore_ascii_case(item)),
    };
    match found {
        Some(app) => odata::single("servicePrincipals", principal(app, &select)),
        None => errors::not_found(app_id_of(item).unwrap_or(item), call),
    }
}

fn principal(app: &GraphApp, select: &[String]) -> Value {
    let names = select.iter().map(String::as_str);
    let names: Vec<&str> = if select.is_empty() { PROPERTIES.to_vec() } else { names.collect() };
    odata::object(names, |name| property(app, name))
}

fn property(app: &GraphApp, name: &str) -> Value {
    match name {
        "id" => json!(app.object_id.to_string()),
        "appId" => json!(app.app_id.to_string()),
        "displayName" | "appDisplayName" => json!(app.display_name),
        "appOwnerOrganizationId" => json!(app.owner.to_string()),
        "servicePrincipalNames" => json!([app.app_id.to_string()]),
        "servicePrincipalType" => json!("Application"),
        "signInAudience" => json!("AzureADMultipleOrgs"),
        "accountEnabled" => json!(true),
        "appRoleAssignmentRequired" => json!(false),
        "tags" => json!(app.tags),
        "appRoles" => roles::defined_by(app),
        "alternativeNames" | "notificationEmailAddresses" | "replyUrls" => json!([]),
        // Where nobody is verified, Graph gives the object with nothing in it.
        "verifiedPublisher" => json!({
            "displayName": app.verified_publisher,
            "verifiedPublisherId": app.verified_publisher.map(|_| "1234567"),
            "addedDateTime": app.verified_publisher.map(|_| "2022-06-01T09:00:00Z"),
        }),
        _ => Value::Null,
    }
}

fn known(app: &GraphApp, name: &str) -> Known {
    property(app, name).into()
}
