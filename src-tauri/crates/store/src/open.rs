//! Opening a file: is it ours, can we read it, does it need to be brought up to date.

use crate::error::failure;
use crate::past;
use crate::{judge, modes, safety_copy};
use log::LevelFilter;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};
use std::path::Path;
use std::time::Duration;
use uncouple_engine::ports::StoreError;

/// In order; the number of the last one is the file's `user_version`.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_workspace.sql"),
    include_str!("../migrations/0002_people.sql"),
    include_str!("../migrations/0003_organisations.sql"),
    include_str!("../migrations/0004_history_end.sql"),
    include_str!("../migrations/0005_run_account.sql"),
    include_str!("../migrations/0006_list_column.sql"),
    include_str!("../migrations/0007_restore.sql"),
    include_str!("../migrations/0008_search_positions.sql"),
    include_str!("../migrations/0009_readings.sql"),
    include_str!("../migrations/0010_run_hosts.sql"),
    include_str!("../migrations/0011_history_words.sql"),
    include_str!("../migrations/0012_cases.sql"),
    include_str!("../migrations/0013_notices.sql"),
    include_str!("../migrations/0014_devices.sql"),
];

/// The schema with which the history got words to be searched by.
const HISTORY_WORDS: i64 = 11;

/// The schema that this version writes.
pub const SCHEMA: i64 = MIGRATIONS.len() as i64;

/// Marks a SQLite file as a workspace: "Uncp" (<https://www.sqlite.org/pragma.html#pragma_application_id>).
pub(crate) const APPLICATION_ID: i64 = 0x556e_6370;

/// So often a copy is made again because another process changed the file meanwhile.
const COPIES: u32 = 5;

/// How long a change waits for another process's.
pub(crate) const BUSY: Duration = Duration::from_secs(5);

