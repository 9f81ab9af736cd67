//! Plans from selections and of one person.

use crate::kit::*;
use uncouple_domain::*;
use uncouple_engine::ports::StoreError;
use uncouple_engine::runs::*;
use uuid::Uuid;

fn everything() -> PlanFrom {
    PlanFrom::Accesses(AccessQuery::default())
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(address, app)| ((*address).to_owned(), (*app).to_owned())).collect()
}

#[tokio::test]
async fn a_plan_has_each_access_of_a_chosen_app_once_by_address() {
    let desk = desk().await;
    desk.put(vec![person("b", &["hub", "crm"]), person("A", &["hub"]), person("c", &["other"])]).await;
    desk.put(vec![with_alias(person("d", &["hub"]), "b@example.com")]).await;
    desk.store.put_read(OTHER, vec![person("elsewhere", &["hub"])]).await.unwrap();
    let row = desk.plan(1, everything(), &["hub", "crm", "never"]).await;
    let expected =
        [("A@example.com", "hub"), ("b@example.com", "hub"), ("b@example.com", "crm"), ("d@example.com", "hub")];
    assert_eq!(desk.planned(1).await, pairs(&expected));
    assert_eq!(
        row,
        RunRow {
            run: run(1),
            counts: Counts { planned: 4, ..Counts::default() },
            refused: 0,
            everybody: 0,
            restorable: 0
        }
    );
    let items = desk.items(1).await;
    assert_eq!(items.iter().map(|item| item.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert!(items.iter().all(|item| item.state == ItemState::Planned));
    assert_eq!(items[3].found, with_alias(person("d", &["hub"]), "b@example.com").accesses[0]);
    assert_eq!(desk.plan(2, everything(), &[]).await.counts.total(), 0, "no app, no item");
}

#[tokio::test]
async fn a_plan_stays_as_it_was_made_whatever_searches_find_later() {
    let desk = desk().await;
    desk.put(vec![person("a", &["hub"])]).await;
    desk.plan(1, everything(), &["hub"]).await;
    let before = desk.items(1).await;
    desk.put(vec![person("a", &[])]).await;
    desk.store.forget_older(ORG, at(1000)).await.unwrap();
    assert_eq!(desk.items(1).await, before);
}

#[tokio::test]
async fn a_consent_for_everybody_is_in_a_plan_only_as_a_line_of_its_own() {
    let desk = desk().await;
    desk.put(vec![person("a", &["hub"])]).await;
    desk.store.put_everybody(ORG, vec![everybody("hub")]).await.unwrap();
    let rows = desk.all().await;
    let lines = |ids: Vec<i64>| PlanFrom::Accesses(AccessQuery { ids: Some(ids), ..AccessQuery::default() });
    let both = desk.plan(1, lines(rows.iter().map(|row| row.id).collect()), &["hub"]).await;
    assert_eq!((both.everybody, both.counts.planned, both.refused), (1, 2, 0));
    assert_eq!(desk.items(1).await[0].found, everybody("hub"));
    for (number, from) in [(2, lines(vec![rows[1].id])), (3, PlanFrom::Person { key: "a@example.com".to_owned() })] {
        let row = desk.plan(number, from, &["hub"]).await;
        assert_eq!((row.everybody, row.counts.planned), (0, 1));
        let warned = Refused { line: 0, text: "a@example.com".to_owned(), why: LineRefusal::Covered };
        assert_eq!(desk.store.refused(run(number).id, 0, 10).await.unwrap(), [warned]);
        assert_eq!(row.refused, 1);
    }
}

#[tokio::test]
async fn who_stays_covered_is_told_for_each_app_and_only_within_the_organisation() {
    let desk = desk().await;
    desk.put(vec![person("a", &["hub", "crm", "free"]), person("b", &["crm"])]).await;
    let mut second = everybody("hub");
    second.target.grant = Some("another".to_owned());
    desk.store.put_everybody(ORG, vec![everybody("hub"), second, everybody("crm")]).await.unwrap();
    desk.store.put_everybody(OTHER, vec![everybody("free")]).await.unwrap();
    let all_but_one: Vec<i64> = desk
        .find(AccessQuery { organisation: Some(ORG), ..AccessQuery::default() })
        .await
        .into_iter()
        .filter(|row| row.found.target.grant.as_deref() != Some("another"))
        .map(|row| row.id)
        .collect();
    let from = PlanFrom::Accesses(AccessQuery { ids: Some(all_but_one), ..AccessQuery::default() });
    let row = desk.plan(1, from, &["hub", "crm", "free"]).await;
    assert_eq!((row.everybody, row.counts.planned, row.refused), (2, 6, 1), "one of two consents for everybody stays");
    let of_a = desk.plan(2, PlanFrom::Person { key: "a@example.com".to_owned() }, &["hub", "crm", "free"]).await;
    assert_eq!((of_a.counts.planned, of_a.refused), (3, 2));
}

#[tokio::test]
async fn a_person_is_found_by_any_of_their_addresses_and_only_in_the_organisation() {
    let desk = desk().await;
    desk.put(vec![with_alias(person("a", &["hub", "crm", "other"]), "alias@example.com"), person("b", &["hub"])]).await;
    desk.store.put_read(OTHER, vec![with_alias(person("x", &["hub"]), "alias@example.com")]).await.unwrap();
    desk.plan(1, PlanFrom::Person { key: "alias@example.com".to_owned() }, &["hub", "crm"]).await;
    assert_eq!(desk.planned(1).await, pairs(&[("a@example.com", "hub"), ("a@example.com", "crm")]));
    assert_eq!(desk.plan(2, PlanFrom::Person { key: "a@example.co".to_owned() }, &["hub"]).await.counts.total(), 0);
}

#[tokio::test]
async fn a_plan_takes_the_whole_view_whatever_page_of_it_was_shown() {
    let desk = desk().await;
    desk.put((0..30).map(|n| person(&format!("p{n:02}"), &["hub"])).collect()).await;
    let change = |w: &mut Workspace| w.track(&ctx(), row(1, "p07@example.com")).map(|_| ());
    uncouple_engine::ports::Store::transact(&desk.store, &Scope::Organisation(ORG), Box::new(change)).await.unwrap();
    let shown = AccessQuery { view: AccessView::WithoutCrm, offset: 10, limit: 5, ..AccessQuery::default() };
    assert_eq!(desk.plan(1, PlanFrom::Accesses(shown), &["hub"]).await.counts.planned, 29);
    let text = AccessQuery { text: Some("p1".to_owned()), order: AccessOrder::LastUse, ..AccessQuery::default() };
    assert_eq!(desk.plan(2, PlanFrom::Accesses(text), &["hub"]).await.counts.planned, 10);
    let elsewhere = AccessQuery { organisation: Some(OTHER), ..AccessQuery::default() };
    assert_eq!(desk.plan(3, PlanFrom::Accesses(elsewhere), &["hub"]).await.counts.planned, 0);
}

#[tokio::test]
async fn a_plan_is_made_anew_until_its_run_was_started() {
    let desk = desk().await;
    desk.put(vec![person("a", &["hub"]), person("b", &["hub", "crm"])]).await;
    desk.plan(1, everything(), &["hub"]).await;
    let later = Run {
        state: RunState::Scheduled,
        not_before: Some(at(77)),
        leaver: Some("b@example.com".into()),
        account: Some("admin@example.com".into()),
        partial: true,
        ..run(1)
    };
    let from = PlanFrom::Person { key: "b@example.com".to_owned() };
    let row = desk.store.plan(later.clone(), from.clone(), vec!["hub".into(), "crm".into()]).await.unwrap();
    assert_eq!((&row.run, row.counts.planned), (&later, 2));
    assert_eq!(desk.store.runs(RunSelection::All).await.unwrap(), [row]);
    let started = Run { started: Some(at(5)), state: RunState::Running, ..later };
    desk.store.settle(Vec::new(), Some(started.clone()), None).await.unwrap();
    let refused = desk.store.plan(run(1), from, vec!["hub".into()]).await;
    assert!(matches!(refused, Err(StoreError::Other(_))), "{refused:?}");
    let row = desk.store.run(run(1).id).await.unwrap().unwrap();
    assert_eq!((row.run, row.counts.planned), (started, 2));
}

#[tokio::test]
async fn runs_are_told_newest_first_each_with_its_own_sums() {
    let desk = desk().await;
    desk.put(vec![person("a", &["hub"]), person("b", &["hub"])]).await;
    for number in [2, 3, 1] {
        desk.plan(number, everything(), &["hub"]).await;
    }
    let state = ItemState::Planned.leave(at(1), Left::NoAnswer);
    desk.store
        .settle(vec![ItemChange { run: run(2).id, seq: 1, state, look: None, through: Vec::new() }], None, None)
        .await
        .unwrap();
    let rows = desk.store.runs(RunSelection::All).await.unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.run.id, row.counts.left, row.counts.total())).collect();
    assert_eq!(seen, [(run(3).id, 0, 2), (run(2).id, 1, 2), (run(1).id, 0, 2)]);
    assert_eq!(desk.store.run(run(2).id).await.unwrap().as_ref(), Some(&rows[1]));
    assert_eq!(desk.store.run(run(9).id).await.unwrap(), None);
}

