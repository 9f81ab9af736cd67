//! A read that failed proves nothing, and the person's own list decides.

use crate::team::{Team, team, team_on};
use uncouple_domain::{Left, NotRead, Permission};
use uncouple_engine::directory::ApiError;
use uncouple_engine::history::HistoryFilter;
use uncouple_engine::ports::{SignInApp, SignInAt};
use uncouple_engine::runs::{ItemFilter, PauseReason};
use uncouple_engine::view::{ItemAsk, ItemStateView, PlanAsk, ReportFormat, RunAction, VerifiedView};
use uncouple_engine::wire::{Provider, StepKind};
use uncouple_engine::{ErrorCode, ExportFormat, RunEnd, RunMode};
use uncouple_testkit::{Desk, HUBSPOT};

const REFUSED: ApiError = ApiError::Forbidden { permission: Permission::Accesses };

/// So many people, all proven.
async fn proven(people: usize) -> (Team, uncouple_domain::RunId) {
    let team = team(people).await;
    let run = team.planned().await;
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Ended);
    assert_eq!(team.row(run).await.counts.proven, people as u64);
    team.desk.clock.wait(1);
    (team, run)
}

async fn told(team: &Team, kind: &str) -> u64 {
    let filter = HistoryFilter { kind: Some(kind.to_owned()), ..HistoryFilter::default() };
    team.desk.engine.history(filter).await.unwrap().total
}

fn reasons(verified: &VerifiedView) -> Vec<(NotRead, u64)> {
    verified.not_read.iter().map(|one| (one.why.into(), one.count)).collect()
}

async fn reports(team: &Team, run: uncouple_domain::RunId) -> [String; 3] {
    let mut texts = Vec::new();
    for (format, name) in [(ReportFormat::Page, "html"), (ReportFormat::Csv, "csv"), (ReportFormat::Json, "json")] {
        let path = team
            .desk
            .folder()
            .join(format!("report-{}.{name}", texts.len() + told(team, "run_reported").await as usize * 10));
        team.desk.engine.report_run(run, format, path.to_str().unwrap()).await.unwrap();
        texts.push(std::fs::read_to_string(path).unwrap());
    }
    texts.try_into().unwrap()
}

#[tokio::test]
async fn whatever_way_the_reads_fail_nothing_is_told_as_read_and_the_proofs_keep_their_time() {
    for (error, why) in [
        (REFUSED, NotRead::Forbidden),
        (ApiError::Unreadable, NotRead::Unreadable),
        (ApiError::TooLong, NotRead::Unreadable),
        (ApiError::OtherHost, NotRead::Unreadable),
        (ApiError::Circle, NotRead::Unreadable),
        (ApiError::Incomplete, NotRead::Unreadable),
        (ApiError::NobodyThere, NotRead::Unreadable),
    ] {
        let (team, run) = proven(3).await;
        let before = team.states(run).await;
        for id in ["p1", "p2", "p3"] {
            team.desk.directories.fails(id, &[error]);
        }
        assert_eq!(team.run(run, RunMode::Verify).await, RunEnd::Ended);
        let row = team.row(run).await;
        let verified = row.verified.unwrap();
        assert_eq!((verified.read, verified.gone, verified.back, reasons(&verified)), (0, 0, 0, vec![(why, 3)]));
        assert_eq!(format!("{:?}", team.states(run).await), format!("{before:?}"), "{error:?}");
        assert_eq!((told(&team, "run_ended").await, told(&team, "run_verified").await), (1, 1));
        let ask = ItemAsk { filter: ItemFilter::NotRead, limit: 10, ..ItemAsk::default() };
        let named = team.desk.engine.run_items(run, &ask).await.unwrap();
        assert_eq!(named.total, 3);
        assert_eq!(named.items[0].look.as_ref().unwrap().not_read, Some(why.into()));
        let [page, csv, json] = reports(&team, run).await;
        assert!(page.contains("3件中0件を読み取りました"), "{page}");
        assert_eq!(csv.matches(",\"proven\",").count(), 3, "{csv}");
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["run"]["verified"]["read"], 0);
        assert_ne!(json["rows"][0]["last_look_result"], "read");
    }
}

#[tokio::test]
async fn a_verification_that_read_some_tells_each_apart() {
    let (team, run) = proven(4).await;
    team.desk.directories.fails("p1", &[REFUSED]);
    team.desk.directories.fails("p2", &[ApiError::Unreadable]);
    team.desk.directories.person("p3", &[HUBSPOT]);
    assert_eq!(team.run(run, RunMode::Verify).await, RunEnd::Ended);
    let row = team.row(run).await;
    let verified = row.verified.unwrap();
    assert_eq!((verified.read, verified.gone, verified.back), (2, 1, 1));
    assert_eq!(reasons(&verified), [(NotRead::Forbidden, 1), (NotRead::Unreadable, 1)]);
    assert_eq!((row.counts.proven, row.left[0].why), (3, Left::ConsentedAgain.into()));
    // The next one reads what this one could not.
    assert_eq!(team.run(run, RunMode::Verify).await, RunEnd::Ended);
    let verified = team.row(run).await.verified.unwrap();
    assert_eq!((verified.read, verified.gone, verified.back), (4, 3, 1));
}

