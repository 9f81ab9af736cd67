//! What Graph's answers look like: `oAuth2PermissionGrant`, `servicePrincipal`, `user`, `organization` of its v1.0
//! metadata (read 2026-11), `directoryAudit` by <https://learn.microsoft.com/graph/api/resources/directoryaudit> (read
//! 2026-11), and the batch by <https://learn.microsoft.com/graph/json-batching> (read 2026-11).

use super::likeness::of_app;
use super::object::objects;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use uncouple_engine::directory::{Access, ApiError, AppSeen, Person};

/// A page of a list. There is none without `value`, so nothing else can be taken for an empty one.
#[derive(Debug, Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(super) struct Page<T> {
    #[serde(deserialize_with = "objects")]
    pub(super) value: Vec<T>,
    #[serde(rename = "@odata.nextLink")]
    pub(super) next: Option<String>,
    /// Entries of all pages, where `$count=true` was asked. The schema allows less than none, which is taken for none.
    #[serde(default, rename = "@odata.count", deserialize_with = "whole_count")]
    pub(super) count: Option<u64>,
}

fn whole_count<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let count = Option::<i64>::deserialize(deserializer)?;
    Ok(count.map(|count| u64::try_from(count).unwrap_or_default()))
}

/// A consent.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Grant {
    pub(super) id: String,
    /// The object id of the app's service principal; not the id that its maker knows.
    pub(super) client_id: String,
    consent_type: Option<String>,
    principal_id: Option<String>,
    pub(super) resource_id: Option<String>,
    scope: Option<String>,
}

/// For whom a consent is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For<'a> {
    Everybody,
    Person(&'a str),
}

/// The word for a consent for everybody.
pub(super) const ALL: &str = "AllPrincipals";

impl Grant {
    /// For whom it is.
    ///
    /// # Errors
    /// [`ApiError::Unreadable`] where it does not say.
    pub(super) fn whose(&self) -> Result<For<'_>, ApiError> {
        match (self.consent_type.as_deref(), self.principal_id.as_deref()) {
            (Some(ALL), _) => Ok(For::Everybody),
            (Some("Principal"), Some(id)) if !id.is_empty() => Ok(For::Person(id)),
            _ => Err(ApiError::Unreadable),
        }
    }

    /// Separated by spaces, possibly with one in front (seen in Microsoft's own examples).
    pub(super) fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.as_deref().unwrap_or_default().split_whitespace()
    }

    pub(super) fn access(&self) -> Access {
        Access {
            app: self.client_id.clone(),
            grant: Some(self.id.clone()),
            scopes: self.scopes().map(str::to_owned).collect(),
            resource: self.resource_id.clone().filter(|id| !id.is_empty()),
        }
    }
}

/// An app, as it stands in this organisation.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServicePrincipal {
    id: String,
    app_id: Option<String>,
    display_name: Option<String>,
    verified_publisher: Option<VerifiedPublisher>,
}

/// "The verified publisher of the application linked to this service principal"; all its parts are null where there is
/// none.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct VerifiedPublisher {
    display_name: Option<String>,
}

impl ServicePrincipal {
    /// The parts that an app is asked for. Version 1.0 tells no publisher but the verified one; another name would be
    /// what the app's maker typed.
    pub(super) const SELECT: &str = "id,appId,displayName,verifiedPublisher";

    pub(super) fn app(self) -> AppSeen {
        let publisher = self.verified_publisher.and_then(|publisher| publisher.display_name);
        let publisher = publisher.filter(|name| !name.trim().is_empty());
        let name = self.display_name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| self.id.clone());
        AppSeen {
            client_id: self.app_id.unwrap_or_default(),
            likeness: of_app(&name, publisher.as_deref()),
            verified: Some(publisher.is_some()),
            publisher,
            name,
            key: self.id,
        }
    }
}

/// A consent to be made, by <https://learn.microsoft.com/graph/api/oauth2permissiongrant-post> (read 2026-11).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewGrant<'a> {
    pub(super) client_id: &'a str,
    pub(super) consent_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) principal_id: Option<&'a str>,
    pub(super) resource_id: &'a str,
    pub(super) scope: String,
}

