//! Administrators' APIs: Google's Directory and Reports, Microsoft's Graph.
//!
//! [`AdminApis`] opens directories. What the two have in common is below: `api` makes one request, with pace, patience,
//! fresh tokens and limits on what comes back; `trail` follows pages. What is theirs alone is in `google` and `graph`
//! and their siblings.

mod answer;
mod api;
mod batch;
mod google;
mod google_log;
mod google_search;
mod google_wire;
mod graph;
mod graph_beside;
mod graph_held;
mod graph_log;
mod graph_restore;
mod graph_search;
mod graph_wire;
mod likeness;
mod object;
mod pace;
mod patience;
mod rate;
mod scopes;
mod trail;

#[cfg(test)]
mod tests;

pub use patience::Patience;

use crate::accounts::NoClient;
use crate::endpoints::{self, TEST_BUILD};
use api::Api;
use google::Google;
use graph::Graph;
use reqwest::redirect::Policy;
use std::collections::BTreeSet;
use std::sync::Arc;
use uncouple_domain::Permission;
use uncouple_engine::directory::{AdminScope, ApiError, ApiKey, Directories, Directory, Pace};
use uncouple_engine::ports::{SignInApp, SignInAt};

/// The administrators' APIs of Google and Microsoft.
#[derive(Clone, Debug)]
pub struct AdminApis {
    http: reqwest::Client,
    patience: Patience,
}

impl AdminApis {
    /// Sets up the HTTP client, which all directories share; talks to nobody. No redirect is ever followed: a token must
    /// not be sent where nobody meant it to go.
    ///
    /// # Errors
    /// [`NoClient`].
    pub fn new(patience: Patience) -> Result<Self, NoClient> {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .https_only(!TEST_BUILD)
            .connect_timeout(patience.connect)
            .timeout(patience.request)
            .user_agent(concat!("Uncouple/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(NoClient)?;
        Ok(Self { http, patience })
    }
}

/// Nobody takes the findings any more.
struct Deaf;

impl Directories for AdminApis {
    fn open(
        &self,
        at: SignInAt,
        app: &SignInApp,
        key: Arc<dyn ApiKey>,
        pace: Pace,
    ) -> Result<Arc<dyn Directory>, ApiError> {
        let base = endpoints::api(at, app).map_err(|_| ApiError::BadEndpoint)?;
        let api = Arc::new(Api::new(self.http.clone(), at, base, key, pace, self.patience));
        Ok(match at {
            SignInAt::Google => Arc::new(Google::new(api)),
            SignInAt::Microsoft => Arc::new(Graph::new(api)),
        })
    }

    fn scopes(&self, at: SignInAt, read_only: bool) -> Vec<AdminScope> {
        scopes::scopes(at, read_only)
    }

    fn permissions(&self, at: SignInAt, granted: &[String]) -> BTreeSet<Permission> {
        scopes::permissions(at, granted)
    }
}
