//! What goes wrong in a run, and how it goes on.

use crate::team::team;
use std::time::Duration;
use uncouple_domain::Left;
use uncouple_engine::directory::ApiError;
use uncouple_engine::history::HistoryFilter;
use uncouple_engine::ports::{RefreshReply, SecretError};
use uncouple_engine::runs::{PauseReason, RunState};
use uncouple_engine::view::ItemStateView;
use uncouple_engine::{ErrorCode, RunEnd, RunMode};
use uncouple_testkit::{HUBSPOT, Happened, Trouble};

#[tokio::test]
async fn a_run_that_died_between_the_deletion_and_its_answer_goes_on_without_deleting_twice() {
    let team = team(40).await;
    team.desk.directories.delete_never_answers(true);
    let run = team.planned().await;
    team.killed_after(run, Duration::from_millis(150)).await;
    assert!(!team.desk.directories.happened().is_empty(), "it died in the middle");
    team.desk.directories.delete_never_answers(false);
    team.desk.clock.wait(72);
    team.desk.engine.runs_due().await.unwrap();
    team.settled().await;
    let row = team.row(run).await;
    assert_eq!((row.state, row.counts.proven), (RunState::Ended, 40));
    for number in 1..=40 {
        let (_, needless) = team.desk.directories.deletions(&format!("p{number}"));
        assert_eq!(needless, 0, "p{number} was deleted again without need");
    }
}

#[tokio::test]
async fn what_got_no_answer_is_tried_again_and_what_is_settled_is_not_taken_up_with_it() {
    let team = team(40).await;
    team.desk.directories.fails("p7", &[ApiError::NoAnswer]);
    let run = team.planned().await;
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Ended);
    assert_eq!(team.row(run).await.counts.proven, 40);
    let read = |id: &str| {
        let is_its = |one: &&Happened| matches!(one, Happened::Read(whose, _) if whose == id);
        team.desk.directories.happened().iter().filter(is_its).count()
    };
    let more: Vec<_> = (1..=40).map(|number| format!("p{number}")).filter(|id| id != "p7" && read(id) > 1).collect();
    assert!(more.is_empty(), "read again without need: {more:?}");
    team.desk.directories.fails("p9", &[ApiError::NoAnswer]);
    let before = team.desk.directories.happened().len();
    team.run(run, RunMode::Verify).await;
    assert_eq!(team.desk.directories.happened().len() - before, 40, "a look takes each up once as well");
    let filter = HistoryFilter { kind: Some("access_revoked".to_owned()), ..HistoryFilter::default() };
    assert_eq!(team.desk.engine.history(filter).await.unwrap().total, 40, "each is told of once");
}

#[tokio::test]
async fn a_sign_in_that_ends_in_the_middle_pauses_the_run_and_the_next_one_goes_on() {
    let team = team(10).await;
    let run = team.planned().await;
    team.desk.accounts.refreshes(RefreshReply::Refused);
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Paused(PauseReason::SignIn));
    let row = team.row(run).await;
    assert_eq!((row.state, row.paused), (RunState::Paused, Some(PauseReason::SignIn)));
    crate::team::sign_in(&team.desk, &crate::team::ALL, false).await.unwrap();
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Ended);
    assert_eq!(team.row(run).await.counts.proven, 10);
}

#[tokio::test]
async fn a_locked_keyring_pauses_the_run_before_anything_is_sent() {
    let team = team(3).await;
    let run = team.planned().await;
    team.desk.secrets.trouble(Some(Trouble::All(SecretError::Locked)));
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Paused(PauseReason::Keyring));
    assert!((1..=3).all(|number| team.desk.directories.has(&format!("p{number}"), HUBSPOT)));
    team.desk.secrets.trouble(None);
    team.desk.clock.wait(1);
    team.desk.engine.runs_due().await.unwrap();
    team.settled().await;
    assert_eq!(team.row(run).await.counts.proven, 3);
}

