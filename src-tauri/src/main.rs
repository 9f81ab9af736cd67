//! Exit codes, and nothing else: 0 when the window was closed or another window was brought to the
//! front, 1 when the app could not start, 2 when its arguments make no sense.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;
use uncouple_app::Ended;

fn main() -> ExitCode {
    match uncouple_app::run(std::env::args_os().skip(1)) {
        Ok(Ended::Closed) => ExitCode::SUCCESS,
        Ok(Ended::ShownElsewhere) => {
            say("this workspace is open already; its window was brought to the front");
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&error.to_string());
            ExitCode::from(error.exit_code())
        }
    }
}

#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
fn say(text: &str) {
    eprintln!("uncouple: {text}");
}
