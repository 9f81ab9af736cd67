//! Several devices, each with a keyring of its own: what one of them may conclude.

use crate::play::{Play, Press, press};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use uncouple_domain::*;
use uuid::Uuid;

/// What the last press claims of a secret that another device really keeps.
pub(crate) fn concluded_elsewhere(before: &Workspace, play: &Play) -> Vec<String> {
    let mut wrong = Vec::new();
    for (id, grant) in &before.grants {
        let Some(secret) = grant.token.secret().filter(|secret| play.keepers.get(secret) != Some(&play.device)) else {
            continue;
        };
        let after = play.workspace.grants[id].token;
        let is_proven_gone = matches!(after, Token::Ended { how: TokenEnd::Forgotten, .. });
        let is_refused = matches!((grant.token, after), (Token::Held { .. }, Token::Dead { .. }));
        let is_taken = after.is_on(play.device);
        if is_proven_gone || is_refused || is_taken {
            wrong.push(format!("{secret}: {:?} became {after:?}", grant.token));
        }
    }
    wrong
}

const AT_GOOGLE: Press = Press::SignIn { account: 0, provider: Provider::Google, this_run_only: false };
const FOR_ONE_RUN: Press = Press::SignIn { account: 0, provider: Provider::Google, this_run_only: true };
const ANOTHER: Press = Press::GoTo(1, false);
const MOVED_FILE: Press = Press::GoTo(0, true);

fn play(presses: &[Press]) -> Play {
    let mut play = Play::new();
    for press in presses {
        play.press(press).unwrap();
    }
    play
}

/// A row held here, removed, its access gone at Google, and its token still to be forgotten.
fn to_be_forgotten() -> Play {
    let answer = Press::Answer(0, RevokeAnswer::Gone);
    play(&[AT_GOOGLE, Press::Disable(0), Press::Remove(0), Press::Request(0), answer])
}

fn grant(play: &Play) -> &Grant {
    play.workspace.grants.values().next().unwrap()
}

/// Changes the token of the only grant behind the rules' back.
fn set_token(play: &mut Play, set: impl FnOnce(&mut Token)) {
    let mut parts = play.workspace.clone().into_parts();
    set(&mut parts.grants.values_mut().next().unwrap().token);
    play.workspace = Workspace::from_parts(parts);
}

fn step(play: &Play) -> Standing {
    let job = play.workspace.disconnects.values().next().unwrap();
    job.standing(job.step(StepKind::ForgetSecret).unwrap(), &play.workspace.grants)
}

fn elsewhere(name: &str) -> Refusal {
    Refusal::KeptElsewhere { device: Some(Name::parse(name).unwrap()) }
}

#[test]
fn the_empty_keyring_of_another_device_proves_nothing_of_a_token() {
    let mut play = to_be_forgotten();
    let (id, secret) = (grant(&play).id, grant(&play).token.secret().unwrap());
    let begun = play.workspace.intend_forget(&play.ctx(), IntentionId(Uuid::from_u128(9)), id, secret).unwrap();
    play.press(&ANOTHER).unwrap();
    let ctx = play.ctx();
    assert_eq!(play.workspace.to_forget(&ctx), []);
    let fresh = IntentionId(Uuid::from_u128(8));
    assert_eq!(play.workspace.intend_forget(&ctx, fresh, id, secret), Err(elsewhere("computer 0")));
    assert_eq!(play.workspace.record_forgotten(&ctx, begun, true), Err(elsewhere("computer 0")));
    assert_eq!(step(&play), Standing::Open);
    // The device that keeps it can say so.
    play.press(&Press::GoTo(0, false)).unwrap();
    let ctx = play.ctx();
    play.workspace.record_forgotten(&ctx, begun, true).unwrap();
    assert!(matches!(step(&play), Standing::Done(Evidence::Proven { proof: Proof::KeyringAbsent, .. })));
}

#[test]
fn another_device_ends_nobodys_run_and_sweeps_nothing() {
    let mut play = play(&[FOR_ONE_RUN]);
    let (secret, intention) = (SecretId(Uuid::from_u128(7)), IntentionId(Uuid::from_u128(8)));
    play.workspace.intend_keep(&play.ctx(), intention, secret);
    play.press(&ANOTHER).unwrap();
    let before = play.workspace.clone();
    play.press(&Press::NewRun).unwrap();
    assert_eq!(play.workspace, before);
    assert_eq!(play.workspace.swept(&play.ctx(), intention), Err(elsewhere("computer 0")));
    for back in [Press::GoTo(0, false), Press::NewRun] {
        play.press(&back).unwrap();
    }
    assert!(matches!(grant(&play).token, Token::Ended { how: TokenEnd::RunOver, .. }));
}

#[test]
fn the_revocation_of_a_token_that_another_device_keeps_is_a_persons() {
    let mut play = play(&[AT_GOOGLE, Press::Disable(0), Press::Remove(0), ANOTHER]);
    assert_eq!(play.press(&Press::Request(0)), Err(Refusal::NotByBackend));
    play.press(&Press::Confirm(0, StepKind::RevokeGrant)).unwrap();
    assert_eq!(play.workspace.to_forget(&play.ctx()), [], "it is for the other device to forget");
    play.press(&Press::GoTo(0, false)).unwrap();
    assert_eq!(play.workspace.to_forget(&play.ctx()).len(), 1);
}

