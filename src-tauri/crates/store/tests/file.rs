//! A workspace in a real file: kept whole, shared by two processes, and left alone when it is not ours.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

#[cfg(target_os = "linux")]
mod disk;

use jiff::Timestamp;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::Path;
use uncouple_domain::*;
use uncouple_engine::history::HistoryFilter;
use uncouple_engine::ports::{Store, StoreError};
use uncouple_engine::settings::Settings;
use uncouple_store::{SCHEMA, SqliteStore};
use uuid::Uuid;

const ME: MemberId = MemberId(Uuid::from_u128(1));

const DEVICE: DeviceId = DeviceId(Uuid::from_u128(5));

fn ctx() -> Ctx {
    Ctx { actor: ME, now: "2026-11-23T09:00:00Z".parse::<Timestamp>().unwrap(), device: DEVICE }
}

fn row(number: u128) -> NewTracked {
    NewTracked {
        mailbox: MailboxId(Uuid::from_u128(number * 10 + 1)),
        grant: GrantId(Uuid::from_u128(number * 10 + 2)),
        home: Home::Personal { owner: ME },
        address: Address::parse(&format!("person{number}@example.com")).unwrap(),
        provider: Provider::Google,
        account: Some(HubSpotAccount { host: "app-eu1.hubspot.com".into(), account: 42 }),
    }
}

async fn begun(path: &Path) -> SqliteStore {
    let store = SqliteStore::open(path).await.unwrap();
    store
        .transact(
            &Scope::Everything,
            Box::new(|w| {
                w.begin(&ctx(), Name::parse("佐藤 花子").unwrap());
                Ok(())
            }),
        )
        .await
        .unwrap();
    store
}

async fn track(store: &SqliteStore, number: u128) -> Result<(), StoreError> {
    let new = row(number);
    store.transact(&new.scope(), Box::new(|w| w.track(&ctx(), new).map(drop))).await.map(drop)
}

async fn raw(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).connect().await.unwrap()
}

/// Every kind of state in one workspace.
fn everything(w: &mut Workspace) -> Result<(), Refusal> {
    let ctx = ctx();
    w.track(&ctx, row(1))?;
    let job = w.disable(&ctx, MailboxId(Uuid::from_u128(11)), DisconnectId(Uuid::from_u128(13)))?;
    w.confirm_in_crm(&ctx, job)?;
    w.not_listed(&ctx, job, Some(Address::parse("other@example.com").unwrap()))?;
    w.snooze(&ctx, job, "2026-11-24T00:00:00Z".parse().unwrap())?;
    w.track(&ctx, row(2))?;
    let job = w.disable(&ctx, MailboxId(Uuid::from_u128(21)), DisconnectId(Uuid::from_u128(23)))?;
    w.close_step(&ctx, job, StepKind::RevokeGrant, Reason::parse("left\nthe company").unwrap())?;
    w.intend_keep(&ctx, IntentionId(Uuid::from_u128(31)), SecretId(Uuid::from_u128(32)));
    let new = NewConnected {
        mailbox: MailboxId(Uuid::from_u128(33)),
        grant: GrantId(Uuid::from_u128(34)),
        home: Home::Personal { owner: ME },
        intention: IntentionId(Uuid::from_u128(31)),
        provider: Provider::Microsoft365,
        subject: "tid.oid".into(),
        address: Address::parse("held@example.com").unwrap(),
        secret: SecretId(Uuid::from_u128(32)),
        this_run_only: true,
    };
    let held = w.connect(&ctx, new)?.mailbox;
    let grant = GrantId(Uuid::from_u128(34));
    w.record_check(&ctx, Some(ME), held, grant, CheckResult::Policy, Vec::new())?;
    w.record_check(&ctx, Some(ME), held, grant, CheckResult::NoAnswer, Vec::new())?;
    w.disable(&ctx, held, DisconnectId(Uuid::from_u128(35)))?;
    w.enable(&ctx, held)?;
    w.intend_keep(&ctx, IntentionId(Uuid::from_u128(41)), SecretId(Uuid::from_u128(42)));
    administrators(w)?;
    team(w)
}

