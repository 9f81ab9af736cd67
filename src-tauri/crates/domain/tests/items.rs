//! Items of an administrator's run under random answers.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uncouple_domain::{DeleteAnswer, ItemState, Left, Listed, Logged};

#[derive(Clone, Debug)]
enum Answer {
    Intend,
    /// What was intended last was surely not sent.
    NotSent,
    Deleted(DeleteAnswer),
    /// A read that began so many seconds ago.
    Read(u8, Listed),
    /// The log, with a removal and a consent so many seconds from now.
    Logged(Option<i8>, Option<i8>),
    Leave(Left),
    /// Giving it back: intended; surely not done; read back as of so many seconds ago.
    Restore,
    NotRestored,
    Restored(u8),
    Wait(u8),
}

fn answer() -> impl Strategy<Value = Answer> {
    let listed = prop::sample::select(vec![
        Listed::Yes,
        Listed::No,
        Listed::No,
        Listed::Covered,
        Listed::Elsewhere,
        Listed::NobodyThere,
    ]);
    let left = prop::sample::select(vec![Left::StillListed, Left::Forbidden, Left::NoAnswer, Left::Cancelled]);
    let deleted = prop::sample::select(vec![DeleteAnswer::Deleted, DeleteAnswer::AlreadyGone]);
    let seconds = || prop::option::of(any::<i8>());
    prop_oneof![
        3 => Just(Answer::Intend),
        1 => Just(Answer::NotSent),
        3 => deleted.prop_map(Answer::Deleted),
        4 => (0..30_u8, listed).prop_map(|(ago, listed)| Answer::Read(ago, listed)),
        2 => (seconds(), seconds()).prop_map(|(removal, consent)| Answer::Logged(removal, consent)),
        1 => left.prop_map(Answer::Leave),
        2 => Just(Answer::Restore),
        1 => Just(Answer::NotRestored),
        1 => any::<u8>().prop_map(Answer::Restored),
        3 => any::<u8>().prop_map(Answer::Wait),
    ]
}

