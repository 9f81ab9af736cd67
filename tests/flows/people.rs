//! Channels, the people around them, and what they are told: in the sample workspace, with everybody acting in turn,
//! and a real notification server on the desk's own bus.

use crate::app::{App, row};
use anyhow::{Context as _, Result};
use serde_json::json;
use uncouple_desk::{Desk, Keyring, Person, Shown, wait_for};

const SUPPORT: &str = "support@example.co.jp";

/// The sample, where notices pop up.
async fn sample(language: &'static str) -> Result<App> {
    let mut desk = Desk::new(Keyring::None)?;
    desk.set_notifications(true)?;
    let app = App::on(language, desk).await?;
    app.window.click("welcome-sample").await?;
    app.window.find("sample-banner").await?;
    Ok(app)
}

impl App {
    /// Lets somebody else act, by the switch in the banner.
    async fn act_as(&self, name: &str) -> Result<()> {
        let overview = self.invoke("overview", json!({})).await?;
        let members = overview["ok"]["members"].as_array().cloned().unwrap_or_default();
        let member = members.iter().find(|one| one["name"] == name).with_context(|| format!("no {name}"))?;
        self.window.click("css:[data-testid=act-as] button").await?;
        self.window.click(&format!("act-as-{}", member["id"].as_str().unwrap_or_default())).await?;
        self.window.find(&format!("css:[data-testid=nav-profile][title*='{name}']")).await?;
        Ok(())
    }

    async fn channels(&self) -> Result<()> {
        self.window.click("side-channels").await?;
        self.window.find("channel-list").await?;
        Ok(())
    }

    /// The channels of the sample's first inbox, whichever name comes first in that language.
    async fn support(&self) -> Result<()> {
        self.channels().await?;
        let overview = self.invoke("overview", json!({})).await?;
        let channels = overview["ok"]["channels"].as_array().cloned().unwrap_or_default();
        let channel = channels.iter().find(|one| one["address"] == SUPPORT).context("no such channel")?;
        self.window.click("css:[data-testid=inbox-switch] button").await?;
        self.window.click(&format!("inbox-{}", channel["inbox"].as_str().unwrap_or_default())).await?;
        self.window.find(&row(SUPPORT, "")).await?;
        Ok(())
    }

    async fn menu(&self, address: &str, entry: &str) -> Result<()> {
        self.window.hover(&row(address, "")).await?;
        self.window.click(&row(address, "row-menu")).await?;
        self.window.click(entry).await
    }

    /// Deletes the team address as the acting member would: in the dialog, and then the word that it is done.
    async fn delete(&self, address: &str) -> Result<()> {
        self.window.hover(&row(address, "")).await?;
        self.window.click(&row(address, "row-delete")).await?;
        self.window.says("dialog-delete", address).await?;
        self.window.click("dialog-delete dialog-confirm").await?;
        self.window.gone("dialog-delete").await?;
        self.step("remove_from_crm", "step-confirm").await?;
        self.step_is("remove_from_crm", "done").await
    }

    /// What has popped up about this for the acting member since so many were there. The morning's digest
    /// of each member pops up beside it, perhaps only while the next one acts already.
    async fn popped_up(&self, before: usize, about: &str) -> Result<Vec<Shown>> {
        let of_it = |shown: &Shown| shown.summary.contains(about) || shown.body.contains(about);
        let found = async || {
            let mut shown = self.desk.notifications().split_off(before);
            shown.retain(of_it);
            Ok((!shown.is_empty()).then_some(shown))
        };
        let what = format!("a pop-up about {about}");
        wait_for(&what, found).await.with_context(|| format!("only {:?}", self.desk.notifications()))
    }
}

