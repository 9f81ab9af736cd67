//! Errors that reach a person: a code from one closed list, and the details that its words need.

use crate::directory::{ApiError, Obstacle};
use crate::ports::{NotSignedIn, SecretError, SignInError, StoreError};
use crate::wire::Permission;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;
use uncouple_domain::{AddressError, Refusal, SignInCause, TextError};

/// Every error a person can meet. The words are in `ui/messages`, under `error_` and this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
#[expect(missing_docs, reason = "each code's meaning is its words in ui/messages")]
pub enum ErrorCode {
    AddressEmpty,
    AddressTooLong,
    AddressNoAt,
    AddressTwoAts,
    AddressControl,
    AddressQuoted,
    AddressLocal,
    AddressDomain,
    NameEmpty,
    NameTooLong,
    NameControl,
    ReasonEmpty,
    ReasonTooLong,
    ReasonControl,
    BadArgument,
    UnknownMember,
    UnknownMailbox,
    UnknownDisconnect,
    UnknownStep,
    NotYours,
    AddressInUse,
    NotPersonal,
    NotInUse,
    NotDisabled,
    AlreadyRemoved,
    AlreadyDisconnecting,
    DisconnectEnded,
    StepDone,
    StepNotNeeded,
    RemoveFirst,
    RevocationRunning,
    NotByHand,
    NotByBackend,
    RevocationStarted,
    Proven,
    NothingToWithdraw,
    Superseded,
    NoToken,
    KeptOnDevice,
    KeptOnUnknownDevice,
    KeptForOtherFile,
    BegunHere,
    DeviceNotKept,
    NotHeldHere,
    NotInHubspot,
    PastReminder,
    HubspotPageInvalid,
    HubspotPageNoAddress,
    HubspotPageNotPlain,
    HubspotPageNoAccount,
    HubspotPageSignIn,
    NoPage,
    PageRefused,
    NoBrowser,
    NoMailProgram,
    MailTooLong,
    StoreNewer,
    StoreCorrupt,
    StoreReadOnly,
    StoreFull,
    /// The same in the middle of a search: what was found before is kept.
    SearchDiskFull,
    StoreNotAFile,
    StoreUnreachable,
    StoreBusy,
    StoreFailed,
    KeyringAbsent,
    KeyringNoCollection,
    KeyringLocked,
    KeyringSilent,
    KeyringFailed,
    PendingGone,
    TokenElsewhere,
    SignInNoApp,
    SignInBadEndpoint,
    SignInNoPort,
    SignInNoBrowser,
    SignInTimedOut,
    SignInCancelled,
    SignInDeclined,
    SignInPolicy,
    SignInProvider,
    SignInNotPublicClient,
    SignInRedirect,
    SignInAppUnknown,
    SignInAppDeleted,
    SignInAppDisabled,
    SignInSecretMissing,
    SignInSecretWrong,
    SignInScope,
    SignInOtherOrganisation,
    SignInAppRefused,
    SignInNotAssigned,
    SignInAccessPolicy,
    SignInDevice,
    SignInMoreProof,
    SignInPassword,
    SignInSessionOver,
    SignInAccountDisabled,
    SignInAccountLocked,
    SignInAccountUnknown,
    SignInUntrusted,
    SignInUnreachable,
    SignInBadIdentity,
    SignInNoRefreshToken,
    SignInRunning,
    WrongAccount,
    ExportFailed,
    NotSample,
    NotInSample,
    OtherOrganisation,
    NoAccess,
    NotSuperAdmin,
    LastSuperAdmin,
    UnknownInbox,
    UnknownChannel,
    UnknownNotice,
    InboxHasChannels,
    MemberHasMailboxes,
    AlreadyAsked,
    NotAsked,
    NotForTeams,
    NotATeamAddress,
    CantMoveThere,
    NotYourself,
    TeamAddress,
    ExportExists,
    ActAsSampleOnly,
    BadTime,
    BadDays,
    AutostartFailed,
    UnknownOrganisation,
    NotSignedIn,
    NotPermitted,
    AdminPersonalAccount,
    AdminNoOrganisation,
    AdminExpired,
    AdminForbidden,
    AdminApiOff,
    AdminDomainCannot,
    AdminScopeMissing,
    AdminNobodyThere,
    AdminLimits,
    AdminNoAnswer,
    AdminUnreadable,
    AdminTooLong,
    AdminNoRoom,
    AdminCircle,
    /// A list counts more entries than it has.
    AdminIncomplete,
    /// A list does not end.
    AdminEndless,
    AdminOtherHost,
    AdminBusy,
    RestoreNotHere,
    RestoreEverybody,
    RestoreRefused,
    RestoreLess,
    RestoreNotListed,
    NothingToRestore,
    AppNotHubspot,
    UnknownApp,
    NoAppChosen,
    UnknownRun,
    RunNotNow,
    RunBeforeItsDay,
    UsesNotTold,
    UsesNotPermitted,
    UsesNotRead,
    UsesNotCovered,
    UsesTooFar,
    RunElsewhere,
    PlanEmpty,
    EverybodyUnconfirmed,
    ListEmpty,
    ListTooLong,
    ListUnreadable,
    ListNoAddresses,
    ListKind,
    ListEncoding,
    ListKey,
    ListQuote,
    ListColumns,
    ListNoColumn,
    ReportFailed,
    Internal,
}

