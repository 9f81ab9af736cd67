//! The rules under random presses, and proof that each check can fail.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod devices;
#[expect(dead_code, reason = "a twin is for the tests of cases")]
mod play;
mod taken_back;

use play::people::wrongly_told;
use play::{Play, Press, address_of, broken, press};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use uncouple_domain::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(500), ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_presses_breaks_a_rule(presses in prop::collection::vec(press(), 1..100)) {
        let mut play = Play::new();
        for press in &presses {
            let (before, actor) = (play.workspace.clone(), play.me);
            let outcome = play.press(press);
            let events = play.workspace.take_events();
            if let Err(refusal) = outcome {
                prop_assert_eq!(&play.workspace, &before, "refused with {} and changed something: {:?}", refusal, press);
                prop_assert!(events.is_empty(), "refused with {} and told of it: {:?}", refusal, events);
            }
            prop_assert_eq!(broken(&play.workspace), Vec::<&str>::new(), "after {:?}", press);
            prop_assert_eq!(silent_changes(&before, &play.workspace, &events), Vec::<&str>::new(), "after {:?}", press);
            // Only the provider's own list can say that what was proven gone is there again.
            let listed = matches!(press, Press::Directory { listed: true, .. });
            prop_assert!(listed || lost_proofs(&before, &play.workspace) == 0, "a proof is lost after {:?}", press);
            prop_assert_eq!(against_the_list(&play.workspace, press), Vec::<&str>::new(), "after {:?}", press);
            let wrong = devices::concluded_elsewhere(&before, &play);
            prop_assert_eq!(wrong, Vec::<String>::new(), "after {:?}", press);
            prop_assert_eq!(wrongly_told(&before, &play.workspace, actor), Vec::<String>::new(), "after {:?}", press);
            for (grant, _) in play.workspace.to_forget(&play.ctx()) {
                let used = play.workspace.mailboxes.values().any(|m| m.grant == Some(grant) && m.usage != Use::Removed);
                prop_assert!(!used, "would forget the token of a row in use after {:?}", press);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(200), ..ProptestConfig::default() })]

    #[test]
    fn one_pass_finds_what_the_rules_find_row_by_row(presses in prop::collection::vec(press(), 1..100)) {
        let mut play = Play::new();
        for press in &presses {
            let _ = play.press(press);
            let (workspace, ctx) = (&play.workspace, play.ctx());
            let lookups = Lookups::new(workspace, &ctx);
            let ids = |rows: Vec<&Mailbox>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
            for row in workspace.mailboxes.values() {
                let job = |job: Option<&Disconnect>| job.map(|job| job.id);
                prop_assert_eq!(job(lookups.job_of(row.id)), job(workspace.job_of(row.id)));
                let sharing = (ids(lookups.sharing(row).collect()), ids(workspace.sharing(row).collect()));
                prop_assert_eq!(&sharing.0, &sharing.1);
                let again = |row: Result<&Mailbox, Refusal>| row.map(|row| row.id);
                let reconnectable = again(lookups.reconnectable(&ctx, row.id));
                prop_assert_eq!(reconnectable, again(workspace.reconnectable(&ctx, row.id)));
            }
            let to_forget = workspace.to_forget(&ctx);
            for grant in workspace.grants.keys() {
                prop_assert_eq!(lookups.is_to_forget(*grant), to_forget.iter().any(|(id, _)| id == grant));
            }
        }
    }

    #[test]
    fn what_is_due_is_asked_without_a_copy_and_answered_as_with_one(
        presses in prop::collection::vec((press(), 0..8_u8), 1..100), show: bool, digest: bool,
    ) {
        let mut play = Play::new();
        for (press, look) in &presses {
            let _ = play.press(press);
            let ctx = play.ctx();
            let before = play.workspace.clone();
            for to in before.members.keys().copied() {
                let today = |at: jiff::Timestamp| ctx.now.duration_since(at).as_hours() < 24;
                let due = before.has_reminders(ctx.now)
                    || before.has_pop_ups(to, show)
                    || (digest && before.digest_due(ctx.now, to, today).is_some());
                let mut after = before.clone();
                after.remind(&ctx);
                if digest {
                    after.digest(&ctx, to, today);
                }
                if show {
                    after.take_pop_ups(&ctx, to, |_| true);
                }
                after.take_stale_pop_ups(to);
                prop_assert_eq!(due, after != before, "{:?} for {:?} after {:?}", due, to, press);
            }
            // Now and then the desktop shows what is due, or the person reads the list.
            match look {
                0 => {
                    play.workspace.remind(&ctx);
                    for to in before.members.keys() {
                        play.workspace.take_pop_ups(&ctx, *to, |_| true);
                    }
                }
                1 => play.workspace.read_all_notices(&ctx),
                _ => {}
            }
        }
    }
}

