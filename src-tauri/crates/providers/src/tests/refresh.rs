use super::oidc::{form, limits};
use super::token::CLIENT;
use crate::accounts::{Limits, Vendors};
use secrecy::ExposeSecret;
use std::time::Duration;
use uncouple_domain::{Remedy, SignInCause};
use uncouple_engine::ports::{Accounts, RefreshReply, SignInApp, SignInAt};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn refresh(at: SignInAt, answer: ResponseTemplate) -> RefreshReply {
    let server = MockServer::start().await;
    Mock::given(method("POST")).and(path("/token")).respond_with(answer).mount(&server).await;
    let app = SignInApp {
        client_id: CLIENT.to_owned(),
        client_secret: Some("public-secret".to_owned()),
        token_url: Some(format!("{}/token", server.uri())),
        ..SignInApp::default()
    };
    let short = Limits { request: Duration::from_secs(2), ..limits() };
    let reply = Vendors::new(short).unwrap().refresh(at, &app, &"the-old-token".into()).await;
    let sent = form(&server.received_requests().await.unwrap().pop().unwrap().body);
    assert_eq!((sent["grant_type"].as_str(), sent["refresh_token"].as_str()), ("refresh_token", "the-old-token"));
    assert_eq!(sent.contains_key("client_secret"), at == SignInAt::Google);
    // A refresh that asks for scopes could be refused for them, which would say nothing of the consent.
    assert!(!sent.contains_key("scope"));
    reply
}

fn json(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.to_owned(), "application/json")
}

