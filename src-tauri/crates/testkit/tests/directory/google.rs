//! Google Workspace when all is well.

use crate::client::{Plain, answer, client, each};
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use uncouple_testkit::directory::{Deletes, Every, GoogleApp, GoogleOrg, Route};

const USERS: &str = "admin/directory/v1/users";
const HUBSPOT: &str = GoogleApp::HUBSPOT.client_id;

fn reason(body: &Value) -> (u64, &str) {
    assert_eq!(body["error"]["message"], body["error"]["errors"][0]["message"]);
    (body["error"]["code"].as_u64().unwrap(), body["error"]["errors"][0]["reason"].as_str().unwrap())
}

fn clean(org: &GoogleOrg) {
    assert_eq!(org.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn people_come_in_pages_and_each_of_them_once() {
    let org = GoogleOrg::with(1_203).suspended(Every::nth(100)).start().await;
    let plain = Plain::google(&org);
    let (mut addresses, mut sizes, mut next) = (Vec::new(), Vec::new(), String::new());
    loop {
        let path = format!("{USERS}?customer=my_customer&maxResults=500&orderBy=email{next}");
        let (status, page) = plain.get(&path).await;
        assert_eq!((status, page["kind"].as_str()), (200, Some("admin#directory#users")));
        sizes.push(page["users"].as_array().unwrap().len());
        addresses.extend(each(&page["users"], "primaryEmail").into_iter().map(str::to_owned));
        let Some(token) = page["nextPageToken"].as_str() else { break };
        next = format!("&pageToken={token}");
    }
    assert_eq!(sizes, [500, 500, 203]);
    assert!(addresses.is_sorted());
    addresses.dedup();
    assert_eq!(addresses.len(), 1_203);
    let (_, first) = plain.get(&format!("{USERS}/{}", org.state().alias(0))).await;
    assert_eq!((&first["isAdmin"], &first["suspended"]), (&json!(true), &json!(true)));
    assert_eq!(first["id"], org.state().id(0));
    let (_, suspended) = plain.get(&format!("{USERS}?domain=example.com&query=isSuspended=true&fields=users/id")).await;
    assert_eq!(suspended["users"].as_array().unwrap().len(), 13);
    clean(&org);
}

#[tokio::test]
async fn somebody_is_found_by_each_of_their_keys() {
    let org = GoogleOrg::with(20).start().await;
    let plain = Plain::google(&org);
    let state = org.state();
    for key in [state.id(7), state.address(7), state.alias(7), state.address(7).to_uppercase()] {
        let (status, found) = plain.get(&format!("{USERS}/{}?fields=id,primaryEmail", key.replace('@', "%40"))).await;
        assert_eq!((status, found), (200, json!({"id": state.id(7), "primaryEmail": state.address(7)})));
    }
    let path = format!("{USERS}?customer=my_customer&query=email%3A{}", state.alias(7));
    assert_eq!(each(&plain.get(&path).await.1["users"], "id"), [state.id(7)]);
    let (status, body) = plain.get(&format!("{USERS}/nobody@example.com")).await;
    assert_eq!((status, reason(&body)), (404, (404, "notFound")));
    assert_eq!(body["error"]["message"], "Resource Not Found: userKey");
    let names = plain.get(&format!("{USERS}?customer=my_customer&orderBy=familyName&sortOrder=DESCENDING")).await.1;
    let names: Vec<&str> =
        names["users"].as_array().unwrap().iter().map(|p| p["name"]["familyName"].as_str().unwrap()).collect();
    assert!(names.is_sorted_by(|a, b| a >= b), "{names:?}");
    clean(&org);
}

#[tokio::test]
async fn tokens_are_listed_read_and_deleted_one_by_one() {
    let org = GoogleOrg::with(61).start().await;
    let plain = Plain::google(&org);
    let tokens = format!("{USERS}/{}/tokens", org.state().address(60));
    let (_, list) = plain.get(&tokens).await;
    assert_eq!(list["kind"], "admin#directory#tokenList");
    let names = ["HubSpot", "HubSpot Ads", "HubSp\u{43e}t", "HubSpot Login Helper", "Slack"];
    assert_eq!(each(&list["items"], "displayText"), names);
    assert_eq!(list["items"][0]["userKey"], org.state().id(60));
    assert_eq!(plain.get(&format!("{tokens}/{HUBSPOT}")).await.1, list["items"][0]);

    let (status, body) = plain.delete(&format!("{tokens}/{HUBSPOT}")).await;
    assert_eq!((status, body), (204, Value::Null));
    assert!(!org.state().has(60, HUBSPOT));
    assert!(org.state().has(59, HUBSPOT));
    assert_eq!(each(&plain.get(&tokens).await.1["items"], "displayText"), names[1..]);
    let (status, body) = plain.get(&format!("{tokens}/{HUBSPOT}")).await;
    assert_eq!((status, reason(&body)), (404, (404, "notFound")));
    let (status, body) = plain.delete(&format!("{tokens}/{HUBSPOT}")).await;
    assert_eq!((status, reason(&body)), (404, (404, "notFound")));
    assert_eq!(org.state().deletes(60, HUBSPOT), Deletes { came: 2, while_gone: 1, took_effect: 1 });
    assert_eq!(org.state().remaining(HUBSPOT), 60);
    org.state().assert_only_deleted(&[HUBSPOT]);
    org.faults().delete_status(200);
    org.faults().gone_status(204);
    assert_eq!(plain.delete(&format!("{USERS}/{}/tokens/{HUBSPOT}", org.state().id(1))).await, (200, Value::Null));
    assert_eq!(plain.delete(&format!("{USERS}/{}/tokens/{HUBSPOT}", org.state().id(1))).await, (204, Value::Null));
    clean(&org);
}

#[tokio::test]
#[should_panic(expected = "not meant")]
async fn a_deletion_of_another_app_is_noticed() {
    let org = GoogleOrg::with(1).start().await;
    let path = format!("{USERS}/{}/tokens/{}", org.state().id(0), GoogleApp::SLACK.client_id);
    Plain::google(&org).delete(&path).await;
    org.state().assert_only_deleted(&[HUBSPOT]);
}

#[tokio::test]
async fn an_empty_list_has_no_items() {
    let org = GoogleOrg::with(1).apps([]).start().await;
    let plain = Plain::google(&org);
    let (status, list) = plain.get(&format!("{USERS}/{}/tokens", org.state().id(0))).await;
    assert_eq!((status, list.get("items")), (200, None));
    assert_eq!(list["kind"], "admin#directory#tokenList");
    let (status, log) = plain.get("admin/reports/v1/activity/users/all/applications/token").await;
    assert_eq!((status, log.get("items")), (200, None));
    clean(&org);
}

#[tokio::test]
async fn the_log_tells_of_a_revocation_newest_first() {
    let org = GoogleOrg::with(300).start().await;
    let plain = Plain::google(&org);
    let before = org.state().now();
    plain.delete(&format!("{USERS}/{}/tokens/{HUBSPOT}", org.state().id(42))).await;
    let log = |rest: &str| format!("admin/reports/v1/activity/users/{rest}");
    let key = org.state().address(42);
    let path = log(&format!(
        "{key}/applications/token?eventName=revoke&filters=client_id%3D%3D{HUBSPOT}&startTime={before:.3}"
    ));
    let (status, answer) = plain.get(&path).await;
    assert_eq!((status, answer["kind"].as_str()), (200, Some("admin#reports#activities")));
    let items = answer["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["events"][0]["name"]), (1, &json!("revoke")));
    assert_eq!(items[0]["actor"]["email"], key);
    assert_eq!(items[0]["events"][0]["parameters"][0], json!({"name": "client_id", "value": HUBSPOT}));

    for user in 43..46 {
        plain.delete(&format!("{USERS}/{}/tokens/{HUBSPOT}", org.state().id(user))).await;
    }
    let path = log("all/applications/token?eventName=revoke&maxResults=3");
    let (_, page) = plain.get(&path).await;
    assert_eq!(page["items"].as_array().unwrap().len(), 3);
    let (_, rest) = plain.get(&format!("{path}&pageToken={}", page["nextPageToken"].as_str().unwrap())).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), rest.get("nextPageToken")), (1, None));
    let (mut times, mut next) = (Vec::new(), String::new());
    loop {
        let (_, page) = plain.get(&log(&format!("all/applications/token?maxResults=100{next}"))).await;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 100);
        times.extend(items.iter().map(|item| item["id"]["time"].as_str().unwrap().to_owned()));
        let Some(token) = page["nextPageToken"].as_str() else { break };
        next = format!("&pageToken={token}");
    }
    // Each app that each person has was let in once and used once; and there were four revocations.
    let apps: usize = GoogleApp::LAYOUT.iter().map(|(_, who)| (0..300).filter(|user| who.has(*user)).count()).sum();
    assert_eq!(times.len(), 2 * apps + 4);
    assert!(times.is_sorted_by(|a, b| a >= b));
    let ads = log("all/applications/token?eventName=activity&filters=app_name%3D%3DHubSpot%20Ads&maxResults=1000");
    assert_eq!(plain.get(&ads).await.1["items"].as_array().unwrap().len(), 100);
    clean(&org);
}

