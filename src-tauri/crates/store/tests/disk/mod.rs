//! A small file system.

#![expect(clippy::print_stdout, reason = "a test that can not run says so")]

use std::path::Path;

/// A file system of our own, to fill or to write-protect. Needs root; None elsewhere.
pub(crate) struct Disk(tempfile::TempDir);

impl Disk {
    pub(crate) fn new(options: &str) -> Option<Self> {
        let disk = Self(tempfile::tempdir().unwrap());
        let mounted = disk.mount(&["-t", "tmpfs", "-o", options, "tmpfs"]);
        if !mounted {
            println!("skipped: mounting a small file system needs root");
        }
        mounted.then_some(disk)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn mount(&self, arguments: &[&str]) -> bool {
        let quiet = std::process::Stdio::null;
        let mut mount = std::process::Command::new("mount");
        mount.args(arguments).arg(self.0.path()).stderr(quiet()).status().is_ok_and(|status| status.success())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(self.0.path()).stderr(std::process::Stdio::null()).status();
    }
}
