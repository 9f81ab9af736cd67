//! Where things are, and where they go.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The folders that every command needs.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The clone.
    pub(crate) root: PathBuf,
    /// What may be thrown away at any time, and is kept because it costs minutes.
    pub(crate) cache: PathBuf,
    /// Where cargo builds. Outside of the clone, so that the next clone starts warm.
    pub(crate) target: PathBuf,
}

impl Places {
    pub(crate) fn find() -> Result<Self> {
        // Asked when it runs: two clones may share a folder of builds, and then one's binary runs in the other.
        let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&here).parent().context("xtask stands in a folder of the clone")?.to_path_buf();
        let cache =
            cache_folder(|name| std::env::var_os(name).map(PathBuf::from).filter(|p| !p.as_os_str().is_empty()));
        let target = match std::env::var_os("CARGO_TARGET_DIR").filter(|dir| !dir.is_empty()) {
            // Cargo takes a relative one from where it is called; so do we, because children start elsewhere.
            Some(dir) => std::path::absolute(dir).context("CARGO_TARGET_DIR")?,
            None => cache.join("target"),
        };
        Ok(Self { root, cache, target })
    }

    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// The package with the OpenID server that the tests sign in at.
    pub(crate) fn oidc(&self) -> PathBuf {
        self.root.join("tests/support/oidc")
    }

    /// Programs that `cargo install` puts here, so that nobody's own ones are touched.
    pub(crate) fn tools(&self) -> PathBuf {
        self.cache.join("tools")
    }

    /// A new empty folder outside of the clone, kept after the run.
    pub(crate) fn fresh_output(&self, what: &str) -> Result<PathBuf> {
        let parent = std::env::temp_dir();
        for n in 0.. {
            let dir = parent.join(format!("uncouple-{what}-{}-{n}", std::process::id()));
            match std::fs::create_dir(&dir) {
                Ok(()) => return Ok(dir),
                Err(taken) if taken.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(other) => return Err(other).with_context(|| dir.display().to_string()),
            }
        }
        anyhow::bail!("no free name for a folder in {}", parent.display())
    }
}

fn cache_folder(env: impl Fn(&str) -> Option<PathBuf>) -> PathBuf {
    let base = if cfg!(windows) {
        env("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        env("HOME").map(|home| home.join("Library/Caches"))
    } else {
        // The XDG rule: a relative path there is invalid and must be ignored.
        env("XDG_CACHE_HOME").filter(|dir| dir.is_absolute()).or_else(|| env("HOME").map(|home| home.join(".cache")))
    };
    base.unwrap_or_else(std::env::temp_dir).join("uncouple")
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn with(pairs: &'static [(&'static str, &'static str)]) -> PathBuf {
        cache_folder(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| PathBuf::from(value)))
    }

    #[test]
    fn the_cache_follows_the_xdg_rule() {
        assert_eq!(with(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]), Path::new("/c/uncouple"));
        assert_eq!(with(&[("XDG_CACHE_HOME", "c"), ("HOME", "/h")]), Path::new("/h/.cache/uncouple"));
        assert_eq!(with(&[("HOME", "/h")]), Path::new("/h/.cache/uncouple"));
        assert_eq!(with(&[]), std::env::temp_dir().join("uncouple"));
    }
}
