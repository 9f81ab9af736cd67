//! Size and place of the window, kept from one start to the next.
//!
//! The window library has a plugin for it, which takes a size as it was on a screen that is gone, and a place of which
//! one corner is in sight. Here what was kept is fitted into what there is.

use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tauri::{PhysicalPosition, PhysicalSize, Runtime, WebviewWindow};

/// A part of all screens, in their dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Area {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
}

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    /// Where the window was when it was not maximized.
    area: Area,
    maximized: bool,
}

/// So much of the window, from its top left corner, must be in sight to be grabbed.
const GRIP: (i64, i64) = (160, 60);

/// A place, or none if the system knows a better one, and a size.
type Fitted = (Option<(i32, i32)>, (u32, u32));

/// Fits an area into the screens there are.
fn fit(kept: Area, screens: &[Area]) -> Option<Fitted> {
    let holds = |screen: &&Area| {
        let inside = |at: i32, from: i32, length: u32, grip: i64| {
            let at = i64::from(at) - i64::from(from);
            at >= 0 && at + grip <= i64::from(length)
        };
        inside(kept.x, screen.x, screen.width, GRIP.0) && inside(kept.y, screen.y, screen.height, GRIP.1)
    };
    let on = screens.iter().find(holds);
    let screen = on.or(screens.first())?;
    let size = (kept.width.min(screen.width), kept.height.min(screen.height));
    (size.0 > 0 && size.1 > 0).then_some((on.map(|_| (kept.x, kept.y)), size))
}

fn file() -> Option<PathBuf> {
    Some(directories::ProjectDirs::from("dev", "", "Uncouple")?.config_dir().join("window.json"))
}

fn read(file: &Path) -> Option<Kept> {
    // A file that can't be read is as good as none.
    serde_json::from_slice(&std::fs::read(file).ok()?).ok()
}

fn write(file: &Path, kept: Kept) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    // Two windows may close at once: each writes a file of its own, and the last name wins.
    let fresh = file.with_extension(format!("{}.tmp", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&fresh)?.write_all(&serde_json::to_vec(&kept)?)?;
    std::fs::rename(fresh, file)
}

/// Puts the window, which nobody sees yet, where it was when it was closed.
pub(crate) fn restore<R: Runtime>(window: &WebviewWindow<R>) {
    let Some(kept) = file().and_then(|file| read(&file)) else { return };
    let screens: Vec<Area> = window
        .available_monitors()
        .unwrap_or_default()
        .iter()
        .map(|screen| screen_area(screen.position(), screen.size()))
        .collect();
    let Some((place, (width, height))) = fit(kept.area, &screens) else { return };
    let sized = window.set_size(PhysicalSize { width, height });
    let placed = place.map_or(Ok(()), |(x, y)| window.set_position(PhysicalPosition { x, y }));
    let maximized = if kept.maximized { window.maximize() } else { Ok(()) };
    for done in [sized, placed, maximized] {
        if let Err(error) = done {
            tracing::info!(%error, "the window is not where it was");
        }
    }
}

fn screen_area(at: &PhysicalPosition<i32>, size: &PhysicalSize<u32>) -> Area {
    Area { x: at.x, y: at.y, width: size.width, height: size.height }
}

/// Keeps size and place, when the window is about to close.
pub(crate) fn keep<R: Runtime>(window: &WebviewWindow<R>) {
    let Some(file) = file() else { return };
    // Neither says anything about where the person wants it.
    if window.is_minimized().unwrap_or(true) || window.is_fullscreen().unwrap_or(true) {
        return;
    }
    let maximized = window.is_maximized().unwrap_or(false);
    let before = read(&file);
    let kept = match (maximized, before, window.outer_position(), window.inner_size()) {
        (true, Some(before), ..) => Kept { maximized, ..before },
        (true, None, ..) => return,
        (false, _, Ok(at), Ok(size)) => Kept { area: screen_area(&at, &size), maximized },
        _ => return,
    };
    if let Err(error) = write(&file, kept) {
        tracing::info!(%error, "the window's place is not kept");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn area(x: i32, y: i32, width: u32, height: u32) -> Area {
        Area { x, y, width, height }
    }

    const LAPTOP: Area = area(0, 0, 1366, 768);
    const BESIDE: Area = area(1366, -200, 2560, 1440);

    #[test]
    fn what_fits_stays_where_it_was() {
        assert_eq!(fit(area(50, 60, 1200, 700), &[LAPTOP, BESIDE]), Some((Some((50, 60)), (1200, 700))));
        assert_eq!(fit(area(1500, -100, 2000, 1300), &[LAPTOP, BESIDE]), Some((Some((1500, -100)), (2000, 1300))));
    }

    #[test]
    fn a_window_on_a_screen_that_is_gone_comes_back() {
        assert_eq!(fit(area(1500, -100, 2000, 1300), &[LAPTOP]), Some((None, (1366, 768))));
        assert_eq!(fit(area(1300, 0, 800, 600), &[LAPTOP]), Some((None, (800, 600))), "nothing to grab");
        assert_eq!(fit(area(-700, 10, 800, 600), &[LAPTOP]), Some((None, (800, 600))));
        assert_eq!(fit(area(10, 10, 800, 600), &[]), None);
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        assert_eq!(fit(area(0, 0, 0, 600), &[LAPTOP]), None);
        assert_eq!(fit(area(i32::MAX, i32::MIN, u32::MAX, u32::MAX), &[LAPTOP]), Some((None, (1366, 768))));
    }

    #[test]
    fn what_is_written_is_read_again() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("new/window.json");
        let kept = Kept { area: BESIDE, maximized: true };
        write(&file, kept)?;
        assert_eq!(read(&file), Some(kept));
        std::fs::write(&file, "{")?;
        assert_eq!(read(&file), None);
        Ok(())
    }
}
