//! Plans that wait for their day.

use crate::team::{Team, team};
use proptest::prelude::*;
use uncouple_domain::RunId;
use uncouple_engine::runs::RunState;
use uncouple_engine::view::{PlanAsk, RunAction};
use uncouple_engine::{ErrorCode, RunEnd, RunMode};
use uncouple_testkit::{HUBSPOT, Happened};

/// Two days after the desk's first one.
const DAY: &str = "2026-11-25T09:00:00Z";

async fn leaves_later(team: &Team) -> RunId {
    let ask = PlanAsk::Leaver {
        organisation: team.organisation.to_string(),
        address: "p1@example.com".to_owned(),
        not_before: Some(DAY.to_owned()),
    };
    team.desk.engine.plan(ask).await.unwrap().id.parse().unwrap()
}

fn deletions(team: &Team) -> usize {
    team.desk.directories.happened().iter().filter(|one| matches!(one, Happened::Delete(..))).count()
}

#[tokio::test]
async fn a_plan_that_was_cancelled_before_its_day_is_neither_offered_nor_taken_for_a_retry() {
    let team = team(2).await;
    let run = leaves_later(&team).await;
    let engine = &team.desk.engine;
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Scheduled);
    engine.cancel_run(run).await.unwrap();
    let row = team.row(run).await;
    assert_eq!((row.state, row.counts.left), (RunState::Cancelled, 1));
    assert!(!row.actions.contains(&RunAction::Retry), "{:?}", row.actions);
    let refused = engine.run_to_end(run, RunMode::Retry, false).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::RunBeforeItsDay);
    assert_eq!(refused.details.get("day").map(String::as_str), Some(DAY));
    assert_eq!(engine.retry_run(run).await.unwrap_err().code, ErrorCode::RunBeforeItsDay);
    assert_eq!(deletions(&team), 0);

    // From its day on somebody may ask for it after all, and then what the person has by then goes.
    team.desk.directories.person("p1", &[HUBSPOT, "hubspot-ads"]);
    team.search().await;
    engine.choose_app(team.organisation, "hubspot-ads", true, None).await.unwrap();
    team.desk.clock.wait(72);
    assert!(!team.row(run).await.actions.contains(&RunAction::Retry), "not offered for what somebody cancelled");
    assert_eq!(team.run(run, RunMode::Retry).await, RunEnd::Ended);
    assert_eq!((deletions(&team), team.row(run).await.counts.proven), (2, 2));
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Start,
    Run(RunMode),
    Resume,
    Retry,
    Verify,
    Cancel,
    Pause,
    Due,
    Restart,
    Wait(u8),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        Just(Act::Start),
        prop::sample::select(vec![RunMode::Revoke, RunMode::Retry, RunMode::Verify]).prop_map(Act::Run),
        Just(Act::Resume),
        Just(Act::Retry),
        Just(Act::Verify),
        Just(Act::Cancel),
        Just(Act::Pause),
        Just(Act::Due),
        Just(Act::Restart),
        (0..20_u8).prop_map(Act::Wait),
    ]
}

async fn play(acts: Vec<Act>) -> Result<(), TestCaseError> {
    let mut team = team(1).await;
    let run = leaves_later(&team).await;
    let day = DAY.parse::<jiff::Timestamp>().map_err(|_| TestCaseError::fail("a time"))?;
    for act in acts {
        let engine = std::sync::Arc::clone(&team.desk.engine);
        match act {
            Act::Start => drop(engine.start_run(run, false).await),
            Act::Run(mode) => drop(engine.run_to_end(run, mode, false).await),
            Act::Resume => drop(engine.resume_run(run).await),
            Act::Retry => drop(engine.retry_run(run).await),
            Act::Verify => drop(engine.verify_run(run).await),
            Act::Cancel => drop(engine.cancel_run(run).await),
            Act::Pause => drop(engine.pause_run(run).await),
            Act::Due => drop(engine.runs_due().await),
            Act::Restart => {
                drop(engine);
                team.desk.restart().await;
            }
            Act::Wait(hours) => team.desk.clock.wait(hours.into()),
        }
        team.settled().await;
        let now = uncouple_engine::ports::Clock::now(&*team.desk.clock);
        prop_assert!(now >= day || deletions(&team) == 0, "{:?} deleted at {}", act, now);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_with_a_plan_it_deletes_nothing_before_its_day(acts in prop::collection::vec(act(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        runtime.map_err(|error| TestCaseError::fail(error.to_string()))?.block_on(play(acts))?;
    }
}
