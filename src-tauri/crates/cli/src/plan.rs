//! `plan`: what would be removed, what else stops, and what can't be done. Nothing is sent.

use crate::apps::key;
use crate::arguments::Plan;
use crate::beside::{afterwards, not_looked_at, print_apps, print_roles};
use crate::failure::{Failure, Own, Status};
use crate::find::parse;
use crate::out::Out;
use crate::progress::{Going, Progress, watched};
use crate::session::Session;
use crate::table::Table;
use crate::terminal;
use crate::words::{self, count, say};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use uncouple_domain::RunId;
use uncouple_engine::runs::ItemFilter;
use uncouple_engine::view::{AccessAsk, ItemAsk, ItemStateView, ItemView, PlanAsk, RefusedView, RunView};
use uncouple_engine::wire::Suite;
use uncouple_engine::{AppError, ErrorCode, LookUp};

/// So many items are read from the file at once.
const PAGE: u32 = 500;

/// A list is copied no further than so; the engine refuses it as too long then.
const MOST_LIST: u64 = 256 * 1024 * 1024 + 2;

const WIDTHS: [usize; 4] = [7, 36, 18, 0];

pub(crate) async fn plan(session: &Session, ask: &Plan, out: &mut Out) -> Result<Status, Failure> {
    // Before anybody is asked: what can't be read needs no sign-in to be refused.
    let list = ask.list.as_deref().map(|path| Ok::<_, Failure>((path, opened(path)?))).transpose()?;
    let organisation = session.organisation().await?;
    let id = parse(&organisation)?;
    let mut apps = Vec::new();
    for app in &ask.app {
        apps.push(key(session, id, app).await?);
    }
    let organisation = organisation.id;
    let look_up = if ask.read { LookUp::All } else { LookUp::Stale };
    let mut progress = Progress::new("read", out.form());
    let planning = async {
        match (list, &ask.person, &ask.leaver) {
            (Some((path, list)), ..) => {
                let plan = session.engine.plan_of_opened(id, list, ask.column.clone(), &apps, look_up).await;
                plan.map_err(|error| Failure::from(error).with("path", path.display()))
            }
            (None, Some(address), _) => {
                let text = PlanAsk::Text { organisation, text: address.clone(), column: None };
                session.engine.plan_looking_up(text, &apps, look_up).await.map_err(Failure::from)
            }
            (None, None, Some(address)) => {
                let not_before = ask.on.map(|at| at.to_string());
                let leaver = PlanAsk::Leaver { organisation, address: address.clone(), not_before };
                session.engine.plan_of_apps(leaver, &apps).await.map_err(Failure::from)
            }
            (None, None, None) => {
                let wanted = match &ask.remaining {
                    Some(name) => PlanAsk::Remaining { organisation, run: session.run_id(name).await?.to_string() },
                    None => {
                        let ask = AccessAsk { organisation: Some(organisation), ..AccessAsk::default() };
                        PlanAsk::All { ask, except: Vec::new() }
                    }
                };
                session.engine.plan_of_apps(wanted, &apps).await.map_err(Failure::from)
            }
        }
    };
    let plan = watched(planning, async || {
        if let Some(view) = session.engine.searching(id) {
            progress.show(&Going::Search(view));
        }
    })
    .await;
    progress.end();
    let plan = plan?;
    let run = plan.id.parse().map_err(|_| Failure::internal())?;
    // A plan that nothing is in is of no use to anybody but its refused lines.
    let empty = plan.counts.total() == 0 && plan.not_before.is_none();
    let strict = ask.strict && plan.refused > 0;
    let first = print(session, &plan, run, empty || strict, out).await?;
    if strict || empty {
        session.engine.drop_plan(run).await?;
    }
    if strict {
        return Err(Failure::from(Own::LinesRefused)
            .with("count", plan.refused)
            .with("lines", count("n_lines", plan.refused))
            .with("line", first.unwrap_or(0)));
    }
    if empty { Err(AppError::from(ErrorCode::PlanEmpty).into()) } else { Ok(Status::Done) }
}

fn unreadable(path: &Path) -> Failure {
    AppError::from(ErrorCode::ListUnreadable).with("path", path.display()).into()
}

/// A list that can be gone through more than once: an ordinary file, or what comes through a pipe in a file that has no
/// name, so that nothing of it stays behind however the process ends.
fn opened(path: &Path) -> Result<File, Failure> {
    if path == Path::new("-") {
        return spooled(path, std::io::stdin().lock());
    }
    let file = File::open(path).map_err(|_| unreadable(path))?;
    let kind = file.metadata().map_err(|_| unreadable(path))?;
    if kind.is_dir() {
        return Err(unreadable(path));
    }
    if kind.is_file() { Ok(file) } else { spooled(path, file) }
}

fn spooled(path: &Path, source: impl Read) -> Result<File, Failure> {
    let mut file = tempfile::tempfile().map_err(|_| unreadable(path))?;
    std::io::copy(&mut source.take(MOST_LIST), &mut file).map_err(|_| unreadable(path))?;
    Ok(file)
}

