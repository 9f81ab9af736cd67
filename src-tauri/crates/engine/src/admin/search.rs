//! A search through an organisation.

use super::batch::{Batch, Known, not_before};
use super::meter::Meter;
use super::uses::LogDepth;
use crate::address::read_address;
use crate::core::{Engine, locked};
use crate::directory::{Directory, Finding, Spent, Wanted};
use crate::error::{AppError, ErrorCode};
use crate::runs::SearchPosition;
use crate::view::{LogReadingView, SearchingView};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use uncouple_domain::{
    ChosenApp, Client, DirectorySaid, GrantId, Organisation, OrganisationId, Permission, Scope, Search, Shortfall,
    Subject, Suite,
};

/// People that are written at once.
const BATCH: usize = 500;

/// So many people are told of in one transaction.
const TOLD_AT_ONCE: usize = 400;

/// Found things wait no longer than so to be written.
const WRITE_AFTER: Duration = Duration::from_millis(300);

/// How a search goes about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SearchAsk {
    /// Begin anew, even where an earlier search was stopped and could go on.
    pub restart: bool,
    /// How far the audit log is read afterwards.
    pub log: LogDepth,
}

/// A search that was stopped goes on for so long; later, what it had read is too old beside the rest.
const GOES_ON: SignedDuration = SignedDuration::from_hours(24);

/// A search under way.
#[derive(Debug)]
pub(crate) struct Searching {
    pub(super) stop: watch::Sender<bool>,
    /// When the search began, in its first part.
    pub(super) began: Timestamp,
    /// Where it goes on.
    from: Option<String>,
    pub(super) state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) people: u64,
    pub(super) known: u64,
    pub(super) accesses: u64,
    pub(super) unread: u64,
    pub(super) short: Option<Shortfall>,
    /// Accesses that are in the file.
    kept: u64,
    calls: Meter,
    pub(super) read: Meter,
    waiting: u64,
    log: Option<LogReadingView>,
}

impl Searching {
    pub(super) fn new(stop: watch::Sender<bool>, now: Timestamp, from: Option<SearchPosition>) -> Self {
        let began = from.as_ref().map_or(now, |from| from.began);
        let mut state = State::default();
        if let Some(from) = &from {
            (state.people, state.accesses, state.unread) = (from.people, from.accesses, from.unread);
        }
        Self { stop, began, from: from.map(|from| from.cursor), state: Mutex::new(state) }
    }

    /// How it goes.
    pub(crate) fn view(&self) -> SearchingView {
        let mut state = locked(&self.state);
        let rate = state.calls.rate();
        let reading = state.read.rate();
        SearchingView {
            people: state.people,
            unread: state.unread,
            known: state.known,
            accesses: state.accesses,
            rate,
            // How long the log is nobody knows before its end.
            seconds_left: match state.log {
                Some(_) => None,
                None => Meter::seconds_for(reading, state.known.saturating_sub(state.people + state.unread)),
            },
            waiting: state.waiting,
            log: state.log.clone(),
        }
    }
}

/// Takes a search off the list however it ends.
pub(super) struct UnderWay<'a>(pub(super) &'a Engine, pub(super) OrganisationId);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        locked(&self.0.admin.searches).remove(&self.1);
        self.0.admin.moved();
    }
}

