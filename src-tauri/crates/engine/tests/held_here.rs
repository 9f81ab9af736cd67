//! Mailboxes that this workspace holds: what the backend does, and what it knows afterwards.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::time::Duration;
use uncouple_domain::{Provider, SecretId};
use uncouple_engine::ErrorCode;
use uncouple_engine::ports::{RefreshReply, RevokeReply, SecretError, SignInApp, SignInAt, SignInError};
use uncouple_engine::view::{
    Action, Finding, JobAction, KeyringTrouble, LinkView, ProviderSide, SignInResult, StepState,
};
use uncouple_engine::wire::{LostReason, Proof, Rank, StepKind, StepMode};
use uncouple_testkit::{DEVICE, Desk, Trouble, access};

const TOKEN: &str = "1//canary-refresh-token";

async fn connected(provider: Provider) -> Desk {
    let desk = Desk::new().await;
    sign_in(&desk, provider, "subject-1", "hanako@example.com", TOKEN).await;
    desk
}

fn at(provider: Provider) -> SignInAt {
    if provider == Provider::Google { SignInAt::Google } else { SignInAt::Microsoft }
}

async fn sign_in(desk: &Desk, provider: Provider, subject: &str, address: &str, token: &str) {
    desk.accounts.signs_in(provider, subject, address, token);
    let result = desk.engine.connect_mailbox(at(provider), None, None).await.unwrap();
    assert!(matches!(result, SignInResult::Connected { .. }), "{result:?}");
}

async fn removed(provider: Provider) -> Desk {
    let desk = connected(provider).await;
    let row = desk.row().await.id.parse().unwrap();
    desk.engine.disable_mailbox(row).await.unwrap();
    desk.engine.remove_mailbox(row).await.unwrap();
    desk
}

async fn run(desk: &Desk, kind: StepKind) -> Result<(), ErrorCode> {
    let job = desk.card().await.id.parse().unwrap();
    desk.engine.run_step(job, kind).await.map_err(|error| error.code)
}

async fn kinds(desk: &Desk) -> Vec<String> {
    let page = desk.engine.history(Default::default()).await.unwrap();
    page.rows.into_iter().rev().map(|row| row.kind).collect()
}

#[tokio::test]
async fn a_disconnect_at_google_is_complete_and_proven_and_the_token_is_gone() {
    let desk = removed(Provider::Google).await;
    desk.accounts.answers(RevokeReply::Gone);
    run(&desk, StepKind::RevokeGrant).await.unwrap();
    let card = desk.card().await;
    assert!(card.completion.complete);
    assert_eq!(card.completion.weakest.unwrap().proof, Some(Proof::GoogleRevoke));
    assert_eq!(desk.step(StepKind::ForgetSecret).await.evidence.unwrap().proof, Some(Proof::KeyringAbsent));
    assert_eq!(desk.secrets.held(), Vec::<String>::new());
    assert_eq!(desk.accounts.revoked(), [TOKEN]);
    let told = kinds(&desk).await;
    let place = |kind: &str| told.iter().position(|k| k == kind).unwrap();
    assert!(place("revocation_requested") < place("revocation_answered"), "{told:?}");
    assert!(place("revocation_answered") < place("secret_forgotten"), "{told:?}");
}

#[tokio::test]
async fn a_token_that_was_dead_before_leaves_the_consent_to_a_person() {
    let desk = removed(Provider::Google).await;
    desk.accounts.answers(RevokeReply::AlreadyInvalid);
    run(&desk, StepKind::RevokeGrant).await.unwrap();
    let step = desk.step(StepKind::RevokeGrant).await;
    assert_eq!((step.mode, step.state), (StepMode::Guided, StepState::Open));
    assert!(matches!(step.finding, Some(Finding::TokenDead { .. })), "{:?}", step.finding);
    assert_eq!(desk.secrets.held(), Vec::<String>::new(), "a dead token is of no use");
    let job = desk.card().await.id.parse().unwrap();
    desk.engine.confirm_step(job, StepKind::RevokeGrant).await.unwrap();
    let weakest = desk.card().await.completion.weakest.unwrap();
    assert_eq!((weakest.rank, weakest.by.as_deref()), (Rank::Confirmed, Some("佐藤 花子")));
}

