//! A directory in memory, for the engine's own tests. The adapters are tried against servers, not against this.

use crate::SetClock;
use crate::fakes::locked;
use crate::world::{Account, World, access, app, likeness, line, person};
use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use uncouple_domain::{AppRole, ConsentRule, DeleteAnswer, Listed, Permission};
use uncouple_engine::directory::{
    AdminScope, ApiError, ApiKey, AppSeen, DeletedGrant, Directories, Directory, Finding, Holds, Likeness, LogAsk,
    LogEvents, LogLine, LogWhat, OrganisationFacts, OtherGrant, Pace, ReadBack, RestoreAnswer, Spent, Target, Wanted,
    Who,
};
use uncouple_engine::ports::{Clock as _, SignInApp, SignInAt};

/// What happened in the directory, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// A deletion arrived. True: there was something to delete.
    Delete(String, bool),
    /// A list was read. True: the access was in it.
    Read(String, bool),
}

/// An organisation whose people have let apps in. Person `p7` has the address `p7@example.com`.
#[derive(Clone, Debug)]
pub struct FakeDirectories(Arc<Mutex<World>>, Arc<SetClock>);

/// The app that is HubSpot's in these tests.
pub const HUBSPOT: &str = "hubspot.apps.example";

impl FakeDirectories {
    /// Nobody is there yet.
    #[must_use]
    pub fn on(clock: Arc<SetClock>) -> Self {
        Self(Arc::default(), clock)
    }

    fn now(&self) -> Timestamp {
        self.1.now()
    }

    /// Somebody has let apps in.
    pub fn person(&self, id: &str, apps: &[&str]) {
        let apps = apps.iter().map(|app| (*app).to_owned()).collect();
        locked(&self.0).people.insert(id.to_owned(), Account { apps, ..Account::default() });
    }

    /// An app was let in for everybody, or is no more: people's lists may lag behind that, the list of those does not.
    pub fn everybody(&self, app: &str, covered: bool) {
        let mut world = locked(&self.0);
        if covered {
            world.everybody.insert(app.to_owned());
        } else if world.everybody.remove(app) || world.fallen.contains_key(app) {
            let lag = world.lag;
            world.fallen.insert(app.to_owned(), lag);
            world.shadows = BTreeMap::from([(("everybody".to_owned(), app.to_owned()), 0)]);
        }
    }

    /// Lists lag so many reads behind deletions.
    pub fn lags(&self, reads: u32) {
        locked(&self.0).lag = reads;
    }

    /// The list of grants counts so many more than it has.
    pub fn counts_more(&self, entries: u64) {
        locked(&self.0).counts_more = entries;
    }

    /// The account is deleted.
    pub fn vanishes(&self, id: &str) {
        if let Some(account) = locked(&self.0).people.get_mut(id) {
            account.gone = true;
        }
    }

    /// The person lets the app in again, at some time by the log.
    pub fn consents(&self, id: &str, app: &str, at: Timestamp, listed: bool) {
        let mut world = locked(&self.0);
        if listed && let Some(account) = world.people.get_mut(id) {
            account.apps.insert(app.to_owned());
        }
        world.log.push(line(id, app, at, LogWhat::Consented));
    }

    /// Whether the audit log can be read.
    pub fn log_works(&self, works: bool) {
        locked(&self.0).log_works = works;
    }

    /// Whether lines that come from now on are held back; false lets all of them be seen.
    pub fn log_lags(&self, lags: bool) {
        let mut world = locked(&self.0);
        world.log_seen = lags.then_some(world.log.len());
    }

    /// Whether the audit log takes the question and never answers.
    pub fn log_hangs(&self, hangs: bool) {
        locked(&self.0).log_hangs = hangs;
    }

    /// How many people searches looked at, and how many were looked up one by one.
    #[must_use]
    pub fn looked_at(&self) -> (u64, u64) {
        let world = locked(&self.0);
        (world.searched, world.looked_up)
    }