/// An organisation with all that can be in it, and one that was signed out of.
fn administrators(w: &mut Workspace) -> Result<(), Refusal> {
    let ctx = ctx();
    for (number, suite) in [(91, Suite::Google), (101, Suite::Microsoft)] {
        let id = |more: u128| Uuid::from_u128(number + more);
        w.intend_keep(&ctx, IntentionId(id(1)), SecretId(id(2)));
        let new = NewSignIn {
            organisation: OrganisationId(id(0)),
            intention: IntentionId(id(1)),
            forget: IntentionId(id(3)),
            suite,
            key: "C0\"123".into(),
            name: "例え.jp".into(),
            account: Address::parse("Admin@example.com").unwrap(),
            subject: "sub".into(),
            read_only: true,
            permissions: [Permission::People, Permission::Log].into(),
            secret: SecretId(id(2)),
            this_run_only: true,
        };
        w.sign_in_administrator(&ctx, new)?;
        let app = NewApp { key: "app".into(), name: "HubSpot".into(), client_id: "app".into(), by_name: true };
        w.choose_app(&ctx, OrganisationId(id(0)), &app, true)?;
    }
    let (google, microsoft) = (OrganisationId(Uuid::from_u128(91)), OrganisationId(Uuid::from_u128(101)));
    w.sign_in_refused(&ctx, google, SecretId(Uuid::from_u128(93)), true, None);
    let search = Search {
        began: ctx.now,
        at: ctx.now,
        people: 3,
        accesses: 2,
        unread: 1,
        log_only: true,
        complete: false,
        log: None,
        short: Some(Shortfall { told: 5, came: 3 }),
        hosts: vec!["https://proxy.example".into()],
    };
    w.searched(&ctx, google, search)?;
    w.sign_out_administrator(&ctx, microsoft, IntentionId(Uuid::from_u128(105)))?;
    Ok(())
}

/// People, an inbox with all that can be in it, and notices in every state.
fn team(w: &mut Workspace) -> Result<(), Refusal> {
    let ctx = ctx();
    let name = |text| Name::parse(text).unwrap();
    let (misaki, ken) = (MemberId(Uuid::from_u128(2)), MemberId(Uuid::from_u128(3)));
    w.add_member(&ctx, misaki, name("高橋 美咲"), false, Some(Language::Japanese))?;
    w.add_member(&ctx, ken, name("Ken"), false, None)?;
    w.remove_member(&ctx, ken)?;
    let (support, old) = (InboxId(Uuid::from_u128(51)), InboxId(Uuid::from_u128(52)));
    w.add_inbox(&ctx, support, name("サポート"))?;
    w.add_inbox(&ctx, old, name("old"))?;
    w.delete_inbox(&ctx, old)?;
    w.set_access(&ctx, support, misaki, true)?;
    let chat = OtherChannelId(Uuid::from_u128(53));
    w.add_other_channel(&ctx, chat, support, OtherKind::Chat, name("chat"))?;
    w.add_other_channel(&ctx, OtherChannelId(Uuid::from_u128(54)), support, OtherKind::Form, name("form"))?;
    w.drop_other_channel(&ctx, chat)?;
    let home = Home::Team { inbox: support, connected_by: Some(misaki) };
    let channel = w.track(&ctx, NewTracked { home, ..row(6) })?;
    let job = w.delete_channel(&ctx, channel, DisconnectId(Uuid::from_u128(63)))?;
    w.confirm_step(&ctx, job, StepKind::RemoveFromCrm)?;
    w.take_pop_ups(&ctx, misaki, |_| true);
    w.withdraw_confirmation(&ctx, job, StepKind::RemoveFromCrm)?;
    w.take_stale_pop_ups(misaki);
    w.confirm_step(&ctx, job, StepKind::RemoveFromCrm)?;
    w.read_all_notices(&ctx);
    let hers = Ctx { actor: misaki, ..ctx };
    let mailbox = w.track(&hers, NewTracked { home: Home::Personal { owner: misaki }, ..row(7) })?;
    w.ask_owner(&ctx, mailbox)?;
    let moving = w.track(&hers, NewTracked { home: Home::Personal { owner: misaki }, ..row(8) })?;
    w.move_provider(&hers, moving, Provider::Microsoft365, DisconnectId(Uuid::from_u128(83)))?;
    Ok(())
}

