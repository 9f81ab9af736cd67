//! Members, inboxes, and who acts.

use crate::address::read_address;
use crate::core::Engine;
use crate::error::{AppError, ErrorCode};
use crate::ports::Committed;
use crate::wire::{Language, OtherKind, Provider};
use uncouple_domain::{
    DisconnectId, GrantId, Home, HubSpotAccount, InboxId, MailboxId, MemberId, Name, NewTracked, OtherChannelId, Scope,
};

fn read_name(name: &str) -> Result<Name, AppError> {
    Name::parse(name).map_err(AppError::name)
}

impl Engine {
    /// Lets another member of the sample act. A demonstration and no protection: whoever sits at this computer can
    /// read the file.
    ///
    /// # Errors
    /// `act_as_sample_only`, `unknown_member`.
    pub async fn act_as(&self, member: MemberId) -> Result<(), AppError> {
        if !self.start.sample {
            return Err(ErrorCode::ActAsSampleOnly.into());
        }
        let snapshot = self.case(Scope::Roster).await?;
        snapshot.workspace.member(member).map_err(AppError::from)?;
        self.set_actor(member);
        self.tell_of(Committed { revision: snapshot.revision, touched: Vec::new() });
        Ok(())
    }

    /// Adds a member.
    ///
    /// # Errors
    /// A `name_…` code; see [`uncouple_domain::Workspace::add_member`].
    pub async fn add_member(
        &self,
        name: &str,
        super_admin: bool,
        language: Option<Language>,
    ) -> Result<MemberId, AppError> {
        let (id, name) = (MemberId(self.ports.ids.fresh()), read_name(name)?);
        self.change(Scope::Roster, move |ws, ctx| ws.add_member(ctx, id, name, super_admin, language.map(Into::into)))
            .await?;
        Ok(id)
    }

    /// Changes a member.
    ///
    /// # Errors
    /// A `name_…` code; see [`uncouple_domain::Workspace::change_member`].
    pub async fn change_member(
        &self,
        member: MemberId,
        name: &str,
        super_admin: bool,
        language: Option<Language>,
    ) -> Result<(), AppError> {
        let name = read_name(name)?;
        self.change(Scope::Roster, move |ws, ctx| {
            ws.change_member(ctx, member, name, super_admin, language.map(Into::into))
        })
        .await
    }

    /// Takes a member out of the workspace.
    ///
    /// # Errors
    /// See [`uncouple_domain::Workspace::remove_member`].
    pub async fn remove_member(&self, member: MemberId) -> Result<(), AppError> {
        self.change(Scope::MailboxesOf(member), move |ws, ctx| ws.remove_member(ctx, member)).await
    }

    /// Adds an inbox.
    ///
    /// # Errors
    /// A `name_…` code; see [`uncouple_domain::Workspace::add_inbox`].
    pub async fn add_inbox(&self, name: &str) -> Result<InboxId, AppError> {
        let (id, name) = (InboxId(self.ports.ids.fresh()), read_name(name)?);
        self.change(Scope::Roster, move |ws, ctx| ws.add_inbox(ctx, id, name)).await?;
        Ok(id)
    }

    /// Gives an inbox another name.
    ///
    /// # Errors
    /// A `name_…` code; see [`uncouple_domain::Workspace::rename_inbox`].
    pub async fn rename_inbox(&self, inbox: InboxId, name: &str) -> Result<(), AppError> {
        let name = read_name(name)?;
        self.change(Scope::Roster, move |ws, ctx| ws.rename_inbox(ctx, inbox, name)).await
    }

    /// Deletes an inbox.
    ///
    /// # Errors
    /// See [`uncouple_domain::Workspace::delete_inbox`].
    pub async fn delete_inbox(&self, inbox: InboxId) -> Result<(), AppError> {
        self.change(Scope::Inbox(inbox), move |ws, ctx| ws.delete_inbox(ctx, inbox)).await
    }

    /// Gives a member account access to an inbox, or takes it away.
    ///
    /// # Errors
    /// See [`uncouple_domain::Workspace::set_access`].
    pub async fn set_access(&self, inbox: InboxId, member: MemberId, access: bool) -> Result<(), AppError> {
        self.change(Scope::Roster, move |ws, ctx| ws.set_access(ctx, inbox, member, access)).await
    }

    /// Adds a team address that HubSpot has.
    ///
    /// # Errors
    /// An `address_…` code; `address_in_use` with the row and, for a team address, its inbox; see
    /// [`uncouple_domain::Workspace::settle_in`].
    pub async fn track_channel(
        &self,
        inbox: InboxId,
        address: &str,
        provider: Provider,
        connected_by: Option<MemberId>,
        account: Option<HubSpotAccount>,
    ) -> Result<MailboxId, AppError> {
        let new = NewTracked {
            mailbox: MailboxId(self.ports.ids.fresh()),
            grant: GrantId(self.ports.ids.fresh()),
            home: Home::Team { inbox, connected_by },
            address: read_address(address)?,
            provider: provider.into(),
            account,
        };
        let scope = new.scope();
        let mailbox = self.change_welcomed(scope.clone(), move |ws, ctx| ws.track(ctx, new)).await?;
        self.tidy(scope).await;
        Ok(mailbox)
    }

    /// Deletes a team address from its inbox, or begins to.
    ///
    /// # Errors
    /// See [`uncouple_domain::Workspace::delete_channel`].
    pub async fn delete_channel(&self, mailbox: MailboxId) -> Result<DisconnectId, AppError> {
        let job = DisconnectId(self.ports.ids.fresh());
        let job = self.change(Scope::Mailbox(mailbox), move |ws, ctx| ws.delete_channel(ctx, mailbox, job)).await?;
        self.tidy(Scope::Mailbox(mailbox)).await;
        Ok(job)
    }

    /// Puts a channel that is not e-mail on the list.
    ///
    /// # Errors
    /// A `name_…` code; see [`uncouple_domain::Workspace::add_other_channel`].
    pub async fn add_other_channel(
        &self,
        inbox: InboxId,
        kind: OtherKind,
        name: &str,
    ) -> Result<OtherChannelId, AppError> {
        let (id, name) = (OtherChannelId(self.ports.ids.fresh()), read_name(name)?);
        self.change(Scope::Roster, move |ws, ctx| ws.add_other_channel(ctx, id, inbox, kind.into(), name)).await?;
        Ok(id)
    }

    /// Takes a channel that is not e-mail off the list.
    ///
    /// # Errors
    /// See [`uncouple_domain::Workspace::drop_other_channel`].
    pub async fn drop_other_channel(&self, channel: OtherChannelId) -> Result<(), AppError> {
        self.change(Scope::Roster, move |ws, ctx| ws.drop_other_channel(ctx, channel)).await
    }

    /// Asks the owner of a mailbox to disconnect it.
    ///
    /// # Errors
    /// See [`uncouple_domain::Workspace::ask_owner`].
    pub async fn ask_owner(&self, mailbox: MailboxId) -> Result<(), AppError> {
        self.change(Scope::Mailbox(mailbox), move |ws, ctx| ws.ask_owner(ctx, mailbox)).await
    }

    /// Answers such a question with "not now".
    ///
    /// # Errors
    /// See [`uncouple_domain::Workspace::decline_ask`].
    pub async fn decline_ask(&self, mailbox: MailboxId) -> Result<(), AppError> {
        self.change(Scope::Mailbox(mailbox), move |ws, ctx| ws.decline_ask(ctx, mailbox)).await
    }
}
