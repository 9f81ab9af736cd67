//! One window for each workspace file: a second start on the same file brings the first one's window to the front and
//! ends; another file opens its own window.
//!
//! Who has the file is a lock, which the system takes away when the process ends. The lock and the socket beside it are
//! in folders that no other account of the computer can enter, so no other account can claim a file, or answer for
//! whoever has it.

use interprocess::local_socket::traits::{ListenerExt, Stream as _};
use interprocess::local_socket::{Listener, ListenerOptions, Name, Stream};
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// For so long a second start asks whoever has the file. A first one may still be starting, or ending: a process that
/// ends holds its lock until the last of its threads is gone, which a slow disk can hold up.
const PATIENCE: Duration = Duration::from_secs(8);

/// Between two questions.
const PAUSE: Duration = Duration::from_millis(50);

/// How long one side waits for a word of the other.
const WORD: Duration = Duration::from_secs(2);

/// A file that is a link to a link to a link …: so many are followed.
const LINKS: usize = 8;

/// This process's claim on a workspace file.
pub(crate) struct Instance(Vec<Door>);

/// Where a second start finds the first.
struct Door {
    lock: File,
    listener: Option<Listener>,
}

/// Who has the file.
pub(crate) enum Claimed {
    /// This process.
    Ours(Instance),
    /// Another one, which said that it shows its window.
    Shown,
}

/// Claims a workspace file.
pub(crate) fn claim(workspace: &Path) -> Claimed {
    claim_in(&folders(), workspace, PATIENCE)
}

fn claim_in(folders: &[PathBuf], workspace: &Path, patience: Duration) -> Claimed {
    let name = name(workspace);
    let until = Instant::now() + patience;
    loop {
        let mut doors = Vec::new();
        let mut taken = None;
        for folder in folders {
            match lock(folder, &name) {
                Ok(Some(lock)) => doors.push((folder, lock)),
                // Not the next one as well: of two that start at once, one gets all.
                Ok(None) => {
                    taken = Some(folder);
                    break;
                }
                Err(error) => tracing::info!(%error, folder = %folder.display(), "no place for a second start"),
            }
        }
        if taken.is_some_and(|folder| shows(folder, &name)) {
            return Claimed::Shown;
        }
        if taken.is_none() || Instant::now() >= until {
            if taken.is_some() {
                tracing::warn!(
                    "another process has this workspace open and does not answer; this one opens a window, too"
                );
            }
            if doors.is_empty() {
                tracing::warn!("a second start on this file will not find this one");
            }
            return Claimed::Ours(Instance(doors.into_iter().map(|(at, lock)| door(at, &name, lock)).collect()));
        }
        // Another start may be at the same point: whoever waits must not hold what the other wants.
        drop(doors);
        std::thread::sleep(PAUSE);
    }
}

