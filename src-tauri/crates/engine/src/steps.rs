//! Disable, enable, remove, and what people say about steps.

use crate::address::read_address;
use crate::core::Engine;
use crate::error::{AppError, ErrorCode};
use crate::guide::{Guide, GuideFor};
use crate::view::Opened;
use crate::wire;
use uncouple_domain::{
    Client, Ctx, Disconnect, DisconnectId, EventKind, FreshRow, GrantId, Mailbox, MailboxId, Purpose, Reason, Scope,
    Step, StepKind, Use, Workspace,
};
use url::Url;

impl Engine {
    /// Disables a mailbox and opens its job.
    ///
    /// # Errors
    /// See [`Workspace::disable`].
    pub async fn disable_mailbox(&self, mailbox: MailboxId) -> Result<DisconnectId, AppError> {
        let job = DisconnectId(self.ports.ids.fresh());
        self.change(Scope::Mailbox(mailbox), move |workspace, ctx| workspace.disable(ctx, mailbox, job)).await
    }

    /// Enables a mailbox again. For one that HubSpot holds it is the member's word that it was done there.
    ///
    /// # Errors
    /// See [`Workspace::enable`].
    pub async fn enable_mailbox(&self, mailbox: MailboxId) -> Result<(), AppError> {
        self.change(Scope::Mailbox(mailbox), move |workspace, ctx| workspace.enable(ctx, mailbox)).await
    }

    /// How a mailbox of HubSpot's is enabled again there.
    ///
    /// # Errors
    /// See [`Workspace::enableable`]; `not_in_hubspot` for a mailbox held here; `no_page`.
    pub async fn enable_guide(&self, mailbox: MailboxId) -> Result<Guide, AppError> {
        let snapshot = self.case(Scope::Mailbox(mailbox)).await?;
        let row = enableable_in_hubspot(&snapshot.workspace, &self.ctx(), mailbox)?;
        self.ports.guides.enabling(row.hubspot_account()).ok_or_else(|| ErrorCode::NoPage.into())
    }

    /// Opens HubSpot's page to enable a mailbox again.
    ///
    /// # Errors
    /// As [`Engine::enable_guide`]; `no_browser`.
    pub async fn open_enable_page(&self, mailbox: MailboxId) -> Result<Opened, AppError> {
        let snapshot = self.case(Scope::Mailbox(mailbox)).await?;
        let row = enableable_in_hubspot(&snapshot.workspace, &self.ctx(), mailbox)?;
        let guide = self.ports.guides.enabling(row.hubspot_account()).ok_or(ErrorCode::NoPage)?;
        // It is the page on which the mailbox was disabled.
        let wanted = GuideFor {
            step: StepKind::DisableInCrm,
            provider: row.provider,
            team: row.is_team(),
            own_app: false,
            hubspot: row.hubspot_account(),
            address: &row.address,
        };
        let page = self.ports.guides.page(&wanted).ok_or(ErrorCode::NoPage)?;
        self.open_noted(mailbox, page, guide.id).await
    }

    /// Removes a mailbox held here. For one that HubSpot holds nothing changes before somebody has said
    /// that it was done there; the answer is the job with that step.
    ///
    /// # Errors
    /// See [`Workspace::remove`].
    pub async fn remove_mailbox(&self, mailbox: MailboxId) -> Result<DisconnectId, AppError> {
        let snapshot = self.case(Scope::Mailbox(mailbox)).await?;
        let row = snapshot.workspace.mailbox(mailbox).map_err(AppError::from)?;
        if !row.held_here() {
            snapshot.workspace.may_act(self.actor(), row).map_err(AppError::from)?;
            return match (row.usage, snapshot.workspace.job_of(mailbox)) {
                (Use::Disabled, Some(job)) => Ok(job.id),
                (Use::Disabled, None) => Err(ErrorCode::UnknownDisconnect.into()),
                (Use::InUse, _) => Err(ErrorCode::NotDisabled.into()),
                (Use::Removed, _) => Err(ErrorCode::AlreadyRemoved.into()),
            };
        }
        let job = self.change(Scope::Mailbox(mailbox), move |workspace, ctx| workspace.remove(ctx, mailbox)).await?;
        self.tidy(Scope::Mailbox(mailbox)).await;
        Ok(job)
    }

