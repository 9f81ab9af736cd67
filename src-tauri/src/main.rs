//! Exit codes, and nothing else: 0 when the window was closed or another window was brought to the
//! front, 1 when the app could not start, 2 when its arguments make no sense.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    match uncouple_app::run(std::env::args_os().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "there is no window to say it in")]
            {
                eprintln!("uncouple: {error}");
            }
            ExitCode::from(error.exit_code())
        }
    }
}
