//! Rows into the domain's types.

use crate::error::{failure, unreadable};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use std::collections::BTreeMap;
use uncouple_domain::{
    Disconnect, DisconnectId, Grant, Intention, Mailbox, Member, MemberId, Stamp, Step, StepKind, Workspace,
};
use uncouple_engine::ports::StoreError;
use uncouple_engine::settings::Settings;

pub(crate) async fn revision(db: &mut SqliteConnection) -> Result<u64, StoreError> {
    let revision: i64 = sqlx::query_scalar("SELECT revision FROM meta").fetch_one(db).await.map_err(failure)?;
    u64::try_from(revision).map_err(unreadable)
}

pub(crate) async fn settings(db: &mut SqliteConnection) -> Result<Settings, StoreError> {
    let text: String = sqlx::query_scalar("SELECT settings_json FROM meta").fetch_one(db).await.map_err(failure)?;
    serde_json::from_str(&text).map_err(unreadable)
}

pub(crate) async fn workspace(db: &mut SqliteConnection) -> Result<Workspace, StoreError> {
    let members = all(db, "SELECT * FROM members", member).await?;
    let grants = all(db, "SELECT * FROM grants", grant).await?;
    let mailboxes = all(db, "SELECT * FROM mailboxes", mailbox).await?;
    let mut disconnects: BTreeMap<DisconnectId, Disconnect> =
        all(db, "SELECT * FROM disconnects", disconnect).await?.into_iter().map(|d| (d.id, d)).collect();
    for (job, step) in all(db, "SELECT * FROM steps ORDER BY disconnect, position", step).await? {
        disconnects.get_mut(&job).ok_or_else(|| unreadable("a step without a job"))?.steps.push(step);
    }
    let intentions = all(db, "SELECT * FROM intentions", intention).await?;
    Ok(Workspace::from_parts(
        members.into_iter().map(|m| (m.id, m)).collect(),
        mailboxes.into_iter().map(|m| (m.id, m)).collect(),
        grants.into_iter().map(|g| (g.id, g)).collect(),
        disconnects,
        intentions.into_iter().map(|i| (i.id, i)).collect(),
    ))
}

async fn all<T>(
    db: &mut SqliteConnection,
    sql: &'static str,
    read: fn(&Fields<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let rows = sqlx::query(sql).fetch_all(db).await.map_err(failure)?;
    rows.iter().map(|row| read(&Fields(row))).collect()
}

struct Fields<'a>(&'a SqliteRow);

impl Fields<'_> {
    fn text(&self, column: &str) -> Result<String, StoreError> {
        self.0.try_get(column).map_err(unreadable)
    }

    fn maybe(&self, column: &str) -> Result<Option<String>, StoreError> {
        self.0.try_get(column).map_err(unreadable)
    }

    /// A column that holds a plain word, id or time, through the type's own reading of it.
    fn word<T: DeserializeOwned>(&self, column: &str) -> Result<T, StoreError> {
        serde_json::from_value(Value::String(self.text(column)?)).map_err(unreadable)
    }

    fn maybe_word<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>, StoreError> {
        self.maybe(column)?.map(|text| serde_json::from_value(Value::String(text)).map_err(unreadable)).transpose()
    }

    fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T, StoreError> {
        serde_json::from_str(&self.text(column)?).map_err(unreadable)
    }

    fn maybe_json<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>, StoreError> {
        self.maybe(column)?.map(|text| serde_json::from_str(&text).map_err(unreadable)).transpose()
    }

    fn stamp(&self, at: &str, by: &str) -> Result<Stamp, StoreError> {
        Ok(Stamp { at: self.word(at)?, by: self.word::<MemberId>(by)? })
    }
}

fn member(row: &Fields<'_>) -> Result<Member, StoreError> {
    let super_admin: i64 = row.0.try_get("super_admin").map_err(unreadable)?;
    Ok(Member { id: row.word("id")?, name: row.word("name")?, super_admin: super_admin != 0, language: None, removed: false })
}

fn grant(row: &Fields<'_>) -> Result<Grant, StoreError> {
    let generation: i64 = row.0.try_get("generation").map_err(unreadable)?;
    Ok(Grant {
        id: row.word("id")?,
        provider: row.word("provider")?,
        subject: row.json("subject_json")?,
        client: row.word("client")?,
        generation: u32::try_from(generation).map_err(unreadable)?,
        consent: row.json("consent_json")?,
        token: row.json("token_json")?,
        tried: row.maybe_json("tried_json")?,
    })
}

fn mailbox(row: &Fields<'_>) -> Result<Mailbox, StoreError> {
    let address = json!({ "shown": row.text("address")?, "key": row.text("address_key")? });
    Ok(Mailbox {
        id: row.word("id")?,
        owner: row.word("owner")?,
        address: serde_json::from_value(address).map_err(unreadable)?,
        provider: row.word("provider")?,
        holder: row.json("holder_json")?,
        usage: row.word("usage")?,
        usage_known: row.json("usage_known_json")?,
        link: row.json("link_json")?,
        unreachable_since: row.maybe_word("unreachable_since")?,
        grant: row.maybe_word("grant_id")?,
        added: row.stamp("added_at", "added_by")?,
    })
}

fn disconnect(row: &Fields<'_>) -> Result<Disconnect, StoreError> {
    Ok(Disconnect {
        id: row.word("id")?,
        mailbox: row.word("mailbox")?,
        opened: row.stamp("opened_at", "opened_by")?,
        steps: Vec::new(),
        ended: row.maybe_json("ended_json")?,
        snoozed_until: row.maybe_word("snoozed_until")?,
    })
}

fn step(row: &Fields<'_>) -> Result<(DisconnectId, Step), StoreError> {
    let step = Step {
        kind: row.word::<StepKind>("kind")?,
        grant: row.maybe_word("grant_id")?,
        record: row.json("record_json")?,
    };
    Ok((row.word("disconnect")?, step))
}

fn intention(row: &Fields<'_>) -> Result<Intention, StoreError> {
    Ok(Intention { id: row.word("id")?, stamp: row.stamp("at", "by")?, kind: row.json("kind_json")? })
}
