//! Asking before anything is revoked.

use crate::failure::{Failure, Own};
use crate::terminal::{self, clean};
use std::io::{BufRead as _, IsTerminal as _, Write as _};

/// Asks on the terminal, below what is to be known before.
///
/// # Errors
/// `not_confirmed` where there is none; `declined`.
pub(crate) fn ask(before: &[String], question: &str) -> Result<(), Failure> {
    let (input, output) = (std::io::stdin(), std::io::stderr());
    if !input.is_terminal() || !output.is_terminal() {
        return Err(Own::NotConfirmed.into());
    }
    for line in before {
        terminal::note(line);
    }
    let _ = write!(output.lock(), "{} [y/N] ", clean(question));
    let mut answer = String::new();
    let read = input.lock().read_line(&mut answer).unwrap_or(0);
    let yes = matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes");
    if read > 0 && yes { Ok(()) } else { Err(Own::Declined.into()) }
}
