//! Reading, checking and exporting the history.

use crate::core::Engine;
use crate::error::{AppError, ErrorCode};
use crate::export;
use crate::history::{Chain, Entry, HistoryFilter};
use crate::new_file::NewFile;
use crate::sentence::Sentence;
use crate::view::{ChainView, Exported, HistoryRow, HistoryView};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::mpsc;
use ts_rs::TS;
use uncouple_domain::{EventKind, Scope};

/// Lines on a page of the history.
const PAGE: u32 = 200;

/// More than any entry has; the database refuses much longer patterns with an error that says nothing to anybody.
pub(crate) const LONGEST_FILTER: usize = 1000;

/// The two kinds of export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ExportFormat {
    /// For spreadsheets.
    Csv,
    /// For programs.
    Json,
}

impl Engine {
    /// A page of the history, newest first.
    ///
    /// # Errors
    /// What the store says.
    pub async fn history(&self, mut filter: HistoryFilter) -> Result<HistoryView, AppError> {
        if [&filter.text, &filter.kind].into_iter().flatten().any(|text| text.len() > LONGEST_FILTER) {
            return Err(ErrorCode::BadArgument.into());
        }
        filter.limit = PAGE;
        let page = self.ports.store.history(filter).await?;
        let full = page.entries.len() == PAGE as usize;
        let next = page.entries.last().filter(|_| full).map(|entry| entry.seq);
        let zone = self.ports.clock.zone();
        let rows = page.entries.into_iter().map(|entry| row(entry, &zone)).collect::<Result<_, _>>()?;
        Ok(HistoryView { rows, next, total: page.total })
    }

    /// Walks the hash chain.
    ///
    /// # Errors
    /// What the store says.
    pub async fn verify_history(&self) -> Result<ChainView, AppError> {
        let chain = self.ports.store.verify_history().await?;
        Ok(ChainView { entries: chain.entries, head: chain.head, broken_at: chain.broken_at, lost: chain.lost })
    }

    /// Writes the history to a new file.
    ///
    /// # Errors
    /// `export_exists` with the path: somebody's file is never replaced; `export_failed` with the path.
    pub async fn export_history(&self, format: ExportFormat, path: &str) -> Result<Exported, AppError> {
        let mut file = NewFile::begin(path).await?;
        let mut sheet = export::History::new(format, self.ports.clock.zone(), self.start.sample);
        let (send, mut batches) = mpsc::channel(2);
        let writing = async {
            let mut chain = Chain::empty();
            while let Some(batch) = batches.recv().await {
                for entry in batch {
                    chain.walk(&entry);
                    sheet.entry(&entry);
                }
                file.write(sheet.take().as_bytes()).await?;
            }
            // Or the reading would wait for a reader that gave up.
            drop(batches);
            Ok::<_, AppError>(chain)
        };
        let (end, written) = tokio::join!(self.ports.store.read_history(send), writing);
        let mut chain = written?;
        chain.must_end_at(&end?);
        file.write(sheet.close(&chain).as_bytes()).await?;
        file.finish().await?;
        let count = chain.entries;
        self.change(Scope::Roster, move |workspace, ctx| {
            workspace.note(ctx, EventKind::HistoryExported { entries: count });
            Ok(())
        })
        .await?;
        Ok(Exported { path: path.to_owned(), entries: count, head: chain.head })
    }
}

fn row(entry: Entry, zone: &TimeZone) -> Result<HistoryRow, AppError> {
    let Ok(what @ Value::Object(_)) = serde_json::from_str(&entry.what) else {
        return Err(ErrorCode::StoreCorrupt.into());
    };
    let sentence = Sentence::of(&what, zone);
    let Value::Object(mut details) = what else { return Err(ErrorCode::StoreCorrupt.into()) };
    let kind = match details.remove("kind") {
        Some(Value::String(kind)) => kind,
        _ => return Err(ErrorCode::StoreCorrupt.into()),
    };
    Ok(HistoryRow {
        seq: entry.seq,
        at: entry.at,
        by: entry.by_name,
        address: entry.address,
        kind,
        sentence,
        details: Value::Object(details),
        hash: entry.hash,
    })
}
