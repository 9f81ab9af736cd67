//! What lies on this computer.

use crate::core::Engine;
use crate::view::{StorageView, StoredFile, StoredKind};
use std::path::Path;

impl Engine {
    /// The files of the open workspace as they are now, and where else something is kept.
    pub async fn storage(&self) -> StorageView {
        let file = self.start.path.clone();
        let files = tokio::task::spawn_blocking(move || stored(&file)).await.unwrap_or_default();
        StorageView {
            folder: self.start.path.parent().map(|folder| folder.display().to_string()).unwrap_or_default(),
            files,
            temporary: std::env::temp_dir().display().to_string(),
            exports: self.start.export_folder.display().to_string(),
        }
    }
}

/// Everything beside the workspace file whose name begins with its name: they are all made by Uncouple.
fn stored(file: &Path) -> Vec<StoredFile> {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name().and_then(|name| name.to_str())) else {
        return Vec::new();
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<StoredFile> = entries
        .filter_map(|entry| {
            let rest = entry.file_name().to_str()?.strip_prefix(name)?.to_owned();
            let about = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
            Some(StoredFile {
                path: entry.path().display().to_string(),
                kind: kind(&rest),
                bytes: about.len(),
                only_owner: only_owner(&about),
            })
        })
        .collect();
    files.sort_by(|a, b| (a.kind, &a.path).cmp(&(b.kind, &b.path)));
    files
}

fn kind(rest: &str) -> StoredKind {
    match rest {
        "" => StoredKind::Workspace,
        "-wal" | "-shm" | "-journal" => StoredKind::Journal,
        _ if rest.starts_with(".uncouple-sample") => StoredKind::Sample,
        _ if rest.ends_with(".bak") => StoredKind::Copy,
        _ => StoredKind::Other,
    }
}

#[cfg(unix)]
fn only_owner(about: &std::fs::Metadata) -> Option<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(about.permissions().mode() & 0o077 == 0)
}

/// Windows decides by access lists, which are inherited from the folder.
#[cfg(not(unix))]
fn only_owner(_: &std::fs::Metadata) -> Option<bool> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_its_kind() {
        for (rest, wanted) in [
            ("", StoredKind::Workspace),
            ("-wal", StoredKind::Journal),
            (".schema2.bak", StoredKind::Copy),
            (".uncouple-sample", StoredKind::Sample),
            (".uncouple-sample-wal", StoredKind::Sample),
            (".lock", StoredKind::Other),
        ] {
            assert_eq!(kind(rest), wanted, "{rest}");
        }
    }
}
