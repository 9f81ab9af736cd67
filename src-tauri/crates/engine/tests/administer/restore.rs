//! Giving deleted permissions back at Microsoft, and what stands beside people's grants there.

use crate::team::{ADMIN, Team, team};
use std::time::Duration;
use uncouple_domain::{AppRole, ConsentRule, OrganisationId, Provider};
use uncouple_engine::directory::{ApiError, RestoreAnswer};
use uncouple_engine::history::HistoryFilter;
use uncouple_engine::view::{
    AdminSignInResult, AppRolesView, ItemStateView, NotLookedAt, PlanAsk, Reconsent, RestoreAsk, RestoreView, RunAction,
};
use uncouple_engine::wire::Suite;
use uncouple_engine::{AppError, ErrorCode, RunEnd, RunMode};
use uncouple_testkit::{Desk, HUBSPOT};

const ALL: [&str; 4] = ["people", "log", "revoke", "policy"];

async fn signed_in(desk: &Desk, granted: &[&str], read_only: bool) -> OrganisationId {
    desk.accounts.administrator(Provider::Microsoft365, ADMIN, "1//admin-refresh-token", granted);
    desk.accounts.gives_access("access");
    let signed = desk.engine.admin_sign_in(Suite::Microsoft, read_only, None).await.unwrap();
    let AdminSignInResult::SignedIn { organisation } = signed else { unreachable!("{signed:?}") };
    organisation.parse().unwrap()
}

/// So many people with HubSpot's app at Microsoft, found and chosen.
async fn tenant(people: usize) -> Team {
    let desk = Desk::new().await;
    for number in 1..=people {
        desk.directories.person(&format!("p{number}"), &[HUBSPOT, "slack"]);
    }
    desk.directories.log_works(true);
    let organisation = signed_in(&desk, &ALL, false).await;
    let team = Team { desk, organisation };
    team.search().await;
    team.desk.engine.choose_app(organisation, HUBSPOT, true, None).await.unwrap();
    team.search().await;
    team
}

fn of(people: &[&str]) -> RestoreAsk {
    RestoreAsk { people: people.iter().map(|id| format!("{id}@example.com")).collect(), ..RestoreAsk::default() }
}

impl Team {
    async fn restore(&self, run: uncouple_domain::RunId, ask: &RestoreAsk) -> Result<RestoreView, AppError> {
        self.desk.engine.restore_to_end(run, ask).await
    }
}

#[tokio::test]
async fn what_a_run_deleted_is_given_back_and_does_not_count_as_removed_any_more() {
    let team = tenant(3).await;
    let run = team.planned().await;
    assert_eq!(team.run(run, RunMode::Revoke).await, RunEnd::Ended);
    let before = team.row(run).await;
    assert_eq!((before.counts.proven, before.restorable), (3, 3));
    assert!(before.actions.contains(&RunAction::Restore), "{:?}", before.actions);
    assert_eq!(before.account.as_deref(), Some(ADMIN));

    team.desk.directories.restore_lags(2);
    let done = team.restore(run, &of(&["p2"])).await.unwrap();
    assert_eq!((done.asked, done.restored, done.failed.len()), (1, 1, 0), "{done:?}");
    assert!(team.desk.directories.has("p2", HUBSPOT) && !team.desk.directories.has("p1", HUBSPOT));
    let states = team.states(run).await;
    assert!(matches!(states[1], ItemStateView::Restored { .. }), "{states:?}");
    let after = team.row(run).await;
    assert_eq!((after.counts.proven, after.counts.restored, after.counts.left, after.restorable), (2, 1, 0, 2));
    assert_eq!(after.counts.total(), 3);

    // Neither a retry nor a verification takes it away or proves it gone.
    for mode in [RunMode::Retry, RunMode::Verify] {
        assert_eq!(team.run(run, mode).await, RunEnd::Ended);
        assert!(team.desk.directories.has("p2", HUBSPOT));
        assert!(matches!(team.states(run).await[1], ItemStateView::Restored { .. }));
    }
    assert_eq!(team.desk.directories.deletions("p2").0, 1);
    // It can be planned again.
    let organisation = team.organisation.to_string();
    let again = PlanAsk::Text { organisation, text: "p2@example.com".to_owned(), column: None };
    let again = team.desk.engine.plan(again).await.unwrap();
    assert_eq!(again.counts.total(), 1);
    let filter = HistoryFilter { kind: Some("access_restored".to_owned()), ..HistoryFilter::default() };
    assert_eq!(team.desk.engine.history(filter).await.unwrap().total, 1);
}