#[tokio::test]
async fn requests_that_google_refuses_are_refused() {
    let org = GoogleOrg::with(3).start().await;
    let plain = Plain::google(&org);
    for (path, status) in [
        (USERS.to_owned(), 400),
        (format!("{USERS}?customer=my_customer&maxResults=501"), 400),
        (format!("{USERS}?customer=my_customer&maxResults=0"), 400),
        (format!("{USERS}?customer=my_customer&pageToken=x"), 400),
        (format!("{USERS}?customer=my_customer&page=2"), 400),
        (format!("{USERS}?customer=my_customer&fields=users(nonsense)"), 400),
        (format!("{USERS}?domain=example.org"), 404),
        (format!("{USERS}/0/tokens"), 404),
        ("admin/reports/v1/activity/users/all/applications/token?eventName=nonsense".to_owned(), 400),
        ("admin/reports/v1/activity/users/all/applications/token?startTime=yesterday".to_owned(), 400),
        ("admin/directory/v2/users".to_owned(), 404),
    ] {
        assert_eq!(plain.get(&path).await.0, status, "{path}");
    }
    let (status, body) = answer(client().get(format!("{}{USERS}?customer=my_customer", org.url()))).await.unwrap();
    assert_eq!((status, reason_of_401(&body)), (401, "authError"));
    assert_eq!(plain.send(Method::PATCH, &format!("{USERS}/0")).await.unwrap().0, 404);
    assert_eq!(org.seen().answered(Route::Users, 400), 6);
}

