//! The notification server of a desk: a real dunst, which shows what it is sent and writes it down.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, Result, ensure};
use tokio::sync::oneshot;
use tokio::time::timeout;
use zbus::blocking::{Connection, MessageIterator, Proxy};
use zbus::zvariant::OwnedValue;

use crate::desk::{Desk, log};
use crate::process::Owned;
use crate::{PATIENCE, wait_for};

/// What a notification server is called on the bus.
const NAME: &str = "org.freedesktop.Notifications";

/// Where it is served.
const PATH: &str = "/org/freedesktop/Notifications";

/// Nothing goes away by itself, all of them have room, the oldest stands first, and two with the same words are two.
const SETTINGS: &str = r#"[global]
    font = Noto Sans CJK JP 11
    width = 420
    notification_limit = 0
    history_length = 0
    idle_threshold = 0
    sort = false
    stack_duplicates = false
    markup = full
    always_run_script = true
    dmenu = CHOICE
[urgency_low]
    timeout = 0
[urgency_normal]
    timeout = 0
[urgency_critical]
    timeout = 0
[everything]
    summary = "*"
    script = "SCRIPT"
"#;

/// Between two fields and behind a whole record: characters that no text of ours has.
const FIELD: char = '\u{1e}';
const RECORD: char = '\u{1f}';

/// A pop-up, as the server was sent it: markup stands here as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The server's number for it.
    pub id: u32,
    /// The program that it says it comes from.
    pub app: String,
    /// Its title.
    pub summary: String,
    /// Its text.
    pub body: String,
}

