//! What `cargo xtask bench` measures: the window with the program that `UNCOUPLE_BENCH_BINARY` names, and the command
//! line with the one that `UNCOUPLE_BENCH_CLI` names.

#![cfg(target_os = "linux")]
#![expect(clippy::print_stdout, reason = "the figures are the point")]

#[expect(clippy::indexing_slicing, reason = "a document that says something else ends the measurement")]
mod admin;
#[path = "../cli/place.rs"]
#[expect(dead_code, clippy::unwrap_used, clippy::indexing_slicing, reason = "made for the tests")]
mod place;
mod scale;
mod window;
