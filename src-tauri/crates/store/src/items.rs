//! Runs with their items.

use crate::accesses::total_of;
use crate::error::{failure, unreadable};
use crate::found::{found, organisation, target};
use crate::load::Fields;
use crate::past::pattern;
use crate::save::{json, run as execute, time, word};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use std::collections::BTreeMap;
use uncouple_domain::{ItemState, Left, Look, RunId, Stamp};
use uncouple_engine::directory::{Likeness, Target};
use uncouple_engine::ports::StoreError;
use uncouple_engine::runs::{Counts, Item, ItemChange, ItemFilter, Run, RunApp, RunRow, RunSelection, RunState};

/// The number behind a plan's or run's identity. None: there is none, or only a list for one.
pub(crate) async fn number(db: &mut SqliteConnection, run: RunId) -> Result<Option<i64>, StoreError> {
    sqlx::query_scalar("SELECT number FROM plans JOIN runs USING (number) WHERE id = $1")
        .bind(run.to_string())
        .fetch_optional(db)
        .await
        .map_err(failure)
}

/// Given back, in the column of reasons.
const RESTORED: &str = "restored";

/// Maybe given back.
const RESTORING: &str = "restoring";

/// Items that a run deleted and can give back; the rule is [`ItemState::can_be_restored`].
macro_rules! restorable {
    () => {
        "resource IS NOT NULL AND (
             (stage = 'proven' AND state_json ->> '$.nobody_there' = 0
                 AND ifnull(state_json ->> '$.answer', '') <> 'already_gone')
             OR (stage = 'left' AND why = 'not_read' AND state_json ->> '$.answer' = 'deleted')
             OR (stage = 'left' AND why = 'restoring'))"
    };
}

