//! One request of an administrators' API.

use super::answer::{About, Reply, Verdict, date, retry_after};
use super::pace::Gate;
use super::patience::{Patience, Tries};
use crate::web::{has_too_long_a_head, is_untrusted};
use http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Method};
use jiff::{SignedDuration, Timestamp};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use tokio::time::Instant;
use uncouple_engine::directory::{ApiError, ApiKey, Obstacle, Pace};
use uncouple_engine::ports::SignInAt;
use url::Url;

/// More than any honest answer holds: a page of 1,000 lines of Google's audit log is about a megabyte.
const MOST_BODY: usize = 4 * 1024 * 1024;

/// What stands as it is in a path or a query (RFC 3986 section 2.3), and `$` and `@`, which Graph and addresses have.
const PLAIN: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'$').remove(b'@');

/// Graph's header for advanced queries, and its only value.
pub(super) const CONSISTENCY: (&str, &str) = ("consistencylevel", "eventual");

/// No `Date` was seen yet.
const UNTOLD: i64 = i64::MIN;

/// A request. All of them may be repeated: reading changes nothing, and deleting what is gone is a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<Vec<u8>>,
    /// For how many calls it stands.
    pub(super) weight: u32,
    /// Whether something is changed by it.
    pub(super) changes: bool,
    /// Asked with Graph's `ConsistencyLevel: eventual`, without which some lists lack entries.
    pub(super) eventual: bool,
    /// What the answer must be about.
    pub(super) about: About,
}

impl Call {
    pub(super) fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            body: None,
            weight: 1,
            changes: false,
            eventual: false,
            about: About::Anything,
        }
    }

    pub(super) fn delete(url: Url) -> Self {
        Self { method: Method::DELETE, changes: true, ..Self::get(url) }
    }

    /// The same, as an advanced query of Graph's (<https://learn.microsoft.com/graph/aad-advanced-queries>, read
    /// 2026-11).
    pub(super) fn eventual(self) -> Self {
        Self { eventual: true, ..self }
    }

    /// The same, with what the answer must be about.
    pub(super) fn about(self, about: About) -> Self {
        Self { about, ..self }
    }

    /// For what may come twice: the provider refuses the second.
    pub(super) fn post(url: Url, body: Vec<u8>) -> Self {
        Self { method: Method::POST, body: Some(body), changes: true, ..Self::get(url) }
    }
}

/// The way to one provider's API for one administrator.
#[derive(Debug)]
pub(super) struct Api {
    http: reqwest::Client,
    pub(super) at: SignInAt,
    pub(super) base: Url,
    key: Arc<dyn ApiKey>,
    pub(super) gate: Gate,
    pub(super) patience: Patience,
    pub(super) connections: usize,
    /// What to add to the provider's times to get ours, in milliseconds.
    ahead: AtomicI64,
    /// Something answered once, so there is a way to the provider.
    answered: AtomicBool,
}

/// Why a request brought no answer.
enum Fault {
    /// Network trouble, or too slow.
    Broken,
    /// There was no connection at all.
    NoConnection,
    /// Asking again would bring the same.
    Final(ApiError),
}

impl Api {
    pub(super) fn new(
        http: reqwest::Client,
        at: SignInAt,
        base: Url,
        key: Arc<dyn ApiKey>,
        pace: Pace,
        patience: Patience,
    ) -> Self {
        let connections = usize::from(pace.connections.max(1));
        Self {
            http,
            at,
            base,
            key,
            gate: Gate::new(at, pace, &patience),
            patience,
            connections,
            ahead: AtomicI64::new(UNTOLD),
            answered: AtomicBool::new(false),
        }
    }

