//! Google Workspace: the adapter against an organisation with state and trouble.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests; and they say what did not run")]

mod support;

use jiff::Timestamp;
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::{assert_clean, free, hasty, log, search};
use uncouple_domain::{DeleteAnswer, Listed, Permission};
use uncouple_engine::directory::{
    ApiError, Directory, Finding, Likeness, LogAsk, LogEvents, LogWhat, Pace, Target, Wanted, Who,
};
use uncouple_engine::ports::SignInAt;
use uncouple_providers::Patience;
use uncouple_testkit::directory::{
    AuditLog, Every, Fault, GoogleApp, GoogleOrg, GoogleSetup, On, Paging, Route, Spoil, When,
};

const HUBSPOT: &str = GoogleApp::HUBSPOT.client_id;

struct Desk {
    org: Arc<GoogleOrg>,
    directory: Arc<dyn Directory>,
}

async fn desk_with(setup: GoogleSetup, patience: Patience, pace: Pace) -> Desk {
    let org = Arc::new(setup.start().await);
    let key = org.clone();
    let directory = support::open(SignInAt::Google, org.url(), move || key.sign_in().access_token(), patience, pace);
    Desk { org, directory }
}

async fn desk(people: usize) -> Desk {
    desk_with(GoogleOrg::with(people).without_quota(), hasty(), free(8)).await
}

impl Desk {
    fn of(&self, user: usize) -> Target {
        let who = Who::Person { id: self.org.state().id(user) };
        Target { who, app: HUBSPOT.to_owned(), grant: None }
    }

    async fn delete(&self, user: usize) -> Result<DeleteAnswer, ApiError> {
        self.directory.delete(&self.of(user)).await
    }

    async fn read(&self, user: usize) -> Result<(Listed, bool), ApiError> {
        let apps = [HUBSPOT.to_owned()].into();
        self.directory.read(&self.of(user), &apps).await.map(|read| (read.listed, read.reached))
    }

    fn assert_clean(&self) {
        assert_clean(self.org.violations(), self.org.specs_checked());
    }
}

#[tokio::test]
async fn everybody_is_found_with_what_reaches_them() {
    let setup = GoogleOrg::with(1_201).without_quota().suspended(Every::nth(100));
    let desk = desk_with(setup, hasty(), free(16)).await;
    desk.org.faults().delay(Duration::from_millis(4));
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!(end, Ok(()));
    assert_eq!((told.people, told.read.len(), told.unread.len()), (1_201, 1_201, 0));
    let every = |step: usize| 1_201_usize.div_ceil(step);
    assert_eq!(told.accesses(), 1_201 + every(3) + every(4) + every(5));
    assert_eq!(told.read.iter().filter(|(person, _)| person.suspended).count(), every(100));
    let likeness = |app: GoogleApp| told.apps.iter().find(|seen| seen.key == app.client_id).map(|seen| seen.likeness);
    assert_eq!(told.apps.len(), 5);
    assert_eq!(likeness(GoogleApp::HUBSPOT), Some(Likeness::Named));
    assert_eq!(likeness(GoogleApp::HUBSPOT_ADS), Some(Likeness::Named));
    assert_eq!(likeness(GoogleApp::LOOK_ALIKE), Some(Likeness::LookAlike));
    assert_eq!(likeness(GoogleApp::SLACK), Some(Likeness::Other));
    let spent = desk.directory.spent();
    assert_eq!((spent.calls, spent.repeated), (3 + 1_201, 0));
    assert_eq!(desk.org.seen().total(), spent.calls);
    let (at_once, open) = (desk.org.seen().most_at_once(), desk.org.seen().most_open());
    // A connection may be opened and not be needed any more when it is.
    assert!((9..=16).contains(&at_once) && open <= 24, "{at_once} {open}");
    desk.assert_clean();
}

