//! One window for each workspace file: a second start on the same file brings the first one's window to
//! the front and ends; another file opens its own window.

use interprocess::local_socket::traits::{ListenerExt, Stream as _};
use interprocess::local_socket::{GenericNamespaced, Listener, ListenerOptions, Name, Stream, ToNsName};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

/// How often a second start looks whether the first one answers before it starts by itself.
const PATIENCE: u32 = 20;

/// This process's claim on a workspace file.
pub(crate) struct Instance(Option<Listener>);

/// Claims a workspace file. None: another process has it, and its window was told to come to the front.
pub(crate) fn claim(workspace: &Path) -> Option<Instance> {
    for _ in 0..PATIENCE {
        if let Ok(mut other) = name(workspace).and_then(Stream::connect) {
            // Whatever becomes of the message, the other process is there and has the file.
            let _ = other.write_all(b"!");
            return None;
        }
        match name(workspace).and_then(|name| ListenerOptions::new().name(name).try_overwrite(true).create_sync()) {
            Ok(listener) => return Some(Instance(Some(listener))),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                std::thread::sleep(Duration::from_millis(50))
            }
            Err(error) => {
                tracing::warn!(%error, "no way to find a second start on this file");
                return Some(Instance(None));
            }
        }
    }
    Some(Instance(None))
}

impl Instance {
    /// Waits for second starts, on a thread of its own, for as long as the process lives.
    pub(crate) fn listen(self, come_to_front: impl Fn() + Send + 'static) {
        let Some(listener) = self.0 else { return };
        std::thread::spawn(move || {
            for mut caller in listener.incoming().flatten() {
                let mut byte = [0];
                if caller.read(&mut byte).is_ok() {
                    come_to_front();
                }
            }
        });
    }
}

/// The file's name among local sockets. Two spellings of one path are one file.
fn name(workspace: &Path) -> std::io::Result<Name<'static>> {
    let folder = workspace.parent().and_then(|folder| folder.canonicalize().ok());
    let path = match (folder, workspace.file_name()) {
        (Some(folder), Some(file)) => folder.join(file),
        _ => workspace.to_path_buf(),
    };
    let path = path.canonicalize().unwrap_or(path);
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    format!("dev.uncouple.desktop.{:016x}", hasher.finish()).to_ns_name::<GenericNamespaced>()
}
