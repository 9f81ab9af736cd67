//! Each fault is what it says.

use crate::client::{Plain, answer, client, each};
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uncouple_testkit::directory::{
    AuditLog, Deletes, Fault, GoogleApp, GoogleOrg, GraphApp, GraphOrg, On, Paging, Route, When,
};

const HUBSPOT: &str = GoogleApp::HUBSPOT.client_id;
const SALES: uuid::Uuid = GraphApp::HUBSPOT_SALES.object_id;

fn tokens(org: &GoogleOrg, user: usize) -> String {
    format!("admin/directory/v1/users/{}/tokens", org.state().id(user))
}

fn token(org: &GoogleOrg, user: usize) -> String {
    format!("{}/{HUBSPOT}", tokens(org, user))
}

fn grant(org: &GraphOrg, user: usize) -> String {
    format!("oauth2PermissionGrants/{}", org.state().grant_ids(user, SALES).remove(0))
}

fn reason(body: &Value) -> &str {
    body["error"]["errors"][0]["reason"].as_str().unwrap()
}

#[tokio::test]
async fn the_quota_is_googles_and_refused_calls_do_not_count() {
    let org = GoogleOrg::with(1).start().await;
    let plain = Plain::google(&org);
    org.faults().quota((5, Duration::from_secs(60)));
    let path = tokens(&org, 0);
    for _ in 0..5 {
        assert_eq!(plain.get(&path).await.0, 200);
    }
    let (status, body) = plain.get(&path).await;
    assert_eq!((status, reason(&body)), (403, "userRateLimitExceeded"));
    assert_eq!(plain.get("admin/reports/v1/activity/users/all/applications/token").await.0, 200, "the log is apart");
    org.faults().quota((5, Duration::from_secs(60)));
    assert_eq!(plain.get(&path).await.0, 200, "a new quota is unused");
    let graph = GraphOrg::with(1).start().await;
    graph.faults().quota((1, Duration::from_secs(30)));
    let plain = Plain::graph(&graph);
    assert_eq!(plain.get("me").await.0, 200);
    let response = plain.request(Method::GET, "me").send().await.unwrap();
    assert_eq!(response.status(), 429);
    let seconds: u32 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=30).contains(&seconds));
}

#[tokio::test]
async fn delays_run_side_by_side_and_too_many_at_once_are_refused() {
    let org = GoogleOrg::with(40).start().await;
    let plain = Plain::google(&org);
    org.faults().delay(Duration::from_millis(400));
    let started = Instant::now();
    let paths: Vec<String> = (0..40).map(|user| tokens(&org, user)).collect();
    let all = async |paths: &[String]| {
        let mut set = tokio::task::JoinSet::new();
        for path in paths {
            set.spawn(answer(plain.request(Method::GET, path)));
        }
        set.join_all().await.into_iter().map(|answer| answer.unwrap()).collect::<Vec<_>>()
    };
    assert!(all(&paths).await.iter().all(|(status, _)| *status == 200));
    let took = started.elapsed();
    assert!(took >= Duration::from_millis(400) && took < Duration::from_secs(8), "{took:?}");
    assert!(org.seen().most_at_once() > 20 && org.seen().connections() >= org.seen().most_at_once());
    org.faults().at_once(10);
    let refused = all(&paths).await.into_iter().filter(|(status, _)| *status == 403).collect::<Vec<_>>();
    assert!(!refused.is_empty() && refused.iter().all(|(_, body)| reason(body) == "quotaExceeded"));
    assert_eq!(org.seen().answered(Route::Tokens, 403), refused.len() as u64);
}

