//! Organisations with people, apps and logs, on servers of this process: Google Workspace's and Microsoft 365's APIs
//! for administrators, as far as HubSpot's access is found, deleted and proven gone by them.
//!
//! ```text
//! let org = GoogleOrg::with(1_000).start().await;
//! org.faults().next(3, Route::DeleteToken, Fault::Reset(When::After));
//! client(org.url(), org.token_url()).await;
//! org.state().assert_only_deleted(&[GoogleApp::HUBSPOT.client_id]);
//! assert_eq!(org.violations(), Vec::<String>::new());
//! ```
//!
//! A server listens on the loopback address, speaks plain HTTP/1.1 and ends when its organisation is dropped. It runs on
//! the runtime that started it, so a test that waits for another process must not block that one's only thread. People are
//! computed from their numbers, so that 50,000 take no more memory than one; only what changed is stored.

mod call;
mod checks;
mod clock;
mod fault;
mod faults;
mod google;
mod graph;
mod held;
mod log;
mod mask;
mod pages;
mod people;
mod reply;
mod seen;
mod server;
mod sign_in;
pub mod spec;
mod wire;

pub use call::{On, Route};
pub use fault::{AuditLog, Fault, Paging, Spoil, When};
pub use faults::Faults;
pub use google::{GoogleApp, GoogleOrg, GoogleSetup, GoogleState};
pub use graph::{GraphApp, GraphGrant, GraphOrg, GraphRole, GraphSetup, GraphState};
pub use held::Deletes;
pub use people::Every;
pub use seen::{Asked, Seen};
pub use sign_in::SignIn;
