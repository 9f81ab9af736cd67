//! What the desktop offers.

use crate::desktop::{Outside, autostart};
use tauri::{AppHandle, State};
use uncouple_engine::view::DesktopView;
use uncouple_engine::{AppError, ErrorCode};

#[tauri::command]
pub(crate) async fn desktop(app: AppHandle, outside: State<'_, Outside>) -> Result<DesktopView, AppError> {
    let autostart = match autostart::is_on(&app) {
        Ok(on) => Some(on),
        Err(error) => {
            tracing::info!(%error, "no way to start with the system");
            None
        }
    };
    Ok(DesktopView {
        version: app.package_info().version.to_string(),
        popups: outside.pop_ups.ready().await,
        tray: outside.tray.there().await,
        autostart,
    })
}

#[tauri::command]
pub(crate) async fn set_autostart(app: AppHandle, on: bool) -> Result<(), AppError> {
    autostart::set(&app, on).map_err(|error| {
        tracing::warn!(%error, "starting with the system can't be changed");
        ErrorCode::AutostartFailed.into()
    })
}
