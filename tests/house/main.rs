//! The house rules that a machine can hold (`docs/architecture.md`, Invariants). Every checker takes its input as an
//! argument and is shown below its code to find what it looks for.

mod commands;
mod graph;
mod sources;
mod words;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::Result;

/// The clone, asked for when the test runs: two clones may share a folder of builds.
static ROOT: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from));

fn root() -> &'static Path {
    &ROOT
}

/// Fails with one line for each broken rule.
fn nothing(broken: Vec<String>) -> Result<()> {
    anyhow::ensure!(broken.is_empty(), "\n  {}", broken.join("\n  "));
    Ok(())
}

#[test]
fn arrows_between_crates_point_inward() -> Result<()> {
    nothing(graph::wrong_arrows(&graph::packages(root())?))
}

#[test]
fn what_is_outside_has_one_door_each() -> Result<()> {
    nothing(graph::wrong_doors(&graph::packages(root())?))
}

#[test]
fn every_crate_has_the_lints_of_the_house() -> Result<()> {
    let manifests = sources::files(root(), &["toml"])?;
    nothing(sources::without_lints(&manifests))
}

#[test]
fn only_one_folder_of_the_ui_knows_the_bridge() -> Result<()> {
    let files = sources::files(&root().join("ui/src"), &["ts", "tsx", "js", "jsx", "mts"])?;
    anyhow::ensure!(files.len() > 20, "the UI's sources were not found");
    nothing(sources::bridge_outside_of(&files, "backend/"))
}

#[test]
fn what_is_written_from_the_table_of_commands_is_up_to_date() -> Result<()> {
    let read = |path: &str| std::fs::read_to_string(root().join(path));
    anyhow::ensure!(read(commands::CAPABILITY)? == uncouple_api::capability()?, "{}: {STALE}", commands::CAPABILITY);
    anyhow::ensure!(read(commands::CLIENT)? == uncouple_api::client(), "{}: {STALE}", commands::CLIENT);
    Ok(())
}

/// What to do about a file that is not what the table says.
const STALE: &str = "not what the table of commands says; run `cargo xtask types`";

#[test]
fn the_window_may_call_the_commands_of_the_table_and_nothing_else() -> Result<()> {
    let config = serde_json::from_str(&std::fs::read_to_string(root().join("tauri.conf.json"))?)?;
    let files = std::fs::read_dir(root().join("src-tauri/capabilities"))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<String>>>()?;
    let mut broken = commands::other_capabilities(&config, &files);
    let names: Vec<&str> = uncouple_api::commands().map(|command| command.name).collect();
    anyhow::ensure!(names.len() > 20, "the commands were not found");
    broken.extend(commands::not_named(&names, &serde_json::from_str(&uncouple_api::capability()?)?));
    nothing(broken)
}

#[test]
fn the_top_level_holds_what_it_should() -> Result<()> {
    let names = std::fs::read_dir(root())?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<String>>>()?;
    let ignored = std::fs::read_to_string(root().join(".gitignore"))?;
    nothing(sources::wrong_top_level(&names, &ignored))
}

#[test]
fn both_languages_say_the_same_things() -> Result<()> {
    let [japanese, english] = messages()?;
    nothing(words::differences(&japanese, &english))
}

#[test]
fn every_error_has_words() -> Result<()> {
    let codes = std::fs::read_to_string(root().join("ui/src/backend/generated/ErrorCode.ts"))?;
    let codes = words::error_codes(&codes);
    anyhow::ensure!(codes.len() > 20, "the error codes were not found");
    let [japanese, english] = messages()?;
    let mut broken = words::without_words(&codes, "ja", &japanese);
    broken.extend(words::without_words(&codes, "en", &english));
    nothing(broken)
}

fn messages() -> Result<[serde_json::Value; 2]> {
    let read = |name: &str| -> Result<serde_json::Value> {
        Ok(serde_json::from_str(&std::fs::read_to_string(root().join("ui/messages").join(name))?)?)
    };
    Ok([read("ja.json")?, read("en.json")?])
}
