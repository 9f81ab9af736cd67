//! Mailboxes: personal ones, and the team addresses that are channels of an inbox.

use crate::{Address, Evidence, GrantId, InboxId, MailboxId, MemberId, Stamp};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Whose account system a mailbox lives in. Decides which permission page is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Gmail and Google Workspace.
    Google,
    /// Work or school accounts.
    Microsoft365,
    /// Personal Microsoft accounts.
    OutlookCom,
    /// A password at any other server; Exchange by password counts here. There is no consent.
    Imap,
    /// An address given by the CRM, fed by a forwarding rule. There is no consent.
    Hosted,
}

impl Provider {
    /// Whether there is a consent to revoke at all.
    #[must_use]
    pub fn has_consent(self) -> bool {
        match self {
            Self::Google | Self::Microsoft365 | Self::OutlookCom => true,
            Self::Imap | Self::Hosted => false,
        }
    }
}

/// HubSpot's account as far as it is known, to open the right page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubSpotAccount {
    /// One of HubSpot's own hosts, for example `app-eu1.hubspot.com`.
    pub host: String,
    /// The account's number.
    pub account: u64,
}

/// Who holds the connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Holder {
    /// This workspace has the consent.
    Workspace,
    /// HubSpot has it; the row was entered by hand.
    HubSpot {
        /// Which account, if a page address was given.
        account: Option<HubSpotAccount>,
    },
}

/// How the mailbox is used in the CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// In use.
    InUse,
    /// Greyed; can be enabled again.
    Disabled,
    /// Gone from the CRM.
    Removed,
}

/// How the present [`Use`] is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseKnown {
    /// By what.
    pub evidence: Evidence,
    /// Who made the change, where it was made in Uncouple.
    pub by: MemberId,
    /// It was only entered when the row was added; nobody spoke of a change. Missing in older files.
    #[serde(default)]
    pub entered: bool,
}

impl UseKnown {
    /// Known from a change that somebody made or stated.
    #[must_use]
    pub fn changed(evidence: Evidence, by: MemberId) -> Self {
        Self { evidence, by, entered: false }
    }

    /// Known from the row having been added.
    #[must_use]
    pub fn entered(evidence: Evidence, by: MemberId) -> Self {
        Self { evidence, by, entered: true }
    }
}

/// Why a connection stopped working. Network trouble is never a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LostReason {
    /// The consent was withdrawn at the provider, and the provider said so.
    Withdrawn,
    /// The password changed.
    Password,
    /// An administrator's policy stands in the way.
    Policy,
    /// The mailbox moved to another provider.
    Moved,
    /// The organisation limits for how long a sign-in is good, and this one is over.
    SessionOver,
    /// The provider wants more proof of who it is, such as a second factor, or a new password.
    MoreProof,
    /// The provider turns the sign-in app away: it was deleted, disabled, or is not set up as it has to be.
    AppRefused,
    /// The account was disabled, locked or deleted, or may not use the sign-in app.
    AccountRefused,
    /// The token was kept for one run of the app only, and that run is over.
    RunOver,
    /// Refused, and the provider does not say why; or our token is not where we kept it.
    Unknown,
}

/// Whether the connection works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Link {
    /// Nobody can tell.
    Unknown,
    /// It worked.
    Ok {
        /// When it was last seen to.
        checked: Timestamp,
    },
    /// It does not work any more.
    Lost {
        /// Why.
        reason: LostReason,
        /// Since when that is known.
        since: Timestamp,
        /// The member who stated it. None: the provider answered so. Missing in older files.
        #[serde(default)]
        by: Option<MemberId>,
    },
}

/// Where a mailbox is at home in the CRM. Decides who may act on it, and whether it is disabled before it is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Home {
    /// A personal mailbox: the Email tab of its owner.
    Personal {
        /// Whose it is. Nobody else can act on it in HubSpot, where everybody sees only their own.
        owner: MemberId,
    },
    /// A team address: a channel of a shared inbox.
    Team {
        /// Which.
        inbox: InboxId,
        /// Who connected it, where that is known.
        connected_by: Option<MemberId>,
    },
}

impl Home {
    /// The inbox of a team address.
    #[must_use]
    pub fn inbox(self) -> Option<InboxId> {
        match self {
            Self::Personal { .. } => None,
            Self::Team { inbox, .. } => Some(inbox),
        }
    }

    /// The owner of a personal mailbox.
    #[must_use]
    pub fn owner(self) -> Option<MemberId> {
        match self {
            Self::Personal { owner } => Some(owner),
            Self::Team { .. } => None,
        }
    }

    /// Whether a row that was removed goes on when its address is added at this home.
    #[must_use]
    pub fn same(self, other: Self) -> bool {
        self.inbox() == other.inbox() && self.owner() == other.owner()
    }
}

/// An e-mail account connected to the CRM: a personal mailbox, or a team address of an inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Identity. Kept when the same address is connected again.
    pub id: MailboxId,
    /// Where it is at home in the CRM.
    pub home: Home,
    /// Its address.
    pub address: Address,
    /// Whose account system it lives in.
    pub provider: Provider,
    /// Who holds the connection.
    pub holder: Holder,
    /// How it is used in the CRM.
    pub usage: Use,
    /// How that is known.
    pub usage_known: UseKnown,
    /// Whether the connection works.
    pub link: Link,
    /// Set while checks fail for reasons that say nothing of the connection.
    pub unreachable_since: Option<Timestamp>,
    /// The present generation of the consent. None where the provider has no consents.
    pub grant: Option<GrantId>,
    /// Who added the row, and when.
    pub added: Stamp,
    /// A super admin who asked the owner to disconnect it, and has no answer yet.
    pub asked: Option<Stamp>,
}

impl Mailbox {
    /// Whether this workspace holds the connection itself.
    #[must_use]
    pub fn held_here(&self) -> bool {
        self.holder == Holder::Workspace
    }

    /// Whether all that is known of its use is what was entered when the row was added.
    #[must_use]
    pub fn is_only_entered(&self) -> bool {
        self.usage == Use::InUse && self.usage_known.entered
    }

    /// HubSpot's account, where HubSpot holds the connection and it is known.
    #[must_use]
    pub fn hubspot_account(&self) -> Option<&HubSpotAccount> {
        match &self.holder {
            Holder::HubSpot { account } => account.as_ref(),
            Holder::Workspace => None,
        }
    }

    /// Whether it is a team address.
    #[must_use]
    pub fn is_team(&self) -> bool {
        matches!(self.home, Home::Team { .. })
    }
}