#[test]
fn rows_on_one_consent_are_found_in_one_pass_too() {
    let mut play = Play::new();
    play.press(&Press::Track { address: 0, provider: Provider::Google }).unwrap();
    let first = play.workspace.mailboxes.values().next().unwrap().clone();
    for n in 1..4 {
        let id = MailboxId(uuid::Uuid::from_u128(0xabc0 + n));
        let address = Address::parse(&format!("alias{n}@example.com")).unwrap();
        by_hand(&mut play.workspace, |w| drop(w.mailboxes.insert(id, Mailbox { id, address, ..first.clone() })));
    }
    let lookups = Lookups::new(&play.workspace, &play.ctx());
    assert_eq!(lookups.sharing(&first).count(), 3);
    for row in play.workspace.mailboxes.values() {
        assert!(lookups.sharing(row).eq(play.workspace.sharing(row)), "{}", row.address);
    }
}

/// Changes what no rule would.
fn by_hand(workspace: &mut Workspace, change: impl FnOnce(&mut Parts)) {
    let mut parts = std::mem::take(workspace).into_parts();
    change(&mut parts);
    *workspace = Workspace::from_parts(parts);
}

/// Changes of use that no event tells of.
fn silent_changes(before: &Workspace, after: &Workspace, events: &[Event]) -> Vec<&'static str> {
    after
        .mailboxes
        .values()
        .filter(|m| before.mailboxes.get(&m.id).is_some_and(|b| b.usage != m.usage))
        .filter(|m| {
            !events.iter().any(|e| {
                e.mailbox == Some(m.id)
                    && matches!(
                        e.kind,
                        EventKind::UseChanged { .. }
                            | EventKind::MailboxTracked { .. }
                            | EventKind::MailboxConnected { .. }
                            | EventKind::Reconnected
                            | EventKind::Moved { .. }
                    )
            })
        })
        .map(|_| "a use changed without an event")
        .collect()
}

/// What the state says against the list that was just read.
fn against_the_list(workspace: &Workspace, press: &Press) -> Vec<&'static str> {
    let Press::Directory { address, suite, listed, deleted_here, .. } = press else { return Vec::new() };
    let subject = Subject::Address(address_of(*address).key().to_owned());
    let theirs = workspace.grants.values().filter(|g| g.same_line(suite.provider(), &subject, Client::HubSpot));
    let Some(newest) = theirs.max_by_key(|grant| grant.generation) else { return Vec::new() };
    let gone = matches!(newest.consent, Consent::Gone { .. });
    let waits = workspace.disconnects.values().any(|job| {
        job.ended.is_none() && job.step(StepKind::RevokeGrant).is_some_and(|step| step.grant == Some(newest.id))
    });
    match (listed, deleted_here) {
        (true, _) if gone => vec!["called gone, and listed"],
        (false, true) if !gone => vec!["deleted and read as gone, and not called so"],
        (false, false) if waits && !gone => vec!["read as gone, and its job is not told"],
        _ => Vec::new(),
    }
}

/// Proven consents that are not proven any more.
fn lost_proofs(before: &Workspace, after: &Workspace) -> usize {
    let proven = |g: &&Grant| matches!(g.consent, Consent::Gone { evidence: Evidence::Proven { .. } });
    before.grants.values().filter(proven).filter(|g| after.grants.get(&g.id).filter(proven).is_none()).count()
}

fn play(presses: &[Press]) -> Play {
    let mut play = Play::new();
    for press in presses {
        play.press(press).unwrap();
    }
    play
}

fn google_row_here() -> Play {
    play(&[Press::SignIn { account: 0, provider: Provider::Google, this_run_only: false }])
}

fn done_here() -> Play {
    let mut play = google_row_here();
    for press in [
        Press::Disable(0),
        Press::Remove(0),
        Press::Request(0),
        Press::Answer(0, RevokeAnswer::Gone),
        Press::Forget(0, true),
    ] {
        play.press(&press).unwrap();
    }
    play
}

