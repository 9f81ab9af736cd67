//! Searching an organisation, and naming HubSpot's apps.

use crate::team::team;
use uncouple_engine::directory::ApiError;
use uncouple_engine::runs::AccessView;
use uncouple_engine::view::AccessAsk;
use uncouple_engine::wire::{Proof, Provider, Rank, StepKind};
use uncouple_engine::{ErrorCode, ExportFormat};
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
    assert_eq!((searched.people, searched.unread, searched.complete), (5, 1, true));
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
        assert!(text.contains("p3@example.com") && text.contains(&done.head), "{text}");
        if format == ExportFormat::Json {
            let json: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(json["rows"].as_array().unwrap().len(), 3);
            assert_eq!(json["rows"][0]["caution"], "", "the search saw everything");
        }
    }
}
