//! Random people pressing random buttons, and the rules that must hold whatever they press.

#![expect(unreachable_pub, reason = "one module of one test")]

pub mod people;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uncouple_domain::*;
use uuid::Uuid;

pub const ALL_STEPS: [StepKind; 7] = [
    StepKind::DisableInCrm,
    StepKind::RemoveFromCrm,
    StepKind::RevokeGrant,
    StepKind::WithdrawPassword,
    StepKind::RemoveForwarding,
    StepKind::ConnectAgain,
    StepKind::ForgetSecret,
];

#[derive(Clone, Debug)]
pub enum Press {
    Track {
        address: u8,
        provider: Provider,
    },
    SignIn {
        account: u8,
        provider: Provider,
        this_run_only: bool,
    },
    Disable(u8),
    Enable(u8),
    Remove(u8),
    Undo(u8),
    Confirm(u8, StepKind),
    ConfirmBoth(u8),
    /// Confirms or closes each step that lets itself be, by the bits of a number.
    Settle(u8, u8),
    Close(u8, StepKind),
    Withdraw(u8, StepKind),
    NotListed(u8, bool),
    Stop(u8),
    Snooze(u8, i8),
    Request(u8),
    Answer(u8, RevokeAnswer),
    Forget(u8, bool),
    Check(u8, CheckResult),
    NewRun,
    /// The workspace is opened on one of three devices, with its file in one of two places.
    GoTo(u8, bool),
    Origin(Origin),
    /// Whatever may be adopted is looked for in the keyring of the device.
    Look,
    Wait(u8),
    Stranger(u8),
    /// An administrator's read of the list of the person with an address.
    Directory {
        address: u8,
        /// Who is known by the next one too.
        alias: bool,
        suite: Suite,
        listed: bool,
        deleted_here: bool,
    },
    People(people::People),
}

pub fn press() -> impl Strategy<Value = Press> {
    let row = 0..5_u8;
    let step = prop::sample::select(ALL_STEPS.to_vec());
    let provider = prop::sample::select(vec![
        Provider::Google,
        Provider::Google,
        Provider::Microsoft365,
        Provider::OutlookCom,
        Provider::Imap,
        Provider::Hosted,
    ]);
    let signs_in = prop::sample::select(vec![Provider::Google, Provider::Google, Provider::Microsoft365]);
    let answer = prop::sample::select(vec![RevokeAnswer::Gone, RevokeAnswer::AlreadyInvalid, RevokeAnswer::NoAnswer]);
    let check = prop::sample::select(vec![
        CheckResult::Works,
        CheckResult::NoConsent,
        CheckResult::Refused,
        CheckResult::Policy,
        CheckResult::Interaction,
        CheckResult::SessionOver,
        CheckResult::AppRefused,
        CheckResult::AccountRefused,
        CheckResult::NoAnswer,
    ]);
    prop_oneof![
        3 => (0..4_u8, provider).prop_map(|(address, provider)| Press::Track { address, provider }),
        3 => (0..4_u8, signs_in, any::<bool>())
            .prop_map(|(account, provider, this_run_only)| Press::SignIn { account, provider, this_run_only }),
        4 => row.clone().prop_map(Press::Disable),
        1 => row.clone().prop_map(Press::Enable),
        4 => row.clone().prop_map(Press::Remove),
        1 => row.clone().prop_map(Press::Undo),
        5 => (row.clone(), step.clone()).prop_map(|(r, s)| Press::Confirm(r, s)),
        2 => row.clone().prop_map(Press::ConfirmBoth),
        4 => (row.clone(), any::<u8>()).prop_map(|(r, bits)| Press::Settle(r, bits)),
        1 => (row.clone(), step.clone()).prop_map(|(r, s)| Press::Close(r, s)),
        2 => (row.clone(), step).prop_map(|(r, s)| Press::Withdraw(r, s)),
        1 => (row.clone(), any::<bool>()).prop_map(|(r, k)| Press::NotListed(r, k)),
        1 => row.clone().prop_map(Press::Stop),
        1 => (row.clone(), any::<i8>()).prop_map(|(r, h)| Press::Snooze(r, h)),
        4 => row.clone().prop_map(Press::Request),
        4 => (row.clone(), answer).prop_map(|(r, a)| Press::Answer(r, a)),
        3 => (row.clone(), any::<bool>()).prop_map(|(r, g)| Press::Forget(r, g)),
        3 => (row.clone(), check).prop_map(|(r, c)| Press::Check(r, c)),
        1 => Just(Press::NewRun),
        1 => (0..3_u8, any::<bool>()).prop_map(|(device, moved)| Press::GoTo(device, moved)),
        1 => prop::sample::select(vec![Origin::Moved, Origin::Copied, Origin::Restored]).prop_map(Press::Origin),
        1 => Just(Press::Look),
        1 => any::<u8>().prop_map(Press::Wait),
        1 => row.prop_map(Press::Stranger),
        5 => (0..4_u8, any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
            |(address, alias, google, listed, deleted)| {
                let suite = if google { Suite::Google } else { Suite::Microsoft };
                Press::Directory { address, alias, suite, listed, deleted_here: deleted && !listed }
            },
        ),
        16 => people::press().prop_map(Press::People),
    ]
}

