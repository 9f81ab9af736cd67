//! The people of a tenant, the grants, and what became of both.

use super::apps::{GraphApp, GraphGrant};
use super::ids;
use super::roles::GraphRole;
use crate::directory::clock::ServerClock;
use crate::directory::held::{Deletes, Held, Return};
use crate::directory::log::Log;
use crate::directory::people::{Every, by_address, mailbox};
use crate::fakes::locked;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;
use uuid::Uuid;

/// How a tenant is in the beginning.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) users: usize,
    pub(super) domain: String,
    pub(super) apps: Vec<GraphApp>,
    pub(super) grants: Vec<GraphGrant>,
    pub(super) for_everyone: Vec<Uuid>,
    pub(super) disabled: Every,
}

/// A grant: whose, with `None` for everyone's, and the number of its kind in [`Layout::grants`].
pub(super) type Key = (Option<usize>, usize);

impl Layout {
    pub(super) fn new(users: usize) -> Self {
        Self {
            users,
            domain: "contoso.example".to_owned(),
            apps: GraphApp::ALL.to_vec(),
            grants: GraphGrant::LAYOUT.to_vec(),
            for_everyone: Vec::new(),
            disabled: Every::NONE,
        }
    }

    /// Whether a grant was there before the server's start.
    pub(super) fn had(&self, (whose, kind): Key) -> bool {
        self.grants.get(kind).is_some_and(|grant| match whose {
            Some(user) => grant.who.has(user),
            None => self.for_everyone.contains(&grant.app.object_id),
        })
    }
}

/// What the log tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Consent,
    Add,
    /// The administrator took it out by the API.
    Remove,
    /// A person took it out themselves.
    RemovedByHand,
    /// The first half of a change of permissions; the grant stays.
    AmendAdd,
    /// The second half, which the log calls a removal.
    AmendRemove,
    /// A removal that did not work.
    RemoveFailed,
}

#[derive(Debug, Default)]
pub(super) struct Inner {
    pub(super) held: Held<Key>,
    pub(super) log: Log<(Key, Event)>,
    people: HashMap<usize, Person>,
    unknown_deletes: u64,
    roles: HashMap<Uuid, Vec<GraphRole>>,
    /// None: what Microsoft gives to new tenants.
    policies: Option<Vec<String>>,
    posts: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Person {
    gone: bool,
    /// Goes when their grants were read once more.
    goes: bool,
    disabled: Option<bool>,
}

/// The tenant as it is now. People are counted from 0, apps are named by their service principal's object id.
#[derive(Debug)]
pub struct GraphState {
    pub(super) layout: Layout,
    pub(super) clock: ServerClock,
    inner: Mutex<Inner>,
}

impl GraphState {
    pub(super) fn new(layout: Layout, clock: ServerClock) -> Self {
        Self { layout, clock, inner: Mutex::default() }
    }

    /// How many people there were in the beginning.
    #[must_use]
    pub fn users(&self) -> usize {
        self.layout.users
    }

    /// Somebody's user principal name, which is their mail address as well where they have one.
    #[must_use]
    pub fn address(&self, user: usize) -> String {
        format!("{}@{}", mailbox(user), self.layout.domain)
    }

    /// Somebody's id.
    #[must_use]
    pub fn id(&self, user: usize) -> String {
        ids::person(user).to_string()
    }

    /// Whose key this is: an id or a user principal name.
    #[must_use]
    pub fn by_key(&self, key: &str) -> Option<usize> {
        let by_id = || ids::number_of(Uuid::try_parse(key).ok()?);
        let user = by_id().or_else(|| by_address(key, &self.layout.domain, "person"))?;
        (user < self.layout.users).then_some(user)
    }

