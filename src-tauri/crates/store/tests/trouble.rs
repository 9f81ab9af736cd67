//! Trouble on the disk: no room, older files, other accounts.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[cfg(target_os = "linux")]
mod disk;

use jiff::Timestamp;
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use std::path::Path;
use uncouple_domain::*;
use uncouple_engine::ports::{Store, StoreError};
use uncouple_store::{SCHEMA, SqliteStore};
use uuid::Uuid;

const ME: MemberId = MemberId(Uuid::from_u128(1));

const DEVICE: DeviceId = DeviceId(Uuid::from_u128(5));

fn ctx() -> Ctx {
    Ctx { actor: ME, now: "2026-11-28T09:00:00Z".parse::<Timestamp>().unwrap(), device: DEVICE }
}

async fn begun(path: &Path) -> SqliteStore {
    let store = SqliteStore::open(path).await.unwrap();
    let begin = |workspace: &mut Workspace| {
        workspace.begin(&ctx(), Name::parse("佐藤 花子").unwrap());
        Ok(())
    };
    store.transact(&Scope::Everything, Box::new(begin)).await.unwrap();
    store
}

/// Adds rows in one change.
#[cfg(target_os = "linux")]
async fn add(store: &SqliteStore, numbers: std::ops::Range<u128>) -> Result<(), StoreError> {
    let new = |number: u128| NewTracked {
        mailbox: MailboxId(Uuid::from_u128(number * 10 + 1)),
        grant: GrantId(Uuid::from_u128(number * 10 + 2)),
        home: Home::Personal { owner: ME },
        address: Address::parse(&format!("person{number}@example.com")).unwrap(),
        provider: Provider::Google,
        account: None,
    };
    let scope = Scope::Union(numbers.clone().map(|number| new(number).scope()).collect());
    let work =
        |workspace: &mut Workspace| numbers.into_iter().try_for_each(|n| workspace.track(&ctx(), new(n)).map(drop));
    store.transact(&scope, Box::new(work)).await.map(drop)
}

/// Numbers without a pattern, the same in each run.
#[cfg(target_os = "linux")]
struct Chance(u64);

