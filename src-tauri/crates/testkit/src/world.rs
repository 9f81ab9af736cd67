//! What the directory in memory holds.

use crate::directories::Happened;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use uncouple_domain::{AppRole, ConsentRule};
use uncouple_engine::directory::{Access, ApiError, AppSeen, Likeness, LogLine, LogWhat, Person, RestoreAnswer};

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
    /// Entries that a list counts beside those that it has.
    pub(crate) counts_more: u64,
    pub(crate) log: Vec<LogLine>,
    pub(crate) log_works: bool,
    /// It takes the question and never answers.
    pub(crate) log_hangs: bool,
    /// Only so many lines can be seen yet.
    pub(crate) log_seen: Option<usize>,
    /// How often it was read.
    pub(crate) log_reads: u32,
    /// How many lines were told, and how long each takes.
    pub(crate) log_told: u64,
    pub(crate) log_pause: Duration,
    /// How many people were looked at by searches, and one by one.
    pub(crate) searched: u64,
    pub(crate) looked_up: u64,
    pub(crate) log_error: Option<ApiError>,
    pub(crate) happened: Vec<Happened>,
    pub(crate) failures: BTreeMap<String, Vec<ApiError>>,
    pub(crate) delete_never_answers: bool,
    /// Application permissions of apps; an app without an entry has none.
    pub(crate) roles: BTreeMap<String, Result<Vec<AppRole>, ApiError>>,
    pub(crate) rule: Option<ConsentRule>,
    pub(crate) restore_never_answers: bool,
    /// Reads that don't have yet what was given back.
    pub(crate) restore_lag: u32,
    pub(crate) given_back: Vec<(String, RestoreAnswer)>,
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

pub(crate) fn likeness(app: &str) -> Likeness {
    if app.starts_with("hubspot") { Likeness::Named } else { Likeness::Other }
}

pub(crate) fn app(key: &str) -> AppSeen {
    let name = if likeness(key) == Likeness::Named { "HubSpot" } else { "Slack" };
    AppSeen {
        key: key.to_owned(),
        client_id: format!("client-of-{key}"),
        name: name.to_owned(),
        publisher: None,
        verified: None,
        likeness: likeness(key),
    }
}

pub(crate) fn access(id: &str, app: &str) -> Access {
    let scopes = vec!["https://mail.google.com/".into()];
    Access { app: app.to_owned(), grant: Some(format!("{id}:{app}")), scopes, resource: Some("graph".to_owned()) }
}

pub(crate) fn person(id: &str) -> Person {
    Person {
        id: id.to_owned(),
        address: format!("{id}@example.com"),
        aliases: Vec::new(),
        name: Some(id.to_uppercase()),
        suspended: false,
    }
}

pub(crate) fn line(id: &str, app: &str, at: Timestamp, what: LogWhat) -> LogLine {
    LogLine { app: app.to_owned(), person: Some(id.to_owned()), address: None, at, what }
}
