//! What the tests of both directories share.

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use uncouple_engine::directory::{
    ApiError, ApiKey, AppSeen, Directories, Directory, Finding, LogAsk, LogEvents, LogLine, Pace, Person, Wanted,
};
use uncouple_engine::ports::{SignInApp, SignInAt};
use uncouple_providers::{AdminApis, Patience};

/// Fetches a token, as the engine would by a refresh.
pub(crate) struct Key<F>(pub(crate) F);

impl<F> std::fmt::Debug for Key<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

#[async_trait]
impl<F: Fn() -> SecretString + Send + Sync> ApiKey for Key<F> {
    async fn token(&self, refused: Option<&SecretString>) -> Result<SecretString, ApiError> {
        let token = (self.0)();
        match refused {
            Some(refused) if refused.expose_secret() == token.expose_secret() => Err(ApiError::Expired),
            _ => Ok(token),
        }
    }
}

/// As patient as the real one in how often, and less in how long.
pub(crate) fn hasty() -> Patience {
    Patience {
        request: Duration::from_secs(10),
        pause: Duration::from_millis(1),
        limited: Duration::from_millis(20),
        refused: Duration::from_secs(5),
        longest: Duration::from_millis(200),
        asked: Duration::from_millis(100),
        ..Patience::default()
    }
}

/// No pace but that of the connections.
pub(crate) fn free(connections: u16) -> Pace {
    Pace { calls_per_minute: 0, connections }
}

pub(crate) fn open(
    at: SignInAt,
    url: String,
    key: impl Fn() -> SecretString + Send + Sync + 'static,
    patience: Patience,
    pace: Pace,
) -> Arc<dyn Directory> {
    let app = SignInApp { client_id: "id".to_owned(), api_url: Some(url), ..SignInApp::default() };
    AdminApis::new(patience).unwrap().open(at, &app, Arc::new(Key(key)), pace).unwrap()
}

/// What a search told, by kind.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) apps: Vec<AppSeen>,
    pub(crate) people: u64,
    /// A person, and the grants or apps of their accesses.
    pub(crate) read: Vec<(Person, Vec<String>)>,
    pub(crate) everybody: Vec<String>,
    pub(crate) unread: Vec<(Person, ApiError)>,
    /// Where a later search can go on.
    pub(crate) position: Option<String>,
    /// Lists that are not whole: entries by their own count, and those that came.
    pub(crate) short: Vec<(u64, u64)>,
}

impl Told {
    pub(crate) fn take(&mut self, finding: Finding) {
        match finding {
            Finding::App(app) => self.apps.push(app),
            Finding::Position(position) => self.position = Some(position),
            Finding::People(people) => self.people = people,
            Finding::Read { person, accesses, .. } => {
                let names = accesses.into_iter().map(|access| access.grant.unwrap_or(access.app));
                self.read.push((person, names.collect()));
            }
            Finding::Everybody { access, .. } => self.everybody.extend(access.grant),
            Finding::Short { told, came } => self.short.push((told, came)),
            Finding::Unread { person, why } => self.unread.push((person, why)),
        }
    }

    pub(crate) fn accesses(&self) -> usize {
        self.read.iter().map(|(_, accesses)| accesses.len()).sum()
    }
}

/// Looks through everybody.
pub(crate) async fn search(directory: &Arc<dyn Directory>, wanted: Wanted) -> (Told, Result<(), ApiError>) {
    let (out, mut found) = mpsc::channel(16);
    let searching = directory.clone();
    let search = tokio::spawn(async move { searching.search(&wanted, out).await });
    let mut told = Told::default();
    while let Some(finding) = found.recv().await {
        told.take(finding);
    }
    (told, search.await.unwrap())
}

/// The log of some apps from a time on.
pub(crate) async fn log(directory: &Arc<dyn Directory>, apps: &[&str], since: jiff::Timestamp) -> Vec<LogLine> {
    let (out, mut told) = mpsc::channel(16);
    let apps = apps.iter().map(|app| (*app).to_owned()).collect();
    let reading = directory.clone();
    let read = tokio::spawn(async move { all_of_log(&reading, apps, since, out).await });
    let mut lines = Vec::new();
    while let Some(line) = told.recv().await {
        lines.push(line);
    }
    read.await.unwrap().unwrap();
    lines
}

/// Everything that was asked must be in the services' own specifications.
pub(crate) fn assert_clean(violations: Vec<String>, checked: bool) {
    if !checked {
        println!("SKIPPED the specifications: they are not at hand");
    }
    assert_eq!(violations, Vec::<String>::new());
}

/// Consents, removals and uses, one after the other.
async fn all_of_log(
    directory: &Arc<dyn Directory>,
    apps: std::collections::BTreeSet<String>,
    since: jiff::Timestamp,
    out: mpsc::Sender<LogLine>,
) -> Result<(), ApiError> {
    for events in [LogEvents::ConsentsAndRemovals, LogEvents::Uses] {
        directory.log(&LogAsk { apps: apps.clone(), since, events }, out.clone()).await?;
    }
    Ok(())
}
