//! Connecting again in HubSpot: on the same row, at another provider, or as the other kind.

use super::{NewTracked, Workspace};
use crate::{
    Client, Consent, Ctx, Disconnect, DisconnectId, EventKind, GrantId, Home, Link, LostReason, Mailbox, MailboxId,
    NoticeKind, Provider, Purpose, Record, Refusal, Standing, StepKind, Subject, Token, Use, UseKnown,
};

/// Identities for what connecting again may make.
#[derive(Clone, Copy, Debug)]
pub struct FreshRow {
    /// For a new row.
    pub mailbox: MailboxId,
    /// For its consent.
    pub grant: GrantId,
}

impl Provider {
    /// Where HubSpot moves a mailbox of this provider by itself when it is connected there
    /// (<https://knowledge.hubspot.com/connected-email/disconnect-your-inbox-from-hubspot>, read 2026-11: between
    /// Gmail and Office 365).
    #[must_use]
    pub fn moves_to(self) -> Option<Self> {
        match self {
            Self::Google => Some(Self::Microsoft365),
            Self::Microsoft365 => Some(Self::Google),
            Self::OutlookCom | Self::Imap | Self::Hosted => None,
        }
    }
}

impl Workspace {
    /// Begins to move a mailbox of HubSpot's to another provider.
    ///
    /// # Errors
    /// [`Refusal::CantMoveThere`]; otherwise as [`Workspace::change_kind`].
    pub fn move_provider(
        &mut self,
        ctx: &Ctx,
        mailbox: MailboxId,
        to: Provider,
        job: DisconnectId,
    ) -> Result<DisconnectId, Refusal> {
        let row = self.own(ctx, mailbox)?;
        if row.provider.moves_to() != Some(to) {
            return Err(Refusal::CantMoveThere);
        }
        self.open_on_the_way(ctx, mailbox, Purpose::Move { to }, job)?;
        self.tell_people(ctx, mailbox, Some(ctx.actor), &NoticeKind::Moving { to });
        Ok(job)
    }

    /// Begins to make a team address of a personal mailbox of HubSpot's, or the other way round.
    ///
    /// # Errors
    /// [`Refusal::NotInHubSpot`], [`Refusal::NotInUse`], [`Refusal::AlreadyDisconnecting`];
    /// [`Refusal::TeamAddress`] or [`Refusal::NotATeamAddress`] when it is that kind already;
    /// [`Refusal::NotForTeams`] for passwords, [`Refusal::NotPersonal`] for hosted addresses;
    /// [`Refusal::NotYours`] for somebody else's Email tab; as [`Workspace::accessible`] for the inbox.
    pub fn change_kind(
        &mut self,
        ctx: &Ctx,
        mailbox: MailboxId,
        purpose: Purpose,
        job: DisconnectId,
    ) -> Result<DisconnectId, Refusal> {
        let row = self.own(ctx, mailbox)?;
        match purpose {
            Purpose::ToTeam { .. } if row.is_team() => return Err(Refusal::TeamAddress),
            Purpose::ToTeam { inbox } => {
                self.accessible(ctx.actor, inbox)?;
                if row.provider == Provider::Imap {
                    return Err(Refusal::NotForTeams);
                }
            }
            Purpose::ToPersonal { .. } if !row.is_team() => return Err(Refusal::NotATeamAddress),
            Purpose::ToPersonal { owner } if owner != ctx.actor => return Err(Refusal::NotYours),
            Purpose::ToPersonal { .. } if row.provider == Provider::Hosted => return Err(Refusal::NotPersonal),
            Purpose::ToPersonal { .. } => {}
            Purpose::Leave | Purpose::Move { .. } => return Err(Refusal::CantMoveThere),
        }
        self.open_on_the_way(ctx, mailbox, purpose, job)
    }

    fn open_on_the_way(
        &mut self,
        ctx: &Ctx,
        mailbox: MailboxId,
        purpose: Purpose,
        job: DisconnectId,
    ) -> Result<DisconnectId, Refusal> {
        let row = self.own(ctx, mailbox)?;
        if row.held_here() {
            return Err(Refusal::NotInHubSpot);
        }
        if self.job_of(mailbox).is_some() {
            return Err(Refusal::AlreadyDisconnecting);
        }
        if row.usage != Use::InUse {
            return Err(Refusal::NotInUse);
        }
        let opened = Disconnect::open(job, row, purpose, false, ctx.stamp());
        self.parts.disconnects.insert(job, opened);
        self.answered(mailbox);
        self.tell(
            Some(ctx.actor),
            ctx,
            mailbox,
            EventKind::DisconnectOpened { disconnect: job, purpose: Some(purpose) },
        );
        Ok(job)
    }

