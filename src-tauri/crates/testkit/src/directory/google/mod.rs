//! A Google Workspace organisation, with the parts of the Directory and Reports APIs that an administrator's app needs.
//!
//! After the discovery documents `admin.directory_v1` (rev 20261104) and `admin.reports_v1` (rev 20260929), and
//! <https://developers.google.com/workspace/admin/directory/reference/rest/v1/tokens>, read 2026-11. What these leave
//! open, such as the status of a deletion, can be set.

mod activity;
mod api;
mod apps;
mod errors;
mod fields;
mod state;
mod tokens;
mod users;

pub use apps::GoogleApp;
pub use state::GoogleState;

use super::checks::Checks;
use super::clock::ServerClock;
use super::faults::Faults;
use super::people::Every;
use super::seen::Seen;
use super::server::Server;
use super::sign_in::{SignIn, Vendor};
use super::wire::{Listening, listen};
use api::GoogleApi;
use jiff::Timestamp;
use state::Layout;
use std::sync::Arc;
use std::time::Duration;

/// Google's default: queries per minute, user and project
/// (<https://developers.google.com/workspace/admin/directory/v1/limits>).
const QUOTA: (usize, Duration) = (2_400, Duration::from_secs(60));

/// What the app asks for at the sign-in.
const SCOPE: &str = "https://www.googleapis.com/auth/admin.directory.user.security https://www.googleapis.com/auth/admin.directory.user.readonly https://www.googleapis.com/auth/admin.reports.audit.readonly";

/// A running organisation. It ends when this is dropped.
#[derive(Debug)]
pub struct GoogleOrg {
    server: Arc<Server<GoogleApi>>,
    listening: Listening,
}

/// An organisation that is not running yet.
#[derive(Debug)]
pub struct GoogleSetup {
    layout: Layout,
    start: Timestamp,
    quota: Option<(usize, Duration)>,
}

impl GoogleOrg {
    /// An organisation of so many people in `example.com`, the first of whom is the administrator. Everybody has let
    /// "HubSpot" in, and by turns other apps, see [`GoogleApp::LAYOUT`]. Google's quota is in force.
    #[must_use]
    pub fn with(users: usize) -> GoogleSetup {
        GoogleSetup { layout: Layout::new(users), start: Timestamp::now(), quota: Some(QUOTA) }
    }

    /// What stands before `admin/directory/v1/...`: an origin that ends with a slash.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.listening.address)
    }

    /// The token endpoint.
    #[must_use]
    pub fn token_url(&self) -> String {
        format!("{}token", self.url())
    }

    /// The revocation endpoint.
    #[must_use]
    pub fn revoke_url(&self) -> String {
        format!("{}revoke", self.url())
    }

    /// What goes wrong.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.server.faults
    }

    /// The people and what they let in.
    #[must_use]
    pub fn state(&self) -> &GoogleState {
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

    /// What the discovery documents find wrong with requests and answers until now. Empty where they are absent.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.server.checks.violations()
    }

    /// Whether the discovery documents are there to check against.
    #[must_use]
    pub fn specs_checked(&self) -> bool {
        self.server.checks.on()
    }
}

impl GoogleSetup {
    /// The domain of everybody's address.
    #[must_use]
    pub fn domain(mut self, domain: &str) -> Self {
        domain.clone_into(&mut self.layout.domain);
        self
    }

    /// These apps and no others, each with the people who have let it in.
    #[must_use]
    pub fn apps(mut self, apps: impl IntoIterator<Item = (GoogleApp, Every)>) -> Self {
        self.layout.apps = apps.into_iter().collect();
        self
    }

    /// One more app.
    #[must_use]
    pub fn app(mut self, app: GoogleApp, who: Every) -> Self {
        self.layout.apps.push((app, who));
        self
    }

    /// Whose account is suspended. They keep what they let in.
    #[must_use]
    pub fn suspended(mut self, who: Every) -> Self {
        self.layout.suspended = who;
        self
    }

    /// The time at the server when it starts.
    #[must_use]
    pub fn at(mut self, start: Timestamp) -> Self {
        self.start = start;
        self
    }

    /// As fast as it goes.
    #[must_use]
    pub fn without_quota(mut self) -> Self {
        self.quota = None;
        self
    }

    /// Starts it on a free port of the loopback address.
    ///
    /// # Panics
    /// When there is no port to be had.
    #[expect(clippy::expect_used, reason = "for tests: what fails here fails the test")]
    pub async fn start(self) -> GoogleOrg {
        let server = Arc::new(Server {
            api: GoogleApi { state: GoogleState::new(self.layout, ServerClock::at(self.start)) },
            faults: Faults::new(self.quota),
            seen: Seen::new(),
            sign_in: SignIn::new(Vendor::Google, SCOPE.to_owned()),
            checks: Checks::new(),
        });
        let listening = listen(Arc::clone(&server)).await.expect("a free port");
        GoogleOrg { server, listening }
    }
}
