//! Adding mailboxes, and connecting them again.

use super::Workspace;
use crate::{
    Address, Client, Consent, Ctx, EndReason, Ended, EventKind, Grant, GrantId, Holder, Home, HubSpotAccount,
    IntentionId, IntentionKind, Link, Mailbox, MailboxId, Provider, Refusal, Scope, SecretId, Subject, Token, Use,
    UseKnown,
};

/// A mailbox that HubSpot holds, entered by hand.
#[derive(Clone, Debug)]
pub struct NewTracked {
    /// Identity for a new row.
    pub mailbox: MailboxId,
    /// Identity for its grant.
    pub grant: GrantId,
    /// Where it is at home in the CRM.
    pub home: Home,
    /// Address.
    pub address: Address,
    /// Account system.
    pub provider: Provider,
    /// HubSpot's account, if a page address was given.
    pub account: Option<HubSpotAccount>,
}

/// A mailbox connected here by sign-in. Its token is in the keyring already.
#[derive(Clone, Debug)]
pub struct NewConnected {
    /// Identity for a new row.
    pub mailbox: MailboxId,
    /// Identity for its grant.
    pub grant: GrantId,
    /// Where it is at home in the CRM.
    pub home: Home,
    /// The intention under which the token was kept.
    pub intention: IntentionId,
    /// Account system.
    pub provider: Provider,
    /// The provider's own identifier of the person.
    pub subject: String,
    /// Address.
    pub address: Address,
    /// Where the token is.
    pub secret: SecretId,
    /// Kept in memory only.
    pub this_run_only: bool,
}

impl NewTracked {
    /// The case in which it is added.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::address(&self.address)
    }
}

impl NewConnected {
    /// The case in which it is connected: a row of the same account may have had another address.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let account = Scope::Account(Subject::Known(self.subject.clone()));
        Scope::Intention(self.intention).and(account).and(Scope::address(&self.address))
    }
}

/// What came of connecting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connected {
    /// The row, a new one or the one that goes on.
    pub mailbox: MailboxId,
}

impl Workspace {
    /// Adds a mailbox that HubSpot holds. A removed row of the same address and provider goes on, with a
    /// new generation of its grant.
    ///
    /// # Errors
    /// [`Refusal::AddressInUse`] names the row in use: an address is never a personal mailbox and a team address at
    /// once; as [`Workspace::settle_in`].
    pub fn track(&mut self, ctx: &Ctx, new: NewTracked) -> Result<MailboxId, Refusal> {
        self.settle_in(ctx, new.home, new.provider)?;
        if let Some(other) = self.in_use_with(&new.address) {
            return Err(Self::in_use(other));
        }
        let before = self
            .mailboxes
            .values()
            .find(|m| {
                !m.held_here()
                    && m.home.same(new.home)
                    && m.provider == new.provider
                    && m.address.key() == new.address.key()
            })
            .map(|m| (m.id, m.added));
        let why = before.map_or(EndReason::ConnectedAgain, |(id, _)| self.why_again(id));
        let grant = new.provider.has_consent().then(|| {
            let subject = Subject::Address(new.address.key().to_owned());
            self.next_generation(ctx, new.grant, new.provider, subject, Client::HubSpot, Consent::Unknown, Token::None)
        });
        let (id, added) = before.unwrap_or((new.mailbox, ctx.stamp()));
        self.end_job(ctx, id, why);
        self.parts.mailboxes.insert(
            id,
            Mailbox {
                id,
                home: new.home,
                address: new.address,
                provider: new.provider,
                holder: Holder::HubSpot { account: new.account },
                usage: Use::InUse,
                usage_known: UseKnown::entered(Self::said(ctx), ctx.actor),
                link: Link::Unknown,
                unreachable_since: None,
                grant,
                added,
                asked: None,
            },
        );
        self.recovered(ctx, id);
        let again = before.is_some();
        self.tell(Some(ctx.actor), ctx, id, EventKind::MailboxTracked { provider: new.provider, again });
        Ok(id)
    }

