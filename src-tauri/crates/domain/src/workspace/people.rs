//! Who may do what, members, and inboxes.

use super::Workspace;
use crate::{
    Ctx, EventKind, Home, Inbox, InboxId, Language, Mailbox, Member, MemberId, Name, OtherChannel, OtherChannelId,
    OtherKind, Refusal, Use,
};
use std::collections::BTreeSet;

impl Workspace {
    /// A member who has not left.
    ///
    /// # Errors
    /// [`Refusal::UnknownMember`].
    pub fn member(&self, id: MemberId) -> Result<&Member, Refusal> {
        self.members.get(&id).filter(|member| !member.removed).ok_or(Refusal::UnknownMember)
    }

    /// An inbox that was not deleted.
    ///
    /// # Errors
    /// [`Refusal::UnknownInbox`].
    pub fn inbox(&self, id: InboxId) -> Result<&Inbox, Refusal> {
        self.inboxes.get(&id).filter(|inbox| !inbox.removed).ok_or(Refusal::UnknownInbox)
    }

    /// Whether a member may act on a mailbox: their own, or a team address of an inbox they have access to.
    ///
    /// # Errors
    /// [`Refusal::UnknownMember`]; [`Refusal::NotYours`], also for super admins, because HubSpot's Email page shows
    /// everybody their own mailboxes; [`Refusal::NoAccess`].
    pub fn may_act(&self, member: MemberId, mailbox: &Mailbox) -> Result<(), Refusal> {
        let who = self.member(member)?;
        match mailbox.home {
            Home::Personal { owner } if owner == member => Ok(()),
            Home::Personal { .. } => Err(Refusal::NotYours),
            Home::Team { inbox, .. } => {
                let access = self.inboxes.get(&inbox).is_some_and(|inbox| inbox.access.contains(&member));
                if who.super_admin || access { Ok(()) } else { Err(Refusal::NoAccess) }
            }
        }
    }

    /// Whether a member may see a mailbox: what they may act on, and super admins everything.
    #[must_use]
    pub fn may_see(&self, member: MemberId, mailbox: &Mailbox) -> bool {
        self.member(member).is_ok_and(|who| who.super_admin) || self.may_act(member, mailbox).is_ok()
    }

    /// An inbox that a member has access to.
    ///
    /// # Errors
    /// [`Refusal::UnknownMember`], [`Refusal::UnknownInbox`], [`Refusal::NoAccess`].
    pub fn accessible(&self, member: MemberId, inbox: InboxId) -> Result<&Inbox, Refusal> {
        let who = self.member(member)?;
        let inbox = self.inbox(inbox)?;
        if who.super_admin || inbox.access.contains(&member) { Ok(inbox) } else { Err(Refusal::NoAccess) }
    }

    /// Refuses everybody but super admins.
    ///
    /// # Errors
    /// [`Refusal::UnknownMember`], [`Refusal::NotSuperAdmin`].
    pub fn by_super_admin(&self, ctx: &Ctx) -> Result<(), Refusal> {
        if self.member(ctx.actor)?.super_admin { Ok(()) } else { Err(Refusal::NotSuperAdmin) }
    }

    /// Whether a member is the only super admin.
    #[must_use]
    pub fn is_last_super_admin(&self, member: MemberId) -> bool {
        let mut super_admins = self.members.values().filter(|m| m.super_admin && !m.removed);
        super_admins.next().is_some_and(|only| only.id == member) && super_admins.next().is_none()
    }

    /// Adds a member.
    ///
    /// # Errors
    /// [`Refusal::NotSuperAdmin`].
    pub fn add_member(
        &mut self,
        ctx: &Ctx,
        id: MemberId,
        name: Name,
        super_admin: bool,
        language: Option<Language>,
    ) -> Result<(), Refusal> {
        self.by_super_admin(ctx)?;
        let shown = name.as_str().to_owned();
        self.parts.members.insert(id, Member { id, name, super_admin, language, removed: false });
        self.note(ctx, EventKind::MemberAdded { name: shown, super_admin });
        Ok(())
    }

    /// Changes a member. Everybody may change their own name and language.
    ///
    /// # Errors
    /// [`Refusal::UnknownMember`], [`Refusal::NotSuperAdmin`], [`Refusal::LastSuperAdmin`].
    pub fn change_member(
        &mut self,
        ctx: &Ctx,
        id: MemberId,
        name: Name,
        super_admin: bool,
        language: Option<Language>,
    ) -> Result<(), Refusal> {
        let before = self.member(id)?.clone();
        if id != ctx.actor || super_admin != before.super_admin {
            self.by_super_admin(ctx)?;
        }
        if before.super_admin && !super_admin && self.is_last_super_admin(id) {
            return Err(Refusal::LastSuperAdmin);
        }
        let shown = name.as_str().to_owned();
        self.parts.members.insert(id, Member { id, name, super_admin, language, removed: false });
        if before.name.as_str() != shown {
            self.note(ctx, EventKind::MemberRenamed { from: before.name.into(), to: shown.clone() });
        }
        if before.super_admin != super_admin {
            self.note(ctx, EventKind::RoleChanged { name: shown, super_admin });
        }
        Ok(())
    }

