//! Rows into the domain's types.

use crate::error::{failure, unreadable};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use std::collections::BTreeMap;
use uncouple_domain::{
    Address, Device, Disconnect, DisconnectId, Grant, Home, Inbox, Intention, Mailbox, Member, MemberId, Notice,
    NoticeId, Organisation, OtherChannel, Parts, Stamp, Step, StepKind, Workspace,
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

/// All of it.
pub(crate) async fn workspace(db: &mut SqliteConnection) -> Result<Workspace, StoreError> {
    let devices = all(db, "SELECT * FROM devices", device).await?;
    let members = all(db, "SELECT * FROM members", member).await?;
    let inboxes = all(db, "SELECT * FROM inboxes", inbox).await?;
    let other_channels = all(db, "SELECT * FROM other_channels", other_channel).await?;
    let notices = all(db, "SELECT * FROM notices", notice).await?;
    let grants = all(db, "SELECT * FROM grants", grant).await?;
    let mailboxes = all(db, "SELECT * FROM mailboxes", mailbox).await?;
    let mut disconnects: BTreeMap<DisconnectId, Disconnect> =
        all(db, "SELECT * FROM disconnects", disconnect).await?.into_iter().map(|d| (d.id, d)).collect();
    for (job, step) in all(db, "SELECT * FROM steps ORDER BY disconnect, position", step).await? {
        disconnects.get_mut(&job).ok_or_else(|| unreadable("a step without a job"))?.steps.push(step);
    }
    let intentions = all(db, "SELECT * FROM intentions", intention).await?;
    let organisations = all(db, "SELECT * FROM organisations", organisation).await?;
    Ok(Workspace::from_parts(Parts {
        devices: devices.into_iter().map(|d| (d.id, d)).collect(),
        members: members.into_iter().map(|m| (m.id, m)).collect(),
        inboxes: inboxes.into_iter().map(|i| (i.id, i)).collect(),
        other_channels: other_channels.into_iter().map(|c| (c.id, c)).collect(),
        mailboxes: mailboxes.into_iter().map(|m| (m.id, m)).collect(),
        grants: grants.into_iter().map(|g| (g.id, g)).collect(),
        disconnects,
        intentions: intentions.into_iter().map(|i| (i.id, i)).collect(),
        notices: notices.into_iter().map(|n| (n.id, n)).collect(),
        organisations: organisations.into_iter().map(|o| (o.id, o)).collect(),
    }))
}

pub(crate) async fn all<T>(
    db: &mut SqliteConnection,
    sql: &'static str,
    read: fn(&Fields<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let rows = sqlx::query(sql).fetch_all(db).await.map_err(failure)?;
    rows.iter().map(|row| read(&Fields(row))).collect()
}

/// A row, by the names of its columns.
pub(crate) struct Fields<'a>(pub(crate) &'a SqliteRow);

impl Fields<'_> {
    /// Where nothing is, the driver would read an empty text.
    pub(crate) fn text(&self, column: &str) -> Result<String, StoreError> {
        self.maybe(column)?.ok_or_else(|| unreadable(format!("nothing in {column}")))
    }

    pub(crate) fn maybe(&self, column: &str) -> Result<Option<String>, StoreError> {
        self.0.try_get(column).map_err(unreadable)
    }

    /// A column that holds a plain word, id or time, through the type's own reading of it.
    pub(crate) fn word<T: DeserializeOwned>(&self, column: &str) -> Result<T, StoreError> {
        serde_json::from_value(Value::String(self.text(column)?)).map_err(unreadable)
    }

    pub(crate) fn maybe_word<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>, StoreError> {
        self.maybe(column)?.map(|text| serde_json::from_value(Value::String(text)).map_err(unreadable)).transpose()
    }

    pub(crate) fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T, StoreError> {
        serde_json::from_str(&self.text(column)?).map_err(unreadable)
    }

    pub(crate) fn maybe_json<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>, StoreError> {
        self.maybe(column)?.map(|text| serde_json::from_str(&text).map_err(unreadable)).transpose()
    }

    pub(crate) fn flag(&self, column: &str) -> Result<bool, StoreError> {
        Ok(self.number(column)? != 0)
    }

    pub(crate) fn number(&self, column: &str) -> Result<i64, StoreError> {
        let number: Option<i64> = self.0.try_get(column).map_err(unreadable)?;
        number.ok_or_else(|| unreadable(format!("nothing in {column}")))
    }

    pub(crate) fn count(&self, column: &str) -> Result<u64, StoreError> {
        u64::try_from(self.number(column)?).map_err(unreadable)
    }

    fn address(&self) -> Result<Address, StoreError> {
        let address = json!({ "shown": self.text("address")?, "key": self.text("address_key")? });
        serde_json::from_value(address).map_err(unreadable)
    }

    pub(crate) fn stamp(&self, at: &str, by: &str) -> Result<Stamp, StoreError> {
        Ok(Stamp { at: self.word(at)?, by: self.word::<MemberId>(by)? })
    }
}

