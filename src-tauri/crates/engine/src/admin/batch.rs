//! What a search found, on its way into the file.

use super::search::{Searching, State};
use crate::address::read_address;
use crate::core::locked;
use crate::directory::{Access, ApiError, AppSeen, Finding, Person, Target, Wanted, Who};
use crate::runs::{Found, ReadPerson, SearchPosition, UnreadPerson};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use uncouple_domain::{NotRead, Shortfall};

/// What the search learned of people whom the workspace knows.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) people: Vec<(Vec<String>, bool, Timestamp)>,
    pub(crate) everybody: BTreeSet<String>,
}

/// What is to be written.
#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) apps: Vec<AppSeen>,
    pub(crate) people: Vec<ReadPerson>,
    pub(crate) everybody: Vec<Found>,
    pub(crate) unread: Vec<UnreadPerson>,
    /// People whose list was read, by identifier and address: whoever could not be read before is not named any more.
    pub(crate) read: Vec<String>,
    /// How many people have let each app in, as far as the newest position.
    pub(crate) counts: BTreeMap<String, u64>,
    /// The same of those after it.
    later: BTreeMap<String, u64>,
    /// Where a search goes on.
    pub(crate) position: Option<SearchPosition>,
}

impl Batch {
    /// Whether it is time to write it.
    pub(crate) fn is_full(&self, most: usize) -> bool {
        self.people.len() >= most || self.unread.len() >= most || self.read.len() >= most * 4
    }

    pub(crate) fn take(
        &mut self,
        finding: Finding,
        now: Timestamp,
        wanted: &Wanted,
        tracked: &BTreeMap<String, String>,
        known: &mut Known,
        searching: &Searching,
    ) {
        let mut state = locked(&searching.state);
        match finding {
            Finding::App(app) => self.apps.push(app),
            Finding::People(count) => state.known = count,
            Finding::Unread { person, why } => {
                state.unread += 1;
                state.read.add(1);
                let Person { id, address, name, .. } = person;
                self.unread.push(UnreadPerson {
                    id,
                    address,
                    name,
                    why: not_read(why).unwrap_or(NotRead::NotAsked),
                    at: now,
                });
            }
            Finding::Short { told, came } => {
                let short = Shortfall { told, came };
                state.short = Some(state.short.filter(|worse| worse.by() >= short.by()).unwrap_or(short));
            }
            Finding::Everybody { began, access } => {
                state.accesses += 1;
                known.everybody.insert(access.app.clone());
                self.everybody.push(everybodys(access, began));
            }
            Finding::Position(cursor) => {
                for (app, count) in std::mem::take(&mut self.later) {
                    *self.counts.entry(app).or_default() += count;
                }
                let State { people, accesses, unread, .. } = &*state;
                let (people, accesses, unread) = (*people, *accesses, *unread);
                let (began, apps) = (searching.began, wanted.apps.clone());
                self.position = Some(SearchPosition { began, cursor, apps, people, accesses, unread });
            }
            Finding::Read { person, began, accesses, others } => {
                for app in accesses.iter().map(|access| &access.app).chain(&others) {
                    *self.later.entry(app.clone()).or_default() += 1;
                }
                state.people += 1;
                state.read.add(1);
                state.accesses += accesses.len() as u64;
                let keys = keys(&person);
                self.read.extend(std::iter::once(&person.id).chain(&keys).cloned());
                let is_known = keys.iter().any(|key| tracked.contains_key(key));
                if is_known {
                    let listed = accesses.iter().any(|access| wanted.apps.contains(&access.app));
                    known.people.push((keys.clone(), listed, began));
                }
                if is_known || !accesses.is_empty() {
                    self.people.push(read_person(&person, keys, began, accesses));
                }
            }
        }
        state.known = state.known.max(state.people + state.unread);
    }
}

/// Why a person's list was not read, as it is kept. None: the list was not asked for, or nobody waited for it.
pub(super) fn not_read(why: ApiError) -> Option<NotRead> {
    match why {
        ApiError::Forbidden { .. } => Some(NotRead::Forbidden),
        ApiError::NoAnswer | ApiError::Limits => Some(NotRead::NoAnswer),
        ApiError::Expired | ApiError::Elsewhere | ApiError::Blocked(_) | ApiError::Keyring(_) | ApiError::Halted => {
            None
        }
        ApiError::NobodyThere
        | ApiError::Unreadable
        | ApiError::TooLong
        | ApiError::Circle
        | ApiError::Incomplete
        | ApiError::Endless
        | ApiError::OtherHost
        | ApiError::Disk
        | ApiError::BadEndpoint => Some(NotRead::Unreadable),
    }
}

impl Batch {
    /// What came after the newest position, once the search is over.
    pub(crate) fn rest(&mut self) -> BTreeMap<String, u64> {
        std::mem::take(&mut self.later)
    }
}

/// The reads of a search are no older than the search, whatever clock the adapter goes by.
pub(crate) fn not_before(mut finding: Finding, search: Timestamp) -> Finding {
    if let Finding::Read { began, .. } | Finding::Everybody { began, .. } = &mut finding {
        *began = (*began).max(search);
    }
    finding
}

/// A person's addresses as keys that compare. One that is no address by our rules is compared in small letters.
fn keys(person: &Person) -> Vec<String> {
    let all = std::iter::once(&person.address).chain(&person.aliases);
    let mut keys: Vec<String> = all
        .map(|text| read_address(text).map_or_else(|_| text.to_lowercase(), |address| address.key().to_owned()))
        .collect();
    keys.sort();
    keys.dedup();
    keys
}

fn read_person(person: &Person, keys: Vec<String>, read: Timestamp, accesses: Vec<Access>) -> ReadPerson {
    let found = |access: Access| Found {
        target: Target { who: Who::Person { id: person.id.clone() }, app: access.app, grant: access.grant },
        address: person.address.clone(),
        keys: keys.clone(),
        name: person.name.clone(),
        suspended: person.suspended,
        scopes: access.scopes,
        resource: access.resource,
        read,
    };
    let accesses = accesses.into_iter().map(found).collect();
    ReadPerson { id: person.id.clone(), keys, read, accesses }
}

fn everybodys(access: Access, read: Timestamp) -> Found {
    Found {
        target: Target { who: Who::Everybody, app: access.app, grant: access.grant },
        address: String::new(),
        keys: Vec::new(),
        name: None,
        suspended: false,
        scopes: access.scopes,
        resource: access.resource,
        read,
    }
}
