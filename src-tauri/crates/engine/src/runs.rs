//! Where accesses that a search found, plans and runs are kept: the port, and what goes through it.
//!
//! They may be tens of thousands, so they are no part of the aggregate that every use case loads. What they change in
//! the workspace lands in the same transaction ([`RunStore::settle`]).

use crate::directory::{AppSeen, LogLine, Target};
use crate::ports::{CaseWork, Committed, StoreError};
use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;
use uncouple_domain::{ItemState, Left, Look, MailboxId, NotRead, OrganisationId, RunId, RunStage, Stamp, Use};

/// An access that a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whose and of which app.
    pub target: Target,
    /// The person's address, as the provider writes it. Empty for everybody's.
    pub address: String,
    /// All their addresses, as keys that compare.
    pub keys: Vec<String>,
    /// Name.
    pub name: Option<String>,
    /// The account is suspended.
    pub suspended: bool,
    /// Scopes.
    pub scopes: Vec<String>,
    /// What the scopes are of, at Microsoft. None: not known, so it could not be given back.
    pub resource: Option<String>,
    /// When it was read.
    pub read: Timestamp,
}

/// A person whose list was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadPerson {
    /// The provider's identifier.
    pub id: String,
    /// Their addresses, as keys.
    pub keys: Vec<String>,
    /// When the read began.
    pub read: Timestamp,
    /// Wanted accesses; often none.
    pub accesses: Vec<Found>,
}

/// A found access, as it is kept and joined with the workspace's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRow {
    /// Number of the line. It stays the same while the access does.
    pub id: i64,
    /// The organisation.
    pub organisation: OrganisationId,
    /// The access.
    pub found: Found,
    /// The app's name.
    pub app_name: String,
    /// The latest consent that the audit log has. None: none in what could be read.
    pub since: Option<Timestamp>,
    /// The latest use that the audit log has. None: none in what could be read.
    pub last_use: Option<Timestamp>,
    /// A row of HubSpot's with one of the person's addresses: the one in use, else the newest.
    pub mailbox: Option<(MailboxId, Use)>,
}

/// The views of the list of accesses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AccessView {
    /// Everything.
    #[default]
    All,
    /// Access at the provider, but no row of HubSpot's is in use or disabled.
    WithoutCrm,
    /// The audit log has no use since a time.
    Unused,
}

/// The orders of the list of accesses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AccessOrder {
    /// By address.
    #[default]
    Address,
    /// By the latest use, longest ago first; never used first.
    LastUse,
    /// By the latest consent, newest first.
    Since,
}

/// What "unused" means in one organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unused {
    /// The organisation.
    pub organisation: OrganisationId,
    /// No use since then. All uses since are known.
    pub since: Timestamp,
    /// Of accesses with a higher number nothing is known.
    pub up_to: i64,
}

/// Which accesses are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessQuery {
    /// The organisation. None: all.
    pub organisation: Option<OrganisationId>,
    /// What address, name or app's name must contain; or one of the person's other addresses, whole.
    pub text: Option<String>,
    /// Only this app's.
    pub app: Option<String>,
    /// The view.
    pub view: AccessView,
    /// With [`AccessView::Unused`]: for each organisation of which it is known, since when.
    pub unused: Vec<Unused>,
    /// Only these lines.
    pub ids: Option<Vec<i64>>,
    /// Not these lines.
    pub except: Vec<i64>,
    /// The order.
    pub order: AccessOrder,
    /// Skip so many.
    pub offset: u64,
    /// At most so many.
    pub limit: u32,
}

/// A page of accesses.
#[derive(Clone, Debug, Default)]
pub struct AccessPage {
    /// The lines.
    pub rows: Vec<AccessRow>,
    /// How many there are with this query, on all pages.
    pub total: u64,
}

/// An app that a search came across.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppRow {
    /// The app.
    pub app: AppSeen,
    /// Accesses of it that are kept: those of apps that are wanted.
    pub accesses: u64,
    /// Accesses that the last search counted that came to its end, whether the app was wanted or not. None: they were
    /// not counted.
    pub counted: Option<u64>,
}

