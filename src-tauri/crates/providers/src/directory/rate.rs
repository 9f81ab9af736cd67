//! How many calls may leave, and when: the share of a quota that is ours by the settings ([`Share`]), and what the
//! provider really takes ([`Adaptive`]). Both are arithmetic on times that are handed in.

use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

/// Calls that leave within this time are counted as one entry of a window.
const GRAIN: Duration = Duration::from_millis(100);

/// So much longer than the provider's window is ours: calls that leave apart can arrive together.
const SLACK: Duration = Duration::from_secs(1);

/// No more than so many calls in any window of time. They may leave at once until the window is used up; from then on
/// they leave evenly, until nothing was asked for a whole window.
#[derive(Debug)]
pub(super) struct Share {
    calls: u64,
    per: Duration,
    window: VecDeque<(Instant, u64)>,
    used: u64,
    even: bool,
    /// Calls wait for it.
    held: bool,
    next: Option<Instant>,
}

impl Share {
    pub(super) fn new(calls: u32, per: Duration) -> Self {
        Self {
            calls: u64::from(calls.max(1)),
            per,
            window: VecDeque::new(),
            used: 0,
            even: false,
            held: false,
            next: None,
        }
    }

    /// How long so many calls have to wait. Zero: they may leave now.
    pub(super) fn wait(&mut self, now: Instant, weight: u64) -> Duration {
        let kept = self.per + SLACK;
        while let Some((at, count)) = self.window.front().copied() {
            if now.duration_since(at) < kept {
                break;
            }
            self.window.pop_front();
            self.used -= count;
        }
        let Some((oldest, _)) = self.window.front().copied() else {
            if !self.held {
                self.even = false;
                self.next = None;
            }
            return Duration::ZERO;
        };
        if self.used + weight > self.calls {
            (self.even, self.held) = (true, true);
            return (oldest + kept).saturating_duration_since(now);
        }
        let next = self.next.filter(|_| self.even);
        next.map_or(Duration::ZERO, |next| next.saturating_duration_since(now))
    }

    /// So many calls leave now.
    pub(super) fn take(&mut self, now: Instant, weight: u64) {
        match self.window.back_mut() {
            Some((at, count)) if now.duration_since(*at) < GRAIN => *count += weight,
            _ => self.window.push_back((now, weight)),
        }
        self.used += weight;
        self.held = false;
        let each = self.per.as_secs_f64() / to_f64(self.calls);
        self.next = Some(self.next.unwrap_or(now).max(now) + Duration::from_secs_f64(each * to_f64(weight)));
    }
}

/// What is measured: the calls that the provider took within a second.
const MEASURED: Duration = Duration::from_secs(1);

/// The best second of so many counts. Pauses make others look worse than the provider is.
const REMEMBERED: Duration = Duration::from_secs(5);

/// What is left of the measured rate after a refusal.
const DECREASE: f64 = 0.85;

/// Below the last rate that was refused, each call that is taken adds so much: about seven times the rate a second.
const QUICK: f64 = 2.0;

/// Above it the rate grows by this part of itself a second, and by one call at least.
const SLOW: f64 = 0.05;

/// As slow as it gets, in calls a second.
const SLOWEST: f64 = 1.0;

/// Where the quick growth ends before anything was measured: 2,400 calls a minute.
const UNMEASURED: f64 = 40.0;

/// Follows a provider that takes less than the settings allow: additive increase, multiplicative decrease (RFC 5681
/// section 3.1 does the same for TCP). Without a refusal there is no limit.
#[derive(Debug)]
pub(super) struct Adaptive {
    /// Calls a second. None: nothing was refused so far.
    rate: Option<f64>,
    /// The rate at the last refusal.
    refused_at: f64,
    next: Option<Instant>,
    taken: VecDeque<(Instant, u64)>,
    /// Requests that were sent before then belong to the same refusal.
    decreased: Option<Instant>,
    /// Pauses since the last call that was taken.
    pauses: u32,
    last_taken: Option<Instant>,
    /// How long nothing was sent, in all. What is measured is measured without it.
    paused: Duration,
    first_pause: Duration,
    longest_pause: Duration,
}

impl Adaptive {
    pub(super) fn new(first_pause: Duration, longest_pause: Duration) -> Self {
        Self {
            rate: None,
            refused_at: UNMEASURED,
            next: None,
            taken: VecDeque::new(),
            decreased: None,
            pauses: 0,
            last_taken: None,
            paused: Duration::ZERO,
            first_pause,
            longest_pause,
        }
    }

