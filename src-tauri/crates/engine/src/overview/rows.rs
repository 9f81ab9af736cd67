//! Rows of the Email tab and the Channels screen.

use super::Teller;
use crate::view::{Action, AskedView, CrmSide, LinkView, MailboxRow, PersonView, ProviderSide, ReaderView};
use crate::wire::Language;
use uncouple_domain::{Consent, Home, Link, Mailbox, MemberId, Purpose, Use};

impl Teller<'_> {
    pub(super) fn row(&self, mailbox: &Mailbox) -> MailboxRow {
        let job = self.lookups.job_of(mailbox.id);
        let actions = self.actions(mailbox);
        MailboxRow {
            id: mailbox.id.to_string(),
            address: mailbox.address.to_string(),
            provider: mailbox.provider.into(),
            holder: Self::holder(mailbox),
            crm: CrmSide {
                usage: mailbox.usage.into(),
                rank: mailbox.usage_known.evidence.rank().into(),
                at: mailbox.usage_known.evidence.at().to_string(),
                by: self.name(mailbox.usage_known.by),
                entered: mailbox.is_only_entered(),
                link: match mailbox.link {
                    Link::Unknown => LinkView::Unknown,
                    Link::Ok { checked } => LinkView::Ok { at: checked.to_string() },
                    Link::Lost { reason, since, by } => {
                        LinkView::Lost { reason: reason.into(), at: since.to_string(), by: by.map(|by| self.name(by)) }
                    }
                },
                unreachable_since: mailbox.unreachable_since.map(|at| at.to_string()),
            },
            consent: self.consent(mailbox),
            this_run_only: self.workspace.grant_of(mailbox).is_some_and(|g| g.token.this_run_only()),
            kept_on: self.kept_on(self.workspace.grant_of(mailbox)),
            owner: mailbox.home.owner().map(|id| self.person(id)),
            owner_language: mailbox.home.owner().and_then(|id| self.reads(id)),
            inbox: mailbox.home.inbox().map(|id| id.to_string()),
            connected_by: match mailbox.home {
                Home::Personal { .. } => None,
                Home::Team { connected_by, .. } => connected_by.map(|id| self.person(id)),
            },
            added_at: mailbox.added.at.to_string(),
            asked: mailbox.asked.map(|stamp| AskedView { by: self.name(stamp.by), at: stamp.at.to_string() }),
            told: if actions.contains(&Action::Delete) {
                let others = self.workspace.told_of(mailbox, Some(self.ctx.actor)).into_iter();
                let mut readers: Vec<ReaderView> = others
                    .filter(|member| *member != self.ctx.actor)
                    .map(|member| ReaderView { name: self.name(member), language: self.reads(member) })
                    .collect();
                readers.sort_by(|a, b| a.name.cmp(&b.name));
                readers
            } else {
                Vec::new()
            },
            moves_to: if actions.contains(&Action::Move) {
                mailbox.provider.moves_to().map(Into::into).into_iter().collect()
            } else {
                Vec::new()
            },
            disconnect: job.map(|job| job.id.to_string()),
            moving: job.is_some_and(|job| job.purpose != Purpose::Leave),
            actions,
        }
    }

    fn reads(&self, id: MemberId) -> Option<Language> {
        self.workspace.members.get(&id).and_then(|member| member.language).map(Into::into)
    }

    fn person(&self, id: MemberId) -> PersonView {
        PersonView { id: id.to_string(), name: self.name(id) }
    }

    fn actions(&self, mailbox: &Mailbox) -> Vec<Action> {
        let workspace = self.workspace;
        let job = self.lookups.job_of(mailbox.id);
        if workspace.may_act(self.ctx.actor, mailbox).is_err() {
            let ask = mailbox.home.owner().is_some()
                && mailbox.usage == Use::InUse
                && job.is_none()
                && mailbox.asked.is_none();
            return if ask { vec![Action::AskOwner] } else { Vec::new() };
        }
        let (here, team) = (mailbox.held_here(), mailbox.is_team());
        let lost = matches!(mailbox.link, Link::Lost { .. });
        // Signing in here is how a connection comes to this device.
        let elsewhere = here && self.kept_on(workspace.grant_of(mailbox)).is_some();
        let mut actions = Vec::new();
        match mailbox.usage {
            Use::InUse if job.is_none() => {
                if lost || elsewhere {
                    actions.push(Action::Reconnect);
                }
                actions.push(if team { Action::Delete } else { Action::Disable });
                if mailbox.asked.is_some() {
                    actions.push(Action::DeclineAsk);
                }
                if !here {
                    actions.extend(self.ways_in_hubspot(mailbox, lost));
                }
            }
            Use::InUse => actions.push(Action::Finish),
            Use::Disabled if job.is_some_and(|job| workspace.revocation_started(job)) => actions.push(Action::Remove),
            Use::Disabled => actions.extend([Action::Enable, Action::Remove]),
            Use::Removed => {}
        }
        if here && workspace.grant_of(mailbox).is_some_and(|g| g.token.is_on(self.ctx.device)) {
            actions.push(Action::Check);
        }
        actions
    }

    /// Where a connection of HubSpot's can go on.
    fn ways_in_hubspot(&self, mailbox: &Mailbox, lost: bool) -> Vec<Action> {
        let mut actions = Vec::new();
        if !lost {
            actions.extend([Action::ReportLost, Action::Reconnect]);
        }
        if mailbox.provider.moves_to().is_some() {
            actions.push(Action::Move);
        }
        let (hosted, password) = (
            mailbox.provider == uncouple_domain::Provider::Hosted,
            mailbox.provider == uncouple_domain::Provider::Imap,
        );
        let mut inboxes = self.workspace.inboxes.values();
        if !mailbox.is_team() && !password && inboxes.any(|i| self.workspace.accessible(self.ctx.actor, i.id).is_ok()) {
            actions.push(Action::ToTeam);
        }
        if mailbox.is_team() && !hosted {
            actions.push(Action::ToPersonal);
        }
        actions
    }

    fn consent(&self, mailbox: &Mailbox) -> ProviderSide {
        let Some(grant) = self.workspace.grant_of(mailbox) else { return ProviderSide::NoConsent };
        match &grant.consent {
            Consent::Unknown => ProviderSide::Unknown,
            Consent::Active { checked } => ProviderSide::Active { at: checked.to_string() },
            Consent::RevocationRequested { stamp } => {
                ProviderSide::Requested { at: stamp.at.to_string(), by: self.name(stamp.by) }
            }
            Consent::StillThere { checked } => ProviderSide::StillThere { at: checked.to_string() },
            Consent::NotSeen { account, stamp } => ProviderSide::NotSeen {
                account: account.as_ref().map(ToString::to_string),
                at: stamp.at.to_string(),
                by: self.name(stamp.by),
            },
            Consent::Gone { evidence } => ProviderSide::Gone { evidence: self.evidence(evidence) },
            Consent::Superseded { at, .. } => ProviderSide::Superseded { at: at.to_string() },
        }
    }
}
