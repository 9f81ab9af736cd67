//! What people say about steps, and take back.

use super::Workspace;
use crate::{
    Address, Consent, Ctx, DisconnectId, EndReason, EventKind, Evidence, Grant, GrantId, MailboxId, NotNeeded, Reason,
    Record, Refusal, Standing, StepKind, StepMode, Use,
};
use jiff::Timestamp;

impl Workspace {
    /// Takes a member's word that a step was done.
    ///
    /// Confirming the removal in HubSpot settles an open "disable" as not needed: HubSpot removes only
    /// what was disabled, but nobody has said anything about that step.
    ///
    /// # Errors
    /// [`Refusal::NotByHand`] for the backend's steps, [`Refusal::StepDone`],
    /// [`Refusal::StepNotNeeded`], [`Refusal::RemoveFirst`] for a revocation of a mailbox held here.
    pub fn confirm_step(&mut self, ctx: &Ctx, job: DisconnectId, kind: StepKind) -> Result<(), Refusal> {
        self.open_by_hand(ctx, job, kind)?;
        if kind == StepKind::ConnectAgain {
            // It makes a new generation or a new row: `connect_again` has their identities.
            return Err(Refusal::NotByHand);
        }
        self.settle(ctx, job, kind, Self::said(ctx))
    }

    /// "I did both in HubSpot": one tick for the CRM's side.
    ///
    /// # Errors
    /// As [`Workspace::confirm_step`]; [`Refusal::NotInHubSpot`] for a mailbox held here.
    pub fn confirm_in_crm(&mut self, ctx: &Ctx, job: DisconnectId) -> Result<(), Refusal> {
        let (_, row) = self.own_job(ctx, job)?;
        if row.held_here() {
            return Err(Refusal::NotInHubSpot);
        }
        self.open_by_hand(ctx, job, StepKind::RemoveFromCrm)?;
        if self.open_by_hand(ctx, job, StepKind::DisableInCrm).is_ok() {
            self.settle(ctx, job, StepKind::DisableInCrm, Self::said(ctx))?;
        }
        self.settle(ctx, job, StepKind::RemoveFromCrm, Self::said(ctx))
    }

    /// Closes a step that nobody can vouch for, with a reason.
    ///
    /// Closing the removal closes an open "disable" with it: the reason is the same one.
    ///
    /// # Errors
    /// [`Refusal::StepDone`], [`Refusal::StepNotNeeded`]; [`Refusal::NotByHand`] for the steps that are
    /// done here at once; [`Refusal::RemoveFirst`].
    pub fn close_step(&mut self, ctx: &Ctx, job: DisconnectId, kind: StepKind, reason: Reason) -> Result<(), Refusal> {
        let (disconnect, row, step) = self.own_step(ctx, job, kind)?;
        let in_crm = matches!(kind, StepKind::DisableInCrm | StepKind::RemoveFromCrm);
        if in_crm && row.held_here() {
            return Err(Refusal::NotByHand);
        }
        self.not_settled(&disconnect.standing(step, &self.grants))?;
        if !in_crm && row.held_here() && row.usage != Use::Removed {
            return Err(Refusal::RemoveFirst);
        }
        let evidence = Evidence::Unverified { stamp: ctx.stamp(), reason };
        if kind == StepKind::RemoveFromCrm
            && let Some(disable) = disconnect.step(StepKind::DisableInCrm)
            && disconnect.standing(disable, &self.grants) == Standing::Open
        {
            self.settle(ctx, job, StepKind::DisableInCrm, evidence.clone())?;
        }
        if kind == StepKind::RevokeGrant {
            // The consent itself stays what it is known to be; only this job stops waiting for it.
            self.write_step(job, kind, Record::Done { evidence: evidence.clone() });
            return self.tell_step(ctx, job, kind, evidence);
        }
        self.settle(ctx, job, kind, evidence)
    }

