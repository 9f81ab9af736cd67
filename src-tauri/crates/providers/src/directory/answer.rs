//! Answers of the administrators' APIs, and what they mean before anybody looks into them.

use super::object::{Object, objects};
use http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use uncouple_domain::Permission;
use uncouple_engine::directory::{ApiError, Obstacle};
use uncouple_engine::ports::{ProviderCode, SignInAt};

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

/// What an answer must be about: which question it is the answer to is otherwise told by its place alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Nothing in it tells.
    Anything,
    /// One thing with this identifier.
    Id(String),
    /// A list of one person's consents.
    Person(String),
    /// A list of one app's consents.
    App(String),
}

/// The identifiers in an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Named {
    id: Option<String>,
    client_id: Option<String>,
    principal_id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct AllNamed {
    #[serde(deserialize_with = "objects")]
    value: Vec<Named>,
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
    /// [`ApiError::Blocked`], [`ApiError::Forbidden`], [`ApiError::Unreadable`]; [`ApiError::NoAnswer`] for a refusal that is about the moment.
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
            StatusCode::FORBIDDEN | StatusCode::BAD_REQUEST if let Some(obstacle) = self.obstacle(permission) => {
                Err(ApiError::Blocked(obstacle))
            }
            StatusCode::FORBIDDEN => Err(ApiError::Forbidden { permission }),
            // "User creation is not complete" at Google (seen in public reports), and its kind.
            StatusCode::PRECONDITION_FAILED | StatusCode::CONFLICT | StatusCode::LOCKED => Err(ApiError::NoAnswer),
            status => {
                tracing::warn!(status = status.as_u16(), "an answer that no document promises");
                Err(ApiError::Unreadable)
            }
        }
    }

    /// What stands in the way whatever the administrator's role, where Google gives a reason for it.
    fn obstacle(&self, permission: Permission) -> Option<Obstacle> {
        let error = self.google_error()?;
        let own = error.errors.iter().filter_map(|one| one.reason.as_deref());
        let detailed = error.details.iter().filter_map(|one| one.reason.as_deref());
        let given: Vec<&str> = own.chain(detailed).chain(error.status.as_deref()).collect();
        let (word, kind) = OBSTACLES.iter().find(|(word, _)| given.contains(word))?;
        let code = ProviderCode::Word(word);
        Some(match kind {
            Kind::ApiOff => Obstacle::ApiOff { project: error.project(), code },
            Kind::DomainCannot => Obstacle::DomainCannot { code },
            Kind::ScopeMissing => Obstacle::ScopeMissing { permission, code },
        })
    }

    /// Whether a success is about what was asked. What can't be read is told of by whoever reads it. `strictly`: a list
    /// has no entries of other apps either, which a filter that is not obeyed would bring, nor any for everybody.
    pub(super) fn is_about(&self, about: &About, strictly: bool) -> bool {
        let same = |asked: &str, named: &Option<String>| named.as_ref().is_none_or(|id| id.eq_ignore_ascii_case(asked));
        let all = |fits: &dyn Fn(&Named) -> bool| {
            serde_json::from_slice(&self.body)
                .map_or(true, |Object(list): Object<AllNamed>| list.value.iter().all(fits))
        };
        if !self.status.is_success() {
            return true;
        }
        match about {
            About::Anything => true,
            About::Id(asked) => {
                serde_json::from_slice(&self.body).map_or(true, |Object(one): Object<Named>| same(asked, &one.id))
            }
            About::Person(asked) => {
                all(&|grant| same(asked, &grant.principal_id) && (!strictly || grant.principal_id.is_some()))
            }
            About::App(asked) => !strictly || all(&|grant| same(asked, &grant.client_id)),
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

    /// Whether Graph says in its own form that such a thing is there already (seen in public reports of 2021-12 and
    /// later).
    pub(super) fn is_twice(&self) -> bool {
        self.status == StatusCode::CONFLICT && self.graph_code().as_deref() == Some(TWICE)
    }

    /// The code of Graph's error, if it has the promised form.
    pub(super) fn graph_code(&self) -> Option<String> {
        let Object(found): Object<Wrapped<GraphError>> = serde_json::from_slice(&self.body).ok()?;
        Some(found.error.code)
    }

    /// Whether it says in the provider's own form that something is not there. A 404 of anybody else says nothing.
    pub(super) fn is_missing(&self, at: SignInAt) -> bool {
        self.status == StatusCode::NOT_FOUND
            && match at {
                SignInAt::Google => self.google_error().is_some(),
                SignInAt::Microsoft => self.graph_code().is_some_and(|code| MISSING.contains(&code.as_str())),
            }
    }

    /// Whether Graph says that the app that a filter names is not in the directory: then nobody has let it in. No other
    /// 404 says that.
    pub(super) fn is_no_such_app(&self) -> bool {
        self.status == StatusCode::NOT_FOUND && self.graph_code().is_some_and(|code| code == NO_SUCH_OBJECT)
    }
}

/// What stands in the way of all calls.
#[derive(Clone, Copy, Debug)]
enum Kind {
    ApiOff,
    DomainCannot,
    ScopeMissing,
}

/// Google's reasons for a refusal that has nothing to do with anybody's role
/// (<https://developers.google.com/workspace/admin/directory/v1/guides/troubleshoot-error-codes> and
/// <https://cloud.google.com/apis/docs/troubleshooting>, read 2026-11; seen in public reports up to then).
const OBSTACLES: [(&str, Kind); 8] = [
    ("accessNotConfigured", Kind::ApiOff),
    ("SERVICE_DISABLED", Kind::ApiOff),
    ("serviceDisabled", Kind::ApiOff),
    ("domainCannotUseApis", Kind::DomainCannot),
    ("insufficientPermissions", Kind::ScopeMissing),
    ("insufficientScopes", Kind::ScopeMissing),
    ("ACCESS_TOKEN_SCOPE_INSUFFICIENT", Kind::ScopeMissing),
    ("insufficientAuthenticationScopes", Kind::ScopeMissing),
];
/// Graph's code for a directory object that is not there, or that a filter names
/// (<https://learn.microsoft.com/graph/errors>; of filters: microsoftgraph/microsoft-graph-docs issue 17247; read
/// 2026-11).
const NO_SUCH_OBJECT: &str = "Request_ResourceNotFound";

/// Graph's codes for what is not there (<https://learn.microsoft.com/graph/errors>, read 2026-11).
const MISSING: [&str; 2] = [NO_SUCH_OBJECT, "ResourceNotFound"];

/// Graph's code for what there can be one of only.
const TWICE: &str = "Request_MultipleObjectsWithSameKeyValue";

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
    /// `google.rpc.ErrorInfo` and its kind (<https://google.aip.dev/193>, read 2026-11).
    #[serde(default)]
    details: Vec<GoogleDetail>,
    #[serde(default)]
    status: Option<String>,
}

#[derive(Debug, Deserialize)]
struct GoogleDetail {
    reason: Option<String>,
    #[serde(default)]
    metadata: BTreeMap<String, Value>,
}

impl GoogleError {
    /// The project that the sign-in app belongs to: "projects/764086051850" in the details, "project 764086051850" in
    /// the message. It is a number and nothing else that is repeated from here.
    fn project(&self) -> Option<u64> {
        let detailed = self.details.iter().filter_map(|one| one.metadata.get("consumer")?.as_str());
        let detailed = detailed.filter_map(|consumer| consumer.strip_prefix("projects/")?.parse().ok());
        let told = || {
            let (_, rest) = self.message.split_once("project ")?;
            rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
        };
        detailed.into_iter().next().or_else(told)
    }
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
