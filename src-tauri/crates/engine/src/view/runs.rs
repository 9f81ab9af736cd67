//! What the window shows of plans and runs.

use crate::error::{AppError, ErrorCode};
use crate::runs::{Column, Counts, ItemFilter, LineRefusal, PauseReason, RunState};
use crate::view::{AccessAsk, AccountView, AppRolesView, NotLookedAt, Reach, Reconsent};
use crate::wire::{Left, NotRead, Suite};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A plan as the window asks for it.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(tag = "from", rename_all = "snake_case", deny_unknown_fields)]
#[ts(export)]
pub enum PlanAsk {
    /// Chosen lines of the list.
    Lines {
        /// The organisation.
        organisation: String,
        /// Their numbers.
        #[ts(type = "number[]")]
        ids: Vec<i64>,
    },
    /// All lines of a query.
    All {
        /// The query; its page is not looked at.
        ask: AccessAsk,
        /// But not these lines, by number.
        #[ts(type = "number[]")]
        except: Vec<i64>,
    },
    /// Pasted addresses, or a list of columns with a header.
    Text {
        /// The organisation.
        organisation: String,
        /// The text.
        text: String,
        /// The column with the addresses, by name or number from 1. None: the only one that has some.
        #[serde(default)]
        column: Option<String>,
    },
    /// A file with them.
    File {
        /// The organisation.
        organisation: String,
        /// Its path.
        path: String,
        /// The column with the addresses, by name or number from 1. None: the only one that has some.
        #[serde(default)]
        column: Option<String>,
    },
    /// What a run found beside its own items: the grants by which HubSpot still reaches its people.
    Remaining {
        /// The organisation.
        organisation: String,
        /// The run.
        run: String,
    },
    /// Everything of one person.
    Leaver {
        /// The organisation.
        organisation: String,
        /// The address.
        address: String,
        /// On that day at that time, RFC 3339. None: when it is started.
        not_before: Option<String>,
    },
}

/// A plan or run.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct RunView {
    /// Identity.
    pub id: String,
    /// The organisation.
    pub organisation: String,
    /// The organisation's name.
    pub organisation_name: String,
    /// Where.
    pub suite: Suite,
    /// Where it stands.
    pub state: RunState,
    /// Why it stopped by itself.
    pub paused: Option<PauseReason>,
    /// The person who leaves.
    pub leaver: Option<String>,
    /// Who planned it.
    pub by: String,
    /// When.
    pub planned: String,
    /// The search that it is made of did not see everything: it was under way, was stopped, could not read some people,
    /// or was before an app was chosen that does not go by HubSpot's name. There may be accesses that it lacks.
    pub partial: bool,
    /// The column that was read, if it was made of a list with columns.
    pub column: Option<Column>,
    /// Not before then.
    pub not_before: Option<String>,
    /// When it was first started.
    pub started: Option<String>,
    /// When it ended.
    pub ended: Option<String>,
    /// Items by where they stand.
    pub counts: Counts,
    /// Items that were left, by reason.
    pub left: Vec<LeftCount>,
    /// What came of the last time that its lists were to be read again. The counts are of before where they could not.
    pub verified: Option<VerifiedView>,
    /// Where the disk stopped it: deletions that the provider answered before, written down or not.
    #[ts(type = "number | null")]
    pub deleted: Option<u64>,
    /// Lines of the list that are not in the plan.
    #[ts(type = "number")]
    pub refused: u64,
    /// Items that are consents for everybody: they want a confirmation of their own.
    #[ts(type = "number")]
    pub everybody: u64,
    /// What else stops for these people, over all items.
    pub reaches: Vec<Reach>,
    /// The apps of its items.
    pub apps: Vec<RunAppView>,
    /// The administrator's account at the provider that carried it out last.
    pub account: Option<String>,
    /// Hosts that answered for it in the provider's place, at any time.
    pub hosts: Vec<String>,
    /// The organisation's identifier at the provider: customer or tenant id.
    pub tenant: String,
    /// What neither the plan nor any proof of it speaks of.
    pub not_looked_at: Vec<NotLookedAt>,
    /// Who can let the apps in again afterwards.
    pub reconsent: Reconsent,
    /// When the organisation's consent policy was read.
    pub reconsent_read: Option<String>,
    /// Items that this run deleted and that can be given back at this provider.
    #[ts(type = "number")]
    pub restorable: u64,
    /// It is giving permissions back.
    pub restoring: bool,
    /// How giving back went last, in this process.
    pub restored: Option<RestoreView>,
    /// How it goes, while it is under way in this process.
    pub progress: Option<ProgressView>,
    /// Another process runs it.
    pub elsewhere: bool,
    /// What can be done now.
    pub actions: Vec<RunAction>,
}

