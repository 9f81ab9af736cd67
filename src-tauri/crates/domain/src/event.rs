//! What happened, as the history will tell it.

use crate::{
    Address, CheckResult, DisconnectId, EndReason, Evidence, MailboxId, MemberId, Provider, RevokeAnswer, StepKind, Use,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Who did it. None for what the app did by itself.
    pub by: Option<MemberId>,
    /// When.
    pub at: Timestamp,
    /// The mailbox it is about.
    pub mailbox: Option<MailboxId>,
    /// Its address at that time, so that the entry can be read after everything else is gone.
    pub address: Option<Address>,
    /// What.
    pub kind: EventKind,
}

/// The kinds of things that happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// The workspace was begun.
    WorkspaceBegun,
    /// A member got another name.
    MemberRenamed {
        /// The name before.
        from: String,
        /// The name now.
        to: String,
    },
    /// A mailbox that HubSpot holds was entered by hand.
    MailboxTracked {
        /// At this provider.
        provider: Provider,
        /// The row was there before and goes on with a new generation of its grant.
        again: bool,
    },
    /// A mailbox was connected here by sign-in.
    MailboxConnected {
        /// At this provider.
        provider: Provider,
        /// The row was there before.
        again: bool,
    },
    /// The use of a mailbox changed.
    UseChanged {
        /// From this.
        from: Use,
        /// To this.
        to: Use,
        /// How that is known.
        evidence: Evidence,
    },
    /// A job was opened.
    DisconnectOpened {
        /// The job.
        disconnect: DisconnectId,
    },
    /// A job was ended before it was complete.
    DisconnectEnded {
        /// The job.
        disconnect: DisconnectId,
        /// Why.
        why: EndReason,
    },
    /// A step got its evidence.
    StepDone {
        /// The job.
        disconnect: DisconnectId,
        /// Which step.
        step: StepKind,
        /// How that is known.
        evidence: Evidence,
    },
    /// A member took back what they had said.
    ConfirmationWithdrawn {
        /// The job.
        disconnect: DisconnectId,
        /// Which step.
        step: StepKind,
    },
    /// A page was about to be opened in the browser.
    PageRequested {
        /// Which one: an identifier of the table of permission pages.
        page: String,
    },
    /// The browser could not be started for it.
    PageFailed {
        /// Which one.
        page: String,
    },
    /// A person did not find the app in the provider's list.
    NotListed {
        /// The account they looked at, if they could tell.
        account: Option<Address>,
    },
    /// The backend was told to revoke.
    RevocationRequested,
    /// The provider's answer.
    RevocationAnswered {
        /// What it was.
        answer: RevokeAnswer,
    },
    /// An open revocation was given up because the same account was connected again.
    RevocationSuperseded,
    /// A token was deleted and read back as absent.
    SecretForgotten,
    /// A token that was kept for one run only is gone with that run.
    SecretRunOver,
    /// A keyring entry that no mailbox knows was deleted.
    OrphanSwept,
    /// A connection was checked.
    Checked {
        /// With this result.
        result: CheckResult,
    },
    /// A job was put off.
    Snoozed {
        /// Until then.
        until: Timestamp,
    },
    /// The history was written to a file.
    HistoryExported {
        /// Entries in it.
        entries: u64,
    },
    /// A member was added.
    MemberAdded {
        /// Name.
        name: String,
        /// Super admin.
        super_admin: bool,
    },
    /// A member became a super admin, or is none any more.
    RoleChanged {
        /// Name.
        name: String,
        /// Super admin.
        super_admin: bool,
    },
    /// A member left.
    MemberRemoved {
        /// Name.
        name: String,
    },
    /// An inbox was added.
    InboxAdded {
        /// Name.
        name: String,
    },
    /// An inbox got another name.
    InboxRenamed {
        /// The name before.
        from: String,
        /// The name now.
        to: String,
    },
    /// An inbox was deleted.
    InboxDeleted {
        /// Name.
        name: String,
    },
    /// A member got account access to an inbox, or lost it.
    AccessChanged {
        /// The inbox's name.
        inbox: String,
        /// The member's name.
        member: String,
        /// Now with access.
        access: bool,
    },
    /// A channel of another kind was put on the list.
    OtherChannelAdded {
        /// Which kind.
        channel: crate::OtherKind,
        /// Name.
        name: String,
    },
    /// A channel of another kind was taken off the list.
    OtherChannelDropped {
        /// Which kind.
        channel: crate::OtherKind,
        /// Name.
        name: String,
    },
    /// The owner was asked to disconnect a mailbox.
    OwnerAsked,
    /// The owner answered "not now".
    AskDeclined,
    /// A member said that HubSpot shows the connection as lost.
    LossReported,
    /// A mailbox was connected again in HubSpot, on the same row.
    Reconnected,
    /// A mailbox was connected at another provider, on the same row.
    Moved {
        /// The old provider.
        from: Provider,
        /// The new one.
        to: Provider,
    },
    /// The sign-in app of a provider was changed in the settings.
    SignInAppChanged {
        /// Which provider's.
        provider: Provider,
    },
}
