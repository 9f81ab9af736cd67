//! The system browser.

use async_trait::async_trait;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use uncouple_engine::ports::{Browser, BrowserError};
use url::Url;

/// A launcher that fails does so at once; one that runs on has become the browser.
const LAUNCH: Duration = Duration::from_millis(1500);

/// Opens addresses with the program that the system has for them.
#[derive(Debug)]
pub struct SystemBrowser;

#[async_trait]
impl Browser for SystemBrowser {
    async fn open(&self, page: &Url) -> Result<(), BrowserError> {
        let page = page.to_string();
        let launched = tokio::task::spawn_blocking(move || open::commands(page).into_iter().any(launch)).await;
        if launched.unwrap_or(false) { Ok(()) } else { Err(BrowserError) }
    }
}

/// Runs one of the launchers that the system may have. True: it took the address.
///
/// Neither of the `open` crate's own ways fits: one waits for as long as the browser lives, the other never
/// learns that the launcher failed.
fn launch(mut launcher: Command) -> bool {
    let quiet = launcher.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut running) = quiet.spawn() else { return false };
    let started = Instant::now();
    while started.elapsed() < LAUNCH {
        match running.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(20)),
            Err(_) => return false,
        }
    }
    // Waited for in the background, so that its end leaves no zombie.
    std::thread::spawn(move || running.wait());
    true
}
