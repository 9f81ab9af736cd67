//! Look-ups over a state that stays as it is while it is read.

use super::Workspace;
use crate::{Ctx, Disconnect, GrantId, Mailbox, MailboxId, Refusal, Use};
use std::collections::{BTreeMap, BTreeSet};

/// What many rows and jobs ask of the same state, found in one pass each.
///
/// The rules themselves look for one row at a time and scan; whoever asks for every row of a workspace would scan it
/// once for each of them. Every answer here is the answer of the method of the same name on [`Workspace`].
#[derive(Debug)]
pub struct Lookups<'a> {
    workspace: &'a Workspace,
    jobs: BTreeMap<MailboxId, &'a Disconnect>,
    present: BTreeMap<&'a str, &'a Mailbox>,
    by_grant: BTreeMap<GrantId, Vec<&'a Mailbox>>,
    to_forget: BTreeSet<GrantId>,
}

impl<'a> Lookups<'a> {
    /// Looks through the whole state, once.
    #[must_use]
    pub fn new(workspace: &'a Workspace, ctx: &Ctx) -> Self {
        let mut jobs = BTreeMap::new();
        for job in workspace.disconnects.values().filter(|job| job.is_of_today()) {
            jobs.entry(job.mailbox).or_insert(job);
        }
        let mut present = BTreeMap::new();
        let mut by_grant: BTreeMap<GrantId, Vec<&Mailbox>> = BTreeMap::new();
        for row in workspace.mailboxes.values().filter(|row| row.usage != Use::Removed) {
            present.entry(row.address.key()).or_insert(row);
            if let Some(grant) = row.grant {
                by_grant.entry(grant).or_default().push(row);
            }
        }
        let to_forget = workspace.to_forget(ctx).into_iter().map(|(grant, _)| grant).collect();
        Self { workspace, jobs, present, by_grant, to_forget }
    }

    /// See [`Workspace::job_of`].
    #[must_use]
    pub fn job_of(&self, mailbox: MailboxId) -> Option<&'a Disconnect> {
        self.jobs.get(&mailbox).copied()
    }

    /// See [`Workspace::sharing`].
    pub fn sharing(&self, mailbox: &Mailbox) -> impl Iterator<Item = &'a Mailbox> {
        let rows = mailbox.grant.and_then(|grant| self.by_grant.get(&grant));
        let id = mailbox.id;
        rows.into_iter().flatten().copied().filter(move |row| row.id != id)
    }

    /// Whether [`Workspace::to_forget`] has the token of a grant.
    #[must_use]
    pub fn is_to_forget(&self, grant: GrantId) -> bool {
        self.to_forget.contains(&grant)
    }

    /// See [`Workspace::reconnectable`].
    ///
    /// # Errors
    /// The refusal that [`Workspace::reconnected`] would give.
    pub fn reconnectable(&self, ctx: &Ctx, mailbox: MailboxId) -> Result<&'a Mailbox, Refusal> {
        let row = self.workspace.own(ctx, mailbox)?;
        let present = self.present.get(row.address.key()).copied();
        self.workspace.may_reconnect(row, self.job_of(mailbox), present)?;
        Ok(row)
    }
}