#[tokio::test]
async fn only_the_runs_asked_for_are_read() {
    let desk = desk().await;
    desk.put(vec![person("a", &["hub"])]).await;
    let states = [
        (1, RunState::Planned, None),
        (2, RunState::Scheduled, None),
        (3, RunState::Running, None),
        (4, RunState::Paused, Some(at(40))),
        (5, RunState::Ended, Some(at(50))),
        (6, RunState::Cancelled, Some(at(60))),
    ];
    for (number, state, ended) in states {
        desk.plan(number, everything(), &["hub"]).await;
        desk.store.settle(Vec::new(), Some(Run { state, ended, ..run(number) }), None).await.unwrap();
    }
    let mut seen = Vec::new();
    for which in
        [RunSelection::All, RunSelection::Unfinished, RunSelection::OverSince(at(50)), RunSelection::OverSince(at(49))]
    {
        let rows = desk.store.runs(which).await.unwrap();
        assert!(rows.iter().all(|row| row.counts.planned == 1), "{which:?}");
        let mut ids: Vec<_> = rows.into_iter().map(|row| row.run.id).collect();
        ids.sort();
        seen.push(ids);
    }
    let ids = |numbers: &[u128]| numbers.iter().map(|number| run(*number).id).collect::<Vec<_>>();
    assert_eq!(seen, [ids(&[1, 2, 3, 4, 5, 6]), ids(&[2, 3, 4]), ids(&[6]), ids(&[5, 6])]);
}

