//! `cargo xtask bench`: how fast and how big the release is.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};

use crate::node;
use crate::places::Places;
use crate::shell::{cargo, locked, must};
use crate::system::{self, Purpose};

pub(crate) fn bench(args: &[String]) -> Result<ExitCode> {
    let has = |flag: &str| args.iter().any(|arg| arg == flag);
    let places = Places::find()?;
    if has("admin") {
        return admin(&places);
    }
    if has("scale") {
        return scale(&places, has("--yes"));
    }
    system::ready(Purpose::Harness, has("--yes"))?;
    node::ui(&places)?;
    // Mailboxes are connected at a sign-in server of its own.
    node::packages(&places.oidc())?;
    let deb = if has("--skip-deb") {
        must(cargo(&places).args(["build", "--release", "--package", "uncouple"]).args(locked()))?;
        None
    } else {
        Some(deb(&places)?)
    };
    let binary = places.target.join("release/uncouple");
    println!("\nsize of the binary   {}", mebibytes(&binary)?);
    if let Some(deb) = deb {
        println!("size of the deb      {}", mebibytes(&deb)?);
    }
    must(
        cargo(&places)
            .args(["test", "--quiet", "--workspace", "--test", "bench"])
            .args(locked())
            .args(["--", "--ignored", "--nocapture", "window::"])
            .env("UNCOUPLE_BENCH_BINARY", &binary),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// `cargo xtask bench admin`: the command line against organisations on the loopback address.
///
/// A shipped program talks https only, so this one is built for tests, beside the release and not in its place.
fn admin(places: &Places) -> Result<ExitCode> {
    let folder = places.target.join("bench");
    must(
        cargo(places)
            .args(["build", "--release", "--package", "uncouple", "--bin", "uncouple-cli"])
            .args(["--features", "test-endpoints"])
            .args(locked())
            .env("CARGO_TARGET_DIR", &folder),
    )?;
    must(
        cargo(places)
            .args(["test", "--quiet", "--profile", "servers", "--package", "uncouple", "--test", "bench"])
            .args(locked())
            .args(["--", "--ignored", "--nocapture", "--test-threads=1", "admin::"])
            .env("CARGO_TARGET_DIR", &folder)
            // The servers are to answer, and not to judge: that is for the tests.
            .env("UNCOUPLE_SPECS", folder.join("none"))
            .env("UNCOUPLE_BENCH_CLI", folder.join("release/uncouple-cli")),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// `cargo xtask bench scale`: the window and the command line on ever larger workspaces, beside the empty one.
fn scale(places: &Places, yes: bool) -> Result<ExitCode> {
    system::ready(Purpose::Harness, yes)?;
    node::ui(places)?;
    must(cargo(places).args(["build", "--release", "--package", "uncouple"]).args(locked()))?;
    must(
        cargo(places)
            .args(["test", "--quiet", "--workspace", "--test", "bench"])
            .args(locked())
            .args(["--", "--ignored", "--nocapture", "scale::"])
            .env("UNCOUPLE_BENCH_BINARY", places.target.join("release/uncouple"))
            .env("UNCOUPLE_BENCH_CLI", places.target.join("release/uncouple-cli")),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Builds the release and puts it into a package; the package's path.
fn deb(places: &Places) -> Result<PathBuf> {
    let mut tauri = Command::new(places.ui().join("node_modules/.bin/tauri"));
    // The bundler looks for the configuration from where it is started.
    tauri.current_dir(&places.root).env("CARGO_TARGET_DIR", &places.target).args(["build", "--bundles", "deb", "--ci"]);
    must(&mut tauri)?;
    let folder = places.target.join("release/bundle/deb");
    let mut packages: Vec<PathBuf> = std::fs::read_dir(&folder)
        .with_context(|| folder.display().to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "deb"))
        .collect();
    packages.sort_by_key(|path| path.metadata().and_then(|meta| meta.modified()).ok());
    packages.pop().context("the bundler left no deb")
}

fn mebibytes(file: &Path) -> Result<String> {
    let bytes = file.metadata().with_context(|| file.display().to_string())?.len();
    let tenths = bytes * 10 / (1024 * 1024);
    Ok(format!("{}.{} MiB ({bytes} bytes)", tenths / 10, tenths % 10))
}
