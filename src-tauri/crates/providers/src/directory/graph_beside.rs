//! Microsoft 365: what stands beside people's consents: application permissions, and who may consent to what.

use super::api::Call;
use super::graph::{Graph, PAGE};
use super::graph_wire::{AuthorizationPolicy, Resource, RoleAssignment};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use uncouple_domain::{AppRole, ConsentRule, Permission};
use uncouple_engine::directory::ApiError;
use uncouple_engine::ports::SignInAt;

/// In front of the identifiers of rules about what people may allow for themselves. Those about what owners may allow
/// for a group or team begin otherwise.
const FOR_SELF: &str = "managepermissiongrantsforself.";

impl Graph {
    /// `GET /servicePrincipals/{id}/appRoleAssignments`
    /// (<https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignments>, read 2026-11).
    pub(super) async fn roles_of(&self, app: &str) -> Result<Vec<AppRole>, ApiError> {
        let path = ["servicePrincipals", app, "appRoleAssignments"];
        let call = Call::get(self.api.url(&path, &[("$top", PAGE)])?);
        let reply = self.api.send(&call).await?;
        if reply.is_missing(SignInAt::Microsoft) {
            // The app is gone from the organisation, and its permissions with it.
            return Ok(Vec::new());
        }
        let assigned = self.whole::<RoleAssignment>(&call, &reply, Permission::Apps).await?.items;
        if assigned.iter().any(|one| one.principal_id.as_deref().is_some_and(|id| !id.eq_ignore_ascii_case(app))) {
            // Another app's list.
            return Err(ApiError::Unreadable);
        }
        let mut defined: BTreeMap<String, Vec<(String, Option<String>)>> = BTreeMap::new();
        for resource in assigned.iter().filter_map(|one| one.resource_id.clone()) {
            if let Entry::Vacant(place) = defined.entry(resource) {
                // Without its name a role still has its identifier.
                let roles = self.defined_by(place.key()).await.unwrap_or_default();
                place.insert(roles);
            }
        }
        let mut roles: Vec<AppRole> = assigned
            .into_iter()
            .map(|one| {
                let defined = one.resource_id.as_ref().and_then(|resource| defined.get(resource));
                let value = defined
                    .and_then(|roles| roles.iter().find(|(id, _)| id.eq_ignore_ascii_case(&one.app_role_id)))
                    .and_then(|(_, value)| value.clone());
                let resource = one.resource_display_name.or(one.resource_id).unwrap_or_default();
                AppRole { id: one.app_role_id, value, resource }
            })
            .collect();
        roles.sort();
        roles.dedup();
        Ok(roles)
    }

    /// The roles that a resource defines, with their values.
    async fn defined_by(&self, resource: &str) -> Result<Vec<(String, Option<String>)>, ApiError> {
        let url = self.api.url(&["servicePrincipals", resource], &[("$select", "id,appRoles")])?;
        let found: Resource = self.api.send(&Call::get(url)).await?.read(Permission::Apps)?;
        let value = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(found.app_roles.into_iter().map(|role| (role.id, value(role.value))).collect())
    }

    /// `GET /policies/authorizationPolicy`
    /// (<https://learn.microsoft.com/graph/api/authorizationpolicy-get>, read 2026-11).
    pub(super) async fn rule(&self) -> Result<ConsentRule, ApiError> {
        let url = self.api.url(&["policies", "authorizationPolicy"], &[("$select", "defaultUserRolePermissions")])?;
        let policy: AuthorizationPolicy = self.api.send(&Call::get(url)).await?.read(Permission::Policy)?;
        Ok(rule_of(&policy.default_user_role_permissions.permission_grant_policies_assigned))
    }
}

/// What the rules for people come to. Several add up: people may do what one of them allows. "Low" ones hang on a
/// classification that administrators make, and an organisation's own may say anything.
fn rule_of(assigned: &[String]) -> ConsentRule {
    let own: Vec<String> =
        assigned.iter().filter_map(|id| id.to_ascii_lowercase().strip_prefix(FOR_SELF).map(str::to_owned)).collect();
    if own.is_empty() {
        ConsentRule::Administrators
    } else if own.iter().any(|name| name == "microsoft-user-default-legacy") {
        ConsentRule::People
    } else if own.iter().all(|name| name == "microsoft-user-default-recommended") {
        ConsentRule::MicrosoftManaged
    } else {
        ConsentRule::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(assigned: &[&str]) -> ConsentRule {
        rule_of(&assigned.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn only_rules_with_a_documented_meaning_are_given_one() {
        let owners = "ManagePermissionGrantsForOwnedResource.microsoft-dynamically-managed-permissions-for-team";
        let legacy = "ManagePermissionGrantsForSelf.microsoft-user-default-legacy";
        let managed = "ManagePermissionGrantsForSelf.microsoft-user-default-recommended";
        let low = "ManagePermissionGrantsForSelf.microsoft-user-default-low";
        let own = "ManagePermissionGrantsForSelf.our-own-rule";
        assert_eq!(of(&[]), ConsentRule::Administrators);
        assert_eq!(of(&[owners]), ConsentRule::Administrators);
        assert_eq!(of(&[legacy]), ConsentRule::People);
        assert_eq!(of(&[owners, managed]), ConsentRule::MicrosoftManaged);
        assert_eq!(
            of(&["managePermissionGrantsForSelf.microsoft-user-default-recommended"]),
            ConsentRule::MicrosoftManaged
        );
        for unknown in [low, own] {
            assert_eq!(of(&[unknown]), ConsentRule::Other);
            assert_eq!(of(&[managed, unknown]), ConsentRule::Other);
            assert_eq!(of(&[unknown, managed]), ConsentRule::Other);
            assert_eq!(of(&[unknown, legacy]), ConsentRule::People);
        }
    }
}
