//! What searches find, and the list of it.

use crate::kit::*;
use jiff::SignedDuration;
use uncouple_domain::*;
use uncouple_engine::directory::{AppSeen, Likeness, LogWhat, Target, Who};
use uncouple_engine::ports::{Store, StoreError};
use uncouple_engine::runs::*;
use uuid::Uuid;

fn addresses(rows: &[AccessRow]) -> Vec<&str> {
    rows.iter().map(|row| row.found.address.as_str()).collect()
}

fn query() -> AccessQuery {
    AccessQuery { organisation: Some(ORG), ..AccessQuery::default() }
}

fn text(text: &str) -> AccessQuery {
    AccessQuery { text: Some(text.to_owned()), ..query() }
}

#[tokio::test]
async fn an_access_is_read_back_as_it_was_found() {
    let desk = desk().await;
    let mut hers = person("hanako", &["hub"]);
    let odd = &mut hers.accesses[0];
    odd.address = "Hanako@Example.com".to_owned();
    odd.keys = vec!["hanako@example.com".to_owned(), "花子\"\\'@example.com".to_owned()];
    odd.name = Some("佐藤 \"花子\"\\ \u{1F600}\n%_' \u{202e}".to_owned());
    odd.target.grant = Some("null".to_owned());
    odd.suspended = true;
    odd.scopes = Vec::new();
    odd.read = at(1) + SignedDuration::from_nanos(123_456_789);
    let expected = hers.accesses.clone();
    desk.put(vec![hers]).await;
    desk.store.put_everybody(OTHER, vec![everybody("hub")]).await.unwrap();
    let rows = desk.all().await;
    assert_eq!(rows[0].found, everybody("hub"));
    assert_eq!((rows[0].organisation, rows[0].app_name.as_str()), (OTHER, "hub"));
    assert_eq!(rows[1].found, expected[0]);
    assert_eq!((rows[1].since, rows[1].last_use, rows[1].mailbox), (None, None, None));
}

#[tokio::test]
async fn a_new_read_replaces_what_was_known_of_a_person_and_an_access_that_stays_keeps_its_number() {
    let desk = desk().await;
    desk.put(vec![person("a", &["hub", "crm"]), person("b", &["hub"])]).await;
    desk.store.put_log(ORG, vec![line(LogWhat::Used, "hub", Some("id-a"), None, 5)]).await.unwrap();
    let before = desk.all().await;
    let mut again = with_alias(read_at(person("a", &["hub", "new"]), at(9)), "alias@example.com");
    again.accesses[0].scopes.push("calendar".to_owned());
    again.accesses[0].address = "A@example.com".to_owned();
    desk.put(vec![again.clone()]).await;
    let after = desk.all().await;
    assert_eq!(after.iter().map(|row| row.found.target.app.as_str()).collect::<Vec<_>>(), ["hub", "new", "hub"]);
    assert_eq!((after[0].id, after[0].last_use), (before[0].id, Some(at(5))));
    assert_eq!(after[0].found, again.accesses[0]);
    assert_eq!(after[2], before[2], "nobody else is touched");
    assert!(after[1].id > before[2].id);
    again.accesses[0].address = "a@Example.com".to_owned();
    desk.put(vec![again.clone()]).await;
    assert_eq!(desk.all().await[0].found, again.accesses[0], "another spelling is a change");
}

fn unread(id: &str, second: i64) -> UnreadPerson {
    let address = format!("{id}@example.com");
    UnreadPerson { id: format!("id-{id}"), address, name: None, why: NotRead::Forbidden, at: at(second) }
}

