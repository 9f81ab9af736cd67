//! What goes wrong at Google while a run is under way, and what the exit status says of it.

use crate::place::{Place, as_specified, searched_google};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use std::time::Duration;
use uncouple_testkit::directory::{AuditLog, Deletes, Fault, GoogleApp, GoogleOrg, On, Route, When};

const HUBSPOT: &str = GoogleApp::HUBSPOT.client_id;

/// An organisation with a plan for everybody.
async fn planned(people: usize) -> (GoogleOrg, Place, String) {
    let org = GoogleOrg::with(people).without_quota().start().await;
    let place = searched_google(&org).await;
    let id = place.plan_all().await;
    (org, place, id)
}

fn calm_and_right(org: &GoogleOrg, run: &Value, people: usize) {
    assert_eq!((&run["proven"], &run["run"]["counts"]["proven"]), (&true.into(), &people.into()));
    assert_eq!(org.state().remaining(HUBSPOT), 0);
    org.state().assert_only_deleted(&[HUBSPOT]);
    as_specified(org.specs_checked(), &org.violations());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_of_all_kinds_are_waited_out() {
    let (org, place, id) = planned(120).await;
    org.faults().quota((60, Duration::from_secs(1)));
    org.faults().next(3, Route::DeleteToken, Fault::Throttle(Some(1)));
    org.faults().next(2, Route::Tokens, Fault::QuotaExceeded);
    org.faults().next(2, Route::Tokens, Fault::RateLimit);
    let run = place.run(&["run", &id, "--yes", "--json"]).await.ended(0).json();
    assert!(org.seen().answered(Route::DeleteToken, 429) > 0 && org.seen().answered(Route::Tokens, 403) > 0);
    calm_and_right(&org, &run, 120);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn resets_before_and_after_the_effect_are_gone_through() {
    let (org, place, id) = planned(150).await;
    org.faults().sometimes(7, 100, On::ANY, Fault::Reset(When::Before));
    org.faults().sometimes(8, 100, On::ANY, Fault::Reset(When::After));
    org.faults().sometimes(9, 50, On::ANY, Fault::Status(503));
    let run = place.run(&["run", &id, "--yes", "--json"]).await.ended(0).json();
    assert!(org.seen().answered(Route::DeleteToken, None) > 0);
    assert!(org.state().touched().iter().all(|(_, _, deletes)| deletes.took_effect == 1));
    calm_and_right(&org, &run, 150);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_who_vanish_are_proven_as_nobody_there() {
    let (org, place, id) = planned(20).await;
    org.state().vanish(3);
    org.state().vanish_after_list(5);
    let run = place.run(&["run", &id, "--yes", "--json"]).await.ended(0).json();
    calm_and_right(&org, &run, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_that_lag_are_read_until_they_follow_and_nothing_is_deleted_twice() {
    let (org, place, id) = planned(40).await;
    org.faults().lag(1);
    org.faults().lag_of(4, 3);
    let run = place.run(&["run", &id, "--yes", "--json"]).await.ended(0).json();
    assert!(
        org.state()
            .touched()
            .iter()
            .all(|(_, _, deletes)| *deletes == Deletes { came: 1, while_gone: 0, took_effect: 1 })
    );
    calm_and_right(&org, &run, 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_not_be_done_is_left_with_two_and_taken_up_again() {
    let (org, place, id) = planned(30).await;
    org.faults().always(Route::DeleteToken.of(7), Fault::Forbidden);
    let run = place.run(&["run", &id, "--yes", "--json"]).await.ended(2).json();
    assert_eq!((&run["proven"], &run["run"]["counts"]["left"]), (&false.into(), &1.into()));
    assert_eq!(run["left"][0]["person"]["address"], org.state().address(7));
    assert_eq!(run["left"][0]["state"]["why"], "forbidden");
    let sent = org.seen().count(Route::DeleteToken);
    let same = place.run(&["run", &id, "--yes"]).await.ended(2);
    assert!(same.out.contains(&format!("run {id} --retry")), "{}", same.out);
    assert_eq!(org.seen().count(Route::DeleteToken), sent, "without --retry nothing is sent again");
    org.faults().calm();
    let retried = place.run(&["run", &id, "--yes", "--retry", "--json"]).await.ended(0).json();
    assert_eq!(org.seen().count(Route::DeleteToken), sent + 1, "only what is open is repeated");
    calm_and_right(&org, &retried, 30);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_ends_in_the_middle_pauses_with_four_and_another_one_goes_on() {
    let (org, place, id) = planned(60).await;
    org.sign_in().calls_each(40);
    let run = place.run(&["run", &id, "--yes", "--json"]).await.ended(4).json();
    assert_eq!((&run["paused"], &run["run"]["paused"]), (&"sign_in".into(), &"sign_in".into()));
    let expired = place.run(&["find"]).await.ended(4);
    assert_eq!(expired.code(), "admin_expired");
    org.sign_in().calls_each(None);
    place.hand_over(org.sign_in().access_token().expose_secret());
    let run = place.run(&["run", &id, "--yes", "--json"]).await.ended(0).json();
    assert!(org.state().touched().iter().all(|(_, _, deletes)| deletes.took_effect == 1));
    calm_and_right(&org, &run, 60);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_that_do_not_let_up_pause_with_four() {
    let (org, mut place, id) = planned(25).await;
    place.set("UNCOUPLE_TEST_LIMITS_SECONDS", "3");
    org.faults().always(Route::DeleteToken, Fault::Throttle(Some(1)));
    let run = place.run(&["run", &id, "--yes", "--json"]).await.ended(4).json();
    assert_eq!(run["paused"], "limits");
    org.faults().calm();
    let run = place.run(&["run", &id, "--yes", "--json"]).await.ended(0).json();
    calm_and_right(&org, &run, 25);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_after_the_proof_is_found_by_verify_and_taken_up_again() {
    let (org, place, id) = planned(10).await;
    place.run(&["run", &id, "--yes"]).await.ended(0);
    org.state().consent(4, HUBSPOT, true);
    let sent = org.seen().count(Route::DeleteToken);
    let verified = place.run(&["verify", &id, "--json"]).await.ended(2).json();
    assert_eq!(verified["left"][0]["state"]["why"], "consented_again");
    assert_eq!(verified["left"][0]["person"]["address"], org.state().address(4));
    assert_eq!(org.seen().count(Route::DeleteToken), sent, "verify deletes nothing");
    let run = place.run(&["run", &id, "--yes", "--retry", "--json"]).await.ended(0).json();
    assert_eq!(org.seen().count(Route::DeleteToken), sent + 1);
    calm_and_right(&org, &run, 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_that_only_the_log_knows_of_is_not_gone() {
    let (org, place, id) = planned(6).await;
    org.state().consent_after_delete(2, HUBSPOT, 0, false);
    let run = place.run(&["run", &id, "--yes", "--json"]).await.ended(2).json();
    assert_eq!(run["left"][0]["state"]["why"], "consented_again");
    as_specified(org.specs_checked(), &org.violations());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_is_silent_or_forbidden_takes_nothing_from_the_proof() {
    let (org, place, id) = planned(6).await;
    org.faults().audit(AuditLog::Silent);
    org.faults().next(1, Route::Audit, Fault::Forbidden);
    let run = place.run(&["run", &id, "--yes", "--json"]).await.ended(0).json();
    calm_and_right(&org, &run, 6);
    place.run(&["verify", &id]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_called_off_is_left_and_a_plan_is_thrown_away() {
    let (org, place, id) = planned(80).await;
    let other = place.plan_all().await;
    place.run(&["cancel", &other]).await.ended(0);
    assert_eq!(place.run(&["run", &other, "--yes"]).await.ended(3).code(), "unknown_run");
    org.sign_in().calls_each(20);
    place.run(&["run", &id, "--yes"]).await.ended(4);
    // The token is of no use any more, and none is needed for this.
    let cancelled = place.run(&["cancel", &id, "--json"]).await.ended(0).json();
    assert_eq!(cancelled["run"]["state"], "cancelled");
    place.run(&["run", &id]).await.ended(2);
    assert_eq!(place.run(&["cancel", &id]).await.ended(1).code(), "run_not_now");
}
