use super::{asked, findings, google_error, json_of, lines, open};
use jiff::Timestamp;
use serde_json::{Value, json};
use uncouple_domain::{DeleteAnswer, Listed, Permission};
use uncouple_engine::directory::{
    ApiError, AppSeen, Finding, Likeness, LogWhat, OrganisationFacts, Target, Wanted, Who,
};
use uncouple_engine::ports::SignInAt;
use wiremock::matchers::{method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

const USERS: &str = "/admin/directory/v1/users";
const LOG: &str = "/admin/reports/v1/activity/users/all/applications/token";
const HUBSPOT: &str = "1-hub.apps.googleusercontent.com";

async fn get(server: &MockServer, at: &str, answer: ResponseTemplate) {
    Mock::given(method("GET")).and(path(at)).respond_with(answer).mount(server).await;
}

fn user(id: &str) -> Value {
    json!({ "id": id, "primaryEmail": format!("{id}@example.com"), "aliases": [format!("{id}@example.org")],
        "nonEditableAliases": [format!("{id}@example.net")], "name": { "fullName": "佐藤 花子" }, "suspended": true })
}

fn tokens(apps: &[(&str, &str)]) -> ResponseTemplate {
    let token = |(id, name): &(&str, &str)| json!({ "clientId": id, "displayText": name, "scopes": ["openid"] });
    let items: Vec<Value> = apps.iter().map(token).collect();
    json_of(200, &json!({ "kind": "admin#directory#tokenList", "items": items }))
}

fn missing() -> ResponseTemplate {
    google_error(404, "notFound", "Resource Not Found: userKey")
}

fn forbidden() -> ResponseTemplate {
    google_error(403, "forbidden", "Not Authorized to access this resource/api")
}

fn of(id: &str) -> Target {
    Target { who: Who::Person { id: id.to_owned() }, app: HUBSPOT.to_owned(), grant: None }
}

#[tokio::test]
async fn an_organisation_is_named_by_its_administrators_domain() {
    let server = MockServer::start().await;
    let admin = json!({ "customerId": "C01", "primaryEmail": "admin@example.com" });
    get(&server, &format!("{USERS}/108"), json_of(200, &admin)).await;
    get(&server, &format!("{USERS}/109"), forbidden()).await;
    get(&server, &format!("{USERS}/110"), missing()).await;
    get(&server, &format!("{USERS}/111"), json_of(200, &json!({ "primaryEmail": "admin@example.com" }))).await;
    let directory = open(SignInAt::Google, &server);
    let facts = OrganisationFacts { key: "C01".to_owned(), name: "example.com".to_owned() };
    assert_eq!(directory.organisation("108").await, Ok(facts));
    let forbidden = ApiError::Forbidden { permission: Permission::People };
    assert_eq!(directory.organisation("109").await, Err(forbidden));
    assert_eq!(directory.organisation("110").await, Err(ApiError::NobodyThere));
    assert_eq!(directory.organisation("111").await, Err(ApiError::Unreadable));
}

#[tokio::test]
async fn a_search_tells_of_everybody_and_of_each_app_once() {
    let server = MockServer::start().await;
    let page = |users: Vec<Value>, next: Value| {
        json_of(200, &json!({ "kind": "admin#directory#users", "users": users, "nextPageToken": next }))
    };
    let list = || Mock::given(method("GET")).and(path(USERS)).and(query_param("maxResults", "500"));
    list()
        .and(query_param_is_missing("pageToken"))
        .respond_with(page(vec![user("1"), user("2")], json!("a")))
        .mount(&server)
        .await;
    list().and(query_param("pageToken", "a")).respond_with(page(vec![], json!("b"))).mount(&server).await;
    list().and(query_param("pageToken", "b")).respond_with(page(vec![user("3")], json!(""))).mount(&server).await;
    let slack = ("2-slack", "Slack");
    get(&server, &format!("{USERS}/1/tokens"), tokens(&[(HUBSPOT, "HubSpot"), slack])).await;
    get(&server, &format!("{USERS}/2/tokens"), missing()).await;
    get(&server, &format!("{USERS}/3/tokens"), tokens(&[slack, ("3-chosen", "Ours")])).await;
    let directory = open(SignInAt::Google, &server);
    let before = Timestamp::now();
    let wanted = Wanted { apps: ["3-chosen".to_owned()].into(), ..Wanted::default() };
    let (found, end) = findings(&directory, wanted).await;
    assert_eq!(end, Ok(()));

    let mut apps: Vec<(String, Likeness)> = Vec::new();
    let mut people = Vec::new();
    let mut read = Vec::new();
    for finding in found {
        match finding.clone() {
            Finding::App(app) => apps.push((app.key, app.likeness)),
            Finding::People(known) => people.push(known),
            Finding::Position(_) => {}
            Finding::Read { person, began, accesses, .. } => {
                assert!(before <= began && began <= Timestamp::now());
                assert_eq!((person.name.as_deref(), person.suspended), (Some("佐藤 花子"), true));
                assert_eq!(person.aliases, ["example.org", "example.net"].map(|at| format!("{}@{at}", person.id)));
                read.push((person.id, accesses.into_iter().map(|access| access.app).collect::<Vec<_>>()));
            }
            Finding::Everybody { .. } | Finding::Short { .. } | Finding::Unread { .. } => panic!("{finding:?}"),
        }
    }
    read.sort();
    apps.sort();
    assert_eq!(people, [2, 2, 3]);
    assert_eq!(read, [("1".to_owned(), vec![HUBSPOT.to_owned()]), ("3".to_owned(), vec!["3-chosen".to_owned()])]);
    let named = |key: &str, likeness| (key.to_owned(), likeness);
    let other = [named("2-slack", Likeness::Other), named("3-chosen", Likeness::Other)];
    assert_eq!(apps, [&[named(HUBSPOT, Likeness::Named)][..], &other].concat());
}

async fn search_of(answers: Vec<ResponseTemplate>) -> (usize, usize, Result<(), ApiError>) {
    let server = MockServer::start().await;
    let ids: Vec<String> = (0..answers.len()).map(|id| id.to_string()).collect();
    let users: Vec<Value> = ids.iter().map(|id| user(id)).collect();
    get(&server, USERS, json_of(200, &json!({ "kind": "admin#directory#users", "users": users }))).await;
    for (id, answer) in ids.iter().zip(answers) {
        get(&server, &format!("{USERS}/{id}/tokens"), answer).await;
    }
    let (found, end) = findings(&open(SignInAt::Google, &server), Wanted::default()).await;
    let count = |is: fn(&Finding) -> bool| found.iter().filter(|finding| is(finding)).count();
    let read = count(|finding| matches!(finding, Finding::Read { .. }));
    (read, count(|finding| matches!(finding, Finding::Unread { .. })), end)
}

#[tokio::test]
async fn a_list_that_can_not_be_read_is_told_and_does_not_end_a_search() {
    let wrong = json_of(200, &json!({}));
    assert_eq!(search_of(vec![wrong.clone(), tokens(&[]), wrong]).await, (1, 2, Ok(())));
    let incomplete = google_error(412, "conditionNotMet", "User creation is not complete.");
    assert_eq!(search_of(vec![incomplete, tokens(&[])]).await, (1, 1, Ok(())));
}

#[tokio::test]
async fn some_people_may_be_out_of_reach_but_not_all() {
    let all = Err(ApiError::Forbidden { permission: Permission::Accesses });
    assert_eq!(search_of(vec![forbidden(), tokens(&[]), forbidden()]).await, (1, 2, Ok(())));
    assert_eq!(search_of(vec![forbidden(), forbidden()]).await, (0, 0, all));
    assert_eq!(search_of(vec![forbidden(); 40]).await, (0, 0, all));
}

#[tokio::test]
async fn a_sign_in_that_is_over_ends_a_search() {
    assert_eq!(search_of(vec![ResponseTemplate::new(401), tokens(&[])]).await.2, Err(ApiError::Expired));
    assert_eq!(search_of(vec![ResponseTemplate::new(429); 6]).await.2, Err(ApiError::Limits));
}

#[tokio::test]
async fn a_search_ends_when_nobody_listens() {
    let server = MockServer::start().await;
    // Pages without an end: only the listener can stop it.
    let page = |next: &str| {
        json_of(200, &json!({ "kind": "admin#directory#users", "users": [user("1")], "nextPageToken": next }))
    };
    get(&server, USERS, page("more")).await;
    get(&server, &format!("{USERS}/1/tokens"), tokens(&[])).await;
    let (out, listener) = tokio::sync::mpsc::channel(1);
    drop(listener);
    assert_eq!(open(SignInAt::Google, &server).search(&Wanted::default(), out).await, Ok(()));
}

#[tokio::test]
async fn somebody_is_looked_up_by_address() {
    let server = MockServer::start().await;
    get(&server, &format!("{USERS}/hanako@example.com"), json_of(200, &user("1"))).await;
    get(&server, &format!("{USERS}/1/tokens"), tokens(&[(HUBSPOT, "HubSpot"), ("2-slack", "Slack")])).await;
    get(&server, &format!("{USERS}/nobody@example.com"), missing()).await;
    get(&server, &format!("{USERS}/taro@example.jp"), forbidden()).await;
    let directory = open(SignInAt::Google, &server);
    let found = directory.look_up("hanako@example.com", &Wanted::default()).await.unwrap();
    let [Finding::App(_), Finding::App(_), Finding::Read { person, accesses, .. }] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!((person.id.as_str(), accesses.len(), accesses[0].app.as_str()), ("1", 1, HUBSPOT));
    assert_eq!(accesses[0].scopes, ["openid"]);
    let look_up = async |address: &str| directory.look_up(address, &Wanted::default()).await.unwrap_err();
    assert_eq!(look_up("nobody@example.com").await, ApiError::NobodyThere);

    // Google says the same of other organisations' people and of those whom nobody here may read.
    let refused = Mock::given(method("GET")).and(path(USERS)).respond_with(forbidden()).up_to_n_times(1);
    refused.mount(&server).await;
    assert_eq!(look_up("taro@example.jp").await, ApiError::Forbidden { permission: Permission::People });
    get(&server, USERS, json_of(200, &json!({ "kind": "admin#directory#users" }))).await;
    assert_eq!(look_up("taro@example.jp").await, ApiError::NobodyThere);
}

async fn deleted(answer: ResponseTemplate) -> Result<DeleteAnswer, ApiError> {
    let server = MockServer::start().await;
    let at = format!("{USERS}/7/tokens/{HUBSPOT}");
    Mock::given(method("DELETE")).and(path(at)).respond_with(answer).mount(&server).await;
    open(SignInAt::Google, &server).delete(&of("7")).await
}

#[tokio::test]
async fn already_gone_is_an_answer() {
    for status in [200, 204] {
        assert_eq!(deleted(ResponseTemplate::new(status)).await, Ok(DeleteAnswer::Deleted));
    }
    for (reason, message) in [("notFound", "Resource Not Found: clientId"), ("resourceNotFound", "Resource Not Found")]
    {
        assert_eq!(deleted(google_error(404, reason, message)).await, Ok(DeleteAnswer::AlreadyGone));
    }
    assert_eq!(deleted(missing()).await, Err(ApiError::NobodyThere));
    assert_eq!(deleted(google_error(404, "userNotFound", "Not Found")).await, Err(ApiError::NobodyThere));
    assert_eq!(deleted(forbidden()).await, Err(ApiError::Forbidden { permission: Permission::Revoke }));
    let everybody = Target { who: Who::Everybody, ..of("7") };
    let server = MockServer::start().await;
    let directory = open(SignInAt::Google, &server);
    assert_eq!(directory.delete(&everybody).await, Err(ApiError::Unreadable));
    assert_eq!(directory.read(&everybody, &[].into()).await, Err(ApiError::Unreadable));
    assert!(asked(&server).await.is_empty());
}

#[tokio::test]
async fn a_read_says_what_is_listed_and_what_still_reaches() {
    for (apps, listed, reached, others) in [
        (vec![(HUBSPOT, "HubSpot")], Listed::Yes, true, vec![]),
        (vec![], Listed::No, false, vec![]),
        (vec![("2-slack", "Slack")], Listed::No, false, vec![]),
        // One that only goes by the name was never marked.
        (vec![("2-ads", "HubSpot Ads")], Listed::No, true, vec![]),
        (vec![("3-chosen", "Ours")], Listed::No, true, vec!["3-chosen"]),
        (vec![(HUBSPOT, "HubSpot"), ("3-chosen", "Ours")], Listed::Yes, true, vec!["3-chosen"]),
        // By its id, whatever it is called.
        (vec![(HUBSPOT, "")], Listed::Yes, true, vec![]),
    ] {
        let server = MockServer::start().await;
        get(&server, &format!("{USERS}/7/tokens"), tokens(&apps)).await;
        let before = Timestamp::now();
        let wanted = [HUBSPOT.to_owned(), "3-chosen".to_owned()].into();
        let read = open(SignInAt::Google, &server).read(&of("7"), &wanted).await.unwrap();
        assert!(before <= read.began && read.began <= Timestamp::now());
        assert_eq!((read.listed, read.reached), (listed, reached), "{apps:?}");
        let found: Vec<&str> = read.others.iter().map(|other| other.target.app.as_str()).collect();
        assert_eq!(found, others, "{apps:?}");
        assert!(read.others.iter().all(|other| other.target.who == of("7").who));
    }
}

#[tokio::test]
async fn nobody_is_taken_for_gone_on_one_word() {
    let read = async |user: ResponseTemplate| {
        let server = MockServer::start().await;
        get(&server, &format!("{USERS}/7/tokens"), missing()).await;
        get(&server, &format!("{USERS}/7"), user).await;
        open(SignInAt::Google, &server).read(&of("7"), &[].into()).await.map(|read| read.listed)
    };
    assert_eq!(read(missing()).await, Ok(Listed::NobodyThere));
    assert_eq!(read(json_of(200, &json!({ "id": "7" }))).await, Err(ApiError::NoAnswer));
    assert_eq!(read(forbidden()).await, Err(ApiError::Forbidden { permission: Permission::People }));
    assert_eq!(read(ResponseTemplate::new(404)).await, Err(ApiError::Unreadable));
    // Not Google's own words: they are about another status.
    let other = json_of(404, &json!({ "error": { "code": 502, "message": "Bad gateway" } }));
    assert_eq!(read(other).await, Err(ApiError::Unreadable));
}

fn activity(at: &str, who: Value, event: &str, app: &str, name: &str) -> Value {
    let parameters = json!([{ "name": "client_id", "value": app }, { "name": "app_name", "value": name },
        { "name": "scope", "multiValue": ["openid"] }]);
    json!({ "id": { "time": at }, "actor": who, "events": [{ "type": "auth", "name": event, "parameters": parameters }] })
}

fn activities(items: &[Value]) -> ResponseTemplate {
    json_of(200, &json!({ "kind": "admin#reports#activities", "items": items }))
}

fn hanako() -> Value {
    json!({ "profileId": "7", "email": "hanako@example.com" })
}

#[tokio::test]
async fn the_log_tells_who_when_and_what_of_one_app() {
    let server = MockServer::start().await;
    let nobody = json!({ "profileId": "105250506097979753968" });
    let items = [
        activity("2026-11-25T10:00:03Z", hanako(), "activity", HUBSPOT, "HubSpot"),
        activity("2026-11-25T10:00:02.5+00:00", hanako(), "revoke", HUBSPOT, "HubSpot"),
        activity("2026-11-25T10:00:01Z", nobody, "authorize", HUBSPOT, "HubSpot"),
        activity("2026-11-25T10:00:01Z", hanako(), "authorize", "another", "HubSpot"),
        activity("2026-11-25T10:00:01Z", hanako(), "deny", HUBSPOT, "HubSpot"),
        activity("2026-11-20T10:00:01Z", hanako(), "authorize", HUBSPOT, "HubSpot"),
    ];
    get(&server, LOG, activities(&items).insert_header("Date", "Wed, 25 Nov 2026 10:00:10 GMT")).await;
    let directory = open(SignInAt::Google, &server);
    // Its clock is an hour behind, more or less, as seen from a test that runs at any time.
    let mut found = lines(&directory, HUBSPOT, "2026-01-01T00:00:00Z").await.unwrap();
    found.sort_by_key(|line| std::cmp::Reverse(line.at));
    let told: Vec<_> = found.iter().map(|line| (line.what, line.person.as_deref(), line.address.is_some())).collect();
    assert_eq!(told[0], (LogWhat::Used, Some("7"), true));
    assert_eq!(told[1], (LogWhat::Removed, Some("7"), true));
    assert_eq!(told[2], (LogWhat::Consented, None, false));
    assert_eq!(found.len(), 4);
    // The provider's times, moved by what its clock is off, and the distances between them kept.
    let apart = |one: usize, other: usize| (found[one].at.as_millisecond() - found[other].at.as_millisecond()).abs();
    // Each answer tells anew how far off its clock is.
    assert!((apart(0, 1) - 500).abs() < 50 && (apart(1, 2) - 1500).abs() < 50);
    let now = Timestamp::now().as_millisecond();
    assert!((0..2_500).contains(&(now - found[0].at.as_millisecond() - 7_000 + 1_000)), "{:?}", found[0].at);
    let query = &asked(&server).await[0];
    assert!(query.contains(&format!("filters=client_id=={HUBSPOT}")), "{query}");
    // What is older than was asked for is left out, whatever the provider sends.
    let newest = lines(&directory, HUBSPOT, &(found[1].at + jiff::SignedDuration::from_millis(100)).to_string()).await;
    assert!(newest.unwrap().iter().all(|line| line.what == LogWhat::Used));
}

#[tokio::test]
async fn the_log_keeps_to_its_time_and_to_who_may_read_it() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).and(path(LOG)).respond_with(forbidden()).mount(&server).await;
    let directory = open(SignInAt::Google, &server);
    let forbidden = ApiError::Forbidden { permission: Permission::Log };
    assert_eq!(lines(&directory, "a,b", "2020-01-01T00:00:00Z").await.unwrap_err(), forbidden);
    assert_eq!(directory.app(HUBSPOT).await, Err(forbidden));
    let query = &asked(&server).await[0];
    // A comma would begin another condition.
    assert!(!query.contains("filters"), "{query}");
    let start = query.split("startTime=").nth(1).unwrap().split('&').next().unwrap();
    let start: Timestamp = start.parse().unwrap();
    assert!(start > Timestamp::now() - jiff::SignedDuration::from_hours(180 * 24));

    let server = MockServer::start().await;
    get(
        &server,
        LOG,
        activities(&[
            json!({ "events": [{ "name": "authorize", "parameters": [{ "name": "client_id", "value": HUBSPOT }] }] }),
        ]),
    )
    .await;
    let undated = lines(&open(SignInAt::Google, &server), HUBSPOT, "2020-01-01T00:00:00Z").await;
    assert_eq!(undated.unwrap_err(), ApiError::Unreadable);
}

