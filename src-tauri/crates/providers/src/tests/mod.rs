//! The whole way of a sign-in against a small provider in this process, and the pure parts alone.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![expect(clippy::print_stdout, reason = "says what did not run, and why")]

mod callback;
mod flow;
mod identity;
mod log;
mod mail_hosts;
mod oidc;
mod pages;
mod refresh;
mod request;
mod revoke;
mod token;
mod trust;