    /// Takes a removal back.
    ///
    /// # Errors
    /// See [`Workspace::undo_removal`].
    pub async fn undo_removal(&self, job: DisconnectId) -> Result<(), AppError> {
        self.change(Scope::Job(job), move |workspace, ctx| workspace.undo_removal(ctx, job)).await
    }

    /// Calls a job off.
    ///
    /// # Errors
    /// See [`Workspace::stop`].
    pub async fn stop_disconnect(&self, job: DisconnectId) -> Result<(), AppError> {
        self.change(Scope::Job(job), move |workspace, ctx| workspace.stop(ctx, job)).await
    }

    /// Takes a member's word for a step. Where our own token can tell, it is asked first, and its answer
    /// stands instead of the word.
    ///
    /// # Errors
    /// See [`Workspace::confirm_step`].
    pub async fn confirm_step(&self, job: DisconnectId, kind: wire::StepKind) -> Result<(), AppError> {
        let kind = StepKind::from(kind);
        let snapshot = self.case(Scope::Job(job)).await?;
        snapshot.workspace.open_by_hand(&self.ctx(), job, kind).map_err(AppError::from)?;
        if kind == StepKind::ConnectAgain {
            let fresh = FreshRow { mailbox: MailboxId(self.ports.ids.fresh()), grant: GrantId(self.ports.ids.fresh()) };
            self.change(Scope::Job(job), move |workspace, ctx| workspace.connect_again(ctx, job, fresh)).await?;
            return Ok(());
        }
        if kind == StepKind::RevokeGrant && self.answered_by_token(&snapshot.workspace, job).await? {
            self.tidy(Scope::Job(job)).await;
            return Ok(());
        }
        self.change(Scope::Job(job), move |workspace, ctx| workspace.confirm_step(ctx, job, kind)).await?;
        self.tidy(Scope::Job(job)).await;
        Ok(())
    }

    /// "I did both in HubSpot."
    ///
    /// # Errors
    /// See [`Workspace::confirm_in_crm`].
    pub async fn confirm_in_crm(&self, job: DisconnectId) -> Result<(), AppError> {
        self.change(Scope::Job(job), move |workspace, ctx| workspace.confirm_in_crm(ctx, job)).await
    }

    /// "It was not listed", with the account whose list was looked at, if the person could tell.
    ///
    /// # Errors
    /// An `address_…` code; see [`Workspace::not_listed`].
    pub async fn not_listed(&self, job: DisconnectId, account: Option<&str>) -> Result<(), AppError> {
        let account = account.map(read_address).transpose()?;
        self.change(Scope::Job(job), move |workspace, ctx| workspace.not_listed(ctx, job, account)).await
    }

    /// Closes a step as unverified.
    ///
    /// # Errors
    /// A `reason_…` code; see [`Workspace::close_step`].
    pub async fn close_step(&self, job: DisconnectId, kind: wire::StepKind, reason: &str) -> Result<(), AppError> {
        let reason = Reason::parse(reason).map_err(AppError::reason)?;
        self.change(Scope::Job(job), move |workspace, ctx| workspace.close_step(ctx, job, kind.into(), reason)).await?;
        self.tidy(Scope::Job(job)).await;
        Ok(())
    }

    /// Takes back what a member said.
    ///
    /// # Errors
    /// See [`Workspace::withdraw_confirmation`].
    pub async fn withdraw_confirmation(&self, job: DisconnectId, kind: wire::StepKind) -> Result<(), AppError> {
        self.change(Scope::Job(job), move |workspace, ctx| workspace.withdraw_confirmation(ctx, job, kind.into())).await
    }

