//! Found accesses, plans and runs in a real file.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, unreachable_pub, reason = "tests")]

mod found;
mod kit;
mod list;
mod model;
mod plans;
mod settling;
