//! Consents that nothing was made of: a sign-in that was refused, or that a crash cut off. They would stay at the provider,
//! and this app is about consents that stay.

use crate::admin::{hangs_on, signed_in_as};
use crate::core::Engine;
use crate::error::AppError;
use crate::kept_token::{About, KeptToken, NotRead};
use crate::ports::{Keep, RevokeReply, SignInApp, SignInAt, SignedIn, TokenHosts};
use jiff::SignedDuration;
use secrecy::SecretString;
use uncouple_domain::{Address, EventKind, IntentionId, Provider, Scope, SecretId, Stamp, Subject};

/// For so long a stray token is kept because the provider does not answer. Then it is forgotten, and the consent named.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What became of a stray consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stray {
    /// The provider said that it is gone.
    Revoked,
    /// It may still be listed at the provider.
    Left(SignInAt),
    /// Something in this workspace hangs on the same consent.
    InUse,
}

impl Stray {
    /// An error, with what became of the consent that came with it.
    pub(crate) fn with_consent(self, error: AppError) -> AppError {
        match self {
            Self::Revoked => error.with("consent", "revoked"),
            Self::Left(SignInAt::Google) => error.with("consent", "left_google"),
            Self::Left(SignInAt::Microsoft) => error.with("consent", "left_microsoft"),
            Self::InUse => error,
        }
    }
}

/// The account system in the history's words, where no more is known.
fn provider_at(at: SignInAt) -> Provider {
    match at {
        SignInAt::Google => Provider::Google,
        SignInAt::Microsoft => Provider::Microsoft365,
    }
}

/// What may hang on the consent of an account: rows here, and administrators' sign-ins.
fn of_account(subject: &str) -> Scope {
    Scope::Account(Subject::Known(subject.to_owned())).and(Scope::Organisations)
}

impl Engine {
    /// Revokes a consent that nothing was made of, as far as the provider lets us, and writes down what became of it. Not
    /// where a row in use hangs on the same account: Google revokes per person and app, and would cut that row too.
    pub(crate) async fn let_go(&self, at: SignInAt, signed_in: &SignedIn) -> Stray {
        let identity = &signed_in.identity;
        let Ok(snapshot) = self.case(of_account(&identity.subject)).await else { return Stray::Left(at) };
        if signed_in_as(&snapshot.workspace, at, &identity.subject)
            || hangs_on(&snapshot.workspace, identity.provider, &identity.subject)
        {
            return Stray::InUse;
        }
        let became = match self.sign_in_app(at).await {
            Ok(app) if self.sees(at, &app, &signed_in.hosts) => {
                self.revoke_stray(at, &app, &signed_in.refresh_token).await
            }
            _ => Stray::Left(at),
        };
        self.note_stray(identity.provider, Some(identity.address.clone()), became).await;
        became
    }

    /// The same for a token of which nobody knows whose it is. Where anything in this workspace hangs on a consent there, it
    /// could be that one, so it is only named.
    pub(crate) async fn let_go_unknown(&self, at: SignInAt, app: &SignInApp, token: Option<SecretString>) -> Stray {
        let alone = self.case(Scope::HeldHere.and(Scope::Organisations)).await.is_ok_and(|snapshot| {
            let held = |provider: Provider| crate::backend::signs_in_at(provider) == Some(at);
            let rows = snapshot.workspace.mailboxes.values();
            let organisations = snapshot.workspace.organisations.values();
            !rows.into_iter().any(|row| row.held_here() && held(row.provider))
                && !organisations.into_iter().any(|organisation| {
                    organisation.sign_in.is_some() && crate::wire::Suite::from(organisation.suite).signs_in_at() == at
                })
        });
        let became = match token {
            Some(token) if alone => self.revoke_stray(at, app, &token).await,
            _ => Stray::Left(at),
        };
        self.note_stray(provider_at(at), None, became).await;
        became
    }

    /// Deletes a token that a crash kept from becoming anything, after its consent was revoked where that can be. Without an
    /// answer it waits for the next time.
    pub(crate) async fn sweep(&self, id: IntentionId, secret: SecretId, intended: Stamp) -> Result<(), AppError> {
        let kept = match self.any_entry(secret, Keep::Keyring, SignInAt::Google).await {
            Ok(kept) => kept,
            Err(NotRead::Keyring(error)) => return Err(error.into()),
            Err(NotRead::Elsewhere { .. } | NotRead::Unreadable) => None,
        };
        if let Some(KeptToken { token, about: About { at, hosts, owner: Some(owner) } }) = kept {
            let snapshot = self.case(of_account(&owner.subject)).await?;
            let in_use = signed_in_as(&snapshot.workspace, at, &owner.subject)
                || hangs_on(&snapshot.workspace, owner.provider, &owner.subject);
            if !in_use {
                let app = self.sign_in_app(at).await?;
                let asked = at == SignInAt::Google && self.sees(at, &app, &hosts);
                let became = if asked { self.revoke_stray(at, &app, &token).await } else { Stray::Left(at) };
                let age = self.ports.clock.now().duration_since(intended.at);
                if asked && became != Stray::Revoked && (SignedDuration::ZERO..TRIED_FOR).contains(&age) {
                    tracing::info!("a stray consent waits for the provider's answer");
                    return Ok(());
                }
                self.note_stray(owner.provider, Some(owner.address), became).await;
            }
        }
        self.ports.secrets.forget(secret, Keep::Keyring).await?;
        self.change(Scope::Intention(id), move |workspace, ctx| workspace.swept(ctx, id)).await
    }

    /// Whether a sign-in app's hosts are those that a token was issued for.
    fn sees(&self, at: SignInAt, app: &SignInApp, hosts: &TokenHosts) -> bool {
        self.ports.accounts.token_hosts(at, app).is_ok_and(|now| hosts.first_other(&now).is_none())
    }

    async fn revoke_stray(&self, at: SignInAt, app: &SignInApp, token: &SecretString) -> Stray {
        match self.ports.accounts.revoke(at, app, token).await {
            RevokeReply::Gone => Stray::Revoked,
            // A dead token says nothing of the consent.
            RevokeReply::AlreadyInvalid | RevokeReply::NoAnswer | RevokeReply::NotOffered => {
                tracing::warn!("an unused consent may stay listed at the provider");
                Stray::Left(at)
            }
        }
    }

    async fn note_stray(&self, provider: Provider, account: Option<Address>, became: Stray) {
        let revoked = became == Stray::Revoked;
        let account = account.map(|address| address.to_string());
        let noted = self.change(Scope::Roster, move |workspace, ctx| {
            workspace.note(ctx, EventKind::StrayConsent { provider, account, revoked });
            Ok(())
        });
        if let Err(error) = noted.await {
            tracing::warn!(code = ?error.code, "what became of an unused consent was not written down");
        }
    }
}
