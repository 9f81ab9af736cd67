//! The keyring's own thread, and the time limits of those who wait for it.

use crate::vault::{Door, Open, Trouble, Vault};
use crate::{Limits, parts};
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use tokio::sync::oneshot;
use tokio::time::timeout;
use uncouple_domain::SecretId;
use uncouple_engine::ports::SecretError;

/// What is wanted.
pub(crate) enum Job {
    Keep(SecretId, SecretString),
    Read(SecretId),
    Forget(SecretId),
    State,
}

type Answer = Result<Option<SecretString>, SecretError>;

const WAITING: u8 = 0;
const GIVEN_UP: u8 = 1;
const ANSWERED: u8 = 2;

/// Who comes first: the caller who gives up or the thread that answers. Without it a token that arrives
/// in the keyring late, after its caller was told that it did not, would stay there unknown to anybody.
#[derive(Default)]
struct Turn(AtomicU8);

impl Turn {
    fn take(&self, as_: u8) -> bool {
        self.0.compare_exchange(WAITING, as_, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    fn given_up(&self) -> bool {
        self.0.load(Ordering::Acquire) == GIVEN_UP
    }
}

/// Gives up when the caller's future is dropped, too.
struct Waiting(Arc<Turn>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.take(GIVEN_UP);
    }
}

struct Request {
    job: Job,
    number: u64,
    turn: Arc<Turn>,
    answer: oneshot::Sender<Answer>,
}

/// What all threads share, the stuck ones included.
#[derive(Default)]
struct Shared {
    /// The newest write of each secret: an older one that comes late must not undo it.
    newest: Mutex<HashMap<SecretId, u64>>,
}

impl Shared {
    fn is_newest(&self, id: SecretId, number: u64) -> bool {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).get(&id) == Some(&number)
    }
}

/// A running thread as seen from outside.
#[derive(Clone)]
struct Line {
    thread: u64,
    requests: mpsc::Sender<Request>,
    /// Set while a person may be looking at an unlock prompt.
    asking: Arc<AtomicBool>,
}

/// Starts threads and hands them requests.
pub(crate) struct Workers {
    open: Arc<dyn Open>,
    limits: Limits,
    shared: Arc<Shared>,
    count: AtomicU64,
    line: Mutex<Option<Line>>,
}

impl std::fmt::Debug for Workers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workers").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Workers {
    pub(crate) fn new(open: impl Open, limits: Limits) -> Self {
        Self { open: Arc::new(open), limits, shared: Arc::default(), count: AtomicU64::new(0), line: Mutex::new(None) }
    }

    /// Hands a job to the thread and waits for a limited time.
    pub(crate) async fn ask(&self, job: Job) -> Answer {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        if let Job::Keep(id, _) = &job {
            self.shared.newest.lock().unwrap_or_else(PoisonError::into_inner).insert(*id, number);
        }
        let turn = Arc::new(Turn::default());
        let waiting = Waiting(turn.clone());
        let (answer, mut answered) = oneshot::channel();
        let line = self.send(Request { job, number, turn, answer })?;

        let mut heard = timeout(self.limits.answer, &mut answered).await;
        let asking = line.asking.load(Ordering::Acquire);
        if heard.is_err() && asking {
            heard = timeout(self.limits.unlock.saturating_sub(self.limits.answer), &mut answered).await;
        }
        if heard.is_err() && !waiting.0.take(GIVEN_UP) {
            // The thread was faster by a hair: its answer is on the way.
            heard = Ok(answered.await);
        }
        match heard {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => {
                self.leave(line.thread);
                Err(SecretError::Failed)
            }
            Err(_) => {
                tracing::warn!(asking, "the keyring does not answer; its thread is left behind");
                self.leave(line.thread);
                Err(if asking { SecretError::Locked } else { SecretError::Silent })
            }
        }
    }

    fn send(&self, request: Request) -> Result<Line, SecretError> {
        let mut slot = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let mut request = request;
        if let Some(line) = slot.as_ref() {
            match line.requests.send(request) {
                Ok(()) => return Ok(line.clone()),
                Err(mpsc::SendError(back)) => request = back,
            }
        }
        let line = self.start().map_err(|error| {
            tracing::error!(%error, "no thread for the keyring");
            SecretError::Failed
        })?;
        if line.requests.send(request).is_err() {
            return Err(SecretError::Failed);
        }
        Ok(slot.insert(line).clone())
    }

    fn start(&self) -> std::io::Result<Line> {
        let (requests, incoming) = mpsc::channel();
        let asking = Arc::new(AtomicBool::new(false));
        let (open, shared, flag) = (self.open.clone(), self.shared.clone(), asking.clone());
        std::thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(move || Thread { open, shared, asking: flag, vault: None }.run(&incoming))?;
        Ok(Line { thread: self.count.fetch_add(1, Ordering::Relaxed), requests, asking })
    }

    /// Lets the next request start another thread.
    fn leave(&self, thread: u64) {
        let mut slot = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.as_ref().is_some_and(|line| line.thread == thread) {
            *slot = None;
        }
    }
}

