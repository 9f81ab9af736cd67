//! The open workspace, and the organisation that a command is about.

use crate::arguments::{GivenToken, Global, RunName};
use crate::failure::{Failure, Own};
use crate::out::Form;
use crate::sign_in::AddressBrowser;
use crate::terminal;
use crate::words::{self, say};
use serde_json::json;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use uncouple_domain::{OrganisationId, RunId};
use uncouple_engine::view::{OrganisationView, RunView};
use uncouple_engine::wire::Suite;
use uncouple_engine::{AppError, Engine, ErrorCode};
use uncouple_host::{Adapters, OpenError};

/// Another process that only looks holds the runs for a moment; one that works on them holds them for longer.
const LOOKS: u32 = 3;

/// Between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// After so long without an answer somebody is told that it is being tried.
const SILENCE: Duration = Duration::from_millis(1500);

/// When a command makes a workspace file that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Makes {
    /// It begins one.
    Always,
    /// It begins one for an organisation whose token was handed over.
    WithToken,
    /// It writes something down, but a path that was named may be mistyped.
    InUsualPlace,
    /// It only looks.
    Never,
}

/// How a workspace is opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opening {
    pub(crate) makes: Makes,
    /// Addresses are printed and no browser is started.
    pub(crate) no_browser: bool,
}

/// A workspace that a command works on.
pub(crate) struct Session {
    pub(crate) engine: Arc<Engine>,
    store: Closing,
    form: Form,
    /// Where there is no workspace yet: an empty one that nothing is kept of.
    _nowhere: Option<TempDir>,
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
    pub(crate) async fn open(global: Global, given: Option<GivenToken>, opening: Opening) -> Result<Self, Failure> {
        let form = global.form();
        let named =
            global.workspace.is_some() || std::env::var_os("UNCOUPLE_WORKSPACE").is_some_and(|file| !file.is_empty());
        let mut places = uncouple_host::places(global.workspace).ok_or(Own::NoDataFolder)?;
        let makes = match opening.makes {
            Makes::Always => true,
            Makes::WithToken => given.is_some(),
            Makes::InUsualPlace => !named,
            Makes::Never => false,
        };
        let mut nowhere = None;
        let mut file = places.workspace.clone();
        if !makes && !file.exists() {
            if named {
                return Err(Failure::from(Own::NoWorkspace).with("path", file.display()));
            }
            let empty = TempDir::new().map_err(|_| Failure::internal())?;
            file = empty.path().join("workspace.db");
            nowhere = Some(empty);
            // Looking for what is not there leaves nothing behind.
            places.device = None;
        }
        let mut adapters = Adapters::new()?;
        adapters.browser = Arc::new(AddressBrowser::new(form, opening.no_browser));
        let (token, given) = match given {
            Some(GivenToken { token, suite, admin }) => (Some(token), Some((suite, admin))),
            None => (None, None),
        };
        let asked_language = global.lang.map(Into::into);
        let opened = adapters.open(&places, &file, |start| {
            start.path.clone_from(&places.workspace);
            start.given_token = token;
            start.system_language = words::language();
            start.asked_language = asked_language;
            start.beside = true;
        });
        let (engine, store) = opened.await.map_err(|error| error.with("path", places.workspace.display()))?;
        // What was kept before devices were told apart; the window does it as it keeps house.
        engine.adopt_what_is_here().await?;
        let store: Closing = Box::new(move || {
            let store = Arc::clone(&store);
            Box::pin(async move { store.close().await })
        });
        Ok(Self { engine, store, form, _nowhere: nowhere, given, named: global.organisation, tokens: OnceCell::new() })
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
        let names = words::joined("list_comma", all.iter().map(|one| format!("{} ({})", one.name, one.id)));
        let mut all = all.into_iter();
        match (all.next(), all.next()) {
            (Some(only), None) => Ok(only),
            (None, _) => Err(Own::NoOrganisation.into()),
            _ => Err(Failure::from(Own::SeveralOrganisations).with("names", names)),
        }
    }

    /// The plan or run that is named: by its identifier, by the beginning of it, or as the newest of the organisation.
    ///
    /// # Errors
    /// `unknown_run`, `ambiguous_run`; with a token also an `admin_…` code.
    pub(crate) async fn run_id(&self, name: &RunName) -> Result<RunId, Failure> {
        let unknown = || Failure::from(AppError::from(ErrorCode::UnknownRun));
        if let RunName::Id(id) = name
            && let Ok(id) = id.parse()
        {
            return Ok(id);
        }
        let mut runs = self.engine.admin().await?.runs;
        if self.given.is_some() || self.named.is_some() {
            let organisation = self.organisation().await?.id;
            runs.retain(|run| run.organisation == organisation);
        }
        if let RunName::Id(beginning) = name {
            runs.retain(|run| run.id.starts_with(beginning.as_str()));
            if runs.len() > 1 {
                let names = words::joined("list_comma", runs.iter().take(5).map(|run| run.id.clone()));
                return Err(Failure::from(Own::AmbiguousRun).with("id", beginning).with("names", names));
            }
        }
        // Newest first.
        runs.first().ok_or_else(unknown)?.id.parse().map_err(|_| Failure::internal())
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
                let adopt = || noticed(self.form, self.engine.adopt_organisation(*suite, admin));
                let asked = self.tokens.get_or_try_init(adopt).await.map_err(|error| {
                    let failure = Failure::from(error);
                    if admin.is_empty() {
                        return failure;
                    }
                    failure.in_words("admin_nobody_there", "admin_nobody_there_admin").with("admin", admin)
                })?;
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

/// Waits for the first answer of a provider, and says that it is waited for where that takes longer than a moment.
async fn noticed<T>(form: Form, work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    tokio::select! {
        biased;
        done = &mut work => return done,
        () = tokio::time::sleep(SILENCE) => {}
    }
    match form {
        Form::Text => terminal::note(&say("trying_again", &[])),
        Form::Json => terminal::note_json(&json!({ "progress": { "of": "connect" } })),
        Form::Ids => {}
    }
    work.await
}
