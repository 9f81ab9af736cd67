//! The Channels screen, and what people ask of each other about a row.

use super::{account, id};
use crate::session::Session;
use tauri::State;
use uncouple_engine::AppError;
use uncouple_engine::view::Opened;
use uncouple_engine::wire::{OtherKind, Provider};

#[tauri::command]
pub(crate) async fn track_channel(
    session: State<'_, Session>,
    inbox: String,
    address: String,
    provider: Provider,
    connected_by: Option<String>,
    hubspot_page: Option<String>,
) -> Result<String, AppError> {
    let connected_by = connected_by.as_deref().map(id).transpose()?;
    let account = account(hubspot_page.as_deref())?;
    let engine = session.engine().await?;
    Ok(engine.track_channel(id(&inbox)?, &address, provider, connected_by, account).await?.to_string())
}

#[tauri::command]
pub(crate) async fn delete_channel(session: State<'_, Session>, mailbox: String) -> Result<String, AppError> {
    Ok(session.engine().await?.delete_channel(id(&mailbox)?).await?.to_string())
}

#[tauri::command]
pub(crate) async fn add_other_channel(
    session: State<'_, Session>,
    inbox: String,
    kind: OtherKind,
    name: String,
) -> Result<String, AppError> {
    Ok(session.engine().await?.add_other_channel(id(&inbox)?, kind, &name).await?.to_string())
}

#[tauri::command]
pub(crate) async fn drop_other_channel(session: State<'_, Session>, channel: String) -> Result<(), AppError> {
    session.engine().await?.drop_other_channel(id(&channel)?).await
}

#[tauri::command]
pub(crate) async fn ask_owner(session: State<'_, Session>, mailbox: String) -> Result<(), AppError> {
    session.engine().await?.ask_owner(id(&mailbox)?).await
}

#[tauri::command]
pub(crate) async fn decline_ask(session: State<'_, Session>, mailbox: String) -> Result<(), AppError> {
    session.engine().await?.decline_ask(id(&mailbox)?).await
}

#[tauri::command]
pub(crate) async fn report_lost(session: State<'_, Session>, mailbox: String) -> Result<(), AppError> {
    session.engine().await?.report_lost(id(&mailbox)?).await
}

#[tauri::command]
pub(crate) async fn open_mail(
    session: State<'_, Session>,
    to: Option<String>,
    subject: String,
    body: String,
) -> Result<Opened, AppError> {
    session.engine().await?.open_mail(to.as_deref(), &subject, &body).await
}
