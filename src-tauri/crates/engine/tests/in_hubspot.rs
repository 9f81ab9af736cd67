//! Mailboxes that HubSpot holds: guided steps, and what people say.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use uncouple_domain::{DisconnectId, MailboxId};
use uncouple_engine::ErrorCode;
use uncouple_engine::view::{Action, Finding, JobAction, LinkView, StepAction, StoredKind};
use uncouple_engine::wire::{Provider, Rank, StepKind, Use};
use uncouple_testkit::{Desk, PLAIN_SOURCE};

async fn tracked(provider: Provider) -> (Desk, MailboxId) {
    let desk = Desk::new().await;
    let row = desk.engine.track_mailbox("hanako@example.com", provider, None).await.unwrap();
    (desk, row)
}

async fn disabling(provider: Provider) -> (Desk, DisconnectId) {
    let (desk, row) = tracked(provider).await;
    let job = desk.engine.disable_mailbox(row).await.unwrap();
    (desk, job)
}

#[tokio::test]
async fn an_address_is_tracked_as_it_is_meant_however_it_was_typed_or_copied() {
    let desk = Desk::new().await;
    desk.engine
        .track_mailbox("　佐藤　花子＜ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｃｏｍ＞", Provider::Google, None)
        .await
        .unwrap();
    assert_eq!(desk.row().await.address, "hanako@example.com");
    for again in
        ["mailto:hanako@example.com", "\u{200b}Hanako@example.com\u{200b}", "\u{202a}hanako@example.com\u{202c}"]
    {
        let twice = desk.engine.track_mailbox(again, Provider::Google, None).await.unwrap_err();
        assert_eq!(twice.code, ErrorCode::AddressInUse, "{again:?}");
    }
    for carrier in ["a..b@docomo.ne.jp", "a.@docomo.ne.jp"] {
        desk.engine.track_mailbox(carrier, Provider::Imap, None).await.unwrap();
    }
    let two = desk.engine.track_mailbox("a@example.com, b@example.com", Provider::Google, None).await.unwrap_err();
    assert_eq!(two.code, ErrorCode::AddressControl);
}

#[tokio::test]
async fn one_tick_and_one_word_complete_a_job_as_confirmed() {
    let (desk, job) = disabling(Provider::Google).await;
    assert_eq!(desk.row().await.crm.usage, Use::InUse);
    desk.engine.confirm_in_crm(job).await.unwrap();
    assert!(desk.overview().await.mailboxes.is_empty());
    assert!(desk.card().await.half);
    desk.engine.confirm_step(job, StepKind::RevokeGrant).await.unwrap();
    let card = desk.card().await;
    assert_eq!(card.completion.weakest.unwrap().rank, Rank::Confirmed);
    assert_eq!((card.in_sight, card.half), (false, false));
}

#[tokio::test]
async fn a_step_confirmed_twice_is_refused_and_said_once() {
    let (desk, job) = disabling(Provider::Google).await;
    desk.engine.confirm_step(job, StepKind::DisableInCrm).await.unwrap();
    let error = desk.engine.confirm_step(job, StepKind::DisableInCrm).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::StepDone);
    let page = desk.engine.history(Default::default()).await.unwrap();
    assert_eq!(page.rows.iter().filter(|row| row.kind == "step_done").count(), 1);
}

#[tokio::test]
async fn what_another_window_has_just_removed_is_refused_here() {
    let (desk, job) = disabling(Provider::Google).await;
    let other = desk.other().await;
    other.confirm_in_crm(job).await.unwrap();
    assert_eq!(desk.engine.confirm_in_crm(job).await.unwrap_err().code, ErrorCode::StepDone);
    let row = desk.card().await.mailbox.parse().unwrap();
    assert_eq!(desk.engine.disable_mailbox(row).await.unwrap_err().code, ErrorCode::AlreadyRemoved);
}

#[tokio::test]
async fn not_listed_is_not_gone() {
    let (desk, job) = disabling(Provider::Google).await;
    desk.engine.not_listed(job, Some("Other@example.com")).await.unwrap();
    let step = desk.step(StepKind::RevokeGrant).await;
    assert!(
        matches!(&step.finding, Some(Finding::NotSeen { account: Some(a), same_account: Some(false), .. }) if a == "Other@example.com"),
        "{:?}",
        step.finding
    );
    assert!(!desk.card().await.completion.complete);
    assert_eq!(desk.engine.not_listed(job, Some("nobody")).await.unwrap_err().code, ErrorCode::AddressNoAt);
}