async fn told_by_the_rules(language: &'static str, names: [&str; 5], title: &str) -> Result<()> {
    let [admin, second, access, nobody, connected] = names;
    let app = sample(language).await?;
    // What the sample itself has to say on this morning comes first.
    app.invoke("read_all_notices", json!({})).await?;
    app.support().await?;
    app.delete(SUPPORT).await?;
    let mine = app.desk.notifications().len();
    assert!(!app.desk.notifications().iter().any(|shown| shown.summary.contains(SUPPORT)), "{admin} acted");
    app.window.click("nav-notices").await?;
    app.window.find("css:[data-testid=notice-row][data-kind=removed]").await?;

    let mut before = mine;
    for name in [second, access, connected] {
        app.act_as(name).await?;
        let of_it = app.popped_up(before, SUPPORT).await?;
        assert_eq!(of_it.len(), 1, "{name}: {of_it:?}");
        assert!(of_it[0].summary.contains(title) && of_it[0].body.contains(admin), "{name}: {of_it:?}");
        app.window.find("css:[data-testid=notice-row][data-kind=removed][data-unread]").await?;
        before = app.desk.notifications().len();
    }
    app.act_as(nobody).await?;
    app.window.find("notices-empty").await?;
    app.act_as(admin).await?;
    app.window.find("css:[data-testid=notice-row][data-kind=removed]").await?;
    let later = app.desk.notifications().split_off(before);
    assert!(!later.iter().any(|shown| shown.summary.contains(SUPPORT)), "nobody is told twice: {later:?}");
    Ok(())
}

#[tokio::test]
async fn a_deleted_channel_is_told_to_whom_the_rules_name_in_japanese() {
    let names = ["佐藤 花子", "鈴木 一郎", "高橋 美咲", "田中 健", "伊藤 誠"];
    told_by_the_rules("ja", names, "HubSpotから削除済みと記録").await.unwrap();
}

#[tokio::test]
async fn a_deleted_channel_is_told_to_whom_the_rules_name_in_english() {
    let names = ["Hanako Sato", "Ichiro Suzuki", "Misaki Takahashi", "Ken Tanaka", "Makoto Ito"];
    told_by_the_rules("en", names, "Marked as removed from HubSpot").await.unwrap();
}

#[tokio::test]
async fn a_click_on_the_pop_up_opens_the_card_and_marks_the_notice_read() {
    let app = sample("en").await.unwrap();
    app.support().await.unwrap();
    app.delete(SUPPORT).await.unwrap();
    let before = app.desk.notifications().len();
    app.act_as("Misaki Takahashi").await.unwrap();
    let shown = app.popped_up(before, SUPPORT).await.unwrap();
    let of_it = &shown[0];
    app.window.click("nav-settings").await.unwrap();
    app.desk.click_notification(of_it).await.unwrap();
    let card = format!("css:[data-testid=disconnect-card][data-address='{SUPPORT}'][data-open=true]");
    app.window.find(&card).await.unwrap();
    app.window.click("nav-notices").await.unwrap();
    app.window.find("css:[data-testid=notice-row][data-kind=removed]").await.unwrap();
    let unread = "css:[data-testid=notice-row][data-kind=removed][data-unread]";
    app.window.gone(unread).await.unwrap();
}

#[tokio::test]
async fn a_removal_taken_back_corrects_the_notice_and_takes_the_pop_up_off_the_screen() {
    let app = sample("en").await.unwrap();
    app.support().await.unwrap();
    app.delete(SUPPORT).await.unwrap();
    let before = app.desk.notifications().len();
    app.act_as("Misaki Takahashi").await.unwrap();
    let of_it = app.popped_up(before, SUPPORT).await.unwrap()[0].id;
    app.act_as("Hanako Sato").await.unwrap();
    app.step("remove_from_crm", "step-withdraw").await.unwrap();
    app.step_is("remove_from_crm", "open").await.unwrap();
    app.act_as("Misaki Takahashi").await.unwrap();
    wait_for("the pop-up to go", async || {
        Ok((!app.desk.displayed()?.iter().any(|shown| shown.id == of_it)).then_some(()))
    })
    .await
    .unwrap();
    app.window.click("nav-notices").await.unwrap();
    app.window.find("css:[data-testid=notice-row][data-kind=removed][data-corrected]").await.unwrap();
}