#[tokio::test]
async fn whoever_could_not_be_read_is_named_until_their_list_is_read_and_what_was_known_of_them_stays() {
    let desk = desk().await;
    desk.put(vec![person("a", &["hub"]), person("b", &["hub"]), person("c", &["hub"])]).await;
    // By identifier, and where only the address is known by that.
    let by_address = UnreadPerson { id: "b@example.com".to_owned(), ..unread("b", 20) };
    desk.store.put_unread(ORG, vec![unread("a", 20), by_address.clone()], Vec::new()).await.unwrap();
    desk.store.put_unread(OTHER, vec![unread("z", 20)], Vec::new()).await.unwrap();
    desk.store.forget_older(ORG, at(15)).await.unwrap();
    assert_eq!(addresses(&desk.all().await), ["a@example.com", "b@example.com"], "a failed read forgets nothing");
    let all = desk.store.unread(ORG, 0, 10).await.unwrap();
    assert_eq!(all, (vec![unread("a", 20), by_address], 2));
    assert_eq!(desk.store.unread(ORG, 1, 1).await.unwrap().0[0].address, "b@example.com");
    desk.store.put_unread(ORG, Vec::new(), vec!["id-a".to_owned(), "b@example.com".to_owned()]).await.unwrap();
    assert_eq!(desk.store.unread(ORG, 0, 10).await.unwrap().1, 0);
    assert_eq!(desk.store.unread(OTHER, 0, 10).await.unwrap().1, 1, "another organisation's are its own");
    desk.store.forget_older(ORG, at(30)).await.unwrap();
    assert!(desk.all().await.is_empty());
}

#[tokio::test]
async fn somebody_who_could_not_be_read_by_address_and_then_by_identifier_is_listed_once() {
    let desk = desk().await;
    let by_address = |second| UnreadPerson { id: "c@example.com".to_owned(), ..unread("c", second) };
    let asked = async || desk.store.unread(ORG, 0, 10).await.unwrap().0;
    for (first, then) in [(by_address(20), unread("c", 30)), (unread("c", 40), by_address(50))] {
        desk.store.put_unread(ORG, vec![first], Vec::new()).await.unwrap();
        desk.store.put_unread(ORG, vec![then.clone()], Vec::new()).await.unwrap();
        assert_eq!(asked().await, [then]);
    }
    // Read at last, under the identifier.
    desk.put(vec![person("c", &[])]).await;
    desk.store.put_unread(ORG, Vec::new(), vec!["id-c".to_owned()]).await.unwrap();
    assert_eq!(asked().await, []);
}

#[tokio::test]
async fn accesses_are_kept_beside_what_is_known() {
    let desk = desk().await;
    desk.put(vec![person("a", &["hub"])]).await;
    let more = [person("a", &["crm"]), person("new", &["hub"])].map(|person| person.accesses).concat();
    let more = [more, vec![everybody("hub")]].concat();
    let lines = desk.store.put_accesses(ORG, more).await.unwrap();
    let rows = desk.all().await;
    assert_eq!(addresses(&rows), ["", "a@example.com", "a@example.com", "new@example.com"]);
    assert_eq!(lines.len(), 3);
    assert!(
        rows.iter()
            .filter(|row| lines.contains(&row.id))
            .all(|row| row.found.target.app == "crm" || row.found.address != "a@example.com")
    );
}

#[tokio::test]
async fn an_access_that_comes_back_is_another_line() {
    let desk = desk().await;
    desk.put(vec![person("a", &["hub"])]).await;
    let before = desk.all().await[0].id;
    desk.put(vec![person("a", &[])]).await;
    assert!(desk.all().await.is_empty());
    desk.put(vec![person("b", &["hub"])]).await;
    assert!(desk.all().await[0].id > before, "a selection on somebody's screen must not mean another access");
}

#[tokio::test]
async fn somebody_elses_access_and_an_unknown_organisation_are_refused_and_nothing_is_kept() {
    let desk = desk().await;
    let mut wrong = person("a", &["hub"]);
    wrong.accesses[0].target.who = Who::Everybody;
    assert!(matches!(desk.store.put_read(ORG, vec![person("b", &["hub"]), wrong]).await, Err(StoreError::Other(_))));
    let theirs = person("a", &["hub"]).accesses;
    assert!(matches!(desk.store.put_everybody(ORG, theirs).await, Err(StoreError::Other(_))));
    assert!(desk.all().await.is_empty());
    let nowhere = OrganisationId(Uuid::from_u128(99));
    let refused = desk.store.put_read(nowhere, vec![person("a", &["hub"])]).await;
    assert_eq!(refused, Err(StoreError::Refused(Refusal::UnknownOrganisation)));
    let elsewhere = AccessQuery { organisation: Some(nowhere), ..AccessQuery::default() };
    assert!(desk.find(elsewhere).await.is_empty());
}

