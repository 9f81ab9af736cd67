//! The one way in which a file that a person asked for is written.

use crate::error::{AppError, ErrorCode};
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempPath;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

/// Longer than any system takes a path (`PATH_MAX` on Linux, 4096 with its end; `MAX_PATH` with long paths on Windows is
/// more, and nobody types it).
const LONGEST_PATH: usize = 4096;

/// A file that is being written under a random name in the folder that was asked for, readable by its owner only. It
/// takes its place when it is whole and on the disk, and is deleted otherwise.
///
/// Two that are written to one place at once can't mix: the second to end is refused.
#[derive(Debug)]
pub(crate) struct NewFile {
    path: PathBuf,
    part: TempPath,
    file: File,
}

impl NewFile {
    /// Begins a file.
    ///
    /// # Errors
    /// `export_exists` with the path: nothing is ever replaced; `export_failed` with the path; `bad_argument` for a path
    /// that is longer than any system takes.
    pub(crate) async fn begin(path: &str) -> Result<Self, AppError> {
        if path.len() > LONGEST_PATH || path.contains('\0') {
            return Err(ErrorCode::BadArgument.into());
        }
        let asked = Path::new(path).to_owned();
        let begun = tokio::task::spawn_blocking(move || begin(&asked)).await;
        let (path, begun) = begun.map_err(|_| ErrorCode::Internal)?;
        let (file, part) = begun.map_err(|error| refusal(&path, &error))?;
        Ok(Self { path, part, file: File::from_std(file) })
    }

    /// Writes more of it.
    ///
    /// # Errors
    /// `export_failed` with the path.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        self.file.write_all(bytes).await.map_err(|error| refusal(&self.path, &error))
    }

    /// Puts it where it was asked for.
    ///
    /// # Errors
    /// `export_exists` if something has come to be there meanwhile; `export_failed` with the path.
    pub(crate) async fn finish(mut self) -> Result<(), AppError> {
        let synced = match self.file.flush().await {
            Ok(()) => self.file.sync_all().await,
            failed => failed,
        };
        synced.map_err(|error| refusal(&self.path, &error))?;
        let Self { path, part, .. } = self;
        let put = tokio::task::spawn_blocking(move || {
            let put = put(part, &path);
            (path, put)
        });
        let (path, put) = put.await.map_err(|_| ErrorCode::Internal)?;
        put.map_err(|error| refusal(&path, &error))
    }
}

fn begin(path: &Path) -> (PathBuf, io::Result<(std::fs::File, TempPath)>) {
    let begun = match (path.is_absolute(), std::fs::symlink_metadata(path), path.parent(), path.file_name()) {
        (true, Err(_), Some(folder), Some(_)) => {
            tempfile::Builder::new().prefix(".uncouple-").suffix(".part").tempfile_in(folder)
        }
        (true, Ok(found), ..) if !found.is_dir() => Err(io::ErrorKind::AlreadyExists.into()),
        _ => Err(io::ErrorKind::InvalidInput.into()),
    };
    (path.to_owned(), begun.map(tempfile::NamedTempFile::into_parts))
}

fn put(part: TempPath, path: &Path) -> io::Result<()> {
    match part.persist_noclobber(path) {
        Ok(()) => {}
        Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => return Err(taken.error),
        // File systems that can neither rename without replacing nor link, as some that are mounted over a network.
        Err(unable) => copy(&unable.path, path)?,
    }
    sync_folder(path);
    Ok(())
}

fn copy(part: &Path, path: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut there = options.open(path)?;
    let copied = std::fs::File::open(part).and_then(|mut part| io::copy(&mut part, &mut there));
    if let Err(error) = copied.and_then(|_| there.sync_all()) {
        // Ours: it was made a moment ago.
        let _ = std::fs::remove_file(path);
        return Err(error);
    }
    Ok(())
}