/// An error as it crosses to the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{code:?}")]
#[ts(export)]
pub struct AppError {
    /// The code.
    pub code: ErrorCode,
    /// What its words need: addresses, numbers, a path. Never a secret.
    pub details: BTreeMap<String, String>,
}

impl AppError {
    /// An error without details.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self { code, details: BTreeMap::new() }
    }

    /// The same with one detail more.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.details.insert(key.to_owned(), value.to_string());
        self
    }
}

impl From<ErrorCode> for AppError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

impl From<AddressError> for AppError {
    fn from(error: AddressError) -> Self {
        Self::new(match error {
            AddressError::Empty => ErrorCode::AddressEmpty,
            AddressError::TooLong => ErrorCode::AddressTooLong,
            AddressError::NoAt => ErrorCode::AddressNoAt,
            AddressError::TwoAts => ErrorCode::AddressTwoAts,
            AddressError::Control => ErrorCode::AddressControl,
            AddressError::Quoted => ErrorCode::AddressQuoted,
            AddressError::Local => ErrorCode::AddressLocal,
            AddressError::Domain => ErrorCode::AddressDomain,
        })
    }
}

impl AppError {
    /// A refused name.
    #[must_use]
    pub fn name(error: TextError) -> Self {
        match error {
            TextError::Empty => ErrorCode::NameEmpty.into(),
            TextError::TooLong(most) => Self::new(ErrorCode::NameTooLong).with("most", most),
            TextError::Control => ErrorCode::NameControl.into(),
        }
    }

