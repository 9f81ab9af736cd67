//! Answers that are not what they should be.

use crate::client::Plain;
use reqwest::Method;
use serde_json::{Value, json};
use uncouple_testkit::directory::{Fault, GoogleApp, GoogleOrg, GraphApp, GraphOrg, Route, Spoil};

#[tokio::test]
async fn an_answer_is_wrong_in_the_way_that_is_asked_for() {
    let org = GoogleOrg::with(1).start().await;
    let plain = Plain::google(&org);
    let path = format!("admin/directory/v1/users/{}/tokens", org.state().id(0));
    let spoilt = async |spoil| {
        org.faults().next(1, Route::Tokens, Fault::Spoil(spoil));
        plain.get(&path).await
    };
    let (status, types) = spoilt(Spoil::WrongTypes).await;
    assert_eq!((status, &types["items"], &types["kind"]), (200, &json!("many"), &json!(7)));
    assert!(spoilt(Spoil::WithoutItems).await.1.get("items").is_none());
    assert_eq!(spoilt(Spoil::EmptyObject).await, (200, json!({})));
    assert_eq!(spoilt(Spoil::Null).await, (200, Value::Null));
    org.faults().next(1, Route::Tokens, Fault::Spoil(Spoil::Html));
    let response = plain.request(Method::GET, &path).send().await.unwrap();
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(response.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    assert!(plain.get(&path).await.1["items"].is_array());
    assert_eq!(org.violations(), Vec::<String>::new(), "what is wrong on purpose is no violation");
}

#[tokio::test]
async fn a_spoilt_deletion_has_its_effect() {
    let org = GraphOrg::with(1).start().await;
    let plain = Plain::graph(&org);
    let app = GraphApp::HUBSPOT_CALENDAR.object_id;
    org.faults().next(1, Route::DeleteGrant, Fault::Spoil(Spoil::EmptyObject));
    let path = format!("oauth2PermissionGrants/{}", org.state().grant_ids(0, app)[0]);
    assert_eq!(plain.delete(&path).await, (200, json!({})));
    assert!(!org.state().has(0, app));
}

#[tokio::test]
async fn a_flood_comes_piece_by_piece_and_is_valid_json() {
    let org = GoogleOrg::with(1).apps([(GoogleApp::SLACK, uncouple_testkit::directory::Every::ONE)]).start().await;
    let plain = Plain::google(&org);
    let path = format!("admin/directory/v1/users/{}/tokens", org.state().id(0));
    org.faults().next(1, Route::Tokens, Fault::Spoil(Spoil::Flood(100_000_000)));
    let mut response = plain.request(Method::GET, &path).send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.content_length()), (200, None));
    let mut length = 0;
    while let Some(piece) = response.chunk().await.unwrap() {
        length += piece.len();
    }
    assert!((99_000_000..101_000_000).contains(&length), "{length}");
    org.faults().next(1, Route::Tokens, Fault::Spoil(Spoil::Flood(50_000)));
    assert!(plain.get(&path).await.1["more"].as_array().unwrap().len() > 300);
}
