//! Starting, stopping and taking up runs.

use super::drive::{RunEnd, Steps};
use super::meter::Meter;
use crate::core::{Engine, locked};
use crate::error::{AppError, ErrorCode};
use crate::ports::CaseWork;
use crate::runs::{ItemChange, PauseReason, PlanFrom, Run, RunRow, RunSelection, RunState};
use crate::view::ProgressView;
use jiff::SignedDuration;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;
use uncouple_domain::{Admission, EventKind, ItemState, Left, NotNow, Permission, RunId, RunIntent, Scope, admit};

/// What a run is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunMode {
    /// Revoke what is open.
    Revoke,
    /// Take up what was left, too.
    Retry,
    /// Read everything again, and delete nothing.
    Verify,
    /// Give back what was deleted.
    Restore,
}

impl From<RunMode> for RunIntent {
    fn from(mode: RunMode) -> Self {
        match mode {
            RunMode::Revoke => Self::Revoke,
            RunMode::Retry => Self::Retry,
            RunMode::Verify => Self::Verify,
            RunMode::Restore => Self::Restore,
        }
    }
}

/// A run that the disk stopped, as long as this process lives and nobody takes it up again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DiskFull {
    /// Deletions that the provider answered before it stopped, written down or not.
    pub(crate) deleted: u64,
    /// Why it paused, as long as that could not be written down.
    pub(crate) unwritten: Option<PauseReason>,
}

/// A run under way in this process.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) run: RunId,
    pub(crate) mode: RunMode,
    /// Set when no new step is to be begun.
    pub(crate) stop: watch::Sender<bool>,
    /// Somebody paused it or called it off.
    asked: AtomicBool,
    cancel: AtomicBool,
    pub(crate) lagging: AtomicU64,
    /// Deletions that the provider answered, written down or not.
    pub(crate) deleted: AtomicU64,
    pub(crate) state: Mutex<Going>,
}

/// How it goes.
#[derive(Debug, Default)]
pub(crate) struct Going {
    pub(crate) total: u64,
    /// Over before it was taken up.
    pub(crate) before: u64,
    pub(crate) over: Meter,
    pub(crate) repeated: u64,
    pub(crate) waiting: u64,
}

impl Running {
    /// Nothing new is begun any more.
    pub(crate) fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Waits until nothing new is to be begun.
    pub(crate) async fn stopped(&self) {
        super::is_set(&self.stop).await;
    }

    /// Somebody wants it to stop.
    fn ask(&self) {
        self.asked.store(true, Ordering::Relaxed);
        self.stop.send_replace(true);
    }

    /// Whether somebody wanted it to stop. It may also have stopped by itself.
    pub(crate) fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// What is left is called off.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    /// How it goes, for people.
    pub(crate) fn view(&self) -> ProgressView {
        let mut going = locked(&self.state);
        let rate = going.over.rate();
        let done = (going.before + going.over.done()).min(going.total);
        ProgressView {
            done,
            total: going.total,
            rate,
            seconds_left: Meter::seconds_for(rate, going.total - done),
            repeated: going.repeated,
            waiting: going.waiting,
            lagging: self.lagging.load(Ordering::Relaxed),
            stopping: self.is_stopping(),
        }
    }
}

/// Takes a run off its place however it ends.
pub(super) struct UnderWay<'a>(pub(super) &'a Engine);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        *locked(&self.0.admin.running) = None;
        self.0.admin.moved();
    }
}

/// A run that waited for the provider, the keyring or the network is tried again after so long.
const TRY_AGAIN: SignedDuration = SignedDuration::from_mins(10);

impl Engine {
    /// Confirms a plan: it begins in the background, or at its time.
    ///
    /// # Errors
    /// `unknown_run`, `run_not_now`, `run_before_its_day`, `plan_empty`, `everybody_unconfirmed`; `admin_busy` while another run is under
    /// way here, `run_elsewhere` while one is in another process; `not_super_admin`, `not_signed_in`, `not_permitted`.
    pub async fn start_run(self: &Arc<Self>, id: RunId, everybody: bool) -> Result<(), AppError> {
        let Some((row, mode)) = self.confirm(id, everybody).await? else { return Ok(()) };
        self.begin(row, mode)
    }

    /// The same, to its end.
    ///
    /// # Errors
    /// As [`Engine::start_run`]; what the store says.
    pub async fn run_to_end(self: &Arc<Self>, id: RunId, mode: RunMode, everybody: bool) -> Result<RunEnd, AppError> {
        let row = match mode {
            RunMode::Revoke => match self.confirm(id, everybody).await? {
                Some((row, _)) => row,
                None => return Ok(RunEnd::Scheduled),
            },
            RunMode::Retry => self.retried(id).await?,
            RunMode::Verify => self.may_run(id, mode).await?.0,
            // It wants to know what.
            RunMode::Restore => return Err(ErrorCode::BadArgument.into()),
        };
        let running = self.take_place(&row, mode)?;
        self.go(row, running).await
    }

