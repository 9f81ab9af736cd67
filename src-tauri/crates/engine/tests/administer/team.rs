//! A desk on which an administrator is signed in.

use std::time::Duration;
use uncouple_domain::{OrganisationId, Provider, RunId};
use uncouple_engine::view::{AdminSignInResult, ItemAsk, ItemStateView, OrganisationView, PlanAsk, RunView};
use uncouple_engine::wire::Suite;
use uncouple_engine::{AppError, RunEnd, RunMode};
use uncouple_testkit::{Desk, HUBSPOT};

pub(crate) const ADMIN: &str = "admin@example.com";
pub(crate) const ALL: [&str; 3] = ["people", "log", "revoke"];

/// A while.
pub(crate) const HOURS: i64 = 5;

pub(crate) struct Team {
    pub(crate) desk: Desk,
    pub(crate) organisation: OrganisationId,
}

/// Signs in with what is granted.
pub(crate) async fn sign_in(desk: &Desk, granted: &[&str], read_only: bool) -> Result<AdminSignInResult, AppError> {
    desk.accounts.administrator(Provider::Google, ADMIN, "1//admin-refresh-token", granted);
    desk.accounts.gives_access("access");
    desk.engine.admin_sign_in(Suite::Google, read_only, None).await
}

/// So many people with HubSpot's app, found and chosen.
pub(crate) async fn team(people: usize) -> Team {
    team_on(Desk::new().await, people).await
}

/// The same on a desk that was prepared.
pub(crate) async fn team_on(desk: Desk, people: usize) -> Team {
    for number in 1..=people {
        desk.directories.person(&format!("p{number}"), &[HUBSPOT, "slack"]);
    }
    desk.directories.log_works(true);
    let signed = sign_in(&desk, &ALL, false).await.unwrap();
    let AdminSignInResult::SignedIn { organisation } = signed else { unreachable!("{signed:?}") };
    let team = Team { desk, organisation: organisation.parse().unwrap() };
    if people > 0 {
        team.search().await;
        team.desk.engine.choose_app(team.organisation, HUBSPOT, true, None).await.unwrap();
        team.search().await;
    }
    team
}

impl Team {
    pub(crate) async fn search(&self) {
        self.desk.engine.search(self.organisation).await.unwrap();
    }

    pub(crate) async fn view(&self) -> OrganisationView {
        self.desk.engine.admin().await.unwrap().organisations.into_iter().next().unwrap()
    }

    pub(crate) fn all(&self) -> PlanAsk {
        let organisation = Some(self.organisation.to_string());
        PlanAsk::All {
            ask: uncouple_engine::view::AccessAsk { organisation, ..Default::default() },
            except: Vec::new(),
        }
    }

    /// Plans everything.
    pub(crate) async fn planned(&self) -> RunId {
        self.desk.engine.plan(self.all()).await.unwrap().id.parse().unwrap()
    }

    pub(crate) async fn run(&self, run: RunId, mode: RunMode) -> RunEnd {
        self.desk.engine.run_to_end(run, mode, false).await.unwrap()
    }

    pub(crate) async fn row(&self, run: RunId) -> RunView {
        self.desk.engine.run(run).await.unwrap()
    }

    pub(crate) async fn states(&self, run: RunId) -> Vec<ItemStateView> {
        let ask = ItemAsk { limit: 500, ..ItemAsk::default() };
        self.desk.engine.run_items(run, &ask).await.unwrap().items.into_iter().map(|item| item.state).collect()
    }

    /// Runs in a process that is killed after a while: everything that is under way is dropped where it stands.
    pub(crate) async fn killed_after(&self, run: RunId, time: Duration) {
        let process = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let engine = std::sync::Arc::clone(&self.desk.engine);
        process.spawn(async move { engine.run_to_end(run, RunMode::Revoke, false).await });
        tokio::time::sleep(time).await;
        process.shutdown_background();
        self.settled().await;
    }

    /// Waits until nothing is under way here.
    pub(crate) async fn settled(&self) {
        let rests = async || {
            let view = self.desk.engine.admin().await.unwrap();
            let searching = view.organisations.iter().any(|organisation| organisation.searching.is_some());
            !searching && view.runs.iter().all(|run| run.progress.is_none())
        };
        until("nothing is under way", rests).await;
    }
}

/// Waits until it is so, but not for ever.
pub(crate) async fn until(what: &str, is: impl AsyncFn() -> bool) {
    for _ in 0..2_000 {
        if is().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    unreachable!("waited in vain until {what}");
}
