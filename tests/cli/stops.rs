//! Signals, a second process, and how progress is told.

use crate::place::{Place, Running, as_specified, searched_google};
use serde_json::Value;
use std::time::Duration;
use uncouple_testkit::directory::{Fault, GoogleApp, GoogleOrg, On, Route, When};

const HUBSPOT: &str = GoogleApp::HUBSPOT.client_id;

/// Waits until so many requests of a kind have come.
async fn wait_for(org: &GoogleOrg, route: Route, count: u64, running: &mut Running) {
    while org.seen().count(route) < count {
        assert!(!running.is_over(), "it ended before {count} of {route:?} came");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_brings_a_run_to_rest_and_running_it_again_goes_on() {
    let org = GoogleOrg::with(400).without_quota().start().await;
    let place = searched_google(&org).await;
    let id = place.plan_all().await;
    org.faults().delay(Duration::from_millis(50));
    for signal in ["TERM", "INT", "HUP"] {
        // Of this program, and not of the one before: one that has sent nothing may not listen to signals yet, and they
        // would end it.
        let count = org.seen().count(Route::DeleteToken) + 20;
        let mut running = place.start(&["run", &id, "--yes", "--json"]);
        wait_for(&org, Route::DeleteToken, count, &mut running).await;
        running.signal(signal);
        let done = running.done().await.ended(4);
        let told = done.json();
        assert_eq!((&told["paused"], &told["run"]["state"]), (&"by_member".into(), &"paused".into()), "{signal}");
        assert_eq!(told["run"]["counts"]["under_way"], 0, "what was under way came to rest");
        assert!(told["run"]["counts"]["planned"].as_u64().unwrap() > 0);
    }
    org.faults().delay(Duration::ZERO);
    let end = place.run(&["run", &id, "--yes", "--json"]).await.ended(0).json();
    assert_eq!(end["run"]["counts"]["proven"], 400);
    assert!(org.state().touched().iter().all(|(_, _, deletes)| deletes.came == 1));
    org.state().assert_only_deleted(&[HUBSPOT]);
    as_specified(org.specs_checked(), &org.violations());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signal_ends_at_once_what_would_not_come_to_rest() {
    let org = GoogleOrg::with(10).without_quota().start().await;
    let place = searched_google(&org).await;
    let id = place.plan_all().await;
    org.faults().always(Route::DeleteToken, Fault::Hang(When::Before));
    let mut running = place.start(&["run", &id, "--yes"]);
    wait_for(&org, Route::DeleteToken, 1, &mut running).await;
    running.signal("INT");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!running.is_over(), "it waits for the answers that it asked for");
    running.signal("INT");
    let ended = tokio::time::timeout(Duration::from_secs(5), running.done()).await.unwrap().ended(4);
    assert!(ended.err.contains("Press Ctrl-C again to end at once"), "{}", ended.err);
    org.faults().calm();
    place.run(&["run", &id, "--yes"]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_that_is_interrupted_keeps_what_it_found() {
    let org = GoogleOrg::with(2_000).without_quota().start().await;
    let place = Place::google(&org);
    org.faults().delay(Duration::from_millis(10));
    let mut running = place.start(&["find"]);
    wait_for(&org, Route::Tokens, 100, &mut running).await;
    running.signal("TERM");
    assert_eq!(running.done().await.ended(4).code(), "interrupted");
    let known = place.run(&["--json", "find", "--no-search"]).await.ended(2).json();
    assert!(known["total"].as_u64().unwrap() >= 50, "{}", known["total"]);
    assert_eq!(known["organisation"]["searched"]["complete"], false);
    place.run(&["apps", "choose", HUBSPOT]).await.ended(0);
    assert!(place.run(&["plan", "--all"]).await.ended(0).out.contains("may be grants that it lacks"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_process_is_refused_while_one_works_on_the_runs() {
    // Enough to be at it for ten seconds, however slow the second process starts.
    let org = GoogleOrg::with(400).without_quota().start().await;
    let place = searched_google(&org).await;
    let (id, other) = (place.plan_all().await, place.plan_all().await);
    org.faults().delay(Duration::from_millis(200));
    let mut running = place.start(&["run", &id, "--yes"]);
    wait_for(&org, Route::DeleteToken, 5, &mut running).await;
    for args in [&["run", &id, "--yes"][..], &["run", &other, "--yes"], &["cancel", &id]] {
        let refused = place.run(args).await.ended(1);
        assert_eq!(refused.code(), "run_elsewhere", "{args:?}");
    }
    let status = place.run(&["status", "--json"]).await.ended(0).json();
    let run = status["runs"].as_array().unwrap().iter().find(|run| run["id"] == *id).unwrap();
    assert_eq!(run["elsewhere"], true);
    org.faults().delay(Duration::ZERO);
    running.done().await.ended(0);
    assert!(org.state().touched().iter().all(|(_, _, deletes)| deletes.came == 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn progress_is_a_line_now_and_then_and_not_one_for_each_item() {
    let org = GoogleOrg::with(400).without_quota().start().await;
    let place = searched_google(&org).await;
    let id = place.plan_all().await;
    org.faults().delay(Duration::from_millis(60));
    let began = std::time::Instant::now();
    let done = place.run(&["run", &id, "--yes", "--json"]).await.ended(0);
    let seconds = began.elapsed().as_secs() + 1;
    let lines: Vec<Value> = done.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!lines.is_empty() && lines.len() as u64 <= seconds, "{} lines in {seconds} s", lines.len());
    for line in &lines {
        let progress = &line["progress"];
        assert_eq!((&progress["of"], &progress["total"]), (&"run".into(), &400.into()));
        for field in ["done", "rate", "repeated", "waiting", "lagging"] {
            assert!(progress[field].is_number(), "{field}: {line}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_terminal_somebody_is_asked_and_sees_a_bar() {
    let org = GoogleOrg::with(30).without_quota().start().await;
    let place = searched_google(&org).await;
    let id = place.plan_all().await;
    org.faults().delay(Duration::from_millis(150));
    let mut seen = Vec::new();
    for answer in ["n\n", "y\n"] {
        let plain = place.command(&["run", &id]);
        let words: Vec<String> = std::iter::once(plain.get_program())
            .chain(plain.get_args())
            .map(|word| format!("'{}'", word.to_string_lossy().replace('\'', "'\\''")))
            .collect();
        // Gives the program a terminal of its own.
        let mut command = std::process::Command::new("script");
        command.args(["-qec", &words.join(" "), "/dev/null"]);
        command
            .env_clear()
            .envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .env("TERM", "xterm");
        command.stdin(std::fs::File::open(place.file("answer", answer)).unwrap());
        seen.push(place.start_with(command).done().await);
    }
    assert_eq!((seen[0].status, seen[1].status), (Some(1), Some(0)), "{seen:#?}");
    assert!(seen[0].out.contains("Revoke 30 grants? [y/N]"), "{}", seen[0].out);
    assert!(seen[0].out.contains("declined"));
    assert!(seen[1].out.contains(" of 30"), "{}", seen[1].out);
    assert_eq!(org.seen().count(Route::DeleteToken), 30);
    assert_eq!(org.seen().newest_on(On::from(Route::DeleteToken)).len(), 30);
}
