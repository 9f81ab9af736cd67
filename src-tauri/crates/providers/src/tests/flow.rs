use super::oidc::{Back, Manners, Provider, agrees, limits};
use super::token::{PERSONAL, TENANT, microsoft_claims};
use crate::accounts::{Limits, Vendors};
use crate::causes::Said;
use crate::oauth::sign_in_error;
use async_trait::async_trait;
use secrecy::ExposeSecret;
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use uncouple_domain::{Address, Provider as Kind, SignInCause};
use uncouple_engine::ports::{Accounts, Ask, Browser, BrowserError, ProviderCode, SignInApp, SignInAt, SignInError};
use url::Url;

#[tokio::test]
async fn google_signs_in() {
    let provider = Provider::start(Manners::google()).await;
    let ask = Ask { expect: Some(Address::parse("hanako@example.com").unwrap()), ..Ask::default() };
    let signed_in = provider.sign_in_as(SignInAt::Google, &provider.app(), &ask, limits(), agrees).await.unwrap();
    assert_eq!(signed_in.identity.provider, Kind::Google);
    assert_eq!(signed_in.identity.subject, "108");
    assert_eq!(signed_in.identity.organisation.as_deref(), Some("example.com"));
    assert_eq!(signed_in.refresh_token.expose_secret(), "the-refresh-token");

    let asked = provider.asked();
    assert_eq!(asked["scope"], "openid email");
    assert_eq!((asked["access_type"].as_str(), asked["prompt"].as_str()), ("offline", "consent"));
    assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
    assert_eq!(asked["login_hint"], "hanako@example.com");
    assert!(asked["redirect_uri"].starts_with("http://127.0.0.1:"));
    // 256 bits in base64url.
    assert!(asked["state"].len() >= 43 && asked["nonce"].len() >= 43 && asked["state"] != asked["nonce"]);
    let exchanged = provider.exchanged().unwrap();
    assert_eq!(exchanged["client_secret"], "public-secret");
}

#[tokio::test]
async fn microsoft_signs_in_without_a_secret_and_on_localhost() {
    let provider = Provider::start(Manners::microsoft()).await;
    let signed_in = provider.sign_in(SignInAt::Microsoft, agrees).await.unwrap();
    assert_eq!(signed_in.identity.provider, Kind::Microsoft365);
    assert!(signed_in.identity.subject.starts_with(TENANT));
    assert_eq!(signed_in.identity.organisation.as_deref(), Some(TENANT));

    let asked = provider.asked();
    assert_eq!(asked["scope"], "openid email offline_access");
    assert_eq!(asked["prompt"], "select_account");
    let port = asked["redirect_uri"].strip_prefix("http://localhost:").unwrap();
    assert!(port.bytes().all(|b| b.is_ascii_digit()));
    assert!(!asked.contains_key("login_hint") && !asked.contains_key("access_type"));
    assert!(!provider.exchanged().unwrap().contains_key("client_secret"));
}

#[tokio::test]
async fn an_administrator_is_asked_for_everything_at_once_and_may_leave_scopes_out() {
    let ask = Ask { scopes: vec!["https://example.com/people".to_owned(), "log".to_owned()], ..Ask::default() };
    for (at, manners, asked) in [
        (SignInAt::Google, Manners::google(), "openid email https://example.com/people log"),
        (SignInAt::Microsoft, Manners::microsoft(), "openid email https://example.com/people log offline_access"),
    ] {
        let left_out = Manners { answer: |a| a["scope"] = json!("openid email log"), ..manners.clone() };
        let provider = Provider::start(left_out).await;
        let signed_in = provider.sign_in_as(at, &provider.app(), &ask, limits(), agrees).await.unwrap();
        assert_eq!(provider.asked()["scope"], asked);
        assert_eq!(signed_in.granted, ["openid", "email", "log"]);

        // An answer that does not list them means all of them (RFC 6749 section 5.1).
        let provider = Provider::start(Manners { answer: |a| a["scope"] = json!(null), ..manners }).await;
        let signed_in = provider.sign_in_as(at, &provider.app(), &ask, limits(), agrees).await.unwrap();
        assert_eq!(signed_in.granted, ask.scopes);
    }
}

