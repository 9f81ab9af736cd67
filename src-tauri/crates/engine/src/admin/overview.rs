//! The administrators' screen.

use super::accesses::account;
use super::beside::{not_looked_at, reconsent, roles_view};
use super::control::RunMode;
use super::reach::reaches;
use super::restore::can_restore;
use super::times;
use crate::core::{Engine, locked};
use crate::devices::kept_on;
use crate::directory::{Likeness, Who, tells_uses};
use crate::error::AppError;
use crate::runs::{AccessQuery, Item, Refused, Run, RunApp, RunRow, RunSelection, RunState, Through};
use crate::view::{
    AdminSignInView, AdminView, AskView, ChosenAppView, ConsentRuleView, ItemStateView, ItemView, LeftCount, LogView,
    LookView, NotReadCount, OrganisationView, Reach, RefusedView, RowWithoutAccess, RunAction, RunAppView, RunView,
    ScopeView, SearchView, ShortView, ThroughView, VerifiedView,
};
use crate::wire::{Permission, Suite};
use std::collections::BTreeSet;
use uncouple_domain::Permission::Revoke;
use uncouple_domain::{
    AdminSignIn, AppRoles, DeleteAnswer, ItemState, Left, LogRead, LogStop, Logged, MemberId, Organisation, RunId,
    Scope, Workspace, suggests_retry, waits_for,
};

/// Items whose scopes are looked at for what else stops.
const LOOKED_AT: u32 = 500;

impl Engine {
    /// Everything of the administrators' screen but its long lists.
    ///
    /// # Errors
    /// `not_super_admin`; what the store says.
    pub async fn admin(&self) -> Result<AdminView, AppError> {
        let snapshot = self.read_whole().await?;
        let workspace = &snapshot.workspace;
        workspace.by_super_admin(&self.ctx())?;
        let mut organisations = Vec::new();
        for organisation in workspace.organisations.values() {
            organisations.push(self.organisation_view(workspace, organisation).await?);
        }
        organisations.sort_by(|a, b| a.name.cmp(&b.name));
        let mut runs = Vec::new();
        for row in self.ports.runs.runs(RunSelection::All).await? {
            runs.push(self.run_view(workspace, row).await?);
        }
        let mut asks = Vec::new();
        for suite in [Suite::Google, Suite::Microsoft] {
            let at = suite.signs_in_at();
            let app = !self.sign_in_app(at).await?.client_id.is_empty();
            for read_only in [true, false] {
                let scopes = self.ports.directories.scopes(at, read_only).into_iter().map(|scope| ScopeView {
                    scope: scope.scope.to_owned(),
                    permissions: scope.permissions.iter().map(|one| (*one).into()).collect(),
                });
                asks.push(AskView { suite, read_only, scopes: scopes.collect(), app });
            }
        }
        let paces = self.ports.store.settings().await?.paces;
        Ok(AdminView { organisations, runs, asks, paces })
    }

    async fn organisation_view(
        &self,
        workspace: &Workspace,
        organisation: &Organisation,
    ) -> Result<OrganisationView, AppError> {
        let runs = &self.ports.runs;
        let apps = runs.apps(organisation.id, None).await?;
        let candidates = apps
            .iter()
            .filter(|row| row.app.likeness != Likeness::Other && !organisation.has_chosen(&row.app.key))
            .count();
        let accesses = apps.iter().filter(|row| organisation.has_chosen(&row.app.key)).map(|row| row.accesses).sum();
        let without = if self.everybody_is_reached(organisation).await? {
            Vec::new()
        } else {
            runs.rows_without_access(organisation.id).await?
        };
        let rows_without_access = without
            .into_iter()
            .filter_map(|id| workspace.mailboxes.get(&id))
            .map(|row| RowWithoutAccess {
                mailbox: row.id.to_string(),
                address: row.address.to_string(),
                inbox: row.home.inbox().map(|inbox| inbox.to_string()),
            })
            .collect();
        Ok(OrganisationView {
            id: organisation.id.to_string(),
            suite: organisation.suite.into(),
            name: organisation.name.clone(),
            sign_in: organisation.sign_in.as_ref().map(|signed| self.sign_in_view(workspace, organisation, signed)),
            chosen: organisation
                .apps
                .iter()
                .map(|app| ChosenAppView {
                    key: app.key.clone(),
                    client_id: app.client_id.clone(),
                    name: app.name.clone(),
                    by_name: app.by_name,
                    roles: roles_view(organisation.suite, &app.roles),
                    by: name(workspace, app.stamp.by),
                    at: app.stamp.at.to_string(),
                })
                .collect(),
            candidates: u32::try_from(candidates).unwrap_or(u32::MAX),
            accesses,
            searched: organisation.searched.as_ref().map(|search| SearchView {
                at: search.at.to_string(),
                people: search.people,
                accesses: search.accesses,
                unread: search.unread,
                log_only: search.log_only,
                complete: search.complete,
                short: search.short.map(|short| ShortView { told: short.told, came: short.came }),
                log: log_view(organisation.suite, search.log),
            }),
            searching: self.searching(organisation.id),
            search_failed: locked(&self.admin.failed).get(&organisation.id).cloned(),
            rows_without_access,
            not_looked_at: not_looked_at(organisation),
            consent_rule: organisation.consent_policy.map(|policy| ConsentRuleView {
                reconsent: reconsent(Some(&policy), ["Mail.ReadWrite"].into_iter()),
                read: policy.at.to_string(),
            }),
        })
    }