/// A use case, to be run as often as there are states to compare.
pub type Act<'a> = &'a (dyn Fn(&mut Workspace) -> Result<(), Refusal> + Sync);

/// Another workspace in which the same is done, each time on a case of it.
pub trait Twin {
    /// What happened.
    fn act(&mut self, scope: &Scope, act: Act<'_>) -> Result<Vec<Event>, Refusal>;
    /// All of it.
    fn state(&mut self) -> Parts;
}

/// A workspace with its clock and its fresh ids.
pub struct Play {
    pub workspace: Workspace,
    pub now: Timestamp,
    pub me: MemberId,
    pub device: DeviceId,
    /// In whose keyring, or memory, each secret really is.
    pub keepers: BTreeMap<SecretId, DeviceId>,
    next: u128,
    twin: Option<Box<dyn Twin>>,
    /// Where the twin went another way.
    pub apart: Vec<String>,
}

impl Play {
    pub fn new() -> Self {
        let me = MemberId(Uuid::from_u128(1));
        let mut play = Self {
            workspace: Workspace::default(),
            now: "2026-11-23T09:00:00Z".parse().unwrap(),
            me,
            device: DeviceId(Uuid::from_u128(70)),
            keepers: BTreeMap::new(),
            next: 100,
            twin: None,
            apart: Vec::new(),
        };
        play.workspace.begin(&play.ctx(), Name::parse("佐藤 花子").unwrap());
        let ctx = play.ctx();
        people::arrive(&mut play.workspace, &ctx);
        play.press(&Press::GoTo(0, false)).unwrap();
        play.workspace.take_events();
        play
    }

    /// The same with a twin, which begins with the same people.
    pub fn beside(make: impl FnOnce(&Parts) -> Box<dyn Twin>) -> Self {
        let mut play = Self::new();
        play.twin = Some(make(&play.workspace));
        play
    }

    pub fn ctx(&self) -> Ctx {
        Ctx { actor: self.me, now: self.now, device: self.device }
    }

    pub fn fresh(&mut self) -> Uuid {
        self.next += 1;
        Uuid::from_u128(self.next)
    }

    fn row(&self, at: u8) -> MailboxId {
        self.workspace.mailboxes.keys().nth(at.into()).copied().unwrap_or(MailboxId(Uuid::nil()))
    }

    fn job(&self, at: u8) -> DisconnectId {
        self.workspace.disconnects.keys().rev().nth(at.into()).copied().unwrap_or(DisconnectId(Uuid::nil()))
    }

    /// Runs a use case, in the twin on its case, and holds both against each other.
    pub fn act<T>(
        &mut self,
        scope: &Scope,
        act: impl Fn(&mut Workspace) -> Result<T, Refusal> + Sync,
    ) -> Result<T, Refusal> {
        let Some(twin) = &mut self.twin else { return act(&mut self.workspace) };
        let done = act(&mut self.workspace);
        let events = self.workspace.take_events();
        let twins = twin.act(scope, &|case| act(case).map(drop));
        let whole = done.as_ref().map(|_| events).map_err(Clone::clone);
        if whole != twins {
            self.apart.push(format!("{scope:?}: {whole:?} in the whole, {twins:?} in the case"));
        } else if twin.state() != *self.workspace {
            let differ = Changes::between(&self.workspace, &twin.state());
            self.apart.push(format!("{scope:?}: the case ends otherwise than the whole: {differ:?}"));
        }
        done
    }

