//! Microsoft 365: the adapter against a tenant with state and trouble.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests; and they say what did not run")]

mod beside;
#[path = "../support/mod.rs"]
mod support;
mod trouble;

use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use support::{assert_clean, free, hasty, log, search};
use uncouple_domain::{DeleteAnswer, Listed};
use uncouple_engine::directory::{ApiError, Directory, Finding, Likeness, LogWhat, Target, Wanted, Who};
use uncouple_engine::ports::SignInAt;
use uncouple_providers::Patience;
use uncouple_testkit::directory::{AuditLog, Every, GraphApp, GraphGrant, GraphOrg, GraphSetup, Route};

const SALES: GraphApp = GraphApp::HUBSPOT_SALES;

struct Desk {
    org: Arc<GraphOrg>,
    directory: Arc<dyn Directory>,
}

async fn desk_with(setup: GraphSetup, patience: Patience) -> Desk {
    let org = Arc::new(setup.start().await);
    let key = org.clone();
    let token = move || key.sign_in().access_token();
    let directory = support::open(SignInAt::Microsoft, org.url(), token, patience, free(8));
    Desk { org, directory }
}

async fn desk(people: usize) -> Desk {
    desk_with(GraphOrg::with(people), hasty()).await
}

fn apps() -> BTreeSet<String> {
    [SALES.object_id.to_string()].into()
}

impl Desk {
    /// The person's consent to the app for mail, of the first resource.
    fn of(&self, user: usize) -> Target {
        let state = self.org.state();
        let grant = state.grant_ids(user, SALES.object_id).into_iter().next();
        Target { who: Who::Person { id: state.id(user) }, app: SALES.object_id.to_string(), grant }
    }

    async fn delete(&self, user: usize) -> Result<DeleteAnswer, ApiError> {
        self.directory.delete(&self.of(user)).await
    }

    async fn read(&self, user: usize) -> Result<(Listed, bool), ApiError> {
        self.directory.read(&self.of(user), &apps()).await.map(|read| (read.listed, read.reached))
    }

    /// Deletes and reads of many people at the same time.
    async fn revoke(&self, people: std::ops::Range<usize>) -> Vec<(Result<DeleteAnswer, ApiError>, Option<Listed>)> {
        let tasks: Vec<_> = people
            .map(|user| {
                let (directory, target) = (self.directory.clone(), self.of(user));
                tokio::spawn(async move {
                    let deleted = directory.delete(&target).await;
                    let read = directory.read(&target, &apps()).await;
                    (deleted, read.ok().map(|read| read.listed))
                })
            })
            .collect();
        let mut all = Vec::new();
        for task in tasks {
            all.push(task.await.unwrap());
        }
        all
    }

    fn assert_clean(&self) {
        assert_clean(self.org.violations(), self.org.specs_checked());
    }
}

#[tokio::test]
async fn everybody_who_let_hubspot_in_is_found_once() {
    let setup = GraphOrg::with(2_300).for_everyone(GraphApp::HUBSPOT_CALENDAR).disabled(Every::nth(100));
    let desk = desk_with(setup, hasty()).await;
    let addresses = vec![desk.org.state().address(7), "nobody@example.org".to_owned()];
    let (told, end) = search(&desk.directory, Wanted { addresses, ..Wanted::default() }).await;
    assert_eq!(end, Ok(()));
    let every = |step: usize| 2_300_usize.div_ceil(step);
    assert_eq!((told.people, told.read.len(), told.unread.len()), (2_300, 2_300, 0));
    assert_eq!(told.accesses(), 2_300 + every(3) + every(4) + every(5) + every(6));
    assert_eq!(told.read.iter().filter(|(person, _)| person.suspended).count(), every(100));
    assert!(told.read.iter().all(|(person, _)| person.address.contains('@')));
    assert_eq!(told.everybody.len(), 1);
    let likeness =
        |app: GraphApp| told.apps.iter().find(|seen| seen.key == app.object_id.to_string()).map(|seen| seen.likeness);
    assert_eq!(likeness(SALES), Some(Likeness::Named));
    assert_eq!(likeness(GraphApp::HUBSPOT_CALENDAR), Some(Likeness::Named));
    assert_eq!(likeness(GraphApp::LOOK_ALIKE), Some(Likeness::LookAlike));
    assert_eq!(likeness(GraphApp::CYRILLIC), Some(Likeness::LookAlike));
    assert_eq!(likeness(GraphApp::SLACK), None);
    // People go by twenties.
    assert!(desk.org.seen().count(Route::Batch) <= 2_300 / 20 + 30, "{}", desk.org.seen().count(Route::Batch));
    assert_eq!(desk.directory.spent().calls + desk.org.seen().count(Route::Batch), desk.org.seen().total());
    desk.assert_clean();
}

