//! The engine's changes as events of the window, and as what the desktop shows outside of it.

use crate::desktop::Outside;
use crate::desktop::notifications::{OfWorkspace, PopUps};
use crate::desktop::tray::Tray;
use crate::session::Session;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tauri::{AppHandle, Emitter};
use tokio::sync::{broadcast::error::RecvError, oneshot};
use uncouple_engine::ports::Notifier;
use uncouple_engine::{AppError, Engine};

/// Emitted to the window whenever it should read again.
const WORKSPACE_CHANGED: &str = "workspace-changed";

/// Emitted to the window while a search or a run of an administrator's moves on.
const ADMIN_PROGRESS: &str = "admin-progress";

/// The window hears of progress no more often than so.
const PROGRESS: Duration = Duration::from_millis(250);

/// How often the file is asked whether another process changed it: one small read.
const OTHER_PROCESSES: Duration = Duration::from_secs(3);

/// How often the engine keeps house while the app runs: tokens have their time, and it may come on any day.
const HOUSEKEEPING: Duration = Duration::from_secs(15 * 60);

/// How often the clock is asked whether something is due to pop up: a digest, a reminder, the end of quiet hours.
const DUE: Duration = Duration::from_secs(30);

/// How often it is asked whether an audit log is to be read again.
const LOGS: Duration = Duration::from_secs(60);

/// How often it is asked whether a run is due: one small read.
const RUNS: Duration = Duration::from_secs(5);

/// How long the desktop waits behind the window.
const AFTER_THE_WINDOW: Duration = Duration::from_millis(150);

#[derive(Clone, Copy, Serialize)]
struct WorkspaceChanged {
    revision: u64,
}

/// Forwards changes of whichever workspace is open, for as long as the app runs.
pub(crate) fn forward(app: &AppHandle, session: &Session, outside: &Outside) {
    let app = app.clone();
    let (pop_ups, tray) = (Arc::clone(&outside.pop_ups), Arc::clone(&outside.tray));
    let mut engines = session.engines();
    tauri::async_runtime::spawn(async move {
        loop {
            let open = engines.borrow_and_update().clone();
            let Ok(engine) = open else {
                if engines.changed().await.is_err() {
                    return;
                }
                continue;
            };
            let mut changes = engine.changes();
            let mut told = engine.revision().await.unwrap_or_default();
            emit(&app, told);
            let (_open, closed) = oneshot::channel::<()>();
            tauri::async_runtime::spawn(keep_house(Arc::clone(&engine), closed));
            let (_shown, hidden) = oneshot::channel::<()>();
            tauri::async_runtime::spawn(show(Arc::clone(&engine), Arc::clone(&pop_ups), Arc::clone(&tray), hidden));
            let (_heard, unheard) = oneshot::channel::<()>();
            tauri::async_runtime::spawn(progress(app.clone(), Arc::clone(&engine), unheard));
            let (_taken, left) = oneshot::channel::<()>();
            tauri::async_runtime::spawn(take_up_runs(Arc::clone(&engine), left));
            let (_read, unread) = oneshot::channel::<()>();
            tauri::async_runtime::spawn(read_logs(Arc::clone(&engine), unread));
            loop {
                let revision = tokio::select! {
                    changed = engines.changed() => match changed {
                        Ok(()) => break,
                        Err(_) => return,
                    },
                    change = changes.recv() => match change {
                        Ok(change) => change.revision,
                        Err(RecvError::Lagged(_)) => engine.revision().await.unwrap_or(told),
                        Err(RecvError::Closed) => break,
                    },
                    () = tokio::time::sleep(OTHER_PROCESSES) => engine.revision().await.unwrap_or(told),
                };
                if revision != told {
                    told = revision;
                    emit(&app, revision);
                }
            }
        }
    });
}

