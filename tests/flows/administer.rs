//! An administrator's way through the window, with an organisation's API behind it.

use crate::app::App;
use secrecy::ExposeSecret;
use serde_json::json;
use uncouple_desk::{Person, wait_for};
use uncouple_testkit::directory::{Every, Fault, GoogleApp, GoogleOrg, GraphApp, GraphOrg, Route};

const KEYRING: &[(&str, &str)] = &[("service", "dev.uncouple.desktop")];

pub(crate) async fn google(language: &'static str, org: &GoogleOrg) -> App {
    let token = org.sign_in().access_token();
    let app = App::administering(language, "google", &org.url(), token.expose_secret()).await.unwrap();
    sign_in(&app, "google", &org.state().address(0)).await;
    app
}

async fn sign_in(app: &App, suite: &str, account: &str) {
    app.window.click("side-access").await.unwrap();
    app.window.click("admin-sign-in").await.unwrap();
    app.window.click(&format!("admin-{suite}")).await.unwrap();
    app.window.click("dialog-admin-sign-in dialog-confirm").await.unwrap();
    let page = app.desk.wait_opened(1).await.unwrap();
    let landing = Person::new(account).unwrap().agrees(&page).await.unwrap();
    assert_eq!(landing.status, 200, "{}", landing.text);
    app.window.says("fact-sign-in", account).await.unwrap();
}

/// Searches, and names an app as HubSpot's.
async fn choose(app: &App, key: &str) {
    search(app).await;
    // A plan has only what was found by then.
    app.window.find("css:[data-testid=fact-search][data-mark=ok]").await.unwrap();
    // It opens by itself while nothing is chosen.
    app.window.find("apps-panel").await.unwrap();
    app.window.click(&format!("css:[data-app='{key}'] [data-testid=app-choose]")).await.unwrap();
    app.window.find("access-table").await.unwrap();
}

pub(crate) async fn search(app: &App) {
    app.window.click("search-start").await.unwrap();
    app.window.gone("search-progress").await.unwrap();
    app.window.find("search-start").await.unwrap();
}

/// Plans everything that is in the list.
pub(crate) async fn plan_all(app: &App) {
    app.window.click("select-page").await.unwrap();
    if app.window.has("select-all").await.unwrap() {
        app.window.click("select-all").await.unwrap();
    }
    app.window.click("plan-selection").await.unwrap();
    app.window.find("plan-card").await.unwrap();
}

pub(crate) async fn start(app: &App) {
    app.window.click("plan-start").await.unwrap();
    app.window.click("dialog-start dialog-confirm").await.unwrap();
    app.window.gone("dialog-start").await.unwrap();
}