#[tokio::test]
async fn people_whom_the_workspace_knows_are_read_even_without_any_consent() {
    let grant = |app, who| GraphGrant { app, resource: GraphApp::GRAPH, scope: " Mail.Read", who };
    let setup = GraphOrg::with(10).grants([grant(SALES, Every::nth(5)), grant(GraphApp::SLACK, Every::ONE)]);
    let desk = desk_with(setup, hasty()).await;
    let known = [0, 3, 9].map(|user| desk.org.state().address(user));
    let slack = GraphApp::SLACK.object_id.to_string();
    let wanted = |apps| Wanted { apps, addresses: known.to_vec(), ..Wanted::default() };
    let (told, end) = search(&desk.directory, wanted(BTreeSet::new())).await;
    let mut read: Vec<(&str, usize)> =
        told.read.iter().map(|(person, accesses)| (person.address.as_str(), accesses.len())).collect();
    read.sort_unstable();
    let address = |user: usize| desk.org.state().address(user);
    assert_eq!(read, [(&*address(0), 1), (&*address(3), 0), (&*address(5), 1), (&*address(9), 0)]);
    assert_eq!((end, told.people), (Ok(()), 4));
    // An app that was chosen is searched for, whatever it is called.
    let (told, _) = search(&desk.directory, wanted([slack].into())).await;
    assert_eq!((told.read.len(), told.accesses()), (10, 12));
    desk.assert_clean();
}

#[tokio::test]
async fn an_access_is_deleted_read_as_gone_and_already_gone_then() {
    let desk = desk(8).await;
    assert_eq!(desk.read(1).await, Ok((Listed::Yes, true)));
    assert_eq!(desk.delete(1).await, Ok(DeleteAnswer::Deleted));
    assert_eq!(desk.read(1).await, Ok((Listed::No, false)));
    assert_eq!(desk.delete(1).await, Ok(DeleteAnswer::AlreadyGone));
    // The same app's consent for another resource is one of its own, and still reaches.
    assert_eq!(desk.delete(3).await, Ok(DeleteAnswer::Deleted));
    assert_eq!(desk.read(3).await, Ok((Listed::No, true)));
    assert!(desk.org.state().has(3, SALES.object_id));
    desk.org.state().consent_for_everyone(SALES.object_id);
    assert_eq!(desk.read(1).await, Ok((Listed::Covered, true)));
    assert_eq!(desk.read(4).await, Ok((Listed::Yes, true)));
    desk.org.state().assert_only_deleted(&[SALES.object_id]);
    desk.assert_clean();
}

#[tokio::test]
async fn a_consent_for_everybody_is_revoked_as_one() {
    let desk = desk_with(GraphOrg::with(5).for_everyone(SALES), hasty()).await;
    let (told, _) = search(&desk.directory, Wanted::default()).await;
    let of =
        |grant: &String| Target { who: Who::Everybody, app: SALES.object_id.to_string(), grant: Some(grant.clone()) };
    assert_eq!(told.everybody.len(), 2);
    for grant in &told.everybody {
        assert_eq!(desk.directory.read(&of(grant), &apps()).await.unwrap().listed, Listed::Yes);
        assert_eq!(desk.directory.delete(&of(grant)).await, Ok(DeleteAnswer::Deleted));
        assert_eq!(desk.directory.read(&of(grant), &apps()).await.unwrap().listed, Listed::No);
    }
    assert!(!desk.org.state().has_for_everyone(SALES.object_id));
    assert!(desk.org.state().has(1, SALES.object_id));
    desk.assert_clean();
}

#[tokio::test]
async fn many_at_once_go_in_batches() {
    let desk = desk(400).await;
    desk.org.faults().delay(Duration::from_millis(20));
    let all = desk.revoke(0..400).await;
    assert!(all.iter().all(|one| *one == (Ok(DeleteAnswer::Deleted), Some(Listed::No))));
    let seen = desk.org.seen();
    assert_eq!((seen.count(Route::DeleteGrant), seen.count(Route::UserGrants)), (400, 400));
    // Twenty in each, and everybody's consents once in each that reads.
    assert!(seen.count(Route::Batch) <= 60, "{}", seen.count(Route::Batch));
    assert!(seen.count(Route::Grants) <= 40, "{}", seen.count(Route::Grants));
    assert!(seen.most_at_once() <= 8);
    desk.assert_clean();
}

#[tokio::test]
async fn one_alone_takes_two_ways_there_and_back() {
    let desk = desk(3).await;
    desk.org.faults().delay(Duration::from_millis(50));
    assert_eq!(desk.delete(1).await, Ok(DeleteAnswer::Deleted));
    assert_eq!(desk.read(1).await, Ok((Listed::No, false)));
    // The person's list and everybody's: in one batch, or at the same time.
    let seen = desk.org.seen();
    assert!(seen.count(Route::Batch) == 1 || seen.most_at_once() == 2);
    assert_eq!((seen.count(Route::UserGrants), seen.count(Route::Grants)), (1, 1));
    assert_eq!(desk.org.seen().count(Route::DeleteGrant), 1);
}

