//! `cargo xtask`: everything a person or a machine does with a fresh clone, one command each.
//!
//! It knows the order of things (system packages, then the UI, then cargo) and keeps builds outside of the clone.
//! It holds no rule of the product.
#![expect(clippy::print_stdout, reason = "a command line program speaks on its standard output")]
#![expect(clippy::print_stderr, reason = "and says what went wrong on its standard error")]

mod bench;
mod count;
mod deny;
mod generate;
mod licences;
mod node;
mod places;
mod release;
mod run;
mod shell;
mod steps;
mod system;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask run [--yes] [--release] [-- ARGS]   set up, build, open the window (ARGS go to Uncouple);
                                                without a display: take the tour on a virtual one
cargo xtask test [--yes]                        set up, then every check and test there is
cargo xtask bench [--yes] [--skip-deb]          build the release and measure it
cargo xtask bench admin                         build the command line and measure it against an organisation
cargo xtask bench scale                         build the release and measure it with 0 to 100,000 mailboxes
cargo xtask types                               write the TypeScript types of the backend again
cargo xtask licences                            write the list of licences that the app shows again
cargo xtask pictures                            take the pictures of the README again
cargo xtask release-check [--on YYYY-MM-DD]     refuse page tables that were last read 180 days ago or more

--yes       install missing system packages without asking (root is never asked)

Builds go to a folder outside of the clone: CARGO_TARGET_DIR if set, else the cache folder of the person.";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let outcome = match command.as_str() {
        "run" => run::run(&rest),
        "test" => test::test(&rest),
        "bench" => bench::bench(&rest),
        "types" => generate::types(&rest),
        "licences" => licences::licences(&rest),
        "pictures" => generate::pictures(&rest),
        "release-check" => release::check(&rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    outcome.unwrap_or_else(|problem| {
        eprintln!("\nxtask: {problem:#}");
        ExitCode::FAILURE
    })
}
