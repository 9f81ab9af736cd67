//! The views, computed from the state.

use crate::backend::signs_in_at;
use crate::core::Engine;
use crate::error::AppError;
use crate::ports::SignInAt;
use crate::steps::guide_for;
use crate::view::{
    Action, CompletionView, CrmSide, DisconnectCard, EvidenceView, Finding, HolderView, JobAction, LinkView,
    MailboxRow, Me, Overview, ProviderSide, StepAction, StepState, StepView, WorkspaceInfo,
};
use crate::wire::StepMode;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::PoisonError;
use uncouple_domain::{
    Client, Consent, Ctx, Disconnect, Evidence, Grant, GrantId, Holder, Link, Mailbox, MemberId, RevokeAnswer,
    Standing, Step, StepKind, Token, Use, Workspace,
};

impl Engine {
    /// Everything the Email tab needs.
    ///
    /// # Errors
    /// What the store says.
    pub async fn overview(&self) -> Result<Overview, AppError> {
        let snapshot = self.read().await?;
        let settings = self.ports.store.settings().await?;
        let not_forgotten = self.not_forgotten.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let teller = Teller { engine: self, workspace: &snapshot.workspace, ctx: self.ctx(), not_forgotten };
        let workspace = teller.workspace;
        let mailboxes =
            workspace.mailboxes.values().filter(|m| m.usage != Use::Removed).map(|m| teller.row(m)).collect();
        let mut disconnects: Vec<DisconnectCard> = workspace
            .disconnects
            .values()
            .filter(|job| job.ended.is_none())
            .filter_map(|job| Some(teller.card(job, workspace.mailboxes.get(&job.mailbox)?)))
            .collect();
        let (complete, mut open): (Vec<_>, Vec<_>) = disconnects.drain(..).partition(|card| card.completion.complete);
        open.extend(complete.into_iter().rev());
        let me = workspace.members.get(&self.actor);
        Ok(Overview {
            revision: snapshot.revision,
            workspace: WorkspaceInfo {
                path: self.start.path.display().to_string(),
                sample: self.start.sample,
                first_start: !self.start.sample && !settings.welcomed && workspace.mailboxes.is_empty(),
                export_folder: self.start.export_folder.display().to_string(),
            },
            me: Me {
                id: self.actor.to_string(),
                name: teller.name(self.actor),
                super_admin: me.is_some_and(|m| m.super_admin),
                language: None,
            },
            mailboxes,
            others: Vec::new(),
            inboxes: Vec::new(),
            channels: Vec::new(),
            other_channels: Vec::new(),
            members: Vec::new(),
            unread: 0,
            disconnects: open,
            settings,
            system_language: self.start.system_language,
        })
    }
}

struct Teller<'a> {
    engine: &'a Engine,
    workspace: &'a Workspace,
    ctx: Ctx,
    not_forgotten: BTreeMap<GrantId, Timestamp>,
}

