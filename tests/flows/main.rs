//! The flows, on the real window: WebKitWebDriver under a display of its own, with a private bus, a real
//! keyring, a real sign-in server and a browser that writes down what it opens.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop where it stands")]

mod administer;
mod app;
mod clock;
mod desktop;
mod edges;
mod here;
mod hubspot;
mod keyboard;
mod looks;
mod people;