    /// Whether one of the chosen apps has a consent for everybody: then no row is without access.
    async fn everybody_is_reached(&self, organisation: &Organisation) -> Result<bool, AppError> {
        // They have no address, so they come first.
        let first = AccessQuery { organisation: Some(organisation.id), limit: 50, ..AccessQuery::default() };
        let page = self.ports.runs.accesses(first).await?;
        Ok(page
            .rows
            .iter()
            .map(|row| &row.found.target)
            .any(|target| target.who == Who::Everybody && organisation.has_chosen(&target.app)))
    }

    fn sign_in_view(
        &self,
        workspace: &Workspace,
        organisation: &Organisation,
        signed: &AdminSignIn,
    ) -> AdminSignInView {
        let at = Suite::from(organisation.suite).signs_in_at();
        let all: BTreeSet<uncouple_domain::Permission> = self
            .ports
            .directories
            .scopes(at, false)
            .into_iter()
            .flat_map(|scope| scope.permissions.iter().copied())
            .collect();
        AdminSignInView {
            account: signed.account.to_string(),
            read_only: signed.read_only,
            permissions: all.iter().filter(|one| organisation.may(**one)).map(|one| Permission::from(*one)).collect(),
            missing: all.iter().filter(|one| !organisation.may(**one)).map(|one| Permission::from(*one)).collect(),
            this_run_only: signed.this_run_only,
            kept_on: (signed.device != Some(self.start.device.id))
                .then(|| kept_on(workspace, signed.device, self.start.device.id)),
            by: name(workspace, signed.stamp.by),
            at: signed.stamp.at.to_string(),
            refused_since: times(signed.refused_since),
            refused_by: signed.refused_by.as_ref().map(|by| AppError::sign_in(by.cause, &by.code)),
        }
    }

    /// One plan or run.
    ///
    /// # Errors
    /// `unknown_run`, `not_super_admin`.
    pub async fn run(&self, id: RunId) -> Result<RunView, AppError> {
        let row = self.run_row(id).await?;
        self.run_view(&self.case(Scope::Organisations).await?.workspace, row).await
    }