#[tokio::test]
async fn what_this_run_did_not_delete_is_not_given_back() {
    let team = tenant(3).await;
    let run = team.planned().await;
    // Somebody else was faster with one of them, and one account is gone.
    team.desk.directories.person("p1", &["slack"]);
    team.desk.directories.vanishes("p2");
    team.run(run, RunMode::Revoke).await;
    let states = team.states(run).await;
    assert!(matches!(states[0], ItemStateView::Proven { already_gone: true, .. }), "{states:?}");
    assert_eq!(team.row(run).await.restorable, 1);
    for person in ["p1", "p2", "nobody"] {
        let error = team.restore(run, &of(&[person])).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::NothingToRestore, "{person}");
    }
    let done = team.restore(run, &RestoreAsk::default()).await.unwrap();
    assert_eq!((done.asked, done.restored), (1, 1));
    assert!(!team.desk.directories.has("p1", HUBSPOT));
    let error = team.restore(run, &RestoreAsk::default()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NothingToRestore);
}

#[tokio::test]
async fn one_that_is_there_already_is_a_success_and_a_gone_account_is_not() {
    let team = tenant(2).await;
    let run = team.planned().await;
    team.run(run, RunMode::Revoke).await;
    team.desk.directories.consents("p1", HUBSPOT, jiff::Timestamp::UNIX_EPOCH, true);
    team.desk.directories.vanishes("p2");
    let done = team.restore(run, &RestoreAsk::default()).await.unwrap();
    assert_eq!((done.asked, done.restored), (2, 1), "{done:?}");
    assert_eq!(done.failed[0].code, ErrorCode::RestoreRefused);
    assert_eq!(team.desk.directories.given_back(), [("p1".to_owned(), RestoreAnswer::There)]);
    let states = team.states(run).await;
    assert!(matches!(states[..], [ItemStateView::Restored { .. }, ItemStateView::Proven { .. }]), "{states:?}");
}

#[tokio::test]
async fn a_crash_in_between_leaves_it_unclear_until_somebody_asks_again() {
    let team = tenant(1).await;
    let run = team.planned().await;
    team.run(run, RunMode::Revoke).await;
    team.desk.directories.restore_never_answers(true);
    {
        let process = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let engine = std::sync::Arc::clone(&team.desk.engine);
        process.spawn(async move { engine.restore_to_end(run, &RestoreAsk::default()).await });
        tokio::time::sleep(Duration::from_millis(300)).await;
        process.shutdown_background();
    }
    team.settled().await;
    let row = team.row(run).await;
    assert_eq!((row.counts.proven, row.counts.restored, row.counts.restoring), (0, 0, 1), "{:?}", row.counts);
    // Nothing goes on by itself.
    team.desk.engine.runs_due().await.unwrap();
    team.desk.directories.restore_never_answers(false);
    assert_eq!(team.row(run).await.counts.restoring, 1);
    let done = team.restore(run, &RestoreAsk::default()).await.unwrap();
    assert_eq!(done.restored, 1);
    assert_eq!(team.row(run).await.counts.restored, 1);
    let answers: Vec<_> = team.desk.directories.given_back().into_iter().map(|(_, answer)| answer).collect();
    assert_eq!(answers, [RestoreAnswer::Given, RestoreAnswer::There]);
}

#[tokio::test]
async fn a_refusal_by_the_role_stops_and_proves_what_it_proved_before() {
    let team = tenant(2).await;
    let run = team.planned().await;
    team.run(run, RunMode::Revoke).await;
    let forbidden = ApiError::Forbidden { permission: uncouple_domain::Permission::Revoke };
    team.desk.directories.fails("p1", &[forbidden]);
    team.desk.directories.fails("p2", &[forbidden]);
    let done = team.restore(run, &RestoreAsk::default()).await.unwrap();
    assert_eq!(done.stopped.as_ref().map(|error| error.code), Some(ErrorCode::AdminForbidden), "{done:?}");
    assert_eq!(team.row(run).await.counts.proven, 2);
}