#[tokio::test]
async fn the_log_tells_of_the_person_it_names_and_of_nobody_where_it_names_none() {
    let desk = desk().await;
    desk.put(vec![with_alias(person("a", &["hub", "crm"]), "info@xn--wgv71a119e.jp"), person("b", &["hub"])]).await;
    desk.store.put_everybody(ORG, vec![everybody("hub")]).await.unwrap();
    let lines = vec![
        line(LogWhat::Used, "hub", Some("id-a"), None, 7),
        line(LogWhat::Used, "hub", Some("id-a"), Some("b@example.com"), 5),
        line(LogWhat::Consented, "hub", None, Some("A@Example.com"), 3),
        line(LogWhat::Consented, "hub", None, Some("info@日本語.jp"), 4),
        line(LogWhat::Removed, "hub", Some("id-a"), None, 90),
        line(LogWhat::Used, "hub", None, None, 91),
        line(LogWhat::Used, "hub", None, Some("no address"), 92),
        // The identifier is of somebody who is not here; the address may have been theirs.
        line(LogWhat::Used, "hub", Some("id-gone"), Some("b@example.com"), 93),
        line(LogWhat::Used, "other", Some("id-b"), None, 94),
    ];
    desk.store.put_log(ORG, lines).await.unwrap();
    let told = |rows: &[AccessRow]| rows.iter().map(|row| (row.since, row.last_use)).collect::<Vec<_>>();
    let expected = [(None, None), (Some(at(4)), Some(at(7))), (None, None), (None, None)];
    assert_eq!(told(&desk.all().await), expected);
    let older =
        vec![line(LogWhat::Used, "hub", Some("id-a"), None, 6), line(LogWhat::Consented, "hub", Some("id-a"), None, 8)];
    desk.store.put_log(ORG, older).await.unwrap();
    assert_eq!(told(&desk.all().await)[1], (Some(at(8)), Some(at(7))), "only the latest of each");
    let mixed =
        vec![line(LogWhat::Consented, "hub", Some("id-a"), None, 2), line(LogWhat::Used, "hub", Some("id-a"), None, 9)];
    desk.store.put_log(ORG, mixed).await.unwrap();
    assert_eq!(told(&desk.all().await)[1], (Some(at(8)), Some(at(9))));
    let elsewhere = vec![
        line(LogWhat::Used, "hub", Some("id-a"), None, 99),
        line(LogWhat::Used, "hub", None, Some("a@example.com"), 99),
    ];
    desk.store.put_log(OTHER, elsewhere).await.unwrap();
    assert_eq!(told(&desk.all().await)[1].1, Some(at(9)), "another organisation's log is about other people");
}

#[tokio::test]
async fn what_a_complete_search_did_not_come_across_is_forgotten_in_its_organisation_alone() {
    let desk = desk().await;
    let (old, new) = (at(10) - SignedDuration::from_nanos(1), at(10));
    desk.put(vec![read_at(person("old", &["hub"]), old), read_at(person("new", &["hub"]), new)]).await;
    desk.put(vec![read_at(person("old-without", &[]), old), read_at(person("new-without", &[]), new)]).await;
    desk.store.put_everybody(ORG, vec![Found { read: old, ..everybody("hub") }]).await.unwrap();
    let elsewhere = [person("elsewhere", &["hub"]), person("elsewhere-without", &[])];
    desk.store.put_read(OTHER, elsewhere.map(|person| read_at(person, old)).to_vec()).await.unwrap();
    desk.store.forget_older(ORG, at(10)).await.unwrap();
    assert_eq!(addresses(&desk.all().await), ["elsewhere@example.com", "new@example.com"]);
    assert_eq!(desk.number("SELECT count(*) FROM found_people").await, 4);
    assert_eq!(desk.number("SELECT count(*) FROM found_keys").await, 4);
}

