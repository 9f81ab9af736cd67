//! What somebody said by mistake and takes back, after other things have happened.

use crate::play;
use crate::play::people::People;
use crate::play::{Play, Press, broken};
use uncouple_domain::*;

#[test]
fn a_withdrawal_never_brings_a_row_back_beside_another() {
    let mut play =
        play(&[Press::Track { address: 0, provider: Provider::Google }, Press::Disable(0), Press::ConfirmBoth(0)]);
    play.press(&Press::Track { address: 0, provider: Provider::Imap }).unwrap();
    let refused = play.press(&Press::Withdraw(0, StepKind::RemoveFromCrm));
    assert!(matches!(refused, Err(Refusal::AddressInUse { .. })), "{refused:?}");
}

#[test]
fn a_withdrawal_never_brings_a_row_back_into_an_inbox_that_was_deleted() {
    let team = People::TrackTeam { address: 0, provider: Provider::Google, connected_by: None };
    let mut play = play(&[Press::People(team), Press::People(People::Delete(0)), Press::Settle(0, 0)]);
    play.press(&Press::People(People::DeleteInbox)).unwrap();
    let refused = play.press(&Press::Withdraw(0, StepKind::RemoveFromCrm));
    assert_eq!(refused, Err(Refusal::UnknownInbox));
}

#[test]
fn a_revocation_that_was_only_said_is_not_open_again_beside_a_later_connection() {
    let mut play =
        play(&[Press::Track { address: 0, provider: Provider::Google }, Press::Disable(0), Press::Settle(0, 0)]);
    let team = People::TrackTeam { address: 0, provider: Provider::Google, connected_by: None };
    for press in [Press::People(team), Press::Withdraw(0, StepKind::RevokeGrant)] {
        play.press(&press).unwrap();
    }
    assert_eq!(broken(&play.workspace), Vec::<&str>::new());
    assert!(play.workspace.grants.values().any(|grant| matches!(grant.consent, Consent::Superseded { .. })));
}

/// Found by random presses: the row's own consent was superseded by itself.
#[test]
fn a_move_that_was_closed_and_not_made_is_opened_again_without_touching_the_consent() {
    let mut play = Play::new();
    let track = Press::People(People::TrackTeam { address: 0, provider: Provider::Google, connected_by: None });
    for press in [track, Press::People(People::Move(0)), Press::Settle(0, 32)] {
        play.press(&press).unwrap();
    }
    let before = play.workspace.grants.clone();
    let row = play.workspace.mailboxes.values().next().unwrap().clone();
    play.press(&Press::Withdraw(0, StepKind::ConnectAgain)).unwrap();
    assert_eq!(broken(&play.workspace), Vec::<&str>::new());
    assert_eq!(play.workspace.grants, before);
    assert_eq!(play.workspace.mailboxes.values().next().unwrap(), &row);
}

#[test]
fn a_removal_here_is_not_undone_after_the_account_was_connected_as_another_row() {
    let mut play = play(&[Press::SignIn { account: 1, provider: Provider::Google, this_run_only: false }]);
    let team = People::SignInTeam { account: 1 };
    for press in [Press::Disable(0), Press::Remove(0), Press::People(team), Press::People(People::Delete(1))] {
        play.press(&press).unwrap();
    }
    let first = *play.workspace.disconnects.keys().next().unwrap();
    let refused = play.workspace.clone().undo_removal(&play.ctx(), first);
    assert_eq!(refused, Err(Refusal::Superseded));
}

#[test]
fn a_move_is_not_taken_back_once_the_row_has_gone_on_from_there() {
    let mut play = play(&[Press::Track { address: 0, provider: Provider::Google }, Press::People(People::Move(0))]);
    let reconnected = Press::People(People::Reconnected(0));
    for press in [Press::Settle(0, 32), Press::Disable(0), reconnected] {
        play.press(&press).unwrap();
    }
    let refused = play.press(&Press::Withdraw(1, StepKind::ConnectAgain));
    assert_eq!(refused, Err(Refusal::Superseded));
}

#[test]
fn a_consent_that_is_proven_gone_stays_so_when_the_move_to_it_is_taken_back() {
    let mut play =
        play(&[Press::Track { address: 2, provider: Provider::Microsoft365 }, Press::People(People::Move(0))]);
    let directory =
        Press::Directory { address: 2, alias: false, suite: Suite::Google, listed: false, deleted_here: true };
    for press in [Press::People(People::ConnectAgain(0)), directory, Press::Withdraw(0, StepKind::ConnectAgain)] {
        play.press(&press).unwrap();
    }
    let proven = |grant: &Grant| matches!(grant.consent, Consent::Gone { evidence: Evidence::Proven { .. } });
    assert!(play.workspace.grants.values().any(proven));
}

#[test]
fn a_move_is_not_taken_back_once_the_row_was_connected_again_at_the_new_provider() {
    let mut play = play(&[Press::Track { address: 0, provider: Provider::Google }, Press::People(People::Move(0))]);
    for press in [People::ConnectAgain(0), People::Reconnected(0)] {
        play.press(&Press::People(press)).unwrap();
    }
    assert_eq!(play.press(&Press::Withdraw(0, StepKind::ConnectAgain)), Err(Refusal::Superseded));
}

#[test]
fn what_the_list_says_of_a_consent_stays_when_the_move_to_it_is_taken_back() {
    let mut play =
        play(&[Press::Track { address: 2, provider: Provider::Microsoft365 }, Press::People(People::Move(0))]);
    let directory =
        Press::Directory { address: 2, alias: false, suite: Suite::Google, listed: true, deleted_here: false };
    for press in [Press::People(People::ConnectAgain(0)), directory, Press::Withdraw(0, StepKind::ConnectAgain)] {
        play.press(&press).unwrap();
    }
    let row = play.workspace.mailboxes.values().next().unwrap();
    assert_eq!(row.provider, Provider::Microsoft365);
    assert!(play.workspace.grants.values().any(|grant| matches!(grant.consent, Consent::Active { .. })));
    assert_eq!(broken(&play.workspace), Vec::<&str>::new());
}
