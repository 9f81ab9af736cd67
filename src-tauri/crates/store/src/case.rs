//! Loading a case: the rows that a scope names, and what can be reached from them.
//!
//! [`Parts::within`] is the definition. Each round asks for the rows behind the keys that the last one brought; a key is
//! asked for once. How many statements that takes depends on how far the rows of one account reach, never on how many
//! other rows there are.

use crate::error::{failure, unreadable};
use crate::load::{self, Fields};
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};
use std::collections::BTreeSet;
use uncouple_domain::{
    Disconnect, DisconnectId, Grant, IntentionKind, Mailbox, MemberId, NoticeId, Parts, Scope, Subject, Workspace,
};
use uncouple_engine::ports::StoreError;

/// Rows of a table by the values of a column. `json_each` is SQLite's way to pass a list; the order of the join is given,
/// so that it is never the table that is gone through.
macro_rules! by {
    ($table:literal, $column:literal) => {
        by!($table, $column, "")
    };
    ($table:literal, $column:literal, $also:literal) => {
        concat!("SELECT t.* FROM json_each($1) AS k CROSS JOIN ", $table, " AS t ON ", $column, " = k.value", $also)
    };
}

/// Loads a case.
///
/// # Errors
/// What SQLite says, or [`StoreError::Corrupt`].
pub(crate) async fn load(db: &mut SqliteConnection, scope: &Scope) -> Result<Workspace, StoreError> {
    let scopes = scope.flat();
    if scopes.contains(&&Scope::Everything) {
        return load::workspace(db).await;
    }
    let mut loader = Loader { db, case: Parts::default(), keys: Keys::default() };
    loader.roster().await?;
    for scope in scopes {
        loader.begin(scope).await?;
    }
    loader.reach().await?;
    loader.finish().await
}

/// Values of one column to look rows up by.
#[derive(Debug, Default)]
struct Wanted {
    fresh: BTreeSet<String>,
    asked: BTreeSet<String>,
}

impl Wanted {
    fn want(&mut self, key: String) {
        if !self.asked.contains(&key) {
            self.fresh.insert(key);
        }
    }

    /// Those that were not asked for yet, as a list of JSON. None: there are none.
    fn take(&mut self) -> Result<Option<String>, StoreError> {
        if self.fresh.is_empty() {
            return Ok(None);
        }
        let list = serde_json::to_string(&self.fresh).map_err(unreadable)?;
        self.asked.append(&mut self.fresh);
        Ok(Some(list))
    }
}

#[derive(Debug, Default)]
struct Keys {
    mailboxes: Wanted,
    grants: Wanted,
    jobs: Wanted,
    addresses: Wanted,
    subjects: Wanted,
    /// Grants on which rows hang, and which steps are about.
    on_grants: Wanted,
    about_grants: Wanted,
    /// Mailboxes that have jobs.
    of_mailboxes: Wanted,
}

impl Keys {
    fn is_done(&self) -> bool {
        let Self { mailboxes, grants, jobs, addresses, subjects, on_grants, about_grants, of_mailboxes } = self;
        let all = [mailboxes, grants, jobs, addresses, subjects, on_grants, about_grants, of_mailboxes];
        all.into_iter().all(|wanted| wanted.fresh.is_empty())
    }
}

struct Loader<'c> {
    db: &'c mut SqliteConnection,
    case: Parts,
    keys: Keys,
}

