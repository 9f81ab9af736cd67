//! What a token endpoint says, and what follows from it.

use crate::causes::Said;
use crate::endpoints::Endpoints;
use crate::web::NoAnswer;
use oauth2::basic::{BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType};
use oauth2::{
    AuthType, AuthUrl, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, ErrorResponse, ExtraTokenFields,
    RequestTokenError, StandardRevocableToken, StandardTokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use uncouple_engine::ports::{RefreshReply, SignInApp, SignInAt, SignInError};

/// A token answer with the id_token kept as text: it is judged apart, against keys fetched before.
pub(crate) type TokenAnswer = StandardTokenResponse<IdTokenText, BasicTokenType>;

/// The client of a sign-in app.
pub(crate) type AppClient = Client<
    Trouble,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Why a token request came to nothing.
pub(crate) type TokenError = RequestTokenError<NoAnswer, Trouble>;

/// The one further field of a token answer that matters here.
#[derive(Serialize, Deserialize)]
pub(crate) struct IdTokenText {
    pub(crate) id_token: Option<String>,
}

impl fmt::Debug for IdTokenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdTokenText")
    }
}

impl ExtraTokenFields for IdTokenText {}

/// An error answer (RFC 6749 section 5.2) with the refinements of both providers: Google's
/// `error_subtype` (<https://developers.google.com/identity/protocols/oauth2>) and Microsoft's `suberror`
/// and `error_codes` (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>), read 2026-11.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trouble {
    pub(crate) error: String,
    #[serde(default)]
    error_subtype: Option<String>,
    #[serde(default)]
    suberror: Option<String>,
    #[serde(default)]
    error_codes: Vec<u32>,
    /// For numbers and for what Google's words leave open; never shown or logged.
    #[serde(default)]
    error_description: Option<String>,
}

impl Trouble {
    fn said(&self) -> Said<'_> {
        Said {
            error: &self.error,
            subtype: self.error_subtype.as_deref().unwrap_or_default(),
            suberror: self.suberror.as_deref().unwrap_or_default(),
            numbers: &self.error_codes,
            description: self.error_description.as_deref().unwrap_or_default(),
        }
    }
}

impl ErrorResponse for Trouble {}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::request::word(&self.error))
    }
}

/// The client of an app at a provider.
pub(crate) fn client(at: SignInAt, app: &SignInApp, ends: &Endpoints) -> Result<AppClient, SignInError> {
    if app.client_id.is_empty() {
        return Err(SignInError::NoApp);
    }
    let client = Client::new(ClientId::new(app.client_id.clone()))
        .set_auth_uri(AuthUrl::from_url(ends.authorize.clone()))
        .set_token_uri(TokenUrl::from_url(ends.token.clone()))
        .set_auth_type(AuthType::RequestBody);
    Ok(match (at, &app.client_secret) {
        // Google's desktop clients are refused without it (seen in public reports up to 2026-08), although
        // its documentation calls it optional.
        (SignInAt::Google, Some(secret)) if !secret.is_empty() => {
            client.set_client_secret(ClientSecret::new(secret.clone()))
        }
        // Microsoft refuses a public client that sends one (AADSTS700025).
        (SignInAt::Google | SignInAt::Microsoft, _) => client,
    })
}

/// What a refused refresh says of the connection.
///
/// At Google one `invalid_grant` stands for withdrawal, password change, idleness and eviction, so it
/// says nothing of the consent. At Microsoft 65001 is the one code that does
/// (sources as in [`Trouble`]).
pub(crate) fn refused(at: SignInAt, trouble: &Trouble) -> RefreshReply {
    match at {
        SignInAt::Google => google(trouble),
        SignInAt::Microsoft => microsoft(trouble),
    }
}

fn google(trouble: &Trouble) -> RefreshReply {
    if let Some((cause, code)) = trouble.said().cause(SignInAt::Google) {
        return RefreshReply::Blocked { cause, code };
    }
    match trouble.error.as_str() {
        "invalid_grant" => RefreshReply::Refused,
        "invalid_request" | "unsupported_grant_type" => RefreshReply::BadApp,
        _ => RefreshReply::NoAnswer,
    }
}

/// Trouble of Microsoft's own, and wishes to be left alone for a while.
const LATER: [u32; 16] =
    [40010, 50033, 50053, 50087, 50088, 50166, 50196, 70012, 80001, 80002, 80014, 90006, 90012, 90024, 90033, 90055];

/// Microsoft: branch on `error`; codes and texts may change. So a code only refines what the error says,
/// with one exception that the whole point hangs on: nothing but 65001 counts as "no consent", and an
/// error that names the consent but has another code does not.
fn microsoft(trouble: &Trouble) -> RefreshReply {
    let said = trouble.said();
    let number = said.numbers().first().copied();
    let suberror = trouble.suberror.as_deref().unwrap_or_default();
    let blocked = |otherwise| match said.cause(SignInAt::Microsoft) {
        Some((cause, code)) => RefreshReply::Blocked { cause, code },
        None => otherwise,
    };
    match trouble.error.as_str() {
        error @ ("invalid_grant" | "interaction_required" | "login_required" | "consent_required") => {
            let names_consent = error == "consent_required" || suberror == "consent_required";
            let later_word = matches!(suberror, "basic_action" | "additional_action" | "message_only");
            if number == Some(65001) {
                RefreshReply::NoConsent
            } else if number.is_some_and(|number| LATER.contains(&number)) {
                RefreshReply::NoAnswer
            } else if error != "invalid_grant" || names_consent || later_word {
                blocked(RefreshReply::Interaction)
            } else {
                blocked(RefreshReply::Refused)
            }
        }
        "access_denied" => blocked(RefreshReply::Refused),
        "invalid_client"
        | "unauthorized_client"
        | "invalid_request"
        | "invalid_scope"
        | "invalid_resource"
        | "unsupported_grant_type" => blocked(RefreshReply::BadApp),
        _ => RefreshReply::NoAnswer,
    }
}

/// What an error means for a sign-in, from either endpoint. `access_denied` is the person's own no only where no number
/// says otherwise: Microsoft uses the same word for policies
/// (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#error-response-1>, read 2026-11).
pub(crate) fn sign_in_error(at: SignInAt, said: &Said<'_>) -> SignInError {
    /// "The user declined to consent".
    const DECLINED: u32 = 65004;
    if let Some((cause, code)) = said.cause(at) {
        return SignInError::Refused { cause, code };
    }
    let number = said.numbers().first().copied();
    match (said.error, number) {
        ("access_denied", None | Some(DECLINED)) => SignInError::Declined,
        _ => SignInError::Provider(said.to_string()),
    }
}

/// Why the exchange of a code came to nothing.
pub(crate) fn exchange_error(at: SignInAt, error: &TokenError) -> SignInError {
    match error {
        RequestTokenError::ServerResponse(trouble) => sign_in_error(at, &trouble.said()),
        RequestTokenError::Request(NoAnswer::Untrusted) => SignInError::Untrusted,
        RequestTokenError::Request(NoAnswer::Unreachable | NoAnswer::NotNow(_) | NoAnswer::TooLong) => {
            SignInError::Unreachable
        }
        // Neither variant is logged: both can carry the answer's text.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => SignInError::Provider("unreadable".to_owned()),
    }
}