#[tokio::test]
async fn a_verification_without_answers_or_a_sign_in_says_that_nobody_was_read() {
    let (team, run) = proven(2).await;
    for id in ["p1", "p2"] {
        team.desk.directories.fails(id, &[ApiError::NoAnswer; 3]);
    }
    assert_eq!(team.run(run, RunMode::Verify).await, RunEnd::Paused(PauseReason::NoAnswer));
    assert_eq!(reasons(&team.row(run).await.verified.unwrap()), [(NotRead::NoAnswer, 2)]);
    team.desk.clock.wait(1);
    for id in ["p1", "p2"] {
        team.desk.directories.fails(id, &[ApiError::Expired]);
    }
    assert_eq!(team.run(run, RunMode::Verify).await, RunEnd::Paused(PauseReason::SignIn));
    let verified = team.row(run).await.verified.unwrap();
    assert_eq!((verified.read, reasons(&verified)), (0, vec![(NotRead::NotAsked, 2)]));
    assert_eq!((told(&team, "run_ended").await, told(&team, "run_verified").await), (1, 2));
}

#[tokio::test]
async fn when_every_list_is_refused_it_is_the_sign_in_and_the_rest_is_not_asked_for() {
    let (team, run) = proven(60).await;
    for number in 1..=60 {
        team.desk.directories.fails(&format!("p{number}"), &[REFUSED]);
    }
    assert_eq!(team.run(run, RunMode::Verify).await, RunEnd::Paused(PauseReason::Forbidden));
    let verified = team.row(run).await.verified.unwrap();
    let reasons = reasons(&verified);
    assert_eq!((verified.read, reasons.len(), reasons.iter().map(|(_, count)| count).sum::<u64>()), (0, 2, 60));
}

#[tokio::test]
async fn a_clock_that_was_set_back_proves_nothing_and_takes_nothing_back() {
    let (team, run) = proven(1).await;
    team.desk.clock.wait(-72);
    assert_eq!(team.run(run, RunMode::Verify).await, RunEnd::Ended);
    let row = team.row(run).await;
    assert_eq!(row.counts.proven, 1);
    assert_eq!(reasons(&row.verified.unwrap()), [(NotRead::ClockBehind, 1)]);
}

#[tokio::test]
async fn what_custom_endpoints_answered_names_them_when_the_settings_are_others_again() {
    const EVIL: &str = "https://evil.example";
    let desk = Desk::new().await;
    let custom = SignInApp { client_id: "a-client-id".into(), api_url: Some(EVIL.into()), ..SignInApp::default() };
    desk.engine.save_sign_in_app(SignInAt::Google, custom).await.unwrap();
    let team = team_on(desk, 2).await;
    let engine = &team.desk.engine;
    let mailbox = engine.track_mailbox("p1@example.com", Provider::Google, None).await.unwrap();
    let job = engine.disable_mailbox(mailbox).await.unwrap();
    engine.confirm_in_crm(job).await.unwrap();
    let organisation = team.organisation.to_string();
    let one = PlanAsk::Text { organisation, text: "p1@example.com".to_owned(), column: None };
    let run = engine.plan(one).await.unwrap().id.parse().unwrap();
    assert_eq!(team.row(run).await.hosts, [EVIL]);
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Ended);
    engine.save_sign_in_app(SignInAt::Google, SignInApp::default()).await.unwrap();

    assert_eq!(team.row(run).await.hosts, [EVIL]);
    let [page, csv, json] = reports(&team, run).await;
    assert!(page.contains(EVIL) && csv.contains("custom_endpoints") && json.contains(EVIL), "{csv}");
    let rest = team.planned().await;
    assert_eq!(team.row(rest).await.hosts, [EVIL], "what the search found came from there");
    let evidence = team.desk.card().await.steps.into_iter().find(|step| step.kind == StepKind::RevokeGrant).unwrap();
    assert_eq!(evidence.evidence.unwrap().hosts, [EVIL]);
}

/// Two of HubSpot's apps are marked, and the plan has one of them.
async fn two_apps() -> (Team, uncouple_domain::RunId) {
    let team = team(2).await;
    team.desk.directories.person("p2", &[HUBSPOT, "hubspot-ads", "slack"]);
    team.search().await;
    let engine = &team.desk.engine;
    engine.choose_app(team.organisation, "hubspot-ads", true, None).await.unwrap();
    let run = engine.plan_of_apps(team.all(), &[HUBSPOT.to_owned()]).await.unwrap().id.parse().unwrap();
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Ended);
    (team, run)
}