#[tokio::test]
async fn apps_that_look_like_hubspots_come_first_and_are_found_by_name_or_client_id() {
    let desk = desk().await;
    let apps = vec![
        app("z", "Zoo", Likeness::Other),
        app("l", "HubSp0t", Likeness::LookAlike),
        app("b", "hubspot sales", Likeness::Named),
        app("a", "HubSpot", Likeness::Named),
    ];
    desk.store.put_apps(ORG, apps.clone()).await.unwrap();
    desk.store.put_apps(OTHER, vec![app("a", "Another", Likeness::Named)]).await.unwrap();
    desk.put(vec![person("x", &["a", "b", "unnamed"]), person("y", &["a"])]).await;
    let all = desk.store.apps(ORG, None).await.unwrap();
    let seen: Vec<_> = all.iter().map(|row| (row.app.key.as_str(), row.accesses)).collect();
    assert_eq!(seen, [("a", 2), ("b", 1), ("l", 0), ("z", 0)], "what has no name yet is not in the list");
    assert_eq!(all[0].app, apps[3]);
    let find = async |text: &str| desk.store.apps(ORG, Some(text.to_owned())).await.unwrap().len();
    assert_eq!((find("SALES").await, find("client-z").await, find("%").await, find(" ").await), (1, 1, 0, 4));
    let verified = AppSeen { publisher: Some("HubSpot, Inc.".to_owned()), verified: Some(false), ..apps[3].clone() };
    desk.store.put_apps(ORG, vec![verified.clone()]).await.unwrap();
    assert_eq!(desk.store.apps(ORG, None).await.unwrap()[0].app, verified);
}

#[tokio::test]
async fn the_list_is_searched_by_address_name_and_app_and_wildcards_are_characters() {
    let desk = desk().await;
    let mut named = person("a_b", &["hub"]);
    named.accesses[0].name = Some("佐藤 100%".to_owned());
    desk.put(vec![named, person("axb", &["hub"]), person("c", &["crm"])]).await;
    desk.store.put_apps(ORG, vec![app("crm", "Some CRM", Likeness::Other)]).await.unwrap();
    desk.store.put_read(OTHER, vec![person("elsewhere", &["hub"])]).await.unwrap();
    assert_eq!(addresses(&desk.find(text("A_B@")).await), ["a_b@example.com"]);
    assert_eq!(addresses(&desk.find(text("佐藤")).await), ["a_b@example.com"]);
    assert_eq!(addresses(&desk.find(text("%")).await), ["a_b@example.com"]);
    assert_eq!(addresses(&desk.find(text("some crm")).await), ["c@example.com"]);
    assert_eq!(desk.find(text("hub")).await.len(), 2, "an app without a name goes by its key");
    assert_eq!(desk.find(text("\\")).await.len(), 0);
    assert_eq!(desk.find(text("  ")).await.len(), 3);
    for order in [AccessOrder::LastUse, AccessOrder::Since] {
        assert_eq!(desk.find(AccessQuery { order, ..text("example") }).await.len(), 3);
    }
    let of_app = AccessQuery { app: Some("crm".to_owned()), ..query() };
    assert_eq!(addresses(&desk.find(of_app).await), ["c@example.com"]);
    let ids: Vec<i64> = desk.find(text("b@")).await.iter().map(|row| row.id).collect();
    let many = ids.iter().copied().chain(1_000..9_000).collect();
    assert_eq!(desk.find(AccessQuery { ids: Some(many), ..query() }).await.len(), ids.len());
    assert_eq!(desk.find(AccessQuery { ids: Some(Vec::new()), ..query() }).await.len(), 0);
    let others = desk.find(AccessQuery { except: ids.clone(), ..query() }).await;
    assert_eq!(addresses(&others), ["c@example.com"]);
    assert_eq!(desk.find(AccessQuery { except: ids.clone(), ids: Some(ids), ..query() }).await.len(), 0);
}

#[tokio::test]
async fn somebody_is_found_by_another_of_their_addresses_when_it_is_whole() {
    let desk = desk().await;
    desk.put(vec![with_alias(person("d", &["hub"]), "info@other.example"), person("e", &["hub"])]).await;
    let elsewhere = with_alias(person("elsewhere", &["hub"]), "info@other.example");
    desk.store.put_read(OTHER, vec![elsewhere]).await.unwrap();
    assert_eq!(addresses(&desk.find(text(" Info@Other.example")).await), ["d@example.com"]);
    for part in ["info@other", "nfo@other.example", "other.example"] {
        assert_eq!(desk.find(text(part)).await.len(), 0, "{part}");
    }
}

