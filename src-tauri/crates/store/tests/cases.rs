//! Cases as the file gives them: against their definition, and against the whole workspace in memory.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

#[expect(dead_code, reason = "the rules' own checks are not needed here")]
#[path = "../../domain/tests/play/mod.rs"]
mod play;

use play::people::{INBOX, member};
use play::{Act, Play, Press, Twin, address_of, press};
use proptest::prelude::*;
use std::sync::Arc;
use tokio::runtime::Runtime;
use uncouple_domain::*;
use uncouple_engine::ports::{Snapshot, Store, StoreError};
use uncouple_store::SqliteStore;
use uuid::Uuid;

/// In memory, where there is such a folder: nothing here is about what a disk does.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// A file, seen by two processes.
struct InFile {
    runtime: Runtime,
    store: SqliteStore,
    /// Reads the file anew each time; the other one keeps what it knows and follows what it writes.
    other: SqliteStore,
    narrow: bool,
    _folder: tempfile::TempDir,
}

impl InFile {
    fn new(parts: &Parts) -> Self {
        let (runtime, folder) = (tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(), folder());
        let path = folder.path().join("w.db");
        let (store, other) = runtime.block_on(async {
            let store = SqliteStore::open(&path).await.unwrap();
            let begin = |w: &mut Workspace| {
                *w = Workspace::from_parts(parts.clone());
                Ok(())
            };
            store.transact(&Scope::Everything, Box::new(begin)).await.unwrap();
            store.read_whole().await.unwrap();
            (store, SqliteStore::open(&path).await.unwrap())
        });
        Self { runtime, store, other, narrow: false, _folder: folder }
    }

    fn whole(&self, store: &SqliteStore) -> Arc<Snapshot> {
        self.runtime.block_on(store.read_whole()).unwrap()
    }
}

impl Twin for InFile {
    fn act(&mut self, scope: &Scope, act: Act<'_>) -> Result<Vec<Event>, Refusal> {
        let definition = self.whole(&self.store).workspace.within(scope);
        let scope = if self.narrow { &Scope::Roster } else { scope };
        let (mut case, mut events) = (None, Vec::new());
        let work = |w: &mut Workspace| {
            case = Some(Parts::clone(w));
            act(w)?;
            events = w.clone().take_events();
            Ok(())
        };
        let done = self.runtime.block_on(self.store.transact(scope, Box::new(work)));
        assert!(self.narrow || case == Some(definition), "{scope:?} loads another case than it is");
        match done {
            Ok(_) => Ok(events),
            Err(StoreError::Refused(refusal)) => Err(refusal),
            Err(error) => unreachable!("{error:?}"),
        }
    }

    fn state(&mut self) -> Parts {
        let (kept, written) = (self.whole(&self.store), self.whole(&self.other));
        assert_eq!(kept.revision, written.revision);
        assert_eq!(kept.workspace, written.workspace, "what is kept in memory does not follow the file");
        Parts::clone(&written.workspace)
    }
}

/// One scope of each kind for each row that there is.
fn scopes(parts: &Parts, now: jiff::Timestamp) -> Vec<Scope> {
    let mut scopes = vec![
        Scope::Roster,
        Scope::Tokens,
        Scope::HeldHere,
        Scope::KeptForOneRun,
        Scope::Intentions,
        Scope::OpenJobs,
        Scope::PutOff { until: now },
        Scope::Organisations,
        Scope::Inbox(INBOX),
        Scope::Everything,
        Scope::Mailbox(MailboxId(Uuid::nil())),
        Scope::Address("nobody@example.com".to_owned()),
    ];
    scopes.extend(parts.mailboxes.keys().copied().map(Scope::Mailbox));
    scopes.extend(parts.disconnects.keys().copied().map(Scope::Job));
    scopes.extend(parts.grants.keys().copied().map(Scope::Grant));
    scopes.extend(parts.grants.values().map(|grant| Scope::Account(grant.subject.clone())));
    scopes.extend(parts.intentions.keys().copied().map(Scope::Intention));
    scopes.extend(parts.notices.keys().copied().map(Scope::Notice));
    scopes.extend((0..5).map(|number| Scope::address(&address_of(number))));
    for to in parts.members.keys().copied() {
        let around = Scope::NoticesAround { to, at: now };
        scopes.extend([Scope::MailboxesOf(to), Scope::Unread(to), Scope::PopUps(to), around.clone()]);
        scopes.push(Scope::PopUps(to).and(around).and(Scope::OpenJobs));
    }
    scopes.extend([Scope::addresses((0..3).map(|number| address_of(number).key().to_owned()))]);
    scopes
}

