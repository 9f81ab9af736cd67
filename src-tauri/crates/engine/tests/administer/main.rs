//! What an administrator does, on a real file with a directory in memory behind the port.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod faults;
mod later;
mod log;
mod plans;
mod random;
mod restore;
mod runs;
mod sample;
mod search;
mod sign_in;
mod stops;
mod team;
mod truth;
mod uses;
