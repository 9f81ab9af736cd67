//! What ends a command early, and the exit statuses.

use crate::{terminal, words};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::ExitCode;
use uncouple_engine::{AppError, ErrorCode};

/// The exit statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Done; of a run: every item is proven.
    Done,
    /// It could not be carried out.
    Failed,
    /// Items are left.
    Left,
    /// Bad usage or bad input.
    Usage,
    /// Stopped for now; the same command goes on.
    Paused,
}

impl Status {
    /// Its number.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Left => 2,
            Self::Usage => 3,
            Self::Paused => 4,
        }
    }

    pub(crate) fn exit_code(self) -> ExitCode {
        ExitCode::from(self.number())
    }
}

/// Failures that only a command line has. The others are the engine's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Own {
    /// Arguments that make no sense.
    #[error("bad_usage")]
    BadUsage,
    /// No data folder, and no file named.
    #[error("no_data_folder")]
    NoDataFolder,
    /// A token that can't be read, or is none.
    #[error("token_unreadable")]
    TokenUnreadable,
    /// Nobody signed in, and no token.
    #[error("no_organisation")]
    NoOrganisation,
    /// No workspace file, and the command makes none.
    #[error("no_workspace")]
    NoWorkspace,
    /// Several plans or runs begin with what was written.
    #[error("ambiguous_run")]
    AmbiguousRun,
    /// Several organisations, and none named.
    #[error("several_organisations")]
    SeveralOrganisations,
    /// Nobody confirmed, and there is no terminal to ask on.
    #[error("not_confirmed")]
    NotConfirmed,
    /// Somebody was asked, and said no.
    #[error("declined")]
    Declined,
    /// Lines of a list can't be done, and all of them had to be.
    #[error("lines_refused")]
    LinesRefused,
    /// Stopped by a signal.
    #[error("interrupted")]
    Interrupted,
    /// Standard output can't be written.
    #[error("output_failed")]
    OutputFailed,
}

impl Own {
    const fn status(self) -> Status {
        match self {
            Self::BadUsage
            | Self::NoWorkspace
            | Self::AmbiguousRun
            | Self::SeveralOrganisations
            | Self::NotConfirmed
            | Self::LinesRefused
            | Self::TokenUnreadable => Status::Usage,
            Self::NoDataFolder | Self::NoOrganisation | Self::Declined | Self::OutputFailed => Status::Failed,
            Self::Interrupted => Status::Paused,
        }
    }
}

/// Why a command ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    code: String,
    /// The message that says it: `error_` and this.
    words: String,
    /// A sentence that stands in no message, as clap's do.
    sentence: Option<String>,
    details: BTreeMap<String, String>,
    status: Status,
}

impl Failure {
    /// Arguments that make no sense, and why.
    pub(crate) fn usage(why: &str) -> Self {
        Self { sentence: Some(why.to_owned()), ..Self::from(Own::BadUsage) }
    }

    /// Something that must not happen.
    pub(crate) fn internal() -> Self {
        AppError::new(ErrorCode::Internal).into()
    }

    /// The same with one detail more, which its sentence may have a place for.
    pub(crate) fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.details.insert(key.to_owned(), value.to_string());
        self
    }

    /// The same in other words, where the code alone would say something that does not fit here.
    pub(crate) fn in_words(mut self, code: &str, words: &str) -> Self {
        if self.code == code {
            words.clone_into(&mut self.words);
        }
        self
    }

    /// The exit status that goes with it.
    pub(crate) fn status(&self) -> Status {
        self.status
    }

    /// The sentence that a person reads.
    fn sentence(&self) -> String {
        self.sentence.clone().unwrap_or_else(|| words::error(&self.words, &self.details))
    }

    /// Writes it to standard error.
    pub(crate) fn report(&self, json: bool) {
        let Self { code, details, .. } = self;
        let sentence = self.sentence();
        if json {
            terminal::note_json(&json!({ "error": { "code": code, "message": sentence, "details": details } }));
        } else {
            terminal::note(&format!("uncouple-cli: {code}: {sentence}"));
        }
    }
}

impl From<Own> for Failure {
    fn from(own: Own) -> Self {
        let code = own.to_string();
        Self { words: code.clone(), code, sentence: None, details: BTreeMap::new(), status: own.status() }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let code = words::word(&error.code);
        Self { words: code.clone(), sentence: None, status: status(error.code), code, details: error.details }
    }
}

/// What an error means for a script.
fn status(code: ErrorCode) -> Status {
    use ErrorCode as E;
    #[expect(clippy::wildcard_enum_match_arm, reason = "whatever else there is, it could not be carried out")]
    match code {
        E::AddressEmpty
        | E::AddressTooLong
        | E::AddressNoAt
        | E::AddressTwoAts
        | E::AddressControl
        | E::AddressQuoted
        | E::AddressLocal
        | E::AddressDomain
        | E::BadArgument
        | E::BadTime
        | E::UnknownOrganisation
        | E::UnknownApp
        | E::UnknownRun
        | E::AppNotHubspot
        | E::EverybodyUnconfirmed
        | E::ListEmpty
        | E::ListTooLong
        | E::ListUnreadable
        | E::ListNoAddresses
        | E::ListKind
        | E::ListEncoding
        | E::ListKey
        | E::ListQuote
        | E::ListColumns
        | E::ListNoColumn
        | E::UsesNotTold
        | E::UsesTooFar => Status::Usage,
        // Something was done or found before, and the same command goes on.
        E::AdminExpired
        | E::AdminLimits
        | E::AdminNoAnswer
        | E::RunBeforeItsDay
        | E::SearchDiskFull
        | E::AdminNoRoom => Status::Paused,
        _ => Status::Failed,
    }
}

/// What clap has to say: help and version on standard output, errors as one line on standard error.
pub(crate) fn of_clap(error: &clap::Error, json: bool) -> Status {
    use clap::error::ErrorKind;
    if !error.use_stderr() {
        let written = write!(std::io::stdout(), "{}", error.render());
        let fine = written.map_or_else(|error| error.kind() == std::io::ErrorKind::BrokenPipe, |()| true);
        return if fine { Status::Done } else { Status::Failed };
    }
    let help =
        matches!(error.kind(), ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand);
    let why = if help { words::say("usage_no_command", &[]) } else { one_line(&error.render().to_string()) };
    Failure::usage(&why).report(json);
    Status::Usage
}

/// An error of clap's without its usage and its pointer to the help, in one line.
fn one_line(rendered: &str) -> String {
    let text = rendered.trim().trim_start_matches("error: ");
    let lines =
        text.lines().take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"));
    let parts: Vec<&str> = lines.map(str::trim).filter(|line| !line.is_empty()).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::arguments::Arguments;
    use clap::Parser as _;

    #[test]
    fn an_error_of_the_command_line_is_one_line() {
        for line in [
            "uncouple-cli nonsense",
            "uncouple-cli plan",
            "uncouple-cli plan --all --list x",
            "uncouple-cli run",
            "uncouple-cli report x --format pdf",
            "uncouple-cli fnid",
        ] {
            let error = Arguments::try_parse_from(line.split(' ')).unwrap_err();
            let text = one_line(&error.render().to_string());
            assert!(!text.is_empty() && !text.contains('\n') && !text.contains("Usage:"), "{line}: {text}");
        }
    }
}
