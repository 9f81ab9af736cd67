//! The icon in the tray, where the desktop has one.
//!
//! Closing the window ends the app, so the icon is a second way to the window and never a place to hide in.
//!
//! On Linux an icon needs two things: somebody on the session bus who shows icons (a StatusNotifierWatcher, as KDE,
//! XFCE, Cinnamon and GNOME with an extension have one), and a library that the program loads when it needs it, and
//! that stops the program when it is missing. So both are looked for first, and again now and then: a panel may come
//! up after an app that starts with the system. It was tried on a desk with a watcher on a private bus that reads the
//! menu and clicks in it (`tests/flows`); on macOS and Windows it was not tried.

use super::notifications::go_to;
use super::words::{one_or_many, say};
use crate::window;
use std::sync::{Arc, Mutex, PoisonError};
use tauri::menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Wry};
use uncouple_engine::view::PlaceView;
use uncouple_engine::wire::Language;

/// The icon, once there is one.
pub(crate) struct Tray {
    app: AppHandle,
    icon: Mutex<Option<Icon>>,
    #[cfg(target_os = "linux")]
    bus: Arc<super::bus::Bus>,
}

struct Icon {
    tray: TrayIcon,
    jobs: MenuItem<Wry>,
    finish: MenuItem<Wry>,
    show: MenuItem<Wry>,
    quit: MenuItem<Wry>,
}

impl Tray {
    /// No icon yet.
    #[cfg(target_os = "linux")]
    pub(crate) fn new(app: &AppHandle, bus: Arc<super::bus::Bus>) -> Self {
        Self { app: app.clone(), icon: Mutex::default(), bus }
    }

    /// No icon yet.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn new(app: &AppHandle) -> Self {
        Self { app: app.clone(), icon: Mutex::default() }
    }

    /// Whether the icon can be seen.
    pub(crate) async fn there(&self) -> bool {
        self.icon.lock().unwrap_or_else(PoisonError::into_inner).is_some() && self.has_place().await
    }

    /// Says how many jobs are open, on an icon that is made now if there is a place for it.
    pub(crate) async fn tell(self: &Arc<Self>, jobs: u32, language: Language) {
        let made = self.icon.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        if !made && !self.has_place().await {
            return;
        }
        // Menus belong to the main thread.
        let tray = Arc::clone(self);
        let told = self.app.run_on_main_thread(move || {
            if let Err(error) = tray.say(jobs, language) {
                tracing::warn!(%error, "no icon in the tray");
            }
        });
        if let Err(error) = told {
            tracing::info!(%error, "the app is ending");
        }
    }

    fn say(&self, jobs: u32, language: Language) -> tauri::Result<()> {
        let count = jobs.to_string();
        let key = if jobs == 0 { "tray_none".to_owned() } else { format!("tray_{}", one_or_many(jobs)) };
        let text = say(language, &key, &[("jobs", &count)]);
        let mut icon = self.icon.lock().unwrap_or_else(PoisonError::into_inner);
        let icon = match &mut *icon {
            Some(icon) => icon,
            none => none.insert(make(&self.app)?),
        };
        icon.jobs.set_text(&text)?;
        icon.finish.set_text(say(language, "tray_finish", &[]))?;
        icon.finish.set_enabled(jobs > 0)?;
        icon.show.set_text(say(language, "tray_show", &[]))?;
        icon.quit.set_text(say(language, "tray_quit", &[]))?;
        icon.tray.set_tooltip(Some(format!("Uncouple: {text}")))
    }

    #[cfg(target_os = "linux")]
    async fn has_place(&self) -> bool {
        has_library(&std::fs::read("/etc/ld.so.cache").unwrap_or_default())
            && self.bus.has("org.kde.StatusNotifierWatcher").await
    }

    #[cfg(not(target_os = "linux"))]
    async fn has_place(&self) -> bool {
        true
    }
}

fn make(app: &AppHandle) -> tauri::Result<Icon> {
    let entry = |id: &str, enabled| MenuItem::with_id(app, id, "", enabled, None::<&str>);
    let (jobs, finish, show, quit) =
        (entry("jobs", false)?, entry("finish", true)?, entry("show", true)?, entry("quit", true)?);
    let line = PredefinedMenuItem::separator(app)?;
    let menu = Menu::with_items(app, &[&jobs, &finish, &show, &line, &quit])?;
    let mut tray = TrayIconBuilder::with_id("uncouple").menu(&menu).on_menu_event(chosen);
    if let Some(icon) = app.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    Ok(Icon { tray: tray.build(app)?, jobs, finish, show, quit })
}

fn chosen(app: &AppHandle, event: MenuEvent) {
    match event.id().as_ref() {
        "finish" => {
            window::bring_to_front(app);
            go_to(app, &PlaceView::Email { job: None, mailbox: None });
        }
        "show" => window::bring_to_front(app),
        "quit" => window::close(app),
        _ => {}
    }
}

/// Whether the library is there that puts icons into trays, by what the system's loader keeps of all that it knows.
#[cfg(target_os = "linux")]
fn has_library(cache: &[u8]) -> bool {
    let known = cache.split(|byte| *byte == 0).filter_map(|text| std::str::from_utf8(text).ok());
    let own = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    let own = std::env::split_paths(&own).flat_map(|folder| LIBRARIES.map(|library| folder.join(library)));
    let mut places = known.map(std::path::PathBuf::from).chain(own).filter(|path| path.is_absolute());
    places.any(|path| LIBRARIES.iter().any(|library| path.ends_with(library)) && path.exists())
}

/// One of them is enough.
#[cfg(target_os = "linux")]
const LIBRARIES: [&str; 2] = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_there_if_the_loader_knows_it_and_it_can_be_opened() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let library = folder.path().join("libayatana-appindicator3.so.1");
        let cache = format!("glibc\u{1}\0libayatana-appindicator3.so.1\0{}\0", library.display());
        assert!(!has_library(cache.as_bytes()), "it was removed since");
        std::fs::write(&library, "")?;
        assert!(has_library(cache.as_bytes()));
        assert!(!has_library(b"libayatana-appindicator3.so.1\0/lib/libgtk-3.so.0\0"), "a name is no library");
        assert!(!has_library(b"\xff\0"));
        Ok(())
    }
}