/// Where a search that was stopped goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchPosition {
    /// When the search began. What it read is no older.
    pub began: Timestamp,
    /// The adapter's own words for where it was.
    pub cursor: String,
    /// Apps that were wanted. With others it can't go on.
    pub apps: BTreeSet<String>,
    /// People looked at before.
    pub people: u64,
    /// Accesses found before.
    pub accesses: u64,
    /// People whose list could not be read before.
    pub unread: u64,
}

/// Why a line of a list is not in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LineRefusal {
    /// The text is no address.
    NoAddress,
    /// The line is longer than any address.
    TooLong,
    /// The line is not UTF-8. Such lists are refused as a whole now; plans that were made before have it.
    NotText,
    /// It begins like a spreadsheet's formula.
    Formula,
    /// The line is commented out.
    Comment,
    /// It stands beyond the header's last column, and so it may be of any.
    Shifted,
    /// The address stood in an earlier line.
    Twice,
    /// The address's domain is not one that the search saw in the organisation.
    ForeignDomain,
    /// No access of a chosen app is known for it.
    NoAccess,
    /// Their own access would go, but a consent for everybody covers them.
    Covered,
    /// Their list could not be read, so whether they have an access is not known.
    Unread,
}

/// A line of a list, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListLine {
    /// Number of the line, from 1.
    pub line: u64,
    /// What stands there, cut to a length that can be shown.
    pub text: String,
    /// The address as a key; or why it is none.
    pub key: Result<String, LineRefusal>,
}

/// Where the accesses of a plan come from.
#[derive(Clone, Debug)]
pub enum PlanFrom {
    /// Lines of the list of accesses.
    Accesses(AccessQuery),
    /// Addresses of a list that was put with [`RunStore::put_list`].
    List,
    /// The same, of a list that has a line for each grant: the same address again is no line to be refused.
    ListOfGrants,
    /// Everything of one person, who may have several accesses.
    Person {
        /// One of their addresses, as a key.
        key: String,
    },
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RunState {
    /// A plan; nothing was sent.
    Planned,
    /// Confirmed for a later time.
    Scheduled,
    /// Under way. After a crash it goes on.
    Running,
    /// Stopped for now.
    Paused,
    /// Nothing is left to do; what is not proven can be taken up again.
    Ended,
    /// Called off.
    Cancelled,
}

/// Which plans and runs are asked for. Counting the items of all that ever were costs what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunSelection {
    /// All.
    All,
    /// Those that are scheduled, under way or paused: what may go on.
    Unfinished,
    /// Those that ended or were cancelled later than this.
    OverSince(Timestamp),
}

impl From<RunState> for RunStage {
    fn from(state: RunState) -> Self {
        match state {
            RunState::Planned => Self::Planned,
            RunState::Scheduled => Self::Scheduled,
            RunState::Running => Self::Running,
            RunState::Paused => Self::Paused,
            RunState::Ended => Self::Ended,
            RunState::Cancelled => Self::Cancelled,
        }
    }
}

/// Why a run stopped by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PauseReason {
    /// A member wanted it.
    ByMember,
    /// The administrator must sign in again.
    SignIn,
    /// The keyring does not hand the token out.
    Keyring,
    /// The sign-in's permissions or the administrator's role do not allow it.
    Forbidden,
    /// The provider turns the sign-in app away, or an API is not enabled for it. Signing in again does not help.
    AppRefused,
    /// The provider's limits did not let up.
    Limits,
    /// No usable answers come.
    NoAnswer,
    /// There is no room on the disk to write down what is done.
    DiskFull,
}

/// A column of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Column {
    /// Its number, from 1.
    pub index: u32,
    /// What the header calls it. None: there is no header, or it has no name.
    pub name: Option<String>,
}

impl Column {
    /// A column by its place from 0.
    #[must_use]
    pub fn at(place: usize, name: Option<String>) -> Self {
        let index = u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1);
        Self { index, name: name.filter(|name| !name.is_empty()) }
    }
}

impl std::fmt::Display for Column {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{} “{name}”", self.index),
            None => write!(f, "{}", self.index),
        }
    }
}