#[tokio::test]
async fn no_answer_keeps_the_step_waiting_and_the_token_kept() {
    let desk = removed(Provider::Google).await;
    desk.accounts.answers(RevokeReply::NoAnswer);
    run(&desk, StepKind::RevokeGrant).await.unwrap();
    let step = desk.step(StepKind::RevokeGrant).await;
    assert_eq!(step.state, StepState::Waiting);
    assert!(matches!(step.finding, Some(Finding::NoAnswer { .. })));
    assert_eq!(desk.secrets.held(), [TOKEN]);
    desk.accounts.answers(RevokeReply::Gone);
    run(&desk, StepKind::RevokeGrant).await.unwrap();
    assert!(desk.card().await.completion.complete);
}

#[tokio::test]
async fn a_run_that_died_in_the_middle_of_a_revocation_is_taken_up_by_the_next() {
    let mut desk = removed(Provider::Google).await;
    desk.accounts.never_answers(true);
    let cut = tokio::time::timeout(Duration::from_millis(300), run(&desk, StepKind::RevokeGrant)).await;
    assert!(cut.is_err());
    assert_eq!(desk.step(StepKind::RevokeGrant).await.state, StepState::Waiting);
    desk.accounts.never_answers(false);
    desk.accounts.answers(RevokeReply::AlreadyInvalid);
    desk.restart().await;
    // The first call did reach Google; "invalid" is what it then says, and that is no proof.
    let step = desk.step(StepKind::RevokeGrant).await;
    assert_eq!((step.mode, step.state), (StepMode::Guided, StepState::Open));
    assert_eq!(desk.accounts.revoked(), [TOKEN, TOKEN]);
}

#[tokio::test]
async fn a_locked_keyring_stops_a_revocation_before_anything_is_written_or_sent() {
    let desk = removed(Provider::Google).await;
    desk.secrets.trouble(Some(Trouble::All(SecretError::Locked)));
    assert_eq!(run(&desk, StepKind::RevokeGrant).await, Err(ErrorCode::KeyringLocked));
    assert_eq!(desk.step(StepKind::RevokeGrant).await.state, StepState::Open);
    assert_eq!(desk.accounts.revoked(), Vec::<String>::new());
    assert!(!kinds(&desk).await.contains(&"revocation_requested".to_owned()));
}

#[tokio::test]
async fn a_token_that_somebody_else_deleted_makes_the_step_a_persons() {
    let desk = removed(Provider::Google).await;
    desk.secrets.plant(None);
    assert_eq!(run(&desk, StepKind::RevokeGrant).await, Err(ErrorCode::NoToken));
    let step = desk.step(StepKind::RevokeGrant).await;
    assert_eq!((step.mode, step.state), (StepMode::Guided, StepState::Open));
}

#[tokio::test]
async fn a_token_that_the_keyring_does_not_let_go_of_keeps_the_job_open() {
    let desk = removed(Provider::Google).await;
    desk.secrets.trouble(Some(Trouble::Forget(SecretError::Failed)));
    desk.accounts.answers(RevokeReply::Gone);
    run(&desk, StepKind::RevokeGrant).await.unwrap();
    let step = desk.step(StepKind::ForgetSecret).await;
    assert_eq!(step.state, StepState::Open);
    assert!(matches!(step.finding, Some(Finding::NotForgotten { .. })), "{:?}", step.finding);
    assert!(!desk.card().await.completion.complete);
    assert_eq!(run(&desk, StepKind::ForgetSecret).await, Err(ErrorCode::KeyringFailed));
    desk.secrets.trouble(None);
    run(&desk, StepKind::ForgetSecret).await.unwrap();
    assert!(desk.card().await.completion.complete);
}