#[tokio::test]
async fn a_consent_for_everybody_wants_a_word_of_its_own_and_google_gives_nothing_back() {
    let team = tenant(1).await;
    team.desk.directories.everybody(HUBSPOT, true);
    team.search().await;
    let run = team.planned().await;
    team.desk.engine.run_to_end(run, RunMode::Revoke, true).await.unwrap();
    let error = team.restore(run, &RestoreAsk::default()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::RestoreEverybody);
    let ask = RestoreAsk { everybody: true, ..RestoreAsk::default() };
    let done = team.restore(run, &ask).await.unwrap();
    assert_eq!((done.asked, done.restored), (2, 2), "{done:?}");

    let google = crate::team::team(1).await;
    let run = google.planned().await;
    google.run(run, RunMode::Revoke).await;
    assert!(!google.row(run).await.actions.contains(&RunAction::Restore));
    let error = google.desk.engine.restore_to_end(run, &RestoreAsk::default()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::RestoreNotHere);
}

#[tokio::test]
async fn application_permissions_are_read_kept_and_said_and_so_is_that_they_were_not() {
    let team = tenant(1).await;
    let roles = |view: &AppRolesView| match view {
        AppRolesView::Read { roles, .. } => Some(roles.iter().map(|role| role.id.clone()).collect::<Vec<_>>()),
        AppRolesView::None | AppRolesView::NotRead | AppRolesView::Unread { .. } => None,
    };
    let view = team.view().await;
    assert_eq!(roles(&view.chosen[0].roles), Some(Vec::new()));
    assert!(!view.not_looked_at.contains(&NotLookedAt::ApplicationPermissions));
    let role = AppRole { id: "r1".into(), value: Some("Mail.Read".into()), resource: "Microsoft Graph".into() };
    team.desk.directories.roles(HUBSPOT, Ok(vec![role]));
    let run = team.planned().await;
    assert_eq!(roles(&team.row(run).await.apps[0].roles), Some(vec!["r1".to_owned()]));
    // Read again at the end of the run, whatever the plan knew.
    team.desk.directories.roles(HUBSPOT, Err(ApiError::Forbidden { permission: uncouple_domain::Permission::Apps }));
    team.run(run, RunMode::Revoke).await;
    let row = team.row(run).await;
    assert!(matches!(row.apps[0].roles, AppRolesView::Unread { .. }), "{:?}", row.apps);
    assert!(row.not_looked_at.contains(&NotLookedAt::ApplicationPermissions));
    let google = crate::team::team(1).await.view().await;
    assert!(matches!(google.chosen[0].roles, AppRolesView::None));
    assert!(google.not_looked_at.contains(&NotLookedAt::DomainWideDelegation));
}

#[tokio::test]
async fn who_can_let_it_in_again_is_read_before_a_plan_where_the_sign_in_allows_it() {
    let team = tenant(1).await;
    for (rule, wanted) in [
        (Some(ConsentRule::People), Reconsent::People),
        (Some(ConsentRule::Administrators), Reconsent::Administrator),
        (Some(ConsentRule::Other), Reconsent::Unknown),
        (Some(ConsentRule::People), Reconsent::People),
        // What was known may not hold any more.
        (None, Reconsent::Unknown),
    ] {
        team.desk.directories.rule(rule);
        let plan = team.desk.engine.plan(team.all()).await.unwrap();
        assert_eq!(plan.reconsent, wanted, "{rule:?}");
    }
    let desk = Desk::new().await;
    desk.directories.person("p1", &[HUBSPOT]);
    desk.directories.rule(Some(ConsentRule::People));
    let organisation = signed_in(&desk, &["people", "log", "revoke"], false).await;
    let other = Team { desk, organisation };
    other.search().await;
    other.desk.engine.choose_app(organisation, HUBSPOT, true, None).await.unwrap();
    assert_eq!(other.desk.engine.plan(other.all()).await.unwrap().reconsent, Reconsent::Unknown);
    let missing = other.view().await.sign_in.unwrap().missing;
    assert_eq!(missing, [uncouple_engine::wire::Permission::Policy]);
    let _ = team;
}

#[tokio::test]
async fn an_app_of_another_name_keeps_its_name_in_plan_and_notices() {
    let team = team(1).await;
    team.desk.engine.choose_app(team.organisation, "slack", true, Some("Slack")).await.unwrap();
    team.search().await;
    let run = team.planned().await;
    let apps = team.row(run).await.apps;
    let named: Vec<_> = apps.iter().map(|app| (app.name.as_str(), app.by_name, app.client_id.as_deref())).collect();
    let wanted = [("HubSpot", true, Some("client-of-hubspot.apps.example")), ("Slack", false, Some("client-of-slack"))];
    assert_eq!(named, wanted);
}