    /// A refused reason.
    #[must_use]
    pub fn reason(error: TextError) -> Self {
        match error {
            TextError::Empty => ErrorCode::ReasonEmpty.into(),
            TextError::TooLong(most) => Self::new(ErrorCode::ReasonTooLong).with("most", most),
            TextError::Control => ErrorCode::ReasonControl.into(),
        }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal {
            Refusal::AddressInUse { mailbox, address, inbox } => {
                let error = Self::new(ErrorCode::AddressInUse).with("mailbox", mailbox).with("address", address);
                return match inbox {
                    Some(inbox) => error.with("inbox", inbox),
                    None => error,
                };
            }
            Refusal::UnknownMember => ErrorCode::UnknownMember,
            Refusal::UnknownMailbox => ErrorCode::UnknownMailbox,
            Refusal::UnknownDisconnect => ErrorCode::UnknownDisconnect,
            Refusal::UnknownStep => ErrorCode::UnknownStep,
            Refusal::NotYours => ErrorCode::NotYours,
            Refusal::NotPersonal => ErrorCode::NotPersonal,
            Refusal::NotInUse => ErrorCode::NotInUse,
            Refusal::NotDisabled => ErrorCode::NotDisabled,
            Refusal::AlreadyRemoved => ErrorCode::AlreadyRemoved,
            Refusal::AlreadyDisconnecting => ErrorCode::AlreadyDisconnecting,
            Refusal::DisconnectEnded => ErrorCode::DisconnectEnded,
            Refusal::StepDone => ErrorCode::StepDone,
            Refusal::StepNotNeeded => ErrorCode::StepNotNeeded,
            Refusal::RemoveFirst => ErrorCode::RemoveFirst,
            Refusal::RevocationRunning => ErrorCode::RevocationRunning,
            Refusal::NotByHand => ErrorCode::NotByHand,
            Refusal::NotByBackend => ErrorCode::NotByBackend,
            Refusal::RevocationStarted => ErrorCode::RevocationStarted,
            Refusal::Proven => ErrorCode::Proven,
            Refusal::NothingToWithdraw => ErrorCode::NothingToWithdraw,
            Refusal::Superseded => ErrorCode::Superseded,
            Refusal::NoToken => ErrorCode::NoToken,
            Refusal::KeptElsewhere { device: None } => ErrorCode::KeptOnUnknownDevice,
            Refusal::KeptElsewhere { device: Some(device) } => {
                return Self::new(ErrorCode::KeptOnDevice).with("device", device.as_str());
            }
            Refusal::KeptForOtherFile { file } => return Self::new(ErrorCode::KeptForOtherFile).with("file", file),
            Refusal::BegunHere => ErrorCode::BegunHere,
            Refusal::NotHeldHere => ErrorCode::NotHeldHere,
            Refusal::NotInHubSpot => ErrorCode::NotInHubspot,
            Refusal::PastReminder => ErrorCode::PastReminder,
            Refusal::UnknownIntention => ErrorCode::Internal,
            Refusal::NoAccess => ErrorCode::NoAccess,
            Refusal::NotSuperAdmin => ErrorCode::NotSuperAdmin,
            Refusal::LastSuperAdmin => ErrorCode::LastSuperAdmin,
            Refusal::OneSelf => ErrorCode::NotYourself,
            Refusal::UnknownInbox => ErrorCode::UnknownInbox,
            Refusal::UnknownChannel => ErrorCode::UnknownChannel,
            Refusal::UnknownNotice => ErrorCode::UnknownNotice,
            Refusal::InboxHasChannels => ErrorCode::InboxHasChannels,
            Refusal::MemberHasMailboxes => ErrorCode::MemberHasMailboxes,
            Refusal::AlreadyAsked => ErrorCode::AlreadyAsked,
            Refusal::NotAsked => ErrorCode::NotAsked,
            Refusal::NotForTeams => ErrorCode::NotForTeams,
            Refusal::NotATeamAddress => ErrorCode::NotATeamAddress,
            Refusal::TeamAddress => ErrorCode::TeamAddress,
            Refusal::CantMoveThere => ErrorCode::CantMoveThere,
            Refusal::UnknownOrganisation => ErrorCode::UnknownOrganisation,
            Refusal::NotSignedIn => ErrorCode::NotSignedIn,
            Refusal::NotPermitted { permission } => {
                return Self::new(ErrorCode::NotPermitted).with("permission", word(permission.into()));
            }
        };
        Self::new(code)
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => refusal.into(),
            StoreError::Newer { found, known } => {
                Self::new(ErrorCode::StoreNewer).with("found", found).with("known", known)
            }
            StoreError::Corrupt => ErrorCode::StoreCorrupt.into(),
            StoreError::ReadOnly => ErrorCode::StoreReadOnly.into(),
            StoreError::Full => ErrorCode::StoreFull.into(),
            StoreError::NotAFile => ErrorCode::StoreNotAFile.into(),
            StoreError::Unreachable(_) => ErrorCode::StoreUnreachable.into(),
            StoreError::Busy => ErrorCode::StoreBusy.into(),
            StoreError::Other(_) => ErrorCode::StoreFailed.into(),
        }
    }
}

impl From<SecretError> for AppError {
    fn from(error: SecretError) -> Self {
        Self::new(match error {
            SecretError::Absent => ErrorCode::KeyringAbsent,
            SecretError::NoCollection => ErrorCode::KeyringNoCollection,
            SecretError::Locked => ErrorCode::KeyringLocked,
            SecretError::Silent => ErrorCode::KeyringSilent,
            SecretError::Failed => ErrorCode::KeyringFailed,
        })
    }
}

impl From<ApiError> for AppError {
    fn from(error: ApiError) -> Self {
        Self::new(match error {
            ApiError::Keyring(error) => return error.into(),
            ApiError::Forbidden { permission } => {
                return Self::new(ErrorCode::AdminForbidden).with("permission", word(permission.into()));
            }
            ApiError::Blocked(obstacle) => return obstacle.into(),
            ApiError::Expired => ErrorCode::AdminExpired,
            ApiError::Elsewhere => ErrorCode::TokenElsewhere,
            ApiError::NobodyThere => ErrorCode::AdminNobodyThere,
            ApiError::Limits => ErrorCode::AdminLimits,
            ApiError::NoAnswer | ApiError::Halted => ErrorCode::AdminNoAnswer,
            ApiError::Unreadable => ErrorCode::AdminUnreadable,
            ApiError::TooLong => ErrorCode::AdminTooLong,
            ApiError::Circle => ErrorCode::AdminCircle,
            ApiError::Incomplete => ErrorCode::AdminIncomplete,
            ApiError::Endless => ErrorCode::AdminEndless,
            ApiError::OtherHost => ErrorCode::AdminOtherHost,
            ApiError::Disk => ErrorCode::AdminNoRoom,
            ApiError::BadEndpoint => ErrorCode::SignInBadEndpoint,
        })
    }
}

