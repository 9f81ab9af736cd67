//! What the audit log adds to a run: the removal itself, or a consent that came after it.
//!
//! Entries may come hours after the deed (<https://support.google.com/a/answer/7061566>, read 2026-11), so the log is
//! read at the end of a run and again some time later, without anybody pressing anything.

use super::drive::Steps;
use crate::address::read_address;
use crate::core::{Engine, locked};
use crate::directory::{Directory, LogLine, LogWhat, Who};
use crate::error::AppError;
use crate::runs::{Item, ItemChange, ItemFilter, Run, RunRow, RunState};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use tokio::sync::mpsc;
use uncouple_domain::{
    Ctx, DirectorySaid, EventKind, GrantId, ItemState, Left, Logged, Organisation, Permission, Refusal, Workspace,
};

const PAGE: u32 = 500;

/// The log is read from so long before the run: the provider's clock and ours are never quite one.
const BEFORE: SignedDuration = SignedDuration::from_mins(2);

/// The log is looked at again so long after a run's end, and then each time after twice as long.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(30);

/// What has not come by then is not waited for.
const LAST_LOOK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The latest removal and the latest consent.
type Latest = (Option<Timestamp>, Option<Timestamp>);

/// Removals and consents by app and person; where a line does not tell whose it is, by app alone.
#[derive(Default)]
struct Lines {
    of_person: HashMap<(String, String), Latest>,
    of_anybody: HashMap<String, Latest>,
}

