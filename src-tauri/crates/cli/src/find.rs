//! `find`: a search through the organisation, and the list of what is known after it.

use crate::arguments::Find;
use crate::beside::{not_looked_at, print_roles};
use crate::failure::{Failure, Own, Status};
use crate::out::{Form, Out};
use crate::progress::{Going, Progress, watched};
use crate::session::Session;
use crate::stop::Stops;
use crate::table::Table;
use crate::terminal;
use crate::words::{self, count, day, say};
use uncouple_domain::OrganisationId;
use uncouple_engine::runs::AccessView;
use uncouple_engine::view::{AccessAsk, AccessLine, LogView, OrganisationView, SearchView};
use uncouple_engine::wire::LogStop;
use uncouple_engine::{LogDepth, SearchAsk};

/// So many lines are read from the file at once; all of them are never in memory.
const PAGE: u32 = 500;

/// So many people whose lists could not be read are named in text.
const SHOWN: u64 = 20;

const WIDTHS: [usize; 8] = [36, 18, 6, 24, 10, 10, 10, 24];

const HEADS: [&str; 8] =
    ["find_address", "find_app", "find_chosen", "find_reaches", "find_crm", "find_since", "find_last_use", "find_name"];

pub(crate) async fn find(session: &Session, ask: &Find, out: &mut Out) -> Result<Status, Failure> {
    let mut organisation = session.organisation().await?;
    let id = parse(&organisation)?;
    if let Some(days) = ask.unused {
        // Before anything is asked: some of it can never be told.
        session.engine.can_tell_unused(id, days).await?;
    }
    if !ask.no_search {
        let log = match ask.unused {
            _ if ask.no_log => LogDepth::NotAtAll,
            Some(days) => LogDepth::Days(days),
            None => LogDepth::Glance,
        };
        search(session, id, SearchAsk { log, restart: ask.restart }, out.form()).await?;
        organisation = session.organisation().await?;
    }
    let view = match (ask.unused, ask.without_crm) {
        (Some(_), _) => AccessView::Unused,
        (None, true) => AccessView::WithoutCrm,
        (None, false) => AccessView::All,
    };
    let query = AccessAsk {
        organisation: Some(organisation.id.clone()),
        text: ask.text.clone(),
        days: ask.unused,
        view,
        limit: PAGE,
        ..AccessAsk::default()
    };
    // A list that would be an assumption is refused before its head is printed.
    session.engine.accesses(&AccessAsk { limit: 1, ..query.clone() }).await?;
    out.begin("find/1");
    out.field("organisation", &organisation);
    out.field("log", &organisation.searched.as_ref().map(|search| &search.log));
    if let Some(search) = &organisation.searched {
        summary(&organisation, search, out);
        out.line(log_words(&search.log));
    }
    list(session, query, out).await?;
    for app in &organisation.chosen {
        print_roles(&app.name, &app.roles, out);
    }
    out.line(not_looked_at(&organisation.not_looked_at));
    unread(session, id, out).await?;
    if organisation.chosen.is_empty() && organisation.candidates > 0 {
        out.line(say("find_no_app", &[]));
    }
    out.end();
    // A list that lacks somebody is not all that was asked for.
    let whole = organisation
        .searched
        .as_ref()
        .is_none_or(|search| search.unread == 0 && search.short.is_none() && search.complete && !search.log_only);
    Ok(if whole { Status::Done } else { Status::Left })
}

/// Names everybody whose list could not be read: all of them in a document, the first ones in text.
async fn unread(session: &Session, id: OrganisationId, out: &mut Out) -> Result<(), Failure> {
    let table = Table::new([36, 40, 24], [false, false, true], terminal::width());
    let (mut offset, mut named) = (0, 0_u64);
    out.begin_list("unread");
    loop {
        let page = session.engine.unread(id, offset, PAGE).await?;
        if offset == 0 && page.total > 0 {
            out.line(say("find_unread_list", &[("people", &count("n_people", page.total))]));
        }
        for person in &page.people {
            out.entry(person);
            if named < SHOWN {
                named += 1;
                let name = person.name.as_deref().unwrap_or_default();
                out.line(table.row([&person.address, &words::not_read(person.why), name]));
            }
        }
        offset += page.people.len() as u64;
        if page.people.len() < PAGE as usize || out.over() || !out.json() {
            let more = page.total.saturating_sub(named);
            if more > 0 {
                out.line(say("find_unread_more", &[("people", &count("n_people", more))]));
            }
            break;
        }
    }
    out.end_list();
    Ok(())
}

