//! The way of one request: who sent it, what goes wrong, what it does, what is kept of it.

use super::call::{Call, Route, Target};
use super::checks::Checks;
use super::fault::{Fault, When};
use super::faults::Faults;
use super::reply::{Outcome, Reply};
use super::seen::Seen;
use super::sign_in::SignIn;
use super::wire::Answers;
use std::sync::Arc;
use tokio::time::Instant;

/// Why a request is refused before anything is done for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Unauthorized,
    Forbidden,
    /// The quota is used up. Microsoft says for how many seconds.
    RateLimit(Option<u32>),
    /// Too many at one time.
    QuotaExceeded,
    /// 429.
    Throttled(Option<u32>),
    /// A server error.
    Status(u16),
}

/// What a service adds to the common way.
pub(crate) trait Api: Send + Sync + Sized + 'static {
    fn target(&self, call: &Call) -> Target;
    /// A deletion arrived.
    fn came(&self, target: &Target);
    /// The effect and its answer.
    fn answer(&self, server: &Server<Self>, call: &Call, target: &Target) -> Outcome;
    fn refuse(&self, refusal: Refusal, call: &Call) -> Reply;
}

/// A service with everything that all of them have.
#[derive(Debug)]
pub(crate) struct Server<A> {
    pub(crate) api: A,
    pub(crate) faults: Faults,
    pub(crate) seen: Seen,
    pub(crate) sign_in: SignIn,
    pub(crate) checks: Checks,
}

impl<A: Api> Server<A> {
    /// Everything but the time that it takes.
    pub(crate) fn one(&self, call: &Call, target: &Target, at_once: u64) -> Outcome {
        self.checks.request(call);
        if target.route.deletes() {
            self.api.came(target);
        }
        let fault = self.faults.hit(target);
        let outcome = self.with_fault(fault, call, target, at_once);
        let status = match &outcome {
            Outcome::Reply(reply) => Some(reply.status),
            Outcome::Reset | Outcome::Hang => None,
        };
        self.seen.record(call, target, status);
        outcome
    }

    fn with_fault(&self, fault: Option<Fault>, call: &Call, target: &Target, at_once: u64) -> Outcome {
        match fault {
            Some(Fault::Reset(When::Before)) => return Outcome::Reset,
            Some(Fault::Hang(When::Before)) => return Outcome::Hang,
            _ => {}
        }
        let refusal = fault.as_ref().and_then(refused_by).or_else(|| self.refusal(target, call, at_once));
        let outcome = match (refusal, &fault) {
            (None, Some(Fault::InvalidGrant)) => Outcome::Reply(self.sign_in.invalid_grant()),
            (None, _) => self.effect(call, target),
            (Some(refusal), _) => Outcome::Reply(self.api.refuse(refusal, call)),
        };
        let Outcome::Reply(reply) = outcome else { return outcome };
        match fault {
            Some(Fault::Reset(When::After)) => Outcome::Reset,
            Some(Fault::Hang(When::After)) => Outcome::Hang,
            Some(Fault::Spoil(spoil)) if refusal.is_none() => Outcome::Reply(spoil.spoil(reply)),
            _ => {
                self.checks.answer(call, &reply);
                Outcome::Reply(reply)
            }
        }
    }

    fn effect(&self, call: &Call, target: &Target) -> Outcome {
        if target.route == Route::Refresh {
            return Outcome::Reply(self.sign_in.refresh(call));
        }
        if target.route == Route::Revoke {
            return Outcome::Reply(self.sign_in.revoke(call));
        }
        self.api.answer(self, call, target)
    }

    fn refusal(&self, target: &Target, call: &Call, at_once: u64) -> Option<Refusal> {
        if target.route.is_sign_in() {
            return None;
        }
        // What is inside of a `$batch` is let in with it.
        if !call.in_batch && !self.sign_in.lets_in(call.authorization.as_deref()) {
            return Some(Refusal::Unauthorized);
        }
        if self.faults.too_many(at_once) {
            return Some(Refusal::QuotaExceeded);
        }
        if matches!(target.route, Route::Audit | Route::Batch) {
            return None;
        }
        let seconds = |wait: std::time::Duration| u32::try_from(wait.as_millis().div_ceil(1000)).ok();
        self.faults.take().err().map(|wait| Refusal::RateLimit(seconds(wait)))
    }
}

fn refused_by(fault: &Fault) -> Option<Refusal> {
    match fault {
        Fault::Status(status) => Some(Refusal::Status(*status)),
        Fault::Throttle(seconds) => Some(Refusal::Throttled(*seconds)),
        Fault::Forbidden => Some(Refusal::Forbidden),
        Fault::RateLimit => Some(Refusal::RateLimit(None)),
        Fault::QuotaExceeded => Some(Refusal::QuotaExceeded),
        Fault::Unauthorized => Some(Refusal::Unauthorized),
        Fault::Reset(_) | Fault::Hang(_) | Fault::InvalidGrant | Fault::Spoil(_) => None,
    }
}

impl<A: Api> Answers for Server<A> {
    fn opened(&self) -> u64 {
        self.seen.opened()
    }

    fn closed(&self) {
        self.seen.closed();
    }

    async fn answer(self: Arc<Self>, call: Call) -> Outcome {
        let (_busy, at_once) = self.seen.busy();
        let target = self.api.target(&call);
        let delay = self.faults.delay_of_one();
        if delay.is_zero() {
            return self.one(&call, &target, at_once);
        }
        let asked = Instant::now();
        tokio::time::sleep(delay / 2).await;
        let outcome = self.one(&call, &target, at_once);
        // Each sleep is rounded up to whole milliseconds; two of them in a row would add up.
        tokio::time::sleep_until(asked + delay).await;
        outcome
    }
}
