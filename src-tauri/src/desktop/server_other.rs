//! Notifications of macOS and Windows.

use super::words::Words;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The system itself, which is taken to show notifications: it has no way to ask.
pub(crate) struct Server {
    clicked: Arc<dyn Fn(u32) + Send + Sync>,
    last: AtomicU32,
}

impl Server {
    pub(crate) fn new(clicked: impl Fn(u32) + Send + Sync + 'static) -> Self {
        // In the name of the app; what is not installed shows up under another name.
        #[cfg(target_os = "macos")]
        let _ = notify_rust::set_application("dev.uncouple.desktop");
        Self { clicked: Arc::new(clicked), last: AtomicU32::new(0) }
    }

    pub(crate) async fn ready(&self) -> bool {
        true
    }

    /// Shows it, and waits for a click on a thread of its own, which is how these systems tell it.
    pub(crate) async fn show(&self, words: &Words, _open: &str) -> Option<u32> {
        let number = self.last.fetch_add(1, Ordering::Relaxed);
        let mut notification = notify_rust::Notification::new();
        notification.summary(&words.title).body(&words.text);
        #[cfg(windows)]
        notification.app_id("dev.uncouple.desktop");
        let clicked = Arc::clone(&self.clicked);
        std::thread::spawn(move || {
            let Ok(shown) = notification.show() else { return };
            let _ = shown.wait_for_response(|response: &notify_rust::NotificationResponse| {
                if matches!(response, notify_rust::NotificationResponse::Default) {
                    clicked(number);
                }
            });
        });
        Some(number)
    }

    /// These systems have no way to take one back.
    pub(crate) async fn close(&self, _shown: u32) {}
}