fn seconds(number: i64) -> SignedDuration {
    SignedDuration::from_secs(number)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(2_000), ..ProptestConfig::default() })]

    /// The rule, written a second time: proven means that after the last deletion, or the last intention where no
    /// answer came, a read began that did not have it, and that no consent later than that is known.
    #[test]
    fn nothing_is_proven_without_an_empty_read_after_the_deletion(answers in prop::collection::vec(answer(), 1..40)) {
        let mut now: Timestamp = "2026-11-25T09:00:00Z".parse().map_err(|_| TestCaseError::fail("a time"))?;
        let mut state = ItemState::Planned;
        let (mut deleted, mut empty): (Option<Timestamp>, bool) = (None, false);
        let mut unintended = (state, deleted, empty);
        let mut unrestored = (state, empty);
        for answer in answers {
            let before = state;
            match answer {
                Answer::Wait(time) => now += seconds(time.into()),
                Answer::Intend => {
                    if let Ok(next) = state.intend(now) {
                        unintended = (state, deleted, empty);
                        (state, deleted, empty) = (next, Some(now), false);
                    }
                }
                Answer::NotSent => {
                    if let Ok(next) = state.not_sent(unintended.0) {
                        let intended = matches!(before, ItemState::Intended { .. });
                        prop_assert!(intended && next == unintended.0);
                        (state, deleted, empty) = unintended;
                    }
                }
                Answer::Deleted(answer) => {
                    if let Ok(next) = state.answered(now, answer) {
                        (state, deleted, empty) = (next, Some(now), false);
                    }
                }
                Answer::Read(ago, listed) => {
                    let began = now - seconds(ago.into());
                    // What was given back, or is about to be, is listed for that reason.
                    let counts = deleted.is_some_and(|deleted| deleted <= began) && !before.is_given_back();
                    let read = state.read(began, listed);
                    prop_assert_eq!(read.is_ok(), counts, "{:?} read {:?} as of {}", before, listed, began);
                    if let Ok(next) = read {
                        state = next;
                        empty = match listed {
                            Listed::No | Listed::NobodyThere => !matches!(state, ItemState::Left { .. }),
                            Listed::Yes | Listed::Covered | Listed::Elsewhere => false,
                        };
                        if listed == Listed::Elsewhere {
                            let known = matches!(state, ItemState::Left { why: Left::StillReached | Left::ConsentedAgain, .. });
                            prop_assert!(known, "{:?} is told as {:?}", before, state);
                        }
                    }
                }
                Answer::Logged(removal, consent) => {
                    let at = |number: Option<i8>| number.map(|number| now + seconds(number.into()));
                    let (removal, consent) = (at(removal), at(consent));
                    state = state.logged(now, removal, consent);
                    let later = |deleted| consent.is_some_and(|at| at >= removal.unwrap_or(deleted).max(deleted));
                    if before.is_proven() && deleted.is_some_and(later) {
                        empty = false;
                        prop_assert!(matches!(state, ItemState::Left { why: Left::ConsentedAgain, .. }), "{:?}", state);
                    }
                }
                Answer::Restore => {
                    let gone = before.answer() == Some(DeleteAnswer::AlreadyGone);
                    match state.intend_restore(now) {
                        Ok(next) => {
                            prop_assert!(deleted.is_some() && !gone, "{:?} was not this run's to give back", before);
                            // An intention that a crash cut off is written again, and has no other state before it.
                            if !before.is_given_back() {
                                unrestored = (state, empty);
                            }
                            (state, empty) = (next, false);
                        }
                        Err(_) => {
                            let nobody = matches!(before, ItemState::Proven { nobody_there: true, .. });
                            prop_assert!(!before.is_proven() || gone || nobody, "{:?} was this run's", before);
                        }
                    }
                }
                Answer::NotRestored => {
                    let intended = matches!(before, ItemState::Restoring { .. });
                    let back = state.not_restored(unrestored.0);
                    prop_assert_eq!(back.is_ok(), intended);
                    if let Ok(next) = back {
                        prop_assert_eq!(next, unrestored.0);
                        (state, empty) = unrestored;
                    }
                }
                Answer::Restored(ago) => {
                    let intended = matches!(before, ItemState::Restoring { .. });
                    let read = state.restored(now, now - seconds(ago.into()));
                    prop_assert_eq!(read.is_ok(), intended);
                    state = read.unwrap_or(state);
                }
                Answer::Leave(why) => {
                    state = state.leave(now, why);
                    if before.is_given_back() {
                        prop_assert_eq!(state, before, "a failure takes back what was given back");
                    }
                    if matches!(before, ItemState::Proven { .. } | ItemState::Left { why: Left::StillReached, .. }) {
                        prop_assert_eq!(state, before, "a failure takes back what a list said");
                    }
                }
            }
            if state.is_proven() {
                prop_assert!(empty, "{:?} became {:?}", before, state);
            }
            if let ItemState::Restored { .. } = before {
                prop_assert_eq!(state, before, "nothing follows what was given back");
            }
            if before.is_proven() && !state.is_proven() {
                prop_assert!(state.is_over(), "{:?} became {:?}", before, state);
            }
            if let ItemState::Proven { deleted: at, read, .. } = state {
                prop_assert!(at <= read, "read before it was deleted");
                prop_assert_eq!(Some(at), deleted);
            }
        }
    }
}

#[test]
fn a_removal_followed_by_a_consent_is_not_gone_and_one_before_it_is() {
    let at = |text: &str| -> Timestamp { text.parse().unwrap_or(Timestamp::UNIX_EPOCH) };
    let (deleted, read) = (at("2026-11-25T09:00:00Z"), at("2026-11-25T09:00:01Z"));
    let proven = ItemState::Proven { deleted, read, nobody_there: false, log: Logged::NotAsked, answer: None };
    let (asked, removal) = (at("2026-11-25T10:00:00Z"), at("2026-11-25T09:00:00.5Z"));
    let later = proven.logged(asked, Some(removal), Some(at("2026-11-25T09:30:00Z")));
    assert!(matches!(later, ItemState::Left { why: Left::ConsentedAgain, .. }));
    let earlier = proven.logged(asked, Some(removal), Some(at("2026-11-25T08:00:00Z")));
    let log = Logged::Removed { at: removal };
    assert_eq!(earlier, ItemState::Proven { deleted, read, nobody_there: false, log, answer: None });
    // The log comes late: an entry that is there stays when it is asked again.
    assert_eq!(earlier.logged(asked, None, None), earlier);
    assert!(matches!(proven.logged(asked, None, None), ItemState::Proven { log: Logged::NotYet { .. }, .. }));
}
