//! Since when there is an access, and when it was last used: what the audit log is read for after a search, and how far.

use super::search::Searching;
use crate::address::read_address;
use crate::core::Engine;
use crate::directory::{ApiError, Directory, Likeness, LogAsk, LogEvents, LogLine, Who, tells_uses};
use crate::error::{AppError, ErrorCode};
use crate::runs::{AccessQuery, Unused};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use tokio::sync::mpsc;
use tokio::time::Instant;
use uncouple_domain::{LogRead, LogStop, Organisation, OrganisationId, Permission, Scope, Workspace};

/// How far Google's audit log reaches back
/// (<https://support.google.com/a/answer/7061566>, read 2026-11). Microsoft's reaches less far, and says so by itself.
pub(crate) const LOG_DAYS: u32 = 180;

/// Lines that are written at once, and accesses that are read from the file at once.
const BATCH: u32 = 500;

/// Two lines of one second may come in either order.
const ORDER: SignedDuration = SignedDuration::from_secs(1);

/// How far a search reads the audit log. Its result is there before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogDepth {
    /// Not at all.
    NotAtAll,
    /// As far as a few seconds bring it.
    Glance,
    /// Uses of the last so many days.
    Days(u32),
    /// All that it has of these accesses.
    #[default]
    All,
}

/// The people of one app whose latest line was not met yet. There may be tens of thousands of them, so their identifiers
/// and addresses stand here as hashes with a key of this process's own. Should two ever be the same, an older line
/// may be left unread; what is kept goes by whole identifiers.
struct Undated {
    state: RandomState,
    /// Numbers of people by identifier and by address key.
    who: HashMap<u64, u32>,
    left: HashSet<u32>,
}

impl Undated {
    fn new() -> Self {
        Self { state: RandomState::new(), who: HashMap::new(), left: HashSet::new() }
    }

    fn add(&mut self, id: &str, keys: &[String]) {
        let next = u32::try_from(self.left.len()).unwrap_or(u32::MAX);
        let person = *self.who.entry(self.state.hash_one(id)).or_insert(next);
        self.who.extend(keys.iter().map(|key| (self.state.hash_one(key.as_str()), person)));
        self.left.insert(person);
    }

    fn person(&self, key: &str) -> Option<u32> {
        self.who.get(&self.state.hash_one(key)).copied()
    }
}

/// One kind of lines of one app, as they come in.
struct Reading {
    undated: Undated,
    oldest: Option<Timestamp>,
    /// Newest first, as it is documented. Otherwise the first line of a person is not their latest.
    in_order: bool,
}

impl Reading {
    /// Takes a line. What is to be kept of it: the latest of each person who has the access.
    fn take(&mut self, line: LogLine) -> Option<LogLine> {
        self.in_order &= self.oldest.is_none_or(|oldest| line.at <= oldest.saturating_add(ORDER).unwrap_or(oldest));
        self.oldest = Some(self.oldest.map_or(line.at, |oldest| oldest.min(line.at)));
        let key = match (&line.person, &line.address) {
            (Some(person), _) => person.clone(),
            (None, Some(address)) => read_address(address).ok()?.key().to_owned(),
            (None, None) => return None,
        };
        let person = self.undated.person(&key)?;
        let is_first = self.undated.left.remove(&person);
        (is_first || !self.in_order).then_some(line)
    }

    /// Older lines change nothing any more.
    fn is_done(&self) -> bool {
        self.in_order && self.undated.left.is_empty()
    }

    /// Everything since then was read, though the reading ended early.
    fn reached(&self) -> Option<Timestamp> {
        // There may be more lines of the same moment.
        self.oldest.filter(|_| self.in_order)?.checked_add(SignedDuration::from_millis(1)).ok()
    }
}

/// Since when all lines of a kind are known, and why not from further back.
type Reach = (Option<Timestamp>, Option<LogStop>);

fn stop_of(error: ApiError) -> LogStop {
    tracing::info!(%error, "the audit log was not read to its end");
    if matches!(error, ApiError::Forbidden { .. } | ApiError::Blocked(_)) {
        LogStop::NotPermitted
    } else {
        LogStop::Failed
    }
}

