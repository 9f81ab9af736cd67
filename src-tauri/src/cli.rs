//! The engine without a window. Nothing of the window is linked into it: it uses one crate and no other.

use std::process::ExitCode;

fn main() -> ExitCode {
    uncouple_cli::run(std::env::args_os())
}