    pub(crate) async fn run_view(&self, workspace: &Workspace, row: RunRow) -> Result<RunView, AppError> {
        let RunRow { run, counts, refused, everybody, restorable } = row;
        let organisation = workspace.organisation(run.organisation)?;
        let here = self.admin.running().filter(|running| running.run == run.id);
        let elsewhere = run.state == RunState::Running && here.is_none() && self.ports.runs.claim()?.is_none();
        let left = if counts.left > 0 { self.ports.runs.left(run.id).await? } else { Vec::new() };
        let something = counts.total() > 0 || run.not_before.is_some();
        let locked_out = organisation.sign_in.as_ref().is_some_and(|signed| signed.refused_since.is_some());
        let startable = something && !locked_out && self.administered(workspace, run.organisation, Revoke).is_ok();
        let stopped = locked(&self.admin.disk_full).get(&run.id).copied();
        let unwritten = stopped.and_then(|stopped| stopped.unwritten).filter(|_| run.state == RunState::Running);
        let (state, paused) = match unwritten {
            Some(reason) => (RunState::Paused, Some(reason)),
            None => (run.state, run.paused),
        };
        let now = self.ports.clock.now();
        let waits = waits_for(run.not_before, now).is_some();
        let retry = suggests_retry(state.into(), run.not_before, now, counts.left);
        let mut actions = actions(&state, here.is_some(), elsewhere, startable, retry);
        // Its day has not come, by a clock that somebody may have set back.
        actions.retain(|action| *action != RunAction::Resume || !waits);
        let still_reached = left.iter().any(|(why, _)| *why == Left::StillReached);
        if still_reached && here.is_none() && matches!(state, RunState::Ended | RunState::Cancelled) {
            actions.push(RunAction::PlanRemaining);
        }
        if let Some(here) = &here
            && here.is_stopping()
        {
            actions.retain(|action| *action != RunAction::Pause && !here.is_cancelled());
        }
        if self.start.sample {
            actions.retain(|action| matches!(action, RunAction::Drop | RunAction::Report));
        } else if startable && !elsewhere && can_restore(run.state, here.is_some(), restorable) {
            actions.push(RunAction::Restore);
        }
        let apps = self.run_apps(&run, organisation).await?;
        let scopes = self.reaches_of(run.id, organisation).await?;
        let restoring = here.as_ref().is_some_and(|running| running.mode == RunMode::Restore);
        let restored = locked(&self.admin.restored).get(&run.id).cloned();
        Ok(RunView {
            id: run.id.to_string(),
            organisation: organisation.id.to_string(),
            organisation_name: organisation.name.clone(),
            suite: organisation.suite.into(),
            // One that no process runs was interrupted, and is taken up in a moment.
            state,
            paused,
            leaver: run.leaver.clone(),
            by: name(workspace, run.planned.by),
            planned: run.planned.at.to_string(),
            partial: run.partial,
            column: run.column,
            not_before: times(run.not_before),
            started: times(run.started),
            ended: times(run.ended),
            counts,
            left: left.into_iter().map(|(why, count)| LeftCount { why: why.into(), count }).collect(),
            verified: run.verified.map(|verified| VerifiedView {
                at: verified.began.to_string(),
                read: verified.read(),
                gone: verified.gone,
                back: verified.back,
                not_read: verified
                    .not_read
                    .iter()
                    .map(|(why, count)| NotReadCount { why: (*why).into(), count: *count })
                    .collect(),
            }),
            deleted: stopped.map(|stopped| stopped.deleted),
            refused,
            everybody,
            reaches: scopes.reaches,
            reconsent: reconsent(organisation.consent_policy.as_ref(), scopes.scopes.iter().map(String::as_str)),
            reconsent_read: times(organisation.consent_policy.map(|policy| policy.at)),
            apps,
            account: run.account.clone(),
            hosts: run.hosts.clone(),
            tenant: organisation.key.clone(),
            not_looked_at: not_looked_at(organisation),
            restorable,
            restoring,
            restored,
            progress: here.map(|running| running.view()),
            elsewhere,
            actions,
        })
    }

    async fn run_apps(&self, run: &Run, organisation: &Organisation) -> Result<Vec<RunAppView>, AppError> {
        let apps = self.ports.runs.run_apps(run.id).await?;
        let view = |app: RunApp| {
            let chosen = organisation.apps.iter().find(|chosen| chosen.key == app.key);
            let unread = AppRoles::NotRead;
            RunAppView {
                roles: roles_view(organisation.suite, chosen.map_or(&unread, |chosen| &chosen.roles)),
                client_id: app.client_id.or_else(|| chosen.and_then(|chosen| chosen.client_id.clone())),
                key: app.key,
                name: app.name,
                by_name: app.by_name,
                items: app.items,
            }
        };
        Ok(apps.into_iter().map(view).collect())
    }

    /// What else stops, by the scopes of the first items.
    async fn reaches_of(&self, run: RunId, organisation: &Organisation) -> Result<Reached, AppError> {
        let known = locked(&self.admin.reaches).get(&run).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let filter = crate::runs::ItemFilter::All;
        let (items, _) = self.ports.runs.items(run, filter, None, 0, LOOKED_AT).await?;
        let scopes: BTreeSet<String> = items.into_iter().flat_map(|item| item.found.scopes).collect();
        let scopes: Vec<String> = scopes.into_iter().collect();
        let found = Reached { reaches: reaches(organisation.suite, &scopes), scopes };
        if !found.reaches.is_empty() {
            locked(&self.admin.reaches).insert(run, found.clone());
        }
        Ok(found)
    }
}

