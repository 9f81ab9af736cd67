//! Application permissions, after
//! <https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignments> (read 2026-11).

use super::api::GraphApi;
use super::apps::GraphApp;
use super::filter::Asks;
use super::odata::{self, List};
use super::{errors, ids};
use crate::directory::call::{Call, Route};
use crate::directory::faults::Faults;
use crate::directory::reply::Reply;
use serde_json::{Value, json};
use uuid::{Uuid, uuid};

/// An application permission that a resource defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphRole {
    /// Its identifier.
    pub id: Uuid,
    /// What it is called: `Mail.Read`.
    pub value: &'static str,
    /// Whose it is.
    pub resource: GraphApp,
}

impl GraphRole {
    /// Reads mail in all mailboxes. The identifier is the one of Microsoft's permissions reference.
    pub const MAIL_READ: Self =
        Self { id: uuid!("810c84a8-4a9e-49e6-bf7d-12d183f40d01"), value: "Mail.Read", resource: GraphApp::GRAPH };
    /// Everything in all mailboxes, by EWS.
    pub const FULL_ACCESS: Self = Self {
        id: uuid!("dc890d15-9560-4a4c-9b7f-a736ec74ec40"),
        value: "full_access_as_app",
        resource: GraphApp::EXCHANGE,
    };
    /// One that nobody knows here.
    pub const OTHER: Self =
        Self { id: uuid!("5b567255-7703-4780-807c-7be8301ae99b"), value: "Something.New", resource: GraphApp::GRAPH };

    /// All that resources define here.
    pub const ALL: [Self; 3] = [Self::MAIL_READ, Self::FULL_ACCESS, Self::OTHER];
}

const ROLES: List = List {
    route: Route::AppRoles,
    name: "appRoleAssignments",
    kind: "appRoleAssignment",
    properties: &[
        "id",
        "deletedDateTime",
        "appRoleId",
        "createdDateTime",
        "principalDisplayName",
        "principalId",
        "principalType",
        "resourceDisplayName",
        "resourceId",
    ],
    asks: &[("resourceId", Asks::Eq)],
    pages: (100, 999),
    order: None,
};

/// The application permissions of one app, page by page.
pub(super) fn list(api: &GraphApi, faults: &Faults, call: &Call, item: &str) -> Reply {
    let asked = match ROLES.read(call) {
        Ok(asked) => asked,
        Err(reply) => return reply,
    };
    let Some(app) = api.state.layout.apps.iter().find(|app| app.object_id.to_string().eq_ignore_ascii_case(item))
    else {
        return errors::not_found(item, call);
    };
    let roles = api.state.roles(app.object_id);
    ROLES.answer(call, faults, api.origin(), &asked, 0, |from| {
        let mut rest = roles.iter().skip(usize::try_from(from).unwrap_or(usize::MAX));
        let page: Vec<Value> = rest.by_ref().take(asked.top).map(|role| assignment(app, role)).collect();
        let goes_on = rest.next().map(|_| from + page.len() as u64);
        (page, goes_on)
    })
}

fn assignment(app: &GraphApp, role: &GraphRole) -> Value {
    let names = ROLES.properties.iter().copied();
    odata::object(names, |name| match name {
        "id" => json!(ids::grant(app.object_id, role.id, None)),
        "appRoleId" => json!(role.id.to_string()),
        "createdDateTime" => json!("2025-01-01T09:00:00Z"),
        "principalDisplayName" => json!(app.display_name),
        "principalId" => json!(app.object_id.to_string()),
        "principalType" => json!("ServicePrincipal"),
        "resourceDisplayName" => json!(role.resource.display_name),
        "resourceId" => json!(role.resource.object_id.to_string()),
        _ => Value::Null,
    })
}

/// What a resource defines.
pub(super) fn defined_by(app: &GraphApp) -> Value {
    let its = GraphRole::ALL.into_iter().filter(|role| role.resource.object_id == app.object_id);
    let role = |role: GraphRole| {
        json!({
            "allowedMemberTypes": ["Application"],
            "description": role.value,
            "displayName": role.value,
            "id": role.id.to_string(),
            "isEnabled": true,
            "origin": "Application",
            "value": role.value,
        })
    };
    json!(its.map(role).collect::<Vec<_>>())
}
