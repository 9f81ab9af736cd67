//! Administrators' sign-ins.

use super::key::Given;
use crate::address::read_address;
use crate::backend::{kept, trouble};
use crate::core::{Engine, locked};
use crate::devices::kept_on;
use crate::directory::{ApiError, Obstacle, OrganisationFacts};
use crate::error::{AppError, ErrorCode};
use crate::ports::{Ask, Keep, RefreshReply, RevokeReply, SignInAt, SignedIn};
use crate::settings::Settings;
use crate::view::{AdminSignInResult, Paces, SignedOutView};
use crate::wire::Suite;
use std::collections::BTreeSet;
use std::sync::Arc;
use uncouple_domain::{
    Client, IntentionId, NewSignIn, OrganisationId, Permission, Provider, Scope, SecretId, Subject, Workspace,
};
use uuid::Uuid;

/// A finished sign-in that waits for a choice about the keyring.
#[derive(Debug)]
pub(crate) struct Finished {
    suite: Suite,
    read_only: bool,
    facts: OrganisationFacts,
    permissions: BTreeSet<Permission>,
    signed_in: SignedIn,
}

impl Engine {
    /// Signs an administrator in through the system browser.
    ///
    /// # Errors
    /// `not_super_admin`, `not_in_sample`; a `sign_in_…` code; `admin_personal_account` for an account that belongs to
    /// no organisation; an `admin_…` code when the provider does not say which organisation it is. In each case
    /// nothing is kept.
    pub async fn admin_sign_in(
        self: &Arc<Self>,
        suite: Suite,
        read_only: bool,
        expect: Option<&str>,
    ) -> Result<AdminSignInResult, AppError> {
        self.case(Scope::Roster).await?.workspace.by_super_admin(&self.ctx())?;
        if self.start.sample {
            return Err(ErrorCode::NotInSample.into());
        }
        let at = suite.signs_in_at();
        let asked = self.ports.directories.scopes(at, read_only);
        let ask = Ask {
            expect: expect.map(read_address).transpose()?,
            scopes: asked.iter().map(|scope| scope.scope.to_owned()).collect(),
        };
        let signed_in = self.sign_in_once(at, &ask).await?;
        let permissions = self.ports.directories.permissions(at, &signed_in.granted);
        match self.facts(suite, &signed_in).await {
            Ok(facts) => {
                let finished = Finished { suite, read_only, facts, permissions, signed_in };
                self.keep_administrator(finished, Keep::Keyring).await
            }
            Err(error) => Err(self.let_go(at, &signed_in).await.with_consent(error)),
        }
    }

