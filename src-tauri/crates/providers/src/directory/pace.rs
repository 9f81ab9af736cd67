//! The pace at which a directory is asked.

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
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
    let slower = calls.get().saturating_sub(2 * (burst.get() - 1));
    Quota::per_minute(NonZeroU32::new(slower).unwrap_or(NonZeroU32::MIN)).allow_burst(burst)
}
