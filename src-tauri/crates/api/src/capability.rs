//! What the window may call.

use crate::table::commands;
use serde::Serialize;

/// Tauri's own commands that the window needs: to listen to events, and to zoom.
const OF_TAURI: &[&str] =
    &["core:event:allow-listen", "core:event:allow-unlisten", "core:webview:allow-set-webview-zoom"];

/// As Tauri reads it. Fields of a struct stay in their order, whatever features of `serde_json` another crate turns on.
#[derive(Serialize)]
struct Capability {
    identifier: &'static str,
    description: &'static str,
    windows: [&'static str; 1],
    permissions: Vec<String>,
}

/// The capability of the one window, as `src-tauri/capabilities/main.json` holds it: every command by its name.
/// The build script reads from there which commands exist.
///
/// # Errors
/// None in fact: it is made of texts.
pub fn capability() -> serde_json::Result<String> {
    let ours = commands().map(|command| format!("allow-{}", command.name.replace('_', "-")));
    let capability = Capability {
        identifier: "main",
        description: "What the one window may call: the app's own commands, its events, and the zoom. Written by a \
            test of src-tauri/crates/api from the table of commands.",
        windows: ["main"],
        permissions: OF_TAURI.iter().map(|name| (*name).to_owned()).chain(ours).collect(),
    };
    serde_json::to_string_pretty(&capability).map(|text| text + "\n")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use std::path::PathBuf;

    /// Named as the tests that write the types, so that one command writes all.
    #[test]
    fn export_bindings_capability() {
        // The folder of this clone, asked for when the test runs: two clones may share a folder of builds.
        let crate_folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
        std::fs::write(crate_folder.join("../../capabilities/main.json"), capability().unwrap()).unwrap();
    }
}
