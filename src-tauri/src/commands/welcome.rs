//! Beginning, and everything at one look.

use crate::session::Session;
use crate::window;
use tauri::{State, WebviewWindow};
use uncouple_engine::AppError;
use uncouple_engine::view::Overview;

#[tauri::command]
pub(crate) async fn overview(session: State<'_, Session>) -> Result<Overview, AppError> {
    session.engine_again().await?.overview().await
}

#[tauri::command]
pub(crate) async fn begin_empty(session: State<'_, Session>, name: String) -> Result<(), AppError> {
    session.engine().await?.begin_empty(&name).await
}

#[tauri::command]
pub(crate) async fn begin_sample(session: State<'_, Session>) -> Result<(), AppError> {
    session.begin_sample().await
}

#[tauri::command]
pub(crate) async fn leave_sample(session: State<'_, Session>) -> Result<(), AppError> {
    session.leave_sample().await
}

#[tauri::command]
pub(crate) fn first_paint(window: WebviewWindow) {
    window::show(&window);
}
