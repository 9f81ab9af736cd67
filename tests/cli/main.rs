//! The program without a window, as a process of its own against organisations on the loopback address.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop where it stands")]
#![expect(clippy::print_stdout, reason = "what a test was told, for when it fails")]

mod basics;
mod faults;
mod keyring;
mod kill;
mod lists;
mod memory;
mod microsoft;
mod people;
mod place;
mod stops;
mod truth;
