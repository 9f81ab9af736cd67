//! What people of the tenant may do by themselves, after
//! <https://learn.microsoft.com/graph/api/authorizationpolicy-get> (read 2026-11).

use super::api::GraphApi;
use super::odata;
use crate::directory::call::Call;
use crate::directory::reply::Reply;
use serde_json::json;

const PROPERTIES: &[&str] = &["id", "displayName", "description", "defaultUserRolePermissions"];

pub(super) fn get(api: &GraphApi, call: &Call) -> Reply {
    let select = match odata::select(call, "authorizationPolicy", PROPERTIES) {
        Ok(select) => select,
        Err(reply) => return reply,
    };
    let names = select.iter().map(String::as_str);
    let names: Vec<&str> = if select.is_empty() { PROPERTIES.to_vec() } else { names.collect() };
    let assigned = api.state.consent_policies();
    let policy = odata::object(names, |name| match name {
        "id" => json!("authorizationPolicy"),
        "displayName" => json!("Authorization Policy"),
        "defaultUserRolePermissions" => json!({
            "allowedToCreateApps": true,
            "permissionGrantPoliciesAssigned": assigned,
        }),
        _ => json!("Used to manage authorization related settings across the company."),
    });
    odata::single("policies/authorizationPolicy", policy)
}
