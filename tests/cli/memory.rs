//! Memory stays flat however many people an organisation has. Bounds are for a build with debug assertions, whose
//! program is several times larger than a shipped one.

use crate::place::{Place, UNHURRIED, as_specified};
use std::time::Duration;
use uncouple_engine::directory::Pace;
use uncouple_testkit::directory::{GoogleApp, GoogleOrg};

/// KiB.
const MOST: u64 = 60 * 1024;

/// The most memory of a command, in KiB.
async fn peak(place: &Place, args: &[&str]) -> u64 {
    let running = place.start(args);
    let mut most = 0;
    // The last look is a few milliseconds before the end; a peak can't come back from there.
    while let Some(peak) = running.peak() {
        most = peak;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    running.done().await.ended(0);
    most
}

/// Peaks of a search with its list, and of the plan for everybody.
async fn peaks(people: usize) -> (u64, u64) {
    let org = GoogleOrg::with(people).without_quota().start().await;
    let place = Place::google(&org);
    place.pace(Pace { connections: 32, ..UNHURRIED }).await;
    let find = peak(&place, &["find", "--json"]).await;
    let found = place.run(&["find", "--no-search", "--json"]).await.ended(0).json();
    assert_eq!(found["organisation"]["searched"]["people"], people);
    assert!(found["total"].as_u64().unwrap() >= people as u64);
    place.run(&["apps", "choose", GoogleApp::HUBSPOT.client_id]).await.ended(0);
    let plan = peak(&place, &["plan", "--all", "--json"]).await;
    as_specified(org.specs_checked(), &org.violations());
    (find, plan)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_times_the_people_take_no_more_memory() {
    let (few, few_planned) = peaks(5_000).await;
    let (many, many_planned) = peaks(50_000).await;
    println!("find: {few} KiB for 5,000 people, {many} KiB for 50,000");
    println!("plan: {few_planned} KiB for 5,000 people, {many_planned} KiB for 50,000");
    assert!(many < MOST && many_planned < MOST);
    assert!(many < few + few / 4 && many_planned < few_planned + few_planned / 4);
}
