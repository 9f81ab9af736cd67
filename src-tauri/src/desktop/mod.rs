//! Adapters of the engine's ports that belong to the desktop, and what the desktop offers besides the window.

pub(crate) mod autostart;
#[cfg(target_os = "linux")]
mod bus;
pub(crate) mod notifications;
pub(crate) mod place;
#[cfg(target_os = "linux")]
#[path = "server_linux.rs"]
mod server;
#[cfg(not(target_os = "linux"))]
#[path = "server_other.rs"]
mod server;
pub(crate) mod tray;
mod words;

use std::sync::Arc;
use tauri::AppHandle;

/// What the app shows outside of its window.
pub(crate) struct Outside {
    pub(crate) pop_ups: Arc<notifications::PopUps>,
    pub(crate) tray: Arc<tray::Tray>,
}

impl Outside {
    /// Sets it up for one app. Nothing is shown yet.
    pub(crate) fn new(app: &AppHandle) -> Self {
        #[cfg(target_os = "linux")]
        {
            let bus = Arc::new(bus::Bus::default());
            let pop_ups = Arc::new(notifications::PopUps::new(app, Arc::clone(&bus)));
            Self { pop_ups, tray: Arc::new(tray::Tray::new(app, bus)) }
        }
        #[cfg(not(target_os = "linux"))]
        Self { pop_ups: Arc::new(notifications::PopUps::new(app)), tray: Arc::new(tray::Tray::new(app)) }
    }
}
