//! Which rows of a workspace a use case may touch.

use crate::{
    Address, DisconnectId, GrantId, InboxId, IntentionId, IntentionKind, MailboxId, MemberId, NoticeId, OnDesktop,
    OrganisationId, Parts, Subject,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// How a case is chosen: the rows of a workspace on which one use case runs.
///
/// Rules go from a row to another in a handful of ways only: rows of one address, the grant that a row hangs on, all
/// grants that one account gave, the jobs of a row, the grants of a job's steps. A case has everything that can be
/// reached from its beginning in these ways, in both directions, however far that leads: usually one person's account.
/// So a rule finds in it all that it would find in the whole workspace. Beside that it has the devices, members, inboxes and
/// channels of other kinds (the *roster*), the notices about its mailboxes that still hold, and the intentions about its
/// grants.
///
/// [`Parts::within`] says it in code; a store that loads a case by queries is held against that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The roster and nothing else.
    Roster,
    /// A mailbox.
    Mailbox(MailboxId),
    /// A job.
    Job(DisconnectId),
    /// A grant.
    Grant(GrantId),
    /// An open intention, and the grant or the organisation that it is about.
    Intention(IntentionId),
    /// An address, by its key: for one that somebody typed, or that a directory names.
    Address(String),
    /// An account at a provider: all grants that it gave.
    Account(Subject),
    /// All mailboxes of a member.
    MailboxesOf(MemberId),
    /// All team addresses of an inbox.
    Inbox(InboxId),
    /// Every grant whose token is kept.
    Tokens,
    /// Every mailbox that this workspace holds itself, or held.
    HeldHere,
    /// What was kept for one run of the app only: tokens, sign-ins, and all intentions.
    KeptForOneRun,
    /// All open intentions.
    Intentions,
    /// All jobs that were not called off, complete ones too. The only scope beside [`Scope::Everything`] that grows
    /// with the workspace: the daily digest counts in it what is left.
    OpenJobs,
    /// Jobs that were put off until then at the latest.
    PutOff {
        /// Until when.
        until: Timestamp,
    },
    /// A notice, and the mailbox that it is about.
    Notice(NoticeId),
    /// The notices that a member has not read.
    Unread(MemberId),
    /// What is to be popped up for a member, and what popped up and has nothing to say any more.
    PopUps(MemberId),
    /// A member's notices of the two days before and after a moment: of the same day, in any zone.
    NoticesAround {
        /// The member.
        to: MemberId,
        /// The moment.
        at: Timestamp,
    },
    /// An organisation.
    Organisation(OrganisationId),
    /// All organisations: there are a handful.
    Organisations,
    /// What any of these has.
    Union(Vec<Scope>),
    /// The whole workspace: to fill a new one, and for tests.
    Everything,
}

impl Scope {
    /// This scope and another one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut scopes = if let Self::Union(scopes) = self { scopes } else { vec![self] };
        scopes.push(other);
        Self::Union(scopes)
    }

    /// All that some device keeps: tokens, sign-ins, and what is under way.
    #[must_use]
    pub fn kept() -> Self {
        Self::Union(vec![Self::Tokens, Self::Organisations, Self::Intentions])
    }

    /// The rows of an address.
    #[must_use]
    pub fn address(address: &Address) -> Self {
        Self::Address(address.key().to_owned())
    }

    /// The rows of many addresses, by their keys.
    #[must_use]
    pub fn addresses(keys: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let keys: BTreeSet<String> = keys.into_iter().map(Into::into).collect();
        Self::Union(keys.into_iter().map(Self::Address).collect())
    }

    /// The scopes that a union is made of; else itself.
    #[must_use]
    pub fn flat(&self) -> Vec<&Self> {
        if let Self::Union(scopes) = self { scopes.iter().flat_map(Self::flat).collect() } else { vec![self] }
    }

    /// For how long before and after a moment a notice may be of the same day.
    pub const AROUND: SignedDuration = SignedDuration::from_hours(48);
}