#[tokio::test]
async fn revoking_before_the_removal_is_refused() {
    let desk = connected(Provider::Google).await;
    desk.engine.disable_mailbox(desk.row().await.id.parse().unwrap()).await.unwrap();
    assert_eq!(run(&desk, StepKind::RevokeGrant).await, Err(ErrorCode::RemoveFirst));
    assert!(!desk.card().await.in_sight, "greyed only: nothing is half done");
}

#[tokio::test]
async fn at_microsoft_the_token_is_asked_before_a_word_is_taken() {
    let desk = removed(Provider::Microsoft365).await;
    let step = desk.step(StepKind::RevokeGrant).await;
    assert_eq!(step.mode, StepMode::Guided);
    assert!(step.forget_by.unwrap().starts_with("2026-11-30"));
    let job = desk.card().await.id.parse().unwrap();

    desk.accounts.refreshes(RefreshReply::Works {
        rotated: Some("rotated".to_owned().into()),
        access: access("access".to_owned().into()),
    });
    desk.engine.confirm_step(job, StepKind::RevokeGrant).await.unwrap();
    let step = desk.step(StepKind::RevokeGrant).await;
    assert!(matches!(step.finding, Some(Finding::StillThere { .. })), "{:?}", step.finding);
    assert_eq!(desk.secrets.held(), ["rotated"], "the newest token replaces the old one");

    desk.accounts.refreshes(RefreshReply::NoConsent);
    desk.engine.confirm_step(job, StepKind::RevokeGrant).await.unwrap();
    assert_eq!(desk.card().await.completion.weakest.unwrap().proof, Some(Proof::MicrosoftConsent));
    assert_eq!(desk.secrets.held(), Vec::<String>::new());
}

#[tokio::test]
async fn at_microsoft_a_refusal_without_a_reason_proves_nothing() {
    let desk = removed(Provider::Microsoft365).await;
    desk.accounts.refreshes(RefreshReply::Refused);
    desk.engine.confirm_step(desk.card().await.id.parse().unwrap(), StepKind::RevokeGrant).await.unwrap();
    assert_eq!(desk.card().await.completion.weakest.unwrap().rank, Rank::Confirmed);
}

#[tokio::test]
async fn a_token_at_microsoft_is_forgotten_after_seven_days() {
    let mut desk = removed(Provider::Microsoft365).await;
    desk.clock.wait(7 * 24);
    desk.restart().await;
    assert_eq!(desk.secrets.held(), Vec::<String>::new());
    assert_eq!(desk.step(StepKind::RevokeGrant).await.state, StepState::Open);
}

#[tokio::test]
async fn connecting_again_forgets_the_old_token_and_never_revokes_the_new_one() {
    let desk = removed(Provider::Google).await;
    sign_in(&desk, Provider::Google, "subject-1", "hanako@example.com", "second").await;
    assert_eq!(desk.secrets.held(), ["second"]);
    assert_eq!(desk.accounts.revoked(), Vec::<String>::new());
    assert!(matches!(desk.row().await.consent, ProviderSide::Active { .. }));
}

#[tokio::test]
async fn a_keyring_that_refuses_leaves_a_choice_and_nothing_else() {
    let mut desk = Desk::new().await;
    desk.secrets.trouble(Some(Trouble::All(SecretError::Absent)));
    desk.accounts.signs_in(Provider::Google, "subject-1", "hanako@example.com", TOKEN);
    let result = desk.engine.connect_mailbox(SignInAt::Google, None, None).await.unwrap();
    let SignInResult::KeyringRefused { pending, address, why } = result else { panic!("{result:?}") };
    assert_eq!((address.as_str(), why), ("hanako@example.com", KeyringTrouble::Absent));
    assert!(desk.overview().await.mailboxes.is_empty());

    let pending = pending.parse().unwrap();
    desk.engine.finish_sign_in(pending, true).await.unwrap();
    assert!(desk.row().await.this_run_only);
    assert_eq!(desk.secrets.held(), Vec::<String>::new());
    assert_eq!(desk.engine.finish_sign_in(pending, true).await.unwrap_err().code, ErrorCode::PendingGone);

    desk.restart().await;
    let link = desk.row().await.crm.link;
    assert!(matches!(link, LinkView::Lost { reason: LostReason::RunOver, .. }), "{link:?}");
}

