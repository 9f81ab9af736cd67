//! The people of an organisation, the apps that they let in, and what became of both.

use super::apps::GoogleApp;
use crate::directory::clock::ServerClock;
use crate::directory::held::{Deletes, Held, Return};
use crate::directory::log::Log;
use crate::directory::people::{Every, by_address, mailbox};
use crate::fakes::locked;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

/// How an organisation is in the beginning.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) users: usize,
    pub(super) domain: String,
    pub(super) apps: Vec<(GoogleApp, Every)>,
    pub(super) suspended: Every,
}

impl Layout {
    pub(super) fn new(users: usize) -> Self {
        let apps = GoogleApp::LAYOUT.to_vec();
        Self { users, domain: "example.com".to_owned(), apps, suspended: Every::NONE }
    }

    /// Whether somebody had let in an app before the server's start.
    pub(super) fn had(&self, user: usize, app: usize) -> bool {
        self.apps.get(app).is_some_and(|(_, who)| who.has(user))
    }
}

/// What the log tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Authorize,
    Activity,
    Revoke,
}

#[derive(Debug, Default)]
pub(super) struct Inner {
    pub(super) held: Held<(usize, usize)>,
    pub(super) log: Log<(usize, usize, Event)>,
    people: HashMap<usize, Person>,
    unknown_deletes: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Person {
    gone: bool,
    /// Goes when the next list of tokens was read.
    goes: bool,
    suspended: Option<bool>,
}

/// The organisation as it is now. People are counted from 0, apps are named by their client ids.
#[derive(Debug)]
pub struct GoogleState {
    pub(super) layout: Layout,
    pub(super) clock: ServerClock,
    inner: Mutex<Inner>,
}

impl GoogleState {
    pub(super) fn new(layout: Layout, clock: ServerClock) -> Self {
        Self { layout, clock, inner: Mutex::default() }
    }

    /// How many people there were in the beginning.
    #[must_use]
    pub fn users(&self) -> usize {
        self.layout.users
    }

    /// Somebody's primary address.
    #[must_use]
    pub fn address(&self, user: usize) -> String {
        format!("{}@{}", mailbox(user), self.layout.domain)
    }

    /// Another address of theirs.
    #[must_use]
    pub fn alias(&self, user: usize) -> String {
        format!("p{user:05}@{}", self.layout.domain)
    }

    /// Somebody's id.
    #[must_use]
    pub fn id(&self, user: usize) -> String {
        format!("11{user:019}")
    }

    /// Whose key this is: an id, a primary address or an alias.
    #[must_use]
    pub fn by_key(&self, key: &str) -> Option<usize> {
        let domain = &self.layout.domain;
        let by_id = || key.strip_prefix("11").filter(|rest| rest.len() == 19)?.parse().ok();
        let user = by_id().or_else(|| by_address(key, domain, "person")).or_else(|| by_address(key, domain, "p"))?;
        (user < self.layout.users).then_some(user)
    }

    /// The organisation's own id.
    #[must_use]
    pub fn customer_id(&self) -> &'static str {
        "C0fixture1"
    }

    /// The time at the server.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Puts the server's clock ahead.
    pub fn put_clock_ahead(&self, by: Duration) {
        self.clock.put_ahead(by);
    }

    /// Whether somebody lets an app in now, whatever lists and logs say.
    #[must_use]
    pub fn has(&self, user: usize, client_id: &str) -> bool {
        let Some(app) = self.app(client_id) else { return false };
        let inner = locked(&self.inner);
        inner.exists(user) && inner.held.is_there((user, app), self.layout.had(user, app))
    }

    /// How many people let an app in now.
    #[must_use]
    pub fn remaining(&self, client_id: &str) -> usize {
        (0..self.layout.users).filter(|user| self.has(*user, client_id)).count()
    }

    /// The deletions that came for one person's app.
    #[must_use]
    pub fn deletes(&self, user: usize, client_id: &str) -> Deletes {
        let Some(app) = self.app(client_id) else { return Deletes::default() };
        locked(&self.inner).held.deletes((user, app))
    }

    /// Deletions of apps or for people that were never there.
    #[must_use]
    pub fn deletes_of_unknown(&self) -> u64 {
        locked(&self.inner).unknown_deletes
    }

