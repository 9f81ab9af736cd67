//! Runs: to the proof, or to an honest rest.

use crate::team::{Team, team};
use jiff::SignedDuration;
use uncouple_domain::Left;
use uncouple_engine::directory::ApiError;
use uncouple_engine::history::HistoryFilter;
use uncouple_engine::ports::Clock as _;
use uncouple_engine::runs::RunState;
use uncouple_engine::view::{ItemStateView, NoticeKind, NoticeView, PlanAsk, ReportFormat, RunAction};
use uncouple_engine::wire::{Proof, Provider, Rank, StepKind};
use uncouple_engine::{ErrorCode, RunEnd, RunMode};
use uncouple_testkit::{HUBSPOT, Happened};

/// A team whose search came across a consent for everybody as well.
async fn covered(people: usize) -> Team {
    let team = team(people).await;
    team.desk.directories.everybody(HUBSPOT, true);
    team.search().await;
    team
}

#[tokio::test]
async fn each_access_is_deleted_once_read_as_gone_and_nothing_else_is_touched() {
    let team = team(30).await;
    let run = team.planned().await;
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Ended);
    let row = team.row(run).await;
    assert_eq!((row.counts.proven, row.counts.total(), row.state), (30, 30, RunState::Ended));
    for number in 1..=30 {
        let id = format!("p{number}");
        assert_eq!(team.desk.directories.deletions(&id), (1, 0));
        assert!(team.desk.directories.has(&id, "slack"), "other apps are never touched");
    }
    let states = team.states(run).await;
    assert!(states.iter().all(|state| matches!(state, ItemStateView::Proven { logged: Some(_), .. })), "{states:?}");
}

#[tokio::test]
async fn a_list_that_lags_is_read_again_until_it_follows() {
    let team = team(5).await;
    team.desk.directories.lags(4);
    let run = team.planned().await;
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Ended);
    assert_eq!(team.row(run).await.counts.proven, 5);
    assert_eq!(team.desk.directories.deletions("p1"), (1, 0), "waiting is not deleting again");
}

#[tokio::test]
async fn a_list_that_never_follows_leaves_the_item_and_a_later_look_proves_it() {
    let team = team(2).await;
    team.desk.directories.lags(200);
    let run = team.planned().await;
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Ended);
    let row = team.row(run).await;
    assert_eq!((row.counts.proven, row.counts.left), (0, 2));
    assert_eq!(row.left[0].why, Left::StillListed.into());
    assert!(row.actions.contains(&RunAction::Verify) && row.actions.contains(&RunAction::Retry));
    // The list has followed by now.
    team.desk.directories.person("p1", &["slack"]);
    team.desk.directories.person("p2", &["slack"]);
    assert_eq!(team.run(run, RunMode::Verify).await, RunEnd::Ended);
    assert_eq!(team.row(run).await.counts.proven, 2);
    assert_eq!(team.desk.directories.deletions("p1"), (1, 0), "to look deletes nothing");
}

#[tokio::test]
async fn a_consent_after_the_removal_is_not_gone_whatever_the_list_says() {
    let team = team(3).await;
    let later = team.desk.clock.now() + SignedDuration::from_mins(5);
    team.desk.directories.consents("p2", HUBSPOT, later, false);
    let run = team.planned().await;
    team.run(run, RunMode::Revoke).await;
    let row = team.row(run).await;
    assert_eq!((row.counts.proven, row.counts.left), (2, 1));
    assert_eq!(row.left[0].why, Left::ConsentedAgain.into());
}

#[tokio::test]
async fn a_person_who_consents_again_is_found_by_the_next_look_and_can_be_taken_up_again() {
    let team = team(2).await;
    let run = team.planned().await;
    team.run(run, RunMode::Revoke).await;
    team.desk.directories.person("p1", &[HUBSPOT]);
    team.run(run, RunMode::Verify).await;
    assert_eq!(team.row(run).await.counts.left, 1);
    team.run(run, RunMode::Retry).await;
    assert_eq!(team.row(run).await.counts.proven, 2);
    assert_eq!(team.desk.directories.deletions("p2"), (1, 0), "what is proven is not repeated");
}

