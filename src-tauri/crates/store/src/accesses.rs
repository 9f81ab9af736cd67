//! The list of found accesses, joined with the workspace's rows.

use crate::error::{failure, unreadable};
use crate::found::found;
use crate::load::Fields;
use crate::past::pattern;
use crate::save::{json, time};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use uncouple_domain::{MailboxId, OrganisationId, Use};
use uncouple_engine::ports::StoreError;
use uncouple_engine::runs::{AccessOrder, AccessPage, AccessQuery, AccessRow, AccessView};

/// The workspace's rows `c` that HubSpot holds where the organisation `o` has its accounts. The kind is the first field
/// of every holder's text.
macro_rules! held_by_hubspot {
    () => {
        "c.holder_json LIKE '{\"is\":\"hub_spot\"%'
         AND c.provider = CASE o.suite WHEN 'google' THEN 'google' ELSE 'microsoft365' END"
    };
}

/// Each order ends in one of its own, so that pages neither overlap nor leave anything out.
fn order(order: AccessOrder) -> &'static str {
    match order {
        AccessOrder::Address => " ORDER BY a.address, a.organisation, a.app, a.id",
        AccessOrder::LastUse => " ORDER BY a.last_use, a.address, a.organisation, a.app, a.id",
        AccessOrder::Since => " ORDER BY a.since DESC, a.address, a.organisation, a.app, a.id",
    }
}

/// The conditions of a query on `accesses a`, each with an AND before it. Only constants and bound values go in.
pub(crate) fn narrow(sql: &mut QueryBuilder<Sqlite>, query: &AccessQuery) -> Result<(), StoreError> {
    if let Some(organisation) = query.organisation {
        sql.push(" AND a.organisation = ").push_bind(organisation.to_string());
    }
    if let Some(app) = &query.app {
        sql.push(" AND a.app = ").push_bind(app.clone());
    }
    if let Some(ids) = &query.ids {
        sql.push(" AND a.id IN (SELECT value FROM json_each(").push_bind(json(ids)?).push("))");
    }
    if let Some(text) = pattern(query.text.as_deref()) {
        sql.push(" AND (a.address LIKE ").push_bind(text.clone()).push(" ESCAPE '\\'");
        sql.push(" OR a.name LIKE ").push_bind(text.clone()).push(" ESCAPE '\\'");
        sql.push(" OR (a.organisation, a.app) IN (SELECT organisation, key FROM found_apps WHERE name LIKE ");
        sql.push_bind(text).push(" ESCAPE '\\'))");
    }
    match query.view {
        AccessView::All => {}
        // From the few rows to the many accesses, and not the other way round.
        AccessView::WithoutCrm => {
            sql.push(concat!(
                " AND a.id NOT IN (SELECT b.id FROM organisations o CROSS JOIN mailboxes c
                 CROSS JOIN found_keys k ON k.key = c.address_key AND k.organisation = o.id
                 CROSS JOIN accesses b
                     ON b.organisation = k.organisation AND b.everybody = 0 AND b.person = k.person
                 WHERE c.usage <> 'removed' AND ",
                held_by_hubspot!(),
                ")"
            ));
        }
        AccessView::Unused => {
            sql.push(" AND (a.last_use IS NULL OR a.last_use < ");
            sql.push_bind(query.unused_since.map(time)).push(")");
        }
    }
    Ok(())
}

pub(crate) async fn page(db: &mut SqliteConnection, query: &AccessQuery) -> Result<AccessPage, StoreError> {
    let mut count = QueryBuilder::new("SELECT count(*) FROM accesses a WHERE true");
    narrow(&mut count, query)?;
    let total: i64 = count.build_query_scalar().fetch_one(&mut *db).await.map_err(failure)?;
    // The page first: what belongs to its lines is looked up for them alone.
    let mut sql = QueryBuilder::new(concat!(
        "SELECT a.*, ifnull(p.name, a.app) AS app_name, m.id AS mailbox, m.usage
         FROM accesses a
         LEFT JOIN found_apps p ON p.organisation = a.organisation AND p.key = a.app
         LEFT JOIN mailboxes m ON m.id = (
             SELECT c.id FROM organisations o CROSS JOIN found_keys k CROSS JOIN mailboxes c ON c.address_key = k.key
             WHERE o.id = a.organisation AND a.everybody = 0 AND k.organisation = a.organisation
                 AND k.person = a.person AND ",
        held_by_hubspot!(),
        " ORDER BY c.usage = 'removed', julianday(c.added_at) DESC, c.id DESC LIMIT 1)
         WHERE a.id IN (SELECT a.id FROM accesses a WHERE true"
    ));
    narrow(&mut sql, query)?;
    sql.push(order(query.order)).push(" LIMIT ").push_bind(i64::from(query.limit));
    sql.push(" OFFSET ").push_bind(i64::try_from(query.offset).unwrap_or(i64::MAX)).push(")");
    sql.push(order(query.order));
    let rows = sql.build().fetch_all(db).await.map_err(failure)?;
    let rows = rows.iter().map(|row| access(&Fields(row))).collect::<Result<_, _>>()?;
    Ok(AccessPage { rows, total: u64::try_from(total).map_err(unreadable)? })
}

fn access(row: &Fields<'_>) -> Result<AccessRow, StoreError> {
    let mailbox = match row.maybe_word::<MailboxId>("mailbox")? {
        Some(id) => Some((id, row.word::<Use>("usage")?)),
        None => None,
    };
    Ok(AccessRow {
        id: row.number("id")?,
        organisation: row.word("organisation")?,
        found: found(row)?,
        app_name: row.text("app_name")?,
        since: row.maybe_word("since")?,
        last_use: row.maybe_word("last_use")?,
        mailbox,
    })
}

pub(crate) async fn rows_without_access(
    db: &mut SqliteConnection,
    organisation: OrganisationId,
) -> Result<Vec<MailboxId>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar(concat!(
        "SELECT c.id FROM organisations o CROSS JOIN mailboxes c
         WHERE o.id = $1 AND c.usage <> 'removed' AND ",
        held_by_hubspot!(),
        " AND EXISTS (SELECT 1 FROM found_keys k WHERE k.key = c.address_key AND k.organisation = o.id)
         AND NOT EXISTS (SELECT 1 FROM found_keys k CROSS JOIN accesses a
             ON a.organisation = k.organisation AND a.everybody = 0 AND a.person = k.person
             WHERE k.key = c.address_key AND k.organisation = o.id)
         ORDER BY c.address_key"
    ))
    .bind(organisation.to_string())
    .fetch_all(db)
    .await
    .map_err(failure)?;
    ids.iter().map(|id| id.parse().map_err(unreadable)).collect()
}
