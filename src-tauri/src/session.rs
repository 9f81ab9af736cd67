//! The open workspace, and the way to another one.

use crate::desktop::browser::SystemBrowser;
use crate::desktop::guides::AllGuides;
use crate::environment::{FreshIds, Places, SystemClock, persons_name, sign_in_app, system_language};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{RwLock, watch};
use uncouple_engine::ports::{Accounts, MailHosts, SecretStore, SignInAt};
use uncouple_engine::{AppError, Engine, EngineStart, ErrorCode, Ports, fill_sample};
use uncouple_providers::{DnsMailHosts, NoClient, Vendors};
use uncouple_secrets::{Keyring, Limits};
use uncouple_store::SqliteStore;

type Opened = Result<Arc<Engine>, AppError>;

/// Which workspace is open. A file that can't be opened leaves the reason in its place, so that the
/// window can say it, and everything else keeps answering with it.
pub(crate) struct Session {
    places: Places,
    shared: Shared,
    open: RwLock<(Opened, Option<Arc<SqliteStore>>)>,
    engine: watch::Sender<Opened>,
}

/// What all workspaces of this process have in common.
pub(crate) struct Shared {
    secrets: Arc<dyn SecretStore>,
    accounts: Arc<dyn Accounts>,
    hosts: Arc<dyn MailHosts>,
}

impl Session {
    /// Opens the workspace of this start.
    pub(crate) async fn start(places: Places, shared: Shared) -> Self {
        let open = shared.open(&places, &places.workspace, false).await;
        let (engine, _) = watch::channel(open.0.clone());
        Self { places, shared, open: RwLock::new(open), engine }
    }

    /// The open workspace's engine.
    pub(crate) async fn engine(&self) -> Opened {
        self.open.read().await.0.clone()
    }

    /// The same, after another try if the file could not be opened.
    pub(crate) async fn engine_again(&self) -> Opened {
        if let Ok(engine) = self.engine().await {
            return Ok(engine);
        }
        let mut open = self.open.write().await;
        if open.0.is_err() {
            // Only the person's own workspace is ever asked for again; a sample that fails is left.
            self.switch(&mut open, &self.places.workspace, false).await?;
        }
        open.0.clone()
    }

    /// Tells which engine is the open one, now and whenever that changes.
    pub(crate) fn engines(&self) -> watch::Receiver<Opened> {
        self.engine.subscribe()
    }

    /// Opens a fresh sample workspace.
    pub(crate) async fn begin_sample(&self) -> Result<(), AppError> {
        let mut open = self.open.write().await;
        if open.0.as_ref().is_ok_and(|engine| engine.started().sample) {
            return Ok(());
        }
        delete(&self.places.sample).await?;
        let store = SqliteStore::open(&self.places.sample).await?;
        fill_sample(&store, &SystemClock, &FreshIds, system_language()).await?;
        store.close().await;
        self.switch(&mut open, &self.places.sample, true).await
    }

    /// Throws the sample away and goes back to the person's own workspace.
    pub(crate) async fn leave_sample(&self) -> Result<(), AppError> {
        let mut open = self.open.write().await;
        if !open.0.as_ref().is_ok_and(|engine| engine.started().sample) {
            return Err(ErrorCode::NotSample.into());
        }
        self.switch(&mut open, &self.places.workspace, false).await?;
        delete(&self.places.sample).await
    }

    async fn switch(
        &self,
        open: &mut (Opened, Option<Arc<SqliteStore>>),
        file: &Path,
        sample: bool,
    ) -> Result<(), AppError> {
        let next = self.shared.open(&self.places, file, sample).await;
        let before = std::mem::replace(open, next);
        if let Some(store) = before.1 {
            store.close().await;
        }
        let _ = self.engine.send_replace(open.0.clone());
        open.0.as_ref().map(|_| ()).map_err(Clone::clone)
    }
}

impl Shared {
    /// Sets the adapters up. None of them talks to anybody yet.
    pub(crate) fn new() -> Result<Self, NoClient> {
        Ok(Self {
            secrets: Arc::new(Keyring::new(Limits::default())),
            accounts: Arc::new(Vendors::new(uncouple_providers::Limits::default())?),
            hosts: Arc::new(DnsMailHosts::default()),
        })
    }

    async fn open(&self, places: &Places, file: &Path, sample: bool) -> (Opened, Option<Arc<SqliteStore>>) {
        match self.try_open(places, file, sample).await {
            Ok((engine, store)) => (Ok(engine), Some(store)),
            Err(error) => (Err(error.with("path", file.display())), None),
        }
    }

    async fn try_open(
        &self,
        places: &Places,
        file: &Path,
        sample: bool,
    ) -> Result<(Arc<Engine>, Arc<SqliteStore>), AppError> {
        let store = Arc::new(SqliteStore::open(file).await?);
        let ports = Ports {
            store: Arc::clone(&store) as _,
            secrets: Arc::clone(&self.secrets),
            browser: Arc::new(SystemBrowser),
            accounts: Arc::clone(&self.accounts),
            guides: Arc::new(AllGuides::default()),
            hosts: Arc::clone(&self.hosts),
            clock: Arc::new(SystemClock),
            ids: Arc::new(FreshIds),
        };
        let start = EngineStart {
            path: file.to_path_buf(),
            sample,
            name: persons_name(),
            system_language: system_language(),
            export_folder: places.exports.clone(),
            google: sign_in_app(SignInAt::Google),
            microsoft: sign_in_app(SignInAt::Microsoft),
        };
        Ok((Arc::new(Engine::open(ports, start).await?), store))
    }
}

/// Deletes a workspace file with what SQLite keeps beside it.
async fn delete(file: &Path) -> Result<(), AppError> {
    for end in ["", "-wal", "-shm"] {
        let mut path = file.as_os_str().to_owned();
        path.push(end);
        match tokio::fs::remove_file(&path).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(%error, "the sample could not be thrown away");
                return Err(AppError::new(ErrorCode::StoreReadOnly).with("path", file.display()));
            }
            _ => {}
        }
    }
    Ok(())
}