fn reason_of_401(body: &Value) -> &str {
    body["error"]["errors"][0]["reason"].as_str().unwrap()
}

#[tokio::test]
async fn a_refresh_token_gives_access_until_it_is_revoked() {
    let org = GoogleOrg::with(3).start().await;
    let refresh = org.sign_in().refresh_token().expose_secret().to_owned();
    let form = [("grant_type", "refresh_token"), ("client_id", "us"), ("refresh_token", refresh.as_str())];
    let (status, tokens) = answer(client().post(org.token_url()).form(&form)).await.unwrap();
    assert_eq!((status, &tokens["token_type"], &tokens["expires_in"]), (200, &json!("Bearer"), &json!(3599)));
    assert!(tokens["scope"].as_str().unwrap().contains("admin.directory.user.security"));
    assert!(tokens.get("refresh_token").is_none());
    let users = format!("{}{USERS}?customer=my_customer", org.url());
    let with = |token: &str| client().get(&users).bearer_auth(token);
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(answer(with(access)).await.unwrap().0, 200);
    assert_eq!(answer(with("nonsense")).await.unwrap().0, 401);
    let revoked = answer(client().post(org.revoke_url()).form(&[("token", access)])).await.unwrap();
    assert_eq!(revoked, (200, json!({})));
    assert_eq!(answer(with(access)).await.unwrap().0, 401);
    let again = answer(client().post(org.revoke_url()).form(&[("token", access)])).await.unwrap();
    assert_eq!((again.0, &again.1["error"]), (400, &json!("invalid_token")));
    let dead = answer(client().post(org.token_url()).form(&form)).await.unwrap();
    assert_eq!((dead.0, &dead.1["error"]), (400, &json!("invalid_grant")));
    assert_eq!((org.seen().answered(Route::Refresh, 200), org.seen().answered(Route::Refresh, 400)), (1, 1));
}
