//! The checks against the services' own specifications. Skipped where these are absent.

use crate::client::Plain;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::sync::Arc;
use uncouple_testkit::directory::spec::{Coverage, Specs, arbitrary};
use uncouple_testkit::directory::{GoogleOrg, GraphOrg};

#[expect(clippy::print_stderr, reason = "says that nothing was tested")]
fn specs() -> Option<Arc<Specs>> {
    let specs = Specs::find();
    if specs.is_none() {
        eprintln!("skipped: no specifications beside the clone, and UNCOUPLE_SPECS names none");
    }
    specs
}

const TOKENS: &str = "/admin/directory/v1/users/1/tokens";
const USERS: &str = "/admin/directory/v1/users";
const LOG: &str = "/admin/reports/v1/activity/users/all/applications/token";
const GRANTS: &str = "/v1.0/oauth2PermissionGrants";

#[test]
fn requests_that_are_none_of_the_specifications_are_found() {
    let Some(specs) = specs() else { return };
    for (method, path, query, wanted) in [
        ("GET", "/admin/directory/v1/people", "", "no document has this"),
        ("PATCH", TOKENS, "", "no document has this"),
        ("GET", TOKENS, "page=2", "parameter page is not known"),
        ("GET", TOKENS, "userKey=1", "parameter userKey is not known"),
        ("GET", TOKENS, "fields=items(nonsense)", "fields names nonsense"),
        ("GET", TOKENS, "fields=items/clientId/x", "fields goes into a plain value"),
        ("GET", TOKENS, "prettyPrint=no", "prettyPrint is neither"),
        ("GET", USERS, "maxResults=501", "maxResults is outside"),
        ("GET", USERS, "maxResults=many", "maxResults is no whole"),
        ("GET", USERS, "orderBy=size", "orderBy is none of its values"),
        ("GET", USERS, "orderBy=email&orderBy=email", "orderBy is there more than once"),
        ("GET", LOG, "startTime=2026-11-23", "startTime doesn't fit"),
        ("GET", LOG, "filters=client_id", "filters doesn't fit"),
        (
            "GET",
            "/admin/reports/v1/activity/users/all/applications/tokens",
            "",
            "applicationName is none of its values",
        ),
        ("GET", "/v1.0/groups", "", "no such path"),
        ("PUT", GRANTS, "", "no such method"),
        ("GET", GRANTS, "$select=id,id", "has id more than once"),
        ("GET", GRANTS, "$select=expiryTime", "is none of its values"),
        ("GET", GRANTS, "$top=-1", "$top is outside"),
        ("GET", GRANTS, "filter=x", "parameter filter is not known"),
        ("GET", "/v1.0/servicePrincipals", "$select=publisherName", "is none of its values"),
    ] {
        let wrong = specs.check_request(method, path, query, None).unwrap_err();
        assert!(wrong.contains(wanted), "{method} {path}?{query}: {wrong}");
    }
    let body = Some(&Value::Null);
    assert!(specs.check_request("DELETE", &format!("{TOKENS}/x"), "", body).unwrap_err().contains("should be none"));
    let patch = json!({"scope": 7});
    let wrong = specs.check_request("PATCH", &format!("{GRANTS}/x"), "", Some(&patch)).unwrap_err();
    assert!(wrong.contains("scope is no text"), "{wrong}");
}

#[test]
fn requests_of_the_specifications_are_let_through() {
    let Some(specs) = specs() else { return };
    for (method, path, query, coverage) in [
        ("GET", TOKENS, "fields=kind,items(clientId,scopes)&prettyPrint=false", Coverage::Checked),
        (
            "DELETE",
            "/admin/directory/v1/users/a%40example.com/tokens/1.apps.googleusercontent.com",
            "",
            Coverage::Checked,
        ),
        (
            "GET",
            USERS,
            "customer=my_customer&maxResults=500&fields=nextPageToken,users(name/fullName)",
            Coverage::Checked,
        ),
        ("GET", LOG, "eventName=revoke&filters=client_id%3D%3D1&startTime=2026-11-23T09:00:00.000Z", Coverage::Checked),
        ("GET", GRANTS, "$filter=clientId%20eq%20'1'&$top=999&$skiptoken=x", Coverage::Checked),
        ("GET", "/v1.0/servicePrincipals(appId='1')", "$select=id,displayName", Coverage::Checked),
        ("GET", "/v1.0/auditLogs/directoryAudits", "$filter=x", Coverage::NotInSlice),
        ("POST", "/v1.0/$batch", "", Coverage::NotInSlice),
        ("POST", "/contoso.example/oauth2/v2.0/token", "", Coverage::NotInSlice),
    ] {
        assert_eq!(specs.check_request(method, path, query, None), Ok(coverage), "{method} {path}?{query}");
    }
}

