//! What an organisation's directory says of HubSpot's consents.

use super::Workspace;
use crate::{
    Client, Consent, Ctx, DisconnectId, EventKind, Evidence, Grant, GrantId, Link, LostReason, MailboxId, MemberId,
    NoticeKind, Proof, Record, Scope, Standing, StepKind, Subject, Suite, Token, Use,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// One person's list of consents, as an administrator's read of it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectorySaid {
    /// Whose directory.
    pub suite: Suite,
    /// The person's addresses, as keys of [`crate::Address`].
    pub keys: Vec<String>,
    /// One of the apps that were named as HubSpot's is in the list, or covers everybody.
    pub listed: bool,
    /// When the read began.
    pub at: Timestamp,
    /// The list is without them after a run of this workspace that was to delete them.
    pub by_run: bool,
    /// And the provider answered that run's deletion that there was something to delete.
    pub deleted_here: bool,
    /// The apps' own names, where not all of them go by HubSpot's.
    pub apps: Vec<String>,
    /// Hosts that answered in the provider's place.
    pub hosts: Vec<String>,
}

impl DirectorySaid {
    /// The case in which it is taken.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::addresses(&self.keys)
    }
}

impl Suite {
    fn proof(self) -> Proof {
        match self {
            Self::Google => Proof::GoogleDirectory,
            Self::Microsoft => Proof::MicrosoftDirectory,
        }
    }
}

impl Workspace {
    /// Takes what a directory says of a person, for every row of HubSpot's that hangs on their consent.
    ///
    /// The provider's list outranks a member's word, in both directions. A list without the app proves the step of a
    /// job that is open, or was closed with less. Of a row in use without a job it says nothing here: its connection
    /// may hang on an app that nobody named. A consent that was proven gone and is listed again was given anew: a row in
    /// use goes on with the next generation; the job of a removed one is open again. `fresh` has an identity for each key: a
    /// person may be known by several, each with a consent of its own. `acted` is the member whose run it was; None for
    /// a search.
    pub fn directory_said(&mut self, ctx: &Ctx, acted: Option<MemberId>, said: &DirectorySaid, fresh: &[GrantId]) {
        let provider = said.suite.provider();
        let of_them = |grant: &&Grant| {
            grant.client == Client::HubSpot
                && grant.provider == provider
                && matches!(&grant.subject, Subject::Address(key) if said.keys.contains(key))
        };
        // A list shows what holds now, so it speaks of the newest generation only.
        let mut newest: BTreeMap<&Subject, &Grant> = BTreeMap::new();
        for grant in self.grants.values().filter(of_them) {
            let known = newest.entry(&grant.subject).or_insert(grant);
            if known.generation < grant.generation {
                *known = grant;
            }
        }
        let grants: Vec<GrantId> = newest.values().map(|grant| grant.id).collect();
        for (grant, fresh) in grants.into_iter().zip(fresh.iter().copied()) {
            if said.listed {
                self.consent_listed(ctx, grant, said, fresh);
            } else {
                self.consent_absent(ctx, acted, grant, said);
            }
        }
    }

    fn rows_of(&self, grant: GrantId) -> Vec<(MailboxId, Use)> {
        self.mailboxes.values().filter(|row| row.grant == Some(grant)).map(|row| (row.id, row.usage)).collect()
    }

    fn revocations_of(&self, grant: GrantId) -> Vec<DisconnectId> {
        let of_it = self.disconnects.values().filter(|job| {
            job.ended.is_none() && job.step(StepKind::RevokeGrant).is_some_and(|step| step.grant == Some(grant))
        });
        of_it.map(|job| job.id).collect()
    }