#[tokio::test]
async fn the_owner_is_asked_and_answers() {
    let app = sample("en").await.unwrap();
    let hers = "misaki@example.co.jp";
    app.window.hover(&row(hers, "")).await.unwrap();
    app.window.click(&row(hers, "row-ask")).await.unwrap();
    app.window.says("message-body", hers).await.unwrap();
    app.window.click("dialog-message dialog-confirm").await.unwrap();
    app.window.says("others-section", "Hanako Sato").await.unwrap();
    let before = app.desk.notifications().len();
    app.act_as("Misaki Takahashi").await.unwrap();
    app.popped_up(before, hers).await.unwrap();
    app.window.says("row-asked", "Hanako Sato").await.unwrap();
    app.window.click("row-decline").await.unwrap();
    app.window.gone("row-asked").await.unwrap();
    let before = app.desk.notifications().len();
    app.act_as("Hanako Sato").await.unwrap();
    app.popped_up(before, "Misaki Takahashi").await.unwrap();
}

#[tokio::test]
async fn a_mailbox_moves_to_the_other_provider_and_the_old_access_gets_its_checklist() {
    let app = App::empty("en").await.unwrap();
    let address = "hanako@example.co.jp";
    app.track(address, "google", "").await.unwrap();
    app.menu(address, "menu-move").await.unwrap();
    app.window.says("dialog-move", address).await.unwrap();
    app.window.click("dialog-move dialog-confirm").await.unwrap();
    app.window.gone("dialog-move").await.unwrap();
    app.step_is("remove_from_crm", "not_needed").await.unwrap();
    app.window.says("job-purpose", "Microsoft 365").await.unwrap();

    // Half-way: the app ends, and goes on where it was.
    let app = app.restarted().await.unwrap();
    app.window.says("job-purpose", "Microsoft 365").await.unwrap();
    app.step("connect_again", "step-confirm").await.unwrap();
    app.step_is("connect_again", "done").await.unwrap();
    app.step("revoke_grant", "step-open").await.unwrap();
    assert_eq!(app.desk.wait_opened(1).await.unwrap(), "https://myaccount.google.com/linkedapps", "the old one's");
    app.step("revoke_grant", "step-confirm").await.unwrap();
    app.window.says("completion-title", "Moved: 佐藤 花子 says so").await.unwrap();

    // The row goes on at the new provider, and can be disconnected there.
    let overview = app.invoke("overview", json!({})).await.unwrap();
    assert_eq!(overview["ok"]["mailboxes"][0]["provider"], "microsoft365");
    app.disable(address).await.unwrap();
    let card = format!("css:[data-testid=disconnect-card][data-address='{address}']:not([data-complete])");
    app.window.find(&card).await.unwrap();
}

#[tokio::test]
async fn a_mailbox_is_connected_again_on_its_row_with_all_that_was() {
    let app = App::empty("ja").await.unwrap();
    let address = "hanako@example.co.jp";
    app.track(address, "google", "").await.unwrap();
    let id = |overview: &serde_json::Value| overview["ok"]["mailboxes"][0]["id"].clone();
    let before = id(&app.invoke("overview", json!({})).await.unwrap());
    app.disable(address).await.unwrap();
    app.window.click("confirm-both").await.unwrap();
    app.step("revoke_grant", "step-confirm").await.unwrap();
    app.window.find("completion-title").await.unwrap();
    app.window.click("job-connect-again").await.unwrap();
    app.window.says("reconnect-asks", "未確認").await.unwrap();
    app.window.click("privacy-open").await.unwrap();
    assert_eq!(app.desk.wait_opened(1).await.unwrap(), "https://legal.hubspot.com/privacy-policy");
    app.window.click("reconnect-open").await.unwrap();
    assert_eq!(app.desk.wait_opened(2).await.unwrap(), "https://app.hubspot.com/");
    app.window.click("reconnect-done").await.unwrap();
    app.window.gone("dialog-reconnect").await.unwrap();
    app.row_is(address, "in_use").await.unwrap();
    let overview = app.invoke("overview", json!({})).await.unwrap();
    assert_eq!(id(&overview), before, "the same row");
    assert_eq!(overview["ok"]["mailboxes"][0]["consent"]["is"], "unknown", "a new generation");
    assert_eq!(overview["ok"]["disconnects"][0]["completion"]["complete"], true, "what was done stays done");
}

