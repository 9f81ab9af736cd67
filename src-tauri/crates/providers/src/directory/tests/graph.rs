use super::{asked, findings, graph_error, json_of, lines, open};
use jiff::Timestamp;
use serde_json::{Value, json};
use uncouple_domain::{DeleteAnswer, Listed, Permission};
use uncouple_engine::directory::{
    ApiError, Finding, Likeness, LogWhat, OrganisationFacts, Person, Target, Wanted, Who,
};
use uncouple_engine::ports::SignInAt;
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const APP: &str = "85477313-ea43-4c7d-b8a4-54fed35d0b60";
const PERSON: &str = "7d54cb02-aaa3-4016-9f9c-a4b49422dd9b";
const OTHER: &str = "11111111-aaa3-4016-9f9c-a4b49422dd9b";

/// Batches are what the other tests are about.
async fn server() -> MockServer {
    let server = MockServer::start().await;
    let refused = Mock::given(method("POST")).and(path("/$batch")).respond_with(graph_error(400, "BadRequest"));
    refused.with_priority(1).mount(&server).await;
    server
}

async fn get(server: &MockServer, at: &str, answer: ResponseTemplate) {
    Mock::given(method("GET")).and(path(at)).respond_with(answer).mount(server).await;
}

fn list(items: &[Value]) -> ResponseTemplate {
    json_of(200, &json!({ "value": items }))
}

fn grant(id: &str, app: &str, person: Option<&str>) -> Value {
    let kind = if person.is_some() { "Principal" } else { "AllPrincipals" };
    json!({ "id": id, "clientId": app, "consentType": kind, "principalId": person, "resourceId": "r", "scope": " Mail.Read openid" })
}

fn of(who: Who) -> Target {
    Target { who, app: APP.to_owned(), grant: Some("grant".to_owned()) }
}

fn person() -> Who {
    Who::Person { id: PERSON.to_owned() }
}

#[tokio::test]
async fn an_organisation_is_named_by_its_default_domain() {
    let named = async |organisation: Value| {
        let server = server().await;
        get(&server, "/organization", list(&[organisation])).await;
        open(SignInAt::Microsoft, &server).organisation("tid.oid").await
    };
    let facts = |name: &str| Ok(OrganisationFacts { key: "tid".to_owned(), name: name.to_owned() });
    let domains = json!([{ "name": "contoso.onmicrosoft.com", "isDefault": false }, { "name": "contoso.com", "isDefault": true }]);
    let whole = json!({ "id": "tid", "displayName": "Contoso", "verifiedDomains": domains });
    assert_eq!(named(whole).await, facts("contoso.com"));
    assert_eq!(named(json!({ "id": "tid", "displayName": "Contoso" })).await, facts("Contoso"));
    assert_eq!(named(json!({ "id": "tid", "displayName": null })).await, facts("tid"));
    assert_eq!(named(json!({ "displayName": "Contoso" })).await, Err(ApiError::Unreadable));
}

