//! An administrator who is signed in: the browser, the keyring, and tokens that are fetched anew.

use crate::place::{Place, as_specified, google_variables, has};
use secrecy::ExposeSecret as _;
use std::ffi::OsString;
use std::io::Write as _;
use std::process::Stdio;
use uncouple_desk::{Desk, Keyring, Person, SignIn};
use uncouple_domain::{
    Address, Ctx, IntentionId, NewSignIn, OrganisationId, Permission, Scope, SecretId, Suite, Workspace,
};
use uncouple_engine::ports::Store as _;
use uncouple_store::SqliteStore;
use uncouple_testkit::directory::{GoogleApp, GoogleOrg, Route};
use uuid::Uuid;

const SERVICE: &str = "dev.uncouple.desktop";

const HUBSPOT: &str = GoogleApp::HUBSPOT.client_id;

/// A place at which the organisation's administrator is signed in, with a refresh token that its own server takes.
async fn signed_in(org: &GoogleOrg, desk: &Desk) -> Place {
    let place = Place::at(desk, google_variables(org));
    place.unhurried().await;
    let (secret, intention) = (SecretId(Uuid::now_v7()), IntentionId(Uuid::now_v7()));
    let new = NewSignIn {
        organisation: OrganisationId(Uuid::now_v7()),
        intention,
        forget: IntentionId(Uuid::now_v7()),
        suite: Suite::Google,
        key: org.state().customer_id().to_owned(),
        name: "example.com".to_owned(),
        account: Address::parse(&org.state().address(0)).unwrap(),
        subject: org.state().id(0),
        read_only: false,
        permissions: [Permission::People, Permission::Accesses, Permission::Apps, Permission::Revoke, Permission::Log]
            .into(),
        secret,
        this_run_only: false,
    };
    let store = SqliteStore::open(&place.workspace()).await.unwrap();
    let snapshot = store.read_whole().await.unwrap();
    let actor = *snapshot.workspace.members.keys().next().unwrap();
    // The program has run here before, and would use no sign-in of another device.
    let device = *snapshot.workspace.devices.keys().next().unwrap();
    let ctx = Ctx { actor, now: jiff::Timestamp::now(), device };
    let sign_in = move |workspace: &mut Workspace| {
        workspace.intend_keep(&ctx, intention, secret);
        workspace.sign_in_administrator(&ctx, new).map(drop)
    };
    store.transact(&Scope::Everything, Box::new(sign_in)).await.unwrap();
    store.close().await;
    // As a sign-in with these variables leaves it: with the hosts that may see it.
    let origin = |url: &str| url::Url::parse(url).unwrap().origin().ascii_serialization();
    let hosts = serde_json::json!({
        "issuer": "https://accounts.google.com",
        "token": origin(&org.token_url()),
        "revoke": "https://oauth2.googleapis.com",
        "api": origin(&org.url()),
    });
    let about = serde_json::json!({ "at": "google", "hosts": hosts, "owner": null });
    keep(desk, secret, &format!("uncouple-token/1\n{about}\n{}", org.sign_in().refresh_token().expose_secret()));
    place
}

