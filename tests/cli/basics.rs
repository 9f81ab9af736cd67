//! Each command once, in words and as a document; and what a script must be able to rely on.

use crate::place::{Place, as_specified, has, program, searched_google};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use std::io::Read as _;
use std::process::Stdio;
use uncouple_testkit::directory::{GoogleApp, GoogleOrg, Route};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_from_a_token_to_the_proof() {
    let org = GoogleOrg::with(40).without_quota().start().await;
    let place = Place::google(&org);
    let status = place.run(&["status", "--json"]).await.ended(0).json();
    assert_eq!(status["format"], "uncouple-cli-status/1");
    assert_eq!(status["organisations"], serde_json::json!([]));

    let found = place.run(&["--json", "find"]).await.ended(0).json();
    assert_eq!(found["format"], "uncouple-cli-find/1");
    assert_eq!(found["organisation"]["name"], "example.com");
    assert_eq!(found["organisation"]["searched"]["people"], 40);
    let accesses = found["accesses"].as_array().unwrap();
    assert_eq!(found["total"], accesses.len());
    let of = |key: &str| accesses.iter().filter(|access| access["app_key"] == key).count();
    assert_eq!(of(GoogleApp::HUBSPOT.client_id), 40);
    assert_eq!(of(GoogleApp::SLACK.client_id), 0, "other apps are none of our business");
    assert_eq!(accesses[0]["person"]["address"], org.state().address(0));

    let early = place.run(&["plan", "--all"]).await.ended(1);
    assert_eq!(early.code(), "no_app_chosen");
    let apps = place.run(&["apps", "--json"]).await.ended(0).json();
    assert!(apps["apps"].as_array().unwrap().iter().any(|app| app["likeness"] == "look_alike"));
    let chosen = place.run(&["--json", "apps", "choose", GoogleApp::HUBSPOT.client_id]).await.ended(0).json();
    assert_eq!(chosen["apps"][0]["chosen"], true);

    let plan = place.run(&["--json", "plan", "--all"]).await.ended(0).json();
    assert_eq!((&plan["plan"]["counts"]["planned"], &plan["plan"]["partial"]), (&40.into(), &false.into()));
    assert_eq!(plan["items"].as_array().unwrap().len(), 40);
    assert_eq!(plan["refused"], serde_json::json!([]));
    assert!(plan["plan"]["reaches"].as_array().unwrap().iter().any(|reach| reach == "mail"));
    let id = plan["plan"]["id"].as_str().unwrap();
    assert_eq!(org.seen().count(Route::DeleteToken), 0, "a plan sends nothing");

    let unconfirmed = place.run(&["run", id]).await.ended(3);
    assert_eq!(unconfirmed.code(), "not_confirmed");
    assert_eq!(org.seen().count(Route::DeleteToken), 0);

    let run = place.run(&["run", id, "--yes", "--json"]).await.ended(0).json();
    assert_eq!((&run["proven"], &run["run"]["counts"]["proven"]), (&true.into(), &40.into()));
    assert_eq!(org.state().remaining(GoogleApp::HUBSPOT.client_id), 0);
    org.state().assert_only_deleted(&[GoogleApp::HUBSPOT.client_id]);

    let runs = place.run(&["runs", "--json"]).await.ended(0).json();
    assert_eq!(runs["runs"][0]["state"], "ended");
    place.run(&["verify", id]).await.ended(0);
    as_specified(org.specs_checked(), &org.violations());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn text_is_for_people_and_names_what_comes_next() {
    let org = GoogleOrg::with(12).without_quota().start().await;
    let place = searched_google(&org).await;
    let found = place.run(&["find", "--text", "person00003", "--no-search"]).await.ended(0);
    assert!(found.out.contains("example.com: the lists of 12 people were read"), "{}", found.out);
    assert_eq!(found.out.lines().filter(|line| line.starts_with("person")).count(), 2, "{}", found.out);
    let plan = place.run(&["plan", "--person", &org.state().address(3)]).await.ended(0);
    let next = plan.out.lines().last().unwrap().rsplit_once(": ").unwrap().1.to_owned();
    let id = next.strip_prefix("uncouple-cli run ").unwrap();
    let run = place.run(&["run", id, "-y"]).await.ended(0);
    assert!(run.out.starts_with("1 of 1 proven removed\n"), "{}", run.out);
    assert_eq!(org.state().remaining(GoogleApp::HUBSPOT.client_id), 11);
    let again = place.run(&["run", id]).await.ended(0);
    assert!(again.out.starts_with("1 of 1 proven removed\n"), "nothing is asked where nothing is to be done");
    assert_eq!(org.seen().count(Route::DeleteToken), 1);
    place.run(&["find"]).await.ended(0);
    let status = place.run(&["status"]).await.ended(0);
    assert!(status.out.contains("Apps marked as HubSpot’s: HubSpot; 11 grants known"), "{}", status.out);
    as_specified(org.specs_checked(), &org.violations());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reports_are_written_once_each_and_a_file_is_never_replaced() {
    let org = GoogleOrg::with(3).without_quota().start().await;
    let place = searched_google(&org).await;
    let id = place.plan_all().await;
    place.run(&["run", &id, "--yes"]).await.ended(0);
    for format in ["page", "csv", "json"] {
        let told = place.run(&["report", &id, "--format", format, "--to", format, "--json"]).await.ended(0).json();
        let text = std::fs::read_to_string(place.path(format)).unwrap();
        let head = told["report"]["head"].as_str().unwrap();
        assert!(text.contains(&org.state().address(2)), "{text}");
        // A table has rows and nothing else; the hash is beside it.
        let beside = std::fs::read_to_string(place.path("csv.about.json")).unwrap_or_default();
        assert!(if format == "csv" { beside.contains(head) } else { text.contains(head) }, "{text}");
    }
    let json: Value = serde_json::from_str(&std::fs::read_to_string(place.path("json")).unwrap()).unwrap();
    assert_eq!(json["rows"].as_array().unwrap().len(), 3);
    let twice = place.run(&["report", &id, "--format", "csv", "--to", "csv"]).await.ended(1);
    assert_eq!(twice.code(), "export_exists");
    let nowhere = place.run(&["report", &id, "--format", "csv", "--to", "no/such/folder"]).await.ended(1);
    assert_eq!(nowhere.code(), "export_failed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_usage_is_three_and_says_what_is_wrong() {
    let place = Place::new();
    let unknown = "0199a0a0-0000-7000-8000-000000000000";
    for (args, status, code) in [
        (&["nonsense"][..], 3, "bad_usage"),
        (&[], 3, "bad_usage"),
        (&["plan"], 3, "bad_usage"),
        (&["run", "nonsense"], 3, "bad_usage"),
        (&["find", "--unused", "many"], 3, "bad_usage"),
        (&["find", "--unused", "9999"], 3, "bad_usage"),
        (&["status", "--token-fd", "1", "--suite", "microsoft"], 3, "bad_usage"),
        (&["status", "--token-fd", "77", "--suite", "microsoft"], 3, "token_unreadable"),
        (&["status", "--suite", "microsoft"], 3, "bad_usage"),
        (&["run", unknown], 3, "unknown_run"),
        (&["report", unknown, "--format", "csv", "--to", "x"], 3, "unknown_run"),
        (&["find"], 1, "no_organisation"),
        (&["sign-in", "google"], 1, "sign_in_no_app"),
        (&["status", "--workspace", "."], 1, "store_not_a_file"),
    ] {
        let text = place.run(args).await.ended(status);
        assert_eq!((text.code().as_str(), text.out.as_str()), (code, ""), "{args:?}");
        assert_eq!(text.err.lines().count(), 1, "an error is one line: {}", text.err);
        let json = place.run(&[args, &["--json"]].concat()).await.ended(status);
        assert_eq!((json.code().as_str(), json.out.as_str()), (code, ""), "{args:?}");
    }
    for args in [&["--help"][..], &["--version"], &["run", "--help"], &["help"], &["help", "run"]] {
        let help = place.run(args).await.ended(0);
        assert!(!help.out.is_empty() && help.err.is_empty());
    }
    let help = place.run(&["--help"]).await;
    assert!(help.out.contains("2  items are left"), "the exit statuses are in the help");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_goes_away_ends_a_list_quietly_and_a_full_disk_does_not() {
    let org = GoogleOrg::with(3_000).without_quota().start().await;
    let place = searched_google(&org).await;
    let mut command = place.command(&["find", "--no-search"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = [0; 64];
    child.stdout.as_mut().unwrap().read_exact(&mut line).unwrap();
    drop(child.stdout.take());
    let ended = tokio::task::spawn_blocking(move || child.wait_with_output()).await.unwrap().unwrap();
    assert_eq!((ended.status.code(), String::from_utf8(ended.stderr).unwrap().as_str()), (Some(0), ""));

    let mut command = place.command(&["find", "--no-search"]);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let ended = command.stdout(full).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8(ended.stderr).unwrap().starts_with("uncouple-cli: output_failed: "));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_was_handed_over_stands_nowhere() {
    let org = GoogleOrg::with(60).without_quota().start().await;
    let mut place = searched_google(&org).await;
    place.set("UNCOUPLE_LOG", "trace");
    let token = org.sign_in().access_token().expose_secret().to_owned();
    let id = place.plan_all().await;
    org.faults().delay(std::time::Duration::from_millis(20));
    let mut running = place.start(&["run", &id, "--yes", "--json"]);
    while org.seen().count(Route::DeleteToken) == 0 {
        assert!(!running.is_over());
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    for (what, own) in [("cmdline", "--token-fd"), ("environ", "UNCOUPLE_GOOGLE_API_URL")] {
        let text = std::fs::read(format!("/proc/{}/{what}", running.id())).unwrap();
        assert!(String::from_utf8_lossy(&text).contains(own), "this is the program's own");
        assert!(!String::from_utf8_lossy(&text).contains(&token), "{what}");
    }
    let descriptor = std::fs::read_link(format!("/proc/{}/fd/3", running.id())).unwrap_or_default();
    assert_ne!(descriptor, place.path("token"), "the descriptor was closed");
    let done = running.done().await.ended(0);
    assert!(done.err.contains("TRACE"), "everything that can be logged was");
    assert!(!done.out.contains(&token) && !done.err.contains(&token));
    std::fs::remove_file(place.path("token")).unwrap();
    assert!(!has(&place.path("."), &token), "neither in the workspace nor anywhere else");
    assert!(has(&place.workspace(), "example.com"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_for_another_organisation_runs_nothing() {
    let org = GoogleOrg::with(5).without_quota().start().await;
    let place = searched_google(&org).await;
    let id = place.plan_all().await;
    let other = uncouple_testkit::directory::GraphOrg::with(3).start().await;
    let mut elsewhere = Place::microsoft(&other);
    elsewhere.set("UNCOUPLE_WORKSPACE", place.workspace());
    for args in [&["run", &id, "--yes"][..], &["verify", &id]] {
        assert_eq!(elsewhere.run(args).await.ended(1).code(), "other_organisation");
    }
    assert_eq!(org.seen().count(Route::DeleteToken), 0);
    let refused = place.run(&["find", "--organisation", "nobody.example"]).await.ended(3);
    assert_eq!(refused.code(), "unknown_organisation");
    place.run(&["find", "--organisation", "Example.com", "--no-search"]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pace_can_be_said_and_set() {
    let place = Place::new();
    let usual = place.run(&["pace", "--json"]).await.ended(0).json();
    assert_eq!(usual["google"], serde_json::json!({ "calls_per_minute": 2400, "connections": 16 }));
    let set = place.run(&["pace", "google", "--calls-per-minute", "600", "--json"]).await.ended(0).json();
    assert_eq!(
        (&set["google"]["calls_per_minute"], &set["microsoft"]["calls_per_minute"]),
        (&600.into(), &9600.into())
    );
    for (option, value, range) in [
        ("--connections", "0", "from 1 to 64"),
        ("--connections", "65", "from 1 to 64"),
        ("--calls-per-minute", "100001", "to 100000"),
    ] {
        let refused = place.run(&["pace", "microsoft", option, value]).await.ended(3);
        assert_eq!(refused.code(), "bad_argument");
        assert!(refused.err.contains(option) && refused.err.contains(range), "{}", refused.err);
    }
    assert_eq!(place.run(&["pace", "--connections", "4"]).await.ended(3).code(), "bad_usage");
    let said = place.run(&["pace"]).await.ended(0);
    assert!(said.out.contains("Google Workspace: at most 600 calls a minute, 16 connections at once"), "{}", said.out);
}

#[test]
fn nothing_of_the_window_is_linked_into_it() {
    let needs = std::process::Command::new("ldd").arg(program()).output().unwrap();
    let needs = String::from_utf8(needs.stdout).unwrap();
    assert!(needs.contains("libc.so"), "{needs}");
    for window in ["gtk", "gdk", "webkit", "javascriptcore", "glib", "soup", "X11"] {
        assert!(!needs.contains(window), "{needs}");
    }
}