/// Fewer than elsewhere: each command is a transaction. `PROPTEST_CASES` makes them more.
fn cases() -> ProptestConfig {
    let default = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { 150 };
    ProptestConfig { cases, ..default }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_command_on_a_case_of_the_file_ends_as_on_the_whole_workspace(
        presses in prop::collection::vec(press(), 1..60),
    ) {
        let mut play = Play::beside(|parts| Box::new(InFile::new(parts)));
        for press in &presses {
            let _ = play.press(press);
            prop_assert_eq!(&play.apart, &Vec::<String>::new(), "after {:?}", press);
        }
    }

    #[test]
    fn every_scope_loads_the_case_that_it_is_defined_to_be(presses in prop::collection::vec(press(), 30..60)) {
        let mut play = Play::new();
        for press in &presses {
            let _ = play.press(press);
        }
        let file = InFile::new(&play.workspace);
        for scope in scopes(&play.workspace, play.now) {
            let case = file.runtime.block_on(file.store.case(&scope)).unwrap();
            prop_assert_eq!(Parts::clone(&case.workspace), play.workspace.within(&scope), "{:?}", scope);
        }
    }
}

#[test]
fn a_case_that_is_loaded_too_small_is_found() {
    let mut play = Play::beside(|parts| Box::new(InFile { narrow: true, ..InFile::new(parts) }));
    play.press(&Press::Track { address: 0, provider: Provider::Google }).unwrap();
    assert!(play.apart.is_empty(), "nothing was there to be missed: {:?}", play.apart);
    let _ = play.press(&Press::Disable(0));
    assert_eq!(play.apart.len(), 1);
}

#[tokio::test]
async fn what_is_kept_in_memory_follows_each_change_and_is_never_older_than_the_file() {
    let folder = folder();
    let path = folder.path().join("w.db");
    let (one, other) = (SqliteStore::open(&path).await.unwrap(), SqliteStore::open(&path).await.unwrap());
    let ctx =
        Ctx { actor: member(1), now: "2026-11-23T09:00:00Z".parse().unwrap(), device: DeviceId(Uuid::from_u128(5)) };
    let rename = async |store: &SqliteStore, name: &str| {
        let work = |w: &mut Workspace| {
            w.begin(&ctx, Name::parse("A").unwrap());
            w.rename(&ctx, Name::parse(name).unwrap())
        };
        store.transact(&Scope::Roster, Box::new(work)).await.unwrap()
    };
    let name = async |store: &SqliteStore| {
        let snapshot = store.read_whole().await.unwrap();
        (snapshot.revision, snapshot.workspace.members[&member(1)].name.as_str().to_owned())
    };
    assert_eq!(rename(&one, "B").await.touched, [Entity::Member(member(1))]);
    assert_eq!((name(&one).await, name(&other).await), ((1, "B".to_owned()), (1, "B".to_owned())));
    let held = one.read_whole().await.unwrap();
    rename(&one, "C").await;
    assert_eq!(name(&one).await, (2, "C".to_owned()));
    assert_eq!(held.workspace.members[&member(1)].name.as_str(), "B", "whoever reads on sees one moment");
    // Two changes of another process between: what is kept here can't follow, and is loaded again.
    rename(&other, "D").await;
    rename(&other, "E").await;
    rename(&one, "F").await;
    assert_eq!((name(&one).await, name(&other).await), ((5, "F".to_owned()), (5, "F".to_owned())));
    let same = rename(&one, "F").await;
    assert_eq!((same.revision, same.touched), (5, Vec::new()), "nothing changed");
}

/// No rule makes such rows today; a case is whole all the same.
#[test]
fn each_way_from_row_to_row_is_gone_where_no_other_leads_there() {
    let mut play = Play::new();
    for address in 0..4 {
        play.press(&Press::Track { address, provider: Provider::Google }).unwrap();
        play.press(&Press::Disable(address)).unwrap();
    }
    let mut parts = play.workspace.into_parts();
    let rows: Vec<MailboxId> = parts.mailboxes.keys().copied().collect();
    let grants: Vec<Option<GrantId>> = parts.mailboxes.values().map(|row| row.grant).collect();
    // A job of the second row is about the first one's grant, and the third row hangs on the second one's.
    let job = parts.disconnects.values_mut().find(|job| job.mailbox == rows[1]).unwrap();
    job.steps.iter_mut().filter(|step| step.grant.is_some()).for_each(|step| step.grant = grants[0]);
    parts.mailboxes.get_mut(&rows[2]).unwrap().grant = grants[1];
    let file = InFile::new(&parts);
    for begin in [Scope::Mailbox(rows[0]), Scope::Grant(grants[1].unwrap()), Scope::Mailbox(rows[2])] {
        let case = file.runtime.block_on(file.store.case(&begin)).unwrap();
        assert!(case.workspace.mailboxes.keys().eq(&rows[..3]), "{begin:?}");
        assert_eq!(Parts::clone(&case.workspace), parts.within(&begin));
    }
}
