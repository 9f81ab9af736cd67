//! What stands in the files.

use std::path::Path;

use anyhow::{Context as _, Result};

/// A file of ours.
#[derive(Debug)]
pub(crate) struct File {
    /// From the folder that was searched, with `/` between.
    pub(crate) path: String,
    text: String,
}

/// Folders whose contents are written by programs.
const NOT_OURS: &[&str] = &["node_modules", "dist", "target", "gen", "generated", "paraglide", ".git"];

/// All files with one of these endings, except what programs wrote.
pub(crate) fn files(folder: &Path, endings: &[&str]) -> Result<Vec<File>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).with_context(|| dir.display().to_string())? {
            let entry = entry?;
            let (path, name) = (entry.path(), entry.file_name());
            if entry.file_type()?.is_dir() {
                let name = name.to_string_lossy();
                let ours = !NOT_OURS.contains(&name.as_ref()) && !name.starts_with("dist-");
                open.extend(ours.then_some(path));
            } else if path.extension().is_some_and(|end| endings.iter().any(|wanted| end == *wanted)) {
                let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                let path = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                found.push(File { path, text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Files outside of one folder that import the bridge to the shell, or reach for it past the import.
pub(crate) fn bridge_outside_of(files: &[File], folder: &str) -> Vec<String> {
    files
        .iter()
        .filter(|file| !file.path.starts_with(folder))
        .filter(|file| file.text.contains("@tauri-apps/") || file.text.contains("__TAURI"))
        .map(|file| format!("ui/src/{} knows the bridge", file.path))
        .collect()
}

/// Manifests of crates that go by lints of their own.
pub(crate) fn without_lints(manifests: &[File]) -> Vec<String> {
    manifests
        .iter()
        .filter(|file| file.path.ends_with("Cargo.toml") && file.text.contains("[package]"))
        .filter(|file| {
            let lines: Vec<&str> = file.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            !lines.windows(2).any(|pair| pair == ["[lints]", "workspace = true"])
        })
        .map(|file| format!("{} does not take the lints of the workspace", file.path))
        .collect()
}

/// What the top level must hold.
const TOP_LEVEL: &[&str] =
    &["Cargo.lock", "Cargo.toml", "README.md", "docs", "icons", "src-tauri", "tauri.conf.json", "tests", "ui", "xtask"];

/// The usual files of a project, which may stand beside it. So may files whose names begin with a dot.
const USUAL: &[&str] = &[
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.ja.md",
    "SECURITY.md",
    "rust-toolchain.toml",
];

/// Names on the top level that are missing or too many. What git ignores there doesn't count.
pub(crate) fn wrong_top_level(names: &[String], gitignore: &str) -> Vec<String> {
    let ignored: Vec<&str> = gitignore.lines().map(|line| line.trim_matches('/')).collect();
    let known = |name: &&String| {
        let name = name.as_str();
        TOP_LEVEL.contains(&name) || USUAL.contains(&name) || name.starts_with('.') || ignored.contains(&name)
    };
    let many = names.iter().filter(|name| !known(name)).map(|name| format!("{name} does not belong there"));
    let missing = TOP_LEVEL.iter().filter(|name| !names.iter().any(|there| there == *name));
    many.chain(missing.map(|name| format!("{name} is missing"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_second_bridge_is_found() {
        let files = [
            file("backend/tauri.ts", "import { invoke } from \"@tauri-apps/api/core\";"),
            file("screens/a.tsx", "import { invoke } from '@tauri-apps/api/core';"),
            file("screens/b.tsx", "window.__TAURI_INTERNALS__.invoke('x')"),
            file("screens/c.tsx", "import { useBackend } from \"../backend\";"),
        ];
        assert_eq!(
            bridge_outside_of(&files, "backend/"),
            ["ui/src/screens/a.tsx knows the bridge", "ui/src/screens/b.tsx knows the bridge"]
        );
    }

    #[test]
    fn lints_of_ones_own_are_found() {
        let manifests = [
            file("a/Cargo.toml", "[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n"),
            file("b/Cargo.toml", "[package]\nname = \"b\"\n"),
            file("c/Cargo.toml", "[package]\nname = \"c\"\n[lints.rust]\nunsafe_code = \"allow\"\n"),
            file("deny.toml", "[bans]"),
        ];
        let expected = ["b", "c"].map(|name| format!("{name}/Cargo.toml does not take the lints of the workspace"));
        assert_eq!(without_lints(&manifests), expected);
    }

    #[test]
    fn a_crowded_and_an_incomplete_top_level_are_found() {
        let mut names: Vec<String> = TOP_LEVEL.iter().map(|name| (*name).to_owned()).collect();
        names.extend([".ci", "LICENSE-MIT", "target", "gen"].map(str::to_owned));
        assert_eq!(wrong_top_level(&names, "/target/\n/gen/\nui/dist/\n"), Vec::<String>::new());
        names.retain(|name| name != "README.md");
        names.push("notes.txt".to_owned());
        assert_eq!(
            wrong_top_level(&names, "/target/\n"),
            ["gen does not belong there", "notes.txt does not belong there", "README.md is missing"]
        );
    }
}
