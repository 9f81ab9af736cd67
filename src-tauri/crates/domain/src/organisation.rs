//! An organisation whose directory an administrator lets this workspace look into.

use crate::{Address, DeviceId, OrganisationId, Provider, RefusedBy, SecretId, Stamp};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The two products with an administrators' API for other apps' consents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suite {
    /// Google Workspace: Directory API, `tokens`
    /// (<https://developers.google.com/workspace/admin/directory/reference/rest/v1/tokens>, read 2026-11).
    Google,
    /// Microsoft 365: Graph, `oauth2PermissionGrants`
    /// (<https://learn.microsoft.com/graph/api/oauth2permissiongrant-delete>, read 2026-11).
    Microsoft,
}

impl Suite {
    /// The provider of mailboxes that live in it.
    #[must_use]
    pub fn provider(self) -> Provider {
        match self {
            Self::Google => Provider::Google,
            Self::Microsoft => Provider::Microsoft365,
        }
    }
}

/// What an administrator's sign-in lets this workspace do. Several of a provider's scopes may stand behind one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// List the people of the organisation.
    People,
    /// See which apps a person has let in.
    Accesses,
    /// See the apps themselves, with their publishers. At Google this comes with [`Permission::Accesses`].
    Apps,
    /// Take an app's access away.
    Revoke,
    /// Read the audit log.
    Log,
    /// Read who may consent to what. Asked for at Microsoft only, and nothing else depends on it.
    Policy,
}

/// The administrator who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminSignIn {
    /// Who, as the provider's id_token says.
    pub account: Address,
    /// The provider's own identifier of them.
    pub subject: String,
    /// Signed in to look only.
    pub read_only: bool,
    /// What the provider granted; people can leave permissions out.
    pub permissions: BTreeSet<Permission>,
    /// The refresh token's place.
    pub secret: SecretId,
    /// On which device that is. None: from before devices were told apart.
    #[serde(default)]
    pub device: Option<DeviceId>,
    /// Kept in memory for this run only.
    pub this_run_only: bool,
    /// Which member signed in, and when.
    pub stamp: Stamp,
    /// The provider refuses the token since then; somebody must sign in again.
    pub refused_since: Option<Timestamp>,
    /// What the provider names as the cause of it, where it names one.
    #[serde(default)]
    pub refused_by: Option<RefusedBy>,
}

/// An app that an administrator named as HubSpot's. No other app is ever touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenApp {
    /// The client id at Google; the object id of the app's service principal at Microsoft.
    pub key: String,
    /// Its name, as it was then.
    pub name: String,
    /// Who chose it, and when.
    pub stamp: Stamp,
    /// The client id that the app's maker knows. None: not known.
    #[serde(default)]
    pub client_id: Option<String>,
    /// It goes by HubSpot's name. Of any other app only what its own name says is said.
    #[serde(default = "by_name")]
    pub by_name: bool,
    /// What it may do without any person's consent.
    #[serde(default)]
    pub roles: AppRoles,
}

/// What was chosen before this was written down had to be repeated by name unless it was HubSpot's.
fn by_name() -> bool {
    true
}

/// An application permission: it belongs to the app itself, reaches everybody's data, and is no consent of anybody
/// (`appRoleAssignment`, <https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignments>, read 2026-11).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AppRole {
    /// The role's identifier.
    pub id: String,
    /// Its value, as `Mail.Read`. None: the resource that defines it could not be read.
    pub value: Option<String>,
    /// The resource's name, as "Microsoft Graph".
    pub resource: String,
}

/// What is known of an app's application permissions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum AppRoles {
    /// Nobody has looked, or this provider has none that could be read.
    #[default]
    NotRead,
    /// They could not be read.
    Unread {
        /// When that was tried.
        at: Timestamp,
    },
    /// They were read, and these stand. Often none.
    Read {
        /// When the read began.
        at: Timestamp,
        /// The permissions.
        roles: Vec<AppRole>,
    },
}

impl AppRoles {
    /// Permissions that were read to stand.
    #[must_use]
    pub fn standing(&self) -> &[AppRole] {
        match self {
            Self::Read { roles, .. } => roles,
            Self::NotRead | Self::Unread { .. } => &[],
        }
    }

    /// Whether it is known that there are none.
    #[must_use]
    pub fn are_none(&self) -> bool {
        matches!(self, Self::Read { roles, .. } if roles.is_empty())
    }
}