#[tokio::test]
async fn an_address_goes_from_personal_to_a_team_and_back_as_one_job_each() {
    let app = App::empty("en").await.unwrap();
    let address = "help@example.com";
    app.invoke("add_inbox", json!({ "name": "Support" })).await.unwrap();
    app.track(address, "google", "").await.unwrap();
    app.menu(address, "menu-to-team").await.unwrap();
    app.window.click("dialog-to-team dialog-confirm").await.unwrap();
    app.window.gone("dialog-to-team").await.unwrap();
    app.step_is("connect_again", "later").await.unwrap();
    app.window.click("confirm-both").await.unwrap();
    app.step("connect_again", "step-confirm").await.unwrap();
    app.channels().await.unwrap();
    app.row_is(address, "in_use").await.unwrap();

    app.menu(address, "menu-to-personal").await.unwrap();
    app.window.click("dialog-to-personal dialog-confirm").await.unwrap();
    app.window.gone("dialog-to-personal").await.unwrap();
    app.step("remove_from_crm", "step-confirm").await.unwrap();
    app.step("connect_again", "step-confirm").await.unwrap();
    app.window.click("side-general").await.unwrap();
    app.row_is(address, "in_use").await.unwrap();
}

#[tokio::test]
async fn an_address_of_a_team_is_refused_as_a_personal_one_with_the_way_there() {
    let app = sample("en").await.unwrap();
    app.window.click("open-track").await.unwrap();
    app.window.fill("track-address", SUPPORT).await.unwrap();
    app.window.click("track-google").await.unwrap();
    app.window.click("dialog-track dialog-confirm").await.unwrap();
    app.window.says("dialog-track", SUPPORT).await.unwrap();
    app.window.click("dialog-track in-use-link").await.unwrap();
    app.window.find(&row(SUPPORT, "")).await.unwrap();
    app.window.find("channel-list").await.unwrap();
}

#[tokio::test]
async fn other_kinds_of_channels_are_shown_without_delete() {
    let app = sample("ja").await.unwrap();
    app.support().await.unwrap();
    for kind in ["chat", "form", "messenger", "whatsapp", "calling"] {
        let shown = format!("css:[data-testid=other-channel][data-kind={kind}]");
        app.window.find(&shown).await.unwrap();
        assert!(!app.window.has(&format!("{shown} [data-testid=row-delete]")).await.unwrap());
    }
}

#[tokio::test]
async fn a_team_address_connected_here_is_deleted_undone_and_revoked_with_proof() {
    let app = App::with_sign_in("en", Keyring::Unlocked).await.unwrap();
    let address = "team@example.com";
    app.invoke("add_inbox", json!({ "name": "Support" })).await.unwrap();
    app.window.click("side-channels").await.unwrap();
    app.window.click("open-channel").await.unwrap();
    app.window.click("channel-way-connect").await.unwrap();
    app.window.click("dialog-channel dialog-confirm").await.unwrap();
    app.window.click("connect-google").await.unwrap();
    let page = app.desk.wait_opened(1).await.unwrap();
    let landing = Person::new(address).unwrap().agrees(&page).await.unwrap();
    assert_eq!(landing.status, 200, "{}", landing.text);
    app.row_is(address, "in_use").await.unwrap();
    let delete = async || {
        app.window.hover(&row(address, "")).await?;
        app.window.click(&row(address, "row-delete")).await?;
        app.window.says("dialog-delete", address).await?;
        app.window.click("dialog-delete dialog-confirm").await?;
        app.step_is("remove_from_crm", "done").await
    };
    delete().await.unwrap();
    app.window.click("job-undo").await.unwrap();
    app.row_is(address, "in_use").await.unwrap();
    delete().await.unwrap();
    app.step("revoke_grant", "step-run").await.unwrap();
    app.window.says("completion-title", "Done, on the response of http://127.0.0.1:").await.unwrap();
}