#[tokio::test]
async fn a_dropped_sign_in_is_revoked_and_leaves_nothing() {
    let desk = Desk::new().await;
    desk.secrets.trouble(Some(Trouble::All(SecretError::Locked)));
    desk.accounts.signs_in(Provider::Google, "subject-1", "hanako@example.com", TOKEN);
    let result = desk.engine.connect_mailbox(SignInAt::Google, None, None).await.unwrap();
    let SignInResult::KeyringRefused { pending, .. } = result else { panic!("{result:?}") };
    desk.accounts.answers(RevokeReply::Gone);
    desk.engine.drop_sign_in(pending.parse().unwrap()).await.unwrap();
    assert_eq!(desk.accounts.revoked(), [TOKEN]);
    assert!(desk.overview().await.mailboxes.is_empty());
}

#[tokio::test]
async fn another_account_than_expected_is_named_and_let_go() {
    let desk = Desk::new().await;
    desk.accounts.signs_in(Provider::Google, "subject-2", "taro@example.com", TOKEN);
    let error = desk.engine.connect_mailbox(SignInAt::Google, Some("hanako@example.com"), None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongAccount);
    assert_eq!(error.details["got"], "taro@example.com");
    assert_eq!(desk.accounts.revoked(), [TOKEN]);
    assert!(desk.overview().await.mailboxes.is_empty());
}

#[tokio::test]
async fn letting_a_wrong_account_go_never_cuts_a_row_in_use() {
    let desk = connected(Provider::Google).await;
    desk.accounts.signs_in(Provider::Google, "subject-1", "hanako@example.com", "stray");
    let error = desk.engine.connect_mailbox(SignInAt::Google, Some("taro@example.com"), None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongAccount);
    assert_eq!(desk.accounts.revoked(), Vec::<String>::new());
}

#[tokio::test]
async fn one_sign_in_at_a_time_and_it_can_be_called_off() {
    let desk = Desk::new().await;
    desk.accounts.never_answers(true);
    let first = desk.engine.connect_mailbox(SignInAt::Google, None, None);
    let second = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let refused = desk.engine.connect_mailbox(SignInAt::Google, None, None).await.unwrap_err().code;
        desk.engine.cancel_sign_in();
        refused
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!((first.unwrap_err().code, second), (ErrorCode::SignInCancelled, ErrorCode::SignInRunning));
    desk.accounts.never_answers(false);
    assert_eq!(
        desk.engine.connect_mailbox(SignInAt::Google, None, None).await.unwrap_err().code,
        ErrorCode::SignInUnreachable
    );
}

#[tokio::test]
async fn a_token_whose_mailbox_was_never_committed_is_swept_at_the_next_start() {
    let mut desk = Desk::new().await;
    let orphan = SecretId("00000000-0000-0000-0000-00000000abcd".parse().unwrap());
    // As a run leaves it that dies between the keyring and the commit.
    let store = uncouple_store::SqliteStore::open(&desk.file()).await.unwrap();
    let me = uncouple_domain::MemberId(desk.overview().await.me.id.parse().unwrap());
    let ctx = uncouple_domain::Ctx { actor: me, now: "2026-11-23T08:00:00Z".parse().unwrap(), device: DEVICE };
    let id = uncouple_domain::IntentionId(orphan.0);
    let work = move |w: &mut uncouple_domain::Workspace| {
        w.intend_keep(&ctx, id, orphan);
        Ok(())
    };
    uncouple_engine::ports::Store::transact(&store, &uncouple_domain::Scope::Everything, Box::new(work)).await.unwrap();
    desk.secrets.plant(Some((orphan, TOKEN)));
    desk.restart().await;
    assert_eq!(desk.secrets.held(), Vec::<String>::new());
    assert!(kinds(&desk).await.contains(&"orphan_swept".to_owned()));
}

