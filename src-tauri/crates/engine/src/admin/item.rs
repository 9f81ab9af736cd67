//! One item of a run, from wherever it stands to where the run has nothing more to do with it.

use super::Patience;
use super::batch::not_read;
use super::control::Running;
use super::writer::{Change, Writer, now, plain};
use crate::core::{Engine, locked};
use crate::directory::{ApiError, Directory, OtherGrant, Target, Who};
use crate::error::AppError;
use crate::runs::{Item, Through};
use jiff::Timestamp;
use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::BuildHasher as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use uncouple_domain::{DeleteAnswer, ItemState, Left, Listed, Look, NotRead, Permission, RunId};

/// How often the list is looked at before a deletion that may have been sent is sent again: for about 20 seconds. Lists
/// that lag longer make a second deletion possible, which changes nothing.
const LOOKS: u32 = 8;

/// No wait between two of these looks is longer than so many of the first.
const LONGEST_LOOK: u32 = 8;

/// What a read said of a person, whichever item it was for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// One of the chosen apps reaches the person.
    pub(crate) reached: bool,
    /// When the read began.
    pub(crate) began: Timestamp,
}

/// What all items of a run have in common.
pub(crate) struct Common {
    pub(crate) engine: Arc<Engine>,
    pub(crate) directory: Arc<dyn Directory>,
    /// The marked apps: their keys, and their names for people.
    pub(crate) apps: BTreeSet<String>,
    pub(crate) names: BTreeMap<String, String>,
    /// What the run has items for.
    pub(crate) planned: Arc<Planned>,
    pub(crate) writer: Writer,
    pub(crate) patience: Patience,
    /// Items that may be active at once. One that waits for a list gives its place away.
    pub(crate) places: Arc<Semaphore>,
    /// The run, which somebody may stop.
    pub(crate) running: Arc<Running>,
    /// When the last read after the stop is given up.
    pub(crate) reads_until: OnceLock<tokio::time::Instant>,
    /// To look, and to delete nothing.
    pub(crate) look_only: bool,
    /// Apps whose consent for everybody this run has deleted, by key. People's lists may show it for a while.
    pub(crate) falling: Arc<Mutex<BTreeSet<String>>>,
}

/// What a read made of an item that is not over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Still {
    /// The list has it.
    Listed,
    /// The person's own consent is gone; one for everybody, which this run has deleted, is still listed.
    Covered,
    /// The list is not whole by its own count, so it may have it.
    Unclear,
}

/// What a read made of an item.
enum Seen {
    Settled(Worked),
    Open(Still),
}

/// What became of an item.
#[derive(Debug)]
pub(crate) enum Worked {
    /// It is over.
    Over(ItemState),
    /// Its list could not be read again, and it stays as it was.
    NotRead(NotRead),
    /// The run was stopped, or the provider does not answer: it stays where it is.
    Open(Option<ApiError>),
    /// It could not be written.
    Unwritten(AppError),
}

impl From<AppError> for Worked {
    fn from(error: AppError) -> Self {
        Self::Unwritten(error)
    }
}

/// A failure that concerns the whole run rather than this item.
fn of_the_run(error: ApiError) -> bool {
    matches!(
        error,
        ApiError::Expired
            | ApiError::Elsewhere
            | ApiError::Blocked(_)
            | ApiError::Keyring(_)
            | ApiError::Limits
            | ApiError::NoAnswer
    )
}

impl Common {
    /// Works on an item. `place` is its place among the active ones.
    pub(crate) async fn work(&self, item: Item, place: OwnedSemaphorePermit) -> Worked {
        match self.steps(Arc::new(item), place).await {
            Ok(worked) | Err(worked) => worked,
        }
    }