/// A plan or run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Identity.
    pub id: RunId,
    /// The organisation.
    pub organisation: OrganisationId,
    /// Where it stands.
    pub state: RunState,
    /// Why it stopped, if it did.
    pub paused: Option<PauseReason>,
    /// The person who leaves, if it is about one. An address.
    pub leaver: Option<String>,
    /// Who planned it, and when.
    pub planned: Stamp,
    /// Made of what a search had found that did not see everybody, or not look for all of its apps.
    pub partial: bool,
    /// The column that was read, if it was made of a list with columns.
    pub column: Option<Column>,
    /// Not before then.
    pub not_before: Option<Timestamp>,
    /// When it was first started.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// What came of the last time that its lists were to be read again.
    pub verified: Option<Verified>,
    /// The administrator's account at the provider that carried it out last. None: not started, or a token was handed
    /// over without a name.
    pub account: Option<String>,
    /// Hosts that answered for it in the provider's place, at any time.
    pub hosts: Vec<String>,
}

impl Run {
    /// Adds hosts that answer from now on.
    pub fn answered_by(&mut self, hosts: Vec<String>) {
        self.hosts.extend(hosts);
        self.hosts.sort();
        self.hosts.dedup();
    }
}

/// An app of which a run has items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunApp {
    /// Its key.
    pub key: String,
    /// The client id that its maker knows. None: no search told it.
    pub client_id: Option<String>,
    /// Its name, as the plan has it.
    pub name: String,
    /// It goes by HubSpot's name.
    pub by_name: bool,
    /// Items of it.
    pub items: u64,
}

/// A run with what it adds up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// The run.
    pub run: Run,
    /// Items by where they stand.
    pub counts: Counts,
    /// Lines of the list that are not in the plan.
    pub refused: u64,
    /// Items that are consents for everybody.
    pub everybody: u64,
    /// Items that this run deleted and can give back.
    pub restorable: u64,
}

/// How many items stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Counts {
    /// Nothing was sent.
    #[ts(type = "number")]
    pub planned: u64,
    /// The deletion was or is about to be sent; or was answered, and is to be read again.
    #[ts(type = "number")]
    pub under_way: u64,
    /// Proven gone.
    #[ts(type = "number")]
    pub proven: u64,
    /// Not done.
    #[ts(type = "number")]
    pub left: u64,
    /// Given back after they were deleted, and read back from the list.
    #[ts(type = "number")]
    pub restored: u64,
    /// Giving them back was begun, and whether it was done is not known.
    #[ts(type = "number")]
    pub restoring: u64,
}

impl Counts {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.planned + self.under_way + self.proven + self.left + self.restored + self.restoring
    }
}

/// A grant of a marked app that a list still has although the item's own is gone, and that the run does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Through {
    /// For everybody. False: the same person's.
    pub everybody: bool,
    /// The app's key.
    pub app: String,
    /// The app's name, as it was marked.
    pub app_name: String,
    /// The grant's identifier at Microsoft.
    pub grant: Option<String>,
    /// Scopes, as the provider writes them.
    pub scopes: Vec<String>,
    /// What the scopes are of, where the provider tells it. Without it the grant can't be given back.
    #[serde(default)]
    pub resource: Option<String>,
}

/// What came of having a run's lists read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// Lists that were read, and the grant is still gone and nothing else of a marked app there.
    pub gone: u64,
    /// Lists that were read, and HubSpot reaches the person.
    pub back: u64,
    /// Lists that could not be read, by reason.
    pub not_read: Vec<(NotRead, u64)>,
}

impl Verified {
    /// How many lists could be read.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.gone + self.back
    }

    /// How many could not.
    #[must_use]
    pub fn unread(&self) -> u64 {
        self.not_read.iter().map(|(_, count)| count).sum()
    }
}

/// A person whose list a search could not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadPerson {
    /// The provider's identifier; the address where no more is known.
    pub id: String,
    /// The person's address, or the identifier where it could not be read either.
    pub address: String,
    /// Name.
    pub name: Option<String>,
    /// Why.
    pub why: NotRead,
    /// When.
    pub at: Timestamp,
}