#[tokio::test]
async fn an_app_is_known_by_what_the_log_calls_it() {
    let server = MockServer::start().await;
    get(&server, LOG, activities(&[activity("2026-11-25T10:00:00Z", hanako(), "activity", HUBSPOT, "HubSpot")])).await;
    let directory = open(SignInAt::Google, &server);
    let key = || HUBSPOT.to_owned();
    let app = AppSeen {
        key: key(),
        client_id: key(),
        name: "HubSpot".to_owned(),
        publisher: None,
        verified: None,
        likeness: Likeness::Named,
    };
    assert_eq!(directory.app(HUBSPOT).await, Ok(Some(app)));
    assert_eq!(directory.app("another").await, Ok(None));
}

#[tokio::test]
async fn with_the_log_alone_consents_count_that_were_not_taken_back() {
    let server = MockServer::start().await;
    let log = |event: &str| Mock::given(method("GET")).and(path(LOG)).and(query_param("eventName", event));
    let who = |id: &str| json!({ "profileId": id, "email": format!("{id}@example.com") });
    let given = |at: &str, id: &str, app: &str, name: &str| activity(at, who(id), "authorize", app, name);
    let consents = [
        given("2026-11-25T10:00:00Z", "1", HUBSPOT, "HubSpot"),
        given("2026-11-25T10:00:00Z", "2", HUBSPOT, "HubSpot"),
        given("2026-11-25T12:00:00Z", "3", HUBSPOT, "HubSpot"),
        given("2026-11-25T10:00:00Z", "4", "slack", "Slack"),
    ];
    let taken = |at: &str, id: &str| activity(at, who(id), "revoke", HUBSPOT, "HubSpot");
    let removals = [taken("2026-11-25T11:00:00Z", "2"), taken("2026-11-25T11:00:00Z", "3")];
    log("authorize").respond_with(activities(&consents)).mount(&server).await;
    log("revoke").respond_with(activities(&removals)).mount(&server).await;
    let directory = open(SignInAt::Google, &server);
    let (found, end) = findings(&directory, Wanted { log_only: true, ..Wanted::default() }).await;
    assert_eq!(end, Ok(()));
    let read: Vec<(String, usize)> = found
        .iter()
        .filter_map(|finding| {
            let Finding::Read { person, accesses, .. } = finding else { return None };
            Some((person.address.clone(), accesses.len()))
        })
        .collect();
    assert_eq!(read, [("1", 1), ("2", 0), ("3", 1)].map(|(id, many)| (format!("{id}@example.com"), many)));
    assert_eq!(found.iter().filter(|finding| matches!(finding, Finding::App(_))).count(), 2);
    assert!(found.iter().any(|finding| matches!(finding, Finding::People(3))));
    assert!(asked(&server).await.iter().all(|query| !query.contains("/directory/")));
}
