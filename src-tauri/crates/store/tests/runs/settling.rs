//! What a run settles lands together with what it changes in the workspace, and one process at a time has the runs.

use crate::kit::*;
use std::process::{Command, Stdio};
use std::sync::Arc;
use uncouple_domain::*;
use uncouple_engine::directory::Target;
use uncouple_engine::ports::{CaseWork, Committed, Store, StoreError};
use uncouple_engine::runs::*;
use uncouple_store::SqliteStore;

/// A plan of so many items.
async fn planned(items: usize) -> Desk {
    let desk = desk().await;
    desk.put((0..items).map(|n| person(&format!("p{n:03}"), &["hub"])).collect()).await;
    desk.plan(1, PlanFrom::Accesses(AccessQuery::default()), &["hub"]).await;
    desk
}

fn change(seq: u32, state: ItemState) -> ItemChange {
    ItemChange { run: run(1).id, seq, state, look: None, through: Vec::new() }
}

fn intended(second: i64) -> ItemState {
    ItemState::Planned.intend(at(second)).unwrap()
}

fn proven() -> ItemState {
    intended(1).answered(at(2), DeleteAnswer::AlreadyGone).unwrap().read(at(3), Listed::No).unwrap()
}

fn left(why: Left) -> ItemState {
    ItemState::Planned.leave(at(4), why)
}

fn track(number: u128) -> CaseWork {
    let new = row(number, &format!("row{number}@example.com"));
    CaseWork::new(new.scope(), move |w| w.track(&ctx(), new).map(drop))
}

#[tokio::test]
async fn what_stands_beside_a_state_is_kept_with_it_and_those_not_read_are_found() {
    let desk = planned(3).await;
    let through = Through {
        everybody: false,
        app: "hub".to_owned(),
        app_name: "HubSpot".to_owned(),
        grant: Some("g-\"2\"".to_owned()),
        scopes: vec!["mail".to_owned()],
        resource: Some("graph".to_owned()),
    };
    let look = Some(Look { began: at(9), not_read: Some(NotRead::Forbidden) });
    let other = intended(1).read(at(3), Listed::Elsewhere).unwrap();
    let changes = vec![
        ItemChange { look, ..change(1, proven()) },
        ItemChange { through: vec![through.clone()], ..change(2, other) },
        ItemChange { look: Some(Look { began: at(8), not_read: None }), ..change(3, proven()) },
    ];
    let verified = Verified { began: at(8), ended: at(9), gone: 1, back: 0, not_read: vec![(NotRead::Forbidden, 1)] };
    let row = Run { state: RunState::Ended, started: Some(at(1)), verified: Some(verified), ..run(1) };
    desk.store.settle(changes, Some(row.clone()), None).await.unwrap();
    let items = desk.items(1).await;
    assert_eq!(
        (items[0].look, items[1].through.clone(), items[2].look.map(|look| look.began)),
        (look, vec![through], Some(at(8)))
    );
    assert_eq!(desk.store.run(run(1).id).await.unwrap().unwrap().run, row);
    assert_eq!(desk.store.left(run(1).id).await.unwrap(), [(Left::StillReached, 1)]);
    let (not_read, total) = desk.store.items(run(1).id, ItemFilter::NotRead, None, 0, 10).await.unwrap();
    assert_eq!((not_read[0].seq, total), (1, 1));
    let known: Vec<Target> = items.iter().map(|item| item.found.target.clone()).collect();
    assert_eq!(desk.store.targets(run(1).id).await.unwrap(), known);
    // The next change says what stands beside it by then.
    desk.store.settle(vec![change(1, proven())], None, None).await.unwrap();
    assert_eq!(desk.items(1).await[0].look, None);
}

#[tokio::test]
async fn items_alone_do_not_touch_the_revision() {
    let desk = planned(3).await;
    let before = desk.store.read_whole().await.unwrap();
    let at_once = vec![change(1, intended(1)), change(2, proven()), change(1, intended(5))];
    let revision = desk.store.settle(at_once, None, None).await.unwrap().revision;
    assert_eq!(revision, before.revision);
    assert!(Arc::ptr_eq(&before, &desk.store.read_whole().await.unwrap()), "nothing was loaded again");
    let states: Vec<_> = desk.items(1).await.into_iter().map(|item| item.state).collect();
    assert_eq!(states, [intended(5), proven(), ItemState::Planned], "the later of two states of one item");
}

