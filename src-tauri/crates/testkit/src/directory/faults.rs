//! What goes wrong, settable while a server runs. Nothing does unless a test asks for it, except that Google's quota
//! is in force.

use super::call::{On, Route, Target};
use super::fault::{AuditLog, Fault, Paging};
use crate::fakes::locked;
use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::Instant;

/// The handle on a server's faults. Every change holds from the next request on.
#[derive(Debug)]
pub struct Faults(Mutex<Plan>);

#[derive(Debug)]
struct Plan {
    rules: Vec<Rule>,
    delay: Duration,
    quota: Option<(usize, Duration)>,
    /// When the requests of the window came.
    window: VecDeque<Instant>,
    at_once: Option<u64>,
    lag: u32,
    lag_of: HashMap<usize, u32>,
    paging: HashMap<Route, Paging>,
    audit: AuditLog,
    gone_status: u16,
    delete_status: u16,
    /// Of so many grants one is missing in a list that is not an advanced query.
    incomplete: Option<u64>,
    /// What a list's own count is off by.
    count_off: i64,
    /// The enterprise apps were deleted since they were listed.
    apps_deleted: bool,
    /// The answers of a batch go to each other's questions.
    exchanged: bool,
}

#[derive(Debug)]
struct Rule {
    on: On,
    how: Cadence,
    fault: Fault,
    met: u64,
}

#[derive(Clone, Copy, Debug)]
enum Cadence {
    Next(u64),
    Every(u64),
    Always,
    /// Of 1,000, by a seed.
    Sometimes(u64, u64),
}

impl Rule {
    /// Whether this request is one of those that it goes wrong for.
    fn fires(&mut self) -> bool {
        self.met += 1;
        match self.how {
            Cadence::Next(times) => self.met <= times,
            Cadence::Every(step) => step > 0 && self.met.is_multiple_of(step),
            Cadence::Always => true,
            Cadence::Sometimes(seed, per_mille) => mixed(seed, self.met) % 1_000 < per_mille,
        }
    }
}

