//! Reading, checking and exporting the history.

use crate::core::Engine;
use crate::error::{AppError, ErrorCode};
use crate::export;
use crate::history::{Entry, HistoryFilter};
use crate::new_file::NewFile;
use crate::view::{ChainView, Exported, HistoryRow, HistoryView};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;
use uncouple_domain::EventKind;

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
        let rows = page.entries.into_iter().map(row).collect::<Result<_, _>>()?;
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
        let history = self.ports.store.whole_history().await?;
        let (chain, entries) = (history.chain(), history.entries);
        let text = match format {
            ExportFormat::Csv => {
                let settings = self.ports.store.settings().await?;
                let language = self.start.asked_language.or(settings.language).unwrap_or(self.start.system_language);
                let reader = export::Reader { language, zone: self.ports.clock.zone() };
                export::csv(&entries, &chain, self.start.sample, &reader)
            }
            ExportFormat::Json => export::json(&entries, &chain, self.start.sample),
        };
        file.write(text.as_bytes()).await?;
        file.finish().await?;
        let count = entries.len() as u64;
        self.change(move |workspace, ctx| {
            workspace.note(ctx, EventKind::HistoryExported { entries: count });
            Ok(())
        })
        .await?;
        Ok(Exported { path: path.to_owned(), entries: count, head: chain.head })
    }
}

fn row(entry: Entry) -> Result<HistoryRow, AppError> {
    let Ok(Value::Object(mut details)) = serde_json::from_str(&entry.what) else {
        return Err(ErrorCode::StoreCorrupt.into());
    };
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
        details: Value::Object(details),
        hash: entry.hash,
    })
}
