//! The shell: the only Rust that knows Tauri. It builds the engine from its adapters, registers the
//! commands and turns the engine's changes into events of the window.

mod arguments;
mod commands;
mod desktop;
mod events;
mod instance;
mod session;
mod window;

use arguments::{Arguments, BadArguments};
use desktop::Outside;
use instance::Claimed;
use session::Session;
use std::ffi::OsString;
use tauri::Manager;
use uncouple_host::Adapters;

/// Why the app could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The arguments make no sense.
    #[error("{0}")]
    Arguments(#[from] BadArguments),
    /// There is no place for the workspace file.
    #[error("no data folder on this system; name a file with --workspace")]
    NoDataFolder,
    /// Nothing could be asked over the network.
    #[error("{0}: {source}", source = std::error::Error::source(.0).map(ToString::to_string).unwrap_or_default())]
    Http(#[from] uncouple_host::OpenError),
    /// There is no window system to show the window in.
    #[error("no display to show a window on (DISPLAY or WAYLAND_DISPLAY); without one use uncouple-cli")]
    NoDisplay,
    /// The window system, or the web view.
    #[error("{0}")]
    Window(#[from] tauri::Error),
}

impl StartError {
    /// The process's exit code.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Arguments(_) => 2,
            Self::NoDataFolder | Self::Http(_) | Self::NoDisplay | Self::Window(_) => 1,
        }
    }
}

/// How a start ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The window was closed, or only the help was asked for.
    Closed,
    /// Another process has the workspace open, and said that it shows its window.
    ShownElsewhere,
}

/// Runs the app until its window is closed.
///
/// # Errors
/// [`StartError`]. A workspace file that can't be opened is no such error: the window says what is wrong.
pub fn run(arguments: impl Iterator<Item = OsString>) -> Result<Ended, StartError> {
    let Some(arguments) = Arguments::read(arguments)? else {
        return Ok(Ended::Closed);
    };
    uncouple_host::no_core_dumps();
    uncouple_host::start_log();
    let places = uncouple_host::places(arguments.workspace).ok_or(StartError::NoDataFolder)?;
    let shared = Adapters::new()?;
    let instance = match instance::claim(&places.workspace) {
        Claimed::Ours(instance) => instance,
        Claimed::Shown => return Ok(Ended::ShownElsewhere),
    };
    // Asked here, because the shell's own asking ends the process with a panic.
    #[cfg(target_os = "linux")]
    gtk::init().map_err(|_| StartError::NoDisplay)?;
    let builder = tauri::Builder::default();
    #[cfg(not(target_os = "linux"))]
    let builder = builder
        .plugin(tauri_plugin_autostart::Builder::new().app_name("Uncouple").build())
        .plugin(tauri_plugin_notification::init());
    builder
        .invoke_handler(commands::handler())
        .setup(move |app| {
            let handle = app.handle().clone();
            window::open(app)?;
            let session = tauri::async_runtime::block_on(Session::start(places, shared));
            let outside = Outside::new(&handle);
            events::forward(&handle, &session, &outside);
            app.manage(session);
            app.manage(outside);
            instance.listen(move || window::bring_to_front(&handle));
            Ok(())
        })
        .run(tauri::generate_context!())?;
    Ok(Ended::Closed)
}
