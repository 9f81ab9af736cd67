//! Microsoft 365 when all is well.

use crate::client::{Plain, answer, client, each};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use uncouple_testkit::directory::{Deletes, Every, GraphApp, GraphOrg, Route};

const SALES: uuid::Uuid = GraphApp::HUBSPOT_SALES.object_id;

fn code(body: &Value) -> &str {
    assert!(body["error"]["innerError"]["request-id"].is_string());
    body["error"]["code"].as_str().unwrap()
}

fn clean(org: &GraphOrg) {
    assert_eq!(org.violations(), Vec::<String>::new());
}

async fn all(plain: &Plain, path: &str) -> Vec<Value> {
    let (mut found, mut next) = (Vec::new(), path.to_owned());
    loop {
        let (status, page) = plain.get(&next).await;
        assert_eq!(status, 200, "{page}");
        found.extend(page["value"].as_array().unwrap().iter().cloned());
        let Some(link) = page["@odata.nextLink"].as_str() else { return found };
        link.clone_into(&mut next);
    }
}

#[tokio::test]
async fn people_come_in_pages_and_by_filter() {
    let org = GraphOrg::with(1_203).disabled(Every::nth(100)).start().await;
    let plain = Plain::graph(&org);
    let people = all(&plain, "users?$top=999&$select=id,userPrincipalName,mail,accountEnabled").await;
    assert_eq!(people.len(), 1_203);
    assert_eq!(people[0].as_object().unwrap().len(), 4);
    assert_eq!((&people[9]["mail"], &people[0]["accountEnabled"]), (&Value::Null, &json!(false)));
    let (_, usual) = plain.get(&format!("users/{}", org.state().address(7))).await;
    assert_eq!(usual["id"], org.state().id(7));
    assert!(usual.get("accountEnabled").is_none());
    let found = |filter: &str| format!("users?$select=id&$filter={filter}");
    let ids = (0..15).map(|user| format!("'{}'", org.state().id(user))).collect::<Vec<_>>().join(",");
    assert_eq!(all(&plain, &found(&format!("id in ({ids})"))).await.len(), 15);
    let (status, body) = plain.get(&found(&format!("id in ({ids},'x')"))).await;
    assert_eq!((status, code(&body)), (400, "Request_UnsupportedQuery"));
    assert_eq!(all(&plain, &found("startswith(userPrincipalName,'PERSON0000')")).await.len(), 10);
    let address = org.state().address(9);
    assert_eq!(all(&plain, &found(&format!("userPrincipalName eq '{address}'"))).await.len(), 1);
    assert_eq!(all(&plain, &found(&format!("mail eq '{address}'"))).await.len(), 0);
    assert_eq!(all(&plain, &found("accountEnabled eq false")).await.len(), 13);
    let (_, me) = plain.get("me?$select=id,displayName").await;
    assert_eq!(me["id"], org.state().id(0));
    let (_, tenant) = plain.get("organization?$select=id,displayName,verifiedDomains").await;
    assert_eq!(tenant["value"][0]["verifiedDomains"][0]["name"], "contoso.example");
    clean(&org);
}

