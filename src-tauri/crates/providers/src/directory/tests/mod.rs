//! The administrators' APIs against small servers in this process, and their parts alone.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![expect(clippy::print_stdout, reason = "says what did not run, and why")]

mod answers;
mod batches;
mod google;
mod graph;
mod halt;
mod held;
mod lists;
mod names;
mod requests;
mod schemas;

use super::{AdminApis, Patience};
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use uncouple_engine::directory::{ApiError, ApiKey, Directories, Directory, Finding, LogAsk, LogEvents, LogLine, Pace};
use uncouple_engine::ports::{SignInApp, SignInAt};
use wiremock::{MockServer, Request, ResponseTemplate};

/// Hands out `token-1`, and a new number whenever the newest is refused.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    refreshed: AtomicU32,
    /// There is no other than the first.
    pub(super) only_one: bool,
}

#[async_trait]
impl ApiKey for Tokens {
    async fn token(&self, refused: Option<&SecretString>) -> Result<SecretString, ApiError> {
        let newest = format!("token-{}", self.refreshed.load(Ordering::Acquire) + 1);
        if refused.is_some_and(|refused| refused.expose_secret() == newest) && !self.only_one {
            self.refreshed.fetch_add(1, Ordering::AcqRel);
        }
        Ok(format!("token-{}", self.refreshed.load(Ordering::Acquire) + 1).into())
    }
}

pub(super) fn hasty() -> Patience {
    Patience {
        connect: Duration::from_secs(2),
        request: Duration::from_secs(2),
        tries: 4,
        first: Duration::from_secs(20),
        total: Duration::from_secs(20),
        pause: Duration::from_millis(1),
        limited: Duration::from_millis(1),
        refused: Duration::from_millis(30),
        longest: Duration::from_millis(2),
        asked: Duration::from_millis(40),
        gather: Duration::from_millis(5),
    }
}

pub(super) const FREE: Pace = Pace { calls_per_minute: 0, connections: 4 };

pub(super) fn app(url: &str) -> SignInApp {
    SignInApp { client_id: "id".to_owned(), api_url: Some(url.to_owned()), ..SignInApp::default() }
}

pub(super) fn open_with(at: SignInAt, url: &str, key: Tokens, patience: Patience, pace: Pace) -> Arc<dyn Directory> {
    AdminApis::new(patience).unwrap().open(at, &app(url), Arc::new(key), pace).unwrap()
}

/// A directory of one connection, so that requests come one after the other.
pub(super) fn open(at: SignInAt, server: &MockServer) -> Arc<dyn Directory> {
    open_with(at, &server.uri(), Tokens::default(), hasty(), FREE)
}

pub(super) fn json_of(status: u16, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

pub(super) fn google_error(status: u16, reason: &str, message: &str) -> ResponseTemplate {
    let one = json!({ "domain": "global", "reason": reason, "message": message });
    json_of(status, &json!({ "error": { "code": status, "message": message, "errors": [one] } }))
}

pub(super) fn graph_error(status: u16, code: &str) -> ResponseTemplate {
    json_of(status, &json!({ "error": { "code": code, "message": "for people" } }))
}

/// What was asked for, one line each, decoded.
pub(super) async fn asked(server: &MockServer) -> Vec<String> {
    let line = |request: &Request| {
        let query: Vec<String> = request.url.query_pairs().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{} {}?{}", request.method, request.url.path(), query.join("&"))
    };
    server.received_requests().await.unwrap().iter().map(line).collect()
}

/// Everything that a search tells, and how it ended.
pub(super) async fn findings(
    directory: &Arc<dyn Directory>,
    wanted: uncouple_engine::directory::Wanted,
) -> (Vec<Finding>, Result<(), ApiError>) {
    let (out, mut found) = mpsc::channel(8);
    let directory = directory.clone();
    let search = tokio::spawn(async move { directory.search(&wanted, out).await });
    let mut all = Vec::new();
    while let Some(finding) = found.recv().await {
        all.push(finding);
    }
    (all, search.await.unwrap())
}

/// Everything that the log tells of one app since a time.
pub(super) async fn lines(directory: &Arc<dyn Directory>, app: &str, since: &str) -> Result<Vec<LogLine>, ApiError> {
    let (out, mut told) = mpsc::channel(8);
    let (apps, since) = ([app.to_owned()].into(), since.parse().unwrap());
    let directory = directory.clone();
    let read = tokio::spawn(async move { all_of_log(&directory, apps, since, out).await });
    let mut all = Vec::new();
    while let Some(line) = told.recv().await {
        all.push(line);
    }
    read.await.unwrap().map(|()| all)
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
