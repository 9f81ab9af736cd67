//! An engine with everything it stands on.

use crate::disk::OnDisk;
use crate::{
    CountingIds, Disk, FakeDirectories, MemorySecrets, NoMailHosts, PlainGuides, RecordingBrowser, ScriptedAccounts,
    SetClock,
};
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use uncouple_domain::DeviceId;
use uncouple_engine::view::{DisconnectCard, MailboxRow, Overview, StepView};
use uncouple_engine::wire::{Language, StepKind};
use uncouple_engine::{AppError, Engine, EngineStart, Installation, Patience, Ports, fill_sample};
use uncouple_store::SqliteStore;

/// The device on which a desk stands.
pub const DEVICE: DeviceId = DeviceId(uuid::Uuid::from_u128(0xde51));

/// Another one, with a keyring of its own.
pub const OTHER_DEVICE: DeviceId = DeviceId(uuid::Uuid::from_u128(0xde52));

/// A wait that a test can afford.
const SHORT: Duration = Duration::from_millis(2);

/// An engine on a workspace file in a folder of its own, and the fakes behind its ports.
#[derive(Debug)]
pub struct Desk {
    /// The engine. Replaced by [`Desk::restart`].
    pub engine: Arc<Engine>,
    /// The keyring.
    pub secrets: Arc<MemorySecrets>,
    /// The browser.
    pub browser: Arc<RecordingBrowser>,
    /// The providers.
    pub accounts: Arc<ScriptedAccounts>,
    /// The clock.
    pub clock: Arc<SetClock>,
    /// The administrators' directories.
    pub directories: Arc<FakeDirectories>,
    /// The room that the workspace file has.
    pub disk: Disk,
    folder: TempDir,
    runs: u64,
    sample: bool,
}

#[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "for tests: what fails here fails the test")]
impl Desk {
    /// A desk with a fresh workspace.
    pub async fn new() -> Self {
        Self::with(false, None).await
    }

    /// A desk whose workspace is marked as the sample.
    pub async fn sample() -> Self {
        Self::with(true, None).await
    }

    /// A desk with the sample as people get it.
    pub async fn filled_sample(language: Language) -> Self {
        Self::with(true, Some(language)).await
    }

    async fn with(sample: bool, filled: Option<Language>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(SetClock::at("2026-11-23T09:00:00Z".parse().expect("a time")));
        let (secrets, browser) = (Arc::default(), Arc::default());
        let accounts = Arc::default();
        let file = folder.path().join("workspace.db");
        let directories = Arc::new(FakeDirectories::on(Arc::clone(&clock)));
        if let Some(language) = filled {
            let store = SqliteStore::open(&file).await.expect("a workspace");
            let ids = CountingIds::from(1);
            fill_sample(&store, &store, &*clock, &ids, language).await.expect("a sample");
            store.close().await;
        }
        let disk = Disk::default();
        let parts = Parts {
            disk: &disk,
            secrets: &secrets,
            browser: &browser,
            accounts: &accounts,
            clock: &clock,
            directories: &directories,
        };
        let engine = Arc::new(open(&file, 1, sample, false, parts, None, here()).await.expect("a workspace"));
        Self { engine, secrets, browser, accounts, clock, directories, disk, folder, runs: 1, sample }
    }

