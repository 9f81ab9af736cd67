//! The rules on a case of a workspace: they do there what they would do in the whole.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

#[expect(dead_code, reason = "the rules' own checks are not needed here")]
mod play;

use play::people::{INBOX, member};
use play::{Act, Play, Press, Twin, press};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use uncouple_domain::*;
use uuid::Uuid;

/// What is left out of a case, to see whether it is missed.
type Cut = fn(&mut Parts, &Scope);

/// A store in memory: it hands out cases and takes back what differs.
struct InMemory {
    parts: Parts,
    cut: Option<Cut>,
    /// A case knows how far the notices of the whole workspace are numbered.
    numbered: bool,
}

impl InMemory {
    fn new(parts: &Parts) -> Self {
        Self { parts: parts.clone(), cut: None, numbered: true }
    }
}

impl Twin for InMemory {
    fn act(&mut self, scope: &Scope, act: Act<'_>) -> Result<Vec<Event>, Refusal> {
        let mut before = self.parts.within(scope);
        if let Some(cut) = self.cut {
            cut(&mut before, scope);
        }
        let newest = self.parts.notices.keys().next_back().copied().filter(|_| self.numbered);
        let mut case = Workspace::case(before.clone(), newest);
        act(&mut case)?;
        let events = case.take_events();
        Changes::between(&before, &case).apply(&mut self.parts);
        Ok(events)
    }

    fn state(&mut self) -> Parts {
        self.parts.clone()
    }
}

/// What administrators do, of which nothing hangs on a mailbox.
#[derive(Clone, Debug)]
enum Admin {
    SignIn { tenant: u8, this_run_only: bool },
    SignOut(u8),
    Forgotten(u8),
    Choose(u8, bool),
    Refused(u8),
    AddMember,
    AddChannel,
    DropChannel(u8),
    NoteAddress(u8),
}

fn admin() -> impl Strategy<Value = Admin> {
    let one = 0..4_u8;
    prop_oneof![
        3 => (0..3_u8, any::<bool>()).prop_map(|(tenant, this_run_only)| Admin::SignIn { tenant, this_run_only }),
        2 => one.clone().prop_map(Admin::SignOut),
        2 => one.clone().prop_map(Admin::Forgotten),
        2 => (one.clone(), any::<bool>()).prop_map(|(of, chosen)| Admin::Choose(of, chosen)),
        1 => one.clone().prop_map(Admin::Refused),
        1 => Just(Admin::AddMember),
        1 => Just(Admin::AddChannel),
        1 => one.clone().prop_map(Admin::DropChannel),
        2 => one.prop_map(Admin::NoteAddress),
    ]
}

fn administer(play: &mut Play, admin: &Admin) -> Result<(), Refusal> {
    let ctx = play.ctx();
    let of = |play: &Play, at: u8| {
        let organisations = &play.workspace.organisations;
        organisations.keys().nth(at.into()).copied().unwrap_or(OrganisationId(Uuid::nil()))
    };
    match *admin {
        Admin::SignIn { tenant, this_run_only } => {
            let (intention, secret) = (IntentionId(play.fresh()), SecretId(play.fresh()));
            let new = NewSignIn {
                organisation: OrganisationId(play.fresh()),
                intention,
                forget: IntentionId(play.fresh()),
                suite: if tenant == 0 { Suite::Google } else { Suite::Microsoft },
                key: format!("tenant {tenant}"),
                name: format!("{tenant}.example"),
                account: play::address_of(tenant),
                subject: "admin".into(),
                read_only: false,
                permissions: [Permission::People].into(),
                secret,
                this_run_only,
            };
            play.act(&Scope::Roster, |w| {
                w.intend_keep(&ctx, intention, secret);
                Ok(())
            })?;
            play.act(&new.scope(), |w| w.sign_in_administrator(&ctx, new.clone())).map(drop)
        }
        Admin::SignOut(at) => {
            let (id, forget) = (of(play, at), IntentionId(play.fresh()));
            play.act(&Scope::Organisation(id), |w| w.sign_out_administrator(&ctx, id, forget)).map(drop)
        }
        Admin::Forgotten(at) => {
            let open: Vec<IntentionId> = play.workspace.intentions.keys().copied().collect();
            let Some(id) = open.get(usize::from(at) % open.len().max(1)).copied() else { return Ok(()) };
            play.act(&Scope::Intention(id), |w| w.sign_in_forgotten(&ctx, id))
        }
        Admin::Choose(at, chosen) => {
            let id = of(play, at);
            let app = NewApp { key: "app".into(), name: "HubSpot".into(), client_id: "app".into(), by_name: true };
            play.act(&Scope::Organisation(id), |w| w.choose_app(&ctx, id, &app, chosen))
        }
        Admin::Refused(at) => {
            let id = of(play, at);
            let signed = play.workspace.organisations.get(&id).and_then(|of| of.sign_in.as_ref());
            let secret = signed.map_or(SecretId(Uuid::nil()), |signed| signed.secret);
            play.act(&Scope::Organisation(id), |w| {
                w.sign_in_refused(&ctx, id, secret, true, None);
                Ok(())
            })
        }
        Admin::AddMember => {
            let id = MemberId(play.fresh());
            play.act(&Scope::Roster, |w| w.add_member(&ctx, id, Name::parse("Aoi").unwrap(), false, None))
        }
        Admin::AddChannel => {
            let id = OtherChannelId(play.fresh());
            let name = || Name::parse("chat").unwrap();
            play.act(&Scope::Roster, |w| w.add_other_channel(&ctx, id, INBOX, OtherKind::Chat, name()))
        }
        Admin::DropChannel(at) => {
            let channels = &play.workspace.other_channels;
            let id = channels.keys().nth(at.into()).copied().unwrap_or(OtherChannelId(Uuid::nil()));
            play.act(&Scope::Roster, |w| w.drop_other_channel(&ctx, id))
        }
        Admin::NoteAddress(at) => {
            let address = play::address_of(at);
            play.act(&Scope::address(&address), |w| {
                let restored = EventKind::OrphanSwept;
                w.note_address(&ctx, Some(member(1)), Some(address.clone()), restored);
                Ok(())
            })
        }
    }
}