#[tokio::test]
async fn what_was_written_is_read_back_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/workspace.db");
    let store = begun(&path).await;
    let committed = store.transact(&Scope::Everything, Box::new(everything)).await.unwrap();
    let written = store.read_whole().await.unwrap();
    assert_eq!(committed.revision, written.revision);
    store.close().await;
    let read = SqliteStore::open(&path).await.unwrap().read_whole().await.unwrap();
    assert_eq!(read.revision, written.revision);
    assert_eq!(read.workspace, written.workspace);
}

#[tokio::test]
async fn which_grant_a_move_led_to_is_known_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let store = begun(&path).await;
    track(&store, 1).await.unwrap();
    let (row, job) = (row(1).mailbox, DisconnectId(Uuid::from_u128(13)));
    let moving = |w: &mut Workspace| w.move_provider(&ctx(), row, Provider::Microsoft365, job).map(drop);
    store.transact(&Scope::Mailbox(row), Box::new(moving)).await.unwrap();
    let fresh = FreshRow { mailbox: MailboxId(Uuid::from_u128(14)), grant: GrantId(Uuid::from_u128(15)) };
    let connected = |w: &mut Workspace| w.connect_again(&ctx(), job, fresh).map(drop);
    store.transact(&Scope::Job(job), Box::new(connected)).await.unwrap();
    store.close().await;
    let read = SqliteStore::open(&path).await.unwrap().read_whole().await.unwrap();
    let step = read.workspace.disconnects[&job].step(StepKind::ConnectAgain).unwrap();
    assert_eq!(step.grant, Some(fresh.grant));
}

#[tokio::test]
async fn a_notices_number_is_never_given_twice_whatever_was_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let store = begun(&folder.path().join("w.db")).await;
    track(&store, 1).await.unwrap();
    let row = row(1).mailbox;
    let lost_and_found = async |grant: u128| {
        let work = move |w: &mut Workspace| {
            w.report_lost(&ctx(), row)?;
            w.reconnected(&ctx(), row, GrantId(Uuid::from_u128(grant)))
        };
        store.transact(&Scope::Mailbox(row), Box::new(work)).await.unwrap();
        store.read_whole().await.unwrap().workspace.notices.keys().copied().collect::<Vec<_>>()
    };
    lost_and_found(90).await;
    assert_eq!(lost_and_found(91).await, [NoticeId(1), NoticeId(2)]);
    let forgotten = store.prune_notices("2026-12-01T00:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(forgotten.touched, [Entity::Notice(NoticeId(1))]);
    assert_eq!(lost_and_found(92).await, [NoticeId(2), NoticeId(3)]);
}