#[tokio::test]
async fn somebody_is_looked_up_by_address() {
    let desk = desk_with(GraphOrg::with(30).for_everyone(GraphApp::HUBSPOT_CALENDAR), hasty()).await;
    let state = desk.org.state();
    let facts = desk.directory.organisation("tid.oid").await.unwrap();
    assert_eq!((facts.name.as_str(), facts.key.len()), ("contoso.example", 36));
    // The tenth has no mailbox, and is known by their name for signing in alone.
    for user in [3, 9] {
        let found = desk.directory.look_up(&state.address(user), &Wanted::default()).await.unwrap();
        let Some(Finding::Read { person, accesses, .. }) = found.last() else { unreachable!("{found:?}") };
        assert_eq!((person.id.as_str(), person.address.as_str()), (&*state.id(user), &*state.address(user)));
        assert_eq!(accesses.len(), 2);
        assert!(found.iter().any(|finding| matches!(finding, Finding::Everybody { .. })));
    }
    for foreign in ["person00001@example.org", "o'neil@contoso.example"] {
        let looked = desk.directory.look_up(foreign, &Wanted::default()).await;
        assert_eq!(looked.unwrap_err(), ApiError::NobodyThere, "{foreign}");
    }
    let app = desk.directory.app(&GraphApp::SLACK.app_id.to_string()).await.unwrap().unwrap();
    assert_eq!((app.key.as_str(), app.name.as_str()), (&*GraphApp::SLACK.object_id.to_string(), "Slack"));
    assert_eq!(desk.directory.app("99999999-0000-4000-8000-000000000000").await, Ok(None));
    desk.assert_clean();
}

#[tokio::test]
async fn the_log_has_the_removal_and_a_consent_that_came_later() {
    let desk = desk(8).await;
    let (state, app) = (desk.org.state(), SALES.object_id);
    let began = Timestamp::now();
    desk.delete(1).await.unwrap();
    desk.delete(2).await.unwrap();
    state.consent(2, app, false);
    state.amend(4, app);
    state.log_failed_removal(5, app);
    state.remove_by_hand(7, app);
    let lines = log(&desk.directory, &[&app.to_string()], began).await;
    let of = |user: usize| {
        let id = state.id(user);
        lines.iter().filter(|line| line.person.as_deref() == Some(&id)).map(|line| line.what).collect::<Vec<_>>()
    };
    assert_eq!(of(1), [LogWhat::Removed]);
    assert_eq!(of(2), [LogWhat::Consented, LogWhat::Consented, LogWhat::Removed]);
    // A change of scopes is no removal, though the log has one.
    assert_eq!(of(4), [LogWhat::Consented, LogWhat::Consented]);
    assert_eq!(of(5), []);
    assert_eq!(of(7), [LogWhat::Removed]);
    assert!(lines.iter().all(|line| line.at >= began && line.person.is_some()));
    state.consent_for_everyone(app);
    let anybodys = |line: &uncouple_engine::directory::LogLine| line.person.is_none();
    assert!(log(&desk.directory, &[&app.to_string()], began).await.iter().any(anybodys));
    desk.org.faults().audit(AuditLog::Silent);
    assert!(log(&desk.directory, &[&app.to_string()], began).await.is_empty());
}

#[tokio::test]
async fn a_search_goes_on_from_where_it_told_and_takes_nothing_from_who_was_told_before() {
    let desk = desk(1_500).await;
    let known = [desk.org.state().address(0), desk.org.state().address(1)];
    let wanted = Wanted { addresses: known.to_vec(), ..Wanted::default() };
    let (whole, end) = search(&desk.directory, wanted.clone()).await;
    assert_eq!(end, Ok(()));
    let (out, mut found) = tokio::sync::mpsc::channel(1);
    let (searching, asked) = (desk.directory.clone(), wanted.clone());
    let running = tokio::spawn(async move { searching.search(&asked, out).await });
    let (mut first, mut position, mut after) = (Vec::new(), None, Vec::new());
    while let Some(finding) = found.recv().await {
        if let Finding::Read { person, accesses, .. } = finding {
            after.push((person.address, accesses.len()));
        } else if let Finding::Position(place) = finding {
            position = Some(place);
            first.append(&mut after);
        }
        if first.len() > 300 {
            break;
        }
    }
    drop(found);
    running.await.unwrap().unwrap();
    assert!(position.is_some() && first.len() < whole.read.len());
    let (rest, end) = search(&desk.directory, Wanted { from: position, ..wanted }).await;
    assert_eq!(end, Ok(()));
    let lines = |read: Vec<(uncouple_engine::directory::Person, Vec<String>)>| -> Vec<(String, usize)> {
        read.into_iter().map(|(person, accesses)| (person.address, accesses.len())).collect()
    };
    let mut all: Vec<_> = lines(rest.read).into_iter().chain(first).collect();
    let mut expected = lines(whole.read);
    all.sort();
    expected.sort();
    assert_eq!(all, expected);
}
