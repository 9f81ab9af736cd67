//! The command line.

use crate::failure::Failure;
use crate::token;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use secrecy::SecretString;
use std::ffi::OsString;
use std::path::PathBuf;
use uncouple_domain::RunId;
use uncouple_engine::ports::Clock as _;
use uncouple_engine::wire::Suite;
use uncouple_host::SystemClock;

const ABOUT: &str = "Finds HubSpot's access across an organisation, revokes it by API, and proves it";

const AFTER: &str = "\
Exit status:
  0  done; for run and verify: every item is proven gone
  1  it could not be carried out
  2  items are left that are not proven
  3  bad usage or bad input
  4  stopped for now (sign in again, provider's limits, no answer, interrupted): run it again to go on

Errors go to standard error as `uncouple-cli: CODE: sentence`, with --json as {\"error\":{...}}.
Secrets are never taken from arguments or the environment: sign in once, or hand an access token over with --token-fd.";

/// What was asked for.
#[derive(Debug, Parser)]
#[command(name = "uncouple-cli", version, about = ABOUT, after_help = AFTER, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What goes with every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// The workspace file [default: in the data folder; or UNCOUPLE_WORKSPACE]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) workspace: Option<PathBuf>,
    /// One JSON document on standard output; progress and errors as JSON lines on standard error
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Which organisation, where there are several
    #[arg(long, global = true, value_name = "NAME|ID")]
    pub(crate) organisation: Option<String>,
    /// Reads an access token from this file descriptor, instead of a sign-in
    #[arg(long, global = true, value_name = "N")]
    pub(crate) token_fd: Option<u16>,
    /// Whose token it is
    #[arg(long, global = true, value_name = "SUITE")]
    pub(crate) suite: Option<SuiteName>,
    /// With a token for Google: the administrator's address
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub(crate) admin: Option<String>,
}

/// An access token with what it takes to use it.
#[derive(Debug)]
pub(crate) struct GivenToken {
    pub(crate) token: SecretString,
    pub(crate) suite: Suite,
    /// The administrator, as Google wants them named. Empty at Microsoft.
    pub(crate) admin: String,
}

impl Global {
    /// The token that was handed over. The descriptor is closed.
    pub(crate) fn token(&self) -> Result<Option<GivenToken>, Failure> {
        let Some(number) = self.token_fd else {
            let without = self.suite.is_some() || self.admin.is_some();
            return if without { Err(Failure::usage("--suite and --admin go with --token-fd")) } else { Ok(None) };
        };
        let (suite, admin) = match (self.suite, self.admin.clone()) {
            (None, _) => return Err(Failure::usage("--token-fd wants --suite google or --suite microsoft")),
            (Some(SuiteName::Google), None) => {
                return Err(Failure::usage(
                    "a token for Google wants --admin ADDRESS, the administrator it belongs to",
                ));
            }
            (Some(SuiteName::Google), Some(admin)) => (Suite::Google, admin),
            (Some(SuiteName::Microsoft), admin) => (Suite::Microsoft, admin.unwrap_or_default()),
        };
        Ok(Some(GivenToken { token: token::read(number)?, suite, admin }))
    }
}

/// A provider's name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SuiteName {
    /// Google Workspace
    Google,
    /// Microsoft 365
    Microsoft,
}

impl From<SuiteName> for Suite {
    fn from(name: SuiteName) -> Self {
        match name {
            SuiteName::Google => Self::Google,
            SuiteName::Microsoft => Self::Microsoft,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Signs an administrator in through the system browser
    SignIn(SignIn),
    /// Signs the administrator out, forgets the token and proves it
    SignOut,
    /// Says who is signed in, what is granted, and how searches and runs stand
    Status,
    /// Searches the organisation, and lists who lets HubSpot in
    Find(Find),
    /// Lists the apps that a search came across, and says which are HubSpot's
    Apps(Apps),
    /// Makes a plan: what would be removed, what else stops, what can't be done. Nothing is sent
    Plan(Plan),
    /// Carries a plan out to the proof, or goes on with one
    Run(Run),
    /// Reads everything again that a run deleted, and deletes nothing
    Verify(Named),
    /// Writes a report of a plan or run to a file
    Report(Report),
    /// Lists plans and runs
    Runs,
    /// Throws a plan away, or calls off what is left of a run
    Cancel(Named),
    /// Says or sets how hard a provider may be worked
    Pace(Pace),
}

/// `sign-in`.
#[derive(Debug, Args)]
pub(crate) struct SignIn {
    /// Where
    #[arg(value_name = "PROVIDER")]
    pub(crate) at: SuiteName,
    /// To look only: asks for less, and revokes nothing
    #[arg(long)]
    pub(crate) read_only: bool,
}

/// `find`.
#[derive(Debug, Args)]
pub(crate) struct Find {
    /// Only those that the audit log has no use of for so many days
    #[arg(long, value_name = "DAYS", conflicts_with = "without_crm")]
    pub(crate) unused: Option<u32>,
    /// Only those without a mailbox in use or disabled in the workspace
    #[arg(long)]
    pub(crate) without_crm: bool,
    /// Only those with this in address, name or app
    #[arg(long, value_name = "T")]
    pub(crate) text: Option<String>,
    /// Lists what is known, and asks nobody
    #[arg(long)]
    pub(crate) no_search: bool,
}

/// `apps`.
#[derive(Debug, Args)]
pub(crate) struct Apps {
    #[command(subcommand)]
    pub(crate) what: Option<AppsWhat>,
}

/// What is done with an app.
#[derive(Debug, Subcommand)]
pub(crate) enum AppsWhat {
    /// Says that an app is HubSpot's, so that plans can have its accesses
    Choose {
        /// The app's key or client id
        app: String,
        /// Its name, for an app that is not plainly HubSpot's
        #[arg(long, value_name = "ITS NAME")]
        name: Option<String>,
    },
    /// Takes that back
    Drop {
        /// The app's key or client id
        app: String,
    },
}

/// `plan`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("from").required(true).args(["all", "person", "list", "leaver"]))]
pub(crate) struct Plan {
    /// All known accesses of the chosen apps
    #[arg(long)]
    pub(crate) all: bool,
    /// One person's
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) person: Option<String>,
    /// Those of the addresses in a text or CSV file; `-` for standard input
    #[arg(long, value_name = "FILE|-")]
    pub(crate) list: Option<PathBuf>,
    /// Everything of somebody who leaves, read anew
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) leaver: Option<String>,
    /// Not before then: 2026-12-01T18:00, or with an offset; what they have on that day goes
    #[arg(long, value_name = "TIME", requires = "leaver", conflicts_with_all = ["all", "person", "list"], value_parser = later)]
    pub(crate) on: Option<Timestamp>,
    /// Only these of the chosen apps, by key or client id
    #[arg(long, value_name = "APP", conflicts_with = "leaver")]
    pub(crate) app: Vec<String>,
    /// Makes no plan from a list with lines that can't be done
    #[arg(long, requires = "list")]
    pub(crate) strict: bool,
}

