//! Whose work is in the app, for the page "About": crates of the program and packages of its pages, with licences.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::places::Places;
use crate::shell::{answer, cargo, locked};
use crate::steps::Outcome;

/// The systems that the app is built for, as in `.deny.toml`; both processors of one have the same crates.
const SYSTEMS: &[&str] = &["x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc", "aarch64-apple-darwin"];

/// How wide a line of the UI's files may be.
const WIDTH: usize = 110;

/// Something that is in the app. Sorted as it is shown.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    name: String,
    version: String,
    licence: String,
}

/// `cargo xtask licences`: writes the list.
pub(crate) fn licences(_args: &[String]) -> Result<ExitCode> {
    let places = Places::find()?;
    let file = file(&places);
    std::fs::write(&file, written(&places)?)?;
    println!("Written: {}", file.display());
    Ok(ExitCode::SUCCESS)
}

/// Fails if the list that is there is not the one that would be written now.
pub(crate) fn up_to_date(places: &Places) -> Result<Outcome> {
    let there = std::fs::read_to_string(file(places))?;
    ensure!(there == written(places)?, "the licences changed: commit what `cargo xtask licences` writes");
    Ok(Outcome::Fine)
}

fn file(places: &Places) -> PathBuf {
    places.ui().join("src/screens/settings/licences.json")
}

fn written(places: &Places) -> Result<String> {
    let mut parts = BTreeSet::new();
    for system in SYSTEMS {
        let mut tree = cargo(places);
        // What becomes part of the program: nothing of tests, of build scripts, or of what runs in the compiler.
        tree.args(["tree", "--package", "uncouple", "--edges", "normal,no-proc-macro", "--target", system])
            .args(["--prefix", "none", "--no-dedupe", "--format", "{p}\t{l}"])
            .args(locked());
        let tree = answer(&mut tree).with_context(|| format!("cargo tree failed for {system}"))?;
        parts.extend(crates(&tree));
    }
    let lock = std::fs::read_to_string(places.ui().join("package-lock.json"))?;
    parts.extend(packages(&serde_json::from_str(&lock)?));
    ensure!(parts.len() > 100, "only {} parts were found", parts.len());
    let nameless = parts.iter().find(|part| part.licence.is_empty());
    ensure!(nameless.is_none(), "{nameless:?} has no licence by name");
    Ok(list(&parts))
}

/// Each line is `name vVERSION (notes)`, a tab and the licence.
fn crates(tree: &str) -> impl Iterator<Item = Part> {
    tree.lines().filter_map(|line| {
        let (package, licence) = line.split_once('\t')?;
        let mut words = package.split_whitespace();
        let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
        let ours = name == "uncouple" || name.starts_with("uncouple-");
        (!ours).then(|| part(name, version, licence))
    })
}

fn packages(lock: &Value) -> Vec<Part> {
    let all = lock.get("packages").and_then(Value::as_object).into_iter().flatten();
    let not_shipped = ["dev", "devOptional", "optional"];
    all.filter(|(_, about)| !not_shipped.iter().any(|flag| about.get(flag) == Some(&Value::Bool(true))))
        .filter_map(|(path, about)| {
            let (_, name) = path.rsplit_once("node_modules/")?;
            let text = |key| about.get(key).and_then(Value::as_str).unwrap_or_default();
            Some(part(name, text("version"), text("license")))
        })
        .collect()
}

fn part(name: &str, version: &str, licence: &str) -> Part {
    // A slash is the old way to write "or". The same choice in another order is the same licence.
    let licence = licence.trim_end_matches("(*)").trim().replace(" / ", "/").replace('/', " OR ");
    let mut choices: Vec<&str> = licence.split(" OR ").collect();
    if !licence.contains(['(', ')']) && !licence.contains(" AND ") {
        choices.sort_unstable();
    }
    Part { name: name.to_owned(), version: version.to_owned(), licence: choices.join(" OR ") }
}

/// As the formatter of the UI would write it.
fn list(parts: &BTreeSet<Part>) -> String {
    let lines: Vec<String> = parts
        .iter()
        .map(|Part { name, version, licence }| {
            let [name, version, licence] = [name, version, licence].map(|text| json!(text));
            let line = format!(r#"  {{ "name": {name}, "version": {version}, "licence": {licence} }}"#);
            // The comma behind it counts, too.
            if line.chars().count() < WIDTH {
                return line;
            }
            format!("  {{\n    \"name\": {name},\n    \"version\": {version},\n    \"licence\": {licence}\n  }}")
        })
        .collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_of_others_are_listed_once_with_their_licence() {
        let tree = "uncouple v0.1.0 (/here)\tMIT OR Apache-2.0\nserde v1.0.2\tMIT OR Apache-2.0\nuncouple-store v0.1.0 (/here/x)\tMIT\nold v0.3.0\tMIT/Apache-2.0\nserde v1.0.2\tMIT OR Apache-2.0 (*)\n";
        let found: BTreeSet<Part> = crates(tree).collect();
        let expected = [part("old", "0.3.0", "Apache-2.0 OR MIT"), part("serde", "1.0.2", "Apache-2.0 OR MIT")];
        assert_eq!(found, BTreeSet::from(expected));
    }

    #[test]
    fn tools_are_no_part_of_the_pages() {
        let lock = json!({"packages": {
            "": {"name": "ui"},
            "node_modules/react": {"version": "19.3.1", "license": "MIT"},
            "node_modules/vite": {"version": "8.0.0", "license": "MIT", "dev": true},
            "node_modules/a/node_modules/@b/c": {"version": "1.0.0", "license": "ISC"},
        }});
        let found: BTreeSet<Part> = packages(&lock).into_iter().collect();
        assert_eq!(found, BTreeSet::from([part("@b/c", "1.0.0", "ISC"), part("react", "19.3.1", "MIT")]));
    }

    #[test]
    fn a_long_licence_gets_lines_of_its_own() {
        let text = list(&BTreeSet::from([part("a", "1.0.0", "MIT"), part("b", "1.0.0", &"X".repeat(80))]));
        assert!(
            text.starts_with("[\n  { \"name\": \"a\", \"version\": \"1.0.0\", \"licence\": \"MIT\" },\n  {\n"),
            "{text}"
        );
        assert!(text.ends_with("X\"\n  }\n]\n"), "{text}");
    }
}
