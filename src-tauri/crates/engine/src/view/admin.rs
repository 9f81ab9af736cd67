//! What the administrators' screen shows.

use crate::directory::{Likeness, Pace};
use crate::runs::{AccessOrder, AccessView};
use crate::view::{KeptOn, KeyringTrouble, RunView};
use crate::wire::{LogStop, NotRead, Permission, Suite, Use};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything of the administrators' screen but its long lists, which come in pages.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct AdminView {
    /// Organisations in which an administrator is or was signed in, by name.
    pub organisations: Vec<OrganisationView>,
    /// Plans and runs, newest first.
    pub runs: Vec<RunView>,
    /// What a sign-in asks for, for each of the two suites, to look only and to revoke.
    pub asks: Vec<AskView>,
    /// How hard the providers may be worked.
    pub paces: Paces,
}

/// How hard the providers may be worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Paces {
    /// Google.
    pub google: Pace,
    /// Microsoft.
    pub microsoft: Pace,
}

impl Default for Paces {
    fn default() -> Self {
        Self { google: Pace::default(), microsoft: Pace::MICROSOFT }
    }
}

impl Paces {
    pub(crate) fn at(self, suite: uncouple_domain::Suite) -> Pace {
        match suite {
            uncouple_domain::Suite::Google => self.google,
            uncouple_domain::Suite::Microsoft => self.microsoft,
        }
    }
}

/// What a sign-in as administrator asks for.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct AskView {
    /// Where.
    pub suite: Suite,
    /// To look only.
    pub read_only: bool,
    /// The scopes.
    pub scopes: Vec<ScopeView>,
    /// A sign-in app is set up for this provider.
    pub app: bool,
}

/// A scope, and what it is for.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct ScopeView {
    /// As the provider writes it.
    pub scope: String,
    /// What it is for.
    pub permissions: Vec<Permission>,
}

/// An organisation.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct OrganisationView {
    /// Identity.
    pub id: String,
    /// Where.
    pub suite: Suite,
    /// Name for people.
    pub name: String,
    /// The administrator who is signed in. None: signed out.
    pub sign_in: Option<AdminSignInView>,
    /// Apps that were named as HubSpot's.
    pub chosen: Vec<ChosenAppView>,
    /// Apps that look like HubSpot's and were not chosen.
    pub candidates: u32,
    /// Accesses of chosen apps that are known.
    #[ts(type = "number")]
    pub accesses: u64,
    /// The last search that ended.
    pub searched: Option<SearchView>,
    /// The search under way.
    pub searching: Option<SearchingView>,
    /// Why the last search stopped by itself, as the name of an error code.
    pub search_failed: Option<crate::AppError>,
    /// Rows of HubSpot's in use or disabled whose person was read and has no access: their addresses.
    pub rows_without_access: Vec<RowWithoutAccess>,
    /// What a search does not look at.
    pub not_looked_at: Vec<NotLookedAt>,
    /// Which apps people may let in by themselves, as it was last read.
    pub consent_rule: Option<ConsentRuleView>,
}

/// What can reach mail and is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum NotLookedAt {
    /// Google: clients with domain-wide delegation.
    DomainWideDelegation,
    /// Google: Marketplace apps that an administrator installed for the whole domain.
    DomainInstalls,
    /// Microsoft: application permissions, where they were not or could not be read.
    ApplicationPermissions,
    /// Passwords and app passwords over IMAP.
    AppPasswords,
    /// Forwarding to HubSpot.
    Forwarding,
}

/// Who can let an app in again after its access was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Reconsent {
    /// People, by themselves.
    People,
    /// An administrator only.
    Administrator,
    /// It was not read, or can't be told from what was read.
    Unknown,
}

/// A rule on who may consent.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct ConsentRuleView {
    /// Who can let an app with HubSpot's permissions on mail in.
    pub reconsent: Reconsent,
    /// When it was read.
    pub read: String,
}

/// What is known of an app's application permissions.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
#[ts(export)]
pub enum AppRolesView {
    /// This provider has none that could be read.
    None,
    /// Not read yet.
    NotRead,
    /// They could not be read.
    Unread {
        /// When that was tried.
        at: String,
    },
    /// They were read, and these stand.
    Read {
        /// When.
        at: String,
        /// The permissions.
        roles: Vec<AppRoleView>,
    },
}

