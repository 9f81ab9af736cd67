//! Somebody who signs in at the sign-in server, as they would in a browser.

use anyhow::{Context as _, Result, bail};
use url::Url;

use crate::PATIENCE;

/// A person with one account and one browser, which remembers that they are signed in.
#[derive(Debug)]
pub struct Person {
    subject: String,
    browser: reqwest::Client,
}

/// The page on which the browser ended up: with luck one of Uncouple's own.
#[derive(Debug)]
pub struct Landing {
    /// Its address.
    pub url: Url,
    /// Its HTTP status.
    pub status: u16,
    /// What it says.
    pub text: String,
}

impl Person {
    /// Somebody with this address, not signed in yet.
    ///
    /// # Errors
    /// When no browser can be made.
    pub fn new(address: &str) -> Result<Self> {
        let browser = reqwest::Client::builder().cookie_store(true).timeout(PATIENCE).build()?;
        // What the sign-in server wants to have typed: see its `findAccount`.
        let subject = address.bytes().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { subject, browser })
    }

    /// Opens the address, signs in if asked, agrees if asked, and follows back to the app.
    ///
    /// # Errors
    /// When the pages are not the ones that are expected.
    pub async fn agrees(&self, opened: &str) -> Result<Landing> {
        let mut page = self.visit(self.browser.get(opened)).await?;
        for _ in 0..4 {
            let Some(prompt) = between(&page.text, "name=\"prompt\" value=\"", "\"") else {
                return Ok(page);
            };
            let form = [("prompt", prompt), ("login", self.subject.as_str()), ("password", "of no importance")];
            let action = action(&page)?;
            page = self.visit(self.browser.post(action).form(&form)).await?;
        }
        bail!("the sign-in server keeps asking: {}", page.url)
    }

    /// Opens the address, signs in if asked, and does not agree.
    ///
    /// # Errors
    /// When the pages are not the ones that are expected.
    pub async fn refuses(&self, opened: &str) -> Result<Landing> {
        let page = self.visit(self.browser.get(opened)).await?;
        let abort = page.url.join(&format!("{}/abort", page.url.path()))?;
        self.visit(self.browser.get(abort)).await
    }

    async fn visit(&self, request: reqwest::RequestBuilder) -> Result<Landing> {
        let reply = request.send().await?;
        Ok(Landing { url: reply.url().clone(), status: reply.status().as_u16(), text: reply.text().await? })
    }
}

fn action(page: &Landing) -> Result<Url> {
    let action = between(&page.text, "action=\"", "\"").context("a form without an address")?;
    Ok(page.url.join(action)?)
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0)
}
