//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

const HELP: &str = "uncouple - disconnects a mailbox from a CRM, on both sides

  --workspace FILE   the workspace file (default: in the data folder; or UNCOUPLE_WORKSPACE)
  --help             this text
  --version          the version
";

/// Arguments that make no sense.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadArguments {
    /// `--workspace` without a file.
    #[error("--workspace wants a file")]
    NoFile,
    /// Something else.
    #[error("unknown argument {0:?}; see --help")]
    Unknown(OsString),
}

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) workspace: Option<PathBuf>,
}

impl Arguments {
    /// Reads the command line. None: it was answered, there is nothing to run.
    pub(crate) fn read(mut words: impl Iterator<Item = OsString>) -> Result<Option<Self>, BadArguments> {
        let mut arguments = Self::default();
        while let Some(word) = words.next() {
            match word.to_str() {
                Some("--workspace") => {
                    let file = words.next().filter(|file| !file.is_empty()).ok_or(BadArguments::NoFile)?;
                    arguments.workspace = Some(file.into());
                }
                Some("--help" | "-h") => return Ok(say(HELP)),
                Some("--version" | "-V") => return Ok(say(concat!("uncouple ", env!("CARGO_PKG_VERSION"), "\n"))),
                _ => return Err(BadArguments::Unknown(word)),
            }
        }
        Ok(Some(arguments))
    }
}

#[expect(clippy::print_stdout, reason = "asked for on the command line")]
fn say<T>(text: &str) -> Option<T> {
    print!("{text}");
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Option<Arguments>, BadArguments> {
        Arguments::read(words.iter().map(OsString::from))
    }

    #[test]
    fn a_workspace_file_is_taken_from_the_command_line() {
        let wanted = Arguments { workspace: Some("a b.db".into()) };
        assert_eq!(read(&["--workspace", "a b.db"]), Ok(Some(wanted)));
    }

    #[test]
    fn arguments_that_make_no_sense_are_refused() {
        assert_eq!(read(&["--workspace"]), Err(BadArguments::NoFile));
        assert_eq!(read(&["--workspace", ""]), Err(BadArguments::NoFile));
        assert_eq!(read(&["https://evil.example"]), Err(BadArguments::Unknown("https://evil.example".into())));
    }
}