#[tokio::test]
async fn a_refused_change_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let store = begun(&folder.path().join("w.db")).await;
    track(&store, 1).await.unwrap();
    let before = store.read_whole().await.unwrap();
    let refused = store
        .transact(
            &Scope::Everything,
            Box::new(|w| {
                w.track(&ctx(), row(2))?;
                w.track(&ctx(), row(1)).map(|_| ())
            }),
        )
        .await;
    assert!(matches!(refused, Err(StoreError::Refused(Refusal::AddressInUse { .. }))), "{refused:?}");
    let after = store.read_whole().await.unwrap();
    assert_eq!((after.revision, &after.workspace), (before.revision, &before.workspace));
    assert_eq!(store.verify_history().await.unwrap().entries, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_on_one_file_never_lose_an_update() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    begun(&path).await.close().await;
    let add = |from: u128| {
        let path = path.clone();
        tokio::spawn(async move {
            let store = SqliteStore::open(&path).await.unwrap();
            for number in from..from + 40 {
                track(&store, number).await.unwrap();
            }
        })
    };
    let (one, other) = (add(100), add(200));
    one.await.unwrap();
    other.await.unwrap();
    let store = SqliteStore::open(&path).await.unwrap();
    let snapshot = store.read_whole().await.unwrap();
    assert_eq!((snapshot.workspace.mailboxes.len(), snapshot.revision), (80, 81));
    let chain = store.verify_history().await.unwrap();
    assert_eq!((chain.entries, chain.broken_at), (81, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_never_lose_a_setting_and_a_refused_use_case_sets_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let (one, other) = (begun(&path).await, SqliteStore::open(&path).await.unwrap());
    let add = async |store: &SqliteStore| {
        for _ in 0..40 {
            let more = Box::new(|s: &mut Settings| s.google.client_id.push('x'));
            store.change_settings(more, &Scope::Roster, Box::new(|_| Ok(()))).await.unwrap();
        }
    };
    tokio::join!(add(&one), add(&other));
    assert_eq!(one.settings().await.unwrap().google.client_id.len(), 80);
    let refused = other
        .change_settings(Box::new(|s| s.welcomed = true), &Scope::Roster, Box::new(|_| Err(Refusal::UnknownMailbox)))
        .await
        .unwrap_err();
    assert_eq!(refused, StoreError::Refused(Refusal::UnknownMailbox));
    assert!(!one.settings().await.unwrap().welcomed);
}

#[tokio::test]
async fn a_change_of_another_process_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let (one, other) = (begun(&path).await, SqliteStore::open(&path).await.unwrap());
    assert_eq!(other.read_whole().await.unwrap().workspace.mailboxes.len(), 0);
    track(&one, 1).await.unwrap();
    assert_eq!(other.revision().await.unwrap(), 2);
    assert_eq!(other.read_whole().await.unwrap().workspace.mailboxes.len(), 1);
    // Refused against the newest state, not against what this process saw last.
    assert!(matches!(track(&other, 1).await, Err(StoreError::Refused(_))));
}

#[tokio::test]
async fn each_kind_of_damage_to_the_history_is_found() {
    for damage in [
        "UPDATE history SET by_name = 'x' WHERE seq = 2",
        "UPDATE history SET what = replace(what, 'google', 'imap') WHERE seq = 2",
        "DELETE FROM history WHERE seq = 2",
        "UPDATE history SET seq = seq + 100 WHERE seq = 3",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        let store = begun(&path).await;
        for number in 1..4 {
            track(&store, number).await.unwrap();
        }
        assert_eq!(store.verify_history().await.unwrap().broken_at, None);
        let mut db = raw(&path).await;
        sqlx::query(damage).execute(&mut db).await.unwrap();
        assert!(store.verify_history().await.unwrap().broken_at.is_some(), "{damage}");
    }
}

#[tokio::test]
async fn a_history_that_lost_its_last_entries_is_found_out_also_after_new_ones() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let store = begun(&path).await;
    for number in 1..7 {
        track(&store, number).await.unwrap();
    }
    let written = store.verify_history().await.unwrap();
    assert_eq!((written.broken_at, written.lost), (None, 0));
    let mut db = raw(&path).await;
    sqlx::query("DELETE FROM history WHERE seq > $1 - 3").bind(written.entries as i64).execute(&mut db).await.unwrap();
    let cut = store.verify_history().await.unwrap();
    assert_eq!((cut.broken_at, cut.lost), (None, 3));
    track(&store, 7).await.unwrap();
    assert_eq!(store.verify_history().await.unwrap().lost, 3, "an entry more does not make up for them");
    sqlx::query("DELETE FROM history").execute(&mut db).await.unwrap();
    let emptied = store.verify_history().await.unwrap();
    assert_eq!((emptied.entries, emptied.lost), (0, written.entries + 1));
}

