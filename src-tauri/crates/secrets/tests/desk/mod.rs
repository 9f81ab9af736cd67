//! A bus and a keyring daemon that belong to one test and end with it.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a desktop that can't be built fails its test")]
#![expect(clippy::print_stdout, reason = "says which test did not run, and why")]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const INSIDE: &str = "UNCOUPLE_TEST_DESK";
const PARTS: [&str; 3] = ["dbus-daemon", "gnome-keyring-daemon", "secret-tool"];

/// The folder of one test's desktop.
#[derive(Clone)]
pub(crate) struct Desk(PathBuf);

fn missing() -> Option<&'static str> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    PARTS.into_iter().find(|part| !std::env::split_paths(&path).any(|dir| dir.join(part).is_file()))
}

/// Runs the body in a child process whose session bus is private.
pub(crate) fn on_a_private_bus<F: Future<Output = ()>>(body: impl FnOnce(Desk) -> F) {
    if let Some(folder) = std::env::var_os(INSIDE) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        return runtime.block_on(body(Desk(folder.into())));
    }
    if let Some(part) = missing() {
        println!("not run: {part} is not installed");
        return;
    }
    let folder = TempDir::new().unwrap();
    let bus = Bus::start(folder.path());
    let thread = std::thread::current();
    let name = thread.name().expect("tests run on threads that are named after them");
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(INSIDE, folder.path())
        .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
        .env("XDG_DATA_HOME", folder.path().join("data"))
        .env("XDG_RUNTIME_DIR", folder.path())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .status()
        .unwrap();
    assert!(status.success(), "{name} failed on its private bus");
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Bus {
    address: String,
    _process: Ended,
}

impl Bus {
    fn start(folder: &Path) -> Self {
        let config = folder.join("bus.conf");
        let text = format!(
            "<busconfig><type>session</type><listen>unix:tmpdir={}</listen><auth>EXTERNAL</auth>\
             <policy context='default'><allow send_destination='*' eavesdrop='true'/>\
             <allow eavesdrop='true'/><allow own='*'/></policy></busconfig>",
            folder.display()
        );
        std::fs::write(&config, text).unwrap();
        let mut process = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { address: address.trim().to_owned(), _process: Ended(process) }
    }
}

/// A running keyring daemon.
pub(crate) struct Daemon(Ended);

impl Daemon {
    /// One whose login keyring is unlocked, if the password is the one that it was made with.
    pub(crate) fn unlocked(desk: &Desk, password: &str) -> Self {
        Self::start(desk, Some(password))
    }

    /// One that was only ever started.
    pub(crate) fn without_password(desk: &Desk) -> Self {
        Self::start(desk, None)
    }

    fn start(desk: &Desk, password: Option<&str>) -> Self {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        command.arg(format!("--control-directory={}", desk.0.join("control").display()));
        if password.is_some() {
            command.arg("--unlock");
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(password.unwrap_or_default().as_bytes()).unwrap();
        drop(stdin);
        let daemon = Self(Ended(child));
        let end = Instant::now() + Duration::from_secs(10);
        while !on_the_bus() {
            assert!(Instant::now() < end, "the keyring daemon did not come up");
            std::thread::sleep(Duration::from_millis(10));
        }
        daemon
    }

    /// Sends a signal to this process only.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.0.0.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }
}

fn on_the_bus() -> bool {
    let asked = Command::new("dbus-send")
        .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"])
        .args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"])
        .output()
        .unwrap();
    String::from_utf8_lossy(&asked.stdout).contains("boolean true")
}

/// Stores an entry as another program would.
pub(crate) fn store(attributes: &[(&str, &str)], secret: &str) {
    let mut command = Command::new("secret-tool");
    command.args(["store", "--label=test"]);
    for (name, value) in attributes {
        command.args([name, value]);
    }
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(secret.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}
