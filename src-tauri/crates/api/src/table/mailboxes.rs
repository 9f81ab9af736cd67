//! Rows of the Email tab.

use crate::arguments::{Id, Keep, account, hubspot_page};
use crate::command::commands;
use uncouple_domain::{DisconnectId, InboxId, MailboxId};
use uncouple_engine::guide::Guide;
use uncouple_engine::ports::SignInAt;
use uncouple_engine::view::{Checked, HubSpotPage, Opened, ProviderGuess, SignInResult};
use uncouple_engine::wire::Provider;
use uuid::Uuid;

commands! {
    /// Who hosts an address, as far as its domain and DNS tell.
    Anyone guess_provider(address: String) -> ProviderGuess => engine |engine| engine.guess_provider(&address).await;

    /// HubSpot's account, from the address of a page of HubSpot's.
    Anyone read_hubspot_page(text: String) -> HubSpotPage => face |_face|
        hubspot_page(&text).map(|page| HubSpotPage { host: page.host, account: page.account.to_string() });

    /// A mailbox that HubSpot has, as entered by hand.
    Anyone track_mailbox { address: String, provider: Provider, hubspot_page: Option<String> } -> Id<MailboxId>
        => engine |engine| {
            let account = account(hubspot_page.as_deref())?;
            engine.track_mailbox(&address, provider, account).await.map(Id)
        };

    /// Signs in at a provider and connects the mailbox, to an inbox for a team address. Answers when the person has come
    /// back from the browser, which can take minutes.
    Anyone connect_mailbox(at: SignInAt, expect: Option<String>, inbox: Option<Id<InboxId>>) -> SignInResult
        => engine |engine| engine.connect_mailbox(at, expect.as_deref(), inbox.map(|inbox| inbox.0)).await;

    /// Waits for nobody in the browser any more.
    Anyone cancel_sign_in() -> () => engine |engine| {
        engine.cancel_sign_in();
        Ok::<(), uncouple_engine::AppError>(())
    };

    /// Goes on with a sign-in whose token the keyring did not take.
    Own finish_sign_in(pending: Id<Uuid>, keep: Keep) -> SignInResult
        => engine |engine| engine.finish_sign_in(pending.0, keep.for_this_run()).await;

    /// Drops a sign-in whose token the keyring did not take.
    Own drop_sign_in(pending: Id<Uuid>) -> () => engine |engine| engine.drop_sign_in(pending.0).await;

    /// Disables a mailbox. For one of HubSpot's the guided job opens.
    Row disable_mailbox(mailbox: Id<MailboxId>) -> Id<DisconnectId>
        => engine |engine| engine.disable_mailbox(mailbox.0).await.map(Id);

    /// Enables a mailbox again. For one of HubSpot's it is the person's word that it was done there.
    Row enable_mailbox(mailbox: Id<MailboxId>) -> () => engine |engine| engine.enable_mailbox(mailbox.0).await;

    /// How to enable a mailbox in HubSpot.
    Row enable_guide(mailbox: Id<MailboxId>) -> Guide => engine |engine| engine.enable_guide(mailbox.0).await;

    /// Opens HubSpot's page to enable a mailbox.
    Row open_enable_page(mailbox: Id<MailboxId>) -> Opened
        => engine |engine| engine.open_enable_page(mailbox.0).await;

    /// Removes a disabled mailbox.
    Row remove_mailbox(mailbox: Id<MailboxId>) -> Id<DisconnectId>
        => engine |engine| engine.remove_mailbox(mailbox.0).await.map(Id);

    /// Asks the provider whether the connection works.
    Row check_mailbox(mailbox: Id<MailboxId>) -> Checked => engine |engine| engine.check_mailbox(mailbox.0).await;
}