#[tokio::test]
async fn a_plan_is_thrown_away_with_all_of_it_and_a_run_that_was_started_is_not() {
    let desk = desk().await;
    desk.put(vec![person("a", &["hub"])]).await;
    desk.store.put_everybody(ORG, vec![everybody("hub")]).await.unwrap();
    let line = ListLine { line: 1, text: "?".to_owned(), key: Err(LineRefusal::NoAddress) };
    desk.store.put_list(run(1).id, vec![line.clone()]).await.unwrap();
    desk.plan(1, PlanFrom::List, &["hub"]).await;
    desk.store.put_list(run(2).id, vec![line]).await.unwrap();
    for number in [1, 2, 9] {
        desk.store.drop_plan(run(number).id).await.unwrap();
    }
    for table in [
        "SELECT count(*) FROM plans",
        "SELECT count(*) FROM runs",
        "SELECT count(*) FROM items",
        "SELECT count(*) FROM list_lines",
        "SELECT count(*) FROM refused_lines",
    ] {
        assert_eq!(desk.number(table).await, 0, "{table}");
    }
    let from = PlanFrom::Person { key: "a@example.com".to_owned() };
    desk.plan(3, from, &["hub"]).await;
    desk.store.settle(Vec::new(), Some(Run { started: Some(at(5)), ..run(3) }), None).await.unwrap();
    desk.store.drop_plan(run(3).id).await.unwrap();
    assert_eq!(desk.items(3).await.len(), 1);
}

#[tokio::test]
async fn a_plan_for_an_unknown_organisation_is_refused_and_leaves_no_trace() {
    let desk = desk().await;
    let nowhere = Run { organisation: OrganisationId(Uuid::from_u128(99)), ..run(1) };
    let refused = desk.store.plan(nowhere, everything(), Vec::new()).await.unwrap_err();
    assert_eq!(refused, StoreError::Refused(Refusal::UnknownOrganisation));
    assert!(desk.store.runs(RunSelection::All).await.unwrap().is_empty());
    assert_eq!(desk.number("SELECT count(*) FROM plans").await, 0);
}
