//! A list of steps that stops at the first that fails, and says how long each took.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::count::Count;

/// What a step has to tell when it is over.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// A check that has no tests to count.
    Fine,
    /// A check that could not be made here, and why.
    Skipped(String),
    /// Tests ran; the flag is what the runner itself said.
    Tests { count: Count, ok: bool },
}

/// The steps done so far.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    lines: Vec<String>,
    total: Count,
    failed: Option<String>,
    skipped: Vec<String>,
}

impl Steps {
    /// Runs one step, unless an earlier one failed.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Outcome>) {
        if self.failed.is_some() {
            return;
        }
        println!("\n=== {name}");
        let start = Instant::now();
        let outcome = work();
        let time = seconds(start.elapsed());
        let (word, problem) = match outcome {
            Ok(Outcome::Fine) => ("ok".to_owned(), None),
            Ok(Outcome::Skipped(why)) => {
                self.skipped.push(format!("SKIPPED, NOT CHECKED: {name}: {why}"));
                (format!("SKIPPED: {why}"), None)
            }
            Ok(Outcome::Tests { count, ok }) => {
                self.total.add(count);
                let ok = ok && count.failed == 0;
                if !ok && count.failed == 0 {
                    // It did not even build, or it crashed: that must not look like a clean count.
                    self.total.failed += 1;
                }
                (count.to_string(), (!ok).then(|| "see above".to_owned()))
            }
            Err(problem) => {
                self.total.failed += 1;
                (String::new(), Some(format!("{problem:#}")))
            }
        };
        let line = match problem {
            None => format!("{time:>8}  {name}: {word}"),
            Some(why) => {
                self.failed = Some(format!("{name}: {why}"));
                format!("{time:>8}  {name}: FAILED {word}")
            }
        };
        println!("--- {}", line.trim());
        self.lines.push(line);
    }

    /// Prints all times and the last line, which machines read. True if every step was fine.
    pub(crate) fn finish(self) -> bool {
        println!("\n{}", self.lines.join("\n"));
        if !self.skipped.is_empty() {
            println!("\n{}", self.skipped.join("\n"));
        }
        if let Some(failed) = &self.failed {
            println!("\nStopped at the first step that failed: {failed}");
        }
        println!("\n{}", self.total);
        self.failed.is_none()
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_runs_after_a_failure() {
        let mut steps = Steps::default();
        steps.step("first", || Ok(Outcome::Fine));
        steps.step("second", || anyhow::bail!("broken"));
        let mut ran = false;
        steps.step("third", || {
            ran = true;
            Ok(Outcome::Fine)
        });
        assert!(!ran);
        assert_eq!(steps.total, Count { passed: 0, failed: 1, skipped: 0 });
        assert!(!steps.finish());
    }

    #[test]
    fn a_runner_that_fails_without_a_failed_test_counts_as_one() {
        let mut steps = Steps::default();
        let count = Count { passed: 4, failed: 0, skipped: 0 };
        steps.step("tests", || Ok(Outcome::Tests { count, ok: false }));
        assert_eq!(steps.total, Count { passed: 4, failed: 1, skipped: 0 });
        assert!(!steps.finish());
    }

    #[test]
    fn skipping_a_check_is_no_failure() {
        let mut steps = Steps::default();
        steps.step("audit", || Ok(Outcome::Skipped("no network".to_owned())));
        assert!(steps.finish());
    }
}
