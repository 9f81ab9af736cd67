//! From lists and selections to plans. Everything is done inside of SQLite: neither a list nor a plan is ever in
//! memory as a whole.

use crate::accesses::Narrowed;
use crate::error::{failure, unreadable};
use crate::found::organisation;
use crate::items::{Which, put_run, runs};
use crate::load::Fields;
use crate::save::{json, run as execute, time, word};
use jiff::Timestamp;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use uncouple_domain::{ItemState, OrganisationId, RunId};
use uncouple_engine::ports::StoreError;
use uncouple_engine::runs::{ListLine, PlanFrom, Refused, Run, RunRow};

/// So many refused lines of a plan are kept with their text and shown: the first ones. All are counted.
const KEPT: i64 = 10_000;

/// Lists whose plan was never made, in seconds: after a crash nobody comes back for them.
const FORGOTTEN: i64 = 24 * 60 * 60;

/// Lines a statement. SQLite takes 32,766 values (<https://www.sqlite.org/limits.html>, section 9, read 2026-11).
const AT_ONCE: usize = 1_000;

/// The number for a plan, begun if need be.
async fn begin(db: &mut SqliteConnection, run: RunId) -> Result<i64, StoreError> {
    let known = sqlx::query_scalar("SELECT number FROM plans WHERE id = $1").bind(run.to_string());
    if let Some(known) = known.fetch_optional(&mut *db).await.map_err(failure)? {
        return Ok(known);
    }
    let forgotten =
        sqlx::query("DELETE FROM plans WHERE begun < unixepoch() - $1 AND number NOT IN (SELECT number FROM runs)");
    execute(db, forgotten.bind(FORGOTTEN)).await?;
    let begun = sqlx::query_scalar("INSERT INTO plans (id) VALUES ($1) RETURNING number").bind(run.to_string());
    begun.fetch_one(db).await.map_err(failure)
}

pub(crate) async fn put_list(db: &mut SqliteConnection, run: RunId, lines: Vec<ListLine>) -> Result<(), StoreError> {
    let plan = begin(db, run).await?;
    let used = sqlx::query("SELECT 1 FROM plans WHERE number = $1 AND made = 1").bind(plan);
    if used.fetch_optional(&mut *db).await.map_err(failure)?.is_some() {
        forget_list(db, plan).await?;
    }
    let last = sqlx::query_scalar("SELECT ifnull(max(nth), 0) FROM list_lines WHERE plan = $1").bind(plan);
    let mut nth: i64 = last.fetch_one(&mut *db).await.map_err(failure)?;
    let kept = sqlx::query_scalar("SELECT count(*) FROM refused_lines WHERE plan = $1 AND by_plan = 0").bind(plan);
    let mut kept: i64 = kept.fetch_one(&mut *db).await.map_err(failure)?;
    let mut refused = 0_i64;
    let mut good = Vec::with_capacity(AT_ONCE.min(lines.len()));
    for ListLine { line, text, key } in lines {
        let line = i64::try_from(line).map_err(unreadable)?;
        match key {
            Ok(key) => {
                nth += 1;
                good.push((nth, line, text, key));
                if good.len() == AT_ONCE {
                    put_lines(db, plan, &mut good).await?;
                }
            }
            Err(why) => {
                refused += 1;
                if kept < KEPT {
                    kept += 1;
                    let sql = "INSERT INTO refused_lines (plan, by_plan, line, text, why) VALUES ($1, 0, $2, $3, $4)";
                    execute(db, sqlx::query(sql).bind(plan).bind(line).bind(text).bind(word(&why)?)).await?;
                }
            }
        }
    }
    put_lines(db, plan, &mut good).await?;
    let count = sqlx::query("UPDATE plans SET refused_as_put = refused_as_put + $2 WHERE number = $1");
    execute(db, count.bind(plan).bind(refused)).await
}

