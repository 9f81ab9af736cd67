//! The aggregate that every use case changes.

mod adding;
mod backend;
mod crm;
mod devices;
mod directory;
mod lookups;
mod moving;
mod notices;
mod organisations;
mod people;
mod steps;

pub use adding::{Connected, NewConnected, NewTracked};
pub use backend::CheckResult;
pub use directory::DirectorySaid;
pub use lookups::Lookups;
pub use moving::FreshRow;
pub use organisations::{NewApp, NewSignIn};

use crate::{
    Address, Ctx, Device, DeviceId, Disconnect, DisconnectId, Event, EventKind, Evidence, Grant, GrantId, Inbox,
    InboxId, Intention, IntentionId, Mailbox, MailboxId, Member, MemberId, Name, Notice, NoticeId, NoticeKind,
    Organisation, OrganisationId, OtherChannel, OtherChannelId, Proof, Refusal, Step, StepKind, Use, UseKnown,
};
use std::collections::BTreeMap;
use std::ops::Deref;

/// The parts of a workspace, as a store keeps them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    /// Devices that have used it.
    pub devices: BTreeMap<DeviceId, Device>,
    /// People, those who left too.
    pub members: BTreeMap<MemberId, Member>,
    /// Inboxes, deleted ones too.
    pub inboxes: BTreeMap<InboxId, Inbox>,
    /// Channels that are not e-mail.
    pub other_channels: BTreeMap<OtherChannelId, OtherChannel>,
    /// Mailboxes and team addresses, removed ones too.
    pub mailboxes: BTreeMap<MailboxId, Mailbox>,
    /// All generations of all consents.
    pub grants: BTreeMap<GrantId, Grant>,
    /// All jobs.
    pub disconnects: BTreeMap<DisconnectId, Disconnect>,
    /// Intentions without a written outcome.
    pub intentions: BTreeMap<IntentionId, Intention>,
    /// All notices.
    pub notices: BTreeMap<NoticeId, Notice>,
    /// Organisations in which an administrator signed in, signed out ones too.
    pub organisations: BTreeMap<OrganisationId, Organisation>,
}

/// A workspace, or a case of it: the rows that a [`crate::Scope`] names. Every method either does all of what it says or
/// returns a [`Refusal`] and has changed nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workspace {
    parts: Parts,
    events: Vec<Event>,
    /// The newest notice of the whole workspace, where only a part of them is here.
    newest_notice: Option<NoticeId>,
}

impl Deref for Workspace {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl Workspace {
    /// A workspace as read from a store. Nothing has happened yet.
    #[must_use]
    pub fn from_parts(parts: Parts) -> Self {
        Self { parts, events: Vec::new(), newest_notice: None }
    }

    /// A case as read from a store. Notices that a rule makes are numbered after `newest_notice`, the newest one of the
    /// whole workspace, which need not be in the case.
    #[must_use]
    pub fn case(parts: Parts, newest_notice: Option<NoticeId>) -> Self {
        Self { parts, events: Vec::new(), newest_notice }
    }

    /// The parts, for a store that puts them together anew.
    #[must_use]
    pub fn into_parts(self) -> Parts {
        self.parts
    }

    /// What has happened since this was last asked.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Writes a line about no mailbox in particular.
    pub fn note(&mut self, ctx: &Ctx, kind: EventKind) {
        self.events.push(Event { by: Some(ctx.actor), at: ctx.now, mailbox: None, address: None, kind });
    }

    /// Writes a line about what the app saw by itself.
    fn note_by_app(&mut self, ctx: &Ctx, kind: EventKind) {
        self.events.push(Event { by: None, at: ctx.now, mailbox: None, address: None, kind });
    }

