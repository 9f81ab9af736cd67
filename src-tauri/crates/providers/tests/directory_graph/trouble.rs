//! What goes wrong at Microsoft, and what comes of it.

use super::support::{hasty, search};
use super::{Desk, SALES, apps, desk, desk_with};
use std::time::{Duration, Instant};
use uncouple_domain::{DeleteAnswer, Listed, Permission};
use uncouple_engine::directory::{ApiError, Finding, Wanted};
use uncouple_providers::Patience;
use uncouple_testkit::directory::{Deletes, Fault, GraphOrg, On, Paging, Route, Spoil, When};

#[tokio::test]
async fn batches_with_mixed_results_lose_nobody() {
    let desk = desk(300).await;
    let faults = desk.org.faults();
    faults.every(7, Route::DeleteGrant, Fault::Throttle(Some(1)));
    faults.every(11, Route::DeleteGrant, Fault::Status(500));
    faults.every(13, Route::UserGrants, Fault::RateLimit);
    faults.every(17, Route::Grants, Fault::Status(503));
    faults.every(5, Route::Batch, Fault::Throttle(Some(1)));
    faults.every(6, Route::Batch, Fault::Reset(When::After));
    faults.sometimes(1, 5, Route::DeleteGrant, Fault::Reset(When::After));
    let all = desk.revoke(0..300).await;
    assert!(all.iter().all(|(deleted, read)| deleted.is_ok() && *read == Some(Listed::No)), "{all:?}");
    desk.org.state().assert_only_deleted(&[SALES.object_id]);
    let twice = |(_, _, deletes): &(_, _, Deletes)| deletes.took_effect > 1;
    assert!(!desk.org.state().touched().iter().any(twice));
    desk.assert_clean();
}

#[tokio::test]
async fn trouble_of_every_kind_hides_nobody() {
    let desk = desk(200).await;
    let kinds = [
        Fault::Status(500),
        Fault::Status(503),
        Fault::Reset(When::Before),
        Fault::Reset(When::After),
        Fault::Throttle(Some(1)),
        Fault::Throttle(None),
    ];
    for (seed, fault) in (0..).zip(kinds) {
        desk.org.faults().sometimes(seed, 20, On::ANY, fault);
    }
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len(), told.unread.len()), (Ok(()), 200, 0));
    desk.assert_clean();
}

#[tokio::test]
async fn the_app_wide_list_is_asked_for_in_the_way_that_is_whole() {
    let desk = desk(40).await;
    desk.org.faults().incomplete_without_count(3);
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len(), told.short.len()), (Ok(()), 40, 0), "nobody is missing");
    desk.assert_clean();
}

#[tokio::test]
async fn a_list_that_differs_from_its_own_count_is_told_as_not_whole_over_all_pages() {
    for by in [1, 7, -2] {
        let desk = desk(2_100).await;
        desk.org.faults().count_differs(by);
        let (told, end) = search(&desk.directory, Wanted::default()).await;
        assert_eq!(end, Ok(()));
        assert!(!told.short.is_empty());
        assert!(
            told.short.iter().all(|(count, came)| count.checked_add_signed(-by) == Some(*came)),
            "{:?}",
            told.short
        );
        assert!(told.short.iter().any(|(_, came)| *came >= 2_100), "{:?}", told.short);
    }
}

#[tokio::test]
async fn a_list_for_everybody_that_lacks_entries_proves_nothing() {
    let desk = desk(2).await;
    desk.delete(1).await.unwrap();
    desk.org.faults().count_differs(1);
    assert_eq!(desk.read(1).await, Err(ApiError::Incomplete));
    desk.org.faults().count_differs(0);
    assert_eq!(desk.read(1).await.unwrap().0, Listed::No);
}

#[tokio::test]
async fn a_deleted_enterprise_app_is_no_app_and_nobody_has_let_it_in() {
    let desk = desk(3).await;
    let target = desk.of(1);
    desk.delete(1).await.unwrap();
    desk.org.faults().apps_deleted(true);
    let read = desk.directory.read(&target, &apps()).await.unwrap();
    assert_eq!(read.listed, Listed::No, "the person's empty list proves it");
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len()), (Ok(()), 0));
}

