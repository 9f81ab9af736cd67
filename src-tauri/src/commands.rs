//! The bridge to the window: carries what the window sends to the table of commands, and answers back.
//!
//! Tauri lets a command through that the build script declares and the window's capability names. Both come from
//! `src-tauri/capabilities/main.json`, which is written from the table.

use crate::desktop::{Outside, autostart};
use crate::session::Session;
use crate::window;
use async_trait::async_trait;
use std::sync::Arc;
use tauri::ipc::{Invoke, InvokeBody, InvokeError, Response};
use tauri::{AppHandle, Manager};
use uncouple_api::Face;
use uncouple_engine::view::DesktopView;
use uncouple_engine::{AppError, Engine, ErrorCode};

/// The handler of all commands.
pub(crate) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    |Invoke { message, resolver, .. }| {
        let Some(command) = uncouple_api::find(message.command()) else {
            return false;
        };
        let InvokeBody::Json(request) = message.payload() else {
            resolver.reject(AppError::from(ErrorCode::BadArgument));
            return true;
        };
        let request = request.clone();
        let window = Window { app: message.webview_ref().app_handle().clone() };
        resolver.respond_async(async move {
            // Already JSON: a long answer is not read and written once more on its way.
            command.run(&window, request).await.map(Response::new).map_err(InvokeError::from)
        });
        true
    }
}

/// The window and the desktop around it.
struct Window {
    app: AppHandle,
}

impl Window {
    fn session(&self) -> &Session {
        self.app.state::<Session>().inner()
    }
}

#[async_trait]
impl Face for Window {
    async fn engine(&self) -> Result<Arc<Engine>, AppError> {
        self.session().engine().await
    }

    async fn engine_again(&self) -> Result<Arc<Engine>, AppError> {
        self.session().engine_again().await
    }

    async fn begin_sample(&self) -> Result<(), AppError> {
        self.session().begin_sample().await
    }

    async fn leave_sample(&self) -> Result<(), AppError> {
        self.session().leave_sample().await
    }

    async fn desktop(&self) -> DesktopView {
        let outside = self.app.state::<Outside>();
        let autostart = match autostart::is_on(&self.app) {
            Ok(on) => Some(on),
            Err(error) => {
                tracing::info!(%error, "no way to start with the system");
                None
            }
        };
        DesktopView {
            version: self.app.package_info().version.to_string(),
            popups: outside.pop_ups.ready().await,
            tray: outside.tray.there().await,
            autostart,
        }
    }

    async fn set_autostart(&self, on: bool) -> Result<(), AppError> {
        autostart::set(&self.app, on).map_err(|error| {
            tracing::warn!(%error, "starting with the system can't be changed");
            ErrorCode::AutostartFailed.into()
        })
    }

    async fn first_paint(&self) {
        window::show(&self.app);
    }
}