#[tokio::test]
async fn what_was_read_as_gone_leaves_the_list_unless_a_search_read_it_again_since() {
    let desk = planned(3).await;
    desk.put(vec![read_at(person("p002", &["hub"]), at(4))]).await;
    let accesses = async || desk.all().await.into_iter().map(|row| row.found.address).collect::<Vec<_>>();
    desk.store.settle(vec![change(1, intended(1)), change(2, left(Left::StillListed))], None, None).await.unwrap();
    assert_eq!(accesses().await.len(), 3, "not yet proven");
    desk.store.settle(vec![change(1, proven()), change(3, proven())], None, None).await.unwrap();
    assert_eq!(accesses().await, ["p001@example.com", "p002@example.com"]);
    let (row, items) = (desk.store.run(run(1).id).await.unwrap().unwrap(), desk.items(1).await);
    assert_eq!((row.counts.proven, items.len()), (2, 3), "the run keeps what it did");
}

#[tokio::test]
async fn items_run_and_work_land_together() {
    let desk = planned(2).await;
    let before = desk.store.revision().await.unwrap();
    let ended = Run { state: RunState::Ended, started: Some(at(1)), ended: Some(at(9)), ..run(1) };
    let committed = desk.store.settle(vec![change(2, proven())], Some(ended.clone()), Some(track(1))).await.unwrap();
    let Committed { revision, touched } = committed;
    assert_eq!(revision, before + 1);
    let new = row(1, "row1@example.com");
    assert_eq!(touched, [Entity::Mailbox(new.mailbox), Entity::Grant(new.grant)]);
    let other = SqliteStore::open(&desk.path).await.unwrap();
    for store in [&desk.store, &other] {
        let snapshot = store.read_whole().await.unwrap();
        assert_eq!((snapshot.revision, snapshot.workspace.mailboxes.len()), (revision, 1));
        let row = store.run(run(1).id).await.unwrap().unwrap();
        assert_eq!((&row.run, row.counts.planned, row.counts.proven), (&ended, 1, 1));
    }
    let chain = desk.store.verify_history().await.unwrap();
    assert_eq!((chain.entries, chain.broken_at), (2, None));
}

#[tokio::test]
async fn a_run_that_changed_is_told_of_and_one_that_did_not_is_not() {
    let desk = planned(1).await;
    let before = desk.store.revision().await.unwrap();
    let paused = Run { state: RunState::Paused, paused: Some(PauseReason::Limits), ..run(1) };
    let settle =
        async |run: Run, work: Option<CaseWork>| desk.store.settle(Vec::new(), Some(run), work).await.unwrap().revision;
    assert_eq!(settle(paused.clone(), None).await, before + 1);
    assert_eq!(settle(paused.clone(), None).await, before + 1);
    assert_eq!(settle(paused.clone(), Some(CaseWork::new(Scope::Roster, |_| Ok(())))).await, before + 1);
    assert_eq!(settle(run(1), None).await, before + 2);
    let settled = desk.store.settle(vec![change(1, proven())], Some(run(1)), None).await.unwrap();
    assert_eq!(settled.revision, before + 2);
    assert_eq!(desk.items(1).await[0].state, proven(), "the items land all the same");
}

