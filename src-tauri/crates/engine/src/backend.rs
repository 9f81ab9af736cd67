//! What the backend does by itself: revoke, forget, check, and take up what a run left half done.

use crate::core::{Engine, locked};
use crate::error::{AppError, ErrorCode};
use crate::kept_token::KeptToken;
use crate::ports::{Keep, RefreshReply, RevokeReply, SecretError, SignInAt};
use crate::steps::find;
use crate::view::{Checked, KeyringTrouble, KeyringView};
use crate::wire::StepKind;
use jiff::{SignedDuration, Timestamp};
use uncouple_domain::{
    CheckResult, Client, Consent, Ctx, DisconnectId, Grant, GrantId, IntentionId, IntentionKind, Link, MailboxId,
    MemberId, Provider, RevokeAnswer, Scope, SecretId, SignInCause, Use, Workspace,
};

/// Longer than any effect takes: the keyring's and the providers' time limits added up.
const UNDER_WAY: SignedDuration = SignedDuration::from_mins(2);

/// How often a connection held here is looked at without being asked.
const BETWEEN_CHECKS: SignedDuration = SignedDuration::from_hours(24);

/// The account system behind a provider that people sign in to.
pub(crate) fn signs_in_at(provider: Provider) -> Option<SignInAt> {
    match provider {
        Provider::Google => Some(SignInAt::Google),
        Provider::Microsoft365 | Provider::OutlookCom => Some(SignInAt::Microsoft),
        Provider::Imap | Provider::Hosted => None,
    }
}

pub(crate) fn kept(this_run_only: bool) -> Keep {
    if this_run_only { Keep::ThisRun } else { Keep::Keyring }
}

impl Engine {
    /// Whether the keyring can be used now.
    pub async fn keyring(&self) -> KeyringView {
        KeyringView { trouble: self.ports.secrets.state().await.err().map(trouble) }
    }

    /// Lets the backend perform a step, or try it again.
    ///
    /// # Errors
    /// `not_by_backend` for a person's steps; a `keyring_…` code before anything was sent.
    pub async fn run_step(&self, job: DisconnectId, kind: StepKind) -> Result<(), AppError> {
        {
            // The right comes before the keyring: whoever may not act on the row learns nothing of its token, has no
            // keyring opened for them, and writes nothing down.
            let snapshot = self.case(Scope::Job(job)).await?;
            let (_, mailbox, _) = find(&snapshot.workspace, job, kind)?;
            snapshot.workspace.may_act(self.actor(), mailbox).map_err(AppError::from)?;
        }
        match kind {
            StepKind::RevokeGrant => self.revoke(job).await,
            StepKind::ForgetSecret => self.forget_here(job).await,
            StepKind::DisableInCrm
            | StepKind::RemoveFromCrm
            | StepKind::WithdrawPassword
            | StepKind::RemoveForwarding
            | StepKind::ConnectAgain => Err(ErrorCode::NotByBackend.into()),
        }
    }

    /// Forgets what is due here. Asked for one step, it says where that step's token is kept.
    async fn forget_here(&self, job: DisconnectId) -> Result<(), AppError> {
        let snapshot = self.case(Scope::Job(job)).await?;
        let (_, _, step) = find(&snapshot.workspace, job, StepKind::ForgetSecret)?;
        let token = step.grant.and_then(|id| snapshot.workspace.grants.get(&id)).map(|grant| grant.token);
        if let Some(kept) = token.and_then(|token| token.kept_on()) {
            snapshot.workspace.kept_here(&self.ctx(), kept)?;
        }
        self.tidy_loudly(Scope::Job(job)).await
    }

    async fn revoke(&self, job: DisconnectId) -> Result<(), AppError> {
        let using = self.tokens.lock().await;
        let snapshot = self.case(Scope::Job(job)).await?;
        let (_, _, step) = find(&snapshot.workspace, job, StepKind::RevokeGrant)?;
        let grant = step.grant.and_then(|id| snapshot.workspace.grants.get(&id)).ok_or(ErrorCode::UnknownStep)?;
        // Read before anything is written: a locked keyring must not leave a revocation "requested".
        let Some(token) = self.token_of(&snapshot.workspace, grant).await? else {
            // Unless the rule refuses anyway, the missing entry is itself worth writing down.
            self.forgotten_elsewhere(grant).await?;
            return Err(ErrorCode::NoToken.into());
        };
        let id = IntentionId(self.ports.ids.fresh());
        self.change(Scope::Job(job), move |workspace, ctx| workspace.request_revocation(ctx, job, id)).await?;
        self.ask_to_revoke(id, grant.provider, &token).await?;
        drop(using);
        self.tidy(Scope::Job(job)).await;
        Ok(())
    }

