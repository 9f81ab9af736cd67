//! The list of found accesses, joined with the workspace's rows.

use crate::error::{failure, unreadable};
use crate::found::found;
use crate::load::Fields;
use crate::past::pattern;
use crate::save::{json, time};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use uncouple_domain::{Address, MailboxId, OrganisationId, Use};
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

/// Each order ends in one of its own, so that pages neither overlap nor leave anything out. With a plus, no index is
/// walked in that order.
fn order(order: AccessOrder, walked: bool) -> &'static str {
    match (order, walked) {
        (AccessOrder::Address, _) => " ORDER BY a.address, a.id",
        (AccessOrder::LastUse, true) => " ORDER BY a.last_use, a.address, a.id",
        (AccessOrder::LastUse, false) => " ORDER BY +a.last_use, a.address, a.id",
        (AccessOrder::Since, true) => " ORDER BY a.since DESC, a.address, a.id",
        (AccessOrder::Since, false) => " ORDER BY +a.since DESC, a.address, a.id",
    }
}

/// A query, with what is looked up for it once.
pub(crate) struct Narrowed<'a> {
    query: &'a AccessQuery,
    text: Option<String>,
    /// The text as an address: people are found by their others, too.
    key: Option<String>,
    in_crm: Option<String>,
}

impl<'a> Narrowed<'a> {
    pub(crate) async fn new(db: &mut SqliteConnection, query: &'a AccessQuery) -> Result<Self, StoreError> {
        let in_crm = match query.view {
            AccessView::WithoutCrm => Some(json(&people_in_crm(db).await?)?),
            AccessView::All | AccessView::Unused => None,
        };
        let address = query.text.as_deref().and_then(|text| Address::parse(text).ok());
        let key = address.map(|address| address.key().to_owned());
        Ok(Self { query, text: pattern(query.text.as_deref()), key, in_crm })
    }

    /// The conditions on `accesses a`, each with an AND before it. Only constants and bound values go in. With a plus a
    /// column is for filtering alone: all of the list is walked in its order, which an index has.
    pub(crate) fn push(&self, sql: &mut QueryBuilder<Sqlite>) -> Result<(), StoreError> {
        let query = self.query;
        if let Some(organisation) = query.organisation {
            sql.push(" AND +a.organisation = (SELECT number FROM organisations WHERE id = ");
            sql.push_bind(organisation.to_string()).push(")");
        }
        if let Some(app) = &query.app {
            sql.push(" AND +a.app IN (SELECT number FROM found_apps WHERE key = ").push_bind(app.clone()).push(")");
        }
        if let Some(ids) = &query.ids {
            sql.push(" AND a.id IN (SELECT value FROM json_each(").push_bind(json(ids)?).push("))");
        }
        if !query.except.is_empty() {
            sql.push(" AND a.id NOT IN (SELECT value FROM json_each(").push_bind(json(&query.except)?).push("))");
        }
        if let Some(text) = &self.text {
            sql.push(" AND (a.address LIKE ").push_bind(text.clone()).push(" ESCAPE '\\'");
            sql.push(" OR a.name LIKE ").push_bind(text.clone()).push(" ESCAPE '\\'");
            sql.push(" OR +a.app IN (SELECT number FROM found_apps WHERE ifnull(name, key) LIKE ");
            sql.push_bind(text.clone()).push(" ESCAPE '\\')");
            if let Some(key) = &self.key {
                sql.push(" OR a.person IN (SELECT person FROM found_keys WHERE key = ")
                    .push_bind(key.clone())
                    .push(")");
            }
            sql.push(")");
        }
        if let Some(in_crm) = &self.in_crm {
            sql.push(" AND (a.person IS NULL OR +a.person NOT IN (SELECT value FROM json_each(");
            sql.push_bind(in_crm.clone()).push(")))");
        }
        if query.view == AccessView::Unused {
            // Where nothing is known of uses, nothing is unused.
            sql.push(" AND (false");
            for unused in &query.unused {
                sql.push(" OR (+a.organisation = (SELECT number FROM organisations WHERE id = ");
                sql.push_bind(unused.organisation.to_string()).push(") AND a.id <= ").push_bind(unused.up_to);
                sql.push(" AND (a.last_use IS NULL OR a.last_use < ").push_bind(time(unused.since)).push("))");
            }
            sql.push(")");
        }
        Ok(())
    }
}

