//! What the audit log adds to a run: the removal itself, or a consent that came after it.
//!
//! Entries may come hours after the deed (<https://support.google.com/a/answer/7061566>, read 2026-11), so the log is
//! read at the end of a run and again some time later, without anybody pressing anything.

use super::drive::Steps;
use crate::address::read_address;
use crate::core::{Engine, locked};
use crate::directory::{Directory, LogAsk, LogEvents, LogLine, LogWhat, Who};
use crate::error::AppError;
use crate::ports::CaseWork;
use crate::runs::{Counts, Item, ItemChange, ItemFilter, Run, RunRow, RunSelection};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use tokio::sync::mpsc;
use uncouple_domain::{Ctx, DirectorySaid, EventKind, ItemState, Left, Logged, Organisation, Permission, Scope, Suite};

const PAGE: u32 = 500;

/// The provider's clock and ours are never quite one. The log is read from so long before the run, and a removal so far
/// from a deletion is not of it.
const CLOCKS: SignedDuration = SignedDuration::from_mins(2);

/// The log is looked at again so long after a run's end, and then each time after twice as long.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(30);

/// A look that came to nothing is tried again after so long.
const TRY_AGAIN: SignedDuration = SignedDuration::from_mins(15);

/// What has not come by then is not waited for.
const LAST_LOOK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Removals, and the latest consent.
#[derive(Clone, Default)]
struct Told {
    removals: Vec<Timestamp>,
    consent: Option<Timestamp>,
}

/// Removals and consents by app and person; where a line does not tell whose it is, by app alone.
#[derive(Default)]
struct Lines {
    /// The apps that were asked about.
    apps: BTreeSet<String>,
    /// Their own names, where not all of them go by HubSpot's.
    names: Vec<String>,
    of_person: HashMap<(String, String), Told>,
    of_anybody: HashMap<String, Told>,
}

/// When the log of a run is to be read again, as long as the run stays as it was then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    ended: Timestamp,
    counts: Counts,
    due: Timestamp,
}

impl Lines {
    fn take(&mut self, line: LogLine) {
        let address = line.address.as_deref().and_then(|address| read_address(address).ok());
        let people: Vec<String> =
            line.person.into_iter().chain(address.map(|address| address.key().to_owned())).collect();
        let at = |told: &mut Told| match line.what {
            LogWhat::Removed => told.removals.push(line.at),
            LogWhat::Consented => told.consent = told.consent.max(Some(line.at)),
            LogWhat::Used => {}
        };
        if people.is_empty() {
            at(self.of_anybody.entry(line.app).or_default());
            return;
        }
        for person in people {
            at(self.of_person.entry((line.app.clone(), person)).or_default());
        }
    }

    /// The removal that belongs to an item's deletion, which is the one at its time, and the latest consent. A consent
    /// that may be anybody's may be this one's; a removal that may be is none.
    fn of(&self, item: &Item) -> (Option<Timestamp>, Option<Timestamp>) {
        let app = &item.found.target.app;
        let mut told = self.of_anybody.get(app).cloned().unwrap_or_default();
        let id = match &item.found.target.who {
            Who::Person { id } => {
                told.removals.clear();
                Some(id)
            }
            Who::Everybody => None,
        };
        for person in id.into_iter().chain(&item.found.keys) {
            if let Some(more) = self.of_person.get(&(app.clone(), person.clone())) {
                told.removals.extend(&more.removals);
                told.consent = told.consent.max(more.consent);
            }
        }
        // An earlier one is of an earlier deletion, and a later one of a later run. The last one counts: a deletion may
        // follow the one before within the seconds of a clock.
        let deleted = item.state.deleted();
        let its = |removal: &Timestamp| deleted.is_some_and(|deleted| removal.duration_since(deleted).abs() <= CLOCKS);
        (told.removals.into_iter().filter(its).max(), told.consent)
    }
}

