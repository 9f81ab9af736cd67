//! What a person at a terminal meets: their language, names of plans, paths that are mistyped, and hostile names.

use crate::place::{Place, searched_google};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};
use uncouple_testkit::directory::{GoogleApp, GoogleOrg};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_is_said_in_the_persons_language() {
    let org = GoogleOrg::with(3).without_quota().start().await;
    let mut place = searched_google(&org).await;
    let japanese = |text: &str| text.chars().any(|c| ('ぁ'..='ん').contains(&c));
    let english = place.run(&["status"]).await.ended(0);
    assert!(!japanese(&english.out) && english.out.contains("Apps marked as HubSpot’s"), "{}", english.out);
    let asked = place.run(&["--lang", "ja", "status"]).await.ended(0);
    assert!(japanese(&asked.out), "{}", asked.out);
    place.set("LANG", "ja_JP.UTF-8");
    for args in [&["status"][..], &["find", "--no-search"], &["plan", "--all"], &["runs"], &["pace"], &["apps"]] {
        let done = place.run(args).await.ended(0);
        assert!(
            done.out.contains("アクセス権") || done.out.contains("計画") || japanese(&done.out),
            "{args:?} {}",
            done.out
        );
    }
    for args in
        [&["run", "0199a0a0-0000-7000-8000-000000000000"][..], &["--organisation", "x", "find"], &["run", "xyz"]]
    {
        let done = place.run(args).await.ended(3);
        assert!(japanese(&done.err) && done.err.lines().count() == 1, "{args:?} {}", done.err);
    }
    let run = place.run(&["run", "last", "--yes"]).await.ended(0);
    assert!(run.out.starts_with("3件中3件"), "{}", run.out);
    // Scripts ask for the untranslated words so.
    place.set("LC_ALL", "C");
    assert!(!japanese(&place.run(&["status"]).await.ended(0).out));
    assert!(japanese(&place.run(&["--lang=ja", "status"]).await.ended(0).out));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn times_are_the_persons_own_with_their_offset_and_utc_for_programs() {
    let org = GoogleOrg::with(2).without_quota().start().await;
    let mut place = searched_google(&org).await;
    place.plan_all().await;
    place.set("TZ", "Asia/Tokyo");
    for args in [&["status"][..], &["runs"], &["find", "--no-search"]] {
        let text = place.run(args).await.ended(0).out;
        assert!(text.contains(" +09:00") && !text.contains("Z "), "{args:?} {text}");
    }
    let runs = place.run(&["runs", "--json"]).await.ended(0).json();
    assert!(runs["runs"][0]["planned"].as_str().unwrap().ends_with('Z'));
    let plan = place.run(&["plan", "--leaver", &org.state().address(1), "--on", "2999-12-01T18:00"]).await.ended(0);
    assert!(plan.out.contains("2999-12-01 18:00 +09:00"), "{}", plan.out);
    let listed = place.run(&["runs"]).await.ended(0);
    assert!(listed.out.contains("planned for 2999-12-01 18:00"), "{}", listed.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_is_named_by_last_or_the_beginning_of_its_id() {
    let org = GoogleOrg::with(2).without_quota().start().await;
    let place = searched_google(&org).await;
    let first = place.plan_all().await;
    let quiet = place.run(&["-q", "plan", "--all"]).await.ended(0);
    let second = quiet.out.trim();
    assert!(quiet.err.is_empty() && second.len() == 36 && second != first, "{quiet:?}");
    let ids = place.run(&["runs", "--quiet"]).await.ended(0).out;
    assert_eq!(ids.lines().collect::<Vec<_>>(), [second, &first], "newest first");
    let both = place.run(&["cancel", &first[..2]]).await.ended(3);
    assert_eq!(both.code(), "ambiguous_run");
    assert!(both.err.contains(&first) && both.err.contains(second), "{}", both.err);
    assert_eq!(place.run(&["cancel", "fff"]).await.ended(3).code(), "unknown_run");
    let cut = (2..36).find(|cut| !second.starts_with(&first[..*cut])).unwrap();
    place.run(&["cancel", &first[..cut]]).await.ended(0);
    let run = place.run(&["run", "last", "--yes", "-q"]).await.ended(0);
    assert_eq!(run.out.trim(), second);
    assert_eq!(org.state().remaining(GoogleApp::HUBSPOT.client_id), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mistyped_workspace_is_no_workspace() {
    let mut place = Place::new();
    let unknown = "0199a0a0-0000-7000-8000-000000000000";
    for usual in [true, false] {
        for args in [
            &["status"][..],
            &["runs"],
            &["apps"],
            &["find"],
            &["find", "--no-search"],
            &["plan", "--all"],
            &["run", unknown],
            &["verify", unknown],
            &["cancel", "last"],
            &["report", unknown, "--format", "csv", "--to", "-"],
            &["sign-out"],
            &["pace"],
        ] {
            let done = place.run(args).await;
            assert!(!place.workspace().exists() && !place.workspace().parent().unwrap().exists(), "{args:?}");
            if !usual {
                let done = done.ended(3);
                assert_eq!(done.code(), "no_workspace");
                assert!(done.err.contains("typo"), "the path is named: {}", done.err);
            }
        }
        place.set("UNCOUPLE_WORKSPACE", place.path("typo/workspace.db"));
    }
    assert_eq!(place.run(&["pace", "google", "--connections", "3"]).await.ended(3).code(), "no_workspace");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_without_an_app_says_what_to_set_and_opens_nothing() {
    let place = Place::new();
    for (at, variable) in [("google", "UNCOUPLE_GOOGLE_CLIENT_ID"), ("microsoft", "UNCOUPLE_MICROSOFT_CLIENT_ID")] {
        let done = place.run(&["sign-in", at]).await.ended(1);
        assert_eq!(done.code(), "sign_in_no_app");
        assert!(done.err.contains(variable) && done.err.lines().count() == 1, "{}", done.err);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_goes_to_standard_output_and_replaces_a_file_only_by_force() {
    let org = GoogleOrg::with(3).without_quota().start().await;
    let place = searched_google(&org).await;
    place.plan_all().await;
    place.run(&["run", "last", "--yes"]).await.ended(0);
    let piped = place.run(&["report", "last", "--format", "json", "--to", "-"]).await.ended(0);
    assert_eq!(piped.json()["rows"].as_array().unwrap().len(), 3);
    assert!(!place.path("-").exists());
    let file = place.file("report.csv", "somebody's");
    let refused = place.run(&["report", "last", "--format", "csv", "--to", &file]).await.ended(1);
    assert_eq!(
        (refused.code().as_str(), std::fs::read_to_string(&file).unwrap()),
        ("export_exists", "somebody's".to_owned())
    );
    let forced = place.run(&["report", "last", "--format", "csv", "--to", &file, "--force"]).await.ended(0);
    assert!(forced.out.contains(&file) && std::fs::read_to_string(&file).unwrap().contains(&org.state().address(1)));
    assert!(place.path("report.csv.about.json").exists());
    let left: Vec<_> = std::fs::read_dir(place.path(".")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".tmp")), "{left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_can_not_be_read_is_refused_with_its_path_before_anybody_is_asked() {
    let place = Place::new();
    for path in ["missing.csv", "/tmp"] {
        let done = place.run(&["plan", "--list", path]).await.ended(3);
        assert_eq!(done.code(), "list_unreadable");
        assert!(done.err.contains(path), "{}", done.err);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_can_hand_the_token_over() {
    use secrecy::ExposeSecret as _;
    use std::os::fd::OwnedFd;
    let org = GoogleOrg::with(2).without_quota().start().await;
    let place = Place::google(&org);
    let (mut ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    ours.write_all(org.sign_in().access_token().expose_secret().as_bytes()).unwrap();
    drop(ours);
    // Standard input becomes descriptor 4, so that it is not the one that every program has.
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", r#"exec "$@" 4<&0 0</dev/null"#, "sh"]).arg(crate::place::program());
    shell.args(["--token-fd", "4", "--suite", "google", "--admin", &org.state().address(0), "find", "--json"]);
    let plain = place.command(&[]);
    shell.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.stdin(OwnedFd::from(theirs));
    let found = place.start_with(shell).done().await.ended(0).json();
    assert_eq!(found["organisation"]["searched"]["people"], Value::from(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_own_table_is_a_list_without_a_refused_line() {
    let org = GoogleOrg::with(4).without_quota().start().await;
    let place = searched_google(&org).await;
    place.plan_all().await;
    place.run(&["report", "last", "--format", "csv", "--to", "own.csv"]).await.ended(0);
    let again = place.run(&["--json", "plan", "--list", "own.csv", "--strict"]).await.ended(0).json();
    assert_eq!((&again["plan"]["counts"]["planned"], &again["refused_total"]), (&4.into(), &0.into()));
    assert_eq!(again["plan"]["apps"][0]["client_id"], GoogleApp::HUBSPOT.client_id);
    assert_eq!(again["items"][0]["app_key"], GoogleApp::HUBSPOT.client_id);
    assert!(!again["items"][0]["scopes"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_names_who_was_asked_as_whom_and_when() {
    let org = GoogleOrg::with(2).without_quota().start().await;
    let place = searched_google(&org).await;
    place.plan_all().await;
    place.run(&["run", "last", "--yes"]).await.ended(0);
    let report = place.run(&["report", "last", "--format", "json", "--to", "-"]).await.ended(0).json();
    assert_eq!(report["organisation_id"], org.state().customer_id());
    assert_eq!(report["run"]["account"], org.state().address(0));
    let row = &report["rows"][0];
    assert_eq!((&row["seq"], &row["account_gone"], &row["everybody"]), (&1.into(), &false.into(), &false.into()));
    for time in ["deleted", "read"] {
        assert!(row[time].as_str().unwrap().ends_with('Z'), "{time}: {row}");
    }
    place.run(&["report", "last", "--format", "page", "--to", "p.html"]).await.ended(0);
    let page = std::fs::read_to_string(place.path("p.html")).unwrap();
    assert!(page.contains(&org.state().address(0)) && page.contains(org.state().customer_id()), "{page}");
}

/// Answers everything with one status and body.
fn canned(status: u16, body: &Value) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let body = body.to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 16 * 1024]);
            let head = format!(
                "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_in_the_way_is_told_by_its_cause_and_not_by_the_role() {
    let org = GoogleOrg::with(1).without_quota().start().await;
    let error = |code: u16, reason: &str, message: &str| json!({ "error": { "code": code, "message": message, "errors": [{ "domain": "x", "reason": reason, "message": message }] } });
    let off = "Admin SDK API has not been used in project 764086051850 before or it is disabled.";
    for (status, reason, message, wanted, words) in [
        (
            403,
            "accessNotConfigured",
            off,
            "admin_api_off",
            &["764086051850", "Admin SDK API", "accessNotConfigured"][..],
        ),
        (403, "insufficientPermissions", "", "admin_scope_missing", &["tick", "insufficientPermissions"]),
        (400, "domainCannotUseApis", "", "admin_domain_cannot", &["Admin console", "domainCannotUseApis"]),
        (403, "forbidden", "Not Authorized", "admin_forbidden", &["role"]),
    ] {
        let mut place = Place::google(&org);
        place.set("UNCOUPLE_GOOGLE_API_URL", canned(status, &error(status, reason, message)));
        let done = place.run(&["find"]).await.ended(1);
        assert_eq!(done.code(), wanted, "{reason}: {}", done.err);
        assert!(words.iter().all(|word| done.err.contains(word)), "{reason}: {}", done.err);
        assert_eq!(done.err.lines().count(), 1, "{}", done.err);
        let japanese = place.run(&["find", "--lang", "ja"]).await.ended(1);
        assert!(japanese.err.contains("。"), "{}", japanese.err);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_network_it_says_so_within_seconds() {
    let org = GoogleOrg::with(1).without_quota().start().await;
    let mut place = Place::google(&org);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    place.set("UNCOUPLE_GOOGLE_API_URL", format!("http://{closed}"));
    let began = Instant::now();
    let done = place.run(&["find"]).await.ended(4);
    assert_eq!(done.code(), "admin_no_answer");
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    assert!(done.err.contains("trying again"), "{}", done.err);
    let json = place.run(&["find", "--json"]).await.ended(4);
    assert!(json.err.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{}", json.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_token_and_a_mistyped_administrator_are_called_so() {
    let org = GoogleOrg::with(2).without_quota().start().await;
    let place = Place::google(&org);
    let mistyped = place.run(&["find", "--admin", "admni@example.com"]).await.ended(1);
    assert_eq!(mistyped.code(), "admin_nobody_there");
    assert!(mistyped.err.contains("admni@example.com") && mistyped.err.contains("--admin"), "{}", mistyped.err);
    place.hand_over("no-such-token");
    let wrong = place.run(&["find"]).await.ended(4);
    assert_eq!(wrong.code(), "admin_expired");
    assert!(wrong.err.contains("--token-fd") && !wrong.err.contains("Sign in"), "{}", wrong.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_text_reaches_neither_the_terminal_nor_a_document_raw() {
    let org = GoogleOrg::with(2).without_quota().start().await;
    let place = searched_google(&org).await;
    // Control characters are no text of a list at all, and such a file is refused whole.
    let hostile = ['\u{202e}', '\u{200b}', '\u{61c}', '\u{feff}', '\u{e0041}'];
    let text: String = hostile.iter().flat_map(|c| ['x', *c]).collect();
    let list = place.file("list.txt", format!("{}\n{text}@@[2J\n", org.state().address(1)));
    for args in
        [&["plan", "--list", &list][..], &["--json", "plan", "--list", &list], &["find", "--organisation", &text]]
    {
        let done = place.run(args).await;
        for said in [&done.out, &done.err] {
            assert!(!said.contains(hostile), "{args:?} {said:?}");
        }
    }
    let plan = place.run(&["--json", "plan", "--list", &list]).await.ended(0).json();
    let refused = plan["refused"][0]["text"].as_str().unwrap();
    assert!(refused.starts_with('x') && refused.contains("@@"), "named, and not lost: {refused}");
}
