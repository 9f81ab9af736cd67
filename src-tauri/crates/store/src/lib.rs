//! The workspace in one SQLite file.
//!
//! Each change is one `BEGIN IMMEDIATE` transaction on a case: the rows that its scope names are read in it, and those
//! that differ after the rule are written, so two processes on one file never lose an update and none of it depends on
//! how much else the file holds. Whoever reads everything gets it from memory: it is kept beside its revision, follows
//! what is written here, and is loaded again when another process has moved the revision.

mod accesses;
mod case;
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
mod queries;
mod runs;
mod safety_copy;
mod save;
mod transaction;

pub use open::SCHEMA;

use async_trait::async_trait;
use error::failure;
use jiff::Timestamp;
use runs::Settled;
use sqlx::{Connection, SqliteConnection, SqlitePool};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;
use transaction::WriteTransaction;
use uncouple_domain::{Changes, Entity, Scope, Workspace};
use uncouple_engine::history::{Chain, Entry, HistoryEnd, HistoryFilter, HistoryPage};
use uncouple_engine::ports::{Committed, SettingsWork, Snapshot, Store, StoreError, Work};
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
        scope: &Scope,
        settings: Option<SettingsWork>,
        settled: Option<Settled>,
        work: Work<'_>,
    ) -> Result<Committed, StoreError> {
        let mut tx = WriteTransaction::begin(&self.pool).await?;
        match within(&mut tx, scope, settings, settled, work).await {
            Ok((committed, changes)) => {
                tx.commit().await?;
                if let Some(changes) = changes {
                    self.follow(committed.revision, changes);
                }
                Ok(committed)
            }
            // The rule's answer is no trouble of the file's.
            Err(StoreError::Refused(refusal)) => {
                tx.roll_back().await;
                Err(refusal.into())
            }
            Err(error) => Err(error),
        }
    }

    /// Keeps the newest state. One that was read before another change landed comes too late.
    fn keep(&self, snapshot: &Arc<Snapshot>) {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if newest.as_ref().is_none_or(|known| known.revision < snapshot.revision) {
            *newest = Some(Arc::clone(snapshot));
        }
    }

    /// Makes the state that is kept in memory follow a change, if it is of the moment before it. Else it stays, its
    /// revision is not the file's, and whoever reads it next loads it.
    fn follow(&self, revision: u64, changes: Changes) {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = newest.as_mut().filter(|known| known.revision + 1 == revision) {
            // Copied only where somebody is still looking at it.
            let known = Arc::make_mut(known);
            let mut parts = std::mem::take(&mut known.workspace).into_parts();
            changes.apply(&mut parts);
            known.workspace = Workspace::from_parts(parts);
            known.revision = revision;
        }
    }
}

/// What is done within the transaction. No changes: nothing changed, and the revision stays.
async fn within(
    tx: &mut SqliteConnection,
    scope: &Scope,
    settings: Option<SettingsWork>,
    settled: Option<Settled>,
    work: Work<'_>,
) -> Result<(Committed, Option<Changes>), StoreError> {
    let revision = load::revision(tx).await?;
    let before = case::load(tx, scope).await?;
    let mut after = before.clone();
    work(&mut after)?;
    let mut besides = Vec::new();
    if let Some(change) = settings {
        let old = load::settings(tx).await?;
        let mut new = old.clone();
        change(&mut new);
        if new != old {
            save::settings(tx, &new).await?;
            besides.push(Entity::Settings);
        }
    }
    let mut news = !besides.is_empty();
    if let Some(Settled { changes, run }) = settled {
        items::change(tx, &changes).await?;
        if let Some(run) = run {
            news |= items::update_run(tx, &run).await?;
        }
    }
    let events = after.take_events();
    let changes = Changes::between(&before, &after);
    if events.is_empty() && !news && changes.is_empty() {
        return Ok((Committed { revision, touched: Vec::new() }, None));
    }
    save::changes(tx, &changes).await?;
    past::append(tx, &after, &events).await?;
    let revision = revision + 1;
    save::revision(tx, revision).await?;
    let mut touched = changes.touched();
    touched.append(&mut besides);
    Ok((Committed { revision, touched }, Some(changes)))
}

#[async_trait]
impl Store for SqliteStore {
    async fn case(&self, scope: &Scope) -> Result<Snapshot, StoreError> {
        let mut db = self.pool.acquire().await.map_err(failure)?;
        // Revision and rows must be of one moment.
        let mut tx = db.begin().await.map_err(failure)?;
        let revision = load::revision(&mut tx).await?;
        let workspace = case::load(&mut tx, scope).await?;
        tx.commit().await.map_err(failure)?;
        Ok(Snapshot { workspace, revision })
    }

    async fn transact(&self, scope: &Scope, work: Work<'_>) -> Result<Committed, StoreError> {
        self.commit(scope, None, None, work).await
    }

    async fn read_whole(&self) -> Result<Arc<Snapshot>, StoreError> {
        let mut db = self.pool.acquire().await.map_err(failure)?;
        let mut tx = db.begin().await.map_err(failure)?;
        let snapshot = self.current(&mut tx).await?;
        tx.commit().await.map_err(failure)?;
        Ok(snapshot)
    }

    async fn revision(&self) -> Result<u64, StoreError> {
        let mut db = self.pool.acquire().await.map_err(failure)?;
        load::revision(&mut db).await
    }

    async fn settings(&self) -> Result<Settings, StoreError> {
        let mut db = self.pool.acquire().await.map_err(failure)?;
        load::settings(&mut db).await
    }

    async fn change_settings(
        &self,
        settings: SettingsWork,
        scope: &Scope,
        work: Work<'_>,
    ) -> Result<Committed, StoreError> {
        self.commit(scope, Some(settings), None, work).await
    }

    async fn prune_notices(&self, read_before: Timestamp) -> Result<Committed, StoreError> {
        let mut tx = WriteTransaction::begin(&self.pool).await?;
        let pruned = queries::prune_notices(&mut tx, read_before).await?;
        let revision = load::revision(&mut tx).await?;
        if pruned.is_empty() {
            tx.roll_back().await;
            return Ok(Committed { revision, touched: Vec::new() });
        }
        let revision = revision + 1;
        save::revision(&mut tx, revision).await?;
        // The state in memory is of the revision before, so whoever reads it next loads it.
        tx.commit().await?;
        Ok(Committed { revision, touched: pruned.into_iter().map(Entity::Notice).collect() })
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
