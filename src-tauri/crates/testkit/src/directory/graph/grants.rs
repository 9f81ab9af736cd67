//! Grants: of one person, of the tenant, one by one, and their deletion.

use super::api::GraphApi;
use super::filter::{Asks, Known};
use super::odata::{self, Asked, List};
use super::state::{Event, GraphState, Key};
use super::{errors, ids};
use crate::directory::call::{Call, Route};
use crate::directory::faults::Faults;
use crate::directory::reply::Reply;
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
    GRANTS.answer(call, faults, api.origin(), &asked, 0, |from| {
        page(state, &asked, from, each * (people + 1), |position| {
            let (row, column) = (position.checked_div(each)?, position.checked_rem(each)?);
            let whose = row.checked_sub(1).map(|place| one.unwrap_or(usize::try_from(place).unwrap_or(usize::MAX)));
            let kind = kinds.get(usize::try_from(column).ok()?)?;
            whose.is_none_or(|user| one.is_none() || is_one(&state.id(user))).then_some((whose, *kind))
        })
    })
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
