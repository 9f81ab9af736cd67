//! What the engine needs from outside. Each port has one adapter in the app and a fake in `testkit`.

use crate::history::{Chain, Entry, HistoryEnd, HistoryFilter, HistoryPage};
use crate::settings::Settings;
use async_trait::async_trait;
use jiff::Timestamp;
use secrecy::SecretString;
use std::sync::Arc;
use tokio::sync::mpsc;
use uncouple_domain::{
    Address, Entity, MemberId, Notice, NoticeId, Provider, Refusal, Scope, SecretId, SignInCause, Workspace,
};
use url::Url;
use uuid::Uuid;

/// The time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
    /// The zone in which the person counts days.
    fn zone(&self) -> jiff::tz::TimeZone;
}

/// Fresh identifiers.
pub trait Ids: Send + Sync {
    /// One that was never given before.
    fn fresh(&self) -> Uuid;
}

/// Why the store could not do it. The file is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The rule said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Written by a newer version of the app.
    #[error("the file has schema {found}, this app knows up to {known}")]
    Newer {
        /// The file's.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// Not a workspace, or damaged.
    #[error("not a workspace file, or damaged")]
    Corrupt,
    /// The file or its folder can't be written.
    #[error("read-only")]
    ReadOnly,
    /// No room.
    #[error("disk full")]
    Full,
    /// The path is a folder, or something else that is no file.
    #[error("not a file")]
    NotAFile,
    /// The path can't be reached or made.
    #[error("can't be opened: {0}")]
    Unreachable(String),
    /// Another process kept the file for too long.
    #[error("busy")]
    Busy,
    /// Anything else; the text is for the log.
    #[error("database: {0}")]
    Other(String),
}

/// A use case as the store runs it: inside one transaction, on the newest rows of its case.
pub type Work<'a> = Box<dyn FnOnce(&mut Workspace) -> Result<(), Refusal> + Send + 'a>;

/// A use case with the rows that it may touch.
pub struct CaseWork {
    /// Which rows.
    pub scope: Scope,
    /// What is done with them.
    pub work: Work<'static>,
}

impl CaseWork {
    /// A use case on the case of a scope.
    pub fn new(scope: Scope, work: impl FnOnce(&mut Workspace) -> Result<(), Refusal> + Send + 'static) -> Self {
        Self { scope, work: Box::new(work) }
    }
}

impl std::fmt::Debug for CaseWork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CaseWork").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// What a use case came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The count of changes now. It stays where nothing changed.
    pub revision: u64,
    /// The rows that are not as they were.
    pub touched: Vec<Entity>,
}

/// A change of the settings as the store runs it: inside one transaction, against the newest ones.
pub type SettingsWork = Box<dyn FnOnce(&mut Settings) + Send>;

/// A workspace, or a case of it, and the count of changes that led to it.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The rows.
    pub workspace: Workspace,
    /// Grows by one with every change.
    pub revision: u64,
}

/// Where the workspace is kept.
#[async_trait]
pub trait Store: Send + Sync {
    /// The rows of a case, to look at. Work and answer are as large as the case.
    async fn case(&self, scope: &Scope) -> Result<Snapshot, StoreError>;
    /// Runs a use case on the rows that its scope names: state, history and intentions land together or not at all.
    /// [`transact`] gives back what the use case answers.
    async fn transact(&self, scope: &Scope, work: Work<'_>) -> Result<Committed, StoreError>;
    /// All rows. Only for views that show all of them at once, until they come in pages: everybody else names a scope.
    async fn read_whole(&self) -> Result<Arc<Snapshot>, StoreError>;
    /// The count of changes, without loading anything.
    async fn revision(&self) -> Result<u64, StoreError>;
    /// Settings of this workspace.
    async fn settings(&self) -> Result<Settings, StoreError>;
    /// Changes the settings and runs a use case with them, together or not at all.
    async fn change_settings(
        &self,
        settings: SettingsWork,
        scope: &Scope,
        work: Work<'_>,
    ) -> Result<Committed, StoreError>;
    /// Forgets notices that were read before a moment, except those of something that still holds: they keep it from
    /// being said again. The history keeps everything.
    async fn prune_notices(&self, read_before: Timestamp) -> Result<Committed, StoreError>;
    /// A page of the history, newest first.
    async fn history(&self, filter: HistoryFilter) -> Result<HistoryPage, StoreError>;
    /// Sends all entries, oldest first and a batch at a time, and answers where they should end: both of one moment.
    /// Returns early, without an error, if the receiver was dropped.
    async fn read_history(&self, out: mpsc::Sender<Vec<Entry>>) -> Result<HistoryEnd, StoreError>;
    /// Walks the hash chain to where it should end.
    async fn verify_history(&self) -> Result<Chain, StoreError>;
}

/// Runs a use case in one transaction and hands on its answer.
///
/// # Errors
/// [`StoreError::Refused`] with the rule's refusal; what the store says.
pub async fn transact<T: Send>(
    store: &dyn Store,
    settings: Option<SettingsWork>,
    scope: &Scope,
    work: impl FnOnce(&mut Workspace) -> Result<T, Refusal> + Send,
) -> Result<(T, Committed), StoreError> {
    let mut value = None;
    let keep = Box::new(|case: &mut Workspace| {
        value = Some(work(case)?);
        Ok(())
    });
    let committed = match settings {
        Some(settings) => store.change_settings(settings, scope, keep).await?,
        None => store.transact(scope, keep).await?,
    };
    // A store that commits without having run the use case breaks its word.
    let value = value.ok_or_else(|| StoreError::Other("the use case was not run".to_owned()))?;
    Ok((value, committed))
}

/// Which notices are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeFilter {
    /// To whom they are.
    pub to: MemberId,
    /// What the address that they are about must contain.
    pub text: Option<String>,
    /// Only notices before this one.
    pub before: Option<NoticeId>,
    /// At most so many.
    pub limit: u32,
}

