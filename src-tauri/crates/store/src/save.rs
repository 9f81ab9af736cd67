//! The domain's types into rows.

use crate::error::{failure, unreadable};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sqlx::{Sqlite, SqliteConnection, query::Query, sqlite::SqliteArguments};
use uncouple_domain::{
    Changes, Device, Disconnect, Grant, Home, Inbox, Intention, Mailbox, Member, Notice, Organisation, OtherChannel,
    Use,
};
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

/// Writes what a use case changed, and nothing else.
pub(crate) async fn changes(db: &mut SqliteConnection, changes: &Changes) -> Result<(), StoreError> {
    for device in &changes.devices {
        run(db, put_device(device)?).await?;
    }
    for member in &changes.members {
        run(db, put_member(member)?).await?;
    }
    for inbox in &changes.inboxes {
        run(db, put_inbox(inbox)?).await?;
    }
    for channel in &changes.other_channels {
        run(db, put_other_channel(channel)?).await?;
    }
    for id in &changes.gone_channels {
        run(db, sqlx::query("DELETE FROM other_channels WHERE id = $1").bind(id.to_string())).await?;
    }
    for grant in &changes.grants {
        run(db, put_grant(grant)?).await?;
    }
    // A row that leaves an address comes before the row that takes it, for the sake of the unique index.
    let mut mailboxes: Vec<&Mailbox> = changes.mailboxes.iter().collect();
    mailboxes.sort_by_key(|mailbox| mailbox.usage != Use::Removed);
    for mailbox in mailboxes {
        run(db, put_mailbox(mailbox)?).await?;
    }
    for job in &changes.disconnects {
        put_disconnect(db, job).await?;
    }
    for intention in &changes.intentions {
        run(db, put_intention(intention)?).await?;
    }
    for id in &changes.closed_intentions {
        run(db, sqlx::query("DELETE FROM intentions WHERE id = $1").bind(id.to_string())).await?;
    }
    for notice in &changes.notices {
        run(db, put_notice(notice)?).await?;
    }
    for organisation in &changes.organisations {
        run(db, put_organisation(organisation)?).await?;
    }
    Ok(())
}

pub(crate) async fn run(db: &mut SqliteConnection, statement: Statement) -> Result<(), StoreError> {
    statement.execute(db).await.map_err(failure)?;
    Ok(())
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(unreadable)
}

/// A word, id or time without its quotes.
pub(crate) fn word(value: &impl Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => Ok(text),
        other => Err(unreadable(format!("no word: {other:?}"))),
    }
}

/// A time that is compared in SQL. A text without fixed digits would sort "09:00:00Z" behind "09:00:00.5Z".
pub(crate) fn time(at: Timestamp) -> String {
    format!("{at:.9}")
}

fn put_device(device: &Device) -> Result<Statement, StoreError> {
    Ok(sqlx::query(
        "INSERT INTO devices (id, name, file, since, origin, earlier_of, gone_to) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, file = excluded.file, origin = excluded.origin,
             earlier_of = excluded.earlier_of, gone_to = excluded.gone_to",
    )
    .bind(device.id.to_string())
    .bind(device.name.as_str().to_owned())
    .bind(device.file.clone())
    .bind(device.since.to_string())
    .bind(word(&device.origin)?)
    .bind(device.earlier_of.map(|id| id.to_string()))
    .bind(device.gone_to.map(|id| id.to_string())))
}

fn put_member(member: &Member) -> Result<Statement, StoreError> {
    Ok(sqlx::query(
        "INSERT INTO members (id, name, super_admin, language, removed) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, super_admin = excluded.super_admin,
             language = excluded.language, removed = excluded.removed",
    )
    .bind(member.id.to_string())
    .bind(member.name.as_str().to_owned())
    .bind(i64::from(member.super_admin))
    .bind(member.language.as_ref().map(word).transpose()?)
    .bind(i64::from(member.removed)))
}

fn put_inbox(inbox: &Inbox) -> Result<Statement, StoreError> {
    Ok(sqlx::query(
        "INSERT INTO inboxes (id, name, access_json, removed) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, access_json = excluded.access_json,
             removed = excluded.removed",
    )
    .bind(inbox.id.to_string())
    .bind(inbox.name.as_str().to_owned())
    .bind(json(&inbox.access)?)
    .bind(i64::from(inbox.removed)))
}

fn put_other_channel(channel: &OtherChannel) -> Result<Statement, StoreError> {
    Ok(sqlx::query(
        "INSERT INTO other_channels (id, inbox, kind, name) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name",
    )
    .bind(channel.id.to_string())
    .bind(channel.inbox.to_string())
    .bind(word(&channel.kind)?)
    .bind(channel.name.as_str().to_owned()))
}