#[tokio::test]
async fn answers_of_a_batch_that_are_exchanged_put_nothing_under_another_name() {
    let desk = desk(60).await;
    desk.org.faults().exchanges_answers(true);
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len()), (Ok(()), 60));
    for (person, grants) in &told.read {
        let user = (0..60).find(|user| desk.org.state().id(*user) == person.id).unwrap();
        let own = desk.org.state().grant_ids(user, SALES.object_id);
        assert!(own.first().is_some_and(|grant| grants.contains(grant)), "{person:?}: {grants:?}");
    }
    // Half of them have nothing any more: their neighbours' lists are not theirs, nor theirs the neighbours'.
    let all = desk.revoke(0..30).await;
    assert!(all.iter().all(|(deleted, read)| deleted.is_ok() && *read == Some(Listed::No)), "{all:?}");
    let targets: Vec<_> = (0..60).map(|user| desk.of(user)).collect();
    let apps = apps();
    let reads = targets.iter().map(|target| desk.directory.read(target, &apps));
    let reads = futures_util::future::join_all(reads).await;
    let listed: Vec<_> = reads.into_iter().map(|read| read.unwrap().listed).collect();
    assert!(listed.iter().skip(30).all(|listed| *listed == Listed::Yes), "{listed:?}");
}

#[tokio::test]
async fn what_hangs_is_asked_again() {
    let desk = desk_with(GraphOrg::with(30), Patience { request: Duration::from_millis(300), ..hasty() }).await;
    desk.org.faults().next(1, Route::Batch, Fault::Hang(When::Before));
    desk.org.faults().next(1, Route::Grants, Fault::Hang(When::After));
    desk.org.faults().next(1, Route::User, Fault::Hang(When::Before));
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len()), (Ok(()), 30));
}

#[tokio::test]
async fn a_list_that_lags_is_told_as_it_is() {
    let desk = desk(2).await;
    desk.org.faults().lag(3);
    desk.delete(1).await.unwrap();
    for listed in [Listed::Yes, Listed::Yes, Listed::Yes, Listed::No] {
        assert_eq!(desk.read(1).await.unwrap().0, listed);
    }
}

#[tokio::test]
async fn whoever_vanishes_is_left_out_and_told_as_gone() {
    let desk = desk(40).await;
    desk.org.state().vanish(3);
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len(), told.unread.len()), (Ok(()), 39, 0));
    assert_eq!(desk.read(3).await, Ok((Listed::NobodyThere, false)));
    assert_eq!(desk.delete(3).await, Ok(DeleteAnswer::AlreadyGone));
    desk.org.state().vanish_after_list(4);
    assert_eq!(desk.read(4).await, Ok((Listed::Yes, true)));
    assert_eq!(desk.read(4).await, Ok((Listed::NobodyThere, false)));
    desk.assert_clean();
}

#[tokio::test]
async fn somebody_who_vanishes_between_list_and_page_is_skipped() {
    let desk = desk(100).await;
    let (out, mut found) = tokio::sync::mpsc::channel(1);
    let directory = desk.directory.clone();
    let search = tokio::spawn(async move { directory.search(&Wanted::default(), out).await });
    let mut read = 0;
    while let Some(finding) = found.recv().await {
        if matches!(finding, Finding::People(100)) {
            desk.org.state().vanish(50);
        }
        read += u32::from(matches!(finding, Finding::Read { .. }));
    }
    assert_eq!((search.await.unwrap(), read), (Ok(()), 99));
}

#[tokio::test]
async fn a_token_that_ends_in_the_middle_is_replaced() {
    let desk = desk(300).await;
    desk.org.sign_in().calls_each(5);
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len(), told.unread.len()), (Ok(()), 300, 0));
    desk.org.sign_in().calls_each(None);
    desk.org.faults().always(On::ANY, Fault::Unauthorized);
    assert_eq!(search_end(&desk).await, Err(ApiError::Expired));
    assert_eq!(desk.delete(1).await, Err(ApiError::Expired));
    assert!(desk.revoke(0..30).await.iter().all(|(deleted, _)| *deleted == Err(ApiError::Expired)));
}

