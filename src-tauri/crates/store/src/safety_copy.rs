//! The copy that is kept before an older file is changed.

use crate::error::failure;
use crate::open::{APPLICATION_ID, number, unreachable};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tempfile::TempPath;
use uncouple_engine::ports::StoreError;

/// Under so many names a copy is tried to be kept. Each stands for an older file that was migrated under this name.
const NAMES: u32 = 1000;

/// Keeps a whole copy of the file, write-ahead log included, and returns its path. Nothing that is there already is
/// replaced or taken for it, and a link is never followed.
///
/// # Errors
/// [`StoreError::Full`], [`StoreError::ReadOnly`] and the like; [`StoreError::Corrupt`] if the copy is not what the file
/// is. There is no copy then.
pub(crate) async fn keep(db: &mut SqliteConnection, path: &Path, schema: i64) -> Result<PathBuf, StoreError> {
    // Without a name that says what it is, until it is whole.
    let folder = path.parent().ok_or(StoreError::NotAFile)?;
    let part = tempfile::Builder::new().prefix(".uncouple-copy-").suffix(".part").tempfile_in(folder);
    let (file, part) = part.map_err(|error| unreachable(&error))?.into_parts();
    let target = part.to_str().ok_or(StoreError::NotAFile)?;
    // Takes an empty file for its target, and keeps its mode (<https://www.sqlite.org/lang_vacuum.html>, section 3.1).
    sqlx::query("VACUUM INTO $1").bind(target).execute(&mut *db).await.map_err(failure)?;
    check(db, &part).await?;
    file.sync_all().map_err(|error| unreachable(&error))?;
    let kept = put(part, path, schema)?;
    sync_folder(folder)?;
    Ok(kept)
}

/// Whether the copy is whole and has all that the file has.
async fn check(db: &mut SqliteConnection, copy: &Path) -> Result<(), StoreError> {
    let options =
        SqliteConnectOptions::new().filename(copy).read_only(true).immutable(true).disable_statement_logging();
    let mut other = options.connect().await.map_err(failure)?;
    let same = same(db, &mut other).await;
    let _ = other.close().await;
    if same? {
        Ok(())
    } else {
        tracing::error!("the copy of the workspace file is not what the file is");
        Err(StoreError::Corrupt)
    }
}

async fn same(db: &mut SqliteConnection, copy: &mut SqliteConnection) -> Result<bool, StoreError> {
    let whole: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut *copy).await.map_err(failure)?;
    Ok(whole == "ok"
        && number(copy, "PRAGMA application_id").await? == APPLICATION_ID
        && number(copy, "PRAGMA user_version").await? == number(db, "PRAGMA user_version").await?
        && rows(copy).await? == rows(db).await?)
}

/// How many rows each table has.
async fn rows(db: &mut SqliteConnection) -> Result<BTreeMap<String, i64>, StoreError> {
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let names: Vec<String> = sqlx::query_scalar(names).fetch_all(&mut *db).await.map_err(failure)?;
    let mut rows = BTreeMap::new();
    for name in names {
        // A table's name can't be a parameter; it is quoted as SQL has it.
        let sql = format!("SELECT count(*) FROM \"{}\"", name.replace('"', "\"\""));
        let count = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *db).await.map_err(failure)?;
        rows.insert(name, count);
    }
    Ok(rows)
}

/// Gives the copy the first name that is free.
fn put(mut part: TempPath, path: &Path, schema: i64) -> Result<PathBuf, StoreError> {
    for nth in 1..=NAMES {
        let kept = copy_path(path, schema, nth);
        match part.persist_noclobber(&kept) {
            Ok(()) => return Ok(kept),
            Err(taken) if taken.error.kind() == std::io::ErrorKind::AlreadyExists => part = taken.path,
            Err(refused) => return Err(unreachable(&refused.error)),
        }
    }
    Err(StoreError::Unreachable("no free name for the copy".to_owned()))
}

/// The first copy of a schema has no number.
pub(crate) fn copy_path(path: &Path, schema: i64, nth: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(match nth {
        1 => format!(".schema{schema}.bak"),
        nth => format!(".schema{schema}.{nth}.bak"),
    });
    PathBuf::from(name)
}

/// A new name lasts when its folder is on the disk.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| unreachable(&error))
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> Result<(), StoreError> {
    Ok(())
}
