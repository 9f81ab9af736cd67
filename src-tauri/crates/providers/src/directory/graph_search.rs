//! Microsoft 365: looking through everybody, by way of the apps: an organisation has few that go by HubSpot's name, and
//! each tells who has let it in.

use super::api::Call;
use super::graph::{Graph, Own, PAGE, Whole, quoted};
use super::graph_wire::{For, Grant, Page, User};
use super::trail::{Trail, link};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use tokio::sync::mpsc::Sender;
use uncouple_domain::Permission;
use uncouple_engine::directory::{Access, ApiError, Finding, Person, Wanted};
use uncouple_engine::ports::SignInAt;

/// Requests that are on their way at once, so that batches fill up.
const PER_CONNECTION: usize = 20;

/// One person's access while a search collects them. Scopes are few different texts, apps fewer.
struct Held {
    app: Arc<str>,
    grant: String,
    scopes: Arc<str>,
}

/// What a search has come across.
struct Found {
    /// When the first of the lists that it comes from was begun.
    began: Timestamp,
    people: BTreeMap<String, Vec<Held>>,
    texts: HashSet<Arc<str>>,
}

/// Nobody listens any more, or there is a person.
type Told = Result<(), ()>;

impl Found {
    fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let new: Arc<str> = text.into();
        self.texts.insert(new.clone());
        new
    }

    fn accesses(&mut self, person: &str) -> Vec<Access> {
        let held = self.people.remove(person).unwrap_or_default();
        let access = |held: Held| Access {
            app: held.app.to_string(),
            grant: Some(held.grant),
            scopes: held.scopes.split_whitespace().map(str::to_owned).collect(),
        };
        held.into_iter().map(access).collect()
    }
}

fn count(people: usize) -> Finding {
    Finding::People(u64::try_from(people).unwrap_or(u64::MAX))
}

async fn tell(out: &Sender<Finding>, finding: Finding) -> Told {
    out.send(finding).await.map_err(drop)
}

impl Graph {
    /// Ends well, too, when nobody listens any more.
    pub(super) async fn search_grants(&self, wanted: &Wanted, out: &Sender<Finding>) -> Result<(), ApiError> {
        let apps = self.wanted_apps(wanted).await?;
        let mut found = Found { began: Timestamp::now(), people: BTreeMap::new(), texts: HashSet::new() };
        for app in apps {
            let key = app.key.clone();
            if tell(out, Finding::App(app)).await.is_err() || self.grants_of(&key, &mut found, out).await?.is_err() {
                return Ok(());
            }
        }
        let read: HashSet<String> = found.people.keys().cloned().collect();
        if self.resolve(&mut found, out).await?.is_err() {
            return Ok(());
        }
        // Whether anybody still listens makes no difference at the end.
        self.others(wanted, &read, found.began, out).await.map(drop)
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
                            return Ok(Err(()));
                        }
                    }
                    For::Person(person) => {
                        let scopes = grant.scopes().collect::<Vec<_>>().join(" ");
                        let held = Held { app: found.text(app), scopes: found.text(&scopes), grant: grant.id.clone() };
                        found.people.entry(person.to_owned()).or_default().push(held);
                    }
                }
            }
            if tell(out, count(found.people.len())).await.is_err() {
                return Ok(Err(()));
            }
            let Some(next) = page.next else { return Ok(Ok(())) };
            trail.step(&next, was_empty)?;
            url = link(&self.api.base, &next)?;
        }
    }

    /// Tells of each person once, with all that they gave.
    async fn resolve(&self, found: &mut Found, out: &Sender<Finding>) -> Result<Told, ApiError> {
        let ids: Vec<String> = found.people.keys().cloned().collect();
        let mut ids = ids.into_iter();
        let mut going = FuturesUnordered::new();
        loop {
            while going.len() < self.api.connections * PER_CONNECTION
                && let Some(id) = ids.next()
            {
                going.push(async move {
                    let person = self.person(&id).await;
                    (id, person)
                });
            }
            let Some((id, person)) = going.next().await else { return Ok(Ok(())) };
            let accesses = found.accesses(&id);
            let finding = match person {
                Ok(Some(person)) => Finding::Read { person, began: found.began, accesses },
                // The account is gone, and what it gave with it.
                Ok(None) => continue,
                Err(why @ (ApiError::NoAnswer | ApiError::Unreadable | ApiError::TooLong)) => {
                    Finding::Unread { person: nameless(id), why }
                }
                Err(error) => return Err(error),
            };
            if tell(out, finding).await.is_err() {
                return Ok(Err(()));
            }
        }
    }

    /// People whom the workspace knows and who have let nothing in.
    async fn others(
        &self,
        wanted: &Wanted,
        read: &HashSet<String>,
        began: Timestamp,
        out: &Sender<Finding>,
    ) -> Result<Told, ApiError> {
        let mut addresses = wanted.addresses.iter();
        let mut going = FuturesUnordered::new();
        let mut others = BTreeSet::new();
        loop {
            while going.len() < self.api.connections * PER_CONNECTION
                && let Some(address) = addresses.next()
            {
                going.push(self.people_at(address));
            }
            let Some(came) = going.next().await else { break };
            for person in came?.items {
                if read.contains(&person.id) || !others.insert(person.id.clone()) {
                    continue;
                }
                if tell(out, Finding::Read { person, began, accesses: Vec::new() }).await.is_err() {
                    return Ok(Err(()));
                }
            }
        }
        Ok(tell(out, count(read.len() + others.len())).await)
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
        let everybody = |grant: &Grant| Finding::Everybody { began: all.began, access: grant.access() };
        findings.extend(all.items.iter().map(everybody));
        let accesses = grants.iter().filter(|grant| keys.contains(&grant.client_id)).map(Grant::access).collect();
        findings.push(Finding::Read { person, began, accesses });
        Ok(findings)
    }
}

/// A person of whom nothing but the identifier is known.
fn nameless(id: String) -> Person {
    Person { address: id.clone(), id, aliases: Vec::new(), name: None, suspended: false }
}