    /// How long the next calls have to wait. Zero: they may leave now.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        let next = self.next.filter(|_| self.rate.is_some());
        next.map_or(Duration::ZERO, |next| next.saturating_duration_since(now))
    }

    /// So many calls leave now.
    pub(super) fn take(&mut self, now: Instant, weight: u64) {
        if let Some(rate) = self.rate {
            let time = Duration::from_secs_f64(to_f64(weight) / rate);
            self.next = Some(self.next.unwrap_or(now).max(now) + time);
        }
    }

    /// The provider took so many calls.
    pub(super) fn accepted(&mut self, now: Instant, weight: u64) {
        let active = self.active(now);
        match self.taken.back_mut() {
            Some((at, count)) if active.saturating_duration_since(*at) < GRAIN / 4 => *count += weight,
            _ => self.taken.push_back((active, weight)),
        }
        self.forget(active);
        (self.pauses, self.last_taken) = (0, Some(now));
        if let Some(rate) = &mut self.rate {
            let more = if *rate < self.refused_at { QUICK } else { (SLOW * *rate).max(1.0) / *rate };
            *rate += more * to_f64(weight);
        }
    }

    /// The provider refused a call that was sent at `sent`, as one too many. How long nothing is to be sent: as long as
    /// it `asked` for, or else the longer the more often nothing came through. None: this refusal was reckoned with.
    pub(super) fn refused(&mut self, now: Instant, sent: Instant, asked: Option<Duration>) -> Option<Duration> {
        if self.decreased.is_some_and(|decreased| sent <= decreased) {
            return asked;
        }
        self.decreased = Some(now);
        self.forget(self.active(now));
        let measured = to_f64(self.best_second());
        if measured > 0.0 {
            let base = self.rate.map_or(measured, |rate| rate.min(measured)).max(SLOWEST);
            self.refused_at = base.max(self.refused_at.min(base * 2.0) / 2.0);
            self.rate = Some((base * DECREASE).max(SLOWEST));
        } else if self.rate.is_none() {
            self.rate = Some(SLOWEST);
        }
        self.next = None;
        let pause = self.first_pause.saturating_mul(1 << self.pauses.min(16)).min(self.longest_pause);
        self.pauses = self.pauses.saturating_add(1);
        let pause = asked.unwrap_or(pause);
        self.paused = self.paused.saturating_add(pause);
        Some(pause)
    }

    /// When a call was last taken.
    pub(super) fn last_taken(&self) -> Option<Instant> {
        self.last_taken
    }

    /// The time without pauses.
    fn active(&self, now: Instant) -> Instant {
        now.checked_sub(self.paused).unwrap_or(now)
    }

    fn best_second(&self) -> u64 {
        let (mut best, mut sum) = (0, 0);
        let mut first = self.taken.iter().peekable();
        for (at, count) in &self.taken {
            sum += count;
            while let Some((_, gone)) = first.next_if(|(first, _)| at.saturating_duration_since(*first) >= MEASURED) {
                sum -= gone;
            }
            best = best.max(sum);
        }
        best
    }

    fn forget(&mut self, now: Instant) {
        while self.taken.front().is_some_and(|(at, _)| now.saturating_duration_since(*at) >= REMEMBERED) {
            self.taken.pop_front();
        }
    }
}

