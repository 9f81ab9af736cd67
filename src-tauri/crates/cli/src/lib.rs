//! The engine without a window: the same searches, plans and runs from a command line, for terminals and scripts.
//!
//! Exit statuses are a promise to scripts: 0 only when everything that was asked is done and, for a run, proven. See
//! [`failure::Status`] and `docs/command-line.md`.

mod apps;
mod arguments;
mod beside;
mod confirm;
mod failure;
mod find;
mod out;
mod pace;
mod plan;
mod progress;
mod report;
mod restore;
mod run;
mod session;
mod sign_in;
mod status;
mod stop;
mod table;
mod terminal;
mod token;
mod words;

use arguments::{Arguments, Command};
use clap::Parser as _;
use failure::{Failure, Status};
use out::Out;
use session::{Makes, Opening, Session};
use std::ffi::OsString;
use std::process::ExitCode;

/// Two are enough: the work waits for the network and the disk.
const WORKERS: usize = 2;

/// Reads the command line and does what it says. The first word is the program's own name.
#[must_use]
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = words.into_iter().collect();
    if let Some(language) = arguments::wanted_language(&words) {
        words::speak(language);
    }
    let arguments = match Arguments::try_parse_from(&words) {
        Ok(arguments) => arguments,
        Err(error) => return failure::of_clap(&error, arguments::wants_json(&words)).exit_code(),
    };
    let json = arguments.global.json;
    let mut out = Out::new(arguments.global.form());
    let done = execute(arguments, &mut out);
    // What can't be written was not done, unless nobody reads on: then it is theirs to end here.
    let done = match (done, out.finish()) {
        (Err(failure), _) | (Ok(_), Err(failure)) => Err(failure),
        (Ok(status), Ok(())) => Ok(status),
    };
    match done {
        Ok(status) => status.exit_code(),
        Err(failure) => {
            failure.report(json);
            failure.status().exit_code()
        }
    }
}

fn execute(arguments: Arguments, out: &mut Out) -> Result<Status, Failure> {
    // Before anything else is opened, so that the number can only be what was handed over.
    let token = arguments.global.token()?;
    let handed_over = token.is_some();
    // What a person should know is in the error; errors are one line.
    if std::env::var_os("UNCOUPLE_LOG").is_some() {
        uncouple_host::no_core_dumps();
        uncouple_host::start_log();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build();
    let runtime = runtime.map_err(|_| Failure::internal())?;
    let Arguments { global, command } = arguments;
    let done = runtime.block_on(async {
        let session = Session::open(global, token, opening(&command)).await?;
        let done = Box::pin(command_of(&session, command, out)).await;
        session.close().await;
        done
    });
    // A keyring that never answers must not keep the process.
    runtime.shutdown_background();
    done.map_err(|failure| if handed_over { failure.in_words("admin_expired", "admin_expired_token") } else { failure })
}

/// What a command needs of the workspace file. Only what begins a workspace makes one: a mistyped path is no workspace.
fn opening(command: &Command) -> Opening {
    match command {
        Command::SignIn(ask) => Opening { makes: Makes::Always, no_browser: ask.no_browser },
        Command::Find(_) => Opening { makes: Makes::WithToken, no_browser: false },
        Command::Pace(ask) if ask.at.is_some() => Opening { makes: Makes::InUsualPlace, no_browser: false },
        Command::SignOut
        | Command::Status
        | Command::Apps(_)
        | Command::Plan(_)
        | Command::Run(_)
        | Command::Verify(_)
        | Command::Restore(_)
        | Command::Report(_)
        | Command::Runs
        | Command::Cancel(_)
        | Command::Pace(_) => Opening { makes: Makes::Never, no_browser: false },
    }
}

async fn command_of(session: &Session, command: Command, out: &mut Out) -> Result<Status, Failure> {
    match command {
        Command::SignIn(ask) => sign_in::sign_in(session, &ask, out).await,
        Command::SignOut => sign_in::sign_out(session, out).await,
        Command::Status => status::status(session, out).await,
        Command::Find(ask) => find::find(session, &ask, out).await,
        Command::Apps(ask) => apps::apps(session, &ask, out).await,
        Command::Plan(ask) => plan::plan(session, &ask, out).await,
        Command::Run(ask) => run::run(session, &ask, out).await,
        Command::Verify(ask) => run::verify(session, &ask.plan, out).await,
        Command::Restore(ask) => restore::restore(session, &ask, out).await,
        Command::Report(ask) => report::report(session, &ask, out).await,
        Command::Runs => status::runs(session, out).await,
        Command::Cancel(ask) => run::cancel(session, &ask.plan, out).await,
        Command::Pace(ask) => pace::pace(session, &ask, out).await,
    }
}