/// The lock of a name in a folder. None: another process has it.
fn lock(folder: &Path, name: &str) -> std::io::Result<Option<File>> {
    make_private(folder)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(folder.join(format!("{name}.lock")))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Opens the way for second starts. Whoever has the lock may take an old socket away.
fn door(folder: &Path, name: &str, lock: File) -> Door {
    #[cfg(unix)]
    let _ = std::fs::remove_file(socket(folder, name));
    let made = address(folder, name).and_then(|address| ListenerOptions::new().name(address).create_sync());
    let listener = made.inspect_err(|error| tracing::info!(%error, "no door for a second start")).ok();
    Door { lock, listener }
}

/// Asks whoever has the file for its window. False: nobody of this account answers.
fn shows(folder: &Path, name: &str) -> bool {
    let Ok(mut other) = address(folder, name).and_then(Stream::connect) else { return false };
    if !is_ours(&other) || other.set_recv_timeout(Some(WORD)).is_err() || other.write_all(b"!").is_err() {
        return false;
    }
    let mut byte = [0];
    other.read(&mut byte).is_ok_and(|read| read > 0)
}

/// Whether the other end belongs to this account.
#[cfg(unix)]
fn is_ours(other: &Stream) -> bool {
    use interprocess::local_socket::traits::StreamCommon as _;
    let ours = nix::unistd::geteuid().as_raw();
    other.peer_creds().is_ok_and(|creds| creds.euid() == Some(ours))
}

/// The pipe's own access list lets nobody else make it anew while it is there.
#[cfg(not(unix))]
fn is_ours(_: &Stream) -> bool {
    true
}

impl Instance {
    /// Waits for second starts, on threads of its own, for as long as the process lives.
    pub(crate) fn listen(self, come_to_front: impl Fn() + Send + Sync + 'static) {
        let come_to_front = Arc::new(come_to_front);
        for Door { lock, listener } in self.0 {
            let come_to_front = Arc::clone(&come_to_front);
            std::thread::spawn(move || {
                let _held = lock;
                let Some(listener) = listener else {
                    // Only the lock is of use here, for as long as the process lives.
                    loop {
                        std::thread::park();
                    }
                };
                for caller in listener.incoming() {
                    match caller.map(wants) {
                        Ok(true) => come_to_front(),
                        Ok(false) => {}
                        // Out of handles, perhaps: asking again at once would only burn the processor.
                        Err(_) => std::thread::sleep(PAUSE),
                    }
                }
            });
        }
    }
}

/// Answers a caller. One that says nothing must not keep the others waiting.
fn wants(mut caller: Stream) -> bool {
    let mut byte = [0];
    let wants = is_ours(&caller)
        && caller.set_recv_timeout(Some(WORD)).is_ok()
        && caller.read(&mut byte).is_ok_and(|read| read > 0);
    if wants {
        // One that could not wait for the answer wants the window all the same.
        let _ = caller.write_all(b"!");
    }
    wants
}

/// Where locks and sockets may be. All of them are used: a start from a terminal, from the desktop and from a timer have
/// different environments.
fn folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    #[cfg(unix)]
    {
        let session = PathBuf::from(format!("/run/user/{}", nix::unistd::geteuid()));
        let named = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        for runtime in named.into_iter().chain([session]) {
            if is_private(&runtime) && !folders.contains(&runtime.join("uncouple")) {
                folders.push(runtime.join("uncouple"));
            }
        }
    }
    if let Some(project) = directories::ProjectDirs::from("dev", "", "Uncouple") {
        folders.push(project.data_local_dir().join("run"));
    }
    folders
}

/// Whether a folder is this account's and nobody else's.
#[cfg(unix)]
fn is_private(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let found = std::fs::symlink_metadata(folder);
    folder.is_absolute()
        && found.is_ok_and(|found| {
            found.is_dir() && found.uid() == nix::unistd::geteuid().as_raw() && found.mode() & 0o077 == 0
        })
}

/// Makes a folder that only this account can enter, or finds out that it is one.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(unix)]
    if !is_private(folder) {
        return Err(std::io::Error::new(ErrorKind::PermissionDenied, "others can enter the folder"));
    }
    Ok(())
}

/// Under which a file's lock and socket are found. The same in every build: an old and a new one must find each other.
fn name(workspace: &Path) -> String {
    let digest = Sha256::digest(real(workspace).as_os_str().as_encoded_bytes());
    // A socket's address has room for 108 bytes on Linux (unix(7)), and the folder's path is before it.
    digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(unix)]
fn socket(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.sock"))
}

#[cfg(unix)]
fn address(folder: &Path, name: &str) -> std::io::Result<Name<'static>> {
    use interprocess::local_socket::{GenericFilePath, ToFsName as _};
    socket(folder, name).to_fs_name::<GenericFilePath>()
}

#[cfg(not(unix))]
fn address(_: &Path, name: &str) -> std::io::Result<Name<'static>> {
    use interprocess::local_socket::{GenericNamespaced, ToNsName as _};
    format!("dev.uncouple.desktop.{name}").to_ns_name::<GenericNamespaced>()
}

/// Where the file is, or will be: at the first start a link may lead to a file that is not there yet.
fn real(workspace: &Path) -> PathBuf {
    let mut path = workspace.to_path_buf();
    for _ in 0..LINKS {
        let Some(folder) = path.parent().and_then(|folder| folder.canonicalize().ok()) else { break };
        match std::fs::read_link(&path) {
            Ok(target) => path = folder.join(target),
            Err(_) => return path.file_name().map_or(path.clone(), |file| folder.join(file)),
        }
    }
    path
}

