//! What a provider names as the cause when it refuses a sign-in or a token.

use serde::{Deserialize, Serialize};

/// What a provider names as the cause when it refuses a sign-in or a token. Which numbers and words name which cause
/// stands with the providers, with source and date; what names none of these has no cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInCause {
    /// The sign-in app is not registered as one that runs on a person's computer.
    NotPublicClient,
    /// The address that the answer is sent to is not registered with the sign-in app.
    Redirect,
    /// There is no such sign-in app there.
    AppUnknown,
    /// The sign-in app was deleted.
    AppDeleted,
    /// The sign-in app was disabled.
    AppDisabled,
    /// The sign-in app has a secret, and it was not sent.
    SecretMissing,
    /// A secret was sent that is wrong, has ended, or is not wanted.
    SecretWrong,
    /// The sign-in app may not ask for one of the permissions.
    Scope,
    /// The sign-in app is for people of another organisation only.
    OtherOrganisation,
    /// The sign-in app is turned away, and the provider says no more.
    AppRefused,
    /// An administrator must allow the sign-in app first.
    AdminConsent,
    /// The person is not assigned to the sign-in app.
    NotAssigned,
    /// A policy of the organisation blocks the access: conditional access, security defaults, risk.
    AccessPolicy,
    /// The device does not meet a policy of the organisation.
    Device,
    /// More proof of who it is is wanted, such as a second factor.
    MoreProof,
    /// The password has to be changed.
    Password,
    /// The organisation limits for how long a sign-in is good.
    SessionOver,
    /// The account was disabled.
    AccountDisabled,
    /// The account is locked for a while.
    AccountLocked,
    /// There is no such account there.
    AccountUnknown,
}

/// Who can do something about a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// Whoever registered the sign-in app. Signing in again does not help.
    App,
    /// An administrator of the organisation. Signing in again does not help before.
    Administrator,
    /// The person, by signing in again.
    Person,
}

impl SignInCause {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::NotPublicClient,
        Self::Redirect,
        Self::AppUnknown,
        Self::AppDeleted,
        Self::AppDisabled,
        Self::SecretMissing,
        Self::SecretWrong,
        Self::Scope,
        Self::OtherOrganisation,
        Self::AppRefused,
        Self::AdminConsent,
        Self::NotAssigned,
        Self::AccessPolicy,
        Self::Device,
        Self::MoreProof,
        Self::Password,
        Self::SessionOver,
        Self::AccountDisabled,
        Self::AccountLocked,
        Self::AccountUnknown,
    ];

    /// Who can do something about it.
    #[must_use]
    pub fn remedy(self) -> Remedy {
        match self {
            Self::NotPublicClient
            | Self::Redirect
            | Self::AppUnknown
            | Self::AppDeleted
            | Self::AppDisabled
            | Self::SecretMissing
            | Self::SecretWrong
            | Self::Scope
            | Self::OtherOrganisation
            | Self::AppRefused => Remedy::App,
            Self::AdminConsent
            | Self::NotAssigned
            | Self::AccessPolicy
            | Self::Device
            | Self::AccountDisabled
            | Self::AccountLocked
            | Self::AccountUnknown => Remedy::Administrator,
            Self::MoreProof | Self::Password | Self::SessionOver => Remedy::Person,
        }
    }
}

/// Why a provider refuses an administrator's token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedBy {
    /// The cause.
    pub cause: SignInCause,
    /// The provider's own number or word for it.
    pub code: String,
}