    /// Writes a line about an address that may be of no mailbox here.
    pub fn note_address(&mut self, ctx: &Ctx, by: Option<MemberId>, address: Option<Address>, kind: EventKind) {
        let mailbox = address.as_ref().and_then(|address| {
            let of_it = self.mailboxes.values().filter(|row| row.address.key() == address.key());
            of_it.max_by_key(|row| (row.usage != Use::Removed, row.id)).map(|row| row.id)
        });
        self.events.push(Event { by, at: ctx.now, mailbox, address, kind });
    }

    /// Writes a line about a mailbox.
    ///
    /// # Errors
    /// [`Refusal::UnknownMailbox`].
    pub fn note_mailbox(&mut self, ctx: &Ctx, mailbox: MailboxId, kind: EventKind) -> Result<(), Refusal> {
        self.mailbox(mailbox)?;
        self.tell(Some(ctx.actor), ctx, mailbox, kind);
        Ok(())
    }

    fn tell(&mut self, by: Option<MemberId>, ctx: &Ctx, mailbox: MailboxId, kind: EventKind) {
        let address = self.mailboxes.get(&mailbox).map(|m| m.address.clone());
        self.events.push(Event { by, at: ctx.now, mailbox: Some(mailbox), address, kind });
    }

    /// Begins the workspace with its first member.
    pub fn begin(&mut self, ctx: &Ctx, name: Name) {
        if self.members.is_empty() {
            let member = Member { id: ctx.actor, name, super_admin: true, language: None, removed: false };
            self.parts.members.insert(member.id, member);
            self.note(ctx, EventKind::WorkspaceBegun);
        }
    }

    /// Gives the acting member another name.
    ///
    /// # Errors
    /// [`Refusal::UnknownMember`].
    pub fn rename(&mut self, ctx: &Ctx, name: Name) -> Result<(), Refusal> {
        self.member(ctx.actor)?;
        let member = self.parts.members.get_mut(&ctx.actor).ok_or(Refusal::UnknownMember)?;
        if member.name == name {
            return Ok(());
        }
        let from = std::mem::replace(&mut member.name, name.clone());
        self.note(ctx, EventKind::MemberRenamed { from: from.into(), to: name.into() });
        Ok(())
    }

    /// A mailbox.
    ///
    /// # Errors
    /// [`Refusal::UnknownMailbox`].
    pub fn mailbox(&self, id: MailboxId) -> Result<&Mailbox, Refusal> {
        self.mailboxes.get(&id).ok_or(Refusal::UnknownMailbox)
    }

    /// The consent a mailbox hangs on now.
    #[must_use]
    pub fn grant_of(&self, mailbox: &Mailbox) -> Option<&Grant> {
        mailbox.grant.and_then(|id| self.grants.get(&id))
    }

    /// The job of a mailbox as it is now that was not ended. There is at most one; jobs about a provider that it
    /// moved away from are not among them.
    #[must_use]
    pub fn job_of(&self, mailbox: MailboxId) -> Option<&Disconnect> {
        self.disconnects.values().find(|job| job.mailbox == mailbox && job.is_of_today())
    }

    /// The row in use, or disabled, that has an address.
    #[must_use]
    pub fn in_use_with(&self, address: &Address) -> Option<&Mailbox> {
        self.mailboxes.values().find(|m| m.usage != Use::Removed && m.address.key() == address.key())
    }

    /// Other rows in use that hang on the same consent as a mailbox, and would be cut with it.
    pub fn sharing(&self, mailbox: &Mailbox) -> impl Iterator<Item = &Mailbox> {
        let id = mailbox.id;
        let grant = mailbox.grant;
        self.mailboxes
            .values()
            .filter(move |m| grant.is_some() && m.grant == grant && m.id != id && m.usage != Use::Removed)
    }

    /// A mailbox that the acting member may act on.
    fn own(&self, ctx: &Ctx, id: MailboxId) -> Result<&Mailbox, Refusal> {
        self.member(ctx.actor)?;
        let mailbox = self.mailbox(id)?;
        self.may_act(ctx.actor, mailbox)?;
        Ok(mailbox)
    }