/// Which apps people may let in by themselves, as a Microsoft 365 organisation has it set
/// (`permissionGrantPoliciesAssigned`, <https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies>,
/// read 2026-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentRule {
    /// All that need no administrator by themselves.
    People,
    /// None.
    Administrators,
    /// Microsoft decides; permissions on mail and calendars are not among what people may allow.
    MicrosoftManaged,
    /// A rule whose meaning is not known here.
    Other,
}

/// What a read of an organisation's consent policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentPolicy {
    /// The rule for people who are no administrators.
    pub rule: ConsentRule,
    /// When it was read.
    pub at: Timestamp,
}

/// What the last search through the organisation came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub at: Timestamp,
    /// People whose list was read. Those in `unread` are not among them.
    pub people: u64,
    /// Accesses of apps that look like HubSpot's or were chosen.
    pub accesses: u64,
    /// People whose list could not be read.
    pub unread: u64,
    /// Nothing but the audit log could be read: it tells of consents given, not of those that hold now.
    pub log_only: bool,
    /// Where the provider was asked for all people. False: the search was stopped, and older lines stand beside new.
    pub complete: bool,
    /// What the audit log is known to say of these accesses. None: it was never read, or by a version that did not keep
    /// how far.
    #[serde(default)]
    pub log: Option<LogRead>,
    /// A list that is not whole by the provider's own count.
    #[serde(default)]
    pub short: Option<Shortfall>,
    /// Hosts that answered in the provider's place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
}

impl Search {
    /// Whether everybody's list was read, and each was whole.
    #[must_use]
    pub fn has_seen_all(&self) -> bool {
        self.complete && !self.log_only && self.unread == 0 && self.short.is_none()
    }
}

/// A list that counts another number of entries than came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortfall {
    /// Entries that it counts.
    pub told: u64,
    /// Entries that came.
    pub came: u64,
}

impl Shortfall {
    /// By how many it differs.
    #[must_use]
    pub fn by(&self) -> u64 {
        self.told.abs_diff(self.came)
    }
}

/// How far the audit log was read for when accesses were given and last used. A last use that is not known means "not
/// used" only where this says that every use was read; everywhere else it means "not known".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRead {
    /// When it was read. What came later is not known.
    pub at: Timestamp,
    /// Every use from then on was read. None: uses are not known.
    pub uses_from: Option<Timestamp>,
    /// Every consent from then on was read. None: consents are not known.
    pub consents_from: Option<Timestamp>,
    /// Number of the newest access then. Of later ones nothing is known.
    pub up_to: i64,
    /// Why it was read no further. None: as far as was asked.
    pub why: Option<LogStop>,
}

/// Why the audit log was read no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogStop {
    /// It was not to be read.
    NotAsked,
    /// The sign-in or the administrator's role does not allow it.
    NotPermitted,
    /// It could not be read.
    Failed,
    /// Somebody stopped it, or the process ended.
    Stopped,
    /// It was longer than the time for it.
    TooLong,
}

/// An organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Identity.
    pub id: OrganisationId,
    /// Where its accounts are.
    pub suite: Suite,
    /// The provider's identifier: customer id at Google, tenant id at Microsoft.
    pub key: String,
    /// A name for people: the primary domain.
    pub name: String,
    /// The administrator who is signed in. None: signed out; what was found and done stays.
    pub sign_in: Option<AdminSignIn>,
    /// HubSpot's apps, as an administrator of this organisation named them.
    pub apps: Vec<ChosenApp>,
    /// The last search.
    pub searched: Option<Search>,
    /// Its consent policy, as it was last read. None: it never was.
    pub consent_policy: Option<ConsentPolicy>,
}

impl Organisation {
    /// Whether the sign-in allows something now.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.sign_in.as_ref().is_some_and(|signed| {
            signed.permissions.contains(&permission) && !(signed.read_only && permission == Permission::Revoke)
        })
    }

    /// The names of the apps that were named as HubSpot's, where not all of them go by that name. Empty: what is said
    /// may say "HubSpot".
    #[must_use]
    pub fn own_names(&self) -> Vec<String> {
        if self.apps.iter().all(|app| app.by_name) {
            return Vec::new();
        }
        self.apps.iter().map(|app| app.name.clone()).collect()
    }

    /// Whether an app was named as HubSpot's.
    #[must_use]
    pub fn has_chosen(&self, key: &str) -> bool {
        self.apps.iter().any(|app| app.key == key)
    }
}
