//! The open workspace, and the organisation that a command is about.

use crate::arguments::{GivenToken, Global};
use crate::failure::{Failure, Own};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;
use uncouple_domain::OrganisationId;
use uncouple_engine::view::{OrganisationView, RunView};
use uncouple_engine::wire::Suite;
use uncouple_engine::{AppError, Engine, ErrorCode};
use uncouple_host::{Adapters, OpenError};

/// Another process that only looks holds the runs for a moment; one that works on them holds them for longer.
const LOOKS: u32 = 3;

/// Between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// A workspace that a command works on.
pub(crate) struct Session {
    pub(crate) engine: Arc<Engine>,
    store: Closing,
    /// Who handed a token over, and for where.
    given: Option<(Suite, String)>,
    named: Option<String>,
    /// Asked once: to the provider it is more than one call.
    tokens: OnceCell<OrganisationId>,
}

/// How the file is closed.
type Closing = Box<dyn Fn() -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

impl From<OpenError> for Failure {
    fn from(_: OpenError) -> Self {
        Self::internal()
    }
}

impl Session {
    /// Opens the workspace.
    ///
    /// # Errors
    /// `no_data_folder`; what the store says, with the path.
    pub(crate) async fn open(global: Global, given: Option<GivenToken>) -> Result<Self, Failure> {
        let places = uncouple_host::places(global.workspace).ok_or(Own::NoDataFolder)?;
        let adapters = Adapters::new()?;
        let (token, given) = match given {
            Some(GivenToken { token, suite, admin }) => (Some(token), Some((suite, admin))),
            None => (None, None),
        };
        let opened = adapters.open(&places, &places.workspace, |start| {
            start.given_token = token;
            start.beside = true;
        });
        let (engine, store) = opened.await.map_err(|error| error.with("path", places.workspace.display()))?;
        let store: Closing = Box::new(move || {
            let store = Arc::clone(&store);
            Box::pin(async move { store.close().await })
        });
        Ok(Self { engine, store, given, named: global.organisation, tokens: OnceCell::new() })
    }

    /// Closes the file.
    pub(crate) async fn close(&self) {
        (self.store)().await;
    }

    /// The organisation that is meant: the token's, the one that was named, or the only one.
    ///
    /// # Errors
    /// `no_organisation`, `several_organisations`, `unknown_organisation`; with a token also an `admin_…` code.
    pub(crate) async fn organisation(&self) -> Result<OrganisationView, Failure> {
        let tokens = self.tokens_organisation().await?.map(|id| id.to_string());
        let mut all = self.engine.admin().await?.organisations;
        if let Some(id) = &tokens {
            all.retain(|organisation| organisation.id == *id);
        }
        if let Some(named) = &self.named {
            all.retain(|organisation| organisation.id == *named || organisation.name.eq_ignore_ascii_case(named));
            if all.is_empty() {
                return Err(AppError::from(ErrorCode::UnknownOrganisation).into());
            }
        }
        let names: Vec<String> = all.iter().map(|one| format!("{} ({})", one.name, one.id)).collect();
        let mut all = all.into_iter();
        match (all.next(), all.next()) {
            (Some(only), None) => Ok(only),
            (None, _) => Err(Own::NoOrganisation.into()),
            _ => Err(Failure::from(Own::SeveralOrganisations).with("names", names.join(", "))),
        }
    }

    /// Whether a plan is of the organisation that a given token is for. The engine looks, too; here somebody hears of it
    /// before they are asked to confirm.
    ///
    /// # Errors
    /// `other_organisation`; with a token also an `admin_…` code.
    pub(crate) async fn fits(&self, plan: &RunView) -> Result<(), Failure> {
        match self.tokens_organisation().await? {
            Some(organisation) if organisation.to_string() != plan.organisation => {
                Err(AppError::from(ErrorCode::OtherOrganisation).into())
            }
            _ => Ok(()),
        }
    }

    /// The organisation of the token that was handed over.
    async fn tokens_organisation(&self) -> Result<Option<OrganisationId>, Failure> {
        match &self.given {
            Some((suite, admin)) => {
                let asked = self.tokens.get_or_try_init(|| self.engine.adopt_organisation(*suite, admin)).await?;
                Ok(Some(*asked))
            }
            None => Ok(None),
        }
    }
}

/// Tries again what another process's look at the runs may have been in the way of.
///
/// # Errors
/// `run_elsewhere` if it is more than a look; what the work says.
pub(crate) async fn unless_elsewhere<T>(mut work: impl AsyncFnMut() -> Result<T, AppError>) -> Result<T, AppError> {
    let mut looks = 1;
    loop {
        match work().await {
            Err(error) if error.code == ErrorCode::RunElsewhere && looks < LOOKS => {
                looks += 1;
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
            done => return done,
        }
    }
}
