//! The CRM's side: disable, enable, remove, undo.

use super::Workspace;
use crate::{
    Consent, Ctx, Disconnect, DisconnectId, EndReason, EventKind, IntentionKind, Mailbox, MailboxId, Provider, Purpose,
    Record, Refusal, StepKind, Token, Use,
};
use jiff::SignedDuration;

/// How long a token is kept after a removal at a provider where only a person can revoke: long enough to
/// look whether they did, short enough not to be forgotten about.
const KEPT_AFTER_REMOVAL: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Workspace {
    /// Disables a mailbox and opens its job. One held here turns grey at once; one held by HubSpot stays
    /// as it is until somebody has said that it was done there.
    ///
    /// # Errors
    /// [`Refusal::TeamAddress`], [`Refusal::NotInUse`], [`Refusal::AlreadyRemoved`],
    /// [`Refusal::AlreadyDisconnecting`].
    pub fn disable(&mut self, ctx: &Ctx, mailbox: MailboxId, job: DisconnectId) -> Result<DisconnectId, Refusal> {
        if self.own(ctx, mailbox)?.is_team() {
            return Err(Refusal::TeamAddress);
        }
        if self.open_job(ctx, mailbox, job, StepKind::DisableInCrm)? {
            self.set_use(ctx, mailbox, Use::Disabled, Self::stored(ctx));
        }
        Ok(job)
    }

    /// Deletes a team address from its inbox and opens its job. One held here is gone at once; one held by HubSpot
    /// stays as it is until somebody has said that it was done there.
    ///
    /// # Errors
    /// [`Refusal::NotATeamAddress`], [`Refusal::AlreadyRemoved`], [`Refusal::AlreadyDisconnecting`].
    pub fn delete_channel(
        &mut self,
        ctx: &Ctx,
        mailbox: MailboxId,
        job: DisconnectId,
    ) -> Result<DisconnectId, Refusal> {
        if !self.own(ctx, mailbox)?.is_team() {
            return Err(Refusal::NotATeamAddress);
        }
        if self.open_job(ctx, mailbox, job, StepKind::RemoveFromCrm)? {
            self.keep_to_check(ctx, mailbox);
            self.set_use(ctx, mailbox, Use::Removed, Self::stored(ctx));
        }
        Ok(job)
    }

    /// Opens the job of a mailbox in use. True: it is held here, and the first step is done with that.
    fn open_job(&mut self, ctx: &Ctx, mailbox: MailboxId, job: DisconnectId, first: StepKind) -> Result<bool, Refusal> {
        let row = self.own(ctx, mailbox)?;
        match row.usage {
            Use::InUse => {}
            Use::Disabled => return Err(Refusal::NotInUse),
            Use::Removed => return Err(Refusal::AlreadyRemoved),
        }
        if self.job_of(mailbox).is_some() {
            return Err(Refusal::AlreadyDisconnecting);
        }
        let here = row.held_here();
        let token_held = self.grant_of(row).is_some_and(|g| g.token.secret().is_some());
        let mut opened = Disconnect::open(job, row, Purpose::Leave, token_held, ctx.stamp());
        if here && let Some(step) = opened.step_mut(first) {
            step.record = Record::Done { evidence: Self::stored(ctx) };
        }
        self.parts.disconnects.insert(job, opened);
        self.answered(mailbox);
        self.tell(
            Some(ctx.actor),
            ctx,
            mailbox,
            EventKind::DisconnectOpened { disconnect: job, purpose: Some(Purpose::Leave) },
        );
        Ok(here)
    }

    /// Where only a person can revoke, our own token is kept for a while, to look whether they did.
    fn keep_to_check(&mut self, ctx: &Ctx, mailbox: MailboxId) {
        let Some(row) = self.mailboxes.get(&mailbox).filter(|row| row.provider != Provider::Google) else { return };
        if let Some(grant) = row.grant.and_then(|id| self.parts.grants.get_mut(&id))
            && let Token::Held { forget_by, .. } = &mut grant.token
        {
            *forget_by = Some(ctx.now.saturating_add(KEPT_AFTER_REMOVAL).unwrap_or(ctx.now));
        }
    }

    /// Enables a disabled mailbox and ends its job. For one held by HubSpot this is what a member says
    /// after doing it there.
    ///
    /// # Errors
    /// [`Refusal::NotDisabled`], [`Refusal::AlreadyRemoved`]; [`Refusal::RevocationStarted`] once the
    /// consent is gone or on its way out.
    pub fn enable(&mut self, ctx: &Ctx, mailbox: MailboxId) -> Result<(), Refusal> {
        let row = self.enableable(ctx, mailbox)?;
        let evidence = if row.held_here() { Self::stored(ctx) } else { Self::said(ctx) };
        self.set_use(ctx, mailbox, Use::InUse, evidence);
        self.end_job(ctx, mailbox, EndReason::Enabled);
        Ok(())
    }

    /// A disabled mailbox that can be enabled again.
    ///
    /// # Errors
    /// The refusal that [`Workspace::enable`] would give.
    pub fn enableable(&self, ctx: &Ctx, mailbox: MailboxId) -> Result<&Mailbox, Refusal> {
        let row = self.own(ctx, mailbox)?;
        match row.usage {
            Use::Disabled => {}
            Use::InUse => return Err(Refusal::NotDisabled),
            Use::Removed => return Err(Refusal::AlreadyRemoved),
        }
        if self.job_of(mailbox).is_some_and(|job| self.revocation_started(job)) {
            return Err(Refusal::RevocationStarted);
        }
        Ok(row)
    }

    /// Removes a disabled mailbox that is held here.
    ///
    /// # Errors
    /// [`Refusal::NotDisabled`], [`Refusal::AlreadyRemoved`]; [`Refusal::NotHeldHere`] for HubSpot's,
    /// whose removal is a step that a person confirms.
    pub fn remove(&mut self, ctx: &Ctx, mailbox: MailboxId) -> Result<DisconnectId, Refusal> {
        let row = self.own(ctx, mailbox)?;
        if !row.held_here() {
            return Err(Refusal::NotHeldHere);
        }
        match row.usage {
            Use::Disabled => {}
            Use::InUse => return Err(Refusal::NotDisabled),
            Use::Removed => return Err(Refusal::AlreadyRemoved),
        }
        let job = self.job_of(mailbox).ok_or(Refusal::UnknownDisconnect)?.id;
        self.write_step(job, StepKind::RemoveFromCrm, Record::Done { evidence: Self::stored(ctx) });
        self.keep_to_check(ctx, mailbox);
        self.set_use(ctx, mailbox, Use::Removed, Self::stored(ctx));
        Ok(job)
    }

    /// Takes back a removal of a mailbox held here; the row is greyed again, as it was. A team address is in use
    /// again, and its job is over.
    ///
    /// # Errors
    /// [`Refusal::RevocationStarted`] once a revocation was requested, confirmed or closed;
    /// [`Refusal::NoToken`] when the token is forgotten or about to be; [`Refusal::AddressInUse`] when
    /// another row took the address; [`Refusal::UnknownInbox`] when its inbox was deleted; [`Refusal::Superseded`] when the
    /// same account was connected again as another row.
    pub fn undo_removal(&mut self, ctx: &Ctx, job: DisconnectId) -> Result<(), Refusal> {
        let (job, row) = self.removed_for_now(ctx, job)?;
        self.may_come_back_as_it_was(row)?;
        let (job, mailbox, grant, team) = (job.id, row.id, row.grant, row.is_team());
        self.write_step(job, StepKind::RemoveFromCrm, Record::Open);
        if let Some(grant) = grant.and_then(|id| self.parts.grants.get_mut(&id))
            && let Token::Held { forget_by, .. } = &mut grant.token
        {
            *forget_by = None;
        }
        self.set_use(ctx, mailbox, if team { Use::InUse } else { Use::Disabled }, Self::stored(ctx));
        if team {
            self.end_job(ctx, mailbox, EndReason::Stopped);
        }
        Ok(())
    }

    /// A job whose removal here can still be taken back, as far as the job itself goes.
    ///
    /// # Errors
    /// The refusal that [`Workspace::undo_removal`] would give.
    pub fn removed_for_now(&self, ctx: &Ctx, job: DisconnectId) -> Result<(&Disconnect, &Mailbox), Refusal> {
        let (job, row) = self.own_job(ctx, job)?;
        if !row.held_here() {
            return Err(Refusal::NotHeldHere);
        }
        if row.usage != Use::Removed {
            return Err(Refusal::NothingToWithdraw);
        }
        if self.revocation_started(job) {
            return Err(Refusal::RevocationStarted);
        }
        let grant = self.grant_of(row).filter(|g| g.token.secret().is_some()).ok_or(Refusal::NoToken)?.id;
        // Its deletion was begun and is tried again until it is done: the row would come back without it.
        let forgetting = |i: &crate::Intention| matches!(i.kind, IntentionKind::Forget { grant: g, .. } if g == grant);
        if self.intentions.values().any(forgetting) {
            return Err(Refusal::NoToken);
        }
        Ok((job, row))
    }

    /// Whether the provider's side of a job has a beginning that can't be undone. Opening a page, or not
    /// finding the app listed, is none.
    #[must_use]
    pub fn revocation_started(&self, job: &Disconnect) -> bool {
        let in_crm = [StepKind::DisableInCrm, StepKind::RemoveFromCrm];
        job.steps.iter().filter(|step| !in_crm.contains(&step.kind)).any(|step| {
            let grant = step.grant.and_then(|id| self.grants.get(&id));
            let consent = grant.map(|g| &g.consent);
            let requested = step.kind == StepKind::RevokeGrant
                && matches!(consent, Some(Consent::RevocationRequested { .. } | Consent::Gone { .. }));
            // Asked and answered with "invalid", or given up: the consent may be gone for all we know.
            let asked = step.kind == StepKind::RevokeGrant && grant.is_some_and(|g| g.tried.is_some());
            requested || asked || matches!(step.record, Record::Done { .. })
        })
    }

    pub(super) fn write_step(&mut self, job: DisconnectId, kind: StepKind, record: Record) {
        if let Some(step) = self.parts.disconnects.get_mut(&job).and_then(|job| job.step_mut(kind)) {
            step.record = record;
        }
    }
}
