//! Disable, enable, remove, and what people say about steps.

use crate::address::read_address;
use crate::core::Engine;
use crate::error::{AppError, ErrorCode};
use crate::guide::GuideFor;
use crate::view::Opened;
use crate::wire::StepKind;
use jiff::{Timestamp, ToSpan};
use uncouple_domain::{
    Client, Disconnect, DisconnectId, EventKind, Holder, Mailbox, MailboxId, Reason, Step, Use, Workspace,
};
use url::Url;

/// The hour at which a reminder for tomorrow is due, in the person's own zone.
const REMINDER_HOUR: i8 = 9;

impl Engine {
    /// Disables a mailbox and opens its job.
    ///
    /// # Errors
    /// See [`Workspace::disable`].
    pub async fn disable_mailbox(&self, mailbox: MailboxId) -> Result<DisconnectId, AppError> {
        let job = DisconnectId(self.ports.ids.fresh());
        self.change(move |workspace, ctx| workspace.disable(ctx, mailbox, job)).await
    }

    /// Enables a mailbox again.
    ///
    /// # Errors
    /// See [`Workspace::enable`].
    pub async fn enable_mailbox(&self, mailbox: MailboxId) -> Result<(), AppError> {
        self.change(move |workspace, ctx| workspace.enable(ctx, mailbox)).await
    }

    /// Removes a mailbox held here. For one that HubSpot holds nothing changes before somebody has said
    /// that it was done there; the answer is the job with that step.
    ///
    /// # Errors
    /// See [`Workspace::remove`].
    pub async fn remove_mailbox(&self, mailbox: MailboxId) -> Result<DisconnectId, AppError> {
        let snapshot = self.read().await?;
        let row = snapshot.workspace.mailbox(mailbox).map_err(AppError::from)?;
        if !row.held_here() {
            return match (row.usage, snapshot.workspace.job_of(mailbox)) {
                (Use::Disabled, Some(job)) if row.owner == self.actor => Ok(job.id),
                (Use::Disabled, Some(_)) => Err(ErrorCode::NotYours.into()),
                (Use::Disabled, None) => Err(ErrorCode::UnknownDisconnect.into()),
                (Use::InUse, _) => Err(ErrorCode::NotDisabled.into()),
                (Use::Removed, _) => Err(ErrorCode::AlreadyRemoved.into()),
            };
        }
        self.change(move |workspace, ctx| workspace.remove(ctx, mailbox)).await
    }

    /// Takes a removal back.
    ///
    /// # Errors
    /// See [`Workspace::undo_removal`].
    pub async fn undo_removal(&self, job: DisconnectId) -> Result<(), AppError> {
        self.change(move |workspace, ctx| workspace.undo_removal(ctx, job)).await
    }

    /// Calls a job off.
    ///
    /// # Errors
    /// See [`Workspace::stop`].
    pub async fn stop_disconnect(&self, job: DisconnectId) -> Result<(), AppError> {
        self.change(move |workspace, ctx| workspace.stop(ctx, job)).await
    }

    /// Takes a member's word for a step. Where our own token can tell, it is asked first, and its answer
    /// stands instead of the word.
    ///
    /// # Errors
    /// See [`Workspace::confirm_step`].
    pub async fn confirm_step(&self, job: DisconnectId, kind: StepKind) -> Result<(), AppError> {
        let kind = uncouple_domain::StepKind::from(kind);
        let snapshot = self.read().await?;
        snapshot.workspace.open_by_hand(&self.ctx(), job, kind).map_err(AppError::from)?;
        if kind == uncouple_domain::StepKind::RevokeGrant && self.answered_by_token(&snapshot.workspace, job).await? {
            self.tidy().await;
            return Ok(());
        }
        self.change(move |workspace, ctx| workspace.confirm_step(ctx, job, kind)).await?;
        self.tidy().await;
        Ok(())
    }

    /// "I did both in HubSpot."
    ///
    /// # Errors
    /// See [`Workspace::confirm_in_crm`].
    pub async fn confirm_in_crm(&self, job: DisconnectId) -> Result<(), AppError> {
        self.change(move |workspace, ctx| workspace.confirm_in_crm(ctx, job)).await
    }

    /// "It was not listed", with the account whose list was looked at, if the person could tell.
    ///
    /// # Errors
    /// An `address_…` code; see [`Workspace::not_listed`].
    pub async fn not_listed(&self, job: DisconnectId, account: Option<&str>) -> Result<(), AppError> {
        let account = account.map(read_address).transpose()?;
        self.change(move |workspace, ctx| workspace.not_listed(ctx, job, account)).await
    }

    /// Closes a step as unverified.
    ///
    /// # Errors
    /// A `reason_…` code; see [`Workspace::close_step`].
    pub async fn close_step(&self, job: DisconnectId, kind: StepKind, reason: &str) -> Result<(), AppError> {
        let reason = Reason::parse(reason).map_err(AppError::reason)?;
        self.change(move |workspace, ctx| workspace.close_step(ctx, job, kind.into(), reason)).await?;
        self.tidy().await;
        Ok(())
    }

