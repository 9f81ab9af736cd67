//! Which request is which.

use super::state::GraphState;
use super::{audit, batch, errors, grants, policy, principals, roles, users};
use crate::directory::call::{Call, Route, Target};
use crate::directory::reply::{Outcome, Reply};
use crate::directory::server::{Api, Refusal, Server};
use std::sync::OnceLock;

/// Microsoft Graph.
#[derive(Debug)]
pub(crate) struct GraphApi {
    pub(super) state: GraphState,
    /// Where next links lead.
    pub(super) origin: OnceLock<String>,
}

impl GraphApi {
    pub(super) fn origin(&self) -> &str {
        self.origin.get().map(String::as_str).unwrap_or_default()
    }
}

/// The key in `servicePrincipals(appId='...')`.
pub(super) fn app_id_of(part: &str) -> Option<&str> {
    part.strip_prefix("servicePrincipals(appId='")?.strip_suffix("')")
}

impl Api for GraphApi {
    fn target(&self, call: &Call) -> Target {
        let segments = call.segments();
        let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
        let user = |key: &str| self.state.by_key(key);
        let whose = |grant: &str| self.state.key(grant).and_then(|(whose, _)| whose);
        let is = |route, user, item: &str| Target { route, user, item: Some(item.to_owned()) };
        match (call.method.as_str(), parts.as_slice()) {
            ("GET", ["v1.0", "me"]) => is(Route::Me, Some(0), "me"),
            ("GET", ["v1.0", "organization"]) => Target::plain(Route::Organization),
            ("GET", ["v1.0", "users"]) => Target::plain(Route::Users),
            ("GET", ["v1.0", "users", key]) => is(Route::User, user(key), key),
            ("GET", ["v1.0", "users", key, "oauth2PermissionGrants"]) => is(Route::UserGrants, user(key), key),
            ("GET", ["v1.0", "oauth2PermissionGrants"]) => Target::plain(Route::Grants),
            ("GET", ["v1.0", "oauth2PermissionGrants", grant]) => is(Route::Grant, whose(grant), grant),
            ("DELETE", ["v1.0", "oauth2PermissionGrants", grant]) => is(Route::DeleteGrant, whose(grant), grant),
            ("POST", ["v1.0", "oauth2PermissionGrants"]) => Target::plain(Route::PostGrant),
            ("GET", ["v1.0", "servicePrincipals", id, "appRoleAssignments"]) => is(Route::AppRoles, None, id),
            ("GET", ["v1.0", "policies", "authorizationPolicy"]) => Target::plain(Route::Policy),
            ("GET", ["v1.0", "servicePrincipals"]) => Target::plain(Route::Apps),
            ("GET", ["v1.0", "servicePrincipals", id]) => is(Route::App, None, id),
            ("GET", ["v1.0", part]) if app_id_of(part).is_some() => is(Route::App, None, part),
            ("GET", ["v1.0", "auditLogs", "directoryAudits"]) => Target::plain(Route::Audit),
            ("POST", ["v1.0", "$batch"]) => Target::plain(Route::Batch),
            ("POST", ["token"] | [_, "oauth2", "v2.0", "token"]) => Target::plain(Route::Refresh),
            _ => Target::plain(Route::Unknown),
        }
    }

    fn came(&self, target: &Target) {
        self.state.came(target.item.as_deref().unwrap_or_default());
    }

    fn answer(&self, server: &Server<Self>, call: &Call, target: &Target) -> Outcome {
        let item = target.item.as_deref().unwrap_or_default();
        let faults = &server.faults;
        let reply = match target.route {
            Route::Me | Route::User => users::get(self, call, target.user, item),
            Route::Organization => users::organization(self, faults, call),
            Route::Users => users::list(self, faults, call),
            Route::UserGrants => grants::of_user(self, faults, call, target.user, item),
            Route::Grants => grants::list(self, faults, call),
            Route::Grant => grants::get(self, call, item),
            Route::DeleteGrant => grants::delete(self, faults, call, item),
            Route::PostGrant => grants::post(self, call),
            Route::AppRoles => roles::list(self, faults, call, item),
            Route::Policy => policy::get(self, call),
            Route::Apps => principals::list(self, faults, call),
            Route::App => principals::get(self, call, item),
            Route::Audit => audit::list(self, faults, call),
            Route::Batch => return batch::answer(server, call),
            Route::Tokens | Route::Token | Route::DeleteToken | Route::Refresh | Route::Revoke | Route::Unknown => {
                errors::no_such_segment(call)
            }
        };
        Outcome::Reply(reply)
    }

    fn refuse(&self, refusal: Refusal, call: &Call) -> Reply {
        errors::refuse(refusal, call)
    }
}
