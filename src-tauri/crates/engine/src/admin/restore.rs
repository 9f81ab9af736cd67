//! Giving deleted permissions back, where the provider can. Never by itself: somebody asks for it.
//!
//! As with deletions, the intention is on the disk before anything is sent, and an item is restored only once the
//! provider's list was read and has the permission. What was begun and has no answer stays so until somebody asks again.

use super::control::{RunMode, Running, UnderWay};
use crate::address::read_address;
use crate::core::{Engine, locked};
use crate::directory::{ApiError, DeletedGrant, Directory, Holds, RestoreAnswer, Who};
use crate::error::{AppError, ErrorCode};
use crate::ports::CaseWork;
use crate::runs::{Item, ItemChange, ItemFilter, PauseReason, Run, RunRow, RunState};
use crate::view::{RestoreAsk, RestoreFailed, RestoreView};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;
use tokio::task::JoinSet;
use uncouple_domain::{Ctx, DirectorySaid, EventKind, ItemState, Organisation, RunId, Scope, Suite};

/// Items that are read from the file at once.
const PAGE: u32 = 500;

/// Permissions that are given back at the same time. Nobody gives back so many that more would be worth it.
const AT_ONCE: usize = 8;

/// What became of one item.
enum Became {
    Restored,
    /// It stands where it stood, or is unclear; the others go on.
    Failed(ErrorCode),
    /// The others would fare no better.
    Stopped(AppError),
    /// Nothing was done, because somebody stopped it.
    NotBegun,
}

impl Engine {
    /// Gives back permissions that a run deleted, to the end. How it went is in the view as well, for as long as this
    /// process lives.
    ///
    /// # Errors
    /// `restore_not_here` where the provider can't; `nothing_to_restore`, with the address if one was named;
    /// `everybody_unconfirmed`; `unknown_run`, `run_not_now`; `admin_busy`, `run_elsewhere`; `not_super_admin`,
    /// `not_signed_in`, `not_permitted`.
    pub async fn restore_to_end(self: &Arc<Self>, id: RunId, ask: &RestoreAsk) -> Result<RestoreView, AppError> {
        let (row, items) = self.restorable(id, ask).await?;
        let running = self.take_place(&row, RunMode::Restore)?;
        self.give_all_back(row.run, items, running).await
    }

