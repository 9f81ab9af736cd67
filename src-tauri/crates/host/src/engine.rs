//! The engine on its real adapters.

use crate::device::installation;
use crate::{AllGuides, FreshIds, Places, SystemBrowser, SystemClock, persons_name, sign_in_app, system_language};
use std::path::Path;
use std::sync::Arc;
use uncouple_engine::directory::Directories;
use uncouple_engine::ports::{Accounts, Browser, MailHosts, SecretStore, SignInAt};
use uncouple_engine::{AppError, Engine, EngineStart, Patience, Ports};
use uncouple_providers::{AdminApis, DnsMailHosts, NoClient, Vendors};
use uncouple_secrets::{Keyring, Limits};
use uncouple_store::SqliteStore;

/// The adapters could not be set up.
pub type OpenError = NoClient;

/// What all workspaces of a process have in common.
pub struct Adapters {
    /// The keyring.
    pub secrets: Arc<dyn SecretStore>,
    /// Sign-in, revocation, check.
    pub accounts: Arc<dyn Accounts>,
    /// Who hosts an address.
    pub hosts: Arc<dyn MailHosts>,
    /// Administrators' APIs.
    pub directories: Arc<dyn Directories>,
    /// Where pages open.
    pub browser: Arc<dyn Browser>,
}

impl std::fmt::Debug for Adapters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Adapters")
    }
}

impl Adapters {
    /// Sets the adapters up. None of them talks to anybody yet.
    ///
    /// # Errors
    /// [`OpenError`] where there is no HTTP client to be had.
    pub fn new() -> Result<Self, OpenError> {
        Ok(Self {
            secrets: Arc::new(Keyring::new(Limits::default())),
            accounts: Arc::new(Vendors::new(uncouple_providers::Limits::default())?),
            hosts: Arc::new(DnsMailHosts::default()),
            directories: Arc::new(AdminApis::new(uncouple_providers::Patience::default())?),
            browser: Arc::new(SystemBrowser),
        })
    }

    /// Opens a workspace file.
    ///
    /// # Errors
    /// What the store says.
    pub async fn open(
        &self,
        places: &Places,
        file: &Path,
        adjust: impl FnOnce(&mut EngineStart),
    ) -> Result<(Arc<Engine>, Arc<SqliteStore>), AppError> {
        let store = Arc::new(SqliteStore::open(file).await?);
        let ports = Ports {
            store: Arc::clone(&store) as _,
            queries: Arc::clone(&store) as _,
            secrets: Arc::clone(&self.secrets),
            browser: Arc::clone(&self.browser),
            accounts: Arc::clone(&self.accounts),
            guides: Arc::new(AllGuides::default()),
            hosts: Arc::clone(&self.hosts),
            directories: Arc::clone(&self.directories),
            runs: Arc::clone(&store) as _,
            clock: Arc::new(SystemClock),
            ids: Arc::new(FreshIds),
        };
        let mut start = EngineStart {
            path: file.to_path_buf(),
            sample: false,
            device: installation(places.device.as_deref()),
            name: persons_name(),
            system_language: system_language(),
            asked_language: None,
            export_folder: places.exports.clone(),
            google: sign_in_app(SignInAt::Google),
            microsoft: sign_in_app(SignInAt::Microsoft),
            given_token: None,
            patience: Patience::default(),
            beside: false,
        };
        adjust(&mut start);
        Ok((Arc::new(Engine::open(ports, start).await?), store))
    }
}