    /// Goes on with a run that was stopped.
    ///
    /// # Errors
    /// As [`Engine::start_run`].
    pub async fn resume_run(self: &Arc<Self>, id: RunId) -> Result<(), AppError> {
        match self.may_run(id, RunMode::Revoke).await? {
            (row, Admission::Now) if matches!(row.run.state, RunState::Paused | RunState::Running) => {
                self.begin(row, RunMode::Revoke)
            }
            _ => Err(ErrorCode::RunNotNow.into()),
        }
    }

    /// Takes up what a run left.
    ///
    /// # Errors
    /// As [`Engine::start_run`].
    pub async fn retry_run(self: &Arc<Self>, id: RunId) -> Result<(), AppError> {
        let row = self.retried(id).await?;
        self.begin(row, RunMode::Retry)
    }

    /// Reads everything again that a run deleted.
    ///
    /// # Errors
    /// As [`Engine::start_run`].
    pub async fn verify_run(self: &Arc<Self>, id: RunId) -> Result<(), AppError> {
        let (row, _) = self.may_run(id, RunMode::Verify).await?;
        self.begin(row, RunMode::Verify)
    }

    /// Stops a run for now. What is under way comes to a resting place first.
    ///
    /// # Errors
    /// `run_not_now`, `not_super_admin`.
    pub async fn pause_run(&self, id: RunId) -> Result<(), AppError> {
        self.case(Scope::Organisations).await?.workspace.by_super_admin(&self.ctx())?;
        let running = self.admin.running().filter(|running| running.run == id).ok_or(ErrorCode::RunNotNow)?;
        running.ask();
        self.admin.moved();
        Ok(())
    }

    /// Calls off what is left of a run. What was sent was sent.
    ///
    /// # Errors
    /// `unknown_run`, `run_not_now`, `run_elsewhere`, `not_super_admin`.
    pub async fn cancel_run(&self, id: RunId) -> Result<(), AppError> {
        self.case(Scope::Organisations).await?.workspace.by_super_admin(&self.ctx())?;
        {
            // Whoever takes it off its place looks at this afterwards, so none is lost.
            let place = locked(&self.admin.running);
            match &*place {
                Some(running) if running.run == id => {
                    running.cancel.store(true, Ordering::Relaxed);
                    running.ask();
                    drop(place);
                    self.admin.moved();
                    return Ok(());
                }
                // Another one may go on for hours.
                Some(_) => return Err(ErrorCode::AdminBusy.into()),
                None => {}
            }
        }
        self.call_off_stopped(id).await
    }

    /// Calls off a run that is not under way here.
    async fn call_off_stopped(&self, id: RunId) -> Result<(), AppError> {
        let _turn = self.admin.turn.lock().await;
        let row = self.ports.runs.run(id).await?.ok_or(ErrorCode::UnknownRun)?;
        if !matches!(row.run.state, RunState::Paused | RunState::Running | RunState::Scheduled) {
            return Err(ErrorCode::RunNotNow.into());
        }
        let _claim = self.ports.runs.claim()?.ok_or(ErrorCode::RunElsewhere)?;
        self.call_off(row.run).await
    }

    /// Leaves what was not begun, and what was begun and has no answer.
    pub(crate) async fn call_off(&self, run: Run) -> Result<(), AppError> {
        let id = run.id;
        let now = self.ports.clock.now();
        loop {
            let open = self.ports.runs.open_items(id, 0, 500).await?;
            if open.is_empty() {
                break;
            }
            let left = |state: ItemState| {
                let why = match state {
                    ItemState::Deleted { .. } => Left::NotRead,
                    ItemState::Intended { .. } => Left::NoAnswer,
                    // Only the first is ever open.
                    ItemState::Planned
                    | ItemState::Proven { .. }
                    | ItemState::Left { .. }
                    | ItemState::Restoring { .. }
                    | ItemState::Restored { .. } => Left::Cancelled,
                };
                state.leave(now, why)
            };
            let changes = open.iter().map(|item| ItemChange::of_state(id, item, left(item.state))).collect();
            self.ports.runs.settle(changes, None, None).await?;
        }
        let run = Run { state: RunState::Cancelled, paused: None, ended: Some(now), ..run };
        self.change_run(run, EventKind::RunCancelled { run: id }).await
    }

    /// Writes where a run stands, with a line of history.
    pub(crate) async fn change_run(&self, run: Run, event: EventKind) -> Result<(), AppError> {
        let ctx = self.ctx();
        let noted = CaseWork::new(Scope::Roster, move |workspace| {
            workspace.note(&ctx, event);
            Ok(())
        });
        let committed = self.ports.runs.settle(Vec::new(), Some(run), Some(noted)).await?;
        self.tell_of(committed);
        self.admin.moved();
        Ok(())
    }