fn put_notice(notice: &Notice) -> Result<Statement, StoreError> {
    Ok(sqlx::query(
        "INSERT INTO notices (id, member, what_json, at, by, mailbox, job, address, address_key, read, corrected,
             desktop_json)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (id) DO UPDATE SET read = excluded.read, corrected = excluded.corrected,
             desktop_json = excluded.desktop_json",
    )
    .bind(i64::try_from(notice.id.0).map_err(unreadable)?)
    .bind(notice.to.to_string())
    .bind(json(&notice.what)?)
    .bind(notice.at.to_string())
    .bind(notice.by.map(|id| id.to_string()))
    .bind(notice.mailbox.map(|id| id.to_string()))
    .bind(notice.job.map(|id| id.to_string()))
    .bind(notice.address.as_ref().map(|address| address.as_str().to_owned()))
    .bind(notice.address.as_ref().map(|address| address.key().to_owned()))
    .bind(notice.read.map(|at| at.to_string()))
    .bind(notice.corrected.map(|at| at.to_string()))
    .bind(json(&notice.desktop)?))
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
    let (owner, inbox, connected_by) = match mailbox.home {
        Home::Personal { owner } => (Some(owner), None, None),
        Home::Team { inbox, connected_by } => (None, Some(inbox), connected_by),
    };
    Ok(sqlx::query(
        "INSERT INTO mailboxes (id, owner, inbox, connected_by, address, address_key, provider, holder_json, usage,
             usage_known_json, link_json, unreachable_since, grant_id, added_at, added_by, asked_json)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (id) DO UPDATE SET connected_by = excluded.connected_by, asked_json = excluded.asked_json,
             address = excluded.address, address_key = excluded.address_key,
             provider = excluded.provider, holder_json = excluded.holder_json, usage = excluded.usage,
             usage_known_json = excluded.usage_known_json, link_json = excluded.link_json,
             unreachable_since = excluded.unreachable_since, grant_id = excluded.grant_id",
    )
    .bind(mailbox.id.to_string())
    .bind(owner.map(|id| id.to_string()))
    .bind(inbox.map(|id| id.to_string()))
    .bind(connected_by.map(|id| id.to_string()))
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
    .bind(mailbox.added.by.to_string())
    .bind(mailbox.asked.as_ref().map(json).transpose()?))
}

async fn put_disconnect(db: &mut SqliteConnection, job: &Disconnect) -> Result<(), StoreError> {
    let statement = sqlx::query(
        "INSERT INTO disconnects (id, mailbox, purpose_json, provider, opened_at, opened_by, ended_json,
             snoozed_until, snoozed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (id) DO UPDATE SET ended_json = excluded.ended_json, snoozed_until = excluded.snoozed_until,
             snoozed_by = excluded.snoozed_by",
    )
    .bind(job.id.to_string())
    .bind(job.mailbox.to_string())
    .bind(json(&job.purpose)?)
    .bind(word(&job.provider)?)
    .bind(job.opened.at.to_string())
    .bind(job.opened.by.to_string())
    .bind(job.ended.as_ref().map(json).transpose()?)
    .bind(job.snoozed_until.map(|at| at.to_string()))
    .bind(job.snoozed_by.map(|id| id.to_string()));
    run(db, statement).await?;
    for (position, step) in (0_i64..).zip(&job.steps) {
        let statement = sqlx::query(
            "INSERT INTO steps (disconnect, position, kind, grant_id, record_json) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (disconnect, kind) DO UPDATE SET grant_id = excluded.grant_id,
                 record_json = excluded.record_json",
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
        "INSERT INTO intentions (id, at, by, kind_json, device) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET kind_json = excluded.kind_json, device = excluded.device",
    )
    .bind(intention.id.to_string())
    .bind(intention.stamp.at.to_string())
    .bind(intention.stamp.by.to_string())
    .bind(json(&intention.kind)?)
    .bind(intention.device.map(|id| id.to_string())))
}

fn put_organisation(organisation: &Organisation) -> Result<Statement, StoreError> {
    Ok(sqlx::query(
        "INSERT INTO organisations (id, suite, key, name, sign_in_json, apps_json, searched_json,
             consent_policy_json)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, sign_in_json = excluded.sign_in_json,
             apps_json = excluded.apps_json, searched_json = excluded.searched_json,
             consent_policy_json = excluded.consent_policy_json",
    )
    .bind(organisation.id.to_string())
    .bind(word(&organisation.suite)?)
    .bind(organisation.key.clone())
    .bind(organisation.name.clone())
    .bind(organisation.sign_in.as_ref().map(json).transpose()?)
    .bind(json(&organisation.apps)?)
    .bind(organisation.searched.as_ref().map(json).transpose()?)
    .bind(organisation.consent_policy.as_ref().map(json).transpose()?))
}
