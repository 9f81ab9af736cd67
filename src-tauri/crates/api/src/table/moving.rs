//! Moving a row elsewhere, and connecting it in HubSpot again.

use crate::arguments::Id;
use crate::command::commands;
use uncouple_domain::{DisconnectId, InboxId, MailboxId};
use uncouple_engine::view::{Opened, ReconnectView};
use uncouple_engine::wire::Provider;

commands! {
    /// The address moves to another provider.
    Row move_provider(mailbox: Id<MailboxId>, to: Provider) -> Id<DisconnectId>
        => engine |engine| engine.move_provider(mailbox.0, to).await.map(Id);

    /// The mailbox becomes a team address.
    Row move_to_team(mailbox: Id<MailboxId>, inbox: Id<InboxId>) -> Id<DisconnectId>
        => engine |engine| engine.move_to_team(mailbox.0, inbox.0).await.map(Id);

    /// The team address becomes a mailbox of one's own.
    Row move_to_personal(mailbox: Id<MailboxId>) -> Id<DisconnectId>
        => engine |engine| engine.move_to_personal(mailbox.0).await.map(Id);

    /// How to connect the mailbox in HubSpot again.
    Row reconnect_guide(mailbox: Id<MailboxId>) -> ReconnectView
        => engine |engine| engine.reconnect_guide(mailbox.0).await;

    /// Opens HubSpot's page to connect the mailbox again.
    Row open_reconnect_page(mailbox: Id<MailboxId>) -> Opened
        => engine |engine| engine.open_reconnect_page(mailbox.0).await;

    /// Opens HubSpot's privacy policy.
    Anyone open_privacy_page() -> Opened => engine |engine| engine.open_privacy_page().await;

    /// Opens the page that a guide names as its source, and no other.
    Anyone open_source(url: String) -> Opened => engine |engine| engine.open_source(&url).await;

    /// The person says that the mailbox is connected again.
    Row confirm_reconnected(mailbox: Id<MailboxId>) -> ()
        => engine |engine| engine.confirm_reconnected(mailbox.0).await;
}