    /// A job that can still be acted on, its mailbox, and a step of it.
    fn own_step(
        &self,
        ctx: &Ctx,
        job: DisconnectId,
        kind: StepKind,
    ) -> Result<(&Disconnect, &Mailbox, &Step), Refusal> {
        let (job, mailbox) = self.own_job(ctx, job)?;
        let step = job.step(kind).ok_or(Refusal::UnknownStep)?;
        Ok((job, mailbox, step))
    }

    fn own_job(&self, ctx: &Ctx, job: DisconnectId) -> Result<(&Disconnect, &Mailbox), Refusal> {
        let job = self.disconnects.get(&job).ok_or(Refusal::UnknownDisconnect)?;
        let mailbox = self.own(ctx, job.mailbox)?;
        if job.ended.is_some() {
            return Err(Refusal::DisconnectEnded);
        }
        Ok((job, mailbox))
    }

    /// Refuses when a row that goes on as it was would hang on a consent in whose place a later connection came;
    /// otherwise as [`Self::may_come_back`].
    fn may_come_back_as_it_was(&self, mailbox: &Mailbox) -> Result<(), Refusal> {
        self.may_come_back(mailbox)?;
        let grant = self.grant_of(mailbox);
        if grant.and_then(|grant| self.later_than(grant)).is_some() { Err(Refusal::Superseded) } else { Ok(()) }
    }

    /// The newest generation of a consent, if it is not this one.
    fn later_than(&self, grant: &Grant) -> Option<GrantId> {
        self.grants
            .values()
            .filter(|other| other.same_line(grant.provider, &grant.subject, grant.client))
            .max_by_key(|other| other.generation)
            .map(|newest| newest.id)
            .filter(|newest| *newest != grant.id)
    }

    /// Refuses when an address that comes back would be in use twice, or in an inbox that is not there any more.
    fn may_come_back(&self, mailbox: &Mailbox) -> Result<(), Refusal> {
        self.may_come_back_beside(mailbox, self.in_use_with(&mailbox.address))
    }

    /// The same, where the row that has the address now is known.
    fn may_come_back_beside(&self, mailbox: &Mailbox, present: Option<&Mailbox>) -> Result<(), Refusal> {
        if let Some(inbox) = mailbox.home.inbox() {
            self.inbox(inbox)?;
        }
        match present {
            Some(other) if other.id != mailbox.id => Err(Self::in_use(other)),
            _ => Ok(()),
        }
    }

    fn in_use(row: &Mailbox) -> Refusal {
        Refusal::AddressInUse { mailbox: row.id, address: row.address.clone(), inbox: row.home.inbox() }
    }

    fn set_use(&mut self, ctx: &Ctx, id: MailboxId, to: Use, evidence: Evidence) {
        if let Some(mailbox) = self.parts.mailboxes.get_mut(&id) {
            let from = std::mem::replace(&mut mailbox.usage, to);
            mailbox.usage_known = UseKnown::changed(evidence.clone(), ctx.actor);
            if from != to {
                self.tell(Some(ctx.actor), ctx, id, EventKind::UseChanged { from, to, evidence });
            }
            if from != Use::Removed && to == Use::Removed {
                self.answered(id);
                let inbox = self.mailboxes.get(&id).and_then(|row| row.home.inbox());
                self.tell_people(ctx, id, Some(ctx.actor), &NoticeKind::Disconnected { inbox });
            } else if from == Use::Removed && to != Use::Removed {
                self.correct(ctx, id, |what| matches!(what, NoticeKind::Disconnected { .. }));
            }
        }
    }

    fn stored(ctx: &Ctx) -> Evidence {
        Evidence::proven(Proof::Store, ctx.now)
    }

    fn said(ctx: &Ctx) -> Evidence {
        Evidence::Confirmed { stamp: ctx.stamp() }
    }
}
