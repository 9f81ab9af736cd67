//! What happened, as the history will tell it.

use crate::{
    Address, CheckResult, DisconnectId, EndReason, Evidence, Left, MailboxId, MemberId, Origin, Provider, Purpose,
    RevokeAnswer, RunId, StepKind, Suite, Use,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Who did it. None for what the app did by itself.
    pub by: Option<MemberId>,
    /// When.
    pub at: Timestamp,
    /// The mailbox it is about.
    pub mailbox: Option<MailboxId>,
    /// Its address at that time, so that the entry can be read after everything else is gone.
    pub address: Option<Address>,
    /// What.
    pub kind: EventKind,
}

/// The kinds of things that happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// The workspace was begun.
    WorkspaceBegun,
    /// A member got another name.
    MemberRenamed {
        /// The name before.
        from: String,
        /// The name now.
        to: String,
    },
    /// The workspace was opened on a device that had not used it before.
    DeviceAdded {
        /// Its name.
        device: String,
    },
    /// A device got another name.
    DeviceRenamed {
        /// The name before.
        from: String,
        /// The name now.
        to: String,
    },
    /// On a device that knows it, the workspace's file was found in another place than before.
    FileElsewhere {
        /// The device's name.
        device: String,
    },
    /// A member stated what the workspace on a device is.
    OriginStated {
        /// The device's name.
        device: String,
        /// What it is.
        origin: Origin,
    },
    /// A token that was kept on another device, or on one that was not known, was read in this one's keyring.
    TokenFound {
        /// The other device's name. None: it was not known.
        from: Option<String>,
        /// This one's.
        to: String,
    },
    /// A mailbox that HubSpot holds was entered by hand.
    MailboxTracked {
        /// At this provider.
        provider: Provider,
        /// The row was there before and goes on with a new generation of its grant.
        again: bool,
    },
    /// A mailbox was connected here by sign-in.
    MailboxConnected {
        /// At this provider.
        provider: Provider,
        /// The row was there before.
        again: bool,
    },
    /// The use of a mailbox changed.
    UseChanged {
        /// From this.
        from: Use,
        /// To this.
        to: Use,
        /// How that is known.
        evidence: Evidence,
    },
    /// A job was opened.
    DisconnectOpened {
        /// The job.
        disconnect: DisconnectId,
        /// What it is for. None in entries from before this was written down.
        #[serde(default)]
        purpose: Option<Purpose>,
    },
    /// A job was ended before it was complete.
    DisconnectEnded {
        /// The job.
        disconnect: DisconnectId,
        /// Why.
        why: EndReason,
    },
    /// A step got its evidence.
    StepDone {
        /// The job.
        disconnect: DisconnectId,
        /// Which step.
        step: StepKind,
        /// How that is known.
        evidence: Evidence,
    },
    /// A member took back what they had said.
    ConfirmationWithdrawn {
        /// The job.
        disconnect: DisconnectId,
        /// Which step.
        step: StepKind,
    },
    /// A page was about to be opened in the browser.
    PageRequested {
        /// Which one: an identifier of the table of permission pages.
        page: String,
    },
    /// The browser could not be started for it.
    PageFailed {
        /// Which one.
        page: String,
    },
    /// A person did not find the app in the provider's list.
    NotListed {
        /// The account they looked at, if they could tell.
        account: Option<Address>,
    },
    /// The backend was told to revoke.
    RevocationRequested,
    /// The provider's answer.
    RevocationAnswered {
        /// What it was.
        answer: RevokeAnswer,
        /// Hosts that gave it in the provider's place.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        hosts: Vec<String>,
    },
    /// An open revocation was given up because the same account was connected again.
    RevocationSuperseded,
    /// A token was deleted and read back as absent.
    SecretForgotten,
    /// A token that was kept for one run only is gone with that run.
    SecretRunOver,
    /// A keyring entry that no mailbox knows was deleted.
    OrphanSwept,
    /// A consent that came with a sign-in of which nothing was made.
    StrayConsent {
        /// Where.
        provider: Provider,
        /// Whose. None: nobody knows, because the provider's word on it was not believed.
        account: Option<String>,
        /// The provider said that it is gone. False: it may still be listed there.
        revoked: bool,
    },
    /// A connection was checked.
    Checked {
        /// With this result.
        result: CheckResult,
    },
    /// A job was put off.
    Snoozed {
        /// Until then.
        until: Timestamp,
    },
    /// The history was written to a file.
    HistoryExported {
        /// Entries in it.
        entries: u64,
    },
    /// A member was added.
    MemberAdded {
        /// Name.
        name: String,
        /// Super admin.
        super_admin: bool,
    },
    /// A member became a super admin, or is none any more.
    RoleChanged {
        /// Name.
        name: String,
        /// Super admin.
        super_admin: bool,
    },
    /// A member left.
    MemberRemoved {
        /// Name.
        name: String,
    },
    /// An inbox was added.
    InboxAdded {
        /// Name.
        name: String,
    },
    /// An inbox got another name.
    InboxRenamed {
        /// The name before.
        from: String,
        /// The name now.
        to: String,
    },
    /// An inbox was deleted.
    InboxDeleted {
        /// Name.
        name: String,
    },
    /// A member got account access to an inbox, or lost it.
    AccessChanged {
        /// The inbox's name.
        inbox: String,
        /// The member's name.
        member: String,
        /// Now with access.
        access: bool,
    },
    /// A channel of another kind was put on the list.
    OtherChannelAdded {
        /// Which kind.
        channel: crate::OtherKind,
        /// Name.
        name: String,
    },
    /// A channel of another kind was taken off the list.
    OtherChannelDropped {
        /// Which kind.
        channel: crate::OtherKind,
        /// Name.
        name: String,
    },
    /// The owner was asked to disconnect a mailbox.
    OwnerAsked,
    /// The owner answered "not now".
    AskDeclined,
    /// A member said that HubSpot shows the connection as lost.
    LossReported,
    /// A mailbox was connected again in HubSpot, on the same row.
    Reconnected,
    /// A mailbox was connected at another provider, on the same row.
    Moved {
        /// The old provider.
        from: Provider,
        /// The new one.
        to: Provider,
    },
    /// The sign-in app of a provider was changed in the settings.
    SignInAppChanged {
        /// Which provider's.
        provider: Provider,
        /// The hosts of its endpoints that are not the provider's own: tokens go there, and what they answer is believed.
        #[serde(default)]
        hosts: Vec<String>,
    },
    /// An administrator signed in.
    AdministratorSignedIn {
        /// Where.
        suite: Suite,
        /// Who.
        account: String,
        /// To look only.
        read_only: bool,
    },
    /// An administrator signed out; the token is to be forgotten.
    AdministratorSignedOut {
        /// Where.
        suite: Suite,
        /// Who.
        account: String,
    },
    /// An administrator's token was deleted and read back as absent.
    AdministratorForgotten {
        /// Where.
        suite: Suite,
    },
    /// An app was named as HubSpot's.
    AppChosen {
        /// The organisation's name.
        organisation: String,
        /// The app's name.
        app: String,
        /// Its identifier at the provider.
        key: String,
    },
    /// An app is not called HubSpot's any more.
    AppDropped {
        /// The organisation's name.
        organisation: String,
        /// The app's name.
        app: String,
        /// Its identifier at the provider.
        key: String,
    },
    /// An organisation was searched for HubSpot's access.
    OrganisationSearched {
        /// Its name.
        organisation: String,
        /// People looked at.
        people: u64,
        /// Accesses found.
        accesses: u64,
        /// People whose list could not be read.
        unread: u64,
        /// Everybody was looked at.
        complete: bool,
    },
    /// An administrator's list has, or has no more, HubSpot's access to a mailbox.
    DirectoryLists {
        /// It is listed.
        listed: bool,
        /// The apps' own names, where not all of them go by HubSpot's.
        #[serde(default)]
        apps: Vec<String>,
    },
    /// A run of revocations was started, or goes on.
    RunStarted {
        /// The run.
        run: RunId,
        /// The organisation's name.
        organisation: String,
        /// Accesses in it.
        items: u64,
    },
    /// A run was stopped for now by a member, or because it can't go on.
    RunPaused {
        /// The run.
        run: RunId,
    },
    /// What was left of a run was called off.
    RunCancelled {
        /// The run.
        run: RunId,
    },
    /// A run is over.
    RunEnded {
        /// The run.
        run: RunId,
        /// Accesses that are proven gone.
        proven: u64,
        /// Accesses that are not.
        left: u64,
    },
    /// Somebody had the lists of a run read again. It says what was read, and nothing of what was known before.
    RunVerified {
        /// The run.
        run: RunId,
        /// Lists that could be read.
        read: u64,
        /// Of those: the grant is still gone, and nothing else of a marked app is there.
        gone: u64,
        /// Of those: HubSpot reaches the person, by this grant or another.
        back: u64,
        /// Lists that could not be read.
        unread: u64,
    },
    /// An app's access to a person's account is not in the provider's list any more.
    AccessRevoked {
        /// The run.
        run: RunId,
        /// Whose, as the provider writes it. Empty: a consent for everybody.
        person: String,
        /// The app's name.
        app: String,
        /// The account itself is gone.
        nobody_there: bool,
        /// There was nothing to delete when the deletion came: somebody else removed it, or a crash hid the answer.
        #[serde(default)]
        already_gone: bool,
    },
    /// Permissions that a run had deleted are given back.
    RestoreStarted {
        /// The run.
        run: RunId,
        /// How many.
        items: u64,
    },
    /// A permission that a run had deleted was given back, and the provider's list has it.
    AccessRestored {
        /// The run.
        run: RunId,
        /// Whose. Empty: a consent for everybody.
        person: String,
        /// The app's name.
        app: String,
    },
    /// An access could not be revoked, or not be proven gone.
    AccessLeft {
        /// The run.
        run: RunId,
        /// Whose.
        person: String,
        /// The app's name.
        app: String,
        /// Why.
        why: Left,
    },
    /// A report of a run was written to a file.
    RunReported {
        /// The run.
        run: RunId,
    },
}
