//! The sign-in server is as strict as the real ones, and does the wrong things it is told to do.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop where it stands")]

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use uncouple_desk::{PATIENCE, Person, Provider, SignIn};
use url::Url;

// The example of the PKCE standard.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An app that does the least an app has to do.
struct App {
    listener: TcpListener,
    back: String,
}

impl App {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let back = format!("http://127.0.0.1:{}/callback", listener.local_addr().unwrap().port());
        Self { listener, back }
    }

    fn address(&self, provider: &Provider, scope: &str) -> Url {
        let mut url = provider.authorize.clone();
        url.query_pairs_mut().extend_pairs([
            ("client_id", provider.client_id.as_str()),
            ("redirect_uri", &self.back),
            ("response_type", "code"),
            ("scope", scope),
            ("state", "s"),
            ("nonce", "n"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("access_type", "offline"),
            ("prompt", "consent"),
        ]);
        url
    }

    /// Serves the one call of the browser, and gives back its query.
    async fn called(&self) -> Vec<(String, String)> {
        let (mut stream, _) = tokio::time::timeout(PATIENCE, self.listener.accept()).await.unwrap().unwrap();
        let mut buffer = vec![0; 8192];
        let read = stream.read(&mut buffer).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nback").await.unwrap();
        let line = String::from_utf8_lossy(buffer.get(..read).unwrap()).into_owned();
        let path = line.split(' ').nth(1).unwrap();
        let url = Url::parse(&format!("http://127.0.0.1{path}")).unwrap();
        url.query_pairs().into_owned().collect()
    }

    async fn code(&self, url: &Url, person: &Person) -> String {
        let (landing, query) = tokio::join!(person.agrees(url.as_str()), self.called());
        assert_eq!(landing.unwrap().text, "back");
        query.into_iter().find(|(name, _)| name == "code").unwrap().1
    }
}

async fn post(url: &Url, form: &[(&str, &str)]) -> (u16, Value) {
    let reply = reqwest::Client::new().post(url.clone()).form(form).send().await.unwrap();
    (reply.status().as_u16(), reply.json().await.unwrap_or_default())
}

fn client(provider: &Provider) -> Vec<(&str, &str)> {
    let mut form = vec![("client_id", provider.client_id.as_str())];
    form.extend(provider.client_secret.as_deref().map(|secret| ("client_secret", secret)));
    form
}

async fn exchange(provider: &Provider, app: &App, code: &str, verifier: &str) -> (u16, Value) {
    let mut form = client(provider);
    form.extend([
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &app.back),
        ("code_verifier", verifier),
    ]);
    post(&provider.token, &form).await
}

async fn refresh(provider: &Provider, token: &str) -> (u16, Value) {
    let mut form = client(provider);
    form.extend([("grant_type", "refresh_token"), ("refresh_token", token)]);
    post(&provider.token, &form).await
}

fn claims(tokens: &Value) -> Value {
    let jwt = tokens["id_token"].as_str().unwrap();
    let payload = jwt.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64url(payload)).unwrap()
}

/// A dependency for six lines would be one too many.
fn base64url(text: &str) -> Vec<u8> {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: String = text.chars().map(|c| format!("{:06b}", alphabet.find(c).unwrap())).collect();
    let whole = bits.as_bytes().chunks_exact(8);
    whole.map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap()).collect()
}

