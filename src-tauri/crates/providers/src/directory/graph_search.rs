//! Microsoft 365: looking through everybody, by way of the apps: an organisation has few that go by HubSpot's name, and
//! each tells who has let it in.

use super::Deaf;
use super::answer::About;
use super::api::Call;
use super::graph::{Graph, Own, Whole, quoted};
use super::graph_held::{Held, Part};
use super::graph_wire::{For, Grant, Page, User};
use super::trail::{Trail, link};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::Instant;
use uncouple_domain::Permission;
use uncouple_engine::directory::{ApiError, Finding, Person, Wanted};
use uncouple_engine::ports::SignInAt;

/// How often it is told where a search goes on.
const EVERY: Duration = Duration::from_millis(500);

/// Or after so many people, where they come fast.
const MANY: usize = 200;

/// Requests that are on their way at once, so that batches fill up.
const PER_CONNECTION: usize = 20;

/// Whether anybody still listens.
type Told = Result<(), Deaf>;

fn count(people: usize) -> Finding {
    Finding::People(u64::try_from(people).unwrap_or(u64::MAX))
}

async fn tell(out: &Sender<Finding>, finding: Finding) -> Told {
    out.send(finding).await.map_err(|_| Deaf)
}

impl Graph {
    /// Ends well, too, when nobody listens any more.
    pub(super) async fn search_grants(&self, wanted: &Wanted, out: &Sender<Finding>) -> Result<(), ApiError> {
        // Before any list is asked for: what is told of each person is as old as the oldest of them.
        let began = Timestamp::now();
        let from: Place = match &wanted.from {
            Some(text) => serde_json::from_str(text).map_err(|_| ApiError::Unreadable)?,
            None => Place::default(),
        };
        let Ok(known) = self.known(wanted, out).await? else { return Ok(()) };
        let apps = self.wanted_apps(wanted).await?;
        let mut held = Held::new();
        for app in apps {
            let key = app.key.clone();
            if tell(out, Finding::App(app)).await.is_err() || self.grants_of(&key, &mut held, out).await?.is_err() {
                return Ok(());
            }
        }
        let without = known.keys().filter(|id| !held.counts(id)).count();
        if tell(out, count(held.people() + without)).await.is_err() {
            return Ok(());
        }
        // Whether anybody still listens makes no difference at the end.
        self.resolve(held, known, from, began, out).await.map(drop)
    }

    /// Everybody who has let an app in.
    async fn grants_of(&self, app: &str, held: &mut Held, out: &Sender<Finding>) -> Result<Told, ApiError> {
        let filter = format!("clientId eq {}", quoted(app));
        let mut call = self.of_app(app, &filter)?;
        let mut trail = Trail::default();
        trail.step(call.url.as_str(), false)?;
        let mut told = None;
        loop {
            let reply = self.api.send(&call).await?;
            // The app was deleted since it was listed, and all its consents with it.
            if told.is_none() && reply.is_no_such_app() {
                return Ok(Ok(()));
            }
            let page: Page<Grant> = reply.read(Permission::Accesses)?;
            told = told.or(page.count);
            let was_empty = page.value.is_empty();
            let came = trail.took(page.value.len())?;
            for grant in page.value {
                // What was not asked for is no business of ours.
                if grant.client_id != app {
                    continue;
                }
                match grant.whose()? {
                    For::Everybody => {
                        let everybody = Finding::Everybody { began: reply.began, access: grant.access() };
                        if tell(out, everybody).await.is_err() {
                            return Ok(Err(Deaf));
                        }
                    }
                    For::Person(person) => held.put(person, &grant)?,
                }
            }
            if tell(out, count(held.people())).await.is_err() {
                return Ok(Err(Deaf));
            }
            let Some(next) = page.next else {
                return match told {
                    Some(told) if told != came => Ok(tell(out, Finding::Short { told, came }).await),
                    Some(_) | None => Ok(Ok(())),
                };
            };
            trail.step(&next, was_empty)?;
            call.url = link(&self.api.base, &next)?;
        }
    }