#[tokio::test]
async fn a_search_tells_of_each_person_once_and_of_everybody_apart() {
    let server = server().await;
    let hubspot = json!({ "id": APP, "appId": "app", "displayName": "HubSpot Sales", "verifiedPublisher": { "displayName": "HubSpot" } });
    let github = json!({ "id": "git", "appId": "git", "displayName": "Hub of something else" });
    get(&server, "/servicePrincipals", list(&[hubspot, github])).await;
    get(&server, "/servicePrincipals/chosen", json_of(200, &json!({ "id": "chosen", "displayName": "Ours" }))).await;
    get(&server, "/servicePrincipals/gone", graph_error(404, "Request_ResourceNotFound")).await;
    let of_app = |app: &str| {
        Mock::given(path("/oauth2PermissionGrants")).and(query_param("$filter", format!("clientId eq '{app}'")))
    };
    let first = [grant("all", APP, None), grant("g1", APP, Some(PERSON)), grant("g2", APP, Some(OTHER))];
    let next = format!("{}/more", server.uri());
    of_app(APP).respond_with(json_of(200, &json!({ "value": first, "@odata.nextLink": next }))).mount(&server).await;
    get(&server, "/more", list(&[grant("g3", APP, Some(PERSON)), grant("not ours", "git", Some(PERSON))])).await;
    of_app("chosen").respond_with(list(&[grant("g4", "chosen", Some(PERSON))])).mount(&server).await;
    let hanako = json!({ "id": PERSON, "displayName": "花子", "mail": "Hanako@contoso.com", "accountEnabled": false,
        "userPrincipalName": "hanako@contoso.onmicrosoft.com",
        "proxyAddresses": ["SMTP:hanako@contoso.com", "smtp:h@contoso.com", "X500:/o=x"] });
    get(&server, &format!("/users/{PERSON}"), json_of(200, &hanako)).await;
    get(&server, &format!("/users/{OTHER}"), graph_error(404, "Request_ResourceNotFound")).await;
    // The second one has not that address, whatever the filter brought.
    let known = json!({ "id": "third", "mail": null, "userPrincipalName": "o'neil@contoso.com" });
    let other = json!({ "id": "fourth", "mail": "somebody@contoso.com" });
    get(&server, "/users", list(&[other, known])).await;
    let directory = open(SignInAt::Microsoft, &server);
    let wanted = Wanted {
        apps: ["chosen".to_owned(), "gone".to_owned()].into(),
        addresses: vec!["o'neil@contoso.com".to_owned()],
        ..Wanted::default()
    };
    let (found, end) = findings(&directory, wanted).await;
    assert_eq!(end, Ok(()));

    let apps: Vec<(&str, Likeness)> = found
        .iter()
        .filter_map(
            |finding| if let Finding::App(app) = finding { Some((app.key.as_str(), app.likeness)) } else { None },
        )
        .collect();
    assert_eq!(apps, [(APP, Likeness::Named), ("chosen", Likeness::Other)]);
    let everybody: Vec<&str> = found
        .iter()
        .filter_map(
            |finding| if let Finding::Everybody { access, .. } = finding { access.grant.as_deref() } else { None },
        )
        .collect();
    assert_eq!(everybody, ["all"]);
    let read: Vec<(&Person, Vec<&str>)> = found
        .iter()
        .filter_map(|finding| {
            let Finding::Read { person, accesses, .. } = finding else { return None };
            Some((person, accesses.iter().filter_map(|access| access.grant.as_deref()).collect()))
        })
        .collect();
    let hanako = Person {
        id: PERSON.to_owned(),
        address: "Hanako@contoso.com".to_owned(),
        aliases: ["hanako@contoso.onmicrosoft.com", "h@contoso.com"].map(str::to_owned).to_vec(),
        name: Some("花子".to_owned()),
        suspended: true,
    };
    assert_eq!(read[0], (&hanako, vec!["g1", "g3", "g4"]));
    assert_eq!((read[1].0.address.as_str(), read[1].1.len(), read.len()), ("o'neil@contoso.com", 0, 2));
    assert!(found.iter().any(|finding| matches!(finding, Finding::People(3))));
    let filter = "$filter=mail eq 'o''neil@contoso.com' or userPrincipalName eq 'o''neil@contoso.com'";
    assert!(asked(&server).await.iter().any(|query| query.contains(filter)));
}

#[tokio::test]
async fn somebody_known_who_let_hubspot_in_is_told_of_once_and_asked_for_once() {
    let server = server().await;
    let hubspot = json!({ "id": APP, "appId": "app", "displayName": "HubSpot Sales" });
    get(&server, "/servicePrincipals", list(&[hubspot])).await;
    get(&server, "/oauth2PermissionGrants", list(&[grant("g1", APP, Some(PERSON))])).await;
    let known = json!({ "id": PERSON, "mail": "known@contoso.com", "userPrincipalName": "known@contoso.com" });
    get(&server, "/users", list(&[known])).await;
    let directory = open(SignInAt::Microsoft, &server);
    let wanted = Wanted { addresses: vec!["known@contoso.com".to_owned()], ..Wanted::default() };
    let (found, end) = findings(&directory, wanted).await;
    assert_eq!(end, Ok(()));
    let read: Vec<usize> = found
        .iter()
        .filter_map(|finding| if let Finding::Read { accesses, .. } = finding { Some(accesses.len()) } else { None })
        .collect();
    assert_eq!(read, [1]);
    assert!(matches!(found.iter().rev().find(|one| matches!(one, Finding::People(_))), Some(Finding::People(1))));
    assert_eq!(asked(&server).await.iter().filter(|query| query.contains("/users")).count(), 1);
}

#[tokio::test]
async fn what_a_sign_in_may_not_see_is_named() {
    let denied = || graph_error(403, "Authorization_RequestDenied");
    let forbidden = |permission| Err(ApiError::Forbidden { permission });
    let server = server().await;
    let directory = open(SignInAt::Microsoft, &server);
    Mock::given(method("GET")).respond_with(denied()).mount(&server).await;
    assert_eq!(findings(&directory, Wanted::default()).await.1, forbidden(Permission::Apps));
    assert_eq!(directory.organisation("").await.map(drop), forbidden(Permission::People));
    assert_eq!(directory.app("id").await.map(drop), forbidden(Permission::Apps));
    assert_eq!(directory.read(&of(person()), &[].into()).await.map(drop), forbidden(Permission::Accesses));
    assert_eq!(lines(&directory, APP, "2026-11-01T00:00:00Z").await.map(drop), forbidden(Permission::Log));
}

