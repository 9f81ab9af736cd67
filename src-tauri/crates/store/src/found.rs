//! What searches find, as they find it.

use crate::error::{failure, unreadable};
use crate::load::Fields;
use crate::past::pattern;
use crate::save::{json, run, time, word};
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};
use std::collections::BTreeMap;
use uncouple_domain::{OrganisationId, Refusal};
use uncouple_engine::address::read_address;
use uncouple_engine::directory::{AppSeen, LogLine, LogWhat, Target, Who};
use uncouple_engine::ports::StoreError;
use uncouple_engine::runs::{AppRow, Found, ReadPerson, SearchPosition, UnreadPerson};

/// The number behind an organisation's identity.
pub(crate) async fn organisation(db: &mut SqliteConnection, id: OrganisationId) -> Result<i64, StoreError> {
    let number = sqlx::query_scalar("SELECT number FROM organisations WHERE id = $1").bind(id.to_string());
    let number = number.fetch_optional(db).await.map_err(failure)?;
    number.ok_or(StoreError::Refused(Refusal::UnknownOrganisation))
}

/// People a statement at most.
const AT_ONCE: usize = 200;

/// The numbers of known people whose list could not be read, by identifier or address.
macro_rules! unread {
    () => {
        "(SELECT w.number FROM unread_people u CROSS JOIN found_people w
              ON w.organisation = u.organisation AND w.id = u.id WHERE u.organisation = $1
          UNION ALL
          SELECT k.person FROM unread_people u CROSS JOIN found_keys k ON k.key = lower(u.address)
          CROSS JOIN found_people w ON w.number = k.person AND w.organisation = u.organisation
          WHERE u.organisation = $1)"
    };
}

/// Writes what was found in one organisation. Whatever may come by the thousand goes into SQLite as one JSON text and is
/// taken apart there: a statement for each row would cost many times as much.
pub(crate) struct Finder<'a> {
    db: &'a mut SqliteConnection,
    organisation: i64,
}

impl<'a> Finder<'a> {
    pub(crate) async fn new(db: &'a mut SqliteConnection, id: OrganisationId) -> Result<Self, StoreError> {
        let organisation = organisation(db, id).await?;
        Ok(Self { db, organisation })
    }

    pub(crate) async fn put_people(&mut self, people: &[ReadPerson]) -> Result<(), StoreError> {
        for people in people.chunks(AT_ONCE) {
            // The last read of a person is the one that holds.
            let people: BTreeMap<&str, &ReadPerson> =
                people.iter().map(|person| (person.id.as_str(), person)).collect();
            let listed: Vec<_> = people.values().map(|person| (&person.id, time(person.read), &person.keys)).collect();
            let mut accesses = Vec::new();
            for person in people.values() {
                for found in &person.accesses {
                    match &found.target.who {
                        Who::Person { id } if *id == person.id => accesses.push(found),
                        Who::Person { .. } | Who::Everybody => return Err(misplaced()),
                    }
                }
            }
            let people = json(&listed)?;
            for sql in PUT_PEOPLE {
                run(self.db, sqlx::query(sql).bind(self.organisation).bind(people.clone())).await?;
            }
            let kept = self.put_accesses(&accesses).await?;
            let gone = sqlx::query(
                "DELETE FROM accesses WHERE id NOT IN (SELECT value FROM json_each($3)) AND person IN
                     (SELECT w.number FROM json_each($2) j CROSS JOIN found_people w
                      ON w.organisation = $1 AND w.id = j.value ->> 0)",
            );
            run(self.db, gone.bind(self.organisation).bind(people).bind(json(&kept)?)).await?;
        }
        Ok(())
    }

    pub(crate) async fn put_everybody(&mut self, found: &[Found]) -> Result<(), StoreError> {
        if found.iter().any(|found| found.target.who != Who::Everybody) {
            return Err(misplaced());
        }
        self.put_accesses(&found.iter().collect::<Vec<_>>()).await?;
        Ok(())
    }

