//! Microsoft 365: giving a deleted consent back
//! (<https://learn.microsoft.com/entra/identity/enterprise-apps/restore-permissions>, read 2026-11). It restores the
//! permission; whether the app's old tokens work again is not known.

use super::api::Call;
use super::graph::{Graph, Own};
use super::graph_wire::{ALL, For, Grant, NewGrant};
use http::StatusCode;
use jiff::Timestamp;
use std::collections::BTreeSet;
use uncouple_domain::Permission;
use uncouple_engine::directory::{ApiError, DeletedGrant, Holds, RestoreAnswer, Who};
use uncouple_engine::ports::SignInAt;

impl Graph {
    /// `POST /oauth2PermissionGrants`
    /// (<https://learn.microsoft.com/graph/api/oauth2permissiongrant-post>, read 2026-11).
    pub(super) async fn post_grant(&self, grant: &DeletedGrant) -> Result<RestoreAnswer, ApiError> {
        let principal = match &grant.who {
            Who::Person { id } => Some(id.as_str()),
            Who::Everybody => None,
        };
        let new = NewGrant {
            client_id: &grant.app,
            consent_type: if principal.is_some() { "Principal" } else { ALL },
            principal_id: principal,
            resource_id: &grant.resource,
            scope: grant.scopes.join(" "),
        };
        let body = serde_json::to_vec(&new).map_err(|_| ApiError::Unreadable)?;
        let url = self.api.url(&["oauth2PermissionGrants"], &[])?;
        let reply = self.api.send(&Call::post(url, body)).await?;
        if reply.is_twice() {
            return Ok(RestoreAnswer::There);
        }
        let refused = reply.is_missing(SignInAt::Microsoft)
            || (reply.status == StatusCode::BAD_REQUEST && reply.graph_code().is_some());
        if refused {
            return Ok(RestoreAnswer::Refused);
        }
        reply.accept(Permission::Revoke)?;
        Ok(RestoreAnswer::Given)
    }

    /// What the lists have of a consent that was deleted, by app, person and resource: a new one has no promise of the
    /// old identifier.
    pub(super) async fn look_for(&self, grant: &DeletedGrant) -> Result<(Timestamp, Holds), ApiError> {
        let (began, grants) = match &grant.who {
            Who::Person { id } => {
                let Own { began, grants } = self.persons(id).await?;
                (began, grants.ok_or(ApiError::NobodyThere)?)
            }
            Who::Everybody => {
                let all = self.everybodys(&BTreeSet::from([grant.app.clone()])).await?;
                (all.began, all.items)
            }
        };
        let same = |one: &&Grant| {
            let whose = one.whose().is_ok_and(|whose| match (&grant.who, whose) {
                (Who::Person { id }, For::Person(person)) => id == person,
                (Who::Everybody, For::Everybody) => true,
                (Who::Person { .. }, For::Everybody) | (Who::Everybody, For::Person(_)) => false,
            });
            whose && one.client_id == grant.app && one.resource_id.as_deref() == Some(grant.resource.as_str())
        };
        let found: Vec<&Grant> = grants.iter().filter(same).collect();
        let has = |scope: &String| found.iter().any(|one| one.scopes().any(|had| had.eq_ignore_ascii_case(scope)));
        Ok(match found.as_slice() {
            [] => (began, Holds::No),
            _ if grant.scopes.iter().all(has) => (began, Holds::All),
            _ => (began, Holds::Less),
        })
    }
}
