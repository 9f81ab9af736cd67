//! Processes that end with the value that started them.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// This program, run so that the kernel ends it if the test is killed and can't do it itself.
///
/// The kernel looks at the thread that started it: start desks in the test's own thread, not in one that ends before.
pub(crate) fn tied(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", program]);
    command
}

/// A child of ours, with everything it starts. All of it is ended on drop.
#[derive(Debug)]
pub(crate) struct Owned(Child);

impl Owned {
    /// Starts it in a process group of its own, so that ending it takes its children along.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.process_group(0).spawn().with_context(|| format!("could not start {name}"))?;
        Ok(Self(child))
    }

    /// Starts it and waits for its first line, with which these programs say where they listen.
    pub(crate) fn start_and_ask(command: &mut Command) -> Result<(Self, String)> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut owned = Self::start(command.stdout(Stdio::piped()))?;
        let stdout = owned.0.stdout.take().context("its output")?;
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            let mut lines = BufReader::new(stdout).lines();
            let first = lines.next().and_then(Result::ok).unwrap_or_default();
            if send.send(first).is_ok() {
                // Read on, or the program would block on a full pipe.
                lines.for_each(drop);
            }
        });
        let line = receive.recv_timeout(Duration::from_secs(20)).with_context(|| format!("{name} stays silent"))?;
        anyhow::ensure!(!line.is_empty(), "{name} ended before it said where it listens");
        Ok((owned, line.trim().to_owned()))
    }

    /// Starts it and hands it a secret on standard input, which is then closed.
    pub(crate) fn start_with_input(command: &mut Command, input: &str) -> Result<Self> {
        let mut owned = Self::start(command.stdin(Stdio::piped()))?;
        let mut stdin = owned.0.stdin.take().context("its input")?;
        stdin.write_all(input.as_bytes())?;
        Ok(owned)
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// True while it runs.
    pub(crate) fn is_up(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }

    /// Stops it in its tracks (it answers nobody any more), or lets it go on.
    pub(crate) fn freeze(&self, frozen: bool) -> Result<()> {
        signal(self.id(), if frozen { Signal::STOP } else { Signal::CONT })
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        if let Some(group) = pid(self.id()) {
            // Gone already is just as good.
            let _ = kill_process_group(group, Signal::KILL);
        }
        drop(self.0.wait());
    }
}

fn pid(id: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(id).ok()?)
}

/// Sends a signal to one process that a test started.
pub(crate) fn signal(id: u32, signal: Signal) -> Result<()> {
    kill_process(pid(id).context("not a process id")?, signal).context("the process is gone")
}

/// The process and everything below it, oldest first.
pub(crate) fn family(top: u32) -> Vec<u32> {
    let mut members = vec![top];
    let mut at = 0;
    while let Some(parent) = members.get(at).copied() {
        members.extend(children(parent));
        at += 1;
    }
    members
}

/// The direct children of a process.
pub(crate) fn children(parent: u32) -> Vec<u32> {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{parent}/task")) else {
        return Vec::new();
    };
    // The kernel keeps children by the thread that started them.
    threads
        .flatten()
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok())
        .flat_map(|ids| ids.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>())
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

    use super::*;

    #[test]
    fn ending_a_process_takes_its_children_along() {
        let (owned, grandchild) =
            Owned::start_and_ask(Command::new("sh").args(["-c", "sleep 300 & echo $!; wait"])).unwrap();
        let grandchild: u32 = grandchild.parse().unwrap();
        assert_eq!(family(owned.id()), [owned.id(), grandchild]);
        drop(owned);
        // The grandchild belongs to init now, which takes a moment to bury it.
        let gone =
            || std::fs::read_to_string(format!("/proc/{grandchild}/stat")).map_or(true, |stat| stat.contains(") Z"));
        let end = std::time::Instant::now() + Duration::from_secs(5);
        while !gone() {
            assert!(std::time::Instant::now() < end);
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_silent_program_is_an_error() {
        let problem = Owned::start_and_ask(Command::new("true").env("X", "")).unwrap_err();
        assert!(problem.to_string().contains("before it said"), "{problem}");
    }
}
