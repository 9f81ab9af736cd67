//! Lists of addresses, and what is said of lines that are in no plan.

use crate::kit::*;
use uncouple_engine::runs::*;

fn good(line: u64, key: &str) -> ListLine {
    ListLine { line, text: format!("<{key}>"), key: Ok(key.to_owned()) }
}

fn bad(line: u64, why: LineRefusal) -> ListLine {
    ListLine { line, text: "?".to_owned(), key: Err(why) }
}

async fn refused(desk: &Desk, number: u128) -> Vec<(u64, String, LineRefusal)> {
    let lines = desk.store.refused(run(number).id, 0, 20_000).await.unwrap();
    lines.into_iter().map(|refused| (refused.line, refused.text, refused.why)).collect()
}

#[tokio::test]
async fn each_line_of_a_list_is_in_the_plan_or_refused_with_its_reason() {
    let desk = desk().await;
    desk.put(vec![with_alias(person("a", &["hub", "crm"]), "alias@sub.example.com"), person("none", &[])]).await;
    desk.put(vec![person("other", &["other"]), person("b", &["hub"])]).await;
    desk.store.put_read(OTHER, vec![with_alias(person("x", &["hub"]), "x@elsewhere.test")]).await.unwrap();
    let lines = vec![
        bad(1, LineRefusal::Formula),
        good(2, "alias@sub.example.com"),
        good(3, "a@example.com"),
        good(4, "none@example.com"),
        good(5, "other@example.com"),
        good(6, "nobody@sub.example.com"),
        good(7, "x@elsewhere.test"),
    ];
    desk.store.put_list(run(1).id, lines).await.unwrap();
    let lines = vec![good(8, "a@example.com"), good(9, "none@example.com"), bad(10, LineRefusal::TooLong)];
    desk.store.put_list(run(1).id, lines).await.unwrap();
    let row = desk.plan(1, PlanFrom::List, &["hub", "crm"]).await;
    let apps: Vec<_> = desk.planned(1).await.into_iter().map(|(_, app)| app).collect();
    assert_eq!(apps, ["hub", "crm"], "two addresses of one person are one person");
    let text = |key: &str| format!("<{key}>");
    let expected = [
        (1, "?".to_owned(), LineRefusal::Formula),
        (4, text("none@example.com"), LineRefusal::NoAccess),
        (5, text("other@example.com"), LineRefusal::NoAccess),
        (6, text("nobody@sub.example.com"), LineRefusal::NoAccess),
        (7, text("x@elsewhere.test"), LineRefusal::ForeignDomain),
        (8, text("a@example.com"), LineRefusal::Twice),
        (9, text("none@example.com"), LineRefusal::Twice),
        (10, "?".to_owned(), LineRefusal::TooLong),
    ];
    assert_eq!(refused(&desk, 1).await, expected);
    assert_eq!(row.refused, 8);
    let page = desk.store.refused(run(1).id, 3, 2).await.unwrap();
    assert_eq!(page.iter().map(|refused| refused.line).collect::<Vec<_>>(), [6, 7]);
}

#[tokio::test]
async fn where_nobody_is_known_no_domain_is_foreign() {
    let desk = desk().await;
    desk.store.put_list(run(1).id, vec![good(1, "a@example.com"), good(2, "b@elsewhere.test")]).await.unwrap();
    desk.plan(1, PlanFrom::List, &["hub"]).await;
    let why: Vec<_> = refused(&desk, 1).await.into_iter().map(|(_, _, why)| why).collect();
    assert_eq!(why, [LineRefusal::NoAccess, LineRefusal::NoAccess]);
}