    /// The same in the background.
    ///
    /// # Errors
    /// As [`Engine::restore_to_end`].
    pub async fn begin_restore(self: &Arc<Self>, id: RunId, ask: &RestoreAsk) -> Result<(), AppError> {
        let (row, items) = self.restorable(id, ask).await?;
        let running = self.take_place(&row, RunMode::Restore)?;
        let engine = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(error) = engine.give_all_back(row.run, items, running).await {
                tracing::warn!(code = ?error.code, "permissions were not given back");
                let failed = RestoreView { stopped: Some(error), ..RestoreView::default() };
                locked(&engine.admin.restored).insert(id, failed);
                engine.admin.moved();
            }
        });
        Ok(())
    }

    /// What would be given back, checked.
    async fn restorable(self: &Arc<Self>, id: RunId, ask: &RestoreAsk) -> Result<(RunRow, Vec<Item>), AppError> {
        let row = self.run_row(id).await?;
        let suite = self.case(Scope::Organisations).await?.workspace.organisation(row.run.organisation)?.suite;
        if suite == Suite::Google {
            return Err(ErrorCode::RestoreNotHere.into());
        }
        let (row, _) = self.may_run(row.run.id, RunMode::Restore).await?;
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        for person in &ask.people {
            wanted.insert(read_address(person)?.key().to_owned());
        }
        let seqs: Option<BTreeSet<u32>> = ask.items.as_ref().map(|items| items.iter().copied().collect());
        let (mut items, mut offset) = (Vec::new(), 0);
        loop {
            let (page, _) = self.ports.runs.items(id, ItemFilter::Restorable, None, offset, PAGE).await?;
            let full = page.len() == PAGE as usize;
            offset += page.len() as u64;
            items.extend(page);
            if !full {
                break;
            }
        }
        let named = |item: &Item| {
            seqs.as_ref().is_none_or(|seqs| seqs.contains(&item.seq))
                && (wanted.is_empty() || item.found.keys.iter().any(|key| wanted.contains(key)))
        };
        items.retain(|item| item.state.can_be_restored() && named(item));
        let missing = wanted.iter().find(|key| !items.iter().any(|item| item.found.keys.contains(key)));
        if let Some(address) = missing {
            return Err(AppError::new(ErrorCode::NothingToRestore).with("address", address));
        }
        if items.is_empty() {
            return Err(AppError::new(ErrorCode::NothingToRestore).with("address", "*"));
        }
        if !ask.everybody && items.iter().any(|item| item.found.target.who == Who::Everybody) {
            return Err(ErrorCode::RestoreEverybody.into());
        }
        Ok((row, items))
    }

    async fn give_all_back(
        self: &Arc<Self>,
        run: Run,
        items: Vec<Item>,
        running: Arc<Running>,
    ) -> Result<RestoreView, AppError> {
        let id = run.id;
        let _under_way = UnderWay(self);
        let _turn = self.admin.turn.lock().await;
        let _claim = self.ports.runs.claim()?.ok_or(ErrorCode::RunElsewhere)?;
        let snapshot = self.case(Scope::Organisations).await?;
        let organisation =
            self.administered(&snapshot.workspace, run.organisation, uncouple_domain::Permission::Revoke)?;
        let directory = self.directory(&organisation).await?;
        let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
        {
            let mut going = locked(&running.state);
            (going.total, going.before) = (count, 0);
        }
        let mut run = run;
        run.answered_by(self.foreign_hosts_of(organisation.suite).await?);
        self.change_run(run.clone(), EventKind::RestoreStarted { run: id, items: count }).await?;
        let one =
            Arc::new(One { engine: Arc::clone(self), directory, organisation, run, running: Arc::clone(&running) });
        let mut done = RestoreView { asked: count, ..RestoreView::default() };
        let mut items = items.into_iter();
        let mut under_way: JoinSet<(Item, Result<Became, AppError>)> = JoinSet::new();
        let mut unwritten = None;
        loop {
            while under_way.len() < AT_ONCE && !running.is_stopping() {
                let Some(item) = items.next() else { break };
                let one = Arc::clone(&one);
                under_way.spawn(async move {
                    let became = one.give_back(&item).await;
                    (item, became)
                });
            }
            let Some(joined) = under_way.join_next().await else { break };
            match joined {
                Ok((_, Ok(Became::Restored))) => done.restored += 1,
                Ok((_, Ok(Became::NotBegun))) => {}
                Ok((item, Ok(Became::Failed(code)))) => {
                    done.failed.push(RestoreFailed { seq: item.seq, address: item.found.address, code });
                }
                Ok((_, Ok(Became::Stopped(error)))) => {
                    done.stopped.get_or_insert(error);
                    running.stop.send_replace(true);
                }
                Ok((_, Err(error))) => {
                    unwritten = Some(error);
                    running.stop.send_replace(true);
                }
                Err(_) => unwritten = Some(ErrorCode::Internal.into()),
            }
            locked(&running.state).over.add(1);
            self.admin.moved();
        }
        if let Some(error) = unwritten {
            return Err(error);
        }
        if running.is_asked() && done.stopped.is_none() {
            done.paused = Some(PauseReason::ByMember);
        }
        done.failed.sort_by_key(|failed| failed.seq);
        locked(&self.admin.restored).insert(id, done.clone());
        Ok(done)
    }
}

/// What all items have in common.
struct One {
    engine: Arc<Engine>,
    directory: Arc<dyn Directory>,
    organisation: Organisation,
    run: Run,
    running: Arc<Running>,
}

impl One {
    fn now(&self) -> Timestamp {
        self.engine.ports.clock.now()
    }

    /// Intention, answer, read back.
    async fn give_back(&self, item: &Item) -> Result<Became, AppError> {
        let Some(resource) = item.found.resource.clone() else {
            return Ok(Became::Failed(ErrorCode::NothingToRestore));
        };
        let grant = DeletedGrant {
            who: item.found.target.who.clone(),
            app: item.found.target.app.clone(),
            resource,
            scopes: item.found.scopes.clone(),
        };
        if self.running.is_stopping() {
            return Ok(Became::NotBegun);
        }
        let intended = item.state.intend_restore(self.now()).map_err(|_| ErrorCode::Internal)?;
        self.write(item, intended).await?;
        let answer = match self.send(&grant).await {
            Ok(answer) => answer,
            Err(ApiError::Halted) => {
                self.write(item, not_done(intended, item.state)?).await?;
                return Ok(Became::NotBegun);
            }
            Err(error @ ApiError::Forbidden { .. }) => {
                self.write(item, not_done(intended, item.state)?).await?;
                return Ok(Became::Stopped(error.into()));
            }
            // Whether it was done is not known.
            Err(error) => return Ok(failed(error)),
        };
        match answer {
            RestoreAnswer::Refused => {
                self.write(item, not_done(intended, item.state)?).await?;
                Ok(Became::Failed(ErrorCode::RestoreRefused))
            }
            RestoreAnswer::Given | RestoreAnswer::There => self.read_back(item, intended, &grant).await,
        }
    }

