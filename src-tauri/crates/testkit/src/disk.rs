//! A disk that is full from some write of a search or run on, as the store tells of it.

use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uncouple_domain::{Left, MailboxId, OrganisationId, RunId};
use uncouple_engine::directory::{AppSeen, LogLine, Target};
use uncouple_engine::ports::{CaseWork, Committed, StoreError};
use uncouple_engine::runs::{
    AccessPage, AccessQuery, AppRow, Claim, Found, Item, ItemChange, ItemFilter, ListLine, PlanFrom, ReadPerson,
    Refused, Run, RunApp, RunRow, RunSelection, RunStore, SearchPosition, UnreadPerson,
};
use uncouple_store::SqliteStore;

/// How much room there is. There is enough unless a test says otherwise.
#[derive(Clone, Debug)]
pub struct Disk(Arc<AtomicU64>);

impl Default for Disk {
    fn default() -> Self {
        Self(Arc::new(AtomicU64::new(u64::MAX)))
    }
}

impl Disk {
    /// So many writes find room, and no further one.
    pub fn full_after(&self, writes: u64) {
        self.0.store(writes, Ordering::SeqCst);
    }

    /// Somebody made room.
    pub fn has_room(&self) {
        self.full_after(u64::MAX);
    }

    fn takes(&self) -> Result<(), StoreError> {
        let less = |left: u64| if left == u64::MAX { Some(left) } else { left.checked_sub(1) };
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).map(drop).map_err(|_| StoreError::Full)
    }
}

/// A real store of what searches find and runs do, on such a disk.
#[derive(Debug)]
pub(crate) struct OnDisk {
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) disk: Disk,
}

macro_rules! runs {
    (reads { $(fn $read:ident($($r:ident: $rt:ty),*) -> $rr:ty;)* } writes { $(fn $write:ident($($w:ident: $wt:ty),*) -> $wr:ty;)* }) => {
        #[async_trait]
        impl RunStore for OnDisk {
            $(async fn $read(&self, $($r: $rt),*) -> Result<$rr, StoreError> {
                self.store.$read($($r),*).await
            })*
            $(async fn $write(&self, $($w: $wt),*) -> Result<$wr, StoreError> {
                self.disk.takes()?;
                self.store.$write($($w),*).await
            })*

            fn claim(&self) -> Result<Option<Box<dyn Claim>>, StoreError> {
                self.store.claim()
            }
        }
    };
}

runs! {
    reads {
        fn unread(organisation: OrganisationId, offset: u64, limit: u32) -> (Vec<UnreadPerson>, u64);
        fn position(organisation: OrganisationId) -> Option<SearchPosition>;
        fn newest_access() -> i64;
        fn list_not_read_since(run: RunId, organisation: OrganisationId, since: Timestamp, above: u64, limit: u32) -> Vec<(u64, String)>;
        fn apps(organisation: OrganisationId, text: Option<String>) -> Vec<AppRow>;
        fn accesses(query: AccessQuery) -> AccessPage;
        fn rows_without_access(organisation: OrganisationId) -> Vec<MailboxId>;
        fn runs(which: RunSelection) -> Vec<RunRow>;
        fn run(run: RunId) -> Option<RunRow>;
        fn items(run: RunId, filter: ItemFilter, text: Option<String>, offset: u64, limit: u32) -> (Vec<Item>, u64);
        fn targets(run: RunId) -> Vec<Target>;
        fn run_apps(run: RunId) -> Vec<RunApp>;
        fn open_items(run: RunId, above: u32, limit: u32) -> Vec<Item>;
        fn refused(run: RunId, offset: u64, limit: u32) -> Vec<Refused>;
        fn left(run: RunId) -> Vec<(Left, u64)>;
    }
    writes {
        fn put_read(organisation: OrganisationId, people: Vec<ReadPerson>) -> ();
        fn put_everybody(organisation: OrganisationId, found: Vec<Found>) -> ();
        fn put_apps(organisation: OrganisationId, apps: Vec<AppSeen>) -> ();
        fn put_log(organisation: OrganisationId, lines: Vec<LogLine>) -> ();
        fn put_position(organisation: OrganisationId, position: SearchPosition, counts: BTreeMap<String, u64>) -> ();
        fn forget_position(organisation: OrganisationId, counted: Option<BTreeMap<String, u64>>) -> ();
        fn mark_unread(run: RunId, keys: Vec<String>) -> RunRow;
        fn put_unread(organisation: OrganisationId, unread: Vec<UnreadPerson>, read: Vec<String>) -> ();
        fn put_accesses(organisation: OrganisationId, found: Vec<Found>) -> Vec<i64>;
        fn forget_older(organisation: OrganisationId, began: Timestamp) -> ();
        fn put_list(run: RunId, lines: Vec<ListLine>) -> ();
        fn plan(run: Run, from: PlanFrom, apps: Vec<String>) -> RunRow;
        fn settle(changes: Vec<ItemChange>, run: Option<Run>, case: Option<CaseWork>) -> Committed;
        fn drop_plan(run: RunId) -> ();
    }
}