#[test]
fn a_workspace_that_moved_takes_over_only_what_is_read_here() {
    let mut play = play(&[AT_GOOGLE, ANOTHER]);
    let secret = grant(&play).token.secret().unwrap();
    let (ctx, first) = (play.ctx(), DeviceId(Uuid::from_u128(70)));
    assert!(!play.workspace.adopt(&ctx, secret), "nobody has said what this workspace is");
    play.press(&Press::Origin(Origin::Copied)).unwrap();
    assert!(!play.workspace.adopt(&ctx, secret), "the other one goes on");
    play.press(&Press::Origin(Origin::Moved)).unwrap();
    assert!(grant(&play).token.is_on(first), "what nobody has read stays where it was kept");
    assert!(play.workspace.adopt(&ctx, secret));
    assert!(grant(&play).token.is_on(ctx.device));
}

#[test]
fn a_file_that_moved_twice_leads_to_what_was_kept_at_first() {
    let mut play = play(&[AT_GOOGLE]);
    for press in [MOVED_FILE, Press::Origin(Origin::Moved), Press::GoTo(0, false), Press::Origin(Origin::Restored)] {
        play.press(&press).unwrap();
    }
    assert_eq!(play.workspace.adoptable(&play.ctx()).len(), 1);
    play.press(&Press::Look).unwrap();
    assert!(grant(&play).token.is_on(play.device));
}

#[test]
fn a_copy_on_the_same_device_leaves_the_tokens_to_the_file_that_it_is_a_copy_of() {
    let mut play = to_be_forgotten();
    play.workspace.intend_keep(&play.ctx(), IntentionId(Uuid::from_u128(8)), SecretId(Uuid::from_u128(7)));
    play.press(&MOVED_FILE).unwrap();
    assert_eq!(play.workspace.intentions.len(), 1);
    play.press(&Press::Origin(Origin::Copied)).unwrap();
    let ctx = play.ctx();
    assert_eq!(play.workspace.to_forget(&ctx), []);
    assert!(play.workspace.adoptable(&ctx).is_empty());
    assert!(play.workspace.intentions.is_empty(), "what was under way is the other file's to finish");
    let kept = grant(&play).token.kept_on().unwrap().unwrap();
    assert_eq!(play.workspace.devices[&kept].earlier_of, Some(ctx.device));
}

#[test]
fn a_workspace_that_comes_back_asks_again() {
    let mut play = play(&[AT_GOOGLE, ANOTHER, Press::Origin(Origin::Moved)]);
    let origin = |play: &Play| play.workspace.devices[&play.device].origin;
    assert_eq!(origin(&play), Origin::Moved);
    play.press(&Press::GoTo(0, false)).unwrap();
    assert_eq!(origin(&play), Origin::Unknown);
    assert!(grant(&play).token.is_on(play.device), "what is kept here stays known as kept here");
}

#[test]
fn what_began_on_a_device_came_from_nowhere() {
    let mut play = Play::new();
    assert_eq!(play.press(&Press::Origin(Origin::Moved)), Err(Refusal::BegunHere));
}

#[test]
fn a_token_from_before_devices_were_told_apart_is_adopted_when_it_is_read_and_not_before() {
    let mut play = to_be_forgotten();
    let id = grant(&play).id;
    let secret = grant(&play).token.secret().unwrap();
    set_token(&mut play, |token| {
        if let Token::Dead { device, .. } = token {
            *device = None;
        }
    });
    let ctx = play.ctx();
    assert_eq!(play.workspace.to_forget(&ctx), []);
    let unknown = Err(Refusal::KeptElsewhere { device: None });
    assert_eq!(play.workspace.intend_forget(&ctx, IntentionId(Uuid::from_u128(9)), id, secret), unknown);
    assert!(play.workspace.adopt(&ctx, secret));
    assert_eq!(play.workspace.to_forget(&ctx), [(id, secret)]);
}

#[test]
fn random_presses_do_come_to_other_devices_and_take_tokens_over() {
    let mut reached = std::collections::BTreeSet::new();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let presses = prop::collection::vec(press(), 100);
    for _ in 0..200 {
        let mut play = Play::new();
        for press in presses.new_tree(&mut runner).unwrap().current() {
            let elsewhere =
                |play: &Play| play.workspace.grants.values().filter(|g| g.token.is_elsewhere(play.device)).count();
            let before = elsewhere(&play);
            let outcome = play.press(&press);
            if matches!(press, Press::Look) && elsewhere(&play) < before {
                reached.insert("taken over");
            }
            if matches!(press, Press::NewRun) && before > 0 {
                reached.insert("a run over beside another's");
            }
            if matches!(outcome, Err(Refusal::KeptElsewhere { .. })) {
                reached.insert("refused");
            }
            if matches!(outcome, Err(Refusal::KeptForOtherFile { .. })) {
                reached.insert("refused for a file that moved");
            }
        }
    }
    assert_eq!(reached.len(), 4, "the property test would prove nothing about what it never reaches: {reached:?}");
}

#[test]
fn the_check_of_what_a_device_may_conclude_can_fail() {
    let mut play = to_be_forgotten();
    let before = play.workspace.clone();
    play.press(&ANOTHER).unwrap();
    assert_eq!(concluded_elsewhere(&before, &play), Vec::<String>::new());
    let at = play.now;
    set_token(&mut play, |token| *token = Token::Ended { how: TokenEnd::Forgotten, at });
    assert_eq!(concluded_elsewhere(&before, &play).len(), 1);
}
