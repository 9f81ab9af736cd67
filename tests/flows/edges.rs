//! What bad input and bad surroundings get.

use crate::app::{App, row};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use uncouple_desk::{Desk, Keyring};

fn code(answer: &Value) -> &str {
    answer.pointer("/error/code").and_then(Value::as_str).unwrap_or("no error")
}

#[tokio::test]
async fn what_the_window_sends_is_checked_behind_it() {
    let app = App::empty("en").await.unwrap();
    app.track("hanako@example.com", "google", "").await.unwrap();
    let overview = app.invoke("overview", json!({})).await.unwrap();
    let before = overview["ok"]["revision"].clone();
    let megabyte = format!("{}@example.com", "a".repeat(1_000_000));
    let track = |address: &str| json!({ "address": address, "provider": "google", "hubspotPage": null });
    let nobody = "ffffffff-ffff-ffff-ffff-ffffffffffff";
    for (command, args, wanted) in [
        ("track_mailbox", track("hanako"), "address_no_at"),
        ("track_mailbox", track("a@b@example.com"), "address_two_ats"),
        ("track_mailbox", track(&megabyte), "address_too_long"),
        ("track_mailbox", track("a\u{7}@example.com"), "address_control"),
        ("track_mailbox", track("\"a b\"@example.com"), "address_quoted"),
        ("track_mailbox", track("<img src=x>@example.com"), "address_control"),
        ("track_mailbox", track("HANAKO@EXAMPLE.COM"), "address_in_use"),
        (
            "track_mailbox",
            json!({ "address": "x@example.com", "provider": "hosted", "hubspotPage": null }),
            "not_personal",
        ),
        (
            "track_mailbox",
            json!({ "address": "x@example.com", "provider": "imap", "hubspotPage": "https://evil.example/settings/1/" }),
            "hubspot_page_invalid",
        ),
        ("disable_mailbox", json!({ "mailbox": "../../etc/passwd" }), "bad_argument"),
        ("disable_mailbox", json!({ "mailbox": nobody }), "unknown_mailbox"),
        ("confirm_step", json!({ "disconnect": nobody, "step": "revoke_grant" }), "unknown_disconnect"),
        ("rename_me", json!({ "name": "\u{202e}nimda" }), "name_control"),
        ("rename_me", json!({ "name": "x".repeat(10_000) }), "name_too_long"),
        ("export_history", json!({ "format": "csv", "path": "/proc/nowhere/history.csv" }), "export_failed"),
        ("export_history", json!({ "format": "csv", "path": app.desk.home().display().to_string() }), "export_failed"),
        ("finish_sign_in", json!({ "pending": nobody, "keep": "keyring" }), "pending_gone"),
        ("finish_sign_in", json!({ "pending": nobody, "keep": "elsewhere" }), "bad_argument"),
        ("finish_admin_sign_in", json!({ "pending": nobody, "keep": "elsewhere" }), "bad_argument"),
        ("rename_me", json!({ "nmae": "Hanako" }), "bad_argument"),
        ("leave_sample", json!({}), "not_sample"),
    ] {
        let answer = app.invoke(command, args).await.unwrap();
        assert_eq!(code(&answer), wanted, "{command}: {answer}");
    }
    let overview = app.invoke("overview", json!({})).await.unwrap();
    assert_eq!(overview["ok"]["revision"], before, "nothing half done");
    // A step that is none, or a provider that is none, does not get as far as a use case.
    let answer = app.invoke("confirm_step", json!({ "disconnect": nobody, "step": "complete" })).await.unwrap();
    assert_eq!(code(&answer), "bad_argument", "{answer}");
    // A command of Tauri's own that the window has no right to.
    let answer = app.invoke("plugin:window|set_title", json!({ "label": "main", "value": "x" })).await.unwrap();
    assert!(answer.get("ok").is_none(), "{answer}");
}

#[tokio::test]
async fn a_bad_address_is_said_beside_the_field_and_nothing_typed_is_lost() {
    let app = App::empty("ja").await.unwrap();
    app.window.click("open-track").await.unwrap();
    app.window.fill("track-address", "hanako.example.co.jp").await.unwrap();
    app.window.click("track-google").await.unwrap();
    app.window.click("dialog-track dialog-confirm").await.unwrap();
    app.window.says("dialog-track", "@").await.unwrap();
    let kept = app.window.find("track-address").await.unwrap().prop("value").await.unwrap();
    assert_eq!(kept.as_deref(), Some("hanako.example.co.jp"));
    app.window.fill("track-address", "hanako@例え.jp").await.unwrap();
    app.window.click("dialog-track dialog-confirm").await.unwrap();
    app.window.find(&row("hanako@例え.jp", "")).await.unwrap();
}

