//! Which crate depends on which.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// A crate of the workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// `None` for one that becomes part of the program.
    kind: Option<String>,
}

/// The crates of the workspace, as cargo sees them.
pub(crate) fn packages(root: &Path) -> Result<Vec<Package>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .output()?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    Ok(metadata.packages)
}

/// The shell, which builds the app from all others.
const SHELL: &str = "uncouple";

/// For each crate of ours, the crates of ours it may be made of.
const INWARD: &[(&str, &[&str])] = &[
    ("uncouple-domain", &[]),
    ("uncouple-engine", &["uncouple-domain"]),
    ("uncouple-store", &["uncouple-domain", "uncouple-engine"]),
    ("uncouple-secrets", &["uncouple-domain", "uncouple-engine"]),
    ("uncouple-providers", &["uncouple-domain", "uncouple-engine"]),
    ("uncouple-hubspot", &["uncouple-domain", "uncouple-engine"]),
    (
        "uncouple-host",
        &[
            "uncouple-domain",
            "uncouple-engine",
            "uncouple-hubspot",
            "uncouple-providers",
            "uncouple-secrets",
            "uncouple-store",
        ],
    ),
    ("uncouple-api", &["uncouple-domain", "uncouple-engine", "uncouple-hubspot"]),
    ("uncouple-cli", &["uncouple-domain", "uncouple-engine", "uncouple-host"]),
    (SHELL, &["uncouple-api", "uncouple-cli", "uncouple-domain", "uncouple-engine", "uncouple-host", "uncouple-store"]),
    // Tests only. No crate may be made of these two.
    ("uncouple-testkit", &["uncouple-domain", "uncouple-engine", "uncouple-store"]),
    ("uncouple-desk", &[]),
    ("xtask", &[]),
];

/// What the domain may be made of.
const PURE: &[&str] = &["jiff", "serde", "thiserror", "uuid"];

/// Outside things, by the start of their crates' names, and the one crate that may know them.
const DOORS: &[(&str, &str)] = &[
    ("tauri", SHELL),
    ("webkit2gtk", SHELL),
    ("sqlx", "uncouple-store"),
    ("keyring", "uncouple-secrets"),
    ("secret-service", "uncouple-secrets"),
    ("zbus-secret-service", "uncouple-secrets"),
    ("apple-native-keyring", "uncouple-secrets"),
    ("windows-native-keyring", "uncouple-secrets"),
    ("oauth2", "uncouple-providers"),
    ("openidconnect", "uncouple-providers"),
];

/// Dependencies that lead outward or sideways.
pub(crate) fn wrong_arrows(packages: &[Package]) -> Vec<String> {
    let mut broken = Vec::new();
    for package in packages {
        let Some((_, allowed)) = INWARD.iter().find(|(name, _)| *name == package.name) else {
            broken.push(format!("{} has no place in the house: give it one in tests/house/graph.rs", package.name));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|dependency| dependency.kind.is_none()) {
            let name = dependency.name.as_str();
            let ours = packages.iter().any(|package| package.name == name);
            let pure = package.name != "uncouple-domain" || PURE.contains(&name);
            if !pure || (ours && !allowed.contains(&name)) {
                broken.push(format!("{} must not be made of {name}", package.name));
            }
        }
    }
    broken
}

/// Crates that know something outside which is not theirs to know, be it in a test.
pub(crate) fn wrong_doors(packages: &[Package]) -> Vec<String> {
    let mut broken = Vec::new();
    for package in packages {
        for Dependency { name, .. } in &package.dependencies {
            let keeper = DOORS.iter().find(|(thing, _)| name.starts_with(thing)).map(|(_, keeper)| *keeper);
            if keeper.is_some_and(|keeper| keeper != package.name) {
                broken.push(format!("{} knows {name}", package.name));
            }
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, normal: &[&str], dev: &[&str]) -> Package {
        let dependency =
            |name: &&str, kind: Option<&str>| Dependency { name: (*name).to_owned(), kind: kind.map(str::to_owned) };
        let normal = normal.iter().map(|name| dependency(name, None));
        let dev = dev.iter().map(|name| dependency(name, Some("dev")));
        Package { name: name.to_owned(), dependencies: normal.chain(dev).collect() }
    }

    #[test]
    fn arrows_outward_and_sideways_are_found() {
        let packages = [
            package("uncouple-domain", &["serde", "tokio"], &["proptest"]),
            package("uncouple-engine", &["uncouple-store", "tokio"], &["uncouple-testkit"]),
            package("uncouple-store", &["uncouple-engine"], &[]),
            package("uncouple-testkit", &[], &[]),
            package("uncouple", &["uncouple-testkit"], &[]),
            package("newcomer", &[], &[]),
        ];
        assert_eq!(
            wrong_arrows(&packages),
            [
                "uncouple-domain must not be made of tokio",
                "uncouple-engine must not be made of uncouple-store",
                "uncouple must not be made of uncouple-testkit",
                "newcomer has no place in the house: give it one in tests/house/graph.rs",
            ]
        );
    }

    #[test]
    fn a_second_door_is_found_even_in_tests() {
        let packages = [
            package("uncouple", &["tauri"], &["sqlx"]),
            package("uncouple-store", &["sqlx"], &[]),
            package("uncouple-engine", &["tauri-plugin-notification"], &["keyring-core"]),
        ];
        assert_eq!(
            wrong_doors(&packages),
            [
                "uncouple knows sqlx",
                "uncouple-engine knows tauri-plugin-notification",
                "uncouple-engine knows keyring-core"
            ]
        );
    }
}