#[cfg(all(test, unix))]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use interprocess::local_socket::traits::Listener as _;
    use std::os::unix::fs::PermissionsExt as _;
    use std::sync::mpsc;

    const SHORT: Duration = Duration::from_millis(600);

    fn ours(claimed: Claimed) -> Option<Instance> {
        match claimed {
            Claimed::Ours(instance) => Some(instance),
            Claimed::Shown => None,
        }
    }

    /// A file, and the two folders in which it is claimed.
    fn place() -> (tempfile::TempDir, PathBuf, [PathBuf; 2]) {
        let folder = tempfile::tempdir().unwrap();
        let (file, places) = (folder.path().join("w.db"), ["run", "data"].map(|name| folder.path().join(name)));
        (folder, file, places)
    }

    #[test]
    fn a_second_start_shows_the_window_of_the_first() {
        let (folder, file, places) = place();
        let (told, tells) = mpsc::channel();
        ours(claim_in(&places, &file, SHORT)).unwrap().listen(move || told.send(()).unwrap());
        // One that connects and says nothing is not in the way.
        let _silent = Stream::connect(address(&places[0], &name(&file)).unwrap()).unwrap();
        assert!(ours(claim_in(&places, &file, PATIENCE)).is_none());
        tells.recv_timeout(Duration::from_secs(5)).unwrap();
        assert!(ours(claim_in(&places, &folder.path().join("other.db"), SHORT)).is_some());
    }

    #[test]
    fn a_start_with_another_environment_finds_the_first_all_the_same() {
        let (_folder, file, places) = place();
        let (told, tells) = mpsc::channel();
        ours(claim_in(&places[1..], &file, SHORT)).unwrap().listen(move || told.send(()).unwrap());
        assert!(ours(claim_in(&places, &file, PATIENCE)).is_none());
        tells.recv_timeout(Duration::from_secs(5)).unwrap();
    }

    #[test]
    fn a_start_while_the_first_one_ends_opens_its_own_window() {
        let (_folder, file, places) = place();
        let ending = ours(claim_in(&places, &file, SHORT)).unwrap();
        let second = std::thread::spawn({
            let (file, places) = (file.clone(), places.clone());
            move || ours(claim_in(&places, &file, PATIENCE)).is_some()
        });
        // The second start is connected, and the first one ends without a word.
        drop(ending.0[0].listener.as_ref().unwrap().accept().unwrap());
        drop(ending);
        assert!(second.join().unwrap());
    }

    #[test]
    fn the_socket_of_one_that_died_is_in_nobodys_way() {
        let (_folder, file, places) = place();
        drop(ours(claim_in(&places, &file, SHORT)).unwrap());
        std::fs::write(socket(&places[0], &name(&file)), "").unwrap();
        let (told, tells) = mpsc::channel();
        ours(claim_in(&places, &file, SHORT)).unwrap().listen(move || told.send(()).unwrap());
        assert!(ours(claim_in(&places, &file, PATIENCE)).is_none());
        tells.recv_timeout(Duration::from_secs(5)).unwrap();
    }

    #[test]
    fn one_that_has_the_file_and_never_answers_keeps_nobody_from_a_window() {
        let (_folder, file, places) = place();
        // Its listener takes connections, and nobody reads them.
        let _silent = ours(claim_in(&places, &file, SHORT)).unwrap();
        assert!(ours(claim_in(&places, &file, SHORT)).is_some());
    }

    #[test]
    fn a_folder_that_others_can_enter_is_not_used() {
        let (_folder, file, places) = place();
        std::fs::create_dir(&places[0]).unwrap();
        for mode in [0o755, 0o777, 0o1777, 0o710] {
            std::fs::set_permissions(&places[0], std::fs::Permissions::from_mode(mode)).unwrap();
            let claimed = ours(claim_in(&places, &file, SHORT)).unwrap();
            assert_eq!(claimed.0.len(), 1, "{mode:o}");
            assert_eq!(std::fs::read_dir(&places[0]).unwrap().count(), 0, "{mode:o}");
        }
        let made = std::fs::metadata(&places[1]).unwrap().permissions().mode();
        assert_eq!(made & 0o777, 0o700);
    }

    #[test]
    fn the_name_of_a_file_is_the_same_in_every_build() {
        assert_eq!(name(Path::new("/nowhere/w.db")), "086f111f07b4d2059653d6ae");
    }

    #[test]
    fn a_link_to_a_file_that_is_not_there_yet_is_that_file() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("w.db"), folder.path().join("link.db"));
        std::os::unix::fs::symlink("w.db", &link).unwrap();
        let before = real(&link);
        std::fs::write(&file, "").unwrap();
        assert_eq!((real(&link), real(&file)), (before.clone(), before));
    }
}
