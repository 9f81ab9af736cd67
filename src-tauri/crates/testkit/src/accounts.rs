//! Providers that answer what a test has written for them.

use crate::fakes::locked;
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;
use uncouple_domain::{Address, Provider};
use uncouple_engine::ports::{
    AccessToken, Accounts, Ask, Browser, CancelSignIn, Identity, NotSignedIn, RefreshReply, RevokeReply, SignInApp,
    SignInAt, SignInError, SignedIn, TokenHosts,
};

/// Scripted answers, and what was asked. Without a script a sign-in is unreachable and nothing answers.
#[derive(Debug, Default)]
pub struct ScriptedAccounts {
    sign_ins: Mutex<VecDeque<SignedIn>>,
    doubts: Mutex<VecDeque<(SignInError, Option<String>)>>,
    revokes: Mutex<VecDeque<RevokeReply>>,
    refreshes: Mutex<VecDeque<RefreshReply>>,
    revoked: Mutex<Vec<String>>,
    refreshed: Mutex<Vec<String>>,
    never_answers: Mutex<bool>,
    takes: Mutex<Duration>,
    access: Mutex<Option<SecretString>>,
}

impl ScriptedAccounts {
    /// The next sign-in ends with this person and token.
    ///
    /// # Panics
    /// When the address is none.
    #[expect(clippy::expect_used, reason = "a test's own address")]
    pub fn signs_in(&self, provider: Provider, subject: &str, address: &str, token: &str) {
        let identity = Identity {
            provider,
            subject: subject.to_owned(),
            address: Address::parse(address).expect("a test's own address"),
            organisation: None,
        };
        locked(&self.sign_ins).push_back(SignedIn {
            identity,
            refresh_token: token.to_owned().into(),
            granted: Vec::new(),
            hosts: own_hosts(),
        });
    }

    /// The next sign-in comes to nothing after the person consented, with a token or without one.
    pub fn is_not_believed(&self, why: SignInError, token: Option<&str>) {
        locked(&self.doubts).push_back((why, token.map(str::to_owned)));
    }

    /// The next sign-in ends with an administrator and what was granted to them.
    ///
    /// # Panics
    /// When the address is none.
    #[expect(clippy::expect_used, reason = "a test's own address")]
    pub fn administrator(&self, provider: Provider, address: &str, token: &str, granted: &[&str]) {
        let identity = Identity {
            provider,
            subject: format!("tenant.{address}"),
            address: Address::parse(address).expect("a test's own address"),
            organisation: Some("example.com".to_owned()),
        };
        let granted = granted.iter().map(|scope| (*scope).to_owned()).collect();
        locked(&self.sign_ins).push_back(SignedIn {
            identity,
            refresh_token: token.to_owned().into(),
            granted,
            hosts: own_hosts(),
        });
    }

    /// From now on every refresh works, and gives this access token.
    pub fn gives_access(&self, token: &str) {
        *locked(&self.access) = Some(token.to_owned().into());
    }

    /// From now on no refresh works by itself.
    pub fn gives_none(&self) {
        *locked(&self.access) = None;
    }

    /// The next revocation is answered so.
    pub fn answers(&self, reply: RevokeReply) {
        locked(&self.revokes).push_back(reply);
    }

    /// The next refresh is answered so.
    pub fn refreshes(&self, reply: RefreshReply) {
        locked(&self.refreshes).push_back(reply);
    }

    /// Revocations never end, as when the process dies in the middle of one.
    pub fn never_answers(&self, never: bool) {
        *locked(&self.never_answers) = never;
    }

    /// Each refresh takes so long.
    pub fn takes(&self, time: Duration) {
        *locked(&self.takes) = time;
    }

    /// The tokens that were used to get another.
    #[must_use]
    pub fn refreshed(&self) -> Vec<String> {
        locked(&self.refreshed).clone()
    }

    /// The tokens that were to be revoked.
    #[must_use]
    pub fn revoked(&self) -> Vec<String> {
        locked(&self.revoked).clone()
    }
}

/// An access token that lives for an hour.
#[must_use]
pub fn access(token: SecretString) -> AccessToken {
    AccessToken { token, lives: Duration::from_secs(3600) }
}

const OWN: &str = "https://own.example";

/// The hosts of a provider that has one for everything.
fn own_hosts() -> TokenHosts {
    let own = OWN.to_owned();
    TokenHosts { issuer: own.clone(), token: own.clone(), revoke: Some(own.clone()), api: own }
}

#[async_trait]
impl Accounts for ScriptedAccounts {
    async fn sign_in(
        &self,
        at: SignInAt,
        app: &SignInApp,
        _ask: &Ask,
        _browser: &dyn Browser,
        mut cancel: CancelSignIn,
    ) -> Result<SignedIn, NotSignedIn> {
        if let Some(mut signed_in) = locked(&self.sign_ins).pop_front() {
            signed_in.hosts = self.token_hosts(at, app)?;
            return Ok(signed_in);
        }
        if *locked(&self.never_answers) {
            let _ = cancel.wait_for(|cancelled| *cancelled).await;
            return Err(SignInError::Cancelled.into());
        }
        if let Some((why, token)) = locked(&self.doubts).pop_front() {
            return Err(NotSignedIn { why, consented: true, token: token.map(Into::into) });
        }
        Err(SignInError::Unreachable.into())
    }

    async fn revoke(&self, _at: SignInAt, _app: &SignInApp, token: &SecretString) -> RevokeReply {
        locked(&self.revoked).push(token.expose_secret().to_owned());
        if *locked(&self.never_answers) {
            std::future::pending::<()>().await;
        }
        locked(&self.revokes).pop_front().unwrap_or(RevokeReply::NoAnswer)
    }

    async fn refresh(&self, _at: SignInAt, _app: &SignInApp, token: &SecretString) -> RefreshReply {
        locked(&self.refreshed).push(token.expose_secret().to_owned());
        let takes = *locked(&self.takes);
        tokio::time::sleep(takes).await;
        if let Some(scripted) = locked(&self.refreshes).pop_front() {
            return scripted;
        }
        let given = locked(&self.access).clone();
        given.map_or(RefreshReply::NoAnswer, |token| RefreshReply::Works { rotated: None, access: access(token) })
    }

    fn check_app(&self, app: &SignInApp) -> Result<(), SignInError> {
        let plain = |url: &Option<String>| url.as_deref().is_some_and(|url| !url.starts_with("https://"));
        if plain(&app.token_url) { Err(SignInError::BadEndpoint) } else { Ok(()) }
    }

    fn token_hosts(&self, _at: SignInAt, app: &SignInApp) -> Result<TokenHosts, SignInError> {
        let mut hosts = own_hosts();
        for (host, url) in
            [(&mut hosts.issuer, &app.issuer), (&mut hosts.token, &app.token_url), (&mut hosts.api, &app.api_url)]
        {
            if let Some(url) = url {
                host.clone_from(url);
            }
        }
        hosts.revoke = app.revoke_url.clone().or(hosts.revoke);
        Ok(hosts)
    }

    fn foreign_hosts(&self, _at: SignInAt, app: &SignInApp) -> Vec<String> {
        [&app.issuer, &app.token_url, &app.revoke_url, &app.api_url].into_iter().flatten().cloned().collect()
    }
}
