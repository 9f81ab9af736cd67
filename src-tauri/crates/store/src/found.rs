//! What searches find, as they find it.

use crate::error::{failure, unreadable};
use crate::load::Fields;
use crate::past::pattern;
use crate::save::{json, run, time, word};
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};
use std::collections::BTreeMap;
use uncouple_domain::OrganisationId;
use uncouple_engine::address::read_address;
use uncouple_engine::directory::{AppSeen, LogLine, LogWhat, Target, Who};
use uncouple_engine::ports::StoreError;
use uncouple_engine::runs::{AppRow, Found, ReadPerson};

pub(crate) async fn put_people(
    db: &mut SqliteConnection,
    organisation: OrganisationId,
    people: &[ReadPerson],
) -> Result<(), StoreError> {
    for person in people {
        let mut kept = Vec::with_capacity(person.accesses.len());
        for found in &person.accesses {
            match &found.target.who {
                Who::Person { id } if *id == person.id => kept.push(put_access(db, organisation, found).await?),
                Who::Person { .. } | Who::Everybody => return Err(misplaced()),
            }
        }
        let gone = sqlx::query(
            "DELETE FROM accesses WHERE organisation = $1 AND everybody = 0 AND person = $2
                 AND id NOT IN (SELECT value FROM json_each($3))",
        );
        run(db, gone.bind(organisation.to_string()).bind(person.id.clone()).bind(json(&kept)?)).await?;
        let gone = sqlx::query("DELETE FROM found_keys WHERE organisation = $1 AND person = $2");
        run(db, gone.bind(organisation.to_string()).bind(person.id.clone())).await?;
        let keys = sqlx::query(
            "INSERT INTO found_keys (organisation, person, key, read)
             SELECT DISTINCT $1, $2, value, $3 FROM json_each($4)",
        );
        let keys = keys.bind(organisation.to_string()).bind(person.id.clone()).bind(time(person.read));
        run(db, keys.bind(json(&person.keys)?)).await?;
    }
    Ok(())
}

pub(crate) async fn put_everybody(
    db: &mut SqliteConnection,
    organisation: OrganisationId,
    found: &[Found],
) -> Result<(), StoreError> {
    for found in found {
        match found.target.who {
            Who::Everybody => put_access(db, organisation, found).await?,
            Who::Person { .. } => return Err(misplaced()),
        };
    }
    Ok(())
}

/// A person's access must never become everybody's, nor the other way round.
fn misplaced() -> StoreError {
    StoreError::Other("an access of somebody else".to_owned())
}

/// The number of the line.
async fn put_access(db: &mut SqliteConnection, organisation: OrganisationId, found: &Found) -> Result<i64, StoreError> {
    let (everybody, person) = parts(&found.target);
    sqlx::query_scalar(
        "INSERT INTO accesses (organisation, everybody, person, app, provider_grant, address, keys_json, name,
             suspended, scopes_json, read)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (organisation, everybody, person, app, ifnull(provider_grant, '')) DO UPDATE SET
             provider_grant = excluded.provider_grant, address = excluded.address, keys_json = excluded.keys_json,
             name = excluded.name, suspended = excluded.suspended, scopes_json = excluded.scopes_json,
             read = excluded.read
         RETURNING id",
    )
    .bind(organisation.to_string())
    .bind(i64::from(everybody))
    .bind(person.to_owned())
    .bind(found.target.app.clone())
    .bind(found.target.grant.clone())
    .bind(found.address.clone())
    .bind(json(&found.keys)?)
    .bind(found.name.clone())
    .bind(i64::from(found.suspended))
    .bind(json(&found.scopes)?)
    .bind(time(found.read))
    .fetch_one(db)
    .await
    .map_err(failure)
}

fn parts(target: &Target) -> (bool, &str) {
    match &target.who {
        Who::Person { id } => (false, id),
        Who::Everybody => (true, ""),
    }
}

/// An access as it is in `accesses` and in `items`.
pub(crate) fn found(row: &Fields<'_>) -> Result<Found, StoreError> {
    let who = if row.flag("everybody")? { Who::Everybody } else { Who::Person { id: row.text("person")? } };
    Ok(Found {
        target: Target { who, app: row.text("app")?, grant: row.maybe("provider_grant")? },
        address: row.text("address")?,
        keys: row.json("keys_json")?,
        name: row.maybe("name")?,
        suspended: row.flag("suspended")?,
        scopes: row.json("scopes_json")?,
        read: row.word("read")?,
    })
}

