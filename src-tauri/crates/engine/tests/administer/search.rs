//! Searching an organisation, and naming HubSpot's apps.

use crate::team::{ALL, Team, sign_in, team, until};
use uncouple_engine::directory::ApiError;
use uncouple_engine::runs::{AccessView, LineRefusal};
use uncouple_engine::view::{AccessAsk, ItemAsk, PlanAsk};
use uncouple_engine::wire::{Proof, Provider, Rank, StepKind};
use uncouple_engine::{ErrorCode, ExportFormat, LookUp};
use uncouple_testkit::HUBSPOT;

#[tokio::test]
async fn a_search_lists_who_lets_hubspot_in_and_joins_it_with_the_workspace() {
    let team = team(3).await;
    let mailbox = team.desk.engine.track_mailbox("p2@example.com", Provider::Google, None).await.unwrap();
    team.desk.engine.track_mailbox("gone@elsewhere.example", Provider::Google, None).await.unwrap();
    team.search().await;
    let list = team.desk.engine.accesses(&AccessAsk { limit: 10, ..AccessAsk::default() }).await.unwrap();
    assert_eq!(list.total, 3);
    let joined = list.rows.iter().find(|row| row.crm.is_some()).unwrap();
    assert_eq!(joined.crm.as_ref().unwrap().mailbox, mailbox.to_string());
    let without = AccessAsk { limit: 10, view: AccessView::WithoutCrm, ..AccessAsk::default() };
    assert_eq!(team.desk.engine.accesses(&without).await.unwrap().total, 2);
    let view = team.view().await;
    assert_eq!((view.accesses, view.searched.unwrap().people), (3, 3));
    assert!(view.rows_without_access.is_empty());
}

#[tokio::test]
async fn an_app_that_is_not_called_hubspot_wants_its_name_repeated() {
    let team = team(1).await;
    let engine = &team.desk.engine;
    let error = engine.choose_app(team.organisation, "slack", true, None).await.unwrap_err();
    assert_eq!((error.code, error.details["name"].as_str()), (ErrorCode::AppNotHubspot, "Slack"));
    let error = engine.choose_app(team.organisation, "slack", true, Some("HubSpot")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::AppNotHubspot);
    engine.choose_app(team.organisation, "slack", true, Some("Slack")).await.unwrap();
    assert_eq!(team.view().await.chosen.len(), 2);
    engine.choose_app(team.organisation, "slack", false, None).await.unwrap();
    assert_eq!(
        engine.choose_app(team.organisation, "nobody", true, None).await.unwrap_err().code,
        ErrorCode::UnknownApp
    );
}

#[tokio::test]
async fn a_search_proves_an_open_step_whose_access_is_not_listed_any_more() {
    let team = team(2).await;
    let engine = &team.desk.engine;
    let mailbox = engine.track_mailbox("p2@example.com", Provider::Google, None).await.unwrap();
    let job = engine.disable_mailbox(mailbox).await.unwrap();
    engine.confirm_in_crm(job).await.unwrap();
    engine.confirm_step(job, StepKind::RevokeGrant).await.unwrap();
    assert_eq!(team.desk.card().await.completion.weakest.unwrap().rank, Rank::Confirmed);
    // The list knows better than the word.
    team.search().await;
    assert!(team.desk.card().await.completion.weakest.is_none(), "it is listed, so it is not gone");
    team.desk.directories.person("p2", &["slack"]);
    team.search().await;
    let evidence = team.desk.step(StepKind::RevokeGrant).await.evidence.unwrap();
    assert_eq!((evidence.rank, evidence.proof), (Rank::Proven, Some(Proof::GoogleDirectory)));
}

#[tokio::test]
async fn without_a_chosen_app_nothing_is_proven_by_its_absence() {
    let team = team(1).await;
    let engine = &team.desk.engine;
    engine.choose_app(team.organisation, HUBSPOT, false, None).await.unwrap();
    team.desk.directories.person("p9", &["slack"]);
    let mailbox = engine.track_mailbox("p9@example.com", Provider::Google, None).await.unwrap();
    let job = engine.disable_mailbox(mailbox).await.unwrap();
    engine.confirm_in_crm(job).await.unwrap();
    team.search().await;
    assert!(team.desk.step(StepKind::RevokeGrant).await.evidence.is_none());
}

#[tokio::test]
async fn a_row_in_use_is_not_called_lost_because_a_search_does_not_find_it() {
    let team = team(1).await;
    team.desk.directories.person("p9", &["slack"]);
    team.desk.engine.track_mailbox("p9@example.com", Provider::Google, None).await.unwrap();
    team.search().await;
    assert_eq!(team.view().await.rows_without_access.len(), 1);
    team.desk.directories.everybody(HUBSPOT, true);
    team.search().await;
    assert!(team.view().await.rows_without_access.is_empty(), "a consent for everybody reaches them");
    let row = team.desk.row().await;
    assert!(!format!("{:?}", row.crm.link).contains("Lost"), "{:?}", row.crm.link);
}

