//! Notices.

use crate::session::Session;
use tauri::State;
use uncouple_domain::NoticeId;
use uncouple_engine::AppError;
use uncouple_engine::settings::NoticeSettings;
use uncouple_engine::view::NoticeList;

#[tauri::command]
pub(crate) async fn notices(session: State<'_, Session>) -> Result<NoticeList, AppError> {
    session.engine().await?.notices().await
}

#[tauri::command]
pub(crate) async fn read_notice(session: State<'_, Session>, notice: NoticeId) -> Result<(), AppError> {
    session.engine().await?.read_notice(notice).await
}

#[tauri::command]
pub(crate) async fn read_all_notices(session: State<'_, Session>) -> Result<(), AppError> {
    session.engine().await?.read_all_notices().await
}

#[tauri::command]
pub(crate) async fn save_notice_settings(session: State<'_, Session>, notices: NoticeSettings) -> Result<(), AppError> {
    session.engine().await?.save_notice_settings(notices).await
}
