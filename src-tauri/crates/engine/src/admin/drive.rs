//! A run, from its first item to its last, and what the audit log adds.

use super::control::{RunMode, Running};
use super::item::{Common, Planned, Worked};
use super::writer::{About, Writer};
use crate::core::{Engine, locked};
use crate::directory::{ApiError, Directory, Obstacle, Who};
use crate::error::{AppError, ErrorCode};
use crate::runs::{Item, ItemChange, ItemFilter, PauseReason, Run, RunState, Verified};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use uncouple_domain::{EventKind, ItemState, Left, Look, NotRead, Organisation, Permission, Remedy, Scope, Suite};

/// Items that are read from the file at once.
const PAGE: u32 = 500;

/// Items under way at most, with those that only wait for a list.
const MOST_UNDER_WAY: usize = 2_000;

/// After so many refusals in a row and nothing else, it is the sign-in and not the person.
const ALL_REFUSED: u32 = 20;

/// How often what did not get an answer is tried in one go.
const ROUNDS: u32 = 3;

/// How a run ended, for now or for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// Nothing is left to do.
    Ended,
    /// It stopped by itself, or was stopped.
    Paused(PauseReason),
    /// It was called off.
    Cancelled,
    /// It waits for its time.
    Scheduled,
}

/// A run's way.
pub(crate) struct Steps<'a> {
    pub(crate) engine: &'a Arc<Engine>,
    pub(crate) run: Run,
    pub(crate) running: Arc<Running>,
}

/// Why no further item is begun.
#[derive(Default)]
struct Tally {
    stopped: Option<PauseReason>,
    /// Items of this round that got no answer.
    open: u64,
    /// Something of this round is not over.
    rest: bool,
    /// Numbers of the items that are over, of all rounds.
    settled: HashSet<u32>,
    /// Refusals in a row from the start.
    refused: Option<u32>,
    unwritten: Option<AppError>,
}