#[tokio::test]
async fn a_personal_microsoft_account_is_outlook_com() {
    let manners = Manners { claims: |iss, nonce| microsoft_claims(iss, nonce, PERSONAL), ..Manners::microsoft() };
    let provider = Provider::start(manners).await;
    assert_eq!(provider.sign_in(SignInAt::Microsoft, agrees).await.unwrap().identity.provider, Kind::OutlookCom);
}

#[tokio::test]
async fn two_sign_ins_share_no_random_value() {
    let provider = Provider::start(Manners::google()).await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        provider.sign_in(SignInAt::Google, agrees).await.unwrap();
        let asked = provider.asked();
        seen.extend(["state", "nonce", "code_challenge"].map(|name| asked[name].clone()));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 6);
}

async fn with_query(query: &'static str) -> SignInError {
    let provider = Provider::start(Manners::google()).await;
    let act = move |back: Back| {
        tokio::spawn(async move { back.get(&back.target(&format!("{query}&state={}", back.state))).await });
    };
    let error = provider.sign_in(SignInAt::Google, act).await.unwrap_err();
    assert!(provider.exchanged().is_none());
    error
}

#[tokio::test]
async fn what_the_provider_declines_is_told_apart() {
    assert_eq!(with_query("error=access_denied").await, SignInError::Declined);
    let policy =
        SignInError::Refused { cause: SignInCause::AdminConsent, code: ProviderCode::Word("admin_policy_enforced") };
    assert_eq!(with_query("error=admin_policy_enforced").await, policy);
    let scope = SignInError::Refused { cause: SignInCause::Scope, code: ProviderCode::Word("invalid_scope") };
    assert_eq!(with_query("error=invalid_scope").await, scope);
    assert_eq!(with_query("error=something_new").await, SignInError::Provider("something_new".to_owned()));
    assert_eq!(with_query("error=%3Cb%3E").await, SignInError::Provider("unreadable".to_owned()));
}

#[test]
fn microsofts_blocks_are_never_called_declined() {
    let at_the_page = |error: &str, text: &str| {
        let said = Said { error, description: text, ..Said::default() };
        sign_in_error(SignInAt::Microsoft, &said)
    };
    let refused = |cause, number| SignInError::Refused { cause, code: ProviderCode::Aadsts(number) };
    for (number, cause) in [
        (53000, SignInCause::Device),
        (53001, SignInCause::Device),
        (53002, SignInCause::AccessPolicy),
        (53003, SignInCause::AccessPolicy),
        (53004, SignInCause::AccessPolicy),
        (50158, SignInCause::MoreProof),
        (50076, SignInCause::MoreProof),
        (50079, SignInCause::MoreProof),
        (90094, SignInCause::AdminConsent),
        (50105, SignInCause::NotAssigned),
        (50011, SignInCause::Redirect),
        (700_016, SignInCause::AppUnknown),
        (7_000_112, SignInCause::AppDisabled),
        (7_000_218, SignInCause::NotPublicClient),
    ] {
        for error in ["access_denied", "invalid_request", "unauthorized_client", "interaction_required"] {
            assert_eq!(at_the_page(error, &format!("AADSTS{number}: text")), refused(cause, number), "{error}");
        }
    }
    assert_eq!(at_the_page("access_denied", "AADSTS65004: User declined to consent"), SignInError::Declined);
    assert_eq!(at_the_page("access_denied", ""), SignInError::Declined);
    let unknown = SignInError::Provider("access_denied, AADSTS99999".to_owned());
    assert_eq!(at_the_page("access_denied", "AADSTS99999: something new"), unknown);
}