    /// The ids of the grants that somebody has given an app in the beginning or could give it now.
    #[must_use]
    pub fn grant_ids(&self, user: usize, app: Uuid) -> Vec<String> {
        self.kinds(app).map(|kind| self.grant_id((Some(user), kind))).collect()
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

    /// Whether an app has any grant of somebody's own now, whatever lists and logs say.
    #[must_use]
    pub fn has(&self, user: usize, app: Uuid) -> bool {
        let inner = locked(&self.inner);
        self.kinds(app).any(|kind| self.is_there(&inner, (Some(user), kind)))
    }

    /// Whether an app has a grant for everyone now.
    #[must_use]
    pub fn has_for_everyone(&self, app: Uuid) -> bool {
        let inner = locked(&self.inner);
        self.kinds(app).any(|kind| self.is_there(&inner, (None, kind)))
    }

    /// How many people an app has a grant of now.
    #[must_use]
    pub fn remaining(&self, app: Uuid) -> usize {
        (0..self.layout.users).filter(|user| self.has(*user, app)).count()
    }

    /// The deletions that came for one grant.
    #[must_use]
    pub fn deletes(&self, grant_id: &str) -> Deletes {
        self.key(grant_id).map(|key| locked(&self.inner).held.deletes(key)).unwrap_or_default()
    }

    /// Deletions of grants that were never there.
    #[must_use]
    pub fn deletes_of_unknown(&self) -> u64 {
        locked(&self.inner).unknown_deletes
    }

    /// Everything that deletions came for: whose it is, with `None` for everyone's, the app, and the deletions.
    #[must_use]
    pub fn touched(&self) -> Vec<(Option<usize>, Uuid, Deletes)> {
        let inner = locked(&self.inner);
        let named = |((whose, kind), deletes): (Key, Deletes)| {
            Some((whose, self.layout.grants.get(kind)?.app.object_id, deletes))
        };
        let mut touched: Vec<_> = inner.held.touched().filter_map(named).collect();
        touched.sort_unstable_by_key(|(whose, app, _)| (*whose, *app));
        touched
    }

    /// No deletion came for any other apps than these, refused ones included, and none for a grant for everyone.
    ///
    /// # Panics
    /// When one did.
    pub fn assert_only_deleted(&self, apps: &[Uuid]) {
        let others = |(whose, app, _): &(Option<usize>, Uuid, Deletes)| whose.is_none() || !apps.contains(app);
        let wrong: Vec<_> = self.touched().into_iter().filter(others).take(10).collect();
        assert!(wrong.is_empty(), "deletions came for grants that were not meant: {wrong:?}");
        assert_eq!(self.deletes_of_unknown(), 0, "deletions came for what was never there");
    }

    /// An app has these application permissions and no others.
    pub fn set_roles(&self, app: Uuid, roles: &[GraphRole]) {
        locked(&self.inner).roles.insert(app, roles.to_vec());
    }

    /// The application permissions of an app.
    #[must_use]
    pub fn roles(&self, app: Uuid) -> Vec<GraphRole> {
        locked(&self.inner).roles.get(&app).cloned().unwrap_or_default()
    }

    /// These rules say what people may allow by themselves.
    pub fn set_consent_policies(&self, policies: &[&str]) {
        locked(&self.inner).policies = Some(policies.iter().map(|id| (*id).to_owned()).collect());
    }

    /// The rules that say what people may allow by themselves.
    #[must_use]
    pub fn consent_policies(&self) -> Vec<String> {
        let managed = || vec!["ManagePermissionGrantsForSelf.microsoft-user-default-recommended".to_owned()];
        locked(&self.inner).policies.clone().unwrap_or_else(managed)
    }

    /// How many new grants were asked for.
    #[must_use]
    pub fn posts(&self) -> u64 {
        locked(&self.inner).posts
    }

    pub(super) fn posted(&self) {
        locked(&self.inner).posts += 1;
    }

    /// Somebody's account is deleted now, and their grants with it: 404 from here on.
    pub fn vanish(&self, user: usize) {
        locked(&self.inner).people.entry(user).or_default().gone = true;
    }

    /// Somebody's account is deleted when their grants have been listed once more.
    pub fn vanish_after_list(&self, user: usize) {
        locked(&self.inner).people.entry(user).or_default().goes = true;
    }

    /// Disables somebody's account, or takes that back.
    pub fn disable(&self, user: usize, disabled: bool) {
        locked(&self.inner).people.entry(user).or_default().disabled = Some(disabled);
    }

    /// Somebody grants an app everything again, or for the first time, now. The log tells so; lists show it or don't yet.
    pub fn consent(&self, user: usize, app: Uuid, in_list: bool) {
        self.change(Some(user), app, &[Event::Add, Event::Consent], |inner, key| inner.held.put(key, in_list));
    }

    /// An administrator grants an app everything for everyone now.
    pub fn consent_for_everyone(&self, app: Uuid) {
        self.change(None, app, &[Event::Add, Event::Consent], |inner, key| inner.held.put(key, true));
    }

    /// Somebody grants an app everything again when it was deleted and then read so many times; with 0 right after the
    /// deletion.
    pub fn consent_after_delete(&self, user: usize, app: Uuid, after_reads: u32, in_list: bool) {
        let mut inner = locked(&self.inner);
        for kind in self.kinds(app) {
            inner.held.comes_back((Some(user), kind), Return { after_reads, in_list });
        }
    }

    /// Somebody grants an app more than before: the log has an "Add", and right after it a "Remove", but the grant
    /// stays (seen in published logs of 2026-09).
    pub fn amend(&self, user: usize, app: Uuid) {
        self.change(Some(user), app, &[Event::AmendAdd, Event::AmendRemove, Event::Consent], |_, _| {});
    }

    /// A removal that failed stands in the log, with the result "failure".
    pub fn log_failed_removal(&self, user: usize, app: Uuid) {
        self.change(Some(user), app, &[Event::RemoveFailed], |_, _| {});
    }

    /// Somebody takes an app out themselves.
    pub fn remove_by_hand(&self, user: usize, app: Uuid) {
        self.change(Some(user), app, &[Event::RemovedByHand], |inner, key| inner.held.put(key, false));
    }

    fn change(&self, whose: Option<usize>, app: Uuid, events: &[Event], change: impl Fn(&mut Inner, Key)) {
        let at = self.now();
        let mut inner = locked(&self.inner);
        for kind in self.kinds_of(whose, app) {
            change(&mut inner, (whose, kind));
            for event in events {
                inner.write(at, (whose, kind), *event);
            }
        }
    }

    /// The numbers of an app's kinds of grants.
    fn kinds(&self, app: Uuid) -> impl Iterator<Item = usize> + '_ {
        let numbered = self.layout.grants.iter().enumerate();
        numbered.filter(move |(_, grant)| grant.app.object_id == app).map(|(kind, _)| kind)
    }

