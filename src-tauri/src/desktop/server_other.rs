//! Notifications of macOS and Windows, by the window library's plugin.

use super::words::Words;
use std::sync::atomic::{AtomicI32, Ordering};
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;

/// A click on the notification itself, as the plugin names it.
const CLICK: &str = "tap";

/// The system itself, which is taken to show notifications: it has no way to ask.
pub(crate) struct Server {
    app: AppHandle,
    last: AtomicI32,
}

impl Server {
    pub(crate) fn new(app: &AppHandle, clicked: impl Fn(u32) + Send + Sync + 'static) -> Self {
        let heard = app.notification().on_action(move |action| {
            let number = action.notification().and_then(|shown| u32::try_from(shown.id()).ok());
            if let (CLICK, Some(number)) = (action.action_id(), number) {
                clicked(number);
            }
        });
        if let Err(error) = heard {
            tracing::warn!(%error, "clicks on notifications are not heard");
        }
        Self { app: app.clone(), last: AtomicI32::new(0) }
    }

    pub(crate) async fn ready(&self) -> bool {
        true
    }

    /// Shows it; a click counts while it is on the screen.
    pub(crate) async fn show(&self, words: &Words, _open: &str) -> Option<u32> {
        let number = self.last.fetch_add(1, Ordering::Relaxed);
        let notification = self.app.notification().builder().id(number).title(&words.title).body(&words.text);
        notification.show().ok()?;
        u32::try_from(number).ok()
    }

    /// These systems have no way to take one back; should the plugin learn it, this does.
    pub(crate) async fn close(&self, shown: u32) {
        if let Ok(number) = i32::try_from(shown) {
            let _ = self.app.notification().remove_active(vec![number]);
        }
    }
}