pub(crate) async fn list_not_read_since(
    db: &mut SqliteConnection,
    run: RunId,
    organisation: OrganisationId,
    since: Timestamp,
    above: u64,
    limit: u32,
) -> Result<Vec<(u64, String)>, StoreError> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT l.nth, l.key FROM plans p CROSS JOIN list_lines l ON l.plan = p.number
         WHERE p.id = $1 AND l.nth > $4 AND NOT EXISTS
             (SELECT 1 FROM found_keys k CROSS JOIN found_people w ON w.number = k.person
              CROSS JOIN organisations o ON o.number = w.organisation
              WHERE k.key = l.key AND o.id = $2 AND w.read >= $3)
         ORDER BY l.nth LIMIT $5",
    )
    .bind(run.to_string())
    .bind(organisation.to_string())
    .bind(time(since))
    .bind(i64::try_from(above).unwrap_or(i64::MAX))
    .bind(i64::from(limit))
    .fetch_all(db)
    .await
    .map_err(failure)?;
    rows.into_iter().map(|(nth, key)| Ok((u64::try_from(nth).map_err(unreadable)?, key))).collect()
}

pub(crate) async fn mark_unread(db: &mut SqliteConnection, run: RunId, keys: &[String]) -> Result<RunRow, StoreError> {
    let plan: i64 = sqlx::query_scalar("SELECT number FROM plans WHERE id = $1")
        .bind(run.to_string())
        .fetch_one(&mut *db)
        .await
        .map_err(failure)?;
    let mark = sqlx::query(
        "UPDATE refused_lines SET why = 'unread' WHERE plan = $1 AND by_plan = 1 AND why <> 'twice' AND line IN
             (SELECT line FROM list_lines WHERE plan = $1 AND key IN (SELECT value FROM json_each($2)))",
    );
    execute(db, mark.bind(plan).bind(json(&keys)?)).await?;
    runs(db, Which::One(plan)).await?.pop().ok_or_else(|| unreadable("a plan that was just made"))
}

async fn forget_list(db: &mut SqliteConnection, plan: i64) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM list_lines WHERE plan = $1",
        "DELETE FROM refused_lines WHERE plan = $1 AND by_plan = 0",
        "UPDATE plans SET made = 0, refused_as_put = 0 WHERE number = $1",
    ] {
        execute(db, sqlx::query(sql).bind(plan)).await?;
    }
    Ok(())
}

async fn put_lines(
    db: &mut SqliteConnection,
    plan: i64,
    lines: &mut Vec<(i64, i64, String, String)>,
) -> Result<(), StoreError> {
    if lines.is_empty() {
        return Ok(());
    }
    // One statement of this length is worth keeping; the rests of batches are all different.
    let whole = lines.len() == AT_ONCE;
    let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO list_lines (plan, nth, line, text, key) ");
    sql.push_values(lines.drain(..), |mut row, (nth, line, text, key)| {
        row.push_bind(plan).push_bind(nth).push_bind(line).push_bind(text).push_bind(key);
    });
    sql.build().persistent(whole).execute(db).await.map_err(failure)?;
    Ok(())
}

async fn count_refused(db: &mut SqliteConnection, plan: i64, more: i64) -> Result<(), StoreError> {
    execute(
        db,
        sqlx::query("UPDATE plans SET refused_by_plan = refused_by_plan + $2 WHERE number = $1").bind(plan).bind(more),
    )
    .await
}

