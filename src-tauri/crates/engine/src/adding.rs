//! Beginning, settings, and mailboxes that HubSpot holds.

use crate::address::read_address;
use crate::core::Engine;
use crate::error::{AppError, ErrorCode};
use crate::ports::{MailHost, SignInApp, SignInAt};
use crate::settings::{Appearance, Settings};
use crate::view::{GuessedBy, ProviderGuess};
use crate::wire::{Language, Provider};
use uncouple_domain::{EventKind, GrantId, Home, HubSpotAccount, MailboxId, Name, NewTracked, Scope};

impl Engine {
    /// Begins with nothing in it; the welcome is not shown again.
    ///
    /// # Errors
    /// A `name_…` code, or what the store says.
    pub async fn begin_empty(&self, name: &str) -> Result<(), AppError> {
        let name = Name::parse(name).map_err(AppError::name)?;
        self.change_welcomed(Scope::Roster, move |workspace, ctx| workspace.rename(ctx, name)).await
    }

    /// Gives the acting member another name.
    ///
    /// # Errors
    /// A `name_…` code, or what the store says.
    pub async fn rename_me(&self, name: &str) -> Result<(), AppError> {
        let name = Name::parse(name).map_err(AppError::name)?;
        self.change(Scope::Roster, move |workspace, ctx| workspace.rename(ctx, name)).await
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

    /// Changes the sign-in app of a provider. It decides where tokens go and who is believed, so it is the super admins'.
    ///
    /// # Errors
    /// `not_super_admin`; `bad_argument` for a value with control characters or longer than any that a provider gives;
    /// `sign_in_bad_endpoint`, or what the store says.
    pub async fn save_sign_in_app(&self, at: SignInAt, app: SignInApp) -> Result<(), AppError> {
        self.case(Scope::Roster).await?.workspace.by_super_admin(&self.ctx())?;
        if !is_plain(&app) {
            return Err(ErrorCode::BadArgument.into());
        }
        self.ports.accounts.check_app(&app)?;
        let hosts = self.ports.accounts.foreign_hosts(at, &app);
        let provider = match at {
            SignInAt::Google => uncouple_domain::Provider::Google,
            SignInAt::Microsoft => uncouple_domain::Provider::Microsoft365,
        };
        let set = Box::new(move |settings: &mut Settings| *settings.app_mut(at) = app);
        self.change_both(Some(set), Scope::Roster, move |workspace, ctx| {
            // Asked again, in the transaction.
            workspace.by_super_admin(ctx)?;
            workspace.note(ctx, EventKind::SignInAppChanged { provider, hosts });
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
        let scope = new.scope();
        let mailbox = self.change_welcomed(scope.clone(), move |workspace, ctx| workspace.track(ctx, new)).await?;
        self.tidy(scope).await;
        Ok(mailbox)
    }
}

/// Longer than any client id or secret: Google's have about 75 characters, Microsoft's are UUIDs.
const LONGEST_ID: usize = 512;

/// Longer than any address of an endpoint.
const LONGEST_URL: usize = 2048;

/// Whether the values of a sign-in app are of a kind that a provider gives.
fn is_plain(app: &SignInApp) -> bool {
    let SignInApp { client_id, client_secret, authorize_url, token_url, revoke_url, jwks_url, issuer, api_url } = app;
    let plain = |text: &str, most: usize| text.len() <= most && text.chars().all(|sign| !sign.is_control());
    let urls = [authorize_url, token_url, revoke_url, jwks_url, issuer, api_url];
    plain(client_id, LONGEST_ID)
        && client_secret.as_deref().is_none_or(|secret| plain(secret, LONGEST_ID))
        && urls.into_iter().flatten().all(|url| plain(url, LONGEST_URL))
}
