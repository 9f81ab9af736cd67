//! What a token endpoint says, and what follows from it.

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
    match (trouble.error.as_str(), trouble.error_subtype.as_deref()) {
        // An administrator's limit on the length of a session; the token may work again after a sign-in.
        ("invalid_grant", Some("invalid_rapt")) => RefreshReply::Interaction,
        ("invalid_grant", _) => RefreshReply::Refused,
        ("admin_policy_enforced", _) => RefreshReply::Policy,
        (
            "invalid_client"
            | "unauthorized_client"
            | "deleted_client"
            | "invalid_request"
            | "invalid_scope"
            | "unsupported_grant_type"
            | "redirect_uri_mismatch"
            | "org_internal",
            _,
        ) => RefreshReply::BadApp,
        _ => RefreshReply::NoAnswer,
    }
}

/// Multi-factor, device, password and conditional-access wishes: a person can meet them, so the consent
/// may well be there.
const INTERACTION: [u32; 18] = [
    50055, 50072, 50074, 50076, 50078, 50079, 50097, 50125, 50131, 50158, 53000, 53001, 53002, 53003, 530_032, 530_034,
    530_035, 700_020,
];
/// Only an administrator can go on.
const POLICY: [u32; 3] = [90008, 90094, 90095];
/// The registration of the app, or the app itself, is at fault.
const BAD_APP: [u32; 12] =
    [50011, 50194, 70002, 70011, 501_481, 700_016, 700_025, 900_144, 7_000_112, 7_000_215, 7_000_218, 9_002_332];
/// Trouble of Microsoft's own, and wishes to be left alone for a while.
const LATER: [u32; 16] =
    [40010, 50033, 50053, 50087, 50088, 50166, 50196, 70012, 80001, 80002, 80014, 90006, 90012, 90024, 90033, 90055];

/// Microsoft: branch on `error`; codes and texts may change. So a code only refines what the error says,
/// with one exception that the whole point hangs on: nothing but 65001 counts as "no consent", and an
/// error that names the consent but has another code does not.
fn microsoft(trouble: &Trouble) -> RefreshReply {
    let code = trouble.error_codes.first().copied();
    let is = |codes: &[u32]| code.is_some_and(|code| codes.contains(&code));
    let error = trouble.error.as_str();
    let suberror = trouble.suberror.as_deref().unwrap_or_default();
    match error {
        "invalid_grant" | "interaction_required" | "login_required" | "consent_required" => {
            let names_consent = error == "consent_required" || suberror == "consent_required";
            let later_word =
                matches!(suberror, "basic_action" | "additional_action" | "message_only" | "user_password_expired");
            if code == Some(65001) {
                RefreshReply::NoConsent
            } else if is(&POLICY) || matches!(suberror, "protection_policy_required" | "device_authentication_failed") {
                RefreshReply::Policy
            } else if is(&BAD_APP) || suberror == "client_mismatch" {
                RefreshReply::BadApp
            } else if is(&LATER) {
                RefreshReply::NoAnswer
            } else if error != "invalid_grant" || names_consent || later_word || is(&INTERACTION) {
                RefreshReply::Interaction
            } else {
                RefreshReply::Refused
            }
        }
        "access_denied" => RefreshReply::Refused,
        "invalid_client"
        | "unauthorized_client"
        | "invalid_request"
        | "invalid_scope"
        | "invalid_resource"
        | "unsupported_grant_type" => RefreshReply::BadApp,
        _ => RefreshReply::NoAnswer,
    }
}

/// What an error word means for a sign-in, from either endpoint.
pub(crate) fn sign_in_error(word: &str, description: &str) -> SignInError {
    // "AADSTS90094: ..." is the only place where Microsoft's authorization endpoint says it.
    let code = description.strip_prefix("AADSTS").and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
    let policy = code.and_then(|digits| digits.parse().ok()).is_some_and(|code: u32| POLICY.contains(&code));
    match word {
        _ if policy => SignInError::Policy,
        "access_denied" => SignInError::Declined,
        "admin_policy_enforced" => SignInError::Policy,
        word => SignInError::Provider(crate::request::word(word)),
    }
}

/// Why the exchange of a code came to nothing.
pub(crate) fn exchange_error(error: &TokenError) -> SignInError {
    match error {
        RequestTokenError::ServerResponse(trouble) => sign_in_error(&trouble.error, ""),
        RequestTokenError::Request(_) => SignInError::Unreachable,
        // Neither variant is logged: both can carry the answer's text.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => SignInError::Provider("unreadable".to_owned()),
    }
}
