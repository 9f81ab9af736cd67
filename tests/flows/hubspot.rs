//! Mailboxes that HubSpot holds.

use crate::app::{App, row};
use anyhow::Result;

const PAGE: &str = "https://app-eu1.hubspot.com/contacts/123456/objects/0-1/views/all/list";
const EMAIL_SETTINGS: &str = "https://app-eu1.hubspot.com/settings/123456/user-preferences/email";

/// The whole way for one kind of account; gives the pages that were opened.
async fn whole_way(language: &'static str, provider: &str, provider_step: &str, done: &str) -> Result<Vec<String>> {
    let address = "hanako@example.co.jp";
    let app = App::empty(language).await?;
    app.track(address, provider, PAGE).await?;

    app.disable(address).await?;
    app.row_is(address, "in_use").await?;
    app.step("disable_in_crm", "step-open").await?;
    app.desk.wait_opened(1).await?;
    app.step("disable_in_crm", "step-confirm").await?;
    app.row_is(address, "disabled").await?;

    app.remove(address).await?;
    app.step("remove_from_crm", "step-confirm").await?;
    app.window.gone(&row(address, "")).await?;

    if app.window.has(&format!("step-{provider_step} step-open")).await? {
        app.step(provider_step, "step-open").await?;
        app.desk.wait_opened(2).await?;
    }
    app.step(provider_step, "step-confirm").await?;
    app.window.says("completion-title", done).await?;

    let history = app.verify_and_export().await?;
    assert!(history.contains("hanako@example.co.jp") && history.contains("confirmed"), "{history}");
    Ok(app.desk.opened())
}

const JA: &str = "完了（佐藤 花子の申告。Uncoupleでは確かめられません）";
const EN: &str = "Done: 佐藤 花子 says so, and Uncouple can’t check it";

#[tokio::test]
async fn gmail_from_track_to_complete_in_japanese() {
    let opened = whole_way("ja", "google", "revoke_grant", JA).await.unwrap();
    assert_eq!(opened, [EMAIL_SETTINGS, "https://myaccount.google.com/linkedapps"]);
}

#[tokio::test]
async fn gmail_from_track_to_complete_in_english() {
    let opened = whole_way("en", "google", "revoke_grant", EN).await.unwrap();
    assert_eq!(opened, [EMAIL_SETTINGS, "https://myaccount.google.com/linkedapps"]);
}

#[tokio::test]
async fn microsoft_365_opens_its_own_page() {
    let opened = whole_way("en", "microsoft365", "revoke_grant", EN).await.unwrap();
    assert_eq!(opened, [EMAIL_SETTINGS, "https://myapps.microsoft.com/"]);
}

#[tokio::test]
async fn outlook_com_opens_its_own_page() {
    let opened = whole_way("ja", "outlook_com", "revoke_grant", JA).await.unwrap();
    assert_eq!(opened, [EMAIL_SETTINGS, "https://account.live.com/consent/Manage"]);
}

#[tokio::test]
async fn imap_opens_no_page_at_the_provider() {
    let opened = whole_way("ja", "imap", "withdraw_password", JA).await.unwrap();
    assert_eq!(opened, [EMAIL_SETTINGS]);
}

#[tokio::test]
async fn one_tick_does_both_in_hubspot_and_quitting_in_the_middle_loses_nothing() {
    let app = App::empty("ja").await.unwrap();
    app.track("hanako@example.co.jp", "google", "").await.unwrap();
    app.disable("hanako@example.co.jp").await.unwrap();
    app.window.click("confirm-both").await.unwrap();
    app.step_is("remove_from_crm", "done").await.unwrap();

    let app = app.restarted().await.unwrap();
    app.step_is("revoke_grant", "open").await.unwrap();
    app.step("revoke_grant", "step-confirm").await.unwrap();
    app.window.says("completion-title", JA).await.unwrap();
}

#[tokio::test]
async fn not_listed_asks_which_account_and_is_not_done() {
    let app = App::empty("en").await.unwrap();
    app.track("hanako@example.co.jp", "google", "").await.unwrap();
    app.disable("hanako@example.co.jp").await.unwrap();
    app.window.click("confirm-both").await.unwrap();
    app.step("revoke_grant", "step-not-listed").await.unwrap();
    app.window.click("not-listed-other").await.unwrap();
    app.window.fill("not-listed-address", "private@example.com").await.unwrap();
    app.window.click("not-listed-submit").await.unwrap();
    app.window.says("step-revoke_grant step-finding", "private@example.com").await.unwrap();
    app.step_is("revoke_grant", "open").await.unwrap();
}

#[tokio::test]
async fn a_closed_step_shows_its_reason_and_a_mistaken_click_is_taken_back() {
    let app = App::empty("en").await.unwrap();
    app.track("hanako@example.co.jp", "google", "").await.unwrap();
    app.disable("hanako@example.co.jp").await.unwrap();
    app.window.click("confirm-both").await.unwrap();
    app.step("revoke_grant", "step-close").await.unwrap();
    app.window.fill("close-reason", "<b>IT</b> does it on Monday").await.unwrap();
    app.window.click("close-submit").await.unwrap();
    app.window.says("completion-title", "Closed as unverified by 佐藤 花子").await.unwrap();
    app.window.says("step-revoke_grant step-line", "<b>IT</b> does it on Monday").await.unwrap();
    app.window.click("step-revoke_grant step-withdraw").await.unwrap();
    app.step_is("revoke_grant", "open").await.unwrap();
    app.window.click("step-remove_from_crm step-withdraw").await.unwrap();
    app.row_is("hanako@example.co.jp", "disabled").await.unwrap();
}

#[tokio::test]
async fn a_job_is_put_off_until_tomorrow_or_called_off() {
    let app = App::empty("en").await.unwrap();
    app.track("hanako@example.co.jp", "google", "").await.unwrap();
    app.disable("hanako@example.co.jp").await.unwrap();
    app.window.click("job-stop").await.unwrap();
    app.window.gone("disconnect-card").await.unwrap();
    app.row_is("hanako@example.co.jp", "in_use").await.unwrap();
    app.disable("hanako@example.co.jp").await.unwrap();
    app.window.click("job-remind").await.unwrap();
    app.window.click("remind-1").await.unwrap();
    app.window.says("disconnect-card", "postponed until tomorrow 09:00").await.unwrap();
}
