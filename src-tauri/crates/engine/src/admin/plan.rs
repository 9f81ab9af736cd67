//! Plans: what would be removed, before anything is.

use super::accesses::{PAGE, access_query, searched_text};
use super::list::{ListError, ListRead, MOST_LINES, Source, read_list};
use super::listed::LookUp;
use crate::address::read_address;
use crate::core::Engine;
use crate::directory::{Likeness, Target, Who};
use crate::error::{AppError, ErrorCode};
use crate::runs::{AccessQuery, Column, Found, Item, ItemFilter, ListLine, PlanFrom, Run, RunRow, RunState, Through};
use crate::view::{ItemAsk, ItemList, PlanAsk, RunView};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::mpsc;
use uncouple_domain::{ItemState, Left, Organisation, OrganisationId, Permission, RunId, Scope};

/// Lines that are shown of those that are not in a plan.
const SHOWN: u32 = 200;

/// More text than anybody pastes.
const MOST_TEXT: usize = 64 * 1024 * 1024;

/// More lines than anybody chooses one by one.
const MOST_CHOSEN: usize = 100_000;

impl Engine {
    /// Makes a plan. Nothing is deleted; for somebody who leaves, their list is read.
    ///
    /// # Errors
    /// `no_app_chosen`; `plan_empty` where nothing would be removed and no line says why; `list_…` codes with the line;
    /// an `address_…` code or `admin_nobody_there` for somebody who leaves; `bad_time`; as [`Engine::search`].
    pub async fn plan(self: &Arc<Self>, ask: PlanAsk) -> Result<RunView, AppError> {
        self.plan_of_apps(ask, &[]).await
    }

    /// The same for some of the chosen apps only, by key. None of them named: for all.
    ///
    /// # Errors
    /// As [`Engine::plan`]; `unknown_app` for one that was not chosen.
    pub async fn plan_of_apps(self: &Arc<Self>, ask: PlanAsk, only: &[String]) -> Result<RunView, AppError> {
        self.plan_looking_up(ask, only, LookUp::Stale).await
    }

    /// The same; the people of a list are read before, as `look_up` says.
    ///
    /// # Errors
    /// As [`Engine::plan_of_apps`].
    pub async fn plan_looking_up(
        self: &Arc<Self>,
        ask: PlanAsk,
        only: &[String],
        look_up: LookUp,
    ) -> Result<RunView, AppError> {
        self.plan_from(ask, only, None, look_up).await
    }

    /// The same for the addresses of a list that was opened already, and is read from its beginning.
    ///
    /// # Errors
    /// As [`Engine::plan_of_apps`].
    pub async fn plan_of_opened(
        self: &Arc<Self>,
        organisation: OrganisationId,
        list: std::fs::File,
        column: Option<String>,
        only: &[String],
        look_up: LookUp,
    ) -> Result<RunView, AppError> {
        let ask = PlanAsk::Text { organisation: organisation.to_string(), text: String::new(), column };
        self.plan_from(ask, only, Some(list), look_up).await
    }

