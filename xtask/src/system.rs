//! What has to be on the machine before cargo and npm can do their part.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::shell::{answer, must, on_ci};

/// To compile and to open the window. On Debian and Ubuntu by name.
const BUILD: &[&str] = &[
    "build-essential",
    "pkg-config",
    "file",
    "libwebkit2gtk-4.1-dev",
    "libdbus-1-dev",
    "librsvg2-dev",
    "libayatana-appindicator3-dev",
    "xdg-utils",
];

/// To drive the real window on a display, a bus, a keyring and a notification server of its own.
const WINDOW: &[&str] =
    &["xvfb", "fonts-noto-cjk", "webkit2gtk-driver", "dbus", "gnome-keyring", "libsecret-tools", "dunst"];

/// For other systems: the program or library that is looked for, and what it is.
const BUILD_PARTS: &[&str] = &["cc", "pkg-config", "webkit2gtk-4.1.pc", "dbus-1.pc", "librsvg-2.0.pc"];
const WINDOW_PARTS: &[&str] = &["Xvfb", "WebKitWebDriver", "dbus-daemon", "gnome-keyring-daemon", "dunst"];

const FEDORA: &str = "\
Fedora:  sudo dnf install gcc gcc-c++ make pkgconf-pkg-config webkit2gtk4.1-devel dbus-devel librsvg2-devel \\
             libappindicator-gtk3-devel xdg-utils nodejs npm
         for the tests as well: xorg-x11-server-Xvfb google-noto-sans-cjk-fonts dbus-daemon gnome-keyring libsecret dunst,
         and the package that brings WebKitWebDriver (`dnf provides '*/WebKitWebDriver'`)";

const MACOS: &str = "\
macOS:   xcode-select --install
         and Node.js 20.19 or newer, for example: brew install node";

const WINDOWS: &str = "\
Windows: Visual Studio Build Tools with \"Desktop development with C++\" (winget install Microsoft.VisualStudio.2022.BuildTools),
         WebView2 (part of Windows 11; else winget install Microsoft.EdgeWebView2Runtime)
         and Node.js 20.19 or newer (winget install OpenJS.NodeJS.LTS)";

/// What the machine is going to be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A person who wants to see the window on their own display.
    Window,
    /// Also to drive windows that nobody sees.
    Harness,
}

/// Names what is missing and installs it where that is possible; otherwise says what to install, and is an error.
pub(crate) fn ready(purpose: Purpose, yes: bool) -> Result<()> {
    if cfg!(target_os = "linux") && Path::new("/usr/bin/apt-get").exists() {
        return apt(purpose, yes);
    }
    let missing = missing_parts(purpose);
    if missing.is_empty() {
        println!("System: everything needed is there.");
        return node_or_advice();
    }
    let advice = match std::env::consts::OS {
        "macos" => MACOS.to_owned(),
        "windows" => WINDOWS.to_owned(),
        _ => format!("{FEDORA}\n{}", debian_line()),
    };
    bail!(
        "missing on this machine: {}.\nPlease install:\n\n{advice}\n\nand start the command again.",
        missing.join(", ")
    )
}

fn debian_line() -> String {
    format!("Debian:  sudo apt-get install {} {} nodejs npm", BUILD.join(" "), WINDOW.join(" "))
}

fn missing_parts(purpose: Purpose) -> Vec<&'static str> {
    if cfg!(windows) {
        // cargo runs already, and with it the linker of the Build Tools; the rest is Node.js.
        return Vec::new();
    }
    if cfg!(target_os = "macos") {
        let tools = answer(Command::new("xcode-select").arg("-p")).is_some();
        return if tools { Vec::new() } else { vec!["the Xcode command line tools"] };
    }
    let mut parts = BUILD_PARTS.to_vec();
    if purpose == Purpose::Harness {
        parts.extend(WINDOW_PARTS);
    }
    parts.retain(|part| match part.strip_suffix(".pc") {
        Some(library) => answer(Command::new("pkg-config").args(["--exists", library])).is_none(),
        None => answer(Command::new("sh").args(["-c", &format!("command -v {part}")])).is_none(),
    });
    parts
}

fn node_or_advice() -> Result<()> {
    let found = answer(Command::new("node").arg("--version"));
    match found.as_deref().map(str::trim) {
        Some(version) if new_enough(version) => Ok(()),
        Some(version) => bail!("Node.js {version} is too old: please install 20.19 or newer (https://nodejs.org)."),
        None => bail!("Node.js is missing: please install 20.19 or newer (https://nodejs.org)."),
    }
}