/// A page of notices, newest first.
#[derive(Clone, Debug)]
pub struct NoticePage {
    /// The notices.
    pub notices: Vec<Notice>,
    /// How many there are with this filter, on all pages.
    pub total: u64,
    /// How many of the member's are unread, with any filter.
    pub unread: u64,
}

/// What is read in pages: filtered and sorted by the store, so that no answer grows with the workspace.
#[async_trait]
pub trait Queries: Send + Sync {
    /// A page of a member's notices.
    async fn notices(&self, filter: NoticeFilter) -> Result<NoticePage, StoreError>;
}

/// Why a secret could not be kept, read or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// There is no keyring on this desktop.
    #[error("no keyring")]
    Absent,
    /// There is a keyring service without a collection to put something in, as before its first password.
    #[error("no collection in the keyring")]
    NoCollection,
    /// It is locked, and was not unlocked in time.
    #[error("keyring locked")]
    Locked,
    /// It did not answer in time.
    #[error("keyring silent")]
    Silent,
    /// It refused for another reason.
    #[error("keyring failed")]
    Failed,
}

/// Where a secret goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Into the operating system's keyring.
    Keyring,
    /// Into memory, until the app ends.
    ThisRun,
}

/// Tokens. Nothing but the operating system's keyring and memory ever holds one.
#[async_trait]
pub trait SecretStore: Send + Sync {
    /// Keeps a secret under its id, replacing what was there.
    async fn keep(&self, id: SecretId, secret: SecretString, keep: Keep) -> Result<(), SecretError>;
    /// Reads it. None: there is no such entry.
    async fn read(&self, id: SecretId, keep: Keep) -> Result<Option<SecretString>, SecretError>;
    /// Deletes it and reads back. Ok means: read back as absent. Deleting what is not there is fine.
    async fn forget(&self, id: SecretId, keep: Keep) -> Result<(), SecretError>;
    /// Whether a keyring can be used now.
    async fn state(&self) -> Result<(), SecretError>;
}

/// The system browser.
#[async_trait]
pub trait Browser: Send + Sync {
    /// Opens an address. Only the engine's own checked addresses come here.
    async fn open(&self, page: &Url) -> Result<(), BrowserError>;
}

/// The browser could not be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no browser")]
pub struct BrowserError;

/// Who signed in, from a validated id_token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Google, or the Microsoft kind that the token's tenant tells.
    pub provider: Provider,
    /// `sub` at Google; `tid` and `oid` joined by a dot at Microsoft.
    pub subject: String,
    /// The address that the provider states.
    pub address: Address,
    /// The organisation that the account belongs to, where the provider states one: `hd` at Google, `tid` at
    /// Microsoft.
    pub organisation: Option<String>,
}

/// A finished sign-in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub identity: Identity,
    /// The refresh token.
    pub refresh_token: SecretString,
    /// The scopes that were granted: people can leave some out.
    pub granted: Vec<String>,
    /// The hosts of the sign-in app with which it was issued, and which alone may see it.
    pub hosts: TokenHosts,
}

/// What a person is asked for.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Who should sign in; sent as `login_hint`.
    pub expect: Option<Address>,
    /// Scopes beside those that tell who it is.
    pub scopes: Vec<String>,
}