/// Starts the server on this desk.
pub(crate) fn start(desk: &Desk) -> Result<Owned> {
    let folder = desk.folder();
    let (script, settings) = (folder.join("bin/notification-shown"), folder.join("config/dunstrc"));
    let line = r#"printf '%s\036%s\036%s\036%s\037' "$DUNST_ID" "$DUNST_APP_NAME" "$DUNST_SUMMARY" "$DUNST_BODY""#;
    fs::write(&script, format!("#!/bin/sh\n{line} >> '{}'\n", shown(folder).display()))?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    let choice = folder.join("bin/notification-choice");
    fs::write(&choice, format!("#!/bin/sh\ngrep -F \"[$(cat '{}'),default]\"\n", chosen(folder).display()))?;
    fs::set_permissions(&choice, fs::Permissions::from_mode(0o755))?;
    let text = SETTINGS.replace("SCRIPT", &script.display().to_string());
    fs::write(&settings, text.replace("CHOICE", &choice.display().to_string()))?;
    let mut server = Owned::start(
        desk.tied("dunst")
            .arg("-conf")
            .arg(&settings)
            .stdin(Stdio::null())
            .stdout(log(folder, "notifications")?)
            .stderr(log(folder, "notifications")?),
    )?;
    for _ in 0..400 {
        if desk.ask_bus(NAME) {
            return Ok(server);
        }
        ensure!(server.is_up(), "the notification server ended: {}", desk.log("notifications"));
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    anyhow::bail!("the notification server doesn't come up")
}

fn shown(folder: &Path) -> std::path::PathBuf {
    folder.join("notifications")
}

/// Which one is to be clicked.
fn chosen(folder: &Path) -> std::path::PathBuf {
    folder.join("notification-chosen")
}

fn records(text: &str) -> Vec<Shown> {
    // What stands behind the last mark is still being written.
    let whole = text.rsplit_once(RECORD).map_or("", |(whole, _)| whole);
    let fields = whole.split(RECORD).map(|record| record.split(FIELD).collect::<Vec<_>>());
    fields
        .filter_map(|fields| match fields.as_slice() {
            [id, app, summary, body] => Some(Shown {
                id: id.parse().ok()?,
                app: (*app).to_owned(),
                summary: (*summary).to_owned(),
                body: (*body).to_owned(),
            }),
            _ => None,
        })
        .collect()
}

impl Desk {
    /// Everything that popped up on this desk so far, oldest first.
    #[must_use]
    pub fn notifications(&self) -> Vec<Shown> {
        // The number is the server's, and a script of its own writes each down: two may overtake each other.
        let mut all = records(&fs::read_to_string(shown(self.folder())).unwrap_or_default());
        all.sort_by_key(|shown| shown.id);
        all
    }

    /// Waits until something popped up for the `count`th time, and says what.
    ///
    /// # Errors
    /// When that doesn't happen in time.
    pub async fn wait_notification(&self, count: usize) -> Result<Shown> {
        wait_for(&format!("notification {count}"), async || {
            Ok(count.checked_sub(1).and_then(|at| self.notifications().into_iter().nth(at)))
        })
        .await
    }

    /// What is on the screen now, oldest first: neither clicked nor taken away.
    ///
    /// # Errors
    /// When there is no server to ask, or something is on its way to the screen or off it.
    pub fn displayed(&self) -> Result<Vec<Shown>> {
        let bus = self.bus()?;
        let dunst = dunst(&bus)?;
        let history: Vec<HashMap<String, OwnedValue>> = dunst.call("NotificationListHistory", &())?;
        let id = |one: &HashMap<String, OwnedValue>| one.get("id").and_then(|id| i32::try_from(id).ok());
        let closed: Vec<u32> = history.iter().filter_map(|one| id(one)?.try_into().ok()).collect();
        let mut all = self.notifications();
        all.retain(|shown| !closed.contains(&shown.id));
        let length: u32 = dunst.get_property("displayedLength")?;
        ensure!(usize::try_from(length)? == all.len(), "{length} on the screen, and {} sent", all.len());
        Ok(all)
    }

    /// Waits until so many are on the screen, and says which.
    ///
    /// # Errors
    /// When that doesn't happen in time.
    pub async fn wait_displayed(&self, count: usize) -> Result<Vec<Shown>> {
        wait_for(&format!("{count} notifications on the screen"), async || {
            let displayed = self.displayed()?;
            ensure!(displayed.len() == count, "there are {}", displayed.len());
            Ok(Some(displayed))
        })
        .await
    }

    /// Clicks on a pop-up, once it is on the screen.
    ///
    /// # Errors
    /// When it is not there any more.
    pub async fn click_notification(&self, shown: &Shown) -> Result<()> {
        let displayed = wait_for("what is on the screen", async || self.displayed().map(Some)).await?;
        ensure!(displayed.iter().any(|one| one.id == shown.id), "it is not on the screen");
        let clicked = self.heard("ActionInvoked", shown.id)?;
        // By its position only the first can be reached (dunst 1.9 counts those that wait): so through the menu of
        // all, whose lines end with the number and the action.
        fs::write(chosen(self.folder()), shown.id.to_string())?;
        let bus = self.bus()?;
        dunst(&bus)?.call::<_, _, ()>("ContextMenuCall", &())?;
        timeout(PATIENCE, clicked).await.context("the click was not taken")??;
        // A click takes it away; the menu does not.
        bus.call_method(Some(NAME), PATH, Some(NAME), "CloseNotification", &(shown.id))?;
        Ok(())
    }

    /// Comes true when the server says this of that notification, to whomever.
    fn heard(&self, what: &'static str, id: u32) -> Result<oneshot::Receiver<()>> {
        let bus = self.bus()?;
        let rule = format!("type='signal',interface='{NAME}',member='{what}',eavesdrop='true'");
        let (this, path) = ("org.freedesktop.DBus", "/org/freedesktop/DBus");
        let messages = MessageIterator::from(&bus);
        bus.call_method(Some(this), path, Some(this), "AddMatch", &(rule))?;
        let (send, receive) = oneshot::channel();
        // Ends with the bus at the latest.
        std::thread::spawn(move || {
            let says = |message: zbus::Message| {
                let member = message.header().member().map(|member| member.as_str() == what);
                member == Some(true) && message.body().deserialize::<(u32, String)>().is_ok_and(|(of, _)| of == id)
            };
            if messages.map_while(Result::ok).any(says) {
                // Nobody may be waiting any more.
                let _ = send.send(());
            }
        });
        Ok(receive)
    }
}

/// What dunst can do besides the standard.
fn dunst(bus: &Connection) -> Result<Proxy<'static>> {
    Ok(Proxy::new(bus, NAME, PATH, "org.dunstproject.cmd0")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_is_still_being_written_is_left_out() {
        let text = "2\u{1e}App\u{1e}題\u{1e}two\nlines\u{1f}3\u{1e}App\u{1e}half";
        let expected = Shown { id: 2, app: "App".into(), summary: "題".into(), body: "two\nlines".into() };
        assert_eq!(records(text), [expected]);
        assert_eq!(records("2\u{1e}App"), []);
    }
}