/// Puts an entry into the keyring, where the program looks for it.
fn keep(desk: &Desk, secret: SecretId, token: &str) {
    let mut command = desk.command("secret-tool");
    command.args(["store", "--label", "Uncouple", "service", SERVICE, "username", &secret.to_string()]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(token.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

/// A place whose administrators sign in at a server of the tests', which runs for as long as it is held.
async fn at_a_sign_in_server(desk: &Desk, org: &GoogleOrg) -> (SignIn, Place) {
    let server = SignIn::start().unwrap();
    server.behave("google", "access", org.sign_in().access_token().expose_secret()).await.unwrap();
    let mut variables: Vec<(String, OsString)> =
        server.variables().into_iter().map(|(name, value)| (name, value.into())).collect();
    variables.push(("UNCOUPLE_GOOGLE_API_URL".to_owned(), org.url().into()));
    let place = Place::at(desk, variables);
    (server, place)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_signs_in_in_the_browser_and_out_without_a_trace() {
    let org = GoogleOrg::with(10).without_quota().start().await;
    let desk = Desk::new(Keyring::Unlocked).unwrap();
    let (server, place) = at_a_sign_in_server(&desk, &org).await;

    let running = place.start(&["sign-in", "google", "--json"]);
    let page = desk.wait_opened(1).await.unwrap();
    Person::new(&org.state().address(0)).unwrap().agrees(&page).await.unwrap();
    let signed = running.done().await.ended(0).json();
    assert_eq!(signed["organisation"]["sign_in"]["account"], org.state().address(0));
    assert_eq!(signed["organisation"]["sign_in"]["missing"], serde_json::json!([]));
    assert!(desk.secret(&[("service", SERVICE)]).is_some());

    place.run(&["find"]).await.ended(0);
    place.run(&["apps", "choose", HUBSPOT]).await.ended(0);
    let id = place.plan_all().await;
    place.run(&["run", &id, "--yes"]).await.ended(0);
    assert_eq!(org.state().remaining(HUBSPOT), 0);
    let status = place.run(&["status"]).await.ended(0);
    assert!(status.out.contains("revoke an app’s access"), "what is granted is named: {}", status.out);

    place.run(&["sign-out"]).await.ended(0);
    assert_eq!(desk.secret(&[("service", SERVICE)]), None);
    assert_eq!(place.run(&["find"]).await.ended(1).code(), "not_signed_in");
    for token in server.tokens().await.unwrap() {
        assert!(!has(&place.path("."), &token), "a token is in a file");
    }
    as_specified(org.specs_checked(), &org.violations());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_is_declined_or_that_nobody_can_keep_leaves_nothing() {
    let mut desk = Desk::new(Keyring::Unlocked).unwrap();
    let org = GoogleOrg::with(2).without_quota().start().await;
    let server = SignIn::start().unwrap();
    server.behave("google", "access", org.sign_in().access_token().expose_secret()).await.unwrap();
    let mut variables: Vec<(String, OsString)> =
        server.variables().into_iter().map(|(name, value)| (name, value.into())).collect();
    variables.push(("UNCOUPLE_GOOGLE_API_URL".to_owned(), org.url().into()));
    let place = Place::at(&desk, variables);
    let person = Person::new(&org.state().address(0)).unwrap();

    let running = place.start(&["sign-in", "google"]);
    person.refuses(&desk.wait_opened(1).await.unwrap()).await.unwrap();
    assert_eq!(running.done().await.ended(1).code(), "sign_in_declined");

    desk.set_keyring(Keyring::None).unwrap();
    let running = place.start(&["sign-in", "google", "--read-only"]);
    person.agrees(&desk.wait_opened(2).await.unwrap()).await.unwrap();
    assert_eq!(running.done().await.ended(1).code(), "keyring_absent");
    let status = place.run(&["status", "--json"]).await.ended(0).json();
    assert_eq!(status["organisations"], serde_json::json!([]));

    desk.set_keyring(Keyring::Unlocked).unwrap();
    assert_eq!(desk.secret(&[("service", SERVICE)]), None);
    let running = place.start(&["sign-in", "google", "--read-only", "--json"]);
    person.agrees(&desk.wait_opened(3).await.unwrap()).await.unwrap();
    let signed = running.done().await.ended(0).json();
    assert!(signed["organisation"]["sign_in"]["missing"].as_array().unwrap().contains(&"revoke".into()));
    let refused = place.run(&["plan", "--all"]).await.ended(1);
    assert_eq!(refused.code(), "not_permitted");
    assert!(refused.err.contains("see which apps have access"), "what is missing is named: {}", refused.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_that_end_in_the_middle_are_fetched_anew_from_the_keyrings() {
    let org = GoogleOrg::with(200).without_quota().start().await;
    let desk = Desk::new(Keyring::Unlocked).unwrap();
    let place = signed_in(&org, &desk).await;
    place.run(&["find"]).await.ended(0);
    place.run(&["apps", "choose", HUBSPOT]).await.ended(0);
    let id = place.plan_all().await;
    // Many more than go at once, or a call could come too late for a token that was just fetched for it.
    org.sign_in().calls_each(80);
    let before = org.seen().count(Route::Refresh);
    let run = place.run(&["run", &id, "--yes", "--json"]).await.ended(0).json();
    assert_eq!(run["run"]["counts"]["proven"], 200);
    assert!(org.seen().count(Route::Refresh) > before + 2, "more than one was needed");
    assert!(org.state().touched().iter().all(|(_, _, deletes)| deletes.took_effect == 1));
    let refresh = org.sign_in().refresh_token().expose_secret().to_owned();
    assert!(!has(&place.path("."), &refresh) && !has(&place.path("."), "fixture-access-token"));
    as_specified(org.specs_checked(), &org.violations());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_is_withdrawn_pauses_with_four_until_somebody_signs_in_again() {
    let org = GoogleOrg::with(60).without_quota().start().await;
    let mut desk = Desk::new(Keyring::Unlocked).unwrap();
    let place = signed_in(&org, &desk).await;
    place.run(&["find"]).await.ended(0);
    place.run(&["apps", "choose", HUBSPOT]).await.ended(0);
    let id = place.plan_all().await;
    // The token that the next command fetches is good for so many calls, and then there is no other.
    org.sign_in().calls_each(40);
    let mut running = place.start(&["run", &id, "--yes", "--json"]);
    while org.seen().count(Route::DeleteToken) == 0 {
        assert!(!running.is_over());
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    org.sign_in().refuse_refresh(true);
    let paused = running.done().await.ended(4).json();
    assert_eq!(paused["paused"], "sign_in");
    let status = place.run(&["status", "--json"]).await.ended(0).json();
    assert!(status["organisations"][0]["sign_in"]["refused_since"].is_string());
    org.sign_in().refuse_refresh(false);
    org.sign_in().calls_each(None);

    desk.set_keyring(Keyring::None).unwrap();
    let without = place.run(&["run", &id, "--yes", "--json"]).await.ended(4).json();
    assert_eq!(without["paused"], "keyring");
    desk.set_keyring(Keyring::Unlocked).unwrap();
    let run = place.run(&["run", &id, "--yes", "--json"]).await.ended(0).json();
    assert_eq!(run["run"]["counts"]["proven"], 60);
    org.state().assert_only_deleted(&[HUBSPOT]);
    as_specified(org.specs_checked(), &org.violations());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_browser_the_address_is_printed_and_the_sign_in_waits() {
    let org = GoogleOrg::with(3).without_quota().start().await;
    let desk = Desk::new(Keyring::Unlocked).unwrap();
    let (_server, place) = at_a_sign_in_server(&desk, &org).await;
    let person = Person::new(&org.state().address(0)).unwrap();
    for (args, broken) in [
        (&["sign-in", "google", "--no-browser"][..], false),
        (&["sign-in", "google"], true),
        (&["sign-in", "google", "--json"], true),
    ] {
        desk.break_browser(broken).unwrap();
        let mut running = place.start(args);
        let page = loop {
            assert!(!running.is_over(), "{args:?} {}", running.said());
            let said = running.said();
            let address =
                said.split(['"', '\n', ' ']).find(|word| word.contains("redirect_uri=") && word.starts_with("http"));
            // The whole line has to be there.
            if let Some(address) = address.filter(|_| said.ends_with('\n')) {
                assert!(said.contains("port"), "{said}");
                break address.to_owned();
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        };
        person.agrees(&page).await.unwrap();
        running.done().await.ended(0);
    }
    assert!(desk.opened().is_empty(), "no browser was started");
}