const RUNS: &str = concat!(
    "SELECT r.*, o.id AS in_organisation, p.id, p.column_json, p.refused_as_put + p.refused_by_plan AS refused,
        (SELECT count(*) FROM items i WHERE i.run = r.number AND i.everybody = 1) AS everybody,
        CASE WHEN o.suite = 'microsoft' THEN (SELECT count(*) FROM items WHERE run = r.number AND ",
    restorable!(),
    ") ELSE 0 END AS restorable
    FROM runs r JOIN plans p USING (number) JOIN organisations o ON o.number = r.organisation"
);

/// Which rows are read.
#[derive(Debug)]
pub(crate) enum Which {
    /// The one with this number.
    One(i64),
    /// Those in one of these states that ended later than the time, where there is one.
    States(Vec<String>, Option<String>),
    /// All.
    All,
}

impl Which {
    pub(crate) fn these(which: RunSelection) -> Result<Self, StoreError> {
        let words = |states: &[RunState]| states.iter().map(word).collect::<Result<Vec<_>, _>>();
        Ok(match which {
            RunSelection::All => Self::All,
            RunSelection::Unfinished => {
                Self::States(words(&[RunState::Scheduled, RunState::Running, RunState::Paused])?, None)
            }
            RunSelection::OverSince(at) => {
                Self::States(words(&[RunState::Ended, RunState::Cancelled])?, Some(time(at)))
            }
        })
    }

    fn push(&self, sql: &mut QueryBuilder<Sqlite>) {
        match self {
            Self::One(number) => {
                sql.push("number = ").push_bind(*number);
            }
            Self::States(states, since) => {
                sql.push("state IN (");
                let mut list = sql.separated(", ");
                for state in states {
                    list.push_bind(state.clone());
                }
                sql.push(")");
                if let Some(since) = since {
                    sql.push(" AND ended > ").push_bind(since.clone());
                }
            }
            Self::All => {
                sql.push("true");
            }
        }
    }
}

/// Runs with their counts. Only the items of the runs asked for are counted.
pub(crate) async fn runs(db: &mut SqliteConnection, which: Which) -> Result<Vec<RunRow>, StoreError> {
    let mut sql = QueryBuilder::<Sqlite>::new(RUNS);
    let mut count = QueryBuilder::<Sqlite>::new(
        "SELECT run, CASE WHEN why IN ('restoring', 'restored') THEN why ELSE stage END AS stands, count(*) AS items
         FROM items WHERE run IN (SELECT number FROM runs WHERE ",
    );
    sql.push(" WHERE r.number IN (SELECT number FROM runs WHERE ");
    for query in [&mut sql, &mut count] {
        which.push(query);
        query.push(")");
    }
    sql.push(" ORDER BY r.planned_at DESC, r.number DESC");
    count.push(" GROUP BY run, stands");
    let mut counts: BTreeMap<i64, Counts> = BTreeMap::new();
    for row in &count.build().fetch_all(&mut *db).await.map_err(failure)? {
        let row = Fields(row);
        let counts = counts.entry(row.number("run")?).or_default();
        let items = row.count("items")?;
        match row.text("stands")?.as_str() {
            "planned" => counts.planned = items,
            "under_way" => counts.under_way = items,
            "proven" => counts.proven = items,
            "left" => counts.left = items,
            RESTORED => counts.restored = items,
            RESTORING => counts.restoring = items,
            other => return Err(unreadable(format!("no stage: {other}"))),
        }
    }
    let rows = sql.build().fetch_all(db).await.map_err(failure)?;
    rows.iter()
        .map(|row| {
            let row = Fields(row);
            Ok(RunRow {
                run: run(&row)?,
                counts: counts.remove(&row.number("number")?).unwrap_or_default(),
                refused: row.count("refused")?,
                everybody: row.count("everybody")?,
                restorable: row.count("restorable")?,
            })
        })
        .collect()
}

fn run(row: &Fields<'_>) -> Result<Run, StoreError> {
    Ok(Run {
        id: row.word("id")?,
        organisation: row.word("in_organisation")?,
        state: row.word("state")?,
        paused: row.maybe_word("paused")?,
        leaver: row.maybe("leaver")?,
        planned: Stamp { at: row.word("planned_at")?, by: row.word("planned_by")? },
        partial: row.flag("partial")?,
        column: row.maybe_json("column_json")?,
        not_before: row.maybe_word("not_before")?,
        started: row.maybe_word("started")?,
        ended: row.maybe_word("ended")?,
        account: row.maybe("account")?,
        verified: row.maybe_json("verified_json")?,
        hosts: row.json("hosts_json")?,
    })
}

/// Writes a run's row. Whether it was another before.
pub(crate) async fn put_run(db: &mut SqliteConnection, number: i64, run: &Run) -> Result<bool, StoreError> {
    // `excluded` is compared as a whole, so that nothing is told of where nothing changed.
    let written = sqlx::query(
        "INSERT INTO runs (number, organisation, state, paused, leaver, planned_at, planned_by, partial, not_before,
             started, ended, account, verified_json, hosts_json)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (number) DO UPDATE SET organisation = excluded.organisation, state = excluded.state,
             paused = excluded.paused, leaver = excluded.leaver, planned_at = excluded.planned_at,
             planned_by = excluded.planned_by, partial = excluded.partial, not_before = excluded.not_before,
             started = excluded.started, ended = excluded.ended, account = excluded.account,
             verified_json = excluded.verified_json, hosts_json = excluded.hosts_json
         WHERE (runs.organisation, runs.state, runs.paused, runs.leaver, runs.planned_at, runs.planned_by,
                 runs.partial, runs.not_before, runs.started, runs.ended, runs.account,
                 runs.verified_json, runs.hosts_json)
             IS NOT (excluded.organisation, excluded.state, excluded.paused, excluded.leaver, excluded.planned_at,
                 excluded.planned_by, excluded.partial, excluded.not_before, excluded.started, excluded.ended,
                 excluded.account, excluded.verified_json, excluded.hosts_json)",
    )
    .bind(number)
    .bind(organisation(db, run.organisation).await?)
    .bind(word(&run.state)?)
    .bind(run.paused.as_ref().map(word).transpose()?)
    .bind(run.leaver.clone())
    .bind(time(run.planned.at))
    .bind(run.planned.by.to_string())
    .bind(run.partial)
    .bind(run.not_before.map(time))
    .bind(run.started.map(time))
    .bind(run.ended.map(time))
    .bind(run.account.clone())
    .bind(run.verified.as_ref().map(json).transpose()?)
    .bind(json(&run.hosts)?)
    .execute(&mut *db)
    .await
    .map_err(failure)?;
    Ok(written.rows_affected() > 0)
}

/// Writes a run that is there. Whether it was another before.
pub(crate) async fn update_run(db: &mut SqliteConnection, run: &Run) -> Result<bool, StoreError> {
    let number = number(db, run.id).await?.ok_or_else(|| unreadable("no run of this name"))?;
    if run.started.is_some() {
        execute(db, sqlx::query("DELETE FROM list_lines WHERE plan = $1").bind(number)).await?;
    }
    put_run(db, number, run).await
}

/// Where an item stands, for counting. What was given back stands among what is not gone, with a reason of its own.
fn stage(state: &ItemState) -> Result<(&'static str, Option<String>), StoreError> {
    Ok(match state {
        ItemState::Planned => ("planned", None),
        ItemState::Intended { .. } | ItemState::Deleted { .. } => ("under_way", None),
        ItemState::Proven { .. } => ("proven", None),
        ItemState::Left { why, .. } => ("left", Some(word(why)?)),
        ItemState::Restoring { .. } => ("left", Some(RESTORING.to_owned())),
        ItemState::Restored { .. } => ("left", Some(RESTORED.to_owned())),
    })
}

/// Writes new states of items; of two for one item the later.
pub(crate) async fn change(db: &mut SqliteConnection, changes: &[ItemChange]) -> Result<(), StoreError> {
    let mut runs: BTreeMap<RunId, BTreeMap<u32, &ItemChange>> = BTreeMap::new();
    for change in changes {
        runs.entry(change.run).or_default().insert(change.seq, change);
    }
    for (run, items) in runs {
        let run = number(db, run).await?.ok_or_else(|| unreadable("an item of no run"))?;
        let mut states = Vec::with_capacity(items.len());
        for (seq, change) in &items {
            let (stage, why) = stage(&change.state)?;
            let look = change.look.map(|look| time(look.began));
            let failed = change.look.and_then(|look| look.not_read);
            let through = (!change.through.is_empty()).then_some(&change.through);
            states.push((seq, stage, why, change.state, look, failed, through));
        }
        // One statement for all: one for each would cost many times as much. From the states to the items, and not the
        // other way round.
        let written = sqlx::query(
            "WITH new AS MATERIALIZED (
                 SELECT $1 AS run, value ->> 0 AS seq, value ->> 1 AS stage, value ->> 2 AS why, value -> 3 AS state,
                     value ->> 4 AS look, value ->> 5 AS failed, value ->> 6 AS through
                 FROM json_each($2))
             UPDATE items SET stage = new.stage, why = new.why, state_json = new.state, look_at = new.look,
                 look_failed = new.failed, through_json = new.through
             FROM new WHERE items.run = new.run AND items.seq = new.seq",
        )
        .bind(run)
        .bind(json(&states)?);
        let written = written.execute(&mut *db).await.map_err(failure)?.rows_affected();
        if usize::try_from(written) != Ok(items.len()) {
            return Err(unreadable("an item that the run does not have"));
        }
        let gone = items.iter().filter_map(|(seq, change)| match change.state {
            ItemState::Proven { read, .. } | ItemState::Left { why: Left::StillReached, at: read, .. } => {
                Some((seq, time(read)))
            }
            ItemState::Planned
            | ItemState::Intended { .. }
            | ItemState::Deleted { .. }
            | ItemState::Left { .. }
            | ItemState::Restoring { .. }
            | ItemState::Restored { .. } => None,
        });
        let gone: Vec<_> = gone.collect();
        // Most writes of a run are intentions and answers.
        if !gone.is_empty() {
            execute(db, sqlx::query(FORGET_PROVEN).bind(run).bind(json(&gone)?)).await?;
        }
    }
    Ok(())
}

