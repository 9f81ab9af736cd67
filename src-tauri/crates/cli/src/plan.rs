//! `plan`: what would be removed, what else stops, and what can't be done. Nothing is sent.

use crate::apps::key;
use crate::arguments::Plan;
use crate::failure::{Failure, Own, Status};
use crate::find::parse;
use crate::out::Out;
use crate::session::Session;
use crate::table::{row, shown};
use crate::words;
use std::io::Read;
use std::path::Path;
use tempfile::NamedTempFile;
use uncouple_domain::RunId;
use uncouple_engine::runs::ItemFilter;
use uncouple_engine::view::{AccessAsk, ItemAsk, ItemStateView, ItemView, PlanAsk, RefusedView, RunView};
use uncouple_engine::wire::Suite;
use uncouple_engine::{AppError, ErrorCode};

/// So many items are read from the file at once.
const PAGE: u32 = 500;

/// A list is copied no further than so; the engine refuses it as too long then.
const MOST_LIST: u64 = 256 * 1024 * 1024 + 2;

/// What a plan says of itself, and its run, where the search behind it was not whole.
pub(crate) const PARTIAL: &str =
    "the search behind it did not see everybody or not all of its apps, and there may be accesses that it lacks";

const WIDTHS: [usize; 4] = [7, 36, 18, 0];

pub(crate) async fn plan(session: &Session, ask: &Plan, out: &mut Out) -> Result<Status, Failure> {
    let organisation = session.organisation().await?;
    let id = parse(&organisation)?;
    let mut apps = Vec::new();
    for app in &ask.app {
        apps.push(key(session, id, app).await?);
    }
    let list = ask.list.as_deref().map(list_file).transpose()?;
    let organisation = organisation.id;
    let wanted = match (&list, &ask.person, &ask.leaver) {
        (Some(list), ..) => PlanAsk::File { organisation, path: list.path()? },
        (None, Some(address), _) => PlanAsk::Text { organisation, text: address.clone() },
        (None, None, Some(address)) => {
            let not_before = ask.on.map(|at| at.to_string());
            PlanAsk::Leaver { organisation, address: address.clone(), not_before }
        }
        (None, None, None) => PlanAsk::All {
            ask: AccessAsk { organisation: Some(organisation), ..AccessAsk::default() },
            except: Vec::new(),
        },
    };
    let plan = session.engine.plan_of_apps(wanted, &apps).await?;
    let run = plan.id.parse().map_err(|_| Failure::internal())?;
    // A plan that nothing is in is of no use to anybody but its refused lines.
    let empty = plan.counts.total() == 0 && plan.not_before.is_none();
    let strict = ask.strict && plan.refused > 0;
    let first = print(session, &plan, run, empty || strict, out).await?;
    if strict || empty {
        session.engine.drop_plan(run).await?;
    }
    if strict {
        return Err(Failure::from(Own::LinesRefused).with("count", plan.refused).with("line", first.unwrap_or(0)));
    }
    if empty { Err(AppError::from(ErrorCode::PlanEmpty).into()) } else { Ok(Status::Done) }
}

/// A list that the engine can read: an ordinary file by its absolute path, and a copy of anything else.
enum ListFile {
    There(std::path::PathBuf),
    Copied(NamedTempFile),
}

impl ListFile {
    fn path(&self) -> Result<String, Failure> {
        let path = match self {
            Self::There(path) => path.as_path(),
            Self::Copied(file) => file.path(),
        };
        path.to_str().map(str::to_owned).ok_or_else(unreadable)
    }
}

fn unreadable() -> Failure {
    AppError::from(ErrorCode::ListUnreadable).into()
}

fn list_file(path: &Path) -> Result<ListFile, Failure> {
    if path == Path::new("-") {
        return copied(std::io::stdin().lock());
    }
    let path = std::path::absolute(path).map_err(|_| unreadable())?;
    let found = path.metadata().map_err(|_| unreadable())?;
    if found.is_file() || found.is_dir() {
        return Ok(ListFile::There(path));
    }
    copied(std::fs::File::open(path).map_err(|_| unreadable())?)
}