impl Steps<'_> {
    pub(crate) async fn all(mut self) -> Result<RunEnd, AppError> {
        let engine = self.engine;
        let _turn = engine.admin.turn.lock().await;
        let _claim = engine.ports.runs.claim()?.ok_or(ErrorCode::RunElsewhere)?;
        let began = engine.ports.clock.now();
        let verify = self.running.mode == RunMode::Verify;
        let snapshot = engine.case(Scope::Organisations).await?;
        let permission = if verify { Permission::Accesses } else { Permission::Revoke };
        let organisation = engine.administered(&snapshot.workspace, self.run.organisation, permission)?;
        let directory = engine.directory(&organisation).await?;
        let hosts = engine.foreign_hosts_of(organisation.suite).await?;
        self.run.answered_by(hosts.clone());
        if !verify {
            self.started(&organisation).await?;
        }
        let tally = self.rounds(&organisation, &directory, hosts).await?;
        let asked = self.running.is_asked();
        if let Some(error) = tally.unwritten {
            if asked && !verify {
                // Or it would be taken up again by itself.
                let _ = self.paused(PauseReason::ByMember).await;
            }
            return Err(error);
        }
        let stopped = if asked { Some(PauseReason::ByMember) } else { tally.stopped };
        let logs = engine.start.given_token.is_some() || organisation.may(Permission::Log);
        if verify {
            if stopped.is_none() && logs {
                self.read_log(&organisation, &directory, began).await?;
            }
            self.verified(began).await?;
            return Ok(stopped.map_or(RunEnd::Ended, RunEnd::Paused));
        }
        // One that had nothing left to do when somebody stopped it is over.
        if let Some(reason) = stopped.filter(|_| tally.rest || !asked) {
            if self.running.is_cancelled() {
                engine.call_off(self.run.clone()).await?;
                return Ok(RunEnd::Cancelled);
            }
            self.paused(reason).await?;
            return Ok(RunEnd::Paused(reason));
        }
        let beside = async {
            tokio::select! {
                () = engine.read_beside(&organisation, &*directory) => {}
                () = self.running.stopped() => {}
            }
        };
        let log = async { if logs { self.read_log(&organisation, &directory, began).await } else { Ok(()) } };
        let (read, ()) = tokio::join!(log, beside);
        read?;
        self.ended().await?;
        Ok(RunEnd::Ended)
    }

    /// Works through the items until nothing is open, or it has to stop.
    async fn rounds(
        &self,
        organisation: &Organisation,
        directory: &Arc<dyn Directory>,
        hosts: Vec<String>,
    ) -> Result<Tally, AppError> {
        let engine = self.engine;
        let about = About {
            run: self.run.id,
            suite: organisation.suite,
            acted: self.run.planned.by,
            apps: organisation.own_names(),
            hosts,
            revokes: self.running.mode != RunMode::Verify,
        };
        let pace = engine.ports.store.settings().await?.paces.at(organisation.suite);
        // Twice as many as calls, so that no connection waits for the disk.
        let places = Arc::new(Semaphore::new(usize::from(pace.connections) * 2));
        let fallen = match organisation.suite {
            Suite::Microsoft => self.fallen().await?,
            // There is no consent for everybody.
            Suite::Google => BTreeSet::new(),
        };
        let falling = Arc::new(Mutex::new(fallen));
        let planned = Arc::new(Planned::default());
        let mut tally = Tally { refused: Some(0), ..Tally::default() };
        for round in 1..=ROUNDS {
            let (writer, written) = Writer::begin(Arc::clone(engine), about.clone());
            let common = Arc::new(Common {
                engine: Arc::clone(engine),
                directory: Arc::clone(directory),
                apps: organisation.apps.iter().map(|app| app.key.clone()).collect(),
                names: organisation.apps.iter().map(|app| (app.key.clone(), app.name.clone())).collect(),
                planned: Arc::clone(&planned),
                writer,
                patience: engine.start.patience,
                places: Arc::clone(&places),
                running: Arc::clone(&self.running),
                reads_until: OnceLock::new(),
                look_only: self.running.mode == RunMode::Verify,
                falling: Arc::clone(&falling),
            });
            (tally.open, tally.rest) = (0, false);
            self.round(&common, directory, &mut tally).await?;
            drop(common);
            // The next round reads items from the file as this one left them.
            match written.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tally.unwritten = Some(error),
                Err(_) => tally.unwritten = Some(ErrorCode::Internal.into()),
            }
            if tally.open == 0 || !tally.goes_on() || self.running.is_stopping() {
                break;
            }
            if round == ROUNDS {
                tally.stopped = Some(PauseReason::NoAnswer);
            }
        }
        Ok(tally)
    }

    /// Apps whose consent for everybody was deleted before by this run. Those items are the first ones.
    async fn fallen(&self) -> Result<BTreeSet<String>, AppError> {
        let (first, _) = self.engine.ports.runs.items(self.run.id, ItemFilter::All, None, 0, PAGE).await?;
        let everybodys = first.into_iter().take_while(|item| item.found.target.who == Who::Everybody);
        let deleted =
            everybodys.filter(|item| matches!(item.state, ItemState::Deleted { .. } | ItemState::Proven { .. }));
        Ok(deleted.map(|item| item.found.target.app).collect())
    }

    async fn round(
        &self,
        common: &Arc<Common>,
        directory: &Arc<dyn Directory>,
        tally: &mut Tally,
    ) -> Result<(), AppError> {
        let mut under_way: JoinSet<(u32, Worked)> = JoinSet::new();
        let mut ticks = tokio::time::interval(Duration::from_millis(250));
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut source = Source { run: self, above: 0, offset: 0, page: Vec::new().into_iter(), done: false };
        let mut next: Option<Item> = None;
        // A person is not free of an app before the consent for everybody is gone, so those items go first.
        let mut everybody_first = false;
        loop {
            if everybody_first && under_way.is_empty() {
                everybody_first = false;
                // Nobody is called covered by one that the next round, or the run after a pause, may remove.
                if tally.open > 0 {
                    return Ok(());
                }
            }
            if next.is_none() && !source.is_empty() && tally.goes_on() && !self.running.is_stopping() {
                next = source.next(&tally.settled).await?;
            }
            let room = under_way.len() < MOST_UNDER_WAY;
            let turn = next.as_ref().is_some_and(|item| !everybody_first || item.found.target.who == Who::Everybody);
            let wanted = turn && room && tally.goes_on() && !self.running.is_stopping();
            if !wanted && under_way.is_empty() {
                tally.rest |= next.is_some() || !source.is_empty();
                return Ok(());
            }
            let places = Arc::clone(&common.places);
            tokio::select! {
                biased;
                Some(worked) = under_way.join_next(), if !under_way.is_empty() => {
                    // A panic in one item is a failure of this run, and none of the others'.
                    match worked {
                        Ok((seq, worked)) => {
                            if matches!(worked, Worked::Over(_) | Worked::NotRead(_)) {
                                tally.settled.insert(seq);
                            }
                            self.count(worked, tally);
                        }
                        Err(_) => tally.unwritten = Some(ErrorCode::Internal.into()),
                    }
                }
                Ok(place) = places.acquire_owned(), if wanted => {
                    if let Some(item) = next.take() {
                        everybody_first |= item.found.target.who == Who::Everybody;
                        let common = Arc::clone(common);
                        under_way.spawn(async move { (item.seq, common.work(item, place).await) });
                    }
                }
                _ = ticks.tick() => self.tell(directory),
                () = self.running.stopped(), if wanted => {}
            }
            if !tally.goes_on() {
                // What is under way comes to a resting place and begins nothing new.
                self.running.stop.send_replace(true);
            }
        }
    }

    fn count(&self, worked: Worked, tally: &mut Tally) {
        match worked {
            Worked::Over(_) | Worked::NotRead(_) => {
                locked(&self.running.state).over.add(1);
                let refused = matches!(
                    worked,
                    Worked::Over(ItemState::Left { why: Left::Forbidden, .. }) | Worked::NotRead(NotRead::Forbidden)
                );
                tally.refused = tally.refused.filter(|_| refused).map(|count| count + 1);
                if tally.refused.is_some_and(|count| count >= ALL_REFUSED) {
                    tally.stopped = Some(PauseReason::Forbidden);
                }
            }
            Worked::Open(None) => tally.rest = true,
            Worked::Open(Some(error)) => {
                (tally.open, tally.rest) = (tally.open + 1, true);
                let reason = match error {
                    ApiError::Keyring(_) => Some(PauseReason::Keyring),
                    ApiError::Expired | ApiError::Elsewhere => Some(PauseReason::SignIn),
                    ApiError::Blocked(obstacle) => Some(paused_by(obstacle)),
                    ApiError::Limits => Some(PauseReason::Limits),
                    // One may be bad luck; the rounds decide. Many at once are the network.
                    ApiError::NoAnswer
                    | ApiError::Halted
                    | ApiError::Forbidden { .. }
                    | ApiError::NobodyThere
                    | ApiError::Unreadable
                    | ApiError::TooLong
                    | ApiError::Circle
                    | ApiError::Incomplete
                    | ApiError::Endless
                    | ApiError::OtherHost
                    | ApiError::Disk
                    | ApiError::BadEndpoint => (tally.open >= u64::from(ALL_REFUSED)).then_some(PauseReason::NoAnswer),
                };
                tally.stopped = tally.stopped.or(reason);
            }
            Worked::Unwritten(error) => tally.unwritten = Some(error),
        }
    }

    fn tell(&self, directory: &Arc<dyn Directory>) {
        let spent = directory.spent();
        {
            let mut going = locked(&self.running.state);
            going.repeated = spent.repeated;
            going.waiting = spent.waiting_ms.div_ceil(1000);
        }
        self.engine.admin.moved();
    }

    async fn started(&mut self, organisation: &Organisation) -> Result<(), AppError> {
        let now = self.engine.ports.clock.now();
        self.run.state = RunState::Running;
        self.run.paused = None;
        self.run.ended = None;
        // What is done from now on is newer.
        self.run.verified = None;
        self.run.started = self.run.started.or(Some(now));
        self.run.account = self.engine.asked_as(organisation).or(self.run.account.take());
        let items = locked(&self.running.state).total;
        let organisation = organisation.name.clone();
        let event = EventKind::RunStarted { run: self.run.id, organisation, items };
        self.engine.change_run(self.run.clone(), event).await
    }

    async fn paused(&mut self, reason: PauseReason) -> Result<(), AppError> {
        self.run.state = RunState::Paused;
        self.run.paused = Some(reason);
        self.run.ended = Some(self.engine.ports.clock.now());
        self.engine.change_run(self.run.clone(), EventKind::RunPaused { run: self.run.id }).await
    }

    /// Counts what was read again since a time, and writes it down: a line of its own, with nothing in it that was known
    /// before. Whoever was not asked is named like those whose lists could not be read.
    async fn verified(&mut self, began: Timestamp) -> Result<(), AppError> {
        let (id, runs) = (self.run.id, &self.engine.ports.runs);
        let (mut gone, mut back, mut offset) = (0, 0, 0);
        let mut not_read: BTreeMap<NotRead, u64> = BTreeMap::new();
        loop {
            let (page, _) = runs.items(id, ItemFilter::All, None, offset, PAGE).await?;
            let full = page.len() == PAGE as usize;
            offset += page.len() as u64;
            let mut not_asked = Vec::new();
            for item in page.iter().filter(|item| item.state.deleted().is_some() && !item.state.is_given_back()) {
                match item.look.filter(|look| look.began >= began) {
                    Some(Look { not_read: None, .. }) if item.state.is_proven() => gone += 1,
                    Some(Look { not_read: None, .. }) => back += 1,
                    Some(Look { not_read: Some(why), .. }) => *not_read.entry(why).or_default() += 1,
                    None => {
                        *not_read.entry(NotRead::NotAsked).or_default() += 1;
                        let look = Some(Look { began, not_read: Some(NotRead::NotAsked) });
                        not_asked.push(ItemChange { look, ..ItemChange::of_state(id, item, item.state) });
                    }
                }
            }
            if !not_asked.is_empty() {
                runs.settle(not_asked, None, None).await?;
            }
            if !full {
                break;
            }
        }
        let ended = self.engine.ports.clock.now();
        let verified = Verified { began, ended, gone, back, not_read: not_read.into_iter().collect() };
        let (read, unread) = (verified.read(), verified.unread());
        self.run.verified = Some(verified);
        let event = EventKind::RunVerified { run: id, read, gone, back, unread };
        self.engine.change_run(self.run.clone(), event).await
    }

    async fn ended(&mut self) -> Result<(), AppError> {
        let row = self.engine.ports.runs.run(self.run.id).await?.ok_or(ErrorCode::UnknownRun)?;
        self.run.state = RunState::Ended;
        self.run.paused = None;
        self.run.ended = Some(self.engine.ports.clock.now());
        let (proven, left) = (row.counts.proven, row.counts.left);
        let event = EventKind::RunEnded { run: self.run.id, proven, left };
        self.engine.change_run(self.run.clone(), event).await
    }
}