#[tokio::test]
async fn names_are_text_and_never_markup() {
    let name = "<img src=x onerror=alert(1)> عربي";
    let app = App::welcome("en").await.unwrap();
    app.window.fill("welcome-name", name).await.unwrap();
    app.window.click("welcome-empty").await.unwrap();
    app.track("hanako@example.com", "google", "").await.unwrap();
    app.disable("hanako@example.com").await.unwrap();
    app.window.says("disconnect-card", name).await.unwrap();
    assert!(!app.window.has("css:#root img[src=x]").await.unwrap());
}

#[tokio::test]
async fn an_action_on_what_was_just_removed_elsewhere_is_refused_in_words() {
    let app = App::empty("en").await.unwrap();
    app.track("hanako@example.com", "imap", "").await.unwrap();
    app.window.hover(&row("hanako@example.com", "")).await.unwrap();
    app.window.click(&row("hanako@example.com", "row-disable")).await.unwrap();
    app.window.find("dialog-disable").await.unwrap();
    let overview = app.invoke("overview", json!({})).await.unwrap();
    let mailbox = overview["ok"]["mailboxes"][0]["id"].clone();
    let job = app.invoke("disable_mailbox", json!({ "mailbox": mailbox })).await.unwrap()["ok"].clone();
    app.invoke("confirm_in_crm", json!({ "disconnect": job })).await.unwrap();
    app.window.click("dialog-disable dialog-confirm").await.unwrap();
    app.window.find("css:[data-testid=error][data-code=already_removed]").await.unwrap();
}

#[tokio::test]
async fn a_second_start_on_the_same_file_ends_and_another_file_opens_its_own_window() {
    let app = App::empty("en").await.unwrap();
    let start = Instant::now();
    let mut second = app.desk.command(env!("CARGO_BIN_EXE_uncouple")).spawn().unwrap();
    loop {
        if let Some(status) = second.try_wait().unwrap() {
            assert!(status.success());
            break;
        }
        assert!(start.elapsed() < Duration::from_secs(10), "the second start did not end");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let other = app.desk.home().join("other.db");
    let window = app.desk.start(app.how(Some(other.clone()))).await.unwrap();
    window.find("welcome").await.unwrap();
    assert!(other.exists());
    window.quit().await.unwrap();
    app.window.find("email-empty").await.unwrap();
}

#[tokio::test]
async fn a_file_that_can_not_be_used_is_named_and_left_alone() {
    let desk = Desk::new(Keyring::None).unwrap();
    let app = App::empty("ja").await.unwrap();
    let letter = desk.home().join("letter.txt");
    std::fs::write(&letter, "Dear Sir or Madam, ".repeat(400)).unwrap();
    for (path, wanted) in [(desk.home(), "store_not_a_file"), (letter.clone(), "store_corrupt")] {
        let window = desk.start(app.how(Some(path.clone()))).await.unwrap();
        window.find(&format!("css:[data-testid=error][data-code={wanted}]")).await.unwrap();
        window.says("error", &path.display().to_string()).await.unwrap();
        window.quit().await.unwrap();
    }
    assert_eq!(std::fs::read_to_string(letter).unwrap(), "Dear Sir or Madam, ".repeat(400));
}

#[tokio::test]
async fn a_browser_that_does_not_start_is_said_with_the_address_to_copy() {
    let app = App::empty("en").await.unwrap();
    app.track("hanako@example.com", "google", "").await.unwrap();
    app.disable("hanako@example.com").await.unwrap();
    app.desk.break_browser(true).unwrap();
    app.step("revoke_grant", "step-open").await.unwrap();
    app.window.find("css:[data-testid=error][data-code=no_browser]").await.unwrap();
    app.window.says("error", "https://myaccount.google.com/linkedapps").await.unwrap();
}

#[tokio::test]
async fn the_sample_is_marked_opens_nothing_and_goes_with_one_click() {
    let app = App::welcome("ja").await.unwrap();
    app.window.click("welcome-sample").await.unwrap();
    app.window.find("sample-banner").await.unwrap();
    app.window.click("css:[data-testid=disconnect-card][data-open] [data-testid=step-open]").await.unwrap();
    app.window.find("step-opened").await.unwrap();
    app.window.click("nav-history").await.unwrap();
    app.window.find("sample-banner").await.unwrap();
    app.window.click("sample-leave").await.unwrap();
    app.window.find("welcome").await.unwrap();
    assert_eq!(app.desk.opened(), Vec::<String>::new());
    let left: Vec<_> =
        std::fs::read_dir(app.desk.data().join("uncouple")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("sample")), "{left:?}");
}

#[tokio::test]
async fn the_language_changes_without_a_restart() {
    let app = App::empty("en").await.unwrap();
    app.invoke("set_language", json!({ "language": "ja" })).await.unwrap();
    app.window.says("mailbox-card", "個人用Eメール").await.unwrap();
    let lang = app.window.run("return document.documentElement.lang", vec![]).await.unwrap();
    assert_eq!(lang, json!("ja"));
}
