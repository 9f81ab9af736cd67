//! Sign-in, revocation and refresh.

use crate::causes::Said;
use crate::endpoints::{self, Endpoints, checked};
use crate::identity::{Keys, identity};
use crate::loopback::Loopback;
use crate::oauth::{TokenAnswer, client, exchange_error, refused, sign_in_error};
use crate::request::{Answer, Expected};
use crate::web::{Http, NoAnswer};
use async_trait::async_trait;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request};
use oauth2::{
    AuthorizationCode, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError,
    Scope, TokenResponse,
};
use openidconnect::Nonce;
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use uncouple_engine::ports::{
    AccessToken, Accounts, Ask, Browser, CancelSignIn, NotSignedIn, RefreshReply, RevokeReply, SignInApp, SignInAt,
    SignInError, SignedIn, TokenHosts,
};
use url::{Url, form_urlencoded};

/// How long an access token is taken to live where the answer does not say (RFC 6749 section 5.1 only recommends it).
const UNTOLD: Duration = Duration::from_secs(300);

/// Random bytes of state and nonce.
const RANDOM: u32 = 32;

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The person's part of a sign-in.
    pub sign_in: Duration,
    /// Reaching a provider.
    pub connect: Duration,
    /// One request to a provider, from start to end.
    pub request: Duration,
    /// The port to listen on. 0: any free one.
    pub port: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_in: Duration::from_secs(300),
            connect: Duration::from_secs(5),
            request: Duration::from_secs(20),
            port: 0,
        }
    }
}