#[tokio::test]
async fn throttling_says_for_how_long() {
    let org = GraphOrg::with(3).start().await;
    let plain = Plain::graph(&org);
    org.faults().every(2, Route::Me, Fault::Throttle(Some(7)));
    org.faults().next(1, Route::Apps, Fault::Throttle(None));
    assert_eq!(plain.get("me").await.0, 200);
    let response = plain.request(Method::GET, "me").send().await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["retry-after"]), (429, &"7".parse().unwrap()));
    let response = plain.request(Method::GET, "servicePrincipals").send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers().get("retry-after")), (429, None));
    assert_eq!(plain.get("servicePrincipals").await.0, 200);
    assert_eq!(org.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn lists_lag_behind_a_deletion() {
    let org = GoogleOrg::with(3).start().await;
    let plain = Plain::google(&org);
    org.faults().lag(2);
    org.faults().lag_of(1, 0);
    let shown = async |user| {
        let (_, list) = plain.get(&tokens(&org, user)).await;
        each(&list["items"], "clientId").contains(&HUBSPOT)
    };
    for user in [0, 1] {
        assert_eq!(plain.delete(&token(&org, user)).await.0, 204);
        assert!(!org.state().has(user, HUBSPOT));
    }
    assert_eq!([shown(0).await, shown(0).await, shown(0).await], [true, true, false]);
    assert!(!shown(1).await);
    assert_eq!(plain.delete(&token(&org, 0)).await.0, 404, "though the list lagged");
    assert_eq!(org.state().deletes(0, HUBSPOT), Deletes { came: 2, while_gone: 1, took_effect: 1 });

    let graph = GraphOrg::with(3).start().await;
    let plain = Plain::graph(&graph);
    graph.faults().lag(1);
    assert_eq!(plain.delete(&grant(&graph, 1)).await.0, 204);
    let path =
        format!("oauth2PermissionGrants?$filter=clientId eq '{SALES}' and principalId eq '{}'", graph.state().id(1));
    let mut counts = Vec::new();
    for _ in 0..2 {
        counts.push(plain.get(&path).await.1["value"].as_array().unwrap().len());
    }
    assert_eq!(counts, [1, 0]);
}

#[tokio::test]
async fn pages_lead_astray() {
    let org = GraphOrg::with(8).start().await;
    let plain = Plain::graph(&org);
    let follow = async |steps: usize| {
        let (mut next, mut links, mut found) = ("users?$top=5".to_owned(), Vec::new(), 0);
        for _ in 0..steps {
            let (status, page) = plain.get(&next).await;
            assert_eq!(status, 200);
            found += page["value"].as_array().unwrap().len();
            let Some(link) = page["@odata.nextLink"].as_str() else { break };
            links.push(link.to_owned());
            link.clone_into(&mut next);
        }
        (links, found)
    };
    org.faults().paging(Route::Users, Paging::EmptyPages(2));
    let (links, found) = follow(9).await;
    assert_eq!((links.len(), found), (5, 8));
    org.faults().paging(Route::Users, Paging::Itself);
    let (links, _) = follow(3).await;
    assert_eq!((links.len(), &links[1]), (3, &links[0]));
    org.faults().paging(Route::Users, Paging::Circle);
    let (links, _) = follow(4).await;
    assert_eq!((&links[0], &links[1]), (&links[2], &links[3]));
    assert_ne!(links[0], links[1]);
    org.faults().paging(Route::Users, Paging::Elsewhere("https://graph.example.net".to_owned()));
    let (_, page) = plain.get("users?$top=5").await;
    assert!(
        page["@odata.nextLink"]
            .as_str()
            .unwrap()
            .starts_with("https://graph.example.net/v1.0/users?$top=5&$skiptoken=")
    );
    let google = GoogleOrg::with(3).start().await;
    google.faults().paging(Route::Users, Paging::EmptyPages(1));
    let (_, page) = Plain::google(&google).get("admin/directory/v1/users?customer=my_customer").await;
    assert!(page.get("users").is_none() && page["nextPageToken"].is_string());
}

#[tokio::test]
async fn somebody_vanishes_between_list_and_deletion() {
    let org = GoogleOrg::with(5).start().await;
    let plain = Plain::google(&org);
    org.state().vanish(1);
    org.state().vanish_after_list(2);
    assert_eq!(plain.get(&tokens(&org, 1)).await.0, 404);
    assert_eq!(plain.get(&tokens(&org, 2)).await.0, 200);
    assert_eq!(plain.delete(&token(&org, 2)).await.0, 404);
    let (_, list) = plain.get("admin/directory/v1/users?customer=my_customer&fields=users/id").await;
    assert_eq!(list["users"].as_array().unwrap().len(), 3);
    assert_eq!(org.state().deletes(2, HUBSPOT), Deletes { came: 1, while_gone: 1, took_effect: 0 });
    let graph = GraphOrg::with(5).start().await;
    let plain = Plain::graph(&graph);
    graph.state().vanish_after_list(2);
    assert_eq!(plain.get(&format!("users/{}/oauth2PermissionGrants", graph.state().id(2))).await.0, 200);
    assert_eq!(plain.delete(&grant(&graph, 2)).await.0, 404);
    assert_eq!(plain.get(&format!("users/{}", graph.state().id(2))).await.0, 404);
    let (_, list) = plain.get(&format!("oauth2PermissionGrants?$filter=clientId eq '{SALES}'")).await;
    assert_eq!(list["value"].as_array().unwrap().len(), 4 + 2 - 1 + 1);
}

#[tokio::test]
async fn access_ends_until_it_is_refreshed() {
    let org = GoogleOrg::with(1).start().await;
    let plain = Plain::google(&org);
    org.sign_in().calls_each(2);
    let path = tokens(&org, 0);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(plain.get(&path).await.0);
    }
    assert_eq!(statuses, [200, 200, 401, 401]);
    let again = Plain::google(&org);
    assert_eq!(again.get(&path).await.0, 200);
    org.sign_in().expire();
    assert_eq!(again.get(&path).await.0, 401);
    org.faults().next(1, Route::Refresh, Fault::InvalidGrant);
    let refresh = org.sign_in().refresh_token().expose_secret().to_owned();
    let form = [("grant_type", "refresh_token"), ("client_id", "us"), ("refresh_token", refresh.as_str())];
    let statuses = [
        answer(client().post(org.token_url()).form(&form)).await.unwrap().0,
        answer(client().post(org.token_url()).form(&form)).await.unwrap().0,
    ];
    assert_eq!(statuses, [400, 200]);
}