/// `run`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The plan's id
    pub(crate) plan: RunId,
    /// Confirms the plan; without a terminal to ask on it is needed
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Confirms consents for everybody in the organisation, where the plan has some
    #[arg(long)]
    pub(crate) everybody: bool,
    /// Takes up what an ended run left, too
    #[arg(long)]
    pub(crate) retry: bool,
}

/// `pace`.
#[derive(Debug, Args)]
pub(crate) struct Pace {
    /// Which provider's; without one, both are said
    #[arg(value_name = "PROVIDER")]
    pub(crate) at: Option<SuiteName>,
    /// Calls a minute at most; 0 for as many as the connections carry
    #[arg(long, value_name = "N", requires = "at")]
    pub(crate) calls_per_minute: Option<u32>,
    /// Connections at once at most, 1 to 100
    #[arg(long, value_name = "N", requires = "at")]
    pub(crate) connections: Option<u16>,
}

/// A command about one plan.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// The plan's id
    pub(crate) plan: RunId,
}

/// `report`.
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The plan's id
    pub(crate) plan: RunId,
    /// Its form
    #[arg(long)]
    pub(crate) format: Format,
    /// A file that is not there yet
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
}

/// The forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// To print
    Page,
    /// For spreadsheets
    Csv,
    /// For programs
    Json,
}

/// Whether errors of the command line itself are wanted as JSON, too.
pub(crate) fn wants_json(words: &[OsString]) -> bool {
    words.iter().take_while(|word| *word != "--").any(|word| word == "--json")
}

/// A time that is not over, in the system's zone where it names none.
fn later(text: &str) -> Result<Timestamp, String> {
    let at = time(text, &TimeZone::system()).ok_or("write it like 2026-12-01T18:00 or 2026-12-01T18:00:00+09:00")?;
    if at > SystemClock.now() { Ok(at) } else { Err("that time is over".to_owned()) }
}

fn time(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Some(exact);
    }
    let day = || text.parse::<Date>().ok().map(|day| day.to_datetime(Time::midnight()));
    zone.to_timestamp(text.parse::<DateTime>().ok().or_else(day)?).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use clap::CommandFactory as _;

    fn parse(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(line.split(' '))
    }

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_plan_is_about_one_thing() {
        for line in [
            "uncouple-cli plan",
            "uncouple-cli plan --all --person a@example.com",
            "uncouple-cli plan --all --on 2999-01-01T00:00",
            "uncouple-cli plan --leaver a@example.com --on 2001-01-01T00:00",
            "uncouple-cli plan --leaver a@example.com --app x",
            "uncouple-cli plan --all --strict",
            "uncouple-cli find --unused 30 --without-crm",
            "uncouple-cli run nonsense",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
        for line in [
            "uncouple-cli plan --all --app x --app y",
            "uncouple-cli --json plan --list - --strict",
            "uncouple-cli plan --leaver a@example.com --on 2999-01-01T00:00 --json",
            "uncouple-cli run 0199a0a0-0000-7000-8000-000000000000 --yes",
        ] {
            assert!(parse(line).is_ok(), "{line}: {}", parse(line).unwrap_err());
        }
    }

    #[test]
    fn a_token_comes_with_what_it_is_for() {
        let token = |line: &str| parse(line).unwrap().global.token();
        assert!(token("uncouple-cli status").unwrap().is_none());
        for line in [
            "uncouple-cli status --token-fd 9",
            "uncouple-cli status --token-fd 9 --suite google",
            "uncouple-cli status --suite google",
            "uncouple-cli status --admin a@example.com",
        ] {
            assert!(token(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_time_is_exact_or_in_the_systems_zone() {
        let tokyo = TimeZone::fixed(jiff::tz::offset(9));
        let wanted: Timestamp = "2026-12-01T09:00:00Z".parse().unwrap();
        for text in ["2026-12-01T18:00", "2026-12-01T18:00:00+09:00", "2026-12-01 18:00", "2026-12-01T09:00:00Z"] {
            assert_eq!(time(text, &tokyo), Some(wanted), "{text}");
        }
        assert_eq!(time("2026-12-01", &tokyo), "2026-11-30T15:00:00Z".parse().ok());
        for text in ["", "tomorrow", "18:00", "2026-13-01"] {
            assert_eq!(time(text, &tokyo), None, "{text}");
        }
    }
}