    /// The kinds that somebody has granted an app in the beginning, or the first one if that is none of them.
    fn kinds_of(&self, whose: Option<usize>, app: Uuid) -> Vec<usize> {
        let had = |kind: &usize| whose.is_none_or(|user| self.layout.had((Some(user), *kind)));
        let kinds: Vec<usize> = self.kinds(app).filter(had).collect();
        if kinds.is_empty() { self.kinds(app).take(1).collect() } else { kinds }
    }

    pub(super) fn is_there(&self, inner: &Inner, key: Key) -> bool {
        key.0.is_none_or(|user| inner.exists(user)) && inner.held.is_there(key, self.layout.had(key))
    }

    pub(super) fn grant_id(&self, (whose, kind): Key) -> String {
        let grant = self.layout.grants.get(kind);
        grant
            .map(|grant| ids::grant(grant.app.object_id, grant.resource.object_id, whose.map(ids::person)))
            .unwrap_or_default()
    }

    pub(super) fn key(&self, grant_id: &str) -> Option<Key> {
        let (client, resource, person) = ids::parts_of(grant_id)?;
        let is = |grant: &GraphGrant| grant.app.object_id == client && grant.resource.object_id == resource;
        let kind = self.layout.grants.iter().position(is)?;
        let whose = match person {
            Some(person) => Some(ids::number_of(person).filter(|user| *user < self.layout.users)?),
            None => None,
        };
        Some((whose, kind))
    }

    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut locked(&self.inner))
    }

    /// A deletion arrived for a grant.
    pub(super) fn came(&self, grant_id: &str) {
        let key = self.key(grant_id);
        let mut inner = locked(&self.inner);
        match key {
            Some(key) => {
                let there = key.0.is_none_or(|user| inner.exists(user)) && self.layout.had(key);
                inner.held.came(key, there);
            }
            None => inner.unknown_deletes += 1,
        }
    }
}

impl Inner {
    /// The parts of one consent are a millisecond apart, and a consent that follows a removal is later than it.
    pub(super) fn write(&mut self, at: Timestamp, key: Key, event: Event) {
        let gap = match event {
            Event::Remove | Event::RemovedByHand | Event::RemoveFailed => 0,
            Event::Add | Event::AmendAdd | Event::AmendRemove | Event::Consent => 1,
        };
        self.log.write(at, gap, (key, event));
    }

    pub(super) fn exists(&self, user: usize) -> bool {
        !self.people.get(&user).is_some_and(|person| person.gone)
    }

    pub(super) fn is_disabled(&self, user: usize, layout: &Layout) -> bool {
        let set = self.people.get(&user).and_then(|person| person.disabled);
        set.unwrap_or_else(|| layout.disabled.has(user))
    }

    /// Somebody's grants were listed.
    pub(super) fn listed(&mut self, user: usize) {
        if let Some(person) = self.people.get_mut(&user).filter(|person| person.goes) {
            person.gone = true;
        }
    }
}
