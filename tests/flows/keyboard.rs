//! The whole way without a pointer.

use crate::app::App;
use secrecy::ExposeSecret;
use uncouple_desk::{Key, Person};
use uncouple_testkit::directory::{Every, GoogleApp, GoogleOrg};

#[tokio::test]
async fn from_the_welcome_to_complete_with_the_keyboard_alone() {
    let app = App::welcome("ja").await.unwrap();
    let window = &app.window;
    window.tab_to("welcome-track").await.unwrap();
    window.press(Key::Enter).await.unwrap();

    window.find("dialog-track").await.unwrap();
    window.tab_to("track-address").await.unwrap();
    window.type_text("hanako@example.co.jp").await.unwrap();
    window.press(Key::Tab).await.unwrap();
    window.tab_to("track-provider").await.unwrap();
    window.press(Key::Space).await.unwrap();
    window.tab_to("dialog-track dialog-confirm").await.unwrap();
    window.press(Key::Enter).await.unwrap();
    window.gone("dialog-track").await.unwrap();

    window.tab_to("row-disable").await.unwrap();
    window.press(Key::Enter).await.unwrap();
    window.find("dialog-disable").await.unwrap();
    window.tab_to("dialog-confirm").await.unwrap();
    window.press(Key::Enter).await.unwrap();
    window.gone("dialog-disable").await.unwrap();

    window.tab_to("confirm-both").await.unwrap();
    window.press(Key::Space).await.unwrap();
    app.step_is("remove_from_crm", "done").await.unwrap();
    window.tab_to("step-revoke_grant step-confirm").await.unwrap();
    window.press(Key::Enter).await.unwrap();
    window.find("completion-title").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_finds_leaves_one_out_and_revokes_with_the_keyboard_alone() {
    let org = GoogleOrg::with(6).apps([(GoogleApp::HUBSPOT, Every::ONE)]).without_quota().start().await;
    let token = org.sign_in().access_token();
    let app = App::administering("en", "google", &org.url(), token.expose_secret()).await.unwrap();
    let window = &app.window;
    let go = async |place: &str, key| {
        window.find(place).await.unwrap();
        window.tab_to(place).await.unwrap();
        window.press(key).await.unwrap();
    };
    go("side-access", Key::Enter).await;
    go("admin-sign-in", Key::Enter).await;
    go("dialog-admin-sign-in dialog-confirm", Key::Enter).await;
    let page = app.desk.wait_opened(1).await.unwrap();
    let landing = Person::new(&org.state().address(0)).unwrap().agrees(&page).await.unwrap();
    assert_eq!(landing.status, 200, "{}", landing.text);
    window.gone("dialog-admin-sign-in").await.unwrap();

    go("search-start", Key::Enter).await;
    window.find("css:[data-testid=fact-search][data-mark=ok]").await.unwrap();
    focus_comes_to(&app, "search-start").await;
    go(&format!("css:[data-app='{}'] [data-testid=app-choose]", GoogleApp::HUBSPOT.client_id), Key::Enter).await;
    window.find("access-table").await.unwrap();

    go("select-page", Key::Space).await;
    window.says("select-count", "6").await.unwrap();
    go("css:[data-testid=access-row]:nth-child(2) [data-testid=access-tick]", Key::Space).await;
    window.says("select-count", "5").await.unwrap();
    go("plan-selection", Key::Enter).await;
    window.says("plan-removes", "5 grants").await.unwrap();
    go("plan-start", Key::Enter).await;
    go("dialog-start dialog-confirm", Key::Enter).await;
    window.says("run-sum", "All 5 are proven removed").await.unwrap();
    assert_eq!(org.state().remaining(GoogleApp::HUBSPOT.client_id), 1);

    // Nobody is sent back to the top of the window.
    let inside = "return document.activeElement.closest('[data-testid=run-page]') !== null";
    let looking = async || Ok((window.run(inside, vec![]).await? == true).then_some(()));
    uncouple_desk::wait_for("the focus on the run's page", looking).await.unwrap();
}

#[tokio::test]
async fn escape_leaves_a_dialog_and_gives_the_focus_back() {
    let app = App::empty("en").await.unwrap();
    app.track("hanako@example.co.jp", "google", "").await.unwrap();
    app.window.tab_to("row-disable").await.unwrap();
    app.window.press(Key::Enter).await.unwrap();
    app.window.find("dialog-disable").await.unwrap();
    focus_comes_to(&app, "dialog-cancel").await;
    app.window.press(Key::Escape).await.unwrap();
    app.window.gone("dialog-disable").await.unwrap();
    focus_comes_to(&app, "row-disable").await;
    app.row_is("hanako@example.co.jp", "in_use").await.unwrap();
}

async fn focus_comes_to(app: &App, place: &str) {
    let focused = "return document.activeElement.dataset.testid ?? ''";
    let looking = async || Ok((app.window.run(focused, vec![]).await? == place).then_some(()));
    uncouple_desk::wait_for(&format!("the focus on {place}"), looking).await.unwrap();
}
