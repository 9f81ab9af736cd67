//! The pace at which a directory is asked.

use super::patience::Patience;
use super::rate::{Adaptive, Share};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::time::Instant;
use uncouple_engine::directory::{Pace, Spent};
use uncouple_engine::ports::SignInAt;

/// The window of the settings' calls a minute.
const MINUTE: Duration = Duration::from_secs(60);

/// Microsoft takes 3,000 writes in 150 seconds from an app in a tenant
/// (<https://learn.microsoft.com/graph/throttling-limits>, identity and access, read 2026-11).
const WRITES: (u32, Duration) = (3_000, Duration::from_secs(150));

/// No longer sleep before it is looked again whether a call may leave.
const LOOK: Duration = Duration::from_secs(1);

/// No pause of our own after a refusal is longer: a window of a minute that has room again is to be noticed.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// Lets requests through: so many at once, so many a minute, no more than the provider takes, and none while it wants to
/// be left alone.
#[derive(Debug)]
pub(super) struct Gate {
    room: Semaphore,
    /// Whoever came first leaves first.
    queue: tokio::sync::Mutex<()>,
    rates: Mutex<Rates>,
    refused: Duration,
    opened: Instant,
    /// Our own share is used up until then, in milliseconds since `opened`.
    held: AtomicU64,
    /// Closed until then, in milliseconds since `opened`.
    closed: AtomicU64,
    calls: AtomicU64,
    repeated: AtomicU64,
    /// Nothing is to be changed any more.
    halted: watch::Sender<bool>,
}

/// What limits how fast calls leave.
#[derive(Debug)]
struct Rates {
    all: Option<Share>,
    changes: Option<Share>,
    adaptive: Adaptive,
}

impl Rates {
    /// How long calls have to wait for our own share, and for what the provider takes. If for nothing, they leave now.
    fn ask(&mut self, now: Instant, weight: u32, changes: bool) -> (Duration, Duration) {
        let weight = u64::from(weight);
        let mut shares = [self.all.as_mut(), self.changes.as_mut().filter(|_| changes)];
        let waits = shares.iter_mut().flatten().map(|share| share.wait(now, weight));
        let waits = (waits.max().unwrap_or_default(), self.adaptive.wait(now));
        if waits == (Duration::ZERO, Duration::ZERO) {
            shares.iter_mut().flatten().for_each(|share| share.take(now, weight));
            self.adaptive.take(now, weight);
        }
        waits
    }
}

/// The refusals that one request met.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refusals {
    first: Instant,
    /// The longest wait that the provider asked for.
    asked: Duration,
}

impl Gate {
    pub(super) fn new(at: SignInAt, pace: Pace, patience: &Patience) -> Self {
        let a_minute = pace.calls_per_minute;
        let changes = match at {
            SignInAt::Google => None,
            SignInAt::Microsoft => Some(WRITES),
        };
        Self {
            room: Semaphore::new(usize::from(pace.connections.max(1))),
            queue: tokio::sync::Mutex::new(()),
            rates: Mutex::new(Rates {
                all: (a_minute > 0).then(|| Share::new(a_minute, MINUTE)),
                changes: changes.filter(|_| a_minute > 0).map(|(calls, per)| Share::new(calls, per)),
                adaptive: Adaptive::new(patience.limited, LONGEST_PAUSE.min(patience.longest)),
            }),
            refused: patience.refused,
            opened: Instant::now(),
            held: AtomicU64::new(0),
            closed: AtomicU64::new(0),
            calls: AtomicU64::new(0),
            repeated: AtomicU64::new(0),
            halted: watch::channel(false).0,
        }
    }