#[test]
fn random_presses_do_reach_complete_jobs_of_every_rank() {
    let mut reached = std::collections::BTreeSet::new();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let presses = prop::collection::vec(press(), 100);
    let mut people = std::collections::BTreeSet::new();
    for _ in 0..700 {
        let presses = presses.new_tree(&mut runner).unwrap().current();
        let mut play = Play::new();
        for press in &presses {
            let _ = play.press(press);
            let jobs = play.workspace.disconnects.values().filter(|j| j.ended.is_none());
            for job in jobs {
                let rank = job.completion(&play.workspace.grants).rank();
                reached.extend(rank);
                match job.purpose {
                    Purpose::Move { .. } if rank.is_some() => people.insert("a complete move"),
                    Purpose::ToTeam { .. } if rank.is_some() => people.insert("a complete change to a team address"),
                    Purpose::ToPersonal { .. } if rank.is_some() => people.insert("a complete change to personal"),
                    Purpose::Leave | Purpose::Move { .. } | Purpose::ToTeam { .. } | Purpose::ToPersonal { .. } => {
                        false
                    }
                };
            }
        }
        people.extend(play.workspace.notices.values().map(|notice| match notice.what {
            NoticeKind::Disconnected { inbox: Some(_) } => "a team address disconnected",
            NoticeKind::Disconnected { inbox: None } => "a mailbox disconnected",
            NoticeKind::Lost { .. } if notice.corrected.is_some() => "a recovery",
            NoticeKind::Lost { .. } => "a loss",
            NoticeKind::Asked => "a question",
            NoticeKind::Declined => "an answer",
            NoticeKind::Moving { .. } => "a move",
            NoticeKind::StillThere { .. } => "still there",
            NoticeKind::AccessRevoked { .. } => "an access revoked",
            NoticeKind::Reminder => "a reminder",
            NoticeKind::Digest { .. } => "a digest",
        }));
    }
    assert_eq!(people.len(), 14, "the property test would prove nothing about what it never reaches: {people:?}");
    assert_eq!(reached.len(), 3, "the property test would prove nothing about ranks it never reaches: {reached:?}");
}

#[test]
fn a_job_done_here_is_complete_and_proven_by_google() {
    let play = done_here();
    let job = play.workspace.disconnects.values().next().unwrap();
    let weakest = job.completion(&play.workspace.grants).weakest.unwrap();
    assert!(matches!(weakest, Evidence::Proven { proof: Proof::GoogleRevoke, .. }), "{weakest:?}");
}

#[test]
fn a_person_of_two_addresses_who_gave_both_consents_anew_has_two_new_ones() {
    let directory =
        |listed| Press::Directory { address: 0, alias: true, suite: Suite::Google, listed, deleted_here: !listed };
    let play = play(&[
        Press::Track { address: 0, provider: Provider::Google },
        Press::Track { address: 1, provider: Provider::Google },
        directory(false),
        directory(true),
    ]);
    for row in play.workspace.mailboxes.values() {
        let grant = play.workspace.grant_of(row).unwrap();
        assert_eq!(grant.subject, Subject::Address(row.address.key().to_owned()));
        assert_eq!((grant.generation, play.workspace.grants.len()), (2, 4));
    }
}

#[test]
fn a_dead_token_is_not_a_consent_gone() {
    let mut play = google_row_here();
    for press in [Press::Disable(0), Press::Remove(0), Press::Request(0)] {
        play.press(&press).unwrap();
    }
    play.press(&Press::Answer(0, RevokeAnswer::AlreadyInvalid)).unwrap();
    let job = play.workspace.disconnects.values().next().unwrap();
    let step = job.step(StepKind::RevokeGrant).unwrap();
    assert_eq!(job.standing(step, &play.workspace.grants), Standing::Open);
    let row = play.workspace.mailbox(job.mailbox).unwrap();
    assert_eq!(
        job.mode(step, row, &play.workspace.grants, play.device),
        StepMode::Guided,
        "only a person can look now"
    );
}

