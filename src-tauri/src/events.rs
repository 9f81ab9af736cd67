//! The engine's changes as events of the window.

use crate::session::Session;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tauri::{AppHandle, Emitter};
use tokio::sync::{broadcast::error::RecvError, oneshot};
use uncouple_engine::Engine;

/// Emitted to the window whenever it should read again.
const WORKSPACE_CHANGED: &str = "workspace-changed";

/// How often the file is asked whether another process changed it: one small read.
const OTHER_PROCESSES: Duration = Duration::from_secs(3);

/// How often the engine keeps house while the app runs: tokens have their time, and it may come on any day.
const HOUSEKEEPING: Duration = Duration::from_secs(15 * 60);

#[derive(Clone, Copy, Serialize)]
struct WorkspaceChanged {
    revision: u64,
}

/// Forwards changes of whichever workspace is open, for as long as the app runs.
pub(crate) fn forward(app: &AppHandle, session: &Session) {
    let app = app.clone();
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

fn emit(app: &AppHandle, revision: u64) {
    if let Err(error) = app.emit(WORKSPACE_CHANGED, WorkspaceChanged { revision }) {
        tracing::warn!(%error, "the window was not told of a change");
    }
}
