//! A row of the Email tab.

use crate::view::KeptOn;
use crate::wire::{Language, LostReason, Proof, Provider, Rank, Use};
use serde::Serialize;
use ts_rs::TS;

/// What a row offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Action {
    /// Disable: greys a mailbox held here at once; leads to the guided step for HubSpot's.
    Disable,
    /// Enable again.
    Enable,
    /// Remove.
    Remove,
    /// Show the open job.
    Finish,
    /// Check the connection now.
    Check,
    /// Connect again, on the same row: by sign-in here, guided for HubSpot's.
    Reconnect,
    /// Delete a team address from its inbox.
    Delete,
    /// Ask the owner to disconnect it.
    AskOwner,
    /// Answer such a question with "not now".
    DeclineAsk,
    /// Say that HubSpot shows the connection as lost.
    ReportLost,
    /// Move it to another provider, on the same row.
    Move,
    /// Make it a team address: disconnect it as a personal one first.
    ToTeam,
    /// Make it the acting member's personal mailbox: disconnect it as a team address first.
    ToPersonal,
}

/// A person by name.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct PersonView {
    /// Identity.
    pub id: String,
    /// Name.
    pub name: String,
}

/// A person who is to read a message, and in which language.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct ReaderView {
    /// Name.
    pub name: String,
    /// None: the app's.
    pub language: Option<Language>,
}

/// A super admin noted that the owner is to be asked to disconnect this mailbox.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct AskedView {
    /// Who asked.
    pub by: String,
    /// When.
    pub at: String,
}

/// Who holds the connection.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct HolderView {
    /// This workspace. False: HubSpot.
    pub here: bool,
    /// HubSpot's host, if known.
    pub host: Option<String>,
    /// HubSpot's account, if known.
    pub account: Option<String>,
}

/// The CRM's side of a row.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct CrmSide {
    /// How the mailbox is used.
    pub usage: Use,
    /// How that is known.
    pub rank: Rank,
    /// Since when.
    pub at: String,
    /// Who said or did it.
    pub by: String,
    /// It was only entered when the row was added; nobody spoke of a change.
    pub entered: bool,
    /// Whether the connection works.
    pub link: LinkView,
    /// Checks have failed since then for reasons that say nothing of the connection.
    pub unreachable_since: Option<String>,
}

/// Whether the connection works.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
#[ts(export)]
pub enum LinkView {
    /// Nobody can tell.
    Unknown,
    /// It did.
    Ok {
        /// When.
        at: String,
    },
    /// It does not.
    Lost {
        /// Why.
        reason: LostReason,
        /// Since when.
        at: String,
        /// Who stated it. None: the provider answered so.
        by: Option<String>,
    },
}

/// The provider's side of a row.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
#[ts(export)]
pub enum ProviderSide {
    /// There is no consent at this kind of provider.
    NoConsent,
    /// Nothing is known.
    Unknown,
    /// It is there.
    Active {
        /// When that was last seen.
        at: String,
    },
    /// A revocation was asked for, and there is no answer yet.
    Requested {
        /// When.
        at: String,
        /// By whom.
        by: String,
    },
    /// Found still there after a removal.
    StillThere {
        /// When.
        at: String,
    },
    /// A person did not find it listed.
    NotSeen {
        /// The account they looked at.
        account: Option<String>,
        /// When.
        at: String,
        /// Who.
        by: String,
    },
    /// Gone.
    Gone {
        /// How that is known.
        evidence: EvidenceView,
    },
    /// A later connection took its place.
    Superseded {
        /// When.
        at: String,
    },
}

/// Evidence with the member's name.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct EvidenceView {
    /// Strength.
    pub rank: Rank,
    /// What answered, if something did.
    pub proof: Option<Proof>,
    /// Who said so, if a person did.
    pub by: Option<String>,
    /// When.
    pub at: String,
    /// A closed step's reason.
    pub reason: Option<String>,
    /// Hosts that answered in the provider's place.
    pub hosts: Vec<String>,
}

/// A mailbox on the Email tab, or a team address on the Channels screen.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct MailboxRow {
    /// Identity.
    pub id: String,
    /// Address as typed.
    pub address: String,
    /// Account system.
    pub provider: Provider,
    /// Who holds the connection.
    pub holder: HolderView,
    /// The CRM's side.
    pub crm: CrmSide,
    /// The provider's side.
    pub consent: ProviderSide,
    /// The token is kept for this run of the app only.
    pub this_run_only: bool,
    /// Another device keeps the token. None: this one does, or there is none.
    pub kept_on: Option<KeptOn>,
    /// Whose mailbox it is. None for team addresses.
    pub owner: Option<PersonView>,
    /// The language of the owner's notices. None: the app's.
    pub owner_language: Option<Language>,
    /// The inbox of a team address. None for mailboxes.
    pub inbox: Option<String>,
    /// Who connected a team address, where that is known.
    pub connected_by: Option<PersonView>,
    /// When the row was added.
    pub added_at: String,
    /// Somebody noted that the owner is to be asked to disconnect it.
    pub asked: Option<AskedView>,
    /// Who else needs to know when the acting member deletes it, by name. Empty where that is not offered. Whether
    /// Uncouple reaches them is [`crate::view::WorkspaceInfo::reaches_members`].
    pub told: Vec<ReaderView>,
    /// Where it can be moved to.
    pub moves_to: Vec<Provider>,
    /// The open job.
    pub disconnect: Option<String>,
    /// That job moves the row to another provider or another kind, and is no disconnect.
    pub moving: bool,
    /// What the row offers, main action first.
    pub actions: Vec<Action>,
}
