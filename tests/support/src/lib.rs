//! A desk for the tests: everything around Uncouple that a person has, built anew for each test and gone after it.
//!
//! A [`Desk`] has a display nobody sees, a session bus, a keyring, a home folder and a browser that only writes down
//! what it is asked to open; a notification server and a tray if a test wants them. [`Desk::start`] opens the real window there and gives back a [`Window`] to look at and to
//! click in. [`SignIn`] is a real OpenID server that plays Google and Microsoft, and a [`Person`] signs in there.
//!
//! Nothing of it touches the desk of the person who runs the tests, and every process is ended by its own id.
#![cfg(unix)]

mod axe;
mod desk;
mod keys;
mod notifications;
mod person;
mod port;
mod process;
mod sign_in;
mod start;
mod tray;
mod window;

pub use axe::Violation;
pub use desk::{Desk, Keyring};
pub use keys::Key;
pub use notifications::Shown;
pub use person::{Landing, Person};
pub use sign_in::{Provider, SignIn};
pub use start::Start;
pub use window::Window;

use std::time::Duration;

/// How long a test waits for something that should come at once. Generous: it only costs time when a test fails.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// The folder of the clone, where the UI and the sign-in server have their packages.
#[must_use]
pub fn clone_folder() -> std::path::PathBuf {
    // Asked when the test runs: two clones may share a folder of builds, and then one's binary runs in the other.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let here = std::path::PathBuf::from(here);
    here.ancestors().find(|folder| folder.join("tauri.conf.json").is_file()).unwrap_or(&here).to_path_buf()
}

/// Asks again and again until there is an answer; an error that says what was waited for if there is none in time.
pub async fn wait_for<T>(what: &str, mut ask: impl AsyncFnMut() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
    let end = tokio::time::Instant::now() + PATIENCE;
    loop {
        let last = match ask().await {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => String::new(),
            Err(problem) => format!(" (last: {problem:#})"),
        };
        if tokio::time::Instant::now() > end {
            anyhow::bail!("waited in vain for {what}{last}");
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}
