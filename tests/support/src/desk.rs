//! The desk itself: display, bus, keyring, folders, browser.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use crate::notifications;
use crate::process::{Owned, tied};
use crate::start::Start;
use crate::tray::Tray;
use crate::wait_for;
use crate::window::Window;

const PASSWORD: &str = "the keyring password of a test";

/// A bus that starts nothing by itself: a keyring or a notification service is there only if a test wants it.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=PATH</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"#;

/// The state of the keyring on a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyring {
    /// No keyring service at all.
    None,
    /// There is one, and it is locked. Nobody is there to type the password.
    Locked,
    /// There is one, and it is open.
    Unlocked,
}

/// Everything around the app, for one test. See the crate's page.
#[derive(Debug)]
pub struct Desk {
    pub(crate) tray: Option<Tray>,
    notifications: Option<Owned>,
    keyring: Option<Owned>,
    bus: Owned,
    screen: Owned,
    display: String,
    folder: TempDir,
    zone: String,
}

impl Desk {
    /// A desk with this keyring.
    ///
    /// # Errors
    /// When one of the programs is missing or doesn't come up.
    pub fn new(keyring: Keyring) -> Result<Self> {
        // Short: the path of a socket may only have about a hundred characters.
        let folder = tempfile::Builder::new().prefix("desk-").tempdir()?;
        let dir = folder.path();
        for name in ["home", "data", "config", "cache", "state", "run", "bin", "logs"] {
            fs::create_dir(dir.join(name))?;
        }
        fs::set_permissions(dir.join("run"), fs::Permissions::from_mode(0o700))?;
        browser(&dir.join("bin/xdg-open"), &dir.join("opened"))?;
        looks(dir, false)?;

        let (screen, number) = Owned::start_and_ask(
            // Without `-noreset` the server begins anew when the last program has gone, and drops whoever connects just then: an app
            // that a test starts again.
            tied("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", "2560x1440x24", "-nolisten", "tcp", "-noreset"])
                .stderr(log(dir, "screen")?),
        )?;
        let display = format!(":{number}");
        let zone = mid_morning();
        fs::write(dir.join("bus.conf"), BUS.replace("PATH", &dir.join("run/bus").display().to_string()))?;
        let (bus, _address) = Owned::start_and_ask(
            tied("dbus-daemon")
                .args(["--nofork", "--print-address=1", "--config-file"])
                .arg(dir.join("bus.conf"))
                .env_clear()
                .envs(environment(dir, &display, &zone))
                .stderr(log(dir, "bus")?),
        )?;
        let mut desk = Self { tray: None, notifications: None, keyring: None, bus, screen, display, folder, zone };
        desk.set_keyring(keyring)?;
        Ok(desk)
    }

    /// Ends the keyring service there is, and starts another one on the same secrets.
    ///
    /// # Errors
    /// When the service doesn't come up.
    pub fn set_keyring(&mut self, keyring: Keyring) -> Result<()> {
        self.keyring = None;
        if keyring == Keyring::None {
            return Ok(());
        }
        if keyring == Keyring::Locked && !self.data().join("keyrings/login.keyring").exists() {
            // Somebody who has a locked keyring has made it before.
            self.keyring = Some(self.keyring_service(true)?);
            self.keyring = None;
        }
        self.keyring = Some(self.keyring_service(keyring == Keyring::Unlocked)?);
        Ok(())
    }

    /// From now on the keyring takes every question and answers none (`true`), or goes on (`false`).
    ///
    /// # Errors
    /// When there is no keyring.
    pub fn freeze_keyring(&self, frozen: bool) -> Result<()> {
        self.keyring.as_ref().context("there is no keyring on this desk")?.freeze(frozen)
    }

    /// A notification server on this desk (`true`), or none, as at the beginning.
    ///
    /// # Errors
    /// When the server doesn't come up.
    pub fn set_notifications(&mut self, there: bool) -> Result<()> {
        self.notifications = None;
        if there {
            self.notifications = Some(notifications::start(self)?);
        }
        Ok(())
    }

    /// From now on the notification server takes every question and answers none (`true`), or goes on (`false`).
    ///
    /// # Errors
    /// When there is no server.
    pub fn freeze_notifications(&self, frozen: bool) -> Result<()> {
        self.notifications.as_ref().context("there is no notification server on this desk")?.freeze(frozen)
    }

    /// A tray on this desk (`true`), or none, as at the beginning.
    ///
    /// # Errors
    /// When it doesn't come on the bus.
    pub fn set_tray(&mut self, there: bool) -> Result<()> {
        self.tray = None;
        if there {
            self.tray = Some(Tray::start(self)?);
        }
        Ok(())
    }

    fn keyring_service(&self, unlock: bool) -> Result<Owned> {
        let mut command = self.tied("gnome-keyring-daemon");
        command
            .args(["--foreground", "--components=secrets"])
            .stdout(Stdio::null())
            .stderr(log(self.folder(), "keyring")?);
        let mut service = if unlock {
            Owned::start_with_input(command.arg("--unlock"), PASSWORD)?
        } else {
            Owned::start(command.stdin(Stdio::null()))?
        };
        for _ in 0..400 {
            let owner = self.ask_bus("org.freedesktop.secrets");
            if owner && (!unlock || self.data().join("keyrings/login.keyring").exists()) {
                return Ok(service);
            }
            anyhow::ensure!(service.is_up(), "the keyring service ended: see {}", self.folder().display());
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        anyhow::bail!("the keyring service doesn't come up")
    }

    /// The bus, for what a test asks or does there itself.
    ///
    /// # Errors
    /// When it doesn't answer.
    pub fn bus(&self) -> Result<zbus::blocking::Connection> {
        let address = format!("unix:path={}", self.folder().join("run/bus").display());
        Ok(zbus::blocking::connection::Builder::address(address.as_str())?.build()?)
    }

    /// True if somebody on the bus has this name.
    pub(crate) fn ask_bus(&self, name: &str) -> bool {
        self.command("dbus-send")
            .args(["--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"])
            .args(["org.freedesktop.DBus.NameHasOwner", &format!("string:{name}")])
            .output()
            .is_ok_and(|reply| String::from_utf8_lossy(&reply.stdout).contains("true"))
    }

    /// What the keyring has under these attributes, as another program would read it.
    #[must_use]
    pub fn secret(&self, attributes: &[(&str, &str)]) -> Option<String> {
        // A keyring that answers nobody must not hold up the test for ever.
        let mut command = self.command("timeout");
        command.args(["10", "secret-tool", "lookup"]).stdin(Stdio::null());
        for (name, value) in attributes {
            command.args([name, value]);
        }
        let output = command.output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Opens the real window.
    ///
    /// # Errors
    /// When the driver or the app doesn't come up.
    pub async fn start(&self, start: Start) -> Result<Window> {
        Window::open(self, start).await
    }

    /// Any program on this desk, with nothing of the surroundings of the test.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        self.surround(Command::new(program))
    }

    /// The same for a program that stays for as long as the desk.
    pub(crate) fn tied(&self, program: &str) -> Command {
        self.surround(tied(program))
    }

    fn surround(&self, mut command: Command) -> Command {
        command.env_clear().envs(environment(self.folder(), &self.display, &self.zone)).current_dir(self.home());
        command
    }

    /// All that the browser was asked to open, oldest first.
    #[must_use]
    pub fn opened(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder().join("opened")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Waits until the browser was asked to open something for the `count`th time, and says what.
    ///
    /// # Errors
    /// When that doesn't happen in time.
    pub async fn wait_opened(&self, count: usize) -> Result<String> {
        wait_for(&format!("address {count} to be opened"), async || {
            Ok(count.checked_sub(1).and_then(|at| self.opened().into_iter().nth(at)))
        })
        .await
    }

    /// A browser that can't be started (`true`), or the usual one.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn break_browser(&self, broken: bool) -> Result<()> {
        let mode = if broken { 0o600 } else { 0o755 };
        Ok(fs::set_permissions(self.folder().join("bin/xdg-open"), fs::Permissions::from_mode(mode))?)
    }

    /// The dark look (`true`) or the light one, as the system says it to programs that start after this.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn dark(&self, dark: bool) -> Result<()> {
        looks(self.folder(), dark)
    }

    /// The whole screen as a picture, when there is ImageMagick to take it.
    ///
    /// # Errors
    /// When it can't be taken.
    pub fn picture(&self, file: &Path) -> Result<()> {
        let status = self.command("import").args(["-window", "root"]).arg(file).status()?;
        anyhow::ensure!(status.success(), "import ended with {status}");
        Ok(())
    }

    /// What stands in the log of one program of this desk.
    #[must_use]
    pub fn log(&self, name: &str) -> String {
        fs::read_to_string(self.folder().join("logs").join(name)).unwrap_or_default()
    }

    /// The folder with everything of this desk.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The home folder.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.folder().join("home")
    }

    /// Where programs keep what belongs to the person (`XDG_DATA_HOME`).
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    /// The processes of the desk itself.
    #[must_use]
    pub fn processes(&self) -> Vec<u32> {
        let services = [self.keyring.as_ref(), self.notifications.as_ref()];
        [&self.screen, &self.bus].into_iter().chain(services.into_iter().flatten()).map(Owned::id).collect()
    }
}

