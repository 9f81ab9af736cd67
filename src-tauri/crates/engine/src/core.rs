//! The open workspace and the ports it stands on.

use crate::admin::{AdminState, Patience};
use crate::directory::Directories;
use crate::error::AppError;
use crate::guide::Guides;
use crate::ports::{
    Accounts, Browser, Clock, Committed, Ids, MailHosts, Queries, SecretStore, SettingsWork, SignInApp, SignInAt,
    Snapshot, Store, transact,
};
use crate::runs::RunStore;
use crate::settings::Settings;
use crate::sign_in::SignIns;
use crate::wire::Language;
use jiff::Timestamp;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast;
use uncouple_domain::{Ctx, DeviceId, Entity, GrantId, MemberId, Name, Refusal, Scope, Suite, ThisDevice, Workspace};

/// A lock that a panic elsewhere does not spoil.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Everything the engine needs from outside.
#[derive(Clone)]
pub struct Ports {
    /// The workspace file.
    pub store: Arc<dyn Store>,
    /// What is read of it in pages.
    pub queries: Arc<dyn Queries>,
    /// The keyring.
    pub secrets: Arc<dyn SecretStore>,
    /// The system browser.
    pub browser: Arc<dyn Browser>,
    /// Sign-in, revocation, check.
    pub accounts: Arc<dyn Accounts>,
    /// Guides and their pages.
    pub guides: Arc<dyn Guides>,
    /// Who hosts an address.
    pub hosts: Arc<dyn MailHosts>,
    /// Administrators' APIs.
    pub directories: Arc<dyn Directories>,
    /// Found accesses, plans and runs.
    pub runs: Arc<dyn RunStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Fresh ids.
    pub ids: Arc<dyn Ids>,
}

impl std::fmt::Debug for Ports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ports")
    }
}

/// The installation that opens a workspace, as the system has it.
#[derive(Clone, Debug)]
pub struct Installation {
    /// Its identity.
    pub id: DeviceId,
    /// The computer's name.
    pub name: String,
    /// Whether the next start will have the same identity. False: it could not be kept, so nothing is put into a keyring
    /// under it.
    pub lasting: bool,
}

/// How a workspace is opened.
#[derive(Clone, Debug)]
pub struct EngineStart {
    /// The file, for showing.
    pub path: PathBuf,
    /// The sample workspace.
    pub sample: bool,
    /// The device, from the system and never from a request.
    pub device: Installation,
    /// The name to begin with, from the system.
    pub name: String,
    /// The language of the system.
    pub system_language: Language,
    /// The language that was asked for with this start. It comes before the settings.
    pub asked_language: Option<Language>,
    /// A folder to suggest for exports.
    pub export_folder: PathBuf,
    /// Sign-in app for Google from the environment, for when the settings have none.
    pub google: SignInApp,
    /// The same for Microsoft.
    pub microsoft: SignInApp,
    /// An administrator's access token that was handed over for this run, instead of a sign-in.
    pub given_token: Option<SecretString>,
    /// How patient runs of revocations are.
    pub patience: Patience,
    /// Another process may have the workspace open, so what was kept for one run only may still be of use there.
    pub beside: bool,
}

/// Something changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The count of changes now.
    pub revision: u64,
    /// The rows that are not as they were. None: what is seen of them is another member's view now.
    pub touched: Arc<[Entity]>,
}

/// One open workspace.
#[derive(Debug)]
pub struct Engine {
    pub(crate) ports: Ports,
    pub(crate) start: EngineStart,
    acting: Mutex<MemberId>,
    pub(crate) sign_ins: SignIns,
    /// Tokens that the keyring did not let go of, and when that was last tried in this run.
    pub(crate) not_forgotten: Mutex<BTreeMap<GrantId, Timestamp>>,
    /// The keyring was looked through in this run for what may be this device's, and all of it was taken over.
    pub(crate) looked_through: Mutex<bool>,
    /// Held while a token is used or deleted: a token that comes back new from a use must not be written
    /// where one was just deleted and read back as absent.
    pub(crate) tokens: tokio::sync::Mutex<()>,
    changed: broadcast::Sender<Changed>,
    pub(crate) admin: AdminState,
}

impl Engine {
    /// Opens a workspace, and begins it if it is new. Talks to nobody: what an earlier run left half done
    /// is taken up by [`Engine::housekeep`], which may have to wait for a provider or the keyring.
    ///
    /// # Errors
    /// What the store says.
    pub async fn open(ports: Ports, start: EngineStart) -> Result<Self, AppError> {
        let snapshot = ports.store.case(&Scope::Roster).await?;
        let present = |workspace: &Workspace| workspace.members.values().find(|m| !m.removed).map(|m| m.id);
        let device = start.device.id;
        let fresh = Ctx { actor: MemberId(ports.ids.fresh()), now: ports.clock.now(), device };
        let file = file_of(&start, &snapshot.workspace);
        let has_arrived = !start.device.lasting || snapshot.workspace.has_arrived(&fresh, &file);
        let actor = match present(&snapshot.workspace) {
            Some(member) if has_arrived => member,
            Some(_) | None => {
                let named = |text: &str| Name::parse(text).or_else(|_| Name::parse("-")).map_err(AppError::name);
                let name = named(&start.name)?;
                let this = ThisDevice { name: named(&start.device.name)?, file, earlier: DeviceId(ports.ids.fresh()) };
                let begin = move |workspace: &mut Workspace| {
                    // Another process may have begun the same file in between; its member stands then.
                    if present(workspace).is_none() {
                        workspace.begin(&fresh, name);
                    }
                    if !has_arrived {
                        workspace.arrive(&fresh, this);
                    }
                    Ok(present(workspace).unwrap_or(fresh.actor))
                };
                transact(&*ports.store, None, &Scope::kept(), begin).await?.0
            }
        };
        let (changed, _) = broadcast::channel(64);
        let engine = Self {
            ports,
            start,
            acting: Mutex::new(actor),
            sign_ins: SignIns::default(),
            not_forgotten: Mutex::default(),
            looked_through: Mutex::default(),
            tokens: tokio::sync::Mutex::default(),
            changed,
            admin: AdminState::default(),
        };
        if !engine.start.beside {
            engine.end_of_last_run().await?;
        }
        Ok(engine)
    }