#[tokio::test]
async fn pages_of_each_order_have_every_line_once() {
    let desk = desk().await;
    let people = (0..40).map(|n| person(&format!("{}{n}", ["a", "B"][n % 2]), &["hub", "crm"]));
    desk.put(people.collect()).await;
    let used = (0..20).map(|n| line(LogWhat::Used, "hub", Some(&format!("id-a{n}")), None, (n * 7) % 5));
    let let_in = (0..20).map(|n| line(LogWhat::Consented, "hub", Some(&format!("id-B{n}")), None, (n * 3) % 4));
    desk.store.put_log(ORG, used.chain(let_in).collect()).await.unwrap();
    for order in [AccessOrder::Address, AccessOrder::LastUse, AccessOrder::Since] {
        let mut rows = Vec::new();
        for offset in (0..).step_by(7) {
            let page = desk.store.accesses(AccessQuery { order, offset, limit: 7, ..query() }).await.unwrap();
            assert_eq!(page.total, 80);
            if page.rows.is_empty() {
                break;
            }
            rows.extend(page.rows);
        }
        assert_eq!(rows, desk.find(AccessQuery { order, ..query() }).await);
        let sorted = rows.is_sorted_by(|one, next| match order {
            AccessOrder::Address => one.found.address.to_lowercase() <= next.found.address.to_lowercase(),
            AccessOrder::LastUse => one.last_use <= next.last_use,
            AccessOrder::Since => one.since >= next.since,
        });
        assert!(sorted, "{order:?}");
    }
}

#[tokio::test]
async fn unused_means_no_use_since_a_time_as_far_as_the_log_tells() {
    let desk = desk().await;
    desk.put(vec![person("never", &["hub"]), person("before", &["hub"]), person("then", &["hub"])]).await;
    let just_before = at(10) - SignedDuration::from_nanos(1);
    let mut lines = vec![line(LogWhat::Used, "hub", Some("id-before"), None, 0)];
    lines[0].at = just_before;
    lines.push(line(LogWhat::Used, "hub", Some("id-then"), None, 10));
    desk.store.put_log(ORG, lines).await.unwrap();
    let up_to = desk.store.newest_access().await.unwrap();
    desk.put(vec![person("later", &["hub"])]).await;
    let known = Unused { organisation: ORG, since: at(10), up_to };
    let unused = |unused| AccessQuery { view: AccessView::Unused, unused, ..query() };
    assert_eq!(addresses(&desk.find(unused(vec![known])).await), ["before@example.com", "never@example.com"]);
    // Where nothing is known of uses, nobody is called unused.
    assert_eq!(addresses(&desk.find(unused(Vec::new())).await), [""; 0]);
    let others = Unused { organisation: OTHER, ..known };
    assert_eq!(addresses(&desk.find(unused(vec![others])).await), [""; 0]);
}

#[tokio::test]
async fn a_line_has_the_row_of_hubspots_in_use_else_the_newest() {
    let desk = desk().await;
    let hers = with_alias(person("a", &["hub"]), "alias@example.com");
    desk.put(vec![hers, person("b", &["hub"]), person("c", &["hub"])]).await;
    // The first is half a second younger; as texts, "00Z" comes after "00.5Z".
    let rows = |w: &mut Workspace| {
        let later = Ctx { now: at(0) + SignedDuration::from_millis(500), ..ctx() };
        w.track(&later, row(1, "a@example.com"))?;
        w.track(&ctx(), row(2, "alias@example.com"))?;
        w.track(&ctx(), NewTracked { provider: Provider::OutlookCom, ..row(3, "b@example.com") })?;
        Ok(())
    };
    desk.store.transact(&Scope::Everything, Box::new(rows)).await.unwrap();
    let seen = async || desk.all().await.into_iter().map(|row| row.mailbox).collect::<Vec<_>>();
    let set = async |number: u128, usage: Use| {
        let change = move |w: &mut Workspace| {
            by_hand(w, |parts| parts.mailboxes.get_mut(&mailbox(number)).unwrap().usage = usage);
            Ok(())
        };
        desk.store.transact(&Scope::Everything, Box::new(change)).await.unwrap();
    };
    for (one, other, expected) in [
        (Use::InUse, Use::Removed, (1, Use::InUse)),
        (Use::Removed, Use::Disabled, (2, Use::Disabled)),
        (Use::Removed, Use::Removed, (1, Use::Removed)),
    ] {
        set(1, one).await;
        set(2, other).await;
        assert_eq!(seen().await, [Some((mailbox(expected.0), expected.1)), None, None]);
    }
    let without = AccessQuery { view: AccessView::WithoutCrm, ..AccessQuery::default() };
    assert_eq!(desk.find(without.clone()).await.len(), 3, "a removed row is no connection");
    set(1, Use::Disabled).await;
    assert_eq!(addresses(&desk.find(without.clone()).await), ["b@example.com", "c@example.com"]);
    desk.store.put_everybody(OTHER, vec![everybody("hub")]).await.unwrap();
    assert_eq!(desk.find(without.clone()).await.len(), 3, "a consent for everybody has no row of its own");
    let held_here = |w: &mut Workspace| {
        by_hand(w, |parts| parts.mailboxes.get_mut(&mailbox(1)).unwrap().holder = Holder::Workspace);
        Ok(())
    };
    desk.store.transact(&Scope::Everything, Box::new(held_here)).await.unwrap();
    assert_eq!(
        seen().await[1],
        Some((mailbox(2), Use::Removed)),
        "what this workspace holds is no access of HubSpot's"
    );
    assert_eq!(desk.find(without).await.len(), 4);
}

