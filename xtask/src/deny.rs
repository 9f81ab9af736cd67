//! What we let into the program: licences, sources, known holes.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::places::Places;
use crate::shell::{answer, cargo, must, npm, within};
use crate::steps::Outcome;

/// The checker itself, in a version that is known to compile and to understand `.deny.toml`.
const CARGO_DENY: &str = "0.20.2";

/// A program on PATH, or our own copy, which is compiled once into the cache (two to three minutes).
fn program(places: &Places) -> Result<PathBuf> {
    let own = places.tools().join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    for found in [PathBuf::from("cargo-deny"), own.clone()] {
        if answer(Command::new(&found).arg("--version")).is_some() {
            return Ok(found);
        }
    }
    println!("cargo-deny is not here yet: compiling it once into {}", places.tools().display());
    must(
        cargo(places)
            .args(["install", "cargo-deny", "--locked", "--quiet", "--version", CARGO_DENY, "--root"])
            .arg(places.tools()),
    )?;
    Ok(own)
}

fn deny(places: &Places) -> Result<Command> {
    let mut deny = Command::new(program(places)?);
    deny.current_dir(&places.root).args(["--log-level", "warn"]);
    Ok(deny)
}

/// Duplicates that we forbid, licences, and where crates come from. Needs no network.
pub(crate) fn rules(places: &Places) -> Result<Outcome> {
    must(deny(places)?.args(["check", "--hide-inclusion-graph", "bans", "licenses", "sources"]))?;
    Ok(Outcome::Fine)
}

/// Published holes in Rust crates. The database lives in a git repository that not every machine can reach.
pub(crate) fn advisories(places: &Places) -> Result<Outcome> {
    let fetched = within(Duration::from_secs(90), deny(places)?.args(["fetch", "db"]))?;
    if fetched != Some(true) {
        let today = jiff::Timestamp::now().strftime("%Y-%m-%d");
        return Ok(Outcome::Skipped(format!(
            "the RustSec database can't be reached from here, so on {today} nobody knows whether a crate has a known hole; \
             run this step where it can be reached before a release"
        )));
    }
    must(deny(places)?.args(["check", "--disable-fetch", "--hide-inclusion-graph", "advisories"]))?;
    Ok(Outcome::Fine)
}

/// Published holes in npm packages. Not every registry mirror answers that question.
pub(crate) fn npm_audit(places: &Places) -> Result<Outcome> {
    for dir in [places.ui(), places.oidc()] {
        let output = npm(&dir)
            .args(["audit", "--json", "--fetch-retries=0", "--fetch-timeout=30000"])
            .env("npm_config_audit", "true")
            .output()?;
        let Some(found) = serious(&String::from_utf8_lossy(&output.stdout)) else {
            return Ok(Outcome::Skipped("the registry does not answer audits".to_owned()));
        };
        if found > 0 {
            bail!("{found} serious hole(s) in the packages of {}: run `npm audit` there", dir.display());
        }
    }
    Ok(Outcome::Fine)
}

/// How many high and critical findings are in npm's report. `None`: it is not a report.
fn serious(report: &str) -> Option<u64> {
    let report: Value = serde_json::from_str(report).ok()?;
    let counts = report.get("metadata")?.get("vulnerabilities")?;
    Some(counts.get("high")?.as_u64()? + counts.get("critical")?.as_u64()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_told_from_an_excuse() {
        let report = r#"{"auditReportVersion":2,"metadata":{"vulnerabilities":{"low":4,"high":2,"critical":1}}}"#;
        assert_eq!(serious(report), Some(3));
        assert_eq!(serious(r#"{"message":"request failed","error":{"code":"ENOAUDIT"}}"#), None);
        assert_eq!(serious(""), None);
    }
}