    /// Takes back what a member said, for a click by mistake.
    ///
    /// # Errors
    /// [`Refusal::Proven`], [`Refusal::NothingToWithdraw`], [`Refusal::NotByHand`] for what was done
    /// here; [`Refusal::AddressInUse`] when the row would come back beside another one, [`Refusal::UnknownInbox`] when
    /// the inbox that it would come back into was deleted, [`Refusal::Superseded`] when a later connection took the place
    /// of its consent, or the row has gone on since a move.
    pub fn withdraw_confirmation(&mut self, ctx: &Ctx, job: DisconnectId, kind: StepKind) -> Result<(), Refusal> {
        let (disconnect, row, step) = self.own_step(ctx, job, kind)?;
        let mailbox = row.id;
        match disconnect.standing(step, &self.grants) {
            Standing::Done(Evidence::Proven { .. }) => return Err(Refusal::Proven),
            Standing::Done(Evidence::Confirmed { .. } | Evidence::Unverified { .. }) => {}
            Standing::Open | Standing::Waiting | Standing::NotNeeded(_) => return Err(Refusal::NothingToWithdraw),
        }
        let removal_stands = disconnect
            .step(StepKind::RemoveFromCrm)
            .is_some_and(|s| matches!(disconnect.standing(s, &self.grants), Standing::Done(_)));
        let disabled = disconnect.step(StepKind::DisableInCrm).is_some_and(|s| matches!(s.record, Record::Done { .. }));
        let grant = step.grant;
        match kind {
            StepKind::RemoveFromCrm => {
                self.may_come_back_as_it_was(row)?;
                self.write_step(job, kind, Record::Open);
                if !disabled {
                    self.write_step(job, StepKind::DisableInCrm, Record::Open);
                }
                let to = if disabled { Use::Disabled } else { Use::InUse };
                self.set_use(ctx, mailbox, to, Self::said(ctx));
            }
            StepKind::DisableInCrm if removal_stands => {
                self.write_step(job, kind, Record::NotNeeded { why: NotNeeded::RemovalConfirmed });
            }
            StepKind::DisableInCrm => {
                self.write_step(job, kind, Record::Open);
                self.set_use(ctx, mailbox, Use::InUse, Self::said(ctx));
            }
            StepKind::RevokeGrant => {
                self.write_step(job, kind, Record::Open);
                self.consent_not_said_gone(ctx, mailbox, grant);
            }
            StepKind::ConnectAgain => {
                self.not_moved(ctx, mailbox, job)?;
                self.write_step(job, kind, Record::Open);
            }
            StepKind::WithdrawPassword | StepKind::RemoveForwarding | StepKind::ForgetSecret => {
                self.write_step(job, kind, Record::Open);
            }
        }
        self.tell(Some(ctx.actor), ctx, mailbox, EventKind::ConfirmationWithdrawn { disconnect: job, step: kind });
        Ok(())
    }

    /// Takes a member's word about a consent back. A later connection of the account may have taken its place since.
    fn consent_not_said_gone(&mut self, ctx: &Ctx, mailbox: MailboxId, grant: Option<GrantId>) {
        let said = |grant: &&Grant| matches!(grant.consent, Consent::Gone { evidence: Evidence::Confirmed { .. } });
        let Some(grant) = grant.and_then(|id| self.grants.get(&id)).filter(said) else { return };
        let (id, later) = (grant.id, self.later_than(grant));
        if let Some(grant) = self.parts.grants.get_mut(&id) {
            grant.consent = later.map_or(Consent::Unknown, |by| Consent::Superseded { by, at: ctx.now });
        }
        if later.is_some() {
            self.tell(None, ctx, mailbox, EventKind::RevocationSuperseded);
        }
    }

    /// A member looked at the provider's list and did not find the app. That is not gone: they may have
    /// looked at another account's list.
    ///
    /// # Errors
    /// As [`Workspace::confirm_step`].
    pub fn not_listed(&mut self, ctx: &Ctx, job: DisconnectId, account: Option<Address>) -> Result<(), Refusal> {
        self.open_by_hand(ctx, job, StepKind::RevokeGrant)?;
        let (disconnect, _, step) = self.own_step(ctx, job, StepKind::RevokeGrant)?;
        let mailbox = disconnect.mailbox;
        let grant = step.grant.and_then(|id| self.parts.grants.get_mut(&id)).ok_or(Refusal::UnknownStep)?;
        grant.consent = Consent::NotSeen { account: account.clone(), stamp: ctx.stamp() };
        self.tell(Some(ctx.actor), ctx, mailbox, EventKind::NotListed { account });
        Ok(())
    }

    /// Calls a job off before anything was done.
    ///
    /// # Errors
    /// [`Refusal::NotInUse`] when the mailbox is disabled (enable it instead) or removed;
    /// [`Refusal::RevocationStarted`].
    pub fn stop(&mut self, ctx: &Ctx, job: DisconnectId) -> Result<(), Refusal> {
        let (job, row) = self.own_job(ctx, job)?;
        if row.usage != Use::InUse {
            return Err(Refusal::NotInUse);
        }
        if self.revocation_started(job) {
            return Err(Refusal::RevocationStarted);
        }
        let mailbox = row.id;
        self.end_job(ctx, mailbox, EndReason::Stopped);
        Ok(())
    }

