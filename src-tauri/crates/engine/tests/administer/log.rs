//! What the audit log adds to a run, at its end and hours later.

use crate::team::{Team, team};
use jiff::SignedDuration;
use uncouple_engine::RunMode;
use uncouple_engine::directory::ApiError;
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
    team.desk.engine.logs_due().await.unwrap();
    assert!(team.states(run).await.iter().all(is_late), "it was only just read");
    team.desk.clock.wait(1);
    team.desk.engine.logs_due().await.unwrap();
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
    team.desk.engine.logs_due().await.unwrap();
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
        team.desk.engine.logs_due().await.unwrap();
        team.desk.engine.logs_due().await.unwrap();
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
        team.desk.engine.logs_due().await.unwrap();
    }
    assert_eq!(team.desk.directories.log_reads(), reads);
}

#[tokio::test]
async fn a_log_that_is_not_readable_or_a_sign_in_that_is_over_changes_nothing() {
    let (team, run) = unlogged().await;
    team.desk.directories.log_works(false);
    team.desk.clock.wait(1);
    team.desk.engine.logs_due().await.unwrap();
    team.desk.engine.admin_sign_out(team.organisation).await.unwrap();
    let reads = team.desk.directories.log_reads();
    team.desk.clock.wait(5);
    team.desk.engine.logs_due().await.unwrap();
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
    team.desk.engine.logs_due().await.unwrap();
    assert!(team.states(run).await.iter().all(is_logged));
}

#[tokio::test]
async fn a_look_that_came_to_nothing_is_tried_again_soon() {
    let (team, run) = unlogged().await;
    team.desk.clock.wait(16);
    team.desk.directories.log_works(false);
    team.desk.engine.logs_due().await.unwrap();
    team.desk.directories.log_works(true);
    team.desk.directories.log_lags(false);
    team.desk.engine.logs_due().await.unwrap();
    assert!(team.states(run).await.iter().all(is_late), "not in the same moment");
    team.desk.clock.wait(1);
    team.desk.engine.logs_due().await.unwrap();
    assert!(team.states(run).await.iter().all(is_logged));
}

#[tokio::test]
async fn another_process_that_goes_on_with_a_run_makes_it_looked_at_again() {
    let team = team(2).await;
    let run = team.planned().await;
    team.desk.directories.fails("p1", &[ApiError::Forbidden { permission: uncouple_domain::Permission::Revoke }]);
    team.run(run, RunMode::Revoke).await;
    assert_eq!((team.row(run).await.counts.proven, team.row(run).await.counts.left), (1, 1));
    team.desk.engine.logs_due().await.unwrap();
    team.desk.directories.log_lags(true);
    let other = std::sync::Arc::new(team.desk.other().await);
    other.run_to_end(run, RunMode::Retry, false).await.unwrap();
    team.desk.directories.log_lags(false);
    team.desk.clock.wait(1);
    team.desk.engine.logs_due().await.unwrap();
    assert!(team.states(run).await.iter().all(is_logged));
}

#[tokio::test]
async fn an_app_that_is_not_chosen_any_more_is_not_said_to_have_been_asked_about() {
    let team = team(1).await;
    team.desk.directories.log_works(false);
    let run = team.planned().await;
    team.run(run, RunMode::Revoke).await;
    team.desk.engine.choose_app(team.organisation, HUBSPOT, false, None).await.unwrap();
    team.desk.directories.log_works(true);
    team.desk.clock.wait(1);
    team.desk.engine.logs_due().await.unwrap();
    let states = team.states(run).await;
    assert!(matches!(states[..], [ItemStateView::Proven { logged: None, log_late: false, .. }]), "{states:?}");
}

/// Somebody consents after a first run, and a second one removes that, too. The log knows nothing of the first removal
/// until both are over.
async fn twice() -> (Team, [uncouple_domain::RunId; 2]) {
    let team = team(1).await;
    team.desk.engine.track_mailbox("p1@example.com", uncouple_engine::wire::Provider::Google, None).await.unwrap();
    team.desk.directories.log_lags(true);
    let first = team.planned().await;
    team.run(first, RunMode::Revoke).await;
    team.desk.clock.wait(3);
    let consent = team.desk.clock.now();
    team.desk.directories.consents("p1", HUBSPOT, consent, true);
    team.desk.clock.wait(1);
    team.search().await;
    let second = team.planned().await;
    team.run(second, RunMode::Revoke).await;
    assert!(!team.desk.directories.has("p1", HUBSPOT));
    (team, [first, second])
}

async fn link(team: &Team) -> String {
    format!("{:?}", team.desk.row().await.crm.link)
}

#[tokio::test]
async fn a_consent_between_two_runs_takes_the_first_ones_proof_and_nothing_of_the_second() {
    let (team, [first, second]) = twice().await;
    let before = link(&team).await;
    team.desk.directories.log_lags(false);
    for _ in 0..2 {
        team.desk.clock.wait(1);
        team.desk.engine.logs_due().await.unwrap();
        team.desk.engine.logs_due().await.unwrap();
    }
    assert_eq!(team.row(first).await.left[0].why, Left::ConsentedAgain, "the second run's removal hides nothing");
    assert!(team.states(second).await.iter().all(is_logged));
    assert_eq!(link(&team).await, before, "nobody has read a list that has it");
}

#[tokio::test]
async fn verifying_the_first_run_takes_nothing_of_the_second_either() {
    let (team, [first, second]) = twice().await;
    let before = link(&team).await;
    team.desk.directories.log_lags(false);
    team.desk.clock.wait(1);
    team.run(first, RunMode::Verify).await;
    assert_eq!(team.row(first).await.left[0].why, Left::ConsentedAgain);
    assert_eq!(team.row(second).await.counts.proven, 1);
    assert_eq!(link(&team).await, before);
}
