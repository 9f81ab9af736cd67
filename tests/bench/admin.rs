//! An administrator's command line against organisations on the loopback address, 50 ms a call.

use std::time::{Duration, Instant};

use crate::place::Place;
use crate::window::at;
use anyhow::{Context as _, Result};
use uncouple_testkit::directory::{GoogleApp, GoogleOrg, GraphApp, GraphOrg, Route};

const CALL: Duration = Duration::from_millis(50);
const PEOPLE: usize = 1_000;
/// The list, the deletion, and the read that proves it.
const CALLS_EACH: usize = 3;
const SINGLE: usize = 20;
/// Of what is over in seconds.
const ROUNDS: usize = 5;

/// Seconds of a command, and its most memory in MiB.
async fn timed(place: &Place, args: &[&str]) -> (f64, f64) {
    let start = Instant::now();
    let mut running = place.start(args);
    let mut most = 0;
    while !running.is_over() {
        most = running.peak().unwrap_or(0).max(most);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let took = start.elapsed().as_secs_f64();
    let done = running.done().await;
    assert_eq!(done.status, Some(0), "{done:?}");
    #[expect(clippy::cast_precision_loss, reason = "a figure to read")]
    let mebibytes = most as f64 / 1024.0;
    (took, mebibytes)
}

#[expect(clippy::cast_precision_loss, reason = "figures to read")]
async fn thousand(name: &str, org: &GoogleOrg, pace: [&str; 2], least: f64) -> Result<()> {
    let place = Place::google(org);
    let [a_minute, connections] = pace;
    let pace = ["pace", "google", "--calls-per-minute", a_minute, "--connections", connections];
    place.run(&pace).await.ended(0);
    let before = org.seen().total();
    let (find, _) = timed(&place, &["find", "--json"]).await;
    place.run(&["apps", "choose", GoogleApp::HUBSPOT.client_id]).await.ended(0);
    let plan = place.plan_all().await;
    let (run, memory) = timed(&place, &["run", &plan, "--yes"]).await;
    let calls = org.seen().total() - before;
    let count = |route| org.seen().count(route);
    assert_eq!(org.state().remaining(GoogleApp::HUBSPOT.client_id), 0);
    println!(
        "{name}: {:.1} s for {PEOPLE} people = {:.2} x the least possible ({least:.1} s); search {find:.1} s, deletion and proof {run:.1} s",
        find + run,
        (find + run) / least
    );
    println!(
        "    {:.2} calls a person ({} lists, {} deletions, {calls} in all, those of people and the log included), {} connections at most, memory of the run {memory:.0} MiB",
        calls as f64 / PEOPLE as f64,
        count(Route::Tokens),
        count(Route::DeleteToken),
        org.seen().most_at_once(),
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: cargo xtask bench admin runs it with the release build"]
async fn thousand_people() -> Result<()> {
    let google = || GoogleOrg::with(PEOPLE).apps([(GoogleApp::HUBSPOT, uncouple_testkit::directory::Every::ONE)]);
    #[expect(clippy::cast_precision_loss, reason = "figures to read")]
    let calls = (PEOPLE * CALLS_EACH) as f64;

    for _ in 0..ROUNDS {
        let org = google().without_quota().start().await;
        org.faults().delay(CALL);
        let fast = ["0", "32"];
        thousand("without a quota, 32 connections", &org, fast, calls * CALL.as_secs_f64() / 32.0).await?;
    }

    let org = google().start().await;
    org.faults().delay(CALL);
    thousand("with Google's quota of 2,400 a minute", &org, ["2400", "16"], calls / 40.0).await
}

/// A quota below our pace, which names no time: a run of 200 people beside what the quota itself takes for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: cargo xtask bench admin runs it with the release build"]
async fn below_the_pace() {
    const FEW: usize = 200;
    let second = Duration::from_secs(1);
    let minute = second * 60;
    for (name, people, quota, pace) in [
        ("20 calls a second", FEW, (20, second), ["2400", "16"]),
        ("10 calls a second", FEW, (10, second), ["2400", "16"]),
        ("40 calls a second, no pace of our own", FEW, (40, second), ["0", "32"]),
        // More calls than a minute takes, or nothing would be refused.
        ("1,200 calls a minute", 900, (1_200, minute), ["2400", "16"]),
    ] {
        let org = GoogleOrg::with(people).apps([(GoogleApp::HUBSPOT, uncouple_testkit::directory::Every::ONE)]);
        let org = org.without_quota().start().await;
        org.faults().delay(CALL);
        let place = Place::google(&org);
        let [a_minute, connections] = pace;
        place.run(&["find", "--json", "--no-log"]).await.ended(0);
        place.run(&["apps", "choose", GoogleApp::HUBSPOT.client_id]).await.ended(0);
        let plan = place.plan_all().await;
        let pace = ["pace", "google", "--calls-per-minute", a_minute, "--connections", connections];
        place.run(&pace).await.ended(0);
        let (most, per) = quota;
        org.faults().quota(quota);
        let (took, _) = timed(&place, &["run", &plan, "--yes"]).await;
        assert_eq!(org.state().remaining(GoogleApp::HUBSPOT.client_id), 0);
        // What the first window takes can be sent at once.
        #[expect(clippy::cast_precision_loss, reason = "a figure to read")]
        let least = per.as_secs_f64() * ((people * 2).div_ceil(most) - 1) as f64;
        println!("{name}, {people} people: {took:.1} s = {:.2} x what the quota takes ({least:.0} s)", took / least);
    }
}

/// One grant at Microsoft, from the start of the program to the proof.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: cargo xtask bench admin runs it with the release build"]
async fn single() -> Result<()> {
    let org = GraphOrg::with(SINGLE + 1).start().await;
    let place = Place::microsoft(&org);
    place.run(&["find", "--json"]).await.ended(0);
    place.run(&["apps", "choose", &GraphApp::HUBSPOT_CALENDAR.app_id.to_string()]).await.ended(0);
    org.faults().delay(CALL);
    let mut times = Vec::new();
    let mut trips = 0;
    // Everybody fourth has let that app in.
    for person in (0..SINGLE).step_by(4) {
        let plan = place.run(&["--json", "plan", "--person", &org.state().address(person)]).await.ended(0).json();
        let plan = plan.pointer("/plan/id").and_then(|id| id.as_str()).context("no plan")?.to_owned();
        let (took, _) = timed(&place, &["run", &plan, "--yes"]).await;
        times.push(took * 1000.0);
        // The deletion, the reads at the same time, the audit log.
        trips = 3;
    }
    times.sort_by(f64::total_cmp);
    let waiting = f64::from(trips) * CALL.as_secs_f64() * 1000.0;
    println!(
        "one grant at Microsoft: {:.0} ms median ({:.0} to {:.0}, n = {}), of which {waiting:.0} ms are {trips} round trips; own time {:.0} ms",
        at(&times, 50)?,
        at(&times, 0)?,
        at(&times, 100)?,
        times.len(),
        at(&times, 50)? - waiting
    );
    Ok(())
}

/// A hundred grants at Microsoft with the pace that is set in the beginning: search, plan, deletion and proof.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: cargo xtask bench admin runs it with the release build"]
async fn hundred() {
    const GRANTS: usize = 100;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        // Everybody fourth has granted that app something.
        let org = GraphOrg::with(4 * GRANTS).start().await;
        org.faults().delay(CALL);
        let place = Place::microsoft(&org);
        let (find, _) = timed(&place, &["find", "--json"]).await;
        place.run(&["apps", "choose", &GraphApp::HUBSPOT_CALENDAR.app_id.to_string()]).await.ended(0);
        let plan = place.plan_all().await;
        let (run, _) = timed(&place, &["run", &plan, "--yes"]).await;
        let status = place.run(&["--json", "status"]).await.ended(0).json();
        assert_eq!(status["runs"][0]["counts"]["proven"], GRANTS);
        println!("{GRANTS} grants at Microsoft: search {find:.2} s, deletion and proof {run:.2} s");
        times.push(find + run);
    }
    spread("    in all", &mut times);
}

/// Seconds, as their median and spread.
fn spread(name: &str, times: &mut [f64]) {
    times.sort_by(f64::total_cmp);
    let (first, last) = (times.first().copied().unwrap_or_default(), times.last().copied().unwrap_or_default());
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    println!("{name} {median:.2} s median ({first:.2} to {last:.2}, n = {})", times.len());
}

/// A search of few people beside a log of 100,000 uses of the app, and the same search with no log to read. One of them
/// has used it never, so nothing but the whole log can tell of everybody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: cargo xtask bench admin runs it with the release build"]
async fn long_log() {
    const EVENTS: usize = 100_000;
    const FEW: usize = 100;
    let org = GoogleOrg::with(FEW).apps([(GoogleApp::HUBSPOT, uncouple_testkit::directory::Every::ONE)]);
    let org = org.start().await;
    for event in 0..EVENTS {
        org.state().use_now(event % (FEW - 1), GoogleApp::HUBSPOT.client_id);
    }
    org.faults().delay(CALL);
    let (mut without, mut known, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        let place = Place::google(&org);
        without.push(timed(&place, &["find", "--json", "--no-log"]).await.0);
        let place = Place::google(&org);
        place.run(&["apps", "choose", GoogleApp::HUBSPOT.client_id]).await.ended(0);
        let began = Instant::now();
        let mut running = place.start(&["find", "--json"]);
        // What the search found is in the workspace, and can be shown, before the log was read.
        while place.run(&["--json", "find", "--no-search"]).await.json()["total"] != FEW {
            assert!(!running.is_over(), "over before anything could be seen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        known.push(began.elapsed().as_secs_f64());
        assert_eq!(running.done().await.status, Some(0));
        whole.push(began.elapsed().as_secs_f64());
    }
    println!("search of {FEW} people beside a log of {EVENTS} uses:");
    spread("    without the log", &mut without);
    spread("    until everybody is listed", &mut known);
    spread("    with the log", &mut whole);
}

/// Memory while 50,000 people are looked through, with no delay.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: cargo xtask bench admin runs it with the release build"]
async fn many() {
    for people in [5_000, 50_000] {
        let google = GoogleOrg::with(people).without_quota().start().await;
        search("Google", &Place::google(&google), people).await;
        drop(google);
        let graph = GraphOrg::with(people).start().await;
        search("Microsoft", &Place::microsoft(&graph), people).await;
    }
}

async fn search(at: &str, place: &Place, people: usize) {
    place.unhurried().await;
    let (took, memory) = timed(place, &["find", "--json"]).await;
    println!("search through {people} people at {at}: {memory:.0} MiB at most, {took:.1} s");
}
