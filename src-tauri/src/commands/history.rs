//! The history.

use super::id;
use crate::session::Session;
use tauri::State;
use uncouple_engine::history::HistoryFilter;
use uncouple_engine::view::{ChainView, Exported, HistoryView};
use uncouple_engine::{AppError, ExportFormat};

#[tauri::command]
pub(crate) async fn history(
    session: State<'_, Session>,
    text: Option<String>,
    kind: Option<String>,
    mailbox: Option<String>,
    before: Option<u64>,
) -> Result<HistoryView, AppError> {
    let mailbox = mailbox.as_deref().map(id).transpose()?;
    session.engine().await?.history(HistoryFilter { text, kind, mailbox, before, limit: 0 }).await
}

#[tauri::command]
pub(crate) async fn verify_history(session: State<'_, Session>) -> Result<ChainView, AppError> {
    session.engine().await?.verify_history().await
}

#[tauri::command]
pub(crate) async fn export_history(
    session: State<'_, Session>,
    format: ExportFormat,
    path: String,
) -> Result<Exported, AppError> {
    session.engine().await?.export_history(format, &path).await
}