#[tokio::test]
async fn an_access_is_deleted_read_as_gone_and_already_gone_then() {
    let desk = desk(3).await;
    assert_eq!(desk.read(1).await, Ok((Listed::Yes, true)));
    assert_eq!(desk.delete(1).await, Ok(DeleteAnswer::Deleted));
    assert_eq!(desk.read(1).await, Ok((Listed::No, false)));
    assert_eq!(desk.delete(1).await, Ok(DeleteAnswer::AlreadyGone));
    for status in [200, 204, 404] {
        desk.org.faults().gone_status(status);
        assert!(desk.delete(1).await.is_ok(), "{status}");
    }
    desk.org.faults().delete_status(200);
    assert_eq!(desk.delete(2).await, Ok(DeleteAnswer::Deleted));
    // Another app of HubSpot's still reaches the first person.
    assert_eq!(desk.delete(0).await, Ok(DeleteAnswer::Deleted));
    assert_eq!(desk.read(0).await, Ok((Listed::No, true)));
    desk.org.state().assert_only_deleted(&[HUBSPOT]);
    desk.assert_clean();
}

#[tokio::test]
async fn a_list_that_lags_is_told_as_it_is() {
    let desk = desk(2).await;
    desk.org.faults().lag(3);
    desk.delete(1).await.unwrap();
    for listed in [Listed::Yes, Listed::Yes, Listed::Yes, Listed::No] {
        assert_eq!(desk.read(1).await.unwrap().0, listed);
    }
    desk.assert_clean();
}

#[tokio::test]
async fn trouble_of_every_kind_hides_nobody() {
    let desk = desk(300).await;
    let kinds = [
        Fault::Status(500),
        Fault::Status(503),
        Fault::Reset(When::Before),
        Fault::Reset(When::After),
        Fault::Throttle(Some(1)),
        Fault::Throttle(None),
        Fault::RateLimit,
        Fault::QuotaExceeded,
    ];
    for (seed, fault) in (0..).zip(kinds) {
        desk.org.faults().sometimes(seed, 15, On::ANY, fault);
    }
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len(), told.unread.len()), (Ok(()), 300, 0));
    for user in 0..50 {
        desk.delete(user).await.unwrap();
        assert_eq!(desk.read(user).await.unwrap().0, Listed::No);
    }
    assert_eq!(desk.org.state().remaining(HUBSPOT), 250);
    assert!(desk.directory.spent().repeated > 20);
    desk.org.state().assert_only_deleted(&[HUBSPOT]);
    desk.assert_clean();
}

#[tokio::test]
async fn a_deletion_whose_answer_was_lost_is_a_success_all_the_same() {
    let desk = desk(2).await;
    desk.org.faults().next(1, Route::DeleteToken, Fault::Reset(When::After));
    assert_eq!(desk.delete(1).await, Ok(DeleteAnswer::AlreadyGone));
    assert_eq!(desk.org.state().deletes(1, HUBSPOT).took_effect, 1);
}

#[tokio::test]
async fn what_hangs_is_asked_again() {
    let short = Patience { request: Duration::from_millis(300), ..hasty() };
    let desk = desk_with(GoogleOrg::with(20).without_quota(), short, free(8)).await;
    desk.org.faults().next(3, Route::Tokens, Fault::Hang(When::Before));
    desk.org.faults().next(1, Route::Users, Fault::Hang(When::After));
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len()), (Ok(()), 20));
}

#[tokio::test]
async fn a_quota_is_waited_for() {
    let desk = desk(60).await;
    desk.org.faults().quota((30, Duration::from_millis(300)));
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len(), told.unread.len()), (Ok(()), 60, 0));
    desk.org.faults().quota(None);
    desk.org.faults().always(Route::DeleteToken, Fault::RateLimit);
    let impatient = Patience { refused: Duration::from_millis(60), limited: Duration::from_millis(1), ..hasty() };
    let key = desk.org.clone();
    let other =
        support::open(SignInAt::Google, desk.org.url(), move || key.sign_in().access_token(), impatient, free(1));
    assert_eq!(other.delete(&desk.of(1)).await, Err(ApiError::Limits));
}

/// Deletes for everybody and reads again, as a run does; how long that takes.
async fn deletes_all(people: usize, quota: (usize, Duration), pace: Pace) -> Duration {
    let setup = GoogleOrg::with(people).apps([(GoogleApp::HUBSPOT, Every::ONE)]).without_quota();
    let desk = Arc::new(desk_with(setup, Patience::default(), pace).await);
    desk.org.faults().delay(Duration::from_millis(50));
    desk.org.faults().quota(quota);
    let start = Instant::now();
    let places = Arc::new(tokio::sync::Semaphore::new(usize::from(pace.connections) * 2));
    let items: Vec<_> = (0..people)
        .map(|person| {
            let (desk, places) = (Arc::clone(&desk), Arc::clone(&places));
            tokio::spawn(async move {
                let _place = places.acquire_owned().await;
                assert_eq!(desk.delete(person).await, Ok(DeleteAnswer::Deleted));
                assert_eq!(desk.read(person).await, Ok((Listed::No, false)));
            })
        })
        .collect();
    for item in items {
        item.await.unwrap();
    }
    start.elapsed()
}

