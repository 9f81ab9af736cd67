//! One window for each workspace file: a second start on the same file brings the first one's window to
//! the front and ends; another file opens its own window.

use interprocess::local_socket::traits::{ListenerExt, Stream as _};
use interprocess::local_socket::{GenericNamespaced, Listener, ListenerOptions, Name, Stream, ToNsName};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a second start tries again while the first one is ending.
const TRIES: u32 = 100;

/// Between two of them. A process that ends holds its socket until the last of its threads is gone, which a slow
/// disk can hold up.
const PAUSE: Duration = Duration::from_millis(50);

/// How long one side waits for a word of the other.
const PATIENCE: Duration = Duration::from_secs(2);

/// A file that is a link to a link to a link …: so many are followed.
const LINKS: usize = 8;

/// This process's claim on a workspace file.
pub(crate) struct Instance(Option<Listener>);

/// Claims a workspace file. None: another process has it, and its window was told to come to the front.
pub(crate) fn claim(workspace: &Path) -> Option<Instance> {
    for _ in 0..TRIES {
        if let Ok(other) = name(workspace).and_then(Stream::connect)
            && takes(other)
        {
            return None;
        }
        match name(workspace).and_then(|name| ListenerOptions::new().name(name).try_overwrite(true).create_sync()) {
            Ok(listener) => return Some(Instance(Some(listener))),
            Err(error) if error.kind() == ErrorKind::AddrInUse => std::thread::sleep(PAUSE),
            Err(error) => {
                tracing::warn!(%error, "no way to find a second start on this file");
                return Some(Instance(None));
            }
        }
    }
    Some(Instance(None))
}

/// Asks the other process for its window. False: it is ending, and only its socket was still there.
fn takes(mut other: Stream) -> bool {
    if other.set_recv_timeout(Some(PATIENCE)).is_err() || other.write_all(b"!").is_err() {
        return false;
    }
    let mut byte = [0];
    match other.read(&mut byte) {
        Ok(read) => read > 0,
        // One that is still starting, or busy, is there all the same.
        Err(error) => matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

impl Instance {
    /// Waits for second starts, on a thread of its own, for as long as the process lives.
    pub(crate) fn listen(self, come_to_front: impl Fn() + Send + 'static) {
        let Some(listener) = self.0 else { return };
        std::thread::spawn(move || {
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

/// Answers a caller. One that says nothing must not keep the others waiting.
fn wants(mut caller: Stream) -> bool {
    let mut byte = [0];
    let wants = caller.set_recv_timeout(Some(PATIENCE)).is_ok() && caller.read(&mut byte).is_ok_and(|read| read > 0);
    // One that could not wait for the answer wants the window all the same.
    let _ = caller.write_all(b"!");
    wants
}

/// The file's name among local sockets. Two spellings of one path are one file.
fn name(workspace: &Path) -> std::io::Result<Name<'static>> {
    let mut hasher = DefaultHasher::new();
    real(workspace).hash(&mut hasher);
    format!("dev.uncouple.desktop.{:016x}", hasher.finish()).to_ns_name::<GenericNamespaced>()
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
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use interprocess::local_socket::traits::Listener as _;
    use std::sync::mpsc;

    fn listener(file: &Path) -> Listener {
        ListenerOptions::new().name(name(file).unwrap()).create_sync().unwrap()
    }

    #[test]
    fn a_second_start_shows_the_window_of_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("w.db");
        let (told, tells) = mpsc::channel();
        claim(&file).unwrap().listen(move || told.send(()).unwrap());
        // Somebody who connects and says nothing is not in the way.
        let _silent = Stream::connect(name(&file).unwrap()).unwrap();
        assert!(claim(&file).is_none());
        tells.recv_timeout(Duration::from_secs(5)).unwrap();
        assert!(claim(&folder.path().join("other.db")).is_some());
    }

    #[test]
    fn a_start_while_the_first_one_ends_opens_its_own_window() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("w.db");
        let ending = listener(&file);
        let second = std::thread::spawn({
            let file = file.clone();
            move || claim(&file).is_some()
        });
        // The second start is connected, and the first one ends without a word.
        drop(ending.accept().unwrap());
        drop(ending);
        assert!(second.join().unwrap());
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
