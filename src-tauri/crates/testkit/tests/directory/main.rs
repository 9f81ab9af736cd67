//! The fixture servers themselves: what they answer when all is well, and that each fault is what it says.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop where it stands")]

mod client;
mod faults;
mod google;
mod graph;
mod load;
mod specs;
mod spoilt;