#[tokio::test]
async fn a_log_that_can_not_be_read_takes_no_proof_away_and_adds_none() {
    let team = team(2).await;
    team.desk.directories.log_works(false);
    let run = team.planned().await;
    team.run(run, RunMode::Revoke).await;
    let states = team.states(run).await;
    let bare = |state: &ItemStateView| matches!(state, ItemStateView::Proven { logged: None, log_late: false, .. });
    assert!(states.iter().all(bare), "{states:?}");
}

#[tokio::test]
async fn a_person_whom_a_consent_for_everybody_covers_is_not_called_done() {
    let team = covered(2).await;
    let organisation = team.organisation.to_string();
    let list = team.desk.engine.accesses(&Default::default()).await.unwrap();
    assert_eq!(list.total, 3);
    let text = "p1@example.com\np2@example.com".to_owned();
    let plan = team.desk.engine.plan(PlanAsk::Text { organisation, text, column: None }).await.unwrap();
    assert_eq!((plan.counts.total(), plan.everybody), (2, 0));
    let run = plan.id.parse().unwrap();
    team.run(run, RunMode::Revoke).await;
    let row = team.row(run).await;
    assert_eq!((row.counts.proven, row.left[0].why), (0, Left::Covered.into()));
}

#[tokio::test]
async fn a_consent_for_everybody_wants_a_confirmation_of_its_own() {
    let team = covered(2).await;
    let run = team.planned().await;
    let error = team.desk.engine.start_run(run, false).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::EverybodyUnconfirmed);
    assert!(team.desk.directories.happened().is_empty());
    team.desk.engine.run_to_end(run, RunMode::Revoke, true).await.unwrap();
    assert_eq!(team.row(run).await.counts.proven, 3);
}

#[tokio::test]
async fn the_consent_for_everybody_goes_first_and_nobody_counts_as_covered_by_what_is_being_removed() {
    let team = covered(30).await;
    team.desk.directories.lags(3);
    let run = team.planned().await;
    team.desk.engine.run_to_end(run, RunMode::Revoke, true).await.unwrap();
    let row = team.row(run).await;
    assert_eq!((row.counts.proven, row.counts.left), (31, 0), "{:?}", row.left);
    let happened = team.desk.directories.happened();
    let everybodys = happened.iter().position(|one| *one == Happened::Read("everybody".to_owned(), false)).unwrap();
    let peoples = happened.iter().position(|one| matches!(one, Happened::Delete(id, _) if id != "everybody")).unwrap();
    assert!(everybodys < peoples, "{happened:?}");
    for number in 1..=30 {
        assert_eq!(team.desk.directories.deletions(&format!("p{number}")), (1, 0));
    }
}

#[tokio::test]
async fn a_consent_for_everybody_that_gets_no_answer_at_first_leaves_nobody_as_covered() {
    let team = covered(5).await;
    team.desk.directories.fails("everybody", &[ApiError::NoAnswer]);
    let run = team.planned().await;
    team.desk.engine.run_to_end(run, RunMode::Revoke, true).await.unwrap();
    let row = team.row(run).await;
    assert_eq!((row.counts.proven, row.counts.left), (6, 0), "{:?}", row.left);
}

#[tokio::test]
async fn a_consent_for_everybody_that_never_leaves_the_lists_leaves_its_people_as_covered() {
    let team = covered(2).await;
    let run = team.planned().await;
    team.desk.directories.lags(200);
    for person in ["p1", "p2"] {
        team.desk.directories.person(person, &[]);
    }
    team.desk.engine.run_to_end(run, RunMode::Revoke, true).await.unwrap();
    let left: Vec<_> = team.row(run).await.left.into_iter().map(|one| (one.why, one.count)).collect();
    assert_eq!(left, [(Left::Covered.into(), 2), (Left::StillListed.into(), 1)]);
    team.desk.directories.lags(4);
    team.desk.directories.everybody(HUBSPOT, false);
    team.desk.engine.run_to_end(run, RunMode::Retry, true).await.unwrap();
    assert_eq!(team.row(run).await.counts.proven, 3);
    assert_eq!(team.desk.directories.deletions("p1"), (1, 1), "what is covered is not deleted again");
}