/// A new name lasts when its folder is on the disk. Folders that can't be synced are not a reason to say that nothing was
/// written.
fn sync_folder(path: &Path) {
    #[cfg(unix)]
    if let Some(folder) = path.parent()
        && let Err(error) = std::fs::File::open(folder).and_then(|folder| folder.sync_all())
    {
        tracing::info!(%error, "the folder of a written file could not be synced");
    }
    #[cfg(not(unix))]
    let _ = path;
}

fn refusal(path: &Path, error: &io::Error) -> AppError {
    tracing::info!(%error, "a file was not written");
    let code = match error.kind() == io::ErrorKind::AlreadyExists {
        true => ErrorCode::ExportExists,
        false => ErrorCode::ExportFailed,
    };
    AppError::new(code).with("path", path.display())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    async fn write(path: &Path, text: &str) -> Result<(), AppError> {
        let mut file = NewFile::begin(path.to_str().unwrap()).await?;
        file.write(text.as_bytes()).await?;
        file.finish().await
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn two_that_are_written_at_once_give_one_whole_file_and_one_clear_refusal() {
        for _ in 0..50 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("history.csv");
            let (long, short) = ("long ".repeat(40_000), "short ".repeat(3));
            let both = tokio::join!(write(&path, &long), write(&path, &short));
            let [first, second] = [both.0, both.1].map(|done| done.map_err(|error| error.code));
            assert!(
                matches!(
                    (first, second),
                    (Ok(()), Err(ErrorCode::ExportExists)) | (Err(ErrorCode::ExportExists), Ok(()))
                ),
                "{first:?} {second:?}"
            );
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(text, if first.is_ok() { long } else { short });
            assert_eq!(names(folder.path()), ["history.csv"]);
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_stands_beside_it_stays_and_is_not_waited_for() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("film.mkv.part"), "half a film").unwrap();
        std::fs::write(at("precious.txt"), "precious").unwrap();
        symlink(at("precious.txt"), at("out.csv.part")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(at("pipe.csv.part")).status().unwrap().success());
        for name in ["film.mkv", "out.csv", "pipe.csv"] {
            write(&at(name), "ours").await.unwrap();
            assert_eq!(std::fs::read_to_string(at(name)).unwrap(), "ours");
            let found = std::fs::symlink_metadata(at(name)).unwrap();
            assert!(found.is_file());
            assert_eq!(found.permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(std::fs::read_to_string(at("film.mkv.part")).unwrap(), "half a film");
        assert_eq!(std::fs::read_to_string(at("precious.txt")).unwrap(), "precious");
        assert!(std::fs::symlink_metadata(at("out.csv.part")).unwrap().is_symlink());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn whatever_has_the_name_is_never_replaced_or_followed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("there"), "there").unwrap();
        std::os::unix::fs::symlink(at("made"), at("dangling")).unwrap();
        std::os::unix::fs::symlink(at("there"), at("link")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
        let before = names(folder.path());
        for name in ["there", "dangling", "link", "pipe"] {
            assert_eq!(write(&at(name), "ours").await.unwrap_err().code, ErrorCode::ExportExists, "{name}");
        }
        assert_eq!(write(folder.path(), "ours").await.unwrap_err().code, ErrorCode::ExportFailed);
        assert_eq!(write(Path::new("history.csv"), "ours").await.unwrap_err().code, ErrorCode::ExportFailed);
        assert_eq!(names(folder.path()), before);
        assert_eq!(std::fs::read_to_string(at("there")).unwrap(), "there");
    }

    #[tokio::test]
    async fn one_that_comes_in_between_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.csv");
        let mut file = NewFile::begin(path.to_str().unwrap()).await.unwrap();
        file.write(b"ours").await.unwrap();
        std::fs::write(&path, "theirs").unwrap();
        assert_eq!(file.finish().await.unwrap_err().code, ErrorCode::ExportExists);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "theirs");
        assert_eq!(names(folder.path()), ["history.csv"]);
    }

    #[tokio::test]
    async fn a_path_that_no_system_takes_is_not_said_back() {
        let refused = NewFile::begin(&format!("/{}", "x".repeat(10_000_000))).await.unwrap_err();
        assert_eq!(refused, ErrorCode::BadArgument.into());
    }
}
