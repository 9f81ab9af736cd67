//! What the browser may bring back to the loopback address. Pure: bytes in, verdict out.

use crate::endpoints::is_issuer;
use secrecy::SecretString;
use subtle::ConstantTimeEq;
use url::form_urlencoded;

/// Request line and headers together. Browsers send a site's cookies to every port of `localhost`, so
/// the limit leaves room for those of other programs.
pub(crate) const MOST_HEAD: usize = 16 * 1024;
const MOST_HEADERS: usize = 64;

/// What a genuine answer looks like.
#[derive(Clone)]
pub(crate) struct Expected {
    /// Host and port, as the browser must name them. A page that had its own name resolved to the
    /// loopback address would name itself.
    pub(crate) host: String,
    /// The path of the redirect address.
    pub(crate) path: &'static str,
    /// The state that was sent along.
    pub(crate) state: String,
    /// The issuer that was asked.
    pub(crate) issuer: String,
}

/// What the provider said through the browser.
#[derive(Debug)]
pub(crate) enum Answer {
    /// An authorization code.
    Code(SecretString),
    /// An error (RFC 6749 section 4.1.2.1): its word, and the description for its number only.
    Error {
        /// A plain word.
        word: String,
        /// Text of the provider; never shown.
        description: String,
    },
    /// The answer names another issuer than the one asked (RFC 9207 section 2.4).
    WrongIssuer,
}

/// Why a request is turned away. The sign-in goes on waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Not HTTP, another host, no state or a wrong one, parameters sent twice.
    Bad,
    /// Another path, for example a browser's look for an icon.
    NotFound,
    /// Not GET.
    Method,
    /// It brings a body.
    Body,
    /// The head is too long.
    Head,
}

/// Judges the head of a request; None while it is incomplete.
pub(crate) fn judge(head: &[u8], expected: &Expected) -> Option<Result<Answer, Refusal>> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(head) {
        Ok(httparse::Status::Complete(_)) => Some(read(&request, expected)),
        Ok(httparse::Status::Partial) if head.len() >= MOST_HEAD => Some(Err(Refusal::Head)),
        Ok(httparse::Status::Partial) => None,
        Err(httparse::Error::TooManyHeaders) => Some(Err(Refusal::Head)),
        Err(_) => Some(Err(Refusal::Bad)),
    }
}

fn read(request: &httparse::Request<'_, '_>, expected: &Expected) -> Result<Answer, Refusal> {
    let one = |name: &str| {
        let mut all = request.headers.iter().filter(|h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value);
        (all.next(), all.next().is_some())
    };
    if request.method != Some("GET") {
        return Err(Refusal::Method);
    }
    if one("host") != (Some(expected.host.as_bytes()), false) {
        return Err(Refusal::Bad);
    }
    let target = request.path.unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path != expected.path {
        return Err(Refusal::NotFound);
    }
    let length = one("content-length");
    if one("transfer-encoding").0.is_some() || !matches!(length, (None | Some(b"0"), false)) {
        return Err(Refusal::Body);
    }
    let found = Parameters::read(query)?;
    let state = found.state.ok_or(Refusal::Bad)?;
    // In constant time, so that the state can't be guessed piece by piece.
    if !bool::from(state.as_bytes().ct_eq(expected.state.as_bytes())) {
        return Err(Refusal::Bad);
    }
    if found.iss.is_some_and(|iss| !is_issuer(&expected.issuer, &iss)) {
        return Ok(Answer::WrongIssuer);
    }
    match (found.code, found.error) {
        (Some(code), None) if !code.is_empty() => Ok(Answer::Code(code.into())),
        (None, Some(error)) => {
            Ok(Answer::Error { word: word(&error), description: found.error_description.unwrap_or_default() })
        }
        _ => Err(Refusal::Bad),
    }
}

#[derive(Default)]
struct Parameters {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    iss: Option<String>,
}

impl Parameters {
    /// Parameters that nobody asked for are ignored; one that comes twice is refused (RFC 6749 section 3.1).
    fn read(query: &str) -> Result<Self, Refusal> {
        let mut found = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "state" => &mut found.state,
                "code" => &mut found.code,
                "error" => &mut found.error,
                "error_description" => &mut found.error_description,
                "iss" => &mut found.iss,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(Refusal::Bad);
            }
        }
        Ok(found)
    }
}

/// An error word as it may be logged and shown: what comes from outside is not repeated unless it is one.
pub(crate) fn word(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let is_word = !text.is_empty() && text.len() <= 48 && text.bytes().all(plain);
    if is_word { text.to_owned() } else { "unreadable".to_owned() }
}
