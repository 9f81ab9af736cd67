//! Google Workspace: the audit log of consents, by the Reports API
//! (<https://developers.google.com/workspace/admin/reports/v1/appendix/activity/token>, read 2026-11).

use super::api::Call;
use super::google::{Google, is_wanted};
use super::google_wire::{Activities, Activity, Event, app};
use super::trail::Trail;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use tokio::sync::mpsc::Sender;
use uncouple_domain::Permission;
use uncouple_engine::directory::{
    Access, ApiError, AppSeen, Finding, LogAsk, LogEvents, LogLine, LogWhat, Person, Wanted,
};

/// How far the log goes back.
const KEPT: SignedDuration = SignedDuration::from_hours(180 * 24);

/// As many lines a page as there may be (discovery document of `admin:reports_v1`, `maxResults`).
const PAGE: &str = "1000";

/// What is asked of an event that only has to be dated: a tenth of the whole.
const LINES: &str = "kind,nextPageToken,items(id/time,actor(email,profileId),events(name,parameters(name,value)))";

/// The same with the scopes.
const ALL: &str =
    "kind,nextPageToken,items(id/time,actor(email,profileId),events(name,parameters(name,value,multiValue)))";

const AUTHORIZE: &str = "authorize";
const REVOKE: &str = "revoke";
const ACTIVITY: &str = "activity";

/// Where to read in the log.
struct Pages<'a> {
    event: Option<&'a str>,
    app: Option<&'a str>,
    start: String,
    size: &'a str,
    fields: &'a str,
    trail: Trail,
    next: Option<String>,
    is_over: bool,
}

impl<'a> Pages<'a> {
    fn new(event: Option<&'a str>, app: Option<&'a str>, start: Timestamp) -> Self {
        // Whole seconds are enough, and every form of the parameter has them.
        let start = format!("{}Z", start.strftime("%Y-%m-%dT%H:%M:%S"));
        Self { event, app, start, size: PAGE, fields: ALL, trail: Trail::default(), next: None, is_over: false }
    }
}

/// Consents of one person to one app, as far as the log tells.
#[derive(Default)]
struct Consents {
    scopes: BTreeSet<String>,
    given: Option<Timestamp>,
    revoked: Option<Timestamp>,
}

impl Google {
    /// The next page. None: that was all.
    async fn activities(&self, pages: &mut Pages<'_>) -> Result<Option<(Activities, SignedDuration)>, ApiError> {
        if pages.is_over {
            return Ok(None);
        }
        let path = ["admin", "reports", "v1", "activity", "users", "all", "applications", "token"];
        let filter = pages.app.filter(|app| can_filter(app)).map(|app| format!("client_id=={app}"));
        let mut query = vec![("maxResults", pages.size), ("startTime", &pages.start), ("fields", pages.fields)];
        query.extend(pages.event.map(|event| ("eventName", event)));
        query.extend(filter.as_deref().map(|filter| ("filters", filter)));
        query.extend(pages.next.as_deref().map(|next| ("pageToken", next)));
        let reply = self.api.send(&Call::get(self.api.url(&path, &query)?)).await?;
        let page: Activities = reply.read(Permission::Log)?;
        pages.next = page.next_page_token.clone().filter(|token| !token.is_empty());
        match &pages.next {
            Some(next) => pages.trail.step(next, page.items.is_empty())?,
            None => pages.is_over = true,
        }
        Ok(Some((page, reply.ahead)))
    }

    /// From when to read, by Google's clock, so that nothing from `since` on is left out.
    fn start(&self, since: Timestamp) -> Timestamp {
        // A day covers any clock that signs in at all, where Google's is not known yet.
        let (ahead, margin) = match self.api.ahead() {
            Some(ahead) => (ahead, SignedDuration::from_secs(2)),
            None => (SignedDuration::ZERO, SignedDuration::from_hours(24)),
        };
        let back = |from: Timestamp, by| from.checked_sub(by).unwrap_or(Timestamp::MIN);
        let now = back(Timestamp::now(), ahead);
        // It must lie before Google's present, and within what is kept.
        let latest = back(now, SignedDuration::from_secs(2));
        let first = back(now, KEPT - SignedDuration::from_hours(1));
        back(back(since, ahead), margin).min(latest).max(first)
    }