#[tokio::test]
async fn nothing_lands_where_a_part_fails() {
    let desk = planned(2).await;
    let before = (
        desk.store.read_whole().await.unwrap(),
        desk.items(1).await,
        desk.store.runs(RunSelection::All).await.unwrap(),
    );
    let running = || Some(Run { state: RunState::Running, started: Some(at(1)), ..run(1) });
    let refuse: fn() -> Option<CaseWork> = || {
        let scope = Scope::Address("row1@example.com".to_owned());
        Some(CaseWork::new(scope, |w| {
            w.track(&ctx(), row(1, "row1@example.com"))?;
            w.track(&ctx(), row(2, "row1@example.com")).map(|_| ())
        }))
    };
    let good = || change(1, proven());
    let missing = ItemChange { run: run(7).id, ..change(1, proven()) };
    for (changes, run, work, corrupt) in [
        (vec![good()], running(), refuse(), false),
        (vec![good()], None, refuse(), false),
        (vec![good(), change(3, proven())], running(), Some(track(1)), true),
        (vec![good(), change(0, proven())], None, None, true),
        (vec![good(), missing], None, Some(track(1)), true),
        (vec![good()], Some(self::run(7)), Some(track(1)), true),
    ] {
        let failed = desk.store.settle(changes, run, work).await.unwrap_err();
        assert_eq!(failed == StoreError::Corrupt, corrupt, "{failed:?}");
        let after = desk.store.read_whole().await.unwrap();
        assert_eq!((after.revision, &after.workspace), (before.0.revision, &before.0.workspace));
        assert_eq!(
            (desk.items(1).await, desk.store.runs(RunSelection::All).await.unwrap()),
            (before.1.clone(), before.2.clone())
        );
    }
    assert_eq!(desk.store.verify_history().await.unwrap().entries, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_that_settle_and_change_never_lose_an_update() {
    let desk = planned(40).await;
    let other = SqliteStore::open(&desk.path).await.unwrap();
    let before = desk.store.revision().await.unwrap();
    let settle = async {
        for seq in 1..=40 {
            desk.store.settle(vec![change(seq, proven())], None, Some(track(seq.into()))).await.unwrap();
        }
    };
    let changes = async {
        for number in 100..140 {
            other.transact(&Scope::Everything, track(number).work).await.unwrap();
        }
    };
    tokio::join!(settle, changes);
    let snapshot = other.read_whole().await.unwrap();
    assert_eq!((snapshot.revision, snapshot.workspace.mailboxes.len()), (before + 80, 80));
    assert_eq!(other.run(run(1).id).await.unwrap().unwrap().counts.proven, 40);
}

#[tokio::test]
async fn items_are_counted_and_filtered_by_where_they_stand() {
    let desk = planned(10).await;
    let changes = vec![
        change(2, intended(1)),
        change(3, intended(1).answered(at(2), DeleteAnswer::Deleted).unwrap()),
        change(4, proven()),
        change(5, left(Left::Covered)),
        change(6, left(Left::NoAnswer)),
        change(7, left(Left::NoAnswer)),
        change(8, proven().logged(at(9), Some(at(8)), None)),
    ];
    desk.store.settle(changes.clone(), None, None).await.unwrap();
    let row = desk.store.run(run(1).id).await.unwrap().unwrap();
    assert_eq!(row.counts, Counts { planned: 3, under_way: 2, proven: 2, left: 3, ..Counts::default() });
    let seqs = |items: Vec<Item>| items.into_iter().map(|item| item.seq).collect::<Vec<_>>();
    let page = async |filter, text: Option<&str>, offset, limit| {
        let text = text.map(str::to_owned);
        let (items, total) = desk.store.items(run(1).id, filter, text, offset, limit).await.unwrap();
        (seqs(items), total)
    };
    assert_eq!(page(ItemFilter::All, None, 8, 5).await, (vec![9, 10], 10));
    assert_eq!(page(ItemFilter::Open, None, 0, 4).await, (vec![1, 2, 3, 9], 5));
    assert_eq!(page(ItemFilter::Proven, None, 0, 9).await, (vec![4, 8], 2));
    assert_eq!(page(ItemFilter::Left, None, 1, 1).await, (vec![6], 3));
    assert_eq!(page(ItemFilter::Left, None, 3, 5).await, (vec![], 3));
    assert_eq!(page(ItemFilter::Open, Some("P00"), 3, 5).await, (vec![9, 10], 5));
    assert_eq!(page(ItemFilter::All, Some("p_0"), 0, 5).await, (vec![], 0));
    assert_eq!(page(ItemFilter::All, Some("hub"), 0, 1).await, (vec![1], 10));
    let open = async |above, limit| seqs(desk.store.open_items(run(1).id, above, limit).await.unwrap());
    assert_eq!(open(0, 3).await, [1, 2, 3]);
    assert_eq!(open(3, 10).await, [9, 10]);
    assert_eq!(desk.store.left(run(1).id).await.unwrap(), [(Left::Covered, 1), (Left::NoAnswer, 2)]);
    let read_back = desk.items(1).await;
    assert!(changes.iter().all(|change| read_back[change.seq as usize - 1].state == change.state));
    let nothing = run(9).id;
    assert!(desk.store.open_items(nothing, 0, 9).await.unwrap().is_empty());
    assert_eq!(desk.store.items(nothing, ItemFilter::All, None, 0, 9).await.unwrap().1, 0);
    assert!(desk.store.left(nothing).await.unwrap().is_empty());
    assert!(desk.store.refused(nothing, 0, 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_row_of_a_run_that_this_version_does_not_write_is_named_as_damage() {
    for (damage, whole) in [
        ("UPDATE items SET state_json = '{\"is\":\"gone\"}'", true),
        ("UPDATE items SET seq = -1", true),
        ("UPDATE items SET keys_json = 'x'", true),
        ("UPDATE runs SET state = 'gone'", false),
        ("UPDATE runs SET planned_at = '1'", false),
        ("UPDATE plans SET refused_by_plan = -9", false),
        ("PRAGMA ignore_check_constraints = ON; UPDATE items SET stage = 'gone'", false),
    ] {
        let desk = planned(1).await;
        desk.execute(damage).await;
        let corrupt = if whole {
            desk.store.items(run(1).id, ItemFilter::All, None, 0, 9).await.err()
        } else {
            desk.store.runs(RunSelection::All).await.err()
        };
        assert_eq!(corrupt, Some(StoreError::Corrupt), "{damage}");
    }
    let desk = planned(1).await;
    desk.execute("PRAGMA ignore_check_constraints = ON; UPDATE items SET stage = 'left', why = 'gone'").await;
    assert_eq!(desk.store.left(run(1).id).await, Err(StoreError::Corrupt));
    desk.execute("INSERT INTO refused_lines (plan, by_plan, line, text, why) VALUES (1, 1, 1, 'x', 'gone')").await;
    assert_eq!(desk.store.refused(run(1).id, 0, 9).await, Err(StoreError::Corrupt));
}

#[tokio::test]
async fn runs_are_claimed_by_one_at_a_time_under_whatever_name_the_file_goes() {
    let desk = desk().await;
    let claim = desk.store.claim().unwrap().unwrap();
    assert!(desk.store.claim().unwrap().is_none());
    let again = SqliteStore::open(&desk.path).await.unwrap();
    assert!(again.claim().unwrap().is_none());
    #[cfg(unix)]
    {
        let alias = desk.path.with_file_name("alias.db");
        std::os::unix::fs::symlink(&desk.path, &alias).unwrap();
        assert!(SqliteStore::open(&alias).await.unwrap().claim().unwrap().is_none());
    }
    drop(claim);
    assert!(again.claim().unwrap().is_some());
}

/// Set for the process that [`a_process_that_is_killed_lets_go_of_its_claim`] starts.
const HOLD: &str = "UNCOUPLE_TEST_HOLD";

#[tokio::test]
async fn a_process_that_is_killed_lets_go_of_its_claim() {
    if let Some(path) = std::env::var_os(HOLD) {
        let _claim = SqliteStore::open(path.as_ref()).await.unwrap().claim().unwrap().unwrap();
        std::fs::write(std::path::Path::new(&path).with_extension("held"), "").unwrap();
        std::thread::sleep(std::time::Duration::from_secs(60));
        return;
    }
    let desk = desk().await;
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "settling::a_process_that_is_killed_lets_go_of_its_claim"])
        .env(HOLD, &desk.path)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let held = desk.path.with_extension("held");
    for _ in 0..600 {
        if held.exists() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let while_held = desk.store.claim().unwrap().is_none();
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert!(while_held);
    assert!(desk.store.claim().unwrap().is_some());
}