/// An app of which a run has items.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct RunAppView {
    /// Its key: at Microsoft the object id of its service principal.
    pub key: String,
    /// The client id that its maker knows.
    pub client_id: Option<String>,
    /// Its name.
    pub name: String,
    /// It goes by HubSpot's name. Of any other, only what its own name says is said.
    pub by_name: bool,
    /// Items of it.
    #[ts(type = "number")]
    pub items: u64,
    /// What it may do without any person's consent.
    pub roles: AppRolesView,
}

/// What is to be given back.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RestoreAsk {
    /// Only these items, by number. None: all that can be.
    pub items: Option<Vec<u32>>,
    /// Only these people's, by address. Empty: everybody's.
    pub people: Vec<String>,
    /// Consents for everybody are meant as well.
    pub everybody: bool,
}

/// How giving back went.
#[derive(Clone, Debug, Default, Serialize, TS)]
#[ts(export)]
pub struct RestoreView {
    /// How many were asked for.
    #[ts(type = "number")]
    pub asked: u64,
    /// How many were given back and read back.
    #[ts(type = "number")]
    pub restored: u64,
    /// The others that were tried.
    pub failed: Vec<RestoreFailed>,
    /// Why it stopped by itself.
    pub stopped: Option<AppError>,
    /// Somebody stopped it.
    pub paused: Option<PauseReason>,
}

/// A permission that was not given back, or not read back.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct RestoreFailed {
    /// The item.
    pub seq: u32,
    /// Whose. Empty: everybody's.
    pub address: String,
    /// Why.
    pub code: ErrorCode,
}

/// What came of having a run's lists read again.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct VerifiedView {
    /// When it began.
    pub at: String,
    /// Lists that could be read.
    #[ts(type = "number")]
    pub read: u64,
    /// Of those: still gone, and no other grant of a marked app.
    #[ts(type = "number")]
    pub gone: u64,
    /// Of those: HubSpot reaches the person.
    #[ts(type = "number")]
    pub back: u64,
    /// Lists that could not be read, by reason.
    pub not_read: Vec<NotReadCount>,
}

/// Lists that could not be read for one reason.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[ts(export)]
pub struct NotReadCount {
    /// The reason.
    pub why: NotRead,
    /// How many.
    #[ts(type = "number")]
    pub count: u64,
}

/// Items that were left for one reason.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[ts(export)]
pub struct LeftCount {
    /// The reason.
    pub why: Left,
    /// How many.
    #[ts(type = "number")]
    pub count: u64,
}

/// What can be done about a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RunAction {
    /// Start it, or schedule it for its time.
    Start,
    /// Throw the plan away.
    Drop,
    /// Stop for now.
    Pause,
    /// Go on.
    Resume,
    /// Call off what is left.
    Cancel,
    /// Take up what was left.
    Retry,
    /// Read everything again.
    Verify,
    /// Write a report.
    Report,
    /// Give back what was deleted.
    Restore,
    /// Plan the grants by which HubSpot still reaches its people.
    PlanRemaining,
}