    async fn steps(&self, item: Arc<Item>, place: OwnedSemaphorePermit) -> Result<Worked, Worked> {
        let mut state = item.state;
        // A consent that the log has after the removal is a new one, whatever the list says by now.
        let anew = matches!(state, ItemState::Left { why: Left::ConsentedAgain, .. });
        let mut deletes = !matches!(state, ItemState::Deleted { .. });
        if self.look_only || (state.deleted().is_some() && !anew) {
            match self.look(&item, &mut state).await? {
                Seen::Settled(worked) => return Ok(worked),
                // Nothing is ever deleted by looking.
                Seen::Open(_) if self.look_only => return Ok(Worked::Open(None)),
                Seen::Open(Still::Listed | Still::Unclear) => {}
                // What it would delete is gone.
                Seen::Open(Still::Covered) => deletes = false,
            }
        }
        if deletes {
            if self.running.is_stopping() {
                return Ok(Worked::Open(None));
            }
            if let Some(worked) = self.delete(&item, &mut state).await? {
                return Ok(worked);
            }
        }
        self.read_until_gone(&item, state, place).await
    }

    /// Looks before anything is deleted. After a crash nobody knows whether the deletion was sent, and the list may only
    /// lag behind it, so it is looked at more than once; and what was left may be gone by now.
    async fn look(&self, item: &Arc<Item>, state: &mut ItemState) -> Result<Seen, Worked> {
        let lately = match state {
            ItemState::Intended { at } => {
                let ago = now(&self.engine).duration_since(*at);
                Duration::try_from(ago).is_ok_and(|ago| ago < self.patience.list)
            }
            ItemState::Planned
            | ItemState::Deleted { .. }
            | ItemState::Proven { .. }
            | ItemState::Left { .. }
            | ItemState::Restoring { .. }
            | ItemState::Restored { .. } => false,
        };
        let mut wait = self.patience.first;
        for look in 1.. {
            let seen = self.read(item, state).await?;
            if !matches!(seen, Seen::Open(Still::Listed | Still::Unclear)) {
                return Ok(seen);
            }
            if self.look_only || !lately || look >= LOOKS || self.wait(wait).await {
                break;
            }
            wait = (wait * 2).min(self.patience.first * LONGEST_LOOK);
        }
        Ok(Seen::Open(Still::Listed))
    }

    /// Intention, deletion, answer.
    async fn delete(&self, item: &Arc<Item>, state: &mut ItemState) -> Result<Option<Worked>, Worked> {
        let intended = state.intend(now(&self.engine)).map_err(|_| internal())?;
        self.writer.now(plain(item, *state, intended)).await?;
        let before = std::mem::replace(state, intended);
        let answer = match self.deletion(item).await {
            Ok(answer) => answer,
            Err(ApiError::Halted) => {
                *state = state.not_sent(before).map_err(|_| internal())?;
                self.writer.soon(plain(item, *state, *state)).await?;
                return Ok(Some(Worked::Open(None)));
            }
            // The account is gone, and its accesses with it; the read says so too, or not.
            Err(ApiError::NobodyThere) => DeleteAnswer::AlreadyGone,
            Err(error) => return self.failed(item, *state, error, Permission::Revoke).await.map(Some),
        };
        let answered = state.answered(now(&self.engine), answer).map_err(|_| internal())?;
        self.running.deleted.fetch_add(1, Ordering::Relaxed);
        self.writer.soon(plain(item, *state, answered)).await?;
        *state = answered;
        self.falls(item);
        Ok(None)
    }

    /// Deletes. Once the run is stopped, a deletion that still waits for its turn is not sent any more.
    async fn deletion(&self, item: &Item) -> Result<DeleteAnswer, ApiError> {
        let mut deletion = self.directory.delete(&item.found.target);
        tokio::select! {
            // First: one that was not even begun is not sent.
            biased;
            () = self.running.stopped() => {}
            answer = &mut deletion => return answer,
        }
        self.directory.halt();
        deletion.await
    }

    /// Waits until the run is stopped and no further read is worth it.
    async fn too_late(&self) {
        self.running.stopped().await;
        let until = *self.reads_until.get_or_init(|| tokio::time::Instant::now() + self.patience.stopped);
        tokio::time::sleep_until(until).await;
    }

