//! One workspace on several devices: what each of them may say of a token.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::path::PathBuf;
use std::sync::Arc;
use uncouple_domain::{Provider, Scope};
use uncouple_engine::ports::{RefreshReply, RevokeReply, SecretError, SignInAt, Store as _};
use uncouple_engine::view::{
    Action, DisconnectCard, KeptOn, LinkView, MailboxRow, SignInResult, StepAction, StepState,
};
use uncouple_engine::wire::{Origin, Proof, StepKind, StepMode};
use uncouple_engine::{Engine, ErrorCode, Installation};
use uncouple_testkit::{DEVICE, Desk, MemorySecrets, Trouble};

const TOKEN: &str = "1//canary-refresh-token";

async fn connected(provider: Provider) -> Desk {
    let desk = Desk::new().await;
    desk.accounts.signs_in(provider, "subject-1", "hanako@example.com", TOKEN);
    let at = if provider == Provider::Google { SignInAt::Google } else { SignInAt::Microsoft };
    let result = desk.engine.connect_mailbox(at, None, None).await.unwrap();
    assert!(matches!(result, SignInResult::Connected { .. }), "{result:?}");
    desk
}

async fn removed(provider: Provider) -> Desk {
    let desk = connected(provider).await;
    let row = desk.row().await.id.parse().unwrap();
    desk.engine.disable_mailbox(row).await.unwrap();
    desk.engine.remove_mailbox(row).await.unwrap();
    desk
}

/// The same file on another device, whose keyring has nothing of it.
async fn elsewhere(desk: &Desk) -> (Engine, Arc<MemorySecrets>) {
    let secrets = Arc::new(MemorySecrets::default());
    (desk.elsewhere(&secrets).await, secrets)
}

async fn card(engine: &Engine) -> DisconnectCard {
    engine.overview().await.unwrap().disconnects.remove(0)
}

async fn row(engine: &Engine) -> MailboxRow {
    engine.overview().await.unwrap().mailboxes.remove(0)
}

async fn kinds(engine: &Engine) -> Vec<String> {
    let page = engine.history(Default::default()).await.unwrap();
    page.rows.into_iter().rev().map(|row| row.kind).collect()
}

fn on_the_desk() -> Option<KeptOn> {
    Some(KeptOn::Device { name: "desk".to_owned() })
}

/// A copy of the desk's file, with what is in its log.
fn copied(desk: &Desk, name: &str) -> PathBuf {
    let copy = desk.folder().join(name);
    for end in ["", "-wal"] {
        let from = format!("{}{end}", desk.file().display());
        std::fs::copy(from, format!("{}{end}", copy.display())).unwrap();
    }
    copy
}

#[tokio::test]
async fn the_empty_keyring_of_another_device_is_no_proof_that_a_token_is_gone() {
    let desk = removed(Provider::Google).await;
    let (other, _) = elsewhere(&desk).await;
    let job = card(&other).await.id.parse().unwrap();
    let refused = other.run_step(job, StepKind::RevokeGrant).await.unwrap_err();
    assert_eq!((refused.code, refused.details["device"].as_str()), (ErrorCode::KeptOnDevice, "desk"));
    let refused = other.run_step(job, StepKind::ForgetSecret).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::KeptOnDevice);
    other.housekeep().await.unwrap();
    for step in card(&other).await.steps {
        if step.kind == StepKind::ForgetSecret {
            assert_ne!(step.state, StepState::Done);
            assert_eq!((step.evidence.is_none(), step.kept_on), (true, on_the_desk()));
        }
    }
    assert!(!kinds(&other).await.contains(&"secret_forgotten".to_owned()));
    assert_eq!(desk.secrets.held(), [TOKEN]);
    assert_eq!(desk.accounts.revoked(), Vec::<String>::new());
}

#[tokio::test]
async fn the_device_that_keeps_a_token_still_proves_that_it_is_gone() {
    let mut desk = removed(Provider::Google).await;
    let (other, _) = elsewhere(&desk).await;
    let job = card(&other).await.id.parse().unwrap();
    let revoke = |card: DisconnectCard| card.steps.into_iter().find(|step| step.kind == StepKind::RevokeGrant).unwrap();
    let step = revoke(card(&other).await);
    assert_eq!((step.mode, step.kept_on), (StepMode::Guided, on_the_desk()));
    other.confirm_step(job, StepKind::RevokeGrant).await.unwrap();
    let forget = card(&other).await.steps.into_iter().find(|step| step.kind == StepKind::ForgetSecret).unwrap();
    assert_eq!((forget.state, forget.actions), (StepState::Open, vec![StepAction::Close]));
    desk.restart().await;
    let forget = desk.step(StepKind::ForgetSecret).await;
    assert_eq!(forget.evidence.unwrap().proof, Some(Proof::KeyringAbsent));
    assert_eq!((forget.kept_on, desk.secrets.count()), (None, 0));
    assert!(card(&other).await.completion.complete, "what the one proves the other shows");
}

