//! What the audit log adds to a run, at its end and hours later.

use crate::team::{Team, team};
use jiff::SignedDuration;
use uncouple_engine::RunMode;
use uncouple_engine::ports::Clock as _;
use uncouple_engine::view::ItemStateView;
use uncouple_engine::wire::Left;
use uncouple_testkit::HUBSPOT;

fn is_late(state: &ItemStateView) -> bool {
    matches!(state, ItemStateView::Proven { logged: None, log_late: true, .. })
}

fn is_logged(state: &ItemStateView) -> bool {
    matches!(state, ItemStateView::Proven { logged: Some(_), .. })
}

/// Two people's access is gone, and the log has nothing of it yet.
async fn unlogged() -> (Team, uncouple_domain::RunId) {
    let team = team(2).await;
    team.desk.directories.log_lags(true);
    let run = team.planned().await;
    team.run(run, RunMode::Revoke).await;
    assert!(team.states(run).await.iter().all(is_late));
    (team, run)
}

#[tokio::test]
async fn entries_that_come_hours_later_are_found_without_anybody_pressing_anything() {
    let (team, run) = unlogged().await;
    team.desk.directories.log_lags(false);
    team.desk.engine.runs_due().await.unwrap();
    assert!(team.states(run).await.iter().all(is_late), "it was only just read");
    team.desk.clock.wait(1);
    team.desk.engine.runs_due().await.unwrap();
    let states = team.states(run).await;
    assert!(states.iter().all(is_logged), "{states:?}");
    assert_eq!(team.desk.directories.deletions("p1"), (1, 0), "to look deletes nothing");
}

#[tokio::test]
async fn a_consent_that_the_log_shows_hours_later_takes_the_proof_back() {
    let (team, run) = unlogged().await;
    let later = team.desk.clock.now() + SignedDuration::from_mins(5);
    team.desk.directories.consents("p2", HUBSPOT, later, true);
    team.desk.directories.log_lags(false);
    team.desk.clock.wait(1);
    team.desk.engine.runs_due().await.unwrap();
    let row = team.row(run).await;
    assert_eq!((row.counts.proven, row.left[0].why), (1, Left::ConsentedAgain));
    assert!(team.desk.directories.has("p2", HUBSPOT), "nothing is deleted by itself");
}

#[tokio::test]
async fn the_older_a_run_the_rarer_its_log_is_read_and_after_a_week_no_more() {
    let (team, _) = unlogged().await;
    let first = team.desk.directories.log_reads();
    let mut reads = Vec::new();
    for _ in 0..200 {
        team.desk.clock.wait(1);
        team.desk.engine.runs_due().await.unwrap();
        team.desk.engine.runs_due().await.unwrap();
        reads.push(team.desk.directories.log_reads() - first);
    }
    let at = |hours: usize| reads[hours - 1];
    assert_eq!([at(1), at(2), at(3), at(4), at(8), at(16), at(32)], [1, 2, 2, 3, 4, 5, 6]);
    assert_eq!((at(128), at(200)), (8, 8));
}

#[tokio::test]
async fn a_log_that_has_everything_is_not_read_again() {
    let team = team(2).await;
    let run = team.planned().await;
    team.run(run, RunMode::Revoke).await;
    assert!(team.states(run).await.iter().all(is_logged));
    let reads = team.desk.directories.log_reads();
    for _ in 0..5 {
        team.desk.clock.wait(3);
        team.desk.engine.runs_due().await.unwrap();
    }
    assert_eq!(team.desk.directories.log_reads(), reads);
}

#[tokio::test]
async fn a_log_that_is_not_readable_or_a_sign_in_that_is_over_changes_nothing() {
    let (team, run) = unlogged().await;
    team.desk.directories.log_works(false);
    team.desk.clock.wait(1);
    team.desk.engine.runs_due().await.unwrap();
    team.desk.engine.admin_sign_out(team.organisation).await.unwrap();
    let reads = team.desk.directories.log_reads();
    team.desk.clock.wait(5);
    team.desk.engine.runs_due().await.unwrap();
    assert_eq!(team.desk.directories.log_reads(), reads);
    assert!(team.states(run).await.iter().all(is_late));
}

#[tokio::test]
async fn the_removal_of_an_earlier_deletion_is_no_evidence_of_a_later_one() {
    let team = team(1).await;
    let later = team.desk.clock.now() + SignedDuration::from_mins(5);
    team.desk.directories.consents("p1", HUBSPOT, later, true);
    let run = team.planned().await;
    team.run(run, RunMode::Revoke).await;
    assert_eq!(team.row(run).await.left[0].why, Left::ConsentedAgain);
    team.desk.clock.wait(1);
    team.desk.directories.person("p1", &[HUBSPOT]);
    team.desk.directories.log_lags(true);
    team.run(run, RunMode::Retry).await;
    let states = team.states(run).await;
    assert!(states.iter().all(is_late), "{states:?}");
    team.desk.directories.log_lags(false);
    team.desk.clock.wait(1);
    team.desk.engine.runs_due().await.unwrap();
    assert!(team.states(run).await.iter().all(is_logged));
}