/// Prints a plan. Gives the first line that is not in it.
async fn print(
    session: &Session,
    plan: &RunView,
    run: RunId,
    dropped: bool,
    out: &mut Out,
) -> Result<Option<u64>, Failure> {
    out.begin("plan/1");
    out.field("plan", &(!dropped).then_some(plan));
    out.field("column", &plan.column);
    if !dropped {
        out.line(say("plan_head", &[("id", &plan.id)]));
        out.id(&plan.id);
    }
    for line in sum(plan) {
        out.line(line);
    }
    if let Some(column) = &plan.column {
        out.line(say("plan_column", &[("column", &column.to_string())]));
    }
    print_apps(plan, out);
    for app in &plan.apps {
        print_roles(&app.name, &app.roles, out);
    }
    for line in afterwards(plan) {
        out.line(line);
    }
    out.line(not_looked_at(&plan.not_looked_at));
    out.begin_list("items");
    let refused = items(session, plan.suite, run, ItemFilter::All, out).await?;
    out.end_list();
    out.field("refused_total", &plan.refused);
    out.begin_list("refused");
    print_refused(plan.refused, &refused, out);
    out.end_list();
    if !dropped {
        out.line(say("plan_next", &[("id", &plan.id)]));
    }
    out.end();
    Ok(refused.first().map(|line| line.line))
}

/// What a plan comes to, line by line.
pub(crate) fn sum(plan: &RunView) -> Vec<String> {
    let grants = count("n_grants", plan.counts.total());
    let leaver = plan.leaver.as_deref().unwrap_or_default();
    let places = [
        ("suite", words::suite(plan.suite)),
        ("name", &plan.organisation_name),
        ("grants", &grants),
        ("leaver", leaver),
    ];
    let mut lines = vec![say(if plan.leaver.is_some() { "plan_sum_leaver" } else { "plan_sum" }, &places)];
    if let Some(at) = &plan.not_before {
        lines.push(say("plan_not_before", &[("at", &words::time(at))]));
    }
    if plan.everybody > 0 {
        lines.push(say("plan_everybody", &[("grants", &count("n_grants", plan.everybody))]));
    }
    if !plan.hosts.is_empty() {
        lines.push(say("run_hosts", &[("hosts", &plan.hosts.join(", "))]));
    }
    if plan.partial {
        lines.push(say("plan_partial", &[]));
    }
    if !plan.reaches.is_empty() {
        lines.push(say("plan_stops", &[("list", &words::reaches(plan.suite, &plan.reaches))]));
    }
    lines
}

/// Prints items page by page, and gives the first lines that are not in the plan.
pub(crate) async fn items(
    session: &Session,
    suite: Suite,
    run: RunId,
    filter: ItemFilter,
    out: &mut Out,
) -> Result<Vec<RefusedView>, Failure> {
    let table = Table::new(WIDTHS, [false, false, true, false], terminal::width());
    let mut ask = ItemAsk { filter, limit: PAGE, ..ItemAsk::default() };
    loop {
        let page = session.engine.run_items(run, &ask).await?;
        for item in &page.items {
            out.entry(item);
            if !out.json() {
                out.line(line(&table, suite, item));
            }
        }
        if page.items.len() < PAGE as usize || out.over() {
            return Ok(page.refused);
        }
        ask.offset += u64::from(PAGE);
    }
}

fn line(table: &Table<4>, suite: Suite, item: &ItemView) -> String {
    let address = item.person.as_ref().map_or_else(|| say("everybody_short", &[]), |person| person.address.clone());
    let last = match &item.state {
        ItemStateView::Left { why, .. } => words::left(*why),
        ItemStateView::StillReached { through, .. } => words::still_reached(suite, through),
        ItemStateView::Planned
        | ItemStateView::UnderWay { .. }
        | ItemStateView::Proven { .. }
        | ItemStateView::Restoring { .. }
        | ItemStateView::Restored { .. } => words::reaches(suite, &item.reaches),
    };
    table.row([&item.seq.to_string(), &address, &item.app, &last])
}

fn print_refused(total: u64, refused: &[RefusedView], out: &mut Out) {
    if refused.is_empty() {
        return;
    }
    out.line(say("plan_refused", &[("lines", &count("n_lines", total))]));
    let table = Table::new([12, 36, 15, 0], [false, true, false, false], terminal::width());
    for line in refused {
        out.entry(line);
        if !out.json() {
            let why = words::word(&line.why);
            let number = match line.line {
                0 => say("none", &[]),
                line => say("plan_refused_line", &[("n", &line.to_string())]),
            };
            let sentence = words::refused(&why);
            out.line(table.row([&number, &line.text, &why, &sentence]));
        }
    }
    let more = total.saturating_sub(refused.len() as u64);
    if more > 0 {
        out.line(say("plan_refused_more", &[("lines", &count("n_lines", more))]));
    }
}
