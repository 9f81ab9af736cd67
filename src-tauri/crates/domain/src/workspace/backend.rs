//! What the backend does and learns.

use super::Workspace;
use crate::{
    Consent, Ctx, DisconnectId, EventKind, Evidence, GrantId, Intention, IntentionId, IntentionKind, Link, LostReason,
    MailboxId, MemberId, NoticeKind, Proof, Record, Refusal, RevokeAnswer, SecretId, Standing, StepKind, StepMode,
    Token, TokenEnd, Tried, Use,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a use of our own token said of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    /// It works.
    Works,
    /// The provider says that there is no consent.
    NoConsent,
    /// Refused, without a reason that means anything.
    Refused,
    /// Refused by a policy.
    Policy,
    /// More than a token is wanted.
    Interaction,
    /// The organisation's limit on the length of a sign-in is reached.
    SessionOver,
    /// The sign-in app is turned away.
    AppRefused,
    /// The account is turned away.
    AccountRefused,
    /// Nothing usable came.
    NoAnswer,
}

impl Workspace {
    /// Writes down that a token is about to be kept.
    pub fn intend_keep(&mut self, ctx: &Ctx, id: IntentionId, secret: SecretId) {
        self.intend(ctx, id, IntentionKind::Keep { secret });
    }

    /// Closes an intention to keep that came to nothing; its entry was swept.
    ///
    /// # Errors
    /// As [`Workspace::not_kept`].
    pub fn swept(&mut self, ctx: &Ctx, id: IntentionId) -> Result<(), Refusal> {
        self.not_kept(ctx, id)?;
        self.note(ctx, EventKind::OrphanSwept);
        Ok(())
    }

    /// Closes an intention to keep whose entry was never written.
    ///
    /// # Errors
    /// [`Refusal::UnknownIntention`]; [`Refusal::KeptElsewhere`] where it is another device's.
    pub fn not_kept(&mut self, ctx: &Ctx, id: IntentionId) -> Result<(), Refusal> {
        match self.own_intention(ctx, id)? {
            IntentionKind::Keep { .. } => {}
            IntentionKind::Revoke { .. } | IntentionKind::Forget { .. } | IntentionKind::ForgetSignIn { .. } => {
                return Err(Refusal::UnknownIntention);
            }
        }
        self.parts.intentions.remove(&id);
        Ok(())
    }

    /// Writes down that the provider is about to be asked to revoke. Each call has an intention of its own:
    /// when two are under way, each answer must find its place, or a proof would be lost.
    ///
    /// # Errors
    /// [`Refusal::NotByBackend`] where only a person can; [`Refusal::RemoveFirst`]; [`Refusal::StepDone`].
    pub fn request_revocation(&mut self, ctx: &Ctx, job: DisconnectId, id: IntentionId) -> Result<(), Refusal> {
        let (disconnect, row, step) = self.own_step(ctx, job, StepKind::RevokeGrant)?;
        match disconnect.standing(step, &self.grants) {
            Standing::Open | Standing::Waiting => {}
            Standing::Done(_) => return Err(Refusal::StepDone),
            Standing::NotNeeded(_) => return Err(Refusal::Superseded),
        }
        if disconnect.mode(step, row, &self.grants, ctx.device) != StepMode::Backend {
            return Err(Refusal::NotByBackend);
        }
        if row.usage != Use::Removed {
            return Err(Refusal::RemoveFirst);
        }
        let (mailbox, grant) = (row.id, step.grant.ok_or(Refusal::UnknownStep)?);
        let wanted = IntentionKind::Revoke { disconnect: job, grant };
        if let Some(grant) = self.parts.grants.get_mut(&grant) {
            grant.consent = Consent::RevocationRequested { stamp: ctx.stamp() };
        }
        self.intend(ctx, id, wanted);
        self.tell(Some(ctx.actor), ctx, mailbox, EventKind::RevocationRequested);
        Ok(())
    }

    /// Closes an intention to revoke without another call: the matter is settled otherwise, or there is no
    /// token left to ask with. Nothing is claimed about an answer.
    ///
    /// # Errors
    /// [`Refusal::UnknownIntention`]; [`Refusal::KeptElsewhere`] where it is another device's.
    pub fn leave_revocation(&mut self, ctx: &Ctx, id: IntentionId) -> Result<(), Refusal> {
        match self.own_intention(ctx, id)? {
            IntentionKind::Revoke { .. } => {}
            IntentionKind::Keep { .. } | IntentionKind::Forget { .. } | IntentionKind::ForgetSignIn { .. } => {
                return Err(Refusal::UnknownIntention);
            }
        }
        self.parts.intentions.remove(&id);
        Ok(())
    }

