//! What ends a command early, and the exit statuses.

use crate::words;
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
    const fn sentence(self) -> &'static str {
        match self {
            Self::BadUsage => "The arguments make no sense. See --help.",
            Self::NoDataFolder => "There is no data folder on this system. Name a file with --workspace.",
            Self::TokenUnreadable => "No access token can be read from the file descriptor.",
            Self::NoOrganisation => {
                "No administrator has signed in yet. Begin with: uncouple-cli sign-in google|microsoft"
            }
            Self::SeveralOrganisations => "There are several organisations. Name one with --organisation: {names}",
            Self::NotConfirmed => "There is no terminal to ask on. Confirm the plan with --yes. Nothing was sent.",
            Self::Declined => "Not confirmed. Nothing was sent.",
            Self::LinesRefused => {
                "Lines of the list can't be done, so no plan was made: {count}, the first is line {line}."
            }
            Self::Interrupted => "Interrupted. What was found until then is kept.",
            Self::OutputFailed => "The output can't be written.",
        }
    }

    const fn status(self) -> Status {
        match self {
            Self::BadUsage | Self::SeveralOrganisations | Self::NotConfirmed | Self::LinesRefused => Status::Usage,
            Self::TokenUnreadable => Status::Usage,
            Self::NoDataFolder | Self::NoOrganisation | Self::Declined | Self::OutputFailed => Status::Failed,
            Self::Interrupted => Status::Paused,
        }
    }
}

/// Why a command ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    code: String,
    sentence: String,
    details: BTreeMap<String, String>,
    status: Status,
}

impl Failure {
    /// Arguments that make no sense, and why.
    pub(crate) fn usage(why: &str) -> Self {
        Self { sentence: why.to_owned(), ..Self::from(Own::BadUsage) }
    }

    /// Something that must not happen.
    pub(crate) fn internal() -> Self {
        AppError::new(ErrorCode::Internal).into()
    }

    /// The same with one detail more, which its sentence may have a place for.
    pub(crate) fn with(mut self, key: &str, value: impl ToString) -> Self {
        let value = value.to_string();
        self.sentence = self.sentence.replace(&format!("{{{key}}}"), &value);
        self.details.insert(key.to_owned(), value);
        self
    }

    /// The exit status that goes with it.
    pub(crate) fn status(&self) -> Status {
        self.status
    }

    /// Says it on standard error.
    pub(crate) fn tell(&self, json: bool) {
        let Self { code, sentence, details, .. } = self;
        let text = if json {
            json!({ "error": { "code": code, "message": sentence, "details": details } }).to_string()
        } else {
            format!("uncouple-cli: {code}: {sentence}")
        };
        // Where nobody listens there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}

impl From<Own> for Failure {
    fn from(own: Own) -> Self {
        Self {
            code: own.to_string(),
            sentence: own.sentence().to_owned(),
            details: BTreeMap::new(),
            status: own.status(),
        }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let code = words::word(&error.code);
        Self { sentence: words::error(&code, &error.details), status: status(error.code), code, details: error.details }
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
        | E::ListNoAddresses => Status::Usage,
        E::AdminExpired | E::AdminLimits | E::AdminNoAnswer => Status::Paused,
        _ => Status::Failed,
    }
}

/// Tells what clap has to say: help and version on standard output, errors on standard error.
pub(crate) fn of_clap(error: &clap::Error, json: bool) -> Status {
    if !error.use_stderr() {
        let written = write!(std::io::stdout(), "{}", error.render());
        let fine = written.map_or_else(|error| error.kind() == std::io::ErrorKind::BrokenPipe, |()| true);
        return if fine { Status::Done } else { Status::Failed };
    }
    let text = error.render().to_string();
    Failure::usage(text.trim().trim_start_matches("error: ")).tell(json);
    Status::Usage
}