#[tokio::test]
async fn people_whose_list_can_not_be_read_are_counted_and_the_others_are_found() {
    let team = team(5).await;
    team.desk.directories.fails("p3", &[ApiError::Unreadable]);
    team.search().await;
    let searched = team.view().await.searched.unwrap();
    assert_eq!((searched.people, searched.unread, searched.complete), (4, 1, true));
}

#[tokio::test]
async fn a_search_that_was_stopped_keeps_what_it_found_and_what_was_known() {
    let team = team(20).await;
    team.desk.directories.takes(std::time::Duration::from_millis(20));
    team.desk.engine.begin_search(team.organisation).await.unwrap();
    let error = team.desk.engine.begin_search(team.organisation).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::AdminBusy);
    tokio::time::sleep(std::time::Duration::from_millis(60)).await;
    team.desk.engine.stop_search(team.organisation).await.unwrap();
    team.settled().await;
    let view = team.view().await;
    assert!(!view.searched.unwrap().complete);
    assert_eq!(view.accesses, 20, "lines of an earlier search stay beside the new ones");

    // Whoever gets the list as a file was not there when it was stopped.
    let path = team.desk.folder().join("list.csv");
    team.desk.engine.export_accesses(&AccessAsk::default(), ExportFormat::Csv, path.to_str().unwrap()).await.unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text.matches(",\"partial\"\r\n").count(), 20, "{text}");
}

#[tokio::test]
async fn the_list_is_exported_as_a_table_without_formulas_and_as_json() {
    let team = team(3).await;
    for (format, name) in [(ExportFormat::Csv, "list.csv"), (ExportFormat::Json, "list.json")] {
        let path = team.desk.folder().join(name);
        let path = path.to_str().unwrap();
        let done = team.desk.engine.export_accesses(&AccessAsk::default(), format, path).await.unwrap();
        assert_eq!(done.entries, 3);
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains("p3@example.com"), "{text}");
        assert_eq!(
            text.contains(&done.head),
            format == ExportFormat::Json,
            "a table has rows and nothing else: {text}"
        );
        if format == ExportFormat::Json {
            let json: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(json["rows"].as_array().unwrap().len(), 3);
            assert_eq!(json["rows"][0]["caution"], "", "the search saw everything");
        }
    }
}

/// A search that was stopped somewhere in the middle.
async fn stopped(team: &Team, after: u64) -> u64 {
    let engine = &team.desk.engine;
    team.desk.directories.takes(std::time::Duration::from_millis(10));
    let (before, _) = team.desk.directories.looked_at();
    engine.begin_search(team.organisation).await.unwrap();
    until("some were looked at", async || team.desk.directories.looked_at().0 > before + after).await;
    engine.stop_search(team.organisation).await.unwrap();
    team.settled().await;
    team.desk.directories.takes(std::time::Duration::ZERO);
    team.desk.directories.looked_at().0 - before
}

#[tokio::test]
async fn a_search_that_was_stopped_goes_on_where_it_was_also_after_a_restart() {
    for restarts in [false, true] {
        let mut team = team(40).await;
        let first = stopped(&team, 5).await;
        assert!(first < 40 && !team.view().await.searched.unwrap().complete);
        if restarts {
            team.desk.restart().await;
            sign_in(&team.desk, &ALL, false).await.unwrap();
        }
        let (before, _) = team.desk.directories.looked_at();
        team.search().await;
        let second = team.desk.directories.looked_at().0 - before;
        // The one under way when it was stopped may be looked at once more.
        assert!(first + second <= 42, "{first} and {second}");
        let searched = team.view().await.searched.unwrap();
        assert_eq!((searched.complete, searched.people, searched.accesses), (true, 40, 40));
        assert_eq!(team.view().await.accesses, 40, "nobody who was read before is forgotten");
        // A search that came to its end is no place to go on from.
        let (before, _) = team.desk.directories.looked_at();
        team.search().await;
        assert_eq!(team.desk.directories.looked_at().0 - before, 40);
    }
}

#[tokio::test]
async fn a_search_whose_token_ended_goes_on_with_another_one() {
    let team = team(30).await;
    team.desk.directories.fails("p29", &[ApiError::Expired]);
    let (before, _) = team.desk.directories.looked_at();
    let error = team.desk.engine.search(team.organisation).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::AdminExpired);
    sign_in(&team.desk, &ALL, false).await.unwrap();
    team.search().await;
    // The fake's order is by id, and the one who failed is looked at again.
    assert!(team.desk.directories.looked_at().0 - before <= 32);
    assert_eq!(team.view().await.searched.unwrap().people, 30);
}

