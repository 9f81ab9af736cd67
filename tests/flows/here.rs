//! Mailboxes connected here: what the backend performs and proves.

use crate::app::{App, row};
use uncouple_desk::{Keyring, Person};

const HANAKO: &str = "hanako@gmail.example";

#[tokio::test]
async fn google_from_sign_in_to_complete_and_proven_and_no_token_anywhere() {
    let app = App::with_sign_in("ja", Keyring::Unlocked).await.unwrap();
    app.connect("google", HANAKO).await.unwrap();
    let sign_in = app.sign_in.as_ref().unwrap();
    let tokens = sign_in.tokens().await.unwrap();
    assert!(!tokens.is_empty());

    app.disable(HANAKO).await.unwrap();
    app.row_is(HANAKO, "disabled").await.unwrap();
    app.remove(HANAKO).await.unwrap();
    app.window.gone(&row(HANAKO, "")).await.unwrap();
    assert!(app.desk.secret(&[("service", "dev.uncouple.desktop")]).is_some(), "held until it is revoked");
    app.step("revoke_grant", "step-run").await.unwrap();
    // The tests' server stands in the place of the provider's own, and the window says whose response it was.
    app.window.says("completion-title", "完了（プロバイダー自身のサーバーではないhttp://127.0.0.1:").await.unwrap();
    app.step_is("forget_secret", "done").await.unwrap();
    assert!(sign_in.asked().await.unwrap().contains(&"google revoke".to_owned()));
    assert_eq!(app.desk.secret(&[("service", "dev.uncouple.desktop")]), None);

    let history = app.verify_and_export().await.unwrap();
    assert!(history.contains(r#"""answer"":""gone"""#) && history.contains("secret_forgotten"), "{history}");
    let mut places: Vec<(String, Vec<u8>)> = vec![("export".into(), history.into_bytes())];
    places.push(("log".into(), app.desk.log("window").into_bytes()));
    for entry in std::fs::read_dir(app.desk.data().join("uncouple")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            places.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    for process in app.window.processes() {
        for what in ["cmdline", "environ"] {
            let bytes = std::fs::read(format!("/proc/{process}/{what}")).unwrap_or_default();
            places.push((format!("{what} of {process}"), bytes));
        }
    }
    assert!(
        places.iter().any(|(name, _)| name.ends_with("workspace.db")),
        "{:?}",
        places.iter().map(|p| &p.0).collect::<Vec<_>>()
    );
    for token in sign_in.tokens().await.unwrap() {
        for (name, bytes) in &places {
            assert!(!bytes.windows(token.len()).any(|w| w == token.as_bytes()), "a token stands in {name}");
        }
    }
}

#[tokio::test]
async fn a_token_that_was_dead_before_makes_the_step_a_persons() {
    let app = App::with_sign_in("en", Keyring::Unlocked).await.unwrap();
    app.connect("google", HANAKO).await.unwrap();
    app.sign_in.as_ref().unwrap().behave("google", "revoke", "invalid_token").await.unwrap();
    app.disable(HANAKO).await.unwrap();
    app.remove(HANAKO).await.unwrap();
    app.step("revoke_grant", "step-run").await.unwrap();
    app.window.find("step-revoke_grant step-finding").await.unwrap();
    app.step("revoke_grant", "step-confirm").await.unwrap();
    app.window.says("completion-title", "Done: 佐藤 花子 says so, and Uncouple can’t check it").await.unwrap();
}

#[tokio::test]
async fn no_answer_from_google_is_said_and_tried_again() {
    let app = App::with_sign_in("en", Keyring::Unlocked).await.unwrap();
    app.connect("google", HANAKO).await.unwrap();
    let sign_in = app.sign_in.as_ref().unwrap();
    sign_in.behave("google", "revoke", "unavailable").await.unwrap();
    app.disable(HANAKO).await.unwrap();
    app.remove(HANAKO).await.unwrap();
    app.step("revoke_grant", "step-run").await.unwrap();
    app.step_is("revoke_grant", "waiting").await.unwrap();
    sign_in.behave("google", "revoke", "real").await.unwrap();
    app.step("revoke_grant", "step-run").await.unwrap();
    app.window.says("completion-title", "Done, on the response of http://127.0.0.1:").await.unwrap();
}

#[tokio::test]
async fn a_removal_is_undone_and_the_row_is_greyed_again() {
    let app = App::with_sign_in("en", Keyring::Unlocked).await.unwrap();
    app.connect("google", HANAKO).await.unwrap();
    app.disable(HANAKO).await.unwrap();
    app.remove(HANAKO).await.unwrap();
    app.window.click("job-undo").await.unwrap();
    app.row_is(HANAKO, "disabled").await.unwrap();
    app.window.hover(&row(HANAKO, "")).await.unwrap();
    app.window.click(&row(HANAKO, "row-enable")).await.unwrap();
    app.row_is(HANAKO, "in_use").await.unwrap();
    assert!(!app.sign_in.as_ref().unwrap().asked().await.unwrap().contains(&"google revoke".to_owned()));
}

#[tokio::test]
async fn at_microsoft_the_token_answers_before_a_word_is_taken() {
    let address = "hanako@contoso.example";
    let app = App::with_sign_in("en", Keyring::Unlocked).await.unwrap();
    app.connect("microsoft", address).await.unwrap();
    app.disable(address).await.unwrap();
    app.remove(address).await.unwrap();
    app.step("revoke_grant", "step-confirm").await.unwrap();
    app.window.find("step-revoke_grant step-finding").await.unwrap();
    app.step_is("revoke_grant", "open").await.unwrap();
    app.sign_in.as_ref().unwrap().behave("microsoft", "refresh", "consent_gone").await.unwrap();
    app.step("revoke_grant", "step-confirm").await.unwrap();
    app.window.says("completion-title", "Done, on the response of http://127.0.0.1:").await.unwrap();
    assert_eq!(app.desk.secret(&[("service", "dev.uncouple.desktop")]), None);
}

#[tokio::test]
async fn declining_at_the_provider_leaves_nothing() {
    let app = App::with_sign_in("ja", Keyring::Unlocked).await.unwrap();
    app.window.click("open-connect").await.unwrap();
    app.window.click("connect-google").await.unwrap();
    let page = app.desk.wait_opened(1).await.unwrap();
    Person::new(HANAKO).unwrap().refuses(&page).await.unwrap();
    app.window.find("css:[data-testid=error][data-code=sign_in_declined]").await.unwrap();
    assert_eq!(app.desk.secret(&[("service", "dev.uncouple.desktop")]), None);
}

#[tokio::test]
async fn a_sign_in_that_nobody_finishes_is_cancelled_and_can_be_begun_again() {
    let app = App::with_sign_in("en", Keyring::Unlocked).await.unwrap();
    app.window.click("open-connect").await.unwrap();
    app.window.click("connect-google").await.unwrap();
    app.desk.wait_opened(1).await.unwrap();
    app.window.click("dialog-waiting dialog-cancel").await.unwrap();
    app.window.gone("dialog-waiting").await.unwrap();
    if app.window.has("dialog-connect").await.unwrap() {
        app.window.click("dialog-connect dialog-cancel").await.unwrap();
    }
    app.connect("google", HANAKO).await.unwrap();
}

#[tokio::test]
async fn without_a_keyring_the_person_chooses_and_the_choice_ends_with_the_run() {
    let app = App::with_sign_in("ja", Keyring::None).await.unwrap();
    app.window.click("open-connect").await.unwrap();
    app.window.click("connect-google").await.unwrap();
    let page = app.desk.wait_opened(1).await.unwrap();
    Person::new(HANAKO).unwrap().agrees(&page).await.unwrap();
    app.window.find("dialog-keyring").await.unwrap();
    app.window.click("keyring-this-run").await.unwrap();
    app.row_is(HANAKO, "in_use").await.unwrap();
    let app = app.restarted().await.unwrap();
    app.window.find(&row(HANAKO, "row-reconnect")).await.unwrap();
}

#[tokio::test]
async fn a_locked_keyring_is_unlocked_and_tried_again() {
    let mut app = App::with_sign_in("en", Keyring::Locked).await.unwrap();
    app.window.click("open-connect").await.unwrap();
    app.window.click("connect-google").await.unwrap();
    let page = app.desk.wait_opened(1).await.unwrap();
    Person::new(HANAKO).unwrap().agrees(&page).await.unwrap();
    app.window.find("dialog-keyring").await.unwrap();
    app.desk.set_keyring(Keyring::Unlocked).unwrap();
    app.window.click("keyring-retry").await.unwrap();
    app.row_is(HANAKO, "in_use").await.unwrap();
    assert!(app.desk.secret(&[("service", "dev.uncouple.desktop")]).is_some());
}
