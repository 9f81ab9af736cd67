//! The token endpoint, and which access tokens are good.

use super::call::Call;
use super::reply::{Reply, put};
use crate::fakes::locked;
use secrecy::SecretString;
use serde_json::json;
use std::sync::Mutex;

/// Whose token endpoint it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vendor {
    Google,
    Microsoft,
}

/// The administrator's sign-in, as a server knows it.
pub struct SignIn {
    vendor: Vendor,
    inner: Mutex<Inner>,
}

/// Without tokens.
impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").field("vendor", &self.vendor).finish_non_exhaustive()
    }
}

struct Inner {
    /// Access tokens until now; the newest has this number.
    issued: u64,
    /// Older ones are refused.
    good_from: u64,
    /// So many calls for each access token.
    calls_each: Option<u64>,
    /// Calls that the newest good one was used for.
    calls: u64,
    /// Microsoft hands out a new one with every refresh, and the old ones stay good.
    refresh_tokens: u64,
    refused: bool,
    scope: String,
    expires_in: u32,
}

const ACCESS: &str = "fixture-access-token-";
const REFRESH: &str = "fixture-refresh-token-";

fn number(text: &str, prefix: &str) -> Option<u64> {
    text.strip_prefix(prefix)?.parse().ok()
}

impl SignIn {
    pub(crate) fn new(vendor: Vendor, scope: String) -> Self {
        let inner = Inner {
            issued: 1,
            good_from: 1,
            calls_each: None,
            calls: 0,
            refresh_tokens: 1,
            refused: false,
            scope,
            expires_in: 3599,
        };
        Self { vendor, inner: Mutex::new(inner) }
    }

    /// An access token that is good now.
    #[must_use]
    pub fn access_token(&self) -> SecretString {
        let mut inner = locked(&self.inner);
        if inner.good_from > inner.issued {
            inner.issue();
        }
        format!("{ACCESS}{}", inner.issued).into()
    }

    /// A refresh token.
    #[must_use]
    pub fn refresh_token(&self) -> SecretString {
        format!("{REFRESH}{}", locked(&self.inner).refresh_tokens).into()
    }

    /// Access tokens are good for so many calls each, from the newest on; `None`: for ever.
    pub fn calls_each(&self, calls: impl Into<Option<u64>>) {
        let mut inner = locked(&self.inner);
        (inner.calls_each, inner.calls) = (calls.into(), 0);
    }

    /// No access token is good any more, until one is refreshed.
    pub fn expire(&self) {
        locked(&self.inner).expire();
    }

    /// Refreshing is refused with `invalid_grant`, or is not any more.
    pub fn refuse_refresh(&self, refused: bool) {
        locked(&self.inner).refused = refused;
    }

    /// The permissions in the token endpoint's answer, with spaces between. Requests are not held against them: what
    /// is forbidden is a fault of its own.
    pub fn scope(&self, scope: &str) {
        locked(&self.inner).scope = scope.to_owned();
    }

    /// The life of an access token in the token endpoint's answer, in seconds. It ends otherwise only by
    /// [`Self::calls_each`] and [`Self::expire`].
    pub fn expires_in(&self, seconds: u32) {
        locked(&self.inner).expires_in = seconds;
    }

    /// Whether a call may come in. Counts it if it may.
    pub(crate) fn lets_in(&self, authorization: Option<&str>) -> bool {
        let Some(token) = authorization.and_then(|header| header.strip_prefix("Bearer ")) else { return false };
        let mut inner = locked(&self.inner);
        let good = number(token, ACCESS).is_some_and(|number| (inner.good_from..=inner.issued).contains(&number));
        if good && inner.calls_each.is_some_and(|most| inner.calls >= most) {
            inner.expire();
            return false;
        }
        inner.calls += u64::from(good);
        good
    }

    /// The token endpoint (RFC 6749 section 6).
    pub(crate) fn refresh(&self, call: &Call) -> Reply {
        let form = call.form();
        if call.method != "POST" || !is_form(call) {
            return Self::oauth_error("invalid_request", "Not a form that was posted.");
        }
        if form.get("grant_type") != Some("refresh_token") {
            return Self::oauth_error("unsupported_grant_type", "Invalid grant_type.");
        }
        if form.get("client_id").is_none_or(str::is_empty) {
            return Self::oauth_error("invalid_request", "client_id is missing.");
        }
        let mut inner = locked(&self.inner);
        let token = form.get("refresh_token").and_then(|token| number(token, REFRESH));
        let good = token.is_some_and(|number| (1..=inner.refresh_tokens).contains(&number));
        if inner.refused || !good {
            return self.invalid_grant();
        }
        inner.issue();
        let mut body = json!({
            "access_token": format!("{ACCESS}{}", inner.issued),
            "expires_in": inner.expires_in,
            "scope": inner.scope,
            "token_type": "Bearer",
        });
        if self.vendor == Vendor::Microsoft {
            inner.refresh_tokens += 1;
            put(&mut body, "ext_expires_in", inner.expires_in);
            put(&mut body, "refresh_token", format!("{REFRESH}{}", inner.refresh_tokens));
        }
        Reply::json(200, body)
    }

    /// Google's revocation endpoint: takes an access or a refresh token, and with either the whole grant goes.
    pub(crate) fn revoke(&self, call: &Call) -> Reply {
        let form = call.form();
        if call.method != "POST" || !is_form(call) {
            return Self::oauth_error("invalid_request", "Not a form that was posted.");
        }
        let token = form.get("token").unwrap_or_default();
        let mut inner = locked(&self.inner);
        let access = number(token, ACCESS).is_some_and(|number| (inner.good_from..=inner.issued).contains(&number));
        let refresh = number(token, REFRESH).is_some_and(|number| (1..=inner.refresh_tokens).contains(&number));
        if inner.refused || !(access || refresh) {
            return Self::oauth_error("invalid_token", "Token expired or revoked");
        }
        inner.expire();
        inner.refused = true;
        Reply::json(200, json!({}))
    }

    pub(crate) fn invalid_grant(&self) -> Reply {
        match self.vendor {
            Vendor::Google => Self::oauth_error("invalid_grant", "Token has been expired or revoked."),
            Vendor::Microsoft => Reply::json(
                400,
                json!({
                    "error": "invalid_grant",
                    "error_description": "AADSTS50173: The provided grant has expired due to it being revoked, a fresh auth token is needed.",
                    "error_codes": [50173],
                    "timestamp": "2026-01-01 00:00:00Z",
                    "trace_id": "00000000-0000-0000-0000-000000000000",
                    "correlation_id": "00000000-0000-0000-0000-000000000000",
                    "error_uri": "https://login.microsoftonline.com/error?code=50173",
                    "suberror": "bad_token",
                }),
            ),
        }
    }

    fn oauth_error(error: &str, description: &str) -> Reply {
        Reply::json(400, json!({"error": error, "error_description": description}))
    }
}

impl Inner {
    fn issue(&mut self) {
        self.issued += 1;
        self.calls = 0;
        self.good_from = self.good_from.min(self.issued);
    }

    fn expire(&mut self) {
        self.good_from = self.issued + 1;
    }
}

fn is_form(call: &Call) -> bool {
    call.content_type.as_deref().is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}
