//! `/me`, `/organization`, `/users` and `/users/{id}`.

use super::api::GraphApi;
use super::errors;
use super::filter::{Asks, Known};
use super::odata::{self, List};
use super::state::GraphState;
use crate::directory::call::{Call, Route};
use crate::directory::clock::before;
use crate::directory::faults::Faults;
use crate::directory::people::name;
use crate::directory::reply::Reply;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// First those that a person has without a `$select`.
const PROPERTIES: &[&str] = &[
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
    "accountEnabled",
    "companyName",
    "createdDateTime",
    "department",
    "mailNickname",
    "otherMails",
    "proxyAddresses",
    "userType",
];

/// What a person has without a `$select`.
const USUAL: &[&str] = PROPERTIES.split_at(11).0;

const USERS: List = List {
    route: Route::Users,
    name: "users",
    kind: "user",
    properties: PROPERTIES,
    asks: &[
        ("id", Asks::EqStartsWithIn),
        ("userPrincipalName", Asks::EqStartsWithIn),
        ("mail", Asks::EqStartsWithIn),
        ("displayName", Asks::EqStartsWithIn),
        ("accountEnabled", Asks::Eq),
        ("userType", Asks::Eq),
        ("createdDateTime", Asks::Order),
    ],
    pages: (100, 999),
    order: Some("userPrincipalName"),
};

const TENANT: &[&str] = &["id", "displayName", "tenantType", "countryLetterCode", "createdDateTime", "verifiedDomains"];

const ORGANIZATION: List = List {
    route: Route::Organization,
    name: "organization",
    kind: "organization",
    properties: TENANT,
    asks: &[],
    pages: (100, 999),
    order: None,
};

/// The people, page by page.
pub(super) fn list(api: &GraphApi, faults: &Faults, call: &Call) -> Reply {
    let asked = match USERS.read(call) {
        Ok(asked) => asked,
        Err(reply) => return reply,
    };
    let state = &api.state;
    let names = |name: &str| asked.filter.as_ref().and_then(|filter| filter.only(name));
    let named = names("id").or_else(|| names("userPrincipalName")).or_else(|| names("mail"));
    let mut numbers: Option<Vec<usize>> =
        named.map(|keys| keys.into_iter().filter_map(|key| state.by_key(key)).collect());
    if let Some(numbers) = &mut numbers {
        numbers.sort_unstable();
        numbers.dedup();
    }
    let many = numbers.as_ref().map_or(state.layout.users, Vec::len);
    USERS.answer(call, faults, api.origin(), &asked, 0, |from| {
        let mut page = Vec::new();
        for place in usize::try_from(from).unwrap_or(usize::MAX)..many {
            if page.len() == asked.top {
                return (page, Some(place as u64));
            }
            let user = numbers.as_ref().map_or(Some(place), |numbers| numbers.get(place).copied());
            let Some(user) = user.filter(|user| state.with(|inner| inner.exists(*user))) else { continue };
            if asked.filter.as_ref().is_none_or(|filter| filter.fits(&|name: &str| known(state, user, name))) {
                page.push(person(state, user, &asked.select));
            }
        }
        (page, None)
    })
}

/// One of them, by id or user principal name.
pub(super) fn get(api: &GraphApi, call: &Call, user: Option<usize>, key: &str) -> Reply {
    let state = &api.state;
    match (odata::select(call, "user", PROPERTIES), user.filter(|user| state.with(|inner| inner.exists(*user)))) {
        (Err(reply), _) => reply,
        (_, None) => errors::not_found(key, call),
        (Ok(select), Some(user)) => odata::single("users", person(state, user, &select)),
    }
}

/// The tenant.
pub(super) fn organization(api: &GraphApi, faults: &Faults, call: &Call) -> Reply {
    let asked = match ORGANIZATION.read(call) {
        Ok(asked) => asked,
        Err(reply) => return reply,
    };
    let domain = &api.state.layout.domain;
    let names = asked.select.iter().map(String::as_str);
    let names: Vec<&str> = if asked.select.is_empty() { TENANT.to_vec() } else { names.collect() };
    let tenant = odata::object(names, |name| match name {
        "id" => json!("3d3d3d3d-0000-4000-8000-000000000003"),
        "displayName" => json!("Contoso 株式会社"),
        "tenantType" => json!("AAD"),
        "createdDateTime" => json!("2020-01-01T00:00:00Z"),
        "verifiedDomains" => json!([{
            "capabilities": "Email, OfficeCommunicationsOnline", "isDefault": true, "isInitial": false,
            "name": domain, "type": "Managed",
        }]),
        _ => Value::Null,
    });
    ORGANIZATION.answer(call, faults, api.origin(), &asked, 0, |_| (vec![tenant], None))
}

fn person(state: &GraphState, user: usize, select: &[String]) -> Value {
    let names = select.iter().map(String::as_str);
    let names: Vec<&str> = if select.is_empty() { USUAL.to_vec() } else { names.collect() };
    odata::object(names, |name| property(state, user, name))
}

/// Every tenth person has no mailbox, and so no mail address.
fn mail(state: &GraphState, user: usize) -> Option<String> {
    (user % 10 != 9).then(|| state.address(user))
}

fn created(state: &GraphState) -> Timestamp {
    let created = before(state.clock.start, SignedDuration::from_hours(24 * 700));
    Timestamp::from_second(created.as_second()).unwrap_or(created)
}

fn property(state: &GraphState, user: usize, property: &str) -> Value {
    let (given, family) = name(user);
    match property {
        "id" => json!(state.id(user)),
        "userPrincipalName" => json!(state.address(user)),
        "mail" => json!(mail(state, user)),
        "displayName" => json!(format!("{given} {family}")),
        "givenName" => json!(given),
        "surname" => json!(family),
        "mailNickname" => json!(crate::directory::people::mailbox(user)),
        "accountEnabled" => json!(!state.with(|inner| inner.is_disabled(user, &state.layout))),
        "userType" => json!("Member"),
        "createdDateTime" => json!(created(state).to_string()),
        "businessPhones" | "otherMails" => json!([]),
        "proxyAddresses" => json!(mail(state, user).map(|mail| format!("SMTP:{mail}")).into_iter().collect::<Vec<_>>()),
        _ => Value::Null,
    }
}

fn known(state: &GraphState, user: usize, name: &str) -> Known {
    if name == "createdDateTime" {
        return Known::Time(created(state));
    }
    property(state, user, name).into()
}
