use super::{asked, google_error, json_of, open};
use crate::directory::answer::Reply;
use crate::directory::google_wire::{Activities, TokenList, UserList};
use crate::directory::graph_log::Audit;
use crate::directory::graph_wire::{BatchReplies, Grant, Page, ServicePrincipal, User};
use crate::directory::trail::{Trail, link};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uncouple_domain::Permission;
use uncouple_engine::directory::{ApiError, Target, Who};
use uncouple_engine::ports::SignInAt;
use url::Url;

use wiremock::{Mock, MockServer};

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let reply = Reply {
        status: StatusCode::OK,
        body: body.to_vec(),
        began: Timestamp::now(),
        after: None,
        ahead: SignedDuration::ZERO,
    };
    reply.read(Permission::Accesses)
}

fn tokens(body: &Value) -> Result<usize, ApiError> {
    read::<TokenList>(body.to_string().as_bytes()).map(|list| list.items.len())
}

fn grants(body: &Value) -> Result<usize, ApiError> {
    read::<Page<Grant>>(body.to_string().as_bytes()).map(|list| list.value.len())
}

#[test]
fn at_google_an_empty_list_says_what_it_is() {
    let kind = "admin#directory#tokenList";
    assert_eq!(tokens(&json!({ "kind": kind, "etag": "x" })), Ok(0));
    assert_eq!(tokens(&json!({ "kind": kind, "items": [] })), Ok(0));
    assert_eq!(tokens(&json!({ "kind": kind, "items": [{ "clientId": "1" }] })), Ok(1));
    for body in [
        json!({}),
        json!(null),
        json!([]),
        json!("admin#directory#tokenList"),
        json!({ "items": [] }),
        json!({ "kind": "admin#directory#users" }),
        json!({ "kind": 7 }),
        json!({ "kind": kind, "items": null }),
        json!({ "kind": kind, "items": {} }),
        json!({ "kind": kind, "items": "many" }),
        json!({ "kind": kind, "items": [null] }),
        // Whether this is the app that was asked for can't be told.
        json!({ "kind": kind, "items": [{ "displayText": "HubSpot" }] }),
        json!({ "kind": kind, "items": [{ "clientId": 1 }] }),
        json!({ "kind": kind, "items": [{ "clientId": "1", "scopes": "openid" }] }),
    ] {
        assert_eq!(tokens(&body), Err(ApiError::Unreadable), "{body}");
    }
    assert_eq!(read::<TokenList>(b"").err(), Some(ApiError::Unreadable));
    assert_eq!(read::<TokenList>(b"<html>").err(), Some(ApiError::Unreadable));
    // Which of the two would count is anybody's guess.
    let twice = br#"{"kind":"admin#directory#tokenList","items":[{"clientId":"1"}],"items":[]}"#;
    assert_eq!(read::<TokenList>(twice).err(), Some(ApiError::Unreadable));
}

#[test]
fn at_microsoft_there_is_no_list_without_value() {
    let grant = json!({ "id": "g", "clientId": "c", "consentType": "Principal", "principalId": "p", "scope": " a b" });
    assert_eq!(grants(&json!({ "value": [] })), Ok(0));
    assert_eq!(grants(&json!({ "value": [grant], "@odata.nextLink": null })), Ok(1));
    for body in [
        json!({}),
        json!(null),
        json!({ "value": null }),
        json!({ "value": {} }),
        json!({ "value": "many" }),
        json!({ "value": [{}] }),
        json!({ "value": [{ "id": "g" }] }),
        json!({ "value": [{ "id": 7, "clientId": "c" }] }),
        json!({ "value": [], "@odata.nextLink": 7 }),
    ] {
        assert_eq!(grants(&body), Err(ApiError::Unreadable), "{body}");
    }
}

#[test]
fn a_link_stays_with_the_api() {
    let base = Url::parse("https://graph.example.com/v1.0").unwrap();
    assert!(link(&base, "https://graph.example.com/v1.0/users?$skiptoken=x").is_ok());
    assert!(link(&base, "https://GRAPH.example.com:443/v1.0/users").is_ok());
    for other in [
        "https://graph.example.org/v1.0/users",
        "https://graph.example.com:8443/v1.0/users",
        "http://graph.example.com/v1.0/users",
        "https://graph.example.com@example.org/v1.0/users",
        "https://me@graph.example.com/v1.0/users",
        "https://graph.example.com/beta/users",
        "https://graph.example.com/v1.0/../beta/users",
        "https://graph.example.com/v1.0%2F..%2Fbeta",
        "https://graph.example.com/v1.01/users",
        "javascript:alert(1)",
        "file:///v1.0/users",
    ] {
        assert_eq!(link(&base, other), Err(ApiError::OtherHost), "{other}");
    }
    for none in ["", "/v1.0/users", "//graph.example.com/v1.0/users", "users"] {
        assert_eq!(link(&base, none), Err(ApiError::Unreadable), "{none}");
    }
    let bare = Url::parse("http://127.0.0.1:8080").unwrap();
    assert!(link(&bare, "http://127.0.0.1:8080/users").is_ok());
}