/// Takes accesses that were read as gone out of the list of what was found, unless a search read them again since.
const FORGET_PROVEN: &str = "WITH gone AS MATERIALIZED (
        SELECT i.everybody, f.number AS app, p.number AS person, ifnull(i.provider_grant, '') AS provider_grant,
            j.value ->> 1 AS read
        FROM json_each($2) j
        CROSS JOIN items i ON i.run = $1 AND i.seq = j.value ->> 0
        CROSS JOIN runs r ON r.number = i.run
        CROSS JOIN found_apps f ON f.organisation = r.organisation AND f.key = i.app
        LEFT JOIN found_people p ON p.organisation = r.organisation AND p.id = i.person)
    DELETE FROM accesses WHERE id IN (
        SELECT a.id FROM gone g CROSS JOIN accesses a
            ON a.person = g.person AND a.app = g.app AND ifnull(a.provider_grant, '') = g.provider_grant
        WHERE g.everybody = 0 AND a.read < g.read
        UNION ALL
        SELECT a.id FROM gone g CROSS JOIN accesses a
            ON a.app = g.app AND ifnull(a.provider_grant, '') = g.provider_grant AND a.person IS NULL
        WHERE g.everybody = 1 AND a.read < g.read)";

pub(crate) async fn page(
    db: &mut SqliteConnection,
    run: i64,
    filter: ItemFilter,
    text: Option<&str>,
    offset: u64,
    limit: u32,
) -> Result<(Vec<Item>, u64), StoreError> {
    let narrow = |sql: &mut QueryBuilder<Sqlite>| {
        sql.push(" WHERE run = ").push_bind(run);
        sql.push(match filter {
            ItemFilter::All => "",
            ItemFilter::Open => " AND stage NOT IN ('proven', 'left')",
            ItemFilter::Proven => " AND stage = 'proven'",
            ItemFilter::Left => " AND stage = 'left' AND why NOT IN ('restoring', 'restored')",
            ItemFilter::Restored => " AND stage = 'left' AND why IN ('restoring', 'restored')",
            ItemFilter::Restorable => concat!(" AND ", restorable!()),
            ItemFilter::NotRead => " AND look_failed IS NOT NULL",
        });
        if let Some(text) = pattern(text) {
            sql.push(" AND (address LIKE ").push_bind(text.clone()).push(" ESCAPE '\\'");
            sql.push(" OR name LIKE ").push_bind(text.clone()).push(" ESCAPE '\\'");
            sql.push(" OR app_name LIKE ").push_bind(text).push(" ESCAPE '\\')");
        }
    };
    let mut sql = QueryBuilder::new("SELECT * FROM items WHERE run = ");
    sql.push_bind(run).push(" AND seq IN (SELECT seq FROM items");
    narrow(&mut sql);
    sql.push(" ORDER BY seq LIMIT ").push_bind(i64::from(limit));
    sql.push(" OFFSET ").push_bind(i64::try_from(offset).unwrap_or(i64::MAX)).push(") ORDER BY seq");
    let rows = sql.build().fetch_all(&mut *db).await.map_err(failure)?;
    let items: Vec<Item> = rows.iter().map(|row| item(&Fields(row))).collect::<Result<_, _>>()?;
    if let Some(total) = total_of(offset, limit, items.len()) {
        return Ok((items, total));
    }
    let mut count = QueryBuilder::new("SELECT count(*) FROM items");
    narrow(&mut count);
    let total: i64 = count.build_query_scalar().fetch_one(db).await.map_err(failure)?;
    Ok((items, u64::try_from(total).map_err(unreadable)?))
}