#[test]
fn a_second_answer_does_not_take_a_proof_away() {
    let mut play = google_row_here();
    for press in [Press::Disable(0), Press::Remove(0), Press::Request(0)] {
        play.press(&press).unwrap();
    }
    let ctx = play.ctx();
    let intention = *play.workspace.intentions.keys().next().unwrap();
    let mut other = play.workspace.clone();
    play.workspace.record_revocation(&ctx, intention, RevokeAnswer::Gone, Vec::new()).unwrap();
    // The same token, revoked by a second process at the same time.
    by_hand(&mut other, |w| w.grants.clone_from(&play.workspace.grants));
    other.record_revocation(&ctx, intention, RevokeAnswer::AlreadyInvalid, Vec::new()).unwrap();
    assert_eq!(other.grants.values().filter(|g| matches!(g.consent, Consent::Gone { .. })).count(), 1);
}

#[test]
fn connecting_again_supersedes_an_open_revocation() {
    let mut play = google_row_here();
    for press in [Press::Disable(0), Press::Remove(0)] {
        play.press(&press).unwrap();
    }
    let old = play.workspace.mailboxes.values().next().unwrap().grant.unwrap();
    play.press(&Press::SignIn { account: 0, provider: Provider::Google, this_run_only: false }).unwrap();
    let row = play.workspace.mailboxes.values().next().unwrap();
    assert_eq!((play.workspace.mailboxes.len(), row.usage), (1, Use::InUse), "the row goes on");
    assert!(matches!(play.workspace.grants[&old].consent, Consent::Superseded { .. }));
    assert_eq!(play.press(&Press::Request(0)), Err(Refusal::DisconnectEnded));
}

#[test]
fn nothing_turns_grey_for_hubspot_before_somebody_said_so() {
    let mut play = play(&[Press::Track { address: 0, provider: Provider::Google }, Press::Disable(0)]);
    let usage = |play: &Play| play.workspace.mailboxes.values().next().unwrap().usage;
    assert_eq!(usage(&play), Use::InUse);
    play.press(&Press::Confirm(0, StepKind::DisableInCrm)).unwrap();
    assert_eq!(usage(&play), Use::Disabled);
}

#[test]
fn an_undo_ends_where_the_revocation_begins() {
    let mut play = google_row_here();
    for press in [Press::Disable(0), Press::Remove(0), Press::Undo(0), Press::Remove(0), Press::Request(0)] {
        play.press(&press).unwrap();
    }
    assert_eq!(play.press(&Press::Undo(0)), Err(Refusal::RevocationStarted));
}

#[test]
fn a_working_token_outranks_a_word() {
    let mut play = play(&[Press::SignIn { account: 0, provider: Provider::Microsoft365, this_run_only: false }]);
    for press in [Press::Disable(0), Press::Remove(0), Press::Confirm(0, StepKind::RevokeGrant)] {
        play.press(&press).unwrap();
    }
    play.press(&Press::Check(0, CheckResult::Works)).unwrap();
    let grant = play.workspace.grants.values().next().unwrap();
    assert!(matches!(grant.consent, Consent::StillThere { .. }), "{:?}", grant.consent);
}

#[test]
fn a_token_at_microsoft_is_kept_seven_days_at_the_most() {
    let mut play = play(&[Press::SignIn { account: 0, provider: Provider::Microsoft365, this_run_only: false }]);
    for press in [Press::Disable(0), Press::Remove(0), Press::Wait(167)] {
        play.press(&press).unwrap();
    }
    assert!(play.workspace.to_forget(&play.ctx()).is_empty());
    play.press(&Press::Wait(1)).unwrap();
    assert_eq!(play.workspace.to_forget(&play.ctx()).len(), 1);
}

#[test]
fn the_same_address_twice_is_refused_by_name() {
    let mut play = play(&[Press::Track { address: 0, provider: Provider::Google }]);
    let refused = play.press(&Press::Track { address: 0, provider: Provider::Imap });
    assert!(matches!(refused, Err(Refusal::AddressInUse { address, .. }) if address == address_of(0)));
}

