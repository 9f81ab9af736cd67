//! A job and its checklist.

use super::rows::{EvidenceView, HolderView};
use crate::guide::Guide;
use crate::view::KeptOn;
use crate::wire::{NotNeeded, Provider, StepKind, StepMode};
use serde::Serialize;
use ts_rs::TS;

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
    /// Another device keeps the token that the step is about: only that one can use it, or say that it is gone.
    pub kept_on: Option<KeptOn>,
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
    /// Remind me in some days.
    Remind,
    /// Connect the address in HubSpot again.
    ConnectAgain,
}

/// What a job is for.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
#[ts(export)]
pub enum PurposeView {
    /// To disconnect.
    Leave,
    /// To move to another provider on the same row.
    Move {
        /// That provider.
        to: Provider,
    },
    /// To make a team address of a personal one.
    ToTeam {
        /// The name of its inbox.
        inbox: String,
    },
    /// To make a personal mailbox of a team address.
    ToPersonal {
        /// The name of its owner.
        owner: String,
    },
}

/// An inbox by name.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct PlaceName {
    /// Identity.
    pub id: String,
    /// Name.
    pub name: String,
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
    /// The inbox, for a team address.
    pub inbox: Option<PlaceName>,
    /// What it is for.
    pub purpose: PurposeView,
    /// The provider that it is about; the old one, where the row moves.
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
