//! What a person at a terminal meets: their language, names of plans, paths that are mistyped, and hostile names.

use crate::place::{Place, searched_google};
use serde_json::Value;
use std::io::Write as _;
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