struct Thread {
    open: Arc<dyn Open>,
    shared: Arc<Shared>,
    asking: Arc<AtomicBool>,
    vault: Option<Box<dyn Vault>>,
}

impl Thread {
    fn run(&mut self, requests: &mpsc::Receiver<Request>) {
        while let Ok(request) = requests.recv() {
            if request.turn.given_up() {
                continue;
            }
            let result = self.do_twice(&request);
            self.asking.store(false, Ordering::Release);
            if request.turn.take(ANSWERED) {
                // The receiver can only be gone if its caller gave up, and then the turn was taken.
                let _ = request.answer.send(result.map_err(SecretError::from));
            } else if let Job::Keep(id, _) = request.job
                && self.shared.is_newest(id, request.number)
            {
                tracing::warn!("a keyring write came late and is undone");
                let undone = self.with_vault(|vault, _| parts::delete(vault, &id.to_string()));
                if undone.is_err() {
                    tracing::error!(%id, "the late keyring write could not be undone");
                }
            }
        }
    }

    /// A second time on a new connection, if the first one turned out to be dead. Every job may be done
    /// twice: the second write of one secret replaces the first.
    fn do_twice(&mut self, request: &Request) -> Result<Option<SecretString>, Trouble> {
        match self.do_once(request) {
            Err(Trouble::Stale) => self.do_once(request),
            other => other,
        }
    }

    fn do_once(&mut self, request: &Request) -> Result<Option<SecretString>, Trouble> {
        self.with_vault(|vault, asking| {
            let door = vault.door()?;
            match (&request.job, door) {
                (Job::State, Door::Open | Door::Unknown) => return Ok(None),
                (Job::State, Door::Locked) => return Err(Trouble::Locked),
                (Job::State | Job::Keep(..), Door::NoRoom) => return Err(Trouble::NoCollection),
                (Job::Keep(..) | Job::Read(_) | Job::Forget(_), Door::Locked) => {
                    asking.store(true, Ordering::Release);
                    vault.unlock()?;
                }
                (Job::Keep(..) | Job::Read(_) | Job::Forget(_), Door::Unknown) => {
                    asking.store(true, Ordering::Release);
                }
                (Job::Keep(..) | Job::Read(_) | Job::Forget(_), Door::Open)
                | (Job::Read(_) | Job::Forget(_), Door::NoRoom) => {}
            }
            // A person may have answered long after the caller went on without the keyring.
            if request.turn.given_up() {
                return Err(Trouble::Locked);
            }
            match &request.job {
                Job::Keep(id, secret) => parts::put(vault, &id.to_string(), secret.expose_secret().as_bytes())?,
                Job::Forget(id) => parts::delete(vault, &id.to_string())?,
                Job::Read(id) => {
                    let found = parts::get(vault, &id.to_string())?;
                    return found.map(|bytes| text(&bytes)).transpose();
                }
                Job::State => {}
            }
            Ok(None)
        })
    }

    fn with_vault<T>(&mut self, act: impl FnOnce(&dyn Vault, &AtomicBool) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let vault = match self.vault.take() {
            Some(vault) => vault,
            None => (self.open)()?,
        };
        let result = act(vault.as_ref(), &self.asking);
        if !matches!(result, Err(Trouble::Stale)) {
            self.vault = Some(vault);
        }
        result
    }
}

fn text(bytes: &[u8]) -> Result<SecretString, Trouble> {
    std::str::from_utf8(bytes).map(SecretString::from).map_err(|_| Trouble::Failed)
}

#[cfg(test)]
#[path = "worker_tests.rs"]
mod tests;
