//! Why a rule says no.

use crate::{Address, InboxId, MailboxId, Name, Permission};

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
        /// Its inbox, if it is a team address.
        inbox: Option<InboxId>,
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
    /// Another device keeps the token, and only that one can use it or say that it is gone.
    #[error("kept on another device")]
    KeptElsewhere {
        /// Its name. None: it is not known which device that is.
        device: Option<Name>,
    },
    /// The token is this device's, for a file that was in another place: that one may be in use as well.
    #[error("kept for another file")]
    KeptForOtherFile {
        /// Where that was.
        file: String,
    },
    /// The workspace was begun on this device, so there is nothing to say of where it came from.
    #[error("begun on this device")]
    BegunHere,
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
    /// The member has no account access to the inbox.
    #[error("no account access")]
    NoAccess,
    /// Only super admins may do this.
    #[error("not a super admin")]
    NotSuperAdmin,
    /// There must be a super admin left.
    #[error("the last super admin")]
    LastSuperAdmin,
    /// Nobody takes themselves out of the workspace.
    #[error("not oneself")]
    OneSelf,
    /// No such inbox.
    #[error("unknown inbox")]
    UnknownInbox,
    /// No such channel.
    #[error("unknown channel")]
    UnknownChannel,
    /// No such notice to this member.
    #[error("unknown notice")]
    UnknownNotice,
    /// Addresses of the inbox are connected, or not completely disconnected.
    #[error("the inbox has channels")]
    InboxHasChannels,
    /// Mailboxes of the member are connected, or not completely disconnected.
    #[error("the member has mailboxes")]
    MemberHasMailboxes,
    /// The owner was asked and has not answered.
    #[error("asked already")]
    AlreadyAsked,
    /// Nobody asked.
    #[error("not asked")]
    NotAsked,
    /// HubSpot connects no team address by password
    /// (<https://knowledge.hubspot.com/inbox/connect-channels-to-the-conversations-inbox>, 2024-12-26).
    #[error("not for teams")]
    NotForTeams,
    /// The action is for team addresses.
    #[error("not a team address")]
    NotATeamAddress,
    /// The action is for personal mailboxes: a team address is deleted, not disabled.
    #[error("a team address")]
    TeamAddress,
    /// Not a way that HubSpot has between providers.
    #[error("can't move there")]
    CantMoveThere,
    /// No such organisation.
    #[error("unknown organisation")]
    UnknownOrganisation,
    /// No administrator is signed in there.
    #[error("not signed in")]
    NotSignedIn,
    /// The administrator's sign-in does not allow it.
    #[error("not permitted")]
    NotPermitted {
        /// What it would need.
        permission: Permission,
    },
}