    /// Puts a job off.
    ///
    /// # Errors
    /// [`Refusal::PastReminder`].
    pub fn snooze(&mut self, ctx: &Ctx, job: DisconnectId, until: Timestamp) -> Result<(), Refusal> {
        let (disconnect, row) = self.own_job(ctx, job)?;
        if until <= ctx.now {
            return Err(Refusal::PastReminder);
        }
        if disconnect.completion(&self.grants).is_complete() {
            return Err(Refusal::StepDone);
        }
        let mailbox = row.id;
        if let Some(disconnect) = self.parts.disconnects.get_mut(&job) {
            disconnect.snoozed_until = Some(until);
            disconnect.snoozed_by = Some(ctx.actor);
        }
        self.tell(Some(ctx.actor), ctx, mailbox, EventKind::Snoozed { until });
        Ok(())
    }

    /// Whether a member's word on a step would be taken now.
    ///
    /// # Errors
    /// The refusal that [`Workspace::confirm_step`] would give.
    pub fn open_by_hand(&self, ctx: &Ctx, job: DisconnectId, kind: StepKind) -> Result<(), Refusal> {
        let (disconnect, row, step) = self.own_step(ctx, job, kind)?;
        self.not_settled(&disconnect.standing(step, &self.grants))?;
        if disconnect.mode(step, row, &self.grants, ctx.device) == StepMode::Backend {
            return Err(Refusal::NotByHand);
        }
        if row.held_here() && row.usage != Use::Removed {
            return Err(Refusal::RemoveFirst);
        }
        Ok(())
    }

    pub(super) fn not_settled(&self, standing: &Standing) -> Result<(), Refusal> {
        match standing {
            Standing::Open | Standing::Waiting => Ok(()),
            Standing::Done(_) => Err(Refusal::StepDone),
            Standing::NotNeeded(NotNeeded::Superseded) => Err(Refusal::Superseded),
            Standing::NotNeeded(_) => Err(Refusal::StepNotNeeded),
        }
    }

    fn settle(&mut self, ctx: &Ctx, job: DisconnectId, kind: StepKind, evidence: Evidence) -> Result<(), Refusal> {
        let (disconnect, row, step) = self.own_step(ctx, job, kind)?;
        let (mailbox, grant) = (row.id, step.grant);
        let disable_open = disconnect
            .step(StepKind::DisableInCrm)
            .is_some_and(|s| disconnect.standing(s, &self.grants) == Standing::Open);
        match kind {
            StepKind::DisableInCrm => {
                self.write_step(job, kind, Record::Done { evidence: evidence.clone() });
                self.set_use(ctx, mailbox, Use::Disabled, evidence.clone());
            }
            StepKind::RemoveFromCrm => {
                self.write_step(job, kind, Record::Done { evidence: evidence.clone() });
                if disable_open {
                    let why = NotNeeded::RemovalConfirmed;
                    self.write_step(job, StepKind::DisableInCrm, Record::NotNeeded { why });
                }
                self.set_use(ctx, mailbox, Use::Removed, evidence.clone());
            }
            StepKind::RevokeGrant => {
                let grant = grant.and_then(|id| self.parts.grants.get_mut(&id)).ok_or(Refusal::UnknownStep)?;
                grant.consent = Consent::Gone { evidence: evidence.clone() };
            }
            StepKind::WithdrawPassword
            | StepKind::RemoveForwarding
            | StepKind::ConnectAgain
            | StepKind::ForgetSecret => {
                self.write_step(job, kind, Record::Done { evidence: evidence.clone() });
            }
        }
        self.tell_step(ctx, job, kind, evidence)
    }

    pub(super) fn tell_step(
        &mut self,
        ctx: &Ctx,
        job: DisconnectId,
        step: StepKind,
        evidence: Evidence,
    ) -> Result<(), Refusal> {
        let mailbox = self.disconnects.get(&job).ok_or(Refusal::UnknownDisconnect)?.mailbox;
        self.tell(Some(ctx.actor), ctx, mailbox, EventKind::StepDone { disconnect: job, step, evidence });
        Ok(())
    }
}
