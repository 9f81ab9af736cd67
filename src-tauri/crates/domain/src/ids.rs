//! Identifiers. All are UUIDs of version 7 in practice (made by the `Ids` port), so they sort by age.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self(Uuid::parse_str(text)?))
            }
        }
    )*};
}

id! {
    /// A person in the workspace.
    MemberId;
    /// A mailbox row, personal or a team address. Kept when the same address is connected again.
    MailboxId;
    /// One generation of a consent at a provider.
    GrantId;
    /// One disconnect job.
    DisconnectId;
    /// A written intention of an external effect.
    IntentionId;
    /// An entry in the operating system's keyring.
    SecretId;
    /// A shared inbox.
    InboxId;
    /// A channel of an inbox that is not e-mail.
    OtherChannelId;
    /// An organisation in which an administrator signed in.
    OrganisationId;
    /// One plan of an administrator's, and what came of it.
    RunId;
    /// One installation of the app or the command line.
    DeviceId;
}

/// One notice. They are numbered in the order in which they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoticeId(pub u64);

impl std::fmt::Display for NoticeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