async fn read(target: &Target, own: &[Value], all: &[Value]) -> (Listed, bool) {
    let server = server().await;
    get(&server, &format!("/users/{PERSON}/oauth2PermissionGrants"), list(own)).await;
    get(&server, "/oauth2PermissionGrants", list(all)).await;
    let before = Timestamp::now();
    let apps = [APP.to_owned(), "other".to_owned()].into();
    let read = open(SignInAt::Microsoft, &server).read(target, &apps).await.unwrap();
    assert!(before <= read.began && read.began <= Timestamp::now());
    (read.listed, read.reached)
}

#[tokio::test]
async fn a_read_keeps_a_persons_consents_and_everybodys_apart() {
    let own = |id: &str, app: &str| grant(id, app, Some(PERSON));
    let target = of(person());
    assert_eq!(read(&target, &[own("grant", APP)], &[]).await, (Listed::Yes, true));
    assert_eq!(read(&target, &[own("grant", APP)], &[grant("all", APP, None)]).await, (Listed::Yes, true));
    assert_eq!(read(&target, &[], &[grant("all", APP, None)]).await, (Listed::Covered, true));
    // The app's consent for another resource is another one.
    assert_eq!(read(&target, &[own("second", APP)], &[]).await, (Listed::No, true));
    assert_eq!(read(&target, &[own("x", "other")], &[]).await, (Listed::No, true));
    assert_eq!(read(&target, &[own("x", "slack")], &[]).await, (Listed::No, false));
    // What was not asked for covers nobody.
    assert_eq!(read(&target, &[], &[own("x", APP), grant("x", "slack", None)]).await, (Listed::No, false));

    let everybody = of(Who::Everybody);
    assert_eq!(read(&everybody, &[], &[grant("grant", APP, None)]).await, (Listed::Yes, true));
    assert_eq!(read(&everybody, &[], &[grant("second", APP, None)]).await, (Listed::No, true));
    assert_eq!(read(&everybody, &[], &[]).await, (Listed::No, false));
    // Nothing is gone that is still named, by whatever app.
    assert_eq!(read(&everybody, &[], &[grant("grant", "slack", None)]).await, (Listed::Yes, false));
}

#[tokio::test]
async fn nobody_is_taken_for_gone_on_one_word() {
    let read = async |user: ResponseTemplate| {
        let server = server().await;
        let missing = || graph_error(404, "Request_ResourceNotFound");
        get(&server, &format!("/users/{PERSON}/oauth2PermissionGrants"), missing()).await;
        get(&server, "/oauth2PermissionGrants", list(&[])).await;
        get(&server, &format!("/users/{PERSON}"), user).await;
        open(SignInAt::Microsoft, &server).read(&of(person()), &[].into()).await.map(|read| read.listed)
    };
    assert_eq!(read(graph_error(404, "Request_ResourceNotFound")).await, Ok(Listed::NobodyThere));
    assert_eq!(read(json_of(200, &json!({ "id": PERSON }))).await, Err(ApiError::NoAnswer));
    assert_eq!(read(graph_error(404, "SomethingElse")).await, Err(ApiError::Unreadable));
}

#[tokio::test]
async fn only_microsofts_own_word_says_that_an_app_is_gone() {
    let read = async |all: ResponseTemplate| {
        let server = server().await;
        get(&server, &format!("/users/{PERSON}/oauth2PermissionGrants"), list(&[])).await;
        get(&server, "/oauth2PermissionGrants", all).await;
        open(SignInAt::Microsoft, &server).read(&of(person()), &[].into()).await.map(|read| read.listed)
    };
    assert_eq!(read(graph_error(404, "Request_ResourceNotFound")).await, Ok(Listed::No));
    let foreign = [
        graph_error(404, "ResourceNotFound"),
        graph_error(404, "itemNotFound"),
        ResponseTemplate::new(404).set_body_string("<html>Not Found</html>"),
        json_of(404, &json!({ "value": [] })),
        json_of(200, &json!({ "login": "captive portal" })),
        json_of(200, &json!({})),
    ];
    for foreign in foreign {
        assert_eq!(read(foreign).await, Err(ApiError::Unreadable));
    }
}