/// People with a row in use or disabled.
async fn people_in_crm(db: &mut SqliteConnection) -> Result<Vec<i64>, StoreError> {
    sqlx::query_scalar(concat!(
        "SELECT DISTINCT k.person FROM mailboxes c CROSS JOIN found_keys k ON k.key = c.address_key
         CROSS JOIN found_people w ON w.number = k.person CROSS JOIN organisations o ON o.number = w.organisation
         WHERE c.usage <> 'removed' AND ",
        held_by_hubspot!()
    ))
    .fetch_all(db)
    .await
    .map_err(failure)
}

pub(crate) async fn newest(db: &mut SqliteConnection) -> Result<i64, StoreError> {
    sqlx::query_scalar("SELECT ifnull(max(id), 0) FROM accesses").fetch_one(db).await.map_err(failure)
}

pub(crate) async fn page(db: &mut SqliteConnection, query: &AccessQuery) -> Result<AccessPage, StoreError> {
    let narrowed = Narrowed::new(db, query).await?;
    // The page first: what belongs to its lines is looked up for them alone.
    let mut sql = QueryBuilder::new(concat!(
        "SELECT a.id, o.id AS organisation, a.person IS NULL AS everybody, w.id AS person, p.key AS app,
             ifnull(p.name, p.key) AS app_name, a.provider_grant, a.address, a.keys_json, a.name, a.suspended,
             a.scopes_json, a.resource, a.read, a.since, a.last_use, m.id AS mailbox, m.usage
         FROM accesses a
         LEFT JOIN organisations o ON o.number = a.organisation
         LEFT JOIN found_apps p ON p.number = a.app
         LEFT JOIN found_people w ON w.number = a.person
         LEFT JOIN mailboxes m ON m.id = (
             SELECT c.id FROM found_keys k CROSS JOIN mailboxes c ON c.address_key = k.key
             WHERE k.person = a.person AND ",
        held_by_hubspot!(),
        " ORDER BY c.usage = 'removed', julianday(c.added_at) DESC, c.id DESC LIMIT 1)
         WHERE a.id IN (SELECT a.id FROM accesses a WHERE true"
    ));
    narrowed.push(&mut sql)?;
    // One index alone has what a search for text looks at.
    sql.push(order(query.order, narrowed.text.is_none())).push(" LIMIT ").push_bind(i64::from(query.limit));
    sql.push(" OFFSET ").push_bind(i64::try_from(query.offset).unwrap_or(i64::MAX)).push(")");
    sql.push(order(query.order, true));
    let rows = sql.build().fetch_all(&mut *db).await.map_err(failure)?;
    let rows: Vec<AccessRow> = rows.iter().map(|row| access(&Fields(row))).collect::<Result<_, _>>()?;
    let total = match total_of(query.offset, query.limit, rows.len()) {
        Some(total) => total,
        None => {
            let mut count = QueryBuilder::new("SELECT count(*) FROM accesses a WHERE true");
            narrowed.push(&mut count)?;
            let total: i64 = count.build_query_scalar().fetch_one(db).await.map_err(failure)?;
            u64::try_from(total).map_err(unreadable)?
        }
    };
    Ok(AccessPage { rows, total })
}

/// How many there are in all, where a page tells: it is not full. A search for what is rare then looks at everything
/// once and not twice.
pub(crate) fn total_of(offset: u64, limit: u32, rows: usize) -> Option<u64> {
    let rows = u64::try_from(rows).ok()?;
    (rows < u64::from(limit) && (rows > 0 || offset == 0)).then(|| offset.saturating_add(rows))
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
        " AND EXISTS (SELECT 1 FROM found_keys k CROSS JOIN found_people w ON w.number = k.person
             WHERE k.key = c.address_key AND w.organisation = o.number)
         AND NOT EXISTS (SELECT 1 FROM found_keys k CROSS JOIN accesses a ON a.person = k.person
             WHERE k.key = c.address_key AND a.organisation = o.number)
         ORDER BY c.address_key"
    ))
    .bind(organisation.to_string())
    .fetch_all(db)
    .await
    .map_err(failure)?;
    ids.iter().map(|id| id.parse().map_err(unreadable)).collect()
}