impl Teller<'_> {
    fn name(&self, member: MemberId) -> String {
        self.workspace.members.get(&member).map(|m| m.name.as_str().to_owned()).unwrap_or_default()
    }

    fn evidence(&self, evidence: &Evidence) -> EvidenceView {
        let (proof, reason) = match evidence {
            Evidence::Proven { proof, .. } => (Some((*proof).into()), None),
            Evidence::Confirmed { .. } => (None, None),
            Evidence::Unverified { reason, .. } => (None, Some(reason.as_str().to_owned())),
        };
        EvidenceView {
            rank: evidence.rank().into(),
            proof,
            by: evidence.by().map(|by| self.name(by)),
            at: evidence.at().to_string(),
            reason,
        }
    }

    fn holder(mailbox: &Mailbox) -> HolderView {
        match &mailbox.holder {
            Holder::Workspace => HolderView { here: true, host: None, account: None },
            Holder::HubSpot { account } => HolderView {
                here: false,
                host: account.as_ref().map(|a| a.host.clone()),
                account: account.as_ref().map(|a| a.account.to_string()),
            },
        }
    }

    fn row(&self, mailbox: &Mailbox) -> MailboxRow {
        let job = self.workspace.job_of(mailbox.id);
        let mine = mailbox.owner == self.ctx.actor;
        let here = mailbox.held_here();
        let mut actions = Vec::new();
        if mine {
            match mailbox.usage {
                Use::InUse if job.is_none() => {
                    if here && matches!(mailbox.link, Link::Lost { .. }) {
                        actions.push(Action::Reconnect);
                    }
                    actions.push(Action::Disable);
                }
                Use::InUse => actions.push(Action::Finish),
                Use::Disabled if job.is_some_and(|job| self.workspace.revocation_started(job)) => {
                    actions.push(Action::Remove);
                }
                Use::Disabled => actions.extend([Action::Enable, Action::Remove]),
                Use::Removed => {}
            }
            if here && self.workspace.grant_of(mailbox).is_some_and(|g| g.token.secret().is_some()) {
                actions.push(Action::Check);
            }
        }
        MailboxRow {
            id: mailbox.id.to_string(),
            address: mailbox.address.to_string(),
            provider: mailbox.provider.into(),
            holder: Self::holder(mailbox),
            crm: CrmSide {
                usage: mailbox.usage.into(),
                rank: mailbox.usage_known.evidence.rank().into(),
                at: mailbox.usage_known.evidence.at().to_string(),
                by: self.name(mailbox.usage_known.by),
                link: match mailbox.link {
                    Link::Unknown => LinkView::Unknown,
                    Link::Ok { checked } => LinkView::Ok { at: checked.to_string() },
                    Link::Lost { reason, since } => LinkView::Lost { reason: reason.into(), at: since.to_string() },
                },
                unreachable_since: mailbox.unreachable_since.map(|at| at.to_string()),
            },
            consent: self.consent(mailbox),
            this_run_only: self.workspace.grant_of(mailbox).is_some_and(|g| g.token.this_run_only()),
            owner: None,
            inbox: None,
            connected_by: None,
            added_at: mailbox.added.at.to_string(),
            asked: None,
            moves_to: Vec::new(),
            disconnect: job.map(|job| job.id.to_string()),
            actions,
        }
    }

    fn consent(&self, mailbox: &Mailbox) -> ProviderSide {
        let Some(grant) = self.workspace.grant_of(mailbox) else { return ProviderSide::NoConsent };
        match &grant.consent {
            Consent::Unknown => ProviderSide::Unknown,
            Consent::Active { checked } => ProviderSide::Active { at: checked.to_string() },
            Consent::RevocationRequested { stamp } => {
                ProviderSide::Requested { at: stamp.at.to_string(), by: self.name(stamp.by) }
            }
            Consent::StillThere { checked } => ProviderSide::StillThere { at: checked.to_string() },
            Consent::NotSeen { account, stamp } => ProviderSide::NotSeen {
                account: account.as_ref().map(ToString::to_string),
                at: stamp.at.to_string(),
                by: self.name(stamp.by),
            },
            Consent::Gone { evidence } => ProviderSide::Gone { evidence: self.evidence(evidence) },
            Consent::Superseded { at, .. } => ProviderSide::Superseded { at: at.to_string() },
        }
    }

    fn card(&self, job: &Disconnect, mailbox: &Mailbox) -> DisconnectCard {
        let completion = job.completion(&self.workspace.grants);
        let steps: Vec<StepView> = job.steps.iter().map(|step| self.step(job, mailbox, step)).collect();
        let complete = completion.is_complete();
        // A mailbox held here that is only greyed is one click from being as before; nothing is half done.
        let started = self.workspace.revocation_started(job);
        let in_sight = !complete && (!mailbox.held_here() || mailbox.usage == Use::Removed || started);
        let half = in_sight && (mailbox.usage == Use::Removed || started);
        let due = job.snoozed_until.filter(|until| *until > self.ctx.now);
        DisconnectCard {
            id: job.id.to_string(),
            mailbox: mailbox.id.to_string(),
            address: mailbox.address.to_string(),
            inbox: None,
            purpose: crate::view::PurposeView::Leave,
            provider: mailbox.provider.into(),
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
            shared_with: self.workspace.sharing(mailbox).map(|m| m.address.to_string()).collect(),
            actions: self.job_actions(job, mailbox, complete),
        }
    }

    fn job_actions(&self, job: &Disconnect, mailbox: &Mailbox, complete: bool) -> Vec<JobAction> {
        let mut actions = Vec::new();
        if mailbox.owner != self.ctx.actor {
            return actions;
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
        if !complete {
            actions.push(JobAction::Remind);
        }
        actions
    }

    fn step(&self, job: &Disconnect, mailbox: &Mailbox, step: &Step) -> StepView {
        let workspace = self.workspace;
        let standing = job.standing(step, &workspace.grants);
        let grant = step.grant.and_then(|id| workspace.grants.get(&id));
        let mode = StepMode::from(job.mode(step, mailbox, &workspace.grants));
        let later = self.is_later(job, mailbox, step);
        let state = match &standing {
            Standing::Open if later => StepState::Later,
            Standing::Open => StepState::Open,
            Standing::Waiting => StepState::Waiting,
            Standing::Done(_) => StepState::Done,
            Standing::NotNeeded(_) => StepState::NotNeeded,
        };
        let guided = mode == StepMode::Guided && !standing.is_settled();
        let guide = guided.then(|| self.engine.ports.guides.guide(&guide_for(workspace, mailbox, step))).flatten();
        let forget_by = match grant.map(|g| g.token) {
            Some(Token::Held { forget_by: Some(by), .. }) if !standing.is_settled() => Some(by.to_string()),
            _ => None,
        };
        let actions = if mailbox.owner == self.ctx.actor && !later {
            Self::step_actions(step, mode, &standing, grant, guide.as_ref().is_some_and(|g| g.page.is_some()))
        } else {
            Vec::new()
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
            forget_by,
            actions,
        }
    }

    /// A mailbox held here is removed before its consent, and its token outlives the consent.
    fn is_later(&self, job: &Disconnect, mailbox: &Mailbox, step: &Step) -> bool {
        if !mailbox.held_here() || matches!(step.kind, StepKind::DisableInCrm | StepKind::RemoveFromCrm) {
            return false;
        }
        let due = || step.grant.is_some_and(|g| self.workspace.to_forget(&self.ctx).iter().any(|(id, _)| *id == g));
        mailbox.usage != Use::Removed
            || (step.kind == StepKind::ForgetSecret
                && job
                    .step(StepKind::RevokeGrant)
                    .is_some_and(|s| !job.standing(s, &self.workspace.grants).is_settled())
                && !due())
    }

    fn step_actions(
        step: &Step,
        mode: StepMode,
        standing: &Standing,
        grant: Option<&Grant>,
        has_page: bool,
    ) -> Vec<StepAction> {
        let in_crm = matches!(step.kind, StepKind::DisableInCrm | StepKind::RemoveFromCrm);
        match (standing, mode) {
            (Standing::Done(Evidence::Confirmed { .. } | Evidence::Unverified { .. }), _) => vec![StepAction::Withdraw],
            (Standing::Done(Evidence::Proven { .. }) | Standing::NotNeeded(_), _) => Vec::new(),
            (_, StepMode::Backend) if in_crm => Vec::new(),
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
