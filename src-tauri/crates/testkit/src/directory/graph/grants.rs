//! Grants: of one person, of the tenant, one by one, and their deletion.

use super::api::GraphApi;
use super::filter::{Asks, Known};
use super::odata::{self, Asked, List};
use super::state::{Event, GraphState, Key};
use super::{errors, ids};
use crate::directory::call::{Call, Route};
use crate::directory::faults::Faults;
use crate::directory::reply::{Content, Reply};
use serde_json::{Value, json};

const PROPERTIES: &[&str] = &["clientId", "consentType", "id", "principalId", "resourceId", "scope"];

const GRANTS: List = List {
    route: Route::Grants,
    name: "oauth2PermissionGrants",
    kind: "oAuth2PermissionGrant",
    properties: PROPERTIES,
    asks: &[("clientId", Asks::Eq), ("consentType", Asks::Eq), ("principalId", Asks::Eq), ("resourceId", Asks::Eq)],
    pages: (100, 999),
    order: None,
};

const OF_USER: List = List { route: Route::UserGrants, ..GRANTS };

/// The grants of one person, without those for everyone.
pub(super) fn of_user(api: &GraphApi, faults: &Faults, call: &Call, user: Option<usize>, key: &str) -> Reply {
    let asked = match OF_USER.read(call) {
        Ok(asked) => asked,
        Err(reply) => return reply,
    };
    let Some(user) = user.filter(|user| api.state.with(|inner| inner.exists(*user))) else {
        return errors::not_found(key, call);
    };
    let kinds = api.state.layout.grants.len() as u64;
    let reply = OF_USER.answer(call, faults, api.origin(), &asked, 0, |from| {
        page(&api.state, &asked, from, kinds, |position| Some((Some(user), usize::try_from(position).ok()?)))
    });
    api.state.with(|inner| inner.listed(user));
    reply
}

/// The grants of the tenant: those for everyone first, then people's.
pub(super) fn list(api: &GraphApi, faults: &Faults, call: &Call) -> Reply {
    let asked = match GRANTS.read(call) {
        Ok(asked) => asked,
        Err(reply) => return reply,
    };
    let (state, layout) = (&api.state, &api.state.layout);
    let names_app = asked.filter.as_ref().is_some_and(|filter| filter.only("clientId").is_some());
    if names_app && faults.are_apps_deleted() {
        return errors::not_found("the service principal", call);
    }
    let only = |name: &str| asked.filter.as_ref().and_then(|filter| filter.only(name));
    let is_one = |id: &str| only("principalId").is_none_or(|ids| ids.iter().any(|one| one.eq_ignore_ascii_case(id)));
    let clients = only("clientId");
    let wanted =
        |client: &str| clients.as_ref().is_none_or(|ids| ids.iter().any(|one| one.eq_ignore_ascii_case(client)));
    let numbered = layout.grants.iter().enumerate();
    let kinds: Vec<usize> =
        numbered.filter(|(_, grant)| wanted(&grant.app.object_id.to_string())).map(|(kind, _)| kind).collect();
    // With a person in the filter there is no need to look at all the others.
    let one = only("principalId").and_then(|ids| ids.iter().find_map(|id| state.by_key(id)));
    let each = kinds.len() as u64;
    let people = if one.is_some() { 1 } else { layout.users as u64 };
    let missing = faults.incomplete().filter(|_| !asked.counts);
    let key_at = |position: u64| {
        let (row, column) = (position.checked_div(each)?, position.checked_rem(each)?);
        if missing.is_some_and(|step| row > 0 && row.is_multiple_of(step)) {
            return None;
        }
        let whose = row.checked_sub(1).map(|place| one.unwrap_or(usize::try_from(place).unwrap_or(usize::MAX)));
        let kind = kinds.get(usize::try_from(column).ok()?)?;
        whose.is_none_or(|user| one.is_none() || is_one(&state.id(user))).then_some((whose, *kind))
    };
    let end = each * (people + 1);
    // On the first page only, as Graph does.
    let count = (asked.counts && asked.cursor.is_none()).then(|| {
        let fits = |key: &Key| {
            asked.filter.as_ref().is_none_or(|filter| filter.fits(&|name: &str| known(state, *key, name)))
                && would_show(state, *key)
        };
        (0..end).filter_map(key_at).filter(fits).count() as u64
    });
    let mut reply = GRANTS.answer(call, faults, api.origin(), &asked, 0, |from| page(state, &asked, from, end, key_at));
    if let (Some(count), Content::Json(Value::Object(answer))) = (count, &mut reply.content) {
        answer.insert("@odata.count".to_owned(), json!(count.saturating_add_signed(faults.count_off())));
    }
    reply
}

/// Whether a read would show it, without being one.
fn would_show(state: &GraphState, key: Key) -> bool {
    state.with(|inner| key.0.is_none_or(|user| inner.exists(user)) && inner.held.would_show(key, state.layout.had(key)))
}

/// From a position on, and the position after it if there may be more.
fn page(
    state: &GraphState,
    asked: &Asked,
    from: u64,
    end: u64,
    key_at: impl Fn(u64) -> Option<Key>,
) -> (Vec<Value>, Option<u64>) {
    let mut page = Vec::new();
    for position in from..end {
        if page.len() == asked.top {
            return (page, Some(position));
        }
        let Some(key) = key_at(position) else { continue };
        if asked.filter.as_ref().is_none_or(|filter| filter.fits(&|name: &str| known(state, key, name)))
            && shown(state, key)
        {
            page.push(grant(state, key, &asked.select));
        }
    }
    (page, None)
}

