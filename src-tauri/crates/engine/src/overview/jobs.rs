//! Jobs and their checklists.

use super::Teller;
use crate::backend::signs_in_at;
use crate::devices::token_kept_on;
use crate::ports::SignInAt;
use crate::steps::guide_for;
use crate::view::{
    CompletionView, DisconnectCard, Finding, JobAction, KeptOn, PlaceName, PurposeView, StepAction, StepState, StepView,
};
use crate::wire::StepMode;
use uncouple_domain::{
    Client, Consent, Disconnect, Evidence, Grant, Mailbox, Purpose, RevokeAnswer, Standing, Step, StepKind, Token, Use,
};

impl Teller<'_> {
    pub(super) fn card(&self, job: &Disconnect, mailbox: &Mailbox) -> DisconnectCard {
        let completion = job.completion(&self.workspace.grants);
        let steps: Vec<StepView> = job.steps.iter().map(|step| self.step(job, mailbox, step)).collect();
        let complete = completion.is_complete();
        let started = self.workspace.revocation_started(job);
        let in_sight = self.workspace.is_in_sight(job, mailbox);
        let half = in_sight && (mailbox.usage == Use::Removed || started);
        let due = job.snoozed_until.filter(|until| *until > self.ctx.now);
        DisconnectCard {
            id: job.id.to_string(),
            mailbox: mailbox.id.to_string(),
            address: mailbox.address.to_string(),
            inbox: mailbox.home.inbox().map(|id| PlaceName { id: id.to_string(), name: self.inbox_name(id) }),
            purpose: match job.purpose {
                Purpose::Leave => PurposeView::Leave,
                Purpose::Move { to } => PurposeView::Move { to: to.into() },
                Purpose::ToTeam { inbox } => PurposeView::ToTeam { inbox: self.inbox_name(inbox) },
                Purpose::ToPersonal { owner } => PurposeView::ToPersonal { owner: self.name(owner) },
            },
            provider: job.provider.into(),
            holder: Self::holder(mailbox),
            opened_at: job.opened.at.to_string(),
            opened_by: self.name(job.opened.by),
            steps,
            completion: CompletionView {
                complete,
                weakest: completion.weakest.as_ref().map(|e| self.evidence(e)),
                done: u32::try_from(completion.settled).unwrap_or(u32::MAX),
                total: u32::try_from(completion.total).unwrap_or(u32::MAX),
            },
            in_sight,
            half,
            snoozed_until: due.map(|until| until.to_string()),
            shared_with: self.lookups.sharing(mailbox).map(|m| m.address.to_string()).collect(),
            actions: self.job_actions(job, mailbox, complete),
        }
    }

    fn inbox_name(&self, id: uncouple_domain::InboxId) -> String {
        self.workspace.inboxes.get(&id).map(|inbox| inbox.name.as_str().to_owned()).unwrap_or_default()
    }

    fn job_actions(&self, job: &Disconnect, mailbox: &Mailbox, complete: bool) -> Vec<JobAction> {
        let mut actions = Vec::new();
        if complete {
            let again = mailbox.usage == Use::Removed && self.lookups.reconnectable(&self.ctx, mailbox.id).is_ok();
            return if again { vec![JobAction::ConnectAgain] } else { actions };
        }
        let open = |kind| job.step(kind).is_some_and(|s| !job.standing(s, &self.workspace.grants).is_settled());
        let started = self.workspace.revocation_started(job);
        if !mailbox.held_here() && open(StepKind::RemoveFromCrm) && open(StepKind::DisableInCrm) {
            actions.push(JobAction::ConfirmInCrm);
        }
        if self.workspace.removed_for_now(&self.ctx, job.id).is_ok() {
            actions.push(JobAction::Undo);
        }
        if mailbox.usage == Use::InUse && !started {
            actions.push(JobAction::Stop);
        }
        actions.push(JobAction::Remind);
        actions
    }

    fn step(&self, job: &Disconnect, mailbox: &Mailbox, step: &Step) -> StepView {
        let workspace = self.workspace;
        let standing = job.standing(step, &workspace.grants);
        let grant = step.grant.and_then(|id| workspace.grants.get(&id));
        let mode = StepMode::from(job.mode(step, mailbox, &workspace.grants, self.ctx.device));
        let later = self.is_later(job, mailbox, step);
        let state = match &standing {
            Standing::Open if later => StepState::Later,
            Standing::Open => StepState::Open,
            Standing::Waiting => StepState::Waiting,
            Standing::Done(_) => StepState::Done,
            Standing::NotNeeded(_) => StepState::NotNeeded,
        };
        let guided = mode == StepMode::Guided && !standing.is_settled();
        let guide = guided.then(|| self.guides.guide(&guide_for(workspace, job, mailbox, step))).flatten();
        let forget_by = match grant.map(|g| g.token) {
            Some(Token::Held { forget_by: Some(by), .. }) if !standing.is_settled() => Some(by.to_string()),
            _ => None,
        };
        let actions = if later || job.ended.is_some() {
            Vec::new()
        } else {
            self.step_actions(job, step, mode, &standing, grant, guide.as_ref().is_some_and(|g| g.page.is_some()))
        };
        StepView {
            kind: step.kind.into(),
            mode,
            state,
            evidence: match &standing {
                Standing::Done(evidence) => Some(self.evidence(evidence)),
                Standing::Open | Standing::Waiting | Standing::NotNeeded(_) => None,
            },
            not_needed: match standing {
                Standing::NotNeeded(why) => Some(why.into()),
                Standing::Open | Standing::Waiting | Standing::Done(_) => None,
            },
            finding: if standing.is_settled() { None } else { self.finding(step, mailbox, grant) },
            guide,
            kept_on: if standing.is_settled() { None } else { self.kept_on(grant.filter(|_| by_token(step.kind))) },
            forget_by,
            actions,
        }
    }

    /// The device that keeps a grant's token, where it is not this one.
    pub(super) fn kept_on(&self, grant: Option<&Grant>) -> Option<KeptOn> {
        grant.and_then(|grant| token_kept_on(self.workspace, &grant.token, self.ctx.device))
    }

    /// A mailbox held here is removed before its consent, and its token outlives the consent.
    fn is_later(&self, job: &Disconnect, mailbox: &Mailbox, step: &Step) -> bool {
        if self.workspace.waits_for_removal(job, step.kind) {
            return true;
        }
        if !mailbox.held_here() || matches!(step.kind, StepKind::DisableInCrm | StepKind::RemoveFromCrm) {
            return false;
        }
        let due = || step.grant.is_some_and(|grant| self.lookups.is_to_forget(grant));
        mailbox.usage != Use::Removed
            || (step.kind == StepKind::ForgetSecret
                && job
                    .step(StepKind::RevokeGrant)
                    .is_some_and(|s| !job.standing(s, &self.workspace.grants).is_settled())
                && !due())
    }

    fn step_actions(
        &self,
        job: &Disconnect,
        step: &Step,
        mode: StepMode,
        standing: &Standing,
        grant: Option<&Grant>,
        has_page: bool,
    ) -> Vec<StepAction> {
        let in_crm = matches!(step.kind, StepKind::DisableInCrm | StepKind::RemoveFromCrm);
        let moved_kind = matches!(job.purpose, Purpose::ToTeam { .. } | Purpose::ToPersonal { .. });
        match (standing, mode) {
            // The new row stands for itself by then.
            (Standing::Done(_), _) if moved_kind => Vec::new(),
            (Standing::Done(Evidence::Confirmed { .. } | Evidence::Unverified { .. }), _) => vec![StepAction::Withdraw],
            (Standing::Done(Evidence::Proven { .. }) | Standing::NotNeeded(_), _) => Vec::new(),
            (_, StepMode::Backend) if in_crm => Vec::new(),
            // Another device's to do. Whoever knows better can close it, and that proves nothing.
            (_, StepMode::Backend) if self.kept_on(grant).is_some() => vec![StepAction::Close],
            (_, StepMode::Backend) => vec![StepAction::Run, StepAction::Close],
            (_, StepMode::Guided) => {
                let mut actions = Vec::new();
                if has_page {
                    actions.push(StepAction::Open);
                }
                actions.push(StepAction::Confirm);
                if step.kind == StepKind::RevokeGrant {
                    actions.push(StepAction::NotListed);
                }
                let can_ask = grant.is_some_and(|g| {
                    g.client == Client::Uncouple
                        && matches!(g.token, Token::Held { .. })
                        && g.token.is_on(self.ctx.device)
                        && signs_in_at(g.provider) == Some(SignInAt::Microsoft)
                });
                if step.kind == StepKind::RevokeGrant && can_ask {
                    actions.push(StepAction::Check);
                }
                actions.push(StepAction::Close);
                actions
            }
        }
    }

    fn finding(&self, step: &Step, mailbox: &Mailbox, grant: Option<&Grant>) -> Option<Finding> {
        let grant = grant?;
        match step.kind {
            StepKind::ForgetSecret => {
                self.not_forgotten.get(&grant.id).map(|at| Finding::NotForgotten { at: at.to_string() })
            }
            StepKind::RevokeGrant => match (&grant.consent, grant.tried, grant.token) {
                (Consent::NotSeen { account, stamp }, _, _) => Some(Finding::NotSeen {
                    account: account.as_ref().map(ToString::to_string),
                    same_account: account.as_ref().map(|a| a.key() == mailbox.address.key()),
                    at: stamp.at.to_string(),
                    by: self.name(stamp.by),
                }),
                (Consent::StillThere { checked }, _, _) => Some(Finding::StillThere { at: checked.to_string() }),
                (_, Some(tried), _) if tried.answer == RevokeAnswer::NoAnswer => {
                    Some(Finding::NoAnswer { at: tried.at.to_string() })
                }
                (_, _, Token::Dead { since, .. }) => Some(Finding::TokenDead { at: since.to_string() }),
                (_, Some(tried), _) => Some(Finding::TokenDead { at: tried.at.to_string() }),
                _ => None,
            },
            StepKind::DisableInCrm
            | StepKind::RemoveFromCrm
            | StepKind::WithdrawPassword
            | StepKind::RemoveForwarding
            | StepKind::ConnectAgain => None,
        }
    }
}

/// Steps that a token does, or that are about one.
fn by_token(kind: StepKind) -> bool {
    match kind {
        StepKind::RevokeGrant | StepKind::ForgetSecret => true,
        StepKind::DisableInCrm
        | StepKind::RemoveFromCrm
        | StepKind::WithdrawPassword
        | StepKind::RemoveForwarding
        | StepKind::ConnectAgain => false,
    }
}
