//! Every state that a row and its jobs can reach, as the window is shown it.
//!
//! The walk goes through the rules themselves, breadth first, from one row of each kind, and collects the views. They
//! are written to `ui/src/testing/states.json`, where the window's words are read over all of them.

use super::{Lookups, Teller};
use crate::guide::{Guide, GuideFor, Guides};
use crate::notices;
use crate::sentence::Sentence;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::fmt::Write as _;
use uncouple_domain::*;
use url::Url;
use uuid::Uuid;

/// How many actions after one another are tried. Everything that a job can be is reached before.
const DEPTH: usize = 7;

/// States of one kind of row. More would be a mistake in what tells one state from another.
const MOST: usize = 10_000;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/src/testing/states.json");

const STEPS: [StepKind; 7] = [
    StepKind::DisableInCrm,
    StepKind::RemoveFromCrm,
    StepKind::RevokeGrant,
    StepKind::WithdrawPassword,
    StepKind::RemoveForwarding,
    StepKind::ConnectAgain,
    StepKind::ForgetSecret,
];

struct NoGuides;

impl Guides for NoGuides {
    fn guide(&self, _: &GuideFor<'_>) -> Option<Guide> {
        None
    }

    fn page(&self, _: &GuideFor<'_>) -> Option<Url> {
        None
    }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn me() -> MemberId {
    MemberId(id(1))
}

fn team() -> InboxId {
    InboxId(id(3))
}

/// Time stands still: what is told of a moment is the same at every one.
fn ctx() -> Ctx {
    Ctx { actor: me(), now: "2026-11-23T09:00:00Z".parse().unwrap(), device: DeviceId(id(2)) }
}

fn reason() -> Reason {
    Reason::parse("asked IT").unwrap()
}

#[derive(Clone)]
struct State {
    workspace: Workspace,
    next: u128,
}

impl State {
    fn fresh(&mut self) -> Uuid {
        self.next += 1;
        id(self.next)
    }

    fn row(&self) -> MailboxId {
        self.workspace.mailboxes.keys().next_back().copied().unwrap_or(MailboxId(Uuid::nil()))
    }

