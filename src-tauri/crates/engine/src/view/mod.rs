//! What the window shows, computed from the state. The window decides nothing by itself: which actions
//! a row offers, whether a step is done and what a finished job may be called are all in here.
//!
//! Times are RFC 3339 in UTC; the window writes them in the person's own zone.

mod admin;
mod devices;
mod jobs;
mod notices;
mod past;
mod people;
mod rows;
mod runs;
mod storage;

pub use admin::*;
pub use devices::*;
pub use jobs::*;
pub use notices::*;
pub use past::*;
pub use people::*;
pub use rows::*;
pub use runs::*;
pub use storage::*;

use crate::settings::Settings;
use crate::wire::{CheckResult, Language, Provider};
use serde::Serialize;
use ts_rs::TS;

/// Everything the Email tab and the Channels screen need, in one answer. Only what the acting member may
/// see is in here.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct Overview {
    /// Count of changes; grows with every one.
    #[ts(type = "number")]
    pub revision: u64,
    /// The open workspace.
    pub workspace: WorkspaceInfo,
    /// The acting member.
    pub me: Me,
    /// The acting member's own mailboxes in use or disabled, in the order they were added.
    pub mailboxes: Vec<MailboxRow>,
    /// Other people's mailboxes, by owner. Only super admins see any.
    pub others: Vec<MailboxRow>,
    /// Inboxes that the acting member has access to, by name. Super admins see all.
    pub inboxes: Vec<InboxView>,
    /// Team addresses in those inboxes, in the order they were added.
    pub channels: Vec<MailboxRow>,
    /// Their channels of other kinds.
    pub other_channels: Vec<OtherChannelView>,
    /// The people in the workspace, by name.
    pub members: Vec<MemberView>,
    /// The acting member's unread notices.
    pub unread: u32,
    /// Jobs that were not called off: open ones first, oldest first; then complete ones, newest first.
    pub disconnects: Vec<DisconnectCard>,
    /// Settings.
    pub settings: Settings,
    /// The language of the system.
    pub system_language: Language,
    /// Hosts of the sign-in apps in use that are not the providers' own.
    pub foreign_hosts: ForeignHosts,
}

/// Hosts of the sign-in apps' endpoints that are not the provider's own: what they answer is not the provider's word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ForeignHosts {
    /// In the place of Google's.
    pub google: Vec<String>,
    /// In the place of Microsoft's.
    pub microsoft: Vec<String>,
}

/// The open workspace.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct WorkspaceInfo {
    /// The file.
    pub path: String,
    /// The sample workspace: nothing in it is real, and no page is opened from it.
    pub sample: bool,
    /// Other members act in it and see their notices. False: the acting member is alone, and nobody else is reached.
    pub reaches_members: bool,
    /// Nobody has said yet how to begin; show the welcome.
    pub first_start: bool,
    /// A folder to suggest for exports.
    pub export_folder: String,
    /// Devices that have used it, this one first. Empty where this one's identity could not be kept.
    pub devices: Vec<DeviceView>,
    /// It came from elsewhere, and nobody has said yet what it is.
    pub origin: Option<OriginQuestion>,
}

/// The acting member.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct Me {
    /// Identity.
    pub id: String,
    /// Name.
    pub name: String,
    /// Super admin.
    pub super_admin: bool,
    /// The language of what pops up for them. None: the app's.
    pub language: Option<Language>,
}

/// Who hosts an address.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct ProviderGuess {
    /// The address, tidied.
    pub address: String,
    /// The provider, if it could be found.
    pub provider: Option<Provider>,
    /// How.
    pub how: GuessedBy,
}

/// How a provider was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum GuessedBy {
    /// A well-known domain.
    Domain,
    /// The domain's mail records.
    Mx,
    /// The records name nobody we know.
    Nothing,
    /// No answer in time.
    NoAnswer,
}

/// HubSpot's account, read from a pasted page address.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct HubSpotPage {
    /// Host.
    pub host: String,
    /// Account number.
    pub account: String,
}

/// What came of opening a page.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct Opened {
    /// The address.
    pub url: String,
    /// False in the sample workspace: nothing is opened from there.
    pub opened: bool,
}

/// What a check of a connection said.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct Checked {
    /// The result.
    pub result: CheckResult,
}

/// What came of a sign-in.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
#[ts(export)]
pub enum SignInResult {
    /// Connected.
    Connected {
        /// The row.
        mailbox: String,
    },
    /// Signed in, but the keyring does not take the token. Choose: unlock and try again, keep it for this
    /// run only, or drop it.
    KeyringRefused {
        /// To name it in the next call.
        pending: String,
        /// Who signed in.
        address: String,
        /// Why.
        why: KeyringTrouble,
    },
}

/// Why the keyring can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum KeyringTrouble {
    /// There is none.
    Absent,
    /// There is a service, but no collection to put something in.
    NoCollection,
    /// Locked.
    Locked,
    /// No answer in time.
    Silent,
    /// Another failure.
    Failed,
}

/// Whether the keyring can be used.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct KeyringView {
    /// None: it works.
    pub trouble: Option<KeyringTrouble>,
}
