//! What was asked of a server: counters that stay small however much comes in, and the newest requests.

use super::call::{Call, On, Route, Target};
use crate::fakes::locked;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::Instant;

/// So many of the newest requests are kept.
const KEPT: usize = 10_000;

/// Longer ids are cut.
const LONGEST_ITEM: usize = 128;

/// A request that came in. What was sent to be let in is never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What it asked for.
    pub route: Route,
    /// `GET`, `POST` or `DELETE`.
    pub method: String,
    /// The person it was about, counted from 0.
    pub user: Option<usize>,
    /// The client id, the grant's id or what else it was about.
    pub item: Option<Box<str>>,
    /// `None` where nothing was answered: reset, or left hanging. A client that went away before the middle of a delay
    /// was never seen; one that went away after it had its effect, and has the status it would have got.
    pub status: Option<u16>,
    /// Since the server's start.
    pub at: Duration,
    /// The connection's number, from 1.
    pub connection: u64,
    /// Came inside of a `$batch`.
    pub in_batch: bool,
}

/// What was asked of a server until now.
#[derive(Debug)]
pub struct Seen {
    started: Instant,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    newest: VecDeque<Asked>,
    counts: BTreeMap<(Route, Option<u16>), u64>,
    users: HashMap<u32, u32>,
    connections: u64,
    open: u64,
    most_open: u64,
    at_once: u64,
    most_at_once: u64,
}

impl Seen {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now(), inner: Mutex::default() }
    }

    /// All requests, those inside of a `$batch` and the `$batch` itself counted one each.
    #[must_use]
    pub fn total(&self) -> u64 {
        locked(&self.inner).counts.values().sum()
    }

    /// Requests of one route.
    #[must_use]
    pub fn count(&self, route: Route) -> u64 {
        let inner = locked(&self.inner);
        inner.counts.iter().filter(|((is, _), _)| *is == route).map(|(_, count)| count).sum()
    }

    /// Requests of one route that were answered with this status; `None`: that were not answered.
    #[must_use]
    pub fn answered(&self, route: Route, status: impl Into<Option<u16>>) -> u64 {
        locked(&self.inner).counts.get(&(route, status.into())).copied().unwrap_or(0)
    }

    /// Requests about one person, counted from 0.
    #[must_use]
    pub fn calls_about(&self, user: usize) -> u32 {
        let user = u32::try_from(user).unwrap_or(u32::MAX);
        locked(&self.inner).users.get(&user).copied().unwrap_or(0)
    }

    /// The most requests about any one person, and how many people there were requests about.
    #[must_use]
    pub fn calls_per_user(&self) -> (u32, usize) {
        let inner = locked(&self.inner);
        (inner.users.values().copied().max().unwrap_or(0), inner.users.len())
    }

    /// The newest requests, at most 10,000, the oldest of them first.
    #[must_use]
    pub fn newest(&self) -> Vec<Asked> {
        locked(&self.inner).newest.iter().cloned().collect()
    }

    /// Those of the newest requests that are about this.
    #[must_use]
    pub fn newest_on(&self, on: impl Into<On>) -> Vec<Asked> {
        let on = on.into();
        let meets = |asked: &&Asked| on.meets(&Target { route: asked.route, user: asked.user, item: None });
        locked(&self.inner).newest.iter().filter(meets).cloned().collect()
    }

    /// Connections that were ever made.
    #[must_use]
    pub fn connections(&self) -> u64 {
        locked(&self.inner).connections
    }

    /// The most connections that were open at one time.
    #[must_use]
    pub fn most_open(&self) -> u64 {
        locked(&self.inner).most_open
    }

    /// The most connections that had a request on them at one time.
    #[must_use]
    pub fn most_at_once(&self) -> u64 {
        locked(&self.inner).most_at_once
    }

    pub(crate) fn opened(&self) -> u64 {
        let mut inner = locked(&self.inner);
        inner.connections += 1;
        inner.open += 1;
        inner.most_open = inner.most_open.max(inner.open);
        inner.connections
    }

    pub(crate) fn closed(&self) {
        locked(&self.inner).open -= 1;
    }

    /// A request is being worked on, until the answer is dropped. Says how many there are with it.
    pub(crate) fn busy(&self) -> (Busy<'_>, u64) {
        let mut inner = locked(&self.inner);
        inner.at_once += 1;
        inner.most_at_once = inner.most_at_once.max(inner.at_once);
        (Busy(self), inner.at_once)
    }

    pub(crate) fn record(&self, call: &Call, target: &Target, status: Option<u16>) {
        let item = target.item.as_deref().map(|item| item.chars().take(LONGEST_ITEM).collect::<String>().into());
        let asked = Asked {
            route: target.route,
            method: call.method.chars().take(16).collect(),
            user: target.user,
            item,
            status,
            at: self.started.elapsed(),
            connection: call.connection,
            in_batch: call.in_batch,
        };
        let mut inner = locked(&self.inner);
        *inner.counts.entry((asked.route, status)).or_default() += 1;
        if let Some(user) = target.user.and_then(|user| u32::try_from(user).ok()) {
            *inner.users.entry(user).or_default() += 1;
        }
        if inner.newest.len() == KEPT {
            inner.newest.pop_front();
        }
        inner.newest.push_back(asked);
    }
}

/// A request that is being worked on.
#[derive(Debug)]
pub(crate) struct Busy<'a>(&'a Seen);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        locked(&self.0.inner).at_once -= 1;
    }
}
