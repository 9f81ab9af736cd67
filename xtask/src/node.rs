//! The npm side: packages and the UI's build.

use std::path::Path;
use std::time::SystemTime;

use anyhow::{Result, ensure};

use crate::places::Places;
use crate::shell::{must, npm};

/// Installs the packages of one folder, if that was not done since its lock file changed.
pub(crate) fn packages(dir: &Path) -> Result<()> {
    let lock = dir.join("package-lock.json");
    ensure!(lock.exists(), "{} is missing", lock.display());
    // npm writes this file last, so a broken installation is done again.
    if changed(&dir.join("node_modules/.package-lock.json")) >= changed(&lock) {
        return Ok(());
    }
    // No package may run code of its own while it is installed: none of ours needs to.
    must(npm(dir).args(["ci", "--ignore-scripts", "--loglevel=error"]))
}

fn changed(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|meta| meta.modified()).ok()
}

/// Packages of the UI, and what the window shows. Before any cargo call: the shell carries `ui/dist` inside.
pub(crate) fn ui(places: &Places) -> Result<()> {
    packages(&places.ui())?;
    must(npm(&places.ui()).args(["run", "--silent", "build"]))
}