    /// Takes back what a member said.
    ///
    /// # Errors
    /// See [`Workspace::withdraw_confirmation`].
    pub async fn withdraw_confirmation(&self, job: DisconnectId, kind: StepKind) -> Result<(), AppError> {
        self.change(move |workspace, ctx| workspace.withdraw_confirmation(ctx, job, kind.into())).await
    }

    /// Puts a job off until tomorrow morning.
    ///
    /// # Errors
    /// See [`Workspace::snooze`].
    pub async fn remind_tomorrow(&self, job: DisconnectId) -> Result<(), AppError> {
        let until = tomorrow_morning(self.ports.clock.now(), self.ports.clock.zone());
        self.change(move |workspace, ctx| workspace.snooze(ctx, job, until)).await
    }

    /// Opens the page of a step in the system browser. In the sample workspace nothing is opened: the
    /// page would show the person's own real account.
    ///
    /// # Errors
    /// `no_page` for text-only steps, `no_browser`.
    pub async fn open_page(&self, job: DisconnectId, kind: StepKind) -> Result<Opened, AppError> {
        let snapshot = self.read().await?;
        let workspace = &snapshot.workspace;
        let (disconnect, mailbox, step) = find(workspace, job, kind)?;
        let ctx = self.ctx();
        if mailbox.owner != ctx.actor {
            // HubSpot's page shows one's own mailboxes; the actor would disable the wrong one.
            return Err(ErrorCode::NotYours.into());
        }
        if disconnect.ended.is_some() {
            return Err(ErrorCode::DisconnectEnded.into());
        }
        let wanted = guide_for(workspace, mailbox, step);
        let page: Url = self.ports.guides.page(&wanted).ok_or(ErrorCode::NoPage)?;
        let id = self.ports.guides.guide(&wanted).map(|guide| guide.id).unwrap_or_default();
        let url = page.to_string();
        if self.start.sample {
            return Ok(Opened { url, opened: false });
        }
        let mailbox = mailbox.id;
        let asked = id.clone();
        self.change(move |ws, ctx| ws.note_mailbox(ctx, mailbox, EventKind::PageRequested { page: asked })).await?;
        if self.ports.browser.open(&page).await.is_err() {
            self.change(move |ws, ctx| ws.note_mailbox(ctx, mailbox, EventKind::PageFailed { page: id })).await?;
            return Err(AppError::new(ErrorCode::NoBrowser).with("url", url));
        }
        Ok(Opened { url, opened: true })
    }
}

/// A step with its job and mailbox.
pub(crate) fn find(
    workspace: &Workspace,
    job: DisconnectId,
    kind: StepKind,
) -> Result<(&Disconnect, &Mailbox, &Step), AppError> {
    let disconnect = workspace.disconnects.get(&job).ok_or(ErrorCode::UnknownDisconnect)?;
    let mailbox = workspace.mailbox(disconnect.mailbox).map_err(AppError::from)?;
    let step = disconnect.step(kind.into()).ok_or(ErrorCode::UnknownStep)?;
    Ok((disconnect, mailbox, step))
}

pub(crate) fn guide_for<'a>(workspace: &'a Workspace, mailbox: &'a Mailbox, step: &Step) -> GuideFor<'a> {
    let own_app = step.grant.and_then(|id| workspace.grants.get(&id)).is_some_and(|g| g.client == Client::Uncouple);
    let hubspot = match &mailbox.holder {
        Holder::HubSpot { account } => account.as_ref(),
        Holder::Workspace => None,
    };
    GuideFor { step: step.kind, provider: mailbox.provider, own_app, hubspot, address: &mailbox.address }
}

/// The next day at nine, in the person's zone. A day on which nine does not exist gets the next hour that does.
fn tomorrow_morning(now: Timestamp, zone: jiff::tz::TimeZone) -> Timestamp {
    let tomorrow = now.to_zoned_datetime(zone.clone()).date().saturating_add(1.day());
    tomorrow
        .at(REMINDER_HOUR, 0, 0, 0)
        .to_zoned_datetime(zone)
        .map_or_else(|_| now.saturating_add(jiff::SignedDuration::from_hours(24)).unwrap_or(now), |z| z.timestamp())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn tomorrow_is_the_persons_tomorrow_and_not_utcs() {
        let tokyo = jiff::tz::TimeZone::get("Asia/Tokyo").unwrap();
        // Half past midnight on the 24th in Tokyo is still the 23rd in UTC.
        let until = tomorrow_morning("2026-11-23T15:30:00Z".parse().unwrap(), tokyo);
        assert_eq!(until.to_string(), "2026-11-25T00:00:00Z");
    }
}