/// The same two numbers always give the same third one, and neighbours give numbers far apart (SplitMix64).
pub(crate) fn mixed(seed: u64, number: u64) -> u64 {
    let mut z = seed.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Faults {
    pub(crate) fn new(quota: Option<(usize, Duration)>) -> Self {
        Self(Mutex::new(Plan {
            rules: Vec::new(),
            delay: Duration::ZERO,
            quota,
            window: VecDeque::new(),
            at_once: None,
            lag: 0,
            lag_of: HashMap::new(),
            paging: HashMap::new(),
            audit: AuditLog::AtOnce,
            gone_status: 404,
            delete_status: 204,
            incomplete: None,
            count_off: 0,
            apps_deleted: false,
            exchanged: false,
        }))
    }

    fn rule(&self, on: On, how: Cadence, fault: Fault) {
        locked(&self.0).rules.push(Rule { on, how, fault, met: 0 });
    }

    /// The next so many requests of a kind go wrong.
    pub fn next(&self, times: u64, on: impl Into<On>, fault: Fault) {
        self.rule(on.into(), Cadence::Next(times), fault);
    }

    /// Every so many-th request of a kind goes wrong: with 3 the third, the sixth and so on.
    pub fn every(&self, step: u64, on: impl Into<On>, fault: Fault) {
        self.rule(on.into(), Cadence::Every(step), fault);
    }

    /// All requests of a kind go wrong.
    pub fn always(&self, on: impl Into<On>, fault: Fault) {
        self.rule(on.into(), Cadence::Always, fault);
    }

    /// So many of 1,000 requests of a kind go wrong; which ones is the same for the same seed.
    pub fn sometimes(&self, seed: u64, per_mille: u64, on: impl Into<On>, fault: Fault) {
        self.rule(on.into(), Cadence::Sometimes(seed, per_mille), fault);
    }

    /// Takes back everything that [`Self::next`], [`Self::every`], [`Self::always`] and [`Self::sometimes`] set.
    pub fn calm(&self) {
        locked(&self.0).rules.clear();
    }

    /// Every request takes so long, many at once. What it does happens in the middle of that time, so that of clients
    /// that die waiting some have had their effect and some have not.
    pub fn delay(&self, time: Duration) {
        locked(&self.0).delay = time;
    }

    /// So many requests are answered in any window of this length; `None` for no limit. Google's is 2,400 a minute and
    /// in force from the start (providers' facts 2.7), answered with 403 `userRateLimitExceeded`; Microsoft's answer is
    /// 429 with the seconds until there is room again. Only API calls count, Google's log has limits of its own, and
    /// what was refused doesn't count.
    pub fn quota(&self, quota: impl Into<Option<(usize, Duration)>>) {
        let mut plan = locked(&self.0);
        plan.quota = quota.into();
        plan.window.clear();
    }

    /// More requests than this at one time are refused: by Google with 403 `quotaExceeded`, by Microsoft with 429.
    pub fn at_once(&self, most: impl Into<Option<u64>>) {
        locked(&self.0).at_once = most.into();
    }

    /// What was deleted is still read as before so many times, in lists and one by one.
    pub fn lag(&self, reads: u32) {
        locked(&self.0).lag = reads;
    }

    /// The same for one person only. Counts for deletions from now on.
    pub fn lag_of(&self, user: usize, reads: u32) {
        locked(&self.0).lag_of.insert(user, reads);
    }

    /// How a list's pages follow each other.
    pub fn paging(&self, route: Route, paging: Paging) {
        locked(&self.0).paging.insert(route, paging);
    }

    /// When the log tells of what happened since the server's start.
    pub fn audit(&self, log: AuditLog) {
        locked(&self.0).audit = log;
    }

    /// The status for a deletion of what is gone already: 404 unless set otherwise. Which one Google gives is not
    /// known.
    pub fn gone_status(&self, status: u16) {
        locked(&self.0).gone_status = status;
    }

    /// The status of a deletion: 204 unless set otherwise. Google's discovery document doesn't say whether 200 or 204.
    pub fn delete_status(&self, status: u16) {
        locked(&self.0).delete_status = status;
    }

    /// Microsoft's list of all grants lacks every so many-th one, as long as it is asked for without
    /// `ConsistencyLevel: eventual` and `$count=true` (microsoftgraph/msgraph-sdk-powershell issues 1557 and 2469).
    pub fn incomplete_without_count(&self, step: u64) {
        locked(&self.0).incomplete = Some(step);
    }

    /// Microsoft's list of all grants counts so many more than it has, or fewer.
    pub fn count_differs(&self, by: i64) {
        locked(&self.0).count_off = by;
    }

    /// Microsoft's enterprise apps are deleted: a filter that names one is answered with 404 `Request_ResourceNotFound`
    /// (microsoftgraph/microsoft-graph-docs issue 17247), while the list of apps still has them.
    pub fn apps_deleted(&self, deleted: bool) {
        locked(&self.0).apps_deleted = deleted;
    }

    /// The bodies of a batch's answers go to each other's questions.
    pub fn exchanges_answers(&self, exchanges: bool) {
        locked(&self.0).exchanged = exchanges;
    }

    pub(crate) fn incomplete(&self) -> Option<u64> {
        locked(&self.0).incomplete
    }

    pub(crate) fn count_off(&self) -> i64 {
        locked(&self.0).count_off
    }

    pub(crate) fn are_apps_deleted(&self) -> bool {
        locked(&self.0).apps_deleted
    }

    pub(crate) fn are_exchanged(&self) -> bool {
        locked(&self.0).exchanged
    }

    /// The first rule that a request meets and that fires. All that it meets count it.
    pub(crate) fn hit(&self, target: &Target) -> Option<Fault> {
        let mut plan = locked(&self.0);
        let mut fault = None;
        for rule in plan.rules.iter_mut().filter(|rule| rule.on.meets(target)) {
            if rule.fires() && fault.is_none() {
                fault = Some(rule.fault.clone());
            }
        }
        plan.rules.retain(|rule| !matches!(rule.how, Cadence::Next(times) if rule.met >= times));
        fault
    }

    pub(crate) fn delay_of_one(&self) -> Duration {
        locked(&self.0).delay
    }

    pub(crate) fn too_many(&self, at_once: u64) -> bool {
        locked(&self.0).at_once.is_some_and(|most| at_once > most)
    }

    /// Takes a request out of the quota, or says how long there is none left.
    pub(crate) fn take(&self) -> Result<(), Duration> {
        let mut plan = locked(&self.0);
        let Some((most, length)) = plan.quota else { return Ok(()) };
        let now = Instant::now();
        while plan.window.front().is_some_and(|at| now.duration_since(*at) >= length) {
            plan.window.pop_front();
        }
        if plan.window.len() < most {
            plan.window.push_back(now);
            return Ok(());
        }
        let first = plan.window.front().map_or(Duration::ZERO, |at| now.duration_since(*at));
        Err(length.saturating_sub(first))
    }

    pub(crate) fn lag_for(&self, user: Option<usize>) -> u32 {
        let plan = locked(&self.0);
        user.and_then(|user| plan.lag_of.get(&user)).copied().unwrap_or(plan.lag)
    }

    pub(crate) fn paging_of(&self, route: Route) -> Paging {
        locked(&self.0).paging.get(&route).cloned().unwrap_or_default()
    }

    pub(crate) fn audit_log(&self) -> AuditLog {
        locked(&self.0).audit
    }

    pub(crate) fn status_of_gone(&self) -> u16 {
        locked(&self.0).gone_status
    }

    pub(crate) fn status_of_delete(&self) -> u16 {
        locked(&self.0).delete_status
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEVER: [usize; 0] = [];

    fn fired(faults: &Faults, route: Route, times: usize) -> Vec<usize> {
        (1..=times).filter(|_| faults.hit(&Target::plain(route)).is_some()).collect()
    }

    #[test]
    fn a_rule_fires_as_often_as_it_says() {
        let faults = Faults::new(None);
        faults.next(2, Route::Tokens, Fault::Status(503));
        assert_eq!(fired(&faults, Route::Users, 3), NEVER);
        assert_eq!(fired(&faults, Route::Tokens, 5), [1, 2]);
        faults.every(3, On::ANY, Fault::Status(503));
        assert_eq!(fired(&faults, Route::Users, 7), [3, 6]);
        faults.calm();
        assert_eq!(fired(&faults, Route::Users, 7), NEVER);
        faults.always(Route::DeleteToken.of(4), Fault::Forbidden);
        assert_eq!(fired(&faults, Route::DeleteToken, 2), NEVER);
        let about = |user| Target { user, ..Target::plain(Route::DeleteToken) };
        assert!(faults.hit(&about(Some(4))).is_some());
        assert!(faults.hit(&about(Some(5))).is_none());
    }

    #[test]
    fn chance_is_the_same_for_the_same_seed() {
        let runs = [1, 1, 2].map(|seed| {
            let faults = Faults::new(None);
            faults.sometimes(seed, 100, On::ANY, Fault::Status(500));
            fired(&faults, Route::Users, 1_000)
        });
        assert_eq!(runs[0], runs[1]);
        assert_ne!(runs[0], runs[2]);
        assert!((50..200).contains(&runs[0].len()), "{}", runs[0].len());
    }

    #[tokio::test(start_paused = true)]
    async fn a_window_rolls() {
        let faults = Faults::new(Some((2, Duration::from_secs(60))));
        assert!(faults.take().is_ok());
        tokio::time::advance(Duration::from_secs(30)).await;
        assert!(faults.take().is_ok());
        assert_eq!(faults.take(), Err(Duration::from_secs(30)));
        tokio::time::advance(Duration::from_secs(30)).await;
        assert!(faults.take().is_ok());
        assert_eq!(faults.take(), Err(Duration::from_secs(30)));
        faults.quota(None);
        assert!(faults.take().is_ok());
    }
}