    fn job(&self) -> DisconnectId {
        self.workspace.disconnects.keys().next_back().copied().unwrap_or(DisconnectId(Uuid::nil()))
    }
}

type Act = Box<dyn Fn(&mut State) -> Result<(), Refusal>>;

fn act(what: impl Fn(&mut State) -> Result<(), Refusal> + 'static) -> Act {
    Box::new(what)
}

/// Everything that can happen to a row: by its people, its administrators, its provider, and by itself.
fn acts() -> Vec<Act> {
    let mut acts: Vec<Act> = vec![
        act(|s| {
            let (row, job) = (s.row(), DisconnectId(s.fresh()));
            s.workspace.disable(&ctx(), row, job).map(drop)
        }),
        act(|s| {
            let (row, job) = (s.row(), DisconnectId(s.fresh()));
            s.workspace.delete_channel(&ctx(), row, job).map(drop)
        }),
        act(|s| {
            let row = s.row();
            s.workspace.enable(&ctx(), row)
        }),
        act(|s| {
            let row = s.row();
            s.workspace.remove(&ctx(), row).map(drop)
        }),
        act(|s| {
            let job = s.job();
            s.workspace.undo_removal(&ctx(), job)
        }),
        act(|s| {
            let job = s.job();
            s.workspace.stop(&ctx(), job)
        }),
        act(|s| {
            let job = s.job();
            let fresh = FreshRow { mailbox: MailboxId(s.fresh()), grant: GrantId(s.fresh()) };
            s.workspace.connect_again(&ctx(), job, fresh).map(drop)
        }),
        act(|s| {
            let (row, grant) = (s.row(), GrantId(s.fresh()));
            s.workspace.reconnected(&ctx(), row, grant)
        }),
        act(|s| {
            let row = s.row();
            s.workspace.report_lost(&ctx(), row)
        }),
        act(|s| {
            let job = s.job();
            s.workspace.not_listed(&ctx(), job, None)
        }),
        act(|s| {
            let (row, job) = (s.row(), DisconnectId(s.fresh()));
            let to = s.workspace.mailboxes.get(&row).and_then(|row| row.provider.moves_to());
            s.workspace.move_provider(&ctx(), row, to.unwrap_or(Provider::Google), job).map(drop)
        }),
        act(|s| {
            let (row, job) = (s.row(), DisconnectId(s.fresh()));
            s.workspace.change_kind(&ctx(), row, Purpose::ToTeam { inbox: team() }, job).map(drop)
        }),
        act(|s| {
            let (row, job) = (s.row(), DisconnectId(s.fresh()));
            s.workspace.change_kind(&ctx(), row, Purpose::ToPersonal { owner: me() }, job).map(drop)
        }),
        act(|s| {
            let (job, intention) = (s.job(), IntentionId(s.fresh()));
            s.workspace.request_revocation(&ctx(), job, intention).map(drop)
        }),
        act(|s| {
            let due = s.workspace.to_forget(&ctx());
            let Some((grant, secret)) = due.first().copied() else { return Err(Refusal::NoToken) };
            let intention = IntentionId(s.fresh());
            let intention = s.workspace.intend_forget(&ctx(), intention, grant, secret)?;
            s.workspace.record_forgotten(&ctx(), intention, true).map(drop)
        }),
        act(|s| {
            s.workspace.run_is_over(&ctx());
            Ok(())
        }),
    ];
    for answer in [RevokeAnswer::Gone, RevokeAnswer::AlreadyInvalid, RevokeAnswer::NoAnswer] {
        acts.push(act(move |s| {
            let open = s.workspace.intentions.keys().next().copied().ok_or(Refusal::UnknownIntention)?;
            s.workspace.record_revocation(&ctx(), open, answer, Vec::new()).map(drop)
        }));
    }
    for result in [CheckResult::Works, CheckResult::NoConsent, CheckResult::Refused, CheckResult::Policy] {
        acts.push(act(move |s| {
            let row = s.row();
            let held = s.workspace.mailboxes.get(&row).and_then(|row| s.workspace.grant_of(row));
            let grant = held.filter(|grant| grant.token.secret().is_some()).ok_or(Refusal::NoToken)?.id;
            s.workspace.record_check(&ctx(), Some(me()), row, grant, result, Vec::new()).map(drop)
        }));
    }
    for (listed, deleted_here, acted) in [(true, false, None), (false, false, None), (false, true, Some(me()))] {
        acts.push(act(move |s| {
            let row = s.row();
            let row = s.workspace.mailbox(row)?;
            let suite = match row.provider {
                Provider::Google => Suite::Google,
                Provider::Microsoft365 => Suite::Microsoft,
                Provider::OutlookCom | Provider::Imap | Provider::Hosted => return Err(Refusal::UnknownMailbox),
            };
            let keys = vec![row.address.key().to_owned()];
            let at = ctx().now;
            let by_run = deleted_here;
            let said =
                DirectorySaid { suite, keys, listed, at, by_run, deleted_here, apps: Vec::new(), hosts: Vec::new() };
            let fresh = GrantId(s.fresh());
            s.workspace.directory_said(&ctx(), acted, &said, &[fresh]);
            Ok(())
        }));
    }
    for step in STEPS {
        acts.push(act(move |s| {
            let job = s.job();
            s.workspace.confirm_step(&ctx(), job, step)
        }));
        acts.push(act(move |s| {
            let job = s.job();
            s.workspace.close_step(&ctx(), job, step, reason())
        }));
        acts.push(act(move |s| {
            let job = s.job();
            s.workspace.withdraw_confirmation(&ctx(), job, step)
        }));
    }
    acts
}

/// One row of each kind: where it is at home, at which provider, and who holds it.
fn beginnings() -> Vec<(String, State)> {
    let mut beginnings = Vec::new();
    let personal = Home::Personal { owner: me() };
    let shared = Home::Team { inbox: team(), connected_by: Some(me()) };
    let providers = [Provider::Google, Provider::Microsoft365, Provider::OutlookCom, Provider::Imap, Provider::Hosted];
    for (home, provider) in [personal, shared].into_iter().flat_map(|home| providers.map(|one| (home, one))) {
        for (here, elsewhere) in [(false, false), (true, false), (true, true)] {
            let mut state = State { workspace: Workspace::default(), next: 100 };
            let ws = &mut state.workspace;
            // Another device keeps the token.
            let kept = if elsewhere { Ctx { device: DeviceId(id(4)), ..ctx() } } else { ctx() };
            for ctx in [kept, ctx()] {
                let name = Name::parse("DEVICE").unwrap();
                ws.arrive(&ctx, ThisDevice { name, file: "FILE".to_owned(), earlier: DeviceId(id(5)) });
            }
            ws.begin(&ctx(), Name::parse("NAME").unwrap());
            ws.add_inbox(&ctx(), team(), Name::parse("INBOX").unwrap()).unwrap();
            let address = Address::parse("row@example.com").unwrap();
            let made = if here {
                let (secret, intention) = (SecretId(id(10)), IntentionId(id(11)));
                ws.intend_keep(&kept, intention, secret);
                let new = NewConnected {
                    mailbox: MailboxId(id(12)),
                    grant: GrantId(id(13)),
                    home,
                    intention,
                    provider,
                    subject: "subject".to_owned(),
                    address,
                    secret,
                    this_run_only: false,
                };
                ws.connect(&kept, new).map(drop)
            } else {
                let new = NewTracked {
                    mailbox: MailboxId(id(12)),
                    grant: GrantId(id(13)),
                    home,
                    address,
                    provider,
                    account: None,
                };
                ws.track(&ctx(), new).map(drop)
            };
            // Nobody signs in with a password, and a hosted address is a team's.
            let signs_in = matches!(provider, Provider::Google | Provider::Microsoft365);
            if made.is_ok() && (!here || signs_in) {
                beginnings.push((format!("{home:?} {provider:?} {here} {elsewhere}"), state));
            }
        }
    }
    beginnings
}

/// What tells one state from another: everything that words depend on, without moments and identifiers, so that two ways
/// to the same state are one.
fn key(state: &State) -> String {
    let ws = &state.workspace;
    let mut key = String::new();
    for row in ws.mailboxes.values() {
        let known = (row.usage_known.evidence.rank(), row.usage_known.entered);
        let lost = match row.link {
            Link::Lost { reason, by, .. } => Some((reason, by.is_some())),
            Link::Unknown | Link::Ok { .. } => None,
        };
        let (consent, token) =
            ws.grant_of(row).map_or((String::new(), String::new()), |grant| (name(&grant.consent), name(&grant.token)));
        let tried = ws.grant_of(row).and_then(|grant| grant.tried).map(|tried| tried.answer);
        let home = row.home.inbox().is_some();
        let _ = write!(key, "{home}{:?}{:?}{known:?}{lost:?}{consent}{token}{tried:?};", row.provider, row.usage);
    }
    for job in ws.disconnects.values().rev().take(1) {
        let _ = write!(key, "{:?}{:?}", job.purpose, job.ended.map(|ended| ended.why));
        for step in &job.steps {
            let known = match job.standing(step, &ws.grants) {
                Standing::Done(evidence) => Some(evidence.rank()),
                Standing::Open | Standing::Waiting | Standing::NotNeeded(_) => None,
            };
            let _ = write!(key, "{}{known:?},", name(&job.standing(step, &ws.grants)));
        }
    }
    key + &ws.intentions.len().to_string()
}

/// A variant's name, and the rank of the evidence in it.
fn name(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    let variant = text.split([' ', '(']).next().unwrap_or_default().to_owned();
    let rank = ["Proven", "Confirmed", "Unverified"].into_iter().find(|rank| text.contains(rank));
    variant + rank.unwrap_or_default()
}

/// The views of everything, each kind by itself and each once.
#[derive(Default)]
struct Views {
    rows: BTreeSet<String>,
    steps: BTreeMap<String, usize>,
    cards: BTreeSet<String>,
    notices: BTreeSet<String>,
    events: BTreeSet<String>,
}

impl Views {
    fn of(&mut self, state: &State) {
        let ws = &state.workspace;
        let ctx = ctx();
        let lookups = Lookups::new(ws, &ctx);
        let teller = Teller { guides: &NoGuides, workspace: ws, lookups, ctx, not_forgotten: BTreeMap::new() };
        for row in ws.mailboxes.values() {
            self.rows.insert(plain(json!(teller.row(row))).to_string());
        }
        for job in ws.disconnects.values() {
            let Some(row) = ws.mailboxes.get(&job.mailbox) else { continue };
            let mut card = plain(json!(teller.card(job, row)));
            for step in card["steps"].as_array_mut().into_iter().flatten() {
                let next = self.steps.len();
                *step = json!(*self.steps.entry(step.to_string()).or_insert(next));
            }
            self.cards.insert(card.to_string());
        }
        for notice in ws.notices.values() {
            self.notices.insert(plain(json!(notices::view(ws, notice))).to_string());
        }
    }