    /// Accesses of people whom nobody may know yet, beside what else is known of them.
    pub(crate) async fn put_beside(&mut self, found: &[Found]) -> Result<Vec<i64>, StoreError> {
        let people = found.iter().filter_map(|found| match &found.target.who {
            Who::Person { id } => Some((id, time(found.read), &found.keys)),
            Who::Everybody => None,
        });
        let people = json(&people.collect::<Vec<_>>())?;
        for sql in PUT_BESIDE {
            run(self.db, sqlx::query(sql).bind(self.organisation).bind(people.clone())).await?;
        }
        self.put_accesses(&found.iter().collect::<Vec<_>>()).await
    }

    pub(crate) async fn put_unread(&mut self, unread: &[UnreadPerson], read: &[String]) -> Result<(), StoreError> {
        for read in read.chunks(AT_ONCE) {
            let known = sqlx::query(
                // Where the provider's identifier was not known then, an address stands in its place.
                "DELETE FROM unread_people WHERE organisation = $1
                     AND (id IN (SELECT value FROM json_each($2))
                         OR address IN (SELECT k.key FROM json_each($2) j
                             CROSS JOIN found_people w ON w.organisation = $1 AND w.id = j.value
                             CROSS JOIN found_keys k ON k.person = w.number))",
            );
            run(self.db, known.bind(self.organisation).bind(json(&read)?)).await?;
        }
        for person in unread {
            let same = sqlx::query("DELETE FROM unread_people WHERE organisation = $1 AND address = $2 AND id <> $3");
            let same = same.bind(self.organisation).bind(person.address.clone()).bind(person.id.clone());
            run(self.db, same).await?;
            let statement = sqlx::query(
                "INSERT INTO unread_people (organisation, id, address, name, why, at) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (organisation, id) DO UPDATE SET address = excluded.address, name = excluded.name,
                     why = excluded.why, at = excluded.at",
            )
            .bind(self.organisation)
            .bind(person.id.clone())
            .bind(person.address.clone())
            .bind(person.name.clone())
            .bind(word(&person.why)?)
            .bind(time(person.at));
            run(self.db, statement).await?;
        }
        Ok(())
    }

    /// The numbers of their lines.
    async fn put_accesses(&mut self, found: &[&Found]) -> Result<Vec<i64>, StoreError> {
        let found = found.iter().map(|found| {
            let person = match &found.target.who {
                Who::Person { id } => Some(id),
                Who::Everybody => None,
            };
            let Target { app, grant, .. } = &found.target;
            let Found { address, keys, name, suspended, scopes, resource, read, .. } = found;
            (person, app, grant, address, keys, name, i64::from(*suspended), scopes, time(*read), resource)
        });
        let found = json(&found.collect::<Vec<_>>())?;
        for sql in PUT_ACCESSES {
            run(self.db, sqlx::query(sql).bind(self.organisation).bind(found.clone())).await?;
        }
        let read = sqlx::query_scalar(READ).bind(self.organisation).bind(found);
        read.fetch_all(&mut *self.db).await.map_err(failure)
    }

    pub(crate) async fn put_apps(&mut self, apps: &[AppSeen]) -> Result<(), StoreError> {
        for app in apps {
            let statement = sqlx::query(
                "INSERT INTO found_apps (organisation, key, client_id, name, publisher, verified, likeness)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (organisation, key) DO UPDATE SET client_id = excluded.client_id,
                     name = excluded.name, publisher = excluded.publisher, verified = excluded.verified,
                     likeness = excluded.likeness",
            )
            .bind(self.organisation)
            .bind(app.key.clone())
            .bind(app.client_id.clone())
            .bind(app.name.clone())
            .bind(app.publisher.clone())
            .bind(app.verified.map(i64::from))
            .bind(word(&app.likeness)?);
            run(self.db, statement).await?;
        }
        Ok(())
    }

    pub(crate) async fn put_log(&mut self, lines: Vec<LogLine>) -> Result<(), StoreError> {
        let latest: Vec<_> = latest(lines)
            .into_iter()
            .map(|((app, whose), latest)| {
                let (person, key) = match whose {
                    Whose::Person(id) => (Some(id), None),
                    Whose::Key(key) => (None, Some(key)),
                };
                (person, key, app, latest.since.map(time), latest.last_use.map(time))
            })
            .collect();
        run(self.db, sqlx::query(PUT_LOG).bind(self.organisation).bind(json(&latest)?)).await
    }

