//! The history.

use crate::sentence::Sentence;
use serde::Serialize;
use ts_rs::TS;

/// One line of the history.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct HistoryRow {
    /// Number in the chain, from 1.
    #[ts(type = "number")]
    pub seq: u64,
    /// When.
    pub at: String,
    /// Who. None: the app by itself.
    pub by: Option<String>,
    /// About which address.
    pub address: Option<String>,
    /// The kind, for its words: `kind` of the event.
    pub kind: String,
    /// What it says.
    pub sentence: Sentence,
    /// The other fields of the event.
    #[ts(type = "Record<string, unknown>")]
    pub details: serde_json::Value,
    /// The entry's own hash, in hexadecimal.
    pub hash: String,
}

/// A page of the history, newest first.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct HistoryView {
    /// The lines.
    pub rows: Vec<HistoryRow>,
    /// Give this as `before` for the next page.
    #[ts(type = "number | null")]
    pub next: Option<u64>,
    /// How many there are with this filter.
    #[ts(type = "number")]
    pub total: u64,
}

/// What walking the chain found.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct ChainView {
    /// Entries walked.
    #[ts(type = "number")]
    pub entries: u64,
    /// Hash of the newest entry, in hexadecimal; empty without entries.
    pub head: String,
    /// The first entry that does not fit.
    #[ts(type = "number | null")]
    pub broken_at: Option<u64>,
    /// How many entries fewer there are than were written.
    #[ts(type = "number")]
    pub lost: u64,
}

/// A written export.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct Exported {
    /// The file.
    pub path: String,
    /// Entries in it.
    #[ts(type = "number")]
    pub entries: u64,
    /// Hash of the newest entry in it.
    pub head: String,
}
