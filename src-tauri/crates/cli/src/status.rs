//! `status` and `runs`.

use crate::failure::{Failure, Status};
use crate::out::Out;
use crate::session::Session;
use crate::table::{row, shown};
use crate::words;
use uncouple_engine::view::{OrganisationView, RunView};

const WIDTHS: [usize; 6] = [36, 10, 20, 14, 6, 0];

pub(crate) async fn status(session: &Session, out: &mut Out) -> Result<Status, Failure> {
    let admin = session.engine.admin().await?;
    out.begin("status/1");
    out.field("workspace", &session.engine.started().path);
    out.field("organisations", &admin.organisations);
    out.field("runs", &admin.runs);
    out.line(format!("Workspace {}", session.engine.started().path.display()));
    if admin.organisations.is_empty() {
        out.line("No administrator has signed in yet: uncouple-cli sign-in google|microsoft");
    }
    for organisation in &admin.organisations {
        print_organisation(organisation, out);
    }
    if !admin.runs.is_empty() {
        print_runs(&admin.runs, out);
    }
    out.end();
    Ok(Status::Done)
}

/// One organisation, in words.
pub(crate) fn print_organisation(organisation: &OrganisationView, out: &mut Out) {
    let (suite, name) = (words::suite(organisation.suite), shown(&organisation.name));
    out.line(format!("{suite} {name} ({})", organisation.id));
    match &organisation.sign_in {
        None => out.line("  Signed out"),
        Some(signed) => {
            let only = if signed.read_only { ", to look only" } else { "" };
            out.line(format!("  Signed in: {}{only}, since {}", shown(&signed.account), signed.at));
            let list = |all: &[_]| all.iter().map(|one| words::permission(*one)).collect::<Vec<_>>().join("; ");
            out.line(format!("  May: {}", list(&signed.permissions)));
            if !signed.missing.is_empty() {
                out.line(format!("  May not: {}", list(&signed.missing)));
            }
            if let Some(since) = &signed.refused_since {
                out.line(format!("  The provider refuses the sign-in since {since}: sign in again"));
            }
        }
    }
    match &organisation.searched {
        None => out.line("  Not searched yet"),
        Some(search) => {
            let complete = if search.complete { "" } else { ", stopped before its end" };
            out.line(format!(
                "  Searched {}: {} people, {} accesses{complete}",
                search.at, search.people, search.accesses
            ));
        }
    }
    let chosen: Vec<String> = organisation.chosen.iter().map(|app| shown(&app.name)).collect();
    out.line(match chosen.as_slice() {
        [] => format!("  No app chosen as HubSpot's ({} to choose from)", organisation.candidates),
        some => format!("  HubSpot's apps: {}; {} accesses of them are known", some.join(", "), organisation.accesses),
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
    out.line(row(WIDTHS, ["PLAN OR RUN", "STATE", "PLANNED", "PROVEN", "LEFT", "OF"]));
    for run in runs {
        let state = if run.elsewhere { "elsewhere".to_owned() } else { words::word(&run.state) };
        let of = match &run.leaver {
            Some(leaver) => format!("{}: {leaver}", run.organisation_name),
            None => run.organisation_name.clone(),
        };
        let proven = format!("{} of {}", run.counts.proven, run.counts.total());
        let planned = run.planned.get(..19).unwrap_or(&run.planned);
        out.line(row(WIDTHS, [&run.id, &state, planned, &proven, &run.counts.left.to_string(), &of]));
    }
}