/// Google's 403 names no time. What the provider takes is followed: nothing is given up, and little time is lost.
/// The two seconds are for the first window, which is used up at once; `rate.rs` holds the ratio itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quota_below_the_pace_is_followed_to_the_end() {
    let second = Duration::from_secs(1);
    let unpaced = Pace { calls_per_minute: 0, connections: 32 };
    for (people, a_second, pace) in [(60, 20, Pace::default()), (30, 10, Pace::default()), (120, 40, unpaced)] {
        let took = deletes_all(people, (a_second, second), pace).await;
        let least = (people * 2).div_ceil(a_second) - 1;
        println!("{a_second} a second, {people} people: {:.2} s, least {least} s", took.as_secs_f64());
        assert!(took.as_secs_f64() <= 1.5 * least as f64 + 2.0, "{a_second} a second: {took:?}, least {least} s");
    }
}

#[tokio::test]
async fn a_pace_under_the_quota_meets_no_limit() {
    let pace = Pace { calls_per_minute: 6_000, connections: 8 };
    let desk = desk_with(GoogleOrg::with(150).without_quota(), hasty(), pace).await;
    desk.org.faults().quota((6_000, Duration::from_secs(60)));
    let start = Instant::now();
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len(), desk.directory.spent().repeated), (Ok(()), 150, 0));
    // All of it is within a minute's share, so nothing is held back.
    assert!(start.elapsed() <= Duration::from_millis(850), "{:?}", start.elapsed());
}

#[tokio::test]
async fn whoever_vanishes_is_left_out_and_told_as_gone() {
    let desk = desk(40).await;
    desk.org.state().vanish(3);
    desk.org.state().vanish_after_list(5);
    desk.org.faults().delay(Duration::from_millis(2));
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len(), told.unread.len()), (Ok(()), 39, 0));
    for gone in [3, 5] {
        assert_eq!(desk.read(gone).await, Ok((Listed::NobodyThere, false)));
        assert_eq!(desk.delete(gone).await, Err(ApiError::NobodyThere));
        let address = desk.org.state().address(gone);
        let looked = desk.directory.look_up(&address, &Wanted::default()).await;
        assert_eq!(looked.unwrap_err(), ApiError::NobodyThere);
    }
    desk.assert_clean();
}

#[tokio::test]
async fn somebody_who_vanishes_between_page_and_list_is_skipped() {
    let desk = desk(600).await;
    let (out, mut found) = tokio::sync::mpsc::channel(1);
    let directory = desk.directory.clone();
    let search = tokio::spawn(async move { directory.search(&Wanted::default(), out).await });
    let mut read = 0;
    while let Some(finding) = found.recv().await {
        if matches!(finding, Finding::People(_)) {
            desk.org.state().vanish(499);
        }
        read += u32::from(matches!(finding, Finding::Read { .. }));
        assert!(!matches!(finding, Finding::Unread { .. }));
    }
    assert_eq!((search.await.unwrap(), read), (Ok(()), 599));
}

#[tokio::test]
async fn a_token_that_ends_in_the_middle_is_replaced() {
    let desk = desk(100).await;
    desk.org.sign_in().calls_each(17);
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len(), told.unread.len()), (Ok(()), 100, 0));
    desk.org.sign_in().calls_each(None);
    desk.org.faults().always(On::ANY, Fault::Unauthorized);
    assert_eq!(search_end(&desk).await, Err(ApiError::Expired));
    assert_eq!(desk.delete(1).await, Err(ApiError::Expired));
}

async fn search_end(desk: &Desk) -> Result<(), ApiError> {
    search(&desk.directory, Wanted::default()).await.1
}

