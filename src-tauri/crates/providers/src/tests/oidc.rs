//! A provider in this process: keys, tokens, refresh and revocation, and a person with a browser.

use super::token::{CLIENT, google_claims, key_set, microsoft_claims, signed};
use crate::accounts::{Limits, Vendors};
use async_trait::async_trait;
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use uncouple_engine::ports::{
    Accounts, Ask, Browser, BrowserError, NotSignedIn, SignInApp, SignInAt, SignInError, SignedIn,
};
use url::Url;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

pub(super) type Form = BTreeMap<String, String>;

pub(super) fn form(bytes: &[u8]) -> Form {
    url::form_urlencoded::parse(bytes).into_owned().collect()
}

/// What the provider remembers and how it feels.
#[derive(Default)]
struct Mind {
    /// Parameters of the authorization request.
    asked: Form,
    /// The form of the token request.
    exchanged: Option<Form>,
}

/// How a test wants the token endpoint to be.
#[derive(Clone)]
pub(super) struct Manners {
    pub(super) claims: fn(&str, &str) -> Value,
    pub(super) change: fn(&mut Value),
    pub(super) answer: fn(&mut Value),
    pub(super) refusal: Option<(u16, &'static str)>,
}

impl Manners {
    pub(super) fn google() -> Self {
        Self { claims: google_claims, change: |_| {}, answer: |_| {}, refusal: None }
    }

    pub(super) fn microsoft() -> Self {
        Self { claims: |iss, nonce| microsoft_claims(iss, nonce, super::token::TENANT), ..Self::google() }
    }
}

#[derive(Clone)]
pub(super) struct Provider {
    server: Arc<MockServer>,
    mind: Arc<Mutex<Mind>>,
}

struct Tokens {
    mind: Arc<Mutex<Mind>>,
    manners: Manners,
    issuer: String,
}

impl Respond for Tokens {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let sent = form(&request.body);
        let mut mind = self.mind.lock().unwrap();
        mind.exchanged = Some(sent.clone());
        if let Some((status, body)) = self.manners.refusal {
            return ResponseTemplate::new(status).set_body_raw(body, "application/json");
        }
        if sent["grant_type"] == "refresh_token" {
            return ResponseTemplate::new(200).set_body_json(json!({ "access_token": "a", "token_type": "Bearer" }));
        }
        let verifier = PkceCodeVerifier::new(sent.get("code_verifier").cloned().unwrap_or_default());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let proven = mind.asked.get("code_challenge").map(String::as_str) == Some(challenge.as_str());
        if !proven || sent.get("redirect_uri") != mind.asked.get("redirect_uri") || sent["code"] != "the-code" {
            return ResponseTemplate::new(400).set_body_json(json!({ "error": "invalid_grant" }));
        }
        let mut claims = (self.manners.claims)(&self.issuer, &mind.asked["nonce"]);
        (self.manners.change)(&mut claims);
        let mut answer = json!({
            "access_token": "access", "token_type": "Bearer", "expires_in": 3599, "refresh_token": "the-refresh-token",
            "scope": "openid email", "id_token": signed(&claims),
        });
        (self.manners.answer)(&mut answer);
        ResponseTemplate::new(200).set_body_json(answer)
    }
}

impl Provider {
    pub(super) async fn start(manners: Manners) -> Self {
        let server = Arc::new(MockServer::start().await);
        let mind = Arc::new(Mutex::new(Mind::default()));
        let tokens = Tokens { mind: mind.clone(), manners, issuer: server.uri() };
        let keys = ResponseTemplate::new(200).set_body_json(key_set());
        Mock::given(method("POST")).and(path("/token")).respond_with(tokens).mount(&server).await;
        Mock::given(method("GET")).and(path("/keys")).respond_with(keys).mount(&server).await;
        Self { server, mind }
    }

    pub(super) fn app(&self) -> SignInApp {
        let at = |path: &str| Some(format!("{}{path}", self.server.uri()));
        SignInApp {
            client_id: CLIENT.to_owned(),
            client_secret: Some("public-secret".to_owned()),
            authorize_url: at("/authorize"),
            token_url: at("/token"),
            revoke_url: at("/revoke"),
            jwks_url: at("/keys"),
            issuer: at(""),
            api_url: None,
        }
    }

    pub(super) fn exchanged(&self) -> Option<Form> {
        self.mind.lock().unwrap().exchanged.clone()
    }

    pub(super) fn asked(&self) -> Form {
        self.mind.lock().unwrap().asked.clone()
    }

    /// Signs in with a person who does `act` once the browser is open.
    pub(super) async fn sign_in(&self, at: SignInAt, act: impl Act) -> Result<SignedIn, SignInError> {
        self.sign_in_as(at, &self.app(), &Ask::default(), limits(), act).await
    }

    pub(super) async fn sign_in_as(
        &self,
        at: SignInAt,
        app: &SignInApp,
        ask: &Ask,
        limits: Limits,
        act: impl Act,
    ) -> Result<SignedIn, SignInError> {
        let (_keep, cancel) = watch::channel(false);
        let person = Person { mind: self.mind.clone(), act };
        Vendors::new(limits).unwrap().sign_in(at, app, ask, &person, cancel).await.map_err(|error| error.why)
    }

    /// What a sign-in that comes to nothing leaves at the provider.
    pub(super) async fn left_by(&self, at: SignInAt, act: impl Act) -> NotSignedIn {
        let (_keep, cancel) = watch::channel(false);
        let person = Person { mind: self.mind.clone(), act };
        Vendors::new(limits()).unwrap().sign_in(at, &self.app(), &Ask::default(), &person, cancel).await.unwrap_err()
    }
}

/// Long enough for a busy machine; tests of the limits set their own.
pub(super) fn limits() -> Limits {
    Limits { sign_in: Duration::from_secs(20), ..Limits::default() }
}

/// What the person's browser brings back, given the authorization request.
pub(super) trait Act: Fn(Back) + Send + Sync {}
impl<T: Fn(Back) + Send + Sync> Act for T {}

struct Person<A> {
    mind: Arc<Mutex<Mind>>,
    act: A,
}

#[async_trait]
impl<A: Act> Browser for Person<A> {
    async fn open(&self, page: &Url) -> Result<(), BrowserError> {
        let asked: Form = page.query_pairs().into_owned().collect();
        self.mind.lock().unwrap().asked = asked.clone();
        (self.act)(Back { redirect: Url::parse(&asked["redirect_uri"]).unwrap(), state: asked["state"].clone() });
        Ok(())
    }
}

/// The way back to the app.
#[derive(Clone, Debug)]
pub(super) struct Back {
    pub(super) redirect: Url,
    pub(super) state: String,
}

impl Back {
    pub(super) fn host(&self) -> String {
        format!("{}:{}", self.redirect.host_str().unwrap(), self.redirect.port().unwrap())
    }

    pub(super) fn target(&self, query: &str) -> String {
        format!("{}?{query}", self.redirect.path())
    }

    pub(super) fn good(&self) -> String {
        self.target(&format!("code=the-code&state={}", self.state))
    }

    /// Sends a whole request and reads the whole answer.
    pub(super) async fn send(&self, request: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.redirect.port().unwrap())).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }

    pub(super) async fn get(&self, target: &str) -> std::io::Result<String> {
        self.send(&format!("GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host())).await
    }
}

/// A person who simply agrees.
pub(super) fn agrees(back: Back) {
    tokio::spawn(async move { back.get(&back.good()).await });
}
