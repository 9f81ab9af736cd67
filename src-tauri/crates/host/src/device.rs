//! Which installation this is: an identity that stays, in a file of its own.
//!
//! It is beside the workspace and never in it, so that a workspace that is copied or moved to another computer meets
//! another installation there.

use serde::{Deserialize, Serialize};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;
use uncouple_domain::DeviceId;
use uncouple_engine::Installation;
use uuid::Uuid;

/// More than the file ever has.
const MOST: u64 = 4096;

/// What the file says.
#[derive(Serialize, Deserialize)]
struct Identity {
    id: DeviceId,
    /// A fingerprint of the computer and the account for which it was made. None: the system has none to give.
    computer: Option<String>,
}

/// What there is at the file's place.
enum Found {
    /// The identity of this installation.
    Ours(DeviceId),
    /// None, one that cannot be read as one, or one that was copied here from another computer or account.
    Nothing(Option<&'static str>),
    /// It can't be told.
    Unreadable(std::io::Error),
}

/// The installation whose identity is in a file; one is made where there is none.
pub(crate) fn installation(file: Option<&Path>) -> Installation {
    of(file, computer().as_deref(), computers_name())
}

fn of(file: Option<&Path>, computer: Option<&str>, name: String) -> Installation {
    let kept = file.ok_or_else(|| std::io::Error::from(ErrorKind::NotFound)).and_then(|file| identity(file, computer));
    match kept {
        Ok(id) => Installation { id, name, lasting: true },
        Err(error) => {
            tracing::info!(%error, "the identity of this installation could not be kept; nothing goes into the keyring");
            Installation { id: DeviceId(Uuid::now_v7()), name, lasting: false }
        }
    }
}

fn identity(file: &Path, computer: Option<&str>) -> std::io::Result<DeviceId> {
    let why = match look(file, computer) {
        Found::Ours(id) => return Ok(id),
        Found::Unreadable(error) => return Err(error),
        Found::Nothing(why) => why,
    };
    let fresh = Identity { id: DeviceId(Uuid::now_v7()), computer: computer.map(ToOwned::to_owned) };
    let text = serde_json::to_vec(&fresh).map_err(std::io::Error::other)?;
    let folder = file.parent().ok_or(ErrorKind::NotFound)?;
    create_private(folder)?;
    // Only its owner can read it: that is how `tempfile` makes files.
    let mut written = tempfile::NamedTempFile::new_in(folder)?;
    written.write_all(&text)?;
    written.as_file().sync_all()?;
    match why {
        None => match written.persist_noclobber(file) {
            Ok(_) => {}
            // Another process of the same installation was quicker.
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.error),
        },
        Some(why) => {
            tracing::warn!(why, "this installation gets an identity of its own");
            written.persist(file).map_err(|error| error.error)?;
        }
    }
    match look(file, computer) {
        Found::Ours(id) => Ok(id),
        Found::Unreadable(error) => Err(error),
        Found::Nothing(_) => Err(ErrorKind::InvalidData.into()),
    }
}

fn look(file: &Path, computer: Option<&str>) -> Found {
    let mut text = Vec::new();
    let read = std::fs::File::open(file).and_then(|opened| {
        keep_private(&opened);
        opened.take(MOST).read_to_end(&mut text)
    });
    match read {
        Err(error) if error.kind() == ErrorKind::NotFound => return Found::Nothing(None),
        Err(error) => return Found::Unreadable(error),
        Ok(_) => {}
    }
    let Ok(found) = serde_json::from_slice::<Identity>(&text) else {
        return Found::Nothing(Some("what was kept as one is damaged"));
    };
    match (found.computer.as_deref(), computer) {
        (Some(theirs), Some(ours)) if theirs != ours => {
            Found::Nothing(Some("what was kept as one was copied from another computer or account"))
        }
        // Where one of them is not known, nothing says that it is another computer.
        (Some(_) | None, _) => Found::Ours(found.id),
    }
}

#[cfg(unix)]
fn create_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create_private(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(unix)]
fn keep_private(file: &std::fs::File) {
    use std::os::unix::fs::PermissionsExt as _;
    if file.metadata().is_ok_and(|about| about.permissions().mode() & 0o077 != 0) {
        // Another account's file refuses, and is not the place to say so.
        let _ = file.set_permissions(std::fs::Permissions::from_mode(0o600));
    }
}

