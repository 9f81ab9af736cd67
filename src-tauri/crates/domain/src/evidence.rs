//! How a step is known to be done.

use crate::{MemberId, Reason, Stamp};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Strength of evidence. The order is the order of strength, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// Closed by a named member with a reason; nothing is known.
    Unverified,
    /// A named member said so.
    Confirmed,
    /// The provider, the CRM or the keyring answered.
    Proven,
}

/// What was answered, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The row stands in this workspace's own store.
    Store,
    /// Google's revocation endpoint answered 200: the consent of this app is gone
    /// (<https://developers.google.com/identity/protocols/oauth2/native-app#tokenrevoke>, read 2026-11).
    GoogleRevoke,
    /// Microsoft refused a refresh with AADSTS65001, the one code that speaks of consent
    /// (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>, read 2026-11).
    MicrosoftConsent,
    /// The keyring was read back and holds no such entry.
    KeyringAbsent,
    /// An administrator's read of the person's list at Google has none of HubSpot's apps
    /// (<https://developers.google.com/workspace/admin/directory/reference/rest/v1/tokens/list>, read 2026-11).
    GoogleDirectory,
    /// An administrator's read of the person's grants at Microsoft, and of those for everybody, has none of HubSpot's
    /// apps (<https://learn.microsoft.com/graph/api/oauth2permissiongrant-list>, read 2026-11).
    MicrosoftDirectory,
}

/// Evidence of a step or of a consent being gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rank", rename_all = "snake_case")]
pub enum Evidence {
    /// Something answered.
    Proven {
        /// What answered.
        proof: Proof,
        /// When.
        at: Timestamp,
        /// Hosts that answered in the provider's place, as the sign-in app's settings had it then. Empty: the provider's
        /// own did.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        hosts: Vec<String>,
    },
    /// A member said so.
    Confirmed {
        /// Who, and when.
        #[serde(flatten)]
        stamp: Stamp,
    },
    /// A member closed it without knowing.
    Unverified {
        /// Who, and when.
        #[serde(flatten)]
        stamp: Stamp,
        /// In their own words.
        reason: Reason,
    },
}

impl Evidence {
    /// The strength.
    #[must_use]
    pub fn rank(&self) -> Rank {
        match self {
            Self::Proven { .. } => Rank::Proven,
            Self::Confirmed { .. } => Rank::Confirmed,
            Self::Unverified { .. } => Rank::Unverified,
        }
    }

    /// An answer of the provider's own hosts, of the store or of the keyring.
    #[must_use]
    pub fn proven(proof: Proof, at: Timestamp) -> Self {
        Self::Proven { proof, at, hosts: Vec::new() }
    }

    /// Hosts that answered in the provider's place.
    #[must_use]
    pub fn hosts(&self) -> &[String] {
        match self {
            Self::Proven { hosts, .. } => hosts,
            Self::Confirmed { .. } | Self::Unverified { .. } => &[],
        }
    }

    /// Whether it comes from this computer alone: its store or its keyring.
    #[must_use]
    pub fn is_own(&self) -> bool {
        matches!(self, Self::Proven { proof: Proof::Store | Proof::KeyringAbsent, .. })
    }

    /// When it was learned.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Proven { at, .. } => *at,
            Self::Confirmed { stamp } | Self::Unverified { stamp, .. } => stamp.at,
        }
    }

    /// The member who vouches for it, if it rests on a person.
    #[must_use]
    pub fn by(&self) -> Option<MemberId> {
        match self {
            Self::Proven { .. } => None,
            Self::Confirmed { stamp } | Self::Unverified { stamp, .. } => Some(stamp.by),
        }
    }
}
