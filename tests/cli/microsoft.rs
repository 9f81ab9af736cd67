//! The same at Microsoft: consents for everybody, batches, and what they answer one by one.

use crate::place::{as_specified, searched_microsoft};
use std::time::Duration;
use uncouple_testkit::directory::{Fault, GraphApp, GraphOrg, Route};

const HUBSPOT: GraphApp = GraphApp::HUBSPOT_SALES;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_with_mixed_results_are_gone_through_item_by_item() {
    let org = GraphOrg::with(60).start().await;
    let place = searched_microsoft(&org).await;
    let id = place.plan_all().await;
    org.faults().sometimes(3, 200, Route::DeleteGrant, Fault::Status(503));
    org.faults().sometimes(4, 100, Route::DeleteGrant, Fault::Throttle(Some(1)));
    org.faults().always(Route::DeleteGrant.of(7), Fault::Forbidden);
    let run = place.run(&["run", &id, "--yes", "--json"]).await.ended(2).json();
    let of_seven = org.state().grant_ids(7, HUBSPOT.object_id).len();
    assert!(org.seen().newest().iter().any(|asked| asked.in_batch), "several go at once");
    assert!((1..=of_seven).contains(&usize::try_from(run["run"]["counts"]["left"].as_u64().unwrap()).unwrap()));
    assert_eq!(run["left"][0]["state"]["why"], "forbidden");
    assert_eq!(run["left"][0]["person"]["address"], org.state().address(7));
    org.faults().calm();
    place.run(&["run", &id, "--yes", "--retry"]).await.ended(0);
    assert!((0..60).all(|user| !org.state().has(user, HUBSPOT.object_id)));
    org.state().assert_only_deleted(&[HUBSPOT.object_id]);
    as_specified(org.specs_checked(), &org.violations());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_for_everybody_wants_a_word_of_its_own() {
    let org = GraphOrg::with(6).for_everyone(HUBSPOT).start().await;
    let place = searched_microsoft(&org).await;
    let covered = place.run(&["--json", "plan", "--person", &org.state().address(2)]).await.ended(0).json();
    assert_eq!(covered["refused"][0]["why"], "covered", "{covered}");

    let plan = place.run(&["--json", "plan", "--all"]).await.ended(0).json();
    assert!(plan["plan"]["everybody"].as_u64().unwrap() > 0);
    let id = plan["plan"]["id"].as_str().unwrap();
    let refused = place.run(&["run", id, "--yes"]).await.ended(3);
    assert_eq!(refused.code(), "everybody_unconfirmed");
    assert_eq!(org.seen().count(Route::DeleteGrant), 0);
    org.faults().lag(2);
    place.run(&["run", id, "--yes", "--everybody"]).await.ended(0);
    assert!((0..6).all(|user| !org.state().has(user, HUBSPOT.object_id)));
    assert!(!org.state().has_for_everyone(HUBSPOT.object_id));
    assert!(org.state().touched().iter().all(|(_, app, _)| *app == HUBSPOT.object_id));

    let only = covered["plan"]["id"].as_str().unwrap();
    place.run(&["run", only, "--yes"]).await.ended(0);
    as_specified(org.specs_checked(), &org.violations());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_whom_a_consent_for_everybody_covers_is_not_proven() {
    let org = GraphOrg::with(4).for_everyone(HUBSPOT).start().await;
    let place = searched_microsoft(&org).await;
    let plan = place.run(&["--json", "plan", "--person", &org.state().address(1)]).await.ended(0).json();
    let id = plan["plan"]["id"].as_str().unwrap();
    let run = place.run(&["run", id, "--yes", "--json"]).await.ended(2).json();
    assert_eq!(run["left"][0]["state"]["why"], "covered");
    as_specified(org.specs_checked(), &org.violations());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn look_alikes_are_shown_as_such_and_lists_that_lag_are_read_again() {
    let org = GraphOrg::with(9).start().await;
    let place = searched_microsoft(&org).await;
    let apps = place.run(&["apps", "--json"]).await.ended(0).json();
    let of = |app: GraphApp| {
        let key = app.object_id.to_string();
        apps["apps"].as_array().unwrap().iter().find(|one| one["key"] == *key).cloned()
    };
    assert_eq!(of(HUBSPOT).unwrap()["likeness"], "named");
    assert_eq!(of(GraphApp::LOOK_ALIKE).unwrap()["likeness"], "look_alike");
    let look_alike = place.run(&["apps", "choose", &GraphApp::LOOK_ALIKE.app_id.to_string()]).await.ended(3);
    assert_eq!(look_alike.code(), "app_not_hubspot");
    let id = place.plan_all().await;
    org.faults().lag(2);
    org.faults().delay(Duration::from_millis(5));
    place.run(&["run", &id, "--yes"]).await.ended(0);
    org.state().assert_only_deleted(&[HUBSPOT.object_id]);
    as_specified(org.specs_checked(), &org.violations());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_run_deleted_is_given_back_and_read_and_a_refusal_changes_nothing() {
    let org = GraphOrg::with(6).start().await;
    let place = searched_microsoft(&org).await;
    let before: Vec<bool> = (0..6).map(|user| org.state().has(user, HUBSPOT.object_id)).collect();
    let id = place.plan_all().await;
    let run = place.run(&["run", &id, "--yes", "--json"]).await.ended(0).json();
    let proven = run["run"]["counts"]["proven"].clone();
    assert!((0..6).all(|user| !org.state().has(user, HUBSPOT.object_id)));

    let unasked = place.run(&["restore", &id]).await.ended(3);
    assert_eq!(unasked.code(), "not_confirmed");
    assert_eq!(org.seen().count(Route::PostGrant), 0, "nothing is sent without a yes");

    org.faults().always(Route::PostGrant, Fault::Forbidden);
    let none = place.run(&["restore", &id, "--yes", "--json"]).await.ended(4).json();
    assert_eq!((&none["restored"]["asked"], &none["restored"]["restored"]), (&proven, &0.into()));
    assert_eq!(none["restored"]["stopped"]["code"], "admin_forbidden");
    assert_eq!(none["run"]["counts"]["proven"], proven, "what was refused changes no proof");
    org.faults().calm();
    let one = org.state().address(0);
    let some = place.run(&["restore", &id, "--person", &one, "--yes", "--json"]).await.ended(0).json();
    let given = some["restored"]["restored"].as_u64().unwrap();
    assert!(given >= 1 && org.state().has(0, HUBSPOT.object_id) == before[0], "{some}");
    let all = place.run(&["restore", &id, "--yes", "--json"]).await.ended(0).json();
    let rest = proven.as_u64().unwrap() - given;
    assert_eq!(all["restored"]["asked"], rest, "what was given back is not given twice");
    assert_eq!(all["run"]["counts"]["proven"], 0);
    let after: Vec<bool> = (0..6).map(|user| org.state().has(user, HUBSPOT.object_id)).collect();
    assert_eq!(after, before);

    let none = place.run(&["restore", &id, "--yes"]).await.ended(1);
    assert_eq!(none.code(), "nothing_to_restore");
    as_specified(org.specs_checked(), &org.violations());
}
