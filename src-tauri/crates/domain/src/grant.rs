//! Consents at a provider.
//!
//! Two claims are kept apart because one does not follow from the other: the *token* that we hold is
//! dead, and the *consent* is gone. Google sends one and the same `invalid_grant` for a withdrawal, a
//! password change and an idle token, so only the second claim closes a step.

use crate::{Address, DeviceId, Evidence, GrantId, Provider, SecretId, Stamp};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who gave the consent, as the provider names them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The provider's own stable identifier: `sub` at Google, `tid` and `oid` at Microsoft.
    Known(String),
    /// Only the address is known, as for every mailbox that HubSpot holds. The key of the [`Address`].
    Address(String),
}

/// The app that was given the consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Client {
    /// HubSpot's app.
    HubSpot,
    /// This app, with the sign-in app of the workspace's settings.
    Uncouple,
}

/// What is known of a consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Consent {
    /// Nothing is known. Every grant of HubSpot starts here.
    Unknown,
    /// The provider answered that it is there.
    Active {
        /// When it last did.
        checked: Timestamp,
    },
    /// The backend was told to revoke it and has not heard an answer yet.
    RevocationRequested {
        /// By whom, and when.
        #[serde(flatten)]
        stamp: Stamp,
    },
    /// A check after a removal found it still there.
    StillThere {
        /// When.
        checked: Timestamp,
    },
    /// A person did not find it in the provider's list. Not gone: they may have looked at another account.
    NotSeen {
        /// The account whose list they looked at, if they could tell.
        account: Option<Address>,
        /// Who looked, and when.
        #[serde(flatten)]
        stamp: Stamp,
    },
    /// It is gone.
    Gone {
        /// How that is known.
        evidence: Evidence,
    },
    /// The same account was connected again, which opened a later generation. Revoking now would cut that one.
    Superseded {
        /// The later generation.
        by: GrantId,
        /// When.
        at: Timestamp,
    },
}

/// Why we do not hold a token any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenEnd {
    /// Deleted, and the keyring read back as empty.
    Forgotten,
    /// It was kept in memory for one run of the app, and that run is over.
    RunOver,
}

/// What is known of the token that this workspace holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Token {
    /// None was ever held here.
    None,
    /// Held, and not known to be refused.
    Held {
        /// Where.
        secret: SecretId,
        /// On which device that is. None: from before devices were told apart.
        #[serde(default)]
        device: Option<DeviceId>,
        /// Kept in memory for this run only, because the person chose so.
        this_run_only: bool,
        /// When it will be forgotten at the latest, once the mailbox is removed.
        forget_by: Option<Timestamp>,
    },
    /// Held, but the provider refuses it. Says nothing of the consent.
    Dead {
        /// Where.
        secret: SecretId,
        /// On which device that is. None: from before devices were told apart.
        #[serde(default)]
        device: Option<DeviceId>,
        /// Kept in memory for this run only.
        this_run_only: bool,
        /// Since when that is known.
        since: Timestamp,
    },
    /// Not held any more.
    Ended {
        /// How.
        how: TokenEnd,
        /// When.
        at: Timestamp,
    },
}

impl Token {
    /// The keyring entry, while there is one.
    #[must_use]
    pub fn secret(&self) -> Option<SecretId> {
        match self {
            Self::Held { secret, .. } | Self::Dead { secret, .. } => Some(*secret),
            Self::None | Self::Ended { .. } => None,
        }
    }

    /// The device that keeps it, while there is something to keep. The inner None: it is not known which one.
    #[must_use]
    pub fn kept_on(&self) -> Option<Option<DeviceId>> {
        match self {
            Self::Held { device, .. } | Self::Dead { device, .. } => Some(*device),
            Self::None | Self::Ended { .. } => None,
        }
    }

    /// Whether a device keeps it. Only that one can use it, or say that it is gone.
    #[must_use]
    pub fn is_on(&self, device: DeviceId) -> bool {
        self.kept_on() == Some(Some(device))
    }

    /// Whether another device keeps it, or one that is not known.
    #[must_use]
    pub fn is_elsewhere(&self, device: DeviceId) -> bool {
        self.kept_on().is_some_and(|kept| kept != Some(device))
    }

    /// The keyring entry, where a device keeps it.
    #[must_use]
    pub fn secret_on(&self, device: DeviceId) -> Option<SecretId> {
        self.secret().filter(|_| self.is_on(device))
    }

    pub(crate) fn move_to(&mut self, to: DeviceId) {
        match self {
            Self::Held { device, .. } | Self::Dead { device, .. } => *device = Some(to),
            Self::None | Self::Ended { .. } => {}
        }
    }

    /// Whether the token lives in memory only.
    #[must_use]
    pub fn this_run_only(&self) -> bool {
        matches!(self, Self::Held { this_run_only: true, .. } | Self::Dead { this_run_only: true, .. })
    }
}

/// What a provider's revocation endpoint answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeAnswer {
    /// 200: the consent is gone.
    Gone,
    /// 400 `invalid_token`: the token was dead before. Nothing is said about the consent.
    AlreadyInvalid,
    /// No usable answer: network trouble, 429, 5xx. To be tried again.
    NoAnswer,
}

/// The latest attempt of the backend to revoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// When the answer, or none, came.
    pub at: Timestamp,
    /// What came.
    pub answer: RevokeAnswer,
}

/// One generation of a consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Identity.
    pub id: GrantId,
    /// Whose account system.
    pub provider: Provider,
    /// Who consented.
    pub subject: Subject,
    /// To which app.
    pub client: Client,
    /// Counts up from 1 per (provider, subject, client).
    pub generation: u32,
    /// What is known of the consent.
    pub consent: Consent,
    /// What is known of our token.
    pub token: Token,
    /// The last time the backend tried to revoke, and what came of it.
    pub tried: Option<Tried>,
}

impl Grant {
    /// Whether this generation is over: gone, or superseded by a later one.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.consent, Consent::Gone { .. } | Consent::Superseded { .. })
    }

    /// Whether two grants are generations of the same consent.
    #[must_use]
    pub fn same_line(&self, provider: Provider, subject: &Subject, client: Client) -> bool {
        self.provider == provider && self.subject == *subject && self.client == client
    }
}