    /// An address below the API's. Segments of the path and values of the query are foreign text.
    ///
    /// # Errors
    /// [`ApiError::Unreadable`] for a segment that would lead to another place.
    pub(super) fn url(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Url, ApiError> {
        let mut text = self.base.as_str().trim_end_matches('/').to_owned();
        for segment in path {
            // No escape would keep these from being taken away (WHATWG URL, "double-dot path segment").
            if matches!(*segment, "" | "." | "..") {
                return Err(ApiError::Unreadable);
            }
            text.push('/');
            text.extend(utf8_percent_encode(segment, PLAIN));
        }
        for (at, (name, value)) in query.iter().enumerate() {
            text.push(if at == 0 { '?' } else { '&' });
            text.push_str(name);
            text.push('=');
            text.extend(utf8_percent_encode(value, PLAIN));
        }
        Url::parse(&text).map_err(|_| ApiError::Unreadable)
    }

    /// What to add to the provider's times to get ours. None: it has not told its time yet.
    pub(super) fn ahead(&self) -> Option<SignedDuration> {
        Some(self.ahead.load(Ordering::Acquire)).filter(|ms| *ms != UNTOLD).map(SignedDuration::from_millis)
    }

    /// Sends a request until there is an answer that is one: a success, or a refusal that is about what was asked.
    ///
    /// # Errors
    /// [`ApiError::Expired`], [`ApiError::Keyring`], [`ApiError::Limits`], [`ApiError::NoAnswer`],
    /// [`ApiError::TooLong`], [`ApiError::Halted`].
    pub(super) async fn send(&self, call: &Call) -> Result<Reply, ApiError> {
        let mut tries = Tries::new(&self.patience);
        let mut refused: Option<SecretString> = None;
        let mut was_refused = false;
        let mut limits = None;
        let mut again = false;
        // What a halt comes to: after a try that has no answer, or only some server's trouble, it may have been done.
        let mut halted = ApiError::Halted;
        loop {
            let turn =
                self.gate.unless_halted(call.changes, self.gate.turn(call.weight, call.changes)).await.ok_or(halted)?;
            // Never cut short: the provider may hand out a new refresh token with it, once.
            let token = self.key.token(refused.as_ref()).await?;
            if call.changes && self.gate.is_halted() {
                return Err(halted);
            }
            if refused.take().is_some_and(|old| old.expose_secret() == token.expose_secret()) {
                return Err(ApiError::Expired);
            }
            self.gate.count(call.weight, again);
            again = true;
            let start = Instant::now();
            let reply = self.once(call, &token).await;
            drop(turn);
            let verdict = match &reply {
                Ok(reply) => reply.verdict(self.at),
                Err(Fault::Broken | Fault::NoConnection) => Verdict::Trouble,
                Err(Fault::Final(error)) => return Err(*error),
            };
            if !matches!(&reply, Ok(reply) if !reply.status.is_server_error()) {
                halted = ApiError::NoAnswer;
            }
            match (verdict, reply) {
                (Verdict::Settled, Ok(reply)) => {
                    self.gate.accepted(call.weight);
                    return Ok(reply);
                }
                (Verdict::Unauthorized, _) if was_refused => return Err(ApiError::Expired),
                (Verdict::Unauthorized, _) => {
                    was_refused = true;
                    refused = Some(token);
                }
                (Verdict::Limited(asked), _) => {
                    self.gate.refused(start, asked);
                    if self.gate.is_hopeless(&mut limits, asked) {
                        return Err(ApiError::Limits);
                    }
                }
                (Verdict::Trouble | Verdict::Settled, reply) => {
                    // Before anything was done nobody waits for a network that is not there.
                    let none = matches!(reply, Err(Fault::NoConnection)) && !self.answered.load(Ordering::Acquire);
                    if none && !tries.at_first(self.patience.first, start.elapsed()) {
                        return Err(ApiError::NoAnswer);
                    }
                    let pause = tries.after_failure(start.elapsed()).ok_or(ApiError::NoAnswer)?;
                    self.gate.unless_halted(call.changes, tokio::time::sleep(pause)).await.ok_or(halted)?;
                }
            }
        }
    }

    async fn once(&self, call: &Call, token: &SecretString) -> Result<Reply, Fault> {
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))
            .map_err(|_| Fault::Final(ApiError::Expired))?;
        bearer.set_sensitive(true);
        let mut request = self.http.request(call.method.clone(), call.url.clone()).header(AUTHORIZATION, bearer);
        if call.eventual {
            request = request.header(HeaderName::from_static(CONSISTENCY.0), HeaderValue::from_static(CONSISTENCY.1));
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let began = Timestamp::now();
        let mut answer = request.send().await.map_err(broken)?;
        let came = Timestamp::now();
        self.answered.store(true, Ordering::Release);
        let date = date(answer.headers());
        if let Some(date) = date {
            // The header leaves out the part of a second and the way took a while, so this is the most that it can be.
            // Times come out later rather than earlier by it, and a later consent is never taken for an earlier one.
            let ahead = i64::try_from(came.duration_since(date).as_millis()).unwrap_or_default();
            self.ahead.store(ahead, Ordering::Release);
        }
        let after = answer.headers().get(RETRY_AFTER).and_then(|text| text.to_str().ok());
        let after = after.and_then(|text| retry_after(text, date, self.patience.asked));
        let body = body(&mut answer).await?;
        let ahead = self.ahead().unwrap_or_default();
        Ok(Reply { status: answer.status(), body, began, after, ahead })
    }
}

/// Reads a body up to the limit and not a byte further.
async fn body(answer: &mut reqwest::Response) -> Result<Vec<u8>, Fault> {
    let told = answer.content_length().unwrap_or_default();
    if usize::try_from(told).unwrap_or(usize::MAX) > MOST_BODY {
        return Err(Fault::Final(ApiError::TooLong));
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(broken)? {
        if body.len() + chunk.len() > MOST_BODY {
            return Err(Fault::Final(ApiError::TooLong));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn broken(error: reqwest::Error) -> Fault {
    let (untrusted, long) = (is_untrusted(&error), has_too_long_a_head(&error));
    // Addresses hold people's identifiers.
    let error = error.without_url();
    tracing::info!(%error, "no answer from the provider");
    if error.is_builder() {
        Fault::Final(ApiError::BadEndpoint)
    } else if untrusted {
        Fault::Final(ApiError::Blocked(Obstacle::Untrusted))
    } else if long {
        Fault::Final(ApiError::TooLong)
    } else if error.is_connect() {
        Fault::NoConnection
    } else {
        Fault::Broken
    }
}