/// How a run goes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ProgressView {
    /// Items that are over.
    #[ts(type = "number")]
    pub done: u64,
    /// All items.
    #[ts(type = "number")]
    pub total: u64,
    /// Items a second, lately.
    pub rate: f64,
    /// Seconds left, as far as that can be told.
    #[ts(type = "number | null")]
    pub seconds_left: Option<u64>,
    /// Calls that had to be repeated.
    #[ts(type = "number")]
    pub repeated: u64,
    /// The provider wants to be left alone for so many seconds.
    #[ts(type = "number")]
    pub waiting: u64,
    /// Items that wait for the provider's list to follow.
    #[ts(type = "number")]
    pub lagging: u64,
    /// It was paused or called off, and what is under way comes to its end.
    pub stopping: bool,
}

/// A page of a run's items.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct ItemList {
    /// Items.
    pub items: Vec<ItemView>,
    /// How many there are on all pages.
    #[ts(type = "number")]
    pub total: u64,
    /// Lines that are not in the plan, the first of them.
    pub refused: Vec<RefusedView>,
}

/// Which items are wanted, as the window asks.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ItemAsk {
    /// Which.
    pub filter: ItemFilter,
    /// What the address must contain.
    pub text: Option<String>,
    /// Skip so many.
    #[ts(type = "number")]
    pub offset: u64,
    /// At most so many, up to 500.
    pub limit: u32,
}

/// An item.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct ItemView {
    /// Number within the run.
    pub seq: u32,
    /// The person. None: everybody.
    pub person: Option<AccountView>,
    /// The app.
    pub app: String,
    /// The app's key: the client id at Google, the object id of the service principal at Microsoft.
    pub app_key: String,
    /// The grant's identifier at Microsoft.
    pub grant: Option<String>,
    /// Scopes, as the provider writes them.
    pub scopes: Vec<String>,
    /// This run deleted it, and it can be given back.
    pub restorable: bool,
    /// What its scopes reach.
    pub reaches: Vec<Reach>,
    /// Where it stands.
    pub state: ItemStateView,
    /// The last time that its list was to be read again.
    pub look: Option<LookView>,
}

/// The last time that an item's list was to be read again.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct LookView {
    /// When.
    pub at: String,
    /// Why it could not be read. None: it was read.
    pub not_read: Option<NotRead>,
}

/// A grant by which HubSpot still reaches a person.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct ThroughView {
    /// The app.
    pub app: String,
    /// The app's key.
    pub app_key: String,
    /// The grant's identifier at Microsoft.
    pub grant: Option<String>,
    /// For everybody. False: the same person's.
    pub everybody: bool,
    /// Scopes, as the provider writes them.
    pub scopes: Vec<String>,
    /// What they reach.
    pub reaches: Vec<Reach>,
}

/// Where an item stands.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
#[ts(export)]
pub enum ItemStateView {
    /// Nothing was sent.
    Planned,
    /// Under way.
    UnderWay {
        /// The provider answered the deletion; the list does not show it yet.
        deleted: bool,
    },
    /// Proven gone.
    Proven {
        /// When the list was read.
        read: String,
        /// The account itself is gone.
        nobody_there: bool,
        /// When the audit log has the removal.
        logged: Option<String>,
        /// The audit log was asked, and has no entry yet.
        log_late: bool,
        /// There was nothing to delete when the deletion came.
        already_gone: bool,
    },
    /// This grant is gone, and the list that was read still has another one of a marked app.
    StillReached {
        /// When the list was read.
        read: String,
        /// The grants.
        through: Vec<ThroughView>,
    },
    /// Not done.
    Left {
        /// Why.
        why: Left,
        /// Since when that is known.
        at: String,
    },
    /// Giving it back was begun, and whether it was done is not known.
    Restoring {
        /// When.
        at: String,
    },
    /// It was given back.
    Restored {
        /// When the list was read that has it again.
        read: String,
    },
}

/// A line that is not in the plan.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct RefusedView {
    /// Number of the line; 0 where there was no list.
    #[ts(type = "number")]
    pub line: u64,
    /// What stands there.
    pub text: String,
    /// Why.
    pub why: LineRefusal,
}

/// The forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ReportFormat {
    /// A page to print.
    Page,
    /// For spreadsheets.
    Csv,
    /// For programs.
    Json,
}