/// Each line breaks one rule by hand, and the checks must say so.
#[test]
fn every_check_fails_when_its_rule_is_broken() {
    let check = |mut play: Play, rule: &str, breaks: fn(&mut Parts)| {
        assert_eq!(broken(&play.workspace), Vec::<&str>::new());
        by_hand(&mut play.workspace, breaks);
        assert!(broken(&play.workspace).contains(&rule), "{rule}: {:?}", broken(&play.workspace));
    };
    check(google_row_here(), "one row in use per address", |w| {
        let mut twin = w.mailboxes.values().next().unwrap().clone();
        twin.id = MailboxId(uuid::Uuid::max());
        w.mailboxes.insert(twin.id, twin);
    });
    check(google_row_here(), "a row in use hangs on the newest generation of its consent", |w| {
        let grant = w.grants.values_mut().next().unwrap();
        grant.consent = Consent::Superseded { by: grant.id, at: "2026-11-23T09:00:00Z".parse().unwrap() };
    });
    check(google_row_here(), "a consent where there can be one", |w| {
        w.mailboxes.values_mut().next().unwrap().grant = None;
    });
    check(google_row_here(), "nothing in HubSpot is proven by a store of ours", |w| {
        w.mailboxes.values_mut().next().unwrap().holder = Holder::HubSpot { account: None };
    });
    check(
        play(&[Press::Track { address: 0, provider: Provider::Google }]),
        "what is held here is known by the store",
        |w| {
            w.mailboxes.values_mut().next().unwrap().holder = Holder::Workspace;
        },
    );
    check(done_here(), "complete only when the row is gone", |w| {
        w.mailboxes.values_mut().next().unwrap().usage = Use::Disabled;
    });
    check(done_here(), "the removal step and the row's use agree", |w| {
        w.mailboxes.values_mut().next().unwrap().usage = Use::InUse;
    });
    check(done_here(), "one open job per mailbox", |w| {
        let mut twin = w.disconnects.values().next().unwrap().clone();
        twin.id = DisconnectId(uuid::Uuid::max());
        w.disconnects.insert(twin.id, twin);
    });
    check(google_row_here(), "generations are told apart", |w| {
        let mut twin = w.grants.values().next().unwrap().clone();
        twin.id = GrantId(uuid::Uuid::max());
        w.grants.insert(twin.id, twin);
    });
    check(google_row_here(), "a new generation opens only after the older ones are over", |w| {
        let mut later = w.grants.values().next().unwrap().clone();
        later.id = GrantId(uuid::Uuid::max());
        later.generation += 1;
        w.grants.insert(later.id, later);
    });
}

#[test]
fn of_two_revocations_under_way_each_answer_finds_its_place() {
    let mut play = google_row_here();
    for press in [Press::Disable(0), Press::Remove(0), Press::Request(0), Press::Request(0)] {
        play.press(&press).unwrap();
    }
    let ctx = play.ctx();
    let asked: Vec<IntentionId> = play.workspace.intentions.keys().copied().collect();
    assert_eq!(asked.len(), 2);
    // The call that came second at the provider is heard first.
    play.workspace.record_revocation(&ctx, asked[1], RevokeAnswer::AlreadyInvalid, Vec::new()).unwrap();
    play.workspace.record_revocation(&ctx, asked[0], RevokeAnswer::Gone, Vec::new()).unwrap();
    let grant = play.workspace.grants.values().next().unwrap();
    assert!(matches!(grant.consent, Consent::Gone { evidence: Evidence::Proven { .. } }), "{:?}", grant.consent);
}

#[test]
fn a_revocation_that_was_answered_is_not_undone() {
    let mut play = google_row_here();
    for press in [Press::Disable(0), Press::Remove(0), Press::Request(0)] {
        play.press(&press).unwrap();
    }
    play.press(&Press::Answer(0, RevokeAnswer::AlreadyInvalid)).unwrap();
    assert_eq!(play.press(&Press::Undo(0)), Err(Refusal::RevocationStarted));
}

#[test]
fn no_row_comes_back_to_a_token_whose_deletion_was_begun() {
    let mut play = play(&[Press::SignIn { account: 0, provider: Provider::Microsoft365, this_run_only: false }]);
    for press in [Press::Disable(0), Press::Remove(0), Press::Wait(168), Press::Forget(0, false)] {
        play.press(&press).unwrap();
    }
    assert_eq!(play.press(&Press::Undo(0)), Err(Refusal::NoToken));
}

#[test]
fn what_an_old_token_says_is_not_taken_for_the_new_one() {
    let again = Press::SignIn { account: 0, provider: Provider::Microsoft365, this_run_only: false };
    let mut play = play(std::slice::from_ref(&again));
    let row = play.workspace.mailboxes.values().next().unwrap();
    let (row, old) = (row.id, row.grant.unwrap());
    play.press(&again).unwrap();
    let ctx = play.ctx();
    let refused = play.workspace.record_check(&ctx, None, row, old, CheckResult::NoConsent, Vec::new());
    assert_eq!(refused, Err(Refusal::Superseded));
}