#[tokio::test]
async fn another_device_checks_no_connection_and_calls_none_lost() {
    let desk = connected(Provider::Google).await;
    let (other, _) = elsewhere(&desk).await;
    let shown = row(&other).await;
    assert_eq!(shown.kept_on, on_the_desk());
    assert!(!shown.actions.contains(&Action::Check), "{:?}", shown.actions);
    assert!(shown.actions.contains(&Action::Reconnect), "{:?}", shown.actions);
    let refused = other.check_mailbox(shown.id.parse().unwrap()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::KeptOnDevice);
    desk.clock.wait(48);
    other.housekeep().await.unwrap();
    let link = row(&other).await.crm.link;
    assert!(matches!(link, LinkView::Ok { .. }), "{link:?}");
    assert!(!kinds(&other).await.contains(&"secret_forgotten".to_owned()));
}

#[tokio::test]
async fn the_word_about_a_consent_is_taken_where_the_token_can_not_be_asked() {
    let desk = removed(Provider::Microsoft365).await;
    let (other, _) = elsewhere(&desk).await;
    desk.accounts.refreshes(RefreshReply::NoConsent);
    other.confirm_step(card(&other).await.id.parse().unwrap(), StepKind::RevokeGrant).await.unwrap();
    let step = card(&other).await.steps.into_iter().find(|step| step.kind == StepKind::RevokeGrant).unwrap();
    assert_eq!(step.evidence.unwrap().proof, None);
}

#[tokio::test]
async fn starting_on_another_device_ends_nobodys_run() {
    let desk = Desk::new().await;
    desk.secrets.trouble(Some(Trouble::All(SecretError::Absent)));
    desk.accounts.signs_in(Provider::Google, "subject-1", "hanako@example.com", TOKEN);
    let result = desk.engine.connect_mailbox(SignInAt::Google, None, None).await.unwrap();
    let SignInResult::KeyringRefused { pending, .. } = result else { panic!("{result:?}") };
    desk.engine.finish_sign_in(pending.parse().unwrap(), true).await.unwrap();
    let (other, _) = elsewhere(&desk).await;
    let link = row(&other).await.crm.link;
    assert!(matches!(link, LinkView::Ok { .. }), "{link:?}");
    desk.accounts.refreshes(RefreshReply::Refused);
    desk.engine.check_mailbox(desk.row().await.id.parse().unwrap()).await.unwrap();
}

#[tokio::test]
async fn another_device_takes_up_nothing_that_one_left_half_done() {
    let mut desk = removed(Provider::Google).await;
    desk.accounts.never_answers(true);
    let job = desk.card().await.id.parse().unwrap();
    let cut = std::time::Duration::from_millis(300);
    assert!(tokio::time::timeout(cut, desk.engine.run_step(job, StepKind::RevokeGrant)).await.is_err());
    desk.accounts.never_answers(false);
    desk.clock.wait(1);
    let (other, _) = elsewhere(&desk).await;
    other.housekeep().await.unwrap();
    assert_eq!(desk.accounts.revoked().len(), 1, "asked once, by the desk");
    assert!(!kinds(&other).await.contains(&"secret_forgotten".to_owned()));
    desk.accounts.answers(RevokeReply::Gone);
    desk.restart().await;
    assert_eq!(desk.accounts.revoked().len(), 2);
    assert!(desk.card().await.completion.complete);
}

#[tokio::test]
async fn signing_in_on_another_device_leaves_the_old_token_to_its_own() {
    let mut desk = connected(Provider::Google).await;
    let (other, secrets) = elsewhere(&desk).await;
    desk.accounts.signs_in(Provider::Google, "subject-1", "hanako@example.com", "second");
    other.connect_mailbox(SignInAt::Google, None, None).await.unwrap();
    assert_eq!((secrets.held(), desk.secrets.held()), (vec!["second".to_owned()], vec![TOKEN.to_owned()]));
    assert_eq!(row(&other).await.kept_on, None);
    desk.restart().await;
    assert_eq!((secrets.count(), desk.secrets.count()), (1, 0));
    assert_eq!(desk.row().await.kept_on, Some(KeptOn::Device { name: "tower".to_owned() }));
}