/// A short-lived token for a provider's API.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The token.
    pub token: SecretString,
    /// For how long it is good, as the provider says.
    pub lives: std::time::Duration,
}

/// The two account systems that people sign in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SignInAt {
    /// Google.
    Google,
    /// Microsoft, work and personal accounts alike; the id_token tells which.
    Microsoft,
}

/// The registered app that a sign-in uses. Not a secret (RFC 8252 section 8.5), not even `client_secret`.
#[derive(Clone, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SignInApp {
    /// The client id. Empty: not set up.
    pub client_id: String,
    /// Google's desktop apps get one and want it sent; Microsoft's public clients must not send any.
    pub client_secret: Option<String>,
    /// Another authorization endpoint than the provider's own.
    pub authorize_url: Option<String>,
    /// Another token endpoint.
    pub token_url: Option<String>,
    /// Another revocation endpoint.
    pub revoke_url: Option<String>,
    /// Another set of signing keys.
    pub jwks_url: Option<String>,
    /// Another issuer.
    pub issuer: Option<String>,
    /// Another address of the administrators' API.
    #[serde(default)]
    pub api_url: Option<String>,
}

/// A provider's own number or word for a refusal, which its documents and people's searches find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderCode {
    /// Microsoft's number.
    Aadsts(u32),
    /// Google's word.
    Word(&'static str),
}

impl std::fmt::Display for ProviderCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Aadsts(number) => write!(f, "AADSTS{number}"),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// The hosts that see a sign-in app's tokens, each as an origin (RFC 6454): scheme, host and, where it is not the scheme's
/// own, port.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TokenHosts {
    /// Who says whose a token is.
    pub issuer: String,
    /// Where tokens are issued and renewed.
    pub token: String,
    /// Where they are revoked, where the provider has such a place.
    pub revoke: Option<String>,
    /// Where the administrators' API is.
    pub api: String,
}

impl TokenHosts {
    /// A host of the others that is not the one here. None: they are the same.
    #[must_use]
    pub fn first_other<'a>(&self, others: &'a Self) -> Option<&'a str> {
        let revoke = |hosts: &'a Self| hosts.revoke.as_deref().unwrap_or_default();
        [
            (self.issuer.as_str(), others.issuer.as_str()),
            (&self.token, &others.token),
            (self.revoke.as_deref().unwrap_or_default(), revoke(others)),
            (&self.api, &others.api),
        ]
        .into_iter()
        .find_map(|(ours, theirs)| (ours != theirs).then_some(theirs))
    }
}

/// Why a sign-in came to nothing. Nothing was stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// No client id is set for this provider.
    #[error("no sign-in app")]
    NoApp,
    /// An endpoint is not an https address (plain loopback only in test builds).
    #[error("bad endpoint")]
    BadEndpoint,
    /// The loopback port could not be opened.
    #[error("no port")]
    NoPort,
    /// The browser could not be started.
    #[error("no browser")]
    NoBrowser,
    /// Nobody came back in time.
    #[error("timed out")]
    TimedOut,
    /// The person cancelled in the app.
    #[error("cancelled")]
    Cancelled,
    /// The person declined at the provider.
    #[error("declined")]
    Declined,
    /// The provider refused it and names a cause.
    #[error("refused by {code}: {cause:?}")]
    Refused {
        /// The cause.
        cause: SignInCause,
        /// The provider's number or word for it.
        code: ProviderCode,
    },
    /// The provider answered with another error; its OAuth error word, checked to be a plain word, and its number.
    #[error("provider: {0}")]
    Provider(String),
    /// The certificate of the provider's server is not one that this system trusts.
    #[error("certificate not trusted")]
    Untrusted,
    /// The provider could not be reached.
    #[error("unreachable")]
    Unreachable,
    /// The id_token is missing or does not validate.
    #[error("identity not validated")]
    BadIdentity,
    /// No refresh token came, so there would be nothing to hold or to revoke.
    #[error("no refresh token")]
    NoRefreshToken,
}

/// A sign-in that came to nothing, and what it left at the provider.
#[derive(Debug)]
pub struct NotSignedIn {
    /// Why.
    pub why: SignInError,
    /// Whether the person had consented by then: a code had come, so a permission may stand at the provider.
    pub consented: bool,
    /// A token that came all the same. Whose it is was not believed, or not said.
    pub token: Option<SecretString>,
}

impl From<SignInError> for NotSignedIn {
    fn from(why: SignInError) -> Self {
        Self { why, consented: false, token: None }
    }
}

