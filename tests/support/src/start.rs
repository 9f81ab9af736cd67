//! How the app is started.

use std::ffi::OsString;
use std::path::PathBuf;

/// How the app is started.
#[derive(Debug, Clone)]
pub struct Start {
    pub(crate) binary: PathBuf,
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, OsString)>,
}

impl Start {
    /// This program, without arguments: in a test of the root package, `env!("CARGO_BIN_EXE_uncouple")`.
    pub fn new(binary: impl Into<PathBuf>) -> Self {
        Self { binary: binary.into(), args: Vec::new(), env: Vec::new() }
    }

    /// One more argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// One more variable of the environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.env.push((name.to_owned(), value.into()));
        self
    }

    /// More of them, for example [`SignIn::variables`](crate::SignIn::variables).
    #[must_use]
    pub fn envs(self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        variables.into_iter().fold(self, |start, (name, value)| start.env(&name, value))
    }
}