#[tokio::test]
async fn what_is_forbidden_is_named() {
    let desk = desk(5).await;
    let forbidden = |permission| ApiError::Forbidden { permission };
    for (route, permission) in [(Route::Users, Permission::People), (Route::Tokens, Permission::Accesses)] {
        desk.org.faults().always(route, Fault::Forbidden);
        assert_eq!(search_end(&desk).await, Err(forbidden(permission)));
        desk.org.faults().calm();
    }
    desk.org.faults().always(Route::DeleteToken, Fault::Forbidden);
    assert_eq!(desk.delete(1).await, Err(forbidden(Permission::Revoke)));
    desk.org.faults().always(Route::User, Fault::Forbidden);
    let organisation = desk.directory.organisation(&desk.org.state().id(0)).await;
    assert_eq!(organisation.unwrap_err(), forbidden(Permission::People));
    desk.org.faults().always(Route::Tokens.of(2), Fault::Forbidden);
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len(), told.unread.len()), (Ok(()), 4, 1));
    assert_eq!(told.unread.first().map(|(_, why)| *why), Some(forbidden(Permission::Accesses)));
}

#[tokio::test]
async fn an_answer_that_is_none_is_never_taken_for_an_empty_list() {
    for (spoil, error) in [
        (Spoil::WrongTypes, ApiError::Unreadable),
        (Spoil::EmptyObject, ApiError::Unreadable),
        (Spoil::Null, ApiError::Unreadable),
        (Spoil::Html, ApiError::Unreadable),
        (Spoil::Flood(100_000_000), ApiError::TooLong),
    ] {
        let desk = desk(3).await;
        desk.org.faults().always(Route::Tokens.of(1), Fault::Spoil(spoil));
        let start = Instant::now();
        let (told, end) = search(&desk.directory, Wanted::default()).await;
        assert_eq!((end, told.read.len()), (Ok(()), 2), "{spoil:?}");
        assert_eq!(told.unread.first().map(|(_, why)| *why), Some(error), "{spoil:?}");
        assert_eq!(desk.read(1).await, Err(error), "{spoil:?}");
        desk.org.faults().always(Route::Users, Fault::Spoil(spoil));
        assert_eq!(search_end(&desk).await, Err(error), "{spoil:?}");
        assert!(start.elapsed() < Duration::from_secs(10));
        // The deletion was answered, whatever stood in it.
        desk.org.faults().always(Route::DeleteToken, Fault::Spoil(spoil));
        if error != ApiError::TooLong {
            assert_eq!(desk.delete(1).await, Ok(DeleteAnswer::Deleted));
        }
    }
}

#[tokio::test]
async fn pages_may_be_empty_but_not_lead_in_a_circle() {
    let desk = desk(1_100).await;
    desk.org.faults().paging(Route::Users, Paging::EmptyPages(3));
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len(), told.people), (Ok(()), 1_100, 1_100));
    for circle in [Paging::Itself, Paging::Circle] {
        desk.org.faults().paging(Route::Users, circle.clone());
        assert_eq!(search_end(&desk).await, Err(ApiError::Circle));
        desk.org.faults().paging(Route::Audit, circle);
        let (out, _held) = tokio::sync::mpsc::channel(100_000);
        let ask = LogAsk { apps: [HUBSPOT.to_owned()].into(), since: Timestamp::UNIX_EPOCH, events: LogEvents::Uses };
        let read = desk.directory.log(&ask, out).await;
        assert_eq!(read, Err(ApiError::Circle));
    }
    desk.assert_clean();
}

#[tokio::test]
async fn somebody_is_looked_up_by_any_address_of_theirs() {
    let desk = desk(3).await;
    let state = desk.org.state();
    let facts = desk.directory.organisation(&state.id(0)).await.unwrap();
    assert_eq!((facts.key.as_str(), facts.name.as_str()), (state.customer_id(), "example.com"));
    for address in [state.address(2), state.alias(2), state.address(2).to_uppercase()] {
        let found = desk.directory.look_up(&address, &Wanted::default()).await.unwrap();
        let Some(Finding::Read { person, accesses, .. }) = found.last() else { unreachable!("{found:?}") };
        assert_eq!((person.id.as_str(), person.address.as_str()), (state.id(2).as_str(), state.address(2).as_str()));
        assert!(person.aliases.contains(&state.alias(2)));
        assert_eq!(accesses.len(), 1);
    }
    for foreign in ["person00001@example.org", "person00007@example.com", "x"] {
        let looked = desk.directory.look_up(foreign, &Wanted::default()).await;
        assert_eq!(looked.unwrap_err(), ApiError::NobodyThere, "{foreign}");
    }
    desk.assert_clean();
}

