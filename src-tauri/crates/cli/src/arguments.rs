//! The command line.

use crate::failure::Failure;
use crate::out::Form;
use crate::token;
use crate::words::say;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use secrecy::SecretString;
use std::ffi::OsString;
use std::path::PathBuf;
use uncouple_engine::ports::Clock as _;
use uncouple_engine::wire::{Language, Suite};
use uncouple_host::SystemClock;

const ABOUT: &str = "Finds HubSpot's access across an organisation, revokes it by API, and proves it";

const AFTER: &str = "\
Examples:
  uncouple-cli sign-in google                     sign in as administrator (or microsoft)
  uncouple-cli find                               search everybody, list who gave HubSpot access
  uncouple-cli apps choose KEY                    mark an app as HubSpot's
  uncouple-cli plan --list leavers.csv            see what would be removed; nothing is sent
  uncouple-cli run last                           ask, revoke, read again, prove
  uncouple-cli report last --format csv --to -    the evidence on standard output

Exit status:
  0  done; for run and verify: every item is proven removed; for find: everybody's list was read
  1  it could not be carried out
  2  items are left that are not proven, or lists could not be read
  3  bad usage or bad input
  4  stopped for now (sign in again, provider's limits, no answer, full disk, interrupted): run it again to resume

Errors go to standard error as one line, `uncouple-cli: CODE: sentence`, with --json as {\"error\":{...}}.
Secrets are never taken from arguments or the environment: sign in once, or hand an access token over with --token-fd.";

/// What was asked for.
#[derive(Debug, Parser)]
#[command(name = "uncouple-cli", version, about = ABOUT, after_help = AFTER)]
#[command(subcommand_required = true, arg_required_else_help = false)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What goes with every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// The workspace file [default: in the data folder; or UNCOUPLE_WORKSPACE]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) workspace: Option<PathBuf>,
    /// One JSON document on standard output; progress and errors as JSON lines on standard error
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Prints identifiers only, one a line: of a plan, of runs, of apps; of grants the addresses
    #[arg(long, short, global = true, conflicts_with = "json")]
    pub(crate) quiet: bool,
    /// The language of sentences [default: the system's]
    #[arg(long, global = true, value_name = "ja|en")]
    pub(crate) lang: Option<LanguageName>,
    /// Which organisation, where there are several
    #[arg(long, global = true, value_name = "NAME|ID")]
    pub(crate) organisation: Option<String>,
    /// Reads an access token from this file descriptor, instead of a sign-in
    #[arg(long, global = true, value_name = "N")]
    pub(crate) token_fd: Option<u16>,
    /// The token's provider
    #[arg(long, global = true, value_name = "SUITE")]
    pub(crate) suite: Option<SuiteName>,
    /// With a token for Google: the administrator's address
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub(crate) admin: Option<String>,
}

/// A language of the sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LanguageName {
    /// Japanese
    Ja,
    /// English
    En,
}

impl From<LanguageName> for Language {
    fn from(name: LanguageName) -> Self {
        match name {
            LanguageName::Ja => Self::Japanese,
            LanguageName::En => Self::English,
        }
    }
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
    /// The form of the results.
    pub(crate) fn form(&self) -> Form {
        match (self.json, self.quiet) {
            (true, _) => Form::Json,
            (false, true) => Form::Ids,
            (false, false) => Form::Text,
        }
    }