    /// Sends it. Once somebody stopped, what still waits for its turn is not sent any more.
    async fn send(&self, grant: &DeletedGrant) -> Result<RestoreAnswer, ApiError> {
        let mut sending = self.directory.give_back(grant);
        tokio::select! {
            biased;
            () = self.running.stopped() => {}
            answer = &mut sending => return answer,
        }
        self.directory.halt();
        sending.await
    }

    /// Reads until the list has it, or patience ends.
    async fn read_back(&self, item: &Item, intended: ItemState, grant: &DeletedGrant) -> Result<Became, AppError> {
        let answered = self.now();
        let patience = self.engine.start.patience;
        let (began, mut wait) = (Instant::now(), patience.first);
        loop {
            // By our own clock, and before anything is asked.
            let read = self.now();
            match self.directory.holds(grant).await {
                Ok((_, Holds::All)) => {
                    let restored = intended.restored(answered, read).map_err(|_| ErrorCode::Internal)?;
                    self.write_restored(item, restored, read).await?;
                    self.list_again(item).await;
                    return Ok(Became::Restored);
                }
                Ok((_, Holds::Less)) => {
                    // Somebody gave another one meanwhile, and it stays as it is.
                    self.write(item, not_done(intended, item.state)?).await?;
                    return Ok(Became::Failed(ErrorCode::RestoreLess));
                }
                Ok((_, Holds::No)) => {}
                Err(error) => return Ok(failed(error)),
            }
            if began.elapsed() + wait > patience.list {
                return Ok(Became::Failed(ErrorCode::RestoreNotListed));
            }
            if tokio::time::timeout(wait, self.running.stopped()).await.is_ok() {
                return Ok(Became::Failed(ErrorCode::RestoreNotListed));
            }
            wait = (wait * 2).min(patience.longest);
        }
    }

    async fn write(&self, item: &Item, state: ItemState) -> Result<(), AppError> {
        let change = ItemChange::of_state(self.run.id, item, state);
        self.engine.ports.runs.settle(vec![change], None, None).await?;
        Ok(())
    }

    /// The item, the history, and what the workspace's rows know of the consent.
    async fn write_restored(&self, item: &Item, state: ItemState, read: Timestamp) -> Result<(), AppError> {
        let ctx: Ctx = self.engine.ctx();
        let (run, person, app) = (self.run.id, item.found.address.clone(), item.app_name.clone());
        let address = read_address(&person).ok();
        let said = DirectorySaid {
            suite: self.organisation.suite,
            keys: item.found.keys.clone(),
            listed: true,
            at: read,
            by_run: false,
            deleted_here: false,
            apps: self.organisation.own_names(),
            hosts: self.run.hosts.clone(),
        };
        let fresh = self.engine.fresh_grants(&said.keys);
        let scope = address.iter().map(Scope::address).fold(said.scope(), Scope::and);
        let case = CaseWork::new(scope, move |workspace| {
            workspace.note_address(&ctx, Some(ctx.actor), address, EventKind::AccessRestored { run, person, app });
            if !said.keys.is_empty() {
                workspace.directory_said(&ctx, None, &said, &fresh);
            }
            Ok(())
        });
        let change = ItemChange::of_state(run, item, state);
        let committed = self.engine.ports.runs.settle(vec![change], None, Some(case)).await?;
        self.engine.tell_of(committed);
        Ok(())
    }

    /// Puts the access into the list of what was found again. The next search does so anyway.
    async fn list_again(&self, item: &Item) {
        if item.found.target.who == Who::Everybody {
            return;
        }
        let read = self.engine.look_up(&self.organisation, &*self.directory, &item.found.address).await;
        if let Err(error) = read {
            tracing::info!(code = ?error.code, "the person was not read again");
        }
    }
}

fn not_done(intended: ItemState, before: ItemState) -> Result<ItemState, AppError> {
    intended.not_restored(before).map_err(|_| ErrorCode::Internal.into())
}

fn failed(error: ApiError) -> Became {
    match error {
        ApiError::Expired
        | ApiError::Elsewhere
        | ApiError::Blocked(_)
        | ApiError::Keyring(_)
        | ApiError::Forbidden { .. }
        | ApiError::Limits
        | ApiError::NoAnswer
        | ApiError::BadEndpoint => Became::Stopped(error.into()),
        ApiError::Halted => Became::NotBegun,
        ApiError::NobodyThere
        | ApiError::Unreadable
        | ApiError::TooLong
        | ApiError::Circle
        | ApiError::Incomplete
        | ApiError::Endless
        | ApiError::OtherHost
        | ApiError::Disk => Became::Failed(AppError::from(error).code),
    }
}

/// Whether a run can give something back now.
pub(super) fn can_restore(state: RunState, here: bool, restorable: u64) -> bool {
    matches!(state, RunState::Ended | RunState::Cancelled) && !here && restorable > 0
}
