//! `find`: a search through the organisation, and the list of what is known after it.

use crate::arguments::Find;
use crate::failure::{Failure, Own, Status};
use crate::out::Out;
use crate::progress::{Going, Progress, watched};
use crate::session::Session;
use crate::stop::Stops;
use crate::table::{day, row};
use crate::words;
use uncouple_domain::OrganisationId;
use uncouple_engine::runs::AccessView;
use uncouple_engine::view::{AccessAsk, AccessLine, OrganisationView, SearchView};

/// So many lines are read from the file at once; all of them are never in memory.
const PAGE: u32 = 500;

const WIDTHS: [usize; 8] = [36, 18, 6, 24, 9, 10, 10, 0];

pub(crate) async fn find(session: &Session, ask: &Find, out: &mut Out) -> Result<Status, Failure> {
    let mut organisation = session.organisation().await?;
    let id = parse(&organisation)?;
    if !ask.no_search {
        search(session, id, out.json()).await?;
        organisation = session.organisation().await?;
    }
    out.begin("find/1");
    out.field("organisation", &organisation);
    if let (Some(search), false) = (&organisation.searched, out.json()) {
        out.line(summary(&organisation, search));
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
    list(session, query, out).await?;
    if organisation.chosen.is_empty() && organisation.candidates > 0 {
        out.line("No app is chosen as HubSpot's yet, so nothing can be planned: uncouple-cli apps");
    }
    out.end();
    Ok(Status::Done)
}

pub(crate) fn parse(organisation: &OrganisationView) -> Result<OrganisationId, Failure> {
    organisation.id.parse().map_err(|_| Failure::internal())
}

async fn search(session: &Session, id: OrganisationId, json: bool) -> Result<(), Failure> {
    let mut stops = Stops::listen();
    let mut progress = Progress::new("search", json);
    let engine = &session.engine;
    let done = {
        let searching = watched(engine.search(id), async || {
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

fn summary(organisation: &OrganisationView, search: &SearchView) -> String {
    let mut text = format!(
        "{} {}: {} people looked at, {} accesses found ({})",
        words::suite(organisation.suite),
        organisation.name,
        search.people,
        search.accesses,
        search.at
    );
    if search.unread > 0 {
        text.push_str(&format!("; the lists of {} could not be read", search.unread));
    }
    if search.log_only {
        text.push_str("; by the audit log only, which tells of consents given and not of those that hold now");
    }
    if !search.complete {
        text.push_str("; the search was stopped, so older lines stand beside new ones");
    }
    text
}

async fn list(session: &Session, mut query: AccessAsk, out: &mut Out) -> Result<(), Failure> {
    let mut first = true;
    loop {
        let page = session.engine.accesses(&query).await?;
        if first {
            out.field("total", &page.total);
            out.begin_list("accesses");
            out.line(row(WIDTHS, ["ADDRESS", "APP", "CHOSEN", "REACHES", "IN CRM", "SINCE", "LAST USE", "NAME"]));
        }
        first = false;
        let full = page.rows.len() == PAGE as usize;
        for access in &page.rows {
            out.entry(access);
            if !out.json() {
                out.line(line(access));
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

fn line(access: &AccessLine) -> String {
    let (address, name) = match &access.person {
        Some(person) if person.suspended => {
            (person.address.as_str(), format!("{} (suspended)", person.name.as_deref().unwrap_or_default()))
        }
        Some(person) => (person.address.as_str(), person.name.clone().unwrap_or_default()),
        None => ("*", "everybody in the organisation".to_owned()),
    };
    let crm = access.crm.as_ref().map_or_else(|| "-".to_owned(), |known| words::word(&known.usage).replace('_', " "));
    let cells = [
        address,
        &access.app,
        if access.chosen { "yes" } else { "no" },
        &words::reaches(access.suite, &access.reaches),
        &crm,
        day(access.since.as_deref()),
        day(access.last_use.as_deref()),
        name.trim(),
    ];
    row(WIDTHS, cells)
}