/// The file where one program of a desk leaves its complaints.
pub(crate) fn log(desk: &Path, name: &str) -> Result<fs::File> {
    Ok(fs::File::options().create(true).append(true).open(desk.join("logs").join(name))?)
}

fn environment(desk: &Path, display: &str, zone: &str) -> Vec<(&'static str, OsString)> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut ours = vec![desk.join("bin")];
    ours.extend(std::env::split_paths(&path));
    let folder = |name: &str| desk.join(name).into_os_string();
    let mut bus = OsString::from("unix:path=");
    bus.push(folder("run/bus"));
    vec![
        ("PATH", std::env::join_paths(ours).unwrap_or(path)),
        ("HOME", folder("home")),
        ("XDG_DATA_HOME", folder("data")),
        ("XDG_CONFIG_HOME", folder("config")),
        ("XDG_CACHE_HOME", folder("cache")),
        ("XDG_STATE_HOME", folder("state")),
        ("XDG_RUNTIME_DIR", folder("run")),
        ("DBUS_SESSION_BUS_ADDRESS", bus),
        ("DISPLAY", display.into()),
        ("GDK_BACKEND", "x11".into()),
        ("LANG", "C.UTF-8".into()),
        ("TZ", zone.into()),
        // There is no accessibility bus on a desk; asking for it only costs time.
        ("NO_AT_BRIDGE", "1".into()),
        ("RUST_BACKTRACE", "1".into()),
    ]
}

