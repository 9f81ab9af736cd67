//! Why a rule says no.

use crate::{Address, MailboxId};

/// A refused action. The workspace is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such member.
    #[error("unknown member")]
    UnknownMember,
    /// No such mailbox.
    #[error("unknown mailbox")]
    UnknownMailbox,
    /// No such disconnect.
    #[error("unknown disconnect")]
    UnknownDisconnect,
    /// The job has no such step.
    #[error("no such step")]
    UnknownStep,
    /// The mailbox belongs to somebody else; HubSpot's page would show the actor's own.
    #[error("somebody else's mailbox")]
    NotYours,
    /// Another row in use has this address.
    #[error("address in use")]
    AddressInUse {
        /// That row.
        mailbox: MailboxId,
        /// Its address.
        address: Address,
    },
    /// A hosted address is a team channel, never a personal mailbox.
    #[error("hosted addresses are team channels")]
    NotPersonal,
    /// Only a mailbox in use can be disabled.
    #[error("not in use")]
    NotInUse,
    /// Only a disabled mailbox can be enabled or removed.
    #[error("not disabled")]
    NotDisabled,
    /// The mailbox has been removed.
    #[error("removed already")]
    AlreadyRemoved,
    /// A job for this mailbox is open already.
    #[error("already disconnecting")]
    AlreadyDisconnecting,
    /// The job was ended by an enable, an undo or a change of mind.
    #[error("disconnect ended")]
    DisconnectEnded,
    /// The step has evidence already.
    #[error("step already done")]
    StepDone,
    /// The step is not needed.
    #[error("step not needed")]
    StepNotNeeded,
    /// The mailbox must be removed here before its consent is revoked, so that the removal can be undone
    /// until then.
    #[error("remove first")]
    RemoveFirst,
    /// The provider has not answered a revocation of this account yet; a new consent could be cut by it.
    #[error("revocation running")]
    RevocationRunning,
    /// A step that the backend performs can't be confirmed by hand.
    #[error("the backend does this step")]
    NotByHand,
    /// A step that a person performs can't be performed by the backend.
    #[error("a person does this step")]
    NotByBackend,
    /// The revocation is under way or done, so there is no way back.
    #[error("revocation started")]
    RevocationStarted,
    /// The step rests on proof, which nobody can take back.
    #[error("proven steps can't be withdrawn")]
    Proven,
    /// Nothing of that kind to take back.
    #[error("nothing to withdraw")]
    NothingToWithdraw,
    /// A later connection of the same account took this one's place.
    #[error("superseded")]
    Superseded,
    /// No token is held for this.
    #[error("no token")]
    NoToken,
    /// The action is for connections that this workspace holds.
    #[error("not held here")]
    NotHeldHere,
    /// The action is for connections that HubSpot holds.
    #[error("not held by HubSpot")]
    NotInHubSpot,
    /// A reminder in the past.
    #[error("reminder in the past")]
    PastReminder,
    /// No such open intention.
    #[error("no such intention")]
    UnknownIntention,
}
