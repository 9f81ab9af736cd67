//! The domain's closed lists as the window sees them.
//!
//! The domain knows nothing of TypeScript, so each list has a counterpart here. The conversion is a
//! match over every variant: a new one in the domain does not compile until it has a name here.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! wire {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        #[ts(export)]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl From<uncouple_domain::$name> for $name {
            fn from(value: uncouple_domain::$name) -> Self {
                match value { $(uncouple_domain::$name::$variant => Self::$variant),* }
            }
        }

        impl From<$name> for uncouple_domain::$name {
            fn from(value: $name) -> Self {
                match value { $($name::$variant => Self::$variant),* }
            }
        }
    )*};
}

wire! {
    /// See [`uncouple_domain::Provider`].
    Provider {
        /// Gmail and Google Workspace.
        Google,
        /// Work or school account.
        Microsoft365,
        /// Personal Microsoft account.
        OutlookCom,
        /// Password at any other server.
        Imap,
        /// Address given by the CRM.
        Hosted,
    }
    /// See [`uncouple_domain::Origin`].
    Origin {
        /// Begun there.
        Began,
        /// Nobody has said.
        Unknown,
        /// The one from before.
        Moved,
        /// A copy, or one file for several devices.
        Copied,
        /// From a backup.
        Restored,
    }
    /// See [`uncouple_domain::Use`].
    Use {
        /// In use.
        InUse,
        /// Greyed.
        Disabled,
        /// Gone from the CRM.
        Removed,
    }
    /// See [`uncouple_domain::Rank`].
    Rank {
        /// Closed without knowing.
        Unverified,
        /// Somebody said so.
        Confirmed,
        /// Something answered.
        Proven,
    }
    /// See [`uncouple_domain::Proof`].
    Proof {
        /// This workspace's store.
        Store,
        /// Google's revocation endpoint.
        GoogleRevoke,
        /// Microsoft's 65001.
        MicrosoftConsent,
        /// The keyring, read back.
        KeyringAbsent,
        /// Google's directory, read by an administrator.
        GoogleDirectory,
        /// Microsoft's directory, read by an administrator.
        MicrosoftDirectory,
    }
    /// See [`uncouple_domain::Suite`].
    Suite {
        /// Google Workspace.
        Google,
        /// Microsoft 365.
        Microsoft,
    }
    /// See [`uncouple_domain::Permission`].
    Permission {
        /// List the people.
        People,
        /// See which apps a person has let in.
        Accesses,
        /// See the apps.
        Apps,
        /// Take an app's access away.
        Revoke,
        /// Read the audit log.
        Log,
        /// Read who may consent to what.
        Policy,
    }
    /// See [`uncouple_domain::Left`].
    Left {
        /// Still in the list.
        StillListed,
        /// A later consent.
        ConsentedAgain,
        /// A consent for everybody covers the person.
        Covered,
        /// This grant is gone; another of a marked app still reaches the person.
        StillReached,
        /// Not allowed.
        Forbidden,
        /// An answer that can't be read.
        Unreadable,
        /// No answer.
        NoAnswer,
        /// Deleted by the provider's answer, and not read again.
        NotRead,
        /// Called off.
        Cancelled,
    }
    /// See [`uncouple_domain::NotRead`].
    NotRead {
        /// Not allowed.
        Forbidden,
        /// An answer that can't be read.
        Unreadable,
        /// No answer.
        NoAnswer,
        /// Stopped before its turn.
        NotAsked,
        /// The clock is before the deletion.
        ClockBehind,
    }
    /// See [`uncouple_domain::StepKind`].
    StepKind {
        /// Disable in the CRM.
        DisableInCrm,
        /// Remove from the CRM.
        RemoveFromCrm,
        /// Revoke the consent.
        RevokeGrant,
        /// Make the password useless.
        WithdrawPassword,
        /// Remove the forwarding rule.
        RemoveForwarding,
        /// Connect the address in HubSpot again, elsewhere or otherwise.
        ConnectAgain,
        /// Forget the token.
        ForgetSecret,
    }
    /// See [`uncouple_domain::StepMode`].
    StepMode {
        /// The backend does it.
        Backend,
        /// A person does it.
        Guided,
    }
    /// See [`uncouple_domain::LostReason`].
    LostReason {
        /// Withdrawn at the provider.
        Withdrawn,
        /// The password changed.
        Password,
        /// A policy.
        Policy,
        /// Moved to another provider.
        Moved,
        /// The organisation's limit on the length of a sign-in.
        SessionOver,
        /// More proof of who it is, or a new password, is wanted.
        MoreProof,
        /// The sign-in app is turned away.
        AppRefused,
        /// The account is turned away.
        AccountRefused,
        /// Kept for one run only.
        RunOver,
        /// No reason given.
        Unknown,
    }
    /// See [`uncouple_domain::NotNeeded`].
    NotNeeded {
        /// A removal that somebody confirmed.
        RemovalConfirmed,
        /// A later connection took its place.
        Superseded,
        /// No token was held.
        NoToken,
        /// HubSpot does it by itself.
        ByHubSpot,
    }
    /// See [`uncouple_domain::EndReason`].
    EndReason {
        /// Enabled again.
        Enabled,
        /// The person changed their mind.
        Stopped,
        /// The address was connected again.
        ConnectedAgain,
        /// The same, after the job was complete.
        FinishedBefore,
    }
    /// See [`uncouple_domain::LogStop`].
    LogStop {
        /// It was not to be read.
        NotAsked,
        /// The sign-in or the role does not allow it.
        NotPermitted,
        /// It could not be read.
        Failed,
        /// Somebody stopped it.
        Stopped,
        /// It was longer than the time for it.
        TooLong,
    }
    /// See [`uncouple_domain::OtherKind`].
    OtherKind {
        /// Live chat.
        Chat,
        /// A form.
        Form,
        /// Facebook Messenger.
        Messenger,
        /// WhatsApp.
        Whatsapp,
        /// Calling.
        Calling,
    }
    /// See [`uncouple_domain::CheckResult`].
    CheckResult {
        /// It works.
        Works,
        /// The provider says there is no consent.
        NoConsent,
        /// Refused without a reason.
        Refused,
        /// Refused by a policy.
        Policy,
        /// More than a token is wanted.
        Interaction,
        /// The organisation's limit on the length of a sign-in.
        SessionOver,
        /// The sign-in app is turned away.
        AppRefused,
        /// The account is turned away.
        AccountRefused,
        /// Nothing usable came.
        NoAnswer,
    }
}

/// A language of the app's words, by its two-letter code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub enum Language {
    /// Japanese.
    #[serde(rename = "ja")]
    Japanese,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl From<uncouple_domain::Language> for Language {
    fn from(language: uncouple_domain::Language) -> Self {
        match language {
            uncouple_domain::Language::Japanese => Self::Japanese,
            uncouple_domain::Language::English => Self::English,
        }
    }
}

impl From<Language> for uncouple_domain::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Japanese => Self::Japanese,
            Language::English => Self::English,
        }
    }
}

impl Suite {
    /// Where its administrators sign in.
    #[must_use]
    pub fn signs_in_at(self) -> crate::ports::SignInAt {
        match self {
            Self::Google => crate::ports::SignInAt::Google,
            Self::Microsoft => crate::ports::SignInAt::Microsoft,
        }
    }
}
