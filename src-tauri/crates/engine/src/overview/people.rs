//! Inboxes, members, and the count of unread notices.

use super::Teller;
use crate::view::{InboxView, MemberView, OtherChannelView};
use std::collections::BTreeMap;
use uncouple_domain::{Inbox, InboxId, MemberId, Use};

impl Teller<'_> {
    fn accessible(&self) -> impl Iterator<Item = &Inbox> {
        self.workspace.inboxes.values().filter(|inbox| self.workspace.accessible(self.ctx.actor, inbox.id).is_ok())
    }

    pub(super) fn inboxes(&self) -> Vec<InboxView> {
        let manage = self.workspace.member(self.ctx.actor).is_ok_and(|me| me.super_admin);
        let mut open: BTreeMap<InboxId, u32> = BTreeMap::new();
        for job in self.workspace.disconnects.values().filter(|job| job.is_unfinished(&self.workspace.grants)) {
            let row = self.workspace.mailboxes.get(&job.mailbox);
            if let Some(inbox) = row.and_then(|row| row.home.inbox()) {
                *open.entry(inbox).or_default() += 1;
            }
        }
        let mut inboxes: Vec<InboxView> = self
            .accessible()
            .map(|inbox| InboxView {
                id: inbox.id.to_string(),
                name: inbox.name.as_str().to_owned(),
                access: inbox.access.iter().map(ToString::to_string).collect(),
                manage,
                open_jobs: open.get(&inbox.id).copied().unwrap_or_default(),
            })
            .collect();
        inboxes.sort_by(|a, b| a.name.cmp(&b.name));
        inboxes
    }

    pub(super) fn other_channels(&self) -> Vec<OtherChannelView> {
        let shown = self.workspace.other_channels.values();
        shown
            .filter(|channel| self.workspace.accessible(self.ctx.actor, channel.inbox).is_ok())
            .map(|channel| OtherChannelView {
                id: channel.id.to_string(),
                inbox: channel.inbox.to_string(),
                kind: channel.kind.into(),
                name: channel.name.as_str().to_owned(),
            })
            .collect()
    }

    pub(super) fn members(&self) -> Vec<MemberView> {
        let workspace = self.workspace;
        let mut mailboxes: BTreeMap<MemberId, u32> = BTreeMap::new();
        for row in workspace.mailboxes.values().filter(|row| row.usage != Use::Removed) {
            if let Some(owner) = row.home.owner() {
                *mailboxes.entry(owner).or_default() += 1;
            }
        }
        let mut members: Vec<MemberView> = workspace
            .members
            .values()
            .filter(|member| !member.removed)
            .map(|member| MemberView {
                id: member.id.to_string(),
                name: member.name.as_str().to_owned(),
                super_admin: member.super_admin,
                language: member.language.map(Into::into),
                me: member.id == self.ctx.actor,
                last_super_admin: workspace.is_last_super_admin(member.id),
                mailboxes: mailboxes.get(&member.id).copied().unwrap_or_default(),
                inboxes: workspace
                    .inboxes
                    .values()
                    .filter(|inbox| !inbox.removed && inbox.access.contains(&member.id))
                    .map(|inbox| inbox.id.to_string())
                    .collect(),
            })
            .collect();
        members.sort_by(|a, b| a.name.cmp(&b.name));
        members
    }

    pub(super) fn unread(&self) -> u32 {
        let mine = self.workspace.notices.values().filter(|n| n.to == self.ctx.actor && n.read.is_none());
        u32::try_from(mine.count()).unwrap_or(u32::MAX)
    }
}