#[tokio::test]
async fn a_hosted_address_ends_with_its_forwarding_rule() {
    let app = sample("ja").await.unwrap();
    let address = "ml@inbound.example.com";
    app.support().await.unwrap();
    app.delete(address).await.unwrap();
    app.step("remove_forwarding", "step-confirm").await.unwrap();
    app.window.says("completion-title", "完了（佐藤 花子の申告。Uncoupleでは確かめられません）").await.unwrap();
}

#[tokio::test]
async fn who_has_no_right_is_refused_behind_the_window_too() {
    let app = sample("en").await.unwrap();
    let overview = app.invoke("overview", json!({})).await.unwrap();
    let of = |list: &str| overview["ok"][list][0]["id"].clone();
    let (mailbox, channel, inbox) = (of("mailboxes"), of("channels"), of("inboxes"));
    let (job, other) = (of("disconnects"), of("other_channels"));
    let me = overview["ok"]["me"]["id"].clone();
    app.act_as("Ken Tanaka").await.unwrap();
    let before = app.invoke("overview", json!({})).await.unwrap()["ok"]["revision"].clone();
    for (command, args, wanted) in [
        ("disable_mailbox", json!({ "mailbox": mailbox }), "not_yours"),
        ("remove_mailbox", json!({ "mailbox": mailbox }), "not_yours"),
        ("check_mailbox", json!({ "mailbox": mailbox }), "not_yours"),
        ("report_lost", json!({ "mailbox": mailbox }), "not_yours"),
        ("move_provider", json!({ "mailbox": mailbox, "to": "microsoft365" }), "not_yours"),
        ("confirm_reconnected", json!({ "mailbox": mailbox }), "not_yours"),
        ("ask_owner", json!({ "mailbox": mailbox }), "not_super_admin"),
        ("confirm_step", json!({ "disconnect": job, "step": "revoke_grant" }), "not_yours"),
        ("open_page", json!({ "disconnect": job, "step": "revoke_grant" }), "not_yours"),
        ("remind", json!({ "disconnect": job, "days": 1 }), "not_yours"),
        ("remind", json!({ "disconnect": job, "days": 0 }), "bad_days"),
        ("delete_channel", json!({ "mailbox": channel }), "no_access"),
        ("drop_other_channel", json!({ "channel": other }), "no_access"),
        ("delete_inbox", json!({ "inbox": inbox }), "not_super_admin"),
        ("set_access", json!({ "inbox": inbox, "member": me, "access": false }), "not_super_admin"),
        ("add_member", json!({ "name": "X", "superAdmin": true, "language": null }), "not_super_admin"),
        ("remove_member", json!({ "member": me }), "not_super_admin"),
        ("remove_member", json!({ "member": "../etc" }), "bad_argument"),
        ("read_notice", json!({ "notice": 1 }), "unknown_notice"),
    ] {
        let answer = app.invoke(command, args).await.unwrap();
        assert_eq!(answer["error"]["code"], wanted, "{command}: {answer}");
    }
    let after = app.invoke("overview", json!({})).await.unwrap();
    assert_eq!(after["ok"]["revision"], before, "nothing half done");
}