    /// The token that was handed over. The descriptor is closed.
    pub(crate) fn token(&self) -> Result<Option<GivenToken>, Failure> {
        let Some(number) = self.token_fd else {
            let without = self.suite.is_some() || self.admin.is_some();
            return if without { Err(Failure::usage(&say("usage_suite_without_token", &[]))) } else { Ok(None) };
        };
        let (suite, admin) = match (self.suite, self.admin.clone()) {
            (None, _) => return Err(Failure::usage(&say("usage_token_suite", &[]))),
            (Some(SuiteName::Google), None) => {
                return Err(Failure::usage(&say("usage_token_admin", &[])));
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
    /// Signs the administrator out, deletes the token and reads the keyring again
    SignOut,
    /// Shows who is signed in, what is granted, and the state of searches and runs
    Status,
    /// Searches the organisation, and lists who gave HubSpot access
    Find(Find),
    /// Lists the apps that a search found, and marks those that are HubSpot's
    Apps(Apps),
    /// Makes a plan: what would be removed, what else stops, which lines can't be used. Nothing is sent
    Plan(Plan),
    /// Carries out a plan and verifies every removal, or resumes one
    Run(Run),
    /// Reads again everything that a run deleted, and deletes nothing
    Verify(Named),
    /// Gives back what a run deleted, at Microsoft: the permission only
    Restore(Restore),
    /// Writes a report of a plan or run to a file
    Report(Report),
    /// Lists plans and runs
    Runs,
    /// Discards a plan, or cancels the rest of a run
    Cancel(Named),
    /// Shows or sets the request rate at a provider
    Pace(Pace),
}

/// `sign-in`.
#[derive(Debug, Args)]
pub(crate) struct SignIn {
    /// The provider
    #[arg(value_name = "PROVIDER")]
    pub(crate) at: SuiteName,
    /// Read-only: asks for less, and can revoke nothing
    #[arg(long)]
    pub(crate) read_only: bool,
    /// Prints the address to open instead of starting a browser
    #[arg(long)]
    pub(crate) no_browser: bool,
}

/// `find`.
#[derive(Debug, Args)]
pub(crate) struct Find {
    /// Only those that the audit log shows no use of for so many days
    #[arg(long, value_name = "DAYS", conflicts_with = "without_crm", value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub(crate) unused: Option<u32>,
    /// Only those without a mailbox in use or disabled in the workspace
    #[arg(long)]
    pub(crate) without_crm: bool,
    /// Only those with this in address, name or app
    #[arg(long, value_name = "T")]
    pub(crate) text: Option<String>,
    /// Lists what is known, without a search
    #[arg(long)]
    pub(crate) no_search: bool,
    /// Begins anew, where a search that was stopped would go on
    #[arg(long, conflicts_with = "no_search")]
    pub(crate) restart: bool,
    /// Does not read the audit log: SINCE and LAST USE stay as they are known
    #[arg(long)]
    pub(crate) no_log: bool,
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
    /// Marks an app as HubSpot's, so that plans can have its grants
    Choose {
        /// The app's key or client ID
        app: String,
        /// Its name, for an app that may not be HubSpot's
        #[arg(long, value_name = "ITS NAME")]
        name: Option<String>,
    },
    /// Takes the mark away
    Drop {
        /// The app's key or client ID
        app: String,
    },
}

/// `plan`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("from").required(true).args(["all", "person", "list", "leaver", "remaining"]))]
pub(crate) struct Plan {
    /// All known grants of the marked apps
    #[arg(long)]
    pub(crate) all: bool,
    /// One person's
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) person: Option<String>,
    /// Those of the addresses in a text or CSV file; `-` for standard input
    #[arg(long, value_name = "FILE|-")]
    pub(crate) list: Option<PathBuf>,
    /// With --list: the column that has the addresses, where several have some; by its name or its number from 1
    #[arg(long, value_name = "NAME|N", conflicts_with_all = ["all", "person", "leaver"])]
    pub(crate) column: Option<String>,
    /// All grants of the marked apps that somebody who leaves has, read anew (nothing else of theirs)
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) leaver: Option<String>,
    /// The grants by which HubSpot still reaches people of an ended run, as its lists show them: exactly those. An ID,
    /// the beginning of one, or `last`
    #[arg(long, value_name = "RUN", value_parser = run_name)]
    pub(crate) remaining: Option<RunName>,
    /// Not before then: 2026-12-01T18:00, or with an offset; what they have on that day goes
    #[arg(long, value_name = "TIME", value_parser = later)]
    #[arg(requires = "leaver", conflicts_with_all = ["all", "person", "list", "remaining"])]
    pub(crate) on: Option<Timestamp>,
    /// Only these of the marked apps, by key or client ID
    #[arg(long, value_name = "APP", conflicts_with = "leaver")]
    pub(crate) app: Vec<String>,
    /// Reads the people of the list, or the person, anew and nobody else. Without a search before, that is done anyway
    #[arg(long, conflicts_with_all = ["all", "leaver"])]
    pub(crate) read: bool,
    /// Makes no plan from a list with lines that can't be used
    #[arg(long, conflicts_with_all = ["all", "person", "leaver", "remaining"])]
    pub(crate) strict: bool,
}

/// `run`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The plan's or run's ID, the beginning of one, or `last`
    #[arg(value_parser = run_name)]
    pub(crate) plan: RunName,
    /// Confirms the plan; without a terminal to ask on it is needed
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Confirms grants for everybody in the organisation, where the plan has some
    #[arg(long)]
    pub(crate) everybody: bool,
    /// Retries what an ended run left, too
    #[arg(long)]
    pub(crate) retry: bool,
}

