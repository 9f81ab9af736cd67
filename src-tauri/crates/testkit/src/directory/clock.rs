//! The time as a server has it.

use crate::fakes::locked;
use jiff::{SignedDuration, Timestamp};
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::Instant;

/// Starts at a time and goes on from there, and can be put ahead.
#[derive(Debug)]
pub(crate) struct ServerClock {
    pub(crate) start: Timestamp,
    started: Instant,
    ahead: Mutex<SignedDuration>,
}

impl ServerClock {
    pub(crate) fn at(start: Timestamp) -> Self {
        Self { start, started: Instant::now(), ahead: Mutex::default() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.started.elapsed()).unwrap_or_default();
        cut(before(before(self.start, -passed), -*locked(&self.ahead)), 100)
    }

    pub(crate) fn put_ahead(&self, by: Duration) {
        let mut ahead = locked(&self.ahead);
        *ahead = ahead.saturating_add(SignedDuration::try_from(by).unwrap_or_default());
    }
}

/// Down to whole steps of so many nanoseconds: what a service doesn't write it doesn't compare either.
pub(crate) fn cut(time: Timestamp, step: i128) -> Timestamp {
    let nanoseconds = time.as_nanosecond();
    Timestamp::from_nanosecond(nanoseconds - nanoseconds.rem_euclid(step)).unwrap_or(time)
}

/// Some time before another one.
pub(crate) fn before(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_sub(by).unwrap_or(time)
}

/// With milliseconds, as Google writes it: `2026-11-23T09:00:00.000Z`.
pub(crate) fn millis(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// With seven digits, as Microsoft writes it in its log.
pub(crate) fn ticks(time: Timestamp) -> String {
    format!("{time:.7}")
}