    fn consent_listed(&mut self, ctx: &Ctx, id: GrantId, said: &DirectorySaid, fresh: GrantId) {
        let rows = self.rows_of(id);
        let Some(grant) = self.parts.grants.get_mut(&id) else { return };
        let removed = rows.iter().all(|(_, usage)| *usage == Use::Removed);
        if !removed && matches!(grant.consent, Consent::Gone { evidence: Evidence::Proven { .. } }) {
            // The proof stays what it was; what is listed now was given later.
            let (provider, subject) = (grant.provider, grant.subject.clone());
            let consent = Consent::Active { checked: said.at };
            let new = self.next_generation(ctx, fresh, provider, subject, Client::HubSpot, consent, Token::None);
            for (row, _) in rows.into_iter().filter(|(_, usage)| *usage != Use::Removed) {
                if let Some(row) = self.parts.mailboxes.get_mut(&row) {
                    row.grant = Some(new);
                    row.link = Link::Unknown;
                }
                self.recovered(ctx, row);
                self.tell(None, ctx, row, EventKind::DirectoryLists { listed: true, apps: said.apps.clone() });
            }
            return;
        }
        let news = !matches!(grant.consent, Consent::Active { .. } | Consent::StillThere { .. });
        grant.consent = if removed && !rows.is_empty() {
            Consent::StillThere { checked: said.at }
        } else {
            Consent::Active { checked: said.at }
        };
        for job in self.revocations_of(id) {
            // Somebody's word, or a step closed without knowing: the list knows better.
            self.write_step(job, StepKind::RevokeGrant, Record::Open);
        }
        for (row, usage) in rows {
            if news {
                self.tell(None, ctx, row, EventKind::DirectoryLists { listed: true, apps: said.apps.clone() });
            }
            if usage == Use::Removed {
                self.correct(ctx, row, |what| matches!(what, NoticeKind::AccessRevoked { .. }));
            }
            if usage == Use::Removed && !self.is_told(row, |what| matches!(what, NoticeKind::StillThere { .. })) {
                self.tell_people(ctx, row, None, &NoticeKind::StillThere { apps: said.apps.clone() });
            }
        }
    }

    fn consent_absent(&mut self, ctx: &Ctx, acted: Option<MemberId>, id: GrantId, said: &DirectorySaid) {
        let jobs = self.revocations_of(id);
        let rows = self.rows_of(id);
        let in_use = rows.iter().any(|(_, usage)| *usage != Use::Removed);
        if in_use && jobs.is_empty() && !said.by_run {
            return;
        }
        let Some(grant) = self.parts.grants.get_mut(&id) else { return };
        if matches!(grant.consent, Consent::Gone { evidence: Evidence::Proven { .. } }) {
            return;
        }
        let (proof, hosts) = (said.suite.proof(), said.hosts.clone());
        let evidence = Evidence::Proven { proof, at: said.at, hosts };
        let open: Vec<DisconnectId> = jobs.into_iter().filter(|job| self.is_step_open(*job)).collect();
        if let Some(grant) = self.parts.grants.get_mut(&id) {
            grant.consent = Consent::Gone { evidence: evidence.clone() };
        }
        for job in &open {
            let Some(mailbox) = self.disconnects.get(job).map(|job| job.mailbox) else { continue };
            let evidence = evidence.clone();
            let done = EventKind::StepDone { disconnect: *job, step: StepKind::RevokeGrant, evidence };
            self.tell(acted, ctx, mailbox, done);
        }
        for (row, usage) in rows {
            self.tell(acted, ctx, row, EventKind::DirectoryLists { listed: false, apps: said.apps.clone() });
            self.correct(ctx, row, |what| matches!(what, NoticeKind::StillThere { .. }));
            match usage {
                Use::Removed => {
                    let (deleted_here, apps) = (said.deleted_here, said.apps.clone());
                    // Of what was gone before, nobody here is the cause.
                    let by = acted.filter(|_| deleted_here);
                    self.tell_people(ctx, row, by, &NoticeKind::AccessRevoked { deleted_here, apps });
                }
                Use::InUse | Use::Disabled => {
                    if let Some(row) = self.parts.mailboxes.get_mut(&row) {
                        row.link = Link::Lost { reason: LostReason::Withdrawn, since: said.at, by: None };
                    }
                    self.lost(ctx, row, acted, LostReason::Withdrawn);
                }
            }
        }
    }

    fn is_step_open(&self, job: DisconnectId) -> bool {
        let standing = self.disconnects.get(&job).and_then(|job| {
            let step = job.step(StepKind::RevokeGrant)?;
            Some(job.standing(step, &self.grants))
        });
        matches!(standing, Some(Standing::Open | Standing::Waiting))
    }
}
