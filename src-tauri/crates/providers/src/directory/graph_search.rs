//! Microsoft 365: looking through everybody, by way of the apps: an organisation has few that go by HubSpot's name, and
//! each tells who has let it in.

use super::Deaf;
use super::api::Call;
use super::graph::{Graph, Own, PAGE, Whole, quoted};
use super::graph_wire::{For, Grant, Page, User};
use super::trail::{Trail, link};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use tokio::sync::mpsc::Sender;
use uncouple_domain::Permission;
use uncouple_engine::directory::{Access, ApiError, Finding, Person, Wanted};
use uncouple_engine::ports::SignInAt;

/// Requests that are on their way at once, so that batches fill up.
const PER_CONNECTION: usize = 20;

/// One access while a search collects them, as small as it gets: there may be very many, of few apps and with few
/// different scopes.
struct Held {
    grant: Box<str>,
    app: u32,
    scopes: u32,
}

/// Texts that many have in common.
#[derive(Default)]
struct Texts {
    numbers: HashMap<Arc<str>, u32>,
    list: Vec<Arc<str>>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = text.into();
        self.numbers.insert(text.clone(), number);
        self.list.push(text);
        number
    }

    fn text(&self, number: u32) -> &str {
        usize::try_from(number).ok().and_then(|number| self.list.get(number)).map_or("", |text| text)
    }
}

/// What a search has come across.
struct Found {
    /// When the first of the lists that it comes from was begun.
    began: Timestamp,
    people: BTreeMap<Box<str>, Vec<Held>>,
    texts: Texts,
}

/// Whether anybody still listens.
type Told = Result<(), Deaf>;

impl Found {
    fn take(&mut self, person: &str, grant: &Grant) {
        let scopes = grant.scopes().collect::<Vec<_>>().join(" ");
        let (app, scopes) = (self.texts.number(&grant.client_id), self.texts.number(&scopes));
        let held = Held { grant: grant.id.as_str().into(), app, scopes };
        match self.people.get_mut(person) {
            Some(all) => all.push(held),
            None => drop(self.people.insert(person.into(), vec![held])),
        }
    }

    fn access(&self, held: Held) -> Access {
        Access {
            app: self.texts.text(held.app).to_owned(),
            grant: Some(held.grant.into_string()),
            scopes: self.texts.text(held.scopes).split_whitespace().map(str::to_owned).collect(),
        }
    }
}

fn count(people: usize) -> Finding {
    Finding::People(u64::try_from(people).unwrap_or(u64::MAX))
}

async fn tell(out: &Sender<Finding>, finding: Finding) -> Told {
    out.send(finding).await.map_err(|_| Deaf)
}

impl Graph {
    /// Ends well, too, when nobody listens any more.
    pub(super) async fn search_grants(&self, wanted: &Wanted, out: &Sender<Finding>) -> Result<(), ApiError> {
        let apps = self.wanted_apps(wanted).await?;
        let mut found = Found { began: Timestamp::now(), people: BTreeMap::new(), texts: Texts::default() };
        for app in apps {
            let key = app.key.clone();
            if tell(out, Finding::App(app)).await.is_err() || self.grants_of(&key, &mut found, out).await?.is_err() {
                return Ok(());
            }
        }
        if self.others(wanted, &found, out).await?.is_err() {
            return Ok(());
        }
        // Whether anybody still listens makes no difference at the end.
        self.resolve(found, out).await.map(drop)
    }

