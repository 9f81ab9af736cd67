//! How fast something goes.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// What "lately" means.
const LATELY: Duration = Duration::from_secs(15);

/// Counts things as they are done, and tells how fast it went lately.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    marks: VecDeque<(Instant, u64)>,
    done: u64,
}

impl Meter {
    /// So many more are done.
    pub(crate) fn add(&mut self, more: u64) {
        self.done += more;
    }

    /// How many are done.
    pub(crate) fn done(&self) -> u64 {
        self.done
    }

    /// Things a second, lately.
    pub(crate) fn rate(&mut self) -> f64 {
        self.rate_at(Instant::now())
    }

    fn rate_at(&mut self, now: Instant) -> f64 {
        // Four marks a second are enough for a number that people read.
        if self.marks.back().is_none_or(|(at, _)| now.duration_since(*at) >= Duration::from_millis(250)) {
            self.marks.push_back((now, self.done));
        }
        while self.marks.len() > 2 && self.marks.front().is_some_and(|(at, _)| now.duration_since(*at) > LATELY) {
            self.marks.pop_front();
        }
        let Some((since, before)) = self.marks.front().copied() else { return 0.0 };
        let seconds = now.duration_since(since).as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
        let done = (self.done - before) as f64;
        if seconds < 0.2 { 0.0 } else { done / seconds }
    }

    /// Seconds for so many more, as far as the rate tells.
    pub(crate) fn seconds_for(rate: f64, left: u64) -> Option<u64> {
        #[expect(clippy::cast_precision_loss, reason = "a time for people to read")]
        let seconds = left as f64 / rate;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "finite, not negative and capped")]
        let whole = (rate > 0.0).then(|| seconds.min(1e9).ceil() as u64);
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        let start = Instant::now();
        let mut meter = Meter::default();
        meter.rate_at(start);
        meter.add(1_000);
        meter.rate_at(start + Duration::from_secs(1));
        for second in 2..40 {
            meter.add(10);
            meter.rate_at(start + Duration::from_secs(second));
        }
        let rate = meter.rate_at(start + Duration::from_secs(40));
        assert!((9.0..11.0).contains(&rate), "{rate}");
        assert_eq!(Meter::seconds_for(10.0, 95), Some(10));
        assert_eq!(Meter::seconds_for(0.0, 95), None);
    }
}
