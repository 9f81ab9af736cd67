//! What the app takes from the system around it: places, language, names, sign-in apps.

use jiff::{Timestamp, tz::TimeZone};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use uncouple_engine::ports::{Clock, Ids, SignInApp, SignInAt};
use uncouple_engine::wire::Language;
use uuid::Uuid;

/// Where things are.
#[derive(Clone, Debug)]
pub struct Places {
    /// The workspace of this start.
    pub workspace: PathBuf,
    /// The sample, beside it, so that two workspaces do not share one.
    pub sample: PathBuf,
    /// A folder to suggest for exports.
    pub exports: PathBuf,
    /// The file with this installation's identity. None: the system has no folder for it.
    pub device: Option<PathBuf>,
}

/// Finds the places. The command line comes before the environment, and both before the data folder.
pub fn places(given: Option<PathBuf>) -> Option<Places> {
    let named = given.or_else(|| std::env::var_os("UNCOUPLE_WORKSPACE").filter(|f| !f.is_empty()).map(PathBuf::from));
    let workspace = match named {
        Some(file) => std::path::absolute(file).ok()?,
        None => {
            let folder = directories::ProjectDirs::from("dev", "", "Uncouple")?.data_dir().to_owned();
            keep_private(&folder);
            folder.join("workspace.db")
        }
    };
    let mut sample = workspace.clone().into_os_string();
    // Nobody else calls a file so: the sample is deleted without being asked for.
    sample.push(".uncouple-sample");
    let people = directories::UserDirs::new();
    let exports = people
        .as_ref()
        .and_then(|dirs| dirs.document_dir().filter(|d| d.is_dir()).or(Some(dirs.home_dir())))
        .map_or_else(std::env::temp_dir, std::path::Path::to_path_buf);
    // Not the folder that follows an account from computer to computer.
    let device = directories::ProjectDirs::from("dev", "", "Uncouple");
    let device = device.map(|dirs| dirs.data_local_dir().join("device.json"));
    Some(Places { workspace, sample: sample.into(), exports, device })
}

/// Lets nobody else into the app's own data folder, which earlier versions made as the umask said. A folder that a person
/// named may be shared with others for good reasons; the files in it are closed all the same.
fn keep_private(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if let Ok(found) = std::fs::symlink_metadata(folder)
            && found.is_dir()
            && found.permissions().mode() & 0o077 != 0
        {
            // Another account's folder refuses, and is not the place to say so.
            let _ =
                std::fs::set_permissions(folder, std::fs::Permissions::from_mode(found.permissions().mode() & 0o700));
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
}

/// The language of the system: Japanese where it says so, else English. `UNCOUPLE_LANG` comes first.
pub fn system_language() -> Language {
    let said = std::env::var("UNCOUPLE_LANG").ok().or_else(sys_locale::get_locale).unwrap_or_default();
    if said.to_ascii_lowercase().starts_with("ja") { Language::Japanese } else { Language::English }
}

/// The person's name as the system has it.
pub fn persons_name() -> String {
    let real = whoami::realname().unwrap_or_default();
    let real = real.trim();
    if real.is_empty() { whoami::username().unwrap_or_default() } else { real.to_owned() }
}

/// A sign-in app from the environment, for people who hand the app out in a company.
pub fn sign_in_app(at: SignInAt) -> SignInApp {
    let provider = match at {
        SignInAt::Google => "GOOGLE",
        SignInAt::Microsoft => "MICROSOFT",
    };
    let read = |what: &str| {
        std::env::var(format!("UNCOUPLE_{provider}_{what}")).ok().map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
    };
    SignInApp {
        client_id: read("CLIENT_ID").unwrap_or_default(),
        client_secret: read("CLIENT_SECRET"),
        authorize_url: read("AUTHORIZE_URL"),
        token_url: read("TOKEN_URL"),
        revoke_url: read("REVOKE_URL"),
        jwks_url: read("JWKS_URL"),
        issuer: read("ISSUER"),
        api_url: read("API_URL"),
    }
}

/// Keeps this process and what it starts from leaving copies of their memory on the disk when they crash: tokens are in it,
/// and stay in it after they were forgotten, because the libraries that send them keep copies of their own.
///
/// One byte and not none: a handler that the system starts for a crash (a pipe in `core_pattern`) is started at a limit of
/// none, too, and only not at one (`fs/coredump.c` of Linux 6.12; core(5) tells of the rest). Where it can't be set nothing
/// else is different.
pub fn no_core_dumps() {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, getrlimit, setrlimit};
        // Before the log is there, so a refusal has nowhere to go.
        let _ =
            getrlimit(Resource::RLIMIT_CORE).and_then(|(_, hard)| setrlimit(Resource::RLIMIT_CORE, hard.min(1), hard));
    }
}

/// Logs to standard error, warnings and worse unless `UNCOUPLE_LOG` says otherwise.
pub fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("UNCOUPLE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Colours are for terminals; in a file they would stand between the words.
        .with_ansi(std::io::stderr().is_terminal());
    // A second logger can only come from a test that has one already.
    let _ = subscriber.try_init();
}

/// The system's clock and zone.
#[derive(Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now().saturating_add(shift()).unwrap_or_else(|_| Timestamp::now())
    }

    fn zone(&self) -> TimeZone {
        TimeZone::system()
    }
}

/// How far tests have moved the clock: whole hours in the file that `UNCOUPLE_CLOCK_SHIFT` names. Debug builds only.
#[cfg(debug_assertions)]
fn shift() -> jiff::SignedDuration {
    let text = std::env::var_os("UNCOUPLE_CLOCK_SHIFT").and_then(|file| std::fs::read_to_string(file).ok());
    let hours = text.and_then(|text| text.trim().parse::<i32>().ok()).unwrap_or(0);
    jiff::SignedDuration::from_hours(hours.into())
}

#[cfg(not(debug_assertions))]
fn shift() -> jiff::SignedDuration {
    jiff::SignedDuration::ZERO
}

/// UUIDs of version 7: they sort by age.
#[derive(Debug)]
pub struct FreshIds;

impl Ids for FreshIds {
    fn fresh(&self) -> Uuid {
        Uuid::now_v7()
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_data_folder_is_closed_to_others() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        keep_private(folder.path());
        assert_eq!(std::fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o700);
        keep_private(&folder.path().join("not there"));
    }

    #[test]
    fn a_crash_leaves_no_copy_of_the_memory() {
        use nix::sys::resource::{Resource, getrlimit};
        no_core_dumps();
        assert!(getrlimit(Resource::RLIMIT_CORE).is_ok_and(|(soft, _)| soft <= 1));
    }
}