pub(crate) async fn open(db: &mut SqliteConnection, run: i64, above: u32, limit: u32) -> Result<Vec<Item>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM items INDEXED BY items_open
         WHERE run = $1 AND seq > $2 AND stage IN ('planned', 'under_way') ORDER BY seq LIMIT $3",
    )
    .bind(run)
    .bind(i64::from(above))
    .bind(i64::from(limit))
    .fetch_all(db)
    .await
    .map_err(failure)?;
    rows.iter().map(|row| item(&Fields(row))).collect()
}

fn item(row: &Fields<'_>) -> Result<Item, StoreError> {
    Ok(Item {
        seq: u32::try_from(row.number("seq")?).map_err(unreadable)?,
        found: found(row)?,
        app_name: row.text("app_name")?,
        state: row.json("state_json")?,
        look: look(row)?,
        through: row.maybe_json("through_json")?.unwrap_or_default(),
    })
}

pub(crate) async fn apps(db: &mut SqliteConnection, run: i64) -> Result<Vec<RunApp>, StoreError> {
    let sql = "SELECT i.app, i.app_name, count(*) AS items, f.client_id, f.likeness
        FROM items i JOIN runs r ON r.number = i.run
        LEFT JOIN found_apps f ON f.organisation = r.organisation AND f.key = i.app
        WHERE i.run = $1 GROUP BY i.app ORDER BY i.app_name COLLATE NOCASE, i.app";
    let rows = sqlx::query(sql).bind(run).fetch_all(db).await.map_err(failure)?;
    rows.iter()
        .map(|row| {
            let row = Fields(row);
            let likeness = row.maybe_word::<Likeness>("likeness")?;
            Ok(RunApp {
                key: row.text("app")?,
                client_id: row.maybe("client_id")?.filter(|id: &String| !id.is_empty()),
                name: row.text("app_name")?,
                by_name: likeness.is_none_or(|likeness| likeness == Likeness::Named),
                items: row.count("items")?,
            })
        })
        .collect()
}

fn look(row: &Fields<'_>) -> Result<Option<Look>, StoreError> {
    let Some(began) = row.maybe_word("look_at")? else { return Ok(None) };
    Ok(Some(Look { began, not_read: row.maybe_word("look_failed")? }))
}

/// Targets of all items.
pub(crate) async fn targets(db: &mut SqliteConnection, run: i64) -> Result<Vec<Target>, StoreError> {
    let rows = sqlx::query("SELECT everybody, person, app, provider_grant FROM items WHERE run = $1").bind(run);
    let rows = rows.fetch_all(db).await.map_err(failure)?;
    rows.iter().map(|row| target(&Fields(row))).collect()
}

pub(crate) async fn left(db: &mut SqliteConnection, run: i64) -> Result<Vec<(Left, u64)>, StoreError> {
    let sql = "SELECT why, count(*) AS items FROM items WHERE run = $1 AND stage = 'left'
             AND why NOT IN ('restoring', 'restored') GROUP BY why ORDER BY why";
    let rows = sqlx::query(sql).bind(run).fetch_all(db).await.map_err(failure)?;
    rows.iter().map(|row| Ok((Fields(row).word("why")?, Fields(row).count("items")?))).collect()
}