    /// The people before a position are kept already; what was counted of them is added with it.
    pub(crate) async fn put_position(
        &mut self,
        position: &SearchPosition,
        counts: &BTreeMap<String, u64>,
    ) -> Result<(), StoreError> {
        let put = sqlx::query(
            "INSERT INTO search_positions (organisation, position_json) VALUES ($1, $2)
             ON CONFLICT (organisation) DO UPDATE SET position_json = excluded.position_json",
        );
        run(self.db, put.bind(self.organisation).bind(json(position)?)).await?;
        self.count(counts).await
    }

    async fn count(&mut self, counts: &BTreeMap<String, u64>) -> Result<(), StoreError> {
        let add = sqlx::query(
            "UPDATE found_apps SET counting = counting + j.value FROM json_each($2) j
             WHERE organisation = $1 AND found_apps.key = j.key",
        );
        run(self.db, add.bind(self.organisation).bind(json(counts)?)).await
    }

    pub(crate) async fn forget_position(&mut self, counted: Option<&BTreeMap<String, u64>>) -> Result<(), StoreError> {
        let forget = sqlx::query("DELETE FROM search_positions WHERE organisation = $1").bind(self.organisation);
        run(self.db, forget).await?;
        if let Some(counts) = counted {
            self.count(counts).await?;
        }
        let counting = if counted.is_some() {
            "UPDATE found_apps SET counted = counting, counting = 0 WHERE organisation = $1"
        } else {
            "UPDATE found_apps SET counting = 0 WHERE organisation = $1"
        };
        run(self.db, sqlx::query(counting).bind(self.organisation)).await
    }

    pub(crate) async fn forget_older(&mut self, began: Timestamp) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM unread_people WHERE organisation = $1 AND at < $2",
            // What is known of somebody whose list could not be read stays, with the time of its own reading.
            concat!(
                "DELETE FROM accesses WHERE organisation = $1 AND read < $2 AND (person IS NULL OR person NOT IN ",
                unread!(),
                ")"
            ),
            concat!(
                "DELETE FROM found_people WHERE organisation = $1 AND read < $2 AND number NOT IN ",
                unread!(),
                " AND NOT EXISTS (SELECT 1 FROM accesses a WHERE a.person = found_people.number)"
            ),
        ] {
            run(self.db, sqlx::query(sql).bind(self.organisation).bind(time(began))).await?;
        }
        Ok(())
    }
}

/// The same, where what is known of them stays.
const PUT_BESIDE: [&str; 2] = [
    "INSERT INTO found_people (organisation, id, read) SELECT $1, value ->> 0, value ->> 1 FROM json_each($2) WHERE true
     ON CONFLICT (organisation, id) DO NOTHING",
    "INSERT INTO found_keys (person, key)
     SELECT w.number, k.value FROM json_each($2) j
     CROSS JOIN found_people w ON w.organisation = $1 AND w.id = j.value ->> 0
     CROSS JOIN json_each(j.value, '$[2]') k WHERE true
     ON CONFLICT DO NOTHING",
];

/// People as `[id, read, keys]`. Keys that stay are not written.
const PUT_PEOPLE: [&str; 3] = [
    "INSERT INTO found_people (organisation, id, read) SELECT $1, value ->> 0, value ->> 1 FROM json_each($2) WHERE true
     ON CONFLICT (organisation, id) DO UPDATE SET read = excluded.read",
    "INSERT INTO found_keys (person, key)
     SELECT w.number, k.value FROM json_each($2) j
     CROSS JOIN found_people w ON w.organisation = $1 AND w.id = j.value ->> 0
     CROSS JOIN json_each(j.value, '$[2]') k WHERE true
     ON CONFLICT DO NOTHING",
    "DELETE FROM found_keys WHERE (person, key) IN (
         SELECT k.person, k.key FROM json_each($2) j
         CROSS JOIN found_people w ON w.organisation = $1 AND w.id = j.value ->> 0
         CROSS JOIN found_keys k ON k.person = w.number
         WHERE k.key NOT IN (SELECT value FROM json_each(j.value, '$[2]')))",
];

