//! Rows of the Email tab.

use super::{account, for_this_run, hubspot_page, id};
use crate::session::Session;
use tauri::State;
use uncouple_engine::AppError;
use uncouple_engine::guide::Guide;
use uncouple_engine::ports::SignInAt;
use uncouple_engine::view::{Checked, HubSpotPage, Opened, ProviderGuess, SignInResult};
use uncouple_engine::wire::Provider;

#[tauri::command]
pub(crate) async fn guess_provider(session: State<'_, Session>, address: String) -> Result<ProviderGuess, AppError> {
    session.engine().await?.guess_provider(&address).await
}

#[tauri::command]
pub(crate) fn read_hubspot_page(text: &str) -> Result<HubSpotPage, AppError> {
    let account = hubspot_page(text)?;
    Ok(HubSpotPage { host: account.host, account: account.account.to_string() })
}

#[tauri::command]
pub(crate) async fn track_mailbox(
    session: State<'_, Session>,
    address: String,
    provider: Provider,
    hubspot_page: Option<String>,
) -> Result<String, AppError> {
    let account = account(hubspot_page.as_deref())?;
    Ok(session.engine().await?.track_mailbox(&address, provider, account).await?.to_string())
}

#[tauri::command]
pub(crate) async fn connect_mailbox(
    session: State<'_, Session>,
    at: SignInAt,
    expect: Option<String>,
    inbox: Option<String>,
) -> Result<SignInResult, AppError> {
    let inbox = inbox.as_deref().map(id).transpose()?;
    session.engine().await?.connect_mailbox(at, expect.as_deref(), inbox).await
}

#[tauri::command]
pub(crate) async fn cancel_sign_in(session: State<'_, Session>) -> Result<(), AppError> {
    session.engine().await?.cancel_sign_in();
    Ok(())
}

#[tauri::command]
pub(crate) async fn finish_sign_in(
    session: State<'_, Session>,
    pending: String,
    keep: String,
) -> Result<SignInResult, AppError> {
    session.engine().await?.finish_sign_in(id(&pending)?, for_this_run(&keep)?).await
}

#[tauri::command]
pub(crate) async fn drop_sign_in(session: State<'_, Session>, pending: String) -> Result<(), AppError> {
    session.engine().await?.drop_sign_in(id(&pending)?).await
}

#[tauri::command]
pub(crate) async fn disable_mailbox(session: State<'_, Session>, mailbox: String) -> Result<String, AppError> {
    Ok(session.engine().await?.disable_mailbox(id(&mailbox)?).await?.to_string())
}

#[tauri::command]
pub(crate) async fn enable_mailbox(session: State<'_, Session>, mailbox: String) -> Result<(), AppError> {
    session.engine().await?.enable_mailbox(id(&mailbox)?).await
}

#[tauri::command]
pub(crate) async fn enable_guide(session: State<'_, Session>, mailbox: String) -> Result<Guide, AppError> {
    session.engine().await?.enable_guide(id(&mailbox)?).await
}

#[tauri::command]
pub(crate) async fn open_enable_page(session: State<'_, Session>, mailbox: String) -> Result<Opened, AppError> {
    session.engine().await?.open_enable_page(id(&mailbox)?).await
}

#[tauri::command]
pub(crate) async fn remove_mailbox(session: State<'_, Session>, mailbox: String) -> Result<String, AppError> {
    Ok(session.engine().await?.remove_mailbox(id(&mailbox)?).await?.to_string())
}

#[tauri::command]
pub(crate) async fn check_mailbox(session: State<'_, Session>, mailbox: String) -> Result<Checked, AppError> {
    session.engine().await?.check_mailbox(id(&mailbox)?).await
}