    async fn plan_from(
        self: &Arc<Self>,
        ask: PlanAsk,
        only: &[String],
        opened: Option<std::fs::File>,
        look_up: LookUp,
    ) -> Result<RunView, AppError> {
        let id = RunId(self.ports.ids.fresh());
        let (organisation, leaver, not_before) = match &ask {
            PlanAsk::All { ask, .. } => (ask.organisation.clone().unwrap_or_default(), None, None),
            PlanAsk::Lines { organisation, .. }
            | PlanAsk::Text { organisation, .. }
            | PlanAsk::File { organisation, .. }
            | PlanAsk::Remaining { organisation, .. } => (organisation.clone(), None, None),
            PlanAsk::Leaver { organisation, address, not_before } => {
                let address = read_address(address)?;
                (organisation.clone(), Some(address), not_before.as_deref().map(|at| self.later(at)).transpose()?)
            }
        };
        let organisation: OrganisationId = organisation.parse().map_err(|_| ErrorCode::BadArgument)?;
        let snapshot = self.case(Scope::Organisations).await?;
        let organisation = if self.start.sample {
            // Nothing is sent for a plan, so the sample shows what one looks like.
            snapshot.workspace.by_super_admin(&self.ctx())?;
            snapshot.workspace.organisation(organisation)?.clone()
        } else {
            self.administered(&snapshot.workspace, organisation, Permission::Accesses)?
        };
        if organisation.apps.is_empty() {
            return Err(ErrorCode::NoAppChosen.into());
        }
        if only.iter().any(|key| !organisation.has_chosen(key)) {
            return Err(ErrorCode::UnknownApp.into());
        }
        if !self.start.sample && organisation.suite == uncouple_domain::Suite::Microsoft {
            // What a plan says of these is as old as the plan.
            let directory = self.directory(&organisation).await?;
            self.read_beside(&organisation, &*directory).await;
        }
        let mut run = Run {
            id,
            organisation: organisation.id,
            state: RunState::Planned,
            paused: None,
            leaver: leaver.as_ref().map(ToString::to_string),
            planned: self.ctx().stamp(),
            // The list of somebody who leaves is read for the plan; what remains was read for the proofs.
            partial: leaver.is_none()
                && !matches!(ask, PlanAsk::Remaining { .. })
                && !self.has_seen_all(&organisation, only).await?,
            column: None,
            not_before,
            started: None,
            ended: None,
            account: None,
            verified: None,
            // Of what it is made of, and where it would be sent.
            hosts: organisation.searched.as_ref().map(|search| search.hosts.clone()).unwrap_or_default(),
        };
        run.answered_by(self.foreign_hosts_of(organisation.suite).await?);
        let (from, may_be_empty) = match ask {
            PlanAsk::All { ask, except } => {
                if except.len() > MOST_CHOSEN {
                    return Err(ErrorCode::BadArgument.into());
                }
                let query =
                    AccessQuery { except, offset: 0, limit: u32::MAX, ..access_query(&snapshot.workspace, &ask)? };
                (PlanFrom::Accesses(query), false)
            }
            PlanAsk::Lines { ids, .. } => {
                if ids.len() > MOST_CHOSEN {
                    return Err(ErrorCode::BadArgument.into());
                }
                let query = AccessQuery {
                    organisation: Some(organisation.id),
                    ids: Some(ids),
                    limit: u32::MAX,
                    ..AccessQuery::default()
                };
                (PlanFrom::Accesses(query), false)
            }
            PlanAsk::Text { text, column, .. } => {
                if text.len() > MOST_TEXT {
                    return Err(AppError::new(ErrorCode::ListTooLong).with("most", MOST_LINES));
                }
                let source = opened.map_or(Source::Text(text), Source::File);
                (self.take_list(&mut run, source, column).await?, true)
            }
            PlanAsk::File { path, column, .. } => {
                let file = open_list(&path).ok_or(ErrorCode::ListUnreadable)?;
                (self.take_list(&mut run, Source::File(file), column).await?, true)
            }
            PlanAsk::Remaining { run: id, .. } => (self.remaining(&organisation, &id).await?, false),
            PlanAsk::Leaver { .. } => (self.leaver(&organisation, leaver, not_before).await?, not_before.is_some()),
        };
        let meant = |key: &String| only.is_empty() || only.contains(key);
        let apps = organisation.apps.iter().map(|app| app.key.clone()).filter(meant).collect();
        let unread = match from {
            PlanFrom::List | PlanFrom::ListOfGrants => match self.read_listed(&organisation, id, look_up, only).await {
                Ok(unread) => unread,
                // Nobody asked for it, and what an earlier search found is still something.
                Err(error) if look_up == LookUp::Stale && organisation.searched.is_some() => {
                    tracing::info!(code = ?error.code, "the people of a list were not read");
                    None
                }
                Err(error) => {
                    self.ports.runs.drop_plan(id).await?;
                    return Err(error);
                }
            },
            PlanFrom::Accesses(_) | PlanFrom::Person { .. } => None,
        };
        // Everybody in the list was read, so nothing is lacking.
        run.partial &= unread.as_ref().is_none_or(|unread| !unread.is_empty());
        let mut row = self.ports.runs.plan(run, from, apps).await?;
        if let Some(unread) = unread.filter(|unread| !unread.is_empty()) {
            row = self.ports.runs.mark_unread(id, unread).await?;
        }
        if row.counts.total() == 0 && row.refused == 0 && !may_be_empty {
            self.ports.runs.drop_plan(id).await?;
            return Err(ErrorCode::PlanEmpty.into());
        }
        self.admin.moved();
        self.run_view(&self.case(Scope::Organisations).await?.workspace, row).await
    }

    /// Whether the accesses that are known are those of everybody and of all these apps. One that does not go by
    /// HubSpot's name is looked for only once it was chosen.
    pub(crate) async fn has_seen_all(&self, organisation: &Organisation, only: &[String]) -> Result<bool, AppError> {
        let Some(last) = &organisation.searched else { return Ok(false) };
        let searches = self.admin.search_of(organisation.id).is_some_and(|search| search.reads_people());
        if !last.has_seen_all() || searches {
            return Ok(false);
        }
        let seen = self.ports.runs.apps(organisation.id, None).await?;
        let by_name: BTreeSet<String> =
            seen.into_iter().filter(|row| row.app.likeness != Likeness::Other).map(|row| row.app.key).collect();
        let mut meant = organisation.apps.iter().filter(|app| only.is_empty() || only.contains(&app.key));
        Ok(meant.all(|app| by_name.contains(&app.key) || app.stamp.at <= last.began))
    }