    /// Opens the page of a step in the system browser. In the sample workspace nothing is opened: the
    /// page would show the person's own real account.
    ///
    /// # Errors
    /// `no_page` for text-only steps, `no_browser`.
    pub async fn open_page(&self, job: DisconnectId, kind: wire::StepKind) -> Result<Opened, AppError> {
        let snapshot = self.case(Scope::Job(job)).await?;
        let workspace = &snapshot.workspace;
        let (disconnect, mailbox, step) = find(workspace, job, kind)?;
        // HubSpot's Email page shows one's own mailboxes; anybody else would disable the wrong one.
        workspace.may_act(self.actor(), mailbox).map_err(AppError::from)?;
        if disconnect.ended.is_some() {
            return Err(ErrorCode::DisconnectEnded.into());
        }
        self.open_guided(mailbox.id, &guide_for(workspace, disconnect, mailbox, step)).await
    }

    /// Opens the page of a guide, with the intention before it and a failure after it in the history.
    pub(crate) async fn open_guided(&self, mailbox: MailboxId, wanted: &GuideFor<'_>) -> Result<Opened, AppError> {
        let page: Url = self.ports.guides.page(wanted).ok_or(ErrorCode::NoPage)?;
        let id = self.ports.guides.guide(wanted).map(|guide| guide.id).unwrap_or_default();
        self.open_noted(mailbox, page, id).await
    }

    async fn open_noted(&self, mailbox: MailboxId, page: Url, id: String) -> Result<Opened, AppError> {
        let url = page.to_string();
        if self.start.sample {
            return Ok(Opened { url, opened: false });
        }
        let asked = id.clone();
        self.change(Scope::Mailbox(mailbox), move |ws, ctx| {
            ws.note_mailbox(ctx, mailbox, EventKind::PageRequested { page: asked })
        })
        .await?;
        if self.ports.browser.open(&page).await.is_err() {
            self.change(Scope::Mailbox(mailbox), move |ws, ctx| {
                ws.note_mailbox(ctx, mailbox, EventKind::PageFailed { page: id })
            })
            .await?;
            return Err(AppError::new(ErrorCode::NoBrowser).with("url", url));
        }
        Ok(Opened { url, opened: true })
    }
}

fn enableable_in_hubspot<'a>(workspace: &'a Workspace, ctx: &Ctx, mailbox: MailboxId) -> Result<&'a Mailbox, AppError> {
    let row = workspace.enableable(ctx, mailbox).map_err(AppError::from)?;
    if row.held_here() { Err(ErrorCode::NotInHubspot.into()) } else { Ok(row) }
}

/// A step with its job and mailbox.
pub(crate) fn find(
    workspace: &Workspace,
    job: DisconnectId,
    kind: wire::StepKind,
) -> Result<(&Disconnect, &Mailbox, &Step), AppError> {
    let disconnect = workspace.disconnects.get(&job).ok_or(ErrorCode::UnknownDisconnect)?;
    let mailbox = workspace.mailbox(disconnect.mailbox).map_err(AppError::from)?;
    let step = disconnect.step(kind.into()).ok_or(ErrorCode::UnknownStep)?;
    Ok((disconnect, mailbox, step))
}

pub(crate) fn guide_for<'a>(
    workspace: &'a Workspace,
    job: &Disconnect,
    mailbox: &'a Mailbox,
    step: &Step,
) -> GuideFor<'a> {
    let own_app = step.grant.and_then(|id| workspace.grants.get(&id)).is_some_and(|g| g.client == Client::Uncouple);
    // To connect again leads to where the job goes; everything else is about where it comes from.
    let connect = step.kind == StepKind::ConnectAgain;
    let (team, provider) = match job.purpose {
        Purpose::Move { to } if connect => (mailbox.is_team(), to),
        Purpose::ToTeam { .. } if connect => (true, job.provider),
        Purpose::ToPersonal { .. } if connect => (false, job.provider),
        Purpose::Leave | Purpose::Move { .. } | Purpose::ToTeam { .. } | Purpose::ToPersonal { .. } => {
            (mailbox.is_team(), job.provider)
        }
    };
    GuideFor { step: step.kind, provider, team, own_app, hubspot: mailbox.hubspot_account(), address: &mailbox.address }
}
