//! What is known, and not known, of when accesses were used.

use crate::team::{HOURS, Team, sign_in, team, until};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use uncouple_engine::directory::ApiError;
use uncouple_engine::ports::Clock as _;
use uncouple_engine::runs::AccessView;
use uncouple_engine::view::{AccessAsk, LogView, PlanAsk};
use uncouple_engine::wire::LogStop;
use uncouple_engine::{ErrorCode, LogDepth, SearchAsk};
use uncouple_testkit::{Desk, HUBSPOT};

fn ago(team: &Team, days: i64) -> Timestamp {
    team.desk.clock.now() - SignedDuration::from_hours(24 * days)
}

fn ask(team: &Team, days: u32) -> AccessAsk {
    let organisation = Some(team.organisation.to_string());
    AccessAsk { organisation, view: AccessView::Unused, days: Some(days), limit: 500, ..AccessAsk::default() }
}

/// Addresses of those who are unused for so many days; or why that is not known.
async fn unused(team: &Team, days: u32) -> Result<Vec<String>, ErrorCode> {
    let list = team.desk.engine.accesses(&ask(team, days)).await.map_err(|error| error.code)?;
    Ok(list.rows.into_iter().map(|row| row.person.unwrap().address).collect())
}

async fn search(team: &Team, log: LogDepth) {
    team.desk.engine.search_as(team.organisation, SearchAsk { log, ..SearchAsk::default() }).await.unwrap();
}

async fn log(team: &Team) -> LogView {
    team.view().await.searched.unwrap().log
}

#[tokio::test]
async fn unused_is_whoever_has_no_use_in_a_log_that_was_read_to_its_end() {
    let team = team(3).await;
    team.desk.directories.uses("p1", HUBSPOT, ago(&team, 10));
    team.desk.directories.uses("p2", HUBSPOT, ago(&team, 40));
    search(&team, LogDepth::Days(30)).await;
    assert_eq!(unused(&team, 30).await.unwrap(), ["p2@example.com", "p3@example.com"]);
    assert_eq!(unused(&team, 31).await, Err(ErrorCode::UsesNotCovered), "it was read for 30 days only");
    search(&team, LogDepth::All).await;
    assert_eq!(unused(&team, 45).await.unwrap(), ["p3@example.com"]);
    let known = log(&team).await;
    assert!(known.read && known.tells_uses && known.why.is_none(), "{known:?}");
}

#[tokio::test]
async fn nobody_is_called_unused_by_a_log_that_was_not_read() {
    let team = team(3).await;
    for (works, why) in [(false, LogStop::NotPermitted), (true, LogStop::Failed)] {
        team.desk.directories.log_works(works);
        team.desk.directories.log_fails(works.then_some(ApiError::Unreadable));
        search(&team, LogDepth::All).await;
        let code = if works { ErrorCode::UsesNotRead } else { ErrorCode::UsesNotPermitted };
        assert_eq!(unused(&team, 30).await, Err(code));
        let known = log(&team).await;
        assert_eq!((known.read, known.from, known.why), (false, None, Some(why)));
        let plan = PlanAsk::All { ask: ask(&team, 30), except: Vec::new() };
        assert_eq!(team.desk.engine.plan(plan).await.unwrap_err().code, code, "nor planned");
        let path = team.desk.folder().join("list.csv");
        let format = uncouple_engine::ExportFormat::Csv;
        let exported = team.desk.engine.export_accesses(&ask(&team, 30), format, path.to_str().unwrap()).await;
        assert_eq!(exported.unwrap_err().code, code, "nor exported");
    }
}

#[tokio::test]
async fn what_can_never_be_told_is_refused_before_anything_is_asked() {
    let team = team(1).await;
    let engine = &team.desk.engine;
    let can = async |days| engine.can_tell_unused(team.organisation, days).await.map_err(|error| error.code);
    assert_eq!(can(180).await, Ok(()));
    assert_eq!(can(181).await, Err(ErrorCode::UsesTooFar));
    assert_eq!(can(9_999).await, Err(ErrorCode::UsesTooFar));
    assert_eq!(unused(&team, 181).await, Err(ErrorCode::UsesTooFar));
    sign_in(&team.desk, &["people", "revoke"], false).await.unwrap();
    assert_eq!(can(30).await, Err(ErrorCode::UsesNotPermitted));
}

