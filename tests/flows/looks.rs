//! Every screen and dialog by axe-core, in both languages, light and dark, narrow and wide. With
//! `UNCOUPLE_PICTURES` naming a folder, a picture of each is left there.

use crate::administer;
use crate::app::{App, row};
use anyhow::Result;
use serde_json::json;
use std::path::PathBuf;
use uncouple_testkit::directory::{Fault, GoogleApp, GoogleOrg, Route};

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
        // Done again if need be: in the middle of a new layout the driver now and then loses a script's answer.
        let zoom = json!({ "label": "main", "value": value });
        let zoomed = async || self.app.invoke("plugin:webview|set_webview_zoom", zoom.clone()).await.map(Some);
        uncouple_desk::wait_for("the zoom", zoomed).await?;
        self.painted().await
    }

    async fn picture(&self, name: &str) -> Result<()> {
        if let Some(folder) = std::env::var_os("UNCOUPLE_PICTURES").map(PathBuf::from) {
            std::fs::create_dir_all(&folder)?;
            self.app.window.picture(&folder.join(name)).await?;
        }
        Ok(())
    }

    /// Looks at an open dialog, and closes it.
    async fn dialog(&mut self, name: &str) -> Result<()> {
        let dialog = format!("dialog-{name}");
        self.app.window.find(&dialog).await?;
        self.at(&dialog).await?;
        // The last size may leave the button below the fold of the dialog.
        self.app.window.resize(1280, 800).await?;
        self.app.window.click(&format!("{dialog} dialog-cancel")).await?;
        self.app.window.gone(&dialog).await
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
    looks.app.window.run("location.hash = '#/admin/access'", vec![]).await?;
    looks.app.window.find("access-row").await?;
    looks.at("sample-access").await?;
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

/// The admin's half: channels, people, notices, and the dialogs there.
async fn look_at_the_team(language: &'static str) -> Result<Vec<String>> {
    let mut looks = Looks { app: App::welcome(language).await?, language, found: Vec::new() };
    looks.app.window.click("welcome-sample").await?;
    looks.app.window.find("sample-banner").await?;
    let overview = looks.app.invoke("overview", json!({})).await?;
    let id = |list: &str, key: &str, value: &str| {
        let list = overview["ok"][list].as_array().cloned().unwrap_or_default();
        list.iter().find(|one| one[key] == value).map(|one| one["id"].as_str().unwrap_or_default().to_owned())
    };
    let channel = id("channels", "address", "support@example.co.jp").unwrap_or_default();
    let inbox = overview["ok"]["channels"][0]["inbox"].as_str().unwrap_or_default().to_owned();
    let lost = id("channels", "address", "help@example.com").unwrap_or_default();
    let hers = id("others", "address", "misaki@example.co.jp").unwrap_or_default();
    // Something to see: a job, a loss, a question, and what others were told of it.
    for (command, args) in [
        ("report_lost", json!({ "mailbox": lost })),
        ("ask_owner", json!({ "mailbox": hers })),
        ("delete_channel", json!({ "mailbox": channel })),
    ] {
        looks.app.invoke(command, args).await?;
    }
    let channels = format!("/settings/inbox/channels?inbox={inbox}");
    for (name, route, place) in [
        ("inbox", format!("/inbox?inbox={inbox}"), "inbox-card"),
        ("channels", channels.clone(), "channel-list"),
        ("members", "/settings/members".to_owned(), "members-list"),
        ("notice-settings", "/settings/notices".to_owned(), "desktop-card"),
        ("about", "/settings/about".to_owned(), "licence-list"),
        ("notices", "/notices".to_owned(), "notice-row"),
    ] {
        looks.app.window.run("location.hash = arguments[0]", vec![json!(format!("#{route}"))]).await?;
        looks.app.window.find(place).await?;
        looks.at(name).await?;
    }

    let go = |route: String| json!(format!("#{route}"));
    looks.app.window.run("location.hash = arguments[0]", vec![go(channels)]).await?;
    for (name, opener, entry) in [
        ("inbox", "inbox-actions", Some("inbox-create")),
        ("access", "inbox-actions", Some("inbox-access")),
        ("channel", "open-channel", None),
    ] {
        looks.app.window.click(opener).await?;
        if let Some(entry) = entry {
            looks.app.window.click(entry).await?;
        }
        looks.dialog(name).await?;
    }
    let address = "ml@inbound.example.com";
    looks.app.window.hover(&row(address, "")).await?;
    looks.app.window.click(&row(address, "row-delete")).await?;
    looks.dialog("delete").await?;

    looks.app.window.run("location.hash = arguments[0]", vec![go("/settings/general/email".to_owned())]).await?;
    for name in ["reconnect", "move", "to-team"] {
        let address = "hanako.sato@example.co.jp";
        looks.app.window.hover(&row(address, "")).await?;
        looks.app.window.click(&row(address, "row-menu")).await?;
        looks.app.window.click(&format!("menu-{name}")).await?;
        looks.dialog(name).await?;
    }
    looks.app.window.run("location.hash = arguments[0]", vec![go("/settings/members".to_owned())]).await?;
    looks.app.window.click("member-add").await?;
    looks.dialog("member").await?;
    Ok(looks.found)
}

/// The administrators' screens, with an organisation behind them: from the sign-in to a result that is not all green.
async fn look_at_the_organisation(language: &'static str) -> Result<Vec<String>> {
    let org = GoogleOrg::with(40).start().await;
    let app = administer::google(language, &org).await;
    let mut looks = Looks { app, language, found: Vec::new() };
    administer::search(&looks.app).await;
    looks.app.window.find("apps-panel").await?;
    looks.at("apps").await?;
    looks.app.window.resize(1280, 800).await?;
    let hubspot = GoogleApp::HUBSPOT.client_id;
    looks.app.window.click(&format!("css:[data-app='{hubspot}'] [data-testid=app-choose]")).await?;
    looks.app.window.find("select-page").await?;
    looks.app.window.click("apps-toggle").await?;
    looks.at("access-list").await?;
    looks.app.window.resize(1280, 800).await?;
    for (name, opener) in [("list", "plan-list"), ("leaver", "plan-leaver"), ("admin-sign-in", "admin-sign-in")] {
        looks.app.window.click(opener).await?;
        looks.dialog(name).await?;
    }
    administer::plan_all(&looks.app).await;
    looks.at("plan").await?;
    looks.app.window.resize(1280, 800).await?;
    looks.app.window.click("plan-start").await?;
    looks.dialog("start").await?;
    for person in [3, 5, 8] {
        org.faults().always(Route::DeleteToken.of(person), Fault::Forbidden);
    }
    administer::start(&looks.app).await;
    looks.app.window.find("run-reasons").await?;
    looks.at("result").await?;
    looks.app.window.resize(1280, 800).await?;
    looks.app.window.click("side-runs").await?;
    looks.app.window.find("run-row").await?;
    looks.at("runs").await?;
    Ok(looks.found)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_organisation_is_sound_in_japanese() {
    assert_eq!(look_at_the_organisation("ja").await.unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_organisation_is_sound_in_english() {
    assert_eq!(look_at_the_organisation("en").await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn the_team_is_sound_in_japanese() {
    assert_eq!(look_at_the_team("ja").await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn the_team_is_sound_in_english() {
    assert_eq!(look_at_the_team("en").await.unwrap(), Vec::<String>::new());
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