#[tokio::test]
async fn a_closed_step_carries_its_reason_and_the_lowest_rank() {
    let (desk, job) = disabling(Provider::Microsoft365).await;
    desk.engine.confirm_in_crm(job).await.unwrap();
    assert_eq!(
        desk.engine.close_step(job, StepKind::RevokeGrant, " \n ").await.unwrap_err().code,
        ErrorCode::ReasonEmpty
    );
    desk.engine.close_step(job, StepKind::RevokeGrant, "IT does it on Monday").await.unwrap();
    let weakest = desk.card().await.completion.weakest.unwrap();
    assert_eq!((weakest.rank, weakest.reason.as_deref()), (Rank::Unverified, Some("IT does it on Monday")));
    desk.engine.withdraw_confirmation(job, StepKind::RevokeGrant).await.unwrap();
    assert!(!desk.card().await.completion.complete);
}

#[tokio::test]
async fn a_click_by_mistake_is_withdrawn_as_a_new_line_of_history() {
    let (desk, job) = disabling(Provider::Imap).await;
    desk.engine.confirm_in_crm(job).await.unwrap();
    desk.engine.withdraw_confirmation(job, StepKind::RemoveFromCrm).await.unwrap();
    assert_eq!(desk.row().await.crm.usage, Use::Disabled);
    desk.engine.withdraw_confirmation(job, StepKind::DisableInCrm).await.unwrap();
    assert_eq!(desk.row().await.crm.usage, Use::InUse);
    let page = desk.engine.history(Default::default()).await.unwrap();
    assert_eq!(page.rows.iter().filter(|row| row.kind == "confirmation_withdrawn").count(), 2);
    assert_eq!(desk.engine.verify_history().await.unwrap().broken_at, None);
}

#[tokio::test]
async fn imap_has_no_page_and_no_consent() {
    let (desk, job) = disabling(Provider::Imap).await;
    let step = desk.step(StepKind::WithdrawPassword).await;
    assert_eq!(step.actions, [StepAction::Confirm, StepAction::Close]);
    let error = desk.engine.open_page(job, StepKind::WithdrawPassword).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NoPage);
    let error = desk.engine.open_page(job, StepKind::RevokeGrant).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::UnknownStep);
}

#[tokio::test]
async fn a_page_is_written_down_before_it_opens_and_a_missing_browser_after() {
    let (desk, job) = disabling(Provider::Google).await;
    let opened = desk.engine.open_page(job, StepKind::RevokeGrant).await.unwrap();
    assert!(opened.opened);
    assert_eq!(desk.browser.opened(), ["https://myaccount.google.com/linkedapps"]);
    desk.browser.missing(true);
    let error = desk.engine.open_page(job, StepKind::RevokeGrant).await.unwrap_err();
    assert_eq!((error.code, error.details["url"].as_str()), (ErrorCode::NoBrowser, desk.browser.opened()[0].as_str()));
    let page = desk.engine.history(Default::default()).await.unwrap();
    let kinds: Vec<&str> = page.rows.iter().map(|row| row.kind.as_str()).take(3).collect();
    assert_eq!(kinds, ["page_failed", "page_requested", "page_requested"]);
}

#[tokio::test]
async fn a_source_opens_if_a_guide_names_it_and_leaves_no_line_in_the_history() {
    let (desk, _job) = disabling(Provider::Google).await;
    let before = desk.engine.history(Default::default()).await.unwrap().rows.len();
    let opened = desk.engine.open_source(PLAIN_SOURCE).await.unwrap();
    assert!(opened.opened);
    assert_eq!(desk.browser.opened(), [PLAIN_SOURCE]);
    for other in ["https://attacker.example/", "https://knowledge.hubspot.com/", "file:///etc/passwd", ""] {
        let error = desk.engine.open_source(other).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::NoPage, "{other}");
    }
    assert_eq!(desk.browser.opened(), [PLAIN_SOURCE]);
    assert_eq!(desk.engine.history(Default::default()).await.unwrap().rows.len(), before);
    desk.browser.missing(true);
    let error = desk.engine.open_source(PLAIN_SOURCE).await.unwrap_err();
    assert_eq!((error.code, error.details["url"].as_str()), (ErrorCode::NoBrowser, PLAIN_SOURCE));
}

