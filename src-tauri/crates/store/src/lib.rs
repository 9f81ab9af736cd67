//! The workspace in one SQLite file.
//!
//! Each change is one `BEGIN IMMEDIATE` transaction against the newest state, so two processes on one
//! file never lose an update. The state is loaded once and kept beside its revision; a change by another
//! process moves the revision, and the state is loaded again. Only rows that differ are written.

mod accesses;
mod claim;
mod error;
mod found;
mod items;
mod judge;
mod load;
mod modes;
mod open;
mod past;
mod plans;
mod runs;
mod safety_copy;
mod save;
mod transaction;

pub use open::SCHEMA;

use async_trait::async_trait;
use error::failure;
use runs::Settled;
use sqlx::{Connection, SqliteConnection, SqlitePool};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;
use transaction::WriteTransaction;
use uncouple_engine::history::{Chain, Entry, HistoryEnd, HistoryFilter, HistoryPage};
use uncouple_engine::ports::{SettingsWork, Snapshot, Store, StoreError, Work};
use uncouple_engine::settings::Settings;

/// A workspace file, open.
#[derive(Debug)]
pub struct SqliteStore {
    pool: SqlitePool,
    /// With all links followed.
    path: PathBuf,
    newest: Mutex<Option<Arc<Snapshot>>>,
}

impl SqliteStore {
    /// Opens a workspace file, or begins one. Older files are brought up to date after a copy was made.
    ///
    /// # Errors
    /// [`StoreError`]; the file is then as it was.
    pub async fn open(path: &std::path::Path) -> Result<Self, StoreError> {
        let pool = open::open(path).await?;
        let path = path.canonicalize().map_err(|error| open::unreachable(&error))?;
        Ok(Self { pool, path, newest: Mutex::default() })
    }

    /// Closes the file: the write-ahead log goes into it and is deleted.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    async fn current(&self, db: &mut SqliteConnection) -> Result<Arc<Snapshot>, StoreError> {
        let revision = load::revision(db).await?;
        let known = self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known.filter(|known| known.revision == revision) {
            return Ok(known);
        }
        let workspace = load::workspace(db).await?;
        let snapshot = Arc::new(Snapshot { workspace, revision });
        self.keep(&snapshot);
        Ok(snapshot)
    }

    /// All that a use case changes, in one transaction: the workspace, the settings, and a run with its items.
    async fn commit(
        &self,
        settings: Option<SettingsWork>,
        settled: Option<Settled>,
        work: Work,
    ) -> Result<Arc<Snapshot>, StoreError> {
        let mut tx = WriteTransaction::begin(&self.pool).await?;
        match self.within(&mut tx, settings, settled, work).await {
            Ok((snapshot, news)) => {
                tx.commit().await?;
                if news {
                    self.keep(&snapshot);
                }
                Ok(snapshot)
            }
            // The rule's answer is no trouble of the file's.
            Err(StoreError::Refused(refusal)) => {
                tx.roll_back().await;
                Err(refusal.into())
            }
            Err(error) => Err(error),
        }
    }

    /// What is done within the transaction. True: something changed.
    async fn within(
        &self,
        tx: &mut SqliteConnection,
        settings: Option<SettingsWork>,
        settled: Option<Settled>,
        work: Work,
    ) -> Result<(Arc<Snapshot>, bool), StoreError> {
        let before = self.current(tx).await?;
        let mut workspace = before.workspace.clone();
        work(&mut workspace)?;
        let mut besides = false;
        if let Some(change) = settings {
            let old = load::settings(tx).await?;
            let mut new = old.clone();
            change(&mut new);
            besides = new != old;
            save::settings(tx, &new).await?;
        }
        if let Some(Settled { changes, run }) = settled {
            items::change(tx, &changes).await?;
            if let Some(run) = run {
                besides |= items::update_run(tx, &run).await?;
            }
        }
        let events = workspace.take_events();
        if events.is_empty() && !besides && workspace == before.workspace {
            return Ok((before, false));
        }
        save::differences(tx, &before.workspace, &workspace).await?;
        past::append(tx, &workspace, &events).await?;
        let revision = before.revision + 1;
        save::revision(tx, revision).await?;
        Ok((Arc::new(Snapshot { workspace, revision }), true))
    }

    /// Keeps the newest state. One that was read before another change landed comes too late.
    fn keep(&self, snapshot: &Arc<Snapshot>) {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if newest.as_ref().is_none_or(|known| known.revision < snapshot.revision) {
            *newest = Some(Arc::clone(snapshot));
        }
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn read(&self) -> Result<Arc<Snapshot>, StoreError> {
        let mut db = self.pool.acquire().await.map_err(failure)?;
        // Revision and rows must be of one moment.
        let mut tx = db.begin().await.map_err(failure)?;
        let snapshot = self.current(&mut tx).await?;
        tx.commit().await.map_err(failure)?;
        Ok(snapshot)
    }

    async fn change(&self, work: Work) -> Result<Arc<Snapshot>, StoreError> {
        self.commit(None, None, work).await
    }

    async fn revision(&self) -> Result<u64, StoreError> {
        let mut db = self.pool.acquire().await.map_err(failure)?;
        load::revision(&mut db).await
    }

    async fn settings(&self) -> Result<Settings, StoreError> {
        let mut db = self.pool.acquire().await.map_err(failure)?;
        load::settings(&mut db).await
    }

    async fn change_settings(&self, settings: SettingsWork, work: Work) -> Result<Arc<Snapshot>, StoreError> {
        self.commit(Some(settings), None, work).await
    }

    async fn history(&self, filter: HistoryFilter) -> Result<HistoryPage, StoreError> {
        let mut db = self.pool.acquire().await.map_err(failure)?;
        past::page(&mut db, &filter).await
    }

    async fn read_history(&self, out: mpsc::Sender<Vec<Entry>>) -> Result<HistoryEnd, StoreError> {
        // Entries and their end must be of one moment.
        let mut tx = self.pool.begin().await.map_err(failure)?;
        let end = past::end_of(&mut tx).await?;
        let mut after = 0;
        loop {
            let batch = past::batch(&mut tx, after).await?;
            let Some(last) = batch.last() else { return Ok(end) };
            after = last.seq;
            if out.send(batch).await.is_err() {
                return Ok(end);
            }
        }
    }

    async fn verify_history(&self) -> Result<Chain, StoreError> {
        let (send, mut batches) = mpsc::channel::<Vec<Entry>>(2);
        let walking = async {
            let mut chain = Chain::empty();
            while let Some(batch) = batches.recv().await {
                batch.iter().for_each(|entry| chain.walk(entry));
            }
            chain
        };
        let (end, mut chain) = tokio::join!(self.read_history(send), walking);
        chain.must_end_at(&end?);
        Ok(chain)
    }
}
