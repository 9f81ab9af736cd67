//! How long a request is tried.

use crate::endpoints::TEST_BUILD;
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
    /// The first pause of all calls after a limit that came without a time; each further one is twice as long, as long
    /// as nothing gets through.
    pub limited: Duration,
    /// A request is given up when the provider's limits let nothing through for so long. It outlasts quotas that count
    /// by the minute, twice.
    pub refused: Duration,
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
            limited: Duration::from_millis(100),
            refused: refused(),
            longest: Duration::from_secs(32),
            asked: Duration::from_secs(300),
            gather: Duration::from_millis(5),
        }
    }
}

/// Tests against a server that refuses for ever don't wait for minutes.
fn refused() -> Duration {
    let usual = Duration::from_secs(150);
    if !TEST_BUILD {
        return usual;
    }
    let seconds = std::env::var("UNCOUPLE_TEST_LIMITS_SECONDS").ok().and_then(|text| text.parse().ok());
    seconds.map_or(usual, Duration::from_secs)
}

/// The tries of one request.
#[derive(Debug)]
pub(super) struct Tries {
    left: usize,
    used: Duration,
    total: Duration,
    pauses: ExponentialBackoff,
}

impl Tries {
    pub(super) fn new(patience: &Patience) -> Self {
        let pauses = ExponentialBuilder::new()
            .with_min_delay(patience.pause)
            .with_max_delay(patience.longest)
            .without_max_times()
            .with_jitter()
            .build();
        Self { left: patience.tries.saturating_sub(1), used: Duration::ZERO, total: patience.total, pauses }
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

    fn spend(&mut self, pause: Option<Duration>) -> Option<Duration> {
        let pause = pause?;
        self.left = self.left.checked_sub(1)?;
        self.used += pause;
        (self.used <= self.total).then_some(pause)
    }
}
