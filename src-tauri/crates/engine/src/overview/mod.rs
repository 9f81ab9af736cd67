//! The views, computed from the state.

mod jobs;
mod people;
mod rows;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]
mod walk;

use crate::core::{Engine, locked};
use crate::devices::{devices, origin_question};
use crate::error::AppError;
use crate::guide::Guides;
use crate::ports::SignInAt;
use crate::view::{DisconnectCard, EvidenceView, ForeignHosts, HolderView, Me, Overview, WorkspaceInfo};
use jiff::Timestamp;
use std::collections::BTreeMap;
use uncouple_domain::{Ctx, EndReason, Evidence, GrantId, Home, Lookups, Mailbox, MemberId, Use, Workspace};

impl Engine {
    /// Everything the Email tab and the Channels screen need, as far as the acting member may see it.
    ///
    /// # Errors
    /// What the store says.
    pub async fn overview(&self) -> Result<Overview, AppError> {
        let snapshot = self.read_whole().await?;
        let settings = self.ports.store.settings().await?;
        let not_forgotten = locked(&self.not_forgotten).clone();
        let ctx = self.ctx();
        let lookups = Lookups::new(&snapshot.workspace, &ctx);
        let teller =
            Teller { guides: &*self.ports.guides, workspace: &snapshot.workspace, lookups, ctx, not_forgotten };
        let workspace = teller.workspace;
        let actor = teller.ctx.actor;
        let (mut mailboxes, mut others, mut channels) = (Vec::new(), Vec::new(), Vec::new());
        for row in workspace.mailboxes.values().filter(|m| m.usage != Use::Removed && workspace.may_see(actor, m)) {
            match row.home {
                Home::Personal { owner } if owner == actor => mailboxes.push(teller.row(row)),
                Home::Personal { .. } => others.push(teller.row(row)),
                Home::Team { .. } => channels.push(teller.row(row)),
            }
        }
        others.sort_by(|a, b| owner(a).cmp(&owner(b)));
        let disconnects = workspace
            .disconnects
            .values()
            // A job that was complete before the address was connected again stays in the list of what is done.
            .filter(|job| job.ended.is_none_or(|ended| ended.why == EndReason::FinishedBefore))
            .filter_map(|job| Some((job, workspace.mailboxes.get(&job.mailbox)?)))
            .filter(|(_, row)| workspace.may_act(actor, row).is_ok())
            .map(|(job, row)| teller.card(job, row));
        let (complete, mut open): (Vec<DisconnectCard>, Vec<_>) =
            disconnects.partition(|card| card.completion.complete);
        open.extend(complete.into_iter().rev());
        let me = workspace.members.get(&actor);
        // Read with every change: the settings are at hand, and are not asked for again.
        let hosts = |at| self.ports.accounts.foreign_hosts(at, &self.sign_in_app_in(&settings, at));
        let foreign_hosts = ForeignHosts { google: hosts(SignInAt::Google), microsoft: hosts(SignInAt::Microsoft) };
        Ok(Overview {
            revision: snapshot.revision,
            workspace: WorkspaceInfo {
                path: self.start.path.display().to_string(),
                sample: self.start.sample,
                // Elsewhere the first member of the file is the only one who ever acts.
                reaches_members: self.start.sample,
                first_start: !self.start.sample && !settings.welcomed && workspace.mailboxes.is_empty(),
                export_folder: self.start.export_folder.display().to_string(),
                devices: devices(workspace, teller.ctx.device),
                origin: origin_question(workspace, teller.ctx.device),
            },
            me: Me {
                id: actor.to_string(),
                name: teller.name(actor),
                super_admin: me.is_some_and(|m| m.super_admin),
                language: me.and_then(|m| m.language).map(Into::into),
            },
            mailboxes,
            others,
            inboxes: teller.inboxes(),
            channels,
            other_channels: teller.other_channels(),
            members: teller.members(),
            unread: teller.unread(),
            disconnects: open,
            settings,
            system_language: self.start.system_language,
            foreign_hosts,
        })
    }
}

fn owner(row: &crate::view::MailboxRow) -> Option<&str> {
    row.owner.as_ref().map(|owner| owner.name.as_str())
}

struct Teller<'a> {
    guides: &'a dyn Guides,
    workspace: &'a Workspace,
    lookups: Lookups<'a>,
    ctx: Ctx,
    not_forgotten: BTreeMap<GrantId, Timestamp>,
}

impl Teller<'_> {
    fn name(&self, member: MemberId) -> String {
        self.workspace.members.get(&member).map(|m| m.name.as_str().to_owned()).unwrap_or_default()
    }

    fn evidence(&self, evidence: &Evidence) -> EvidenceView {
        let (proof, reason) = match evidence {
            Evidence::Proven { proof, .. } => (Some((*proof).into()), None),
            Evidence::Confirmed { .. } => (None, None),
            Evidence::Unverified { reason, .. } => (None, Some(reason.as_str().to_owned())),
        };
        EvidenceView {
            rank: evidence.rank().into(),
            proof,
            by: evidence.by().map(|by| self.name(by)),
            at: evidence.at().to_string(),
            reason,
            hosts: evidence.hosts().to_vec(),
        }
    }

    fn holder(mailbox: &Mailbox) -> HolderView {
        let account = mailbox.hubspot_account();
        HolderView {
            here: mailbox.held_here(),
            host: account.map(|a| a.host.clone()),
            account: account.map(|a| a.account.to_string()),
        }
    }
}
