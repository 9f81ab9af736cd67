//! A real OpenID server that plays Google and Microsoft.

use std::process::Stdio;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::clone_folder;
use crate::process::{Owned, tied};

/// Where one of the two is, and the client that is registered there.
#[derive(Debug, Clone, Deserialize)]
pub struct Provider {
    /// The issuer in its id_tokens.
    pub issuer: Url,
    /// Where the browser goes.
    pub authorize: Url,
    /// Where the app goes with the code or the refresh token.
    pub token: Url,
    /// Where tokens are revoked. Microsoft has nothing like it.
    pub revoke: Option<Url>,
    /// The keys that sign id_tokens.
    pub jwks: Url,
    /// The discovery document.
    pub discovery: Url,
    /// The client's id.
    pub client_id: String,
    /// Google gives desktop apps a secret that is none.
    pub client_secret: Option<String>,
    /// Microsoft: the tenant of work accounts there.
    pub tenant: Option<String>,
}

/// The running server. It ends on drop.
#[derive(Debug)]
pub struct SignIn {
    /// It plays Google.
    pub google: Provider,
    /// It plays Microsoft.
    pub microsoft: Provider,
    control: Url,
    _process: Owned,
}

#[derive(Deserialize)]
struct Addresses {
    google: Provider,
    microsoft: Provider,
    control: Url,
}

impl SignIn {
    /// Starts it; it takes about half a second.
    ///
    /// # Errors
    /// When Node.js or the server's packages are missing.
    pub fn start() -> Result<Self> {
        let folder = clone_folder().join("tests/support/oidc");
        let (process, line) = Owned::start_and_ask(
            tied("node").arg("server.mjs").current_dir(&folder).stdin(Stdio::null()).stderr(Stdio::null()),
        )
        .with_context(|| format!("the sign-in server (run `npm ci` in {})", folder.display()))?;
        let Addresses { google, microsoft, control } = serde_json::from_str(&line).context(line)?;
        Ok(Self { google, microsoft, control, _process: process })
    }

    /// The two as sign-in apps of Uncouple, in the variables that it reads.
    #[must_use]
    pub fn variables(&self) -> Vec<(String, String)> {
        let mut variables = Vec::new();
        for (name, at) in [("GOOGLE", &self.google), ("MICROSOFT", &self.microsoft)] {
            let mut add = |what: &str, value: Option<&str>| {
                variables.extend(value.map(|value| (format!("UNCOUPLE_{name}_{what}"), value.to_owned())));
            };
            add("CLIENT_ID", Some(&at.client_id));
            add("CLIENT_SECRET", at.client_secret.as_deref());
            add("AUTHORIZE_URL", Some(at.authorize.as_str()));
            add("TOKEN_URL", Some(at.token.as_str()));
            add("REVOKE_URL", at.revoke.as_ref().map(Url::as_str));
            add("JWKS_URL", Some(at.jwks.as_str()));
            add("ISSUER", Some(at.issuer.as_str().trim_end_matches('/')));
        }
        variables
    }

    /// Changes how a provider behaves from now on, for example `("google", "revoke", "unavailable")`.
    ///
    /// | what | words |
    /// |---|---|
    /// | `revoke` (Google) | `real`, `done` (200 whatever it is), `invalid_token`, `unavailable`, `hang` |
    /// | `refresh` | `real`, `invalid_grant`, `consent_gone`, `password_changed`, `policy`, `unavailable`, `hang` |
    /// | `access` | an access token that every answer carries instead of the server's own |
    /// | `token` | `real`, `no_refresh_token`, `wrong_nonce`, `bad_signature`, `unavailable`, `hang` |
    ///
    /// # Errors
    /// When the server is gone.
    pub async fn behave(&self, provider: &str, what: &str, how: &str) -> Result<()> {
        self.control(Some(&json!({ provider: { what: how } }))).await.map(drop)
    }

    /// Claims that everybody's id_token has from now on, over the usual ones.
    ///
    /// # Errors
    /// When the server is gone.
    pub async fn claim(&self, provider: &str, claims: Value) -> Result<()> {
        self.control(Some(&json!({ provider: { "claims": claims } }))).await.map(drop)
    }

    /// What was asked of the servers so far, for example `google revoke`, oldest first.
    ///
    /// # Errors
    /// When the server is gone.
    pub async fn asked(&self) -> Result<Vec<String>> {
        let word = |entry: &Value, name: &str| entry.get(name).and_then(Value::as_str).unwrap_or("?").to_owned();
        let state = self.control(None).await?;
        let log = state.get("log").and_then(Value::as_array).context("no log")?;
        Ok(log.iter().map(|entry| format!("{} {}", word(entry, "provider"), word(entry, "what"))).collect())
    }

    /// Every token that was given out. None of them may ever be found outside of the keyring.
    ///
    /// # Errors
    /// When the server is gone.
    pub async fn tokens(&self) -> Result<Vec<String>> {
        let state = self.control(None).await?;
        Ok(serde_json::from_value(state.get("issued").cloned().unwrap_or_default())?)
    }

    async fn control(&self, change: Option<&Value>) -> Result<Value> {
        let client = reqwest::Client::new();
        let request = match change {
            Some(change) => client.post(self.control.clone()).json(change),
            None => client.get(self.control.clone()),
        };
        Ok(request.send().await?.error_for_status()?.json().await?)
    }
}
