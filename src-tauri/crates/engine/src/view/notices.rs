//! Notices, and where a click on one leads.

use crate::wire::{LostReason, Provider, Rank};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a notice says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum NoticeKind {
    /// A mailbox or team address was removed from the CRM's list, as far as that is known.
    Removed {
        /// A team address of this inbox.
        inbox: Option<String>,
        /// It was held here. False: by HubSpot.
        here: bool,
        /// How the removal is known. None: it was taken back.
        rank: Option<Rank>,
        /// It was removed in order to be connected elsewhere.
        moving: bool,
        /// How the whole job is known, once no step is left. None: steps are left.
        rest: Option<Rank>,
    },
    /// A connection was lost.
    Lost {
        /// Why.
        reason: LostReason,
        /// It is held here. False: by HubSpot.
        here: bool,
        /// A member stated it.
        stated: bool,
    },
    /// A super admin asks the owner to disconnect it.
    Asked,
    /// The owner answered "not now".
    Declined,
    /// It moves to another provider: HubSpot disconnects the old inbox.
    Moving {
        /// Where to.
        to: Provider,
    },
    /// A check found the access still there after the removal.
    StillThere {
        /// The apps' own names, where not all of them go by HubSpot's.
        apps: Vec<String>,
    },
    /// The organisation's list has none of the apps that were marked as HubSpot's.
    AccessRevoked {
        /// A run of this workspace deleted it. False: it was found so.
        deleted_here: bool,
        /// The apps' own names, where not all of them go by HubSpot's.
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

/// Where a notice leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "screen", rename_all = "snake_case")]
#[ts(export)]
pub enum PlaceView {
    /// The Email tab.
    Email {
        /// With this job open.
        job: Option<String>,
        /// With this row in sight.
        mailbox: Option<String>,
    },
    /// The Channels screen.
    Channels {
        /// Of this inbox.
        inbox: String,
        /// With this job open.
        job: Option<String>,
        /// With this row in sight.
        mailbox: Option<String>,
    },
    /// The list of notices.
    Notices,
}

/// A notice to the acting member.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct NoticeView {
    /// Number.
    #[ts(type = "number")]
    pub id: u64,
    /// What it says.
    pub what: NoticeKind,
    /// When it came.
    pub at: String,
    /// Who caused it. None: the app by itself.
    pub by: Option<String>,
    /// The address it is about, as it was then.
    pub address: Option<String>,
    /// Where a click leads.
    pub place: PlaceView,
    /// Not read yet.
    pub unread: bool,
    /// Not true any more since then: the connection came back, or the disconnect was taken back.
    pub corrected_at: Option<String>,
}

/// Which notices are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeAsk {
    /// What the address that they are about must contain.
    pub text: Option<String>,
    /// `next` of the page before. None: the newest.
    pub before: Option<u64>,
}

/// A page of the notices to the acting member, newest first.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct NoticeList {
    /// The notices.
    pub notices: Vec<NoticeView>,
    /// Give this as `before` for the next page.
    #[ts(type = "number | null")]
    pub next: Option<u64>,
    /// How many there are with this filter, on all pages.
    #[ts(type = "number")]
    pub total: u64,
    /// How many are unread.
    pub unread: u32,
}

/// What the desktop offers.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct DesktopView {
    /// The app's version.
    pub version: String,
    /// A notification server answers, so that notices can pop up.
    pub popups: bool,
    /// There is a tray, and the app's icon is in it.
    pub tray: bool,
    /// The app starts with the system. None: this system has no way that we know.
    pub autostart: Option<bool>,
}

/// What HubSpot will ask the provider for.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct ReconnectView {
    /// The steps in HubSpot.
    pub guide: crate::guide::Guide,
    /// The permissions, in plain words.
    pub asks: Vec<crate::guide::Asked>,
}
