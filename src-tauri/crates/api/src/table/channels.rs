//! The Channels screen, and what people ask of each other about a row.

use crate::arguments::{Id, account};
use crate::command::commands;
use uncouple_domain::{DisconnectId, InboxId, MailboxId, MemberId, OtherChannelId};
use uncouple_engine::view::Opened;
use uncouple_engine::wire::{OtherKind, Provider};

commands! {
    /// A team address that HubSpot has, as entered by hand. Without `connectedBy`: it is not known who connected it, or
    /// it was nobody of this workspace.
    Inbox track_channel {
        inbox: Id<InboxId>,
        address: String,
        provider: Provider,
        connected_by: Option<Id<MemberId>>,
        hubspot_page: Option<String>
    } -> Id<MailboxId> => engine |engine| {
        let account = account(hubspot_page.as_deref())?;
        let connected_by = connected_by.map(|member| member.0);
        engine.track_channel(inbox.0, &address, provider, connected_by, account).await.map(Id)
    };

    /// Deletes a team address. One that is held here is gone at once; for HubSpot's the guided job opens.
    Row delete_channel(mailbox: Id<MailboxId>) -> Id<DisconnectId>
        => engine |engine| engine.delete_channel(mailbox.0).await.map(Id);

    /// A channel that is no e-mail, so that the list shows what HubSpot shows.
    Inbox add_other_channel(inbox: Id<InboxId>, kind: OtherKind, name: String) -> Id<OtherChannelId>
        => engine |engine| engine.add_other_channel(inbox.0, kind, &name).await.map(Id);

    /// Takes such a channel off this list only: nothing happens in HubSpot.
    Inbox drop_other_channel(channel: Id<OtherChannelId>) -> ()
        => engine |engine| engine.drop_other_channel(channel.0).await;

    /// Notes that the owner is to be asked. Uncouple sends nothing.
    SuperAdmin ask_owner(mailbox: Id<MailboxId>) -> () => engine |engine| engine.ask_owner(mailbox.0).await;

    /// The owner won't.
    Row decline_ask(mailbox: Id<MailboxId>) -> () => engine |engine| engine.decline_ask(mailbox.0).await;

    /// The person saw in HubSpot that the connection is lost.
    Row report_lost(mailbox: Id<MailboxId>) -> () => engine |engine| engine.report_lost(mailbox.0).await;

    /// Opens a message in the mail program, from which the person sends it or not.
    Anyone open_mail { to: Option<String>, subject: String, body: String } -> Opened
        => engine |engine| engine.open_mail(to.as_deref(), &subject, &body).await;
}