impl Steps<'_> {
    /// Holds what is proven against the audit log. `began` is when this part of the run did.
    pub(crate) async fn read_log(
        &self,
        organisation: &Organisation,
        directory: &Arc<dyn Directory>,
        began: Timestamp,
    ) -> Result<(), AppError> {
        let asked = self.engine.ports.clock.now();
        let lines = tokio::select! {
            lines = lines_of(&self.run, organisation, directory) => lines,
            // Everything is done. The log is read again later, by the window or by a verification.
            () = self.running.stopped() => None,
        };
        match lines {
            Some(lines) => {
                self.engine.hold_all_against(&self.run, Some((organisation.suite, began)), &lines, asked).await
            }
            None => Ok(()),
        }
    }
}

/// What the log has of a run's apps since it began. None: it can't be read, which adds nothing and takes nothing away.
async fn lines_of(run: &Run, organisation: &Organisation, directory: &Arc<dyn Directory>) -> Option<Lines> {
    let began = run.started.unwrap_or(run.planned.at);
    let since = began.saturating_sub(CLOCKS).unwrap_or(began);
    let apps: BTreeSet<String> = organisation.apps.iter().map(|app| app.key.clone()).collect();
    let (out, mut found) = mpsc::channel(256);
    let taking = async {
        let mut lines = Lines { apps: apps.clone(), names: organisation.own_names(), ..Lines::default() };
        while let Some(line) = found.recv().await {
            lines.take(line);
        }
        lines
    };
    // Uses may be thousands a day, and nothing here follows from them.
    let ask = LogAsk { apps: apps.clone(), since, events: LogEvents::ConsentsAndRemovals };
    let (read, lines) = tokio::join!(directory.log(&ask, out), taking);
    match read {
        Ok(()) => Some(lines),
        Err(error) => {
            tracing::info!(%error, "the audit log was not read");
            None
        }
    }
}

impl Engine {
    /// Looks into the log again for one of the runs that are over and lack entries. To be called every now and then; it
    /// may take as long as the log is.
    ///
    /// # Errors
    /// What the store says; that the directory can't be opened.
    pub async fn logs_due(self: &Arc<Self>) -> Result<(), AppError> {
        if self.start.sample || self.admin.running().is_some() {
            return Ok(());
        }
        let now = self.ports.clock.now();
        let since = now.saturating_sub(LAST_LOOK).unwrap_or(Timestamp::MIN);
        for RunRow { run, counts, .. } in self.ports.runs.runs(RunSelection::OverSince(since)).await? {
            let Some(ended) = run.ended else { continue };
            if counts.proven == 0 {
                continue;
            }
            let next = |due| {
                locked(&self.admin.logs).insert(run.id, Look { ended, counts, due });
                due
            };
            let known = locked(&self.admin.logs).get(&run.id).copied();
            let due = match known.filter(|known| (known.ended, known.counts) == (ended, counts)) {
                Some(known) => known.due,
                None => next(match self.log_lacks(&run).await? {
                    None => Timestamp::MAX,
                    Some(asked) => next_look(ended, asked.unwrap_or(ended)),
                }),
            };
            if due > now {
                continue;
            }
            next(now.saturating_add(TRY_AGAIN).unwrap_or(Timestamp::MAX));
            if self.look_into_log(&run).await? {
                next(next_look(ended, now));
            }
            return Ok(());
        }
        Ok(())
    }

    /// When the log was last asked about items that it has no removal of. None: there are no such items.
    async fn log_lacks(&self, run: &Run) -> Result<Option<Option<Timestamp>>, AppError> {
        let (mut lacks, mut offset) = (None, 0);
        loop {
            let (page, _) = self.ports.runs.items(run.id, ItemFilter::Proven, None, offset, PAGE).await?;
            for item in &page {
                let ItemState::Proven { log, .. } = item.state else { continue };
                let asked = match log {
                    Logged::Removed { .. } => continue,
                    Logged::NotYet { asked } => Some(asked),
                    Logged::NotAsked => None,
                };
                lacks = Some(lacks.flatten().max(asked));
            }
            if page.len() < PAGE as usize {
                return Ok(lacks);
            }
            offset += page.len() as u64;
        }
    }