#[tokio::test]
async fn a_token_that_comes_back_new_is_not_written_where_one_was_just_deleted() {
    let desk = removed(Provider::Microsoft365).await;
    let card = desk.card().await;
    desk.accounts.takes(Duration::from_millis(200));
    desk.accounts.refreshes(RefreshReply::Works {
        rotated: Some("rotated".to_owned().into()),
        access: access("access".to_owned().into()),
    });
    let check = desk.engine.check_mailbox(card.mailbox.parse().unwrap());
    let close = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        desk.engine.close_step(card.id.parse().unwrap(), StepKind::RevokeGrant, "IT does it").await
    };
    let (checked, closed) = tokio::join!(check, close);
    checked.unwrap();
    closed.unwrap();
    let forgotten = desk.step(StepKind::ForgetSecret).await.state == StepState::Done;
    assert_eq!(forgotten, desk.secrets.held().is_empty(), "called proven absent beside {:?}", desk.secrets.held());
}

#[tokio::test]
async fn a_row_in_use_whose_token_went_missing_says_so_and_can_be_reconnected() {
    let desk = connected(Provider::Google).await;
    desk.secrets.plant(None);
    let row = desk.row().await.id.parse().unwrap();
    assert_eq!(desk.engine.check_mailbox(row).await.unwrap_err().code, ErrorCode::NoToken);
    let row = desk.row().await;
    assert!(matches!(row.crm.link, LinkView::Lost { reason: LostReason::Unknown, .. }), "{:?}", row.crm.link);
    assert!(row.actions.contains(&Action::Reconnect), "{:?}", row.actions);
}

#[tokio::test]
async fn an_intention_from_a_clock_that_was_wrong_does_not_wait_for_years() {
    let mut desk = removed(Provider::Google).await;
    desk.clock.wait(24 * 365);
    desk.accounts.never_answers(true);
    assert!(tokio::time::timeout(Duration::from_millis(300), run(&desk, StepKind::RevokeGrant)).await.is_err());
    desk.accounts.never_answers(false);
    desk.clock.wait(-24 * 365);
    desk.accounts.answers(RevokeReply::Gone);
    desk.restart().await;
    assert!(desk.card().await.completion.complete);
}

#[tokio::test]
async fn a_token_whose_deletion_was_begun_is_deleted_and_never_given_back() {
    let mut desk = removed(Provider::Microsoft365).await;
    desk.clock.wait(7 * 24);
    desk.secrets.trouble(Some(Trouble::Forget(SecretError::Failed)));
    desk.restart().await;
    let card = desk.card().await;
    assert!(!card.actions.contains(&JobAction::Undo), "{:?}", card.actions);
    assert_eq!(desk.engine.undo_removal(card.id.parse().unwrap()).await.unwrap_err().code, ErrorCode::NoToken);
    desk.secrets.trouble(None);
    desk.restart().await;
    assert_eq!(desk.secrets.held(), Vec::<String>::new());
}

#[tokio::test]
async fn no_byte_on_disk_holds_the_token() {
    let desk = removed(Provider::Google).await;
    desk.accounts.answers(RevokeReply::Gone);
    run(&desk, StepKind::RevokeGrant).await.unwrap();
    let export = desk.folder().join("history.json");
    let path = export.to_str().unwrap();
    desk.engine.export_history(uncouple_engine::ExportFormat::Json, path).await.unwrap();
    let mut files = 0;
    for file in std::fs::read_dir(desk.folder()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        files += 1;
        assert!(!bytes.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes()));
    }
    assert!(files >= 3, "the file, its log and the export at least");
}