/// What a revocation endpoint said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevokeReply {
    /// 200.
    Gone,
    /// 400 `invalid_token`: dead before.
    AlreadyInvalid,
    /// Nothing usable.
    NoAnswer,
    /// The provider has no such endpoint.
    NotOffered,
}

/// What a refresh said of the connection.
#[derive(Debug)]
pub enum RefreshReply {
    /// It works; a new token may have come with the answer, and the old one must then be replaced.
    Works {
        /// The rotated token.
        rotated: Option<SecretString>,
        /// The access token that came with the answer.
        access: AccessToken,
    },
    /// The provider says that there is no consent any more.
    NoConsent,
    /// Refused without a reason that means anything.
    Refused,
    /// Refused, and the provider names a cause.
    Blocked {
        /// The cause.
        cause: SignInCause,
        /// The provider's number or word for it.
        code: ProviderCode,
    },
    /// The certificate of the provider's server is not one that this system trusts.
    Untrusted,
    /// Refused by a policy; an administrator must act.
    Policy,
    /// A sign-in with more than a token is wanted; the consent may well be there.
    Interaction,
    /// Our own registration is wrong.
    BadApp,
    /// Nothing usable came.
    NoAnswer,
}

/// Lets a waiting sign-in be called off.
pub type CancelSignIn = tokio::sync::watch::Receiver<bool>;

/// Sign-in, revocation and check of what this workspace holds.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Signs a person in through the system browser: authorization code with PKCE S256 and a loopback
    /// listener (RFC 8252). Ends by itself after a time limit.
    async fn sign_in(
        &self,
        at: SignInAt,
        app: &SignInApp,
        ask: &Ask,
        browser: &dyn Browser,
        cancel: CancelSignIn,
    ) -> Result<SignedIn, NotSignedIn>;
    /// Revokes the consent behind a token (Google only).
    async fn revoke(&self, at: SignInAt, app: &SignInApp, token: &SecretString) -> RevokeReply;
    /// Uses a refresh token, to learn whether it is still taken.
    async fn refresh(&self, at: SignInAt, app: &SignInApp, token: &SecretString) -> RefreshReply;
    /// Checks the endpoints of a sign-in app without using them.
    fn check_app(&self, app: &SignInApp) -> Result<(), SignInError>;
    /// The hosts that see the tokens of a sign-in app; of one without endpoints, the provider's own.
    fn token_hosts(&self, at: SignInAt, app: &SignInApp) -> Result<TokenHosts, SignInError>;
    /// The hosts of a sign-in app's endpoints that are not the provider's own, each once.
    fn foreign_hosts(&self, at: SignInAt, app: &SignInApp) -> Vec<String>;
}

/// Who hosts the mail of a domain, as far as DNS tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailHost {
    /// This provider.
    Is(Provider),
    /// A gateway in front of an unknown host, or none we know.
    Unknown,
    /// No answer in time.
    NoAnswer,
}

/// Looks up mail hosts.
#[async_trait]
pub trait MailHosts: Send + Sync {
    /// The provider of a well-known mail domain, without asking anybody.
    fn known(&self, domain: &str) -> Option<Provider>;
    /// Asks DNS for the MX records, with a time limit.
    async fn look_up(&self, domain: &str) -> MailHost;
}

/// Something to pop up on the desktop, without words: the adapter has them, in the member's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PopUp {
    /// The notice. A click leads to where the notice leads.
    pub notice: uncouple_domain::NoticeId,
    /// The member's language.
    pub language: crate::wire::Language,
    /// What it says.
    pub what: crate::view::NoticeKind,
    /// Who caused it. None: the app by itself.
    pub by: Option<String>,
    /// The address it is about.
    pub address: Option<String>,
    /// So many more notices came at the same time; they stand in the list only.
    pub more: u32,
}

/// What the desktop is to do now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// To be shown.
    pub show: Vec<PopUp>,
    /// To be taken away: read in the list, or not true any more.
    pub close: Vec<uncouple_domain::NoticeId>,
}

/// Nobody on this desktop shows notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no notification server")]
pub struct NoNotifier;

/// Pops notices up on the desktop.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Whether somebody shows notifications now.
    async fn ready(&self) -> bool;
    /// Pops it up. Names and addresses are other people's text and must be escaped for the server.
    async fn show(&self, pop_up: &PopUp) -> Result<(), NoNotifier>;
    /// Takes it away again, where the platform can.
    async fn close(&self, notice: uncouple_domain::NoticeId);
}