/// What a case begins with, and what it came to so far.
#[derive(Default)]
struct Reached {
    mailboxes: BTreeSet<MailboxId>,
    grants: BTreeSet<GrantId>,
    jobs: BTreeSet<DisconnectId>,
    addresses: BTreeSet<String>,
    subjects: BTreeSet<Subject>,
}

impl Reached {
    fn size(&self) -> usize {
        self.mailboxes.len() + self.grants.len() + self.jobs.len() + self.addresses.len() + self.subjects.len()
    }

    /// Takes one more step in every direction.
    fn step(&mut self, parts: &Parts) {
        for row in parts.mailboxes.values() {
            let hangs = row.grant.is_some_and(|grant| self.grants.contains(&grant));
            if hangs || self.mailboxes.contains(&row.id) || self.addresses.contains(row.address.key()) {
                self.mailboxes.insert(row.id);
                self.addresses.insert(row.address.key().to_owned());
                self.grants.extend(row.grant);
            }
        }
        self.subjects.extend(self.addresses.iter().cloned().map(Subject::Address));
        for grant in parts.grants.values() {
            if self.grants.contains(&grant.id) || self.subjects.contains(&grant.subject) {
                self.grants.insert(grant.id);
                self.subjects.insert(grant.subject.clone());
            }
        }
        for subject in &self.subjects {
            if let Subject::Address(key) = subject {
                self.addresses.insert(key.clone());
            }
        }
        for job in parts.disconnects.values() {
            let about = job.steps.iter().filter_map(|step| step.grant).any(|grant| self.grants.contains(&grant));
            if about || self.jobs.contains(&job.id) || self.mailboxes.contains(&job.mailbox) {
                self.jobs.insert(job.id);
                self.mailboxes.insert(job.mailbox);
                self.grants.extend(job.steps.iter().filter_map(|step| step.grant));
            }
        }
    }
}

impl Parts {
    /// The case of a scope: what a store that loads by queries must load, row for row. It looks at everything, so that
    /// it can be read as a definition; it is for tests.
    #[must_use]
    pub fn within(&self, scope: &Scope) -> Self {
        if scope.flat().contains(&&Scope::Everything) {
            return self.clone();
        }
        let mut case = Self {
            devices: self.devices.clone(),
            members: self.members.clone(),
            inboxes: self.inboxes.clone(),
            other_channels: self.other_channels.clone(),
            ..Self::default()
        };
        let mut reached = Reached::default();
        for scope in scope.flat() {
            self.begin(scope, &mut case, &mut reached);
        }
        let mut size = usize::MAX;
        while size != reached.size() {
            size = reached.size();
            reached.step(self);
        }
        let mailboxes = self.mailboxes.iter().filter(|(id, _)| reached.mailboxes.contains(id));
        case.mailboxes.extend(mailboxes.map(|(id, row)| (*id, row.clone())));
        let grants = self.grants.iter().filter(|(id, _)| reached.grants.contains(id));
        case.grants.extend(grants.map(|(id, grant)| (*id, grant.clone())));
        let jobs = self.disconnects.iter().filter(|(id, _)| reached.jobs.contains(id));
        case.disconnects.extend(jobs.map(|(id, job)| (*id, job.clone())));
        let told = |of: Option<MailboxId>| of.is_some_and(|of| reached.mailboxes.contains(&of));
        let notices = self.notices.iter().filter(|(_, notice)| notice.corrected.is_none() && told(notice.mailbox));
        case.notices.extend(notices.map(|(id, notice)| (*id, notice.clone())));
        let about = |kind: IntentionKind| kind.grant().is_some_and(|grant| reached.grants.contains(&grant));
        let intentions = self.intentions.iter().filter(|(_, intention)| about(intention.kind));
        case.intentions.extend(intentions.map(|(id, intention)| (*id, *intention)));
        case
    }