/// A sign-in app whose endpoint is somewhere else.
fn elsewhere(set: impl FnOnce(&mut SignInApp, String)) -> SignInApp {
    let mut app = SignInApp { client_id: "id".to_owned(), ..SignInApp::default() };
    set(&mut app, "https://evil.example".to_owned());
    app
}

#[tokio::test]
async fn a_token_is_never_sent_to_a_host_that_it_was_not_issued_for() {
    let changes: [fn(&mut SignInApp, String); 4] = [
        |app, host| app.token_url = Some(host),
        |app, host| app.revoke_url = Some(host),
        |app, host| app.issuer = Some(host),
        |app, host| app.api_url = Some(host),
    ];
    for change in changes {
        let desk = connected(Provider::Google).await;
        desk.accounts.answers(RevokeReply::Gone);
        desk.accounts.gives_access("access");
        let row = desk.row().await.id.parse().unwrap();
        desk.engine.save_sign_in_app(SignInAt::Google, elsewhere(change)).await.unwrap();
        assert_eq!(desk.engine.check_mailbox(row).await.unwrap_err().code, ErrorCode::TokenElsewhere);
        desk.engine.disable_mailbox(row).await.unwrap();
        desk.engine.remove_mailbox(row).await.unwrap();
        let job = desk.card().await.id.parse().unwrap();
        let refused = desk.engine.run_step(job, StepKind::RevokeGrant).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::TokenElsewhere);
        assert_eq!(refused.details["host"], "https://evil.example");
        desk.engine.housekeep().await.unwrap();
        assert_eq!((desk.accounts.revoked(), desk.accounts.refreshed()), (vec![], vec![]), "nothing was sent");
        assert_eq!(desk.secrets.held().len(), 1, "and the token is still here");
        desk.engine.save_sign_in_app(SignInAt::Google, SignInApp::default()).await.unwrap();
        desk.engine.run_step(job, StepKind::RevokeGrant).await.unwrap();
        assert_eq!(desk.accounts.revoked(), [TOKEN]);
    }
}

#[tokio::test]
async fn a_token_from_a_custom_endpoint_goes_there_and_not_to_the_providers_own() {
    let desk = Desk::new().await;
    let custom = elsewhere(|app, host| app.token_url = Some(host));
    desk.engine.save_sign_in_app(SignInAt::Google, custom.clone()).await.unwrap();
    sign_in(&desk, Provider::Google, "subject-1", "hanako@example.com", TOKEN).await;
    let row = desk.row().await.id.parse().unwrap();
    desk.accounts.gives_access("access");
    desk.engine.check_mailbox(row).await.unwrap();
    assert_eq!(desk.accounts.refreshed(), [TOKEN]);
    desk.engine.save_sign_in_app(SignInAt::Google, SignInApp::default()).await.unwrap();
    assert_eq!(desk.engine.check_mailbox(row).await.unwrap_err().code, ErrorCode::TokenElsewhere);
    assert_eq!(desk.accounts.refreshed(), [TOKEN]);
    assert_eq!(desk.overview().await.foreign_hosts.google, Vec::<String>::new());
    desk.engine.save_sign_in_app(SignInAt::Google, custom).await.unwrap();
    assert_eq!(desk.overview().await.foreign_hosts.google, ["https://evil.example"]);
    let told = desk.engine.history(Default::default()).await.unwrap().rows;
    let hosts = &told.iter().find(|row| row.kind == "sign_in_app_changed").unwrap().details["hosts"];
    assert_eq!(hosts[0], "https://evil.example");
}

