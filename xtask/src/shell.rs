//! Running other programs: cargo, npm, apt.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::places::Places;

/// True where nobody watches and nobody can answer.
pub(crate) fn on_ci() -> bool {
    std::env::var("CI").is_ok_and(|ci| !matches!(ci.as_str(), "" | "0" | "false"))
}

/// A cargo that builds outside of the clone, from the root of the clone.
pub(crate) fn cargo(places: &Places) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // A backtrace would bury the sentence that says what went wrong.
    cargo.current_dir(&places.root).env("CARGO_TARGET_DIR", &places.target).env("RUST_BACKTRACE", "0");
    if on_ci() {
        // Nothing is built twice on such a machine: incremental files would only cost disk and time.
        cargo.env("CARGO_INCREMENTAL", "0");
    }
    cargo
}

/// A lock file that no longer fits is an error where nobody can commit the new one.
pub(crate) fn locked() -> &'static [&'static str] {
    if on_ci() { &["--locked"] } else { &[] }
}

/// npm in one folder of the clone.
pub(crate) fn npm(dir: &Path) -> Command {
    // On Windows npm is a script, which only starts under its full name.
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(dir)
        .env("npm_config_update_notifier", "false")
        .env("npm_config_fund", "false")
        .env("npm_config_audit", "false");
    npm
}

/// How a command line looks when it is shown to a person.
pub(crate) fn shown(command: &Command) -> String {
    let mut line =
        Path::new(command.get_program()).file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}

/// Runs it with our own output; anything but success is an error that names the command.
pub(crate) fn must(command: &mut Command) -> Result<()> {
    let status =
        command.stdin(Stdio::null()).status().with_context(|| format!("could not start `{}`", shown(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", shown(command));
    }
    Ok(())
}

/// What it printed, if it could be started and succeeded.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs it, shows every line as it comes and keeps them all, standard error included.
pub(crate) fn watched(command: &mut Command) -> Result<(bool, String)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{}`", shown(command)))?;
    let kept = Arc::new(Mutex::new(String::new()));
    let out = child.stdout.take().map(|pipe| follow(pipe, Arc::clone(&kept)));
    let err = child.stderr.take().map(|pipe| follow(pipe, Arc::clone(&kept)));
    let status = child.wait()?;
    for thread in [out, err].into_iter().flatten() {
        // A reader can only end by panicking in println, when nobody listens to us any more.
        drop(thread.join());
    }
    let text = kept.lock().map(|kept| kept.clone()).unwrap_or_default();
    Ok((status.success(), text))
}

fn follow(pipe: impl Read + Send + 'static, kept: Arc<Mutex<String>>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&line);
            if let Ok(mut kept) = kept.lock() {
                kept.push_str(&text);
            }
            let mut stdout = std::io::stdout().lock();
            // A closed pipe must not stop the tests that are running.
            drop(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()));
            drop(stdout);
            line.clear();
        }
    })
}

/// Runs it quietly, but not longer than `limit`. `None`: it did not end in time and was ended by us.
pub(crate) fn within(limit: Duration, command: &mut Command) -> Result<Option<bool>> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("could not start `{}`", shown(command)))?;
    let end = Instant::now() + limit;
    while Instant::now() < end {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.success()));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn sh(script: &str) -> Command {
        let mut sh = Command::new("sh");
        sh.args(["-c", script]);
        sh
    }

    #[test]
    fn failure_names_the_command() {
        let problem = must(&mut sh("exit 3")).map_err(|problem| problem.to_string());
        assert_eq!(problem, Err("`sh -c exit 3` ended with exit status: 3".to_owned()));
        assert!(must(&mut sh("exit 0")).is_ok());
    }

    #[test]
    fn both_outputs_are_kept() {
        let (ok, text) = watched(&mut sh("echo one; echo two >&2; exit 1")).unwrap_or_default();
        assert!(!ok);
        assert!(text.contains("one\n") && text.contains("two\n"), "{text}");
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let hung = within(Duration::from_millis(120), &mut sh("sleep 30")).ok();
        assert_eq!(hung, Some(None));
        let done = within(Duration::from_secs(20), &mut sh("exit 0")).ok();
        assert_eq!(done, Some(Some(true)));
    }
}