    /// Takes a member's word that the address is connected in HubSpot again: at the new provider, on the same row
    /// with the next generation of its consent, or as the other kind, as a row of that kind.
    ///
    /// # Errors
    /// [`Refusal::UnknownStep`], [`Refusal::StepDone`]; [`Refusal::RemoveFirst`] while HubSpot still has it as the
    /// kind that it was.
    pub fn connect_again(&mut self, ctx: &Ctx, job: DisconnectId, fresh: FreshRow) -> Result<MailboxId, Refusal> {
        let (disconnect, row, step) = self.own_step(ctx, job, StepKind::ConnectAgain)?;
        self.not_settled(&disconnect.standing(step, &self.grants))?;
        let removed = disconnect
            .step(StepKind::RemoveFromCrm)
            .is_none_or(|step| disconnect.standing(step, &self.grants).is_settled());
        let (mailbox, purpose) = (row.id, disconnect.purpose);
        let (address, provider, account) = (row.address.clone(), row.provider, row.hubspot_account().cloned());
        let home = match purpose {
            Purpose::Leave => return Err(Refusal::UnknownStep),
            Purpose::Move { to } => {
                self.go_on(ctx, mailbox, to, fresh.grant);
                self.write_connected(job, self.mailboxes.get(&mailbox).and_then(|row| row.grant));
                self.tell(Some(ctx.actor), ctx, mailbox, EventKind::Moved { from: provider, to });
                None
            }
            Purpose::ToTeam { inbox } => Some(Home::Team { inbox, connected_by: Some(ctx.actor) }),
            Purpose::ToPersonal { owner } => Some(Home::Personal { owner }),
        };
        let connected = match home {
            None => mailbox,
            Some(_) if !removed => return Err(Refusal::RemoveFirst),
            Some(home) => {
                let new = NewTracked { mailbox: fresh.mailbox, grant: fresh.grant, home, address, provider, account };
                self.track(ctx, new)?
            }
        };
        let evidence = Self::said(ctx);
        self.write_step(job, StepKind::ConnectAgain, Record::Done { evidence: evidence.clone() });
        self.tell_step(ctx, job, StepKind::ConnectAgain, evidence)?;
        Ok(connected)
    }

    /// Takes back that a mailbox was connected at the new provider.
    pub(super) fn not_moved(&mut self, ctx: &Ctx, mailbox: MailboxId, job: DisconnectId) -> Result<(), Refusal> {
        let disconnect = self.disconnects.get(&job).ok_or(Refusal::UnknownDisconnect)?;
        let Purpose::Move { to } = disconnect.purpose else { return Err(Refusal::NothingToWithdraw) };
        // Another job of the row as it is now would be about the wrong provider.
        if self.job_of(mailbox).is_some() {
            return Err(Refusal::AlreadyDisconnecting);
        }
        let provider = disconnect.provider;
        let old = disconnect.step(StepKind::RevokeGrant).and_then(|step| step.grant);
        let made = disconnect.step(StepKind::ConnectAgain).and_then(|step| step.grant);
        let later = old.and_then(|id| self.grants.get(&id)).and_then(|grant| self.later_than(grant));
        let row = self.parts.mailboxes.get_mut(&mailbox).ok_or(Refusal::UnknownMailbox)?;
        if (row.provider, row.grant) == (provider, old) {
            // The step was closed without anybody saying that it was connected there, so the row never went on.
            return Ok(());
        }
        if row.provider != to || later.is_some() || made.is_some_and(|made| row.grant != Some(made)) {
            // It has gone on since, and there is nothing to go back to.
            return Err(Refusal::Superseded);
        }
        let new = std::mem::replace(&mut row.grant, old);
        row.provider = provider;
        row.usage_known = UseKnown::changed(Self::said(ctx), ctx.actor);
        if let (Some(new), Some(old)) = (new.and_then(|id| self.parts.grants.get_mut(&id)), old)
            && new.consent == Consent::Unknown
        {
            // By all that is known it was never given. What the provider's list said of it stays.
            new.consent = Consent::Superseded { by: old, at: ctx.now };
        }
        self.write_connected(job, None);
        Ok(())
    }