#[tokio::test]
async fn an_answer_from_a_custom_endpoint_names_it_for_ever() {
    let desk = Desk::new().await;
    let custom = elsewhere(|app, host| app.revoke_url = Some(host));
    desk.engine.save_sign_in_app(SignInAt::Google, custom).await.unwrap();
    sign_in(&desk, Provider::Google, "subject-1", "hanako@example.com", TOKEN).await;
    let row = desk.row().await.id.parse().unwrap();
    desk.engine.disable_mailbox(row).await.unwrap();
    desk.engine.remove_mailbox(row).await.unwrap();
    let job = desk.card().await.id.parse().unwrap();
    desk.accounts.answers(RevokeReply::Gone);
    desk.engine.run_step(job, StepKind::RevokeGrant).await.unwrap();
    desk.engine.save_sign_in_app(SignInAt::Google, SignInApp::default()).await.unwrap();

    let card = desk.card().await;
    let step = card.steps.iter().find(|step| step.kind == StepKind::RevokeGrant).unwrap();
    let evidence = step.evidence.as_ref().unwrap();
    assert_eq!(
        (evidence.proof, &evidence.hosts[..]),
        (Some(Proof::GoogleRevoke), &["https://evil.example".into()][..])
    );
    let told = desk.engine.history(Default::default()).await.unwrap().rows;
    let answer = told.iter().find(|row| row.kind == "revocation_answered").unwrap();
    assert_eq!(answer.details["hosts"][0], "https://evil.example");
}

#[tokio::test]
async fn a_sign_in_app_has_no_values_that_no_provider_gives() {
    let desk = Desk::new().await;
    let long = "x".repeat(10_000);
    for app in [
        SignInApp { client_id: long.clone(), ..SignInApp::default() },
        SignInApp { client_id: "a\u{1b}[31m".to_owned(), ..SignInApp::default() },
        SignInApp { client_secret: Some("a\nb".to_owned()), ..SignInApp::default() },
        SignInApp { api_url: Some(format!("https://{long}")), ..SignInApp::default() },
    ] {
        let refused = desk.engine.save_sign_in_app(SignInAt::Google, app).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::BadArgument);
    }
    let filter = uncouple_engine::history::HistoryFilter { kind: Some(long), ..Default::default() };
    assert_eq!(desk.engine.history(filter).await.unwrap_err().code, ErrorCode::BadArgument);
}

async fn stray(desk: &Desk) -> Vec<serde_json::Value> {
    let page = desk.engine.history(Default::default()).await.unwrap();
    page.rows.into_iter().filter(|row| row.kind == "stray_consent").map(|row| row.details).collect()
}

#[tokio::test]
async fn a_consent_that_came_with_a_refused_sign_in_is_revoked_or_named() {
    for why in [SignInError::BadIdentity, SignInError::NoRefreshToken] {
        let desk = Desk::new().await;
        desk.accounts.is_not_believed(why, Some(TOKEN));
        desk.accounts.answers(RevokeReply::Gone);
        let refused = desk.engine.connect_mailbox(SignInAt::Google, None, None).await.unwrap_err();
        assert_eq!(refused.details["consent"], "revoked");
        assert_eq!(desk.accounts.revoked(), [TOKEN]);
        assert_eq!(stray(&desk).await[0]["revoked"], true);
    }
    let desk = Desk::new().await;
    for (at, reply, consent) in [
        (SignInAt::Google, RevokeReply::NoAnswer, "left_google"),
        (SignInAt::Google, RevokeReply::AlreadyInvalid, "left_google"),
        (SignInAt::Microsoft, RevokeReply::NotOffered, "left_microsoft"),
    ] {
        desk.accounts.is_not_believed(SignInError::BadIdentity, Some(TOKEN));
        desk.accounts.answers(reply);
        let refused = desk.engine.connect_mailbox(at, None, None).await.unwrap_err();
        assert_eq!(refused.details["consent"], consent);
        assert_eq!(stray(&desk).await[0]["revoked"], false);
    }
    // The exchange of the code was refused: nothing came that could be revoked.
    desk.accounts.is_not_believed(SignInError::Unreachable, None);
    let refused = desk.engine.connect_mailbox(SignInAt::Google, None, None).await.unwrap_err();
    assert_eq!((refused.code, refused.details["consent"].as_str()), (ErrorCode::SignInUnreachable, "left_google"));
}