    fn begin(&self, scope: &Scope, case: &mut Self, reached: &mut Reached) {
        match scope {
            Scope::Roster | Scope::Everything | Scope::Union(_) => {}
            Scope::Mailbox(id) => reached.mailboxes.extend(self.mailboxes.get(id).map(|row| row.id)),
            Scope::Job(id) => reached.jobs.extend(self.disconnects.get(id).map(|job| job.id)),
            Scope::Grant(id) => reached.grants.extend(self.grants.get(id).map(|grant| grant.id)),
            Scope::Intention(id) => self.begin_intentions(|of| of == *id, case, reached),
            Scope::Intentions => self.begin_intentions(|_| true, case, reached),
            Scope::Address(key) => drop(reached.addresses.insert(key.clone())),
            Scope::Account(subject) => drop(reached.subjects.insert(subject.clone())),
            Scope::MailboxesOf(owner) => {
                let rows = self.mailboxes.values().filter(|row| row.home.owner() == Some(*owner));
                reached.mailboxes.extend(rows.map(|row| row.id));
            }
            Scope::Inbox(inbox) => {
                let rows = self.mailboxes.values().filter(|row| row.home.inbox() == Some(*inbox));
                reached.mailboxes.extend(rows.map(|row| row.id));
            }
            Scope::Tokens => {
                let held = self.grants.values().filter(|grant| grant.token.secret().is_some());
                reached.grants.extend(held.map(|grant| grant.id));
            }
            Scope::HeldHere => {
                let rows = self.mailboxes.values().filter(|row| row.held_here());
                reached.mailboxes.extend(rows.map(|row| row.id));
            }
            Scope::KeptForOneRun => {
                let kept = self.grants.values().filter(|grant| grant.token.this_run_only());
                reached.grants.extend(kept.map(|grant| grant.id));
                self.begin_intentions(|_| true, case, reached);
                case.organisations.clone_from(&self.organisations);
            }
            Scope::OpenJobs => {
                let open = self.disconnects.values().filter(|job| job.ended.is_none());
                reached.jobs.extend(open.map(|job| job.id));
            }
            Scope::PutOff { until } => {
                let due = self.disconnects.values().filter(|job| job.snoozed_until.is_some_and(|at| at <= *until));
                reached.jobs.extend(due.map(|job| job.id));
            }
            Scope::Notice(id) => {
                if let Some(notice) = self.notices.get(id) {
                    case.notices.insert(*id, notice.clone());
                    reached.mailboxes.extend(notice.mailbox);
                }
            }
            Scope::Unread(to) => self.take_notices(case, |notice| notice.to == *to && notice.read.is_none()),
            Scope::PopUps(to) => self.take_notices(case, |notice| {
                notice.to == *to
                    && match notice.desktop {
                        OnDesktop::Due => true,
                        OnDesktop::Shown { .. } => notice.read.is_some() || notice.corrected.is_some(),
                        OnDesktop::ListOnly | OnDesktop::Closed => false,
                    }
            }),
            Scope::NoticesAround { to, at } => self
                .take_notices(case, |notice| notice.to == *to && notice.at.duration_since(*at).abs() <= Scope::AROUND),
            Scope::Organisation(id) => {
                case.organisations.extend(self.organisations.get(id).map(|of| (*id, of.clone())));
            }
            Scope::Organisations => case.organisations.clone_from(&self.organisations),
        }
    }

    fn begin_intentions(&self, which: impl Fn(IntentionId) -> bool, case: &mut Self, reached: &mut Reached) {
        for intention in self.intentions.values().filter(|intention| which(intention.id)) {
            case.intentions.insert(intention.id, *intention);
            let known = intention.kind.grant().filter(|grant| self.grants.contains_key(grant));
            reached.grants.extend(known);
            if let IntentionKind::ForgetSignIn { organisation, .. } = intention.kind {
                let known = self.organisations.get(&organisation);
                case.organisations.extend(known.map(|of| (organisation, of.clone())));
            }
        }
    }

    fn take_notices(&self, case: &mut Self, which: impl Fn(&crate::Notice) -> bool) {
        let taken = self.notices.iter().filter(|(_, notice)| which(notice));
        case.notices.extend(taken.map(|(id, notice)| (*id, notice.clone())));
    }
}