async fn search_end(desk: &Desk) -> Result<(), ApiError> {
    search(&desk.directory, Wanted::default()).await.1
}

#[tokio::test]
async fn what_is_forbidden_is_named() {
    let desk = desk(30).await;
    let forbidden = |permission| Err(ApiError::Forbidden { permission });
    for (route, permission) in
        [(Route::Apps, Permission::Apps), (Route::Grants, Permission::Accesses), (Route::User, Permission::People)]
    {
        desk.org.faults().always(route, Fault::Forbidden);
        assert_eq!(search_end(&desk).await, forbidden(permission));
        desk.org.faults().calm();
    }
    desk.org.faults().always(Route::DeleteGrant, Fault::Forbidden);
    assert_eq!(desk.delete(1).await.map(drop), forbidden(Permission::Revoke));
    let all = desk.revoke(0..30).await;
    assert!(all.iter().all(|(deleted, read)| deleted.is_err() && *read == Some(Listed::Yes)));
}

#[tokio::test]
async fn an_answer_that_is_none_is_never_taken_for_an_empty_list() {
    for (spoil, error) in [
        (Spoil::WrongTypes, ApiError::Unreadable),
        (Spoil::WithoutItems, ApiError::Unreadable),
        (Spoil::EmptyObject, ApiError::Unreadable),
        (Spoil::Null, ApiError::Unreadable),
        (Spoil::Html, ApiError::Unreadable),
        (Spoil::Flood(100_000_000), ApiError::TooLong),
    ] {
        for route in [Route::UserGrants, Route::Grants] {
            let desk = desk(3).await;
            desk.delete(1).await.unwrap();
            desk.org.faults().always(route, Fault::Spoil(spoil));
            let start = Instant::now();
            // In a batch, what is no JSON comes as a text.
            let read = desk.read(1).await.unwrap_err();
            assert!(read == error || read == ApiError::Unreadable, "{spoil:?} {route:?}");
            assert!(start.elapsed() < Duration::from_secs(10));
        }
        let desk = desk(3).await;
        desk.org.faults().always(Route::Apps, Fault::Spoil(spoil));
        assert_eq!(search_end(&desk).await, Err(error), "{spoil:?}");
    }
    // A flood without an end of its own must not keep anything but itself.
    let desk = desk(3).await;
    desk.org.faults().next(1, Route::Batch, Fault::Spoil(Spoil::Flood(100_000_000)));
    assert_eq!(desk.read(1).await, Ok((Listed::Yes, true)));
}

#[tokio::test]
async fn pages_may_be_empty_but_neither_lead_in_a_circle_nor_elsewhere() {
    let desk = desk(1_100).await;
    for route in [Route::Grants, Route::UserGrants, Route::Apps] {
        desk.org.faults().paging(route, Paging::EmptyPages(3));
    }
    let (told, end) = search(&desk.directory, Wanted::default()).await;
    assert_eq!((end, told.read.len()), (Ok(()), 1_100));
    assert_eq!(desk.read(1).await, Ok((Listed::Yes, true)));
    for circle in [Paging::Itself, Paging::Circle] {
        for route in [Route::Grants, Route::Apps] {
            desk.org.faults().paging(route, circle.clone());
            assert_eq!(search_end(&desk).await, Err(ApiError::Circle));
            desk.org.faults().paging(route, Paging::Straight);
        }
    }
    let elsewhere = GraphOrg::with(1).start().await;
    desk.org.faults().paging(Route::Grants, Paging::Elsewhere(elsewhere.origin()));
    assert_eq!(search_end(&desk).await, Err(ApiError::OtherHost));
    assert_eq!((elsewhere.seen().total(), elsewhere.seen().connections()), (0, 0));
    desk.assert_clean();
}