    /// Somebody's app used its access, at some time by the log.
    pub fn uses(&self, id: &str, app: &str, at: Timestamp) {
        locked(&self.0).log.push(line(id, app, at, LogWhat::Used));
    }

    /// The log can be asked, and answers with an error.
    pub fn log_fails(&self, error: Option<ApiError>) {
        locked(&self.0).log_error = error;
    }

    /// Each line of the log takes so long.
    pub fn log_takes(&self, time: Duration) {
        locked(&self.0).log_pause = time;
    }

    /// How many lines of the log were told.
    #[must_use]
    pub fn log_told(&self) -> u64 {
        locked(&self.0).log_told
    }

    /// How often the audit log was read.
    #[must_use]
    pub fn log_reads(&self) -> u32 {
        locked(&self.0).log_reads
    }

    /// The next calls for somebody fail so, one after the other.
    pub fn fails(&self, id: &str, errors: &[ApiError]) {
        let mut errors = errors.to_vec();
        errors.reverse();
        locked(&self.0).failures.insert(id.to_owned(), errors);
    }

    /// Deletions are done and never answered, as when the process dies in between.
    pub fn delete_never_answers(&self, never: bool) {
        locked(&self.0).delete_never_answers = never;
    }

    /// An app has these application permissions, or they can't be read.
    pub fn roles(&self, app: &str, roles: Result<Vec<AppRole>, ApiError>) {
        locked(&self.0).roles.insert(app.to_owned(), roles);
    }

    /// What people may allow by themselves. None: it can't be read.
    pub fn rule(&self, rule: Option<ConsentRule>) {
        locked(&self.0).rule = rule;
    }

    /// What is to be given back is, and never answered, as when the process dies in between.
    pub fn restore_never_answers(&self, never: bool) {
        locked(&self.0).restore_never_answers = never;
    }

    /// Lists lag so many reads behind what was given back.
    pub fn restore_lags(&self, reads: u32) {
        locked(&self.0).restore_lag = reads;
    }

    /// What was given back so far, with what was answered.
    #[must_use]
    pub fn given_back(&self) -> Vec<(String, RestoreAnswer)> {
        locked(&self.0).given_back.clone()
    }

    /// Each call takes so long.
    pub fn takes(&self, time: Duration) {
        locked(&self.0).takes = time;
    }

    /// What happened so far.
    #[must_use]
    pub fn happened(&self) -> Vec<Happened> {
        locked(&self.0).happened.clone()
    }

    /// Deletions that arrived for an access, and those of them for which there was nothing to delete.
    #[must_use]
    pub fn deletions(&self, id: &str) -> (usize, usize) {
        let of = |wanted: Option<bool>| {
            let all = locked(&self.0).happened.clone();
            all.iter()
                .filter(|one| matches!(one, Happened::Delete(person, had) if person == id && wanted.is_none_or(|w| w == *had)))
                .count()
        };
        (of(None), of(Some(false)))
    }

    /// Whether somebody has an app in.
    #[must_use]
    pub fn has(&self, id: &str, app: &str) -> bool {
        locked(&self.0).people.get(id).is_some_and(|account| account.apps.contains(app))
    }

    async fn pause(&self) {
        let takes = locked(&self.0).takes;
        if takes.is_zero() {
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(takes).await;
        }
    }

    fn failure(&self, id: &str) -> Result<(), ApiError> {
        let next = locked(&self.0).failures.get_mut(id).and_then(Vec::pop);
        next.map_or(Ok(()), Err)
    }

    fn finding(&self, id: &str, account: &Account, wanted: &Wanted) -> Finding {
        let is_wanted = |app: &&String| wanted.apps.contains(*app) || likeness(app) != Likeness::Other;
        let accesses: Vec<_> = account.apps.iter().filter(is_wanted).map(|app| access(id, app)).collect();
        let others = account
            .apps
            .iter()
            .filter(|app| !accesses.iter().any(|access: &uncouple_engine::directory::Access| access.app == **app))
            .cloned()
            .collect();
        Finding::Read { person: person(id), began: self.now(), accesses, others }
    }
}