/// The range of the UI's bundler, which is the narrowest of all.
fn new_enough(version: &str) -> bool {
    let mut numbers =
        version.trim_start_matches('v').split(['.', '-', '~', '+']).map(|number| number.parse::<u32>().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    match major {
        20 => minor >= 19,
        22 => minor >= 12,
        _ => major > 22,
    }
}

fn apt(purpose: Purpose, yes: bool) -> Result<()> {
    let mut wanted = BUILD.to_vec();
    if purpose == Purpose::Harness {
        wanted.extend(WINDOW);
    }
    let node = answer(Command::new("node").arg("--version"));
    if !node.as_deref().is_some_and(new_enough_line) && debian_node().is_some_and(|version| new_enough(&version)) {
        wanted.extend(["nodejs", "npm"]);
    }
    let there =
        answer(Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Status} ${Package}\n"])).unwrap_or_default();
    let missing = not_installed(&wanted, &there);
    println!("System packages: {}", wanted.join(" "));
    if missing.is_empty() {
        println!("All of them are installed.");
    } else {
        println!("Missing: {}", missing.join(" "));
        install(&missing, yes)?;
    }
    node_or_advice()
}

fn new_enough_line(version: &str) -> bool {
    new_enough(version.trim())
}

/// What the distribution itself would install.
fn debian_node() -> Option<String> {
    let policy = answer(Command::new("apt-cache").args(["policy", "nodejs"]))?;
    let candidate = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate:"))?;
    Some(candidate.trim().to_owned())
}

fn not_installed<'a>(wanted: &[&'a str], dpkg: &str) -> Vec<&'a str> {
    let installed: Vec<&str> = dpkg.lines().filter_map(|line| line.strip_prefix("installed ")).collect();
    wanted.iter().copied().filter(|name| !installed.contains(name)).collect()
}

fn install(missing: &[&str], yes: bool) -> Result<()> {
    let root = answer(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    let line =
        format!("{}apt-get install -y --no-install-recommends {}", if root { "" } else { "sudo " }, missing.join(" "));
    if !(root || yes || agreed(&line)?) {
        bail!("nothing was installed. Install them yourself and start the command again:\n    {line}");
    }
    let apt = || {
        let mut command = Command::new(if root { "env" } else { "sudo" });
        if !root {
            if !std::io::stdin().is_terminal() {
                // Nobody could type a password: rather a clear refusal than a prompt without an end.
                command.arg("-n");
            }
            command.arg("env");
        }
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]);
        command
    };
    // Package lists may be partly unreachable and still be good enough: the installation decides.
    if let Err(problem) = must(apt().arg("update")) {
        println!("{problem}; going on with the lists there are.");
    }
    must(apt().args(["install", "-y", "--no-install-recommends"]).args(missing))
}

fn agreed(line: &str) -> Result<bool> {
    if on_ci() || !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    print!("Run `{line}`? [y/N] ");
    std::io::stdout().flush()?;
    let mut reply = String::new();
    std::io::stdin().read_line(&mut reply)?;
    Ok(matches!(reply.trim(), "y" | "Y" | "yes"))
}

/// True where a window would have a place to open.
pub(crate) fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Starts a program that goes on with our terminal, for as long as the person likes.
pub(crate) fn hand_over(command: &mut Command) -> Result<std::process::ExitStatus> {
    Ok(command.stdin(Stdio::inherit()).status()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_that_the_bundler_takes() {
        for good in ["v20.19.0", "v20.20.2", "v22.12.0", "v24.1.0", "20.19.2+dfsg-1"] {
            assert!(new_enough(good), "{good}");
        }
        for bad in ["v18.20.4", "v20.18.3", "v21.7.0", "v22.11.0", "18.20.4+dfsg-1~deb12u1", "(none)", ""] {
            assert!(!new_enough(bad), "{bad}");
        }
    }

    #[test]
    fn a_package_that_was_removed_is_missing() {
        let dpkg = "installed file\nconfig-files xvfb\nnot-installed dbus\n";
        assert_eq!(
            not_installed(&["file", "xvfb", "dbus", "never-heard-of"], dpkg),
            ["xvfb", "dbus", "never-heard-of"]
        );
    }
}