impl Lines {
    fn take(&mut self, line: LogLine) {
        let address = line.address.as_deref().and_then(|address| read_address(address).ok());
        let people: Vec<String> =
            line.person.into_iter().chain(address.map(|address| address.key().to_owned())).collect();
        let at = |latest: &mut Latest| match line.what {
            LogWhat::Removed => latest.0 = latest.0.max(Some(line.at)),
            LogWhat::Consented => latest.1 = latest.1.max(Some(line.at)),
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

    /// What concerns an item. A consent that may be anybody's may be this one's; a removal that may be is none.
    fn of(&self, item: &Item) -> Latest {
        let app = &item.found.target.app;
        let id = match &item.found.target.who {
            Who::Person { id } => Some(id),
            Who::Everybody => None,
        };
        let anybodys = self.of_anybody.get(app).copied().unwrap_or_default();
        let mut latest: Latest = match id {
            Some(_) => (None, anybodys.1),
            None => anybodys,
        };
        for person in id.into_iter().chain(&item.found.keys) {
            if let Some((removal, consent)) = self.of_person.get(&(app.clone(), person.clone())) {
                latest = (latest.0.max(*removal), latest.1.max(*consent));
            }
        }
        latest
    }
}

impl Steps<'_> {
    /// Holds what is proven against the audit log.
    pub(crate) async fn read_log(
        &self,
        organisation: &Organisation,
        directory: &Arc<dyn Directory>,
    ) -> Result<(), AppError> {
        let asked = self.engine.ports.clock.now();
        match lines_of(&self.run, organisation, directory).await {
            Some(lines) => self.engine.hold_all_against(&self.run, organisation, &lines, asked).await,
            None => Ok(()),
        }
    }
}

/// What the log has of a run's apps since it began. None: it can't be read, which adds nothing and takes nothing away.
async fn lines_of(run: &Run, organisation: &Organisation, directory: &Arc<dyn Directory>) -> Option<Lines> {
    let began = run.started.unwrap_or(run.planned.at);
    let since = began.saturating_sub(BEFORE).unwrap_or(began);
    let apps: BTreeSet<String> = organisation.apps.iter().map(|app| app.key.clone()).collect();
    let (out, mut found) = mpsc::channel(256);
    let taking = async {
        let mut lines = Lines::default();
        while let Some(line) = found.recv().await {
            lines.take(line);
        }
        lines
    };
    let (read, lines) = tokio::join!(directory.log(&apps, since, out), taking);
    match read {
        Ok(()) => Some(lines),
        Err(error) => {
            tracing::info!(%error, "the audit log was not read");
            None
        }
    }
}

impl Engine {
    /// Looks into the log again for one of the runs that are over and lack entries.
    pub(super) async fn log_due(self: &Arc<Self>, rows: Vec<RunRow>) -> Result<(), AppError> {
        let now = self.ports.clock.now();
        for RunRow { run, counts, .. } in rows {
            let over = matches!(run.state, RunState::Ended | RunState::Cancelled);
            let Some(ended) = run.ended.filter(|ended| over && now.duration_since(*ended) < LAST_LOOK) else {
                continue;
            };
            if counts.proven == 0 {
                continue;
            }
            let known = locked(&self.admin.logs).get(&run.id).copied();
            let due = match known {
                Some(due) => due,
                None => {
                    let asked = self.log_lacks(&run).await?;
                    let due = asked.map_or(Timestamp::MAX, |asked| next_look(ended, asked.unwrap_or(ended)));
                    locked(&self.admin.logs).insert(run.id, due);
                    due
                }
            };
            if due > now {
                continue;
            }
            // Whatever becomes of it, the next look is later.
            locked(&self.admin.logs).insert(run.id, next_look(ended, now));
            return self.look_into_log(&run).await;
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

    async fn look_into_log(self: &Arc<Self>, run: &Run) -> Result<(), AppError> {
        let snapshot = self.read().await?;
        let Ok(organisation) = self.administered(&snapshot.workspace, run.organisation, Permission::Log) else {
            return Ok(());
        };
        let directory = self.directory(&organisation).await?;
        let asked = self.ports.clock.now();
        let Some(lines) = lines_of(run, &organisation, &directory).await else { return Ok(()) };
        // Somebody may have begun with a run meanwhile; it reads the log itself.
        let Ok(_turn) = self.admin.turn.try_lock() else { return Ok(()) };
        let Some(_claim) = self.ports.runs.claim()? else { return Ok(()) };
        self.hold_all_against(run, &organisation, &lines, asked).await?;
        self.admin.moved();
        Ok(())
    }

    async fn hold_all_against(
        &self,
        run: &Run,
        organisation: &Organisation,
        lines: &Lines,
        asked: Timestamp,
    ) -> Result<(), AppError> {
        let mut offset = 0;
        loop {
            let (page, _) = self.ports.runs.items(run.id, ItemFilter::All, None, offset, PAGE).await?;
            let full = page.len() == PAGE as usize;
            offset += page.len() as u64;
            self.hold_against(run, organisation, page, lines, asked).await?;
            if !full {
                return Ok(());
            }
        }
    }

    async fn hold_against(
        &self,
        run: &Run,
        organisation: &Organisation,
        page: Vec<Item>,
        lines: &Lines,
        asked: Timestamp,
    ) -> Result<(), AppError> {
        let (mut changes, mut told) = (Vec::new(), Vec::new());
        for item in page {
            let (removal, consent) = lines.of(&item);
            // An earlier one is of an earlier deletion.
            let earliest = item.state.deleted().and_then(|deleted| deleted.saturating_sub(BEFORE).ok());
            let removal = removal.filter(|removal| earliest.is_none_or(|earliest| *removal >= earliest));
            let state = item.state.logged(asked, removal, consent);
            if state == item.state {
                continue;
            }
            changes.push(ItemChange { run: run.id, seq: item.seq, state });
            if let ItemState::Left { why: Left::ConsentedAgain, .. } = state {
                let event = EventKind::AccessLeft {
                    run: run.id,
                    person: item.found.address.clone(),
                    app: item.app_name,
                    why: Left::ConsentedAgain,
                };
                let said = DirectorySaid {
                    suite: organisation.suite,
                    keys: item.found.keys,
                    listed: true,
                    at: asked,
                    deleted_here: false,
                };
                let address = read_address(&item.found.address).ok();
                told.push((address, event, said, GrantId(self.ports.ids.fresh())));
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        let ctx = Ctx { actor: run.planned.by, now: asked };
        let work: Option<crate::ports::Work> = (!told.is_empty()).then(|| {
            Box::new(move |workspace: &mut Workspace| -> Result<(), Refusal> {
                for (address, event, said, fresh) in told {
                    workspace.note_address(&ctx, None, address, event);
                    workspace.directory_said(&ctx, None, &said, fresh);
                }
                Ok(())
            }) as crate::ports::Work
        });
        let revision = self.ports.runs.settle(changes, None, work).await?;
        self.tell_of(revision);
        Ok(())
    }
}

/// The next look after one at `asked`: the older a run is, the rarer.
fn next_look(ended: Timestamp, asked: Timestamp) -> Timestamp {
    let wait = asked.duration_since(ended).max(LOOK_AGAIN);
    asked.saturating_add(wait).unwrap_or(Timestamp::MAX)
}