/// An access in a plan or run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Number within the run, from 1.
    pub seq: u32,
    /// The access. Its address, keys, name and scopes are as they were when the plan was made.
    pub found: Found,
    /// The app's name.
    pub app_name: String,
    /// Where it stands.
    pub state: ItemState,
    /// The last time that its list was to be read again.
    pub look: Option<Look>,
    /// By which grants HubSpot still reaches the person, as the last read of the list has it.
    pub through: Vec<Through>,
}

/// Which items are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ItemFilter {
    /// All.
    #[default]
    All,
    /// Those that are not over: neither proven nor left.
    Open,
    /// Those that are.
    Proven,
    /// Those that were left.
    Left,
    /// Those that were given back, or are about to be.
    Restored,
    /// Those that this run deleted at Microsoft and can give back.
    Restorable,
    /// Those whose list could not be read again when that was last wanted.
    NotRead,
}

/// A line that is not in the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Number of the line; 0 where there was no list.
    pub line: u64,
    /// What stands there.
    pub text: String,
    /// Why.
    pub why: LineRefusal,
}

/// A new state of an item, with what stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemChange {
    /// The run.
    pub run: RunId,
    /// The item.
    pub seq: u32,
    /// Its state.
    pub state: ItemState,
    /// As in [`Item::look`].
    pub look: Option<Look>,
    /// As in [`Item::through`].
    pub through: Vec<Through>,
}

impl ItemChange {
    /// Another state, and nothing else.
    #[must_use]
    pub fn of_state(run: RunId, item: &Item, state: ItemState) -> Self {
        Self { run, seq: item.seq, state, look: item.look, through: item.through.clone() }
    }
}

/// Holds a workspace's runs for one process, until it is dropped or the process ends.
pub trait Claim: Send + Sync + std::fmt::Debug {}

/// Where found accesses, plans and runs are kept.
#[async_trait]
pub trait RunStore: Send + Sync {
    /// Keeps people that a search read: their accesses replace what was known of them. People who come here without
    /// accesses are kept as read, for [`RunStore::rows_without_access`].
    async fn put_read(&self, organisation: OrganisationId, people: Vec<ReadPerson>) -> Result<(), StoreError>;
    /// Keeps a consent for everybody.
    async fn put_everybody(&self, organisation: OrganisationId, found: Vec<Found>) -> Result<(), StoreError>;
    /// Keeps apps.
    async fn put_apps(&self, organisation: OrganisationId, apps: Vec<AppSeen>) -> Result<(), StoreError>;
    /// Keeps what the audit log says of uses and consents: only the latest of each.
    async fn put_log(&self, organisation: OrganisationId, lines: Vec<LogLine>) -> Result<(), StoreError>;
    /// Keeps where a search goes on, and adds up how many people before it have let each app in. The people themselves
    /// are put before.
    async fn put_position(
        &self,
        organisation: OrganisationId,
        position: SearchPosition,
        counts: BTreeMap<String, u64>,
    ) -> Result<(), StoreError>;
    /// Where a search goes on. None: it begins anew.
    async fn position(&self, organisation: OrganisationId) -> Result<Option<SearchPosition>, StoreError>;
    /// Forgets where a search goes on: it came to its end, and what it `counted`, with these after its last position,
    /// is how many people have let each app in; or nothing was counted, or it begins anew.
    async fn forget_position(
        &self,
        organisation: OrganisationId,
        counted: Option<BTreeMap<String, u64>>,
    ) -> Result<(), StoreError>;
    /// Keeps people whose lists could not be read, and forgets that of those in `read`, by identifier or address.
    async fn put_unread(
        &self,
        organisation: OrganisationId,
        unread: Vec<UnreadPerson>,
        read: Vec<String>,
    ) -> Result<(), StoreError>;
    /// A page of people whose lists could not be read, by address, with their number in all.
    async fn unread(
        &self,
        organisation: OrganisationId,
        offset: u64,
        limit: u32,
    ) -> Result<(Vec<UnreadPerson>, u64), StoreError>;
    /// Keeps accesses of people and apps that are known, beside what else is known of them. The numbers of their lines.
    async fn put_accesses(&self, organisation: OrganisationId, found: Vec<Found>) -> Result<Vec<i64>, StoreError>;
    /// Forgets accesses and people that a complete search, begun then, did not come across again; but not of those
    /// whose list it could not read. Of earlier searches it forgets who could not be read.
    async fn forget_older(&self, organisation: OrganisationId, began: Timestamp) -> Result<(), StoreError>;
    /// Apps that searches came across, those that look like HubSpot's first, then by name. `text` must be in the name
    /// or the client id.
    async fn apps(&self, organisation: OrganisationId, text: Option<String>) -> Result<Vec<AppRow>, StoreError>;
    /// Number of the newest access. 0: there is none.
    async fn newest_access(&self) -> Result<i64, StoreError>;
    /// A page of accesses.
    async fn accesses(&self, query: AccessQuery) -> Result<AccessPage, StoreError>;
    /// Rows of HubSpot's in use or disabled whose person was read, and has no access.
    async fn rows_without_access(&self, organisation: OrganisationId) -> Result<Vec<MailboxId>, StoreError>;