    /// People whom the workspace knows, whether they have let anything in or not.
    async fn known(
        &self,
        wanted: &Wanted,
        out: &Sender<Finding>,
    ) -> Result<Result<BTreeMap<String, Person>, Deaf>, ApiError> {
        let mut addresses = wanted.addresses.iter();
        let mut going = FuturesUnordered::new();
        let mut known = BTreeMap::new();
        loop {
            while going.len() < self.api.connections * PER_CONNECTION
                && let Some(address) = addresses.next()
            {
                going.push(async move { (address, self.people_at(address).await) });
            }
            let Some((address, came)) = going.next().await else { return Ok(Ok(known)) };
            match came {
                Ok(people) => known.extend(people.items.into_iter().map(|person| (person.id.clone(), person))),
                Err(why) if is_of_one(why) => {
                    if tell(out, Finding::Unread { person: nameless(address.clone()), why }).await.is_err() {
                        return Ok(Err(Deaf));
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Tells of each person once, with all that they gave, and then of those known who gave nothing.
    async fn resolve(
        &self,
        mut held: Held,
        mut known: BTreeMap<String, Person>,
        from: Place,
        began: Timestamp,
        out: &Sender<Finding>,
    ) -> Result<Told, ApiError> {
        let mut going = FuturesUnordered::new();
        let mut part = Part::new();
        let mut number = 0;
        let mut places = Places::default();
        let skip: HashSet<String> = from.done.into_iter().collect();
        let mut is_last = false;
        loop {
            while going.len() < self.api.connections * PER_CONNECTION && !is_last {
                let Some((id, accesses)) = part.pop_first() else {
                    match held.take()? {
                        Some(next) => {
                            let is_done = places.next() < from.part;
                            number = places.begin(if is_done { 0 } else { next.len() });
                            if is_done {
                                // All of these were told of before, and have what they had.
                                known.retain(|id, _| !next.contains_key(id));
                            } else {
                                part = next;
                            }
                        }
                        None => is_last = true,
                    }
                    continue;
                };
                let person = known.remove(&id);
                if skip.contains(&id) {
                    places.done(number, id);
                    continue;
                }
                let part = number;
                going.push(async move {
                    let person = match person {
                        Some(person) => Ok(Some(person)),
                        None => self.person(&id).await,
                    };
                    (part, id, accesses, person)
                });
            }
            let Some((part, id, accesses, person)) = going.next().await else { break };
            let told = id.clone();
            let finding = match person {
                Ok(Some(person)) => Finding::Read { person, began, accesses, others: Vec::new() },
                // The account is gone, and what it gave with it.
                Ok(None) => {
                    places.done(part, told);
                    continue;
                }
                Err(why) if is_of_one(why) => Finding::Unread { person: nameless(id), why },
                Err(error) => return Err(error),
            };
            if tell(out, finding).await.is_err() {
                return Ok(Err(Deaf));
            }
            places.done(part, told);
            if let Some(place) = places.due()
                && tell(out, Finding::Position(place)).await.is_err()
            {
                return Ok(Err(Deaf));
            }
        }
        for person in known.into_values() {
            if tell(out, Finding::Read { person, began, accesses: Vec::new(), others: Vec::new() }).await.is_err() {
                return Ok(Err(Deaf));
            }
        }
        Ok(Ok(()))
    }

    /// `GET /users/{id}`. None: there is no such person.
    async fn person(&self, id: &str) -> Result<Option<Person>, ApiError> {
        let url = self.api.url(&["users", id], &[("$select", User::SELECT)])?;
        let reply = self.ask(Call::get(url).about(About::Id(id.to_owned()))).await?;
        if reply.is_missing(SignInAt::Microsoft) {
            return Ok(None);
        }
        Ok(Some(reply.read::<User>(Permission::People)?.person()))
    }

    /// Whoever has an address; at most one person, by Microsoft's rules.
    async fn people_at(&self, address: &str) -> Result<Whole<Person>, ApiError> {
        let asked = quoted(address);
        let filter = format!("mail eq {asked} or userPrincipalName eq {asked}");
        let query = [("$filter", filter.as_str()), ("$select", User::SELECT)];
        let Whole { began, items, told } = self.list::<User>(&["users"], &query, Permission::People).await?;
        // Nobody is taken for somebody else because a filter was not obeyed.
        let is_theirs = |person: &Person| {
            std::iter::once(&person.address).chain(&person.aliases).any(|own| own.eq_ignore_ascii_case(address))
        };
        Ok(Whole { began, items: items.into_iter().map(User::person).filter(is_theirs).collect(), told })
    }

    /// One person and everything of the wanted apps that reaches them.
    pub(super) async fn look_up_person(&self, address: &str, wanted: &Wanted) -> Result<Vec<Finding>, ApiError> {
        let (people, apps) = tokio::join!(self.people_at(address), self.wanted_apps(wanted));
        let person = people?.items.into_iter().next().ok_or(ApiError::NobodyThere)?;
        let apps = apps?;
        let keys: BTreeSet<String> = apps.iter().map(|app| app.key.clone()).collect();
        let (own, all) = tokio::join!(self.persons(&person.id), self.everybodys(&keys));
        let Own { began, grants } = own?;
        let grants = grants.ok_or(ApiError::NobodyThere)?;
        let all = all?;
        let mut findings: Vec<Finding> = apps.into_iter().map(Finding::App).collect();
        // What was not asked for is no business of ours.
        let is_wanted = |grant: &&Grant| keys.contains(&grant.client_id);
        let everybody = |grant: &Grant| Finding::Everybody { began: all.began, access: grant.access() };
        findings.extend(all.items.iter().filter(is_wanted).map(everybody));
        let accesses = grants.iter().filter(is_wanted).map(Grant::access).collect();
        findings.push(Finding::Read { person, began, accesses, others: Vec::new() });
        Ok(findings)
    }
}

/// Where a search goes on: consents are listed anew, which are few pages, and people are looked up from here. They come
/// in parts, always in the same order.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    /// The first part that is not done.
    part: usize,
    /// Who of it and of later ones is.
    done: Vec<String>,
}

/// Parts that are under way.
#[derive(Default)]
struct Places {
    /// How many people each has, and who of them is done.
    parts: VecDeque<(usize, Vec<String>)>,
    first: usize,
    told: Option<Instant>,
    /// Who came since.
    since: usize,
}

impl Places {
    /// The number of the next part.
    fn next(&self) -> usize {
        self.first + self.parts.len()
    }

    fn begin(&mut self, people: usize) -> usize {
        self.parts.push_back((people, Vec::new()));
        self.first + self.parts.len() - 1
    }

    fn done(&mut self, part: usize, person: String) {
        let part = part.checked_sub(self.first).and_then(|part| self.parts.get_mut(part));
        if let Some((_, done)) = part {
            done.push(person);
        }
    }

    fn due(&mut self) -> Option<String> {
        let now = Instant::now();
        self.since += 1;
        if self.since < MANY && self.told.is_some_and(|told| now.duration_since(told) < EVERY) {
            return None;
        }
        (self.told, self.since) = (Some(now), 0);
        while self.parts.front().is_some_and(|(people, done)| done.len() >= *people) {
            self.parts.pop_front();
            self.first += 1;
        }
        let done = self.parts.iter().flat_map(|(_, done)| done.iter().cloned()).collect();
        serde_json::to_string(&Place { part: self.first, done }).ok()
    }
}

/// Whether an error may be about one person only.
fn is_of_one(error: ApiError) -> bool {
    matches!(error, ApiError::NoAnswer | ApiError::Unreadable | ApiError::TooLong)
}

/// A person of whom nothing but the identifier or the address is known.
fn nameless(id: String) -> Person {
    Person { address: id.clone(), id, aliases: Vec::new(), name: None, suspended: false }
}