#[tokio::test]
async fn an_entry_that_was_put_on_by_another_hand_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let store = begun(&path).await;
    track(&store, 1).await.unwrap();
    let before = store.verify_history().await.unwrap();
    let event = Event {
        at: ctx().now,
        by: Some(ME),
        mailbox: None,
        address: None,
        kind: EventKind::HistoryExported { entries: 1 },
    };
    let forged = uncouple_engine::history::Entry::seal(&event, None, before.entries + 1, &before.head).unwrap();
    let mut db = raw(&path).await;
    let sql = "INSERT INTO history (seq, at, by, what, prev, hash) VALUES ($1, $2, $3, $4, $5, $6)";
    let row = sqlx::query(sql).bind(forged.seq as i64).bind(forged.at).bind(forged.by.map(|by| by.to_string()));
    row.bind(forged.what).bind(forged.prev).bind(forged.hash).execute(&mut db).await.unwrap();
    assert_eq!(store.verify_history().await.unwrap().broken_at, Some(before.entries + 1));
}

#[tokio::test]
async fn the_history_is_filtered_by_text_kind_and_mailbox() {
    let folder = tempfile::tempdir().unwrap();
    let store = begun(&folder.path().join("w.db")).await;
    for number in 1..6 {
        track(&store, number).await.unwrap();
    }
    let find = async |filter: HistoryFilter| store.history(HistoryFilter { limit: 2, ..filter }).await.unwrap();
    let text = |text: &str| HistoryFilter { text: Some(text.into()), ..HistoryFilter::default() };
    assert_eq!(find(text("PERSON3@")).await.total, 1);
    assert_eq!(find(text("佐藤")).await.total, 6);
    assert_eq!(find(text("%")).await.total, 0, "a wildcard is a character like any other");
    for text in [text("\"%%%"), text("x* OR y"), text("NEAR(a b)"), text("'); DROP TABLE history"), text("\u{0}abc")] {
        assert_eq!(find(text).await.total, 0, "and so is all that means something to an index");
    }
    // Its words in both languages are found, and nothing of how it is stored.
    for (words, total) in
        [("Added as a mailbox", 5), ("として登録", 5), ("登録", 5), ("mailbox_tracked", 0), ("kind", 0)]
    {
        assert_eq!(find(text(words)).await.total, total, "{words}");
    }
    let kind = HistoryFilter { kind: Some("mailbox_tracked".into()), ..HistoryFilter::default() };
    let page = find(kind.clone()).await;
    assert_eq!((page.total, page.entries.len()), (5, 2));
    let next = find(HistoryFilter { before: page.entries.last().map(|e| e.seq), ..kind }).await;
    assert_eq!(next.entries.iter().map(|e| e.seq).collect::<Vec<_>>(), [4, 3]);
    let one = HistoryFilter { mailbox: Some(MailboxId(Uuid::from_u128(11))), ..HistoryFilter::default() };
    assert_eq!(find(one).await.total, 1);
}

#[tokio::test]
async fn a_newer_file_is_refused_and_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    begun(&path).await.close().await;
    let mut db = raw(&path).await;
    sqlx::raw_sql("PRAGMA user_version = 99").execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    let before = std::fs::read(&path).unwrap();
    let refused = SqliteStore::open(&path).await.unwrap_err();
    assert_eq!(refused, StoreError::Newer { found: 99, known: SCHEMA });
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(names(folder.path()), ["w.db"]);
}

#[tokio::test]
async fn a_file_that_is_no_workspace_is_refused_and_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let foreign = folder.path().join("foreign.db");
    let mut db = SqliteConnectOptions::new().filename(&foreign).create_if_missing(true).connect().await.unwrap();
    sqlx::raw_sql("CREATE TABLE photos (id INTEGER)").execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    let text = folder.path().join("letter.txt");
    std::fs::write(&text, "Dear Sir or Madam, ".repeat(400)).unwrap();
    for path in [foreign, text] {
        let before = std::fs::read(&path).unwrap();
        assert_eq!(SqliteStore::open(&path).await.unwrap_err(), StoreError::Corrupt);
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}

