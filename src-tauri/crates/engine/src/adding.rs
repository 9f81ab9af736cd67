//! Beginning, settings, and mailboxes that HubSpot holds.

use crate::address::read_address;
use crate::core::Engine;
use crate::error::AppError;
use crate::ports::{MailHost, SignInApp, SignInAt};
use crate::settings::{Appearance, Settings};
use crate::view::{GuessedBy, ProviderGuess};
use crate::wire::{Language, Provider};
use uncouple_domain::{EventKind, GrantId, Home, HubSpotAccount, MailboxId, Name, NewTracked};

impl Engine {
    /// Begins with nothing in it; the welcome is not shown again.
    ///
    /// # Errors
    /// A `name_…` code, or what the store says.
    pub async fn begin_empty(&self, name: &str) -> Result<(), AppError> {
        let name = Name::parse(name).map_err(AppError::name)?;
        self.change_welcomed(move |workspace, ctx| workspace.rename(ctx, name)).await
    }

    /// Gives the acting member another name.
    ///
    /// # Errors
    /// A `name_…` code, or what the store says.
    pub async fn rename_me(&self, name: &str) -> Result<(), AppError> {
        let name = Name::parse(name).map_err(AppError::name)?;
        self.change(move |workspace, ctx| workspace.rename(ctx, name)).await
    }

    /// Chooses a language. None: the system's.
    ///
    /// # Errors
    /// What the store says.
    pub async fn set_language(&self, language: Option<Language>) -> Result<(), AppError> {
        self.change_settings(move |settings| settings.language = language).await
    }

    /// Chooses light or dark.
    ///
    /// # Errors
    /// What the store says.
    pub async fn set_appearance(&self, appearance: Appearance) -> Result<(), AppError> {
        self.change_settings(move |settings| settings.appearance = appearance).await
    }

    /// Changes the sign-in app of a provider.
    ///
    /// # Errors
    /// `sign_in_bad_endpoint`, or what the store says.
    pub async fn save_sign_in_app(&self, at: SignInAt, app: SignInApp) -> Result<(), AppError> {
        self.ports.accounts.check_app(&app)?;
        let provider = match at {
            SignInAt::Google => uncouple_domain::Provider::Google,
            SignInAt::Microsoft => uncouple_domain::Provider::Microsoft365,
        };
        let set = Box::new(move |settings: &mut Settings| *settings.app_mut(at) = app);
        self.change_both(Some(set), move |workspace, ctx| {
            workspace.note(ctx, EventKind::SignInAppChanged { provider });
            Ok(())
        })
        .await
    }

    /// Finds out who hosts an address: by its domain, else by asking DNS. Asking tells the domain to the
    /// resolver of this computer and to nobody else.
    ///
    /// # Errors
    /// An `address_…` code.
    pub async fn guess_provider(&self, address: &str) -> Result<ProviderGuess, AppError> {
        let address = read_address(address)?;
        let (provider, how) = match self.ports.hosts.known(address.domain()) {
            Some(provider) => (Some(provider), GuessedBy::Domain),
            None => match self.ports.hosts.look_up(address.domain()).await {
                MailHost::Is(provider) => (Some(provider), GuessedBy::Mx),
                MailHost::Unknown => (None, GuessedBy::Nothing),
                MailHost::NoAnswer => (None, GuessedBy::NoAnswer),
            },
        };
        Ok(ProviderGuess { address: address.to_string(), provider: provider.map(Into::into), how })
    }

    /// Adds a mailbox that HubSpot holds.
    ///
    /// # Errors
    /// An `address_…` code, `address_in_use` with the row, `not_personal`, or what the store says.
    pub async fn track_mailbox(
        &self,
        address: &str,
        provider: Provider,
        account: Option<HubSpotAccount>,
    ) -> Result<MailboxId, AppError> {
        let new = NewTracked {
            mailbox: MailboxId(self.ports.ids.fresh()),
            grant: GrantId(self.ports.ids.fresh()),
            home: Home::Personal { owner: self.actor() },
            address: read_address(address)?,
            provider: provider.into(),
            account,
        };
        let mailbox = self.change_welcomed(move |workspace, ctx| workspace.track(ctx, new)).await?;
        self.tidy().await;
        Ok(mailbox)
    }
}
