//! Requests to the providers.

use crate::endpoints::TEST_BUILD;
use http::{Request, Response};
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;
use std::pin::Pin;
use std::time::Duration;

/// More than any of these answers needs; a key set of Microsoft's is about 20 kB (seen 2026-11).
const MOST_BODY: usize = 256 * 1024;

/// Why there is no usable answer. Holds no part of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoAnswer {
    /// No connection, no TLS, or too slow.
    #[error("unreachable")]
    Unreachable,
    /// The server's certificate is not one that this system trusts.
    #[error("certificate not trusted")]
    Untrusted,
    /// The server has trouble of its own (5xx) or wants to be left alone (429).
    #[error("not now: status {0}")]
    NotNow(u16),
    /// An answer that is too long.
    #[error("too long")]
    TooLong,
}

/// A client that follows no redirects: a token endpoint has no business sending a code elsewhere
/// (documentation of `oauth2` 5.0.0, "Security Warning").
#[derive(Clone, Debug)]
pub(crate) struct Http(reqwest::Client);

impl Http {
    pub(crate) fn new(connect: Duration, total: Duration) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .https_only(!TEST_BUILD)
            .connect_timeout(connect)
            .timeout(total)
            .user_agent(concat!("Uncouple/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self(client))
    }

    /// Sends one request, once: a code or a token that may have been used must not be sent again
    /// (RFC 9700 section 4.2).
    pub(crate) async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, NoAnswer> {
        let unreachable = |error: reqwest::Error| {
            let untrusted = is_untrusted(&error);
            tracing::info!(error = %error.without_url(), "no answer from the provider");
            if untrusted { NoAnswer::Untrusted } else { NoAnswer::Unreachable }
        };
        let (parts, body) = request.into_parts();
        let address = parts.uri.to_string();
        let sent = self.0.request(parts.method, address).headers(parts.headers).body(body).send();
        let mut answer = sent.await.map_err(unreachable)?;
        let status = answer.status();
        if status.is_server_error() || status.as_u16() == 429 {
            return Err(NoAnswer::NotNow(status.as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > MOST_BODY {
                return Err(NoAnswer::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// Whether the server's certificate was not trusted, as behind a proxy that inspects what is encrypted. Asking again
/// would bring the same.
pub(crate) fn is_untrusted(error: &reqwest::Error) -> bool {
    is_caused_by(error, |cause| {
        cause.downcast_ref::<rustls::Error>().is_some_and(|tls| matches!(tls, rustls::Error::InvalidCertificate(_)))
    })
}

/// Whether the head of an answer is longer than any honest one. Asking again would bring the same.
pub(crate) fn has_too_long_a_head(error: &reqwest::Error) -> bool {
    is_caused_by(error, |cause| cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse_too_large))
}

/// Whether an error or one of its causes is such a one. What an I/O error wraps is none of its sources.
fn is_caused_by(
    error: &(dyn std::error::Error + 'static),
    is: impl Fn(&(dyn std::error::Error + 'static)) -> bool,
) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if is(error) {
            return true;
        }
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = wrapped.map(|wrapped| wrapped as &(dyn std::error::Error + 'static)).or_else(|| error.source());
    }
    false
}
