//! Members and inboxes.

use super::id;
use crate::session::Session;
use tauri::State;
use uncouple_engine::AppError;
use uncouple_engine::wire::Language;

#[tauri::command]
pub(crate) async fn act_as(session: State<'_, Session>, member: String) -> Result<(), AppError> {
    session.engine().await?.act_as(id(&member)?).await
}

#[tauri::command]
pub(crate) async fn add_member(
    session: State<'_, Session>,
    name: String,
    super_admin: bool,
    language: Option<Language>,
) -> Result<String, AppError> {
    Ok(session.engine().await?.add_member(&name, super_admin, language).await?.to_string())
}

#[tauri::command]
pub(crate) async fn change_member(
    session: State<'_, Session>,
    member: String,
    name: String,
    super_admin: bool,
    language: Option<Language>,
) -> Result<(), AppError> {
    session.engine().await?.change_member(id(&member)?, &name, super_admin, language).await
}

#[tauri::command]
pub(crate) async fn remove_member(session: State<'_, Session>, member: String) -> Result<(), AppError> {
    session.engine().await?.remove_member(id(&member)?).await
}

#[tauri::command]
pub(crate) async fn add_inbox(session: State<'_, Session>, name: String) -> Result<String, AppError> {
    Ok(session.engine().await?.add_inbox(&name).await?.to_string())
}

#[tauri::command]
pub(crate) async fn rename_inbox(session: State<'_, Session>, inbox: String, name: String) -> Result<(), AppError> {
    session.engine().await?.rename_inbox(id(&inbox)?, &name).await
}

#[tauri::command]
pub(crate) async fn delete_inbox(session: State<'_, Session>, inbox: String) -> Result<(), AppError> {
    session.engine().await?.delete_inbox(id(&inbox)?).await
}

#[tauri::command]
pub(crate) async fn set_access(
    session: State<'_, Session>,
    inbox: String,
    member: String,
    access: bool,
) -> Result<(), AppError> {
    session.engine().await?.set_access(id(&inbox)?, id(&member)?, access).await
}