    async fn ask_to_revoke(&self, id: IntentionId, provider: Provider, token: &KeptToken) -> Result<(), AppError> {
        let (reply, hosts) = match signs_in_at(provider) {
            Some(at) => {
                let app = self.sign_in_app(at).await?;
                let reply = self.ports.accounts.revoke(at, &app, &token.token).await;
                (reply, self.ports.accounts.foreign_hosts(at, &app))
            }
            None => (RevokeReply::NotOffered, Vec::new()),
        };
        let answer = match reply {
            RevokeReply::Gone => RevokeAnswer::Gone,
            RevokeReply::AlreadyInvalid => RevokeAnswer::AlreadyInvalid,
            RevokeReply::NoAnswer | RevokeReply::NotOffered => RevokeAnswer::NoAnswer,
        };
        self.change(Scope::Intention(id), move |workspace, ctx| workspace.record_revocation(ctx, id, answer, hosts))
            .await
    }

    /// The token of a grant, where this device keeps it.
    async fn token_of(&self, workspace: &Workspace, grant: &Grant) -> Result<Option<KeptToken>, AppError> {
        let secret = workspace.token_is_here(&self.ctx(), &grant.token)?;
        let at = signs_in_at(grant.provider).ok_or(ErrorCode::NoToken)?;
        let app = self.sign_in_app(at).await?;
        Ok(self.read_entry(secret, kept(grant.token.this_run_only()), at, &app).await?)
    }

    /// The keyring was read and has no such entry, although this device put one there. The rule refuses where another one
    /// did.
    async fn forgotten_elsewhere(&self, grant: &Grant) -> Result<(), AppError> {
        let Some(secret) = grant.token.secret() else { return Ok(()) };
        let id = IntentionId(self.ports.ids.fresh());
        let grant = grant.id;
        self.change(Scope::Grant(grant), move |workspace, ctx| {
            let id = workspace.intend_forget(ctx, id, grant, secret)?;
            workspace.record_forgotten(ctx, id, true)
        })
        .await
    }

    /// Forgets every token of a case that nothing needs any more. Failures are kept for the checklist to show.
    pub(crate) async fn tidy(&self, scope: Scope) {
        if let Err(error) = self.tidy_loudly(scope).await {
            tracing::warn!(code = ?error.code, "a token could not be forgotten yet");
        }
    }

    async fn tidy_loudly(&self, scope: Scope) -> Result<(), AppError> {
        let snapshot = self.case(scope).await?;
        let mut first = Ok(());
        for (grant, secret) in snapshot.workspace.to_forget(&self.ctx()) {
            let this_run = snapshot.workspace.grants.get(&grant).is_some_and(|g| g.token.this_run_only());
            first = first.and(self.forget(grant, secret, kept(this_run)).await);
        }
        first
    }

    async fn forget(&self, grant: GrantId, secret: SecretId, keep: Keep) -> Result<(), AppError> {
        let _using = self.tokens.lock().await;
        let id = IntentionId(self.ports.ids.fresh());
        let work = move |workspace: &mut Workspace, ctx: &Ctx| {
            // Asked again, in the transaction: an undo or another deletion may have come first.
            let due = workspace.to_forget(ctx).contains(&(grant, secret));
            let begun = workspace.intentions.values().any(|i| i.kind == IntentionKind::Forget { grant, secret });
            (due || begun).then(|| workspace.intend_forget(ctx, id, grant, secret)).transpose()
        };
        let Some(id) = self.change(Scope::Grant(grant), work).await? else { return Ok(()) };
        let outcome = self.ports.secrets.forget(secret, keep).await;
        let gone = outcome.is_ok();
        self.change(Scope::Intention(id), move |workspace, ctx| workspace.record_forgotten(ctx, id, gone)).await?;
        let mut failed = locked(&self.not_forgotten);
        if gone {
            failed.remove(&grant);
        } else {
            failed.insert(grant, self.ports.clock.now());
        }
        Ok(outcome?)
    }

    /// Uses our own token to learn whether the connection works.
    ///
    /// # Errors
    /// `not_held_here`, `no_token`, a `keyring_…` code.
    pub async fn check_mailbox(&self, mailbox: MailboxId) -> Result<Checked, AppError> {
        let result = self.check(mailbox, Some(self.actor())).await?;
        self.tidy(Scope::Mailbox(mailbox)).await;
        Ok(Checked { result: result.into() })
    }

    /// Looks whether the consent of a step is gone, where our own token can tell.
    ///
    /// # Errors
    /// As [`Engine::check_mailbox`].
    pub async fn check_step(&self, job: DisconnectId, kind: StepKind) -> Result<Checked, AppError> {
        let snapshot = self.case(Scope::Job(job)).await?;
        let (_, mailbox, _) = find(&snapshot.workspace, job, kind)?;
        self.check_mailbox(mailbox.id).await
    }