#[tokio::test]
async fn ten_thousand_refused_lines_are_kept_the_first_ones_and_all_are_counted() {
    let desk = desk().await;
    desk.put((0..3).map(|n| person(&format!("p{n}"), &["hub"])).collect()).await;
    desk.store.put_everybody(ORG, vec![everybody("hub")]).await.unwrap();
    // Every second line is bad as it stands; of the others all but three have no access.
    for batch in 0..5_u64 {
        let lines = (batch * 6_000..(batch + 1) * 6_000).map(|n| match n % 2 {
            0 => bad(n + 1, LineRefusal::NotText),
            _ => good(n + 1, &format!("p{}@example.com", n / 2)),
        });
        desk.store.put_list(run(1).id, lines.collect()).await.unwrap();
    }
    let row = desk.plan(1, PlanFrom::List, &["hub"]).await;
    assert_eq!((row.counts.planned, row.refused), (3, 15_000 + 14_997 + 3));
    let kept = refused(&desk, 1).await;
    assert_eq!(kept.len(), 10_000);
    let lines: Vec<u64> = kept.iter().map(|(line, _, _)| *line).collect();
    let expected: Vec<u64> =
        [0, 0, 0].into_iter().chain((1..).filter(|n| ![2, 4, 6].contains(n)).take(9_997)).collect();
    assert_eq!(lines, expected);
    assert_eq!(desk.store.refused(run(1).id, 9_990, 100).await.unwrap().len(), 10);
    assert_eq!(desk.store.refused(run(1).id, u64::MAX, 100).await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_plan_is_made_anew_of_the_list_that_is_there_or_of_one_that_is_put_anew() {
    let desk = desk().await;
    desk.put(vec![person("a", &["hub"]), person("b", &["crm"])]).await;
    let lines = vec![good(1, "a@example.com"), good(2, "b@example.com"), bad(3, LineRefusal::NoAddress)];
    desk.store.put_list(run(1).id, lines).await.unwrap();
    let first = desk.plan(1, PlanFrom::List, &["hub"]).await;
    assert_eq!((first.counts.planned, first.refused), (1, 2));
    // An app more.
    let second = desk.plan(1, PlanFrom::List, &["hub", "crm"]).await;
    assert_eq!((second.counts.planned, second.refused), (2, 1));
    desk.store.put_list(run(1).id, vec![good(1, "b@example.com")]).await.unwrap();
    let rest = vec![good(2, "b@example.com"), bad(3, LineRefusal::NotText)];
    desk.store.put_list(run(1).id, rest).await.unwrap();
    let third = desk.plan(1, PlanFrom::List, &["hub", "crm"]).await;
    assert_eq!((third.counts.planned, third.refused), (1, 2));
    assert_eq!(refused(&desk, 1).await[0].2, LineRefusal::Twice);
    let other = desk.plan(1, PlanFrom::Person { key: "a@example.com".to_owned() }, &["hub", "crm"]).await;
    assert_eq!((other.counts.planned, other.refused), (1, 0), "another plan than one of a list has no refused lines");
    assert_eq!(desk.plan(1, PlanFrom::List, &["hub", "crm"]).await.counts.planned, 0);
}

#[tokio::test]
async fn a_list_goes_once_its_run_is_started_and_one_that_nobody_came_back_for_after_a_day() {
    let desk = desk().await;
    desk.put(vec![person("a", &["hub"])]).await;
    for number in [1, 2, 3] {
        desk.store.put_list(run(number).id, vec![good(1, "a@example.com")]).await.unwrap();
    }
    desk.plan(1, PlanFrom::List, &["hub"]).await;
    desk.store.settle(Vec::new(), Some(Run { started: Some(at(1)), ..run(1) }), None).await.unwrap();
    assert_eq!(desk.number("SELECT count(*) FROM list_lines").await, 2);
    desk.execute("UPDATE plans SET begun = begun - 86500 WHERE number <> 3").await;
    desk.store.put_list(run(4).id, vec![good(1, "a@example.com")]).await.unwrap();
    assert_eq!(desk.number("SELECT count(*) FROM list_lines").await, 2, "of the third and the fourth");
    assert_eq!(desk.items(1).await.len(), 1, "a run stays, however old");
    assert_eq!(desk.plan(3, PlanFrom::List, &["hub"]).await.counts.planned, 1);
}

#[tokio::test]
async fn of_a_list_of_grants_each_address_is_refused_once_and_nobody_as_being_there_twice() {
    let desk = desk().await;
    desk.put(vec![person("a", &["hub"]), person("none", &[])]).await;
    let keys = ["a@example.com", "a@example.com", "none@example.com", "none@example.com", "a@example.com"];
    let lines = keys.iter().zip(2..).map(|(key, line)| good(line, key)).collect();
    desk.store.put_list(run(1).id, lines).await.unwrap();
    let row = desk.plan(1, PlanFrom::ListOfGrants, &["hub"]).await;
    assert_eq!((row.counts.planned, row.refused), (1, 1));
    assert_eq!(refused(&desk, 1).await, [(4, "<none@example.com>".to_owned(), LineRefusal::NoAccess)]);
}

#[tokio::test]
async fn the_column_that_was_read_is_kept_with_the_plan() {
    let desk = desk().await;
    let column = Some(Column::at(1, Some("Email".to_owned())));
    let read = Run { column: column.clone(), ..run(1) };
    desk.store.plan(read.clone(), PlanFrom::List, vec!["hub".into()]).await.unwrap();
    desk.store.settle(Vec::new(), Some(Run { started: Some(at(1)), ..read }), None).await.unwrap();
    assert_eq!(desk.store.run(run(1).id).await.unwrap().unwrap().run.column, column);
}

#[tokio::test]
async fn lists_of_two_plans_do_not_mix() {
    let desk = desk().await;
    desk.put(vec![person("a", &["hub"]), person("b", &["hub"])]).await;
    desk.store.put_list(run(1).id, vec![good(1, "a@example.com")]).await.unwrap();
    desk.store.put_list(run(2).id, vec![good(1, "b@example.com"), bad(2, LineRefusal::NotText)]).await.unwrap();
    assert_eq!(desk.plan(1, PlanFrom::List, &["hub"]).await.refused, 0);
    assert_eq!(desk.plan(2, PlanFrom::List, &["hub"]).await.refused, 1);
    assert_eq!(desk.planned(1).await[0].0, "a@example.com");
    assert_eq!(desk.planned(2).await[0].0, "b@example.com");
}
