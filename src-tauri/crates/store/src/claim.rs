//! One process at a time works on a workspace's runs.

use crate::modes::private;
use crate::open::unreachable;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use uncouple_engine::ports::StoreError;
use uncouple_engine::runs::Claim;

/// A lock of the operating system's, which lets go of it when the process ends, by whatever cause. The file stays:
/// whoever deletes it could delete one that another process has just locked.
#[derive(Debug)]
struct Locked {
    #[expect(dead_code, reason = "held for its lock, which goes when it is closed")]
    file: File,
}

impl Claim for Locked {}

/// `workspace` with all links followed, so that nobody claims the same file under another name.
pub(crate) fn claim(workspace: &Path) -> Result<Option<Box<dyn Claim>>, StoreError> {
    let mut name = workspace.as_os_str().to_owned();
    name.push(".runs");
    let file = private().open(PathBuf::from(name));
    let file = file.map_err(|error| unreachable(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Box::new(Locked { file }))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(unreachable(&error)),
    }
}