/// The zone in which it is between ten and eleven in the morning, for all that a desk starts: what the app does by the hour (a digest at nine,
/// "tomorrow", one digest a day) is the same whenever the tests run, and midnight is far.
fn mid_morning() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let hour = i64::try_from(seconds / 3600 % 24).unwrap_or(0);
    let east = if hour > 22 { 34 - hour } else { 10 - hour };
    // In these names the sign says how far UTC is ahead.
    format!("Etc/GMT{:+}", -east)
}

/// A browser that writes down what it should have opened.
fn browser(script: &Path, opened: &Path) -> Result<()> {
    fs::write(script, format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", opened.display()))?;
    Ok(fs::set_permissions(script, fs::Permissions::from_mode(0o755))?)
}

/// The settings of the desktop that reach a web page: dark or light, and no animations to wait for.
fn looks(desk: &Path, dark: bool) -> Result<()> {
    let folder = desk.join("config/gtk-3.0");
    fs::create_dir_all(&folder)?;
    let text = format!(
        "[Settings]\ngtk-theme-name={}\ngtk-application-prefer-dark-theme={dark}\ngtk-enable-animations=false\ngtk-cursor-blink=false\n",
        if dark { "Adwaita-dark" } else { "Adwaita" }
    );
    Ok(fs::write(folder.join("settings.ini"), text)?)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

    use std::io::{Read as _, Write as _};
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn the_display_takes_whoever_comes_right_after_the_last_one_has_gone() {
        let desk = Desk::new(Keyring::None).unwrap();
        let socket = format!("/tmp/.X11-unix/X{}", desk.display.trim_start_matches(':'));
        for turn in 0..500 {
            // X Window System Protocol, "Connection Setup": least significant byte first, version 11.0, no authorization; 1 is "success".
            let mut program = UnixStream::connect(&socket).unwrap();
            program.write_all(&[b'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap();
            let mut answer = [0; 8];
            let told = program.read_exact(&mut answer);
            assert!(told.is_ok() && answer.starts_with(&[1]), "turn {turn}: {told:?}, {answer:?}");
        }
    }
}
