//! The open workspace, and the way to another one.

use std::path::Path;
use std::sync::Arc;
use tokio::sync::{RwLock, watch};
use uncouple_engine::{AppError, Engine, ErrorCode, fill_sample};
use uncouple_host::{Adapters, FreshIds, Places, SystemClock, system_language};
use uncouple_store::SqliteStore;

type Opened = Result<Arc<Engine>, AppError>;

/// Which workspace is open. A file that can't be opened leaves the reason in its place, so that the
/// window can say it, and everything else keeps answering with it.
///
/// The person's own workspace stays open behind the sample: what is under way there, a sign-in or a
/// revocation, must be able to write its outcome, and what is kept for this run must not look as if the
/// run were over.
pub(crate) struct Session {
    places: Places,
    shared: Adapters,
    open: RwLock<Open>,
    engine: watch::Sender<Opened>,
}

struct Open {
    own: Opened,
    sample: Option<(Arc<Engine>, Arc<SqliteStore>)>,
}

impl Open {
    fn engine(&self) -> Opened {
        self.sample.as_ref().map_or_else(|| self.own.clone(), |(engine, _)| Ok(Arc::clone(engine)))
    }
}

impl Session {
    /// Opens the workspace of this start.
    pub(crate) async fn start(places: Places, shared: Adapters) -> Self {
        let own = open_own(&shared, &places).await;
        let (engine, _) = watch::channel(own.clone());
        Self { places, shared, open: RwLock::new(Open { own, sample: None }), engine }
    }

    /// The open workspace's engine.
    pub(crate) async fn engine(&self) -> Opened {
        self.open.read().await.engine()
    }

    /// The same, after another try if the file could not be opened.
    pub(crate) async fn engine_again(&self) -> Opened {
        if let Ok(engine) = self.engine().await {
            return Ok(engine);
        }
        let mut open = self.open.write().await;
        if open.engine().is_err() {
            open.own = open_own(&self.shared, &self.places).await;
            self.tell(&open);
        }
        open.engine()
    }

    /// Tells which engine is the open one, now and whenever that changes.
    pub(crate) fn engines(&self) -> watch::Receiver<Opened> {
        self.engine.subscribe()
    }

    /// Opens a fresh sample workspace.
    pub(crate) async fn begin_sample(&self) -> Result<(), AppError> {
        let mut open = self.open.write().await;
        if open.sample.is_some() {
            return Ok(());
        }
        let file = &self.places.sample;
        delete(file).await?;
        let store = SqliteStore::open(file).await?;
        fill_sample(&store, &store, &SystemClock, &FreshIds, system_language()).await?;
        store.close().await;
        open.sample = Some(self.shared.open(&self.places, file, |start| start.sample = true).await?);
        self.tell(&open);
        Ok(())
    }

    /// Throws the sample away and goes back to the person's own workspace.
    pub(crate) async fn leave_sample(&self) -> Result<(), AppError> {
        let mut open = self.open.write().await;
        let Some((_, store)) = open.sample.take() else {
            return Err(ErrorCode::NotSample.into());
        };
        self.tell(&open);
        store.close().await;
        delete(&self.places.sample).await
    }

    fn tell(&self, open: &Open) {
        let _ = self.engine.send_replace(open.engine());
    }
}

/// Opens the person's own workspace; what is wrong with the file is said with its path.
async fn open_own(shared: &Adapters, places: &Places) -> Opened {
    let opened = shared.open(places, &places.workspace, |_| {}).await;
    opened.map(|(engine, _)| engine).map_err(|error| error.with("path", places.workspace.display()))
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use uncouple_testkit::{FakeDirectories, MemorySecrets, NoMailHosts, RecordingBrowser, ScriptedAccounts, SetClock};

    fn session_parts(folder: &Path) -> (Places, Adapters) {
        let workspace = folder.join("w.db");
        let places = Places {
            sample: folder.join("w.db.sample"),
            workspace,
            exports: folder.to_path_buf(),
            device: Some(folder.join("device.json")),
        };
        let shared = Adapters {
            secrets: Arc::new(MemorySecrets::default()),
            accounts: Arc::new(ScriptedAccounts::default()),
            hosts: Arc::new(NoMailHosts),
            directories: Arc::new(FakeDirectories::on(Arc::new(SetClock::at(jiff::Timestamp::UNIX_EPOCH)))),
            browser: Arc::new(RecordingBrowser::default()),
        };
        (places, shared)
    }

    #[tokio::test]
    async fn what_is_under_way_in_ones_own_workspace_ends_there_while_the_sample_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let (places, shared) = session_parts(folder.path());
        let session = Session::start(places.clone(), shared).await;
        let own = session.engine().await.unwrap();
        session.begin_sample().await.unwrap();
        assert!(session.engine().await.unwrap().started().sample);
        // As a command that began before the sample was opened.
        own.rename_me("Taro").await.unwrap();
        session.leave_sample().await.unwrap();
        let back = session.engine().await.unwrap();
        assert!(Arc::ptr_eq(&own, &back), "the run of this workspace is not over");
        assert_eq!(back.overview().await.unwrap().me.name, "Taro");
        assert!(!places.sample.exists());
        assert_eq!(session.leave_sample().await.unwrap_err().code, ErrorCode::NotSample);
    }

    #[tokio::test]
    async fn a_file_that_can_not_be_opened_is_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let (places, shared) = session_parts(folder.path());
        std::fs::create_dir(&places.workspace).unwrap();
        let session = Session::start(places.clone(), shared).await;
        let error = session.engine().await.unwrap_err();
        assert_eq!(error.code, ErrorCode::StoreNotAFile);
        assert!(error.details.contains_key("path"));
        std::fs::remove_dir(&places.workspace).unwrap();
        session.engine_again().await.unwrap();
    }
}