    /// Everybody who has let an app in.
    async fn grants_of(&self, app: &str, found: &mut Found, out: &Sender<Finding>) -> Result<Told, ApiError> {
        let filter = format!("clientId eq {}", quoted(app));
        let mut url = self.api.url(&["oauth2PermissionGrants"], &[("$filter", &filter), ("$top", PAGE)])?;
        let mut trail = Trail::default();
        trail.step(url.as_str(), false)?;
        loop {
            let reply = self.api.send(&Call::get(url)).await?;
            let page: Page<Grant> = reply.read(Permission::Accesses)?;
            let was_empty = page.value.is_empty();
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
                    For::Person(person) => found.take(person, &grant),
                }
            }
            if tell(out, count(found.people.len())).await.is_err() {
                return Ok(Err(Deaf));
            }
            let Some(next) = page.next else { return Ok(Ok(())) };
            trail.step(&next, was_empty)?;
            url = link(&self.api.base, &next)?;
        }
    }

    /// People whom the workspace knows and who have let nothing in. Those who have are told of with the others.
    async fn others(&self, wanted: &Wanted, found: &Found, out: &Sender<Finding>) -> Result<Told, ApiError> {
        let mut addresses = wanted.addresses.iter();
        let mut going = FuturesUnordered::new();
        let mut others = BTreeSet::new();
        loop {
            while going.len() < self.api.connections * PER_CONNECTION
                && let Some(address) = addresses.next()
            {
                going.push(async move { (address, self.people_at(address).await) });
            }
            let Some((address, came)) = going.next().await else { break };
            let people = match came {
                Ok(people) => people.items,
                Err(why) if is_of_one(why) => {
                    if tell(out, Finding::Unread { person: nameless(address.clone()), why }).await.is_err() {
                        return Ok(Err(Deaf));
                    }
                    continue;
                }
                Err(error) => return Err(error),
            };
            for person in people {
                if found.people.contains_key(person.id.as_str()) || !others.insert(person.id.clone()) {
                    continue;
                }
                let read = Finding::Read { person, began: found.began, accesses: Vec::new() };
                if tell(out, read).await.is_err() {
                    return Ok(Err(Deaf));
                }
            }
        }
        Ok(tell(out, count(found.people.len() + others.len())).await)
    }

    /// Tells of each person once, with all that they gave.
    async fn resolve(&self, mut found: Found, out: &Sender<Finding>) -> Result<Told, ApiError> {
        let mut going = FuturesUnordered::new();
        loop {
            while going.len() < self.api.connections * PER_CONNECTION
                && let Some((id, held)) = found.people.pop_first()
            {
                going.push(async move {
                    let person = self.person(&id).await;
                    (id, held, person)
                });
            }
            let Some((id, held, person)) = going.next().await else { return Ok(Ok(())) };
            let finding = match person {
                Ok(Some(person)) => {
                    let accesses = held.into_iter().map(|held| found.access(held)).collect();
                    Finding::Read { person, began: found.began, accesses }
                }
                // The account is gone, and what it gave with it.
                Ok(None) => continue,
                Err(why) if is_of_one(why) => Finding::Unread { person: nameless(id.into_string()), why },
                Err(error) => return Err(error),
            };
            if tell(out, finding).await.is_err() {
                return Ok(Err(Deaf));
            }
        }
    }

    /// `GET /users/{id}`. None: there is no such person.
    async fn person(&self, id: &str) -> Result<Option<Person>, ApiError> {
        let url = self.api.url(&["users", id], &[("$select", User::SELECT)])?;
        let reply = self.batch.ask(Call::get(url)).await?;
        if reply.is_missing(SignInAt::Microsoft) {
            return Ok(None);
        }
        Ok(Some(reply.read::<User>(Permission::People)?.person()))
    }

    /// Whoever has an address; at most one person, by Microsoft's rules.
    async fn people_at(&self, address: &str) -> Result<Whole<Person>, ApiError> {
        let address = quoted(address);
        let filter = format!("mail eq {address} or userPrincipalName eq {address}");
        let query = [("$filter", filter.as_str()), ("$select", User::SELECT)];
        let Whole { began, items } = self.list::<User>(&["users"], &query, Permission::People).await?;
        Ok(Whole { began, items: items.into_iter().map(User::person).collect() })
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
        findings.push(Finding::Read { person, began, accesses });
        Ok(findings)
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