    /// The workspace's file and kind.
    #[must_use]
    pub fn started(&self) -> &EngineStart {
        &self.start
    }

    /// Tells of every change made through this engine.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Changed> {
        self.changed.subscribe()
    }

    /// The count of changes in the file, also by other processes.
    ///
    /// # Errors
    /// What the store says.
    pub async fn revision(&self) -> Result<u64, AppError> {
        Ok(self.ports.store.revision().await?)
    }

    /// The acting member.
    pub(crate) fn actor(&self) -> MemberId {
        *locked(&self.acting)
    }

    pub(crate) fn set_actor(&self, member: MemberId) {
        *locked(&self.acting) = member;
    }

    /// Tells that the window should read again.
    pub(crate) fn tell_of(&self, Committed { revision, touched }: Committed) {
        // Nobody listening is fine.
        let _ = self.changed.send(Changed { revision, touched: touched.into() });
    }

    pub(crate) fn ctx(&self) -> Ctx {
        Ctx { actor: self.actor(), now: self.ports.clock.now(), device: self.start.device.id }
    }

    /// The rows of a case, to look at.
    pub(crate) async fn case(&self, scope: Scope) -> Result<Snapshot, AppError> {
        Ok(self.ports.store.case(&scope).await?)
    }

    /// Everything, for views that show everything at once.
    pub(crate) async fn read_whole(&self) -> Result<Arc<Snapshot>, AppError> {
        Ok(self.ports.store.read_whole().await?)
    }

    /// Runs a use case on its case in one transaction and tells of the change.
    pub(crate) async fn change<T: Send>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut Workspace, &Ctx) -> Result<T, Refusal> + Send,
    ) -> Result<T, AppError> {
        self.change_both(None, scope, work).await
    }

    /// The same for a use case that somebody begins with: the welcome is not shown again.
    pub(crate) async fn change_welcomed<T: Send>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut Workspace, &Ctx) -> Result<T, Refusal> + Send,
    ) -> Result<T, AppError> {
        self.change_both(Some(Box::new(|settings| settings.welcomed = true)), scope, work).await
    }

    /// Runs a use case and a change of the settings in one transaction and tells of the change.
    pub(crate) async fn change_both<T: Send>(
        &self,
        settings: Option<SettingsWork>,
        scope: Scope,
        work: impl FnOnce(&mut Workspace, &Ctx) -> Result<T, Refusal> + Send,
    ) -> Result<T, AppError> {
        let ctx = self.ctx();
        let (value, committed) = transact(&*self.ports.store, settings, &scope, move |case| work(case, &ctx)).await?;
        self.tell_of(committed);
        Ok(value)
    }

    /// The sign-in app to use: the settings' own, else the environment's. A token that was handed over goes where whoever
    /// handed it over says: to the environment's endpoints or the provider's own, never to those of the file.
    pub(crate) async fn sign_in_app(&self, at: SignInAt) -> Result<SignInApp, AppError> {
        Ok(self.sign_in_app_in(&self.ports.store.settings().await?, at))
    }

    /// The same, where the settings were read already.
    pub(crate) fn sign_in_app_in(&self, settings: &Settings, at: SignInAt) -> SignInApp {
        let given = match at {
            SignInAt::Google => &self.start.google,
            SignInAt::Microsoft => &self.start.microsoft,
        };
        let set = settings.app(at);
        let is_given = self.start.given_token.is_some() || set.client_id.is_empty();
        if is_given { given.clone() } else { set.clone() }
    }

    /// The hosts of the sign-in app to use that are not the provider's own.
    pub(crate) async fn foreign_hosts(&self, at: SignInAt) -> Result<Vec<String>, AppError> {
        Ok(self.ports.accounts.foreign_hosts(at, &self.sign_in_app(at).await?))
    }

    /// The same for the accounts of a suite.
    pub(crate) async fn foreign_hosts_of(&self, suite: Suite) -> Result<Vec<String>, AppError> {
        self.foreign_hosts(crate::wire::Suite::from(suite).signs_in_at()).await
    }

    pub(crate) async fn change_settings(
        &self,
        change: impl FnOnce(&mut Settings) + Send + 'static,
    ) -> Result<(), AppError> {
        self.change_both(Some(Box::new(change)), Scope::Roster, |_, _| Ok(())).await
    }
}

/// Where the workspace's file is. Where the device knows it under another name that leads to the same file, that name goes
/// on: a mount in two places is no move.
fn file_of(start: &EngineStart, workspace: &Workspace) -> String {
    let now = std::fs::canonicalize(&start.path).unwrap_or_else(|_| start.path.clone());
    let known = workspace.devices.get(&start.device.id).map(|device| &device.file);
    match known {
        Some(known) if is_same_file(Path::new(known), &now) => known.clone(),
        Some(_) | None => now.display().to_string(),
    }
}

#[cfg(unix)]
fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (std::fs::metadata(one), std::fs::metadata(other)) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_same_file(one: &Path, other: &Path) -> bool {
    one == other
}