/// Keeps house until another workspace is open. What is under way by then comes to its end: a provider's
/// answer that nobody writes down is a proof lost.
async fn keep_house(engine: Arc<Engine>, mut closed: oneshot::Receiver<()>) {
    loop {
        if let Err(error) = engine.housekeep().await {
            tracing::warn!(code = ?error.code, "no housekeeping");
        }
        tokio::select! {
            _ = &mut closed => return,
            () = tokio::time::sleep(HOUSEKEEPING) => {}
        }
    }
}

/// Takes up runs whose time has come, and those that a crash interrupted: at once, and again soon where the process
/// that had them is only just ending.
async fn take_up_runs(engine: Arc<Engine>, mut left: oneshot::Receiver<()>) {
    loop {
        if let Err(error) = engine.runs_due().await {
            tracing::warn!(code = ?error.code, "a run could not be taken up");
        }
        tokio::select! {
            _ = &mut left => return,
            () = tokio::time::sleep(RUNS) => {}
        }
    }
}

/// Reads audit logs again whose entries came late. Beside the runs, which must not wait for it.
async fn read_logs(engine: Arc<Engine>, mut left: oneshot::Receiver<()>) {
    loop {
        tokio::select! {
            _ = &mut left => return,
            () = tokio::time::sleep(LOGS) => {}
        }
        if let Err(error) = engine.logs_due().await {
            tracing::warn!(code = ?error.code, "an audit log could not be read again");
        }
    }
}

/// Tells the window of progress, as often as people can read it.
async fn progress(app: AppHandle, engine: Arc<Engine>, mut unheard: oneshot::Receiver<()>) {
    let mut moves = engine.admin_moves();
    loop {
        tokio::select! {
            _ = &mut unheard => return,
            moved = moves.changed() => if moved.is_err() { return },
        }
        if let Err(error) = app.emit(ADMIN_PROGRESS, ()) {
            tracing::warn!(%error, "the window was not told of progress");
        }
        tokio::time::sleep(PROGRESS).await;
    }
}

/// Shows what this workspace has to say outside of the window, until another one is open.
async fn show(engine: Arc<Engine>, pop_ups: Arc<PopUps>, tray: Arc<Tray>, mut hidden: oneshot::Receiver<()>) {
    let mut changes = engine.changes();
    loop {
        for done in [pop_up(&engine, &pop_ups).await, count(&engine, &tray).await] {
            if let Err(error) = done {
                tracing::warn!(code = ?error.code, "the desktop is not told");
            }
        }
        tokio::select! {
            _ = &mut hidden => return,
            change = changes.recv() => {
                if let Err(RecvError::Closed) = change {
                    return;
                }
                // The window shows a change first; nobody sees whether the desktop is told a moment later.
                tokio::time::sleep(AFTER_THE_WINDOW).await;
            }
            () = tokio::time::sleep(DUE) => {}
        }
    }
}

/// Lets reminders and the digest come to the list, and pops up what is due, if anybody shows it: what was handed out is
/// not handed out again.
async fn pop_up(engine: &Arc<Engine>, pop_ups: &PopUps) -> Result<(), AppError> {
    let notifier = OfWorkspace(pop_ups, engine);
    let due = engine.pop_ups_due(notifier.ready().await).await?;
    for notice in due.close {
        notifier.close(notice).await;
    }
    for one in &due.show {
        if let Err(error) = notifier.show(one).await {
            tracing::info!(%error, "a notice is in the list only");
        }
    }
    Ok(())
}

/// Says in the tray how many jobs are open.
async fn count(engine: &Engine, tray: &Arc<Tray>) -> Result<(), AppError> {
    let (jobs, language) = engine.left_to_finish().await?;
    tray.tell(jobs, language).await;
    Ok(())
}

fn emit(app: &AppHandle, revision: u64) {
    if let Err(error) = app.emit(WORKSPACE_CHANGED, WorkspaceChanged { revision }) {
        tracing::warn!(%error, "the window was not told of a change");
    }
}