/// An application permission that an app has
/// (<https://learn.microsoft.com/graph/api/resources/approleassignment>, read 2026-11).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoleAssignment {
    pub(super) app_role_id: String,
    pub(super) principal_id: Option<String>,
    pub(super) resource_id: Option<String>,
    pub(super) resource_display_name: Option<String>,
}

/// The roles that a resource defines.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Resource {
    #[serde(default, deserialize_with = "objects")]
    pub(super) app_roles: Vec<Role>,
}

/// One of them (<https://learn.microsoft.com/graph/api/resources/approle>, read 2026-11).
#[derive(Debug, Deserialize)]
pub(super) struct Role {
    pub(super) id: String,
    pub(super) value: Option<String>,
}

/// What people of the organisation may do by themselves
/// (<https://learn.microsoft.com/graph/api/resources/authorizationpolicy>, read 2026-11).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthorizationPolicy {
    pub(super) default_user_role_permissions: DefaultUserRole,
}

/// The part of it that is about consents.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DefaultUserRole {
    /// Absent is not empty: then nothing is known.
    pub(super) permission_grant_policies_assigned: Vec<String>,
}

/// A person.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    id: String,
    display_name: Option<String>,
    mail: Option<String>,
    user_principal_name: Option<String>,
    #[serde(default)]
    proxy_addresses: Vec<String>,
    account_enabled: Option<bool>,
}

impl User {
    /// The parts that a person is asked for. `otherMails` is left out: it holds addresses elsewhere, which are not of
    /// this account.
    pub(super) const SELECT: &str = "id,displayName,mail,userPrincipalName,proxyAddresses,accountEnabled";

    pub(super) fn person(self) -> Person {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let names = [given(self.mail), given(self.user_principal_name)];
        // "SMTP:" in front of the primary address, "smtp:" in front of the others.
        let proxies = self.proxy_addresses.iter().filter_map(|text| {
            let (kind, address) = text.split_once(':')?;
            kind.eq_ignore_ascii_case("smtp").then(|| address.to_owned())
        });
        let mut addresses: Vec<String> = Vec::new();
        for address in names.into_iter().flatten().chain(proxies) {
            if !addresses.iter().any(|known| known.eq_ignore_ascii_case(&address)) {
                addresses.push(address);
            }
        }
        let mut addresses = addresses.into_iter();
        Person {
            address: addresses.next().unwrap_or_else(|| self.id.clone()),
            aliases: addresses.collect(),
            name: given(self.display_name),
            suspended: self.account_enabled == Some(false),
            id: self.id,
        }
    }
}

/// The organisation.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Organization {
    pub(super) id: String,
    display_name: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    verified_domains: Vec<VerifiedDomain>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct VerifiedDomain {
    name: Option<String>,
    is_default: Option<bool>,
}

impl Organization {
    pub(super) fn name(&self) -> Option<&str> {
        let domain = self.verified_domains.iter().find(|domain| domain.is_default == Some(true));
        domain
            .and_then(|domain| domain.name.as_deref())
            .or(self.display_name.as_deref())
            .filter(|name| !name.trim().is_empty())
    }
}

/// Requests that go out as one.
#[derive(Debug, Serialize)]
pub(super) struct BatchCalls<'a> {
    pub(super) requests: Vec<BatchCall<'a>>,
}

/// One of them.
#[derive(Debug, Serialize)]
pub(super) struct BatchCall<'a> {
    pub(super) id: String,
    pub(super) method: &'a str,
    /// Below the version of the API, with a slash in front.
    pub(super) url: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) headers: BTreeMap<&'static str, &'static str>,
}

/// Their answers, in any order.
#[derive(Debug, Deserialize)]
pub(super) struct BatchReplies {
    #[serde(deserialize_with = "objects")]
    pub(super) responses: Vec<BatchReply>,
}

/// One of them.
#[derive(Debug, Deserialize)]
pub(super) struct BatchReply {
    pub(super) id: String,
    pub(super) status: u16,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, serde_json::Value>,
    pub(super) body: Option<Box<RawValue>>,
}