    /// One kind of event after the other: `eventName` takes one name, and without it the uses would come with the rest,
    /// which may be thousands a person.
    pub(super) async fn read_log(&self, ask: &LogAsk, out: &Sender<LogLine>) -> Result<(), ApiError> {
        let since = ask.since;
        let events: &[&str] = match ask.events {
            LogEvents::Consents => &[AUTHORIZE],
            LogEvents::ConsentsAndRemovals => &[AUTHORIZE, REVOKE],
            LogEvents::Uses => &[ACTIVITY],
        };
        let mut wanted = Vec::new();
        for app in &ask.apps {
            wanted.extend(events.iter().map(|event| (app, *event)));
        }
        // One for all pages: each answer says anew what it may be at most, and a removal and a consent of one moment must
        // not come apart by which of them was asked for first.
        let mut of_all = None;
        for (app, event) in wanted {
            let mut pages = Pages::new(Some(event), Some(app), self.start(since));
            pages.fields = LINES;
            while let Some((page, ahead)) = self.activities(&mut pages).await? {
                let ahead = *of_all.get_or_insert(ahead);
                for activity in &page.items {
                    let is_it = |one: &&Event| one.name.as_deref() == Some(event) && one.client_id() == Some(app);
                    for what in activity.events.iter().filter(is_it).filter_map(what) {
                        let line = line(activity, app, what, ahead)?;
                        if line.at >= since && out.send(line).await.is_err() {
                            return Ok(());
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// An app by what the log calls it.
    pub(super) async fn app_of_log(&self, client_id: &str) -> Result<Option<AppSeen>, ApiError> {
        let filtered = can_filter(client_id);
        let mut pages = Pages::new(None, Some(client_id), self.start(Timestamp::MIN));
        pages.size = if filtered { "1" } else { PAGE };
        while let Some((page, _)) = self.activities(&mut pages).await? {
            let mut events = page.items.iter().flat_map(|activity| &activity.events);
            if let Some(event) = events.find(|event| event.client_id() == Some(client_id)) {
                return Ok(Some(app(client_id, event.app_name().unwrap_or(client_id))));
            }
        }
        Ok(None)
    }

    /// Consents that were given within the log's 180 days and not taken back since. Those that are older are not in it,
    /// and neither is a removal by an administrator for certain.
    pub(super) async fn search_log(&self, wanted: &Wanted, out: &Sender<Finding>) -> Result<(), ApiError> {
        let began = Timestamp::now();
        let start = self.start(Timestamp::MIN);
        let mut seen = HashSet::new();
        let mut found = BTreeMap::<String, (Person, BTreeMap<String, Consents>)>::new();
        let mut pages = Pages::new(Some(AUTHORIZE), None, start);
        while let Some((page, _)) = self.activities(&mut pages).await? {
            for activity in &page.items {
                for event in activity.events.iter().filter(|event| event.name.as_deref() == Some(AUTHORIZE)) {
                    let Some(client_id) = event.client_id() else { continue };
                    let app = app(client_id, event.app_name().unwrap_or(client_id));
                    let is_wanted = is_wanted(&wanted.apps, client_id, app.likeness);
                    if seen.insert(client_id.to_owned()) && out.send(Finding::App(app)).await.is_err() {
                        return Ok(());
                    }
                    if is_wanted && let Some(person) = person(activity) {
                        let at = activity.at()?;
                        let (_, apps) = found.entry(person.id.clone()).or_insert_with(|| (person, BTreeMap::new()));
                        let consents = apps.entry(client_id.to_owned()).or_default();
                        consents.scopes.extend(event.scopes().iter().cloned());
                        consents.given = consents.given.max(Some(at));
                    }
                }
            }
            if out.send(Finding::People(u64::try_from(found.len()).unwrap_or_default())).await.is_err() {
                return Ok(());
            }
        }
        self.take_back(&mut found, start).await?;
        for (person, apps) in found.into_values() {
            let holds = |consents: &Consents| consents.given > consents.revoked;
            let apps = apps.into_iter().filter(|(_, consents)| holds(consents));
            let accesses = apps
                .map(|(app, consents)| Access {
                    app,
                    grant: None,
                    scopes: consents.scopes.into_iter().collect(),
                    resource: None,
                })
                .collect();
            if out.send(Finding::Read { person, began, accesses, others: Vec::new() }).await.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Notes who has taken their consents back.
    async fn take_back(
        &self,
        found: &mut BTreeMap<String, (Person, BTreeMap<String, Consents>)>,
        start: Timestamp,
    ) -> Result<(), ApiError> {
        let apps: BTreeSet<String> = found.values().flat_map(|(_, apps)| apps.keys().cloned()).collect();
        for app in &apps {
            let mut pages = Pages::new(Some(REVOKE), Some(app), start);
            while let Some((page, _)) = self.activities(&mut pages).await? {
                for activity in &page.items {
                    let is_it = |event: &Event| event.name.as_deref() == Some(REVOKE) && event.client_id() == Some(app);
                    if !activity.events.iter().any(is_it) {
                        continue;
                    }
                    let person = person(activity).and_then(|person| found.get_mut(&person.id));
                    if let Some(consents) = person.and_then(|(_, apps)| apps.get_mut(app)) {
                        consents.revoked = consents.revoked.max(Some(activity.at()?));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Whether an app's id can stand in the parameter `filters`, where a comma begins another condition.
fn can_filter(app: &str) -> bool {
    !app.is_empty() && app.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

fn what(event: &Event) -> Option<LogWhat> {
    match event.name.as_deref()? {
        AUTHORIZE => Some(LogWhat::Consented),
        REVOKE => Some(LogWhat::Removed),
        ACTIVITY => Some(LogWhat::Used),
        _ => None,
    }
}

fn line(activity: &Activity, app: &str, what: LogWhat, ahead: SignedDuration) -> Result<LogLine, ApiError> {
    let at = activity.at()?;
    Ok(LogLine {
        app: app.to_owned(),
        person: activity.person().map(str::to_owned),
        address: activity.address().map(str::to_owned),
        at: at.checked_add(ahead).unwrap_or(at),
        what,
    })
}

/// Who gave a consent. Where the log has no identifier, the address stands for it.
fn person(activity: &Activity) -> Option<Person> {
    let address = activity.address();
    let id = activity.person().or(address)?;
    Some(Person {
        id: id.to_owned(),
        address: address.unwrap_or(id).to_owned(),
        aliases: Vec::new(),
        name: None,
        suspended: false,
    })
}