#[tokio::test]
async fn a_search_begins_anew_where_somebody_wants_it_other_apps_count_or_it_is_old() {
    for how in ["restart", "apps", "old"] {
        let team = team(30).await;
        stopped(&team, 5).await;
        let engine = &team.desk.engine;
        let mut ask = uncouple_engine::SearchAsk::default();
        match how {
            "restart" => ask.restart = true,
            "apps" => engine.choose_app(team.organisation, "slack", true, Some("Slack")).await.unwrap(),
            _ => team.desk.clock.wait(25),
        }
        let (before, _) = team.desk.directories.looked_at();
        engine.search_as(team.organisation, ask).await.unwrap();
        assert_eq!(team.desk.directories.looked_at().0 - before, 30, "{how}");
        assert_eq!(team.view().await.searched.unwrap().people, 30, "{how}");
    }
}

#[tokio::test]
async fn apps_that_nobody_named_are_counted_and_what_was_not_counted_is_not_zero() {
    let team = team(3).await;
    let count = async |key: &str| {
        let apps = team.desk.engine.directory_apps(team.organisation, None).await.unwrap();
        apps.into_iter().find(|app| app.key == key).map(|app| app.accesses)
    };
    assert_eq!((count(HUBSPOT).await, count("slack").await), (Some(Some(3)), Some(Some(3))));
    team.desk.engine.look_up_app(team.organisation, "client-of-zoom").await.unwrap();
    assert_eq!(count("zoom").await, Some(None), "looked up, and in no list that was counted");
    team.desk.directories.person("p4", &[HUBSPOT, "slack", "zoom"]);
    stopped(&team, 1).await;
    team.search().await;
    assert_eq!(
        (count("slack").await, count("zoom").await),
        (Some(Some(4)), Some(Some(1))),
        "once each, stopped or not"
    );
}

fn list(team: &Team, text: &str) -> PlanAsk {
    PlanAsk::Text { organisation: team.organisation.to_string(), text: text.to_owned(), column: None }
}

#[tokio::test]
async fn a_list_costs_the_reads_of_its_people_and_not_a_search() {
    let team = team(0).await;
    for number in 1..=50 {
        team.desk.directories.person(&format!("p{number}"), &[HUBSPOT]);
    }
    let engine = &team.desk.engine;
    engine.look_up_app(team.organisation, &format!("client-of-{HUBSPOT}")).await.unwrap();
    engine.choose_app(team.organisation, HUBSPOT, true, None).await.unwrap();
    let text = "p7@example.com\np9@example.com\nnobody@example.com";
    let plan = engine.plan(list(&team, text)).await.unwrap();
    assert_eq!((plan.counts.planned, plan.refused, plan.partial), (2, 1, false));
    assert_eq!(team.desk.directories.looked_at(), (0, 3));
    // Who was read today is not read again, unless that is asked for.
    engine.plan(list(&team, "p7@example.com")).await.unwrap();
    assert_eq!(team.desk.directories.looked_at(), (0, 3));
    team.desk.clock.wait(1);
    engine.plan_looking_up(list(&team, "p7@example.com"), &[], LookUp::All).await.unwrap();
    assert_eq!(team.desk.directories.looked_at(), (0, 4));
}

#[tokio::test]
async fn after_a_search_of_today_a_list_reads_nobody_and_of_an_old_one_everybody_in_it() {
    let team = team(5).await;
    let engine = &team.desk.engine;
    engine.plan(list(&team, "p1@example.com")).await.unwrap();
    assert_eq!(team.desk.directories.looked_at().1, 0);
    team.desk.clock.wait(30);
    team.desk.directories.person("p1", &["slack"]);
    let plan = engine.plan(list(&team, "p1@example.com\np2@example.com")).await.unwrap();
    assert_eq!(team.desk.directories.looked_at().1, 2);
    assert_eq!((plan.counts.planned, plan.refused), (1, 1), "what was withdrawn since is not planned");
}

#[tokio::test]
async fn whoever_of_a_list_could_not_be_read_is_named_and_not_called_free_of_access() {
    let team = team(0).await;
    for number in 1..=3 {
        team.desk.directories.person(&format!("p{number}"), &[HUBSPOT]);
    }
    let engine = &team.desk.engine;
    engine.look_up_app(team.organisation, &format!("client-of-{HUBSPOT}")).await.unwrap();
    engine.choose_app(team.organisation, HUBSPOT, true, None).await.unwrap();
    team.desk.directories.fails("p2", &[ApiError::Unreadable]);
    let plan = engine.plan(list(&team, "p1@example.com\np2@example.com")).await.unwrap();
    assert!(plan.partial);
    let items = engine.run_items(plan.id.parse().unwrap(), &ItemAsk { limit: 10, ..ItemAsk::default() }).await.unwrap();
    let refused: Vec<_> = items.refused.iter().map(|line| (line.line, line.why)).collect();
    assert_eq!(refused, [(2, LineRefusal::Unread)]);
    team.desk.directories.fails("p3", &[ApiError::Expired]);
    let error = engine.plan(list(&team, "p3@example.com")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::AdminExpired, "nothing is known, so there is no plan");
}