    /// Everything that deletions came for, by person and client id.
    #[must_use]
    pub fn touched(&self) -> Vec<(usize, &'static str, Deletes)> {
        let inner = locked(&self.inner);
        let named = |((user, app), deletes): ((usize, usize), Deletes)| {
            Some((user, self.layout.apps.get(app)?.0.client_id, deletes))
        };
        let mut touched: Vec<_> = inner.held.touched().filter_map(named).collect();
        touched.sort_unstable_by_key(|(user, client_id, _)| (*user, *client_id));
        touched
    }

    /// No deletion came for any other apps than these, refused ones included.
    ///
    /// # Panics
    /// When one did.
    pub fn assert_only_deleted(&self, client_ids: &[&str]) {
        let others = |(_, client_id, _): &(usize, &str, Deletes)| !client_ids.contains(client_id);
        let wrong: Vec<_> = self.touched().into_iter().filter(others).take(10).collect();
        assert!(wrong.is_empty(), "deletions came for apps that were not meant: {wrong:?}");
        assert_eq!(self.deletes_of_unknown(), 0, "deletions came for what was never there");
    }

    /// Somebody's account is deleted now: 404 from here on.
    pub fn vanish(&self, user: usize) {
        locked(&self.inner).people.entry(user).or_default().gone = true;
    }

    /// Somebody's account is deleted when their tokens have been listed once more.
    pub fn vanish_after_list(&self, user: usize) {
        locked(&self.inner).people.entry(user).or_default().goes = true;
    }

    /// Suspends somebody's account, or takes that back.
    pub fn suspend(&self, user: usize, suspended: bool) {
        locked(&self.inner).people.entry(user).or_default().suspended = Some(suspended);
    }

    /// Somebody lets an app in again now. The log tells so; lists show it or don't yet.
    pub fn consent(&self, user: usize, client_id: &str, in_list: bool) {
        self.change(user, client_id, Event::Authorize, |inner, key| inner.held.put(key, in_list));
    }

    /// Somebody lets an app in again when it was deleted and then read so many times; with 0 right after the deletion.
    pub fn consent_after_delete(&self, user: usize, client_id: &str, after_reads: u32, in_list: bool) {
        let Some(app) = self.app(client_id) else { return };
        locked(&self.inner).held.comes_back((user, app), Return { after_reads, in_list });
    }

    /// Somebody takes an app out themselves, on Google's page.
    pub fn remove_by_hand(&self, user: usize, client_id: &str) {
        self.change(user, client_id, Event::Revoke, |inner, key| inner.held.put(key, false));
    }

    /// An app is used now.
    pub fn use_now(&self, user: usize, client_id: &str) {
        self.change(user, client_id, Event::Activity, |_, _| {});
    }

    fn change(&self, user: usize, client_id: &str, event: Event, change: impl FnOnce(&mut Inner, (usize, usize))) {
        let Some(app) = self.app(client_id) else { return };
        let at = self.now();
        let mut inner = locked(&self.inner);
        change(&mut inner, (user, app));
        inner.write(at, user, app, event);
    }

    pub(super) fn app(&self, client_id: &str) -> Option<usize> {
        self.layout.apps.iter().position(|(app, _)| app.client_id == client_id)
    }

    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut locked(&self.inner))
    }

    /// A deletion arrived for somebody's app.
    pub(super) fn came(&self, user: Option<usize>, client_id: &str) {
        let mut inner = locked(&self.inner);
        match user.zip(self.app(client_id)) {
            Some((user, app)) => {
                let there = inner.exists(user) && self.layout.had(user, app);
                inner.held.came((user, app), there);
            }
            None => inner.unknown_deletes += 1,
        }
    }
}

impl Inner {
    /// What follows a revocation is later than it, also where only milliseconds are told.
    pub(super) fn write(&mut self, at: Timestamp, user: usize, app: usize, event: Event) {
        self.log.write(at, i64::from(event != Event::Revoke), (user, app, event));
    }

    pub(super) fn exists(&self, user: usize) -> bool {
        !self.people.get(&user).is_some_and(|person| person.gone)
    }

    pub(super) fn is_suspended(&self, user: usize, layout: &Layout) -> bool {
        let set = self.people.get(&user).and_then(|person| person.suspended);
        set.unwrap_or_else(|| layout.suspended.has(user))
    }

    /// Somebody's tokens were listed.
    pub(super) fn listed(&mut self, user: usize) {
        if let Some(person) = self.people.get_mut(&user).filter(|person| person.goes) {
            person.gone = true;
        }
    }
}