impl Engine {
    /// Begins a search in the background.
    ///
    /// # Errors
    /// As [`Engine::search`], as far as it is known before anything is asked.
    pub async fn begin_search(self: &Arc<Self>, id: OrganisationId) -> Result<(), AppError> {
        let (organisation, searching) = self.prepare_search(id, SearchAsk::default()).await?;
        let engine = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(error) = engine.search_with(organisation, searching, SearchAsk::default()).await {
                tracing::warn!(code = ?error.code, "a search stopped");
            }
        });
        Ok(())
    }

    /// Searches an organisation, to its end.
    ///
    /// # Errors
    /// `not_super_admin`, `not_signed_in`, `not_permitted`, `admin_busy` while one is under way; an `admin_…` code
    /// when it had to stop. What was found until then is kept.
    pub async fn search(self: &Arc<Self>, id: OrganisationId) -> Result<Search, AppError> {
        self.search_as(id, SearchAsk::default()).await
    }

    /// The same in another way.
    ///
    /// # Errors
    /// As [`Engine::search`].
    pub async fn search_as(self: &Arc<Self>, id: OrganisationId, ask: SearchAsk) -> Result<Search, AppError> {
        let (organisation, searching) = self.prepare_search(id, ask).await?;
        self.search_with(organisation, searching, ask).await
    }

    /// Stops a search. What was found is kept.
    ///
    /// # Errors
    /// `not_super_admin`.
    pub async fn stop_search(&self, organisation: OrganisationId) -> Result<(), AppError> {
        self.case(Scope::Organisations).await?.workspace.by_super_admin(&self.ctx())?;
        if let Some(searching) = self.admin.search_of(organisation) {
            searching.stop.send_replace(true);
        }
        Ok(())
    }

    /// How a search goes.
    #[must_use]
    pub fn searching(&self, organisation: OrganisationId) -> Option<SearchingView> {
        self.admin.search_of(organisation).map(|searching| searching.view())
    }

    async fn prepare_search(
        &self,
        id: OrganisationId,
        ask: SearchAsk,
    ) -> Result<(Organisation, Arc<Searching>), AppError> {
        let snapshot = self.case(Scope::Organisations).await?;
        let by_list = self.administered(&snapshot.workspace, id, Permission::Accesses);
        let organisation = match by_list {
            Ok(organisation) => organisation,
            // By the log alone, where lists can't be read.
            Err(error) if error.code == ErrorCode::NotPermitted => {
                self.administered(&snapshot.workspace, id, Permission::Log).map_err(|_| error)?
            }
            Err(error) => return Err(error),
        };
        let (stop, _) = watch::channel(false);
        let position = if ask.restart { None } else { self.position_of(&organisation).await? };
        let searching = Arc::new(Searching::new(stop, self.ports.clock.now(), position));
        let mut searches = locked(&self.admin.searches);
        if searches.contains_key(&id) {
            return Err(ErrorCode::AdminBusy.into());
        }
        searches.insert(id, Arc::clone(&searching));
        locked(&self.admin.failed).remove(&id);
        Ok((organisation, searching))
    }

    async fn search_with(
        self: &Arc<Self>,
        organisation: Organisation,
        searching: Arc<Searching>,
        ask: SearchAsk,
    ) -> Result<Search, AppError> {
        let id = organisation.id;
        let _under_way = UnderWay(self, id);
        let mut done = self.search_through(&organisation, &searching, ask).await;
        // The provider does not know the place any more.
        if let (Err(error), Some(_)) = (&done, &searching.from)
            && error.code == ErrorCode::AdminUnreadable
            && locked(&searching.state).read.done() == 0
        {
            let anew = Arc::new(Searching::new(searching.stop.clone(), self.ports.clock.now(), None));
            locked(&self.admin.searches).insert(id, Arc::clone(&anew));
            done = self.search_through(&organisation, &anew, ask).await;
        }
        let done = done.map_err(|error| {
            // Other than with a use case, something was written before.
            if error.code == ErrorCode::StoreFull {
                AppError::new(ErrorCode::SearchDiskFull).with("accesses", locked(&searching.state).kept)
            } else {
                error
            }
        });
        if let Err(error) = &done {
            locked(&self.admin.failed).insert(id, error.clone());
        }
        done
    }

    async fn search_through(
        self: &Arc<Self>,
        organisation: &Organisation,
        searching: &Arc<Searching>,
        ask: SearchAsk,
    ) -> Result<Search, AppError> {
        let began = searching.began;
        let directory = self.directory(organisation).await?;
        let tracked = self.tracked(organisation.suite).await?;
        let log_only = self.start.given_token.is_none() && !organisation.may(Permission::Accesses);
        let wanted = Wanted {
            apps: organisation.apps.iter().map(|app| app.key.clone()).collect(),
            addresses: tracked.values().cloned().collect(),
            log_only,
            from: searching.from.clone(),
        };
        if wanted.from.is_none() {
            self.ports.runs.forget_position(organisation.id, None).await?;
        }
        let (out, found) = mpsc::channel(256);
        let asking = async {
            tokio::select! {
                done = directory.search(&wanted, out) => done.map(|()| true),
                () = super::is_set(&searching.stop) => Ok(false),
            }
        };
        let taking = self.take(began, organisation, &wanted, &tracked, searching, &*directory, found);
        let (asked, taken) = tokio::join!(asking, taking);
        let (known, rest) = taken?;
        let complete = matches!(asked, Ok(true));
        let short = locked(&searching.state).short;
        if complete {
            // What a list lacks may be what was known before.
            if short.is_none() {
                self.ports.runs.forget_older(organisation.id, began).await?;
            }
            // Only Google's lists have all apps of a person.
            let counts = organisation.suite == Suite::Google && !log_only;
            self.ports.runs.forget_position(organisation.id, counts.then_some(rest)).await?;
        }
        // A person whose list was read is known, whatever became of the others.
        if !wanted.apps.is_empty() && !log_only {
            self.tell_known(organisation, known, &wanted.apps, short.is_none()).await?;
        }
        let hosts = self.foreign_hosts_of(organisation.suite).await?;
        let search = {
            let state = locked(&searching.state);
            let (people, accesses, unread) = (state.people, state.accesses, state.unread);
            // What the log was known to say stays, until it is read again.
            let log = organisation.searched.as_ref().and_then(|search| search.log);
            let at = self.ports.clock.now();
            Search { began, at, people, accesses, unread, log_only, complete, log, short, hosts }
        };
        if complete {
            tokio::select! {
                () = self.read_beside(organisation, &*directory) => {}
                () = super::is_set(&searching.stop) => {}
            }
        }
        let id = organisation.id;
        let found = search.clone();
        self.change(Scope::Organisation(id), move |workspace, ctx| workspace.searched(ctx, id, found)).await?;
        asked?;
        // Everybody was looked at, and that is written down: when they last used it can be missing.
        if complete && !log_only {
            self.read_uses(organisation, &*directory, searching, ask.log).await?;
        }
        Ok(search)
    }

    /// Where an earlier search was stopped, if this one can go on from there: for the same apps, and of the same day.
    async fn position_of(&self, organisation: &Organisation) -> Result<Option<SearchPosition>, AppError> {
        // What the log says has no place to resume from.
        if self.start.given_token.is_none() && !organisation.may(Permission::Accesses) {
            return Ok(None);
        }
        let position = self.ports.runs.position(organisation.id).await?;
        let age = |began| self.ports.clock.now().duration_since(began);
        let wanted = |app: &ChosenApp| app.key.clone();
        Ok(position.filter(|position| {
            let is_of_today = (SignedDuration::ZERO..GOES_ON).contains(&age(position.began));
            is_of_today && position.apps == organisation.apps.iter().map(wanted).collect()
        }))
    }

    /// Addresses of HubSpot's rows at a provider, by key.
    async fn tracked(&self, suite: Suite) -> Result<BTreeMap<String, String>, AppError> {
        // Whatever a search comes across is held against these.
        let snapshot = self.read_whole().await?;
        let workspace = &snapshot.workspace;
        let of_grants = workspace.grants.values().filter_map(|grant| match &grant.subject {
            Subject::Address(key) if grant.client == Client::HubSpot && grant.provider == suite.provider() => {
                Some((key.clone(), key.clone()))
            }
            Subject::Address(_) | Subject::Known(_) => None,
        });
        Ok(of_grants.collect())
    }

    /// Takes what is found, writes it in batches, and keeps nothing but what concerns the workspace's own rows.
    #[expect(clippy::too_many_arguments, reason = "all of a search, taken apart once")]
    async fn take(
        &self,
        began: Timestamp,
        organisation: &Organisation,
        wanted: &Wanted,
        tracked: &BTreeMap<String, String>,
        searching: &Searching,
        directory: &dyn Directory,
        mut found: mpsc::Receiver<Finding>,
    ) -> Result<(Known, BTreeMap<String, u64>), AppError> {
        let mut known = Known::default();
        let mut batch = Batch::default();
        let mut ticks = tokio::time::interval(WRITE_AFTER);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                finding = found.recv() => match finding {
                    None => break,
                    Some(finding) => {
                        let finding = not_before(finding, began);
                        batch.take(finding, self.ports.clock.now(), wanted, tracked, &mut known, searching);
                    }
                },
                _ = ticks.tick() => {
                    searching.spent(directory.spent());
                    self.admin.moved();
                    self.write(organisation.id, &mut batch, searching).await?;
                }
            }
            if batch.is_full(BATCH) {
                self.write(organisation.id, &mut batch, searching).await?;
            }
        }
        self.write(organisation.id, &mut batch, searching).await?;
        Ok((known, batch.rest()))
    }

    pub(super) async fn write(
        &self,
        id: OrganisationId,
        batch: &mut Batch,
        searching: &Searching,
    ) -> Result<(), AppError> {
        let apps = std::mem::take(&mut batch.apps);
        let people = std::mem::take(&mut batch.people);
        let everybody = std::mem::take(&mut batch.everybody);
        let unread = std::mem::take(&mut batch.unread);
        let read = std::mem::take(&mut batch.read);
        let accesses = everybody.len() + people.iter().map(|person| person.accesses.len()).sum::<usize>();
        if !apps.is_empty() {
            self.ports.runs.put_apps(id, apps).await?;
        }
        if !everybody.is_empty() {
            self.ports.runs.put_everybody(id, everybody).await?;
        }
        if !people.is_empty() {
            self.ports.runs.put_read(id, people).await?;
        }
        if !unread.is_empty() || !read.is_empty() {
            self.ports.runs.put_unread(id, unread, read).await?;
        }
        // Last: whoever was told before it is kept by now.
        if let Some(position) = batch.position.take() {
            self.ports.runs.put_position(id, position, std::mem::take(&mut batch.counts)).await?;
        }
        locked(&searching.state).kept += accesses as u64;
        Ok(())
    }

    /// Lets the workspace's rows know what the directory says of them.
    /// `whole`: the lists were whole, so that what is not in them is not there.
    async fn tell_known(
        &self,
        organisation: &Organisation,
        known: Known,
        apps: &BTreeSet<String>,
        whole: bool,
    ) -> Result<(), AppError> {
        let suite = organisation.suite;
        let names = organisation.own_names();
        let hosts = self.foreign_hosts_of(suite).await?;
        let covered = known.everybody.iter().any(|app| apps.contains(app));
        let said: Vec<(DirectorySaid, Vec<GrantId>)> = known
            .people
            .into_iter()
            .filter(|(_, listed, _)| whole || *listed)
            .map(|(keys, listed, at)| {
                let fresh = self.fresh_grants(&keys);
                let said = DirectorySaid {
                    suite,
                    keys,
                    listed: listed || covered,
                    at,
                    by_run: false,
                    deleted_here: false,
                    apps: names.clone(),
                    hosts: hosts.clone(),
                };
                (said, fresh)
            })
            .collect();
        // A search may know of ten thousand rows; others wait for a write no longer than for one of these.
        for some in said.chunks(TOLD_AT_ONCE) {
            let scope = Scope::addresses(some.iter().flat_map(|(said, _)| &said.keys));
            self.change(scope, |workspace, ctx| {
                for (said, fresh) in some {
                    workspace.directory_said(ctx, None, said, fresh);
                }
                Ok(())
            })
            .await?;
        }
        Ok(())
    }

    /// Reads one person anew.
    pub(crate) async fn look_up(
        &self,
        organisation: &Organisation,
        directory: &dyn Directory,
        address: &str,
    ) -> Result<(), AppError> {
        let wanted = Wanted {
            apps: organisation.apps.iter().map(|app| app.key.clone()).collect(),
            addresses: vec![address.to_owned()],
            log_only: false,
            from: None,
        };
        let (_stop, _) = watch::channel(false);
        let searching = Searching::new(_stop, self.ports.clock.now(), None);
        let key = read_address(address)?.key().to_owned();
        let tracked = BTreeMap::from([(key, address.to_owned())]);
        let (mut batch, mut known) = (Batch::default(), Known::default());
        for finding in directory.look_up(address, &wanted).await? {
            batch.take(finding, self.ports.clock.now(), &wanted, &tracked, &mut known, &searching);
        }
        self.write(organisation.id, &mut batch, &searching).await
    }
}

impl Searching {
    /// Its result is not there yet.
    pub(super) fn reads_people(&self) -> bool {
        locked(&self.state).log.is_none()
    }

    /// From now on the log is read.
    pub(super) fn reads_log(&self) {
        locked(&self.state).log = Some(LogReadingView { lines: 0, back_to: None });
    }

    /// A line of the log came in.
    pub(super) fn log_line(&self, at: Timestamp) {
        if let Some(log) = &mut locked(&self.state).log {
            log.lines += 1;
            log.back_to = Some(at.to_string());
        }
    }

    pub(super) fn spent(&self, spent: Spent) {
        let mut state = locked(&self.state);
        let more = spent.calls.saturating_sub(state.calls.done());
        state.calls.add(more);
        state.waiting = spent.waiting_ms.div_ceil(1000);
    }
}
