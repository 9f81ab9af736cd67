//! The system browser.

use async_trait::async_trait;
use uncouple_engine::ports::{Browser, BrowserError};
use url::Url;

/// Opens addresses with the program that the system has for them.
#[derive(Debug)]
pub(crate) struct SystemBrowser;

#[async_trait]
impl Browser for SystemBrowser {
    async fn open(&self, page: &Url) -> Result<(), BrowserError> {
        // Waiting for the launcher's end can take as long as the browser lives.
        open::that_detached(page.as_str()).map_err(|error| {
            tracing::warn!(%error, "no browser");
            BrowserError
        })
    }
}