    async fn check(&self, mailbox: MailboxId, acted: Option<MemberId>) -> Result<CheckResult, AppError> {
        let _using = self.tokens.lock().await;
        let snapshot = self.case(Scope::Mailbox(mailbox)).await?;
        let row = snapshot.workspace.mailbox(mailbox).map_err(AppError::from)?;
        if let Some(member) = acted {
            snapshot.workspace.may_act(member, row).map_err(AppError::from)?;
        }
        if !row.held_here() {
            return Err(ErrorCode::NotHeldHere.into());
        }
        let grant = snapshot.workspace.grant_of(row).ok_or(ErrorCode::NotHeldHere)?;
        let Some(token) = self.token_of(&snapshot.workspace, grant).await? else {
            self.forgotten_elsewhere(grant).await?;
            return Err(ErrorCode::NoToken.into());
        };
        let at = signs_in_at(grant.provider).ok_or(ErrorCode::NotHeldHere)?;
        let app = self.sign_in_app(at).await?;
        let hosts = self.ports.accounts.foreign_hosts(at, &app);
        let result = match self.ports.accounts.refresh(at, &app, &token.token).await {
            RefreshReply::Works { rotated, .. } => {
                if let (Some(new), Some(secret)) = (rotated, grant.token.secret()) {
                    // Written before it is used again: the old one may be refused from now on (RFC 9700, 2.2.2).
                    self.keep_entry(secret, &token.renewed(new), kept(grant.token.this_run_only())).await?;
                }
                CheckResult::Works
            }
            RefreshReply::NoConsent => CheckResult::NoConsent,
            RefreshReply::Refused => CheckResult::Refused,
            RefreshReply::Policy => CheckResult::Policy,
            RefreshReply::Interaction => CheckResult::Interaction,
            RefreshReply::BadApp => CheckResult::AppRefused,
            RefreshReply::Blocked { cause, .. } => blocked(cause),
            RefreshReply::NoAnswer | RefreshReply::Untrusted => CheckResult::NoAnswer,
        };
        let asked = grant.id;
        self.change(Scope::Mailbox(mailbox), move |workspace, ctx| {
            workspace.record_check(ctx, acted, mailbox, asked, result, hosts)
        })
        .await?;
        Ok(result)
    }

    /// Asks our own token, where it is held, before a member's word on a consent is taken. True: the
    /// answer settles the matter, one way or the other.
    pub(crate) async fn answered_by_token(&self, workspace: &Workspace, job: DisconnectId) -> Result<bool, AppError> {
        let (_, mailbox, step) = find(workspace, job, StepKind::RevokeGrant)?;
        let Some(grant) = step.grant.and_then(|id| workspace.grants.get(&id)) else { return Ok(false) };
        let microsoft = signs_in_at(grant.provider) == Some(SignInAt::Microsoft);
        if grant.client != Client::Uncouple || !microsoft || !grant.token.is_on(self.start.device.id) {
            return Ok(false);
        }
        match self.check(mailbox.id, Some(self.actor())).await {
            Ok(CheckResult::NoConsent | CheckResult::Works) => Ok(true),
            Ok(
                CheckResult::Refused
                | CheckResult::Policy
                | CheckResult::Interaction
                | CheckResult::SessionOver
                | CheckResult::AppRefused
                | CheckResult::AccountRefused
                | CheckResult::NoAnswer,
            ) => Ok(false),
            // A keyring that can't be read leaves the member's word, which claims no more than it is.
            Err(error) => {
                tracing::info!(code = ?error.code, "no answer from our own token");
                Ok(false)
            }
        }
    }

    /// Tokens that this device kept for one run are gone with it.
    pub(crate) async fn end_of_last_run(&self) -> Result<(), AppError> {
        if !self.case(Scope::KeptForOneRun).await?.workspace.has_kept_for_one_run(&self.ctx()) {
            return Ok(());
        }
        self.change(Scope::KeptForOneRun, |workspace, ctx| {
            workspace.run_is_over(ctx);
            Ok(())
        })
        .await
    }

