//! Which request is which.

use super::state::GoogleState;
use super::{activity, errors, tokens, users};
use crate::directory::call::{Call, Route, Target};
use crate::directory::reply::{Outcome, Reply};
use crate::directory::server::{Api, Refusal, Server};

/// Parameters that every method takes (the discovery documents' own `parameters`).
pub(super) const GLOBAL: [&str; 11] = [
    "$.xgafv",
    "access_token",
    "alt",
    "callback",
    "fields",
    "key",
    "oauth_token",
    "prettyPrint",
    "quotaUser",
    "uploadType",
    "upload_protocol",
];

/// The Directory and Reports APIs.
#[derive(Debug)]
pub(crate) struct GoogleApi {
    pub(super) state: GoogleState,
}

impl Api for GoogleApi {
    fn target(&self, call: &Call) -> Target {
        let segments = call.segments();
        let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
        let user = |key: &str| self.state.by_key(key);
        let is = |route, user, item: &str| Target { route, user, item: Some(item.to_owned()) };
        match (call.method.as_str(), parts.as_slice()) {
            ("GET", ["admin", "directory", "v1", "users"]) => Target::plain(Route::Users),
            ("GET", ["admin", "directory", "v1", "users", key]) => is(Route::User, user(key), key),
            ("GET", ["admin", "directory", "v1", "users", key, "tokens"]) => is(Route::Tokens, user(key), key),
            ("GET", ["admin", "directory", "v1", "users", key, "tokens", client]) => {
                is(Route::Token, user(key), client)
            }
            ("DELETE", ["admin", "directory", "v1", "users", key, "tokens", client]) => {
                is(Route::DeleteToken, user(key), client)
            }
            ("GET", ["admin", "reports", "v1", "activity", "users", key, "applications", "token"]) => {
                is(Route::Audit, user(key), key)
            }
            ("POST", ["token"]) => Target::plain(Route::Refresh),
            ("POST", ["revoke"]) => Target::plain(Route::Revoke),
            _ => Target::plain(Route::Unknown),
        }
    }

    fn came(&self, target: &Target) {
        self.state.came(target.user, target.item.as_deref().unwrap_or_default());
    }

    fn answer(&self, server: &Server<Self>, call: &Call, target: &Target) -> Outcome {
        let item = target.item.as_deref().unwrap_or_default();
        let (state, faults) = (&self.state, &server.faults);
        let reply = match target.route {
            Route::Users => users::list(state, faults, call),
            Route::User => users::get(state, call, target.user),
            Route::Tokens => tokens::list(state, call, target.user),
            Route::Token => tokens::get(state, call, target.user, item),
            Route::DeleteToken => tokens::delete(state, faults, call, target.user, item),
            Route::Audit => activity::list(state, faults, call, target.user, item),
            Route::Me
            | Route::Organization
            | Route::UserGrants
            | Route::Grants
            | Route::Grant
            | Route::DeleteGrant
            | Route::PostGrant
            | Route::AppRoles
            | Route::Policy
            | Route::Apps
            | Route::App
            | Route::Batch
            | Route::Refresh
            | Route::Revoke
            | Route::Unknown => Reply::not_served(),
        };
        Outcome::Reply(reply)
    }

    fn refuse(&self, refusal: Refusal, _: &Call) -> Reply {
        errors::refuse(refusal)
    }
}