/// `restore`.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The plan's id
    #[arg(value_parser = run_name)]
    pub(crate) plan: RunName,
    /// Only this person's; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) person: Vec<String>,
    /// Confirms it; without a terminal to ask on it is needed
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Consents for everybody in the organisation are meant as well
    #[arg(long, conflicts_with = "person")]
    pub(crate) everybody: bool,
}

/// `pace`.
#[derive(Debug, Args)]
pub(crate) struct Pace {
    /// Which provider's; without one, both are shown
    #[arg(value_name = "PROVIDER")]
    pub(crate) at: Option<SuiteName>,
    /// Calls a minute at most, up to 100000; 0 for as many as the connections carry
    #[arg(long, value_name = "N", requires = "at")]
    pub(crate) calls_per_minute: Option<u32>,
    /// Connections at once at most, 1 to 64
    #[arg(long, value_name = "N", requires = "at")]
    pub(crate) connections: Option<u16>,
}

/// A command about one plan.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// The plan's or run's ID, the beginning of one, or `last`
    #[arg(value_parser = run_name)]
    pub(crate) plan: RunName,
}

/// `report`.
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The plan's or run's ID, the beginning of one, or `last`
    #[arg(value_parser = run_name)]
    pub(crate) plan: RunName,
    /// Its form
    #[arg(long)]
    pub(crate) format: Format,
    /// A file that is not there yet; - for standard output
    #[arg(long, value_name = "FILE|-")]
    pub(crate) to: PathBuf,
    /// Replaces the file where there is one
    #[arg(long)]
    pub(crate) force: bool,
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

/// How a plan or run is named on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RunName {
    /// The newest.
    Last,
    /// The identifier, or its beginning.
    Id(String),
}

fn run_name(text: &str) -> Result<RunName, String> {
    let id = text.to_ascii_lowercase();
    let plain = !id.is_empty() && id.len() <= 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    match id.as_str() {
        "last" => Ok(RunName::Last),
        _ if plain => Ok(RunName::Id(id)),
        _ => Err(say("usage_run_name", &[])),
    }
}

/// The language that is named on the command line, before all of it is read: what can't be read is said in it as well.
pub(crate) fn wanted_language(words: &[OsString]) -> Option<Language> {
    let words: Vec<&str> = words.iter().take_while(|word| *word != "--").filter_map(|word| word.to_str()).collect();
    let beside = words.windows(2).find_map(|pair| match pair {
        ["--lang", language] => Some(*language),
        _ => None,
    });
    let named = beside.or_else(|| words.iter().find_map(|word| word.strip_prefix("--lang=")))?;
    LanguageName::from_str(named, true).ok().map(Language::from)
}

/// A time that is not over, in the system's zone where it names none.
fn later(text: &str) -> Result<Timestamp, String> {
    let at = time(text, &TimeZone::system()).ok_or_else(|| say("usage_time", &[]))?;
    if at > SystemClock.now() { Ok(at) } else { Err(say("usage_time_over", &[])) }
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
            "uncouple-cli run 0199a0a0 --yes",
            "uncouple-cli verify last -q",
        ] {
            assert!(parse(line).is_ok(), "{line}: {}", parse(line).unwrap_err());
        }
    }

    #[test]
    fn the_language_is_known_before_the_rest_is_read() {
        let of = |line: &str| wanted_language(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(of("uncouple-cli nonsense --lang ja"), Some(Language::Japanese));
        assert_eq!(of("uncouple-cli --lang=en run"), Some(Language::English));
        assert_eq!(of("uncouple-cli --lang tlh run"), None);
        assert_eq!(of("uncouple-cli find -- --lang ja"), None);
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