    /// The workspace file.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("workspace.db")
    }

    /// The folder that the workspace file is in.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A second engine on the same file, as another process would have it.
    pub async fn other(&self) -> Engine {
        let file = self.file();
        open(&file, 500, self.sample, true, self.parts(), None, here()).await.expect("the same workspace")
    }

    /// The same, with an administrator's token that was handed over for this run.
    pub async fn with_token(&self, token: &str) -> Engine {
        let file = self.file();
        let engine = open(&file, 700, self.sample, true, self.parts(), Some(token.into()), here());
        engine.await.expect("the same workspace")
    }

    /// The app ends, however it was doing, and starts again on the same file some time later.
    pub async fn restart(&mut self) {
        self.secrets.end_run();
        self.runs += 1;
        let file = self.file();
        self.clock.wait(1);
        let engine = open(&file, self.runs, self.sample, false, self.parts(), None, here()).await.expect("a restart");
        self.engine = Arc::new(engine);
        self.engine.housekeep().await.expect("a workspace");
    }

    /// The same file, as it is opened on another device: with another identity and another keyring.
    pub async fn elsewhere(&self, secrets: &Arc<MemorySecrets>) -> Engine {
        self.opened(&self.file(), secrets, Installation { id: OTHER_DEVICE, name: "tower".to_owned(), lasting: true })
            .await
    }

    /// A file on this device, with the keyring of this device.
    pub async fn opens(&self, file: &std::path::Path) -> Engine {
        self.opened(file, &self.secrets, here()).await
    }

    /// A file, opened by an installation.
    pub async fn opened(&self, file: &std::path::Path, secrets: &Arc<MemorySecrets>, device: Installation) -> Engine {
        let parts = Parts { secrets, ..self.parts() };
        open(file, 900, self.sample, false, parts, None, device).await.expect("the same workspace")
    }

    fn parts(&self) -> Parts<'_> {
        let Self { secrets, browser, accounts, clock, directories, disk, .. } = self;
        Parts { disk, secrets, browser, accounts, clock, directories }
    }

    /// What the window would show.
    pub async fn overview(&self) -> Overview {
        self.engine.overview().await.expect("an overview")
    }

    /// The only row.
    pub async fn row(&self) -> MailboxRow {
        self.overview().await.mailboxes.into_iter().next().expect("a row")
    }

    /// The only job.
    pub async fn card(&self) -> DisconnectCard {
        self.overview().await.disconnects.into_iter().next().expect("a job")
    }

    /// A step of the only job.
    pub async fn step(&self, kind: StepKind) -> StepView {
        self.card().await.steps.into_iter().find(|step| step.kind == kind).expect("a step")
    }
}

#[derive(Clone, Copy)]
struct Parts<'a> {
    disk: &'a Disk,
    secrets: &'a Arc<MemorySecrets>,
    browser: &'a Arc<RecordingBrowser>,
    accounts: &'a Arc<ScriptedAccounts>,
    clock: &'a Arc<SetClock>,
    directories: &'a Arc<FakeDirectories>,
}

fn here() -> Installation {
    Installation { id: DEVICE, name: "desk".to_owned(), lasting: true }
}

async fn open(
    file: &std::path::Path,
    run: u64,
    sample: bool,
    beside: bool,
    parts: Parts<'_>,
    given_token: Option<SecretString>,
    device: Installation,
) -> Result<Engine, AppError> {
    let Parts { disk, secrets, browser, accounts, clock, directories } = parts;
    let store = Arc::new(SqliteStore::open(file).await?);
    let ports = Ports {
        store: Arc::clone(&store) as _,
        queries: Arc::clone(&store) as _,
        directories: Arc::clone(directories) as _,
        runs: Arc::new(OnDisk { store, disk: disk.clone() }),
        secrets: Arc::clone(secrets) as _,
        browser: Arc::clone(browser) as _,
        accounts: Arc::clone(accounts) as _,
        guides: Arc::new(PlainGuides),
        hosts: Arc::new(NoMailHosts),
        clock: Arc::clone(clock) as _,
        ids: Arc::new(CountingIds::from(run * 1_000_000)),
    };
    let start = EngineStart {
        path: file.to_path_buf(),
        sample,
        device,
        name: "佐藤 花子".to_owned(),
        system_language: Language::Japanese,
        asked_language: None,
        export_folder: file.parent().map(PathBuf::from).unwrap_or_default(),
        google: Default::default(),
        microsoft: Default::default(),
        given_token,
        patience: Patience {
            first: SHORT,
            longest: SHORT * 4,
            list: SHORT * 40,
            stopped: SHORT * 40,
            ..Patience::default()
        },
        beside,
    };
    Engine::open(ports, start).await
}