#[tokio::test]
async fn grants_are_found_by_person_and_by_app() {
    let org = GraphOrg::with(250).for_everyone(GraphApp::HUBSPOT_SALES).start().await;
    let plain = Plain::graph(&org);
    let own = all(&plain, &format!("users/{}/oauth2PermissionGrants", org.state().id(60))).await;
    assert_eq!(own.len(), 6, "one of them for Exchange");
    assert!(own.iter().all(|grant| grant["consentType"] == "Principal"));
    assert_eq!(own[0]["scope"].as_str().unwrap().chars().next(), Some(' '));
    assert_eq!(each(&json!(own[..2]), "id"), org.state().grant_ids(60, SALES));

    let by_app = all(&plain, &format!("oauth2PermissionGrants?$filter=clientId eq '{SALES}'&$top=50")).await;
    let (everyone, people): (Vec<_>, Vec<_>) = by_app.iter().partition(|grant| grant["consentType"] == "AllPrincipals");
    assert_eq!((everyone.len(), people.len()), (2, 250 + 84));
    assert_eq!(everyone[0]["principalId"], Value::Null);
    let mut ids: Vec<_> = by_app.iter().map(|grant| grant["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), by_app.len());

    let filter = |more: &str| format!("oauth2PermissionGrants?$filter=clientId eq '{SALES}' and {more}");
    assert_eq!(all(&plain, &filter("consentType eq 'AllPrincipals'")).await.len(), 2);
    let person = format!("principalId eq '{}'", org.state().id(60));
    assert_eq!(all(&plain, &filter(&person)).await.len(), 2);
    let one = all(&plain, &filter(&format!("{person} and consentType eq 'Principal'"))).await;
    let (_, same) = plain.get(&format!("oauth2PermissionGrants/{}", one[0]["id"].as_str().unwrap())).await;
    assert_eq!((&same["scope"], &same["id"]), (&one[0]["scope"], &one[0]["id"]));
    clean(&org);
}

#[tokio::test]
async fn a_deleted_grant_is_gone_and_nothing_else() {
    let org = GraphOrg::with(30).start().await;
    let plain = Plain::graph(&org);
    let [graph, exchange] = org.state().grant_ids(12, SALES).try_into().unwrap();
    let (status, body) = plain.delete(&format!("oauth2PermissionGrants/{graph}")).await;
    assert_eq!((status, body), (204, Value::Null));
    assert!(org.state().has(12, SALES), "the one for Exchange is left");
    assert_eq!(plain.delete(&format!("oauth2PermissionGrants/{exchange}")).await.0, 204);
    assert!(!org.state().has(12, SALES));
    let (status, body) = plain.delete(&format!("oauth2PermissionGrants/{graph}")).await;
    assert_eq!((status, code(&body)), (404, "Request_ResourceNotFound"));
    assert_eq!(org.state().deletes(&graph), Deletes { came: 2, while_gone: 1, took_effect: 1 });
    let left = all(&plain, &format!("users/{}/oauth2PermissionGrants", org.state().id(12))).await;
    assert!(left.iter().all(|grant| grant["clientId"] != SALES.to_string()));
    assert_eq!(org.state().remaining(SALES), 29);
    org.state().assert_only_deleted(&[SALES]);
    clean(&org);
}

#[tokio::test]
#[should_panic(expected = "not meant")]
async fn a_deletion_for_everyone_is_noticed() {
    let org = GraphOrg::with(3).for_everyone(GraphApp::HUBSPOT_SALES).start().await;
    let plain = Plain::graph(&org);
    let path = format!("oauth2PermissionGrants?$filter=clientId eq '{SALES}' and consentType eq 'AllPrincipals'");
    let id = all(&plain, &path).await[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(plain.delete(&format!("oauth2PermissionGrants/{id}")).await.0, 204);
    org.state().assert_only_deleted(&[SALES]);
}

#[tokio::test]
async fn apps_are_told_apart_by_publisher() {
    let org = GraphOrg::with(1).start().await;
    let plain = Plain::graph(&org);
    let select = "$select=id,appId,displayName,verifiedPublisher,appOwnerOrganizationId,servicePrincipalType,tags";
    let apps = all(&plain, &format!("servicePrincipals?$filter=startswith(displayName,'HubSpot')&{select}")).await;
    assert_eq!(each(&json!(apps), "displayName"), ["HubSpot Sales", "HubSpot Calendar", "HubSpot Sales", "HubSpot"]);
    let publishers: Vec<_> = apps.iter().map(|app| app["verifiedPublisher"]["displayName"].as_str()).collect();
    assert_eq!(publishers, [Some("HubSpot"), Some("HubSpot"), None, None]);
    let app_id = GraphApp::LOOK_ALIKE.app_id;
    let (_, by_app) = plain.get(&format!("servicePrincipals(appId='{app_id}')?$select=id,displayName")).await;
    assert_eq!(by_app["id"], GraphApp::LOOK_ALIKE.object_id.to_string());
    let (_, by_id) = plain.get(&format!("servicePrincipals/{}", GraphApp::CYRILLIC.object_id)).await;
    assert_eq!(by_id["appId"], GraphApp::CYRILLIC.app_id.to_string());
    let (status, body) = plain.get(&format!("servicePrincipals(appId='{SALES}')")).await;
    assert_eq!((status, code(&body)), (404, "Request_ResourceNotFound"));
    clean(&org);
    let (status, _) = plain.get("servicePrincipals?$select=id,publisherName").await;
    assert_eq!(status, 400, "v1.0 has no publisherName");
}

#[tokio::test]
async fn the_log_tells_of_removals_and_of_changes_that_look_like_one() {
    let org = GraphOrg::with(60).start().await;
    let plain = Plain::graph(&org);
    let id = org.state().grant_ids(13, SALES).remove(0);
    plain.delete(&format!("oauth2PermissionGrants/{id}")).await;
    let removals = "auditLogs/directoryAudits?$filter=activityDisplayName eq 'Remove delegated permission grant'";
    let log = all(&plain, removals).await;
    assert_eq!((log.len(), &log[0]["result"]), (1, &json!("success")));
    let target = &log[0]["targetResources"][0];
    assert_eq!(target["id"], GraphApp::GRAPH.object_id.to_string());
    let changed = |entry: &Value, name: &str| {
        let changes = entry["targetResources"][0]["modifiedProperties"].as_array().unwrap().clone();
        changes.into_iter().find(|change| change["displayName"] == name).unwrap_or_default()
    };
    assert_eq!(changed(&log[0], "ServicePrincipal.ObjectID")["newValue"], format!("\"{SALES}\""));
    let person = format!("\"{}\"", org.state().id(13));
    assert_eq!(changed(&log[0], "DelegatedPermissionGrant.PrincipalId")["oldValue"], person);
    assert_eq!(changed(&log[0], "DelegatedPermissionGrant.Scope")["newValue"], Value::Null);

    org.state().amend(14, SALES);
    let since = log[0]["activityDateTime"].as_str().unwrap();
    let path = format!("auditLogs/directoryAudits?$filter=activityDateTime gt {since}&$orderby=activityDateTime desc");
    let log = all(&plain, &path).await;
    let names = ["Consent to application", "Remove delegated permission grant", "Add delegated permission grant"];
    assert_eq!(each(&json!(log), "activityDisplayName"), names);
    assert!(changed(&log[1], "DelegatedPermissionGrant.Scope")["newValue"].is_string(), "the grant stays");
    assert!(org.state().has(14, SALES));
    let everything = all(&plain, "auditLogs/directoryAudits?$top=5").await;
    let times = each(&json!(everything), "activityDateTime").into_iter().map(str::to_owned).collect::<Vec<_>>();
    assert!(times.is_sorted_by(|a, b| a >= b) && times.len() > 10, "{times:?}");
    clean(&org);
}

#[tokio::test]
async fn a_batch_answers_each_request_on_its_own() {
    let org = GraphOrg::with(60).start().await;
    let plain = Plain::graph(&org);
    let delete = |id: usize, user| {
        json!({"id": id.to_string(), "method": "DELETE",
            "url": format!("/oauth2PermissionGrants/{}", org.state().grant_ids(user, SALES)[0])})
    };
    let requests: Vec<Value> = (1..=20).map(|id| delete(id, id % 19)).collect();
    let (status, answer) = plain.post("$batch", &json!({"requests": requests})).await;
    assert_eq!(status, 200);
    let mut statuses: Vec<(u32, u64)> = answer["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["id"].as_str().unwrap().parse().unwrap(), one["status"].as_u64().unwrap()))
        .collect();
    assert_ne!(statuses[0].0, 1, "answers come in an order of their own");
    statuses.sort_unstable();
    assert_eq!(statuses.iter().map(|(_, status)| *status).collect::<Vec<_>>(), [[204; 19].as_slice(), &[404]].concat());
    assert_eq!(org.seen().count(Route::Batch), 1);
    assert_eq!(org.seen().count(Route::DeleteGrant), 20);

    let dependent = json!({"requests": [
        {"id": "a", "method": "GET", "url": "/users/nobody@contoso.example"},
        {"id": "b", "method": "GET", "url": "/me?$select=id", "dependsOn": ["a"]},
        {"id": "c", "method": "GET", "url": "/me?$select=id"},
    ]});
    let (_, answer) = plain.post("$batch", &dependent).await;
    let statuses: Vec<_> = answer["responses"].as_array().unwrap().iter().map(|one| one["status"].as_u64()).collect();
    assert_eq!(statuses, [Some(200), Some(424), Some(404)]);
    clean(&org);
    let many: Vec<Value> = (0..21).map(|id| delete(id, id)).collect();
    for bad in [
        json!({"requests": many}),
        json!({"requests": [delete(1, 1), delete(1, 2)]}),
        json!({"requests": []}),
        json!({"requests": [{"id": "1", "method": "GET"}]}),
        json!({"requests": [{"id": "1", "method": "GET", "url": "https://graph.microsoft.com/v1.0/me"}]}),
        json!([]),
    ] {
        let (status, body) = plain.post("$batch", &bad).await;
        assert_eq!((status, code(&body)), (400, "BadRequest"), "{bad}");
    }
}

#[tokio::test]
async fn requests_that_microsoft_refuses_are_refused() {
    let org = GraphOrg::with(3).start().await;
    let plain = Plain::graph(&org);
    for (path, wanted) in [
        ("users?$top=1000", "Request_UnsupportedQuery"),
        ("users?$filter=surname eq 'x'", "Request_UnsupportedQuery"),
        ("users?$filter=nonsense", "BadRequest"),
        ("users?$select=nonsense", "BadRequest"),
        ("users?$count=true", "Request_UnsupportedQuery"),
        ("users?$skiptoken=x", "Request_BadRequest"),
        ("oauth2PermissionGrants?$filter=startswith(clientId,'8')", "Request_UnsupportedQuery"),
        ("oauth2PermissionGrants?$search=\"x\"", "Request_UnsupportedQuery"),
        ("auditLogs/directoryAudits?$filter=activityDateTime ge yesterday", "BadRequest"),
        ("nonsense", "BadRequest"),
    ] {
        let (status, body) = plain.get(path).await;
        assert_eq!((status, code(&body)), (400, wanted), "{path}");
    }
    let (status, body) = answer(client().get(format!("{}/me", org.url()))).await.unwrap();
    assert_eq!((status, code(&body)), (401, "InvalidAuthenticationToken"));
}

#[tokio::test]
async fn every_refresh_gives_another_refresh_token() {
    let org = GraphOrg::with(1).start().await;
    let mut refresh = org.sign_in().refresh_token().expose_secret().to_owned();
    for _ in 0..2 {
        let form = [("grant_type", "refresh_token"), ("client_id", "us"), ("refresh_token", refresh.as_str())];
        let (status, tokens) = answer(client().post(org.token_url()).form(&form)).await.unwrap();
        assert_eq!(status, 200);
        let next = tokens["refresh_token"].as_str().unwrap().to_owned();
        assert_ne!(next, refresh);
        refresh = next;
    }
    org.sign_in().refuse_refresh(true);
    let form = [("grant_type", "refresh_token"), ("client_id", "us"), ("refresh_token", refresh.as_str())];
    let (status, tokens) = answer(client().post(org.token_url()).form(&form)).await.unwrap();
    assert_eq!((status, &tokens["error"], &tokens["suberror"]), (400, &json!("invalid_grant"), &json!("bad_token")));
}