    /// True: it was read, and what is proven was held against it.
    async fn look_into_log(self: &Arc<Self>, run: &Run) -> Result<bool, AppError> {
        let snapshot = self.case(Scope::Organisations).await?;
        let Ok(organisation) = self.administered(&snapshot.workspace, run.organisation, Permission::Log) else {
            return Ok(false);
        };
        let directory = self.directory(&organisation).await?;
        let asked = self.ports.clock.now();
        let Some(lines) = lines_of(run, &organisation, &directory).await else { return Ok(false) };
        // Somebody may have begun with a run meanwhile; it reads the log itself.
        let Ok(_turn) = self.admin.turn.try_lock() else { return Ok(false) };
        let Some(_claim) = self.ports.runs.claim()? else { return Ok(false) };
        self.hold_all_against(run, None, &lines, asked).await?;
        self.admin.moved();
        Ok(true)
    }

    /// The workspace's rows lose their proof with items that were read since a time, at a suite. With older ones they
    /// don't: another run may have removed that consent again, and nobody has read the list since.
    async fn hold_all_against(
        &self,
        run: &Run,
        rows: Option<(Suite, Timestamp)>,
        lines: &Lines,
        asked: Timestamp,
    ) -> Result<(), AppError> {
        let mut offset = 0;
        loop {
            let (page, _) = self.ports.runs.items(run.id, ItemFilter::All, None, offset, PAGE).await?;
            let full = page.len() == PAGE as usize;
            offset += page.len() as u64;
            self.hold_against(run, rows, page, lines, asked).await?;
            if !full {
                return Ok(());
            }
        }
    }

    async fn hold_against(
        &self,
        run: &Run,
        rows: Option<(Suite, Timestamp)>,
        page: Vec<Item>,
        lines: &Lines,
        asked: Timestamp,
    ) -> Result<(), AppError> {
        let (mut changes, mut told) = (Vec::new(), Vec::new());
        for item in page {
            if !lines.apps.contains(&item.found.target.app) {
                continue;
            }
            let (removal, consent) = lines.of(&item);
            let state = item.state.logged(asked, removal, consent);
            if state == item.state {
                continue;
            }
            changes.push(ItemChange::of_state(run.id, &item, state));
            if let ItemState::Left { why: Left::ConsentedAgain, .. } = state {
                let event = EventKind::AccessLeft {
                    run: run.id,
                    person: item.found.address.clone(),
                    app: item.app_name,
                    why: Left::ConsentedAgain,
                };
                let lately = |since| matches!(item.state, ItemState::Proven { read, .. } if read >= since);
                let said = rows.filter(|(_, since)| lately(*since)).map(|(suite, _)| {
                    let keys = item.found.keys;
                    let fresh = self.fresh_grants(&keys);
                    let said = DirectorySaid {
                        suite,
                        keys,
                        listed: true,
                        at: asked,
                        by_run: false,
                        deleted_here: false,
                        apps: lines.names.clone(),
                        hosts: run.hosts.clone(),
                    };
                    (said, fresh)
                });
                let address = read_address(&item.found.address).ok();
                told.push((address, event, said));
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        let ctx = Ctx { actor: run.planned.by, now: asked, ..self.ctx() };
        let case = (!told.is_empty()).then(|| {
            let mut scope = Scope::Union(Vec::new());
            for (address, _, said) in &told {
                scope = address.iter().map(Scope::address).fold(scope, Scope::and);
                scope = said.iter().map(|(said, _)| said.scope()).fold(scope, Scope::and);
            }
            CaseWork::new(scope, move |workspace| {
                for (address, event, said) in told {
                    workspace.note_address(&ctx, None, address, event);
                    if let Some((said, fresh)) = said {
                        workspace.directory_said(&ctx, None, &said, &fresh);
                    }
                }
                Ok(())
            })
        });
        let committed = self.ports.runs.settle(changes, None, case).await?;
        self.tell_of(committed);
        Ok(())
    }
}

/// The next look after one at `asked`: the older a run is, the rarer.
fn next_look(ended: Timestamp, asked: Timestamp) -> Timestamp {
    let wait = asked.duration_since(ended).max(LOOK_AGAIN);
    asked.saturating_add(wait).unwrap_or(Timestamp::MAX)
}
