//! How many tests passed and failed, read from what the runners say.

use serde_json::Value;

/// Tests of one or of several runs.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Count {
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// What cargo's own runner reported: one line for each test program.
    pub(crate) fn of_cargo_test(output: &str) -> Self {
        Self::of_lines(output, |line| line.strip_prefix("test result: "))
    }

    /// What cargo-nextest reported. It shows the output of tests that failed, where cargo's own lines stand too.
    ///
    /// Its number of skipped tests is right only without a filter expression, so we never give it one.
    pub(crate) fn of_nextest(output: &str) -> Self {
        Self::of_lines(output, |line| line.trim_start().strip_prefix("Summary ")?.split_once(" run: ").map(|run| run.1))
    }

    fn of_lines(output: &str, report: impl Fn(&str) -> Option<&str>) -> Self {
        let mut count = Self::default();
        for line in output.lines().map(without_colour) {
            let Some(report) = report(&line) else { continue };
            count.add(Self {
                passed: before(report, "passed"),
                // A test that nextest ended because it took too long has failed.
                failed: before(report, "failed") + before(report, "timed out"),
                skipped: before(report, "skipped") + before(report, "ignored"),
            });
        }
        count
    }

    /// The JSON report of vitest.
    pub(crate) fn of_vitest(report: &str) -> Option<Self> {
        let report: Value = serde_json::from_str(report).ok()?;
        let number = |name: &str| report.get(name).and_then(Value::as_u64);
        Some(Self {
            passed: number("numPassedTests")?,
            failed: number("numFailedTests")?,
            skipped: number("numPendingTests")? + number("numTodoTests").unwrap_or(0),
        })
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// The number that stands before a word: `before("3 passed; 0 failed", "passed")` is 3.
fn before(report: &str, word: &str) -> u64 {
    report
        .match_indices(word)
        .find_map(|(at, _)| report.get(..at)?.trim_end().rsplit([' ', ';', ',', '.']).next()?.parse().ok())
        .unwrap_or(0)
}

fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            // An escape sequence ends with its first letter.
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_test_is_added_up() {
        let output = "running 3 tests\n\
            test a ... ok\n\
            test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            \n\
            test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";
        assert_eq!(Count::of_cargo_test(output), Count { passed: 13, failed: 1, skipped: 1 });
    }

    #[test]
    fn nextest_is_read_with_and_without_colour() {
        let plain = "     Summary [   1.207s] 15 tests run: 12 passed (1 slow), 2 failed, 1 timed out, 3 skipped";
        let bright = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.1s] \u{1b}[1m4\u{1b}[0m tests run: \u{1b}[1m4\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m \u{1b}[33;1mskipped\u{1b}[0m";
        assert_eq!(Count::of_nextest(plain), Count { passed: 12, failed: 3, skipped: 3 });
        assert_eq!(Count::of_nextest(bright), Count { passed: 4, failed: 0, skipped: 0 });
    }

    #[test]
    fn words_of_a_test_are_not_a_result() {
        let talk = "stderr: 5 passed, 7 failed\nSummary of the day: 9 passed";
        assert_eq!(Count::of_cargo_test(talk), Count::default());
        assert_eq!(Count::of_nextest(talk), Count::default());
        let shown =
            "    test result: FAILED. 0 passed; 1 failed; 0 ignored\n  Summary [ 1s] 3 tests run: 2 passed, 1 failed";
        assert_eq!(Count::of_nextest(shown), Count { passed: 2, failed: 1, skipped: 0 });
    }

    #[test]
    fn vitest_is_read_or_refused() {
        let report =
            r#"{"numTotalTests":9,"numPassedTests":7,"numFailedTests":1,"numPendingTests":1,"numTodoTests":0}"#;
        assert_eq!(Count::of_vitest(report), Some(Count { passed: 7, failed: 1, skipped: 1 }));
        assert_eq!(Count::of_vitest("{}"), None);
        assert_eq!(Count::of_vitest("no report"), None);
    }

    #[test]
    fn the_last_line_is_the_agreed_one() {
        assert_eq!(Count { passed: 3, failed: 0, skipped: 0 }.to_string(), "3 passed, 0 failed");
        assert_eq!(Count { passed: 3, failed: 1, skipped: 2 }.to_string(), "3 passed, 1 failed, 2 skipped");
    }
}
