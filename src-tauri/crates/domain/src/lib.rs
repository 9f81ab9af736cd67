//! The rules of a disconnect. No I/O, no clock, no randomness, no async.
//!
//! A [`Workspace`] is what every use case loads, changes through one of its methods and hands back: all of it, or the
//! *case* that a [`Scope`] names. The methods take a [`Ctx`] (who acts, and when) and fresh ids, because time and ids
//! come from outside. What happened is collected as [`Event`]s, which the history is written from; which rows differ
//! say the [`Changes`].
//!
//! Two facts of a mailbox are kept apart: how it is *used* in the CRM ([`Use`]) and whether the
//! connection *works* ([`Link`]). The consent at the provider is a third thing, a [`Grant`], because
//! several mailboxes may hang on one. Whether a disconnect is complete is computed from its steps
//! ([`Disconnect::completion`]); there is no field that says so.

mod address;
mod changes;
mod ctx;
mod device;
mod disconnect;
mod error;
mod event;
mod evidence;
mod grant;
mod ids;
mod inbox;
mod intention;
mod mailbox;
mod member;
mod notice;
mod organisation;
mod revocation;
mod schedule;
mod scope;
mod sign_in_cause;
mod text;
mod workspace;

pub use address::{Address, AddressError};
pub use changes::{Changes, Entity};
pub use ctx::{Ctx, Stamp};
pub use device::{Device, Origin, ThisDevice};
pub use disconnect::{
    Completion, Disconnect, EndReason, Ended, NotNeeded, Purpose, Record, Standing, Step, StepKind, StepMode,
};
pub use error::Refusal;
pub use event::{Event, EventKind};
pub use evidence::{Evidence, Proof, Rank};
pub use grant::{Client, Consent, Grant, RevokeAnswer, Subject, Token, TokenEnd, Tried};
pub use ids::{
    DeviceId, DisconnectId, GrantId, InboxId, IntentionId, MailboxId, MemberId, NoticeId, OrganisationId,
    OtherChannelId, RunId, SecretId,
};
pub use inbox::{Inbox, OtherChannel, OtherKind};
pub use intention::{Intention, IntentionKind};
pub use mailbox::{Holder, Home, HubSpotAccount, Link, LostReason, Mailbox, Provider, Use, UseKnown};
pub use member::{Language, Member};
pub use notice::{Notice, NoticeKind, OnDesktop};
pub use organisation::{
    AdminSignIn, AppRole, AppRoles, ChosenApp, ConsentPolicy, ConsentRule, LogRead, LogStop, Organisation, Permission,
    Search, Shortfall, Suite,
};
pub use revocation::{DeleteAnswer, ItemState, Left, Listed, Logged, Look, NotRead, OutOfOrder};
pub use schedule::{Admission, NotNow, RunIntent, RunStage, admit, suggests_retry, waits_for};
pub use scope::Scope;
pub use sign_in_cause::{RefusedBy, Remedy, SignInCause};
pub use text::{Name, Reason, TextError};
pub use workspace::{
    CheckResult, Connected, DirectorySaid, FreshRow, Lookups, NewApp, NewConnected, NewSignIn, NewTracked, Parts,
    Workspace,
};