#[tokio::test]
async fn an_answer_of_another_issuer_ends_the_sign_in() {
    assert_eq!(with_query("code=the-code&iss=https%3A%2F%2Fattacker.example").await, SignInError::BadIdentity);
}

#[tokio::test]
async fn a_token_answer_without_what_is_needed_comes_to_nothing() {
    for (answer, error) in [
        ((|a| a["refresh_token"] = json!(null)) as fn(&mut serde_json::Value), SignInError::NoRefreshToken),
        (|a| a["id_token"] = json!(null), SignInError::BadIdentity),
        (|a| a["id_token"] = json!("a.b.c"), SignInError::BadIdentity),
        (|a| *a = json!("no object"), SignInError::Provider("unreadable".to_owned())),
    ] {
        let provider = Provider::start(Manners { answer, ..Manners::google() }).await;
        assert_eq!(provider.sign_in(SignInAt::Google, agrees).await.unwrap_err(), error);
    }
}

#[tokio::test]
async fn what_came_with_a_sign_in_that_is_not_believed_is_handed_on_to_be_revoked() {
    let doubtful = Manners { change: |c| c["nonce"] = json!("that of another sign-in"), ..Manners::google() };
    let left = Provider::start(doubtful).await.left_by(SignInAt::Google, agrees).await;
    assert_eq!((left.why, left.consented), (SignInError::BadIdentity, true));
    assert_eq!(left.token.unwrap().expose_secret(), "the-refresh-token");

    // Without a refresh token the access token stands for the consent.
    let none = Manners { answer: |a| a["refresh_token"] = json!(null), ..Manners::google() };
    let left = Provider::start(none).await.left_by(SignInAt::Google, agrees).await;
    assert_eq!((left.why, left.consented, left.token.is_some()), (SignInError::NoRefreshToken, true, true));

    let act = |back: Back| {
        tokio::spawn(async move { back.get(&back.target(&format!("error=access_denied&state={}", back.state))).await });
    };
    let left = Provider::start(Manners::google()).await.left_by(SignInAt::Google, act).await;
    assert_eq!((left.why, left.consented, left.token.is_some()), (SignInError::Declined, false, false));
}

#[tokio::test]
async fn an_id_token_for_another_sign_in_is_not_believed() {
    for change in [
        (|c| c["nonce"] = json!("that of another sign-in")) as fn(&mut serde_json::Value),
        |c| c["aud"] = json!("another client"),
        |c| c["iss"] = json!("https://accounts.google.com"),
        |c| c["exp"] = json!(1),
        |c| c["email_verified"] = json!(false),
    ] {
        let provider = Provider::start(Manners { change, ..Manners::google() }).await;
        assert_eq!(provider.sign_in(SignInAt::Google, agrees).await.unwrap_err(), SignInError::BadIdentity);
    }
}