    /// Writes down the provider's answer to a revocation, or that of `hosts` in its place.
    ///
    /// A proof that came earlier stays: a second call for the same token is answered with "invalid".
    ///
    /// # Errors
    /// [`Refusal::UnknownIntention`]; [`Refusal::KeptElsewhere`] where it is another device's.
    pub fn record_revocation(
        &mut self,
        ctx: &Ctx,
        id: IntentionId,
        answer: RevokeAnswer,
        hosts: Vec<String>,
    ) -> Result<(), Refusal> {
        let IntentionKind::Revoke { disconnect, grant } = self.own_intention(ctx, id)? else {
            return Err(Refusal::UnknownIntention);
        };
        let mailbox = self.disconnects.get(&disconnect).ok_or(Refusal::UnknownDisconnect)?.mailbox;
        self.parts.intentions.remove(&id);
        let Some(grant) = self.parts.grants.get_mut(&grant) else {
            return Ok(());
        };
        grant.tried = Some(Tried { at: ctx.now, answer });
        let waiting = matches!(grant.consent, Consent::RevocationRequested { .. });
        match answer {
            RevokeAnswer::Gone => {
                let (proof, hosts) = (Proof::GoogleRevoke, hosts.clone());
                let evidence = Evidence::Proven { proof, at: ctx.now, hosts };
                if !matches!(grant.consent, Consent::Superseded { .. }) {
                    grant.consent = Consent::Gone { evidence };
                }
                grant.token = dead(grant.token, ctx);
            }
            RevokeAnswer::AlreadyInvalid => {
                if waiting {
                    grant.consent = Consent::Unknown;
                }
                grant.token = dead(grant.token, ctx);
            }
            RevokeAnswer::NoAnswer => {}
        }
        self.tell(None, ctx, mailbox, EventKind::RevocationAnswered { answer, hosts });
        Ok(())
    }

    /// Tokens of this device that nothing needs any more: their job is past needing them, they are dead, superseded, or
    /// their time is over. Those of other devices are theirs to forget.
    #[must_use]
    pub fn to_forget(&self, ctx: &Ctx) -> Vec<(GrantId, SecretId)> {
        let mut present = BTreeSet::new();
        let mut past_needing = BTreeSet::new();
        for row in self.mailboxes.values().filter(|row| row.usage != Use::Removed) {
            present.extend(row.grant);
        }
        for job in self.disconnects.values().filter(|job| job.ended.is_none()) {
            let step = job.step(StepKind::RevokeGrant);
            let done = step.filter(|step| job.standing(step, &self.grants).is_settled());
            past_needing.extend(done.and_then(|step| step.grant));
        }
        let due = |grant: &crate::Grant| -> bool {
            if matches!(grant.consent, Consent::Superseded { .. }) {
                return true;
            }
            !present.contains(&grant.id)
                && match grant.token {
                    Token::Held { forget_by, .. } => {
                        past_needing.contains(&grant.id) || forget_by.is_some_and(|by| by <= ctx.now)
                    }
                    Token::Dead { .. } => true,
                    Token::None | Token::Ended { .. } => false,
                }
        };
        let held = self.grants.values().filter_map(|grant| Some((grant, grant.token.secret_on(ctx.device)?)));
        held.filter(|(grant, _)| due(grant)).map(|(grant, secret)| (grant.id, secret)).collect()
    }

    /// Writes down that a token is about to be forgotten.
    ///
    /// # Errors
    /// [`Refusal::KeptElsewhere`] where another device keeps it, and this one's keyring says nothing of it.
    pub fn intend_forget(
        &mut self,
        ctx: &Ctx,
        id: IntentionId,
        grant: GrantId,
        secret: SecretId,
    ) -> Result<IntentionId, Refusal> {
        self.not_elsewhere(ctx, grant)?;
        let wanted = IntentionKind::Forget { grant, secret };
        if let Some(open) = self.intentions.values().find(|i| i.kind == wanted && i.device == Some(ctx.device)) {
            return Ok(open.id);
        }
        self.intend(ctx, id, wanted);
        Ok(id)
    }

    /// Refuses where another device keeps a grant's token.
    fn not_elsewhere(&self, ctx: &Ctx, grant: GrantId) -> Result<(), Refusal> {
        let kept = self.grants.get(&grant).and_then(|grant| grant.token.kept_on());
        kept.map_or(Ok(()), |device| self.kept_here(ctx, device))
    }

