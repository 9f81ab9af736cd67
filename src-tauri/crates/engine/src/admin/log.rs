//! What the audit log adds to a run: the removal itself, or a consent that came after it.

use super::drive::Steps;
use crate::address::read_address;
use crate::directory::{Directory, LogLine, LogWhat, Who};
use crate::error::AppError;
use crate::runs::{Item, ItemChange, ItemFilter};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use tokio::sync::mpsc;
use uncouple_domain::{Ctx, DirectorySaid, EventKind, GrantId, ItemState, Left, Organisation, Refusal, Workspace};

const PAGE: u32 = 500;

/// The log is read from so long before the run: the provider's clock and ours are never quite one.
const BEFORE: SignedDuration = SignedDuration::from_mins(2);

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
    /// Holds what is proven against the audit log. A log that can't be read adds nothing and takes nothing away.
    pub(crate) async fn read_log(
        &self,
        organisation: &Organisation,
        directory: &Arc<dyn Directory>,
    ) -> Result<(), AppError> {
        let engine = self.engine;
        let began = self.run.started.unwrap_or(self.run.planned.at);
        let since = began.saturating_sub(BEFORE).unwrap_or(began);
        let apps: BTreeSet<String> = organisation.apps.iter().map(|app| app.key.clone()).collect();
        let asked = engine.ports.clock.now();
        let (out, mut found) = mpsc::channel(256);
        let taking = async {
            let mut lines = Lines::default();
            while let Some(line) = found.recv().await {
                lines.take(line);
            }
            lines
        };
        let (read, lines) = tokio::join!(directory.log(&apps, since, out), taking);
        if let Err(error) = read {
            tracing::info!(%error, "the audit log was not read");
            return Ok(());
        }
        let mut offset = 0;
        loop {
            let (page, _) = engine.ports.runs.items(self.run.id, ItemFilter::All, None, offset, PAGE).await?;
            let full = page.len() == PAGE as usize;
            offset += page.len() as u64;
            self.hold_against(organisation, page, &lines, asked).await?;
            if !full {
                return Ok(());
            }
        }
    }

    async fn hold_against(
        &self,
        organisation: &Organisation,
        page: Vec<Item>,
        lines: &Lines,
        asked: Timestamp,
    ) -> Result<(), AppError> {
        let engine = self.engine;
        let (mut changes, mut told) = (Vec::new(), Vec::new());
        for item in page {
            let (removal, consent) = lines.of(&item);
            let state = item.state.logged(asked, removal, consent);
            if state == item.state {
                continue;
            }
            changes.push(ItemChange { run: self.run.id, seq: item.seq, state });
            if let ItemState::Left { why: Left::ConsentedAgain, .. } = state {
                let event = EventKind::AccessLeft {
                    run: self.run.id,
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
                told.push((address, event, said, GrantId(engine.ports.ids.fresh())));
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        let ctx = Ctx { actor: self.run.planned.by, now: asked };
        let work: Option<crate::ports::Work> = (!told.is_empty()).then(|| {
            Box::new(move |workspace: &mut Workspace| -> Result<(), Refusal> {
                for (address, event, said, fresh) in told {
                    workspace.note_address(&ctx, None, address, event);
                    workspace.directory_said(&ctx, None, &said, fresh);
                }
                Ok(())
            }) as crate::ports::Work
        });
        let revision = engine.ports.runs.settle(changes, None, work).await?;
        engine.tell_of(revision);
        Ok(())
    }
}