#[tokio::test]
async fn a_moved_file_asks_what_it_is_and_takes_over_what_is_read() {
    let desk = removed(Provider::Google).await;
    let moved = copied(&desk, "moved.db");
    std::fs::remove_file(desk.file()).unwrap();
    let engine = desk.opens(&moved).await;
    let question = engine.overview().await.unwrap().workspace.origin.unwrap();
    assert!(question.was_at.as_deref().is_some_and(|file| file.ends_with("workspace.db")), "{question:?}");
    assert!(question.is_at.ends_with("moved.db") && !question.still_there && question.devices.is_empty());
    engine.housekeep().await.unwrap();
    assert_eq!(desk.secrets.held(), [TOKEN], "nobody has said that it is this file's");
    let job = card(&engine).await.id.parse().unwrap();
    let refused = engine.run_step(job, StepKind::RevokeGrant).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::KeptForOtherFile);
    engine.say_origin(Origin::Moved).await.unwrap();
    desk.accounts.answers(RevokeReply::Gone);
    engine.run_step(job, StepKind::RevokeGrant).await.unwrap();
    assert!(card(&engine).await.completion.complete);
    assert!(engine.overview().await.unwrap().workspace.origin.is_none());
    let told = kinds(&engine).await;
    for kind in ["file_elsewhere", "origin_stated", "token_found"] {
        assert!(told.contains(&kind.to_owned()), "{told:?}");
    }
}

#[tokio::test]
async fn a_copy_never_touches_the_tokens_of_what_it_was_copied_from() {
    let desk = removed(Provider::Google).await;
    let copy = copied(&desk, "copy.db");
    let engine = desk.opens(&copy).await;
    assert!(engine.overview().await.unwrap().workspace.origin.unwrap().still_there);
    engine.say_origin(Origin::Copied).await.unwrap();
    let job = card(&engine).await.id.parse().unwrap();
    engine.confirm_step(job, StepKind::RevokeGrant).await.unwrap();
    engine.housekeep().await.unwrap();
    assert_eq!(desk.secrets.held(), [TOKEN]);
    let forget = card(&engine).await.steps.into_iter().find(|step| step.kind == StepKind::ForgetSecret).unwrap();
    let Some(KeptOn::OtherFile { file }) = forget.kept_on else { panic!("{:?}", forget.kept_on) };
    assert!(file.ends_with("workspace.db"), "{file}");
}

#[tokio::test]
async fn a_workspace_restored_on_a_new_device_takes_over_what_its_keyring_has_and_nothing_else() {
    let desk = removed(Provider::Google).await;
    let (other, secrets) = elsewhere(&desk).await;
    let question = other.overview().await.unwrap().workspace.origin.unwrap();
    assert_eq!((question.devices, question.was_at), (vec!["desk".to_owned()], None));
    other.say_origin(Origin::Restored).await.unwrap();
    let kept = |card: DisconnectCard| card.steps.into_iter().find_map(|step| step.kept_on);
    assert_eq!(kept(card(&other).await), on_the_desk(), "it is not in this keyring");
    assert!(!kinds(&other).await.contains(&"secret_forgotten".to_owned()));
    // The keyring comes from a backup, too.
    let entry = desk.secrets.entries().remove(0);
    let secret = secret_of(&desk).await;
    secrets.plant(Some((secret, &entry)));
    other.say_origin(Origin::Moved).await.unwrap();
    assert_eq!(kept(card(&other).await), None);
}

/// The only keyring entry that the file names.
async fn secret_of(desk: &Desk) -> uncouple_domain::SecretId {
    let store = uncouple_store::SqliteStore::open(&desk.file()).await.unwrap();
    let snapshot = store.case(&Scope::Tokens).await.unwrap();
    snapshot.workspace.grants.values().find_map(|grant| grant.token.secret()).unwrap()
}

#[tokio::test]
async fn a_locked_keyring_leaves_what_may_be_taken_over_for_later() {
    let desk = removed(Provider::Google).await;
    let moved = copied(&desk, "moved.db");
    let engine = desk.opens(&moved).await;
    desk.secrets.trouble(Some(Trouble::All(SecretError::Locked)));
    engine.say_origin(Origin::Moved).await.unwrap();
    assert!(row_is_elsewhere(&engine).await);
    desk.secrets.trouble(None);
    engine.housekeep().await.unwrap();
    assert!(!row_is_elsewhere(&engine).await);
}

async fn row_is_elsewhere(engine: &Engine) -> bool {
    card(engine).await.steps.iter().any(|step| step.kept_on.is_some())
}