#[cfg(not(unix))]
fn keep_private(_: &std::fs::File) {}

/// A fingerprint of this computer and account. The machine's own identity is not to leave it, so only a hash of it is kept
/// (machine-id(5), <https://www.freedesktop.org/software/systemd/man/latest/machine-id.html>, read 2026-11); the account
/// is in it because each has a keyring of its own.
#[cfg(target_os = "linux")]
fn computer() -> Option<String> {
    use sha2::{Digest as _, Sha256};
    let machine = ["/etc/machine-id", "/var/lib/dbus/machine-id"].into_iter().find_map(|file| {
        let text = std::fs::read_to_string(file).ok()?;
        let id = text.trim();
        // "uninitialized" stands there while a system starts for the first time.
        (id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| id.to_owned())
    })?;
    let mut hash = Sha256::new();
    hash.update(b"uncouple device\n");
    hash.update(machine.as_bytes());
    hash.update(nix::unistd::geteuid().as_raw().to_le_bytes());
    Some(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Only Linux is asked: elsewhere a copied identity goes unnoticed, and the place of the workspace's file is all that tells.
#[cfg(not(target_os = "linux"))]
fn computer() -> Option<String> {
    None
}

/// The computer's name, as people gave it where they did.
fn computers_name() -> String {
    let given = whoami::devicename().unwrap_or_default();
    if given.trim().is_empty() { whoami::hostname().unwrap_or_default() } else { given }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn start(file: &Path, computer: Option<&str>) -> Installation {
        of(Some(file), computer, "desk".to_owned())
    }

    #[test]
    fn an_installation_keeps_its_identity_over_its_starts() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("uncouple/device.json");
        let first = start(&file, Some("a"));
        assert!(first.lasting);
        assert_eq!(start(&file, Some("a")).id, first.id);
        // A system that can't tell which computer it is does not make it another one.
        assert_eq!(start(&file, None).id, first.id);
    }

    #[test]
    fn an_identity_that_was_copied_to_another_computer_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (here, there) = (folder.path().join("a.json"), folder.path().join("b.json"));
        let first = start(&here, Some("a"));
        std::fs::copy(&here, &there).unwrap();
        let second = start(&there, Some("b"));
        assert!(second.lasting && second.id != first.id);
        assert_eq!(start(&there, Some("b")).id, second.id);
        assert_eq!(start(&here, Some("a")).id, first.id);
    }

    #[test]
    fn a_damaged_identity_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("device.json");
        for damaged in ["", "{", "{\"id\":\"no\"}", "[]", "\0\0\0"] {
            std::fs::write(&file, damaged).unwrap();
            let made = start(&file, Some("a"));
            assert!(made.lasting, "{damaged:?}");
            assert_eq!(start(&file, Some("a")).id, made.id, "{damaged:?}");
        }
        std::fs::write(&file, " ".repeat(1_000_000)).unwrap();
        assert!(start(&file, Some("a")).lasting);
    }

    #[test]
    fn an_identity_that_can_not_be_kept_is_said_to_be_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let below = start(&file.join("device.json"), Some("a"));
        assert!(!below.lasting);
        std::fs::create_dir(folder.path().join("device.json")).unwrap();
        assert!(!start(&folder.path().join("device.json"), Some("a")).lasting);
        assert!(!of(None, Some("a"), String::new()).lasting);
    }

    #[test]
    fn many_starts_at_once_are_one_installation() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("device.json");
        let ids: Vec<DeviceId> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| start(&file, Some("a")).id)).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert!(ids.windows(2).all(|two| two.first() == two.last()), "{ids:?}");
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("uncouple/device.json");
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        start(&file, Some("a"));
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        start(&file, Some("a"));
        assert_eq!(mode(&file), 0o600);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_machines_own_identity_is_in_no_fingerprint() {
        if let (Some(print), Ok(machine)) = (computer(), std::fs::read_to_string("/etc/machine-id")) {
            assert!(!print.contains(machine.trim()));
            assert_eq!(print, computer().unwrap());
        }
    }
}
