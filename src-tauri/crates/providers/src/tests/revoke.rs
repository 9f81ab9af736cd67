use super::oidc::{Manners, Provider, form, limits};
use crate::accounts::{Limits, Vendors};
use std::time::Duration;
use uncouple_engine::ports::{Accounts, RevokeReply, SignInApp, SignInAt};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn revoke(answer: ResponseTemplate, limits: Limits) -> (RevokeReply, Vec<u8>) {
    let server = MockServer::start().await;
    Mock::given(method("POST")).and(path("/revoke")).respond_with(answer).mount(&server).await;
    Mock::given(path("/elsewhere")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let app = SignInApp { revoke_url: Some(format!("{}/revoke", server.uri())), ..SignInApp::default() };
    let reply = Vendors::new(limits).unwrap().revoke(SignInAt::Google, &app, &"a+b/c=&token=other".into()).await;
    let sent = server.received_requests().await.unwrap().pop().unwrap();
    assert!(sent.headers.get("authorization").is_none());
    assert_eq!(sent.headers["content-type"], "application/x-www-form-urlencoded");
    (reply, sent.body)
}

#[tokio::test]
async fn a_token_is_sent_in_the_body_and_200_means_gone() {
    let (reply, body) = revoke(ResponseTemplate::new(200), limits()).await;
    assert_eq!(reply, RevokeReply::Gone);
    let form = form(&body);
    assert_eq!(form.len(), 1);
    assert_eq!(form["token"], "a+b/c=&token=other");
}

#[tokio::test]
async fn only_invalid_token_means_dead_before() {
    let dead =
        ResponseTemplate::new(400).set_body_raw(r#"{"error":"invalid_token","error_description":"x"}"#, "text/x");
    assert_eq!(revoke(dead, limits()).await.0, RevokeReply::AlreadyInvalid);
}

#[tokio::test]
async fn everything_else_is_no_answer() {
    let json =
        |status: u16, body: &str| ResponseTemplate::new(status).set_body_raw(body.to_owned(), "application/json");
    for (name, answer) in [
        ("another error", json(400, r#"{"error":"invalid_request"}"#)),
        ("no error", json(400, "{}")),
        ("no json", json(400, "invalid_token")),
        ("another status", json(401, r#"{"error":"invalid_token"}"#)),
        ("too many", json(429, "")),
        ("server trouble", json(503, "")),
        ("server trouble with words", json(500, r#"{"error":"invalid_token"}"#)),
        ("created", json(201, "")),
        ("redirect", ResponseTemplate::new(307).insert_header("Location", "/elsewhere")),
        ("a flood", json(400, &format!(r#"{{"error":"invalid_token","x":"{}"}}"#, "x".repeat(300_000)))),
    ] {
        assert_eq!(revoke(answer, limits()).await.0, RevokeReply::NoAnswer, "{name}");
    }
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(5));
    let short = Limits { request: Duration::from_millis(300), ..limits() };
    assert_eq!(revoke(slow, short).await.0, RevokeReply::NoAnswer);
}

#[tokio::test]
async fn microsoft_has_no_such_endpoint() {
    let provider = Provider::start(Manners::microsoft()).await;
    let vendors = Vendors::new(limits()).unwrap();
    assert_eq!(vendors.revoke(SignInAt::Microsoft, &provider.app(), &"token".into()).await, RevokeReply::NotOffered);
}
