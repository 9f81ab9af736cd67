//! What is read in pages.

use crate::SqliteStore;
use crate::error::{failure, unreadable};
use crate::load::{self, Fields};
use crate::past::pattern;
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::SqliteConnection;
use uncouple_domain::NoticeId;
use uncouple_engine::ports::{NoticeFilter, NoticePage, Queries, StoreError};

#[async_trait]
impl Queries for SqliteStore {
    async fn notices(&self, filter: NoticeFilter) -> Result<NoticePage, StoreError> {
        // The page and its counts are of one moment.
        let mut tx = self.pool.begin().await.map_err(failure)?;
        let to = filter.to.to_string();
        let text = pattern(filter.text.as_deref());
        let counts = sqlx::query(
            "SELECT count(*) FILTER (WHERE $2 IS NULL OR address LIKE $2 ESCAPE '\\') AS total,
                 count(*) FILTER (WHERE read IS NULL) AS unread
             FROM notices WHERE member = $1",
        );
        let counts = counts.bind(to.clone()).bind(text.clone()).fetch_one(&mut *tx).await.map_err(failure)?;
        let (total, unread) = (Fields(&counts).count("total")?, Fields(&counts).count("unread")?);
        let before = filter.before.and_then(|id| i64::try_from(id.0).ok()).unwrap_or(i64::MAX);
        let rows = sqlx::query(
            "SELECT * FROM notices WHERE member = $1 AND id < $2 AND ($3 IS NULL OR address LIKE $3 ESCAPE '\\')
             ORDER BY id DESC LIMIT $4",
        )
        .bind(to)
        .bind(before)
        .bind(text)
        .bind(i64::from(filter.limit))
        .fetch_all(&mut *tx)
        .await
        .map_err(failure)?;
        let notices = rows.iter().map(|row| load::notice(&Fields(row))).collect::<Result<_, _>>()?;
        tx.commit().await.map_err(failure)?;
        Ok(NoticePage { notices, total, unread })
    }
}

/// Deletes notices that were read before a moment. One of a lost connection, or of an access that is still there, stays
/// while it holds: a rule that finds none says it again. The newest one stays in any case: the next one is numbered
/// after it, and a number is never given twice.
pub(crate) async fn prune_notices(
    db: &mut SqliteConnection,
    read_before: Timestamp,
) -> Result<Vec<NoticeId>, StoreError> {
    let pruned = sqlx::query_scalar(
        "DELETE FROM notices WHERE read < $1 AND id < (SELECT max(id) FROM notices)
         AND (corrected IS NOT NULL OR what_json ->> '$.kind' NOT IN ('lost', 'still_there')) RETURNING id",
    );
    let ids: Vec<i64> = pruned.bind(read_before.to_string()).fetch_all(db).await.map_err(failure)?;
    ids.into_iter().map(|id| u64::try_from(id).map(NoticeId).map_err(unreadable)).collect()
}
