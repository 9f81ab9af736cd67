//! `status` and `runs`.

use crate::failure::{Failure, Status};
use crate::out::Out;
use crate::session::Session;
use crate::table::Table;
use crate::terminal;
use crate::words::{self, count, joined, say};
use uncouple_engine::runs::RunState;
use uncouple_engine::view::{OrganisationView, RunView};

const WIDTHS: [usize; 6] = [36, 24, 23, 12, 5, 24];

pub(crate) async fn status(session: &Session, out: &mut Out) -> Result<Status, Failure> {
    let admin = session.engine.admin().await?;
    out.begin("status/1");
    out.field("workspace", &session.engine.started().path);
    out.field("organisations", &admin.organisations);
    out.field("runs", &admin.runs);
    out.line(say("workspace", &[("path", &session.engine.started().path.display().to_string())]));
    if admin.organisations.is_empty() {
        out.line(say("nobody_signed_in", &[]));
    }
    for organisation in &admin.organisations {
        print_organisation(organisation, out);
        out.id(&organisation.id);
    }
    if !admin.runs.is_empty() && out.text() {
        print_runs(&admin.runs, out);
    }
    out.end();
    Ok(Status::Done)
}

/// One organisation, in words.
pub(crate) fn print_organisation(organisation: &OrganisationView, out: &mut Out) {
    let places = [("suite", words::suite(organisation.suite)), ("name", &organisation.name), ("id", &organisation.id)];
    out.line(say("org_head", &places));
    match &organisation.sign_in {
        None => out.line(say("org_signed_out", &[])),
        Some(signed) => {
            let key = if signed.read_only { "org_signed_in_read_only" } else { "org_signed_in" };
            out.line(say(key, &[("account", &signed.account), ("at", &words::time(&signed.at))]));
            let list = |all: &[_]| joined("list_semicolon", all.iter().map(|one| words::permission(*one)));
            out.line(say("org_granted", &[("list", &list(&signed.permissions))]));
            if !signed.missing.is_empty() {
                out.line(say("org_missing", &[("list", &list(&signed.missing))]));
            }
            if let Some(since) = &signed.refused_since {
                out.line(say("org_refused", &[("at", &words::time(since))]));
            }
        }
    }
    match &organisation.searched {
        None => out.line(say("org_not_searched", &[])),
        Some(search) => {
            let key = if search.complete { "org_searched" } else { "org_searched_stopped" };
            let (people, grants) = (count("n_people", search.people), count("n_grants", search.accesses));
            out.line(say(key, &[("at", &words::time(&search.at)), ("people", &people), ("grants", &grants)]));
        }
    }
    out.line(if organisation.chosen.is_empty() {
        say("org_no_app", &[("apps", &count("n_apps", u64::from(organisation.candidates)))])
    } else {
        let list = joined("list_comma", organisation.chosen.iter().map(|app| app.name.clone()));
        say("org_apps", &[("list", &list), ("grants", &count("n_grants", organisation.accesses))])
    });
}

pub(crate) async fn runs(session: &Session, out: &mut Out) -> Result<Status, Failure> {
    let runs = session.engine.admin().await?.runs;
    out.begin("runs/1");
    out.field("runs", &runs);
    print_runs(&runs, out);
    out.end();
    Ok(Status::Done)
}

fn print_runs(runs: &[RunView], out: &mut Out) {
    if runs.is_empty() {
        out.line(say("runs_none", &[]));
        return;
    }
    // The identifiers are needed whole, to be written again.
    let table = Table::new(WIDTHS, [false, true, false, true, false, true], terminal::width());
    let heads = ["runs_id", "runs_state", "runs_planned", "runs_proven", "runs_left", "runs_of"];
    let heads = heads.map(|key| say(key, &[]));
    out.line(table.row(heads.each_ref().map(String::as_str)));
    for run in runs {
        let of = match &run.leaver {
            Some(leaver) => say("runs_leaver", &[("organisation", &run.organisation_name), ("leaver", leaver)]),
            None => run.organisation_name.clone(),
        };
        let (proven, total) = (run.counts.proven.to_string(), run.counts.total().to_string());
        let proven = say("proven_of", &[("proven", &proven), ("total", &total)]);
        let left = run.counts.left.to_string();
        out.line(table.row([&run.id, &state(run), &words::time(&run.planned), &proven, &left, &of]));
        out.id(&run.id);
    }
}

/// The state of a run, with the day it waits for or why it is paused.
fn state(run: &RunView) -> String {
    if run.elsewhere {
        return say("state_elsewhere", &[]);
    }
    let at = run.not_before.as_deref().map(words::time).unwrap_or_default();
    match (run.state, run.paused) {
        (RunState::Planned, _) if run.not_before.is_some() => say("state_planned_for", &[("at", &at)]),
        (RunState::Planned, _) => say("state_planned", &[]),
        (RunState::Scheduled, _) => say("state_scheduled", &[("at", &at)]),
        (RunState::Running, _) => say("state_running", &[]),
        (RunState::Paused, Some(why)) => {
            say("state_paused_why", &[("why", &say(&format!("pause_{}", words::word(&why)), &[]))])
        }
        (RunState::Paused, None) => say("state_paused", &[]),
        (RunState::Ended, _) => say("state_ended", &[]),
        (RunState::Cancelled, _) => say("state_cancelled", &[]),
    }
}