    /// Checks a plan once more and takes the confirmation. None: it waits for its time.
    async fn confirm(self: &Arc<Self>, id: RunId, everybody: bool) -> Result<Option<(RunRow, RunMode)>, AppError> {
        let (row, admission) = self.may_run(id, RunMode::Revoke).await?;
        match row.run.state {
            RunState::Planned => {}
            // Confirmed before, and its time has come.
            RunState::Scheduled => return Ok(Some((self.plan_again(row).await?, RunMode::Revoke))),
            // The command line goes on with whatever is open.
            RunState::Running | RunState::Paused => return Ok(Some((row, RunMode::Revoke))),
            RunState::Ended | RunState::Cancelled => return Err(ErrorCode::RunNotNow.into()),
        }
        let leaves_later = match admission {
            Admission::OnItsDay(_) => true,
            Admission::Now => false,
        };
        if row.counts.total() == 0 && !leaves_later {
            return Err(ErrorCode::PlanEmpty.into());
        }
        if row.everybody > 0 && !everybody {
            return Err(ErrorCode::EverybodyUnconfirmed.into());
        }
        if leaves_later {
            let run = Run { state: RunState::Scheduled, ..row.run };
            self.ports.runs.settle(Vec::new(), Some(run), None).await?;
            self.admin.moved();
            return Ok(None);
        }
        Ok(Some((row, RunMode::Revoke)))
    }

    /// A run that is to be retried. One that was cancelled before its day is planned anew: what the person has now is
    /// what goes.
    async fn retried(self: &Arc<Self>, id: RunId) -> Result<RunRow, AppError> {
        let (row, _) = self.may_run(id, RunMode::Retry).await?;
        if row.run.started.is_none() { self.plan_again(row).await } else { Ok(row) }
    }

    /// A run with what it may do now. Every way to a deletion leads through here.
    pub(super) async fn may_run(&self, id: RunId, mode: RunMode) -> Result<(RunRow, Admission), AppError> {
        let snapshot = self.case(Scope::Organisations).await?;
        snapshot.workspace.by_super_admin(&self.ctx())?;
        let row = self.ports.runs.run(id).await?.ok_or(ErrorCode::UnknownRun)?;
        let permission = if mode == RunMode::Verify { Permission::Accesses } else { Permission::Revoke };
        self.administered(&snapshot.workspace, row.run.organisation, permission)?;
        let admission = admit(row.run.state.into(), row.run.not_before, self.ports.clock.now(), mode.into());
        match admission {
            Ok(admission) => Ok((row, admission)),
            Err(NotNow::BeforeItsDay(day)) => Err(AppError::new(ErrorCode::RunBeforeItsDay).with("day", day)),
            Err(NotNow::OutOfOrder) => Err(ErrorCode::RunNotNow.into()),
        }
    }

