//! The history table: append, page, walk.

use crate::error::{failure, unreadable};
use jiff::tz::TimeZone;
use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use uncouple_domain::{Event, Workspace};
use uncouple_engine::history::{Entry, GENESIS, HistoryEnd, HistoryFilter, HistoryPage};
use uncouple_engine::ports::StoreError;
use uncouple_engine::sentence::Sentence;

pub(crate) async fn append(
    db: &mut SqliteConnection,
    workspace: &Workspace,
    events: &[Event],
) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let last = sqlx::query("SELECT seq, hash FROM history WHERE seq = (SELECT max(seq) FROM history)");
    let (mut seq, mut prev) = match last.fetch_optional(&mut *db).await.map_err(failure)? {
        Some(row) => (row.try_get("seq").map_err(unreadable)?, row.try_get("hash").map_err(unreadable)?),
        None => (0_i64, GENESIS.to_owned()),
    };
    for event in events {
        seq += 1;
        let name = event.by.and_then(|by| workspace.members.get(&by)).map(|m| m.name.as_str().to_owned());
        let entry = Entry::seal(event, name, u64::try_from(seq).map_err(unreadable)?, &prev).map_err(unreadable)?;
        let Searched { kind, words } = Searched::of(&entry);
        sqlx::query(
            "INSERT INTO history (seq, at, by, by_name, mailbox, address, what, prev, hash, kind, words)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
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
        .bind(kind)
        .bind(words.clone())
        .execute(&mut *db)
        .await
        .map_err(failure)?;
        find_by(db, seq, words).await?;
        prev = entry.hash;
    }
    end(db, events.len(), &prev).await
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
pub(crate) async fn end_of(db: &mut SqliteConnection) -> Result<HistoryEnd, StoreError> {
    let meta = sqlx::query("SELECT history_count, history_head FROM meta").fetch_one(db).await.map_err(failure)?;
    let count: i64 = meta.try_get("history_count").map_err(unreadable)?;
    let head = meta.try_get("history_head").map_err(unreadable)?;
    Ok(HistoryEnd { count: u64::try_from(count).map_err(unreadable)?, head })
}

/// What an entry is searched by.
struct Searched {
    kind: String,
    words: String,
}

impl Searched {
    fn of(entry: &Entry) -> Self {
        let what: Value = serde_json::from_str(&entry.what).unwrap_or_default();
        // The reader's zone is not known here; where a sentence has a time, it is found by its time in UTC.
        let said = Sentence::of(&what, &TimeZone::UTC);
        let words = [entry.address.as_deref(), entry.by_name.as_deref(), Some(&said.ja), Some(&said.en)];
        Self {
            kind: what.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned(),
            words: words.into_iter().flatten().collect::<Vec<_>>().join("\n"),
        }
    }
}

async fn find_by(db: &mut SqliteConnection, seq: i64, words: String) -> Result<(), StoreError> {
    let indexed = sqlx::query("INSERT INTO history_search (rowid, words) VALUES ($1, $2)").bind(seq).bind(words);
    indexed.execute(db).await.map(drop).map_err(failure)
}

/// Fills in what older entries are searched by.
pub(crate) async fn fill_words(db: &mut SqliteConnection) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let entries = batch(db, after).await?;
        let Some(last) = entries.last() else { return Ok(()) };
        after = last.seq;
        for entry in &entries {
            let Searched { kind, words } = Searched::of(entry);
            let seq = i64::try_from(entry.seq).map_err(unreadable)?;
            let filled = sqlx::query("UPDATE history SET kind = $1, words = $2 WHERE seq = $3");
            filled.bind(kind).bind(words.clone()).bind(seq).execute(&mut *db).await.map_err(failure)?;
            find_by(db, seq, words).await?;
        }
    }
}

/// The index has all pieces of three letters; what is shorter is looked for in the words themselves.
const INDEXED: usize = 3;

pub(crate) async fn page(db: &mut SqliteConnection, filter: &HistoryFilter) -> Result<HistoryPage, StoreError> {
    let text = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let mut parameters = Vec::new();
    let mut bind = |parameter: String| {
        parameters.push(parameter);
        parameters.len()
    };
    let (from, row, mut conditions) = match text {
        Some(text) if text.chars().count() >= INDEXED => {
            // The index takes a NUL for the end of what is looked for; no entry has one.
            let text = text.replace('"', "\"\"").replace('\0', "\u{fffd}");
            let phrase = bind(format!("\"{text}\""));
            let from = "history_search s CROSS JOIN history h ON h.seq = s.rowid";
            (from, "s.rowid", vec![format!("history_search MATCH ${phrase}")])
        }
        Some(text) => {
            let like = bind(format!("%{}%", escaped(text)));
            ("history h", "h.seq", vec![format!("h.words LIKE ${like} ESCAPE '\\'")])
        }
        None => ("history h", "h.seq", Vec::new()),
    };
    if let Some(kind) = &filter.kind {
        conditions.push(format!("h.kind = ${}", bind(kind.clone())));
    }
    if let Some(mailbox) = filter.mailbox {
        conditions.push(format!("h.mailbox = ${}", bind(mailbox.to_string())));
    }
    let all = if conditions.is_empty() { "true".to_owned() } else { conditions.join(" AND ") };
    // Counting needs no row of the history where nothing but the index is asked.
    let counted = if from == "history h" || conditions.len() > 1 { from } else { "history_search s" };
    let count = format!("SELECT count(*) FROM {counted} WHERE {all}");
    let mut total = sqlx::query_scalar(sqlx::AssertSqlSafe(count));
    for parameter in &parameters {
        total = total.bind(parameter.clone());
    }
    let total: i64 = total.fetch_one(&mut *db).await.map_err(failure)?;
    let before = filter.before.and_then(|seq| i64::try_from(seq).ok()).unwrap_or(i64::MAX);
    let (next, limit) = (parameters.len() + 1, parameters.len() + 2);
    let page = format!("SELECT h.* FROM {from} WHERE {all} AND {row} < ${next} ORDER BY {row} DESC LIMIT ${limit}");
    let mut rows = sqlx::query(sqlx::AssertSqlSafe(page));
    for parameter in parameters {
        rows = rows.bind(parameter);
    }
    let rows = rows.bind(before).bind(i64::from(filter.limit)).fetch_all(db).await.map_err(failure)?;
    let entries = rows.iter().map(entry).collect::<Result<_, _>>()?;
    Ok(HistoryPage { entries, total: u64::try_from(total).map_err(unreadable)? })
}

/// The entries after one, oldest first. Empty: there are no more.
pub(crate) async fn batch(db: &mut SqliteConnection, after: u64) -> Result<Vec<Entry>, StoreError> {
    const BATCH: i64 = 500;
    let rows = sqlx::query("SELECT * FROM history WHERE seq > $1 ORDER BY seq LIMIT $2")
        .bind(i64::try_from(after).map_err(unreadable)?)
        .bind(BATCH)
        .fetch_all(db)
        .await
        .map_err(failure)?;
    rows.iter().map(entry).collect()
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
