//! Looking at an existing file without writing to it: a damaged, foreign or newer one stays as it is, and its folder too.

use crate::error::failure;
use crate::open::{APPLICATION_ID, BUSY, MIGRATIONS, SCHEMA, number, unreachable};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};
use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use uncouple_engine::ports::StoreError;

/// What each SQLite file begins with (<https://www.sqlite.org/fileformat.html>, section 1.3, read 2026-11).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The length of that header.
const HEADER: usize = 100;

/// Whether a file is a workspace that this version can open.
///
/// # Errors
/// [`StoreError::Corrupt`], [`StoreError::Newer`], or why it can't be read.
pub(crate) async fn look_at(path: &Path) -> Result<(), StoreError> {
    let mut header = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| unreachable(&error))?;
    file.take(HEADER as u64).read_to_end(&mut header).map_err(|error| unreachable(&error))?;
    if header.len() < HEADER || !header.starts_with(MAGIC) {
        return Err(StoreError::Corrupt);
    }
    // SQLite puts its index of the log beside the file even when it only reads, unless it is told that nobody writes. With
    // a log or a journal there somebody may, or has died writing.
    if ["-wal", "-journal"].iter().any(|end| has_sidecar(path, end)) {
        return asked(path, false).await;
    }
    match asked(path, true).await {
        // Another process began to write while we looked.
        Err(_) if has_sidecar(path, "-wal") => asked(path, false).await,
        verdict => verdict,
    }
}

fn has_sidecar(path: &Path, end: &str) -> bool {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    std::fs::symlink_metadata(name).is_ok()
}

async fn asked(path: &Path, alone: bool) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .immutable(alone)
        .busy_timeout(BUSY)
        .pragma("trusted_schema", "OFF")
        .disable_statement_logging();
    let mut db = options.connect().await.map_err(failure)?;
    let verdict = judge(&mut db).await;
    let _ = db.close().await;
    verdict
}

async fn judge(db: &mut SqliteConnection) -> Result<(), StoreError> {
    let found = number(db, "PRAGMA user_version").await?;
    let application = number(db, "PRAGMA application_id").await?;
    let tables = number(db, "SELECT count(*) FROM sqlite_schema").await?;
    // An empty database may become a workspace, if nobody has marked it as something else.
    if application != APPLICATION_ID && (tables > 0 || application != 0 || found != 0) {
        return Err(StoreError::Corrupt);
    }
    if found > SCHEMA {
        return Err(StoreError::Newer { found, known: SCHEMA });
    }
    let check: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut *db).await.map_err(failure)?;
    if check != "ok" {
        return Err(StoreError::Corrupt);
    }
    let migrations =
        usize::try_from(found).ok().and_then(|found| MIGRATIONS.get(..found)).ok_or(StoreError::Corrupt)?;
    if schema(db).await? == schema_after(migrations).await? {
        Ok(())
    } else {
        tracing::error!(schema = found, "tables, triggers or views that no version of this app makes");
        Err(StoreError::Corrupt)
    }
}

/// What a file of that age must have in it and nothing else: a trigger or a cascade in a file from elsewhere would run
/// with each of our changes.
async fn schema_after(migrations: &[&'static str]) -> Result<BTreeSet<[String; 4]>, StoreError> {
    let mut db = SqliteConnectOptions::new()
        .in_memory(true)
        .foreign_keys(false)
        .disable_statement_logging()
        .connect()
        .await
        .map_err(failure)?;
    for sql in migrations {
        sqlx::raw_sql(*sql).execute(&mut db).await.map_err(failure)?;
    }
    let schema = schema(&mut db).await;
    let _ = db.close().await;
    schema
}

/// Type, name, table and SQL of everything; spaces don't count. What SQLite makes for itself is left out.
async fn schema(db: &mut SqliteConnection) -> Result<BTreeSet<[String; 4]>, StoreError> {
    let sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let rows = sqlx::query(sql).fetch_all(db).await.map_err(failure)?;
    let text = |row: &sqlx::sqlite::SqliteRow, column: &str| -> Result<String, StoreError> {
        let text: Option<String> = row.try_get(column).map_err(failure)?;
        Ok(text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" "))
    };
    rows.iter()
        .map(|row| Ok([text(row, "type")?, text(row, "name")?, text(row, "tbl_name")?, text(row, "sql")?]))
        .collect()
}