impl Directories for FakeDirectories {
    fn open(
        &self,
        _at: SignInAt,
        _app: &SignInApp,
        key: Arc<dyn ApiKey>,
        _pace: Pace,
    ) -> Result<Arc<dyn Directory>, ApiError> {
        Ok(Arc::new(FakeDirectory { world: self.clone(), key, halted: watch::channel(false).0 }))
    }

    fn scopes(&self, at: SignInAt, read_only: bool) -> Vec<AdminScope> {
        let mut scopes = vec![
            AdminScope { scope: "people", permissions: &[Permission::People, Permission::Accesses, Permission::Apps] },
            AdminScope { scope: "log", permissions: &[Permission::Log] },
        ];
        if !read_only {
            scopes.push(AdminScope { scope: "revoke", permissions: &[Permission::Revoke] });
        }
        if at == SignInAt::Microsoft {
            scopes.push(AdminScope { scope: "policy", permissions: &[Permission::Policy] });
        }
        scopes
    }

    fn permissions(&self, at: SignInAt, granted: &[String]) -> BTreeSet<Permission> {
        let asked = self.scopes(at, false).into_iter().filter(|one| granted.iter().any(|scope| scope == one.scope));
        asked.flat_map(|one| one.permissions.iter().copied()).collect()
    }
}

#[derive(Debug)]
struct FakeDirectory {
    world: FakeDirectories,
    key: Arc<dyn ApiKey>,
    halted: watch::Sender<bool>,
}

fn id_of(target: &Target) -> String {
    match &target.who {
        Who::Person { id } => id.clone(),
        Who::Everybody => "everybody".to_owned(),
    }
}

#[async_trait]
impl Directory for FakeDirectory {
    async fn organisation(&self, account: &str) -> Result<OrganisationFacts, ApiError> {
        self.key.token(None).await?;
        let domain = account.rsplit('@').next().unwrap_or_default();
        Ok(OrganisationFacts { key: format!("C-{domain}"), name: domain.to_owned() })
    }

