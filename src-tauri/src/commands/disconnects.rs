//! Jobs and their steps.

use super::id;
use crate::session::Session;
use tauri::State;
use uncouple_engine::AppError;
use uncouple_engine::view::{Checked, Opened};
use uncouple_engine::wire::StepKind;

#[tauri::command]
pub(crate) async fn undo_removal(session: State<'_, Session>, disconnect: String) -> Result<(), AppError> {
    session.engine().await?.undo_removal(id(&disconnect)?).await
}

#[tauri::command]
pub(crate) async fn stop_disconnect(session: State<'_, Session>, disconnect: String) -> Result<(), AppError> {
    session.engine().await?.stop_disconnect(id(&disconnect)?).await
}

#[tauri::command]
pub(crate) async fn confirm_step(
    session: State<'_, Session>,
    disconnect: String,
    step: StepKind,
) -> Result<(), AppError> {
    session.engine().await?.confirm_step(id(&disconnect)?, step).await
}

#[tauri::command]
pub(crate) async fn confirm_in_crm(session: State<'_, Session>, disconnect: String) -> Result<(), AppError> {
    session.engine().await?.confirm_in_crm(id(&disconnect)?).await
}

#[tauri::command]
pub(crate) async fn not_listed(
    session: State<'_, Session>,
    disconnect: String,
    account: Option<String>,
) -> Result<(), AppError> {
    session.engine().await?.not_listed(id(&disconnect)?, account.as_deref()).await
}

#[tauri::command]
pub(crate) async fn close_step(
    session: State<'_, Session>,
    disconnect: String,
    step: StepKind,
    reason: String,
) -> Result<(), AppError> {
    session.engine().await?.close_step(id(&disconnect)?, step, &reason).await
}

#[tauri::command]
pub(crate) async fn withdraw_confirmation(
    session: State<'_, Session>,
    disconnect: String,
    step: StepKind,
) -> Result<(), AppError> {
    session.engine().await?.withdraw_confirmation(id(&disconnect)?, step).await
}

#[tauri::command]
pub(crate) async fn remind(session: State<'_, Session>, disconnect: String, days: u8) -> Result<(), AppError> {
    session.engine().await?.remind(id(&disconnect)?, days).await
}

#[tauri::command]
pub(crate) async fn open_page(
    session: State<'_, Session>,
    disconnect: String,
    step: StepKind,
) -> Result<Opened, AppError> {
    session.engine().await?.open_page(id(&disconnect)?, step).await
}

#[tauri::command]
pub(crate) async fn run_step(session: State<'_, Session>, disconnect: String, step: StepKind) -> Result<(), AppError> {
    session.engine().await?.run_step(id(&disconnect)?, step).await
}

#[tauri::command]
pub(crate) async fn check_step(
    session: State<'_, Session>,
    disconnect: String,
    step: StepKind,
) -> Result<Checked, AppError> {
    session.engine().await?.check_step(id(&disconnect)?, step).await
}