#[tokio::test]
async fn a_connection_breaks_before_or_after_the_effect() {
    let org = GoogleOrg::with(2).start().await;
    let plain = Plain::google(&org);
    for (user, when, there) in [(0, When::Before, true), (1, When::After, false)] {
        org.faults().next(1, Route::DeleteToken, Fault::Reset(when));
        let error = plain.send(Method::DELETE, &token(&org, user)).await.unwrap_err();
        assert!(!error.is_timeout(), "{error:?}");
        assert_eq!(org.state().has(user, HUBSPOT), there);
        assert_eq!(org.state().deletes(user, HUBSPOT).came, 1);
    }
    assert_eq!(org.seen().answered(Route::DeleteToken, None), 2);
    assert_eq!(plain.get(&tokens(&org, 0)).await.0, 200, "on a new connection");
}

#[tokio::test]
async fn a_broken_connection_is_a_reset_and_no_orderly_end() {
    let org = GoogleOrg::with(1).start().await;
    org.faults().next(1, On::ANY, Fault::Reset(When::After));
    let address = org.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    stream.write_all(format!("GET /token HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).await.unwrap();
    let end = stream.read(&mut [0; 16]).await;
    assert_eq!(end.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn an_answer_never_comes_before_or_after_the_effect() {
    let org = GraphOrg::with(2).start().await;
    let plain = Plain::graph(&org);
    for (user, when, there) in [(0, When::Before, true), (1, When::After, false)] {
        org.faults().next(1, Route::DeleteGrant.of(user), Fault::Hang(when));
        let request = plain.request(Method::DELETE, &grant(&org, user)).timeout(Duration::from_millis(200));
        assert!(answer(request).await.unwrap_err().is_timeout());
        let grants = org.state().deletes(&org.state().grant_ids(user, SALES)[0]);
        assert_eq!(grants.took_effect, u32::from(!there));
    }
    assert_eq!(plain.get("me").await.0, 200);
}

#[tokio::test]
async fn errors_and_missing_permissions_are_the_services_own() {
    let org = GoogleOrg::with(2).start().await;
    let plain = Plain::google(&org);
    let log = "admin/reports/v1/activity/users/all/applications/token";
    for (route, path, method) in [
        (Route::Tokens, tokens(&org, 0), Method::GET),
        (Route::DeleteToken, token(&org, 0), Method::DELETE),
        (Route::Audit, log.to_owned(), Method::GET),
    ] {
        org.faults().always(route, Fault::Forbidden);
        let (status, body) = plain.send(method.clone(), &path).await.unwrap();
        assert_eq!((status, reason(&body)), (403, "forbidden"));
        org.faults().calm();
        org.faults().next(1, On::ANY, Fault::Status(503));
        let (status, body) = plain.send(method.clone(), &path).await.unwrap();
        assert_eq!((status, reason(&body)), (503, "backendError"));
        assert!(plain.send(method, &path).await.unwrap().0 < 300);
    }
    assert_eq!(org.state().deletes(0, HUBSPOT), Deletes { came: 3, while_gone: 0, took_effect: 1 });
    let graph = GraphOrg::with(2).start().await;
    graph.faults().always(Route::Audit, Fault::Forbidden);
    let (status, body) = Plain::graph(&graph).get("auditLogs/directoryAudits").await;
    assert_eq!((status, &body["error"]["code"]), (403, &json!("Authorization_RequestDenied")));
    assert_eq!((org.violations(), graph.violations()), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn a_batch_has_mixed_results() {
    let org = GraphOrg::with(20).start().await;
    let plain = Plain::graph(&org);
    org.faults().every(3, Route::DeleteGrant, Fault::Throttle(Some(4)));
    org.faults().next(1, Route::DeleteGrant.of(0), Fault::Forbidden);
    org.state().vanish(1);
    let requests: Vec<Value> = (0..6)
        .map(|user| json!({"id": user.to_string(), "method": "DELETE", "url": format!("/{}", grant(&org, user))}))
        .collect();
    let (status, body) = plain.post("$batch", &json!({"requests": requests})).await;
    let mut found: Vec<_> = body["responses"].as_array().unwrap().clone();
    found.sort_by_key(|one| one["id"].as_str().unwrap().to_owned());
    let statuses: Vec<_> = found.iter().map(|one| one["status"].as_u64().unwrap()).collect();
    assert_eq!((status, statuses), (200, vec![403, 404, 429, 204, 204, 429]));
    assert_eq!(found[2]["headers"]["Retry-After"], "4");
    assert_eq!(found[2]["body"]["error"]["code"], "TooManyRequests");
    org.faults().calm();
    org.faults().next(1, Route::DeleteGrant.of(2), Fault::Reset(When::After));
    let cut = plain.request(Method::POST, "$batch").json(&json!({"requests": requests}));
    assert!(answer(cut).await.is_err(), "one of them cuts all of them off");
    assert!(!org.state().has(2, SALES) || org.state().grant_ids(2, SALES).len() > 1);
}

#[tokio::test]
async fn the_log_is_late_or_silent() {
    let org = GoogleOrg::with(2).start().await;
    let plain = Plain::google(&org);
    let revoked = async || {
        let path = "admin/reports/v1/activity/users/all/applications/token?eventName=revoke";
        plain.get(path).await.1["items"].as_array().map_or(0, Vec::len)
    };
    plain.delete(&token(&org, 0)).await;
    org.faults().audit(AuditLog::Silent);
    assert_eq!(revoked().await, 0);
    org.faults().audit(AuditLog::Late(Duration::from_secs(3_600)));
    assert_eq!(revoked().await, 0);
    org.state().put_clock_ahead(Duration::from_secs(3_600));
    assert_eq!(revoked().await, 1);
    plain.delete(&token(&org, 1)).await;
    org.faults().audit(AuditLog::AfterReads(2));
    let counts = [revoked().await, revoked().await, revoked().await];
    assert_eq!(counts, [1, 1, 2]);
}

#[tokio::test]
async fn somebody_lets_an_app_in_again() {
    let org = GoogleOrg::with(3).start().await;
    let plain = Plain::google(&org);
    let events = async |user: usize| {
        let path = format!("admin/reports/v1/activity/users/{}/applications/token", org.state().id(user));
        let since = org.state().now() - jiff::SignedDuration::from_hours(1);
        let (_, log) = plain.get(&format!("{path}?startTime={since:.3}&filters=client_id%3D%3D{HUBSPOT}")).await;
        let items = log["items"].as_array().cloned().unwrap_or_default();
        let times: Vec<&str> = items.iter().map(|item| item["id"]["time"].as_str().unwrap()).collect();
        assert!(times.is_sorted_by(|newer, older| newer > older), "{times:?}");
        items.iter().map(|item| item["events"][0]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    org.state().consent_after_delete(0, HUBSPOT, 0, false);
    org.state().consent_after_delete(1, HUBSPOT, 2, true);
    for user in 0..3 {
        assert_eq!(plain.delete(&token(&org, user)).await.0, 204);
    }
    assert_eq!(events(0).await, ["authorize", "revoke"], "though no list shows it");
    assert!(!org.state().has(0, HUBSPOT));
    assert_eq!(plain.get(&token(&org, 1)).await.0, 404);
    assert_eq!(events(1).await, ["revoke"]);
    assert_eq!(plain.get(&token(&org, 1)).await.0, 200);
    assert_eq!(events(1).await, ["authorize", "revoke"]);
    org.state().consent(2, HUBSPOT, true);
    org.state().use_now(2, HUBSPOT);
    assert_eq!(events(2).await, ["activity", "authorize", "revoke"]);
    assert_eq!(plain.get(&token(&org, 2)).await.0, 200);
}

#[tokio::test]
async fn somebody_grants_an_app_its_permissions_again() {
    let org = GraphOrg::with(3).start().await;
    let plain = Plain::graph(&org);
    org.state().consent_after_delete(0, SALES, 0, false);
    assert_eq!(plain.delete(&grant(&org, 1)).await.0, 204);
    assert_eq!(plain.delete(&grant(&org, 0)).await.0, 204);
    let log = plain.get("auditLogs/directoryAudits?$top=4").await.1;
    let names = each(&log["value"], "activityDisplayName");
    let [remove, add, consent] =
        ["Remove delegated permission grant", "Add delegated permission grant", "Consent to application"];
    assert_eq!(names, [consent, add, remove, remove]);
    let own = plain.get(&format!("users/{}/oauth2PermissionGrants", org.state().id(1))).await.1;
    assert_eq!(own["value"].as_array().unwrap().len(), 0);
    org.state().consent(1, SALES, true);
    org.state().consent(1, GraphApp::HUBSPOT_CALENDAR.object_id, true);
    let own = plain.get(&format!("users/{}/oauth2PermissionGrants", org.state().id(1))).await.1;
    assert_eq!(each(&own["value"], "clientId"), [SALES, GraphApp::HUBSPOT_CALENDAR.object_id].map(|id| id.to_string()));
    org.state().remove_by_hand(1, SALES);
    org.state().consent_for_everyone(SALES);
    assert!(!org.state().has(1, SALES) && org.state().has_for_everyone(SALES));
}