/// Found accesses `j` as `[person, app, grant, address, keys, name, suspended, scopes, read, resource]`, with the numbers of the
/// app and the person. Somebody without a number never becomes everybody.
macro_rules! numbered {
    () => {
        " FROM json_each($2) j CROSS JOIN found_apps p ON p.organisation = $1 AND p.key = j.value ->> 1
          LEFT JOIN found_people w ON w.organisation = $1 AND w.id = j.value ->> 0
          WHERE (w.number IS NULL) = (j.value ->> 0 IS NULL)"
    };
}

/// What an access that is there takes over. Most searches find what is known, and then no index has to be written.
macro_rules! renew {
    () => {
        "DO UPDATE SET provider_grant = excluded.provider_grant, address = excluded.address,
             keys_json = excluded.keys_json, name = excluded.name, suspended = excluded.suspended,
             scopes_json = excluded.scopes_json, resource = excluded.resource
         WHERE (accesses.address COLLATE BINARY, accesses.keys_json, accesses.name, accesses.suspended,
                 accesses.scopes_json, accesses.provider_grant, accesses.resource)
             IS NOT (excluded.address, excluded.keys_json, excluded.name, excluded.suspended, excluded.scopes_json,
                 excluded.provider_grant, excluded.resource)"
    };
}

const PUT_ACCESSES: [&str; 2] = [
    "INSERT INTO found_apps (organisation, key) SELECT DISTINCT $1, value ->> 1 FROM json_each($2) WHERE true
     ON CONFLICT DO NOTHING",
    concat!(
        "INSERT INTO accesses (organisation, app, person, provider_grant, address, keys_json, name, suspended,
             scopes_json, read, resource)
         SELECT $1, p.number, w.number, j.value ->> 2, j.value ->> 3, j.value -> 4, j.value ->> 5, j.value ->> 6,
             j.value -> 7, j.value ->> 8, j.value ->> 9",
        numbered!(),
        " ON CONFLICT (person, app, ifnull(provider_grant, '')) ",
        renew!(),
        " ON CONFLICT (app, ifnull(provider_grant, '')) WHERE person IS NULL ",
        renew!(),
    ),
];

/// From what was found to the lines, and not the other way round.
const READ: &str = concat!(
    "WITH lines AS MATERIALIZED (
         SELECT a.id, n.read FROM (
             SELECT p.number AS app, w.number AS person, j.value ->> 2 AS provider_grant, j.value ->> 8 AS read",
    numbered!(),
    "    ) n CROSS JOIN accesses a ON a.person IS n.person AND a.app = n.app
             AND ifnull(a.provider_grant, '') = ifnull(n.provider_grant, ''))
     UPDATE accesses SET read = lines.read FROM lines WHERE accesses.id = lines.id
     RETURNING accesses.id"
);

/// The latest as `[person, key, app, since, last use]`. Several may be about one access, as a person has several
/// addresses; what is not later than what is known is not written.
const PUT_LOG: &str = "
    WITH told AS (
        SELECT w.number AS person, j.value AS line FROM json_each($2) j
        CROSS JOIN found_people w ON w.organisation = $1 AND w.id = j.value ->> 0
        UNION ALL
        SELECT k.person, j.value FROM json_each($2) j CROSS JOIN found_keys k ON k.key = j.value ->> 1),
    latest AS MATERIALIZED (
        SELECT a.id, ifnull(max(told.line ->> 3), '') AS since, ifnull(max(told.line ->> 4), '') AS last_use
        FROM told CROSS JOIN found_apps p ON p.organisation = $1 AND p.key = told.line ->> 2
        CROSS JOIN accesses a ON a.person = told.person AND a.app = p.number
        GROUP BY a.id)
    UPDATE accesses SET since = nullif(max(ifnull(accesses.since, ''), latest.since), ''),
        last_use = nullif(max(ifnull(accesses.last_use, ''), latest.last_use), '')
    FROM latest WHERE accesses.id = latest.id
        AND (ifnull(accesses.since, '') < latest.since OR ifnull(accesses.last_use, '') < latest.last_use)";

/// A person's access must never become everybody's, nor the other way round.
fn misplaced() -> StoreError {
    StoreError::Other("an access of somebody else".to_owned())
}

/// Whose access a line of the log is about.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    Person(String),
    Key(String),
}

/// Of many lines only the latest of each kind is written. A line with an identifier is about that person alone: an
/// address can have been another's before.
#[derive(Default)]
struct Latest {
    since: Option<Timestamp>,
    last_use: Option<Timestamp>,
}

