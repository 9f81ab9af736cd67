//! Connecting a mailbox here by sign-in.

use crate::address::read_address;
use crate::backend::trouble;
use crate::core::{Engine, locked};
use crate::error::{AppError, ErrorCode};
use crate::kept_token::KeptToken;
use crate::ports::{Ask, Keep, NotSignedIn, SecretError, SignInAt, SignedIn};
use crate::view::SignInResult;
use std::collections::BTreeMap;
use std::sync::Mutex;
use tokio::sync::watch;
use uncouple_domain::{GrantId, Home, InboxId, IntentionId, MailboxId, NewConnected, Provider, Scope, SecretId};
use uuid::Uuid;

/// Sign-ins under way, and those that wait for a choice about the keyring. In memory only.
#[derive(Debug, Default)]
pub(crate) struct SignIns {
    running: Mutex<Option<watch::Sender<bool>>>,
    waiting: Mutex<BTreeMap<Uuid, Finished>>,
}

/// A finished sign-in, and what is to become of it.
#[derive(Debug)]
struct Finished {
    at: SignInAt,
    signed_in: SignedIn,
    home: Home,
}

/// Ends the "running" mark however the sign-in ends, a dropped future included.
struct Running<'a>(&'a SignIns);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        *locked(&self.0.running) = None;
    }
}

impl Engine {
    /// Signs in through the system browser and connects the mailbox, as a team address if an inbox is given. One at
    /// a time.
    ///
    /// # Errors
    /// A `sign_in_…` code; `wrong_account` with both addresses when another one than expected signed in;
    /// `address_in_use`, `revocation_running`. In each case nothing is kept.
    pub async fn connect_mailbox(
        &self,
        at: SignInAt,
        expect: Option<&str>,
        inbox: Option<InboxId>,
    ) -> Result<SignInResult, AppError> {
        if self.start.sample {
            return Err(ErrorCode::NotInSample.into());
        }
        let home = match inbox {
            None => Home::Personal { owner: self.actor() },
            Some(inbox) => Home::Team { inbox, connected_by: Some(self.actor()) },
        };
        // Asked before anybody signs in: a consent that nothing can be made of would have to be revoked again.
        self.case(Scope::Roster)
            .await?
            .workspace
            .settle_in(&self.ctx(), home, Provider::Google)
            .map_err(AppError::from)?;
        let expect = expect.map(read_address).transpose()?;
        let ask = Ask { expect: expect.clone(), scopes: Vec::new() };
        let signed_in = self.sign_in_once(at, &ask).await?;
        if let Some(expected) = expect.filter(|e| e.key() != signed_in.identity.address.key()) {
            let got = signed_in.identity.address.clone();
            let error = AppError::new(ErrorCode::WrongAccount).with("expected", expected).with("got", got);
            return Err(self.let_go(at, &signed_in).await.with_consent(error));
        }
        self.keep_and_connect(Finished { at, signed_in, home }, Keep::Keyring).await
    }

    /// Signs somebody in. One sign-in at a time: there is one browser, and one person before it.
    pub(crate) async fn sign_in_once(&self, at: SignInAt, ask: &Ask) -> Result<SignedIn, AppError> {
        let (cancel, cancelled) = watch::channel(false);
        {
            let mut running = locked(&self.sign_ins.running);
            if running.is_some() {
                return Err(ErrorCode::SignInRunning.into());
            }
            *running = Some(cancel);
        }
        let _running = Running(&self.sign_ins);
        let app = self.sign_in_app(at).await?;
        match self.ports.accounts.sign_in(at, &app, ask, &*self.ports.browser, cancelled).await {
            Ok(signed_in) => Ok(signed_in),
            Err(NotSignedIn { why, consented: false, .. }) => Err(why.into()),
            Err(NotSignedIn { why, token, .. }) => {
                let consent = self.let_go_unknown(at, &app, token).await;
                Err(consent.with_consent(why.into()))
            }
        }
    }

    /// Calls the sign-in under way off.
    pub fn cancel_sign_in(&self) {
        if let Some(cancel) = &*locked(&self.sign_ins.running) {
            let _ = cancel.send(true);
        }
    }

    /// Goes on with a sign-in whose token the keyring did not take.
    ///
    /// # Errors
    /// `pending_gone`; else as [`Engine::connect_mailbox`].
    pub async fn finish_sign_in(&self, pending: Uuid, this_run_only: bool) -> Result<SignInResult, AppError> {
        let finished = self.take_waiting(pending)?;
        let keep = if this_run_only { Keep::ThisRun } else { Keep::Keyring };
        self.keep_and_connect(finished, keep).await
    }

