//! `tokens.list`, `tokens.get` and `tokens.delete`.

use super::errors;
use super::fields;
use super::state::{Event, GoogleState};
use crate::directory::call::Call;
use crate::directory::faults::Faults;
use crate::directory::reply::{Reply, put};
use serde_json::{Value, json};

const MEMBERS: &[&str] =
    &["kind", "etag", "items", "clientId", "displayText", "anonymous", "nativeApp", "scopes", "userKey"];

/// Everything that somebody lets in. Without an `items` member where that is nothing.
pub(super) fn list(state: &GoogleState, call: &Call, user: Option<usize>) -> Reply {
    fields::answer(call, &[], MEMBERS, |_| {
        let user = existing(state, user)?;
        let items: Vec<Value> = (0..state.layout.apps.len())
            .filter(|app| shown(state, user, *app))
            .filter_map(|app| token(state, user, app))
            .collect();
        state.with(|inner| inner.listed(user));
        let mut answer = json!({"kind": "admin#directory#tokenList", "etag": etag(user, items.len())});
        if !items.is_empty() {
            put(&mut answer, "items", items);
        }
        Ok(answer)
    })
}

/// One app that somebody lets in.
pub(super) fn get(state: &GoogleState, call: &Call, user: Option<usize>, client_id: &str) -> Reply {
    fields::answer(call, &[], MEMBERS, |_| {
        let user = existing(state, user)?;
        let app = state.app(client_id).filter(|app| shown(state, user, *app));
        app.and_then(|app| token(state, user, app)).ok_or_else(|| errors::not_found("clientId"))
    })
}

/// Takes an app out.
pub(super) fn delete(state: &GoogleState, faults: &Faults, call: &Call, user: Option<usize>, client_id: &str) -> Reply {
    let mut gone = false;
    let reply = fields::answer(call, &[], MEMBERS, |_| {
        let user = existing(state, user)?;
        let app = state.app(client_id).ok_or_else(|| errors::not_found("clientId"))?;
        let at = state.now();
        let found = state.with(|inner| {
            let found = inner.held.delete((user, app), state.layout.had(user, app), faults.lag_for(Some(user)));
            if found.there {
                inner.write(at, user, app, Event::Revoke);
            }
            if found.back {
                inner.write(at, user, app, Event::Authorize);
            }
            found
        });
        gone = !found.there;
        Ok(Value::Null)
    });
    match (reply.status, gone) {
        (200, false) => Reply::empty(faults.status_of_delete()),
        (200, true) if faults.status_of_gone() < 300 => Reply::empty(faults.status_of_gone()),
        (200, true) => {
            let mut reply = errors::not_found("clientId");
            reply.status = faults.status_of_gone();
            reply
        }
        _ => reply,
    }
}

fn existing(state: &GoogleState, user: Option<usize>) -> Result<usize, Reply> {
    user.filter(|user| state.with(|inner| inner.exists(*user))).ok_or_else(|| errors::not_found("userKey"))
}

/// One read of one app. A consent may come back with it.
fn shown(state: &GoogleState, user: usize, app: usize) -> bool {
    let at = state.now();
    state.with(|inner| {
        let found = inner.held.read((user, app), state.layout.had(user, app));
        if found.back {
            inner.write(at, user, app, Event::Authorize);
        }
        found.there
    })
}

fn token(state: &GoogleState, user: usize, app: usize) -> Option<Value> {
    let (app, _) = state.layout.apps.get(app)?;
    Some(json!({
        "kind": "admin#directory#token",
        "etag": etag(user, app.scopes.len()),
        "clientId": app.client_id,
        "displayText": app.display_text,
        "anonymous": false,
        "nativeApp": app.native,
        "userKey": state.id(user),
        "scopes": app.scopes,
    }))
}

fn etag(user: usize, what: usize) -> String {
    format!("\"fixture/{user}-{what}\"")
}