    /// Waits for the turn of a request that stands for `weight` calls. The turn lasts until the permit is dropped.
    pub(super) async fn turn(&self, weight: u32, changes: bool) -> Option<SemaphorePermit<'_>> {
        // Never closed, so there always is one.
        let permit = self.room.acquire().await.ok();
        let _first = self.queue.lock().await;
        loop {
            self.until_open().await;
            let (own, provider) = self.rates().ask(Instant::now(), weight, changes);
            self.held.store(self.at(own), Ordering::Release);
            let wait = own.max(provider);
            if wait.is_zero() {
                return permit;
            }
            // It may be closed in the meantime, and the provider's rate may grow.
            tokio::time::sleep(wait.min(LOOK)).await;
        }
    }

    fn rates(&self) -> MutexGuard<'_, Rates> {
        self.rates.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The provider took so many calls.
    pub(super) fn accepted(&self, weight: u32) {
        self.rates().adaptive.accepted(Instant::now(), u64::from(weight));
    }

    /// The provider refused a call that was sent at `sent` as one too many, and asked to be left alone for so long, or
    /// named no time.
    pub(super) fn refused(&self, sent: Instant, asked: Option<Duration>) {
        if let Some(pause) = self.rates().adaptive.refused(Instant::now(), sent, asked) {
            tracing::info!(pause_ms = pause.as_millis(), named = asked.is_some(), "over the provider's limits");
            self.close(pause);
        }
    }

    /// Whether a request that meets refusals is to be given up. What counts is time: whoever is refused while others get
    /// through waits on, and a quota that is used up fills again.
    pub(super) fn is_hopeless(&self, refusals: &mut Option<Refusals>, asked: Option<Duration>) -> bool {
        let now = Instant::now();
        let met = refusals.get_or_insert(Refusals { first: now, asked: Duration::ZERO });
        met.asked = met.asked.max(asked.unwrap_or_default());
        let patience = self.refused.max(met.asked * 2);
        let since = self.rates().adaptive.last_taken().map_or(met.first, |taken| taken.max(met.first));
        now.duration_since(since) > patience || now.duration_since(met.first) > patience * 4
    }

    /// Nothing is to be changed from now on.
    pub(super) fn halt(&self) {
        self.halted.send_replace(true);
    }

    pub(super) fn is_halted(&self) -> bool {
        *self.halted.borrow()
    }

    /// Waits for something on the way to a request. None: the request `changes` something, and nothing is to be changed
    /// any more.
    pub(super) async fn unless_halted<T>(&self, changes: bool, wait: impl Future<Output = T>) -> Option<T> {
        if !changes {
            return Some(wait.await);
        }
        let mut halted = self.halted.subscribe();
        tokio::select! {
            biased;
            _ = halted.wait_for(|halted| *halted) => None,
            done = wait => Some(done),
        }
    }

    async fn until_open(&self) {
        loop {
            let closed = self.left();
            if closed.is_zero() {
                return;
            }
            tokio::time::sleep(closed).await;
        }
    }

    /// Nothing is sent for so long. A longer closing that stands already stays.
    pub(super) fn close(&self, wait: Duration) {
        self.closed.fetch_max(self.at(wait), Ordering::AcqRel);
    }

    /// So long from now, in milliseconds since `opened`.
    fn at(&self, wait: Duration) -> u64 {
        let until = self.opened.elapsed().saturating_add(wait);
        u64::try_from(until.as_millis()).unwrap_or(u64::MAX).saturating_add(1)
    }

    fn left(&self) -> Duration {
        self.until(&self.closed)
    }

    fn until(&self, time: &AtomicU64) -> Duration {
        Duration::from_millis(time.load(Ordering::Acquire)).saturating_sub(self.opened.elapsed())
    }

    /// Counts calls that are sent now.
    pub(super) fn count(&self, weight: u32, again: bool) {
        self.calls.fetch_add(u64::from(weight), Ordering::Relaxed);
        if again {
            self.repeated.fetch_add(u64::from(weight), Ordering::Relaxed);
        }
    }

    pub(super) fn spent(&self) -> Spent {
        Spent {
            calls: self.calls.load(Ordering::Relaxed),
            repeated: self.repeated.load(Ordering::Relaxed),
            waiting_ms: u64::try_from(self.left().max(self.until(&self.held)).as_millis()).unwrap_or(u64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn gate(calls_per_minute: u32) -> Gate {
        Gate::new(SignInAt::Google, Pace { calls_per_minute, connections: 1 }, &Patience::default())
    }

    #[tokio::test]
    async fn whoever_waits_for_the_pace_waits_for_a_limit_as_well() {
        let gate = gate(3_000);
        drop(gate.turn(3_000, false).await);
        let start = Instant::now();
        let waiting = tokio::time::timeout(Duration::from_millis(120), gate.turn(1, false));
        let (waited, ()) = tokio::join!(waiting, async { gate.close(Duration::from_millis(60)) });
        assert!(waited.is_err() && start.elapsed() >= Duration::from_millis(60), "{:?}", start.elapsed());
        assert!(gate.spent().waiting_ms > 50_000, "the minute's share is used up, and that is told");
    }

    #[tokio::test]
    async fn a_shorter_limit_does_not_shorten_a_longer_one() {
        let gate = gate(0);
        gate.close(Duration::from_secs(60));
        gate.close(Duration::from_secs(1));
        assert!(gate.spent().waiting_ms > 50_000);
        gate.close(Duration::MAX);
        assert!(gate.spent().waiting_ms > 60_000);
    }

    #[tokio::test(start_paused = true)]
    async fn what_counts_is_how_long_nothing_gets_through() {
        let gate = gate(0);
        let mut refusals = None;
        for _ in 0..100 {
            assert!(!gate.is_hopeless(&mut refusals, None), "a hundred refusals at once are no time at all");
        }
        tokio::time::advance(Patience::default().refused - Duration::from_secs(1)).await;
        gate.accepted(1);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert!(!gate.is_hopeless(&mut refusals, None), "others get through");
        tokio::time::advance(Patience::default().refused).await;
        assert!(gate.is_hopeless(&mut refusals, None));
        // Refused for ever, while others get through.
        let mut refusals = None;
        for _ in 0..20 {
            gate.accepted(1);
            if gate.is_hopeless(&mut refusals, None) {
                return;
            }
            tokio::time::advance(Patience::default().refused / 2).await;
        }
        unreachable!("it is never given up");
    }

    #[tokio::test]
    async fn microsofts_writes_have_a_limit_of_their_own() {
        let pace = Pace { calls_per_minute: 12_000, connections: 1 };
        let gate = Gate::new(SignInAt::Microsoft, pace, &Patience::default());
        drop(gate.turn(3_000, true).await);
        tokio::time::timeout(Duration::from_millis(200), gate.turn(20, false)).await.unwrap();
        assert!(tokio::time::timeout(Duration::from_millis(200), gate.turn(1, true)).await.is_err());
    }
}
