//! An organisation's directory, as an administrator's sign-in sees it: the ports behind which Google's and Microsoft's
//! administrators' APIs stand.

use crate::ports::{ProviderCode, SecretError, SignInApp, SignInAt};
use async_trait::async_trait;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::mpsc;
use ts_rs::TS;
use uncouple_domain::{AppRole, ConsentRule, DeleteAnswer, Listed, Permission, SignInCause, Suite};

/// How hard a provider may be worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(export)]
pub struct Pace {
    /// Calls a minute at most. 0: as many as the connections carry.
    pub calls_per_minute: u32,
    /// Connections at once at most.
    pub connections: u16,
}

impl Pace {
    /// Microsoft's usual one: well below the 3,500 resource units in ten seconds that the smallest tenants have
    /// (<https://learn.microsoft.com/graph/throttling-limits>, identity and access, read 2026-11; most calls cost one or
    /// two). Writes have a limit of their own, which the adapter keeps.
    pub const MICROSOFT: Self = Self { calls_per_minute: 9_600, connections: 16 };
}

impl Default for Pace {
    /// Google's quota for a project and person
    /// (<https://developers.google.com/workspace/admin/directory/v1/limits>, read 2026-11).
    fn default() -> Self {
        Self { calls_per_minute: 2_400, connections: 16 }
    }
}

/// Why a call of an administrators' API came to nothing, after all patience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// The administrator's token is refused; somebody must sign in again.
    #[error("sign in again")]
    Expired,
    /// The token was issued for other hosts than those of the sign-in app now, and was not sent; somebody must sign in
    /// again.
    #[error("a token for other hosts")]
    Elsewhere,
    /// The keyring does not hand the token out.
    #[error("keyring: {0}")]
    Keyring(#[from] SecretError),
    /// The sign-in's permissions or the administrator's role do not allow it.
    #[error("forbidden")]
    Forbidden {
        /// What it would need.
        permission: Permission,
    },
    /// The provider turns the calls away before it looks at anybody's role, and names the cause.
    #[error("blocked: {0:?}")]
    Blocked(Obstacle),
    /// There is no such person.
    #[error("nobody there")]
    NobodyThere,
    /// The provider's limits did not let up in time.
    #[error("over the provider's limits")]
    Limits,
    /// No usable answer came in time: network trouble, 5xx.
    #[error("no answer")]
    NoAnswer,
    /// Nothing was done: it was not sent, or refused, and nothing is to be changed any more.
    #[error("halted")]
    Halted,
    /// An answer that is not what the provider's documents promise: wrong types, no list where one must be.
    #[error("unreadable answer")]
    Unreadable,
    /// An answer that is longer than any honest one.
    #[error("too long an answer")]
    TooLong,
    /// Pages that lead in a circle.
    #[error("pages lead in a circle")]
    Circle,
    /// A page's link leads to another host; it was not followed.
    #[error("a link to another host")]
    OtherHost,
    /// A list that counts more entries than it has.
    #[error("a list that lacks entries")]
    Incomplete,
    /// A list that goes on for longer than any organisation is large.
    #[error("a list without an end")]
    Endless,
    /// What was found could not be kept on the disk meanwhile.
    #[error("no room on the disk")]
    Disk,
    /// The address of the API is not one that this build takes.
    #[error("bad endpoint")]
    BadEndpoint,
}

/// What stands in the way of all calls of an administrators' API, whatever the administrator's role. Trying again does
/// not help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The provider refuses the administrator's token.
    SignIn {
        /// The cause that it names.
        cause: SignInCause,
        /// Its number or word for it.
        code: ProviderCode,
    },
    /// The API is not enabled in the project of the sign-in app.
    ApiOff {
        /// The project's number, where the answer tells it.
        project: Option<u64>,
        /// The provider's word.
        code: ProviderCode,
    },
    /// The organisation's edition or settings do not let anybody use the API.
    DomainCannot {
        /// The provider's word.
        code: ProviderCode,
    },
    /// The token lacks a permission: it was not asked for, or its tick was taken away at the sign-in.
    ScopeMissing {
        /// The permission.
        permission: Permission,
        /// The provider's word.
        code: ProviderCode,
    },
    /// The certificate of the server is not one that this system trusts.
    Untrusted,
}

