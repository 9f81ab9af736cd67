//! `users.list` and `users.get`.

use super::state::GoogleState;
use super::{errors, fields};
use crate::directory::call::{Call, Params, Route};
use crate::directory::clock::{before, millis};
use crate::directory::faults::Faults;
use crate::directory::pages::{Cursor, Turn};
use crate::directory::people::{InOrder, name};
use crate::directory::reply::{Reply, put};
use jiff::SignedDuration;
use serde_json::{Map, Value, json};

const LIST: &[&str] = &[
    "customFieldMask",
    "customer",
    "domain",
    "event",
    "maxResults",
    "orderBy",
    "pageToken",
    "projection",
    "query",
    "showDeleted",
    "sortOrder",
    "viewType",
];

const GET: &[&str] = &["customFieldMask", "projection", "viewType"];

const MEMBERS: &[&str] = &[
    "kind",
    "etag",
    "nextPageToken",
    "users",
    "id",
    "primaryEmail",
    "aliases",
    "nonEditableAliases",
    "emails",
    "address",
    "primary",
    "name",
    "givenName",
    "familyName",
    "fullName",
    "isAdmin",
    "isDelegatedAdmin",
    "isEnrolledIn2Sv",
    "isMailboxSetup",
    "suspended",
    "suspensionReason",
    "archived",
    "customerId",
    "orgUnitPath",
    "creationTime",
    "lastLoginTime",
    "agreedToTerms",
];

/// The people, page by page.
pub(super) fn list(state: &GoogleState, faults: &Faults, call: &Call) -> Reply {
    fields::answer(call, LIST, MEMBERS, |params| {
        in_organisation(state, params)?;
        let most = most(params)?;
        let query = Query::parse(params.get("query").unwrap_or_default()).ok_or_else(|| errors::invalid("query"))?;
        let order = order(state, params)?;
        let cursor = match params.get("pageToken") {
            Some(text) => Cursor::parse("users", text).ok_or_else(|| errors::invalid("pageToken"))?,
            None => Cursor::start(0),
        };
        let paging = faults.paging_of(Route::Users);
        let (page, next) = match cursor.turn(&paging) {
            Turn::Blank(next) => (Vec::new(), Some(next)),
            Turn::Page => {
                let (page, goes_on) = page(state, &query, &order, cursor.at, most);
                (page, cursor.next(&paging, goes_on))
            }
        };
        let mut answer = json!({"kind": "admin#directory#users", "etag": format!("\"fixture/{}\"", cursor.at)});
        if !page.is_empty() {
            put(&mut answer, "users", page);
        }
        if let Some(next) = next {
            put(&mut answer, "nextPageToken", next.text("users"));
        }
        Ok(answer)
    })
}

/// One of them, by id, primary address or alias.
pub(super) fn get(state: &GoogleState, call: &Call, user: Option<usize>) -> Reply {
    fields::answer(call, GET, MEMBERS, |_| {
        let user = user.filter(|user| state.with(|inner| inner.exists(*user)));
        user.map(|user| person(state, user)).ok_or_else(|| errors::not_found("userKey"))
    })
}

fn in_organisation(state: &GoogleState, params: &Params) -> Result<(), Reply> {
    match (params.get("customer"), params.get("domain")) {
        (None, None) => Err(errors::bad_request()),
        (Some(customer), _) if customer != "my_customer" && customer != state.customer_id() => {
            Err(errors::bad_request())
        }
        (_, Some(domain)) if !domain.eq_ignore_ascii_case(&state.layout.domain) => Err(errors::domain_not_found()),
        _ => Ok(()),
    }
}

fn most(params: &Params) -> Result<usize, Reply> {
    let Some(text) = params.get("maxResults") else { return Ok(100) };
    let range = || errors::invalid_parameter("maxResults", "Values must be within the range: [1, 500]");
    text.parse().ok().filter(|most| (1..=500).contains(most)).ok_or_else(range)
}

