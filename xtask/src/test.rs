//! `cargo xtask test`: everything that can tell that the program is right.

use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::count::Count;
use crate::places::Places;
use crate::shell::{answer, cargo, locked, must, npm, watched};
use crate::steps::{Outcome, Steps};
use crate::system::{self, Purpose};
use crate::{deny, licences, node};

/// Integration tests of the root package that open no window.
const WITHOUT_WINDOW: &[&str] = &["cli", "house"];

/// One that measures and tests nothing: `cargo xtask bench` runs it.
const MEASUREMENT: &str = "bench";

pub(crate) fn test(args: &[String]) -> Result<ExitCode> {
    let yes = args.iter().any(|arg| arg == "--yes");
    let places = Places::find()?;
    println!("Builds go to {}", places.target.display());
    let mut steps = Steps::default();
    let fine = |work: Result<()>| work.map(|()| Outcome::Fine);

    steps.step("system packages", || fine(system::ready(Purpose::Harness, yes)));
    steps.step("format of the Rust sources", || fine(must(cargo(&places).args(["fmt", "--all", "--", "--check"]))));
    steps.step("packages and pages of the UI", || {
        node::ui(&places)?;
        fine(node::packages(&places.oidc()))
    });
    steps
        .step("format, lints and types of the UI", || fine(must(npm(&places.ui()).args(["run", "--silent", "check"]))));
    steps.step("lints of the Rust sources", || {
        fine(must(
            cargo(&places)
                .args(["clippy", "--quiet", "--workspace", "--all-targets"])
                .args(locked())
                .args(["--", "-D", "warnings"]),
        ))
    });
    steps.step("licences, sources and bans of crates", || deny::rules(&places));
    steps.step("known holes in crates", || deny::advisories(&places));
    steps.step("known holes in npm packages", || deny::npm_audit(&places));

    steps.step("list of licences", || licences::up_to_date(&places));

    let targets = Targets::read(&places);
    steps.step("Rust tests", || {
        let targets = targets.as_ref().map_err(|problem| anyhow::anyhow!("{problem:#}"))?;
        rust(&places, &targets.without_window())
    });
    steps.step("types of the window", || types(&places));
    steps.step("UI tests", || vitest(&places));
    steps.step("flows on the real window", || {
        if !cfg!(target_os = "linux") {
            return Ok(Outcome::Skipped("windows are only driven on Linux so far".to_owned()));
        }
        let targets = targets.as_ref().map_err(|problem| anyhow::anyhow!("{problem:#}"))?;
        rust(&places, &targets.with_window())
    });
    Ok(if steps.finish() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The integration tests of the workspace by name.
#[derive(Debug, Default, PartialEq, Eq)]
struct Targets {
    of_root: Vec<String>,
    of_crates: Vec<String>,
}

impl Targets {
    fn read(places: &Places) -> Result<Self> {
        let text = answer(cargo(places).args(["metadata", "--no-deps", "--format-version", "1"]))
            .context("cargo metadata failed")?;
        Self::parse(&text)
    }

    fn parse(metadata: &str) -> Result<Self> {
        let metadata: Value = serde_json::from_str(metadata)?;
        let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let mut found = Self::default();
        for package in list(&metadata, "packages") {
            let root = package.get("name").and_then(Value::as_str) == Some("uncouple");
            for target in list(&package, "targets") {
                let test = list(&target, "kind").iter().any(|kind| kind == "test");
                let Some(name) = target.get("name").and_then(Value::as_str).filter(|_| test) else {
                    continue;
                };
                if root && name == MEASUREMENT {
                    continue;
                }
                let names = if root { &mut found.of_root } else { &mut found.of_crates };
                names.push(name.to_owned());
            }
        }
        // Both runs name their tests to cargo without naming the package, so that all crates are built with the
        // same features in both; a name that stands twice would run twice.
        let twice = found.of_crates.iter().find(|name| found.of_root.contains(name));
        ensure!(twice.is_none(), "two integration tests are called {twice:?}: please rename the crate's one");
        Ok(found)
    }

    fn without_window(&self) -> Vec<&str> {
        let mut selection = vec!["--lib", "--bins"];
        let root = self.of_root.iter().filter(|name| WITHOUT_WINDOW.contains(&name.as_str()));
        for name in self.of_crates.iter().chain(root) {
            selection.extend(["--test", name]);
        }
        selection
    }

    fn with_window(&self) -> Vec<&str> {
        let windows = self.of_root.iter().filter(|name| !WITHOUT_WINDOW.contains(&name.as_str()));
        windows.flat_map(|name| ["--test", name.as_str()]).collect()
    }
}

/// Runs a selection of tests with cargo-nextest where it is installed, else with cargo's own runner.
fn rust(places: &Places, selection: &[&str]) -> Result<Outcome> {
    ensure!(!selection.is_empty(), "there are no tests");
    let mut command = cargo(places);
    let nextest = answer(Command::new("cargo-nextest").args(["nextest", "--version"])).is_some();
    if nextest {
        command.args(["nextest", "run", "--cargo-quiet", "--no-fail-fast", "--status-level", "fail"]);
    } else {
        command.args(["test", "--quiet", "--no-fail-fast"]);
    }
    command.arg("--workspace").args(selection).args(locked());
    let (ok, output) = watched(&mut command)?;
    let count = if nextest { Count::of_nextest(&output) } else { Count::of_cargo_test(&output) };
    Ok(Outcome::Tests { count, ok })
}

/// The Rust tests have written the window's types anew; what is committed must be the same.
fn types(places: &Places) -> Result<Outcome> {
    if !places.root.join(".git").exists() {
        return Ok(Outcome::Skipped("this is no git checkout".to_owned()));
    }
    let mut git = Command::new("git");
    git.current_dir(&places.root)
        .args(["diff", "--exit-code", "--stat", "--"])
        .args(["ui/src/backend/generated", "src-tauri/capabilities"]);
    must(&mut git).context("the types or commands of the window changed: commit what `cargo xtask types` writes")?;
    Ok(Outcome::Fine)
}

fn vitest(places: &Places) -> Result<Outcome> {
    let folder = places.fresh_output("vitest")?;
    let file = folder.join("report.json");
    let (ok, _) = watched(
        npm(&places.ui())
            .args(["run", "--silent", "test", "--", "--reporter=default", "--reporter=json"])
            .arg(format!("--outputFile.json={}", file.display())),
    )?;
    let report = std::fs::read_to_string(&file).unwrap_or_default();
    std::fs::remove_dir_all(&folder)?;
    let count = Count::of_vitest(&report).context("vitest left no report")?;
    Ok(Outcome::Tests { count, ok })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_kept_for_last() -> Result<()> {
        let metadata = r#"{"packages":[
            {"name":"uncouple","targets":[{"kind":["lib"],"name":"uncouple_app"},{"kind":["test"],"name":"house"},{"kind":["test"],"name":"tour"},{"kind":["test"],"name":"bench"}]},
            {"name":"uncouple-store","targets":[{"kind":["test"],"name":"migrations"}]}]}"#;
        let targets = Targets::parse(metadata)?;
        assert_eq!(targets.without_window(), ["--lib", "--bins", "--test", "migrations", "--test", "house"]);
        assert_eq!(targets.with_window(), ["--test", "tour"]);
        Ok(())
    }

    #[test]
    fn a_name_that_would_run_twice_is_refused() {
        let metadata = r#"{"packages":[
            {"name":"uncouple","targets":[{"kind":["test"],"name":"tour"}]},
            {"name":"other","targets":[{"kind":["test"],"name":"tour"}]}]}"#;
        assert!(Targets::parse(metadata).is_err());
    }
}
