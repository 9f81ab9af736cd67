//! A Microsoft 365 tenant, with the parts of Microsoft Graph v1.0 that an administrator's app needs.
//!
//! After the OpenAPI description of Graph v1.0, <https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant>,
//! and, for the log and `$batch`, <https://learn.microsoft.com/graph/api/directoryaudit-list> and
//! <https://learn.microsoft.com/graph/json-batching>, read 2026-11. The log's entries have the shape of those that
//! people have published.

mod api;
mod apps;
mod audit;
mod batch;
mod errors;
mod filter;
mod grants;
mod ids;
mod odata;
mod policy;
mod principals;
mod roles;
mod setup;
mod state;
mod users;

pub use apps::{GraphApp, GraphGrant};
pub use roles::GraphRole;
pub use setup::GraphSetup;
pub use state::GraphState;

use super::faults::Faults;
use super::seen::Seen;
use super::server::Server;
use super::sign_in::SignIn;
use super::wire::Listening;
use api::GraphApi;
use std::sync::Arc;

/// A running tenant. It ends when this is dropped.
#[derive(Debug)]
pub struct GraphOrg {
    server: Arc<Server<GraphApi>>,
    listening: Listening,
}

impl GraphOrg {
    /// A tenant of so many people in `contoso.example`, the first of whom is the administrator. Everybody has granted
    /// "HubSpot Sales" its permissions on Graph, and by turns other apps theirs, see [`GraphGrant::LAYOUT`].
    #[must_use]
    pub fn with(users: usize) -> GraphSetup {
        GraphSetup::new(users)
    }

    /// The origin, without a slash at its end.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.listening.address)
    }

    /// What stands before `/users`: the origin and the version.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/v1.0", self.origin())
    }

    /// The token endpoint.
    #[must_use]
    pub fn token_url(&self) -> String {
        format!("{}/token", self.origin())
    }

    /// What goes wrong.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.server.faults
    }

    /// The people, apps and grants.
    #[must_use]
    pub fn state(&self) -> &GraphState {
        &self.server.api.state
    }

    /// What was asked.
    #[must_use]
    pub fn seen(&self) -> &Seen {
        &self.server.seen
    }

    /// The administrator's tokens.
    #[must_use]
    pub fn sign_in(&self) -> &SignIn {
        &self.server.sign_in
    }

    /// What the OpenAPI description finds wrong with requests and answers until now, those inside of a `$batch`
    /// included. Empty where it is absent.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.server.checks.violations()
    }

    /// Whether the OpenAPI description is there to check against.
    #[must_use]
    pub fn specs_checked(&self) -> bool {
        self.server.checks.on()
    }
}