/// The way to an access token.
#[async_trait]
pub trait ApiKey: Send + Sync + std::fmt::Debug {
    /// An access token, the one at hand or a fresh one. `refused` is the one that the API has just refused.
    async fn token(&self, refused: Option<&SecretString>) -> Result<SecretString, ApiError>;
}

/// A person in the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The provider's own identifier, which survives a change of the address.
    pub id: String,
    /// The primary address, as the provider writes it.
    pub address: String,
    /// Other addresses of the same account.
    pub aliases: Vec<String>,
    /// Name.
    pub name: Option<String>,
    /// The account is suspended.
    pub suspended: bool,
}

/// How an app's name stands to HubSpot's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Likeness {
    /// It is called so, and nothing speaks against it.
    Named,
    /// It is called so, or seems to be at a glance, but letters or publisher speak against it.
    LookAlike,
    /// Another app.
    Other,
}

/// An app that somebody in the organisation has let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppSeen {
    /// The client id at Google; the object id of the service principal at Microsoft.
    pub key: String,
    /// The client id that the app's maker knows.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// Its publisher, where the provider tells one.
    pub publisher: Option<String>,
    /// The publisher was verified by the provider. None: this provider does not tell.
    pub verified: Option<bool>,
    /// How its name stands to HubSpot's.
    pub likeness: Likeness,
}

/// One access of an app to a person's account, or to everybody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The app's key.
    pub app: String,
    /// The grant's identifier at Microsoft. None at Google, where person and app name it.
    pub grant: Option<String>,
    /// Scopes, as the provider writes them.
    pub scopes: Vec<String>,
    /// What the scopes are of, at Microsoft: the object id of the resource's service principal.
    pub resource: Option<String>,
}

/// What a search is after.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Keys of apps that were named as HubSpot's. Apps whose names look like HubSpot's are always wanted.
    pub apps: BTreeSet<String>,
    /// Addresses that the workspace knows. Their people are read even where the search would not come across them.
    pub addresses: Vec<String>,
    /// The administrator can't read people's lists: go by the audit log.
    pub log_only: bool,
    /// Where an earlier search of the same apps stopped, in the words of [`Finding::Position`].
    pub from: Option<String>,
}

/// What a search comes across. Sent as it is found: nothing is collected.
#[derive(Clone, Debug)]
pub enum Finding {
    /// An app, each once.
    App(AppSeen),
    /// People are known so far; at the end, all of them.
    People(u64),
    /// A person's list was read. Wanted accesses only, often none.
    Read {
        /// Who.
        person: Person,
        /// When the read began.
        began: Timestamp,
        /// Accesses of wanted apps.
        accesses: Vec<Access>,
        /// Keys of the other apps in the list, where the provider's list has all of them.
        others: Vec<String>,
    },
    /// Everything before was told: a later search can go on from here.
    Position(String),
    /// A consent for everybody.
    Everybody {
        /// When the read began.
        began: Timestamp,
        /// The access.
        access: Access,
    },
    /// A list of an app's grants that is not whole by its own count.
    Short {
        /// Entries that it counts (`@odata.count` at Microsoft).
        told: u64,
        /// Entries that came, on all pages.
        came: u64,
    },
    /// A person's list could not be read.
    Unread {
        /// Who.
        person: Person,
        /// Why.
        why: ApiError,
    },
}

/// Whose access is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// A person's.
    Person {
        /// The provider's identifier.
        id: String,
    },
    /// A consent for everybody (`AllPrincipals` at Microsoft).
    Everybody,
}