    /// A time that is not over.
    fn later(&self, text: &str) -> Result<Timestamp, AppError> {
        let at: Timestamp = text.parse().map_err(|_| ErrorCode::BadTime)?;
        if at <= self.ports.clock.now() { Err(ErrorCode::BadTime.into()) } else { Ok(at) }
    }

    async fn leaver(
        self: &Arc<Self>,
        organisation: &Organisation,
        leaver: Option<uncouple_domain::Address>,
        not_before: Option<Timestamp>,
    ) -> Result<PlanFrom, AppError> {
        let address = leaver.ok_or(ErrorCode::BadArgument)?;
        if self.start.sample {
            return Ok(PlanFrom::Person { key: address.key().to_owned() });
        }
        let directory = self.directory(organisation).await?;
        match self.look_up(organisation, &*directory, address.as_str()).await {
            // Somebody may join and leave before that day; today's list is only a look ahead.
            Err(AppError { code: ErrorCode::AdminNobodyThere, .. }) if not_before.is_some() => {}
            done => done?,
        }
        Ok(PlanFrom::Person { key: address.key().to_owned() })
    }

    /// The grants by which HubSpot still reaches a run's people, as the lists that were read for its proofs have them:
    /// exactly those.
    async fn remaining(&self, organisation: &Organisation, run: &str) -> Result<PlanFrom, AppError> {
        let id: RunId = run.parse().map_err(|_| ErrorCode::BadArgument)?;
        let row = self.run_row(id).await?;
        if row.run.organisation != organisation.id {
            return Err(ErrorCode::UnknownRun.into());
        }
        let (mut ids, mut offset) = (BTreeSet::new(), 0);
        loop {
            let (page, _) = self.ports.runs.items(id, ItemFilter::Left, None, offset, PAGE).await?;
            let full = page.len() == PAGE as usize;
            offset += u64::from(PAGE);
            let reached = page.into_iter().filter_map(|item| match item.state {
                ItemState::Left { why: Left::StillReached, at, .. } => Some((item, at)),
                ItemState::Planned
                | ItemState::Intended { .. }
                | ItemState::Deleted { .. }
                | ItemState::Proven { .. }
                | ItemState::Left { .. }
                | ItemState::Restoring { .. }
                | ItemState::Restored { .. } => None,
            });
            let found = reached.flat_map(|(item, at)| still_there(&item, at)).collect();
            ids.extend(self.ports.runs.put_accesses(organisation.id, found).await?);
            if !full {
                break;
            }
        }
        Ok(PlanFrom::Accesses(AccessQuery {
            organisation: Some(organisation.id),
            ids: Some(ids.into_iter().collect()),
            limit: u32::MAX,
            ..AccessQuery::default()
        }))
    }

    /// Reads a list off the async threads and keeps its lines.
    async fn take_list(&self, run: &mut Run, source: Source, wanted: Option<String>) -> Result<PlanFrom, AppError> {
        let (send, mut lines) = mpsc::channel::<Vec<ListLine>>(4);
        let reading = tokio::task::spawn_blocking(move || {
            let wanted = wanted.as_deref().filter(|column| !column.trim().is_empty());
            read_list(source, wanted, |lines| send.blocking_send(lines).is_ok())
        });
        let (mut first_bad, mut addresses) = (None, 0_u64);
        let mut kept = Ok(());
        while let Some(lines) = lines.recv().await {
            addresses += lines.iter().filter(|line| line.key.is_ok()).count() as u64;
            if first_bad.is_none() {
                first_bad = lines.iter().find(|line| line.key.is_err()).map(|line| line.line);
            }
            kept = self.ports.runs.put_list(run.id, lines).await;
            if kept.is_err() {
                break;
            }
        }
        drop(lines);
        let read = match (kept, reading.await.map_err(|_| ErrorCode::Internal)?) {
            (Err(error), _) => Err(error.into()),
            (Ok(()), Ok(_)) if addresses == 0 => Err(list_error(ListError::NoAddresses(first_bad.unwrap_or(1)))),
            (Ok(()), Ok(read)) => Ok(read),
            (Ok(()), Err(error)) => Err(list_error(error)),
        };
        match read {
            Ok(ListRead { column, grants, .. }) => {
                run.column = column;
                Ok(if grants { PlanFrom::ListOfGrants } else { PlanFrom::List })
            }
            Err(error) => {
                self.ports.runs.drop_plan(run.id).await?;
                Err(error)
            }
        }
    }

