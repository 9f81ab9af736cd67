//! Tells Tauri's access control which commands exist: those that the window's capability names. That file is written
//! from the table of commands, so what is not in the table can't be called.

use std::{fs, io, path::Path};

/// Written by a test of `src-tauri/crates/api`; `tests/house` looks that it is the table's.
const CAPABILITY: &str = "src-tauri/capabilities/main.json";

/// The commands whose permissions the capability has.
fn commands() -> io::Result<Vec<&'static str>> {
    let capability: serde_json::Value = serde_json::from_str(&fs::read_to_string(CAPABILITY)?)?;
    let permissions = capability.get("permissions").and_then(serde_json::Value::as_array).into_iter().flatten();
    let names = permissions.filter_map(|permission| permission.as_str()?.strip_prefix("allow-"));
    // Tauri wants names that live as long as the program.
    Ok(names.map(|name| &*name.replace('-', "_").leak()).collect())
}

fn main() {
    // The window's files are put into the binary; without a build of them `cargo check` would stop.
    let page = Path::new("ui/dist/index.html");
    if !page.exists() {
        let placeholder = "<!doctype html><title>Uncouple</title><p>Build the window first: cargo xtask run</p>";
        let written = fs::create_dir_all("ui/dist").and_then(|()| fs::write(page, placeholder));
        if let Err(error) = written {
            println!("cargo::warning=no ui/dist: {error}");
        }
    }
    println!("cargo::rerun-if-changed={CAPABILITY}");
    let commands = match commands() {
        Ok(commands) => commands.leak(),
        Err(error) => {
            println!("cargo::error={CAPABILITY}: {error}");
            return;
        }
    };
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/*.json")
        .app_manifest(tauri_build::AppManifest::new().commands(commands));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