    /// Takes up what was left half done and forgets what is due. To be called after the start and every
    /// now and then; what can't be done now waits for the next time.
    ///
    /// # Errors
    /// What the store says.
    pub async fn housekeep(&self) -> Result<(), AppError> {
        let now = self.ports.clock.now();
        // A locked keyring would ask for its password every time, for something that nobody waits for.
        let keyring = self.ports.secrets.state().await.is_ok();
        if keyring {
            self.adopt_what_is_here().await?;
        }
        let snapshot = self.case(Scope::Intentions).await?;
        let here = Some(self.start.device.id);
        for intention in snapshot.workspace.intentions.values().filter(|intention| intention.device == here) {
            // A younger one may be under way, here or in another process. One from the future is from a clock
            // that was wrong, and would wait for years.
            if (SignedDuration::ZERO..UNDER_WAY).contains(&now.duration_since(intention.stamp.at)) {
                continue;
            }
            let kept_here = match intention.kind {
                IntentionKind::Keep { .. } => false,
                IntentionKind::ForgetSignIn { this_run_only, .. } => this_run_only,
                IntentionKind::Revoke { grant, .. } | IntentionKind::Forget { grant, .. } => {
                    snapshot.workspace.grants.get(&grant).is_some_and(|g| g.token.this_run_only())
                }
            };
            if !keyring && !kept_here {
                continue;
            }
            let done = match intention.kind {
                IntentionKind::Keep { secret } => self.sweep(intention.id, secret, intention.stamp).await,
                IntentionKind::Revoke { grant, .. } => self.revoke_again(intention.id, grant).await,
                IntentionKind::Forget { grant, secret } => self.forget(grant, secret, Keep::Keyring).await,
                IntentionKind::ForgetSignIn { secret, this_run_only, .. } => {
                    self.forget_sign_in(intention.id, secret, kept(this_run_only)).await
                }
            };
            if let Err(error) = done {
                tracing::warn!(code = ?error.code, "an interrupted step waits for the next time");
            }
        }
        if keyring {
            self.tidy(Scope::Tokens).await;
            self.check_now_and_then(now).await;
        }
        // Last: nothing that was left half done waits for it.
        self.prune_notices(now).await
    }

    /// Looks once a day whether the connections held here still work, so that a loss is told by itself.
    async fn check_now_and_then(&self, now: Timestamp) {
        let Ok(snapshot) = self.case(Scope::Tokens).await else { return };
        let due = snapshot.workspace.mailboxes.values().filter(|row| {
            let known = match row.link {
                Link::Ok { checked } => now.duration_since(checked) >= BETWEEN_CHECKS,
                Link::Unknown | Link::Lost { .. } => false,
            };
            let here = snapshot.workspace.grant_of(row).is_some_and(|g| g.token.is_on(self.start.device.id));
            row.usage != Use::Removed && row.held_here() && here && known
        });
        for row in due {
            if let Err(error) = self.check(row.id, None).await {
                tracing::info!(code = ?error.code, "a connection could not be checked");
            }
        }
    }

    async fn revoke_again(&self, id: IntentionId, grant: GrantId) -> Result<(), AppError> {
        let _using = self.tokens.lock().await;
        let snapshot = self.case(Scope::Grant(grant)).await?;
        let grant = snapshot.workspace.grants.get(&grant).ok_or(ErrorCode::UnknownStep)?;
        let waiting = matches!(grant.consent, Consent::RevocationRequested { .. });
        // Where the matter is over by now the call would say nothing new.
        if waiting && grant.token.is_on(self.start.device.id) {
            if let Some(token) = self.token_of(&snapshot.workspace, grant).await? {
                return self.ask_to_revoke(id, grant.provider, &token).await;
            }
            self.forgotten_elsewhere(grant).await?;
        }
        self.change(Scope::Intention(id), move |workspace, ctx| workspace.leave_revocation(ctx, id)).await
    }
}

/// The keyring's trouble as the window words it.
pub(crate) fn trouble(error: SecretError) -> KeyringTrouble {
    match error {
        SecretError::Absent => KeyringTrouble::Absent,
        SecretError::NoCollection => KeyringTrouble::NoCollection,
        SecretError::Locked => KeyringTrouble::Locked,
        SecretError::Silent => KeyringTrouble::Silent,
        SecretError::Failed => KeyringTrouble::Failed,
    }
}

/// What a named cause says of a connection. None of them says that the consent is gone.
fn blocked(cause: SignInCause) -> CheckResult {
    match cause {
        SignInCause::SessionOver => CheckResult::SessionOver,
        SignInCause::MoreProof | SignInCause::Password => CheckResult::Interaction,
        SignInCause::AdminConsent | SignInCause::AccessPolicy | SignInCause::Device => CheckResult::Policy,
        SignInCause::NotAssigned
        | SignInCause::AccountDisabled
        | SignInCause::AccountLocked
        | SignInCause::AccountUnknown => CheckResult::AccountRefused,
        SignInCause::NotPublicClient
        | SignInCause::Redirect
        | SignInCause::AppUnknown
        | SignInCause::AppDeleted
        | SignInCause::AppDisabled
        | SignInCause::SecretMissing
        | SignInCause::SecretWrong
        | SignInCause::Scope
        | SignInCause::OtherOrganisation
        | SignInCause::AppRefused => CheckResult::AppRefused,
    }
}