fn copied(source: impl Read) -> Result<ListFile, Failure> {
    let mut file = NamedTempFile::new().map_err(|_| unreadable())?;
    std::io::copy(&mut source.take(MOST_LIST), &mut file).map_err(|_| unreadable())?;
    Ok(ListFile::Copied(file))
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
    if !dropped {
        out.line(format!("Plan {}", plan.id));
    }
    out.line(sum(plan));
    out.begin_list("items");
    let refused = items(session, plan.suite, run, ItemFilter::All, out).await?;
    out.end_list();
    out.field("refused_total", &plan.refused);
    out.begin_list("refused");
    print_refused(plan.refused, &refused, out);
    out.end_list();
    if !dropped {
        out.line(format!("Nothing was sent. To carry it out: uncouple-cli run {}", plan.id));
    }
    out.end();
    Ok(refused.first().map(|line| line.line))
}

/// What a plan comes to.
pub(crate) fn sum(plan: &RunView) -> String {
    let mut text =
        format!("{} {}: {} accesses", words::suite(plan.suite), shown(&plan.organisation_name), plan.counts.total());
    if let Some(leaver) = &plan.leaver {
        text.push_str(&format!(" of {}, who leaves", shown(leaver)));
    }
    if let Some(at) = &plan.not_before {
        text.push_str(&format!(", not before {at}"));
    }
    if plan.everybody > 0 {
        let everybody = plan.everybody;
        text.push_str(&format!(", {everybody} of them for everybody in the organisation (confirm with --everybody)"));
    }
    if plan.partial {
        text.push_str("; ");
        text.push_str(PARTIAL);
    }
    if !plan.reaches.is_empty() {
        text.push_str(&format!("; what stops: {}", words::reaches(plan.suite, &plan.reaches)));
    }
    text
}

/// Prints items page by page, and gives the first lines that are not in the plan.
pub(crate) async fn items(
    session: &Session,
    suite: Suite,
    run: RunId,
    filter: ItemFilter,
    out: &mut Out,
) -> Result<Vec<RefusedView>, Failure> {
    let mut ask = ItemAsk { filter, limit: PAGE, ..ItemAsk::default() };
    loop {
        let page = session.engine.run_items(run, &ask).await?;
        for item in &page.items {
            out.entry(item);
            if !out.json() {
                out.line(line(suite, item));
            }
        }
        if page.items.len() < PAGE as usize || out.over() {
            return Ok(page.refused);
        }
        ask.offset += u64::from(PAGE);
    }
}

fn line(suite: Suite, item: &ItemView) -> String {
    let address = item.person.as_ref().map_or("* (everybody)", |person| person.address.as_str());
    let last = match &item.state {
        ItemStateView::Left { why, .. } => words::left(*why),
        ItemStateView::Planned | ItemStateView::UnderWay { .. } | ItemStateView::Proven { .. } => {
            words::reaches(suite, &item.reaches)
        }
    };
    row(WIDTHS, [&item.seq.to_string(), address, &item.app, &last])
}

fn print_refused(total: u64, refused: &[RefusedView], out: &mut Out) {
    if refused.is_empty() {
        return;
    }
    out.line(format!("Not in the plan: {total}"));
    for line in refused {
        out.entry(line);
        if !out.json() {
            let why = words::word(&line.why);
            let number = if line.line == 0 { "-".to_owned() } else { format!("line {}", line.line) };
            let sentence = words::refused(&why);
            out.line(row([12, 36, 15, 0], [&number, &line.text, &why, &sentence]));
        }
    }
    let more = total.saturating_sub(refused.len() as u64);
    if more > 0 {
        out.line(format!("and {more} more"));
    }
}