pub(crate) async fn plan(
    db: &mut SqliteConnection,
    run: &Run,
    from: &PlanFrom,
    apps: &[String],
) -> Result<RunRow, StoreError> {
    let plan = begin(db, run.id).await?;
    let started = sqlx::query("SELECT 1 FROM runs WHERE number = $1 AND started IS NOT NULL").bind(plan);
    if started.fetch_optional(&mut *db).await.map_err(failure)?.is_some() {
        return Err(StoreError::Other("a plan of a run that was started".to_owned()));
    }
    match from {
        PlanFrom::List | PlanFrom::ListOfGrants => {}
        PlanFrom::Accesses(_) | PlanFrom::Person { .. } => forget_list(db, plan).await?,
    }
    for sql in [
        "DELETE FROM items WHERE run = $1",
        "DELETE FROM refused_lines WHERE plan = $1 AND by_plan = 1",
        "UPDATE plans SET made = 1, refused_by_plan = 0 WHERE number = $1",
    ] {
        execute(db, sqlx::query(sql).bind(plan)).await?;
    }
    put_run(db, plan, run).await?;
    let column = run.column.as_ref().map(json).transpose()?;
    execute(db, sqlx::query("UPDATE plans SET column_json = $2 WHERE number = $1").bind(plan).bind(column)).await?;
    let organisation = organisation(db, run.organisation).await?;
    put_items(db, plan, organisation, from, apps).await?;
    match from {
        PlanFrom::List => refuse_list(db, plan, organisation, false).await?,
        PlanFrom::ListOfGrants => refuse_list(db, plan, organisation, true).await?,
        PlanFrom::Accesses(_) | PlanFrom::Person { .. } => {}
    }
    warn_of_covered(db, plan, organisation).await?;
    runs(db, Which::One(plan)).await?.pop().ok_or_else(|| unreadable("a plan that was just made"))
}

async fn put_items(
    db: &mut SqliteConnection,
    plan: i64,
    organisation: i64,
    from: &PlanFrom,
    apps: &[String],
) -> Result<(), StoreError> {
    // A consent for everybody has no address, and so its item is before those of people.
    let mut sql = QueryBuilder::<Sqlite>::new(
        "INSERT INTO items (run, seq, everybody, person, app, app_name, provider_grant, address, keys_json, name,
             suspended, scopes_json, resource, read, stage, state_json)
         SELECT ",
    );
    sql.push_bind(plan).push(
        ", row_number() OVER (ORDER BY a.address, a.id), a.person IS NULL, ifnull(w.id, ''), p.key,
             ifnull(p.name, p.key), a.provider_grant, a.address, a.keys_json, a.name, a.suspended, a.scopes_json,
             a.resource, a.read, 'planned', ",
    );
    sql.push_bind(json(&ItemState::Planned)?);
    sql.push(
        " FROM accesses a CROSS JOIN found_apps p ON p.number = a.app
         LEFT JOIN found_people w ON w.number = a.person
         WHERE +a.organisation = ",
    );
    sql.push_bind(organisation);
    sql.push(" AND p.key IN (SELECT value FROM json_each(").push_bind(json(&apps)?).push("))");
    match from {
        PlanFrom::Accesses(query) => Narrowed::new(db, query).await?.push(&mut sql)?,
        PlanFrom::List | PlanFrom::ListOfGrants => {
            sql.push(
                " AND a.person IN (SELECT k.person FROM list_lines l CROSS JOIN found_keys k ON k.key = l.key
                     WHERE l.plan = ",
            );
            sql.push_bind(plan).push(")");
        }
        PlanFrom::Person { key } => {
            sql.push(" AND a.person IN (SELECT person FROM found_keys WHERE key = ").push_bind(key.clone()).push(")");
        }
    }
    sql.push(" ORDER BY a.address, a.id");
    sql.build().execute(db).await.map_err(failure)?;
    Ok(())
}

/// Addresses whose people are in the plan.
macro_rules! taken {
    () => {
        "(SELECT k.key FROM items i CROSS JOIN found_people w ON w.organisation = $2 AND w.id = i.person
          CROSS JOIN found_keys k ON k.person = w.number WHERE i.run = $1 AND i.everybody = 0)"
    };
}