pub(crate) fn parse(organisation: &OrganisationView) -> Result<OrganisationId, Failure> {
    organisation.id.parse().map_err(|_| Failure::internal())
}

async fn search(session: &Session, id: OrganisationId, ask: SearchAsk, form: Form) -> Result<(), Failure> {
    let mut stops = Stops::listen();
    let mut progress = Progress::new("search", form);
    let engine = &session.engine;
    let done = {
        let searching = watched(engine.search_as(id, ask), async || {
            if let Some(view) = engine.searching(id) {
                progress.show(&Going::Search(view));
            }
        });
        let mut searching = std::pin::pin!(searching);
        tokio::select! {
            done = &mut searching => done,
            () = stops.asked() => {
                // Refused only where the search was refused as well.
                let _ = engine.stop_search(id).await;
                searching.await
            }
        }
    };
    progress.end();
    stops.work_is_over();
    let search = done?;
    if stops.is_asked() && !search.complete { Err(Own::Interrupted.into()) } else { Ok(()) }
}

fn summary(organisation: &OrganisationView, search: &SearchView, out: &mut Out) {
    let (people, grants) = (count("n_people", search.people), count("n_grants", search.accesses));
    let places = [
        ("suite", words::suite(organisation.suite)),
        ("name", &organisation.name),
        ("people", &people),
        ("grants", &grants),
        ("at", &words::time(&search.at)),
    ];
    out.line(say("find_summary", &places));
    if search.unread > 0 {
        out.line(say("find_unread", &[("people", &count("n_people", search.unread))]));
    }
    if let Some(short) = search.short {
        let (told, came) = (short.told.to_string(), short.came.to_string());
        out.line(say("search_short", &[("told", &told), ("came", &came)]));
    }
    if search.log_only {
        out.line(say("find_log_only", &[]));
    }
    if !search.complete {
        out.line(say("find_stopped", &[]));
    }
}

/// What SINCE and LAST USE are worth.
fn log_words(log: &LogView) -> String {
    let from = log.from.as_deref().map(words::time).unwrap_or_default();
    let known = match (log.tells_uses, log.read) {
        (true, true) => say("find_log_known", &[("from", &from)]),
        (true, false) => say("find_log_not_read", &[]),
        (false, _) => say("find_log_not_told", &[]),
    };
    match log.why {
        None | Some(LogStop::NotAsked) => known,
        Some(why) => format!("{known} {}", say(&format!("find_log_{}", words::word(&why)), &[])),
    }
}

async fn list(session: &Session, mut query: AccessAsk, out: &mut Out) -> Result<(), Failure> {
    let table = Table::new(WIDTHS, [false, true, false, true, false, false, false, true], terminal::width());
    let mut first = true;
    loop {
        let page = session.engine.accesses(&query).await?;
        if first {
            out.field("total", &page.total);
            out.begin_list("accesses");
            let heads = HEADS.map(|key| say(key, &[]));
            out.line(table.row(heads.each_ref().map(String::as_str)));
        }
        first = false;
        let full = page.rows.len() == PAGE as usize;
        for access in &page.rows {
            out.entry(access);
            if !out.json() {
                out.line(line(&table, access));
                if let Some(person) = &access.person {
                    out.id(&person.address);
                }
            }
        }
        if !full || out.over() {
            break;
        }
        query.offset += u64::from(PAGE);
    }
    out.end_list();
    Ok(())
}

fn line(table: &Table<8>, access: &AccessLine) -> String {
    let (address, name) = match &access.person {
        Some(person) if person.suspended => {
            (person.address.as_str(), say("suspended", &[("name", person.name.as_deref().unwrap_or_default())]))
        }
        Some(person) => (person.address.as_str(), person.name.clone().unwrap_or_default()),
        None => ("*", say("everybody", &[])),
    };
    let crm = access.crm.as_ref();
    let crm = crm.map_or_else(|| say("none", &[]), |known| say(&format!("crm_{}", words::word(&known.usage)), &[]));
    let cells = [
        address,
        &access.app,
        &say(if access.chosen { "yes" } else { "no" }, &[]),
        &words::reaches(access.suite, &access.reaches),
        &crm,
        &day(access.since.as_deref()),
        &day(access.last_use.as_deref()),
        name.trim(),
    ];
    table.row(cells)
}
