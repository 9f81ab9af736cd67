//! Memory stays flat however many people an organisation has. The bounds are for a build with debug assertions; half of
//! what is measured is the program itself, which is several times smaller where it is shipped.

use crate::place::{Place, as_specified};
use std::time::Duration;
use uncouple_testkit::directory::{GoogleApp, GoogleOrg, GraphOrg};

/// KiB.
pub(crate) const MOST: u64 = 60 * 1024;

/// The most memory of a command, in KiB.
pub(crate) async fn peak(place: &Place, args: &[&str]) -> u64 {
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
    let mut place = Place::google(&org);
    // What is held is to be measured, and not how the C library spreads it over threads by chance.
    place.set("MALLOC_ARENA_MAX", "1");
    place.unhurried().await;
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
    flat(2_000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: cargo test --test cli -- --ignored"]
async fn fifty_thousand_people_take_no_more_memory_than_five_thousand() {
    flat(5_000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_people_at_microsoft_take_no_more_memory() {
    let mut peaks = Vec::new();
    // By the first the file's own caches are full.
    for people in [10_000, 25_000] {
        let org = GraphOrg::with(people).start().await;
        let mut place = Place::microsoft(&org);
        place.set("MALLOC_ARENA_MAX", "1");
        place.unhurried().await;
        peaks.push(peak(&place, &["find", "--json"]).await);
        as_specified(org.specs_checked(), &org.violations());
    }
    println!("find at Microsoft: {} KiB for 10,000 people, {} KiB for 25,000", peaks[0], peaks[1]);
    assert!(peaks[1] < MOST && peaks[1] < peaks[0] + 5 * 1024, "{peaks:?} KiB");
}

/// Compares so many people with ten times as many.
async fn flat(few: usize) {
    let many = few * 10;
    let (few_found, few_planned) = peaks(few).await;
    let (many_found, many_planned) = peaks(many).await;
    println!("find: {few_found} KiB for {few} people, {many_found} KiB for {many}");
    println!("plan: {few_planned} KiB for {few} people, {many_planned} KiB for {many}");
    assert!(many_found < MOST && many_planned < MOST);
    // Of each person no more is kept than their identifier, so that nobody is told of twice.
    let more = 12 * 1024;
    assert!(many_found < few_found + more && many_planned < few_planned + more);
}