#[tokio::test]
async fn a_consent_is_deleted_by_its_own_id_only() {
    let server = server().await;
    let delete = |id: &str| Mock::given(method("DELETE")).and(path(format!("/oauth2PermissionGrants/{id}")));
    delete("grant").respond_with(ResponseTemplate::new(204)).up_to_n_times(1).mount(&server).await;
    delete("grant").respond_with(graph_error(404, "Request_ResourceNotFound")).mount(&server).await;
    let directory = open(SignInAt::Microsoft, &server);
    assert_eq!(directory.delete(&of(person())).await, Ok(DeleteAnswer::Deleted));
    assert_eq!(directory.delete(&of(person())).await, Ok(DeleteAnswer::AlreadyGone));
    let nameless = Target { grant: None, ..of(person()) };
    assert_eq!(directory.delete(&nameless).await, Err(ApiError::Unreadable));
    assert_eq!(asked(&server).await.len(), 2);
}

#[tokio::test]
async fn somebody_is_looked_up_by_address() {
    let server = server().await;
    let hubspot = json!({ "id": APP, "appId": "app", "displayName": "HubSpot Sales" });
    get(&server, "/servicePrincipals", list(&[hubspot])).await;
    let known = json!({ "id": PERSON, "mail": "hanako@contoso.com" });
    let by_address = |answer: ResponseTemplate| Mock::given(path("/users")).respond_with(answer);
    by_address(list(&[known])).up_to_n_times(1).mount(&server).await;
    by_address(list(&[])).mount(&server).await;
    let own = [grant("g1", APP, Some(PERSON)), grant("g2", "slack", Some(PERSON))];
    get(&server, &format!("/users/{PERSON}/oauth2PermissionGrants"), list(&own)).await;
    get(&server, "/oauth2PermissionGrants", list(&[grant("all", APP, None), grant("x", "slack", None)])).await;
    let directory = open(SignInAt::Microsoft, &server);
    let found = directory.look_up("hanako@contoso.com", &Wanted::default()).await.unwrap();
    let [Finding::App(app), Finding::Everybody { access, .. }, Finding::Read { person, accesses, .. }] =
        found.as_slice()
    else {
        panic!("{found:?}")
    };
    assert_eq!((app.likeness, app.verified), (Likeness::LookAlike, Some(false)));
    assert_eq!((access.grant.as_deref(), person.id.as_str()), (Some("all"), PERSON));
    assert_eq!(
        (accesses.len(), accesses[0].scopes.as_slice()),
        (1, ["Mail.Read", "openid"].map(str::to_owned).as_slice())
    );
    let nobody = directory.look_up("nobody@example.com", &Wanted::default()).await;
    assert_eq!(nobody.unwrap_err(), ApiError::NobodyThere);
}

fn property(name: &str, old: Option<&str>, new: Option<&str>) -> Value {
    json!({ "displayName": name, "oldValue": old, "newValue": new })
}

fn audit(activity: &str, targets: Value) -> Value {
    let by = json!({ "user": { "id": "giver", "userPrincipalName": "giver@contoso.com" }, "app": null });
    json!({ "activityDateTime": "2026-11-25T10:00:00.1234567Z", "activityDisplayName": activity, "result": "success",
        "initiatedBy": by, "targetResources": targets })
}

/// A line about the app as the first of its modified values says.
fn about(activity: &str, more: Vec<Value>) -> Value {
    let object = property("ServicePrincipal.ObjectID", None, Some(&format!("\"{APP}\"")));
    let properties: Vec<Value> = [object].into_iter().chain(more).collect();
    audit(activity, json!([{ "id": "resource", "type": "ServicePrincipal", "modifiedProperties": properties }]))
}

async fn line_of(audit: Value) -> Option<(LogWhat, Option<String>, Option<String>)> {
    let server = server().await;
    let log = list(&[audit]).insert_header("Date", "Wed, 25 Nov 2026 10:00:01 GMT");
    get(&server, "/auditLogs/directoryAudits", log).await;
    let found = lines(&open(SignInAt::Microsoft, &server), APP, "2026-01-01T00:00:00Z").await.unwrap();
    assert!(found.len() <= 1);
    found.into_iter().next().map(|line| (line.what, line.person, line.address))
}

const ADD: &str = "Add delegated permission grant";
const REMOVE: &str = "Remove delegated permission grant";
const CONSENT: &str = "Consent to application";

