//! The pace at which a directory is asked.

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::time::Instant;
use uncouple_engine::directory::{Pace, Spent};

/// Lets requests through: so many at once, so many a minute, and none while the provider wants to be left alone.
#[derive(Debug)]
pub(super) struct Gate {
    room: Semaphore,
    steady: Option<DefaultDirectRateLimiter>,
    opened: Instant,
    /// Closed until then, in milliseconds since `opened`.
    closed: AtomicU64,
    calls: AtomicU64,
    repeated: AtomicU64,
    /// Nothing is to be changed any more.
    halted: watch::Sender<bool>,
}

impl Gate {
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            room: Semaphore::new(usize::from(pace.connections.max(1))),
            steady: NonZeroU32::new(pace.calls_per_minute).map(|calls| RateLimiter::direct(steady(calls))),
            opened: Instant::now(),
            closed: AtomicU64::new(0),
            calls: AtomicU64::new(0),
            repeated: AtomicU64::new(0),
            halted: watch::channel(false).0,
        }
    }

    /// Waits for the turn of a request that stands for `weight` calls. The turn lasts until the permit is dropped.
    pub(super) async fn turn(&self, weight: u32) -> Option<SemaphorePermit<'_>> {
        // Never closed, so there always is one.
        let permit = self.room.acquire().await.ok();
        self.until_open().await;
        if let Some(steady) = &self.steady {
            for _ in 0..weight {
                steady.until_ready().await;
            }
            // It may have been closed in the meantime.
            self.until_open().await;
        }
        permit
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
        let until = self.opened.elapsed().saturating_add(wait);
        self.closed.fetch_max(u64::try_from(until.as_millis()).unwrap_or(u64::MAX).saturating_add(1), Ordering::AcqRel);
    }

    fn left(&self) -> Duration {
        Duration::from_millis(self.closed.load(Ordering::Acquire)).saturating_sub(self.opened.elapsed())
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
            waiting_ms: u64::try_from(self.left().as_millis()).unwrap_or(u64::MAX),
        }
    }
}

/// A steady pace with a burst of a hundredth, so slow that no minute sees more calls than allowed: a window of a minute
/// sees the burst and what grows back, and the way to the provider can push calls of two bursts together.
fn steady(calls: NonZeroU32) -> Quota {
    let burst = NonZeroU32::new(calls.get() / 100).unwrap_or(NonZeroU32::MIN);
    let slower = calls.get().saturating_sub(2 * burst.get());
    Quota::per_minute(NonZeroU32::new(slower).unwrap_or(NonZeroU32::MIN)).allow_burst(burst)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    #[tokio::test]
    async fn whoever_waits_for_the_pace_waits_for_a_limit_as_well() {
        // A burst of 30, and one every 21 ms.
        let gate = Gate::new(Pace { calls_per_minute: 3_000, connections: 1 });
        gate.turn(30).await;
        let start = Instant::now();
        let (_, ()) = tokio::join!(gate.turn(1), async { gate.close(Duration::from_millis(60)) });
        assert!(start.elapsed() >= Duration::from_millis(60), "{:?}", start.elapsed());
    }

    #[tokio::test]
    async fn a_shorter_limit_does_not_shorten_a_longer_one() {
        let gate = Gate::new(Pace { calls_per_minute: 0, connections: 1 });
        gate.close(Duration::from_secs(60));
        gate.close(Duration::from_secs(1));
        assert!(gate.spent().waiting_ms > 50_000);
        gate.close(Duration::MAX);
        assert!(gate.spent().waiting_ms > 60_000);
    }

    proptest! {
        #[test]
        fn no_minute_sees_more_calls_than_allowed(calls in 1..100_000_u32) {
            let quota = steady(NonZeroU32::new(calls).unwrap());
            let burst = u128::from(quota.burst_size().get());
            // Beside the burst at its beginning; the next minute begins with another one.
            let more = Duration::from_secs(60).as_nanos().div_ceil(quota.replenish_interval().as_nanos()) - 1;
            prop_assert!(burst + more <= u128::from(calls), "{burst} {more}");
            // And not many fewer.
            prop_assert!(calls < 100 || more * 100 >= u128::from(calls) * 97, "{burst} {more}");
        }
    }
}