    /// Writes down whether a token is gone: deleted and read back as absent, or not.
    ///
    /// # Errors
    /// [`Refusal::UnknownIntention`]; [`Refusal::KeptElsewhere`] where another device keeps it: what this one's keyring
    /// does not have proves nothing.
    pub fn record_forgotten(&mut self, ctx: &Ctx, id: IntentionId, gone: bool) -> Result<(), Refusal> {
        let IntentionKind::Forget { grant, .. } = self.own_intention(ctx, id)? else {
            return Err(Refusal::UnknownIntention);
        };
        self.not_elsewhere(ctx, grant)?;
        if !gone {
            // Left open on purpose: the next start tries again.
            return Ok(());
        }
        self.parts.intentions.remove(&id);
        if let Some(grant) = self.parts.grants.get_mut(&grant) {
            grant.token = Token::Ended { how: TokenEnd::Forgotten, at: ctx.now };
        }
        // Only a token that went missing behind our back is one of a row in use.
        let present = |m: &&mut crate::Mailbox| m.grant == Some(grant) && m.usage != Use::Removed;
        let mut lost = Vec::new();
        for mailbox in self.parts.mailboxes.values_mut().filter(present) {
            if !matches!(mailbox.link, Link::Lost { .. }) {
                mailbox.link = Link::Lost { reason: LostReason::Unknown, since: ctx.now, by: None };
                lost.push(mailbox.id);
            }
        }
        for mailbox in lost {
            self.lost(ctx, mailbox, None, LostReason::Unknown);
        }
        self.tell_grant(ctx, grant, EventKind::SecretForgotten);
        Ok(())
    }

    /// Writes down that what this device kept for one run of the app is gone with it. Other devices' runs go on.
    pub fn run_is_over(&mut self, ctx: &Ctx) {
        self.end_run_of(ctx, ctx.device);
    }

    /// Whether this device kept something for one run only, which [`Workspace::run_is_over`] then ends.
    #[must_use]
    pub fn has_kept_for_one_run(&self, ctx: &Ctx) -> bool {
        let here = Some(ctx.device);
        self.grants.values().any(|grant| grant.token.this_run_only() && grant.token.is_on(ctx.device))
            || self.organisations.values().any(|organisation| {
                organisation.sign_in.as_ref().is_some_and(|signed| signed.this_run_only && signed.device == here)
            })
    }

    /// Writes down what a use of the token of one consent said, at the provider or at `hosts` in its place. A working token contradicts a consent that
    /// somebody confirmed as gone, and the answer outranks the word.
    ///
    /// # Errors
    /// [`Refusal::UnknownMailbox`], [`Refusal::NotHeldHere`]; [`Refusal::KeptElsewhere`] when another device keeps the
    /// token, so that nothing can have been asked with it here; [`Refusal::Superseded`] when the row hangs on
    /// another consent by now, of which the answer says nothing. `acted` is the member who asked for the check;
    /// None for the app's own, which nobody needs a right for.
    pub fn record_check(
        &mut self,
        ctx: &Ctx,
        acted: Option<MemberId>,
        mailbox: MailboxId,
        asked: GrantId,
        result: CheckResult,
        hosts: Vec<String>,
    ) -> Result<(), Refusal> {
        if acted.is_some() {
            self.own(ctx, mailbox)?;
        }
        self.not_elsewhere(ctx, asked)?;
        let row = self.parts.mailboxes.get_mut(&mailbox).ok_or(Refusal::UnknownMailbox)?;
        if row.held_here() && row.grant != Some(asked) {
            return Err(Refusal::Superseded);
        }
        let Some(grant) = row.grant.filter(|_| row.held_here()).and_then(|id| self.parts.grants.get_mut(&id)) else {
            return Err(Refusal::NotHeldHere);
        };
        let lost = |reason| Link::Lost { reason, since: ctx.now, by: None };
        let before = row.link;
        match result {
            CheckResult::Works => {
                row.link = Link::Ok { checked: ctx.now };
                grant.consent = match &grant.consent {
                    Consent::Superseded { .. } | Consent::RevocationRequested { .. } => grant.consent.clone(),
                    Consent::Gone { evidence: Evidence::Proven { .. } } => grant.consent.clone(),
                    Consent::Unknown
                    | Consent::Active { .. }
                    | Consent::StillThere { .. }
                    | Consent::NotSeen { .. }
                    | Consent::Gone { .. } => match row.usage {
                        Use::Removed => Consent::StillThere { checked: ctx.now },
                        Use::InUse | Use::Disabled => Consent::Active { checked: ctx.now },
                    },
                };
            }
            CheckResult::NoConsent => {
                row.link = lost(LostReason::Withdrawn);
                if !matches!(
                    grant.consent,
                    Consent::Superseded { .. } | Consent::Gone { evidence: Evidence::Proven { .. } }
                ) {
                    let evidence = Evidence::Proven { proof: Proof::MicrosoftConsent, at: ctx.now, hosts };
                    grant.consent = Consent::Gone { evidence };
                }
                grant.token = dead(grant.token, ctx);
            }
            CheckResult::Refused => {
                row.link = lost(LostReason::Unknown);
                grant.token = dead(grant.token, ctx);
            }
            CheckResult::Policy => row.link = lost(LostReason::Policy),
            CheckResult::Interaction => row.link = lost(LostReason::MoreProof),
            CheckResult::SessionOver => row.link = lost(LostReason::SessionOver),
            CheckResult::AppRefused => row.link = lost(LostReason::AppRefused),
            CheckResult::AccountRefused => row.link = lost(LostReason::AccountRefused),
            CheckResult::NoAnswer => {
                row.unreachable_since = row.unreachable_since.or(Some(ctx.now));
            }
        }
        if result != CheckResult::NoAnswer {
            row.unreachable_since = None;
        }
        if let (Link::Lost { reason: old, since, by }, Link::Lost { reason: new, .. }) = (before, row.link)
            && old == new
        {
            row.link = Link::Lost { reason: new, since, by };
        }
        let reopened = row.usage == Use::Removed && result == CheckResult::Works;
        if reopened && let Some(job) = self.job_of(mailbox).map(|job| job.id) {
            self.write_step(job, StepKind::RevokeGrant, Record::Open);
        }
        self.tell(acted, ctx, mailbox, EventKind::Checked { result });
        self.tell_of_link(ctx, acted, mailbox, before);
        Ok(())
    }

