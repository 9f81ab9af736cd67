//! Moving a row elsewhere, and connecting it in HubSpot again.

use super::id;
use crate::session::Session;
use tauri::State;
use uncouple_engine::AppError;
use uncouple_engine::view::{Opened, ReconnectView};
use uncouple_engine::wire::Provider;

#[tauri::command]
pub(crate) async fn move_provider(
    session: State<'_, Session>,
    mailbox: String,
    to: Provider,
) -> Result<String, AppError> {
    Ok(session.engine().await?.move_provider(id(&mailbox)?, to).await?.to_string())
}

#[tauri::command]
pub(crate) async fn move_to_team(
    session: State<'_, Session>,
    mailbox: String,
    inbox: String,
) -> Result<String, AppError> {
    Ok(session.engine().await?.move_to_team(id(&mailbox)?, id(&inbox)?).await?.to_string())
}

#[tauri::command]
pub(crate) async fn move_to_personal(session: State<'_, Session>, mailbox: String) -> Result<String, AppError> {
    Ok(session.engine().await?.move_to_personal(id(&mailbox)?).await?.to_string())
}

#[tauri::command]
pub(crate) async fn reconnect_guide(session: State<'_, Session>, mailbox: String) -> Result<ReconnectView, AppError> {
    session.engine().await?.reconnect_guide(id(&mailbox)?).await
}

#[tauri::command]
pub(crate) async fn open_privacy_page(session: State<'_, Session>) -> Result<Opened, AppError> {
    session.engine().await?.open_privacy_page().await
}

#[tauri::command]
pub(crate) async fn open_source(session: State<'_, Session>, url: String) -> Result<Opened, AppError> {
    session.engine().await?.open_source(&url).await
}

#[tauri::command]
pub(crate) async fn open_reconnect_page(session: State<'_, Session>, mailbox: String) -> Result<Opened, AppError> {
    session.engine().await?.open_reconnect_page(id(&mailbox)?).await
}

#[tauri::command]
pub(crate) async fn confirm_reconnected(session: State<'_, Session>, mailbox: String) -> Result<(), AppError> {
    session.engine().await?.confirm_reconnected(id(&mailbox)?).await
}