#[tokio::test]
async fn the_log_has_the_removal_and_a_consent_that_came_later() {
    let desk = desk(4).await;
    let began = Timestamp::now();
    desk.delete(1).await.unwrap();
    desk.delete(2).await.unwrap();
    desk.org.state().consent(2, HUBSPOT, false);
    desk.org.state().use_now(3, HUBSPOT);
    let lines = log(&desk.directory, &[HUBSPOT], began).await;
    let of = |user: usize| {
        let id = desk.org.state().id(user);
        lines.iter().filter(|line| line.person.as_deref() == Some(&id)).map(|line| line.what).collect::<Vec<_>>()
    };
    assert_eq!(of(1), [LogWhat::Removed]);
    assert_eq!(of(2), [LogWhat::Consented, LogWhat::Removed]);
    assert_eq!(of(3), [LogWhat::Used]);
    assert_eq!(lines.len(), 4);
    // Never earlier than by our own clock.
    assert!(lines.iter().all(|line| line.at >= began && line.app == HUBSPOT));
    let later = lines.iter().map(|line| line.at).max().unwrap().duration_since(Timestamp::now());
    assert!(later.as_secs() <= 1, "{later:?}");
    desk.org.faults().audit(AuditLog::Silent);
    assert!(log(&desk.directory, &[HUBSPOT], began).await.is_empty());
    desk.assert_clean();
}

#[tokio::test]
async fn with_the_log_alone_those_are_found_who_let_it_in() {
    let desk = desk(30).await;
    desk.org.faults().always(Route::Tokens, Fault::Forbidden);
    desk.org.faults().always(Route::Users, Fault::Forbidden);
    desk.org.state().remove_by_hand(4, HUBSPOT);
    let (told, end) = search(&desk.directory, Wanted { log_only: true, ..Wanted::default() }).await;
    assert_eq!((end, told.people, told.read.len()), (Ok(()), 30, 30));
    assert_eq!(told.accesses(), 30 - 1 + 10 + 8 + 6);
    assert_eq!(told.apps.len(), 5);
    let app = desk.directory.app(GoogleApp::SLACK.client_id).await.unwrap().unwrap();
    assert_eq!((app.name.as_str(), app.likeness), ("Slack", Likeness::Other));
    assert_eq!(desk.directory.app("1234-nobody.apps.googleusercontent.com").await, Ok(None));
    desk.assert_clean();
}

#[tokio::test]
async fn a_search_goes_on_from_where_it_told() {
    let desk = desk(1_300).await;
    let (out, mut found) = tokio::sync::mpsc::channel(1);
    let searching = desk.directory.clone();
    let search = tokio::spawn(async move { searching.search(&Wanted::default(), out).await });
    let (mut first, mut position) = (Vec::new(), None);
    let mut after = Vec::new();
    while let Some(finding) = found.recv().await {
        match finding {
            Finding::Read { person, .. } => after.push(person.address),
            Finding::Position(place) => {
                position = Some(place);
                first.append(&mut after);
            }
            Finding::App(_)
            | Finding::People(_)
            | Finding::Everybody { .. }
            | Finding::Unread { .. }
            | Finding::Short { .. } => {}
        }
        if first.len() > 700 {
            break;
        }
    }
    drop(found);
    search.await.unwrap().unwrap();
    let (told, end) = support::search(&desk.directory, Wanted { from: position, ..Wanted::default() }).await;
    assert_eq!((end, told.people), (Ok(()), 1_300));
    let mut all: Vec<String> = told.read.into_iter().map(|(person, _)| person.address).chain(first).collect();
    assert_eq!(all.len(), 1_300, "nobody twice and nobody left out");
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 1_300);
    let nowhere =
        Wanted { from: Some("{\"page\":\"gone\",\"known\":500,\"done\":[]}".to_owned()), ..Wanted::default() };
    assert_eq!(support::search(&desk.directory, nowhere).await.1, Err(ApiError::Unreadable));
}
