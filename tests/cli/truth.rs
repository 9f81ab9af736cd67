//! A read that failed proves nothing, and nobody is counted as read whose list was not.

use crate::place::{Place, searched_google, searched_microsoft};
use serde_json::Value;
use uncouple_testkit::directory::{Fault, GoogleApp, GoogleOrg, GraphOrg, Route, Spoil};

/// An organisation all of whose grants are proven removed.
async fn proven(people: usize) -> (GoogleOrg, Place, String) {
    let org = GoogleOrg::with(people).without_quota().start().await;
    let place = searched_google(&org).await;
    let id = place.plan_all().await;
    place.run(&["run", &id, "--yes"]).await.ended(0);
    (org, place, id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verification_that_can_read_nobody_says_so_and_is_no_success() {
    let (org, place, id) = proven(3).await;
    let faults = [Fault::Forbidden, Fault::Spoil(Spoil::EmptyObject), Fault::Spoil(Spoil::Html)];
    for fault in faults {
        org.faults().always(Route::Tokens, fault.clone());
        let verified = place.run(&["verify", &id, "--json"]).await.ended(2).json();
        assert_eq!((&verified["proven"], &verified["read_again"]), (&false.into(), &0.into()), "{fault:?}: {verified}");
        assert_eq!(verified["not_read"][0]["count"], 3);
        assert_eq!(verified["unread"].as_array().map(Vec::len), Some(3), "each is named");
        assert_eq!(verified["run"]["counts"]["proven"], 3, "the proofs from before stay");
        let text = place.run(&["verify", &id]).await.ended(2);
        assert!(text.out.starts_with("0 of 3 could be read again"), "{}", text.out);
        assert!(!text.out.contains("3 of 3 proven"), "{}", text.out);
        org.faults().calm();
    }
    org.faults().always(Route::Tokens.of(1), Fault::Forbidden);
    let verified = place.run(&["verify", &id, "--json"]).await.ended(2).json();
    assert_eq!((&verified["read_again"], &verified["not_read"][0]["why"]), (&2.into(), &"forbidden".into()));
    org.faults().calm();
    let verified = place.run(&["verify", &id, "--json"]).await.ended(0).json();
    assert_eq!((&verified["proven"], &verified["read_again"]), (&true.into(), &3.into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_that_could_not_read_somebody_names_them_and_is_no_success() {
    let org = GoogleOrg::with(4).without_quota().start().await;
    let place = searched_google(&org).await;
    org.faults().always(Route::Tokens.of(2), Fault::Forbidden);
    let found = place.run(&["find", "--json"]).await.ended(2).json();
    assert_eq!(found["organisation"]["searched"]["people"], 3);
    assert_eq!(
        (&found["unread"][0]["address"], &found["unread"][0]["why"]),
        (&org.state().address(2).into(), &"forbidden".into())
    );
    org.faults().calm();
    org.faults().always(Route::Tokens, Fault::Spoil(Spoil::EmptyObject));
    let found = place.run(&["find", "--json"]).await.ended(2).json();
    assert_eq!(
        (&found["organisation"]["searched"]["people"], found["unread"].as_array().map(Vec::len)),
        (&0.into(), Some(4))
    );
    let text = place.run(&["find"]).await.ended(2);
    assert!(
        text.out.contains("the lists of 0 people were read") && text.out.contains(&org.state().address(3)),
        "{}",
        text.out
    );
    org.faults().calm();
    let found = place.run(&["find", "--json"]).await.ended(0).json();
    assert_eq!(found["unread"], Value::Array(Vec::new()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_hubspot_still_reaches_by_another_app_is_told_apart_and_planned_exactly() {
    const HUBSPOT: &str = GoogleApp::HUBSPOT.client_id;
    let org = GoogleOrg::with(12).without_quota().start().await;
    let place = searched_google(&org).await;
    let apps = place.run(&["apps", "--json"]).await.ended(0).json();
    let other =
        apps["apps"].as_array().unwrap().iter().find(|app| app["key"] != HUBSPOT && app["accesses"] != 0).unwrap();
    let (key, name) = (other["key"].as_str().unwrap(), other["name"].as_str().unwrap());
    place.run(&["apps", "choose", key, "--name", name]).await.ended(0);
    place.run(&["find"]).await.ended(0);
    let plan = place.run(&["plan", "--all", "--app", HUBSPOT, "--json"]).await.ended(0).json();
    let id = plan["plan"]["id"].as_str().unwrap();
    let run = place.run(&["run", id, "--yes", "--json"]).await.ended(2).json();
    let reached = run["run"]["counts"]["left"].as_u64().unwrap();
    assert!(reached > 0, "{run}");
    let first = &run["left"][0]["state"];
    assert_eq!((&first["is"], &first["through"][0]["app_key"]), (&"still_reached".into(), &key.into()));
    let rest = place.run(&["plan", "--remaining", id, "--json"]).await.ended(0).json();
    assert_eq!(rest["items"].as_array().unwrap().len() as u64, reached);
    assert!(rest["items"].as_array().unwrap().iter().all(|item| item["app"] == name));
    place.run(&["run", rest["plan"]["id"].as_str().unwrap(), "--yes"]).await.ended(0);
    place.run(&["verify", id]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_is_not_whole_by_its_own_count_makes_the_search_partial() {
    let org = GraphOrg::with(6).start().await;
    let place = searched_microsoft(&org).await;
    org.faults().count_differs(2);
    let found = place.run(&["find", "--json"]).await.ended(2).json();
    let short = &found["organisation"]["searched"]["short"];
    assert_eq!(short["told"].as_u64().unwrap(), short["came"].as_u64().unwrap() + 2, "{found}");
    let plan = place.run(&["plan", "--all", "--json"]).await.ended(0).json();
    assert_eq!(plan["plan"]["partial"], true);
}
