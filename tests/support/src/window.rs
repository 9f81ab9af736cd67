//! The real window, driven as a person would.

use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rustix::process::Signal;
use serde_json::{Value, json};
use thirtyfour::Capabilities;
use thirtyfour::prelude::*;

use crate::desk::{Desk, log};
use crate::port::Port;
use crate::process::{Owned, children, family, signal};
use crate::start::Start;
use crate::wait_for;

/// An open window. On drop the app and its driver are ended without being asked.
///
/// Places on the page are given by their `data-testid`; several with a space between them stand inside of each other
/// (`"row-hanako@example.com disable"`). `css:` before it makes it a plain selector.
#[derive(Debug)]
pub struct Window {
    web: Option<WebDriver>,
    app: u32,
    _driver: Owned,
    _port: Port,
}

impl Window {
    pub(crate) async fn open(desk: &Desk, start: Start) -> Result<Self> {
        let port = Port::take()?;
        let mut driver = Owned::start(
            desk.tied("WebKitWebDriver")
                .arg(format!("--port={}", port.number()))
                .arg("--host=127.0.0.1")
                // Read by the shell's window library: only with it the driver may look inside.
                .env("TAURI_WEBVIEW_AUTOMATION", "true")
                .envs(start.env)
                .stdin(Stdio::null())
                .stdout(log(desk.folder(), "window")?)
                .stderr(log(desk.folder(), "window")?),
        )?;
        wait_for("the driver", async || {
            ensure!(driver.is_up(), "the driver ended");
            Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, port.number())).ok())
        })
        .await?;

        let mut wanted = Capabilities::new();
        wanted.set("webkitgtk:browserOptions", json!({ "binary": start.binary, "args": start.args }))?;
        let web = WebDriver::builder(format!("http://127.0.0.1:{}", port.number()), wanted)
            .request_timeout(Duration::from_secs(60))
            .await
            .with_context(|| format!("no window; the app said: {}", desk.log("window")))?;
        let app = *children(driver.id()).first().context("the driver has started nothing")?;
        Ok(Self { web: Some(web), app, _driver: driver, _port: port })
    }

    /// The driver itself, for what has no method here.
    ///
    /// # Errors
    /// When the window was closed.
    pub fn web(&self) -> Result<&WebDriver> {
        self.web.as_ref().context("the window is closed")
    }

    /// The app's process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.app
    }

    /// The app's process and those of its web view.
    #[must_use]
    pub fn processes(&self) -> Vec<u32> {
        family(self.app)
    }

    /// Waits until it is on the page, and gives the first.
    ///
    /// # Errors
    /// When it doesn't appear in time.
    pub async fn find(&self, place: &str) -> Result<WebElement> {
        let found = wait_for(place, async || Ok(self.all(place).await?.into_iter().next())).await;
        self.explained(found).await
    }

    /// All of this place that are on the page now.
    ///
    /// # Errors
    /// When the app is gone.
    pub async fn all(&self, place: &str) -> Result<Vec<WebElement>> {
        Ok(self.web()?.find_all(By::Css(selector(place))).await?)
    }

    /// True if it is on the page now.
    ///
    /// # Errors
    /// When the app is gone.
    pub async fn has(&self, place: &str) -> Result<bool> {
        Ok(!self.all(place).await?.is_empty())
    }

    /// Waits until it is on the page no more.
    ///
    /// # Errors
    /// When it stays.
    pub async fn gone(&self, place: &str) -> Result<()> {
        let gone = wait_for(&format!("{place} to go"), async || Ok((!self.has(place).await?).then_some(()))).await;
        self.explained(gone).await
    }

    /// Waits until it stands still and can be clicked, and clicks it.
    ///
    /// # Errors
    /// When it can't be clicked in time.
    pub async fn click(&self, place: &str) -> Result<()> {
        // The driver looks where it is and clicks there a moment later: what moves in between is missed.
        let still = "const [element, done] = arguments;
            const place = () => { const { x, y, width, height } = element.getBoundingClientRect(); return `${x} ${y} ${width} ${height}`; };
            const before = place();
            requestAnimationFrame(() => requestAnimationFrame(() => done(place() === before)));";
        self.with(place, "be clicked", async |element| {
            let stands = self.run_async(still, vec![element.to_json()?]).await?;
            ensure!(stands == json!(true), "it is moving");
            Ok(element.click().await?)
        })
        .await
    }

    /// Moves the pointer onto it.
    ///
    /// # Errors
    /// When it doesn't appear in time.
    pub async fn hover(&self, place: &str) -> Result<()> {
        self.with(place, "be pointed at", async |element| {
            // Pointing does not scroll by itself.
            element.scroll_into_view().await?;
            Ok(self.web()?.action_chain().move_to_element_center(element).perform().await?)
        })
        .await
    }

    /// Replaces what stands in a field.
    ///
    /// # Errors
    /// When it can't be typed into in time.
    pub async fn fill(&self, place: &str, text: &str) -> Result<()> {
        self.with(place, "be typed into", async |element| {
            // The driver's own "clear" goes past the page's events, and the page would write the old text back.
            element.send_keys(thirtyfour::Key::Control + "a").await?;
            Ok(element.send_keys(text).await?)
        })
        .await
    }

    /// What it says.
    ///
    /// # Errors
    /// When it doesn't appear in time.
    pub async fn text(&self, place: &str) -> Result<String> {
        wait_for(place, async || {
            let found = self.all(place).await?;
            Ok(match found.first() {
                Some(element) => Some(element.text().await?),
                None => None,
            })
        })
        .await
    }

    /// Waits until it says something with these words in it.
    ///
    /// # Errors
    /// When it says something else.
    pub async fn says(&self, place: &str, words: &str) -> Result<()> {
        let mut last = String::new();
        let outcome = wait_for(&format!("{place} to say {words:?}"), async || {
            last.clear();
            for element in self.all(place).await? {
                last.push_str(&element.text().await?);
                last.push('\n');
            }
            Ok(last.contains(words).then_some(()))
        })
        .await;
        self.explained(outcome.with_context(|| format!("it says {last:?}"))).await
    }

    /// Runs a script in the page; what it returns.
    ///
    /// # Errors
    /// When it throws.
    pub async fn run(&self, script: &str, args: Vec<Value>) -> Result<Value> {
        Ok(self.web()?.execute(script, args).await.with_context(|| script.to_owned())?.json().clone())
    }

    /// Runs a script that calls its last argument when it is ready; what it called it with.
    ///
    /// # Errors
    /// When it throws or isn't ready within the driver's time.
    pub async fn run_async(&self, script: &str, args: Vec<Value>) -> Result<Value> {
        Ok(self.web()?.execute_async(script, args).await.with_context(|| script.to_owned())?.json().clone())
    }

    /// Waits until the page has painted what it knows: the fonts are there and two frames have passed.
    ///
    /// # Errors
    /// When the app is gone.
    pub async fn settled(&self) -> Result<()> {
        let frames = "const done = arguments[arguments.length - 1];
            document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));";
        self.run_async(frames, vec![]).await.map(drop)
    }

    /// A picture of the page.
    ///
    /// # Errors
    /// When the file can't be written.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        wait_for("a picture", async || Ok(Some(self.web()?.screenshot(file).await?))).await
    }

    /// Makes the page of the window this big, in pixels of the screen.
    ///
    /// # Errors
    /// When the window doesn't take the size.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let size = "return [window.outerWidth, window.outerHeight]";
        wait_for(&format!("a window of {width}x{height}"), async || {
            // Asked again: while the window is being drawn the driver now and then says "unknown error".
            self.web()?.set_window_rect(0, 0, width, height).await?;
            Ok((self.run(size, vec![]).await? == json!([width, height])).then_some(()))
        })
        .await
    }

    /// Closes the window and waits until the app has ended.
    ///
    /// # Errors
    /// When the app stays.
    pub async fn quit(mut self) -> Result<()> {
        if let Some(web) = self.web.take() {
            web.quit().await?;
        }
        let app = self.app;
        wait_for("the app to end", async || Ok((!alive(app)).then_some(()))).await
    }

    /// Ends the app as a power cut would: now, in the middle of whatever it does.
    ///
    /// # Errors
    /// When it was gone before.
    pub fn cut(mut self) -> Result<()> {
        signal(self.app, Signal::KILL)?;
        if let Some(web) = self.web.take() {
            // There is nothing left to say good-bye to.
            drop(web.leak());
        }
        Ok(())
    }

    /// Does something to an element as soon as it can be done; a place that is just being drawn anew is tried again.
    async fn with(&self, place: &str, what: &str, mut act: impl AsyncFnMut(&WebElement) -> Result<()>) -> Result<()> {
        let done = wait_for(&format!("{place} to {what}"), async || {
            let found = self.all(place).await?;
            Ok(match found.first() {
                Some(element) => Some(act(element).await?),
                None => None,
            })
        })
        .await;
        self.explained(done).await
    }

    /// Adds to an error what a person would see now: the warnings on the page, and a picture of it.
    async fn explained<T>(&self, outcome: Result<T>) -> Result<T> {
        let Err(problem) = outcome else { return outcome };
        let alerts = "return [...document.querySelectorAll('[role=alert]')].map((e) => e.innerText).join(' / ')";
        let says = self.run(alerts, vec![]).await.map_or_else(|gone| gone.to_string(), |alerts| alerts.to_string());
        let file = std::env::temp_dir().join(format!("uncouple-failed-{}.png", self.app));
        let picture = match self.picture(&file).await {
            Ok(()) => file.display().to_string(),
            Err(none) => format!("none ({none})"),
        };
        Err(problem.context(format!("alerts on the page: {says}; picture: {picture}")))
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if let Some(web) = self.web.take() {
            drop(web.leak());
        }
    }
}

/// True if the process runs; one that ended and waits to be noticed doesn't.
fn alive(process: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| !stat.contains(") Z"))
}

pub(crate) fn selector(place: &str) -> String {
    match place.strip_prefix("css:") {
        Some(css) => css.to_owned(),
        None => {
            let parts: Vec<String> = place.split(' ').map(|id| format!("[data-testid=\"{id}\"]")).collect();
            parts.join(" ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stand_inside_of_each_other() {
        assert_eq!(selector("row-a@b.jp disable"), r#"[data-testid="row-a@b.jp"] [data-testid="disable"]"#);
        assert_eq!(selector("css:main h1"), "main h1");
    }
}
