//! Who else on this computer can read the file and what stands beside it: nobody. It has the addresses of a whole
//! organisation in it.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Makes a folder that only its owner can enter, and those above it that are not there.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// How a file of ours is opened, and made where it is not there: for its owner only. SQLite gives `-wal` and `-shm` the
/// mode of the file that they belong to (`findCreateFileMode` in its `os_unix.c`, 3.50).
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Takes what others may do with a file from them. A file that belongs to another account stays as it is.
#[cfg(unix)]
pub(crate) fn tighten(file: &File) {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(found) = file.metadata() else { return };
    let mode = found.permissions().mode();
    if found.is_file()
        && mode & 0o077 != 0
        && let Err(error) = file.set_permissions(std::fs::Permissions::from_mode(mode & 0o700))
    {
        tracing::warn!(%error, "other accounts of this computer may be able to read a file of the workspace");
    }
}

#[cfg(not(unix))]
pub(crate) fn tighten(_: &File) {}

/// The same for a workspace file and all that is kept beside it, from versions that left it open. Links are not followed:
/// what they lead to may be anything.
pub(crate) fn tighten_all(workspace: &Path) {
    for path in std::iter::once(workspace.to_path_buf()).chain(sidecars(workspace)) {
        if std::fs::symlink_metadata(&path).is_ok_and(|found| found.is_file())
            && let Ok(file) = File::open(&path)
        {
            tighten(&file);
        }
    }
}

/// Log, index, claim and copies of a workspace file.
fn sidecars(workspace: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (workspace.parent(), workspace.file_name()) else { return Vec::new() };
    let ours = |other: &std::ffi::OsStr| {
        let rest = other.as_encoded_bytes().strip_prefix(name.as_encoded_bytes());
        rest.is_some_and(|rest| {
            matches!(rest, b"-wal" | b"-shm" | b".runs") || rest.starts_with(b".schema") && rest.ends_with(b".bak")
        })
    };
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().filter(|entry| ours(&entry.file_name())).map(|entry| entry.path()).collect()
}