/// What stands in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_file_that_can_not_be_used_leaves_nothing_beside_it() {
    let database = |sql: &'static str| async move {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        let mut db = SqliteConnectOptions::new().filename(&path).create_if_missing(true).connect().await.unwrap();
        sqlx::raw_sql(sql).execute(&mut db).await.unwrap();
        db.close().await.unwrap();
        (folder, path)
    };
    let foreign = database("PRAGMA journal_mode = WAL; CREATE TABLE photos (id INTEGER)").await;
    let marked = database("PRAGMA journal_mode = WAL; PRAGMA application_id = 7; PRAGMA user_version = 2").await;
    let numbered = database("PRAGMA user_version = 12").await;
    for (folder, path) in [foreign, marked, numbered] {
        let before = std::fs::read(&path).unwrap();
        assert_eq!(SqliteStore::open(&path).await.unwrap_err(), StoreError::Corrupt);
        assert_eq!(names(folder.path()), ["w.db"]);
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
    for length in [1, 2, 15, 99, 100, 512] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        std::fs::write(&path, "x".repeat(length)).unwrap();
        assert_eq!(SqliteStore::open(&path).await.unwrap_err(), StoreError::Corrupt, "{length} bytes");
        assert_eq!(std::fs::read(&path).unwrap().len(), length);
        assert_eq!(names(folder.path()), ["w.db"]);
    }
}

#[tokio::test]
async fn a_workspace_whose_schema_nobody_of_us_made_is_refused() {
    for planted in [
        "CREATE TRIGGER x AFTER UPDATE ON meta BEGIN DELETE FROM history; END",
        "CREATE VIEW x AS SELECT * FROM history",
        "CREATE TABLE x (id INTEGER)",
        "CREATE UNIQUE INDEX x ON history (address)",
        "ALTER TABLE history ADD COLUMN x TEXT DEFAULT 'y'",
        "DROP INDEX history_of_mailbox",
        "DROP TABLE history; CREATE TABLE history (seq INTEGER PRIMARY KEY REFERENCES meta (id) ON DELETE CASCADE)",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        begun(&path).await.close().await;
        let mut db = raw(&path).await;
        sqlx::raw_sql(planted).execute(&mut db).await.unwrap();
        db.close().await.unwrap();
        assert_eq!(SqliteStore::open(&path).await.unwrap_err(), StoreError::Corrupt, "{planted}");
    }
}

#[tokio::test]
async fn a_damaged_file_is_refused_and_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let store = begun(&path).await;
    for number in 1..200 {
        track(&store, number).await.unwrap();
    }
    store.close().await;
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 9000].fill(0xAB);
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(SqliteStore::open(&path).await.unwrap_err(), StoreError::Corrupt);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    assert_eq!(names(folder.path()), ["w.db"]);
}

#[tokio::test]
async fn a_folder_or_a_device_is_not_a_workspace() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(SqliteStore::open(folder.path()).await.unwrap_err(), StoreError::NotAFile);
    let below_a_file = folder.path().join("file");
    std::fs::write(&below_a_file, "x").unwrap();
    assert_eq!(SqliteStore::open(&below_a_file.join("w.db")).await.unwrap_err(), StoreError::NotAFile);
    #[cfg(unix)]
    assert_eq!(SqliteStore::open(Path::new("/dev/null")).await.unwrap_err(), StoreError::NotAFile);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_refuses_the_change_and_keeps_what_was_there() {
    let Some(disk) = disk::Disk::new("size=600k") else { return };
    let store = begun(&disk.path().join("w.db")).await;
    track(&store, 1).await.unwrap();
    let many = |w: &mut Workspace| (10..2000).try_for_each(|number| w.track(&ctx(), row(number)).map(|_| ()));
    assert_eq!(store.transact(&Scope::Everything, Box::new(many)).await.unwrap_err(), StoreError::Full);
    assert_eq!(store.read_whole().await.unwrap().workspace.mailboxes.len(), 1);
    assert_eq!(store.verify_history().await.unwrap().broken_at, None);
    store.close().await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_read_only_file_system_is_named() {
    let Some(disk) = disk::Disk::new("size=4m") else { return };
    let path = disk.path().join("w.db");
    begun(&path).await.close().await;
    assert!(disk.mount(&["-o", "remount,ro"]));
    assert_eq!(SqliteStore::open(&path).await.unwrap_err(), StoreError::ReadOnly);
    assert_eq!(SqliteStore::open(&disk.path().join("new/w.db")).await.unwrap_err(), StoreError::ReadOnly);
    assert!(disk.mount(&["-o", "remount,rw"]));
}
