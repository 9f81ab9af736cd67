//! How long a request is tried.

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use std::time::Duration;

/// How long a provider is waited for, and how often it is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Reaching the provider.
    pub connect: Duration,
    /// One request, from start to end.
    pub request: Duration,
    /// Times that a request is sent at most, not counting those that only lacked a fresh token.
    pub tries: usize,
    /// How long a connection is tried for before anything has ever answered. After the first answer there was a way, and
    /// `total` counts.
    pub first: Duration,
    /// What a request may take in all: its tries and the pauses between them. Waits that the provider asked for, and
    /// those for the pace, are not counted.
    pub total: Duration,
    /// The first pause after a failure; each further one is twice as long.
    pub pause: Duration,
    /// The first pause after a limit that came without a time; each further one is twice as long. Together they should
    /// outlast Google's limits, which count by the minute.
    pub limited: Duration,
    /// No pause of our own choice is longer, jitter aside.
    pub longest: Duration,
    /// No wait that the provider asks for is honoured for longer.
    pub asked: Duration,
    /// For how long requests to Microsoft are gathered into a batch.
    pub gather: Duration,
}

impl Default for Patience {
    /// Google recommends back-off from one second up to 32 or 64
    /// (<https://developers.google.com/workspace/admin/directory/v1/limits>, read 2026-11).
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            request: Duration::from_secs(30),
            tries: 8,
            first: Duration::from_secs(4),
            total: Duration::from_secs(180),
            pause: Duration::from_millis(200),
            limited: Duration::from_millis(500),
            longest: Duration::from_secs(32),
            asked: Duration::from_secs(300),
            gather: Duration::from_millis(5),
        }
    }
}

/// The tries of one request.
#[derive(Debug)]
pub(super) struct Tries {
    left: usize,
    used: Duration,
    total: Duration,
    pauses: ExponentialBackoff,
    limits: ExponentialBackoff,
}

impl Tries {
    pub(super) fn new(patience: &Patience) -> Self {
        let from = |first| {
            ExponentialBuilder::new()
                .with_min_delay(first)
                .with_max_delay(patience.longest)
                .without_max_times()
                .with_jitter()
                .build()
        };
        Self {
            left: patience.tries.saturating_sub(1),
            used: Duration::ZERO,
            total: patience.total,
            pauses: from(patience.pause),
            limits: from(patience.limited),
        }
    }

    /// Whether a connection is still tried for, with the failure that just came, before anything has ever answered.
    pub(super) fn at_first(&self, most: Duration, took: Duration) -> bool {
        self.used + took < most
    }

    /// The pause after a failure that took `took`. None: enough.
    pub(super) fn after_failure(&mut self, took: Duration) -> Option<Duration> {
        self.used += took;
        let pause = self.pauses.next();
        self.spend(pause)
    }

    /// The pause after a limit without a time. None: enough.
    pub(super) fn after_limit(&mut self) -> Option<Duration> {
        let pause = self.limits.next();
        self.spend(pause)
    }

    /// Takes a wait that the provider asked for. False: enough.
    pub(super) fn as_asked(&mut self) -> bool {
        self.spend(Some(Duration::ZERO)).is_some()
    }

    fn spend(&mut self, pause: Option<Duration>) -> Option<Duration> {
        let pause = pause?;
        self.left = self.left.checked_sub(1)?;
        self.used += pause;
        (self.used <= self.total).then_some(pause)
    }
}
