//! Shared inboxes and their channels.

use crate::{InboxId, MemberId, Name, OtherChannelId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A shared team inbox. Its e-mail channels are [`crate::Mailbox`]es at home in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// Identity.
    pub id: InboxId,
    /// Name.
    pub name: Name,
    /// Members with account access.
    pub access: BTreeSet<MemberId>,
    /// Deleted. The row stays, because removed addresses were at home in it.
    pub removed: bool,
}

/// Kinds of channels that HubSpot has beside e-mail
/// (<https://knowledge.hubspot.com/inbox/connect-channels-to-the-conversations-inbox>, 2024-12-26).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherKind {
    /// Live chat.
    Chat,
    /// A form.
    Form,
    /// Facebook Messenger.
    Messenger,
    /// WhatsApp.
    Whatsapp,
    /// Calling.
    Calling,
}

/// A channel without a mailbox behind it: shown, so that the list looks as in HubSpot, and never disconnected here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherChannel {
    /// Identity.
    pub id: OtherChannelId,
    /// Its inbox.
    pub inbox: InboxId,
    /// Which kind.
    pub kind: OtherKind,
    /// Name.
    pub name: Name,
}
