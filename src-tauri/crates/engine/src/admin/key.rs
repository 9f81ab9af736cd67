//! The way from an administrator's sign-in to access tokens.

use crate::backend::kept;
use crate::core::Engine;
use crate::directory::{ApiError, ApiKey, Obstacle};
use crate::error::{AppError, ErrorCode};
use crate::kept_token::NotRead;
use crate::ports::{Keep, RefreshReply, SecretError, SignInApp, SignInAt};
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use uncouple_domain::{Organisation, OrganisationId, RefusedBy, Scope, SecretId};

/// An access token is replaced so long before it ends: a call that is under way must not outlive it.
const BEFORE_THE_END: Duration = Duration::from_secs(60);

/// The key to an organisation: the token that was handed over, or the sign-in's.
pub(crate) fn of(
    engine: &Arc<Engine>,
    organisation: &Organisation,
    at: SignInAt,
    app: SignInApp,
) -> Result<Arc<dyn ApiKey>, AppError> {
    if let Some(token) = &engine.start.given_token {
        return Ok(Arc::new(Given(token.clone())));
    }
    let signed = organisation.sign_in.as_ref().ok_or(ErrorCode::NotSignedIn)?;
    if signed.device != Some(engine.start.device.id) {
        // Whoever may administer was told which device it is.
        return Err(ErrorCode::KeptOnUnknownDevice.into());
    }
    let sign_in = SignIn {
        engine: Arc::clone(engine),
        organisation: organisation.id,
        secret: signed.secret,
        keep: kept(signed.this_run_only),
        at,
        app,
    };
    Ok(Arc::new(SignedInKey { sign_in: Arc::new(sign_in), access: Mutex::default() }))
}

/// A token that somebody handed over. When it is refused there is no other.
#[derive(Debug)]
pub(crate) struct Given(pub(crate) SecretString);

#[async_trait]
impl ApiKey for Given {
    async fn token(&self, refused: Option<&SecretString>) -> Result<SecretString, ApiError> {
        if refused.is_some() { Err(ApiError::Expired) } else { Ok(self.0.clone()) }
    }
}

/// The sign-in's refresh token, in the keyring, and the access token that it last gave.
#[derive(Debug)]
struct SignedInKey {
    sign_in: Arc<SignIn>,
    access: Mutex<Option<(SecretString, Instant)>>,
}

/// Where the refresh token is, and where it is taken.
#[derive(Debug)]
struct SignIn {
    engine: Arc<Engine>,
    organisation: OrganisationId,
    secret: SecretId,
    keep: Keep,
    at: SignInAt,
    app: SignInApp,
}

#[async_trait]
impl ApiKey for SignedInKey {
    /// One fresh token for however many calls were refused with the same old one.
    async fn token(&self, refused: Option<&SecretString>) -> Result<SecretString, ApiError> {
        let mut access = self.access.lock().await;
        if let Some((token, ends)) = &*access {
            let is_refused = refused.is_some_and(|refused| refused.expose_secret() == token.expose_secret());
            if !is_refused && Instant::now() < *ends {
                return Ok(token.clone());
            }
        }
        // Whoever asks may be gone before the answer comes; a new refresh token that is in it must not be lost.
        let sign_in = Arc::clone(&self.sign_in);
        let fresh = tokio::spawn(async move { sign_in.fresh().await });
        let (token, ends) = fresh.await.map_err(|_| ApiError::NoAnswer)??;
        *access = Some((token.clone(), ends));
        Ok(token)
    }
}

impl SignIn {
    async fn fresh(&self) -> Result<(SecretString, Instant), ApiError> {
        let ports = &self.engine.ports;
        // A sign-out must not delete the token between here and the rotated one's way into the keyring.
        let _using = self.engine.tokens.lock().await;
        let read =
            self.engine.read_entry(self.secret, self.keep, self.at, &self.app).await.map_err(|why| match why {
                NotRead::Keyring(error) => ApiError::Keyring(error),
                NotRead::Unreadable => ApiError::Keyring(SecretError::Failed),
                NotRead::Elsewhere { .. } => ApiError::Elsewhere,
            })?;
        let kept = read.ok_or(ApiError::Expired)?;
        let asked = Instant::now();
        match ports.accounts.refresh(self.at, &self.app, &kept.token).await {
            RefreshReply::Works { rotated, access } => {
                if let Some(rotated) = rotated
                    && let Err(error) = self.engine.keep_entry(self.secret, &kept.renewed(rotated), self.keep).await
                {
                    tracing::warn!(%error, "an administrator's new token was not kept; the old one goes on for a while");
                }
                self.note(false, None).await;
                let lives = access.lives.saturating_sub(BEFORE_THE_END).max(access.lives / 2);
                Ok((access.token, asked + lives))
            }
            RefreshReply::NoConsent
            | RefreshReply::Refused
            | RefreshReply::Policy
            | RefreshReply::Interaction
            | RefreshReply::BadApp => {
                self.note(true, None).await;
                Err(ApiError::Expired)
            }
            RefreshReply::Blocked { cause, code } => {
                self.note(true, Some(RefusedBy { cause, code: code.to_string() })).await;
                Err(ApiError::Blocked(Obstacle::SignIn { cause, code }))
            }
            RefreshReply::Untrusted => Err(ApiError::Blocked(Obstacle::Untrusted)),
            RefreshReply::NoAnswer => Err(ApiError::NoAnswer),
        }
    }

    /// Writes down whether the token is taken, where that is news.
    async fn note(&self, refused: bool, by: Option<RefusedBy>) {
        let (organisation, secret) = (self.organisation, self.secret);
        let known = self.engine.case(Scope::Organisation(organisation)).await.ok().and_then(|snapshot| {
            let signed = snapshot.workspace.organisations.get(&organisation)?.sign_in.as_ref()?;
            Some((signed.refused_since.is_some(), signed.refused_by.clone()))
        });
        if known.is_some_and(|known| known == (refused, by.clone())) {
            return;
        }
        let noted = self.engine.change(Scope::Organisation(organisation), move |workspace, ctx| {
            workspace.sign_in_refused(ctx, organisation, secret, refused, by);
            Ok(())
        });
        if let Err(error) = noted.await {
            tracing::warn!(code = ?error.code, "whether the sign-in is taken was not written down");
        }
    }
}