#[tokio::test]
async fn a_token_that_works_may_be_rotated() {
    let works = |more: &str| json(200, &format!(r#"{{"access_token":"a","token_type":"Bearer"{more}}}"#));
    for (more, new, lives) in [
        ("", None, 300),
        (r#","expires_in":3599,"refresh_token":"the-new-token""#, Some("the-new-token"), 3599),
        (r#","expires_in":3599,"refresh_token":"the-old-token""#, None, 3599),
    ] {
        let RefreshReply::Works { rotated, access } = refresh(SignInAt::Microsoft, works(more)).await else {
            panic!("did not work")
        };
        assert_eq!(rotated.as_ref().map(|t| t.expose_secret()), new);
        assert_eq!((access.token.expose_secret(), access.lives), ("a", Duration::from_secs(lives)));
    }
}

#[tokio::test]
async fn what_says_nothing_is_no_answer() {
    for at in [SignInAt::Google, SignInAt::Microsoft] {
        for answer in [
            json(503, r#"{"error":"invalid_grant"}"#),
            json(429, r#"{"error":"invalid_grant"}"#),
            json(400, "not json"),
            json(200, "{}"),
            json(400, r#"{"error":"something_new"}"#),
            json(400, r#"{"error":"temporarily_unavailable"}"#),
            json(302, ""),
            json(200, "{}").set_delay(Duration::from_secs(5)),
        ] {
            assert!(matches!(refresh(at, answer).await, RefreshReply::NoAnswer));
        }
    }
}

/// The word of a reply, for tables.
fn name(reply: &RefreshReply) -> &'static str {
    match reply {
        RefreshReply::Works { .. } => "works",
        RefreshReply::NoConsent => "no consent",
        RefreshReply::Refused => "refused",
        RefreshReply::Blocked { cause, .. } => match (cause, cause.remedy()) {
            (_, Remedy::App) => "bad app",
            (_, Remedy::Person) => "interaction",
            (SignInCause::AdminConsent | SignInCause::AccessPolicy | SignInCause::Device, _) => "policy",
            (_, Remedy::Administrator) => "account",
        },
        RefreshReply::Untrusted => "untrusted",
        RefreshReply::Policy => "policy",
        RefreshReply::Interaction => "interaction",
        RefreshReply::BadApp => "bad app",
        RefreshReply::NoAnswer => "no answer",
    }
}

fn judged(at: SignInAt, body: &str) -> &'static str {
    name(&crate::oauth::refused(at, &serde_json::from_str(body).unwrap()))
}

#[test]
fn googles_words_are_told_apart() {
    for (body, meaning) in [
        (r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#, "refused"),
        (r#"{"error":"invalid_grant","error_subtype":"invalid_rapt"}"#, "interaction"),
        (r#"{"error":"invalid_grant","error_subtype":"rapt_required"}"#, "interaction"),
        (r#"{"error":"admin_policy_enforced"}"#, "policy"),
        (r#"{"error":"disabled_client"}"#, "bad app"),
        (r#"{"error":"invalid_request","error_description":"client_secret is missing."}"#, "bad app"),
        (r#"{"error":"invalid_client"}"#, "bad app"),
        (r#"{"error":"unauthorized_client"}"#, "bad app"),
        (r#"{"error":"deleted_client"}"#, "bad app"),
        (r#"{"error":"rate_limit_exceeded"}"#, "no answer"),
        // Microsoft's codes mean nothing here.
        (r#"{"error":"invalid_grant","error_codes":[65001]}"#, "refused"),
    ] {
        assert_eq!(judged(SignInAt::Google, body), meaning, "{body}");
    }
}

#[test]
fn at_microsoft_only_65001_speaks_of_the_consent() {
    for (body, meaning) in [
        (r#"{"error":"invalid_grant","error_codes":[65001],"suberror":"consent_required"}"#, "no consent"),
        (r#"{"error":"invalid_grant","error_codes":[65001]}"#, "no consent"),
        (r#"{"error":"interaction_required","error_codes":[65001]}"#, "no consent"),
        (r#"{"error":"invalid_grant","suberror":"consent_required"}"#, "interaction"),
        (r#"{"error":"consent_required"}"#, "interaction"),
        (r#"{"error":"consent_required","error_codes":[90094]}"#, "policy"),
        (r#"{"error":"consent_required","error_codes":[50076]}"#, "interaction"),
        (r#"{"error":"server_error","error_codes":[65001]}"#, "no answer"),
        (r#"{"error":"invalid_client","error_codes":[65001]}"#, "bad app"),
    ] {
        assert_eq!(judged(SignInAt::Microsoft, body), meaning, "{body}");
    }
}

#[test]
fn microsofts_other_words_are_told_apart() {
    for (body, meaning) in [
        (r#"{"error":"invalid_grant"}"#, "refused"),
        (r#"{"error":"invalid_grant","error_codes":[50173]}"#, "refused"),
        (r#"{"error":"invalid_grant","error_codes":[700082],"suberror":"token_expired"}"#, "refused"),
        (r#"{"error":"invalid_grant","error_codes":[70000],"suberror":"bad_token"}"#, "refused"),
        (r#"{"error":"invalid_grant","error_codes":[50057]}"#, "account"),
        (r#"{"error":"invalid_grant","error_codes":[50105]}"#, "account"),
        (r#"{"error":"invalid_grant","error_codes":[70043],"suberror":"bad_token"}"#, "interaction"),
        (r#"{"error":"invalid_client","error_codes":[7000112]}"#, "bad app"),
        (r#"{"error":"invalid_grant","error_codes":[50076],"suberror":"basic_action"}"#, "interaction"),
        (r#"{"error":"invalid_grant","suberror":"message_only"}"#, "interaction"),
        (r#"{"error":"interaction_required"}"#, "interaction"),
        (r#"{"error":"login_required"}"#, "interaction"),
        (r#"{"error":"invalid_grant","error_codes":[53003]}"#, "policy"),
        (r#"{"error":"invalid_grant","suberror":"protection_policy_required"}"#, "policy"),
        (r#"{"error":"invalid_grant","error_codes":[90094]}"#, "policy"),
        (r#"{"error":"unauthorized_client","error_codes":[700016]}"#, "bad app"),
        (r#"{"error":"invalid_grant","suberror":"client_mismatch"}"#, "bad app"),
        (r#"{"error":"invalid_client","error_codes":[7000218]}"#, "bad app"),
        (r#"{"error":"invalid_grant","error_codes":[50053]}"#, "no answer"),
        (r#"{"error":"server_error"}"#, "no answer"),
        (r#"{"error":"something_new"}"#, "no answer"),
    ] {
        assert_eq!(judged(SignInAt::Microsoft, body), meaning, "{body}");
    }
}