/// One access, to be revoked or looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// Whose.
    pub who: Who,
    /// Of which app.
    pub app: String,
    /// The grant's identifier at Microsoft.
    pub grant: Option<String>,
}

/// A permission that was deleted and is to be given back, as `oauth2PermissionGrants` takes it
/// (<https://learn.microsoft.com/graph/api/oauth2permissiongrant-post>, read 2026-11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedGrant {
    /// Whose.
    pub who: Who,
    /// The app's key.
    pub app: String,
    /// The resource, see [`Access::resource`].
    pub resource: String,
    /// The scopes.
    pub scopes: Vec<String>,
}

/// What the provider answered when a permission was to be given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestoreAnswer {
    /// It was given.
    Given,
    /// It has one of the same app, person and resource already; the list says which.
    There,
    /// It does not take it: the app, the person or the resource is gone.
    Refused,
}

/// What a list has of a permission that was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Nothing.
    No,
    /// One with fewer scopes.
    Less,
    /// All of it.
    All,
}

/// What a read of one person's list says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadBack {
    /// When the read began.
    pub began: Timestamp,
    /// What it says of the access.
    pub listed: Listed,
    /// Any of the wanted apps still reaches the person.
    pub reached: bool,
    /// Grants of the marked apps in the same lists, beside the one that was asked about.
    pub others: Vec<OtherGrant>,
}

/// A grant of a marked app, beside the one that a read was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherGrant {
    /// Whose, and of which app.
    pub target: Target,
    /// Scopes, as the provider writes them.
    pub scopes: Vec<String>,
    /// As in [`Access::resource`].
    pub resource: Option<String>,
}

impl OtherGrant {
    /// A grant of somebody's.
    #[must_use]
    pub fn of(who: Who, access: Access) -> Self {
        let Access { app, grant, scopes, resource } = access;
        Self { target: Target { who, app, grant }, scopes, resource }
    }
}

/// What a line of the audit log says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogWhat {
    /// The app was let in.
    Consented,
    /// Its access was taken away.
    Removed,
    /// It used its access.
    Used,
}

/// A line of the audit log about an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// The app's key.
    pub app: String,
    /// The person's identifier. None: the line does not tell whose access it is, so it may be anybody's.
    pub person: Option<String>,
    /// The person's address, where the line has it.
    pub address: Option<String>,
    /// When, by our own clock as far as the provider's answers tell the difference.
    pub at: Timestamp,
    /// What happened.
    pub what: LogWhat,
}

/// Which lines of the audit log are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogEvents {
    /// Consents.
    Consents,
    /// Consents and removals.
    ConsentsAndRemovals,
    /// Uses. Microsoft's log has none.
    Uses,
}

/// What is asked of the audit log.
#[derive(Clone, Debug)]
pub struct LogAsk {
    /// For these apps, by key.
    pub apps: BTreeSet<String>,
    /// Nothing older.
    pub since: Timestamp,
    /// Only these.
    pub events: LogEvents,
}

/// Whether the provider's audit log tells when an app used its access. Microsoft's directory audits hold consents and
/// removals only (<https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities>, read
/// 2026-11).
#[must_use]
pub fn tells_uses(suite: Suite) -> bool {
    match suite {
        Suite::Google => true,
        Suite::Microsoft => false,
    }
}

/// The organisation that an administrator belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationFacts {
    /// Customer id at Google; tenant id at Microsoft.
    pub key: String,
    /// Primary domain, or the name that the provider has.
    pub name: String,
}

/// What a directory has cost so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Requests sent, repeated ones too.
    pub calls: u64,
    /// Requests sent again.
    pub repeated: u64,
    /// The provider wants to be left alone for so long, in milliseconds. 0: it does not.
    pub waiting_ms: u64,
}