#[test]
fn a_list_that_goes_on_and_on_ends_with_an_error_of_its_own() {
    let mut trail = Trail::default();
    assert_eq!(trail.took(4_999_999), Ok(4_999_999));
    assert_eq!(trail.took(1), Ok(5_000_000));
    assert_eq!(trail.took(1), Err(ApiError::Endless));
}

#[test]
fn pages_that_lead_back_are_a_circle() {
    let walk = |marks: &str| {
        let mut trail = Trail::default();
        marks.split(' ').try_for_each(|mark| trail.step(mark, true))
    };
    assert_eq!(walk("a b c d"), Ok(()));
    for circle in ["a a", "a b a", "a b c d b"] {
        assert_eq!(walk(circle), Err(ApiError::Circle), "{circle}");
    }
    let mut trail = Trail::default();
    let endless = (0..).map(|number: u32| trail.step(&number.to_string(), true)).take(2_000);
    assert!(endless.into_iter().any(|step| step == Err(ApiError::Circle)));
}

/// A body that is almost what it should be, and often is.
fn near_json() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        Just("admin#directory#tokenList".to_owned()),
        Just("admin#directory#users".to_owned()),
        Just("admin#reports#activities".to_owned()),
        Just("2026-11-25T10:00:00Z".to_owned()),
        "\\PC{0,6}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    let keys = prop_oneof![
        Just("kind"),
        Just("items"),
        Just("users"),
        Just("value"),
        Just("id"),
        Just("clientId"),
        Just("primaryEmail"),
        Just("responses"),
        Just("status"),
        Just("activityDateTime"),
        Just("@odata.nextLink"),
        Just("nextPageToken"),
        Just("events"),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(keys.clone().prop_map(str::to_owned), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Whether a value is an object whose member is a list without anything in it, or not there if that may be.
fn is_empty(body: &Value, member: &str, may_lack: bool) -> bool {
    body.as_object().is_some_and(|members| {
        members.get(member).map_or(may_lack, |items| items.as_array().is_some_and(Vec::is_empty))
    })
}

fn judge(body: &[u8]) {
    let parsed = serde_json::from_slice::<Value>(body).unwrap_or_default();
    let kind = |kinds: &[&str]| parsed["kind"].as_str().is_some_and(|kind| kinds.contains(&kind));
    if read::<TokenList>(body).is_ok_and(|list| list.items.is_empty()) {
        assert!(kind(&["admin#directory#tokenList"]) && is_empty(&parsed, "items", true), "{parsed}");
    }
    if read::<UserList>(body).is_ok_and(|list| list.users.is_empty()) {
        assert!(kind(&["admin#directory#users"]) && is_empty(&parsed, "users", true), "{parsed}");
    }
    if read::<Activities>(body).is_ok_and(|list| list.items.is_empty()) {
        assert!(kind(&["admin#reports#activities", "reports#activities"]) && is_empty(&parsed, "items", true));
    }
    let pages = [
        read::<Page<Grant>>(body).map(|page| page.value.is_empty()),
        read::<Page<User>>(body).map(|page| page.value.is_empty()),
        read::<Page<ServicePrincipal>>(body).map(|page| page.value.is_empty()),
        read::<Page<Audit>>(body).map(|page| page.value.is_empty()),
    ];
    for is_none in pages.into_iter().flatten() {
        assert!(!is_none || is_empty(&parsed, "value", false), "{parsed}");
    }
    if read::<BatchReplies>(body).is_ok_and(|replies| replies.responses.is_empty()) {
        assert!(is_empty(&parsed, "responses", false), "{parsed}");
    }
}

proptest! {
    #[test]
    fn no_bytes_are_taken_for_an_empty_list(body in prop::collection::vec(any::<u8>(), 0..200)) {
        judge(&body);
    }

    #[test]
    fn no_json_is_taken_for_an_empty_list_that_is_none(body in near_json()) {
        judge(body.to_string().as_bytes());
    }
}

#[tokio::test]
async fn an_answer_that_is_no_list_proves_nothing() {
    let who = Who::Person { id: "7".to_owned() };
    let target = Target { who, app: "app".to_owned(), grant: Some("grant".to_owned()) };
    for at in [SignInAt::Google, SignInAt::Microsoft] {
        for body in [json!({}), json!(null), json!("text"), json!({ "error": {} })] {
            let server = MockServer::start().await;
            Mock::given(wiremock::matchers::any()).respond_with(json_of(200, &body)).mount(&server).await;
            let read = open(at, &server).read(&target, &["app".to_owned()].into()).await;
            assert_eq!(read, Err(ApiError::Unreadable), "{at:?} {body}");
        }
    }
    let server = MockServer::start().await;
    Mock::given(wiremock::matchers::any())
        .respond_with(google_error(404, "notFound", "not here").set_body_string("gone"))
        .mount(&server)
        .await;
    let read = open(SignInAt::Google, &server).read(&target, &["app".to_owned()].into()).await;
    assert_eq!(read, Err(ApiError::Unreadable));
    assert_eq!(asked(&server).await.len(), 1);
}