/// The HTTP client could not be set up, for example because the system has no certificates.
#[derive(Debug, thiserror::Error)]
#[error("no HTTP client")]
pub struct NoClient(#[source] pub(crate) reqwest::Error);

/// Google's and Microsoft's account systems.
#[derive(Clone, Debug)]
pub struct Vendors {
    http: Http,
    limits: Limits,
}

/// What must be remembered between the way out to the browser and the way back.
struct Flow {
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    redirect: RedirectUrl,
}

impl Vendors {
    /// Sets up the HTTP client; talks to nobody.
    ///
    /// # Errors
    /// [`NoClient`].
    pub fn new(limits: Limits) -> Result<Self, NoClient> {
        Ok(Self { http: Http::new(limits.connect, limits.request).map_err(NoClient)?, limits })
    }

    /// Everything up to the provider's answer; nothing exists at the provider before it.
    async fn ask(
        &self,
        at: SignInAt,
        app: &SignInApp,
        ends: &Endpoints,
        wanted: &Ask,
        browser: &dyn Browser,
    ) -> Result<(Answer, Flow, Keys), SignInError> {
        let door = Loopback::open(at, self.limits.port).map_err(|error| {
            tracing::warn!(%error, "no port for the sign-in");
            SignInError::NoPort
        })?;
        // Before the browser opens: a consent that could not be checked afterwards would be given for nothing.
        let keys = Keys::fetch(&self.http, ends).await.map_err(|error| match error {
            NoAnswer::Untrusted => SignInError::Untrusted,
            NoAnswer::Unreachable | NoAnswer::NotNow(_) | NoAnswer::TooLong => SignInError::Unreachable,
        })?;
        let (page, flow) = way_out(at, app, ends, wanted, &door)?;
        browser.open(&page).await.map_err(|_| SignInError::NoBrowser)?;
        let expected = Expected {
            host: door.host.clone(),
            path: door.path,
            state: flow.state.secret().clone(),
            issuer: ends.issuer.clone(),
        };
        let answer = door.wait(expected).await.map_err(|error| {
            tracing::warn!(%error, "the port of the sign-in was lost");
            SignInError::NoPort
        })?;
        Ok((answer, flow, keys))
    }

    async fn exchange(
        &self,
        at: SignInAt,
        app: &SignInApp,
        ends: &Endpoints,
        code: &SecretString,
        flow: Flow,
    ) -> Result<(TokenAnswer, Nonce), SignInError> {
        let answer = client(at, app, ends)?
            .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
            .set_pkce_verifier(flow.verifier)
            .set_redirect_uri(std::borrow::Cow::Owned(flow.redirect))
            .request_async(&self.http)
            .await;
        Ok((answer.map_err(|error| exchange_error(at, &error))?, flow.nonce))
    }
}

/// The address for the browser, and what its answer will be checked against.
fn way_out(
    at: SignInAt,
    app: &SignInApp,
    ends: &Endpoints,
    wanted: &Ask,
    door: &Loopback,
) -> Result<(Url, Flow), SignInError> {
    let redirect = RedirectUrl::new(door.redirect.clone()).map_err(|_| SignInError::NoPort)?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let nonce = Nonce::new_random_len(RANDOM);
    let client = client(at, app, ends)?;
    let mut request = client
        .authorize_url(|| CsrfToken::new_random_len(RANDOM))
        .set_redirect_uri(std::borrow::Cow::Borrowed(&redirect))
        .set_pkce_challenge(challenge)
        .add_scopes(["openid", "email"].map(|scope| Scope::new(scope.to_owned())))
        .add_scopes(wanted.scopes.iter().cloned().map(Scope::new))
        .add_extra_param("nonce", nonce.secret().clone());
    request = match at {
        // `prompt=consent` makes a new refresh token certain
        // (<https://developers.google.com/identity/protocols/oauth2/web-server#offline>, read 2026-11).
        SignInAt::Google => request.add_extra_param("access_type", "offline").add_extra_param("prompt", "consent"),
        // The browser may be signed in as somebody else; the person should see whom they sign in as.
        SignInAt::Microsoft => {
            request.add_scope(Scope::new("offline_access".to_owned())).add_extra_param("prompt", "select_account")
        }
    };
    if let Some(address) = &wanted.expect {
        request = request.add_extra_param("login_hint", address.as_str().to_owned());
    }
    let (page, state) = request.url();
    Ok((page, Flow { state, nonce, verifier, redirect }))
}

async fn called_off(mut cancel: CancelSignIn) {
    if cancel.wait_for(|off| *off).await.is_err() {
        // The other end is gone without having said anything; the time limit still holds.
        std::future::pending::<()>().await;
    }
}

#[async_trait]
impl Accounts for Vendors {
    /// Can be called off until the provider's answer is there; what follows ends by itself within two
    /// request limits, and stopping in between would leave a token that nobody holds.
    async fn sign_in(
        &self,
        at: SignInAt,
        app: &SignInApp,
        wanted: &Ask,
        browser: &dyn Browser,
        cancel: CancelSignIn,
    ) -> Result<SignedIn, NotSignedIn> {
        if app.client_id.is_empty() {
            return Err(SignInError::NoApp.into());
        }
        let ends = Endpoints::of(at, app)?;
        let (answer, flow, keys) = tokio::select! {
            asked = self.ask(at, app, &ends, wanted, browser) => asked?,
            () = called_off(cancel) => return Err(SignInError::Cancelled.into()),
            () = tokio::time::sleep(self.limits.sign_in) => return Err(SignInError::TimedOut.into()),
        };
        let code = match answer {
            Answer::Code(code) => code,
            Answer::Error { word, description } => {
                let said = Said { error: &word, description: &description, ..Said::default() };
                return Err(sign_in_error(at, &said).into());
            }
            Answer::WrongIssuer => return Err(SignInError::BadIdentity.into()),
        };
        // From here on a consent stands at the provider, whatever becomes of the sign-in.
        let exchanged = self.exchange(at, app, &ends, &code, flow).await;
        let consented = |why| NotSignedIn { why, consented: true, token: None };
        let (tokens, nonce) = exchanged.map_err(consented)?;
        let judged = || {
            let id_token = tokens.extra_fields().id_token.as_deref().ok_or(SignInError::BadIdentity)?;
            let identity = identity(at, &ends, &keys, &app.client_id, &nonce, id_token).map_err(|doubt| {
                tracing::warn!(%doubt, "the id_token was not believed");
                SignInError::BadIdentity
            })?;
            let refresh_token = tokens.refresh_token().ok_or(SignInError::NoRefreshToken)?;
            Ok(SignedIn {
                identity,
                refresh_token: refresh_token.secret().as_str().into(),
                granted: granted(&tokens, &wanted.scopes),
                hosts: endpoints::token_hosts(at, app)?,
            })
        };
        judged().map_err(|why| {
            // Either of them stands for the consent (RFC 7009 section 2.1).
            let refresh = tokens.refresh_token().map(|token| token.secret().as_str());
            let token = refresh.unwrap_or(tokens.access_token().secret().as_str());
            NotSignedIn { token: Some(token.into()), ..consented(why) }
        })
    }

    /// RFC 7009 as Google has it: no client authentication, 400 `invalid_token` for a token that is dead
    /// already (seen in public reports), and a 200 that stands for the whole project's consent
    /// (<https://developers.google.com/identity/protocols/oauth2/native-app#tokenrevoke>, read 2026-11).
    async fn revoke(&self, at: SignInAt, app: &SignInApp, token: &SecretString) -> RevokeReply {
        let Ok(ends) = Endpoints::of(at, app) else { return RevokeReply::NoAnswer };
        let Some(address) = ends.revoke else { return RevokeReply::NotOffered };
        let form = form_urlencoded::Serializer::new(String::new()).append_pair("token", token.expose_secret()).finish();
        let Ok(uri) = address.as_str().parse() else { return RevokeReply::NoAnswer };
        let mut request = Request::new(form.into_bytes());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, kind);
        match self.http.send(request).await {
            Ok(answer) if answer.status() == 200 => RevokeReply::Gone,
            Ok(answer) if answer.status() == 400 && is_invalid_token(answer.body()) => RevokeReply::AlreadyInvalid,
            Ok(answer) => {
                tracing::warn!(status = answer.status().as_u16(), "an answer to a revocation that says nothing");
                RevokeReply::NoAnswer
            }
            Err(_) => RevokeReply::NoAnswer,
        }
    }

    async fn refresh(&self, at: SignInAt, app: &SignInApp, token: &SecretString) -> RefreshReply {
        let Ok(ends) = Endpoints::of(at, app) else { return RefreshReply::BadApp };
        let Ok(client) = client(at, app, &ends) else { return RefreshReply::BadApp };
        let old = RefreshToken::new(token.expose_secret().to_owned());
        match client.exchange_refresh_token(&old).request_async(&self.http).await {
            Ok(answer) => {
                let rotated = answer.refresh_token().map(|new| new.secret().as_str());
                RefreshReply::Works {
                    rotated: rotated.filter(|new| *new != old.secret()).map(SecretString::from),
                    access: AccessToken {
                        token: answer.access_token().secret().as_str().into(),
                        lives: answer.expires_in().unwrap_or(UNTOLD),
                    },
                }
            }
            Err(RequestTokenError::ServerResponse(trouble)) => {
                tracing::info!(error = %trouble, "a refresh was refused");
                refused(at, &trouble)
            }
            Err(RequestTokenError::Request(NoAnswer::Untrusted)) => RefreshReply::Untrusted,
            // The other variants can carry the answer's text, so they are not logged.
            Err(RequestTokenError::Request(_) | RequestTokenError::Parse(..) | RequestTokenError::Other(_)) => {
                RefreshReply::NoAnswer
            }
        }
    }

    fn token_hosts(&self, at: SignInAt, app: &SignInApp) -> Result<TokenHosts, SignInError> {
        endpoints::token_hosts(at, app)
    }

    fn foreign_hosts(&self, at: SignInAt, app: &SignInApp) -> Vec<String> {
        endpoints::foreign_hosts(at, app)
    }

    /// An empty client id passes: it means "not set up", and only a sign-in needs one.
    fn check_app(&self, app: &SignInApp) -> Result<(), SignInError> {
        if let Some(revoke) = &app.revoke_url {
            checked(revoke)?;
        }
        [SignInAt::Google, SignInAt::Microsoft].into_iter().try_for_each(|at| Endpoints::of(at, app).map(drop))
    }
}

/// The scopes that were granted. An answer without them means all that were asked for (RFC 6749 section 5.1).
fn granted(tokens: &TokenAnswer, asked: &[String]) -> Vec<String> {
    match tokens.scopes() {
        Some(scopes) => scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
        None => asked.to_vec(),
    }
}

fn is_invalid_token(body: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Error {
        error: String,
    }
    serde_json::from_slice(body).is_ok_and(|found: Error| found.error == "invalid_token")
}