#[cfg(unix)]
#[tokio::test]
async fn another_name_of_the_same_file_is_no_move() {
    let desk = connected(Provider::Google).await;
    let link = desk.folder().join("link.db");
    std::fs::hard_link(desk.file(), &link).unwrap();
    // Beside the log of the first name, as a second mount of the folder would have it.
    for end in ["-wal", "-shm"] {
        let beside = |file: &std::path::Path| PathBuf::from(format!("{}{end}", file.display()));
        let _ = std::fs::hard_link(beside(&desk.file()), beside(&link));
    }
    let engine = desk.opens(&link).await;
    assert!(engine.overview().await.unwrap().workspace.origin.is_none());
    assert_eq!(row(&engine).await.kept_on, None);
}

#[tokio::test]
async fn a_device_is_named_by_its_computer_until_somebody_names_it() {
    let desk = Desk::new().await;
    let name = |overview: uncouple_engine::view::Overview| overview.workspace.devices[0].name.clone();
    assert_eq!(name(desk.overview().await), "desk");
    desk.engine.rename_device("佐藤のノートPC").await.unwrap();
    assert_eq!(name(desk.overview().await), "佐藤のノートPC");
    let refused = desk.engine.rename_device(" ").await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NameEmpty);
    let began = desk.engine.say_origin(Origin::Moved).await.unwrap_err();
    assert_eq!(began.code, ErrorCode::BegunHere);
    let no_answer = desk.engine.say_origin(Origin::Began).await.unwrap_err();
    assert_eq!(no_answer.code, ErrorCode::BadArgument);
}

#[tokio::test]
async fn an_installation_that_can_not_keep_its_identity_puts_nothing_into_the_keyring() {
    let desk = Desk::new().await;
    let passing = Installation {
        id: uncouple_domain::DeviceId(uuid::Uuid::from_u128(1)),
        name: "passing".to_owned(),
        lasting: false,
    };
    let engine = desk.opened(&desk.file(), &desk.secrets, passing).await;
    desk.accounts.signs_in(Provider::Google, "subject-1", "hanako@example.com", TOKEN);
    let refused = engine.connect_mailbox(SignInAt::Google, None, None).await.unwrap_err();
    assert_eq!((refused.code, desk.secrets.count()), (ErrorCode::DeviceNotKept, 0));
    assert_eq!(desk.overview().await.workspace.devices.len(), 1, "it is no device of the workspace");
    assert_eq!(desk.overview().await.workspace.devices[0].id, DEVICE.to_string());
}

/// Takes the devices' names away, as they were missing before devices were told apart.
async fn from_before(desk: &Desk) {
    let store = uncouple_store::SqliteStore::open(&desk.file()).await.unwrap();
    let work = |workspace: &mut uncouple_domain::Workspace| {
        let mut parts = workspace.clone().into_parts();
        for grant in parts.grants.values_mut() {
            if let uncouple_domain::Token::Held { device, .. } = &mut grant.token {
                *device = None;
            }
        }
        for intention in parts.intentions.values_mut() {
            intention.device = None;
        }
        *workspace = uncouple_domain::Workspace::from_parts(parts);
        Ok(())
    };
    store.transact(&Scope::Everything, Box::new(work)).await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn tokens_of_an_older_file_are_this_devices_where_they_are_read_and_nobodys_where_not() {
    let mut desk = removed(Provider::Google).await;
    from_before(&desk).await;
    let (other, _) = elsewhere(&desk).await;
    other.housekeep().await.unwrap();
    let refused = other.run_step(card(&other).await.id.parse().unwrap(), StepKind::ForgetSecret).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::KeptOnUnknownDevice);
    let unknown = card(&other).await.steps.into_iter().filter(|step| step.kept_on == Some(KeptOn::Unknown)).count();
    assert_eq!(unknown, 2);
    assert!(!kinds(&other).await.contains(&"secret_forgotten".to_owned()));
    desk.restart().await;
    assert_eq!(desk.step(StepKind::ForgetSecret).await.kept_on, None);
    assert!(kinds(&desk.engine).await.contains(&"token_found".to_owned()));
    desk.accounts.answers(RevokeReply::Gone);
    desk.engine.run_step(desk.card().await.id.parse().unwrap(), StepKind::RevokeGrant).await.unwrap();
    assert!(desk.card().await.completion.complete);
}

#[tokio::test]
async fn an_older_file_whose_tokens_are_in_no_keyring_here_proves_nothing() {
    let mut desk = removed(Provider::Google).await;
    from_before(&desk).await;
    desk.secrets.plant(None);
    desk.restart().await;
    let job = desk.card().await.id.parse().unwrap();
    for kind in [StepKind::RevokeGrant, StepKind::ForgetSecret] {
        assert_eq!(desk.engine.run_step(job, kind).await.unwrap_err().code, ErrorCode::KeptOnUnknownDevice, "{kind:?}");
    }
    assert!(desk.step(StepKind::ForgetSecret).await.evidence.is_none());
}
