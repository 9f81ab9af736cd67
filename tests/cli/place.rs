//! A place to run the program in: folders of its own, an organisation to talk to, and a token handed over.

use secrecy::ExposeSecret as _;
use serde_json::Value;
use std::ffi::OsString;
use std::fs::File;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use uncouple_desk::Desk;
use uncouple_testkit::directory::{GoogleApp, GoogleOrg, GraphApp, GraphOrg};

/// The program: the one that the tests were built with, or the one that a measurement names.
pub(crate) fn program() -> OsString {
    std::env::var_os("UNCOUPLE_BENCH_CLI").unwrap_or_else(|| env!("CARGO_BIN_EXE_uncouple-cli").into())
}

/// Runs the program with the file of its token as descriptor 3. The shell becomes the program, so its id is the
/// program's.
const WITH_TOKEN: &str = r#"exec "$@" 3<"$0""#;

/// Folders, variables and a token.
pub(crate) struct Place {
    folder: TempDir,
    variables: Vec<(String, OsString)>,
    token: Vec<String>,
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Done {
    /// None: a signal ended it.
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Done {
    /// The document on standard output.
    pub(crate) fn json(&self) -> Value {
        let document = serde_json::from_str(&self.out);
        assert!(document.is_ok(), "no document: {self:#?}");
        document.unwrap()
    }

    /// The code of the error, from the last line of standard error.
    pub(crate) fn code(&self) -> String {
        let line = self.err.lines().last().unwrap_or_default();
        if let Ok(error) = serde_json::from_str::<Value>(line) {
            return error["error"]["code"].as_str().unwrap_or_default().to_owned();
        }
        let line = self.err.lines().find_map(|line| line.strip_prefix("uncouple-cli: ")).unwrap_or_default();
        line.split(':').next().unwrap_or_default().to_owned()
    }

    /// It ended so.
    #[track_caller]
    pub(crate) fn ended(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{self:#?}");
        self
    }
}

/// The program, while it runs. It is ended when this is dropped.
pub(crate) struct Running {
    child: Child,
    out: PathBuf,
    err: PathBuf,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.id().to_string()).status().unwrap();
        assert!(sent.success());
    }

    /// What it said on standard error until now.
    pub(crate) fn said(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.err).unwrap()).into_owned()
    }

    pub(crate) fn is_over(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Ends it as nothing else can.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The most memory until now, in KiB. None: it is over.
    pub(crate) fn peak(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().trim_end_matches("kB").trim().parse().ok()
    }

    pub(crate) async fn done(mut self) -> Done {
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        done(status, &self.out, &self.err)
    }
}

fn done(status: ExitStatus, out: &Path, err: &Path) -> Done {
    let read = |path| String::from_utf8(std::fs::read(path).unwrap()).unwrap();
    Done { status: status.code(), out: read(out), err: read(err) }
}

fn variable(name: &str, value: impl Into<OsString>) -> (String, OsString) {
    (name.to_owned(), value.into())
}

