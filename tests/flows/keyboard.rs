//! The whole way without a pointer.

use crate::app::App;
use uncouple_desk::Key;

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