impl Tally {
    fn goes_on(&self) -> bool {
        self.stopped.is_none() && self.unwritten.is_none()
    }
}

/// Where items come from, page by page.
struct Source<'a> {
    run: &'a Steps<'a>,
    above: u32,
    offset: u64,
    page: std::vec::IntoIter<Item>,
    done: bool,
}

impl Source<'_> {
    fn is_empty(&self) -> bool {
        self.done && self.page.len() == 0
    }

    /// The next one that is wanted and not among those `settled` in earlier rounds, which a list by number still has.
    async fn next(&mut self, settled: &HashSet<u32>) -> Result<Option<Item>, AppError> {
        loop {
            if let Some(item) = self.page.next() {
                if self.wants(&item) && !settled.contains(&item.seq) {
                    return Ok(Some(item));
                }
                continue;
            }
            if self.done {
                return Ok(None);
            }
            let runs = &self.run.engine.ports.runs;
            let id = self.run.run.id;
            let page = match self.run.running.mode {
                RunMode::Revoke => {
                    let page = runs.open_items(id, self.above, PAGE).await?;
                    self.above = page.last().map_or(self.above, |item| item.seq);
                    page
                }
                // By number, which stays the same whatever becomes of the items.
                RunMode::Retry | RunMode::Verify | RunMode::Restore => {
                    let (page, _) = runs.items(id, ItemFilter::All, None, self.offset, PAGE).await?;
                    self.offset += page.len() as u64;
                    page
                }
            };
            self.done = page.len() < PAGE as usize;
            self.page = page.into_iter();
        }
    }

    fn wants(&self, item: &Item) -> bool {
        match self.run.running.mode {
            RunMode::Revoke => !item.state.is_over(),
            // What was given back is not taken away again by the same run.
            RunMode::Retry => !item.state.is_proven() && !item.state.is_given_back(),
            RunMode::Verify => item.state.deleted().is_some() && !item.state.is_given_back(),
            RunMode::Restore => false,
        }
    }
}

/// What a run waits for while nothing gets through.
fn paused_by(obstacle: Obstacle) -> PauseReason {
    match obstacle {
        Obstacle::SignIn { cause, .. } => match cause.remedy() {
            Remedy::Person => PauseReason::SignIn,
            Remedy::Administrator => PauseReason::Forbidden,
            Remedy::App => PauseReason::AppRefused,
        },
        Obstacle::ApiOff { .. } | Obstacle::DomainCannot { .. } => PauseReason::AppRefused,
        Obstacle::ScopeMissing { .. } => PauseReason::Forbidden,
        Obstacle::Untrusted => PauseReason::NoAnswer,
    }
}