    /// Signs in and keeps the token, or sweeps it.
    fn sign_in(&mut self, new: NewConnected) -> Result<(), Refusal> {
        let ctx = self.ctx();
        let (intention, secret) = (new.intention, new.secret);
        self.keepers.insert(secret, self.device);
        self.act(&Scope::Roster, |w| {
            w.intend_keep(&ctx, intention, secret);
            Ok(())
        })?;
        if let Err(refusal) = self.act(&new.scope(), |w| w.connect(&ctx, new.clone())) {
            self.act(&Scope::Intention(intention), |w| w.swept(&ctx, intention)).unwrap();
            self.workspace.take_events();
            return Err(refusal);
        }
        Ok(())
    }

    /// Presses one button. Err: refused.
    pub fn press(&mut self, press: &Press) -> Result<(), Refusal> {
        let ctx = self.ctx();
        match press.clone() {
            Press::Track { address, provider } => {
                let new = NewTracked {
                    mailbox: MailboxId(self.fresh()),
                    grant: GrantId(self.fresh()),
                    home: Home::Personal { owner: self.me },
                    address: address_of(address),
                    provider,
                    account: None,
                };
                self.act(&new.scope(), |w| w.track(&ctx, new.clone()))?;
            }
            Press::SignIn { account, provider, this_run_only } => {
                let (secret, intention) = (SecretId(self.fresh()), IntentionId(self.fresh()));
                let new = NewConnected {
                    mailbox: MailboxId(self.fresh()),
                    grant: GrantId(self.fresh()),
                    home: Home::Personal { owner: self.me },
                    intention,
                    provider,
                    subject: format!("subject-{account}"),
                    address: address_of(account),
                    secret,
                    this_run_only,
                };
                self.sign_in(new)?;
            }
            Press::Disable(at) => {
                let (job, row) = (DisconnectId(self.fresh()), self.row(at));
                self.act(&Scope::Mailbox(row), |w| w.disable(&ctx, row, job))?;
            }
            Press::Enable(at) => {
                let row = self.row(at);
                self.act(&Scope::Mailbox(row), |w| w.enable(&ctx, row))?;
            }
            Press::Remove(at) => {
                let row = self.row(at);
                self.act(&Scope::Mailbox(row), |w| w.remove(&ctx, row))?;
            }
            Press::Undo(at) => self.on_job(at, |w, job| w.undo_removal(&ctx, job))?,
            Press::Confirm(at, step) => self.on_job(at, |w, job| w.confirm_step(&ctx, job, step))?,
            Press::ConfirmBoth(at) => self.on_job(at, |w, job| w.confirm_in_crm(&ctx, job))?,
            Press::Settle(at, bits) => {
                for (bit, step) in ALL_STEPS.into_iter().enumerate() {
                    let _ = self.on_job(at, |w, job| {
                        if bits >> bit & 1 == 0 {
                            w.confirm_step(&ctx, job, step)
                        } else {
                            w.close_step(&ctx, job, step, Reason::parse("asked IT").unwrap())
                        }
                    });
                }
            }
            Press::Close(at, step) => {
                self.on_job(at, |w, job| w.close_step(&ctx, job, step, Reason::parse("asked IT").unwrap()))?;
            }
            Press::Withdraw(at, step) => self.on_job(at, |w, job| w.withdraw_confirmation(&ctx, job, step))?,
            Press::NotListed(at, known) => {
                self.on_job(at, |w, job| w.not_listed(&ctx, job, known.then(|| address_of(3))))?;
            }
            Press::Stop(at) => self.on_job(at, |w, job| w.stop(&ctx, job))?,
            Press::Snooze(at, hours) => {
                let until = self.now + SignedDuration::from_hours(hours.into());
                self.on_job(at, |w, job| w.snooze(&ctx, job, until))?;
            }
            Press::Request(at) => {
                let id = IntentionId(self.fresh());
                self.on_job(at, |w, job| w.request_revocation(&ctx, job, id))?;
            }
            Press::Answer(at, answer) => {
                let open: Vec<IntentionId> = self.workspace.intentions.keys().copied().collect();
                let id = open.get(usize::from(at) % open.len().max(1)).copied();
                let id = id.unwrap_or(IntentionId(Uuid::nil()));
                self.act(&Scope::Intention(id), |w| w.record_revocation(&ctx, id, answer, Vec::new()))?;
            }
            Press::Forget(at, gone) => {
                let due = self.workspace.to_forget(&ctx);
                let Some((grant, secret)) = due.get(usize::from(at) % due.len().max(1)).copied() else {
                    return Ok(());
                };
                let id = IntentionId(self.fresh());
                let id = self.act(&Scope::Grant(grant), |w| {
                    let due = w.to_forget(&ctx).contains(&(grant, secret));
                    if due { w.intend_forget(&ctx, id, grant, secret) } else { Err(Refusal::NoToken) }
                })?;
                self.act(&Scope::Intention(id), |w| w.record_forgotten(&ctx, id, gone))?;
            }
            Press::Check(at, result) => {
                let (row, me) = (self.row(at), self.me);
                let held = self.workspace.mailboxes.get(&row).and_then(|m| self.workspace.grant_of(m));
                if held.is_some_and(|grant| grant.token.secret().is_none()) {
                    return Ok(());
                }
                let asked = held.map_or(GrantId(Uuid::nil()), |grant| grant.id);
                self.act(&Scope::Mailbox(row), |w| w.record_check(&ctx, Some(me), row, asked, result, Vec::new()))?;
            }
            Press::NewRun => self.act(&Scope::KeptForOneRun, |w| {
                w.run_is_over(&ctx);
                Ok(())
            })?,
            Press::GoTo(device, moved) => {
                self.device = DeviceId(Uuid::from_u128(70 + u128::from(device)));
                let name = Name::parse(&format!("computer {device}")).unwrap();
                let file = if moved { "/moved/w.db" } else { "/w.db" }.to_owned();
                let (ctx, earlier) = (self.ctx(), DeviceId(self.fresh()));
                self.act(&Scope::kept(), |w| {
                    w.arrive(&ctx, ThisDevice { name: name.clone(), file: file.clone(), earlier });
                    Ok(())
                })?;
            }
            Press::Origin(origin) => self.act(&Scope::kept(), |w| w.say_origin(&ctx, origin))?,
            Press::Look => {
                for secret in self.workspace.adoptable(&ctx) {
                    if self.keepers.get(&secret) == Some(&self.device) {
                        self.act(&Scope::kept(), |w| Ok(w.adopt(&ctx, secret)))?;
                    }
                }
            }
            Press::Wait(hours) => self.now += SignedDuration::from_hours(hours.into()),
            Press::Stranger(at) => {
                let stranger = Ctx { actor: MemberId(Uuid::from_u128(99)), ..ctx };
                let (job, row) = (DisconnectId(self.fresh()), self.row(at));
                self.act(&Scope::Mailbox(row), |w| w.disable(&stranger, row, job))?;
            }
            Press::Directory { address, alias, suite, listed, deleted_here } => {
                let more = alias.then_some((address + 1) % 4);
                let keys: Vec<String> =
                    [address].into_iter().chain(more).map(|one| address_of(one).key().to_owned()).collect();
                let fresh: Vec<GrantId> = keys.iter().map(|_| GrantId(self.fresh())).collect();
                let said = DirectorySaid {
                    suite,
                    keys,
                    listed,
                    at: self.now,
                    by_run: deleted_here,
                    deleted_here,
                    apps: Vec::new(),
                    hosts: Vec::new(),
                };
                let me = self.me;
                self.act(&said.scope(), |w| {
                    w.directory_said(&ctx, Some(me), &said, &fresh);
                    Ok(())
                })?;
            }
            Press::People(press) => self.press_people(&ctx, press)?,
        }
        Ok(())
    }