/// What the scopes of a run's items reach, and the scopes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reached {
    reaches: Vec<Reach>,
    scopes: Vec<String>,
}

fn actions(state: &RunState, here: bool, elsewhere: bool, startable: bool, retry: bool) -> Vec<RunAction> {
    use RunAction::{Cancel, Drop, Pause, Report, Resume, Retry, Start, Verify};
    match state {
        _ if elsewhere => vec![Report],
        RunState::Planned if startable => vec![Start, Drop],
        RunState::Planned | RunState::Scheduled => vec![Drop],
        RunState::Running if here => vec![Pause, Cancel],
        RunState::Running | RunState::Paused => vec![Resume, Cancel, Report],
        RunState::Ended | RunState::Cancelled if here => vec![Pause],
        RunState::Ended | RunState::Cancelled if retry => vec![Retry, Verify, Report],
        RunState::Ended | RunState::Cancelled => vec![Verify, Report],
    }
}

fn log_view(suite: uncouple_domain::Suite, log: Option<LogRead>) -> LogView {
    let tells_uses = tells_uses(suite);
    let from = log.and_then(|log| if tells_uses { log.uses_from } else { log.consents_from });
    LogView {
        read: from.is_some(),
        at: times(log.map(|log| log.at)),
        from: times(from),
        tells_uses,
        why: log.map_or(Some(LogStop::NotAsked), |log| log.why).map(Into::into),
    }
}

fn name(workspace: &Workspace, member: MemberId) -> String {
    workspace.members.get(&member).map(|member| member.name.as_str().to_owned()).unwrap_or_default()
}

pub(crate) fn item_view(suite: uncouple_domain::Suite, item: Item) -> ItemView {
    ItemView {
        seq: item.seq,
        person: account(&item.found),
        app: item.app_name,
        app_key: item.found.target.app.clone(),
        restorable: suite == uncouple_domain::Suite::Microsoft
            && item.found.resource.is_some()
            && item.state.can_be_restored(),
        grant: item.found.target.grant.clone(),
        reaches: reaches(suite, &item.found.scopes),
        scopes: item.found.scopes,
        look: item.look.map(|look| LookView { at: look.began.to_string(), not_read: look.not_read.map(Into::into) }),
        state: state_view(suite, item.state, item.through),
    }
}

fn state_view(suite: uncouple_domain::Suite, state: ItemState, through: Vec<Through>) -> ItemStateView {
    match state {
        ItemState::Left { why: Left::StillReached, at, .. } => ItemStateView::StillReached {
            read: at.to_string(),
            through: through
                .into_iter()
                .map(|one| ThroughView {
                    app: one.app_name,
                    app_key: one.app,
                    grant: one.grant,
                    everybody: one.everybody,
                    reaches: reaches(suite, &one.scopes),
                    scopes: one.scopes,
                })
                .collect(),
        },
        ItemState::Planned => ItemStateView::Planned,
        ItemState::Intended { .. } => ItemStateView::UnderWay { deleted: false },
        ItemState::Deleted { .. } => ItemStateView::UnderWay { deleted: true },
        ItemState::Proven { read, nobody_there, log, answer, .. } => ItemStateView::Proven {
            read: read.to_string(),
            nobody_there,
            logged: match log {
                Logged::Removed { at } => Some(at.to_string()),
                Logged::NotAsked | Logged::NotYet { .. } => None,
            },
            log_late: matches!(log, Logged::NotYet { .. }),
            already_gone: answer == Some(DeleteAnswer::AlreadyGone),
        },
        ItemState::Left { why, at, .. } => ItemStateView::Left { why: why.into(), at: at.to_string() },
        ItemState::Restoring { at, .. } => ItemStateView::Restoring { at: at.to_string() },
        ItemState::Restored { read, .. } => ItemStateView::Restored { read: read.to_string() },
    }
}

pub(crate) fn refused_view(refused: Refused) -> RefusedView {
    RefusedView { line: refused.line, text: refused.text, why: refused.why }
}