    /// Adds a mailbox that was connected here, or connects one again: a row of the same account, removed
    /// or not, goes on with a new generation of its grant, and an open revocation of an older generation
    /// is superseded so that it never cuts the new connection.
    ///
    /// # Errors
    /// [`Refusal::AddressInUse`] when another row has the address; [`Refusal::RevocationRunning`] while
    /// the provider has not answered a revocation of the same account;
    /// [`Refusal::UnknownIntention`] without the written intention.
    pub fn connect(&mut self, ctx: &Ctx, new: NewConnected) -> Result<Connected, Refusal> {
        self.settle_in(ctx, new.home, new.provider)?;
        match self.own_intention(ctx, new.intention)? {
            IntentionKind::Keep { secret } if secret == new.secret => {}
            IntentionKind::Keep { .. }
            | IntentionKind::Revoke { .. }
            | IntentionKind::Forget { .. }
            | IntentionKind::ForgetSignIn { .. } => return Err(Refusal::UnknownIntention),
        }
        let subject = Subject::Known(new.subject);
        let line = |g: &Grant| g.same_line(new.provider, &subject, Client::Uncouple);
        let running = self.intentions.values().any(|i| match i.kind {
            IntentionKind::Revoke { grant, .. } => self.grants.get(&grant).is_some_and(line),
            IntentionKind::Keep { .. } | IntentionKind::Forget { .. } | IntentionKind::ForgetSignIn { .. } => false,
        });
        if running {
            return Err(Refusal::RevocationRunning);
        }
        let before = self
            .mailboxes
            .values()
            .filter(|m| m.held_here() && m.home.same(new.home) && self.grant_of(m).is_some_and(line))
            .max_by_key(|m| (m.usage != Use::Removed, m.id))
            .map(|m| (m.id, m.added));
        let id = before.map_or(new.mailbox, |(id, _)| id);
        if let Some(other) = self.in_use_with(&new.address).filter(|m| m.id != id) {
            return Err(Self::in_use(other));
        }
        self.parts.intentions.remove(&new.intention);
        let why = self.why_again(id);
        let token = Token::Held {
            secret: new.secret,
            device: Some(ctx.device),
            this_run_only: new.this_run_only,
            forget_by: None,
        };
        let consent = Consent::Active { checked: ctx.now };
        let grant = self.next_generation(ctx, new.grant, new.provider, subject, Client::Uncouple, consent, token);
        self.end_job(ctx, id, why);
        self.parts.mailboxes.insert(
            id,
            Mailbox {
                id,
                home: new.home,
                address: new.address,
                provider: new.provider,
                holder: Holder::Workspace,
                usage: Use::InUse,
                usage_known: UseKnown::changed(Self::stored(ctx), ctx.actor),
                link: Link::Ok { checked: ctx.now },
                unreachable_since: None,
                grant: Some(grant),
                added: before.map_or(ctx.stamp(), |(_, added)| added),
                asked: None,
            },
        );
        self.recovered(ctx, id);
        let again = before.is_some();
        self.tell(Some(ctx.actor), ctx, id, EventKind::MailboxConnected { provider: new.provider, again });
        Ok(Connected { mailbox: id })
    }

    /// Whether the acting member may put a mailbox of a provider there.
    ///
    /// # Errors
    /// [`Refusal::UnknownMember`]; [`Refusal::NotYours`] for another member's Email tab, [`Refusal::NotPersonal`] for
    /// hosted addresses there; [`Refusal::UnknownInbox`], [`Refusal::NoAccess`], and [`Refusal::NotForTeams`] for
    /// passwords.
    pub fn settle_in(&self, ctx: &Ctx, home: Home, provider: Provider) -> Result<(), Refusal> {
        self.member(ctx.actor)?;
        match home {
            Home::Personal { owner } if owner != ctx.actor => Err(Refusal::NotYours),
            Home::Personal { .. } if provider == Provider::Hosted => Err(Refusal::NotPersonal),
            Home::Personal { .. } => Ok(()),
            Home::Team { inbox, connected_by } => {
                self.accessible(ctx.actor, inbox)?;
                connected_by.map(|member| self.member(member)).transpose()?;
                if provider == Provider::Imap { Err(Refusal::NotForTeams) } else { Ok(()) }
            }
        }
    }

    /// Opens the next generation of a consent and supersedes the earlier ones that are not over.
    #[expect(clippy::too_many_arguments, reason = "the parts of a grant's key and its two facts, used once per holder")]
    pub(super) fn next_generation(
        &mut self,
        ctx: &Ctx,
        id: GrantId,
        provider: Provider,
        subject: Subject,
        client: Client,
        consent: Consent,
        token: Token,
    ) -> GrantId {
        let mut generation = 0;
        let mut superseded = Vec::new();
        for grant in self.parts.grants.values_mut().filter(|g| g.same_line(provider, &subject, client)) {
            generation = generation.max(grant.generation);
            if !grant.is_over() {
                grant.consent = Consent::Superseded { by: id, at: ctx.now };
                superseded.push(grant.id);
            }
        }
        let waiting: Vec<MailboxId> = self
            .disconnects
            .values()
            .filter(|job| {
                let about = |s: &crate::Step| {
                    s.kind != crate::StepKind::ConnectAgain && s.grant.is_some_and(|g| superseded.contains(&g))
                };
                job.ended.is_none() && job.steps.iter().any(about)
            })
            .map(|job| job.mailbox)
            .collect();
        for mailbox in waiting {
            self.tell(None, ctx, mailbox, EventKind::RevocationSuperseded);
        }
        let grant = Grant { id, provider, subject, client, generation: generation + 1, consent, token, tried: None };
        self.parts.grants.insert(id, grant);
        id
    }

    /// Why connecting again ends the job of a mailbox: a complete one stays complete. To be asked before the next
    /// generation is opened, which turns an open revocation into one that is not needed.
    pub(super) fn why_again(&self, mailbox: MailboxId) -> EndReason {
        let complete = self.job_of(mailbox).is_some_and(|job| job.completion(&self.grants).is_complete());
        if complete { EndReason::FinishedBefore } else { EndReason::ConnectedAgain }
    }

    pub(super) fn end_job(&mut self, ctx: &Ctx, mailbox: MailboxId, why: EndReason) {
        let Some(job) = self.job_of(mailbox) else { return };
        let disconnect = job.id;
        if let Some(job) = self.parts.disconnects.get_mut(&disconnect) {
            job.ended = Some(Ended { stamp: ctx.stamp(), why });
        }
        self.tell(Some(ctx.actor), ctx, mailbox, EventKind::DisconnectEnded { disconnect, why });
    }
}
