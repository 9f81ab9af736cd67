//! Adding mailboxes, and connecting them again.

use super::Workspace;
use crate::{
    Address, Client, Consent, Ctx, EndReason, Ended, EventKind, Grant, GrantId, Holder, HubSpotAccount, IntentionId,
    IntentionKind, Link, Mailbox, MailboxId, Provider, Refusal, SecretId, Subject, Token, Use, UseKnown,
};

/// A mailbox that HubSpot holds, entered by hand.
#[derive(Clone, Debug)]
pub struct NewTracked {
    /// Identity for a new row.
    pub mailbox: MailboxId,
    /// Identity for its grant.
    pub grant: GrantId,
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
    /// [`Refusal::AddressInUse`] names the row in use; [`Refusal::NotPersonal`] for hosted addresses.
    pub fn track(&mut self, ctx: &Ctx, new: NewTracked) -> Result<MailboxId, Refusal> {
        if !self.members.contains_key(&ctx.actor) {
            return Err(Refusal::UnknownMember);
        }
        if new.provider == Provider::Hosted {
            return Err(Refusal::NotPersonal);
        }
        if let Some(other) = self.in_use_with(&new.address) {
            return Err(Refusal::AddressInUse { mailbox: other.id, address: other.address.clone() });
        }
        let before = self
            .mailboxes
            .values()
            .find(|m| {
                !m.held_here()
                    && m.owner == ctx.actor
                    && m.provider == new.provider
                    && m.address.key() == new.address.key()
            })
            .map(|m| (m.id, m.added));
        let grant = new.provider.has_consent().then(|| {
            let subject = Subject::Address(new.address.key().to_owned());
            self.next_generation(ctx, new.grant, new.provider, subject, Client::HubSpot, Consent::Unknown, Token::None)
        });
        let (id, added) = before.unwrap_or((new.mailbox, ctx.stamp()));
        self.end_job(ctx, id, EndReason::ConnectedAgain);
        self.mailboxes.insert(
            id,
            Mailbox {
                id,
                owner: ctx.actor,
                address: new.address,
                provider: new.provider,
                holder: Holder::HubSpot { account: new.account },
                usage: Use::InUse,
                usage_known: UseKnown { evidence: Self::said(ctx), by: ctx.actor },
                link: Link::Unknown,
                unreachable_since: None,
                grant,
                added,
            },
        );
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
        if !self.members.contains_key(&ctx.actor) {
            return Err(Refusal::UnknownMember);
        }
        match self.intentions.get(&new.intention).map(|i| i.kind) {
            Some(IntentionKind::Keep { secret }) if secret == new.secret => {}
            _ => return Err(Refusal::UnknownIntention),
        }
        let subject = Subject::Known(new.subject);
        let line = |g: &Grant| g.same_line(new.provider, &subject, Client::Uncouple);
        let running = self.intentions.values().any(|i| match i.kind {
            IntentionKind::Revoke { grant, .. } => self.grants.get(&grant).is_some_and(line),
            IntentionKind::Keep { .. } | IntentionKind::Forget { .. } => false,
        });
        if running {
            return Err(Refusal::RevocationRunning);
        }
        let before = self
            .mailboxes
            .values()
            .filter(|m| m.held_here() && m.owner == ctx.actor && self.grant_of(m).is_some_and(line))
            .max_by_key(|m| (m.usage != Use::Removed, m.id))
            .map(|m| (m.id, m.added));
        let id = before.map_or(new.mailbox, |(id, _)| id);
        if let Some(other) = self.in_use_with(&new.address).filter(|m| m.id != id) {
            return Err(Refusal::AddressInUse { mailbox: other.id, address: other.address.clone() });
        }
        self.intentions.remove(&new.intention);
        let token = Token::Held { secret: new.secret, this_run_only: new.this_run_only, forget_by: None };
        let consent = Consent::Active { checked: ctx.now };
        let grant = self.next_generation(ctx, new.grant, new.provider, subject, Client::Uncouple, consent, token);
        self.end_job(ctx, id, EndReason::ConnectedAgain);
        self.mailboxes.insert(
            id,
            Mailbox {
                id,
                owner: ctx.actor,
                address: new.address,
                provider: new.provider,
                holder: Holder::Workspace,
                usage: Use::InUse,
                usage_known: UseKnown { evidence: Self::stored(ctx), by: ctx.actor },
                link: Link::Ok { checked: ctx.now },
                unreachable_since: None,
                grant: Some(grant),
                added: before.map_or(ctx.stamp(), |(_, added)| added),
            },
        );
        let again = before.is_some();
        self.tell(Some(ctx.actor), ctx, id, EventKind::MailboxConnected { provider: new.provider, again });
        Ok(Connected { mailbox: id })
    }

    /// Opens the next generation of a consent and supersedes the earlier ones that are not over.
    #[expect(clippy::too_many_arguments, reason = "the parts of a grant's key and its two facts, used once per holder")]
    fn next_generation(
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
        for grant in self.grants.values_mut().filter(|g| g.same_line(provider, &subject, client)) {
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
                job.ended.is_none() && job.steps.iter().any(|s| s.grant.is_some_and(|g| superseded.contains(&g)))
            })
            .map(|job| job.mailbox)
            .collect();
        for mailbox in waiting {
            self.tell(None, ctx, mailbox, EventKind::RevocationSuperseded);
        }
        let grant = Grant { id, provider, subject, client, generation: generation + 1, consent, token, tried: None };
        self.grants.insert(id, grant);
        id
    }

    pub(super) fn end_job(&mut self, ctx: &Ctx, mailbox: MailboxId, why: EndReason) {
        let Some(job) = self.disconnects.values_mut().find(|j| j.mailbox == mailbox && j.ended.is_none()) else {
            return;
        };
        job.ended = Some(Ended { stamp: ctx.stamp(), why });
        let disconnect = job.id;
        self.tell(Some(ctx.actor), ctx, mailbox, EventKind::DisconnectEnded { disconnect, why });
    }
}