/// Rates are rounded.
#[expect(clippy::cast_precision_loss, reason = "a rate; calls of one window are far below 2^52")]
fn to_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const STEP: Duration = Duration::from_millis(1);

    proptest! {
        #[test]
        fn no_window_sees_more_calls_than_allowed(
            calls in 1..500_u32,
            asks in prop::collection::vec((0..8_000_u64, 1..30_u64), 1..400),
        ) {
            let per = Duration::from_secs(10);
            let mut share = Share::new(calls, per);
            let mut now = Instant::now();
            let mut left: Vec<(Instant, u64)> = Vec::new();
            for (pause, weight) in asks {
                let weight = weight.min(calls.into());
                now += Duration::from_millis(pause);
                let mut waits = 0;
                loop {
                    let wait = share.wait(now, weight);
                    if wait.is_zero() {
                        break;
                    }
                    now += wait;
                    waits += 1;
                    prop_assert!(waits < 1_000, "it waits for ever");
                }
                share.take(now, weight);
                left.push((now, weight));
                let within: u64 = left.iter().filter(|(at, _)| now.duration_since(*at) <= per).map(|(_, w)| w).sum();
                prop_assert!(within <= calls.into(), "{within}");
            }
        }
    }

    #[test]
    fn a_minutes_share_leaves_at_once_and_the_rest_evenly() {
        let mut share = Share::new(2_400, MINUTE);
        let start = Instant::now();
        let mut now = start;
        let mut at = Vec::new();
        while at.len() < 4_800 {
            match share.wait(now, 1) {
                Duration::ZERO => {
                    share.take(now, 1);
                    at.push(now.duration_since(start));
                }
                wait => now += wait,
            }
        }
        assert!(at.get(2_399).is_some_and(|at| at.is_zero()));
        let (first, last) = (at.get(2_400).copied().unwrap_or_default(), at.last().copied().unwrap_or_default());
        assert!((MINUTE..MINUTE * 11 / 10).contains(&first), "{first:?}");
        assert!((MINUTE * 95 / 100..MINUTE * 11 / 10).contains(&(last - first)), "{:?}", last - first);
    }

    /// A provider with a rolling window, asked by so many at once, each 50 ms away. In steps of a millisecond: how long
    /// `calls` calls take.
    fn takes(calls: u64, quota: usize, per: Duration, connections: usize, share: Option<u32>) -> Duration {
        let trip = Duration::from_millis(50);
        let start = Instant::now();
        let mut now = start;
        let mut share = share.map(|calls| Share::new(calls, MINUTE));
        let mut adaptive = Adaptive::new(Duration::from_millis(100), Duration::from_secs(4));
        let mut window: VecDeque<Instant> = VecDeque::new();
        let mut flying: VecDeque<(Instant, Instant, bool)> = VecDeque::new();
        let (mut done, mut open_at) = (0, start);
        while done < calls {
            while let Some((sent, back, taken)) = flying.front().copied().filter(|(_, back, _)| *back <= now) {
                flying.pop_front();
                if taken {
                    done += 1;
                    adaptive.accepted(back, 1);
                } else if let Some(pause) = adaptive.refused(back, sent, None) {
                    open_at = open_at.max(back + pause);
                }
            }
            while flying.len() < connections && now >= open_at && done + (flying.len() as u64) < calls {
                let own = share.as_mut().map_or(Duration::ZERO, |share| share.wait(now, 1));
                if !own.is_zero() || !adaptive.wait(now).is_zero() {
                    break;
                }
                if let Some(share) = &mut share {
                    share.take(now, 1);
                }
                adaptive.take(now, 1);
                while window.front().is_some_and(|at| now.duration_since(*at) >= per) {
                    window.pop_front();
                }
                let taken = window.len() < quota;
                if taken {
                    window.push_back(now);
                }
                flying.push_back((now, now + trip, taken));
            }
            now += STEP;
            assert!(now.duration_since(start) < Duration::from_secs(3_600), "{done} of {calls}");
        }
        now.duration_since(start)
    }

    #[test]
    fn refusals_now_and_then_do_not_bring_it_to_a_crawl() {
        let start = Instant::now();
        let (mut now, mut open_at) = (start, start);
        let mut adaptive = Adaptive::new(Duration::from_millis(100), Duration::from_secs(4));
        let (mut done, mut number) = (0, 0);
        while done < 1_000 {
            now = now.max(open_at) + STEP * 4;
            now += adaptive.wait(now);
            adaptive.take(now, 1);
            number += 1;
            // Fifteen of a hundred, whatever the rate.
            if number * 7 % 20 < 3 {
                let pause = adaptive.refused(now + STEP * 3, now, None);
                open_at = now + STEP * 3 + pause.unwrap_or_default();
            } else {
                done += 1;
                adaptive.accepted(now + STEP * 3, 1);
            }
        }
        // 176 pauses of a tenth of a second, and not much besides.
        let took = now.duration_since(start);
        assert!(took < Duration::from_secs(100), "{took:?}");
    }

    #[test]
    fn a_quota_below_the_pace_is_followed() {
        let second = Duration::from_secs(1);
        for (name, calls, quota, per, connections, share) in [
            ("20 a second", 400, 20, second, 16, Some(2_400)),
            ("10 a second", 400, 10, second, 16, Some(2_400)),
            ("40 a second, no pace", 400, 40, second, 32, None),
            ("5 a second", 200, 5, second, 16, Some(2_400)),
            ("2 a second", 60, 2, second, 16, Some(2_400)),
            ("100 in ten seconds", 400, 100, second * 10, 16, Some(2_400)),
            ("1,200 a minute", 1_800, 1_200, MINUTE, 16, Some(2_400)),
            ("300 a minute", 700, 300, MINUTE, 16, Some(2_400)),
        ] {
            let took = takes(calls, quota, per, connections, share);
            // The first window's calls can leave at once.
            let windows = calls.div_ceil(quota as u64) - 1;
            let least = per.as_secs_f64() * windows as f64;
            assert!(took.as_secs_f64() <= least * 1.5, "{name}: {took:?}, least {least}");
        }
    }
}
