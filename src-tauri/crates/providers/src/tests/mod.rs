//! The whole way of a sign-in against a small provider in this process, and the pure parts alone.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod callback;
mod flow;
mod identity;
mod log;
mod mail_hosts;
mod oidc;
mod refresh;
mod request;
mod revoke;
mod token;