#[tokio::test]
async fn a_person_whom_hubspot_still_reaches_by_another_grant_is_told_apart_and_can_be_planned() {
    let (team, run) = two_apps().await;
    let row = team.row(run).await;
    assert_eq!((row.counts.proven, row.counts.left, row.left[0].why), (1, 1, Left::StillReached.into()));
    assert!(row.actions.contains(&RunAction::PlanRemaining));
    let states = team.states(run).await;
    let ItemStateView::StillReached { through, .. } = &states[1] else { unreachable!("{states:?}") };
    assert_eq!((through[0].app_key.as_str(), through[0].everybody), ("hubspot-ads", false));
    let [page, csv, json] = reports(&team, run).await;
    assert!(page.contains("次のアクセス権で引き続きアクセスできます"), "{page}");
    assert!(csv.contains("\"still_reached\"") && csv.contains("hubspot-ads"), "{csv}");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["rows"][1]["state"], "still_reached");
    assert_eq!(told(&team, "access_left").await, 1);

    let ask = PlanAsk::Remaining { organisation: team.organisation.to_string(), run: run.to_string() };
    let rest = team.desk.engine.plan(ask.clone()).await.unwrap();
    assert_eq!((rest.counts.total(), rest.everybody), (1, 0), "exactly what the list still has");
    let rest = rest.id.parse().unwrap();
    assert_eq!(team.run(rest, RunMode::Revoke).await, RunEnd::Ended);
    assert_eq!(team.row(rest).await.counts.proven, 1);
    assert!(team.desk.directories.has("p2", "slack"));
    // The first run's own list is free of it by now.
    team.desk.clock.wait(1);
    assert_eq!(team.run(run, RunMode::Verify).await, RunEnd::Ended);
    assert_eq!(team.row(run).await.counts.proven, 2);
    let error = team.desk.engine.plan(ask).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::PlanEmpty);
}

#[tokio::test]
async fn what_the_same_run_is_about_to_revoke_is_nothing_that_still_reaches() {
    let team = team(2).await;
    for id in ["p1", "p2"] {
        team.desk.directories.person(id, &[HUBSPOT, "hubspot-ads"]);
    }
    team.search().await;
    team.desk.engine.choose_app(team.organisation, "hubspot-ads", true, None).await.unwrap();
    team.desk.directories.lags(2);
    let run = team.planned().await;
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Ended);
    let row = team.row(run).await;
    assert_eq!((row.counts.proven, row.counts.left), (4, 0), "{:?}", row.left);
}

#[tokio::test]
async fn a_grant_that_comes_later_is_found_by_the_next_look_and_a_failed_one_does_not_hide_it() {
    let (team, run) = proven(1).await;
    team.desk.directories.person("p1", &["hubspot-ads"]);
    team.search().await;
    team.desk.engine.choose_app(team.organisation, "hubspot-ads", true, None).await.unwrap();
    assert_eq!(team.run(run, RunMode::Verify).await, RunEnd::Ended);
    assert_eq!(team.row(run).await.left[0].why, Left::StillReached.into());
    for mode in [RunMode::Verify, RunMode::Retry] {
        team.desk.clock.wait(1);
        team.desk.directories.fails("p1", &[REFUSED]);
        team.run(run, mode).await;
        assert_eq!(team.row(run).await.left[0].why, Left::StillReached.into(), "{mode:?}");
    }
}

#[tokio::test]
async fn whoever_a_search_could_not_read_is_named_counted_apart_and_exported() {
    let team = team(5).await;
    team.desk.directories.fails("p3", &[ApiError::Unreadable]);
    team.desk.directories.fails("p4", &[REFUSED]);
    team.desk.clock.wait(1);
    team.search().await;
    let view = team.view().await;
    let searched = view.searched.unwrap();
    assert_eq!((searched.people, searched.unread, searched.complete), (3, 2, true));
    assert_eq!(view.accesses, 5, "what was known of them stays");
    let unread = team.desk.engine.unread(team.organisation, 0, 10).await.unwrap();
    let named: Vec<_> = unread.people.iter().map(|one| (one.address.as_str(), one.why.into())).collect();
    assert_eq!(named, [("p3@example.com", NotRead::Unreadable), ("p4@example.com", NotRead::Forbidden)]);
    for (format, name) in [(ExportFormat::Csv, "u.csv"), (ExportFormat::Json, "u.json")] {
        let path = team.desk.folder().join(name);
        let path = path.to_str().unwrap();
        let done = team.desk.engine.export_unread(team.organisation, format, path).await.unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(done.entries, 2);
        assert!(text.contains("p4@example.com") && text.contains("forbidden"), "{text}");
    }
    team.search().await;
    assert_eq!(team.desk.engine.unread(team.organisation, 0, 10).await.unwrap().total, 0);
    assert_eq!(team.view().await.searched.unwrap().people, 5);
}

