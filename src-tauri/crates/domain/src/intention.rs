//! Written intentions: what is about to be done outside the database.
//!
//! An intention is committed before the effect and closed after it. One that is still open at the next
//! start was interrupted, and is run again or swept; every effect may be run twice. Only the device that keeps
//! the token does that: another one would find nothing in its own keyring, and take that for an answer.

use crate::{DeviceId, DisconnectId, GrantId, IntentionId, OrganisationId, SecretId, Stamp};
use serde::{Deserialize, Serialize};

/// What is about to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum IntentionKind {
    /// Put a token into the keyring, before the mailbox that needs it exists.
    Keep {
        /// The entry.
        secret: SecretId,
    },
    /// Ask the provider to revoke.
    Revoke {
        /// For which job.
        disconnect: DisconnectId,
        /// Which consent.
        grant: GrantId,
    },
    /// Delete the token and read back.
    Forget {
        /// Whose token.
        grant: GrantId,
        /// The entry.
        secret: SecretId,
    },
    /// Delete the token of an administrator who signed out, and read back.
    ForgetSignIn {
        /// Where they were signed in.
        organisation: OrganisationId,
        /// The entry.
        secret: SecretId,
        /// Kept in memory for this run only.
        this_run_only: bool,
    },
}

impl IntentionKind {
    /// The grant that it is about, if it is about one.
    #[must_use]
    pub fn grant(self) -> Option<GrantId> {
        match self {
            Self::Revoke { grant, .. } | Self::Forget { grant, .. } => Some(grant),
            Self::Keep { .. } | Self::ForgetSignIn { .. } => None,
        }
    }
}

/// An open intention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intention {
    /// Identity.
    pub id: IntentionId,
    /// Who wanted it, and when.
    pub stamp: Stamp,
    /// Which device is to do it: the one that keeps the token. None: from before devices were told apart.
    pub device: Option<DeviceId>,
    /// What.
    pub kind: IntentionKind,
}

impl IntentionKind {
    /// The keyring entry that it is about. A revocation is about its grant's.
    #[must_use]
    pub fn secret(&self) -> Option<SecretId> {
        match self {
            Self::Keep { secret } | Self::Forget { secret, .. } | Self::ForgetSignIn { secret, .. } => Some(*secret),
            Self::Revoke { .. } => None,
        }
    }

    /// Whether the token that it is about may be in memory only.
    #[must_use]
    pub fn this_run_only(&self) -> bool {
        matches!(self, Self::ForgetSignIn { this_run_only: true, .. })
    }
}
