//! Answers of the administrators' APIs, and what they mean before anybody looks into them.

use super::object::Object;
use http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use uncouple_domain::Permission;
use uncouple_engine::directory::ApiError;
use uncouple_engine::ports::SignInAt;

/// An answer that came in whole.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
    /// Right before the request was sent.
    pub(super) began: Timestamp,
    /// For how long the provider wants to be left alone.
    pub(super) after: Option<Duration>,
    /// What to add to the provider's times to get ours, at most.
    pub(super) ahead: SignedDuration,
}

/// What is to be done about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is the answer.
    Settled,
    /// The token is refused.
    Unauthorized,
    /// All calls must wait, for so long if it says so.
    Limited(Option<Duration>),
    /// The provider has trouble of its own.
    Trouble,
}

/// Google's reasons for a 403 that is a limit
/// (<https://developers.google.com/workspace/admin/directory/v1/limits>, read 2026-11; `rateLimitExceeded` and
/// `dailyLimitExceeded` as in its other APIs).
const LIMITS: [&str; 4] = ["userRateLimitExceeded", "rateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"];

impl Reply {
    pub(super) fn verdict(&self, at: SignInAt) -> Verdict {
        match self.status {
            StatusCode::UNAUTHORIZED => Verdict::Unauthorized,
            StatusCode::TOO_MANY_REQUESTS => Verdict::Limited(self.after),
            StatusCode::SERVICE_UNAVAILABLE if self.after.is_some() => Verdict::Limited(self.after),
            StatusCode::REQUEST_TIMEOUT => Verdict::Trouble,
            StatusCode::FORBIDDEN if at == SignInAt::Google && self.has_reason(&LIMITS) => Verdict::Limited(self.after),
            status if status.is_server_error() => Verdict::Trouble,
            _ => Verdict::Settled,
        }
    }

    /// Reads the answer of a call that needs `permission`.
    ///
    /// # Errors
    /// [`ApiError::Forbidden`], [`ApiError::Unreadable`]; [`ApiError::NoAnswer`] for a refusal that is about the moment.
    pub(super) fn read<T: DeserializeOwned>(&self, permission: Permission) -> Result<T, ApiError> {
        self.accept(permission)?;
        serde_json::from_slice(&self.body).map(|Object(found)| found).map_err(|error| {
            // Its text could hold a piece of the answer.
            tracing::warn!(line = error.line(), column = error.column(), "an answer that can't be read");
            ApiError::Unreadable
        })
    }

    /// Takes a success, whatever it says.
    ///
    /// # Errors
    /// As [`Reply::read`].
    pub(super) fn accept(&self, permission: Permission) -> Result<(), ApiError> {
        match self.status {
            status if status.is_success() => Ok(()),
            StatusCode::FORBIDDEN => Err(ApiError::Forbidden { permission }),
            // "User creation is not complete" at Google (seen in public reports), and its kind.
            StatusCode::PRECONDITION_FAILED | StatusCode::CONFLICT | StatusCode::LOCKED => Err(ApiError::NoAnswer),
            status => {
                tracing::warn!(status = status.as_u16(), "an answer that no document promises");
                Err(ApiError::Unreadable)
            }
        }
    }

    /// Google's error, if it has the promised form.
    pub(super) fn google_error(&self) -> Option<GoogleError> {
        let Object(found): Object<Wrapped<GoogleError>> = serde_json::from_slice(&self.body).ok()?;
        (found.error.code == self.status.as_u16()).then_some(found.error)
    }

    /// Whether Google gives one of some reasons.
    pub(super) fn has_reason(&self, reasons: &[&str]) -> bool {
        let given = self.google_error().map(|error| error.errors).unwrap_or_default();
        given.iter().any(|one| one.reason.as_deref().is_some_and(|reason| reasons.contains(&reason)))
    }

    /// Whether it says in the provider's own form that something is not there. A 404 of anybody else says nothing.
    pub(super) fn is_missing(&self, at: SignInAt) -> bool {
        self.status == StatusCode::NOT_FOUND
            && match at {
                SignInAt::Google => self.google_error().is_some(),
                SignInAt::Microsoft => {
                    serde_json::from_slice(&self.body).is_ok_and(|Object(found): Object<Wrapped<GraphError>>| {
                        MISSING.contains(&found.error.code.as_str())
                    })
                }
            }
    }
}

/// Graph's codes for what is not there (<https://learn.microsoft.com/graph/errors>, read 2026-11).
const MISSING: [&str; 2] = ["Request_ResourceNotFound", "ResourceNotFound"];

#[derive(Deserialize)]
struct Wrapped<T> {
    error: T,
}

/// An error of Google's APIs
/// (<https://developers.google.com/workspace/admin/directory/v1/guides/troubleshoot-error-codes>, read 2026-11).
#[derive(Debug, Deserialize)]
pub(super) struct GoogleError {
    code: u16,
    #[serde(default)]
    pub(super) message: String,
    #[serde(default)]
    errors: Vec<GoogleReason>,
}

#[derive(Debug, Deserialize)]
struct GoogleReason {
    reason: Option<String>,
}

/// An error of Graph's. Its message is for people only.
#[derive(Debug, Deserialize)]
struct GraphError {
    code: String,
}

/// The time in the `Date` header.
pub(super) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(http::header::DATE)?.to_str().ok()?;
    Timestamp::try_from(httpdate::parse_http_date(text).ok()?).ok()
}

/// How long the provider wants to be left alone: seconds, or a time (RFC 9110 section 10.2.3), which is taken by the
/// clock that wrote it where the answer tells that as well.
pub(super) fn retry_after(text: &str, date: Option<Timestamp>, most: Duration) -> Option<Duration> {
    let text = text.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = Timestamp::try_from(httpdate::parse_http_date(text).ok()?).ok()?;
            let wait = at.duration_since(date.unwrap_or_else(Timestamp::now));
            Duration::try_from(wait).unwrap_or_default()
        }
    };
    // None at all would be asked again at once, and again.
    Some(wait.min(most)).filter(|wait| !wait.is_zero())
}
