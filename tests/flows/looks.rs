//! Every screen and dialog by axe-core, in both languages, light and dark, narrow and wide. With
//! `UNCOUPLE_PICTURES` naming a folder, a picture of each is left there.

use crate::app::{App, row};
use anyhow::Result;
use serde_json::json;
use std::path::PathBuf;

const SIZES: [(&str, u32, u32); 3] = [("narrow", 900, 600), ("usual", 1280, 800), ("wide", 2560, 1440)];

struct Looks {
    app: App,
    language: &'static str,
    found: Vec<String>,
}

impl Looks {
    /// A picture taken before the first frame of a new size is black.
    async fn painted(&self) -> Result<()> {
        let painted = "const done = arguments[arguments.length - 1];
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true), 50)));";
        self.app.window.run_async(painted, vec![]).await?;
        Ok(())
    }

    async fn zoom(&self, value: f64) -> Result<()> {
        self.app.invoke("plugin:webview|set_webview_zoom", json!({ "label": "main", "value": value })).await?;
        self.painted().await
    }

    async fn picture(&self, name: &str) -> Result<()> {
        if let Some(folder) = std::env::var_os("UNCOUPLE_PICTURES").map(PathBuf::from) {
            std::fs::create_dir_all(&folder)?;
            self.app.window.picture(&folder.join(name)).await?;
        }
        Ok(())
    }

    /// Looks at what is on the screen now, in both appearances and all sizes.
    async fn at(&mut self, name: &str) -> Result<()> {
        for appearance in ["light", "dark"] {
            self.app.invoke("set_appearance", json!({ "appearance": appearance })).await?;
            self.app.window.find(&format!("css:html[data-theme={appearance}]")).await?;
            for (size, width, height) in SIZES {
                self.app.window.resize(width, height).await?;
                self.painted().await?;
                let picture = format!("{name}-{}-{appearance}-{size}.png", self.language);
                self.picture(&picture).await?;
                let wider =
                    self.app.window.run("return document.documentElement.scrollWidth > innerWidth", vec![]).await?;
                if wider == json!(true) {
                    self.found.push(format!("{picture}: scrolls sideways"));
                }
            }
            // At 200 % in the usual window, and in the smallest one.
            for (width, height) in [(1280, 800), (900, 600)] {
                self.app.window.resize(width, height).await?;
                self.zoom(2.0).await?;
                if self.app.window.run("return document.documentElement.scrollWidth > innerWidth + 1", vec![]).await?
                    == json!(true)
                {
                    self.found.push(format!("{name} {appearance}: scrolls sideways at 200 % of {width}x{height}"));
                }
                self.picture(&format!("{name}-{}-{appearance}-zoomed-{width}.png", self.language)).await?;
                self.zoom(1.0).await?;
            }
            for violation in self.app.window.axe().await? {
                self.found.push(format!("{name} {appearance}: {} {:?}", violation.id, violation.places));
            }
        }
        Ok(())
    }
}

async fn look_at_everything(language: &'static str) -> Result<Vec<String>> {
    let mut looks = Looks { app: App::welcome(language).await?, language, found: Vec::new() };
    looks.at("welcome").await?;
    looks.app.window.click("welcome-sample").await?;
    looks.app.window.find("sample-banner").await?;
    looks.at("email").await?;

    looks.app.window.click("open-track").await?;
    looks.app.window.find("dialog-track").await?;
    looks.at("track").await?;
    looks.app.window.click("dialog-cancel").await?;
    looks.app.window.gone("dialog-track").await?;

    for (name, address, button) in
        [("disable", "hanako.sato@example.co.jp", "row-disable"), ("remove", "h.sato@example.com", "row-remove")]
    {
        looks.app.window.hover(&row(address, "")).await?;
        looks.app.window.click(&row(address, button)).await?;
        looks.app.window.find(&format!("dialog-{name}")).await?;
        looks.at(name).await?;
        looks.app.window.click("dialog-cancel").await?;
        looks.app.window.gone(&format!("dialog-{name}")).await?;
    }

    looks.app.window.click("nav-history").await?;
    looks.app.window.find("history-row").await?;
    looks.at("history").await?;
    for (name, place) in [
        ("sign-in-apps", "app-google"),
        ("storage", "storage-table"),
        ("general/profile", "profile-card"),
        ("general/display", "display-card"),
    ] {
        looks.app.window.run("location.hash = arguments[0]", vec![json!(format!("#/settings/{name}"))]).await?;
        looks.app.window.find(place).await?;
        looks.at(&name.replace('/', "-")).await?;
    }
    Ok(looks.found)
}

#[tokio::test]
async fn every_screen_is_sound_in_japanese() {
    assert_eq!(look_at_everything("ja").await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn every_screen_is_sound_in_english() {
    assert_eq!(look_at_everything("en").await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn an_empty_workspace_and_a_sign_in_dialog_are_sound() {
    let mut looks = Looks { app: App::empty("ja").await.unwrap(), language: "ja", found: Vec::new() };
    looks.at("empty").await.unwrap();
    looks.app.window.click("open-connect").await.unwrap();
    looks.app.window.find("dialog-connect").await.unwrap();
    looks.at("connect").await.unwrap();
    assert_eq!(looks.found, Vec::<String>::new());
}