#[tokio::test]
async fn somebody_who_vanishes_is_gone_and_one_who_may_not_be_touched_is_left() {
    let team = team(4).await;
    let run = team.planned().await;
    team.desk.directories.vanishes("p2");
    team.desk.directories.fails("p3", &[ApiError::Forbidden { permission: uncouple_domain::Permission::Revoke }]);
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Ended);
    let states = team.states(run).await;
    assert!(matches!(states[1], ItemStateView::Proven { nobody_there: true, .. }), "{states:?}");
    assert!(matches!(states[2], ItemStateView::Left { why: uncouple_engine::wire::Left::Forbidden, .. }));
    let row = team.row(run).await;
    assert_eq!((row.counts.proven, row.counts.left), (3, 1));
}

#[tokio::test]
async fn when_everybody_is_refused_it_is_the_sign_in_and_the_run_stops() {
    let team = team(60).await;
    for number in 1..=60 {
        let refused = ApiError::Forbidden { permission: uncouple_domain::Permission::Revoke };
        team.desk.directories.fails(&format!("p{number}"), &[refused]);
    }
    let run = team.planned().await;
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Paused(PauseReason::Forbidden));
    assert!(team.row(run).await.counts.planned > 0);
}

#[tokio::test]
async fn one_call_without_an_answer_is_tried_again_and_a_dead_network_pauses() {
    let team = team(30).await;
    team.desk.directories.fails("p5", &[ApiError::NoAnswer, ApiError::NoAnswer]);
    let run = team.planned().await;
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Ended);
    assert_eq!(team.row(run).await.counts.proven, 30);

    let other = team_with_dead_network().await;
    let run = other.planned().await;
    assert_eq!(other.run(run, RunMode::Revoke).await, RunEnd::Paused(PauseReason::NoAnswer));
    assert_eq!(other.row(run).await.counts.left, 0, "no answer is no result");
}

async fn team_with_dead_network() -> crate::team::Team {
    let team = team(30).await;
    for number in 1..=30 {
        team.desk.directories.fails(&format!("p{number}"), &[ApiError::NoAnswer; 5]);
    }
    team
}

#[tokio::test]
async fn an_answer_that_can_not_be_read_leaves_its_item_only() {
    let team = team(5).await;
    team.desk.directories.fails("p4", &[ApiError::TooLong]);
    let run = team.planned().await;
    team.run(run, RunMode::Revoke).await;
    let row = team.row(run).await;
    assert_eq!((row.counts.proven, row.left[0].why), (4, Left::Unreadable.into()));
}

#[tokio::test]
async fn two_processes_never_run_one_run() {
    let team = team(40).await;
    team.desk.directories.takes(Duration::from_millis(10));
    let run = team.planned().await;
    let other = std::sync::Arc::new(team.desk.other().await);
    team.desk.engine.start_run(run, false).await.unwrap();
    tokio::time::sleep(Duration::from_millis(30)).await;
    let error = other.run_to_end(run, RunMode::Revoke, false).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::RunElsewhere);
    assert!(other.run(run).await.unwrap().elsewhere);
    team.settled().await;
    for number in 1..=40 {
        assert_eq!(team.desk.directories.deletions(&format!("p{number}")), (1, 0));
    }
}

#[tokio::test]
async fn a_paused_run_is_not_called_off_while_another_one_is_under_way_and_nobody_waits() {
    let team = team(60).await;
    team.desk.directories.takes(Duration::from_millis(15));
    let (one, two) = (team.planned().await, team.planned().await);
    let engine = &team.desk.engine;
    engine.start_run(one, false).await.unwrap();
    engine.pause_run(one).await.unwrap();
    team.settled().await;
    team.desk.directories.takes(Duration::from_millis(100));
    engine.start_run(two, false).await.unwrap();
    let refused = tokio::time::timeout(Duration::from_secs(1), engine.cancel_run(one)).await.unwrap();
    assert_eq!(refused.unwrap_err().code, ErrorCode::AdminBusy);
    engine.pause_run(two).await.unwrap();
    team.settled().await;
    engine.cancel_run(one).await.unwrap();
    assert_eq!(team.row(one).await.state, RunState::Cancelled);
}