/// An application permission.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct AppRoleView {
    /// The role's identifier.
    pub id: String,
    /// Its value, as `Mail.Read`, where the resource tells.
    pub value: Option<String>,
    /// The resource.
    pub resource: String,
    /// What it reaches, where the role is a known one.
    pub reach: Option<RoleReach>,
}

/// What a known application permission reaches, without any person's consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RoleReach {
    /// Read mail in all mailboxes.
    MailRead,
    /// Read and change mail in all mailboxes.
    MailChange,
    /// Send mail as anybody.
    MailSend,
    /// Everything in all mailboxes.
    Mailboxes,
    /// Calendars of everybody.
    Calendars,
    /// Contacts of everybody.
    Contacts,
    /// Files of everybody.
    Files,
    /// The directory of people.
    People,
}

/// A row of HubSpot's whose person has no access at the provider.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct RowWithoutAccess {
    /// The row.
    pub mailbox: String,
    /// Its address.
    pub address: String,
    /// The inbox of a team address.
    pub inbox: Option<String>,
}

/// A signed-in administrator.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct AdminSignInView {
    /// Who.
    pub account: String,
    /// To look only.
    pub read_only: bool,
    /// What was granted.
    pub permissions: Vec<Permission>,
    /// What was asked for and not granted, or is not in this mode.
    pub missing: Vec<Permission>,
    /// Kept in memory for this run only.
    pub this_run_only: bool,
    /// Signed in on another device. Nothing can be asked with it here.
    pub kept_on: Option<KeptOn>,
    /// Which member signed in.
    pub by: String,
    /// When.
    pub at: String,
    /// The provider refuses the token since then: sign in again.
    pub refused_since: Option<String>,
    /// What the provider names as the cause of it, as an error with its own words.
    pub refused_by: Option<crate::AppError>,
}

/// An app that was named as HubSpot's.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct ChosenAppView {
    /// Its key.
    pub key: String,
    /// The client id that its maker knows.
    pub client_id: Option<String>,
    /// Its name.
    pub name: String,
    /// It goes by HubSpot's name.
    pub by_name: bool,
    /// What it may do without any person's consent.
    pub roles: AppRolesView,
    /// Who chose it.
    pub by: String,
    /// When.
    pub at: String,
}

/// What a search came to.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct SearchView {
    /// When it ended.
    pub at: String,
    /// People whose list was read.
    #[ts(type = "number")]
    pub people: u64,
    /// Accesses.
    #[ts(type = "number")]
    pub accesses: u64,
    /// People whose list could not be read.
    #[ts(type = "number")]
    pub unread: u64,
    /// By the audit log only.
    pub log_only: bool,
    /// Everybody was looked at.
    pub complete: bool,
    /// What the audit log is known to say of these accesses.
    pub log: LogView,
    /// A list that is not whole by the provider's own count.
    pub short: Option<ShortView>,
}

/// A list that counts another number of entries than came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ShortView {
    /// Entries that it counts.
    #[ts(type = "number")]
    pub told: u64,
    /// Entries that came.
    #[ts(type = "number")]
    pub came: u64,
}

/// People whose lists a search could not read: one page of them.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct UnreadList {
    /// The people.
    pub people: Vec<UnreadView>,
    /// How many there are on all pages.
    #[ts(type = "number")]
    pub total: u64,
}

/// A person whose list could not be read.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct UnreadView {
    /// The address, or the provider's identifier where no address could be read.
    pub address: String,
    /// Name.
    pub name: Option<String>,
    /// Why.
    pub why: NotRead,
    /// When it was tried.
    pub at: String,
}

/// How far the audit log was read.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct LogView {
    /// It was read, to where `from` says.
    pub read: bool,
    /// When.
    pub at: Option<String>,
    /// All of it is known from then on: the uses, or where the log tells none, the consents.
    pub from: Option<String>,
    /// Whether this provider's log tells when an app used its access.
    pub tells_uses: bool,
    /// Why it was read no further. None: as far as was asked.
    pub why: Option<LogStop>,
}

/// A search that reads the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct LogReadingView {
    /// Lines so far.
    #[ts(type = "number")]
    pub lines: u64,
    /// The time of the line that came last.
    pub back_to: Option<String>,
}