#[tokio::test]
async fn from_the_sample_no_page_is_opened_and_nobody_signs_in() {
    let desk = Desk::sample().await;
    let row = desk.engine.track_mailbox("hanako@example.com", Provider::Google, None).await.unwrap();
    let job = desk.engine.disable_mailbox(row).await.unwrap();
    let opened = desk.engine.open_page(job, StepKind::RevokeGrant).await.unwrap();
    assert!(!opened.opened);
    assert!(!desk.engine.open_source(PLAIN_SOURCE).await.unwrap().opened);
    assert_eq!(desk.browser.opened(), Vec::<String>::new());
    let error = desk.engine.connect_mailbox(uncouple_engine::ports::SignInAt::Google, None, None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotInSample);
}

#[tokio::test]
async fn a_reminder_puts_a_job_off_until_tomorrow_morning() {
    let (desk, job) = disabling(Provider::Google).await;
    desk.engine.remind(job, 1).await.unwrap();
    // Nine in the morning in Tokyo.
    assert_eq!(desk.card().await.snoozed_until.as_deref(), Some("2026-11-24T00:00:00Z"));
    desk.clock.wait(24);
    assert_eq!(desk.card().await.snoozed_until, None);
}

#[tokio::test]
async fn rows_and_jobs_offer_what_the_rules_allow() {
    let (desk, row) = tracked(Provider::Google).await;
    let elsewhere = [Action::Disable, Action::ReportLost, Action::Reconnect, Action::Move];
    assert_eq!(desk.row().await.actions, elsewhere);
    let job = desk.engine.disable_mailbox(row).await.unwrap();
    assert_eq!(desk.row().await.actions, [Action::Finish]);
    assert_eq!(desk.card().await.actions, [JobAction::ConfirmInCrm, JobAction::Stop, JobAction::Remind]);
    desk.engine.confirm_step(job, StepKind::DisableInCrm).await.unwrap();
    assert_eq!(desk.row().await.actions, [Action::Enable, Action::Remove]);
    assert_eq!(desk.engine.stop_disconnect(job).await.unwrap_err().code, ErrorCode::NotInUse);
    desk.engine.enable_mailbox(row).await.unwrap();
    assert!(desk.overview().await.disconnects.is_empty());
}

#[tokio::test]
async fn bad_input_has_a_code_and_changes_nothing() {
    let (desk, row) = tracked(Provider::Google).await;
    let before = desk.engine.revision().await.unwrap();
    let twice = desk.engine.track_mailbox("HANAKO@example.com", Provider::Imap, None).await.unwrap_err();
    assert_eq!((twice.code, twice.details["mailbox"].clone()), (ErrorCode::AddressInUse, row.to_string()));
    let hosted = desk.engine.track_mailbox("x@example.com", Provider::Hosted, None).await.unwrap_err();
    assert_eq!(hosted.code, ErrorCode::NotPersonal);
    assert_eq!(desk.engine.remove_mailbox(row).await.unwrap_err().code, ErrorCode::NotDisabled);
    let nobody = MailboxId(uuid::Uuid::max());
    assert_eq!(desk.engine.disable_mailbox(nobody).await.unwrap_err().code, ErrorCode::UnknownMailbox);
    let no_job = DisconnectId(uuid::Uuid::max());
    assert_eq!(desk.engine.confirm_in_crm(no_job).await.unwrap_err().code, ErrorCode::UnknownDisconnect);
    for name in ["", "\u{202e}kcatta", &"x".repeat(101)] {
        assert!(desk.engine.rename_me(name).await.is_err());
    }
    assert_eq!(desk.engine.revision().await.unwrap(), before);
    desk.engine.rename_me("<b>花子</b> 🎉").await.unwrap();
    assert_eq!(desk.overview().await.me.name, "<b>花子</b> 🎉");
}