#[tokio::test]
async fn the_log_tells_whose_consent_it_was_where_it_can_be_told() {
    let given_by_oneself = Some((LogWhat::Consented, Some("giver".to_owned()), Some("giver@contoso.com".to_owned())));
    let anybodys = |what| Some((what, None, None));
    let persons = |what, id: &str| Some((what, Some(id.to_owned()), None));
    let principal = |id: &str| property("DelegatedPermissionGrant.PrincipalId", Some(&format!("\"{id}\"")), None);
    let kind = |kind: &str| property("DelegatedPermissionGrant.ConsentType", None, Some(&format!("\"{kind}\"")));

    assert_eq!(line_of(about(ADD, vec![kind("Principal")])).await, given_by_oneself);
    assert_eq!(line_of(about(ADD, vec![])).await, given_by_oneself);
    assert_eq!(line_of(about(ADD, vec![kind("AllPrincipals")])).await, anybodys(LogWhat::Consented));
    assert_eq!(line_of(about(ADD, vec![principal("p")])).await, persons(LogWhat::Consented, "p"));
    assert_eq!(line_of(about(REMOVE, vec![principal("p")])).await, persons(LogWhat::Removed, "p"));
    // Whoever takes consents away is not the one who gave them.
    assert_eq!(line_of(about(REMOVE, vec![kind("Principal")])).await, anybodys(LogWhat::Removed));

    let user = json!({ "id": "p", "type": "User", "userPrincipalName": "p@contoso.com" });
    let app = json!({ "id": APP, "type": "ServicePrincipal", "modifiedProperties": null });
    let with_user = Some((LogWhat::Consented, Some("p".to_owned()), Some("p@contoso.com".to_owned())));
    assert_eq!(line_of(audit(CONSENT, json!([app, user]))).await, with_user);
    assert_eq!(line_of(audit(CONSENT, json!([app]))).await, given_by_oneself);
    let upper = json!({ "id": APP.to_uppercase() });
    assert_eq!(line_of(audit(CONSENT, json!([upper]))).await, given_by_oneself);
    let plain = json!({ "id": "resource", "modifiedProperties": [property("AnyName", Some(APP), None)] });
    assert_eq!(line_of(audit(ADD, json!([plain]))).await, given_by_oneself);
    let nobody = json!({ "activityDateTime": "2026-11-25T10:00:00Z", "activityDisplayName": CONSENT, "targetResources": [upper] });
    assert_eq!(line_of(nobody).await, anybodys(LogWhat::Consented));

    let permissions = |text: &str| {
        let text = property("ConsentAction.Permissions", None, Some(&json!(text).to_string()));
        audit(CONSENT, json!([{ "id": APP, "modifiedProperties": [text] }]))
    };
    let one = "[] => [[Id: x, PrincipalId: p, ConsentType: Principal, Scope:  a b]]; ";
    assert_eq!(line_of(permissions(one)).await, persons(LogWhat::Consented, "p"));
    let before = "[[Id: x, PrincipalId: q]] => [[Id: x, PrincipalId: p], [Id: y, PrincipalId: p]]; ";
    assert_eq!(line_of(permissions(before)).await, persons(LogWhat::Consented, "p"));
    let two = "[] => [[Id: x, PrincipalId: p], [Id: y, PrincipalId: q]]; ";
    assert_eq!(line_of(permissions(two)).await, given_by_oneself);
}

#[tokio::test]
async fn what_is_no_consent_and_no_removal_is_left_out() {
    assert_eq!(line_of(audit(ADD, json!([{ "id": "another" }]))).await, None);
    assert_eq!(line_of(audit("Add service principal", json!([{ "id": APP }]))).await, None);
    assert_eq!(line_of(audit(ADD, json!([]))).await, None);
    let mut failed = about(REMOVE, vec![]);
    failed["result"] = json!("failure");
    assert_eq!(line_of(failed).await, None);
    let scope = |new| vec![property("DelegatedPermissionGrant.Scope", Some("\" a\""), new)];
    assert_eq!(line_of(about(REMOVE, scope(Some("\" a b\"")))).await, None);
    assert_eq!(line_of(about(REMOVE, scope(None))).await, Some((LogWhat::Removed, None, None)));
    assert_eq!(line_of(about(REMOVE, scope(Some("\"\"")))).await, Some((LogWhat::Removed, None, None)));
}

#[tokio::test]
async fn a_log_without_a_time_is_not_read() {
    let server = server().await;
    get(&server, "/auditLogs/directoryAudits", list(&[json!({ "activityDisplayName": ADD })])).await;
    let read = lines(&open(SignInAt::Microsoft, &server), APP, "2026-01-01T00:00:00Z").await;
    assert_eq!(read.unwrap_err(), ApiError::Unreadable);
    let query = &asked(&server).await[0];
    // Its clock is not known yet, so a day is added.
    assert!(query.contains("activityDateTime ge 2025-12-31T00:00:00Z and ("), "{query}");
}
