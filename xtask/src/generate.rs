//! Files of the repository that are written by a program.

use std::process::ExitCode;

use anyhow::Result;

use crate::node;
use crate::places::Places;
use crate::shell::{cargo, locked, must};
use crate::system::{self, Purpose};

/// The TypeScript types of everything that crosses the bridge, from the Rust types.
pub(crate) fn types(_args: &[String]) -> Result<ExitCode> {
    let places = Places::find()?;
    let folder = places.ui().join("src/backend/generated");
    must(
        cargo(&places)
            .args(["test", "--quiet", "--package", "uncouple-engine"])
            .args(locked())
            .arg("export_bindings")
            .env("TS_RS_EXPORT_DIR", &folder),
    )?;
    println!("Written: {}", folder.display());
    Ok(ExitCode::SUCCESS)
}

/// The pictures of the README, taken on the tour.
pub(crate) fn pictures(args: &[String]) -> Result<ExitCode> {
    let places = Places::find()?;
    system::ready(Purpose::Harness, args.iter().any(|arg| arg == "--yes"))?;
    node::ui(&places)?;
    node::packages(&places.oidc())?;
    let folder = places.root.join("docs/pictures");
    std::fs::create_dir_all(&folder)?;
    must(
        cargo(&places)
            .args(["test", "--workspace", "--test", "tour"])
            .args(locked())
            .args(["--", "--nocapture"])
            .env("UNCOUPLE_PICTURES_DIR", &folder),
    )?;
    println!("Written: {}", folder.display());
    Ok(ExitCode::SUCCESS)
}