impl Loader<'_> {
    async fn roster(&mut self) -> Result<(), StoreError> {
        let devices = load::all(self.db, "SELECT * FROM devices", load::device).await?;
        self.case.devices = devices.into_iter().map(|one| (one.id, one)).collect();
        let members = load::all(self.db, "SELECT * FROM members", load::member).await?;
        self.case.members = members.into_iter().map(|one| (one.id, one)).collect();
        let inboxes = load::all(self.db, "SELECT * FROM inboxes", load::inbox).await?;
        self.case.inboxes = inboxes.into_iter().map(|one| (one.id, one)).collect();
        let channels = load::all(self.db, "SELECT * FROM other_channels", load::other_channel).await?;
        self.case.other_channels = channels.into_iter().map(|one| (one.id, one)).collect();
        Ok(())
    }

    async fn begin(&mut self, scope: &Scope) -> Result<(), StoreError> {
        match scope {
            Scope::Roster | Scope::Everything | Scope::Union(_) => {}
            Scope::Mailbox(id) => self.keys.mailboxes.want(id.to_string()),
            Scope::Job(id) => self.keys.jobs.want(id.to_string()),
            Scope::Grant(id) => self.keys.grants.want(id.to_string()),
            Scope::Address(key) => self.want_address(key)?,
            Scope::Account(subject) => self.want_subject(subject)?,
            Scope::MailboxesOf(owner) => {
                let of = "SELECT * FROM mailboxes WHERE owner = $1";
                self.begin_rows(of, Some(owner.to_string())).await?;
            }
            Scope::Inbox(inbox) => {
                let of = "SELECT * FROM mailboxes WHERE inbox = $1";
                self.begin_rows(of, Some(inbox.to_string())).await?;
            }
            Scope::HeldHere => {
                // The index holds only these; that it is searched and not gone through is what the second term is for.
                let here = "SELECT * FROM mailboxes WHERE holder_json = '{\"is\":\"workspace\"}' AND provider > ''";
                self.begin_rows(here, None).await?;
            }
            Scope::Tokens => self.begin_tokens(|_| true).await?,
            Scope::KeptForOneRun => {
                self.begin_tokens(|grant| grant.token.this_run_only()).await?;
                self.begin_intentions("SELECT * FROM intentions", None).await?;
                self.organisations("SELECT * FROM organisations", None).await?;
            }
            Scope::Intention(id) => {
                self.begin_intentions("SELECT * FROM intentions WHERE id = $1", Some(id.to_string())).await?;
            }
            Scope::Intentions => self.begin_intentions("SELECT * FROM intentions", None).await?,
            Scope::OpenJobs => {
                let open = "SELECT * FROM disconnects WHERE ended_json IS NULL";
                for job in self.rows(open, None, load::disconnect).await? {
                    self.keys.jobs.want(job.id.to_string());
                }
            }
            Scope::PutOff { until } => {
                let due = "SELECT * FROM disconnects WHERE snoozed_until IS NOT NULL AND snoozed_until <= $1";
                for job in self.rows(due, Some(last_text_of(*until)), load::disconnect).await? {
                    if job.snoozed_until.is_some_and(|at| at <= *until) {
                        self.keys.jobs.want(job.id.to_string());
                    }
                }
            }
            Scope::Notice(id) => self.begin_notice(*id).await?,
            Scope::Unread(to) => {
                self.notices("SELECT * FROM notices WHERE member = $1 AND read IS NULL", *to).await?;
            }
            Scope::PopUps(to) => {
                let due = "SELECT * FROM notices WHERE member = $1 AND desktop_json ->> '$.is' = 'due'";
                self.notices(due, *to).await?;
                let stale = "SELECT * FROM notices WHERE member = $1 AND desktop_json ->> '$.is' = 'shown'
                    AND (read IS NOT NULL OR corrected IS NOT NULL)";
                self.notices(stale, *to).await?;
            }
            Scope::NoticesAround { to, at } => self.notices_around(*to, *at).await?,
            Scope::Organisation(id) => {
                self.organisations("SELECT * FROM organisations WHERE id = $1", Some(id.to_string())).await?;
            }
            Scope::Organisations => self.organisations("SELECT * FROM organisations", None).await?,
        }
        Ok(())
    }

    async fn begin_notice(&mut self, id: NoticeId) -> Result<(), StoreError> {
        let id = i64::try_from(id.0).unwrap_or(i64::MAX);
        let row = sqlx::query("SELECT * FROM notices WHERE id = $1").bind(id);
        if let Some(row) = row.fetch_optional(&mut *self.db).await.map_err(failure)? {
            let notice = load::notice(&Fields(&row))?;
            if let Some(mailbox) = notice.mailbox {
                self.keys.mailboxes.want(mailbox.to_string());
            }
            self.case.notices.insert(notice.id, notice);
        }
        Ok(())
    }

    async fn notices(&mut self, sql: &'static str, to: MemberId) -> Result<(), StoreError> {
        let found = self.rows(sql, Some(to.to_string()), load::notice).await?;
        self.case.notices.extend(found.into_iter().map(|notice| (notice.id, notice)));
        Ok(())
    }

    async fn notices_around(&mut self, to: MemberId, at: Timestamp) -> Result<(), StoreError> {
        let from = at.saturating_sub(Scope::AROUND).unwrap_or(Timestamp::MIN);
        let until = at.saturating_add(Scope::AROUND).unwrap_or(Timestamp::MAX);
        let around = sqlx::query("SELECT * FROM notices WHERE member = $1 AND at >= $2 AND at <= $3")
            .bind(to.to_string())
            .bind(first_text_of(from))
            .bind(last_text_of(until));
        for row in around.fetch_all(&mut *self.db).await.map_err(failure)? {
            let notice = load::notice(&Fields(&row))?;
            if notice.at.duration_since(at).abs() <= Scope::AROUND {
                self.case.notices.insert(notice.id, notice);
            }
        }
        Ok(())
    }

    async fn begin_rows(&mut self, sql: &'static str, of: Option<String>) -> Result<(), StoreError> {
        for row in self.rows(sql, of, load::mailbox).await? {
            self.add_mailbox(row)?;
        }
        Ok(())
    }

    async fn begin_tokens(&mut self, which: fn(&Grant) -> bool) -> Result<(), StoreError> {
        let kept =
            "SELECT * FROM grants WHERE token_json ->> '$.secret' IS NOT NULL AND token_json ->> '$.secret' > ''";
        for grant in self.rows(kept, None, load::grant).await?.into_iter().filter(which) {
            self.add_grant(grant)?;
        }
        Ok(())
    }

    async fn begin_intentions(&mut self, sql: &'static str, id: Option<String>) -> Result<(), StoreError> {
        for intention in self.rows(sql, id, load::intention).await? {
            if let Some(grant) = intention.kind.grant() {
                self.keys.grants.want(grant.to_string());
            }
            if let IntentionKind::ForgetSignIn { organisation, .. } = intention.kind {
                let of = "SELECT * FROM organisations WHERE id = $1";
                self.organisations(of, Some(organisation.to_string())).await?;
            }
            self.case.intentions.insert(intention.id, intention);
        }
        Ok(())
    }

    async fn organisations(&mut self, sql: &'static str, id: Option<String>) -> Result<(), StoreError> {
        let found = self.rows(sql, id, load::organisation).await?;
        self.case.organisations.extend(found.into_iter().map(|one| (one.id, one)));
        Ok(())
    }

    /// Goes on until nothing new comes.
    async fn reach(&mut self) -> Result<(), StoreError> {
        while !self.keys.is_done() {
            self.reach_mailboxes().await?;
            self.reach_grants().await?;
            self.reach_jobs().await?;
        }
        Ok(())
    }

    async fn reach_mailboxes(&mut self) -> Result<(), StoreError> {
        if let Some(keys) = self.keys.mailboxes.take()? {
            self.begin_rows(by!("mailboxes", "t.id"), Some(keys)).await?;
        }
        if let Some(keys) = self.keys.addresses.take()? {
            self.begin_rows(by!("mailboxes", "t.address_key"), Some(keys)).await?;
        }
        if let Some(keys) = self.keys.on_grants.take()? {
            self.begin_rows(by!("mailboxes", "t.grant_id"), Some(keys)).await?;
        }
        Ok(())
    }

    async fn reach_grants(&mut self) -> Result<(), StoreError> {
        let mut found = Vec::new();
        if let Some(keys) = self.keys.grants.take()? {
            found.extend(self.rows(by!("grants", "t.id"), Some(keys), load::grant).await?);
        }
        if let Some(keys) = self.keys.subjects.take()? {
            found.extend(self.rows(by!("grants", "t.subject_json"), Some(keys), load::grant).await?);
        }
        found.into_iter().try_for_each(|grant| self.add_grant(grant))
    }

    async fn reach_jobs(&mut self) -> Result<(), StoreError> {
        if let Some(keys) = self.keys.about_grants.take()? {
            for (job, _) in self.rows(by!("steps", "t.grant_id"), Some(keys), load::step).await? {
                self.keys.jobs.want(job.to_string());
            }
        }
        let mut found = Vec::new();
        if let Some(keys) = self.keys.of_mailboxes.take()? {
            found.extend(self.rows(by!("disconnects", "t.mailbox"), Some(keys), load::disconnect).await?);
        }
        for job in &found {
            // Its row is here; it need not be asked for by its number as well.
            self.keys.jobs.fresh.remove(&job.id.to_string());
            self.keys.jobs.asked.insert(job.id.to_string());
        }
        if let Some(keys) = self.keys.jobs.take()? {
            found.extend(self.rows(by!("disconnects", "t.id"), Some(keys), load::disconnect).await?);
        }
        found.retain(|job| !self.case.disconnects.contains_key(&job.id));
        self.add_jobs(found).await
    }

    async fn add_jobs(&mut self, jobs: Vec<Disconnect>) -> Result<(), StoreError> {
        let ids: Vec<DisconnectId> = jobs.iter().map(|job| job.id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        for job in jobs {
            self.keys.mailboxes.want(job.mailbox.to_string());
            self.case.disconnects.insert(job.id, job);
        }
        let keys = serde_json::to_string(&ids).map_err(unreadable)?;
        let steps = by!("steps", "t.disconnect", " ORDER BY t.disconnect, t.position");
        for (job, step) in self.rows(steps, Some(keys), load::step).await? {
            if let Some(grant) = step.grant {
                self.keys.grants.want(grant.to_string());
            }
            let job = self.case.disconnects.get_mut(&job).ok_or_else(|| unreadable("a step without a job"))?;
            job.steps.push(step);
        }
        Ok(())
    }

    fn want_address(&mut self, key: &str) -> Result<(), StoreError> {
        self.keys.addresses.want(key.to_owned());
        let subject = Subject::Address(key.to_owned());
        self.keys.subjects.want(serde_json::to_string(&subject).map_err(unreadable)?);
        Ok(())
    }

    fn want_subject(&mut self, subject: &Subject) -> Result<(), StoreError> {
        match subject {
            Subject::Address(key) => self.want_address(key),
            Subject::Known(_) => {
                self.keys.subjects.want(serde_json::to_string(subject).map_err(unreadable)?);
                Ok(())
            }
        }
    }

    fn add_mailbox(&mut self, row: Mailbox) -> Result<(), StoreError> {
        self.keys.mailboxes.fresh.remove(&row.id.to_string());
        self.keys.mailboxes.asked.insert(row.id.to_string());
        self.keys.of_mailboxes.want(row.id.to_string());
        self.want_address(row.address.key())?;
        if let Some(grant) = row.grant {
            self.keys.grants.want(grant.to_string());
        }
        self.case.mailboxes.insert(row.id, row);
        Ok(())
    }

    fn add_grant(&mut self, grant: Grant) -> Result<(), StoreError> {
        self.keys.grants.fresh.remove(&grant.id.to_string());
        self.keys.grants.asked.insert(grant.id.to_string());
        self.keys.on_grants.want(grant.id.to_string());
        self.keys.about_grants.want(grant.id.to_string());
        self.want_subject(&grant.subject)?;
        self.case.grants.insert(grant.id, grant);
        Ok(())
    }

    /// What hangs on the rows that were found.
    async fn finish(mut self) -> Result<Workspace, StoreError> {
        if !self.case.mailboxes.is_empty() {
            let ids: Vec<_> = self.case.mailboxes.keys().collect();
            let keys = serde_json::to_string(&ids).map_err(unreadable)?;
            let hold = by!("notices", "t.mailbox", " AND t.corrected IS NULL");
            let found = self.rows(hold, Some(keys), load::notice).await?;
            self.case.notices.extend(found.into_iter().map(|notice| (notice.id, notice)));
        }
        if !self.case.grants.is_empty() {
            let ids: Vec<_> = self.case.grants.keys().collect();
            let keys = serde_json::to_string(&ids).map_err(unreadable)?;
            let about = by!("intentions", "t.kind_json ->> '$.grant'");
            let found = self.rows(about, Some(keys), load::intention).await?;
            self.case.intentions.extend(found.into_iter().map(|intention| (intention.id, intention)));
        }
        let newest = sqlx::query("SELECT max(id) AS newest FROM notices").fetch_one(&mut *self.db).await;
        let newest: Option<i64> = newest.map_err(failure)?.try_get("newest").map_err(unreadable)?;
        let newest = newest.map(u64::try_from).transpose().map_err(unreadable)?;
        Ok(Workspace::case(self.case, newest.map(NoticeId)))
    }

    async fn rows<T>(
        &mut self,
        sql: &'static str,
        key: Option<String>,
        read: fn(&Fields<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let query = sqlx::query(sql);
        let query = if let Some(key) = key { query.bind(key) } else { query };
        let rows = query.fetch_all(&mut *self.db).await.map_err(failure)?;
        rows.iter().map(|row| read(&Fields(row))).collect()
    }
}

/// Times stand in the file with as many digits after the second as they need, so their texts don't sort like the times
/// within one second. These come before and after all texts of the second; whoever looks with them looks again at what
/// was found.
fn first_text_of(at: Timestamp) -> String {
    second(at)
}

fn last_text_of(at: Timestamp) -> String {
    format!("{}~", second(at))
}

fn second(at: Timestamp) -> String {
    format!("{at:.0}").trim_end_matches('Z').to_owned()
}
