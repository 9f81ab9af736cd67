//! Random trouble in whole runs: nothing is proven without an empty read after its deletion, nothing is lost, and
//! nothing is deleted twice without need.

use crate::team::team;
use proptest::prelude::*;
use std::time::Duration;
use uncouple_engine::directory::ApiError;
use uncouple_engine::runs::RunState;
use uncouple_engine::view::ItemStateView;
use uncouple_engine::{RunEnd, RunMode};
use uncouple_testkit::{HUBSPOT, Happened};

#[derive(Clone, Debug)]
enum Trouble {
    Fails(usize, Vec<u8>),
    Vanishes(usize),
    Lags(u32),
    DiesAfter(u64),
    /// They have let another of the marked apps in, which nobody planned to revoke.
    HasAnother(usize),
}

fn trouble() -> impl Strategy<Value = Trouble> {
    prop_oneof![
        (1..12_usize, prop::collection::vec(0..5_u8, 1..3)).prop_map(|(who, errors)| Trouble::Fails(who, errors)),
        (1..12_usize).prop_map(Trouble::Vanishes),
        // As long as the list is looked at before a deletion is sent again.
        (0..9_u32).prop_map(Trouble::Lags),
        (0..30_u64).prop_map(Trouble::DiesAfter),
        (1..12_usize).prop_map(Trouble::HasAnother),
    ]
}

fn error(number: u8) -> ApiError {
    match number {
        0 => ApiError::NoAnswer,
        1 => ApiError::Unreadable,
        2 => ApiError::Forbidden { permission: uncouple_domain::Permission::Revoke },
        3 => ApiError::NobodyThere,
        _ => ApiError::Limits,
    }
}

async fn play(mut troubles: Vec<Trouble>) -> Result<(), TestCaseError> {
    const PEOPLE: usize = 11;
    const ANOTHER: &str = "hubspot-ads";
    let team = team(PEOPLE).await;
    team.desk.directories.person("p99", &[ANOTHER]);
    team.search().await;
    team.desk.engine.choose_app(team.organisation, ANOTHER, true, None).await.unwrap();
    let plan = team.desk.engine.plan_of_apps(team.all(), &[HUBSPOT.to_owned()]).await.unwrap();
    let run = plan.id.parse().unwrap();
    // Before anything is read, so that every proof could see it.
    troubles.sort_by_key(|trouble| !matches!(trouble, Trouble::HasAnother(_)));
    for trouble in &troubles {
        match trouble {
            Trouble::Fails(who, errors) => {
                let errors: Vec<ApiError> = errors.iter().copied().map(error).collect();
                team.desk.directories.fails(&format!("p{who}"), &errors);
            }
            Trouble::Vanishes(who) => team.desk.directories.vanishes(&format!("p{who}")),
            Trouble::HasAnother(who) => {
                team.desk.directories.person(&format!("p{who}"), &[HUBSPOT, ANOTHER, "slack"]);
            }
            Trouble::Lags(reads) => team.desk.directories.lags(*reads),
            Trouble::DiesAfter(milliseconds) => {
                team.desk.directories.takes(Duration::from_millis(1));
                team.killed_after(run, Duration::from_millis(*milliseconds)).await;
            }
        }
    }
    team.desk.directories.takes(Duration::ZERO);
    let mut rounds = 0;
    while team.row(run).await.state != RunState::Ended {
        rounds += 1;
        prop_assert!(rounds < 60, "it never ends: {:?}", team.row(run).await);
        match team.desk.engine.run_to_end(run, RunMode::Revoke, false).await {
            Ok(RunEnd::Ended | RunEnd::Paused(_)) => {}
            Ok(other) => prop_assert!(false, "{other:?}"),
            Err(error) => prop_assert!(false, "{error:?}"),
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let states = team.states(run).await;
    prop_assert_eq!(states.len(), PEOPLE);
    let happened = team.desk.directories.happened();
    let ask = uncouple_engine::view::ItemAsk { limit: 500, ..Default::default() };
    for item in team.desk.engine.run_items(run, &ask).await.unwrap().items {
        let address = item.person.unwrap().address;
        let id = address.split('@').next().unwrap().to_owned();
        let (_, needless) = team.desk.directories.deletions(&id);
        match item.state {
            ItemStateView::Proven { nobody_there, .. } => {
                prop_assert!(nobody_there || !team.desk.directories.has(&id, HUBSPOT), "{} is still let in", id);
                prop_assert!(nobody_there || !team.desk.directories.has(&id, ANOTHER), "{} is still reached", id);
                let deleted = happened.iter().rposition(|one| matches!(one, Happened::Delete(who, _) if *who == id));
                let empty = happened.iter().rposition(|one| *one == Happened::Read(id.clone(), false));
                prop_assert!(empty.is_some(), "{} is proven without an empty read", id);
                prop_assert!(deleted < empty, "{}: the read came before the deletion", id);
            }
            ItemStateView::StillReached { through, .. } => {
                prop_assert!(!team.desk.directories.has(&id, HUBSPOT), "{} is still let in", id);
                prop_assert!(team.desk.directories.has(&id, ANOTHER), "{} is reached by nothing", id);
                prop_assert_eq!(through.len(), 1);
            }
            ItemStateView::Left { .. } => {}
            other @ (ItemStateView::Planned
            | ItemStateView::UnderWay { .. }
            | ItemStateView::Restoring { .. }
            | ItemStateView::Restored { .. }) => {
                prop_assert!(false, "{} is neither: {:?}", id, other);
            }
        }
        prop_assert_eq!(needless, 0, "{} was deleted again without need", id);
        prop_assert!(team.desk.directories.has(&id, "slack"), "another app was touched");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_a_run_comes_to_an_honest_end(troubles in prop::collection::vec(trouble(), 0..6)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(play(troubles))?;
    }
}
