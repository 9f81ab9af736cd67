//! What a use case changed.

use crate::{
    Device, DeviceId, Disconnect, DisconnectId, Grant, GrantId, Inbox, InboxId, Intention, IntentionId, Mailbox,
    MailboxId, Member, MemberId, Notice, NoticeId, Organisation, OrganisationId, OtherChannel, OtherChannelId, Parts,
};
use std::collections::BTreeMap;

/// A row of the workspace, by its identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entity {
    /// A device.
    Device(DeviceId),
    /// A member.
    Member(MemberId),
    /// An inbox.
    Inbox(InboxId),
    /// A channel that is not e-mail.
    OtherChannel(OtherChannelId),
    /// A mailbox.
    Mailbox(MailboxId),
    /// A grant.
    Grant(GrantId),
    /// A job, or a step of it.
    Job(DisconnectId),
    /// An intention.
    Intention(IntentionId),
    /// A notice.
    Notice(NoticeId),
    /// An organisation.
    Organisation(OrganisationId),
    /// The settings.
    Settings,
}

/// The rows in which two states of one case differ. Only channels of other kinds and intentions ever go; everything else
/// stays, and says what became of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Devices that are new or different.
    pub devices: Vec<Device>,
    /// Members that are new or different.
    pub members: Vec<Member>,
    /// Inboxes that are new or different.
    pub inboxes: Vec<Inbox>,
    /// Channels of other kinds that are new or different.
    pub other_channels: Vec<OtherChannel>,
    /// Channels of other kinds that are gone.
    pub gone_channels: Vec<OtherChannelId>,
    /// Mailboxes that are new or different.
    pub mailboxes: Vec<Mailbox>,
    /// Grants that are new or different.
    pub grants: Vec<Grant>,
    /// Jobs that are new or different.
    pub disconnects: Vec<Disconnect>,
    /// Intentions that are new or different.
    pub intentions: Vec<Intention>,
    /// Intentions that are closed.
    pub closed_intentions: Vec<IntentionId>,
    /// Notices that are new or different.
    pub notices: Vec<Notice>,
    /// Organisations that are new or different.
    pub organisations: Vec<Organisation>,
}

fn changed<K: Ord, V: PartialEq + Clone>(before: &BTreeMap<K, V>, after: &BTreeMap<K, V>) -> Vec<V> {
    after.iter().filter(|(id, value)| before.get(id) != Some(value)).map(|(_, value)| value.clone()).collect()
}

fn gone<K: Ord + Copy, V>(before: &BTreeMap<K, V>, after: &BTreeMap<K, V>) -> Vec<K> {
    before.keys().filter(|id| !after.contains_key(id)).copied().collect()
}

impl Changes {
    /// The differences of a case before and after its use case.
    #[must_use]
    pub fn between(before: &Parts, after: &Parts) -> Self {
        Self {
            devices: changed(&before.devices, &after.devices),
            members: changed(&before.members, &after.members),
            inboxes: changed(&before.inboxes, &after.inboxes),
            other_channels: changed(&before.other_channels, &after.other_channels),
            gone_channels: gone(&before.other_channels, &after.other_channels),
            mailboxes: changed(&before.mailboxes, &after.mailboxes),
            grants: changed(&before.grants, &after.grants),
            disconnects: changed(&before.disconnects, &after.disconnects),
            intentions: changed(&before.intentions, &after.intentions),
            closed_intentions: gone(&before.intentions, &after.intentions),
            notices: changed(&before.notices, &after.notices),
            organisations: changed(&before.organisations, &after.organisations),
        }
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Which rows differ.
    #[must_use]
    pub fn touched(&self) -> Vec<Entity> {
        let mut touched = Vec::new();
        touched.extend(self.devices.iter().map(|one| Entity::Device(one.id)));
        touched.extend(self.members.iter().map(|one| Entity::Member(one.id)));
        touched.extend(self.inboxes.iter().map(|one| Entity::Inbox(one.id)));
        touched.extend(self.other_channels.iter().map(|one| Entity::OtherChannel(one.id)));
        touched.extend(self.gone_channels.iter().copied().map(Entity::OtherChannel));
        touched.extend(self.mailboxes.iter().map(|one| Entity::Mailbox(one.id)));
        touched.extend(self.grants.iter().map(|one| Entity::Grant(one.id)));
        touched.extend(self.disconnects.iter().map(|one| Entity::Job(one.id)));
        touched.extend(self.intentions.iter().map(|one| Entity::Intention(one.id)));
        touched.extend(self.closed_intentions.iter().copied().map(Entity::Intention));
        touched.extend(self.notices.iter().map(|one| Entity::Notice(one.id)));
        touched.extend(self.organisations.iter().map(|one| Entity::Organisation(one.id)));
        touched
    }

    /// Makes the same changes to a larger state that the case was a part of.
    pub fn apply(self, to: &mut Parts) {
        to.devices.extend(self.devices.into_iter().map(|one| (one.id, one)));
        to.members.extend(self.members.into_iter().map(|one| (one.id, one)));
        to.inboxes.extend(self.inboxes.into_iter().map(|one| (one.id, one)));
        to.other_channels.extend(self.other_channels.into_iter().map(|one| (one.id, one)));
        to.other_channels.retain(|id, _| !self.gone_channels.contains(id));
        to.mailboxes.extend(self.mailboxes.into_iter().map(|one| (one.id, one)));
        to.grants.extend(self.grants.into_iter().map(|one| (one.id, one)));
        to.disconnects.extend(self.disconnects.into_iter().map(|one| (one.id, one)));
        to.intentions.extend(self.intentions.into_iter().map(|one| (one.id, one)));
        to.intentions.retain(|id, _| !self.closed_intentions.contains(id));
        to.notices.extend(self.notices.into_iter().map(|one| (one.id, one)));
        to.organisations.extend(self.organisations.into_iter().map(|one| (one.id, one)));
    }
}