    /// Which consent a move led to.
    fn write_connected(&mut self, job: DisconnectId, grant: Option<GrantId>) {
        if let Some(step) = self.parts.disconnects.get_mut(&job).and_then(|job| job.step_mut(StepKind::ConnectAgain)) {
            step.grant = grant;
        }
    }

    /// Takes a member's word that a mailbox of HubSpot's was connected again there. The row goes on, with the next
    /// generation of its consent; an open job ends, a complete one stays complete.
    ///
    /// # Errors
    /// [`Refusal::NotInHubSpot`]; [`Refusal::AlreadyDisconnecting`] while it is moving; [`Refusal::AddressInUse`];
    /// [`Refusal::UnknownInbox`] when its inbox was deleted.
    pub fn reconnected(&mut self, ctx: &Ctx, mailbox: MailboxId, grant: GrantId) -> Result<(), Refusal> {
        let row = self.reconnectable(ctx, mailbox)?;
        let provider = row.provider;
        let why = self.why_again(mailbox);
        self.go_on(ctx, mailbox, provider, grant);
        self.end_job(ctx, mailbox, why);
        self.tell(Some(ctx.actor), ctx, mailbox, EventKind::Reconnected);
        Ok(())
    }

    /// A mailbox of HubSpot's that can be connected again there.
    ///
    /// # Errors
    /// The refusal that [`Workspace::reconnected`] would give.
    pub fn reconnectable(&self, ctx: &Ctx, mailbox: MailboxId) -> Result<&Mailbox, Refusal> {
        let row = self.own(ctx, mailbox)?;
        self.may_reconnect(row, self.job_of(mailbox), self.in_use_with(&row.address))?;
        Ok(row)
    }

    /// The rule of [`Self::reconnectable`], where the row's job and the row that has its address now are known.
    pub(super) fn may_reconnect(
        &self,
        row: &Mailbox,
        job: Option<&Disconnect>,
        present: Option<&Mailbox>,
    ) -> Result<(), Refusal> {
        if row.held_here() {
            return Err(Refusal::NotInHubSpot);
        }
        if job.is_some_and(|job| job.purpose != Purpose::Leave) {
            return Err(Refusal::AlreadyDisconnecting);
        }
        self.may_come_back_beside(row, present)
    }

    fn go_on(&mut self, ctx: &Ctx, mailbox: MailboxId, provider: Provider, grant: GrantId) {
        let Some(row) = self.mailboxes.get(&mailbox) else { return };
        let subject = Subject::Address(row.address.key().to_owned());
        let grant = provider.has_consent().then(|| {
            self.next_generation(ctx, grant, provider, subject, Client::HubSpot, Consent::Unknown, Token::None)
        });
        if let Some(row) = self.parts.mailboxes.get_mut(&mailbox) {
            row.provider = provider;
            row.grant = grant;
            row.usage = Use::InUse;
            row.usage_known = UseKnown::changed(Self::said(ctx), ctx.actor);
            row.link = Link::Unknown;
            row.unreachable_since = None;
            row.asked = None;
        }
        self.recovered(ctx, mailbox);
    }

    /// Takes a member's word that HubSpot shows a connection as lost.
    ///
    /// # Errors
    /// [`Refusal::NotInHubSpot`], [`Refusal::NotInUse`].
    pub fn report_lost(&mut self, ctx: &Ctx, mailbox: MailboxId) -> Result<(), Refusal> {
        let row = self.own(ctx, mailbox)?;
        if row.held_here() {
            return Err(Refusal::NotInHubSpot);
        }
        if row.usage != Use::InUse {
            return Err(Refusal::NotInUse);
        }
        let reason = LostReason::Unknown;
        if let Some(row) = self.parts.mailboxes.get_mut(&mailbox)
            && !matches!(row.link, Link::Lost { .. })
        {
            row.link = Link::Lost { reason, since: ctx.now, by: Some(ctx.actor) };
            self.tell(Some(ctx.actor), ctx, mailbox, EventKind::LossReported);
            self.lost(ctx, mailbox, Some(ctx.actor), reason);
        }
        Ok(())
    }

    /// Whether a job's last step waits for the removal.
    #[must_use]
    pub fn waits_for_removal(&self, job: &Disconnect, kind: StepKind) -> bool {
        kind == StepKind::ConnectAgain
            && job.step(StepKind::RemoveFromCrm).is_some_and(|s| job.standing(s, &self.grants) == Standing::Open)
    }
}