    /// Reads until the list follows the deletion, or patience ends.
    async fn read_until_gone(
        &self,
        item: &Arc<Item>,
        mut state: ItemState,
        place: OwnedSemaphorePermit,
    ) -> Result<Worked, Worked> {
        let began = Instant::now();
        let mut wait = self.patience.first;
        let mut place = Some(place);
        loop {
            let still = match self.read(item, &mut state).await? {
                Seen::Settled(worked) => return Ok(worked),
                Seen::Open(still) => still,
            };
            if began.elapsed() + wait > self.patience.list {
                let why = match still {
                    Still::Listed => Left::StillListed,
                    Still::Covered => Left::Covered,
                    Still::Unclear => Left::Unreadable,
                };
                return self.left(item, state, why).await;
            }
            place.take();
            let lagging = Lagging::one(&self.running.lagging);
            let stopped = self.wait(wait).await;
            drop(lagging);
            if stopped {
                return Ok(Worked::Open(None));
            }
            place = Arc::clone(&self.places).acquire_owned().await.ok();
            if self.running.is_stopping() {
                return Ok(Worked::Open(None));
            }
            wait = (wait * 2).min(self.patience.longest);
        }
    }

    /// Waits. True: the run was stopped.
    async fn wait(&self, time: Duration) -> bool {
        tokio::time::timeout(time, self.running.stopped()).await.is_ok()
    }

    /// Reads once.
    async fn read(&self, item: &Arc<Item>, state: &mut ItemState) -> Result<Seen, Worked> {
        // By the same clock as the deletion, and before anything is asked.
        let began = now(&self.engine);
        let back = tokio::select! {
            biased;
            () = self.too_late() => return Ok(Seen::Settled(Worked::Open(None))),
            back = self.directory.read(&item.found.target, &self.apps) => back,
        };
        let back = match back {
            Ok(back) => back,
            Err(error) if self.look_only => return self.not_read(item, *state, error).await.map(Seen::Settled),
            // The count may lag behind the list; if it never agrees, patience ends.
            Err(ApiError::Incomplete) => return Ok(Seen::Open(Still::Unclear)),
            Err(error) => return self.failed(item, *state, error, Permission::Accesses).await.map(Seen::Settled),
        };
        let through = self.through(back.others).await?;
        let listed = match back.listed {
            Listed::No if !through.is_empty() => Listed::Elsewhere,
            listed @ (Listed::Yes | Listed::No | Listed::Covered | Listed::Elsewhere | Listed::NobodyThere) => listed,
        };
        let Ok(next) = state.read(began, listed) else {
            // Older than the deletion by the clock, which somebody may have set back.
            return if self.look_only {
                self.looked(item, *state, NotRead::ClockBehind).await.map(Seen::Settled)
            } else {
                Ok(Seen::Open(Still::Listed))
            };
        };
        let known = Some(Known { reached: back.reached, began });
        if self.look_only {
            let next = if next.is_over() { next } else { next.leave(began, Left::StillListed) };
            let look = Some(Look { began, not_read: None });
            let known = known.filter(|_| next != *state);
            self.writer.soon(Change { known, look, through, ..plain(item, *state, next) }).await?;
            *state = next;
            return Ok(Seen::Settled(Worked::Over(next)));
        }
        if listed == Listed::Covered && locked(&self.falling).contains(&item.found.target.app) {
            return Ok(Seen::Open(Still::Covered));
        }
        if !next.is_over() || listed == Listed::Yes {
            return Ok(Seen::Open(Still::Listed));
        }
        if next == *state {
            return Ok(Seen::Settled(Worked::Over(next)));
        }
        self.writer.soon(Change { known, through, ..plain(item, *state, next) }).await?;
        *state = next;
        if matches!(next, ItemState::Proven { .. } | ItemState::Left { why: Left::StillReached, .. }) {
            self.falls(item);
        }
        Ok(Seen::Settled(Worked::Over(next)))
    }

