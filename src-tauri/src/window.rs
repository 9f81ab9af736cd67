//! The window.

use crate::desktop::place;
use std::time::Duration;
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};
use url::Url;

const LABEL: &str = "main";

/// After this time the window is shown even if the page has not said that it is painted.
const SHOWN_AT_THE_LATEST: Duration = Duration::from_secs(3);

/// Opens the window, hidden until the page is painted, so that nobody sees it white.
pub(crate) fn open(app: &tauri::App) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Uncouple")
        .inner_size(1200.0, 800.0)
        .min_inner_size(480.0, 400.0)
        .visible(false)
        .zoom_hotkeys_enabled(true)
        .disable_drag_drop_handler()
        // The window shows the app and nothing else; pages open in the system browser.
        .on_navigation(|url| is_the_apps(url) || cfg!(dev) && url.host_str() == Some("localhost"))
        .build()?;
    #[cfg(target_os = "linux")]
    compose_in_place(&window);
    place::restore(&window);
    let closing = window.clone();
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::CloseRequested { .. }) {
            place::keep(&closing);
        }
    });
    let handle = app.handle().clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(SHOWN_AT_THE_LATEST).await;
        show(&handle);
    });
    Ok(())
}

/// Shows text that is still being composed (Japanese, Chinese, Korean) in the field itself. wry switches that off, and
/// the input method then draws it in a box of its own, over the hint below the field.
#[cfg(target_os = "linux")]
fn compose_in_place(window: &WebviewWindow) {
    use webkit2gtk::{InputMethodContextExt as _, WebViewExt as _};
    let done = window.with_webview(|webview| {
        if let Some(context) = webview.inner().input_method_context() {
            context.set_enable_preedit(true);
        }
    });
    if let Err(error) = done {
        tracing::warn!(%error, "text can't be composed in place");
    }
}

/// Whether an address is of the app's own pages: by the scheme that the window library serves on this system
/// (<https://v2.tauri.app/reference/config/#usehttpsscheme>), and never with a port, behind which another program may be.
fn is_the_apps(url: &Url) -> bool {
    let host = match url.scheme() {
        "tauri" => "localhost",
        "http" | "https" if cfg!(any(target_os = "windows", target_os = "android")) => "tauri.localhost",
        _ => return false,
    };
    url.host_str() == Some(host) && url.port().is_none() && url.username().is_empty() && url.password().is_none()
}

/// Shows the window, which the page asks for once it is painted.
pub(crate) fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    if let Err(error) = window.show() {
        tracing::warn!(%error, "the window could not be shown");
    }
}

/// Closes the window, as the person would, and with it the app.
pub(crate) fn close(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    if let Err(error) = window.close() {
        tracing::warn!(%error, "the window does not close");
    }
}

/// Brings the window to the front: for a second start on the same file, a click on a pop-up or in the tray.
pub(crate) fn bring_to_front(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    for done in [window.unminimize(), window.show(), window.set_focus()] {
        if let Err(error) = done {
            tracing::info!(%error, "the window did not come to the front");
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_window_goes_to_the_apps_own_pages_only() {
        let goes = |text: &str| is_the_apps(&Url::parse(text).unwrap());
        assert!(goes("tauri://localhost/index.html#/access"));
        for elsewhere in [
            "http://tauri.localhost:8080/",
            "http://tauri.localhost/",
            "https://tauri.localhost/",
            "tauri://localhost:8080/",
            "tauri://user@localhost/",
            "tauri://example.com/",
            "http://localhost/",
            "file:///etc/passwd",
            "data:text/html,x",
        ] {
            assert!(!goes(elsewhere), "{elsewhere}");
        }
    }
}