pub(crate) async fn put_apps(
    db: &mut SqliteConnection,
    organisation: OrganisationId,
    apps: &[AppSeen],
) -> Result<(), StoreError> {
    for app in apps {
        let statement = sqlx::query(
            "INSERT INTO found_apps (organisation, key, client_id, name, publisher, verified, likeness)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (organisation, key) DO UPDATE SET client_id = excluded.client_id, name = excluded.name,
                 publisher = excluded.publisher, verified = excluded.verified, likeness = excluded.likeness",
        )
        .bind(organisation.to_string())
        .bind(app.key.clone())
        .bind(app.client_id.clone())
        .bind(app.name.clone())
        .bind(app.publisher.clone())
        .bind(app.verified.map(i64::from))
        .bind(word(&app.likeness)?);
        run(db, statement).await?;
    }
    Ok(())
}

/// Whose access a line of the log is about.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    Person(String),
    Key(String),
}

/// Of many lines only the latest of each kind is written. A line with an identifier is about that person alone: an
/// address can have been another's before.
pub(crate) async fn put_log(
    db: &mut SqliteConnection,
    organisation: OrganisationId,
    lines: Vec<LogLine>,
) -> Result<(), StoreError> {
    let mut latest: BTreeMap<(String, Whose), (Option<Timestamp>, Option<Timestamp>)> = BTreeMap::new();
    for line in lines {
        let whose = match (line.person, line.address) {
            (Some(person), _) => Whose::Person(person),
            (None, Some(address)) => Whose::Key(key(&address)),
            (None, None) => continue,
        };
        let (since, last_use) = match line.what {
            LogWhat::Consented => (Some(line.at), None),
            LogWhat::Used => (None, Some(line.at)),
            LogWhat::Removed => continue,
        };
        let known = latest.entry((line.app, whose)).or_default();
        *known = (known.0.max(since), known.1.max(last_use));
    }
    for ((app, whose), (since, last_use)) in latest {
        let (statement, whose) = match whose {
            Whose::Person(id) => (sqlx::query(later!("person = $3")), id),
            Whose::Key(key) => (
                sqlx::query(later!("person IN (SELECT person FROM found_keys WHERE key = $3 AND organisation = $1)")),
                key,
            ),
        };
        let statement = statement.bind(organisation.to_string()).bind(app).bind(whose);
        run(db, statement.bind(since.map(time)).bind(last_use.map(time))).await?;
    }
    Ok(())
}

/// Sets what is later than what is known. Rows that it would not change are not written.
macro_rules! later {
    ($whose:literal) => {
        concat!(
            "UPDATE accesses SET since = nullif(max(ifnull(since, ''), ifnull($4, '')), ''),
                 last_use = nullif(max(ifnull(last_use, ''), ifnull($5, '')), '')
             WHERE organisation = $1 AND everybody = 0 AND app = $2 AND ",
            $whose,
            " AND (ifnull(since, '') < ifnull($4, '') OR ifnull(last_use, '') < ifnull($5, ''))"
        )
    };
}
use later;

/// An address as a key. What is no address is nobody's.
fn key(address: &str) -> String {
    read_address(address).map_or_else(|_| address.to_owned(), |address| address.key().to_owned())
}

pub(crate) async fn forget_older(
    db: &mut SqliteConnection,
    organisation: OrganisationId,
    began: Timestamp,
) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM accesses WHERE organisation = $1 AND read < $2",
        "DELETE FROM found_keys WHERE organisation = $1 AND read < $2",
    ] {
        run(db, sqlx::query(sql).bind(organisation.to_string()).bind(time(began))).await?;
    }
    Ok(())
}

pub(crate) async fn apps(
    db: &mut SqliteConnection,
    organisation: OrganisationId,
    text: Option<&str>,
) -> Result<Vec<AppRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT p.*, (SELECT count(*) FROM accesses a WHERE a.organisation = p.organisation AND a.app = p.key)
             AS accesses
         FROM found_apps p
         WHERE p.organisation = $1
             AND ($2 IS NULL OR p.name LIKE $2 ESCAPE '\\' OR p.client_id LIKE $2 ESCAPE '\\')
         ORDER BY CASE p.likeness WHEN 'named' THEN 0 WHEN 'look_alike' THEN 1 ELSE 2 END,
             p.name COLLATE NOCASE, p.name, p.key",
    )
    .bind(organisation.to_string())
    .bind(pattern(text))
    .fetch_all(db)
    .await
    .map_err(failure)?;
    rows.iter().map(|row| app(&Fields(row))).collect()
}

fn app(row: &Fields<'_>) -> Result<AppRow, StoreError> {
    let verified: Option<i64> = row.0.try_get("verified").map_err(unreadable)?;
    let app = AppSeen {
        key: row.text("key")?,
        client_id: row.text("client_id")?,
        name: row.text("name")?,
        publisher: row.maybe("publisher")?,
        verified: verified.map(|verified| verified != 0),
        likeness: row.word("likeness")?,
    };
    Ok(AppRow { app, accesses: row.count("accesses")? })
}