#[tokio::test]
async fn rows_without_access_are_those_whose_person_was_read_and_has_none() {
    let desk = desk().await;
    let rows = |w: &mut Workspace| {
        for (number, name) in ["with", "without", "alias", "removed", "unread"].into_iter().enumerate() {
            w.track(&ctx(), row(number as u128, &format!("{name}@example.com")))?;
        }
        w.track(&ctx(), NewTracked { provider: Provider::Microsoft365, ..row(7, "moved@example.com") })?;
        by_hand(w, |parts| parts.mailboxes.get_mut(&mailbox(3)).unwrap().usage = Use::Removed);
        Ok(())
    };
    desk.store.transact(&Scope::Everything, Box::new(rows)).await.unwrap();
    desk.put(["with", "without", "main", "removed", "moved"].map(|name| person(name, &[])).to_vec()).await;
    desk.put(vec![with_alias(person("main", &[]), "alias@example.com"), person("with", &["any"])]).await;
    let found = desk.store.rows_without_access(ORG).await.unwrap();
    assert_eq!(found, [mailbox(2), mailbox(1)]);
    assert!(desk.store.rows_without_access(OTHER).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_row_that_this_version_does_not_write_is_named_as_damage() {
    for damage in [
        "UPDATE accesses SET keys_json = '{'",
        "UPDATE accesses SET scopes_json = '7'",
        "UPDATE accesses SET read = 'yesterday'",
        "UPDATE accesses SET since = ''",
        "UPDATE accesses SET suspended = 'x'",
        "DELETE FROM found_people",
        "DELETE FROM found_apps",
        "DELETE FROM organisations",
    ] {
        let desk = desk().await;
        desk.put(vec![person("a", &["hub"])]).await;
        desk.execute(damage).await;
        let page = desk.store.accesses(AccessQuery { limit: 10, ..AccessQuery::default() }).await;
        assert!(matches!(page, Err(StoreError::Corrupt)), "{damage}: {page:?}");
    }
    let desk = desk().await;
    desk.store.put_apps(ORG, vec![app("a", "A", Likeness::Named)]).await.unwrap();
    desk.execute("PRAGMA ignore_check_constraints = ON; UPDATE found_apps SET likeness = 'very'").await;
    assert_eq!(desk.store.apps(ORG, None).await, Err(StoreError::Corrupt));
    desk.execute("UPDATE organisations SET apps_json = '{'").await;
    let fresh = uncouple_store::SqliteStore::open(&desk.path).await.unwrap();
    assert!(matches!(fresh.read_whole().await, Err(StoreError::Corrupt)));
}

#[tokio::test]
async fn two_grants_of_one_app_are_two_accesses() {
    let desk = desk().await;
    let mut hers = person("a", &["hub", "hub"]);
    for (found, grant) in hers.accesses.iter_mut().zip(["one", "two"]) {
        found.target = Target { grant: Some(grant.to_owned()), ..found.target.clone() };
    }
    desk.put(vec![hers.clone()]).await;
    assert_eq!(desk.all().await.len(), 2);
    hers.accesses.pop();
    desk.put(vec![hers]).await;
    let left = desk.all().await;
    assert_eq!(left[0].found.target.grant.as_deref(), Some("one"));
    assert_eq!(left.len(), 1);
}