#[tokio::test]
async fn a_linked_job_gets_its_evidence_and_its_people_a_notice() {
    let team = team(2).await;
    let engine = &team.desk.engine;
    let mailbox = engine.track_mailbox("p1@example.com", Provider::Google, None).await.unwrap();
    let job = engine.disable_mailbox(mailbox).await.unwrap();
    engine.confirm_in_crm(job).await.unwrap();
    let run = team.planned().await;
    team.run(run, RunMode::Revoke).await;
    let evidence = team.desk.step(StepKind::RevokeGrant).await.evidence.unwrap();
    assert_eq!((evidence.rank, evidence.proof), (Rank::Proven, Some(Proof::GoogleDirectory)));
    let notices = engine.notices(Default::default()).await.unwrap().notices;
    let by_run = |notice: &&NoticeView| matches!(notice.what, NoticeKind::AccessRevoked { deleted_here: true, .. });
    assert!(notices.iter().find(by_run).is_some_and(|notice| notice.by.is_some()), "{notices:?}");
    let filter = HistoryFilter { kind: Some("access_revoked".to_owned()), ..HistoryFilter::default() };
    assert_eq!(engine.history(filter).await.unwrap().total, 2, "everybody's, also of people without a row here");
    assert!(engine.verify_history().await.unwrap().broken_at.is_none());
}

#[tokio::test]
async fn a_row_in_use_whose_access_was_revoked_is_lost_and_its_people_hear_of_it() {
    let team = team(1).await;
    team.desk.engine.track_mailbox("p1@example.com", Provider::Google, None).await.unwrap();
    let run = team.planned().await;
    team.run(run, RunMode::Revoke).await;
    let link = format!("{:?}", team.desk.row().await.crm.link);
    assert!(link.contains("Withdrawn"), "{link}");
    // HubSpot was let in again: the row goes on with a new consent.
    team.desk.directories.person("p1", &[HUBSPOT]);
    team.search().await;
    let link = format!("{:?}", team.desk.row().await.crm.link);
    assert!(!link.contains("Lost"), "{link}");
}

#[tokio::test]
async fn somebody_leaves_on_their_day_with_what_they_have_then() {
    let mut team = team(1).await;
    let day = "2026-11-24T09:00:00Z";
    let ask = PlanAsk::Leaver {
        organisation: team.organisation.to_string(),
        address: "p1@example.com".to_owned(),
        not_before: Some(day.to_owned()),
    };
    let plan = team.desk.engine.plan(ask).await.unwrap();
    let run = plan.id.parse().unwrap();
    team.desk.engine.start_run(run, false).await.unwrap();
    team.desk.engine.runs_due().await.unwrap();
    assert_eq!(team.row(run).await.state, RunState::Scheduled);
    assert!(team.desk.directories.happened().is_empty());
    // Another of HubSpot's apps comes in before the day, and the app is closed for three days.
    team.desk.directories.person("p1", &[HUBSPOT, "hubspot-ads"]);
    team.search().await;
    team.desk.engine.choose_app(team.organisation, "hubspot-ads", true, None).await.unwrap();
    team.desk.clock.wait(72);
    team.desk.restart().await;
    team.desk.engine.runs_due().await.unwrap();
    team.settled().await;
    let row = team.row(run).await;
    assert_eq!((row.state, row.counts.proven), (RunState::Ended, 2));
}

#[tokio::test]
async fn what_waits_for_its_day_can_be_run_to_its_end_from_that_day_on() {
    let team = team(2).await;
    let ask = PlanAsk::Leaver {
        organisation: team.organisation.to_string(),
        address: "p1@example.com".to_owned(),
        not_before: Some("2026-11-24T09:00:00Z".to_owned()),
    };
    let run = team.desk.engine.plan(ask).await.unwrap().id.parse().unwrap();
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Scheduled);
    let early = team.desk.engine.run_to_end(run, RunMode::Revoke, false).await.unwrap_err();
    assert_eq!(early.code, ErrorCode::RunBeforeItsDay);
    team.desk.directories.person("p1", &[HUBSPOT, "hubspot-ads"]);
    team.search().await;
    team.desk.engine.choose_app(team.organisation, "hubspot-ads", true, None).await.unwrap();
    team.desk.clock.wait(24);
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Ended);
    assert_eq!(team.row(run).await.counts.proven, 2, "what they have on that day");
}

