//! Settings.

use crate::session::Session;
use tauri::State;
use uncouple_engine::AppError;
use uncouple_engine::ports::{SignInApp, SignInAt};
use uncouple_engine::settings::Appearance;
use uncouple_engine::view::{KeyringView, StorageView};
use uncouple_engine::wire::Language;

#[tauri::command]
pub(crate) async fn rename_me(session: State<'_, Session>, name: String) -> Result<(), AppError> {
    session.engine().await?.rename_me(&name).await
}

#[tauri::command]
pub(crate) async fn keyring(session: State<'_, Session>) -> Result<KeyringView, AppError> {
    Ok(session.engine().await?.keyring().await)
}

#[tauri::command]
pub(crate) async fn storage(session: State<'_, Session>) -> Result<StorageView, AppError> {
    Ok(session.engine().await?.storage().await)
}

#[tauri::command]
pub(crate) async fn save_sign_in_app(
    session: State<'_, Session>,
    at: SignInAt,
    app: SignInApp,
) -> Result<(), AppError> {
    session.engine().await?.save_sign_in_app(at, app).await
}

#[tauri::command]
pub(crate) async fn set_language(session: State<'_, Session>, language: Option<Language>) -> Result<(), AppError> {
    session.engine().await?.set_language(language).await
}

#[tauri::command]
pub(crate) async fn set_appearance(session: State<'_, Session>, appearance: Appearance) -> Result<(), AppError> {
    session.engine().await?.set_appearance(appearance).await
}
