//! A workspace with two organisations, and short words for what is put into it.

use jiff::Timestamp;
use sqlx::{ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::PathBuf;
use uncouple_domain::*;
use uncouple_engine::directory::{AppSeen, Likeness, LogLine, LogWhat, Target, Who};
use uncouple_engine::ports::Store;
use uncouple_engine::runs::*;
use uncouple_store::SqliteStore;
use uuid::Uuid;

pub const ME: MemberId = MemberId(Uuid::from_u128(1));
/// At Google.
pub const ORG: OrganisationId = OrganisationId(Uuid::from_u128(2));
/// At Microsoft.
pub const OTHER: OrganisationId = OrganisationId(Uuid::from_u128(3));

/// A moment, in seconds of a day.
pub fn at(second: i64) -> Timestamp {
    "2026-11-23T00:00:00Z".parse::<Timestamp>().unwrap() + jiff::SignedDuration::from_secs(second)
}

pub fn ctx() -> Ctx {
    Ctx { actor: ME, now: at(0), device: DeviceId(Uuid::from_u128(5)) }
}

/// Changes what no rule would.
pub fn by_hand(workspace: &mut Workspace, change: impl FnOnce(&mut Parts)) {
    let mut parts = std::mem::take(workspace).into_parts();
    change(&mut parts);
    *workspace = Workspace::from_parts(parts);
}

pub struct Desk {
    pub store: SqliteStore,
    pub path: PathBuf,
    _folder: tempfile::TempDir,
}

pub async fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let store = SqliteStore::open(&path).await.unwrap();
    let begin = |w: &mut Workspace| {
        for (id, suite) in [(ORG, Suite::Google), (OTHER, Suite::Microsoft)] {
            let (key, name) = (format!("{suite:?}"), "example.com".to_owned());
            let new = Organisation {
                id,
                suite,
                key,
                name,
                sign_in: None,
                apps: Vec::new(),
                searched: None,
                consent_policy: None,
            };
            by_hand(w, |parts| drop(parts.organisations.insert(id, new)));
        }
        w.begin(&ctx(), Name::parse("花子").unwrap());
        Ok(())
    };
    store.transact(&Scope::Everything, Box::new(begin)).await.unwrap();
    Desk { store, path, _folder: folder }
}

impl Desk {
    /// Past all that holds the tables together.
    async fn raw(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(&self.path).foreign_keys(false).connect().await.unwrap()
    }

    pub async fn execute(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&mut self.raw().await).await.unwrap();
    }

    pub async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&mut self.raw().await).await.unwrap()
    }

    pub async fn put(&self, people: Vec<ReadPerson>) {
        self.store.put_read(ORG, people).await.unwrap();
    }

    /// All that a query finds.
    pub async fn find(&self, query: AccessQuery) -> Vec<AccessRow> {
        let page = self.store.accesses(AccessQuery { limit: 10_000, ..query }).await.unwrap();
        assert_eq!(page.total, page.rows.len() as u64);
        page.rows
    }

    pub async fn all(&self) -> Vec<AccessRow> {
        self.find(AccessQuery::default()).await
    }

    pub async fn plan(&self, number: u128, from: PlanFrom, apps: &[&str]) -> RunRow {
        self.store.plan(run(number), from, apps.iter().map(|app| (*app).to_owned()).collect()).await.unwrap()
    }

    pub async fn items(&self, number: u128) -> Vec<Item> {
        let (items, total) = self.store.items(run(number).id, ItemFilter::All, None, 0, 10_000).await.unwrap();
        assert_eq!(total, items.len() as u64);
        items
    }

    /// Addresses and apps of a plan's items, in order.
    pub async fn planned(&self, number: u128) -> Vec<(String, String)> {
        self.items(number).await.into_iter().map(|item| (item.found.address, item.found.target.app)).collect()
    }
}

/// A person with a main address, as `name@example.com`, and accesses of apps.
pub fn person(name: &str, apps: &[&str]) -> ReadPerson {
    let id = format!("id-{name}");
    let keys = vec![format!("{name}@example.com")];
    let accesses = apps.iter().map(|app| found(Who::Person { id: id.clone() }, app, &keys[0], &keys)).collect();
    ReadPerson { id, keys, read: at(0), accesses }
}

pub fn with_alias(mut person: ReadPerson, key: &str) -> ReadPerson {
    person.keys.push(key.to_owned());
    person.accesses.iter_mut().for_each(|found| found.keys.push(key.to_owned()));
    person
}

pub fn read_at(mut person: ReadPerson, read: Timestamp) -> ReadPerson {
    person.read = read;
    person.accesses.iter_mut().for_each(|found| found.read = read);
    person
}

pub fn everybody(app: &str) -> Found {
    let found = found(Who::Everybody, app, "", &[]);
    Found { target: Target { grant: Some(format!("all-{app}")), ..found.target }, ..found }
}

fn found(who: Who, app: &str, address: &str, keys: &[String]) -> Found {
    Found {
        target: Target { who, app: app.to_owned(), grant: None },
        address: address.to_owned(),
        keys: keys.to_vec(),
        name: None,
        suspended: false,
        scopes: vec!["mail".to_owned()],
        resource: Some(format!("resource-of-{app}")),
        read: at(0),
    }
}

pub fn app(key: &str, name: &str, likeness: Likeness) -> AppSeen {
    let client_id = format!("client-{key}");
    AppSeen { key: key.to_owned(), client_id, name: name.to_owned(), publisher: None, verified: None, likeness }
}

pub fn line(what: LogWhat, app: &str, person: Option<&str>, address: Option<&str>, second: i64) -> LogLine {
    let (app, person, address) = (app.to_owned(), person.map(str::to_owned), address.map(str::to_owned));
    LogLine { app, person, address, at: at(second), what }
}

pub fn run(number: u128) -> Run {
    Run {
        id: RunId(Uuid::from_u128(number)),
        organisation: ORG,
        state: RunState::Planned,
        paused: None,
        leaver: None,
        planned: Stamp { at: at(i64::try_from(number).unwrap()), by: ME },
        partial: false,
        column: None,
        not_before: None,
        started: None,
        ended: None,
        account: None,
        verified: None,
        hosts: Vec::new(),
    }
}

/// A row of HubSpot's in use.
pub fn row(number: u128, address: &str) -> NewTracked {
    NewTracked {
        mailbox: MailboxId(Uuid::from_u128(number * 10)),
        grant: GrantId(Uuid::from_u128(number * 10 + 1)),
        home: Home::Personal { owner: ME },
        address: Address::parse(address).unwrap(),
        provider: Provider::Google,
        account: None,
    }
}

pub fn mailbox(number: u128) -> MailboxId {
    MailboxId(Uuid::from_u128(number * 10))
}