    async fn search(&self, wanted: &Wanted, out: mpsc::Sender<Finding>) -> Result<(), ApiError> {
        self.key.token(None).await?;
        let (people, everybody) = {
            let world = locked(&self.world.0);
            (world.people.clone(), world.everybody.clone())
        };
        let keys: BTreeSet<&String> = people.values().flat_map(|account| &account.apps).chain(&everybody).collect();
        let apps = keys.into_iter().map(|key| Finding::App(app(key)));
        let covered = everybody
            .iter()
            .map(|key| Finding::Everybody { began: self.world.now(), access: access("everybody", key) });
        let more = locked(&self.world.0).counts_more;
        let came = people.len() as u64;
        let short = (more > 0).then_some(Finding::Short { told: came + more, came });
        let start = std::iter::once(Finding::People(came)).chain(apps).chain(covered).chain(short);
        for finding in start {
            if out.send(finding).await.is_err() {
                return Ok(());
            }
        }
        let from = wanted.from.clone().unwrap_or_default();
        for (id, account) in people.iter().filter(|(id, account)| !account.gone && **id > from) {
            self.world.pause().await;
            locked(&self.world.0).searched += 1;
            let found = match self.world.failure(id) {
                Ok(()) => self.world.finding(id, account, wanted),
                Err(why @ (ApiError::Expired | ApiError::Limits)) => return Err(why),
                Err(why) => Finding::Unread { person: person(id), why },
            };
            if out.send(found).await.is_err() || out.send(Finding::Position(id.clone())).await.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn look_up(&self, address: &str, wanted: &Wanted) -> Result<Vec<Finding>, ApiError> {
        let world = locked(&self.world.0);
        let id = address.split('@').next().unwrap_or_default().to_lowercase();
        drop(world);
        self.world.failure(&id)?;
        let mut world = locked(&self.world.0);
        world.looked_up += 1;
        let account = world.people.get(&id).filter(|account| !account.gone).ok_or(ApiError::NobodyThere)?;
        let apps = account.apps.iter().map(|key| Finding::App(app(key)));
        Ok(apps.chain([self.world.finding(&id, account, wanted)]).collect())
    }

    async fn app(&self, client_id: &str) -> Result<Option<AppSeen>, ApiError> {
        Ok(client_id.strip_prefix("client-of-").map(app))
    }

    async fn delete(&self, target: &Target) -> Result<DeleteAnswer, ApiError> {
        self.key.token(None).await?;
        let mut halted = self.halted.subscribe();
        tokio::select! {
            biased;
            _ = halted.wait_for(|halted| *halted) => return Err(ApiError::Halted),
            () = self.world.pause() => {}
        }
        let id = id_of(target);
        self.world.failure(&id)?;
        let never = {
            let mut world = locked(&self.world.0);
            let lag = world.lag;
            let had = match &target.who {
                Who::Everybody => {
                    world.fallen.insert(target.app.clone(), lag * 2);
                    world.everybody.remove(&target.app)
                }
                Who::Person { id } => match world.people.get_mut(id) {
                    None => return Err(ApiError::NobodyThere),
                    Some(account) if account.gone => return Err(ApiError::NobodyThere),
                    Some(account) => {
                        let had = account.apps.remove(&target.app);
                        if had && lag > 0 {
                            account.lag.insert(target.app.clone(), lag);
                        }
                        had
                    }
                },
            };
            world.happened.push(Happened::Delete(id.clone(), had));
            if had {
                let removed = line(&id, &target.app, self.world.now(), LogWhat::Removed);
                world.log.push(removed);
            }
            if !world.delete_never_answers {
                return Ok(if had { DeleteAnswer::Deleted } else { DeleteAnswer::AlreadyGone });
            }
            true
        };
        if never {
            std::future::pending::<()>().await;
        }
        Err(ApiError::NoAnswer)
    }

    fn halt(&self) {
        self.halted.send_replace(true);
    }

    async fn read(&self, target: &Target, apps: &BTreeSet<String>) -> Result<ReadBack, ApiError> {
        self.key.token(None).await?;
        let began = self.world.now();
        self.world.pause().await;
        let id = id_of(target);
        self.world.failure(&id)?;
        let mut world = locked(&self.world.0);
        let covered = world.everybody.contains(&target.app) || world.shadowed(&id, &target.app);
        let mut others: Vec<OtherGrant> = Vec::new();
        for app in world.everybody.iter().filter(|app| apps.contains(*app) && **app != target.app) {
            others.push(OtherGrant::of(Who::Everybody, access("everybody", app)));
        }
        let (listed, reached) = match &target.who {
            Who::Everybody => (if covered { Listed::Yes } else { Listed::No }, covered),
            Who::Person { id: person_id } => match world.people.get_mut(person_id).filter(|account| !account.gone) {
                None => (Listed::NobodyThere, false),
                Some(account) => {
                    let lags = account.lag.get_mut(&target.app).is_some_and(|left| {
                        *left = left.saturating_sub(1);
                        *left > 0
                    });
                    let has = account.apps.contains(&target.app) || lags;
                    let theirs = account.apps.iter().filter(|app| apps.contains(*app) && **app != target.app);
                    others.extend(theirs.map(|app| OtherGrant::of(target.who.clone(), access(person_id, app))));
                    let reached = account.apps.iter().any(|app| apps.contains(app));
                    let listed = match (has, covered) {
                        (true, _) => Listed::Yes,
                        (false, true) => Listed::Covered,
                        (false, false) => Listed::No,
                    };
                    (listed, has || reached || covered)
                }
            },
        };
        world.happened.push(Happened::Read(id, listed == Listed::Yes));
        if listed == Listed::NobodyThere {
            others.clear();
        }
        Ok(ReadBack { began, listed, reached, others })
    }

    async fn app_roles(&self, app: &str) -> Result<Vec<AppRole>, ApiError> {
        self.key.token(None).await?;
        locked(&self.world.0).roles.get(app).cloned().unwrap_or_else(|| Ok(Vec::new()))
    }

    async fn consent_rule(&self) -> Result<ConsentRule, ApiError> {
        self.key.token(None).await?;
        locked(&self.world.0).rule.ok_or(ApiError::Forbidden { permission: Permission::Policy })
    }

    async fn give_back(&self, grant: &DeletedGrant) -> Result<RestoreAnswer, ApiError> {
        self.key.token(None).await?;
        let mut halted = self.halted.subscribe();
        tokio::select! {
            biased;
            _ = halted.wait_for(|halted| *halted) => return Err(ApiError::Halted),
            () = self.world.pause() => {}
        }
        let id = match &grant.who {
            Who::Person { id } => id.clone(),
            Who::Everybody => "everybody".to_owned(),
        };
        self.world.failure(&id)?;
        let never = {
            let mut world = locked(&self.world.0);
            let new = match &grant.who {
                Who::Everybody => world.everybody.insert(grant.app.clone()),
                Who::Person { id } => match world.people.get_mut(id).filter(|account| !account.gone) {
                    None => return Ok(RestoreAnswer::Refused),
                    Some(account) => {
                        account.lag.remove(&grant.app);
                        account.apps.insert(grant.app.clone())
                    }
                },
            };
            let answer = if new { RestoreAnswer::Given } else { RestoreAnswer::There };
            world.given_back.push((id, answer));
            if !world.restore_never_answers {
                return Ok(answer);
            }
            true
        };
        if never {
            std::future::pending::<()>().await;
        }
        Err(ApiError::NoAnswer)
    }

    async fn holds(&self, grant: &DeletedGrant) -> Result<(Timestamp, Holds), ApiError> {
        self.key.token(None).await?;
        let began = self.world.now();
        self.world.pause().await;
        let mut world = locked(&self.world.0);
        if world.restore_lag > 0 {
            world.restore_lag -= 1;
            return Ok((began, Holds::No));
        }
        let has = match &grant.who {
            Who::Everybody => world.everybody.contains(&grant.app),
            Who::Person { id } => {
                let account = world.people.get(id).filter(|account| !account.gone).ok_or(ApiError::NobodyThere)?;
                account.apps.contains(&grant.app)
            }
        };
        Ok((began, if has { Holds::All } else { Holds::No }))
    }

    async fn log(&self, ask: &LogAsk, out: mpsc::Sender<LogLine>) -> Result<(), ApiError> {
        let LogAsk { apps, since, events } = ask;
        let wanted = |what| match events {
            LogEvents::Consents => what == LogWhat::Consented,
            LogEvents::ConsentsAndRemovals => what != LogWhat::Used,
            LogEvents::Uses => what == LogWhat::Used,
        };
        if locked(&self.world.0).log_hangs {
            std::future::pending::<()>().await;
        }
        let lines = {
            let mut world = locked(&self.world.0);
            world.log_reads += 1;
            if !world.log_works {
                return Err(ApiError::Forbidden { permission: Permission::Log });
            }
            if let Some(error) = world.log_error {
                return Err(error);
            }
            let seen = world.log_seen.unwrap_or(world.log.len());
            let mut lines = world.log.iter().take(seen).cloned().collect::<Vec<_>>();
            lines.sort_by_key(|line| std::cmp::Reverse(line.at));
            lines
        };
        for line in lines.into_iter().filter(|line| line.at >= *since && apps.contains(&line.app) && wanted(line.what))
        {
            if out.send(line).await.is_err() {
                break;
            }
            let told = {
                let mut world = locked(&self.world.0);
                world.log_told += 1;
                world.log_pause
            };
            if !told.is_zero() {
                tokio::time::sleep(told).await;
            }
        }
        Ok(())
    }

    fn spent(&self) -> Spent {
        Spent { calls: locked(&self.world.0).happened.len() as u64, ..Spent::default() }
    }
}
