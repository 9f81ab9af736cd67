//! Tokens as they stand in the keyring: with where they may be used.
//!
//! A sign-in app's endpoints are settings, and whoever can write the workspace file can change them. A token must not go
//! where the file says today, but where it was issued.

use crate::core::Engine;
use crate::error::{AppError, ErrorCode};
use crate::ports::{Keep, SecretError, SignInApp, SignInAt, SignedIn, TokenHosts};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use uncouple_domain::SecretId;

/// What an entry begins with. Entries from before there was one are a token and nothing else, which no token of either
/// provider can be mistaken for: RFC 6749 appendix A.17 has no control characters in a refresh token.
const FORM: &str = "uncouple-token/1\n";

/// A refresh token and where it may be used.
#[derive(Clone, Debug)]
pub(crate) struct KeptToken {
    pub(crate) token: SecretString,
    pub(crate) about: About,
}

/// What is known of a token beside itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct About {
    /// At whom it was issued.
    pub(crate) at: SignInAt,
    /// The only hosts that may see it.
    pub(crate) hosts: TokenHosts,
    /// Whose it is. None in entries from before this was kept.
    pub(crate) owner: Option<Owner>,
}

/// Whose a token is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Owner {
    pub(crate) provider: uncouple_domain::Provider,
    pub(crate) subject: String,
    pub(crate) address: uncouple_domain::Address,
}

/// Why a token is not handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotRead {
    /// The keyring does not.
    Keyring(SecretError),
    /// It was issued for other hosts than those of the sign-in app now. Nothing was sent.
    Elsewhere {
        /// A host of the sign-in app that the token is not for.
        host: String,
    },
    /// The entry is not one that this version writes.
    Unreadable,
}

impl From<SecretError> for NotRead {
    fn from(error: SecretError) -> Self {
        Self::Keyring(error)
    }
}

impl From<NotRead> for AppError {
    fn from(error: NotRead) -> Self {
        match error {
            NotRead::Keyring(error) => error.into(),
            NotRead::Elsewhere { host } => Self::new(ErrorCode::TokenElsewhere).with("host", host),
            NotRead::Unreadable => ErrorCode::KeyringFailed.into(),
        }
    }
}

impl KeptToken {
    /// A token that has just been issued.
    pub(crate) fn issued(at: SignInAt, signed_in: &SignedIn) -> Self {
        let identity = &signed_in.identity;
        let owner =
            Owner { provider: identity.provider, subject: identity.subject.clone(), address: identity.address.clone() };
        let hosts = signed_in.hosts.clone();
        Self { token: signed_in.refresh_token.clone(), about: About { at, hosts, owner: Some(owner) } }
    }

    /// The token that came in its place, from the same hosts.
    pub(crate) fn renewed(&self, token: SecretString) -> Self {
        Self { token, about: self.about.clone() }
    }

    fn entry(&self) -> Result<SecretString, SecretError> {
        let about = serde_json::to_string(&self.about).map_err(|_| SecretError::Failed)?;
        let token = self.token.expose_secret();
        // As large as it becomes, so that no copy of a part is left behind.
        let mut entry = String::with_capacity(FORM.len() + about.len() + 1 + token.len());
        for part in [FORM, &about, "\n", token] {
            entry.push_str(part);
        }
        Ok(entry.into())
    }

    /// `own`: where a token belongs of which no more is known than itself.
    fn read(entry: &SecretString, at: SignInAt, own: TokenHosts) -> Result<Self, NotRead> {
        let Some(rest) = entry.expose_secret().strip_prefix(FORM) else {
            return Ok(Self { token: entry.clone(), about: About { at, hosts: own, owner: None } });
        };
        let (about, token) = rest.split_once('\n').ok_or(NotRead::Unreadable)?;
        let about = serde_json::from_str(about).map_err(|_| NotRead::Unreadable)?;
        Ok(Self { token: token.into(), about })
    }
}

impl Engine {
    /// Keeps a token with where it may be used.
    pub(crate) async fn keep_entry(&self, id: SecretId, token: &KeptToken, keep: Keep) -> Result<(), SecretError> {
        self.ports.secrets.keep(id, token.entry()?, keep).await
    }

    /// Reads a token, to be used with a sign-in app. None: there is no such entry.
    ///
    /// # Errors
    /// [`NotRead`].
    pub(crate) async fn read_entry(
        &self,
        id: SecretId,
        keep: Keep,
        at: SignInAt,
        app: &SignInApp,
    ) -> Result<Option<KeptToken>, NotRead> {
        let Some(kept) = self.any_entry(id, keep, at).await? else { return Ok(None) };
        let accounts = &self.ports.accounts;
        let bad = |_| NotRead::Elsewhere { host: String::new() };
        let now = accounts.token_hosts(at, app).map_err(bad)?;
        match kept.about.hosts.first_other(&now) {
            None if kept.about.at == at => Ok(Some(kept)),
            None => Err(NotRead::Unreadable),
            Some(host) => {
                tracing::warn!(host, "a token was not sent to a host that it was not issued for");
                Err(NotRead::Elsewhere { host: host.to_owned() })
            }
        }
    }

    /// Reads a token without saying where it is to be used: to learn whose it is.
    pub(crate) async fn any_entry(&self, id: SecretId, keep: Keep, at: SignInAt) -> Result<Option<KeptToken>, NotRead> {
        let Some(entry) = self.ports.secrets.read(id, keep).await? else { return Ok(None) };
        let own = self.ports.accounts.token_hosts(at, &SignInApp::default()).map_err(|_| NotRead::Unreadable)?;
        KeptToken::read(&entry, at, own).map(Some)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn hosts(name: &str) -> TokenHosts {
        let host = |what: &str| format!("https://{what}.{name}");
        TokenHosts { issuer: host("id"), token: host("token"), revoke: Some(host("token")), api: host("api") }
    }

    #[test]
    fn a_token_is_read_back_with_all_that_was_kept_with_it() {
        let about = About { at: SignInAt::Google, hosts: hosts("example.com"), owner: None };
        for token in ["1//0abc", "two\nlines", "uncouple-token/1\nnested\n", ""] {
            let kept = KeptToken { token: token.into(), about: about.clone() };
            let read = KeptToken::read(&kept.entry().unwrap(), SignInAt::Google, hosts("own")).unwrap();
            assert_eq!((read.token.expose_secret(), &read.about), (token, &about));
        }
    }

    #[test]
    fn an_entry_from_before_is_bound_to_the_providers_own_hosts() {
        let read = KeptToken::read(&"1//0abc".into(), SignInAt::Google, hosts("own")).unwrap();
        assert_eq!((read.token.expose_secret(), read.about.hosts), ("1//0abc", hosts("own")));
        let broken = KeptToken::read(&"uncouple-token/1\n{\n1//0abc".into(), SignInAt::Google, hosts("own"));
        assert!(matches!(broken, Err(NotRead::Unreadable)));
    }
}