pub(crate) fn device(row: &Fields<'_>) -> Result<Device, StoreError> {
    Ok(Device {
        id: row.word("id")?,
        name: row.word("name")?,
        file: row.text("file")?,
        since: row.word("since")?,
        origin: row.word("origin")?,
        earlier_of: row.maybe_word("earlier_of")?,
        gone_to: row.maybe_word("gone_to")?,
    })
}

pub(crate) fn member(row: &Fields<'_>) -> Result<Member, StoreError> {
    Ok(Member {
        id: row.word("id")?,
        name: row.word("name")?,
        super_admin: row.flag("super_admin")?,
        language: row.maybe_word("language")?,
        removed: row.flag("removed")?,
    })
}

pub(crate) fn inbox(row: &Fields<'_>) -> Result<Inbox, StoreError> {
    Ok(Inbox {
        id: row.word("id")?,
        name: row.word("name")?,
        access: row.json("access_json")?,
        removed: row.flag("removed")?,
    })
}

pub(crate) fn other_channel(row: &Fields<'_>) -> Result<OtherChannel, StoreError> {
    Ok(OtherChannel {
        id: row.word("id")?,
        inbox: row.word("inbox")?,
        kind: row.word("kind")?,
        name: row.word("name")?,
    })
}

pub(crate) fn notice(row: &Fields<'_>) -> Result<Notice, StoreError> {
    Ok(Notice {
        id: NoticeId(row.count("id")?),
        to: row.word("member")?,
        what: row.json("what_json")?,
        at: row.word("at")?,
        by: row.maybe_word("by")?,
        mailbox: row.maybe_word("mailbox")?,
        job: row.maybe_word("job")?,
        address: row.maybe("address")?.map(|_| row.address()).transpose()?,
        read: row.maybe_word("read")?,
        corrected: row.maybe_word("corrected")?,
        desktop: row.json("desktop_json")?,
    })
}

pub(crate) fn grant(row: &Fields<'_>) -> Result<Grant, StoreError> {
    Ok(Grant {
        id: row.word("id")?,
        provider: row.word("provider")?,
        subject: row.json("subject_json")?,
        client: row.word("client")?,
        generation: u32::try_from(row.number("generation")?).map_err(unreadable)?,
        consent: row.json("consent_json")?,
        token: row.json("token_json")?,
        tried: row.maybe_json("tried_json")?,
    })
}

pub(crate) fn mailbox(row: &Fields<'_>) -> Result<Mailbox, StoreError> {
    let home = match (row.maybe_word("owner")?, row.maybe_word("inbox")?) {
        (Some(owner), None) => Home::Personal { owner },
        (None, Some(inbox)) => Home::Team { inbox, connected_by: row.maybe_word("connected_by")? },
        (Some(_), Some(_)) | (None, None) => return Err(unreadable("a mailbox without a home")),
    };
    Ok(Mailbox {
        id: row.word("id")?,
        home,
        address: row.address()?,
        provider: row.word("provider")?,
        holder: row.json("holder_json")?,
        usage: row.word("usage")?,
        usage_known: row.json("usage_known_json")?,
        link: row.json("link_json")?,
        unreachable_since: row.maybe_word("unreachable_since")?,
        grant: row.maybe_word("grant_id")?,
        added: row.stamp("added_at", "added_by")?,
        asked: row.maybe_json("asked_json")?,
    })
}

pub(crate) fn disconnect(row: &Fields<'_>) -> Result<Disconnect, StoreError> {
    Ok(Disconnect {
        id: row.word("id")?,
        mailbox: row.word("mailbox")?,
        purpose: row.json("purpose_json")?,
        provider: row.word("provider")?,
        opened: row.stamp("opened_at", "opened_by")?,
        steps: Vec::new(),
        ended: row.maybe_json("ended_json")?,
        snoozed_until: row.maybe_word("snoozed_until")?,
        snoozed_by: row.maybe_word("snoozed_by")?,
    })
}

pub(crate) fn step(row: &Fields<'_>) -> Result<(DisconnectId, Step), StoreError> {
    let step = Step {
        kind: row.word::<StepKind>("kind")?,
        grant: row.maybe_word("grant_id")?,
        record: row.json("record_json")?,
    };
    Ok((row.word("disconnect")?, step))
}

pub(crate) fn intention(row: &Fields<'_>) -> Result<Intention, StoreError> {
    Ok(Intention {
        id: row.word("id")?,
        stamp: row.stamp("at", "by")?,
        device: row.maybe_word("device")?,
        kind: row.json("kind_json")?,
    })
}

pub(crate) fn organisation(row: &Fields<'_>) -> Result<Organisation, StoreError> {
    Ok(Organisation {
        id: row.word("id")?,
        suite: row.word("suite")?,
        key: row.text("key")?,
        name: row.text("name")?,
        sign_in: row.maybe_json("sign_in_json")?,
        apps: row.json("apps_json")?,
        searched: row.maybe_json("searched_json")?,
        consent_policy: row.maybe_json("consent_policy_json")?,
    })
}
