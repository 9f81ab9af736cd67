//! Writes what happens to items: whatever came in while the last transaction was written goes into the next one.
//!
//! A deletion is sent only after its intention is on the disk. With many items under way at once, one transaction for
//! each would be slower than the provider.

use super::item::Known;
use crate::core::Engine;
use crate::error::AppError;
use crate::ports::CaseWork;
use crate::runs::{Item, ItemChange, Through};
use jiff::Timestamp;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use uncouple_domain::{
    Address, Ctx, DeleteAnswer, DirectorySaid, EventKind, GrantId, ItemState, Look, MemberId, RunId, Scope, Suite,
};

/// Changes of one transaction at most.
const MOST: usize = 400;

/// What the history and the workspace's rows are told about a run.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(crate) run: RunId,
    pub(crate) suite: Suite,
    /// Whose run it is.
    pub(crate) acted: MemberId,
    /// The apps' own names, where not all of them go by HubSpot's.
    pub(crate) apps: Vec<String>,
    /// Hosts that answer in the provider's place.
    pub(crate) hosts: Vec<String>,
    /// A verification tells only of what is not as it was before.
    pub(crate) revokes: bool,
}

/// One change of an item.
pub(crate) struct Change {
    pub(crate) item: Arc<Item>,
    pub(crate) before: ItemState,
    pub(crate) state: ItemState,
    /// What a read said of the person, beside the item.
    pub(crate) known: Option<Known>,
    /// That the list was, or was not, read again, where that was wanted.
    pub(crate) look: Option<Look>,
    /// By which other grants HubSpot still reaches the person.
    pub(crate) through: Vec<Through>,
    pub(crate) written: Option<oneshot::Sender<Result<(), AppError>>>,
}

/// The way to the file.
#[derive(Clone)]
pub(crate) struct Writer(mpsc::Sender<Change>);

impl Writer {
    /// Begins to write for a run. The second value ends when all writers are dropped and everything is written; it is
    /// the first failure, if there was one.
    pub(crate) fn begin(engine: Arc<Engine>, about: About) -> (Self, tokio::task::JoinHandle<Result<(), AppError>>) {
        let (send, receive) = mpsc::channel(MOST * 4);
        (Self(send), tokio::spawn(write(engine, about, receive)))
    }

    /// Writes a change, and waits until it is on the disk.
    pub(crate) async fn now(&self, mut change: Change) -> Result<(), AppError> {
        let (written, done) = oneshot::channel();
        change.written = Some(written);
        let gone = || AppError::from(crate::ErrorCode::Internal);
        self.0.send(change).await.map_err(|_| gone())?;
        done.await.map_err(|_| gone())?
    }

    /// Writes a change soon. Changes are written in the order in which they come.
    pub(crate) async fn soon(&self, change: Change) -> Result<(), AppError> {
        self.0.send(change).await.map_err(|_| crate::ErrorCode::Internal.into())
    }
}

async fn write(engine: Arc<Engine>, about: About, mut changes: mpsc::Receiver<Change>) -> Result<(), AppError> {
    let mut batch = Vec::new();
    loop {
        if changes.recv_many(&mut batch, MOST).await == 0 {
            return Ok(());
        }
        let done = settle(&engine, &about, &batch).await;
        for change in batch.drain(..) {
            if let Some(written) = change.written {
                let _ = written.send(done.clone());
            }
        }
        done?;
    }
}

async fn settle(engine: &Engine, about: &About, batch: &[Change]) -> Result<(), AppError> {
    let written = |change: &Change| ItemChange {
        run: about.run,
        seq: change.item.seq,
        state: change.state,
        look: change.look,
        through: change.through.clone(),
    };
    let changes = batch.iter().map(written).collect();
    let told: Vec<Told> = batch.iter().filter_map(|change| tell(engine, about, change)).collect();
    let case = if told.is_empty() {
        None
    } else {
        let ctx = Ctx { actor: about.acted, ..engine.ctx() };
        let acted = about.acted;
        let scope = Scope::addresses(told.iter().flat_map(Told::keys));
        Some(CaseWork::new(scope, move |workspace| {
            for one in told {
                if let Some((address, event)) = one.event {
                    workspace.note_address(&ctx, Some(acted), address, event);
                }
                if let Some((said, fresh)) = one.said {
                    workspace.directory_said(&ctx, Some(acted), &said, &fresh);
                }
            }
            Ok(())
        }))
    };
    let committed = engine.ports.runs.settle(changes, None, case).await?;
    engine.tell_of(committed);
    Ok(())
}

struct Told {
    event: Option<(Option<Address>, EventKind)>,
    said: Option<(DirectorySaid, Vec<GrantId>)>,
}

impl Told {
    /// The addresses whose rows it may be about.
    fn keys(&self) -> Vec<&str> {
        let said = self.said.iter().flat_map(|(said, _)| &said.keys).map(String::as_str);
        said.chain(self.event.iter().filter_map(|(address, _)| address.as_ref()).map(Address::key)).collect()
    }
}

/// What a change is to the history and to the workspace's rows.
fn tell(engine: &Engine, about: &About, change: &Change) -> Option<Told> {
    let item = &change.item;
    let person = item.found.address.clone();
    let app = item.app_name.clone();
    let run = about.run;
    let event = match (change.before, change.state) {
        (before, ItemState::Proven { nobody_there, .. }) if !before.is_proven() => {
            let already_gone = change.state.answer() != Some(DeleteAnswer::Deleted);
            Some(EventKind::AccessRevoked { run, person, app, nobody_there, already_gone })
        }
        (before, ItemState::Left { why, .. }) if !matches!(before, ItemState::Left { why: was, .. } if was == why) => {
            Some(EventKind::AccessLeft { run, person, app, why })
        }
        _ => None,
    };
    let said = change.known.filter(|_| !item.found.keys.is_empty()).map(|known| {
        let said = DirectorySaid {
            suite: about.suite,
            keys: item.found.keys.clone(),
            listed: known.reached,
            at: known.began,
            by_run: about.revokes && change.state.is_proven(),
            deleted_here: about.revokes
                && change.state.is_proven()
                && change.state.answer() == Some(DeleteAnswer::Deleted),
            apps: about.apps.clone(),
            hosts: about.hosts.clone(),
        };
        let fresh = engine.fresh_grants(&said.keys);
        (said, fresh)
    });
    if event.is_none() && said.is_none() {
        return None;
    }
    let address = crate::address::read_address(&item.found.address).ok();
    Some(Told { event: event.map(|event| (address, event)), said })
}

/// A change without anything beside it.
pub(crate) fn plain(item: &Arc<Item>, before: ItemState, state: ItemState) -> Change {
    let through = Vec::new();
    Change { item: Arc::clone(item), before, state, known: None, look: None, through, written: None }
}

/// When something was, for states.
pub(crate) fn now(engine: &Engine) -> Timestamp {
    engine.ports.clock.now()
}