#[tokio::test]
async fn google_signs_in_and_its_revocation_ends_the_grant() {
    let server = SignIn::start().unwrap();
    let google = &server.google;
    let app = App::new().await;
    let person = Person::new("hanako@gmail.com").unwrap();
    let code = app.code(&app.address(google, "openid email"), &person).await;

    let (status, refused) = exchange(google, &app, &code, &VERIFIER.replace('d', "e")).await;
    assert_eq!((status, &refused["error"]), (400, &json!("invalid_grant")), "the wrong verifier");
    let code = app.code(&app.address(google, "openid email"), &person).await;
    let (status, tokens) = exchange(google, &app, &code, VERIFIER).await;
    assert_eq!(status, 200, "{tokens}");
    let claims = claims(&tokens);
    assert_eq!((&claims["email"], &claims["nonce"]), (&json!("hanako@gmail.com"), &json!("n")));
    assert_ne!(claims["sub"], claims["email"]);

    let token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(google, token).await.0, 200);
    let revoke = google.revoke.as_ref().unwrap();
    assert_eq!(post(revoke, &[("token", "never given out")]).await.0, 400);
    assert_eq!(post(revoke, &[("token", token)]).await.0, 200);
    assert_eq!(
        post(revoke, &[("token", token)]).await,
        (400, json!({"error": "invalid_token", "error_description": "Token expired or revoked"}))
    );
    assert_eq!(refresh(google, token).await.1["error"], "invalid_grant");
    assert!(server.tokens().await.unwrap().iter().any(|issued| issued == token));
    assert_eq!(server.asked().await.unwrap().iter().filter(|asked| *asked == "google revoke").count(), 3);
}

#[tokio::test]
async fn microsoft_gives_a_refresh_token_only_when_asked_and_takes_consent_back() {
    let server = SignIn::start().unwrap();
    let microsoft = &server.microsoft;
    let app = App::new().await;
    let person = Person::new("taro@example.co.jp").unwrap();

    let code = app.code(&app.address(microsoft, "openid email"), &person).await;
    let (_, tokens) = exchange(microsoft, &app, &code, VERIFIER).await;
    assert_eq!(tokens.get("refresh_token"), None);

    let code = app.code(&app.address(microsoft, "openid email offline_access"), &person).await;
    let (_, tokens) = exchange(microsoft, &app, &code, VERIFIER).await;
    assert_eq!(claims(&tokens)["tid"], json!(microsoft.tenant));
    assert_eq!(claims(&tokens)["preferred_username"], "taro@example.co.jp");
    let token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(microsoft, token).await.0, 200);

    server.behave("microsoft", "refresh", "consent_gone").await.unwrap();
    let (status, refused) = refresh(microsoft, token).await;
    assert_eq!((status, &refused["error_codes"]), (400, &json!([65001])));
    server.behave("microsoft", "refresh", "unavailable").await.unwrap();
    assert_eq!(refresh(microsoft, token).await.0, 503);
    server.behave("microsoft", "refresh", "real").await.unwrap();
    assert_eq!(refresh(microsoft, token).await.0, 200);
}

#[tokio::test]
async fn a_person_may_refuse_and_a_server_may_lie() {
    let server = SignIn::start().unwrap();
    let google = &server.google;
    let app = App::new().await;
    let url = app.address(google, "openid email");

    let person = Person::new("hanako@gmail.com").unwrap();
    let (landing, query) = tokio::join!(person.refuses(url.as_str()), app.called());
    assert_eq!(landing.unwrap().text, "back");
    assert!(query.contains(&("error".to_owned(), "access_denied".to_owned())), "{query:?}");

    for (how, nonce) in [("wrong_nonce", "of-someone-else"), ("bad_signature", "n"), ("no_refresh_token", "n")] {
        server.behave("google", "token", how).await.unwrap();
        let code = app.code(&url, &person).await;
        let (status, tokens) = exchange(google, &app, &code, VERIFIER).await;
        assert_eq!((status, &claims(&tokens)["nonce"]), (200, &json!(nonce)), "{how}");
        assert_eq!(tokens.get("refresh_token").is_none(), how == "no_refresh_token");
    }
    server.claim("google", json!({"email": "somebody@else.example"})).await.unwrap();
    server.behave("google", "token", "real").await.unwrap();
    let code = app.code(&url, &person).await;
    let (_, tokens) = exchange(google, &app, &code, VERIFIER).await;
    assert_eq!(claims(&tokens)["email"], "somebody@else.example");
}