/// A search under way.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SearchingView {
    /// People whose list was read.
    #[ts(type = "number")]
    pub people: u64,
    /// People whose list could not be read.
    #[ts(type = "number")]
    pub unread: u64,
    /// People known so far; grows while the list of people comes in.
    #[ts(type = "number")]
    pub known: u64,
    /// Accesses found.
    #[ts(type = "number")]
    pub accesses: u64,
    /// Calls a second, lately.
    pub rate: f64,
    /// Seconds left, as far as that can be told.
    #[ts(type = "number | null")]
    pub seconds_left: Option<u64>,
    /// The provider wants to be left alone for so many seconds.
    #[ts(type = "number")]
    pub waiting: u64,
    /// Everybody was looked at, and the audit log is read. The result is there already.
    pub log: Option<LogReadingView>,
}

/// An app, in the list to choose from.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct AppView {
    /// Key, to name it in a call.
    pub key: String,
    /// The client id that its maker knows.
    pub client_id: String,
    /// Name.
    pub name: String,
    /// Publisher, where the provider tells one.
    pub publisher: Option<String>,
    /// The provider verified the publisher. None: it does not tell.
    pub verified: Option<bool>,
    /// How its name stands to HubSpot's.
    pub likeness: Likeness,
    /// Accesses that the last search counted. None: they were not counted.
    #[ts(type = "number | null")]
    pub accesses: Option<u64>,
    /// It was named as HubSpot's.
    pub chosen: bool,
}

/// Which accesses are wanted, as the window asks.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct AccessAsk {
    /// The organisation. None: all.
    pub organisation: Option<String>,
    /// What address, name or app must contain.
    pub text: Option<String>,
    /// Only this app's, by key.
    pub app: Option<String>,
    /// The view.
    pub view: AccessView,
    /// With the view of unused ones: days without use.
    pub days: Option<u32>,
    /// The order.
    pub order: AccessOrder,
    /// Skip so many.
    #[ts(type = "number")]
    pub offset: u64,
    /// At most so many, up to 500.
    pub limit: u32,
}

/// A page of accesses.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct AccessList {
    /// Lines.
    pub rows: Vec<AccessLine>,
    /// How many there are on all pages.
    #[ts(type = "number")]
    pub total: u64,
}

/// An access.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct AccessLine {
    /// Number, to name it in a plan.
    #[ts(type = "number")]
    pub id: i64,
    /// The organisation.
    pub suite: Suite,
    /// The person. None: a consent for everybody.
    pub person: Option<AccountView>,
    /// The app.
    pub app: String,
    /// The app's key.
    pub app_key: String,
    /// The app was named as HubSpot's, so a plan can have it.
    pub chosen: bool,
    /// Scopes, as the provider writes them.
    pub scopes: Vec<String>,
    /// What the scopes reach.
    pub reaches: Vec<Reach>,
    /// The latest consent in the audit log.
    pub since: Option<String>,
    /// The latest use in the audit log.
    pub last_use: Option<String>,
    /// When it was read.
    pub read: String,
    /// What is known in HubSpot's side of the same address.
    pub crm: Option<KnownRow>,
}

/// A person's account.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct AccountView {
    /// Address.
    pub address: String,
    /// Name.
    pub name: Option<String>,
    /// The account is suspended.
    pub suspended: bool,
}

/// What this workspace knows of a person's address in HubSpot.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct KnownRow {
    /// The row.
    pub mailbox: String,
    /// Its use.
    pub usage: Use,
}

/// What a scope reaches, in the words that people know from HubSpot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Reach {
    /// Mail.
    Mail,
    /// Calendar and meetings.
    Calendar,
    /// Contacts.
    Contacts,
    /// Drive or `OneDrive`.
    Files,
    /// Search Console.
    SearchConsole,
    /// Name and address only.
    Identity,
    /// Something else.
    Other,
}

/// What came of an administrator's sign-in.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
#[ts(export)]
pub enum AdminSignInResult {
    /// Signed in.
    SignedIn {
        /// The organisation.
        organisation: String,
    },
    /// Signed in, but the keyring does not take the token.
    KeyringRefused {
        /// To name it in the next call.
        pending: String,
        /// Who signed in.
        account: String,
        /// Why.
        why: KeyringTrouble,
    },
}

/// What came of signing an administrator out.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct SignedOutView {
    /// The token was deleted, and the keyring read back as empty.
    pub forgotten: bool,
    /// The provider said that this app's own permission is gone. False: it may still be listed there.
    pub revoked: bool,
    /// A mailbox that is connected here hangs on the same permission, so it was not revoked.
    pub shared: bool,
    /// Another device keeps the token, and deletes it the next time that Uncouple runs there. Nothing was read or sent.
    pub kept_on: Option<KeptOn>,
}