    /// Tells people what a check has changed.
    fn tell_of_link(&mut self, ctx: &Ctx, acted: Option<MemberId>, mailbox: MailboxId, before: Link) {
        let Some(row) = self.mailboxes.get(&mailbox) else { return };
        match (row.usage, before, row.link) {
            (Use::Removed, _, Link::Ok { .. }) => {
                if !self.is_told(mailbox, |what| matches!(what, NoticeKind::StillThere { .. })) {
                    self.tell_people(ctx, mailbox, acted, &NoticeKind::StillThere { apps: Vec::new() });
                }
            }
            (Use::Removed, _, _) => {
                if self.grant_of_mailbox_is_gone(mailbox) {
                    self.correct(ctx, mailbox, |what| matches!(what, NoticeKind::StillThere { .. }));
                }
            }
            (Use::InUse | Use::Disabled, Link::Lost { .. }, Link::Ok { .. }) => self.recovered(ctx, mailbox),
            (Use::InUse | Use::Disabled, Link::Lost { .. }, _) => {}
            (Use::InUse | Use::Disabled, _, Link::Lost { reason, .. }) => self.lost(ctx, mailbox, acted, reason),
            (Use::InUse | Use::Disabled, _, Link::Ok { .. } | Link::Unknown) => {}
        }
    }

    fn grant_of_mailbox_is_gone(&self, mailbox: MailboxId) -> bool {
        let grant = self.mailboxes.get(&mailbox).and_then(|row| self.grant_of(row));
        grant.is_some_and(|grant| matches!(grant.consent, Consent::Gone { .. }))
    }

    fn intend(&mut self, ctx: &Ctx, id: IntentionId, kind: IntentionKind) {
        self.parts.intentions.insert(id, Intention { id, stamp: ctx.stamp(), device: Some(ctx.device), kind });
    }

    pub(super) fn tell_grant(&mut self, ctx: &Ctx, grant: GrantId, kind: EventKind) {
        let mailbox = self.mailboxes.values().find(|m| m.grant == Some(grant)).map(|m| m.id).or_else(|| {
            self.disconnects.values().find(|j| j.steps.iter().any(|s| s.grant == Some(grant))).map(|j| j.mailbox)
        });
        match mailbox {
            Some(mailbox) => self.tell(None, ctx, mailbox, kind),
            None => self.note(ctx, kind),
        }
    }
}

/// A token that the provider refuses from now on, still to be forgotten.
fn dead(token: Token, ctx: &Ctx) -> Token {
    match token {
        Token::Held { secret, device, this_run_only, .. } => {
            Token::Dead { secret, device, this_run_only, since: ctx.now }
        }
        Token::Dead { .. } | Token::None | Token::Ended { .. } => token,
    }
}
