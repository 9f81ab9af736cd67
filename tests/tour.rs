//! The tour: one mailbox from the welcome to "complete", on the real window, with a picture of every stop.
//!
//! `cargo xtask run` takes it where there is no display. `UNCOUPLE_TOUR_DIR` names the folder for the pictures and the
//! exported history; without it they go to the desk and with it.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use uncouple_desk::{Desk, Keyring, Start, Window};

const ADDRESS: &str = "hanako.sato@example.co.jp";
const COLLEAGUE: &str = "taro.suzuki@example.co.jp";
const HUBSPOT_PAGE: &str = "https://app-eu1.hubspot.com/contacts/123456/objects/0-1/views/all/list";

/// What is different from one tour to the next.
struct Tour {
    language: &'static str,
    name: &'static str,
    dark: bool,
    /// A word of the title that a finished disconnect has.
    confirmed: &'static str,
}

#[tokio::test]
async fn in_japanese() -> Result<()> {
    take(&Tour { language: "ja", name: "佐藤 花子", dark: false, confirmed: "佐藤 花子の申告" }).await
}

#[tokio::test]
async fn in_english_and_dark() -> Result<()> {
    take(&Tour { language: "en", name: "Hanako Sato", dark: true, confirmed: "Hanako Sato says so" }).await
}

async fn take(tour: &Tour) -> Result<()> {
    let desk = Desk::new(Keyring::Unlocked)?;
    desk.dark(tour.dark)?;
    let window = desk.start(Start::new(env!("CARGO_BIN_EXE_uncouple")).env("UNCOUPLE_LANG", tour.language)).await?;
    window.resize(1280, 860).await?;
    let album = Album::new(&desk, tour)?;

    window.find("welcome").await?;
    album.picture(&window, "1-welcome").await?;
    window.fill("welcome-name", tour.name).await?;
    window.click("welcome-empty").await?;
    for (address, kind) in [(COLLEAGUE, "microsoft365"), (ADDRESS, "google")] {
        track(&window, address, kind).await?;
    }
    window.hover(&row(ADDRESS, "")).await?;
    album.picture(&window, "2-mailboxes").await?;

    window.click(&row(ADDRESS, "[data-testid=row-disable]")).await?;
    window.says("dialog-disable", ADDRESS).await?;
    album.picture(&window, "3-disable").await?;
    window.click("dialog-disable dialog-confirm").await?;
    window.gone("dialog-disable").await?;
    open_page(&desk, &window, "disable_in_crm", "hubspot.com").await?;
    album.picture(&window, "4-hubspots-side").await?;
    window.click("step-disable_in_crm step-confirm").await?;
    window.find(&row_used(ADDRESS, "disabled")).await?;
    album.picture(&window, "5-disabled").await?;

    window.hover(&row(ADDRESS, "")).await?;
    window.click(&row(ADDRESS, "[data-testid=row-remove]")).await?;
    window.says("dialog-remove", ADDRESS).await?;
    album.picture(&window, "6-remove").await?;
    window.click("dialog-remove dialog-confirm").await?;
    window.gone("dialog-remove").await?;
    window.click("step-remove_from_crm step-confirm").await?;
    open_page(&desk, &window, "revoke_grant", "google.com").await?;
    album.picture(&window, "7-googles-side").await?;
    window.click("step-revoke_grant step-confirm").await?;
    window.says("completion-title", tour.confirmed).await?;
    album.picture(&window, "8-complete").await?;

    window.click("nav-history").await?;
    window.find("history-row").await?;
    window.click("history-verify").await?;
    window.find("css:[data-testid=verify-result][data-tone=good]").await?;
    let exported = desk.home().join("history.csv");
    window.fill("export-path", exported.to_str().context("a readable path")?).await?;
    window.click("export-submit").await?;
    window.find("export-result").await?;
    album.picture(&window, "9-history").await?;
    album.keep(&exported)?;
    ensure!(std::fs::read_to_string(&exported)?.contains(ADDRESS), "the export doesn't name the mailbox");
    window.quit().await
}

async fn track(window: &Window, address: &str, kind: &str) -> Result<()> {
    window.click("open-track").await?;
    window.fill("track-address", address).await?;
    window.click(&format!("track-{kind}")).await?;
    window.fill("track-page", HUBSPOT_PAGE).await?;
    window.click("dialog-track dialog-confirm").await?;
    window.gone("dialog-track").await?;
    window.find(&row(address, "")).await.map(drop)
}

/// Opens the page of a step, which the browser of the desk writes down.
async fn open_page(desk: &Desk, window: &Window, step: &str, host: &str) -> Result<()> {
    let before = desk.opened().len();
    window.click(&format!("step-{step} step-open")).await?;
    let page = desk.wait_opened(before + 1).await?;
    ensure!(page.contains(host), "{step} opened {page}");
    Ok(())
}

fn row(address: &str, inside: &str) -> String {
    format!("css:[data-testid=mailbox-row][data-address='{address}'] {inside}")
}

fn row_used(address: &str, usage: &str) -> String {
    format!("css:[data-testid=mailbox-row][data-address='{address}'][data-use={usage}]")
}

/// Where the pictures go.
struct Album {
    folder: PathBuf,
    language: &'static str,
}

impl Album {
    fn new(desk: &Desk, tour: &Tour) -> Result<Self> {
        let given = std::env::var_os("UNCOUPLE_TOUR_DIR").map(PathBuf::from);
        let folder = given.unwrap_or_else(|| desk.home());
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, language: tour.language })
    }

    async fn picture(&self, window: &Window, stop: &str) -> Result<()> {
        window.settled().await?;
        let file = self.folder.join(format!("{}-{stop}.png", self.language));
        window.picture(&file).await
    }

    fn keep(&self, file: &Path) -> Result<()> {
        let name = file.file_name().context("a file")?.to_string_lossy();
        let to = self.folder.join(format!("{}-{name}", self.language));
        if to != *file {
            std::fs::copy(file, to)?;
        }
        Ok(())
    }
}
