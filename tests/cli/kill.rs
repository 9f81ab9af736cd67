//! A process that is killed again and again, and the run that comes to its end all the same.

use crate::place::{as_specified, searched_google};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use uncouple_testkit::directory::{Deletes, GoogleApp, GoogleOrg, Route};

const PEOPLE: usize = 1_000;

const KILLS: u32 = 50;

const HUBSPOT: &str = GoogleApp::HUBSPOT.client_id;

/// Numbers that are the same for the same seed (SplitMix64).
struct Chance(u64);

impl Chance {
    /// Printed, so that a failure can be seen again: `UNCOUPLE_SEED=... cargo test`.
    fn new() -> Self {
        let given = std::env::var("UNCOUPLE_SEED").ok().and_then(|seed| seed.parse().ok());
        let now = || u64::try_from(jiff::Timestamp::now().as_microsecond()).unwrap();
        let seed = given.unwrap_or_else(now);
        println!("seed {seed}");
        Self(seed)
    }

    fn up_to(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % (most + 1)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_of_a_thousand_that_is_killed_fifty_times_ends_proven_and_deletes_nothing_twice() {
    let mut chance = Chance::new();
    let org = GoogleOrg::with(PEOPLE).without_quota().start().await;
    let place = searched_google(&org).await;
    let id = place.plan_all().await;
    let deleted = || org.seen().count(Route::DeleteToken);
    let mut kills = 0;
    while kills < KILLS {
        let mut running = place.start(&["run", &id, "--yes"]);
        // At a moment of its progress, not of the clock, so that a slow machine kills as late as a fast one. Some die
        // before they do anything, and some while nothing but the wait for a lagging list is left to do.
        let enough = deleted() + chance.up_to(24);
        let longest = tokio::time::Instant::now() + Duration::from_millis(400 + chance.up_to(800));
        while deleted() < enough && tokio::time::Instant::now() < longest && !running.is_over() {
            tokio::time::sleep(Duration::from_micros(chance.up_to(2_000))).await;
        }
        if running.is_over() {
            break;
        }
        running.kill();
        kills += 1;
    }
    assert_eq!(kills, KILLS, "it was killed before it could end");
    let before = deleted();
    let last = place.run(&["run", &id, "--yes", "--json"]).await.ended(0).json();
    println!("{before} of {} deletions had come before the last start", deleted());
    assert_eq!(last["run"]["state"], "ended");
    let counts: BTreeMap<&str, &Value> =
        last["run"]["counts"].as_object().unwrap().iter().map(|(name, count)| (name.as_str(), count)).collect();
    let zero = Value::from(0);
    let all = Value::from(PEOPLE);
    let wanted = [
        ("left", &zero),
        ("planned", &zero),
        ("proven", &all),
        ("restored", &zero),
        ("restoring", &zero),
        ("under_way", &zero),
    ];
    assert_eq!(counts, BTreeMap::from(wanted));

    assert_eq!(org.state().remaining(HUBSPOT), 0, "none was lost");
    org.state().assert_only_deleted(&[HUBSPOT]);
    let once = Deletes { came: 1, while_gone: 0, took_effect: 1 };
    let twice: Vec<_> = org.state().touched().into_iter().filter(|(_, _, deletes)| *deletes != once).collect();
    assert!(twice.is_empty(), "deleted twice without need: {twice:?}");
    assert_eq!(org.state().touched().len(), PEOPLE);
    place.run(&["verify", &id]).await.ended(0);
    as_specified(org.specs_checked(), &org.violations());
}