/// A directory, signed in. All of it may be called many times at once; it keeps its own pace.
#[async_trait]
pub trait Directory: Send + Sync + std::fmt::Debug {
    /// Whose directory it is. `account` is the administrator's address.
    async fn organisation(&self, account: &str) -> Result<OrganisationFacts, ApiError>;
    /// Looks through everybody. Ends early when nobody listens any more.
    async fn search(&self, wanted: &Wanted, out: mpsc::Sender<Finding>) -> Result<(), ApiError>;
    /// Reads one person by address.
    ///
    /// # Errors
    /// [`ApiError::NobodyThere`] for somebody of another organisation.
    async fn look_up(&self, address: &str, wanted: &Wanted) -> Result<Vec<Finding>, ApiError>;
    /// An app that was not come across, by its client id.
    async fn app(&self, client_id: &str) -> Result<Option<AppSeen>, ApiError>;
    /// Deletes an access. "Already gone" is an answer.
    ///
    /// # Errors
    /// [`ApiError::NobodyThere`] where the account is gone; [`ApiError::Halted`].
    async fn delete(&self, target: &Target) -> Result<DeleteAnswer, ApiError>;
    /// From now on no deletion is sent. One that waits for its turn ends with [`ApiError::Halted`], or with
    /// [`ApiError::NoAnswer`] if it was tried before and may have been done.
    fn halt(&self);
    /// Reads whether an access is there. A missing account is an answer.
    async fn read(&self, target: &Target, apps: &BTreeSet<String>) -> Result<ReadBack, ApiError>;
    /// The application permissions of an app, which no person's list has. Google has none.
    ///
    /// # Errors
    /// [`ApiError::Unreadable`] where there is no such list.
    async fn app_roles(&self, _app: &str) -> Result<Vec<AppRole>, ApiError> {
        Err(ApiError::Unreadable)
    }
    /// Which apps people may let in by themselves.
    ///
    /// # Errors
    /// [`ApiError::Unreadable`] where it can't be read at this provider.
    async fn consent_rule(&self) -> Result<ConsentRule, ApiError> {
        Err(ApiError::Unreadable)
    }
    /// Gives a deleted permission back. "There already" is an answer. Only Microsoft can.
    ///
    /// # Errors
    /// [`ApiError::Unreadable`] where the provider can't; [`ApiError::Halted`].
    async fn give_back(&self, _grant: &DeletedGrant) -> Result<RestoreAnswer, ApiError> {
        Err(ApiError::Unreadable)
    }
    /// Reads what there is of a deleted permission, and when the read began.
    ///
    /// # Errors
    /// [`ApiError::NobodyThere`] where the account is gone; [`ApiError::Unreadable`] where the provider can't.
    async fn holds(&self, _grant: &DeletedGrant) -> Result<(Timestamp, Holds), ApiError> {
        Err(ApiError::Unreadable)
    }
    /// Reads the audit log, app by app and no further than asked. At Google the newest lines of an app come first. Ends
    /// early and well when nobody listens any more.
    async fn log(&self, ask: &LogAsk, out: mpsc::Sender<LogLine>) -> Result<(), ApiError>;
    /// What it has cost so far.
    fn spent(&self) -> Spent;
}

/// Opens directories.
pub trait Directories: Send + Sync {
    /// Opens one. Talks to nobody.
    ///
    /// # Errors
    /// [`ApiError::BadEndpoint`].
    fn open(
        &self,
        at: SignInAt,
        app: &SignInApp,
        key: Arc<dyn ApiKey>,
        pace: Pace,
    ) -> Result<Arc<dyn Directory>, ApiError>;
    /// The scopes that an administrator is asked for, with what each is for.
    fn scopes(&self, at: SignInAt, read_only: bool) -> Vec<AdminScope>;
    /// What the scopes that were granted allow.
    fn permissions(&self, at: SignInAt, granted: &[String]) -> BTreeSet<Permission>;
}

/// A scope that an administrator is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminScope {
    /// As the provider writes it.
    pub scope: &'static str,
    /// What it is for.
    pub permissions: &'static [Permission],
}