#[cfg(target_os = "linux")]
impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// Writes until there is no room, and leaves `spare` bytes.
#[cfg(target_os = "linux")]
fn fill(file: &Path, spare: u64) {
    use std::io::Write as _;
    let mut filler = std::fs::File::create(file).unwrap();
    for piece in [64 * 1024, 4096, 512] {
        while filler.write_all(&vec![1; piece]).is_ok() {}
    }
    let length = filler.metadata().unwrap().len();
    filler.set_len(length.saturating_sub(spare)).unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_fills_and_is_freed_a_hundred_times_loses_nothing_and_refuses_nothing_afterwards() {
    let Some(disk) = disk::Disk::new("size=16m") else { return };
    let (path, filler) = (disk.path().join("w.db"), disk.path().join("film.mkv"));
    let store = std::sync::Arc::new(begun(&path).await);
    let (mut chance, mut next, mut there, mut refused) = (Chance(0x9e37_79b9_7f4a_7c15), 1_u128, 0_usize, 0);
    for round in 0..100 {
        fill(&filler, chance.below(8) * 20_000);
        for _ in 0..=chance.below(6) {
            let many = 1 + u128::from(chance.below(12));
            let reader = tokio::spawn({
                let store = std::sync::Arc::clone(&store);
                async move { store.read_whole().await.map(|snapshot| snapshot.workspace.mailboxes.len()) }
            });
            match add(&store, next..next + many).await {
                Ok(()) => there += usize::try_from(many).unwrap(),
                Err(StoreError::Full) => refused += 1,
                Err(error) => panic!("round {round}: {error:?}"),
            }
            next += many;
            let _ = reader.await.unwrap();
        }
        std::fs::remove_file(&filler).unwrap();
        // The very next change works, and each after it, on whatever connection it comes.
        for _ in 0..6 {
            add(&store, next..next + 1).await.unwrap_or_else(|error| panic!("round {round}, with room: {error:?}"));
            (next, there) = (next + 1, there + 1);
        }
        assert_eq!(store.read_whole().await.unwrap().workspace.mailboxes.len(), there, "round {round}");
        if round % 10 == 9 {
            let chain = store.verify_history().await.unwrap();
            assert_eq!((chain.broken_at, chain.lost), (None, 0), "round {round}");
        }
    }
    assert!(refused > 20, "the disk was full {refused} times only");
}

/// A file as an older version left it, with so many members, and its log not yet in it.
async fn left_by_schema_2(path: &Path, members: u32) {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    let db = &mut connection;
    let migrations = [include_str!("../migrations/0001_workspace.sql"), include_str!("../migrations/0002_people.sql")];
    sqlx::raw_sql("PRAGMA journal_mode = WAL").execute(&mut *db).await.unwrap();
    for sql in migrations {
        sqlx::raw_sql(sql).execute(&mut *db).await.unwrap();
    }
    sqlx::raw_sql("PRAGMA application_id = 0x556e6370; PRAGMA user_version = 2").execute(&mut *db).await.unwrap();
    let mut db = db.begin().await.unwrap();
    for number in 0..members {
        let sql = "INSERT INTO members (id, name, super_admin, removed) VALUES ($1, $2, 1, 0)";
        let name = "n".repeat(300);
        sqlx::query(sql).bind(Uuid::from_u128(number.into()).to_string()).bind(name).execute(&mut *db).await.unwrap();
    }
    db.commit().await.unwrap();
    connection.close().await.unwrap();
}

/// Schema and members of a file.
async fn inside(path: &Path) -> (i64, i64) {
    let mut db = SqliteConnectOptions::new().filename(path).read_only(true).immutable(true).connect().await.unwrap();
    let schema = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut db).await.unwrap();
    (schema, sqlx::query_scalar("SELECT count(*) FROM members").fetch_one(&mut db).await.unwrap())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn without_room_for_the_copy_nothing_is_migrated_and_with_room_the_copy_is_whole() {
    let Some(disk) = disk::Disk::new("size=4m") else { return };
    let (path, filler) = (disk.path().join("w.db"), disk.path().join("film.mkv"));
    left_by_schema_2(&path, 2500).await;
    fill(&filler, 500_000);
    assert_eq!(SqliteStore::open(&path).await.unwrap_err(), StoreError::Full);
    assert_eq!(names(disk.path()), ["film.mkv", "w.db"]);
    assert_eq!(inside(&path).await, (2, 2500));
    std::fs::remove_file(&filler).unwrap();
    SqliteStore::open(&path).await.unwrap().close().await;
    assert_eq!(inside(&path).await, (SCHEMA, 2500));
    assert_eq!(inside(&disk.path().join("w.db.schema2.bak")).await, (2, 2500));
}

#[tokio::test]
async fn the_copy_of_another_file_under_the_same_name_is_not_taken_for_this_ones() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    for members in [5, 77, 12] {
        left_by_schema_2(&path, members).await;
        SqliteStore::open(&path).await.unwrap().close().await;
        std::fs::remove_file(&path).unwrap();
    }
    for (copy, members) in [("w.db.schema2.bak", 5), ("w.db.schema2.2.bak", 77), ("w.db.schema2.3.bak", 12)] {
        assert_eq!(inside(&folder.path().join(copy)).await, (2, members), "{copy}");
    }
    assert_eq!(names(folder.path()).len(), 3, "nothing else is left");
}