    /// Of the marked apps' grants that a list has beside the item's own, those that the run has no items for: nobody is
    /// about to revoke them.
    async fn through(&self, others: Vec<OtherGrant>) -> Result<Vec<Through>, Worked> {
        if others.is_empty() {
            return Ok(Vec::new());
        }
        let planned = self.planned.of(&self.engine, self.running.run).await?;
        let others = others.into_iter().filter(|other| !planned.contains(&self.planned.key(&other.target)));
        Ok(others
            .map(|OtherGrant { target: Target { who, app, grant }, scopes, resource }| Through {
                everybody: who == Who::Everybody,
                app_name: self.names.get(&app).unwrap_or(&app).clone(),
                app,
                grant,
                scopes,
                resource,
            })
            .collect())
    }

    /// A read that failed proves nothing and takes nothing back: only that it failed is written.
    async fn not_read(&self, item: &Arc<Item>, state: ItemState, error: ApiError) -> Result<Worked, Worked> {
        let halted = (error == ApiError::Halted).then_some(NotRead::NoAnswer);
        // Not this list's failure: whoever was not asked is counted at the end.
        let Some(why) = halted.or_else(|| not_read(error)) else { return Ok(Worked::Open(Some(error))) };
        tracing::info!(%error, "a list was not read again");
        let done = self.looked(item, state, why).await?;
        Ok(if of_the_run(error) { Worked::Open(Some(error)) } else { done })
    }

    async fn looked(&self, item: &Arc<Item>, state: ItemState, why: NotRead) -> Result<Worked, Worked> {
        let look = Some(Look { began: now(&self.engine), not_read: Some(why) });
        let through = item.through.clone();
        self.writer.soon(Change { look, through, ..plain(item, state, state) }).await?;
        Ok(Worked::NotRead(why))
    }

    /// A consent for everybody is gone, and people's lists may follow later.
    fn falls(&self, item: &Item) {
        let target = &item.found.target;
        if target.who == Who::Everybody {
            locked(&self.falling).insert(target.app.clone());
        }
    }

    async fn failed(
        &self,
        item: &Arc<Item>,
        state: ItemState,
        error: ApiError,
        permission: Permission,
    ) -> Result<Worked, Worked> {
        if of_the_run(error) {
            return Ok(Worked::Open(Some(error)));
        }
        tracing::info!(%error, ?permission, "an item was left");
        let forbidden = matches!(error, ApiError::Forbidden { .. });
        let why = if forbidden { Left::Forbidden } else { Left::Unreadable };
        self.left(item, state, why).await
    }

    async fn left(&self, item: &Arc<Item>, state: ItemState, why: Left) -> Result<Worked, Worked> {
        if item.found.target.who == Who::Everybody {
            // It stays for now, and nobody is waited for because of it.
            locked(&self.falling).remove(&item.found.target.app);
        }
        let left = state.leave(now(&self.engine), why);
        if left != state {
            self.writer.soon(plain(item, state, left)).await?;
        }
        Ok(Worked::Over(left))
    }
}

fn internal() -> Worked {
    Worked::Unwritten(crate::ErrorCode::Internal.into())
}

/// What a run has items for, as numbers that can't be confused: read once, and only where a list has more than the
/// item's own grant.
#[derive(Debug, Default)]
pub(crate) struct Planned {
    all: OnceCell<HashSet<(u64, u64)>>,
    states: [RandomState; 2],
}

impl Planned {
    async fn of(&self, engine: &Engine, run: RunId) -> Result<&HashSet<(u64, u64)>, AppError> {
        let read = async || {
            let targets = engine.ports.runs.targets(run).await?;
            Ok::<_, AppError>(targets.iter().map(|target| self.key(target)).collect())
        };
        self.all.get_or_try_init(read).await
    }

    fn key(&self, target: &Target) -> (u64, u64) {
        let [one, two] = &self.states;
        (one.hash_one(target), two.hash_one(target))
    }
}

/// Counts an item that waits for a list.
struct Lagging<'a>(&'a AtomicU64);

impl<'a> Lagging<'a> {
    fn one(count: &'a AtomicU64) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Lagging<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