/// In the order of addresses, which is that of the numbers, or of names.
fn order(state: &GoogleState, params: &Params) -> Result<(InOrder, bool), Reply> {
    let users = state.layout.users;
    let order = match params.get("orderBy") {
        None | Some("email") => InOrder::of(vec![0], users),
        Some("givenName") => InOrder::by(|(given, _)| given, users),
        Some("familyName") => InOrder::by(|(_, family)| family, users),
        Some(_) => return Err(errors::invalid("orderBy")),
    };
    match params.get("sortOrder") {
        None | Some("ASCENDING") => Ok((order, false)),
        Some("DESCENDING") => Ok((order, true)),
        Some(_) => Err(errors::invalid("sortOrder")),
    }
}

/// From a position on, and the position after it if there may be more.
fn page(
    state: &GoogleState,
    query: &Query,
    (order, backwards): &(InOrder, bool),
    from: u64,
    most: usize,
) -> (Vec<Value>, Option<u64>) {
    let users = state.layout.users;
    let mut page = Vec::new();
    for position in usize::try_from(from).unwrap_or(usize::MAX)..users {
        if page.len() == most {
            return (page, Some(position as u64));
        }
        let place = if *backwards { users - 1 - position } else { position };
        let Some(user) = order.at(place) else { break };
        if state.with(|inner| inner.exists(user)) && query.fits(state, user) {
            page.push(person(state, user));
        }
    }
    (page, None)
}

/// The parts of the search language that are understood: `email:`, with a star at the end for a prefix, `isSuspended=`
/// and `isAdmin=` (<https://developers.google.com/workspace/admin/directory/v1/guides/search-users>, read 2026-11).
#[derive(Debug, Default)]
struct Query {
    email: Option<String>,
    suspended: Option<bool>,
    admin: Option<bool>,
}

impl Query {
    fn parse(text: &str) -> Option<Self> {
        let mut query = Self::default();
        for part in text.split_whitespace() {
            if let Some(email) = part.strip_prefix("email:").or_else(|| part.strip_prefix("email=")) {
                query.email = Some(email.trim_matches(['\'', '"']).to_ascii_lowercase());
            } else if let Some(value) = part.strip_prefix("isSuspended=") {
                query.suspended = Some(value.parse().ok()?);
            } else if let Some(value) = part.strip_prefix("isAdmin=") {
                query.admin = Some(value.parse().ok()?);
            } else {
                return None;
            }
        }
        Some(query)
    }

    fn fits(&self, state: &GoogleState, user: usize) -> bool {
        let suspended = || state.with(|inner| inner.is_suspended(user, &state.layout));
        self.email.as_deref().is_none_or(|email| match email.strip_suffix('*') {
            Some(prefix) => state.address(user).starts_with(prefix) || state.alias(user).starts_with(prefix),
            None => state.by_key(email) == Some(user),
        }) && self.suspended.is_none_or(|is| is == suspended())
            && self.admin.is_none_or(|is| is == (user == 0))
    }
}

fn person(state: &GoogleState, user: usize) -> Value {
    let (given, family) = name(user);
    let (address, alias) = (state.address(user), state.alias(user));
    let ago = |days: i64| millis(before(state.clock.start, SignedDuration::from_hours(24 * days)));
    let suspended = state.with(|inner| inner.is_suspended(user, &state.layout));
    let text = |text: String| Value::String(text);
    let mut person = Map::new();
    let mut put = |key: &str, value: Value| person.insert(key.to_owned(), value);
    put("kind", json!("admin#directory#user"));
    put("id", text(state.id(user)));
    put("etag", text(format!("\"fixture/{user}\"")));
    put("primaryEmail", text(address.clone()));
    put("name", json!({"givenName": given, "familyName": family, "fullName": format!("{given} {family}")}));
    put("isAdmin", Value::Bool(user == 0));
    put("isDelegatedAdmin", Value::Bool(false));
    put("lastLoginTime", text(ago(1)));
    put("creationTime", text(ago(700)));
    put("agreedToTerms", Value::Bool(true));
    put("suspended", Value::Bool(suspended));
    if suspended {
        put("suspensionReason", json!("ADMIN"));
    }
    put("archived", Value::Bool(false));
    put("emails", json!([{"address": address, "primary": true}, {"address": alias.clone()}]));
    put("aliases", json!([alias]));
    put("customerId", json!(state.customer_id()));
    put("orgUnitPath", json!("/"));
    put("isMailboxSetup", Value::Bool(true));
    put("isEnrolledIn2Sv", Value::Bool(user.is_multiple_of(2)));
    Value::Object(person)
}
