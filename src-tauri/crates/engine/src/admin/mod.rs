//! What an administrator can do: sign in, find HubSpot's access across an organisation, revoke it, and have it proven.

mod accesses;
mod apps;
mod batch;
mod beside;
mod control;
mod drive;
mod item;
mod key;
mod list;
mod listed;
mod log;
mod meter;
mod overview;
mod plan;
mod reach;
mod report;
mod report_page;
mod restore;
mod search;
mod sign_in;
mod uses;
mod writer;

pub use control::RunMode;
pub use drive::RunEnd;
pub use listed::LookUp;
pub use report::REPORT_ABOUT;
pub use search::SearchAsk;
pub(crate) use sign_in::{hangs_on, signed_in_as};
pub use uses::LogDepth;

use crate::core::{Engine, locked};
use crate::directory::Directory;
use crate::error::{AppError, ErrorCode};
use control::Running;
use jiff::Timestamp;
use search::Searching;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use tokio::sync::watch;
use uncouple_domain::{GrantId, Organisation, OrganisationId, Permission, Workspace};
use uuid::Uuid;

/// How patient runs are. The defaults are for the real providers; tests take shorter ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The first wait for a list that lags behind a deletion; each further one is twice as long.
    pub first: Duration,
    /// The longest single wait.
    pub longest: Duration,
    /// How long an item is waited for in all. Afterwards it is left as still listed, and can be looked at again.
    pub list: Duration,
    /// For so long after a run is stopped a read may still bring a proof of what was deleted.
    pub stopped: Duration,
    /// How long a search reads the audit log at most.
    pub log: Duration,
    /// The same where only a glance at it is wanted.
    pub glance: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            longest: Duration::from_secs(30),
            list: Duration::from_secs(120),
            stopped: Duration::from_secs(5),
            log: Duration::from_secs(600),
            glance: Duration::from_secs(5),
        }
    }
}

/// What is under way in this process. In memory only; everything that matters is in the file.
#[derive(Debug)]
pub(crate) struct AdminState {
    waiting: Mutex<BTreeMap<Uuid, sign_in::Finished>>,
    searches: Mutex<BTreeMap<OrganisationId, Arc<Searching>>>,
    failed: Mutex<BTreeMap<OrganisationId, AppError>>,
    running: Mutex<Option<Arc<Running>>>,
    /// The organisation that the token that was handed over is for, once the provider said.
    given_for: OnceLock<OrganisationId>,
    /// Whose token that is, where somebody said.
    given_by: OnceLock<String>,
    /// What else stops with a run's items, which never changes.
    reaches: Mutex<BTreeMap<uncouple_domain::RunId, overview::Reached>>,
    /// Held while items of a run are worked on. Beside the claim, which is refused and not waited for.
    turn: tokio::sync::Mutex<()>,
    /// When the audit log is to be read again for runs that are over.
    logs: Mutex<BTreeMap<uncouple_domain::RunId, log::Look>>,
    /// How giving back went, by run.
    pub(super) restored: Mutex<BTreeMap<uncouple_domain::RunId, crate::view::RestoreView>>,
    /// Runs that stopped because there was no room on the disk.
    disk_full: Mutex<BTreeMap<uncouple_domain::RunId, control::DiskFull>>,
    moved: watch::Sender<u64>,
}

impl Default for AdminState {
    fn default() -> Self {
        let (moved, _) = watch::channel(0);
        Self {
            waiting: Mutex::default(),
            searches: Mutex::default(),
            failed: Mutex::default(),
            running: Mutex::default(),
            given_for: OnceLock::new(),
            given_by: OnceLock::new(),
            reaches: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            logs: Mutex::default(),
            restored: Mutex::default(),
            disk_full: Mutex::default(),
            moved,
        }
    }
}

impl AdminState {
    /// Tells that searches or runs have moved on.
    fn moved(&self) {
        self.moved.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn search_of(&self, organisation: OrganisationId) -> Option<Arc<Searching>> {
        locked(&self.searches).get(&organisation).cloned()
    }

    fn running(&self) -> Option<Arc<Running>> {
        locked(&self.running).clone()
    }
}

impl Engine {
    /// Counts up whenever a search or a run has moved on, many times a second.
    #[must_use]
    pub fn admin_moves(&self) -> watch::Receiver<u64> {
        self.admin.moved.subscribe()
    }

    /// An organisation that the acting member may do something in now.
    /// An identity for each consent that a person's addresses may turn out to have given anew.
    pub(crate) fn fresh_grants(&self, keys: &[String]) -> Vec<GrantId> {
        keys.iter().map(|_| GrantId(self.ports.ids.fresh())).collect()
    }

    fn administered(
        &self,
        workspace: &Workspace,
        id: OrganisationId,
        permission: Permission,
    ) -> Result<Organisation, AppError> {
        workspace.by_super_admin(&self.ctx())?;
        if self.start.sample {
            return Err(ErrorCode::NotInSample.into());
        }
        if self.start.given_token.is_some() {
            let organisation = workspace.organisation(id)?;
            // With another one's token everybody would look as if they were gone.
            if self.admin.given_for.get() != Some(&id) {
                return Err(ErrorCode::OtherOrganisation.into());
            }
            // Whoever handed the token over knows what it allows; the provider says the rest.
            return Ok(organisation.clone());
        }
        Ok(workspace.may_administer(&self.ctx(), id, permission)?.clone())
    }

    /// The account under which an organisation's provider is asked now.
    fn asked_as(&self, organisation: &Organisation) -> Option<String> {
        if self.start.given_token.is_some() {
            return self.admin.given_by.get().cloned();
        }
        organisation.sign_in.as_ref().map(|signed| signed.account.to_string())
    }

    /// Opens an organisation's directory.
    async fn directory(self: &Arc<Self>, organisation: &Organisation) -> Result<Arc<dyn Directory>, AppError> {
        let at = crate::wire::Suite::from(organisation.suite).signs_in_at();
        let app = self.sign_in_app(at).await?;
        let pace = self.ports.store.settings().await?.paces.at(organisation.suite);
        let key = key::of(self, organisation, at, app.clone())?;
        Ok(self.ports.directories.open(at, &app, key, pace)?)
    }
}

/// Waits until somebody has asked for a stop.
async fn is_set(stop: &watch::Sender<bool>) {
    // It fails only when the sender is gone, and that is here.
    let _ = stop.subscribe().wait_for(|stop| *stop).await;
}

fn times(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}