/// Of many lines only the latest of each kind counts. A line with an identifier is about that person alone: an address
/// can have been another's before.
fn latest(lines: Vec<LogLine>) -> BTreeMap<(String, Whose), Latest> {
    let mut all: BTreeMap<(String, Whose), Latest> = BTreeMap::new();
    for line in lines {
        let whose = match (line.person, line.address) {
            (Some(person), _) => Whose::Person(person),
            // What is no address is nobody's.
            (None, Some(address)) => match read_address(&address) {
                Ok(address) => Whose::Key(address.key().to_owned()),
                Err(_) => continue,
            },
            (None, None) => continue,
        };
        let latest = all.entry((line.app, whose)).or_default();
        match line.what {
            LogWhat::Consented => latest.since = latest.since.max(Some(line.at)),
            LogWhat::Used => latest.last_use = latest.last_use.max(Some(line.at)),
            LogWhat::Removed => {}
        }
    }
    all
}

/// Whose access it is, and of which app.
pub(crate) fn target(row: &Fields<'_>) -> Result<Target, StoreError> {
    let who = if row.flag("everybody")? { Who::Everybody } else { Who::Person { id: row.text("person")? } };
    Ok(Target { who, app: row.text("app")?, grant: row.maybe("provider_grant")? })
}

/// An access as it is in `accesses` and in `items`.
pub(crate) fn found(row: &Fields<'_>) -> Result<Found, StoreError> {
    Ok(Found {
        target: target(row)?,
        address: row.text("address")?,
        keys: row.json("keys_json")?,
        name: row.maybe("name")?,
        suspended: row.flag("suspended")?,
        scopes: row.json("scopes_json")?,
        resource: row.maybe("resource")?,
        read: row.word("read")?,
    })
}

pub(crate) async fn position(
    db: &mut SqliteConnection,
    id: OrganisationId,
) -> Result<Option<SearchPosition>, StoreError> {
    let number = organisation(db, id).await?;
    let json = sqlx::query_scalar("SELECT position_json FROM search_positions WHERE organisation = $1").bind(number);
    let json: Option<String> = json.fetch_optional(db).await.map_err(failure)?;
    // One of another version is none: the search begins anew.
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
}

/// A page of people whose lists could not be read, and how many there are.
pub(crate) async fn unread(
    db: &mut SqliteConnection,
    organisation: OrganisationId,
    offset: u64,
    limit: u32,
) -> Result<(Vec<UnreadPerson>, u64), StoreError> {
    let number = self::organisation(db, organisation).await?;
    let rows =
        sqlx::query("SELECT * FROM unread_people WHERE organisation = $1 ORDER BY address, id LIMIT $2 OFFSET $3")
            .bind(number)
            .bind(i64::from(limit))
            .bind(i64::try_from(offset).unwrap_or(i64::MAX))
            .fetch_all(&mut *db)
            .await
            .map_err(failure)?;
    let people = rows.iter().map(|row| {
        let row = Fields(row);
        Ok(UnreadPerson {
            id: row.text("id")?,
            address: row.text("address")?,
            name: row.maybe("name")?,
            why: row.word("why")?,
            at: row.word("at")?,
        })
    });
    let people = people.collect::<Result<_, StoreError>>()?;
    let total = sqlx::query_scalar("SELECT count(*) FROM unread_people WHERE organisation = $1").bind(number);
    let total: i64 = total.fetch_one(db).await.map_err(failure)?;
    Ok((people, u64::try_from(total).map_err(unreadable)?))
}

pub(crate) async fn apps(
    db: &mut SqliteConnection,
    organisation: OrganisationId,
    text: Option<&str>,
) -> Result<Vec<AppRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT p.*, (SELECT count(*) FROM accesses a WHERE a.app = p.number) AS accesses
         FROM found_apps p JOIN organisations o ON o.number = p.organisation
         WHERE o.id = $1 AND p.name IS NOT NULL
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
    let counted: Option<i64> = row.0.try_get("counted").map_err(unreadable)?;
    let counted = counted.map(u64::try_from).transpose().map_err(unreadable)?;
    Ok(AppRow { app, accesses: row.count("accesses")?, counted })
}
