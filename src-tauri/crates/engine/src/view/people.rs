//! People, inboxes, and channels that are not e-mail.

use crate::wire::{Language, OtherKind};
use serde::Serialize;
use ts_rs::TS;

/// A member of the workspace.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct MemberView {
    /// Identity.
    pub id: String,
    /// Name.
    pub name: String,
    /// Super admin.
    pub super_admin: bool,
    /// The language of what pops up for them. None: the app's.
    pub language: Option<Language>,
    /// The acting member.
    pub me: bool,
    /// The only super admin left, who can't be removed or stop being one.
    pub last_super_admin: bool,
    /// Mailboxes of theirs that are not removed.
    pub mailboxes: u32,
    /// Inboxes they have account access to.
    pub inboxes: Vec<String>,
}

/// A shared inbox.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct InboxView {
    /// Identity.
    pub id: String,
    /// Name.
    pub name: String,
    /// Members with account access.
    pub access: Vec<String>,
    /// The acting member may rename and delete it and say who has access.
    pub manage: bool,
    /// Jobs of its addresses that are not complete.
    pub open_jobs: u32,
}

/// A channel that is shown and can't be disconnected here.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct OtherChannelView {
    /// Identity.
    pub id: String,
    /// Its inbox.
    pub inbox: String,
    /// Which kind.
    pub kind: OtherKind,
    /// Name.
    pub name: String,
}