#[test]
fn answers_that_are_none_of_the_specifications_are_found() {
    let Some(specs) = specs() else { return };
    let error = json!({"error": {"code": 404, "message": "x", "errors": [{"domain": "global", "reason": "notFound"}]}});
    for (method, path, status, body, wanted) in [
        ("GET", TOKENS, 200, Some(json!({"item": []})), "item is not in the schema"),
        ("GET", TOKENS, 200, Some(json!({"items": {}})), "items is no list"),
        ("GET", TOKENS, 200, Some(json!({"items": [{"clientId": 7}]})), "items[].clientId is no text"),
        ("GET", TOKENS, 200, None, "there is no body"),
        ("DELETE", "/admin/directory/v1/users/1/tokens/2", 204, Some(json!({})), "should be none"),
        ("GET", USERS, 200, Some(json!({"users": [{"suspended": "no"}]})), "users[].suspended is neither"),
        ("GET", USERS, 200, Some(json!({"users": [{"creationTime": "yesterday"}]})), "creationTime is no date-time"),
        ("GET", TOKENS, 404, Some(error), "error.errors[] lacks message"),
        ("GET", GRANTS, 200, Some(json!({"value": [{"clientID": "x"}]})), "value[].clientID is not in the schema"),
        ("GET", GRANTS, 200, Some(json!({"value": [{"clientId": null}]})), "value[].clientId is no text"),
        ("GET", GRANTS, 400, Some(json!({"error": {"code": "x"}})), "error lacks message"),
        ("DELETE", "/v1.0/oauth2PermissionGrants/x", 204, Some(json!({})), "should be none"),
        ("GET", GRANTS, 302, Some(json!({})), "no such status"),
    ] {
        let wrong = specs.check_answer(method, path, status, body.as_ref()).unwrap_err();
        assert!(wrong.contains(wanted), "{method} {path}: {wrong}");
    }
    let annotated = json!({"@odata.context": "x", "value": [{"scope": null, "principalId@odata.bind": "x"}]});
    assert_eq!(specs.check_answer("GET", GRANTS, 200, Some(&annotated)), Ok(Coverage::Checked));
}

#[tokio::test]
async fn servers_tell_of_violations() {
    let Some(_) = specs() else { return };
    let google = GoogleOrg::with(1).start().await;
    Plain::google(&google).get("admin/directory/v1/users?customer=my_customer&maxResults=501").await;
    let found = google.violations();
    assert!(google.specs_checked());
    assert_eq!(found, ["request GET /admin/directory/v1/users: the parameter maxResults is outside of its limits"]);
    let graph = GraphOrg::with(1).start().await;
    let inner = json!({"requests": [{"id": "1", "method": "GET", "url": "/users?$top=x"}]});
    Plain::graph(&graph).post("$batch", &inner).await;
    assert_eq!(graph.violations(), ["request GET /v1.0/users: the parameter $top is no whole number"]);
}

#[test]
fn random_answers_fit_their_schemas() {
    let Some(specs) = specs() else { return };
    for (schema, path) in [
        ("Tokens", TOKENS),
        ("Users", USERS),
        ("User", "/admin/directory/v1/users/1"),
        ("Activities", LOG),
        ("microsoft.graph.oAuth2PermissionGrantCollectionResponse", GRANTS),
        ("microsoft.graph.servicePrincipalCollectionResponse", "/v1.0/servicePrincipals"),
        ("microsoft.graph.userCollectionResponse", "/v1.0/users"),
        ("microsoft.graph.organizationCollectionResponse", "/v1.0/organization"),
    ] {
        let config = ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() };
        let fits = |answer: Value| {
            prop_assert_eq!(specs.check_answer("GET", path, 200, Some(&answer)), Ok(Coverage::Checked));
            Ok(())
        };
        TestRunner::new(config).run(&arbitrary(schema).unwrap(), fits).unwrap();
    }
}

#[test]
fn random_answers_leave_members_out_and_have_nulls() {
    let Some(_) = specs() else { return };
    let strategy = arbitrary("microsoft.graph.oAuth2PermissionGrant").unwrap();
    let mut runner = TestRunner::deterministic();
    let mut made = (0..100).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect::<Vec<_>>();
    assert!(made.iter().any(|grant| grant.get("scope").is_none()));
    assert!(made.iter().any(|grant| grant.get("scope") == Some(&Value::Null)));
    assert!(made.iter().all(|grant| grant.get("clientId") != Some(&Value::Null)));
    made.dedup();
    assert!(made.len() > 90);
}
