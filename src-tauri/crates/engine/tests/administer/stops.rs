//! Runs that somebody stops: at once, and with what they leave told as it is.

use crate::team::{team, until};
use std::time::Duration;
use uncouple_domain::{Left, Permission};
use uncouple_engine::directory::ApiError;
use uncouple_engine::runs::{PauseReason, RunState};
use uncouple_engine::view::ItemStateView;
use uncouple_engine::{ErrorCode, RunEnd, RunMode};
use uncouple_testkit::Happened;

#[tokio::test]
async fn a_run_is_paused_resumed_and_cancelled() {
    let team = team(200).await;
    team.desk.directories.takes(Duration::from_millis(15));
    let run = team.planned().await;
    let engine = &team.desk.engine;
    engine.start_run(run, false).await.unwrap();
    assert_eq!(engine.start_run(run, false).await.unwrap_err().code, ErrorCode::AdminBusy);
    engine.pause_run(run).await.unwrap();
    team.settled().await;
    let row = team.row(run).await;
    assert_eq!(row.state, RunState::Paused);
    assert!(row.counts.planned > 0);
    engine.resume_run(run).await.unwrap();
    engine.cancel_run(run).await.unwrap();
    team.settled().await;
    let row = team.row(run).await;
    assert_eq!(row.state, RunState::Cancelled);
    assert_eq!(row.counts.proven + row.counts.left, 200);
    let sent = team.desk.directories.happened().iter().filter(|one| matches!(one, Happened::Delete(..))).count();
    assert!(sent < 200, "what was not begun was not sent");
}

#[tokio::test]
async fn what_waits_for_its_turn_when_a_run_is_stopped_is_not_deleted() {
    for cancels in [false, true] {
        let team = team(30).await;
        let run = team.planned().await;
        let engine = &team.desk.engine;
        // As under a provider's limit that lasts.
        team.desk.directories.takes(Duration::from_secs(60));
        engine.start_run(run, false).await.unwrap();
        let under_way = |state: &ItemStateView| matches!(state, ItemStateView::UnderWay { .. });
        until("something is under way", async || team.states(run).await.iter().any(under_way)).await;
        if cancels {
            engine.cancel_run(run).await.unwrap();
        } else {
            engine.pause_run(run).await.unwrap();
            assert!(team.row(run).await.progress.is_none_or(|going| going.stopping));
        }
        team.settled().await;
        assert_eq!(team.desk.directories.happened(), [], "nothing is sent after the stop");
        if cancels {
            // Nothing was sent, and nothing is said of an answer that did not come.
            let left = team.row(run).await.left;
            assert_eq!(left.iter().map(|one| (one.why, one.count)).collect::<Vec<_>>(), [(Left::Cancelled.into(), 30)]);
            continue;
        }
        assert_eq!(team.row(run).await.paused, Some(PauseReason::ByMember));
        assert!(team.states(run).await.iter().all(|state| matches!(state, ItemStateView::Planned)));
        team.desk.directories.takes(Duration::ZERO);
        assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Ended);
        let deletions = team.desk.directories.happened();
        let deletions = deletions.iter().filter(|one| matches!(one, Happened::Delete(..))).count();
        assert_eq!((team.row(run).await.counts.proven, deletions), (30, 30));
    }
}

#[tokio::test]
async fn a_read_that_hangs_does_not_hold_up_a_pause() {
    let team = team(3).await;
    let run = team.planned().await;
    team.desk.directories.lags(1_000);
    team.desk.engine.start_run(run, false).await.unwrap();
    until("all are deleted and read", async || team.desk.directories.happened().len() >= 6).await;
    team.desk.directories.takes(Duration::from_secs(60));
    tokio::time::sleep(Duration::from_millis(100)).await;
    team.desk.engine.pause_run(run).await.unwrap();
    team.settled().await;
    assert_eq!(team.row(run).await.state, RunState::Paused);
    assert!(team.states(run).await.iter().all(|state| matches!(state, ItemStateView::UnderWay { deleted: true })));

    // Called off now, it says what the provider answered, and what is missing.
    team.desk.engine.cancel_run(run).await.unwrap();
    let left = team.row(run).await.left;
    assert_eq!(left.iter().map(|one| (one.why, one.count)).collect::<Vec<_>>(), [(Left::NotRead.into(), 3)]);
}

#[tokio::test]
async fn a_retry_that_is_stopped_with_something_left_to_do_is_not_over() {
    for cancels in [false, true] {
        let team = team(4).await;
        let run = team.planned().await;
        for person in 1..=4 {
            let permission = Permission::Revoke;
            team.desk.directories.fails(&format!("p{person}"), &[ApiError::Forbidden { permission }]);
        }
        assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Ended);
        assert_eq!(team.row(run).await.counts.left, 4);
        let engine = &team.desk.engine;
        team.desk.directories.takes(Duration::from_secs(60));
        engine.retry_run(run).await.unwrap();
        until("it is under way", async || team.row(run).await.state == RunState::Running).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        if cancels {
            engine.cancel_run(run).await.unwrap()
        } else {
            engine.pause_run(run).await.unwrap()
        }
        team.settled().await;
        let row = team.row(run).await;
        assert_eq!(row.state, if cancels { RunState::Cancelled } else { RunState::Paused });
        assert!(row.counts.left == 4 && team.desk.directories.happened().is_empty());
    }
}

#[tokio::test]
async fn a_log_that_hangs_holds_up_neither_a_run_nor_a_search_that_is_stopped() {
    let team = team(2).await;
    team.desk.directories.log_hangs(true);
    let run = team.planned().await;
    let engine = &team.desk.engine;
    engine.start_run(run, false).await.unwrap();
    until("both are proven", async || team.row(run).await.counts.proven == 2).await;
    engine.pause_run(run).await.unwrap();
    team.settled().await;
    assert_eq!((team.row(run).await.state, team.row(run).await.counts.proven), (RunState::Ended, 2));

    engine.begin_search(team.organisation).await.unwrap();
    let people = || engine.searching(team.organisation).map_or(0, |going| going.people);
    until("both are read", async || people() == 2).await;
    engine.stop_search(team.organisation).await.unwrap();
    team.settled().await;
    assert_eq!(team.view().await.searched.unwrap().people, 2);
}