/// What several readings know together.
fn together(one: Reach, other: Reach) -> Reach {
    (one.0.zip(other.0).map(|(one, other)| one.max(other)), one.1.or(other.1))
}

impl Engine {
    /// Reads the log for what a search found, and writes down how far. What can't be read is not known; the search's
    /// result stays what it is.
    pub(super) async fn read_uses(
        &self,
        organisation: &Organisation,
        directory: &dyn Directory,
        searching: &Searching,
        depth: LogDepth,
    ) -> Result<(), AppError> {
        let at = self.ports.clock.now();
        let (days, time) = match depth {
            // What an earlier reading knows stays as it is, with its own time.
            LogDepth::NotAtAll => return Ok(()),
            LogDepth::Glance => (LOG_DAYS, self.start.patience.glance),
            LogDepth::Days(days) => (days.min(LOG_DAYS), self.start.patience.log),
            LogDepth::All => (LOG_DAYS, self.start.patience.log),
        };
        let until = Instant::now() + time;
        let up_to = self.ports.runs.newest_access().await?;
        let not_permitted = self.start.given_token.is_none() && !organisation.may(Permission::Log);
        let mut log = LogRead { at, uses_from: None, consents_from: None, up_to, why: Some(LogStop::NotPermitted) };
        if !not_permitted {
            let apps = self.ports.runs.apps(organisation.id, None).await?.into_iter();
            let apps: Vec<String> = apps
                .filter(|row| row.app.likeness != Likeness::Other || organisation.has_chosen(&row.app.key))
                .map(|row| row.app.key)
                .collect();
            searching.reads_log();
            self.admin.moved();
            let mut reach = [(Some(ago(at, LOG_DAYS)), None), (Some(ago(at, days)), None)];
            for app in &apps {
                let kinds = [(LogEvents::Consents, LOG_DAYS), (LogEvents::Uses, days)];
                for (reach, (events, days)) in reach.iter_mut().zip(kinds) {
                    if events == LogEvents::Uses && !tells_uses(organisation.suite) {
                        *reach = (None, None);
                        continue;
                    }
                    let ask = LogAsk { apps: BTreeSet::from([app.clone()]), since: ago(at, days), events };
                    let read = self.read_kind(organisation, directory, searching, &ask, until).await?;
                    *reach = together(*reach, read);
                }
            }
            let [(consents_from, no_consents), (uses_from, no_uses)] = reach;
            log = LogRead { consents_from, uses_from, why: no_uses.or(no_consents), ..log };
        }
        let id = organisation.id;
        self.change(Scope::Organisation(id), move |workspace, _| workspace.log_was_read(id, log)).await
    }

    async fn read_kind(
        &self,
        organisation: &Organisation,
        directory: &dyn Directory,
        searching: &Searching,
        ask: &LogAsk,
        until: Instant,
    ) -> Result<Reach, AppError> {
        let undated = self.undated(organisation.id, &ask.apps).await?;
        let mut reading = Reading { undated, oldest: None, in_order: true };
        if reading.is_done() {
            return Ok((Some(ask.since), None));
        }
        let (out, mut lines) = mpsc::channel::<LogLine>(256);
        let stopped_by = {
            let mut asking = std::pin::pin!(directory.log(ask, out));
            let keeping = async {
                let mut batch = Vec::new();
                let mut stopped_by = None;
                while stopped_by.is_none() && !reading.is_done() {
                    tokio::select! {
                        line = lines.recv() => {
                            let Some(line) = line else { break };
                            searching.log_line(line.at);
                            batch.extend(reading.take(line));
                        }
                        () = super::is_set(&searching.stop) => stopped_by = Some(LogStop::Stopped),
                        () = tokio::time::sleep_until(until) => stopped_by = Some(LogStop::TooLong),
                    }
                    if batch.len() >= BATCH as usize {
                        self.ports.runs.put_log(organisation.id, std::mem::take(&mut batch)).await?;
                        self.admin.moved();
                    }
                }
                // What was read is kept, or it would not be known and yet be called read.
                self.ports.runs.put_log(organisation.id, batch).await?;
                Ok::<_, AppError>(stopped_by)
            };
            let mut keeping = std::pin::pin!(keeping);
            tokio::select! {
                biased;
                kept = &mut keeping => kept?,
                asked = &mut asking => {
                    let stopped_by = keeping.await?;
                    asked.err().map(stop_of).or(stopped_by)
                }
            }
        };
        Ok(match stopped_by {
            Some(why) if !reading.is_done() => (reading.reached(), Some(why)),
            Some(_) | None => (Some(ask.since), None),
        })
    }