#[tokio::test]
async fn the_sample_shows_an_organisation_takes_a_plan_and_starts_nothing() {
    let app = App::welcome("en").await.unwrap();
    app.window.click("welcome-sample").await.unwrap();
    app.window.find("sample-banner").await.unwrap();
    app.window.click("side-access").await.unwrap();
    app.window.says("access-sample", "nothing is searched or sent").await.unwrap();
    app.window.find("css:[data-testid=access-row][data-address='hanako.sato@example.co.jp']").await.unwrap();
    for place in ["admin-sign-in", "organisation-sign-in", "search-start"] {
        assert!(!app.window.has(place).await.unwrap(), "{place}");
    }
    app.window.click("view-unused").await.unwrap();
    app.window.find("css:[data-testid=access-row][data-address='ken.tanaka@example.co.jp']").await.unwrap();

    app.window.click("side-runs").await.unwrap();
    app.window.click("run-open").await.unwrap();
    app.window.says("run-sum", "4 of 5").await.unwrap();
    app.window.find("report-file").await.unwrap();
    for place in ["run-retry", "run-verify"] {
        assert!(!app.window.has(place).await.unwrap(), "{place}");
    }
    let google = app.invoke("admin", json!({})).await.unwrap()["ok"]["organisations"][0].clone();
    app.window
        .run(
            "location.hash = arguments[0]",
            vec![json!(format!("#/admin/access?organisation={}", google["id"].as_str().unwrap()))],
        )
        .await
        .unwrap();
    app.window.click("select-page").await.unwrap();
    app.window.click("plan-selection").await.unwrap();
    app.window.says("plan-hindrance", "This is the sample").await.unwrap();
    assert!(!app.window.has("plan-start").await.unwrap());
    app.window.click("plan-drop").await.unwrap();
    app.window.find("run-row").await.unwrap();
    assert_eq!(app.desk.opened(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn hubspots_access_is_found_planned_revoked_proven_and_reported() {
    let org =
        GoogleOrg::with(12).apps([(GoogleApp::HUBSPOT, Every::ONE), (GoogleApp::SLACK, Every::ONE)]).start().await;
    let address = org.state().address(3);
    let app = google("ja", &org).await;
    app.window.click("side-general").await.unwrap();
    app.track(&address, "google", "").await.unwrap();
    app.disable(&address).await.unwrap();
    app.window.click("confirm-both").await.unwrap();
    app.window.click("side-access").await.unwrap();
    choose(&app, GoogleApp::HUBSPOT.client_id).await;
    plan_all(&app).await;
    app.window.says("plan-removes", "12").await.unwrap();
    app.window.find("plan-undo").await.unwrap();
    assert_eq!(org.seen().count(Route::DeleteToken), 0, "a plan sends nothing");
    start(&app).await;
    app.window.says("run-sum", "12").await.unwrap();
    app.window.find("css:[data-testid=run-sum][data-mark=ok]").await.unwrap();
    org.state().assert_only_deleted(&[GoogleApp::HUBSPOT.client_id]);
    assert_eq!(org.state().remaining(GoogleApp::HUBSPOT.client_id), 0);

    // The job of the workspace has its evidence.
    app.window.click("side-general").await.unwrap();
    app.window.says("completion-title", "完了").await.unwrap();
    let history = app.verify_and_export().await.unwrap();
    assert!(history.contains("access_revoked") && history.contains("google_directory"), "{history}");
    assert_eq!(org.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_but_those_who_were_left_out_is_revoked_over_all_pages() {
    let org = GoogleOrg::with(120).without_quota().apps([(GoogleApp::HUBSPOT, Every::ONE)]).start().await;
    let app = google("en", &org).await;
    choose(&app, GoogleApp::HUBSPOT.client_id).await;
    app.window.click("select-all").await.unwrap();
    app.window.says("select-count", "All 120 grants").await.unwrap();
    app.window.click("css:[data-testid=access-row]:nth-child(2) [data-testid=access-tick]").await.unwrap();
    app.window.says("select-count", "119 of all 120").await.unwrap();
    app.window.click("pager-next").await.unwrap();
    app.window.says("pager-where", "101–120 of 120").await.unwrap();
    app.window.click("css:[data-testid=access-row]:nth-child(3) [data-testid=access-tick]").await.unwrap();
    app.window.says("select-count", "118 of all 120").await.unwrap();
    app.window.click("plan-selection").await.unwrap();
    app.window.says("plan-removes", "118 grants").await.unwrap();
    start(&app).await;
    app.window.says("run-sum", "All 118 are proven removed").await.unwrap();
    assert_eq!(org.state().remaining(GoogleApp::HUBSPOT.client_id), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_among_many_is_never_a_green_tick_and_can_be_taken_up_again() {
    let org = GoogleOrg::with(8).apps([(GoogleApp::HUBSPOT, Every::ONE)]).start().await;
    let app = google("en", &org).await;
    choose(&app, GoogleApp::HUBSPOT.client_id).await;
    org.faults().always(Route::DeleteToken.of(2), Fault::Forbidden);
    plan_all(&app).await;
    start(&app).await;
    app.window.find("run-reasons").await.unwrap();
    app.window.says("run-sum", "7").await.unwrap();
    assert!(!app.window.has("css:[data-testid=run-sum][data-mark=ok]").await.unwrap());
    org.faults().calm();
    app.window.click("run-retry").await.unwrap();
    app.window.click("dialog-retry dialog-confirm").await.unwrap();
    app.window.find("css:[data-testid=run-sum][data-mark=ok]").await.unwrap();
    assert_eq!(org.state().remaining(GoogleApp::HUBSPOT.client_id), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_holds_at_once_while_the_provider_wants_to_be_left_alone() {
    let org = GoogleOrg::with(60).apps([(GoogleApp::HUBSPOT, Every::ONE)]).without_quota().start().await;
    let app = google("ja", &org).await;
    choose(&app, GoogleApp::HUBSPOT.client_id).await;
    plan_all(&app).await;
    org.faults().always(Route::DeleteToken, Fault::Throttle(Some(120)));
    start(&app).await;
    app.window.find("waiting").await.unwrap();
    app.window.click("run-pause").await.unwrap();
    app.window.says("run-paused", "一時停止").await.unwrap();
    let sent = org.seen().count(Route::DeleteToken);
    assert_eq!(org.state().remaining(GoogleApp::HUBSPOT.client_id), 60);

    // Nothing of it goes out later, and it goes on from there.
    org.faults().calm();
    app.window.click("run-resume").await.unwrap();
    app.window.find("css:[data-testid=run-sum][data-mark=ok]").await.unwrap();
    assert_eq!(org.seen().count(Route::DeleteToken), sent + 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_is_killed_in_the_middle_of_a_run_goes_on_by_itself() {
    let org = GoogleOrg::with(120).apps([(GoogleApp::HUBSPOT, Every::ONE)]).without_quota().start().await;
    let app = google("en", &org).await;
    choose(&app, GoogleApp::HUBSPOT.client_id).await;
    org.faults().delay(std::time::Duration::from_millis(120));
    plan_all(&app).await;
    start(&app).await;
    wait_for("some deletions", async || Ok((org.seen().count(Route::DeleteToken) > 20).then_some(()))).await.unwrap();
    let app = app.killed_and_restarted().await.unwrap();
    org.faults().delay(std::time::Duration::ZERO);
    wait_for("the rest", async || Ok((org.state().remaining(GoogleApp::HUBSPOT.client_id) == 0).then_some(())))
        .await
        .unwrap();
    app.window.click("side-runs").await.unwrap();
    app.window.click("run-open").await.unwrap();
    app.window.says("run-sum", "120").await.unwrap();
    app.window.find("css:[data-testid=run-sum][data-mark=ok]").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_names_its_bad_lines_and_somebody_signs_out_without_a_trace() {
    let org = GoogleOrg::with(4).apps([(GoogleApp::HUBSPOT, Every::ONE)]).start().await;
    let app = google("ja", &org).await;
    choose(&app, GoogleApp::HUBSPOT.client_id).await;
    app.window.click("plan-list").await.unwrap();
    let text = format!("{}\r\nnobody\r\n=1+1@example.com\r\nsomeone@other.example\r\n", org.state().address(1));
    let file = app.desk.home().join("リスト.csv");
    std::fs::write(&file, text).unwrap();
    app.window.click("list-file").await.unwrap();
    app.window.fill("list-path", file.to_str().unwrap()).await.unwrap();
    app.window.click("dialog-list dialog-confirm").await.unwrap();
    app.window.says("plan-removes", "1").await.unwrap();
    assert_eq!(app.window.all("refused-row").await.unwrap().len(), 3);
    app.window.click("plan-drop").await.unwrap();
    assert_eq!(org.seen().count(Route::DeleteToken), 0);

    assert!(app.desk.secret(KEYRING).is_some());
    app.window.click("side-access").await.unwrap();
    app.window.click("organisation-sign-out").await.unwrap();
    app.window.click("dialog-admin-sign-out dialog-confirm").await.unwrap();
    app.window.find("dialog-signed-out").await.unwrap();
    assert_eq!(app.desk.secret(KEYRING), None);
    assert!(app.sign_in.as_ref().unwrap().asked().await.unwrap().contains(&"google revoke".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_for_everybody_at_microsoft_wants_a_tick_of_its_own() {
    let hubspot = GraphApp::HUBSPOT_SALES;
    let org = GraphOrg::with(6).for_everyone(hubspot).start().await;
    let token = org.sign_in().access_token();
    let app = App::administering("en", "microsoft", &org.url(), token.expose_secret()).await.unwrap();
    sign_in(&app, "microsoft", &org.state().address(0)).await;
    choose(&app, &hubspot.object_id.to_string()).await;
    plan_all(&app).await;
    app.window.find("plan-everybody").await.unwrap();
    app.window.click("plan-start").await.unwrap();
    app.window.click("start-everybody").await.unwrap();
    app.window.click("dialog-start dialog-confirm").await.unwrap();
    app.window.gone("dialog-start").await.unwrap();
    app.window.find("result-card").await.unwrap();
    assert!(!org.state().has_for_everyone(hubspot.object_id));
    assert!(org.state().touched().iter().all(|(_, app, _)| *app == hubspot.object_id), "other apps are never touched");
    assert_eq!(org.violations(), Vec::<String>::new());
}