    /// Drops a sign-in whose token the keyring did not take; at Google its consent is revoked.
    ///
    /// # Errors
    /// `pending_gone`.
    pub async fn drop_sign_in(&self, pending: Uuid) -> Result<(), AppError> {
        let Finished { at, signed_in, .. } = self.take_waiting(pending)?;
        self.let_go(at, &signed_in).await;
        Ok(())
    }

    fn take_waiting(&self, pending: Uuid) -> Result<Finished, AppError> {
        Ok(locked(&self.sign_ins.waiting).remove(&pending).ok_or(ErrorCode::PendingGone)?)
    }

    /// Intention, keyring, commit. What fails after the keyring is taken back out of it.
    async fn keep_and_connect(&self, finished: Finished, keep: Keep) -> Result<SignInResult, AppError> {
        let (intention, secret) = match self.keep_token(finished.at, &finished.signed_in, keep).await? {
            Ok(kept) => kept,
            Err(error) => {
                let pending = self.ports.ids.fresh();
                let address = finished.signed_in.identity.address.to_string();
                locked(&self.sign_ins.waiting).insert(pending, finished);
                return Ok(SignInResult::KeyringRefused { pending: pending.to_string(), address, why: trouble(error) });
            }
        };
        let Finished { at, signed_in, home } = finished;
        let new = NewConnected {
            mailbox: MailboxId(self.ports.ids.fresh()),
            grant: GrantId(self.ports.ids.fresh()),
            home,
            intention,
            provider: signed_in.identity.provider,
            subject: signed_in.identity.subject.clone(),
            address: signed_in.identity.address.clone(),
            secret,
            this_run_only: keep == Keep::ThisRun,
        };
        let scope = new.scope();
        match self.change_welcomed(scope.clone(), move |workspace, ctx| workspace.connect(ctx, new)).await {
            Ok(connected) => {
                self.tidy(scope).await;
                Ok(SignInResult::Connected { mailbox: connected.mailbox.to_string() })
            }
            Err(error) => {
                self.take_back(intention, secret, keep).await;
                Err(self.let_go(at, &signed_in).await.with_consent(error))
            }
        }
    }

    /// A token's way into the keyring, by an intention that a commit fulfils. The inner error: the keyring did not take
    /// it, and nothing is left of the try. Where the intention could not be written the consent is let go.
    pub(crate) async fn keep_token(
        &self,
        at: SignInAt,
        signed_in: &SignedIn,
        keep: Keep,
    ) -> Result<Result<(IntentionId, SecretId), SecretError>, AppError> {
        if keep == Keep::Keyring && !self.start.device.lasting {
            // The next start would not know it as its own, and could neither use nor forget it.
            return Err(self.let_go(at, signed_in).await.with_consent(ErrorCode::DeviceNotKept.into()));
        }
        let secret = SecretId(self.ports.ids.fresh());
        let intention = IntentionId(self.ports.ids.fresh());
        let intended = self.change(Scope::Roster, move |workspace, ctx| {
            workspace.intend_keep(ctx, intention, secret);
            Ok(())
        });
        if let Err(error) = intended.await {
            return Err(self.let_go(at, signed_in).await.with_consent(error));
        }
        let Err(error) = self.keep_entry(secret, &KeptToken::issued(at, signed_in), keep).await else {
            return Ok(Ok((intention, secret)));
        };
        match error {
            // Nothing was written, and a locked keyring would ask for its password once more.
            SecretError::Absent | SecretError::NoCollection | SecretError::Locked => self.not_kept(intention).await,
            SecretError::Silent | SecretError::Failed => self.take_back(intention, secret, Keep::Keyring).await,
        }
        Ok(Err(error))
    }

    async fn not_kept(&self, intention: IntentionId) {
        if let Err(error) =
            self.change(Scope::Intention(intention), move |workspace, ctx| workspace.not_kept(ctx, intention)).await
        {
            tracing::warn!(code = ?error.code, "an intention waits for the sweep at the next start");
        }
    }

    pub(crate) async fn take_back(&self, intention: IntentionId, secret: SecretId, keep: Keep) {
        if self.ports.secrets.forget(secret, keep).await.is_ok()
            && let Err(error) =
                self.change(Scope::Intention(intention), move |workspace, ctx| workspace.swept(ctx, intention)).await
        {
            tracing::warn!(code = ?error.code, "an unused token waits for the sweep at the next start");
        }
    }
}