    fn happened(&mut self, events: Vec<Event>) {
        for event in events {
            let mut kind = json!(event.kind);
            let sentence = Sentence::of(&kind, &TimeZone::UTC);
            let name = kind["kind"].take();
            if let Some(details) = kind.as_object_mut() {
                details.remove("kind");
            }
            let said = json!({ "kind": name, "details": kind, "sentence": sentence });
            self.events.insert(plain(said).to_string());
        }
    }

    fn file(self) -> String {
        let list = |texts: Vec<&String>| texts.into_iter().map(String::as_str).collect::<Vec<_>>().join(",\n");
        let mut steps: Vec<(&String, &usize)> = self.steps.iter().collect();
        steps.sort_by_key(|(_, at)| **at);
        let parts = [
            ("rows", list(self.rows.iter().collect())),
            ("steps", list(steps.into_iter().map(|(step, _)| step).collect())),
            ("cards", list(self.cards.iter().collect())),
            ("notices", list(self.notices.iter().collect())),
            ("events", list(self.events.iter().collect())),
        ];
        let parts = parts.map(|(name, all)| format!("\"{name}\": [\n{all}\n]"));
        format!("{{\n{}\n}}\n", parts.join(",\n"))
    }
}

/// Fields that no word depends on.
const SILENT: [&str; 12] = [
    "id",
    "place",
    "mailbox",
    "disconnect",
    "actions",
    "moves_to",
    "told",
    "shared_with",
    "added_at",
    "opened_at",
    "guide",
    "mode",
];

/// A view without what no word depends on, and without identifiers.
fn plain(mut value: Value) -> Value {
    fn walk(value: &mut Value) {
        match value {
            Value::String(text) if text.starts_with("00000000-0000-") => *text = "ID".to_owned(),
            Value::Array(all) => all.iter_mut().for_each(walk),
            Value::Object(fields) => {
                fields.retain(|name, _| !SILENT.contains(&name.as_str()));
                fields.values_mut().for_each(walk);
                // Whether maps keep the order of insertion depends on what else is built.
                *fields = std::mem::take(fields).into_iter().collect::<BTreeMap<_, _>>().into_iter().collect();
            }
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    walk(&mut value);
    value
}

#[test]
fn the_windows_words_are_read_over_every_state_that_can_be_reached() {
    let acts = acts();
    let mut views = Views::default();
    let mut states = 0;
    for (name, begin) in beginnings() {
        let mut seen = HashSet::from([key(&begin)]);
        let mut queue = VecDeque::from([(begin, 0)]);
        while let Some((mut state, depth)) = queue.pop_front() {
            views.happened(state.workspace.take_events());
            views.of(&state);
            if depth == DEPTH {
                continue;
            }
            for act in &acts {
                let mut next = state.clone();
                if act(&mut next).is_ok() && seen.insert(key(&next)) {
                    queue.push_back((next, depth + 1));
                }
            }
        }
        assert!(seen.len() < MOST, "{name}: {} states", seen.len());
        states += seen.len();
    }
    println!(
        "{states} states: {} rows, {} steps, {} jobs, {} notices, {} entries",
        views.rows.len(),
        views.steps.len(),
        views.cards.len(),
        views.notices.len(),
        views.events.len()
    );
    let file = views.file();
    let before = std::fs::read_to_string(FILE).unwrap_or_default();
    if before != file {
        std::fs::write(FILE, file).unwrap();
    }
    assert!(
        before.is_empty() || before == std::fs::read_to_string(FILE).unwrap(),
        "states.json was old, and is new now"
    );
}