#[cfg(unix)]
#[tokio::test]
async fn whatever_has_the_name_of_the_copy_stays_and_is_not_followed() {
    let lies_there: [fn(&Path, &Path); 4] = [
        |copy, _| std::fs::write(copy, "").unwrap(),
        |copy, elsewhere| std::os::unix::fs::symlink(elsewhere.join("made"), copy).unwrap(),
        |copy, elsewhere| {
            std::fs::write(elsewhere.join("precious"), "").unwrap();
            std::os::unix::fs::symlink(elsewhere.join("precious"), copy).unwrap();
        },
        |copy, _| std::fs::create_dir(copy).unwrap(),
    ];
    for lies in lies_there {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = folder.path().join("w.db");
        left_by_schema_2(&path, 3).await;
        let copy = folder.path().join("w.db.schema2.bak");
        lies(&copy, elsewhere.path());
        let before = std::fs::symlink_metadata(&copy).unwrap().file_type();
        SqliteStore::open(&path).await.unwrap().close().await;
        assert_eq!(std::fs::symlink_metadata(&copy).unwrap().file_type(), before);
        assert!(std::fs::read_dir(elsewhere.path()).unwrap().all(|e| e.unwrap().metadata().unwrap().len() == 0));
        assert!(!elsewhere.path().join("made").exists());
        assert_eq!(inside(&folder.path().join("w.db.schema2.2.bak")).await, (2, 3));
    }
}

#[cfg(unix)]
mod modes {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;

    fn open_to_others(folder: &Path) -> Vec<(PathBuf, u32)> {
        let all = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).chain([folder.to_path_buf()]);
        let modes = all.map(|path| (path.clone(), std::fs::metadata(path).unwrap().permissions().mode() & 0o7777));
        modes.filter(|(_, mode)| mode & 0o077 != 0).collect()
    }

    /// The umask is the whole process's, so the test is a process of its own: `nextest` gives it one, and the shell the
    /// umask.
    #[test]
    fn nobody_else_can_read_what_is_kept_whatever_the_umask_is() {
        if std::env::var_os("UNCOUPLE_TEST_UMASK").is_none() {
            for mask in ["000", "022", "077"] {
                let this = std::env::current_exe().unwrap();
                let name = "modes::nobody_else_can_read_what_is_kept_whatever_the_umask_is";
                let done = std::process::Command::new("sh")
                    .args(["-c", "umask $0 && exec \"$1\" --exact \"$2\"", mask])
                    .arg(this)
                    .arg(name)
                    .env("UNCOUPLE_TEST_UMASK", mask)
                    .output()
                    .unwrap();
                assert!(done.status.success(), "umask {mask}: {}", String::from_utf8_lossy(&done.stdout));
            }
            return;
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let top = tempfile::tempdir().unwrap();
            let folder = top.path().join("a/b");
            let path = folder.join("w.db");
            let store = begun(&path).await;
            let _claim = uncouple_engine::runs::RunStore::claim(&store).unwrap();
            assert_eq!(open_to_others(&folder), []);
            assert_eq!(names(&folder), ["w.db", "w.db-shm", "w.db-wal", "w.db.runs"]);
            assert_eq!(open_to_others(&top.path().join("a")), []);
            store.close().await;

            // As earlier versions left it.
            let old = folder.join("old.db");
            left_by_schema_2(&old, 3).await;
            for (path, mode) in [(&old, 0o644), (&path, 0o666), (&folder.join("w.db.runs"), 0o644)] {
                std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
            }
            std::fs::write(folder.join("old.db.schema1.bak"), "").unwrap();
            std::fs::write(folder.join("old.db.mine"), "").unwrap();
            for mine in ["old.db.schema1.bak", "old.db.mine"] {
                std::fs::set_permissions(folder.join(mine), std::fs::Permissions::from_mode(0o644)).unwrap();
            }
            let (old, store) = (SqliteStore::open(&old).await.unwrap(), SqliteStore::open(&path).await.unwrap());
            assert_eq!(open_to_others(&folder), [(folder.join("old.db.mine"), 0o644)], "a stranger's file is not ours");
            assert!(folder.join("old.db.schema2.bak").exists());
            old.close().await;
            store.close().await;
        });
    }

    #[tokio::test]
    async fn a_foreign_file_keeps_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("letter.txt");
        std::fs::write(&path, "Dear Sir or Madam").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(SqliteStore::open(&path).await.unwrap_err(), StoreError::Corrupt);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
    }
}
