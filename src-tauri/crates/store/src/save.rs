//! The domain's types into rows: only what differs.

use crate::error::{failure, unreadable};
use serde::Serialize;
use serde_json::Value;
use sqlx::{Sqlite, SqliteConnection, query::Query, sqlite::SqliteArguments};
use std::collections::BTreeMap;
use uncouple_domain::{Disconnect, Grant, Intention, Mailbox, Member, Use, Workspace};
use uncouple_engine::ports::StoreError;
use uncouple_engine::settings::Settings;

type Statement = Query<'static, Sqlite, SqliteArguments>;

pub(crate) async fn revision(db: &mut SqliteConnection, revision: u64) -> Result<(), StoreError> {
    let revision = i64::try_from(revision).map_err(unreadable)?;
    run(db, sqlx::query("UPDATE meta SET revision = $1").bind(revision)).await
}

pub(crate) async fn settings(db: &mut SqliteConnection, settings: &Settings) -> Result<(), StoreError> {
    run(db, sqlx::query("UPDATE meta SET settings_json = $1").bind(json(settings)?)).await
}

pub(crate) async fn differences(
    db: &mut SqliteConnection,
    before: &Workspace,
    after: &Workspace,
) -> Result<(), StoreError> {
    for member in changed(&before.members, &after.members) {
        run(db, put_member(member)).await?;
    }
    for grant in changed(&before.grants, &after.grants) {
        run(db, put_grant(grant)?).await?;
    }
    // A row that leaves an address comes before the row that takes it, for the sake of the unique index;
    // the same with jobs.
    let mut mailboxes: Vec<&Mailbox> = changed(&before.mailboxes, &after.mailboxes).collect();
    mailboxes.sort_by_key(|mailbox| mailbox.usage != Use::Removed);
    for mailbox in mailboxes {
        run(db, put_mailbox(mailbox)?).await?;
    }
    let mut jobs: Vec<&Disconnect> = changed(&before.disconnects, &after.disconnects).collect();
    jobs.sort_by_key(|job| job.ended.is_none());
    for job in jobs {
        put_disconnect(db, job).await?;
    }
    for intention in changed(&before.intentions, &after.intentions) {
        run(db, put_intention(intention)?).await?;
    }
    for id in before.intentions.keys().filter(|id| !after.intentions.contains_key(id)) {
        run(db, sqlx::query("DELETE FROM intentions WHERE id = $1").bind(id.to_string())).await?;
    }
    Ok(())
}

fn changed<'a, K: Ord, V: PartialEq>(
    before: &'a BTreeMap<K, V>,
    after: &'a BTreeMap<K, V>,
) -> impl Iterator<Item = &'a V> {
    after.iter().filter(|(id, value)| before.get(id) != Some(value)).map(|(_, value)| value)
}

async fn run(db: &mut SqliteConnection, statement: Statement) -> Result<(), StoreError> {
    statement.execute(db).await.map_err(failure)?;
    Ok(())
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(unreadable)
}

/// A word, id or time without its quotes.
fn word(value: &impl Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => Ok(text),
        other => Err(unreadable(format!("no word: {other:?}"))),
    }
}

fn put_member(member: &Member) -> Statement {
    sqlx::query(
        "INSERT INTO members (id, name, super_admin) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, super_admin = excluded.super_admin",
    )
    .bind(member.id.to_string())
    .bind(member.name.as_str().to_owned())
    .bind(i64::from(member.super_admin))
}

fn put_grant(grant: &Grant) -> Result<Statement, StoreError> {
    Ok(sqlx::query(
        "INSERT INTO grants (id, provider, subject_json, client, generation, consent_json, token_json, tried_json)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET consent_json = excluded.consent_json, token_json = excluded.token_json,
             tried_json = excluded.tried_json",
    )
    .bind(grant.id.to_string())
    .bind(word(&grant.provider)?)
    .bind(json(&grant.subject)?)
    .bind(word(&grant.client)?)
    .bind(i64::from(grant.generation))
    .bind(json(&grant.consent)?)
    .bind(json(&grant.token)?)
    .bind(grant.tried.as_ref().map(json).transpose()?))
}

fn put_mailbox(mailbox: &Mailbox) -> Result<Statement, StoreError> {
    Ok(sqlx::query(
        "INSERT INTO mailboxes (id, owner, address, address_key, provider, holder_json, usage, usage_known_json,
             link_json, unreachable_since, grant_id, added_at, added_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (id) DO UPDATE SET address = excluded.address, address_key = excluded.address_key,
             provider = excluded.provider, holder_json = excluded.holder_json, usage = excluded.usage,
             usage_known_json = excluded.usage_known_json, link_json = excluded.link_json,
             unreachable_since = excluded.unreachable_since, grant_id = excluded.grant_id",
    )
    .bind(mailbox.id.to_string())
    .bind(mailbox.owner.to_string())
    .bind(mailbox.address.as_str().to_owned())
    .bind(mailbox.address.key().to_owned())
    .bind(word(&mailbox.provider)?)
    .bind(json(&mailbox.holder)?)
    .bind(word(&mailbox.usage)?)
    .bind(json(&mailbox.usage_known)?)
    .bind(json(&mailbox.link)?)
    .bind(mailbox.unreachable_since.map(|at| at.to_string()))
    .bind(mailbox.grant.map(|id| id.to_string()))
    .bind(mailbox.added.at.to_string())
    .bind(mailbox.added.by.to_string()))
}

async fn put_disconnect(db: &mut SqliteConnection, job: &Disconnect) -> Result<(), StoreError> {
    let statement = sqlx::query(
        "INSERT INTO disconnects (id, mailbox, opened_at, opened_by, ended_json, snoozed_until)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET ended_json = excluded.ended_json, snoozed_until = excluded.snoozed_until",
    )
    .bind(job.id.to_string())
    .bind(job.mailbox.to_string())
    .bind(job.opened.at.to_string())
    .bind(job.opened.by.to_string())
    .bind(job.ended.as_ref().map(json).transpose()?)
    .bind(job.snoozed_until.map(|at| at.to_string()));
    run(db, statement).await?;
    for (position, step) in (0_i64..).zip(&job.steps) {
        let statement = sqlx::query(
            "INSERT INTO steps (disconnect, position, kind, grant_id, record_json) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (disconnect, kind) DO UPDATE SET record_json = excluded.record_json",
        )
        .bind(job.id.to_string())
        .bind(position)
        .bind(word(&step.kind)?)
        .bind(step.grant.map(|id| id.to_string()))
        .bind(json(&step.record)?);
        run(db, statement).await?;
    }
    Ok(())
}

fn put_intention(intention: &Intention) -> Result<Statement, StoreError> {
    Ok(sqlx::query(
        "INSERT INTO intentions (id, at, by, kind_json) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET kind_json = excluded.kind_json",
    )
    .bind(intention.id.to_string())
    .bind(intention.stamp.at.to_string())
    .bind(intention.stamp.by.to_string())
    .bind(json(&intention.kind)?))
}
