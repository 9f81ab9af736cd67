//! What the window shows, computed from the state. The window decides nothing by itself: which actions
//! a row offers, whether a step is done and what a finished job may be called are all in here.
//!
//! Times are RFC 3339 in UTC; the window writes them in the person's own zone.

use crate::guide::Guide;
use crate::settings::Settings;
use crate::wire::{CheckResult, Language, LostReason, NotNeeded, Proof, Provider, Rank, StepKind, StepMode, Use};
use serde::Serialize;
use ts_rs::TS;

/// Everything the Email tab needs, in one answer.
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
    /// Mailboxes in use or disabled, in the order they were added.
    pub mailboxes: Vec<MailboxRow>,
    /// Jobs that were not called off: open ones first, oldest first; then complete ones, newest first.
    pub disconnects: Vec<DisconnectCard>,
    /// Settings.
    pub settings: Settings,
    /// The language of the system.
    pub system_language: Language,
}

/// The open workspace.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct WorkspaceInfo {
    /// The file.
    pub path: String,
    /// The sample workspace: nothing in it is real, and no page is opened from it.
    pub sample: bool,
    /// Nobody has said yet how to begin; show the welcome.
    pub first_start: bool,
    /// A folder to suggest for exports.
    pub export_folder: String,
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
}

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
    /// Sign in again, on the same row.
    Reconnect,
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
}

/// A mailbox on the Email tab.
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
    /// The open job.
    pub disconnect: Option<String>,
    /// What the row offers, main action first.
    pub actions: Vec<Action>,
}

/// What was found out about a step that is not done.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
#[ts(export)]
pub enum Finding {
    /// A person did not find the app listed.
    NotSeen {
        /// The account they looked at.
        account: Option<String>,
        /// It was the account of this mailbox. None: they could not tell.
        same_account: Option<bool>,
        /// When.
        at: String,
        /// Who.
        by: String,
    },
    /// A check found the consent still there.
    StillThere {
        /// When.
        at: String,
    },
    /// The token was refused, which says nothing of the consent.
    TokenDead {
        /// When.
        at: String,
    },
    /// The provider did not answer.
    NoAnswer {
        /// When it was last tried.
        at: String,
    },
    /// The keyring did not let go of the token.
    NotForgotten {
        /// When it was last tried.
        at: String,
    },
}

/// What can be done about a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum StepAction {
    /// Open its page.
    Open,
    /// "I removed it", "I did it".
    Confirm,
    /// "It was not listed".
    NotListed,
    /// Close as unverified.
    Close,
    /// Let the backend do it now, or again.
    Run,
    /// Let the backend look whether it is gone.
    Check,
    /// Take back what was said.
    Withdraw,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum StepState {
    /// To do.
    Open,
    /// Can't be done before another step.
    Later,
    /// The backend waits for an answer.
    Waiting,
    /// Done, with evidence.
    Done,
    /// Not needed.
    NotNeeded,
}

/// A step of a job.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct StepView {
    /// Which.
    pub kind: StepKind,
    /// Who does it.
    pub mode: StepMode,
    /// Where it stands.
    pub state: StepState,
    /// Its evidence, when done.
    pub evidence: Option<EvidenceView>,
    /// Why it is not needed, if so.
    pub not_needed: Option<NotNeeded>,
    /// What was found out, while it is not done.
    pub finding: Option<Finding>,
    /// What to show, for a step that people do.
    pub guide: Option<Guide>,
    /// The token is forgotten then at the latest.
    pub forget_by: Option<String>,
    /// What can be done now, main action first.
    pub actions: Vec<StepAction>,
}

/// What a job adds up to.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct CompletionView {
    /// Every step is done with evidence or not needed.
    pub complete: bool,
    /// The weakest evidence, when complete.
    pub weakest: Option<EvidenceView>,
    /// Steps done or not needed.
    pub done: u32,
    /// All steps.
    pub total: u32,
}

/// What can be done about a whole job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum JobAction {
    /// "I did both in HubSpot".
    ConfirmInCrm,
    /// Undo the removal here.
    Undo,
    /// Stop, keep the connection.
    Stop,
    /// Remind me tomorrow.
    Remind,
}

/// A job.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct DisconnectCard {
    /// Identity.
    pub id: String,
    /// Its mailbox.
    pub mailbox: String,
    /// The mailbox's address.
    pub address: String,
    /// Its provider.
    pub provider: Provider,
    /// Who holds the connection.
    pub holder: HolderView,
    /// When it was opened.
    pub opened_at: String,
    /// By whom.
    pub opened_by: String,
    /// The checklist.
    pub steps: Vec<StepView>,
    /// What it adds up to.
    pub completion: CompletionView,
    /// Belongs into the card "Finish disconnecting".
    pub in_sight: bool,
    /// One side is off and the other is not: half disconnected.
    pub half: bool,
    /// Put off until then.
    pub snoozed_until: Option<String>,
    /// Addresses of other rows in use on the same consent, which a revocation would cut too.
    pub shared_with: Vec<String>,
    /// What can be done now.
    pub actions: Vec<JobAction>,
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

/// One line of the history.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct HistoryRow {
    /// Number in the chain, from 1.
    #[ts(type = "number")]
    pub seq: u64,
    /// When.
    pub at: String,
    /// Who. None: the app by itself.
    pub by: Option<String>,
    /// About which address.
    pub address: Option<String>,
    /// The kind, for its words: `kind` of the event.
    pub kind: String,
    /// What the words need: the other fields of the event.
    #[ts(type = "Record<string, unknown>")]
    pub details: serde_json::Value,
    /// The entry's own hash, in hexadecimal.
    pub hash: String,
}

/// A page of the history, newest first.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct HistoryView {
    /// The lines.
    pub rows: Vec<HistoryRow>,
    /// Give this as `before` for the next page.
    #[ts(type = "number | null")]
    pub next: Option<u64>,
    /// How many there are with this filter.
    #[ts(type = "number")]
    pub total: u64,
}

/// What walking the chain found.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct ChainView {
    /// Entries walked.
    #[ts(type = "number")]
    pub entries: u64,
    /// Hash of the newest entry, in hexadecimal; empty without entries.
    pub head: String,
    /// The first entry that does not fit.
    #[ts(type = "number | null")]
    pub broken_at: Option<u64>,
}

/// A written export.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct Exported {
    /// The file.
    pub path: String,
    /// Entries in it.
    #[ts(type = "number")]
    pub entries: u64,
    /// Hash of the newest entry in it.
    pub head: String,
}