    /// Which organisation somebody belongs to. Where the API does not tell, the id_token does.
    async fn facts(self: &Arc<Self>, suite: Suite, signed_in: &SignedIn) -> Result<OrganisationFacts, AppError> {
        let identity = &signed_in.identity;
        let told = match (suite, identity.provider) {
            (Suite::Google, Provider::Google) | (Suite::Microsoft, Provider::Microsoft365) => {
                identity.organisation.clone()
            }
            _ => None,
        };
        let told = told.ok_or(ErrorCode::AdminPersonalAccount)?;
        let at = suite.signs_in_at();
        let app = self.sign_in_app(at).await?;
        let access = match self.ports.accounts.refresh(at, &app, &signed_in.refresh_token).await {
            RefreshReply::Works { access, .. } => access.token,
            RefreshReply::NoAnswer => return Err(ErrorCode::AdminNoAnswer.into()),
            RefreshReply::Untrusted => return Err(ErrorCode::SignInUntrusted.into()),
            RefreshReply::Blocked { cause, code } => return Err(AppError::sign_in(cause, code)),
            RefreshReply::NoConsent
            | RefreshReply::Refused
            | RefreshReply::Policy
            | RefreshReply::Interaction
            | RefreshReply::BadApp => return Err(ErrorCode::AdminExpired.into()),
        };
        let pace = crate::directory::Pace::default();
        let directory = self.ports.directories.open(at, &app, Arc::new(Given(access)), pace)?;
        match directory.organisation(identity.address.as_str()).await {
            Ok(facts) => Ok(facts),
            // Signed in with less, or no administrator: what is missing is said on the screen.
            Err(
                ApiError::Forbidden { .. }
                | ApiError::Blocked(
                    Obstacle::ApiOff { .. } | Obstacle::DomainCannot { .. } | Obstacle::ScopeMissing { .. },
                ),
            ) => {
                let name = match suite {
                    Suite::Google => told.clone(),
                    Suite::Microsoft => identity.address.domain().to_owned(),
                };
                Ok(OrganisationFacts { key: told, name })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Goes on with an administrator's sign-in whose token the keyring did not take.
    ///
    /// # Errors
    /// `pending_gone`; else as [`Engine::admin_sign_in`].
    pub async fn finish_admin_sign_in(
        self: &Arc<Self>,
        pending: Uuid,
        this_run_only: bool,
    ) -> Result<AdminSignInResult, AppError> {
        let finished = locked(&self.admin.waiting).remove(&pending).ok_or(ErrorCode::PendingGone)?;
        self.keep_administrator(finished, kept(this_run_only)).await
    }

    /// Drops an administrator's sign-in whose token the keyring did not take.
    ///
    /// # Errors
    /// `pending_gone`.
    pub async fn drop_admin_sign_in(&self, pending: Uuid) -> Result<(), AppError> {
        let finished = locked(&self.admin.waiting).remove(&pending).ok_or(ErrorCode::PendingGone)?;
        self.let_go(finished.suite.signs_in_at(), &finished.signed_in).await;
        Ok(())
    }

    /// Intention, keyring, commit; as with mailboxes.
    async fn keep_administrator(&self, finished: Finished, keep: Keep) -> Result<AdminSignInResult, AppError> {
        let at = finished.suite.signs_in_at();
        let (intention, secret) = match self.keep_token(at, &finished.signed_in, keep).await? {
            Ok(kept) => kept,
            Err(error) => {
                let pending = self.ports.ids.fresh();
                let account = finished.signed_in.identity.address.to_string();
                locked(&self.admin.waiting).insert(pending, finished);
                let (pending, why) = (pending.to_string(), trouble(error));
                return Ok(AdminSignInResult::KeyringRefused { pending, account, why });
            }
        };
        let Finished { suite, read_only, facts, permissions, signed_in } = finished;
        let new = NewSignIn {
            organisation: OrganisationId(self.ports.ids.fresh()),
            intention,
            forget: IntentionId(self.ports.ids.fresh()),
            suite: suite.into(),
            key: facts.key,
            name: facts.name,
            account: signed_in.identity.address.clone(),
            subject: signed_in.identity.subject.clone(),
            read_only,
            permissions,
            secret,
            this_run_only: keep == Keep::ThisRun,
        };
        match self.change_welcomed(new.scope(), move |workspace, ctx| workspace.sign_in_administrator(ctx, new)).await {
            Ok(organisation) => {
                self.forget_signed_out().await;
                self.admin.moved();
                Ok(AdminSignInResult::SignedIn { organisation: organisation.to_string() })
            }
            Err(error) => {
                self.take_back(intention, secret, keep).await;
                Err(self.let_go(at, &signed_in).await.with_consent(error))
            }
        }
    }

    /// Signs an administrator out: the token is deleted and read back as absent. At Google this app's own permission is
    /// revoked too, unless a mailbox that is connected here hangs on it.
    ///
    /// # Errors
    /// `not_super_admin`, `unknown_organisation`, `not_signed_in`; a `keyring_…` code leaves the token's deletion to
    /// the next time, and says so.
    pub async fn admin_sign_out(&self, organisation: OrganisationId) -> Result<SignedOutView, AppError> {
        let using = self.tokens.lock().await;
        let snapshot = self.case(Scope::Organisation(organisation)).await?;
        snapshot.workspace.by_super_admin(&self.ctx())?;
        let found = snapshot.workspace.organisation(organisation)?;
        let (suite, signed) = (Suite::from(found.suite), found.sign_in.clone().ok_or(ErrorCode::NotSignedIn)?);
        let at = suite.signs_in_at();
        let app = self.sign_in_app(at).await?;
        // One that was issued for other hosts than those of today is not sent there, and forgotten all the same.
        // What another device keeps is that device's to forget; the intention asks it to.
        let here = signed.device == Some(self.start.device.id);
        let token = match here {
            true => self.read_entry(signed.secret, kept(signed.this_run_only), at, &app).await.ok().flatten(),
            false => None,
        };
        let forget = IntentionId(self.ports.ids.fresh());
        self.change(Scope::Organisation(organisation), move |workspace, ctx| {
            workspace.sign_out_administrator(ctx, organisation, forget)
        })
        .await?;
        let account = self.case(Scope::Account(Subject::Known(signed.subject.clone()))).await?;
        let shared = hangs_on(&account.workspace, found.suite.provider(), &signed.subject);
        let mut revoked = false;
        if let (Some(token), false, Suite::Google) = (token, shared, suite) {
            revoked = self.ports.accounts.revoke(at, &app, &token.token).await == RevokeReply::Gone;
        }
        drop(using);
        let forgotten = here && self.sign_in_is_forgotten(forget, signed.secret, kept(signed.this_run_only)).await;
        self.admin.moved();
        let kept_on = (!here).then(|| kept_on(&snapshot.workspace, signed.device, self.start.device.id));
        Ok(SignedOutView { forgotten, revoked, shared, kept_on })
    }

    async fn sign_in_is_forgotten(&self, id: IntentionId, secret: SecretId, keep: Keep) -> bool {
        let forgotten = self.forget_sign_in(id, secret, keep).await;
        if let Err(error) = &forgotten {
            tracing::warn!(code = ?error.code, "an administrator's token waits to be forgotten");
        }
        forgotten.is_ok()
    }

    /// Deletes an administrator's token and reads back. To be called by the device that keeps it.
    pub(crate) async fn forget_sign_in(&self, id: IntentionId, secret: SecretId, keep: Keep) -> Result<(), AppError> {
        let _using = self.tokens.lock().await;
        self.ports.secrets.forget(secret, keep).await?;
        self.change(Scope::Intention(id), move |workspace, ctx| workspace.sign_in_forgotten(ctx, id)).await
    }

    /// Forgets tokens of sign-ins that were replaced.
    async fn forget_signed_out(&self) {
        let Ok(snapshot) = self.case(Scope::Intentions).await else { return };
        let here = Some(self.start.device.id);
        for intention in snapshot.workspace.intentions.values().filter(|intention| intention.device == here) {
            if let uncouple_domain::IntentionKind::ForgetSignIn { secret, this_run_only, .. } = intention.kind
                && let Err(error) = self.forget_sign_in(intention.id, secret, kept(this_run_only)).await
            {
                tracing::warn!(code = ?error.code, "an administrator's old token waits to be forgotten");
            }
        }
    }

    /// Makes an organisation known for a token that was handed over, and says which it is: nothing is asked or done with
    /// the token in any other. `account` is whose token it is; Google does not say without it.
    ///
    /// # Errors
    /// `not_signed_in` without such a token; an `admin_…` code.
    pub async fn adopt_organisation(self: &Arc<Self>, suite: Suite, account: &str) -> Result<OrganisationId, AppError> {
        let token = self.start.given_token.clone().ok_or(ErrorCode::NotSignedIn)?;
        let at = suite.signs_in_at();
        let app = self.sign_in_app(at).await?;
        let pace = crate::directory::Pace::default();
        let directory = self.ports.directories.open(at, &app, Arc::new(Given(token)), pace)?;
        let facts = directory.organisation(account).await?;
        let fresh = OrganisationId(self.ports.ids.fresh());
        let adopted = self.change_welcomed(Scope::Organisations, move |workspace, ctx| {
            workspace.adopt_organisation(ctx, fresh, suite.into(), &facts.key, &facts.name)
        });
        let id = adopted.await?;
        if !account.is_empty() {
            self.admin.given_by.get_or_init(|| account.to_owned());
        }
        Ok(*self.admin.given_for.get_or_init(|| id))
    }

    /// Sets how hard the providers may be worked.
    ///
    /// # Errors
    /// `not_super_admin`; `bad_argument` for no connection at all, more than 64, or more than 100,000 calls a minute.
    pub async fn save_paces(&self, paces: Paces) -> Result<(), AppError> {
        let fine =
            |pace: crate::directory::Pace| (1..=64).contains(&pace.connections) && pace.calls_per_minute <= 100_000;
        if !fine(paces.google) || !fine(paces.microsoft) {
            return Err(ErrorCode::BadArgument.into());
        }
        self.case(Scope::Roster).await?.workspace.by_super_admin(&self.ctx())?;
        self.change_settings(move |settings: &mut Settings| settings.paces = paces).await
    }
}

/// Whether a mailbox that is connected here hangs on the same permission of this app.
pub(crate) fn hangs_on(workspace: &Workspace, provider: Provider, subject: &str) -> bool {
    let subject = Subject::Known(subject.to_owned());
    workspace.mailboxes.values().any(|row| {
        row.usage != uncouple_domain::Use::Removed
            && workspace.grant_of(row).is_some_and(|grant| grant.same_line(provider, &subject, Client::Uncouple))
    })
}

/// Whether an administrator's sign-in hangs on the same permission of this app.
pub(crate) fn signed_in_as(workspace: &Workspace, at: SignInAt, subject: &str) -> bool {
    workspace.organisations.values().any(|organisation| {
        Suite::from(organisation.suite).signs_in_at() == at
            && organisation.sign_in.as_ref().is_some_and(|signed| signed.subject == subject)
    })
}
