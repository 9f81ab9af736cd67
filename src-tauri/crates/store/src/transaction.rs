//! A change of the file, and what becomes of its connection.

use crate::error::failure;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool};
use std::ops::{Deref, DerefMut};
use uncouple_engine::ports::StoreError;

/// One `BEGIN IMMEDIATE` transaction. Unless it was committed, or rolled back in so many words, its connection is closed
/// and not given back.
///
/// After `SQLITE_FULL`, `SQLITE_IOERR` or `SQLITE_NOMEM` SQLite may have rolled back by itself
/// (<https://www.sqlite.org/lang_transaction.html>, section 3.1, read 2026-11). sqlx 0.9 counts transactions on its own,
/// keeps counting that one, and refuses `BEGIN` on that connection for ever
/// (<https://github.com/transact-rs/sqlx/issues/3932>). A new connection costs a millisecond.
#[derive(Debug)]
pub(crate) struct WriteTransaction {
    connection: PoolConnection<Sqlite>,
    open: bool,
}

impl WriteTransaction {
    /// Waits for its turn among the writers.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another process keeps the file for too long, and what SQLite says.
    pub(crate) async fn begin(pool: &SqlitePool) -> Result<Self, StoreError> {
        let connection = pool.acquire().await.map_err(failure)?;
        let mut begun = Self { connection, open: true };
        begun.run("BEGIN IMMEDIATE").await?;
        Ok(begun)
    }

    /// Makes the change last.
    ///
    /// # Errors
    /// What SQLite says; nothing of the change is in the file then.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        self.run("COMMIT").await?;
        self.open = false;
        Ok(())
    }

    /// Takes the change back and gives the connection back.
    pub(crate) async fn roll_back(mut self) {
        self.open = self.run("ROLLBACK").await.is_err();
    }

    async fn run(&mut self, sql: &'static str) -> Result<(), StoreError> {
        sqlx::raw_sql(sql).execute(&mut *self.connection).await.map(drop).map_err(failure)
    }
}

impl Deref for WriteTransaction {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for WriteTransaction {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

impl Drop for WriteTransaction {
    fn drop(&mut self) {
        if self.open {
            self.connection.close_on_drop();
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::SqliteStore;
    use uncouple_domain::{Ctx, MemberId, Name, Scope};
    use uncouple_engine::ports::Store as _;
    use uuid::Uuid;

    /// Each connection that is open now may make the file no larger than it is; those that are opened later may.
    async fn fill(store: &SqliteStore) {
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(store.pool.acquire().await.unwrap());
        }
        for connection in &mut held {
            sqlx::raw_sql("PRAGMA max_page_count = 1").execute(&mut **connection).await.unwrap();
        }
    }

    async fn note(store: &SqliteStore, text: String) -> Result<(), StoreError> {
        let work = move |workspace: &mut uncouple_domain::Workspace| {
            let ctx = Ctx {
                actor: MemberId(Uuid::from_u128(1)),
                now: jiff::Timestamp::UNIX_EPOCH,
                device: uncouple_domain::DeviceId(Uuid::from_u128(5)),
            };
            if workspace.members.is_empty() {
                workspace.begin(&ctx, Name::parse("A").unwrap());
            }
            workspace.rename(&ctx, Name::parse(&text).unwrap())
        };
        store.transact(&Scope::Everything, Box::new(work)).await.map(drop)
    }

    #[tokio::test]
    async fn a_connection_that_found_no_room_is_never_used_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("w.db")).await.unwrap();
        note(&store, "first".to_owned()).await.unwrap();
        fill(&store).await;
        let mut refused = 0;
        // Each of the four may refuse once, and the one after it is new.
        for number in 0..200 {
            match note(&store, format!("{number}{}", "x".repeat(90))).await {
                Ok(()) => {}
                Err(StoreError::Full) => refused += 1,
                Err(other) => unreachable!("{other:?} after {refused}"),
            }
        }
        assert!((1..=4).contains(&refused), "{refused}");
    }
}
