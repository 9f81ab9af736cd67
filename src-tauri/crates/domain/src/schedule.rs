//! When a run may delete.
//!
//! A plan can wait for its day. Whatever happens to it before (it is confirmed, cancelled, retried, interrupted), nothing
//! of it is deleted earlier: every way to a deletion asks [`admit`].

use jiff::Timestamp;

/// Where a plan or run stands, as far as it matters for what may be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunStage {
    /// A plan that was not confirmed.
    Planned,
    /// Confirmed for a later time.
    Scheduled,
    /// Under way, or interrupted by a crash.
    Running,
    /// Stopped for now.
    Paused,
    /// Nothing is left to do; what is not proven can be retried.
    Ended,
    /// Somebody cancelled the rest.
    Cancelled,
}

/// What a run is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunIntent {
    /// Confirm the plan, or resume.
    Revoke,
    /// Retry what is left.
    Retry,
    /// Read again, and delete nothing.
    Verify,
    /// Give back what was deleted.
    Restore,
}

/// What may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may begin now.
    Now,
    /// The confirmation is taken; it begins on its day.
    OnItsDay(Timestamp),
}

/// Why nothing may be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// Its day has not come.
    #[error("not before {0}")]
    BeforeItsDay(Timestamp),
    /// A run in this stage has no such step.
    #[error("out of order")]
    OutOfOrder,
}

/// The day of a plan, if it is still to come.
#[must_use]
pub fn waits_for(not_before: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    not_before.filter(|day| *day > now)
}

/// Whether a run in this stage may do what is wanted. The only rule that lets a run delete anything.
///
/// # Errors
/// [`NotNow`].
pub fn admit(
    stage: RunStage,
    not_before: Option<Timestamp>,
    now: Timestamp,
    intent: RunIntent,
) -> Result<Admission, NotNow> {
    use RunStage::{Cancelled, Ended, Paused, Planned, Running, Scheduled};
    let over = match stage {
        Ended | Cancelled => true,
        Planned | Scheduled | Running | Paused => false,
    };
    match intent {
        RunIntent::Verify | RunIntent::Restore if over => return Ok(Admission::Now),
        RunIntent::Retry if over => {}
        RunIntent::Revoke if !over => {}
        RunIntent::Verify | RunIntent::Restore | RunIntent::Retry | RunIntent::Revoke => {
            return Err(NotNow::OutOfOrder);
        }
    }
    match (waits_for(not_before, now), stage) {
        (None, _) => Ok(Admission::Now),
        (Some(day), Planned) => Ok(Admission::OnItsDay(day)),
        (Some(day), Scheduled | Running | Paused | Ended | Cancelled) => Err(NotNow::BeforeItsDay(day)),
    }
}

/// Whether to suggest that what is left be retried: never for what somebody cancelled, and never where [`admit`] refuses.
/// Whoever asks for a retry in so many words is not held back by this.
#[must_use]
pub fn suggests_retry(stage: RunStage, not_before: Option<Timestamp>, now: Timestamp, left: u64) -> bool {
    left > 0 && stage == RunStage::Ended && admit(stage, not_before, now, RunIntent::Retry) == Ok(Admission::Now)
}