#[tokio::test]
async fn a_list_that_is_not_whole_makes_the_search_partial_and_proves_nobody_free() {
    let team = team(2).await;
    let engine = &team.desk.engine;
    let mailbox = engine.track_mailbox("p2@example.com", uncouple_engine::wire::Provider::Google, None).await.unwrap();
    let job = engine.disable_mailbox(mailbox).await.unwrap();
    engine.confirm_in_crm(job).await.unwrap();
    team.desk.directories.counts_more(1);
    team.desk.directories.person("p2", &["slack"]);
    team.desk.clock.wait(1);
    team.search().await;
    let view = team.view().await;
    let short = view.searched.unwrap().short.unwrap();
    assert_eq!(short.told, short.came + 1);
    assert_eq!(view.accesses, 1, "p2's own list was read, and nobody else's is forgotten");
    let step = uncouple_engine::wire::StepKind::RevokeGrant;
    assert!(team.desk.step(step).await.evidence.is_none(), "what is not in it may be one of those it lacks");
    assert!(team.row(team.planned().await).await.partial);
    team.desk.directories.counts_more(0);
    team.desk.clock.wait(1);
    team.search().await;
    assert!(team.view().await.searched.unwrap().short.is_none());
    assert!(team.desk.step(step).await.evidence.is_some());
}

#[tokio::test]
async fn a_full_disk_pauses_a_run_with_that_reason_and_it_goes_on_when_there_is_room() {
    let team = team(30).await;
    let run = team.planned().await;
    team.desk.directories.takes(std::time::Duration::from_millis(2));
    team.desk.disk.full_after(3);
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Paused(PauseReason::DiskFull));
    let row = team.row(run).await;
    assert_eq!(row.paused, Some(PauseReason::DiskFull));
    let gone = (1..=30).filter(|number| !team.desk.directories.has(&format!("p{number}"), HUBSPOT)).count() as u64;
    assert_eq!(row.deleted, Some(gone), "what was deleted is said, written down or not");
    assert!(row.actions.contains(&RunAction::Resume));
    // Not before there is room, and then in its time.
    team.desk.engine.runs_due().await.unwrap();
    team.settled().await;
    team.desk.disk.has_room();
    team.desk.engine.runs_due().await.unwrap();
    team.settled().await;
    assert_eq!(team.row(run).await.paused, Some(PauseReason::DiskFull), "written down by now");
    team.desk.engine.resume_run(run).await.unwrap();
    team.settled().await;
    let row = team.row(run).await;
    assert_eq!((row.counts.proven, row.deleted), (30, None));
    for number in 1..=30 {
        assert_eq!(team.desk.directories.deletions(&format!("p{number}")).1, 0, "p{number} was deleted again");
    }
}

#[tokio::test]
async fn a_run_that_a_full_disk_stopped_goes_on_by_itself_once_there_is_room() {
    let team = team(5).await;
    let run = team.planned().await;
    team.desk.disk.full_after(2);
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Paused(PauseReason::DiskFull));
    team.desk.disk.has_room();
    team.desk.engine.runs_due().await.unwrap();
    team.desk.clock.wait(1);
    team.desk.engine.runs_due().await.unwrap();
    team.settled().await;
    assert_eq!(team.row(run).await.counts.proven, 5);
}

#[tokio::test]
async fn a_search_that_a_full_disk_stops_says_what_is_kept() {
    let team = team(1_200).await;
    team.desk.disk.full_after(2);
    let error = team.desk.engine.search(team.organisation).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::SearchDiskFull);
    assert!(error.details["accesses"].parse::<u64>().unwrap() <= 1_200, "{error:?}");
    team.desk.disk.has_room();
    team.search().await;
    assert_eq!(team.view().await.accesses, 1_200);
}

#[tokio::test]
async fn the_history_line_of_a_verification_carries_its_own_counts() {
    let (team, run) = proven(2).await;
    team.desk.directories.fails("p1", &[REFUSED]);
    team.run(run, RunMode::Verify).await;
    let filter = HistoryFilter { kind: Some("run_verified".to_owned()), ..HistoryFilter::default() };
    let line = team.desk.engine.history(filter).await.unwrap();
    let text = serde_json::to_string(&line).unwrap();
    for part in ["\"read\":1", "\"gone\":1", "\"back\":0", "\"unread\":1"] {
        assert!(text.contains(part), "{text}");
    }
}