    /// Takes a member out of the workspace. What they confirmed keeps their name.
    ///
    /// # Errors
    /// [`Refusal::UnknownMember`], [`Refusal::NotSuperAdmin`], [`Refusal::LastSuperAdmin`], [`Refusal::OneSelf`];
    /// [`Refusal::MemberHasMailboxes`] while one of theirs is connected or half disconnected, because nobody else
    /// could finish it.
    pub fn remove_member(&mut self, ctx: &Ctx, id: MemberId) -> Result<(), Refusal> {
        let name = self.member(id)?.name.as_str().to_owned();
        self.by_super_admin(ctx)?;
        if self.is_last_super_admin(id) {
            return Err(Refusal::LastSuperAdmin);
        }
        if id == ctx.actor {
            return Err(Refusal::OneSelf);
        }
        if self.mailboxes.values().any(|m| m.home.owner() == Some(id) && self.is_unfinished(m)) {
            return Err(Refusal::MemberHasMailboxes);
        }
        if let Some(member) = self.parts.members.get_mut(&id) {
            member.removed = true;
            member.super_admin = false;
        }
        for inbox in self.parts.inboxes.values_mut() {
            inbox.access.remove(&id);
        }
        self.note(ctx, EventKind::MemberRemoved { name });
        Ok(())
    }

    /// Whether a mailbox is in use, or one of its jobs is not complete.
    #[must_use]
    pub fn is_unfinished(&self, mailbox: &Mailbox) -> bool {
        mailbox.usage != Use::Removed
            || self.disconnects.values().any(|job| job.mailbox == mailbox.id && job.is_unfinished(&self.grants))
    }

    /// Adds an inbox.
    ///
    /// # Errors
    /// [`Refusal::NotSuperAdmin`].
    pub fn add_inbox(&mut self, ctx: &Ctx, id: InboxId, name: Name) -> Result<(), Refusal> {
        self.by_super_admin(ctx)?;
        let shown = name.as_str().to_owned();
        self.parts.inboxes.insert(id, Inbox { id, name, access: BTreeSet::new(), removed: false });
        self.note(ctx, EventKind::InboxAdded { name: shown });
        Ok(())
    }

    /// Gives an inbox another name.
    ///
    /// # Errors
    /// [`Refusal::NotSuperAdmin`], [`Refusal::UnknownInbox`].
    pub fn rename_inbox(&mut self, ctx: &Ctx, id: InboxId, name: Name) -> Result<(), Refusal> {
        self.by_super_admin(ctx)?;
        self.inbox(id)?;
        if let Some(inbox) = self.parts.inboxes.get_mut(&id).filter(|inbox| inbox.name != name) {
            let from = std::mem::replace(&mut inbox.name, name.clone());
            self.note(ctx, EventKind::InboxRenamed { from: from.into(), to: name.into() });
        }
        Ok(())
    }

    /// Deletes an inbox with the channels of other kinds on its list.
    ///
    /// # Errors
    /// [`Refusal::NotSuperAdmin`], [`Refusal::UnknownInbox`]; [`Refusal::InboxHasChannels`] while an address of it is
    /// connected or half disconnected.
    pub fn delete_inbox(&mut self, ctx: &Ctx, id: InboxId) -> Result<(), Refusal> {
        self.by_super_admin(ctx)?;
        let name = self.inbox(id)?.name.as_str().to_owned();
        if self.mailboxes.values().any(|m| m.home.inbox() == Some(id) && self.is_unfinished(m)) {
            return Err(Refusal::InboxHasChannels);
        }
        self.parts.other_channels.retain(|_, channel| channel.inbox != id);
        if let Some(inbox) = self.parts.inboxes.get_mut(&id) {
            inbox.removed = true;
            inbox.access.clear();
        }
        self.note(ctx, EventKind::InboxDeleted { name });
        Ok(())
    }

    /// Gives a member account access to an inbox, or takes it away.
    ///
    /// # Errors
    /// [`Refusal::NotSuperAdmin`], [`Refusal::UnknownInbox`], [`Refusal::UnknownMember`].
    pub fn set_access(&mut self, ctx: &Ctx, id: InboxId, member: MemberId, access: bool) -> Result<(), Refusal> {
        self.by_super_admin(ctx)?;
        let name = self.member(member)?.name.as_str().to_owned();
        self.inbox(id)?;
        let Some(inbox) = self.parts.inboxes.get_mut(&id) else { return Err(Refusal::UnknownInbox) };
        let changed = if access { inbox.access.insert(member) } else { inbox.access.remove(&member) };
        if changed {
            let inbox = inbox.name.as_str().to_owned();
            self.note(ctx, EventKind::AccessChanged { inbox, member: name, access });
        }
        Ok(())
    }

    /// Puts a channel of another kind on the list of an inbox.
    ///
    /// # Errors
    /// As [`Workspace::accessible`].
    pub fn add_other_channel(
        &mut self,
        ctx: &Ctx,
        id: OtherChannelId,
        inbox: InboxId,
        kind: OtherKind,
        name: Name,
    ) -> Result<(), Refusal> {
        self.accessible(ctx.actor, inbox)?;
        let shown = name.as_str().to_owned();
        self.parts.other_channels.insert(id, OtherChannel { id, inbox, kind, name });
        self.note(ctx, EventKind::OtherChannelAdded { channel: kind, name: shown });
        Ok(())
    }

    /// Takes a channel of another kind off the list. In the CRM nothing changes.
    ///
    /// # Errors
    /// [`Refusal::UnknownChannel`]; as [`Workspace::accessible`].
    pub fn drop_other_channel(&mut self, ctx: &Ctx, id: OtherChannelId) -> Result<(), Refusal> {
        let channel = self.other_channels.get(&id).ok_or(Refusal::UnknownChannel)?;
        self.accessible(ctx.actor, channel.inbox)?;
        if let Some(channel) = self.parts.other_channels.remove(&id) {
            let name = channel.name.into();
            self.note(ctx, EventKind::OtherChannelDropped { channel: channel.kind, name });
        }
        Ok(())
    }
}
