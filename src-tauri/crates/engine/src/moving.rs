//! Connecting again in HubSpot, guided: reconnect, move to another provider, change of kind.

use crate::core::Engine;
use crate::error::{AppError, ErrorCode};
use crate::guide::{Asked, GuideFor};
use crate::view::{Opened, ReconnectView};
use crate::wire::Provider;
use uncouple_domain::{DisconnectId, GrantId, InboxId, Mailbox, MailboxId, Purpose, Scope, StepKind};
use url::Url;

impl Engine {
    /// Begins to move a mailbox to another provider.
    ///
    /// # Errors
    /// See [`uncouple_domain::Workspace::move_provider`].
    pub async fn move_provider(&self, mailbox: MailboxId, to: Provider) -> Result<DisconnectId, AppError> {
        let job = DisconnectId(self.ports.ids.fresh());
        self.change(Scope::Mailbox(mailbox), move |ws, ctx| ws.move_provider(ctx, mailbox, to.into(), job)).await
    }

    /// Begins to make a team address of a personal mailbox.
    ///
    /// # Errors
    /// See [`uncouple_domain::Workspace::change_kind`].
    pub async fn move_to_team(&self, mailbox: MailboxId, inbox: InboxId) -> Result<DisconnectId, AppError> {
        let job = DisconnectId(self.ports.ids.fresh());
        self.change(Scope::Mailbox(mailbox), move |ws, ctx| {
            ws.change_kind(ctx, mailbox, Purpose::ToTeam { inbox }, job)
        })
        .await
    }

    /// Begins to make the acting member's personal mailbox of a team address.
    ///
    /// # Errors
    /// See [`uncouple_domain::Workspace::change_kind`].
    pub async fn move_to_personal(&self, mailbox: MailboxId) -> Result<DisconnectId, AppError> {
        let job = DisconnectId(self.ports.ids.fresh());
        self.change(Scope::Mailbox(mailbox), move |ws, ctx| {
            ws.change_kind(ctx, mailbox, Purpose::ToPersonal { owner: ctx.actor }, job)
        })
        .await
    }

    /// Takes a member's word that HubSpot shows a connection as lost.
    ///
    /// # Errors
    /// See [`uncouple_domain::Workspace::report_lost`].
    pub async fn report_lost(&self, mailbox: MailboxId) -> Result<(), AppError> {
        self.change(Scope::Mailbox(mailbox), move |ws, ctx| ws.report_lost(ctx, mailbox)).await
    }

    /// How to connect a mailbox of HubSpot's again, and what HubSpot will ask for.
    ///
    /// # Errors
    /// See [`uncouple_domain::Workspace::reconnectable`]; `no_page`.
    pub async fn reconnect_guide(&self, mailbox: MailboxId) -> Result<ReconnectView, AppError> {
        let snapshot = self.case(Scope::Mailbox(mailbox)).await?;
        let row = snapshot.workspace.reconnectable(&self.ctx(), mailbox).map_err(AppError::from)?;
        let guide = self.ports.guides.guide(&connect_guide(row)).ok_or(ErrorCode::NoPage)?;
        let asks: Vec<Asked> = self.ports.guides.asks(row.provider);
        Ok(ReconnectView { guide, asks })
    }

    /// Opens HubSpot's page to connect a mailbox again.
    ///
    /// # Errors
    /// As [`Engine::reconnect_guide`]; `no_browser`.
    pub async fn open_reconnect_page(&self, mailbox: MailboxId) -> Result<Opened, AppError> {
        let snapshot = self.case(Scope::Mailbox(mailbox)).await?;
        let row = snapshot.workspace.reconnectable(&self.ctx(), mailbox).map_err(AppError::from)?;
        self.open_guided(mailbox, &connect_guide(row)).await
    }

    /// Opens the page on which HubSpot says what it does with what it is given. Not from the sample, which promises
    /// that no page opens.
    ///
    /// # Errors
    /// `no_page`, `no_browser`.
    pub async fn open_privacy_page(&self) -> Result<Opened, AppError> {
        let page = self.ports.guides.privacy().ok_or(ErrorCode::NoPage)?;
        self.open_reading(page).await
    }

    /// Opens the page that a guide names as its source. The history says nothing of it: nothing is done there.
    ///
    /// # Errors
    /// `no_page` for an address that no guide names, `no_browser`.
    pub async fn open_source(&self, url: &str) -> Result<Opened, AppError> {
        let page = self.ports.guides.source(url).ok_or(ErrorCode::NoPage)?;
        self.open_reading(page).await
    }

    async fn open_reading(&self, page: Url) -> Result<Opened, AppError> {
        let url = page.to_string();
        if self.start.sample {
            return Ok(Opened { url, opened: false });
        }
        match self.ports.browser.open(&page).await {
            Ok(()) => Ok(Opened { url, opened: true }),
            Err(_) => Err(AppError::new(ErrorCode::NoBrowser).with("url", url)),
        }
    }

    /// Takes a member's word that it is connected again. The row goes on.
    ///
    /// # Errors
    /// See [`uncouple_domain::Workspace::reconnected`].
    pub async fn confirm_reconnected(&self, mailbox: MailboxId) -> Result<(), AppError> {
        let grant = GrantId(self.ports.ids.fresh());
        self.change(Scope::Mailbox(mailbox), move |ws, ctx| ws.reconnected(ctx, mailbox, grant)).await
    }
}

fn connect_guide(row: &Mailbox) -> GuideFor<'_> {
    GuideFor {
        step: StepKind::ConnectAgain,
        provider: row.provider,
        team: row.is_team(),
        own_app: false,
        hubspot: row.hubspot_account(),
        address: &row.address,
    }
}