    /// Keeps lines of a list for a plan to be made. Addresses that stood before are refused as such.
    async fn put_list(&self, run: RunId, lines: Vec<ListLine>) -> Result<(), StoreError>;
    /// Addresses of a list, above a position, of which no person was read since a time: with their positions.
    async fn list_not_read_since(
        &self,
        run: RunId,
        organisation: OrganisationId,
        since: Timestamp,
        above: u64,
        limit: u32,
    ) -> Result<Vec<(u64, String)>, StoreError>;
    /// Says of lines that are not in a plan that these people's lists could not be read. `keys` are their addresses.
    async fn mark_unread(&self, run: RunId, keys: Vec<String>) -> Result<RunRow, StoreError>;
    /// Makes a plan: items for accesses of `apps` only, each access once, by address; consents for everybody only
    /// where they are lines of the query themselves, and before all others. Lines of the list without one are kept as
    /// refused. A plan that is there already and was not started is made anew under the same identity.
    async fn plan(&self, run: Run, from: PlanFrom, apps: Vec<String>) -> Result<RunRow, StoreError>;
    /// Plans and runs, newest first.
    async fn runs(&self, which: RunSelection) -> Result<Vec<RunRow>, StoreError>;
    /// A plan or run.
    async fn run(&self, run: RunId) -> Result<Option<RunRow>, StoreError>;
    /// A page of items with their number in all, by `seq`.
    async fn items(
        &self,
        run: RunId,
        filter: ItemFilter,
        text: Option<String>,
        offset: u64,
        limit: u32,
    ) -> Result<(Vec<Item>, u64), StoreError>;
    /// Targets of all items of a run.
    async fn targets(&self, run: RunId) -> Result<Vec<Target>, StoreError>;
    /// Items that are not over, above a number.
    async fn open_items(&self, run: RunId, above: u32, limit: u32) -> Result<Vec<Item>, StoreError>;
    /// A page of lines that are not in the plan, by line.
    async fn refused(&self, run: RunId, offset: u64, limit: u32) -> Result<Vec<Refused>, StoreError>;
    /// How many items were left for which reason.
    async fn left(&self, run: RunId) -> Result<Vec<(Left, u64)>, StoreError>;
    /// The apps of which a run has items, by name.
    async fn run_apps(&self, run: RunId) -> Result<Vec<RunApp>, StoreError>;
    /// Writes new states of items and of the run, and runs a use case with them: together or not at all.
    async fn settle(
        &self,
        changes: Vec<ItemChange>,
        run: Option<Run>,
        case: Option<CaseWork>,
    ) -> Result<Committed, StoreError>;
    /// Throws away a plan that was never started.
    async fn drop_plan(&self, run: RunId) -> Result<(), StoreError>;
    /// Claims the runs of this workspace. None: another process has them.
    fn claim(&self) -> Result<Option<Box<dyn Claim>>, StoreError>;
}
