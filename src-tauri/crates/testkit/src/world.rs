//! What the directory in memory holds.

use crate::directories::Happened;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use uncouple_engine::directory::{ApiError, LogLine};

#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    pub(crate) apps: BTreeSet<String>,
    /// Reads that still show an app after its deletion.
    pub(crate) lag: BTreeMap<String, u32>,
    pub(crate) gone: bool,
}

#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) people: BTreeMap<String, Account>,
    pub(crate) everybody: BTreeSet<String>,
    /// Reads, by reader and app, that still show a deleted consent for everybody: replicas follow one by one.
    pub(crate) shadows: BTreeMap<(String, String), u32>,
    pub(crate) fallen: BTreeMap<String, u32>,
    pub(crate) lag: u32,
    pub(crate) log: Vec<LogLine>,
    pub(crate) log_works: bool,
    /// Only so many lines can be seen yet.
    pub(crate) log_seen: Option<usize>,
    /// How often it was read.
    pub(crate) log_reads: u32,
    pub(crate) happened: Vec<Happened>,
    pub(crate) failures: BTreeMap<String, Vec<ApiError>>,
    pub(crate) delete_never_answers: bool,
    pub(crate) takes: Duration,
}

impl World {
    /// Whether this reader still sees a deleted consent for everybody.
    pub(crate) fn shadowed(&mut self, reader: &str, app: &str) -> bool {
        let Some(lag) = self.fallen.get(app) else { return false };
        let left = self.shadows.entry((reader.to_owned(), app.to_owned())).or_insert(*lag);
        *left = left.saturating_sub(1);
        *left > 0
    }
}