    /// Everybody who has an access of these apps.
    async fn undated(&self, organisation: OrganisationId, apps: &BTreeSet<String>) -> Result<Undated, AppError> {
        let mut undated = Undated::new();
        for app in apps {
            let mut query = AccessQuery {
                organisation: Some(organisation),
                app: Some(app.clone()),
                limit: BATCH,
                ..AccessQuery::default()
            };
            loop {
                let page = self.ports.runs.accesses(query.clone()).await?;
                for row in &page.rows {
                    let Who::Person { id } = &row.found.target.who else { continue };
                    undated.add(id, &row.found.keys);
                }
                if page.rows.len() < BATCH as usize {
                    break;
                }
                query.offset += u64::from(BATCH);
            }
        }
        Ok(undated)
    }

    /// Whether it could be told which accesses were unused for so many days, as far as that is known before a search.
    ///
    /// # Errors
    /// `uses_too_far`, `uses_not_told`, `uses_not_permitted`; `not_super_admin`, `unknown_organisation`.
    pub async fn can_tell_unused(&self, id: OrganisationId, days: u32) -> Result<(), AppError> {
        let snapshot = self.case(Scope::Organisations).await?;
        snapshot.workspace.by_super_admin(&self.ctx())?;
        let organisation = snapshot.workspace.organisation(id)?;
        possible(organisation, days)?;
        let given = self.start.given_token.is_some();
        if given || organisation.sign_in.is_none() || organisation.may(Permission::Log) {
            Ok(())
        } else {
            Err(ErrorCode::UsesNotPermitted.into())
        }
    }
}

/// What "unused for so many days" means: in one organisation, or in each of all where it is known.
///
/// # Errors
/// Where it is known in none: `uses_too_far`, `uses_not_told`, `uses_not_permitted`, `uses_not_read`,
/// `uses_not_covered`.
pub(super) fn unused(workspace: &Workspace, only: Option<OrganisationId>, days: u32) -> Result<Vec<Unused>, AppError> {
    let mut first_error = None;
    let mut known = Vec::new();
    for organisation in workspace.organisations.values().filter(|one| only.is_none_or(|only| one.id == only)) {
        match unused_in(organisation, days) {
            Ok(unused) => known.push(unused),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    match first_error {
        Some(error) if known.is_empty() => Err(error),
        _ => Ok(known),
    }
}

fn unused_in(organisation: &Organisation, days: u32) -> Result<Unused, AppError> {
    possible(organisation, days)?;
    let not_read = || AppError::from(ErrorCode::UsesNotRead);
    let log = organisation.searched.as_ref().and_then(|search| search.log.as_ref()).ok_or_else(not_read)?;
    let Some(from) = log.uses_from else {
        let not_permitted = log.why == Some(LogStop::NotPermitted);
        return Err(if not_permitted { ErrorCode::UsesNotPermitted.into() } else { not_read() });
    };
    // By the time of the reading: what came after it is not known.
    let since = ago(log.at, days);
    if from > since {
        return Err(AppError::new(ErrorCode::UsesNotCovered).with("from", from).with("days", days));
    }
    Ok(Unused { organisation: organisation.id, since, up_to: log.up_to })
}

fn possible(organisation: &Organisation, days: u32) -> Result<(), AppError> {
    if !tells_uses(organisation.suite) {
        return Err(ErrorCode::UsesNotTold.into());
    }
    if days > LOG_DAYS {
        return Err(AppError::new(ErrorCode::UsesTooFar).with("most", LOG_DAYS));
    }
    Ok(())
}

fn ago(at: Timestamp, days: u32) -> Timestamp {
    at.saturating_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::UNIX_EPOCH)
}
