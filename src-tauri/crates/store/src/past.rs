//! The history table: append, page, walk.

use crate::error::{failure, unreadable};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use uncouple_domain::{Event, Workspace};
use uncouple_engine::history::{Entry, GENESIS, HistoryEnd, HistoryFilter, HistoryPage, WholeHistory};
use uncouple_engine::ports::StoreError;

pub(crate) async fn append(
    db: &mut SqliteConnection,
    workspace: &Workspace,
    events: &[Event],
) -> Result<(), StoreError> {
    let last = sqlx::query("SELECT seq, hash FROM history ORDER BY seq DESC LIMIT 1");
    let (mut seq, mut prev) = match last.fetch_optional(&mut *db).await.map_err(failure)? {
        Some(row) => (row.try_get("seq").map_err(unreadable)?, row.try_get("hash").map_err(unreadable)?),
        None => (0_i64, GENESIS.to_owned()),
    };
    for event in events {
        seq += 1;
        let name = event.by.and_then(|by| workspace.members.get(&by)).map(|m| m.name.as_str().to_owned());
        let entry = Entry::seal(event, name, u64::try_from(seq).map_err(unreadable)?, &prev).map_err(unreadable)?;
        sqlx::query(
            "INSERT INTO history (seq, at, by, by_name, mailbox, address, what, prev, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(seq)
        .bind(entry.at)
        .bind(entry.by.map(|id| id.to_string()))
        .bind(entry.by_name)
        .bind(entry.mailbox.map(|id| id.to_string()))
        .bind(entry.address)
        .bind(entry.what)
        .bind(entry.prev)
        .bind(entry.hash.clone())
        .execute(&mut *db)
        .await
        .map_err(failure)?;
        prev = entry.hash;
    }
    if !events.is_empty() {
        end(db, events.len(), &prev).await?;
    }
    Ok(())
}

/// Writes down how long the history is by now, and where it ends. The count goes on from what it was: one that were
/// counted anew would agree with a history that lost something before.
async fn end(db: &mut SqliteConnection, more: usize, head: &str) -> Result<(), StoreError> {
    let more = i64::try_from(more).map_err(unreadable)?;
    sqlx::query("UPDATE meta SET history_count = history_count + $1, history_head = $2")
        .bind(more)
        .bind(head)
        .execute(db)
        .await
        .map(drop)
        .map_err(failure)
}

/// How long the history is and where it ends, as was written with its last entry.
async fn expected(db: &mut SqliteConnection) -> Result<HistoryEnd, StoreError> {
    let meta = sqlx::query("SELECT history_count, history_head FROM meta").fetch_one(db).await.map_err(failure)?;
    let count: i64 = meta.try_get("history_count").map_err(unreadable)?;
    let head = meta.try_get("history_head").map_err(unreadable)?;
    Ok(HistoryEnd { count: u64::try_from(count).map_err(unreadable)?, head })
}

/// The same conditions for the page and for its count. A null parameter means "any".
macro_rules! filtered {
    ($select:literal, $rest:literal) => {
        concat!(
            $select,
            " FROM history WHERE ($1 IS NULL OR address LIKE $1 ESCAPE '\\' OR by_name LIKE $1 ESCAPE '\\'",
            " OR what LIKE $1 ESCAPE '\\') AND ($2 IS NULL OR what LIKE $2 ESCAPE '\\')",
            " AND ($3 IS NULL OR mailbox = $3)",
            $rest
        )
    };
}

pub(crate) async fn page(db: &mut SqliteConnection, filter: &HistoryFilter) -> Result<HistoryPage, StoreError> {
    let text = pattern(filter.text.as_deref());
    // The kind is the first field of every entry's text.
    let kind = filter.kind.as_deref().map(|kind| format!("{{\"kind\":\"{}\"%", escaped(kind)));
    let mailbox = filter.mailbox.map(|id| id.to_string());
    let before = filter.before.and_then(|seq| i64::try_from(seq).ok()).unwrap_or(i64::MAX);
    let total: i64 = sqlx::query_scalar(filtered!("SELECT count(*)", ""))
        .bind(text.clone())
        .bind(kind.clone())
        .bind(mailbox.clone())
        .fetch_one(&mut *db)
        .await
        .map_err(failure)?;
    let rows = sqlx::query(filtered!("SELECT *", " AND seq < $4 ORDER BY seq DESC LIMIT $5"))
        .bind(text)
        .bind(kind)
        .bind(mailbox)
        .bind(before)
        .bind(i64::from(filter.limit))
        .fetch_all(db)
        .await
        .map_err(failure)?;
    let entries = rows.iter().map(entry).collect::<Result<_, _>>()?;
    Ok(HistoryPage { entries, total: u64::try_from(total).map_err(unreadable)? })
}

/// All of it, and where it should end: both of one moment if `db` is in a transaction.
pub(crate) async fn whole(db: &mut SqliteConnection) -> Result<WholeHistory, StoreError> {
    let end = expected(db).await?;
    let rows = sqlx::query("SELECT * FROM history ORDER BY seq").fetch_all(db).await.map_err(failure)?;
    Ok(WholeHistory { entries: rows.iter().map(entry).collect::<Result<_, _>>()?, end })
}

/// What `LIKE … ESCAPE '\\'` takes for "contains". None: no text was given.
pub(crate) fn pattern(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(|text| format!("%{}%", escaped(text)))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

fn entry(row: &SqliteRow) -> Result<Entry, StoreError> {
    let seq: i64 = row.try_get("seq").map_err(unreadable)?;
    let id = |column: &str| -> Result<Option<String>, StoreError> { row.try_get(column).map_err(unreadable) };
    Ok(Entry {
        seq: u64::try_from(seq).map_err(unreadable)?,
        at: row.try_get("at").map_err(unreadable)?,
        by: id("by")?.map(|text| text.parse()).transpose().map_err(unreadable)?,
        by_name: id("by_name")?,
        mailbox: id("mailbox")?.map(|text| text.parse()).transpose().map_err(unreadable)?,
        address: id("address")?,
        what: row.try_get("what").map_err(unreadable)?,
        prev: row.try_get("prev").map_err(unreadable)?,
        hash: row.try_get("hash").map_err(unreadable)?,
    })
}