#[tokio::test]
async fn a_report_is_a_page_a_table_or_a_document_and_carries_the_head_hash() {
    let team = team(3).await;
    team.desk.directories.fails(
        "p2",
        &[uncouple_engine::directory::ApiError::Forbidden { permission: uncouple_domain::Permission::Revoke }],
    );
    let run = team.planned().await;
    team.run(run, RunMode::Revoke).await;
    for (format, name) in [(ReportFormat::Page, "r.html"), (ReportFormat::Csv, "r.csv"), (ReportFormat::Json, "r.json")]
    {
        let path = team.desk.folder().join(name);
        let done = team.desk.engine.report_run(run, format, path.to_str().unwrap()).await.unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("p2@example.com"), "{name}: {text}");
        assert_eq!(text.contains(&done.head), format != ReportFormat::Csv, "a table has rows and nothing else");
        match format {
            ReportFormat::Page => {
                assert!(text.contains("3件中2件の取り消しを証明済み") && !text.contains("<script"), "{text}")
            }
            ReportFormat::Csv => {
                assert_eq!(text.lines().count(), 4);
                let beside = std::fs::read_to_string(team.desk.folder().join("r.csv.about.json")).unwrap();
                let beside: serde_json::Value = serde_json::from_str(&beside).unwrap();
                assert_eq!((&beside["head"], &beside["rows"]), (&done.head.clone().into(), &3.into()));
                assert_eq!(beside["run"]["account"], crate::team::ADMIN);
                use sha2::Digest as _;
                let hash = sha2::Sha256::digest(text.as_bytes());
                let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
                assert_eq!(beside["sha256"], hash);
            }
            ReportFormat::Json => {
                let json: serde_json::Value = serde_json::from_str(&text).unwrap();
                assert_eq!(json["format"], "uncouple-run/2");
                let rows = json["rows"].as_array().unwrap();
                assert_eq!(json["rows"][1]["why"], "forbidden");
                for row in rows {
                    assert!(row["seq"].is_u64() && row["account_gone"].is_boolean() && row["everybody"] == false);
                    assert!(row["reaches"].is_array() && row["scopes"].is_array());
                    assert!(row["client_id"].is_string() && row["object_id"].is_null(), "Google has no object ids");
                }
                assert!(rows[0]["deleted"].is_string() && rows[0]["read"].is_string() && rows[0]["why"].is_null());
                assert!(json["organisation_id"].is_string());
                assert_eq!(json["run"]["account"], crate::team::ADMIN);
                assert_eq!(json["run"]["counts"]["proven"], 2);
            }
        }
    }
}

/// A search that finds nothing says what it found: who removed it, if anybody did, it can't know.
#[tokio::test]
async fn a_search_never_says_that_an_administrator_revoked_it() {
    let team = team(1).await;
    let engine = &team.desk.engine;
    let mailbox = engine.track_mailbox("p1@example.com", Provider::Google, None).await.unwrap();
    let job = engine.disable_mailbox(mailbox).await.unwrap();
    engine.confirm_in_crm(job).await.unwrap();
    team.desk.directories.person("p1", &["slack"]);
    team.search().await;
    let notices = engine.notices(Default::default()).await.unwrap().notices;
    let found = |notice: &&NoticeView| matches!(notice.what, NoticeKind::AccessRevoked { deleted_here: false, .. });
    assert!(notices.iter().find(found).is_some_and(|notice| notice.by.is_none()), "{notices:?}");
}

/// The same where a run came too late: the deletion found nothing.
#[tokio::test]
async fn a_run_that_deleted_nothing_says_so() {
    let team = team(1).await;
    let engine = &team.desk.engine;
    let mailbox = engine.track_mailbox("p1@example.com", Provider::Google, None).await.unwrap();
    let job = engine.disable_mailbox(mailbox).await.unwrap();
    engine.confirm_in_crm(job).await.unwrap();
    let run = team.planned().await;
    team.desk.directories.person("p1", &["slack"]);
    team.run(run, RunMode::Revoke).await;
    let states = team.states(run).await;
    assert!(matches!(states[..], [ItemStateView::Proven { already_gone: true, .. }]), "{states:?}");
    let notices = engine.notices(Default::default()).await.unwrap().notices;
    let by_run = |notice: &NoticeView| matches!(notice.what, NoticeKind::AccessRevoked { deleted_here: true, .. });
    assert!(!notices.iter().any(by_run), "{notices:?}");
    let filter = HistoryFilter { kind: Some("access_revoked".to_owned()), ..HistoryFilter::default() };
    let history = serde_json::to_string(&engine.history(filter).await.unwrap()).unwrap();
    assert!(history.contains("\"already_gone\":true"), "{history}");
}