impl Place {
    /// A place with nobody to talk to.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut variables = vec![variable("PATH", std::env::var_os("PATH").unwrap()), variable("LANG", "C.UTF-8")];
        for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"] {
            let dir = folder.path().join(name.to_ascii_lowercase());
            std::fs::create_dir(&dir).unwrap();
            variables.push(variable(name, dir));
        }
        Self { folder, variables, token: Vec::new() }
    }

    /// A place on a desk, with its bus, keyring and browser, and with these variables.
    pub(crate) fn at(desk: &Desk, variables: impl IntoIterator<Item = (String, OsString)>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let surroundings = desk.command(program());
        let own =
            surroundings.get_envs().filter_map(|(name, value)| Some((name.to_str()?.to_owned(), value?.to_owned())));
        let variables = own.chain(variables).collect();
        let mut place = Self { folder, variables, token: Vec::new() };
        place.set("UNCOUPLE_WORKSPACE", place.path("workspace.db"));
        place
    }

    /// A place with an administrator's token for Google.
    pub(crate) fn google(org: &GoogleOrg) -> Self {
        let mut place = Self::new();
        place.variables.extend(google_variables(org));
        let admin = org.state().address(0);
        place.token = ["--token-fd", "3", "--suite", "google", "--admin", &admin].map(str::to_owned).to_vec();
        place.hand_over(org.sign_in().access_token().expose_secret());
        place
    }

    /// The same for Microsoft.
    pub(crate) fn microsoft(org: &GraphOrg) -> Self {
        let mut place = Self::new();
        place.variables.extend(microsoft_variables(org));
        place.token = ["--token-fd", "3", "--suite", "microsoft"].map(str::to_owned).to_vec();
        place.hand_over(org.sign_in().access_token().expose_secret());
        place
    }

    /// The token to hand over from now on.
    pub(crate) fn hand_over(&self, token: &str) {
        let mut file =
            File::options().write(true).create(true).truncate(true).mode(0o600).open(self.token_file()).unwrap();
        std::io::Write::write_all(&mut file, token.as_bytes()).unwrap();
    }

    fn token_file(&self) -> PathBuf {
        self.path("token")
    }

    /// One more variable of the environment.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.push(variable(name, value));
    }

    /// A path in this place.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file in this place.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn workspace(&self) -> PathBuf {
        let named = self.variables.iter().find(|(name, _)| name == "UNCOUPLE_WORKSPACE");
        named.map_or_else(|| self.path("xdg_data_home/uncouple/workspace.db"), |(_, file)| PathBuf::from(file))
    }

    /// Whether the workspace is named, and not in its usual place.
    fn is_named(&self) -> bool {
        self.variables.iter().any(|(name, _)| name == "UNCOUPLE_WORKSPACE")
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = if self.token.is_empty() {
            Command::new(program())
        } else {
            let mut shell = Command::new("sh");
            shell.args(["-c", WITH_TOKEN]).arg(self.token_file()).arg(program()).args(&self.token);
            shell
        };
        command.args(args).env_clear().envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    pub(crate) fn start(&self, args: &[&str]) -> Running {
        self.start_with(self.command(args))
    }

    pub(crate) fn start_with(&self, mut command: Command) -> Running {
        let files = tempfile::Builder::new().prefix("out-").tempdir_in(self.folder.path()).unwrap().keep();
        let (out, err) = (files.join("out"), files.join("err"));
        let child = command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap()).spawn().unwrap();
        Running { child, out, err }
    }

    /// Runs the program to its end.
    pub(crate) async fn run(&self, args: &[&str]) -> Done {
        self.start(args).done().await
    }

    /// The same with something on standard input.
    pub(crate) async fn run_with_input(&self, args: &[&str], input: &str) -> Done {
        let mut command = self.command(args);
        command.stdin(File::open(self.file("input", input)).unwrap());
        self.start_with(command).done().await
    }

    /// Works the providers as hard as the connections carry.
    pub(crate) async fn unhurried(&self) {
        if !self.workspace().exists() && self.is_named() {
            // A workspace that is named and not there is made by few commands; without a sign-in this one ends in vain.
            self.run(&["sign-in", "microsoft"]).await.ended(1);
        }
        for at in ["google", "microsoft"] {
            self.run(&["pace", at, "--calls-per-minute", "0"]).await.ended(0);
        }
    }

    /// Plans everything, and gives the plan's id.
    pub(crate) async fn plan_all(&self) -> String {
        let plan = self.run(&["--json", "plan", "--all"]).await.ended(0).json();
        plan["plan"]["id"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn google_variables(org: &GoogleOrg) -> Vec<(String, OsString)> {
    [("CLIENT_ID", "a-client-id".to_owned()), ("API_URL", org.url()), ("TOKEN_URL", org.token_url())]
        .map(|(name, value)| variable(&format!("UNCOUPLE_GOOGLE_{name}"), value))
        .to_vec()
}

pub(crate) fn microsoft_variables(org: &GraphOrg) -> Vec<(String, OsString)> {
    [("CLIENT_ID", "a-client-id".to_owned()), ("API_URL", org.url()), ("TOKEN_URL", org.token_url())]
        .map(|(name, value)| variable(&format!("UNCOUPLE_MICROSOFT_{name}"), value))
        .to_vec()
}

/// A place whose organisation was searched as fast as it goes, with HubSpot's app chosen.
pub(crate) async fn searched_google(org: &GoogleOrg) -> Place {
    let place = Place::google(org);
    place.unhurried().await;
    place.run(&["find"]).await.ended(0);
    place.run(&["apps", "choose", GoogleApp::HUBSPOT.client_id]).await.ended(0);
    place
}

/// The same at Microsoft.
pub(crate) async fn searched_microsoft(org: &GraphOrg) -> Place {
    let place = Place::microsoft(org);
    place.unhurried().await;
    place.run(&["find"]).await.ended(0);
    place.run(&["apps", "choose", &GraphApp::HUBSPOT_SALES.app_id.to_string()]).await.ended(0);
    place
}

/// What the specifications say of all that was sent and answered.
#[track_caller]
pub(crate) fn as_specified(checked: bool, violations: &[String]) {
    if !checked {
        println!("SKIPPED: the providers' specifications are not here to check against");
    }
    assert!(violations.is_empty(), "{violations:#?}");
}

/// Whether a file or any file of a folder has this in it.
pub(crate) fn has(path: &Path, what: &str) -> bool {
    if path.is_dir() {
        return std::fs::read_dir(path).unwrap().any(|entry| has(&entry.unwrap().path(), what));
    }
    std::fs::read(path).unwrap_or_default().windows(what.len()).any(|window| window == what.as_bytes())
}