/// A permission by the name that the window words it by.
fn word(permission: Permission) -> &'static str {
    match permission {
        Permission::People => "people",
        Permission::Accesses => "accesses",
        Permission::Apps => "apps",
        Permission::Revoke => "revoke",
        Permission::Log => "log",
        Permission::Policy => "policy",
    }
}

impl From<NotSignedIn> for AppError {
    fn from(error: NotSignedIn) -> Self {
        error.why.into()
    }
}

impl AppError {
    /// A sign-in or token that a provider refused, naming the cause.
    pub(crate) fn sign_in(cause: SignInCause, code: impl ToString) -> Self {
        Self::new(match cause {
            SignInCause::NotPublicClient => ErrorCode::SignInNotPublicClient,
            SignInCause::Redirect => ErrorCode::SignInRedirect,
            SignInCause::AppUnknown => ErrorCode::SignInAppUnknown,
            SignInCause::AppDeleted => ErrorCode::SignInAppDeleted,
            SignInCause::AppDisabled => ErrorCode::SignInAppDisabled,
            SignInCause::SecretMissing => ErrorCode::SignInSecretMissing,
            SignInCause::SecretWrong => ErrorCode::SignInSecretWrong,
            SignInCause::Scope => ErrorCode::SignInScope,
            SignInCause::OtherOrganisation => ErrorCode::SignInOtherOrganisation,
            SignInCause::AppRefused => ErrorCode::SignInAppRefused,
            SignInCause::AdminConsent => ErrorCode::SignInPolicy,
            SignInCause::NotAssigned => ErrorCode::SignInNotAssigned,
            SignInCause::AccessPolicy => ErrorCode::SignInAccessPolicy,
            SignInCause::Device => ErrorCode::SignInDevice,
            SignInCause::MoreProof => ErrorCode::SignInMoreProof,
            SignInCause::Password => ErrorCode::SignInPassword,
            SignInCause::SessionOver => ErrorCode::SignInSessionOver,
            SignInCause::AccountDisabled => ErrorCode::SignInAccountDisabled,
            SignInCause::AccountLocked => ErrorCode::SignInAccountLocked,
            SignInCause::AccountUnknown => ErrorCode::SignInAccountUnknown,
        })
        .with("provider_code", code)
    }
}

impl From<Obstacle> for AppError {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::SignIn { cause, code } => Self::sign_in(cause, code),
            Obstacle::ApiOff { project, code } => {
                // A project whose number is not told is named by no number in the sentence.
                let project = project.map_or_else(|| "?".to_owned(), |project| project.to_string());
                Self::new(ErrorCode::AdminApiOff).with("project", project).with("provider_code", code)
            }
            Obstacle::DomainCannot { code } => Self::new(ErrorCode::AdminDomainCannot).with("provider_code", code),
            Obstacle::ScopeMissing { permission, code } => Self::new(ErrorCode::AdminScopeMissing)
                .with("permission", word(permission.into()))
                .with("provider_code", code),
            Obstacle::Untrusted => ErrorCode::SignInUntrusted.into(),
        }
    }
}

impl From<SignInError> for AppError {
    fn from(error: SignInError) -> Self {
        let code = match error {
            SignInError::Provider(word) => return Self::new(ErrorCode::SignInProvider).with("word", word),
            SignInError::NoApp => ErrorCode::SignInNoApp,
            SignInError::BadEndpoint => ErrorCode::SignInBadEndpoint,
            SignInError::NoPort => ErrorCode::SignInNoPort,
            SignInError::NoBrowser => ErrorCode::SignInNoBrowser,
            SignInError::TimedOut => ErrorCode::SignInTimedOut,
            SignInError::Cancelled => ErrorCode::SignInCancelled,
            SignInError::Declined => ErrorCode::SignInDeclined,
            SignInError::Refused { cause, code } => return Self::sign_in(cause, code),
            SignInError::Untrusted => ErrorCode::SignInUntrusted,
            SignInError::Unreachable => ErrorCode::SignInUnreachable,
            SignInError::BadIdentity => ErrorCode::SignInBadIdentity,
            SignInError::NoRefreshToken => ErrorCode::SignInNoRefreshToken,
        };
        Self::new(code)
    }
}
