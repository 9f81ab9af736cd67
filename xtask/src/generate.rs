//! Files of the repository that are written by a program.

use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::places::Places;
use crate::shell::{cargo, locked, must};
use crate::system::{self, Purpose};
use crate::{node, run};

/// The TypeScript types of everything that crosses the bridge, from the Rust types; the client and the window's
/// capability, from the table of commands.
pub(crate) fn types(_args: &[String]) -> Result<ExitCode> {
    let places = Places::find()?;
    let folder = places.ui().join("src/backend/generated");
    must(
        cargo(&places)
            .args(["test", "--quiet", "--lib", "--package", "uncouple-engine", "--package", "uncouple-api"])
            .args(locked())
            .arg("export_bindings")
            .env("TS_RS_EXPORT_DIR", &folder),
    )?;
    println!("Written: {}, src-tauri/capabilities", folder.display());
    Ok(ExitCode::SUCCESS)
}

/// The stops of the tour that the README shows.
const PICTURES: &[&str] = &["2-mailboxes", "5-disabled", "7-googles-side", "8-complete"];

/// The pictures of the README, taken on the tour.
pub(crate) fn pictures(args: &[String]) -> Result<ExitCode> {
    let places = Places::find()?;
    system::ready(Purpose::Harness, args.iter().any(|arg| arg == "--yes"))?;
    node::ui(&places)?;
    let taken = run::tour(&places)?;
    let shown = places.root.join("docs/pictures");
    std::fs::create_dir_all(&shown)?;
    for language in ["ja", "en"] {
        for stop in PICTURES {
            let name = format!("{language}-{stop}.png");
            std::fs::copy(taken.join(&name), shown.join(&name)).context(name)?;
        }
    }
    println!("The README's pictures are new: {}", shown.display());
    Ok(ExitCode::SUCCESS)
}