#[tokio::test]
async fn an_export_that_can_not_be_written_is_named_and_leaves_the_old_one() {
    let (desk, _) = tracked(Provider::Google).await;
    let csv = uncouple_engine::ExportFormat::Csv;
    let folder = desk.folder().to_str().unwrap().to_owned();
    for path in [folder.as_str(), "relative.csv", "/proc/nowhere/history.csv"] {
        let error = desk.engine.export_history(csv, path).await.unwrap_err();
        assert_eq!((error.code, error.details["path"].as_str()), (ErrorCode::ExportFailed, path));
    }
    let path = format!("{folder}/history.csv");
    let done = desk.engine.export_history(csv, &path).await.unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with('\u{feff}') && text.contains(&done.head));
    assert_eq!(desk.engine.verify_history().await.unwrap().entries, done.entries + 1, "the export itself is a line");
    let again = desk.engine.export_history(csv, &path).await.unwrap_err();
    assert_eq!((again.code, again.details["path"].clone()), (ErrorCode::ExportExists, path.clone()));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "somebody's file is never replaced");
    let endless = uncouple_engine::history::HistoryFilter { text: Some("x".repeat(60_000)), ..Default::default() };
    assert_eq!(desk.engine.history(endless).await.unwrap_err().code, ErrorCode::BadArgument);
}

#[tokio::test]
async fn enabling_in_hubspot_has_a_guide_and_is_kept_as_the_word_of_who_said_so() {
    let (desk, row) = tracked(Provider::Google).await;
    assert!(desk.row().await.crm.entered, "only entered so far");
    assert_eq!(desk.engine.enable_guide(row).await.unwrap_err().code, ErrorCode::NotDisabled);
    let job = desk.engine.disable_mailbox(row).await.unwrap();
    desk.engine.confirm_step(job, StepKind::DisableInCrm).await.unwrap();
    assert_eq!(desk.engine.enable_guide(row).await.unwrap().id, "enable");
    assert!(desk.engine.open_enable_page(row).await.unwrap().opened);
    assert_eq!(desk.browser.opened(), ["https://app.hubspot.com/"]);
    assert_eq!(desk.row().await.crm.usage, Use::Disabled, "looking at a page changes nothing");
    desk.engine.enable_mailbox(row).await.unwrap();
    let crm = desk.row().await.crm;
    assert_eq!((crm.usage, crm.rank, crm.entered), (Use::InUse, Rank::Confirmed, false));
    assert_eq!(crm.by, "佐藤 花子");
}

#[tokio::test]
async fn a_loss_that_somebody_states_names_them() {
    let (desk, row) = tracked(Provider::Google).await;
    desk.engine.report_lost(row).await.unwrap();
    let link = desk.row().await.crm.link;
    assert!(matches!(&link, LinkView::Lost { by: Some(by), .. } if by == "佐藤 花子"), "{link:?}");
}

#[tokio::test]
async fn a_message_goes_to_the_mail_program_as_it_was_written_and_nothing_is_recorded_as_sent() {
    let (desk, _) = tracked(Provider::Google).await;
    let before = desk.engine.history(Default::default()).await.unwrap().total;
    let opened = desk.engine.open_mail(Some("ken@example.com"), "件名", "1\n2").await.unwrap();
    assert!(opened.opened);
    assert_eq!(desk.browser.opened(), ["mailto:ken@example.com?subject=%E4%BB%B6%E5%90%8D&body=1%0D%0A2"]);
    assert_eq!(desk.engine.history(Default::default()).await.unwrap().total, before);
    desk.browser.missing(true);
    let error = desk.engine.open_mail(None, "s", "b").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NoMailProgram);
    let sample = Desk::sample().await;
    assert!(!sample.engine.open_mail(None, "s", "b").await.unwrap().opened);
    assert!(sample.browser.opened().is_empty(), "nobody of the sample exists");
}

#[tokio::test]
async fn only_the_sample_reaches_other_members() {
    assert!(!Desk::new().await.overview().await.workspace.reaches_members);
    assert!(Desk::sample().await.overview().await.workspace.reaches_members);
}

#[tokio::test]
async fn every_file_of_the_workspace_is_listed_with_who_can_open_it() {
    let (desk, _) = tracked(Provider::Google).await;
    std::fs::write(desk.folder().join("workspace.db.schema2.bak"), "x").unwrap();
    std::fs::write(desk.folder().join("somebody-elses.txt"), "x").unwrap();
    let storage = desk.engine.storage().await;
    let kinds: Vec<StoredKind> = storage.files.iter().map(|file| file.kind).collect();
    assert!(kinds.contains(&StoredKind::Workspace) && kinds.contains(&StoredKind::Copy), "{kinds:?}");
    assert!(storage.files.iter().all(|file| !file.path.contains("somebody")), "not ours");
    assert_eq!(storage.folder, desk.folder().display().to_string());
}
