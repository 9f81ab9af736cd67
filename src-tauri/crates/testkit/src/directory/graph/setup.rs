//! A tenant before it runs.

use super::api::GraphApi;
use super::state::{GraphState, Layout};
use super::{GraphApp, GraphGrant, GraphOrg};
use crate::directory::checks::Checks;
use crate::directory::clock::ServerClock;
use crate::directory::faults::Faults;
use crate::directory::people::Every;
use crate::directory::seen::Seen;
use crate::directory::server::Server;
use crate::directory::sign_in::{SignIn, Vendor};
use crate::directory::wire::listen;
use jiff::Timestamp;
use std::sync::{Arc, OnceLock};

/// What the app asks for at the sign-in.
const SCOPE: &str = "DelegatedPermissionGrant.ReadWrite.All Directory.Read.All Application.Read.All AuditLog.Read.All Policy.Read.All User.Read";

/// A tenant that is not running yet.
#[derive(Debug)]
pub struct GraphSetup {
    layout: Layout,
    start: Timestamp,
}

impl GraphSetup {
    pub(super) fn new(users: usize) -> Self {
        Self { layout: Layout::new(users), start: Timestamp::now() }
    }

    /// The domain of everybody's address.
    #[must_use]
    pub fn domain(mut self, domain: &str) -> Self {
        domain.clone_into(&mut self.layout.domain);
        self
    }

    /// These grants and no others. Their apps are added to [`GraphApp::ALL`].
    #[must_use]
    pub fn grants(mut self, grants: impl IntoIterator<Item = GraphGrant>) -> Self {
        self.layout.grants.clear();
        grants.into_iter().fold(self, Self::grant)
    }

    /// One more grant.
    #[must_use]
    pub fn grant(mut self, grant: GraphGrant) -> Self {
        if !self.layout.apps.contains(&grant.app) {
            self.layout.apps.push(grant.app);
        }
        self.layout.grants.push(grant);
        self
    }

    /// These apps and no others, the resources included.
    #[must_use]
    pub fn apps(mut self, apps: impl IntoIterator<Item = GraphApp>) -> Self {
        self.layout.apps = apps.into_iter().collect();
        self
    }

    /// An administrator has granted an app its permissions for everyone, beside what people have granted.
    #[must_use]
    pub fn for_everyone(mut self, app: GraphApp) -> Self {
        self.layout.for_everyone.push(app.object_id);
        self
    }

    /// Whose account is disabled. They keep what they granted.
    #[must_use]
    pub fn disabled(mut self, who: Every) -> Self {
        self.layout.disabled = who;
        self
    }

    /// The time at the server when it starts.
    #[must_use]
    pub fn at(mut self, start: Timestamp) -> Self {
        self.start = start;
        self
    }

    /// Starts it on a free port of the loopback address.
    ///
    /// # Panics
    /// When there is no port to be had.
    #[expect(clippy::expect_used, reason = "for tests: what fails here fails the test")]
    pub async fn start(self) -> GraphOrg {
        let state = GraphState::new(self.layout, ServerClock::at(self.start));
        let server = Arc::new(Server {
            api: GraphApi { state, origin: OnceLock::new() },
            faults: Faults::new(None),
            seen: Seen::new(),
            sign_in: SignIn::new(Vendor::Microsoft, SCOPE.to_owned()),
            checks: Checks::new(),
        });
        let listening = listen(Arc::clone(&server)).await.expect("a free port");
        let org = GraphOrg { server, listening };
        org.server.api.origin.set(org.origin()).expect("it was just made");
        org
    }
}