/// One grant.
pub(super) fn get(api: &GraphApi, call: &Call, id: &str) -> Reply {
    let select = match odata::select(call, "oAuth2PermissionGrant", PROPERTIES) {
        Ok(select) => select,
        Err(reply) => return reply,
    };
    match api.state.key(id).filter(|key| shown(&api.state, *key)) {
        Some(key) => odata::single("oauth2PermissionGrants", grant(&api.state, key, &select)),
        None => errors::not_found(id, call),
    }
}

/// A new grant, as <https://learn.microsoft.com/graph/api/oauth2permissiongrant-post> has it (read 2026-11). Only one of
/// the kinds that the tenant began with can be made.
pub(super) fn post(api: &GraphApi, call: &Call) -> Reply {
    let state = &api.state;
    state.posted();
    if !call.content_type.as_deref().is_some_and(|kind| kind.starts_with("application/json")) {
        return errors::bad_request("Content-Type must be application/json.", call);
    }
    let Ok(body) = serde_json::from_slice::<Value>(&call.body) else {
        return errors::bad_request("Unable to read JSON request payload.", call);
    };
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let odd = body.as_object().and_then(|members| members.keys().find(|name| !PROPERTIES.contains(&name.as_str())));
    if let Some(odd) = odd {
        return errors::bad_request(&format!("Property '{odd}' does not exist."), call);
    }
    let (Some(client), Some(resource), Some(scope)) = (text("clientId"), text("resourceId"), text("scope")) else {
        return errors::bad_request("A required property is missing.", call);
    };
    let whose = match (text("consentType"), text("principalId")) {
        (Some("AllPrincipals"), None) => None,
        (Some("Principal"), Some(id)) => {
            match state.by_key(id).filter(|user| state.with(|inner| inner.exists(*user))) {
                Some(user) => Some(user),
                None => return errors::not_found(id, call),
            }
        }
        _ => return errors::bad_request("Invalid value specified for property 'consentType'.", call),
    };
    let sorted = |scopes: &str| {
        let mut scopes: Vec<String> = scopes.split_whitespace().map(str::to_owned).collect();
        scopes.sort();
        scopes
    };
    let kind = state.layout.grants.iter().position(|grant| {
        grant.app.object_id.to_string() == client
            && grant.resource.object_id.to_string() == resource
            && sorted(grant.scope) == sorted(scope)
    });
    let Some(kind) = kind else { return errors::not_found(client, call) };
    let (key, at) = ((whose, kind), state.now());
    let made = state.with(|inner| {
        if state.is_there(inner, key) {
            return false;
        }
        inner.held.put(key, true);
        inner.write(at, key, Event::Add);
        true
    });
    if !made {
        return errors::error(409, "Request_MultipleObjectsWithSameKeyValue", "Permission entry already exists.", call);
    }
    Reply { status: 201, ..odata::single("oauth2PermissionGrants", grant(state, key, &[])) }
}

/// Takes a grant away.
pub(super) fn delete(api: &GraphApi, faults: &Faults, call: &Call, id: &str) -> Reply {
    let state = &api.state;
    let at = state.now();
    let found = state.key(id).is_some_and(|key| {
        state.with(|inner| {
            if key.0.is_some_and(|user| !inner.exists(user)) {
                return false;
            }
            let found = inner.held.delete(key, state.layout.had(key), faults.lag_for(key.0));
            if found.there {
                inner.write(at, key, Event::Remove);
            }
            if found.back {
                inner.write(at, key, Event::Add);
                inner.write(at, key, Event::Consent);
            }
            found.there
        })
    });
    match faults.status_of_gone() {
        _ if found => Reply::empty(faults.status_of_delete()),
        status @ 200..300 => Reply::empty(status),
        status => Reply { status, ..errors::not_found(id, call) },
    }
}

/// One read of one grant. A consent may come back with it.
fn shown(state: &GraphState, key: Key) -> bool {
    let at = state.now();
    state.with(|inner| {
        if key.0.is_some_and(|user| !inner.exists(user)) {
            return false;
        }
        let found = inner.held.read(key, state.layout.had(key));
        if found.back {
            inner.write(at, key, Event::Add);
            inner.write(at, key, Event::Consent);
        }
        found.there
    })
}

fn grant(state: &GraphState, key: Key, select: &[String]) -> Value {
    let names = select.iter().map(String::as_str);
    let names: Vec<&str> = if select.is_empty() { PROPERTIES.to_vec() } else { names.collect() };
    odata::object(names, |name| property(state, key, name))
}

fn property(state: &GraphState, (whose, kind): Key, name: &str) -> Value {
    let Some(grant) = state.layout.grants.get(kind) else { return Value::Null };
    match name {
        "id" => json!(state.grant_id((whose, kind))),
        "clientId" => json!(grant.app.object_id.to_string()),
        "resourceId" => json!(grant.resource.object_id.to_string()),
        "principalId" => json!(whose.map(|user| ids::person(user).to_string())),
        "consentType" => json!(if whose.is_some() { "Principal" } else { "AllPrincipals" }),
        "scope" => json!(grant.scope),
        _ => Value::Null,
    }
}

fn known(state: &GraphState, key: Key, name: &str) -> Known {
    property(state, key, name).into()
}
