//! Messages to members: stored once, popped up at most once.

use crate::{Address, DisconnectId, InboxId, LostReason, MailboxId, MemberId, NoticeId, Provider};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a notice says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoticeKind {
    /// A mailbox or team address was disconnected in the CRM.
    Disconnected {
        /// The inbox of a team address.
        inbox: Option<InboxId>,
    },
    /// A connection was lost.
    Lost {
        /// Why.
        reason: LostReason,
    },
    /// A super admin asks the owner to disconnect it.
    Asked,
    /// The owner answered "not now".
    Declined,
    /// It moves to another provider, and HubSpot disconnects the old inbox.
    Moving {
        /// Where to.
        to: Provider,
    },
    /// A check found the access still there after the removal.
    StillThere {
        /// The apps' own names, where not all of them go by HubSpot's.
        #[serde(default)]
        apps: Vec<String>,
    },
    /// The organisation's list has none of the apps that were named as HubSpot's.
    AccessRevoked {
        /// A run of this workspace deleted it. False: a search or a run found it so, whoever removed it.
        #[serde(default)]
        deleted_here: bool,
        /// The apps' own names, where not all of them go by HubSpot's.
        #[serde(default)]
        apps: Vec<String>,
    },
    /// A job that was put off is due.
    Reminder,
    /// What is left to finish, once a day.
    Digest {
        /// Jobs.
        jobs: u32,
    },
}

/// What became of a notice on the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum OnDesktop {
    /// It stands in the list only: the member caused it, does not want it, or has seen it there.
    ListOnly,
    /// To be popped up.
    Due,
    /// It was handed to the desktop.
    Shown {
        /// When.
        at: Timestamp,
    },
    /// It was taken away again.
    Closed,
}

/// One message to one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Identity and order.
    pub id: NoticeId,
    /// To whom.
    pub to: MemberId,
    /// What it says.
    pub what: NoticeKind,
    /// When it came.
    pub at: Timestamp,
    /// Who caused it. None: the app by itself.
    pub by: Option<MemberId>,
    /// The mailbox it is about.
    pub mailbox: Option<MailboxId>,
    /// The job it leads to.
    pub job: Option<DisconnectId>,
    /// The address, as it was then.
    pub address: Option<Address>,
    /// When the member read it.
    pub read: Option<Timestamp>,
    /// Not true any more since then.
    pub corrected: Option<Timestamp>,
    /// On the desktop.
    pub desktop: OnDesktop,
}