    fn on_job<T>(
        &mut self,
        at: u8,
        act: impl Fn(&mut Workspace, DisconnectId) -> Result<T, Refusal> + Sync,
    ) -> Result<T, Refusal> {
        let job = self.job(at);
        self.act(&Scope::Job(job), |w| act(w, job))
    }
}

pub fn address_of(number: u8) -> Address {
    Address::parse(&format!("person{number}@example.com")).unwrap()
}

/// Every rule that the state breaks.
pub fn broken(workspace: &Workspace) -> Vec<&'static str> {
    let mut broken = Vec::new();
    let mut rule = |holds: bool, name| {
        if !holds {
            broken.push(name);
        }
    };
    let mut addresses = BTreeSet::new();
    let mut open_jobs = BTreeSet::new();
    for mailbox in workspace.mailboxes.values() {
        let in_use = mailbox.usage != Use::Removed;
        rule(!in_use || addresses.insert(mailbox.address.key()), "one row in use per address");
        let here = mailbox.holder == Holder::Workspace;
        let rank = mailbox.usage_known.evidence.rank();
        rule(here || rank != Rank::Proven, "nothing in HubSpot is proven by a store of ours");
        rule(!here || rank == Rank::Proven, "what is held here is known by the store");
        let grant = workspace.grant_of(mailbox);
        rule(grant.is_some() == mailbox.provider.has_consent(), "a consent where there can be one");
        let superseded = grant.is_some_and(|g| matches!(g.consent, Consent::Superseded { .. }));
        let newest = grant.is_none_or(|g| {
            let mut line = workspace.grants.values().filter(|other| other.same_line(g.provider, &g.subject, g.client));
            line.all(|other| other.generation <= g.generation)
        });
        rule(!in_use || (newest && !superseded), "a row in use hangs on the newest generation of its consent");
    }
    for job in workspace.disconnects.values() {
        rule(!job.is_of_today() || open_jobs.insert(job.mailbox), "one open job per mailbox");
        let completion = job.completion(&workspace.grants);
        let standings: Vec<Standing> = job.steps.iter().map(|s| job.standing(s, &workspace.grants)).collect();
        let ranks = || standings.iter().filter_map(|s| if let Standing::Done(e) = s { Some(e.rank()) } else { None });
        let settled = standings.iter().all(|s| matches!(s, Standing::Done(_) | Standing::NotNeeded(_)));
        rule(!completion.is_complete() || settled, "complete only with every step settled");
        rule(!completion.is_complete() || ranks().next().is_some(), "complete only with evidence");
        rule(completion.rank().is_none_or(|rank| ranks().all(|r| rank <= r)), "rank no better than its weakest");
        let moves = matches!(job.purpose, Purpose::Move { .. });
        let row = workspace.mailboxes.get(&job.mailbox).filter(|_| job.ended.is_none() && !moves);
        let Some(row) = row else { continue };
        let removed = job.step(StepKind::RemoveFromCrm).map(|s| job.standing(s, &workspace.grants).is_settled());
        rule(removed == Some(row.usage == Use::Removed), "the removal step and the row's use agree");
        rule(!completion.is_complete() || row.usage == Use::Removed, "complete only when the row is gone");
    }
    let super_admins = workspace.members.values().filter(|m| m.super_admin && !m.removed).count();
    rule(super_admins > 0, "there is a super admin");
    for mailbox in workspace.mailboxes.values().filter(|m| m.usage != Use::Removed) {
        let known = match mailbox.home {
            Home::Personal { owner } => workspace.member(owner).is_ok(),
            Home::Team { inbox, .. } => workspace.inbox(inbox).is_ok(),
        };
        rule(known, "what is in use is at home somewhere");
        let team = matches!(mailbox.home, Home::Team { .. });
        rule(!team || mailbox.provider != Provider::Imap, "no team address by password");
        rule(!team || mailbox.usage != Use::Disabled, "a team address is not disabled");
        rule(team || mailbox.provider != Provider::Hosted, "a hosted address is a team's");
        rule(mailbox.asked.is_none() || mailbox.usage == Use::InUse, "nobody is asked for what is off");
    }
    let mut lines: BTreeMap<_, Vec<&Grant>> = BTreeMap::new();
    for grant in workspace.grants.values() {
        lines.entry((grant.provider, &grant.subject, grant.client)).or_default().push(grant);
    }
    for line in lines.values() {
        let numbers: BTreeSet<u32> = line.iter().map(|g| g.generation).collect();
        rule(numbers.len() == line.len(), "generations are told apart");
        let newest = line.iter().map(|g| g.generation).max();
        let older_over = line.iter().filter(|g| Some(g.generation) != newest).all(|g| g.is_over());
        rule(older_over, "a new generation opens only after the older ones are over");
    }
    broken
}