    /// Throws away a plan that was never started.
    ///
    /// # Errors
    /// `unknown_run`, `run_not_now`, `not_super_admin`.
    pub async fn drop_plan(&self, id: RunId) -> Result<(), AppError> {
        let row = self.run_row(id).await?;
        if !matches!(row.run.state, RunState::Planned | RunState::Scheduled) {
            return Err(ErrorCode::RunNotNow.into());
        }
        self.ports.runs.drop_plan(id).await?;
        self.admin.moved();
        Ok(())
    }

    /// A page of a run's items, and the first lines that are not in its plan.
    ///
    /// # Errors
    /// `unknown_run`, `bad_argument`, `not_super_admin`.
    pub async fn run_items(&self, id: RunId, ask: &ItemAsk) -> Result<ItemList, AppError> {
        let row = self.run_row(id).await?;
        let suite = self.case(Scope::Organisations).await?.workspace.organisation(row.run.organisation)?.suite;
        let text = searched_text(ask.text.as_deref())?;
        let limit = ask.limit.clamp(1, PAGE);
        let (items, total) = self.ports.runs.items(id, ask.filter, text, ask.offset, limit).await?;
        let refused = self.ports.runs.refused(id, 0, SHOWN).await?;
        Ok(ItemList {
            items: items.into_iter().map(|item| super::overview::item_view(suite, item)).collect(),
            total,
            refused: refused.into_iter().map(super::overview::refused_view).collect(),
        })
    }

    /// A run, for a super admin.
    pub(crate) async fn run_row(&self, id: RunId) -> Result<RunRow, AppError> {
        self.case(Scope::Organisations).await?.workspace.by_super_admin(&self.ctx())?;
        self.ports.runs.run(id).await?.ok_or_else(|| ErrorCode::UnknownRun.into())
    }
}

/// The grants that a list still has beside an item's own, as accesses.
fn still_there(item: &Item, read: Timestamp) -> Vec<Found> {
    let found = |through: &Through| {
        let target = |who| Target { who, app: through.app.clone(), grant: through.grant.clone() };
        let (scopes, resource) = (through.scopes.clone(), through.resource.clone());
        if through.everybody {
            let (address, keys) = (String::new(), Vec::new());
            let target = target(Who::Everybody);
            Found { target, address, keys, name: None, suspended: false, scopes, resource, read }
        } else {
            Found { target: target(item.found.target.who.clone()), scopes, resource, read, ..item.found.clone() }
        }
    };
    item.through.iter().map(found).collect()
}

fn open_list(path: &str) -> Option<std::fs::File> {
    let path = Path::new(path.trim());
    if path.is_absolute() && path.is_file() { std::fs::File::open(path).ok() } else { None }
}

/// A list's error with what its words need. `choices` is for the window: the columns to choose from, as JSON.
fn list_error(error: ListError) -> AppError {
    let code = AppError::new;
    match error {
        ListError::Empty => code(ErrorCode::ListEmpty),
        ListError::NoAddresses(line) => code(ErrorCode::ListNoAddresses).with("line", line),
        ListError::TooLong => code(ErrorCode::ListTooLong).with("most", MOST_LINES),
        ListError::Unreadable => code(ErrorCode::ListUnreadable),
        ListError::Kind(kind) => code(ErrorCode::ListKind).with("kind", kind),
        ListError::Encoding => code(ErrorCode::ListEncoding),
        ListError::Key => code(ErrorCode::ListKey),
        ListError::Quote(line) => code(ErrorCode::ListQuote).with("line", line),
        ListError::Columns(columns) => with_columns(code(ErrorCode::ListColumns), &columns),
        ListError::NoColumn(columns) => with_columns(code(ErrorCode::ListNoColumn), &columns),
    }
}

/// So many columns are named in a sentence.
const NAMED: usize = 20;

fn with_columns(error: AppError, columns: &[Column]) -> AppError {
    let named = columns.iter().take(NAMED).map(ToString::to_string).collect::<Vec<_>>();
    let more = if columns.len() > NAMED { ", …" } else { "" };
    let error = error.with("columns", format!("{}{more}", named.join(", ")));
    match serde_json::to_string(columns.get(..NAMED).unwrap_or(columns)) {
        Ok(choices) => error.with("choices", choices),
        Err(_) => error,
    }
}