#[derive(Clone, Debug)]
enum Command {
    Press(Press),
    Admin(Admin),
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![9 => press().prop_map(Command::Press), 1 => admin().prop_map(Command::Admin)]
}

fn run(play: &mut Play, command: &Command) {
    let _ = match command {
        Command::Press(press) => play.press(press),
        Command::Admin(admin) => administer(play, admin),
    };
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(500), ..ProptestConfig::default() })]

    #[test]
    fn every_command_on_its_case_ends_as_on_the_whole_workspace(commands in prop::collection::vec(command(), 1..100)) {
        let mut play = Play::beside(|parts| Box::new(InMemory::new(parts)));
        for command in &commands {
            run(&mut play, command);
            prop_assert_eq!(&play.apart, &Vec::<String>::new(), "after {:?}", command);
        }
    }
}

/// Whether any of many random runs comes to another end when something is left out of every case.
fn is_missed(cut: Option<Cut>, numbered: bool) -> bool {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let commands = prop::collection::vec(command(), 100);
    (0..400).any(|_| {
        let commands = commands.new_tree(&mut runner).unwrap().current();
        let mut play = Play::beside(|parts| Box::new(InMemory { cut, numbered, ..InMemory::new(parts) }));
        commands.iter().any(|command| {
            run(&mut play, command);
            !play.apart.is_empty()
        })
    })
}

#[test]
fn a_scope_that_is_cut_too_small_is_found() {
    assert!(!is_missed(None, true));
    let cuts: [(&str, Cut); 9] = [
        ("other rows of the address", |case, scope| {
            let of_job = |job| case.disconnects.get(job).map(|job| job.mailbox);
            let begins = if let Scope::Job(job) = scope { of_job(job) } else { None };
            let begins = if let Scope::Mailbox(id) = scope { Some(*id) } else { begins };
            case.mailboxes.retain(|id, _| begins.is_none_or(|begins| *id == begins));
        }),
        ("the row that has a typed address", |case, scope| {
            if let Scope::Address(_) = scope {
                case.mailboxes.clear();
            }
        }),
        ("later generations", |case, _| {
            let newest = case.grants.values().map(|grant| grant.generation).max();
            case.grants.retain(|_, grant| Some(grant.generation) != newest || grant.generation == 1);
        }),
        ("earlier generations", |case, _| {
            let used: Vec<GrantId> = case.mailboxes.values().filter_map(|row| row.grant).collect();
            case.grants.retain(|id, _| used.contains(id));
        }),
        ("jobs of an address", |case, scope| {
            if let Scope::Address(_) = scope {
                case.disconnects.clear();
            }
        }),
        ("jobs that were called off", |case, _| case.disconnects.retain(|_, job| job.ended.is_none())),
        ("notices that hold", |case, scope| {
            if !matches!(scope, Scope::Notice(_) | Scope::Unread(_) | Scope::PopUps(_)) {
                case.notices.clear();
            }
        }),
        ("intentions", |case, scope| {
            if !matches!(scope, Scope::Intention(_) | Scope::Union(_)) {
                case.intentions.clear();
            }
        }),
        ("people with access to an inbox", |case, _| {
            case.inboxes.values_mut().for_each(|inbox| inbox.access.clear());
        }),
    ];
    for (what, cut) in cuts {
        assert!(is_missed(Some(cut), true), "{what}: nothing was missed");
    }
    assert!(is_missed(None, false), "the newest notice: nothing was missed");
}