#[tokio::test]
async fn microsofts_log_tells_no_uses_and_nobody_is_unused_there() {
    let desk = Desk::filled_sample(uncouple_engine::wire::Language::English).await;
    let view = desk.engine.admin().await.unwrap();
    let microsoft = view
        .organisations
        .iter()
        .find(|one| one.name.contains("onmicrosoft") || one.suite == uncouple_engine::wire::Suite::Microsoft)
        .unwrap();
    let ask = AccessAsk {
        organisation: Some(microsoft.id.clone()),
        view: AccessView::Unused,
        days: Some(90),
        limit: 10,
        ..AccessAsk::default()
    };
    assert_eq!(desk.engine.accesses(&ask).await.unwrap_err().code, ErrorCode::UsesNotTold);
    assert!(!microsoft.searched.as_ref().unwrap().log.tells_uses);
    // Of all organisations, those are listed of which it is known.
    let all = desk.engine.accesses(&AccessAsk { organisation: None, ..ask }).await.unwrap();
    assert!(all.rows.iter().all(|row| row.suite == uncouple_engine::wire::Suite::Google) && all.total > 0);
}

#[tokio::test]
async fn whoever_is_found_after_the_log_was_read_is_not_called_unused() {
    let team = team(2).await;
    search(&team, LogDepth::All).await;
    assert_eq!(unused(&team, 30).await.unwrap().len(), 2);
    team.desk.directories.person("p9", &[HUBSPOT]);
    search(&team, LogDepth::NotAtAll).await;
    assert_eq!(unused(&team, 30).await.unwrap().len(), 2, "of p9 nothing is known");
    // What was known has its own time: days are counted back from there.
    team.desk.clock.wait(24 * 20);
    search(&team, LogDepth::NotAtAll).await;
    assert_eq!(log(&team).await.at.unwrap(), (ago(&team, 20)).to_string());
}

#[tokio::test]
async fn the_newest_lines_come_first_and_no_more_are_read_than_needed() {
    let team = team(2).await;
    for hours in 0..400 {
        for person in ["p1", "p2"] {
            team.desk.directories.uses(person, HUBSPOT, team.desk.clock.now() - SignedDuration::from_hours(hours));
        }
    }
    let before = team.desk.directories.log_told();
    search(&team, LogDepth::All).await;
    let told = team.desk.directories.log_told() - before;
    assert!(told < 400, "{told} lines, though both were dated by the first two");
    let known = log(&team).await;
    assert!(known.read && known.why.is_none(), "older lines change nothing: {known:?}");
    assert_eq!(unused(&team, 180).await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn a_search_is_there_before_the_log_is_read_and_stays_when_that_is_stopped() {
    let team = team(3).await;
    for hours in 0..2_000 {
        team.desk.directories.uses("p1", HUBSPOT, team.desk.clock.now() - SignedDuration::from_hours(hours));
    }
    team.desk.directories.log_takes(Duration::from_millis(5));
    team.desk.clock.wait(HOURS);
    let engine = &team.desk.engine;
    engine.begin_search(team.organisation).await.unwrap();
    until("the log is read", async || {
        engine.searching(team.organisation).is_some_and(|view| view.log.is_some_and(|log| log.lines > 3))
    })
    .await;
    let going = engine.searching(team.organisation).unwrap();
    assert_eq!(going.seconds_left, None, "how long the log is nobody knows");
    let view = team.view().await;
    let searched = view.searched.unwrap();
    assert!(searched.complete && view.accesses == 3, "the result does not wait for the log");
    assert_eq!(searched.at, team.desk.clock.now().to_string());
    assert!(!engine.plan(team.all()).await.unwrap().partial, "nor does a plan");
    engine.stop_search(team.organisation).await.unwrap();
    team.settled().await;
    let known = log(&team).await;
    assert_eq!(known.why, Some(LogStop::Stopped));
    assert!(known.read, "as far as it was read, it is known: {known:?}");
    assert_eq!(unused(&team, 180).await, Err(ErrorCode::UsesNotCovered));
    assert!(team.view().await.searched.unwrap().complete);
}

#[tokio::test]
async fn a_glance_at_a_long_log_ends_by_itself_and_says_how_far_it_came() {
    let team = team(2).await;
    for hours in 0..2_000 {
        team.desk.directories.uses("p1", HUBSPOT, team.desk.clock.now() - SignedDuration::from_hours(hours));
    }
    team.desk.directories.log_takes(Duration::from_millis(10));
    let start = std::time::Instant::now();
    search(&team, LogDepth::Glance).await;
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    let known = log(&team).await;
    assert_eq!((known.read, known.why), (true, Some(LogStop::TooLong)));
}