    fn begin(self: &Arc<Self>, row: RunRow, mode: RunMode) -> Result<(), AppError> {
        let running = self.take_place(&row, mode)?;
        let engine = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(error) = engine.go(row, running).await {
                tracing::warn!(code = ?error.code, "a run stopped");
            }
        });
        Ok(())
    }

    pub(super) fn take_place(&self, row: &RunRow, mode: RunMode) -> Result<Arc<Running>, AppError> {
        let mut place = locked(&self.admin.running);
        if place.is_some() {
            return Err(ErrorCode::AdminBusy.into());
        }
        let (stop, _) = watch::channel(false);
        let counts = row.counts;
        let before = match mode {
            RunMode::Revoke => counts.proven + counts.left,
            RunMode::Retry => counts.proven + counts.restored + counts.restoring,
            RunMode::Verify => counts.planned + counts.restored + counts.restoring,
            RunMode::Restore => counts.total(),
        };
        let running = Arc::new(Running {
            run: row.run.id,
            mode,
            stop,
            asked: AtomicBool::new(false),
            cancel: AtomicBool::new(false),
            lagging: AtomicU64::default(),
            deleted: AtomicU64::default(),
            state: Mutex::new(Going { total: counts.total(), before, ..Going::default() }),
        });
        *place = Some(Arc::clone(&running));
        locked(&self.admin.disk_full).remove(&row.run.id);
        Ok(running)
    }

    async fn go(self: &Arc<Self>, row: RunRow, running: Arc<Running>) -> Result<RunEnd, AppError> {
        let id = row.run.id;
        let end = {
            let _under_way = UnderWay(self);
            Steps { engine: self, run: row.run, running: Arc::clone(&running) }.all().await
        };
        // Called off after the run itself had looked for the last time.
        let stopped = !matches!(end, Ok(RunEnd::Cancelled | RunEnd::Ended));
        let end = if stopped && running.is_cancelled() && running.mode != RunMode::Verify {
            self.call_off_stopped(id).await.map(|()| RunEnd::Cancelled)
        } else {
            end
        };
        match end {
            Err(AppError { code: ErrorCode::StoreFull, .. }) => {
                self.stopped_by_disk(&running).await;
                Ok(RunEnd::Paused(PauseReason::DiskFull))
            }
            end => end,
        }
    }

    /// A run that can't write down what it does pauses for that reason. While there is no room for this either, it is
    /// kept in memory.
    async fn stopped_by_disk(&self, running: &Running) {
        let deleted = running.deleted.load(Ordering::Relaxed);
        tracing::warn!(deleted, "a run stopped: there is no room on the disk");
        let reason = if running.is_asked() { PauseReason::ByMember } else { PauseReason::DiskFull };
        let stopped =
            DiskFull { deleted, unwritten: matches!(running.mode, RunMode::Revoke | RunMode::Retry).then_some(reason) };
        locked(&self.admin.disk_full).insert(running.run, stopped);
        // It may have room for this little.
        let _ = self.write_pause(running.run).await;
        self.admin.moved();
    }

    /// Writes that a run was stopped by the disk, if that is still to be written.
    async fn write_pause(&self, id: RunId) -> Result<(), AppError> {
        let stopped = locked(&self.admin.disk_full).get(&id).copied();
        let Some(reason) = stopped.and_then(|stopped| stopped.unwritten) else { return Ok(()) };
        let row = self.ports.runs.run(id).await?.ok_or(ErrorCode::UnknownRun)?;
        if row.run.state == RunState::Running {
            let ended = Some(self.ports.clock.now());
            let run = Run { state: RunState::Paused, paused: Some(reason), ended, ..row.run };
            self.change_run(run, EventKind::RunPaused { run: id }).await?;
        }
        if let Some(stopped) = locked(&self.admin.disk_full).get_mut(&id) {
            stopped.unwritten = None;
        }
        Ok(())
    }

    /// Takes up what a crash interrupted, what waits for its time, and what waited for the provider. To be called
    /// after the start and every now and then.
    ///
    /// # Errors
    /// What the store says.
    pub async fn runs_due(self: &Arc<Self>) -> Result<(), AppError> {
        if self.start.sample || self.admin.running().is_some() {
            return Ok(());
        }
        let now = self.ports.clock.now();
        for row in self.ports.runs.runs(RunSelection::Unfinished).await? {
            if self.is_unwritten(row.run.id) {
                // There may be room by now. It goes on in its time, like one that waited for the provider.
                let _ = self.write_pause(row.run.id).await;
                continue;
            }
            let due = match (row.run.state, row.run.paused) {
                (RunState::Running, _) => true,
                // Whether its day has come is asked below, like for all of them.
                (RunState::Scheduled, _) => true,
                (
                    RunState::Paused,
                    Some(PauseReason::Limits | PauseReason::NoAnswer | PauseReason::Keyring | PauseReason::DiskFull),
                ) => row.run.ended.is_none_or(|stopped| now.duration_since(stopped) >= TRY_AGAIN),
                _ => false,
            };
            if !due || !matches!(self.may_run(row.run.id, RunMode::Revoke).await, Ok((_, Admission::Now))) {
                continue;
            }
            let row = if row.run.state == RunState::Scheduled { self.plan_again(row).await? } else { row };
            // Another process has it: nothing is to be done here.
            if self.ports.runs.claim()?.is_some() {
                self.begin(row, RunMode::Revoke)?;
            }
            return Ok(());
        }
        Ok(())
    }

    /// Whether the disk stopped a run, and had no room for writing that down either.
    fn is_unwritten(&self, id: RunId) -> bool {
        locked(&self.admin.disk_full).get(&id).is_some_and(|stopped| stopped.unwritten.is_some())
    }

    /// Somebody leaves today: what they have today is what goes.
    async fn plan_again(self: &Arc<Self>, row: RunRow) -> Result<RunRow, AppError> {
        let Some(address) = row.run.leaver.clone() else { return Ok(row) };
        let snapshot = self.case(Scope::Organisations).await?;
        let organisation = self.administered(&snapshot.workspace, row.run.organisation, Permission::Revoke)?;
        let directory = self.directory(&organisation).await?;
        match self.look_up(&organisation, &*directory, &address).await {
            // Nobody there any more: what the plan has is read as gone.
            Ok(()) | Err(AppError { code: ErrorCode::AdminNobodyThere, .. }) => {}
            Err(error) => return Err(error),
        }
        let key = crate::address::read_address(&address)?.key().to_owned();
        let apps = organisation.apps.iter().map(|app| app.key.clone()).collect();
        let run = Run { partial: false, ..row.run };
        Ok(self.ports.runs.plan(run, PlanFrom::Person { key }, apps).await?)
    }
}