/// Lines without an item. A list is sorted by address once, and then only the first refused lines by number. `grants`:
/// a person may have many lines, and is refused once.
async fn refuse_list(db: &mut SqliteConnection, plan: i64, organisation: i64, grants: bool) -> Result<(), StoreError> {
    let counted = sqlx::query_scalar(concat!(
        "SELECT (SELECT CASE WHEN $3 THEN count(DISTINCT key) ELSE count(*) END FROM list_lines WHERE plan = $1)
             - (SELECT count(DISTINCT key) FROM list_lines WHERE plan = $1 AND key IN ",
        taken!(),
        ")"
    ));
    let counted: i64 = counted.bind(plan).bind(organisation).bind(grants).fetch_one(&mut *db).await.map_err(failure)?;
    count_refused(db, plan, counted).await?;
    let lines = sqlx::query(concat!(
        "WITH domains AS MATERIALIZED
             (SELECT DISTINCT substr(k.key, instr(k.key, '@') + 1) AS domain
              FROM found_people w CROSS JOIN found_keys k ON k.person = w.number WHERE w.organisation = $2),
         sorted AS (SELECT nth, line, key, row_number() OVER (PARTITION BY key ORDER BY nth) AS time
             FROM list_lines WHERE plan = $1),
         judged AS (SELECT nth, line, CASE
                 WHEN time > 1 THEN iif($4, NULL, 'twice')
                 WHEN key IN ",
        taken!(),
        "        THEN NULL
                 WHEN NOT EXISTS (SELECT 1 FROM domains) THEN 'no_access'
                 WHEN substr(key, instr(key, '@') + 1) IN (SELECT domain FROM domains) THEN 'no_access'
                 ELSE 'foreign_domain' END AS why
             FROM sorted),
         first AS (SELECT nth, line, why FROM judged WHERE why IS NOT NULL ORDER BY line, nth LIMIT $3)
         INSERT INTO refused_lines (plan, by_plan, line, text, why)
         SELECT $1, 1, first.line, l.text, first.why FROM first CROSS JOIN list_lines l
             ON l.plan = $1 AND l.nth = first.nth ORDER BY first.line, first.nth"
    ));
    execute(db, lines.bind(plan).bind(organisation).bind(KEPT).bind(grants)).await
}

/// People whose own access goes, while a consent for everybody that stays covers them.
async fn warn_of_covered(db: &mut SqliteConnection, plan: i64, organisation: i64) -> Result<(), StoreError> {
    macro_rules! covered {
        ($select:literal, $rest:literal) => {
            concat!(
                $select,
                " FROM items i WHERE i.run = $1 AND i.everybody = 0 AND i.app IN
                     (SELECT p.key FROM found_apps p CROSS JOIN accesses e ON e.app = p.number
                      WHERE p.organisation = $2 AND e.person IS NULL AND NOT EXISTS
                         (SELECT 1 FROM items j WHERE j.run = $1 AND j.everybody = 1 AND j.app = p.key
                             AND j.provider_grant IS e.provider_grant))",
                $rest
            )
        };
    }
    let counted = sqlx::query_scalar(covered!("SELECT count(*)", ""));
    let counted: i64 = counted.bind(plan).bind(organisation).fetch_one(&mut *db).await.map_err(failure)?;
    count_refused(db, plan, counted).await?;
    let lines = sqlx::query(covered!(
        "INSERT INTO refused_lines (plan, by_plan, line, text, why) SELECT $1, 1, 0, i.address, 'covered'",
        " ORDER BY i.seq LIMIT $3"
    ));
    execute(db, lines.bind(plan).bind(organisation).bind(KEPT)).await
}

pub(crate) async fn refused(
    db: &mut SqliteConnection,
    run: i64,
    offset: u64,
    limit: u32,
) -> Result<Vec<Refused>, StoreError> {
    let offset = i64::try_from(offset).unwrap_or(KEPT).min(KEPT);
    let rows = sqlx::query("SELECT * FROM refused_lines WHERE plan = $1 ORDER BY line, id LIMIT $2 OFFSET $3")
        .bind(run)
        .bind(i64::from(limit).min(KEPT - offset))
        .bind(offset)
        .fetch_all(db)
        .await
        .map_err(failure)?;
    rows.iter()
        .map(|row| {
            let row = Fields(row);
            Ok(Refused { line: row.count("line")?, text: row.text("text")?, why: row.word("why")? })
        })
        .collect()
}

/// A run that was started stays: it is what was done.
pub(crate) async fn throw_away(db: &mut SqliteConnection, run: RunId) -> Result<(), StoreError> {
    let unstarted = sqlx::query(
        "DELETE FROM plans WHERE id = $1
             AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.number = plans.number AND runs.started IS NOT NULL)",
    );
    execute(db, unstarted.bind(run.to_string())).await
}