pub(crate) async fn open(path: &Path) -> Result<SqlitePool, StoreError> {
    match std::fs::metadata(path) {
        Ok(found) if !found.is_file() => return Err(StoreError::NotAFile),
        Ok(found) => {
            // Asked first, because SQLite answers "can't open" for a log file that it may not create.
            std::fs::OpenOptions::new().read(true).write(true).open(path).map_err(|e| unreachable(&e))?;
            if found.len() > 0 {
                judge::look_at(path).await?;
            }
            modes::tighten_all(&path.canonicalize().map_err(|e| unreachable(&e))?);
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let folder = path.parent().ok_or(StoreError::NotAFile)?;
            modes::create_folder(folder).map_err(|e| unreachable(&e))?;
            modes::private().open(path).map_err(|e| unreachable(&e))?;
        }
        Err(error) => return Err(unreachable(&error)),
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        // What a file's own schema says can't call functions that reach outside of it.
        .pragma("trusted_schema", "OFF")
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        // Their texts only, never what is bound to them: for whoever looks for what a use case costs.
        .log_statements(LevelFilter::Trace)
        .log_slow_statements(LevelFilter::Off, Duration::MAX);
    // Three readers beside the writer; each connection is a thread and three file handles.
    let pool = SqlitePoolOptions::new()
        .max_connections(4)
        .min_connections(1)
        // A read whose transaction SQLite ended by itself leaves a connection on which nothing can begin any more.
        .after_release(|db, _| {
            Box::pin(async move {
                // What was dropped without an end is rolled back before this is answered.
                db.ping().await?;
                Ok(!db.is_in_transaction())
            })
        })
        .connect_with(options);
    let pool = pool.await.map_err(failure)?;
    match bring_up_to_date(&pool, path, MIGRATIONS).await {
        Ok(()) => Ok(pool),
        Err(error) => {
            pool.close().await;
            Err(error)
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the standard library's list is open")]
pub(crate) fn unreachable(error: &std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => StoreError::ReadOnly,
        std::io::ErrorKind::StorageFull => StoreError::Full,
        std::io::ErrorKind::NotADirectory => StoreError::NotAFile,
        _ => StoreError::Unreachable(error.to_string()),
    }
}

pub(crate) async fn number(db: &mut SqliteConnection, sql: &'static str) -> Result<i64, StoreError> {
    sqlx::query_scalar(sql).fetch_one(db).await.map_err(failure)
}

async fn bring_up_to_date(pool: &SqlitePool, path: &Path, migrations: &[&'static str]) -> Result<(), StoreError> {
    let schema = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    let mut db = pool.acquire().await.map_err(failure)?;
    let found = number(&mut db, "PRAGMA user_version").await?;
    if found >= schema {
        return Ok(());
    }
    let done = migrate(&mut db, path, migrations, schema).await;
    if done.is_err() {
        db.close_on_drop();
    }
    done
}

async fn migrate(
    db: &mut SqliteConnection,
    path: &Path,
    migrations: &[&'static str],
    schema: i64,
) -> Result<(), StoreError> {
    let path = path.canonicalize().map_err(|error| unreachable(&error))?;
    // A table that others refer to can only be made anew without them looking; it has no effect inside of a
    // transaction (<https://www.sqlite.org/lang_altertable.html>, section 7).
    sqlx::raw_sql("PRAGMA foreign_keys = OFF").execute(&mut *db).await.map_err(failure)?;
    for _ in 0..COPIES {
        // Moves when another connection changes the file (<https://www.sqlite.org/pragma.html#pragma_data_version>).
        let version = number(db, "PRAGMA data_version").await?;
        let found = number(db, "PRAGMA user_version").await?;
        if found > 0 && found < schema {
            let copy = safety_copy::keep(db, &path, found).await?;
            tracing::info!(copy = %copy.display(), "kept a copy of the workspace file");
        }
        let mut tx = db.begin_with("BEGIN IMMEDIATE").await.map_err(failure)?;
        if number(&mut tx, "PRAGMA data_version").await? != version {
            // The copy is not of what would be changed now.
            tx.rollback().await.map_err(failure)?;
            continue;
        }
        for (at, sql) in (1_i64..).zip(migrations).filter(|(at, _)| *at > found) {
            tracing::info!(schema = at, "bringing the workspace file up to date");
            sqlx::raw_sql(*sql).execute(&mut *tx).await.map_err(failure)?;
            if at == HISTORY_WORDS {
                past::fill_words(&mut tx).await?;
            }
        }
        if sqlx::query("PRAGMA foreign_key_check").fetch_optional(&mut *tx).await.map_err(failure)?.is_some() {
            return Err(StoreError::Corrupt);
        }
        // Pragmas take no parameters; both are our own constants.
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {};",
            schema.max(found)
        )))
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
        tx.commit().await.map_err(failure)?;
        sqlx::raw_sql("PRAGMA foreign_keys = ON").execute(&mut *db).await.map_err(failure)?;
        return Ok(());
    }
    Err(StoreError::Busy)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    async fn names(path: &Path) -> Vec<String> {
        let mut db = SqliteConnectOptions::new().filename(path).read_only(true).connect().await.unwrap();
        sqlx::query_scalar("SELECT name FROM members").fetch_all(&mut db).await.unwrap()
    }

    #[tokio::test]
    async fn a_whole_copy_is_kept_before_an_older_file_is_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        let pool = open(&path).await.unwrap();
        sqlx::raw_sql("INSERT INTO members (id, name, super_admin) VALUES ('1', 'Hanako', 1)")
            .execute(&pool)
            .await
            .unwrap();
        let later = [MIGRATIONS, &["UPDATE members SET name = 'changed'"]].concat();
        bring_up_to_date(&pool, &path, &later).await.unwrap();
        assert_eq!(names(&path).await, ["changed"]);
        // The row was in the write-ahead log only; the copy has it all the same.
        assert_eq!(names(&safety_copy::copy_path(&path, SCHEMA, 1)).await, ["Hanako"]);
    }

    #[tokio::test]
    async fn a_migration_that_fails_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        let pool = open(&path).await.unwrap();
        sqlx::raw_sql("INSERT INTO members (id, name, super_admin) VALUES ('1', 'Hanako', 1)")
            .execute(&pool)
            .await
            .unwrap();
        let later = [MIGRATIONS, &["UPDATE members SET name = 'changed'", "UPDATE nowhere SET name = 'x'"]].concat();
        assert!(bring_up_to_date(&pool, &path, &later).await.is_err());
        assert_eq!(names(&path).await, ["Hanako"]);
        assert!(open(&path).await.is_ok());
    }

    /// A mailbox with a job under way, in the words of the first schema.
    const BEFORE_TEAMS: &str = r#"
        INSERT INTO members VALUES ('00000000-0000-0000-0000-000000000001', 'Hanako', 1);
        INSERT INTO grants VALUES ('00000000-0000-0000-0000-000000000002', 'google', '{"address":"h@example.com"}',
            'hub_spot', 1, '{"is":"unknown"}', '{"is":"none"}', NULL);
        INSERT INTO mailboxes VALUES ('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000001',
            'H@example.com', 'h@example.com', 'google', '{"is":"hub_spot","account":null}', 'removed',
            '{"evidence":{"rank":"confirmed","by":"00000000-0000-0000-0000-000000000001","at":"2026-11-23T09:00:00Z"},
            "by":"00000000-0000-0000-0000-000000000001"}', '{"is":"unknown"}', NULL,
            '00000000-0000-0000-0000-000000000002', '2026-11-23T09:00:00Z', '00000000-0000-0000-0000-000000000001');
        INSERT INTO disconnects VALUES ('00000000-0000-0000-0000-000000000004', '00000000-0000-0000-0000-000000000003',
            '2026-11-23T09:00:00Z', '00000000-0000-0000-0000-000000000001', NULL, NULL);
        INSERT INTO steps VALUES ('00000000-0000-0000-0000-000000000004', 0, 'revoke_grant',
            '00000000-0000-0000-0000-000000000002', '{"is":"open"}');"#;

    /// A row of each kind, in the words of the second schema.
    const BEFORE_ORGANISATIONS: &str = r#"
        INSERT INTO members VALUES ('00000000-0000-0000-0000-000000000001', 'Hanako', 1, 'ja', 0);
        INSERT INTO inboxes VALUES ('00000000-0000-0000-0000-000000000002', 'support', '[]', 0);
        INSERT INTO mailboxes VALUES ('00000000-0000-0000-0000-000000000003', NULL,
            '00000000-0000-0000-0000-000000000002', NULL, 'H@example.com', 'h@example.com', 'google',
            '{"is":"hub_spot","account":null}', 'in_use',
            '{"evidence":{"rank":"confirmed","by":"00000000-0000-0000-0000-000000000001","at":"2026-11-23T09:00:00Z"},
            "by":"00000000-0000-0000-0000-000000000001"}', '{"is":"unknown"}', NULL, NULL, '2026-11-23T09:00:00Z',
            '00000000-0000-0000-0000-000000000001', NULL);"#;

    /// A file as an earlier version left it.
    async fn left_by(path: &Path, schema: usize, rows: &'static str) {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).foreign_keys(true);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        bring_up_to_date(&pool, path, MIGRATIONS.get(..schema).unwrap()).await.unwrap();
        sqlx::raw_sql(rows).execute(&pool).await.unwrap();
        pool.close().await;
    }

    #[tokio::test]
    async fn a_file_from_before_there_were_organisations_goes_on_with_all_that_was_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        left_by(&path, 2, BEFORE_ORGANISATIONS).await;
        let pool = open(&path).await.unwrap();
        let mut db = pool.acquire().await.unwrap();
        assert_eq!(number(&mut db, "PRAGMA user_version").await.unwrap(), SCHEMA);
        let workspace = crate::load::workspace(&mut db).await.unwrap();
        assert_eq!((workspace.members.len(), workspace.inboxes.len(), workspace.mailboxes.len()), (1, 1, 1));
        assert!(workspace.organisations.is_empty());
        assert_eq!(names(&safety_copy::copy_path(&path, 2, 1)).await, ["Hanako"]);
    }

    /// A token, and what was under way, as every schema before devices has them.
    const BEFORE_DEVICES: &str = r#"
        INSERT INTO members (id, name, super_admin) VALUES ('00000000-0000-0000-0000-000000000001', 'Hanako', 1);
        INSERT INTO grants VALUES ('00000000-0000-0000-0000-000000000002', 'google', '{"known":"sub"}', 'uncouple', 1,
            '{"is":"active","checked":"2026-11-23T09:00:00Z"}',
            '{"is":"held","secret":"00000000-0000-0000-0000-000000000003","this_run_only":false,"forget_by":null}', NULL);
        INSERT INTO grants VALUES ('00000000-0000-0000-0000-000000000004', 'google', '{"known":"other"}', 'uncouple', 1,
            '{"is":"unknown"}', '{"is":"dead","secret":"00000000-0000-0000-0000-000000000005","this_run_only":true,
            "since":"2026-11-23T09:00:00Z"}', NULL);
        INSERT INTO intentions (id, at, by, kind_json) VALUES ('00000000-0000-0000-0000-000000000006',
            '2026-11-23T09:00:00Z', '00000000-0000-0000-0000-000000000001',
            '{"is":"keep","secret":"00000000-0000-0000-0000-000000000007"}');"#;

    /// An administrator who is signed in, as every schema since there are organisations has them.
    const SIGNED_IN: &str = r#"
        INSERT INTO organisations (id, suite, key, name, sign_in_json, apps_json)
        VALUES ('00000000-0000-0000-0000-000000000008', 'google', 'C1', 'example.com',
            '{"account":{"shown":"a@example.com","key":"a@example.com"},"subject":"s","read_only":false,
            "permissions":["people"],"secret":"00000000-0000-0000-0000-000000000009","this_run_only":false,
            "stamp":{"at":"2026-11-23T09:00:00Z","by":"00000000-0000-0000-0000-000000000001"},
            "refused_since":null}', '[]');"#;

    #[tokio::test]
    async fn what_a_file_of_any_earlier_schema_keeps_is_on_no_device_that_is_known() {
        let before = MIGRATIONS.len() - 1;
        for schema in 1..=before {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("w.db");
            let rows = if schema >= 3 { [BEFORE_DEVICES, SIGNED_IN].concat() } else { BEFORE_DEVICES.to_owned() };
            left_by(&path, schema, rows.leak()).await;
            let pool = open(&path).await.unwrap();
            let mut db = pool.acquire().await.unwrap();
            let workspace = crate::load::workspace(&mut db).await.unwrap();
            let kept: Vec<_> = workspace.grants.values().map(|grant| grant.token.kept_on()).collect();
            assert_eq!(kept, [Some(None), Some(None)], "schema {schema}");
            assert!(workspace.intentions.values().all(|intention| intention.device.is_none()), "schema {schema}");
            assert_eq!((workspace.intentions.len(), workspace.devices.len()), (1, 0), "schema {schema}");
            let signed: Vec<_> = workspace.organisations.values().filter_map(|o| o.sign_in.as_ref()).collect();
            assert_eq!(signed.len(), usize::from(schema >= 3), "schema {schema}");
            assert!(signed.iter().all(|signed| signed.device.is_none()), "schema {schema}");
        }
    }

    #[tokio::test]
    async fn a_file_from_before_there_were_teams_goes_on_with_all_that_was_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        left_by(&path, 1, BEFORE_TEAMS).await;
        let pool = open(&path).await.unwrap();
        let mut db = pool.acquire().await.unwrap();
        let workspace = crate::load::workspace(&mut db).await.unwrap();
        let row = workspace.mailboxes.values().next().unwrap();
        assert_eq!(row.home.owner(), workspace.members.keys().next().copied());
        let job = workspace.disconnects.values().next().unwrap();
        assert_eq!((job.purpose, job.provider), (uncouple_domain::Purpose::Leave, row.provider));
        assert_eq!(job.steps.len(), 1);
        let on = number(&mut db, "PRAGMA foreign_keys").await.unwrap();
        assert_eq!(on, 1, "the connection that made the tables anew looks at references again");
        let orphan = sqlx::raw_sql("DELETE FROM mailboxes").execute(&mut *db).await;
        assert!(orphan.is_err(), "a job refers to the table that was made anew");
    }
}