#[tokio::test]
async fn a_consent_of_nobody_knows_whom_is_not_revoked_beside_one_that_is_in_use() {
    let desk = connected(Provider::Google).await;
    desk.accounts.is_not_believed(SignInError::BadIdentity, Some("doubtful"));
    let refused = desk.engine.connect_mailbox(SignInAt::Google, None, None).await.unwrap_err();
    assert_eq!(refused.details["consent"], "left_google");
    assert_eq!(desk.accounts.revoked(), Vec::<String>::new());
}

#[tokio::test]
async fn the_wrong_account_is_let_go_of_and_said() {
    let desk = Desk::new().await;
    desk.accounts.signs_in(Provider::Google, "subject-2", "taro@example.com", TOKEN);
    desk.accounts.answers(RevokeReply::Gone);
    let refused = desk.engine.connect_mailbox(SignInAt::Google, Some("hanako@example.com"), None).await.unwrap_err();
    assert_eq!((refused.code, refused.details["consent"].as_str()), (ErrorCode::WrongAccount, "revoked"));
    let told = &stray(&desk).await[0];
    assert_eq!((told["account"].as_str(), told["revoked"].as_bool()), (Some("taro@example.com"), Some(true)));
}

/// As a crash leaves it: the token is in the keyring, and nothing was made of it.
async fn crashed(provider: Provider) -> Desk {
    let desk = connected(provider).await;
    let entry = desk.secrets.entries().pop().unwrap();
    let fresh = Desk::new().await;
    let orphan = SecretId("00000000-0000-0000-0000-00000000abcd".parse().unwrap());
    let store = uncouple_store::SqliteStore::open(&fresh.file()).await.unwrap();
    let me = uncouple_domain::MemberId(fresh.overview().await.me.id.parse().unwrap());
    let ctx = uncouple_domain::Ctx { actor: me, now: "2026-11-23T08:00:00Z".parse().unwrap(), device: DEVICE };
    let work = move |w: &mut uncouple_domain::Workspace| {
        w.intend_keep(&ctx, uncouple_domain::IntentionId(orphan.0), orphan);
        Ok(())
    };
    uncouple_engine::ports::Store::transact(&store, &uncouple_domain::Scope::Everything, Box::new(work)).await.unwrap();
    fresh.secrets.plant(Some((orphan, &entry)));
    fresh
}

#[tokio::test]
async fn a_consent_that_a_crash_left_is_revoked_before_its_token_is_forgotten() {
    let mut desk = crashed(Provider::Google).await;
    desk.restart().await;
    assert_eq!((desk.accounts.revoked().len(), desk.secrets.count()), (1, 1), "no answer: kept for the next time");
    assert!(stray(&desk).await.is_empty());
    desk.accounts.answers(RevokeReply::Gone);
    desk.restart().await;
    assert_eq!((desk.accounts.revoked(), desk.secrets.count()), (vec![TOKEN.to_owned(); 2], 0));
    assert_eq!(stray(&desk).await[0]["account"], "hanako@example.com");
    assert!(kinds(&desk).await.contains(&"orphan_swept".to_owned()));
}

#[tokio::test]
async fn a_consent_that_can_not_be_revoked_is_named_when_its_token_is_forgotten() {
    let mut desk = crashed(Provider::Microsoft365).await;
    desk.restart().await;
    assert_eq!((desk.accounts.revoked(), desk.secrets.count()), (vec![], 0));
    assert_eq!(stray(&desk).await[0]["revoked"], false);

    let mut desk = crashed(Provider::Google).await;
    desk.clock.wait(8 * 24);
    desk.restart().await;
    assert_eq!(desk.secrets.count(), 0, "the provider did not answer for a week");
    assert_eq!(stray(&desk).await[0]["revoked"], false);
}