#[tokio::test]
async fn a_refused_exchange_is_told_by_its_word_only() {
    for (status, body, error) in [
        (
            400,
            r#"{"error":"invalid_grant","error_description":"Bad Request"}"#,
            SignInError::Provider("invalid_grant".to_owned()),
        ),
        (
            400,
            r#"{"error":"admin_policy_enforced"}"#,
            SignInError::Refused {
                cause: SignInCause::AdminConsent,
                code: ProviderCode::Word("admin_policy_enforced"),
            },
        ),
        (
            400,
            r#"{"error":"invalid_request","error_description":"client_secret is missing."}"#,
            SignInError::Refused { cause: SignInCause::SecretMissing, code: ProviderCode::Word("invalid_request") },
        ),
        (401, r#"{"error":"<script>"}"#, SignInError::Provider("unreadable".to_owned())),
        (400, "not json", SignInError::Provider("unreadable".to_owned())),
        (302, "", SignInError::Provider("unreadable".to_owned())),
        (503, r#"{"error":"invalid_grant"}"#, SignInError::Unreachable),
        (429, "", SignInError::Unreachable),
    ] {
        let provider = Provider::start(Manners { refusal: Some((status, body)), ..Manners::google() }).await;
        assert_eq!(provider.sign_in(SignInAt::Google, agrees).await.unwrap_err(), error, "{status} {body}");
    }
}

/// A browser that is never to be opened.
struct NoBrowser(AtomicBool);

#[async_trait]
impl Browser for NoBrowser {
    async fn open(&self, _: &Url) -> Result<(), BrowserError> {
        self.0.store(true, Ordering::Release);
        Err(BrowserError)
    }
}

async fn without_browser(app: &SignInApp, limits: Limits) -> (SignInError, bool) {
    let (_keep, cancel) = watch::channel(false);
    let browser = NoBrowser(AtomicBool::new(false));
    let vendors = Vendors::new(limits).unwrap();
    let error = vendors.sign_in(SignInAt::Google, app, &Ask::default(), &browser, cancel).await.unwrap_err().why;
    (error, browser.0.load(Ordering::Acquire))
}

#[tokio::test]
async fn nothing_is_opened_before_everything_is_ready() {
    let provider = Provider::start(Manners::google()).await;
    let app = provider.app();
    assert_eq!(without_browser(&app, limits()).await, (SignInError::NoBrowser, true));

    let none = SignInApp { client_id: String::new(), ..app.clone() };
    assert_eq!(without_browser(&none, limits()).await, (SignInError::NoApp, false));

    let plain = SignInApp { token_url: Some("http://example.com/token".to_owned()), ..app.clone() };
    assert_eq!(without_browser(&plain, limits()).await, (SignInError::BadEndpoint, false));

    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    assert_eq!(without_browser(&app, Limits { port, ..limits() }).await, (SignInError::NoPort, false));
    drop(taken);

    let dead = SignInApp { jwks_url: Some(format!("http://127.0.0.1:{port}/keys")), ..app };
    assert_eq!(without_browser(&dead, limits()).await, (SignInError::Unreachable, false));
}

#[tokio::test]
async fn a_browser_that_is_closed_ends_by_the_time_limit_and_the_port_with_it() {
    let provider = Provider::start(Manners::google()).await;
    let short = Limits { sign_in: Duration::from_millis(600), ..limits() };
    let error =
        provider.sign_in_as(SignInAt::Google, &provider.app(), &Ask::default(), short, |_| {}).await.unwrap_err();
    assert_eq!(error, SignInError::TimedOut);
    let redirect = Url::parse(&provider.asked()["redirect_uri"]).unwrap();
    assert!(TcpStream::connect(("127.0.0.1", redirect.port().unwrap())).await.is_err());
}

#[tokio::test]
async fn a_person_can_call_it_off() {
    let provider = Provider::start(Manners::google()).await;
    let (cancel, cancelled) = watch::channel(false);
    struct Opened(watch::Sender<bool>);
    #[async_trait]
    impl Browser for Opened {
        async fn open(&self, _: &Url) -> Result<(), BrowserError> {
            let _ = self.0.send(true);
            Ok(())
        }
    }
    let vendors = Vendors::new(limits()).unwrap();
    let error = vendors.sign_in(SignInAt::Google, &provider.app(), &Ask::default(), &Opened(cancel), cancelled).await;
    assert_eq!(error.unwrap_err().why, SignInError::Cancelled);
}

#[test]
fn endpoints_can_be_checked_before_they_are_saved() {
    let vendors = Vendors::new(limits()).unwrap();
    assert_eq!(vendors.check_app(&SignInApp::default()), Ok(()));
    for text in ["http://example.com/", "https://user:pass@example.com/", "not an address"] {
        let revoke = SignInApp { revoke_url: Some(text.to_owned()), ..SignInApp::default() };
        let api = SignInApp { api_url: Some(text.to_owned()), ..SignInApp::default() };
        assert_eq!(vendors.check_app(&revoke), Err(SignInError::BadEndpoint), "{text}");
        assert_eq!(vendors.check_app(&api), Err(SignInError::BadEndpoint), "{text}");
    }
}
