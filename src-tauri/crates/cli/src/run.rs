//! `run`, `verify` and `cancel`.

use crate::arguments::{Run, RunName};
use crate::beside::{afterwards, not_looked_at, print_roles};
use crate::confirm;
use crate::failure::{Failure, Status};
use crate::out::{Form, Out};
use crate::plan::{items, sum};
use crate::progress::{Going, Progress, watched};
use crate::session::{Session, unless_elsewhere};
use crate::stop::Stops;
use crate::words::{self, count, say};
use jiff::Timestamp;
use uncouple_domain::{RunId, suggests_retry, waits_for};
use uncouple_engine::ports::Clock as _;
use uncouple_engine::runs::{ItemFilter, PauseReason, RunState};
use uncouple_engine::view::{RunAction, RunView};
use uncouple_engine::wire::Left;
use uncouple_engine::{AppError, ErrorCode, RunEnd, RunMode};
use uncouple_host::SystemClock;

pub(crate) async fn run(session: &Session, ask: &Run, out: &mut Out) -> Result<Status, Failure> {
    let id = session.run_id(&ask.plan).await?;
    let plan = session.engine.run(id).await?;
    let over = matches!(plan.state, RunState::Ended | RunState::Cancelled);
    if (over && !(ask.retry && plan.counts.left > 0)) || waits(&plan) {
        return show(session, id, None, out).await;
    }
    session.fits(&plan).await?;
    // Before anybody is asked, so that nobody confirms in vain.
    if plan.everybody > 0 && !ask.everybody && plan.state == RunState::Planned {
        return Err(AppError::from(ErrorCode::EverybodyUnconfirmed).into());
    }
    if !ask.yes {
        let open = plan.counts.total() - plan.counts.proven;
        let lines: Vec<String> = sum(&plan).into_iter().chain(afterwards(&plan)).collect();
        confirm::ask(&lines, &say("run_confirm", &[("grants", &count("n_grants", open))]))?;
    }
    let mode = if over { RunMode::Retry } else { RunMode::Revoke };
    let stops = Stops::listen();
    let mut end = work(session, id, mode, ask.everybody, &stops, out.form()).await?;
    // What an interrupted run had left before is taken up as well.
    let left_before = ask.retry && !over && plan.counts.left > 0;
    if left_before && end == RunEnd::Ended {
        end = if stops.is_asked() {
            RunEnd::Paused(PauseReason::ByMember)
        } else {
            work(session, id, RunMode::Retry, ask.everybody, &stops, out.form()).await?
        };
    }
    stops.work_is_over();
    show(session, id, Some(end), out).await
}

fn not_before(plan: &RunView) -> Option<Timestamp> {
    plan.not_before.as_deref().and_then(|at| at.parse().ok())
}

/// It was confirmed, and its time has not come.
fn waits(plan: &RunView) -> bool {
    plan.state == RunState::Scheduled && waits_for(not_before(plan), SystemClock.now()).is_some()
}

pub(crate) async fn verify(session: &Session, name: &RunName, out: &mut Out) -> Result<Status, Failure> {
    let id = session.run_id(name).await?;
    session.fits(&session.engine.run(id).await?).await?;
    let stops = Stops::listen();
    let end = work(session, id, RunMode::Verify, false, &stops, out.form()).await?;
    stops.work_is_over();
    verified(session, id, end, out).await
}

/// Says what was read again, which is not how the run stands: what was proven before keeps its own time.
async fn verified(session: &Session, id: RunId, end: RunEnd, out: &mut Out) -> Result<Status, Failure> {
    let run = session.engine.run(id).await?;
    let paused = match end {
        RunEnd::Paused(reason) => Some(reason),
        RunEnd::Ended | RunEnd::Cancelled | RunEnd::Scheduled => None,
    };
    let (read, not_read) = match &run.verified {
        Some(verified) => (verified.read, verified.not_read.as_slice()),
        None => (0, [].as_slice()),
    };
    let unread: u64 = not_read.iter().map(|one| one.count).sum();
    let proven = paused.is_none() && unread == 0 && run.counts.proven == run.counts.total();
    let status = match (paused, proven) {
        (Some(_), _) => Status::Paused,
        (None, true) => Status::Done,
        (None, false) => Status::Left,
    };
    out.begin("run/1");
    out.field("proven", &proven);
    out.field("paused", &paused);
    out.field("read_again", &read);
    out.field("not_read", &not_read);
    out.field("run", &run);
    out.id(&run.id);
    let verified = run.verified.as_ref();
    let numbers = [
        ("read", read),
        ("all", read + unread),
        ("gone", verified.map_or(0, |verified| verified.gone)),
        ("back", verified.map_or(0, |verified| verified.back)),
        ("proven", run.counts.proven),
        ("total", run.counts.total()),
    ];
    let numbers = numbers.map(|(name, number)| (name, number.to_string()));
    let places: Vec<(&str, &str)> = numbers.iter().map(|(name, number)| (*name, number.as_str())).collect();
    out.line(say("verify_read", &places));
    for one in not_read {
        let why = words::not_read(one.why);
        out.line(say("verify_not_read", &[("n", &one.count.to_string()), ("why", &why)]));
    }
    if unread > 0 && run.counts.proven > 0 {
        out.line(say("verify_before", &places));
    }
    show_left(&run, out);
    out.begin_list("unread");
    if unread > 0 {
        items(session, run.suite, id, ItemFilter::NotRead, out).await?;
    }
    out.end_list();
    out.begin_list("left");
    if run.counts.left > 0 {
        items(session, run.suite, id, ItemFilter::Left, out).await?;
    }
    out.end_list();
    let again = [("id", run.id.as_str())];
    match status {
        Status::Paused => {
            let why = why(paused);
            out.line(say("verify_resume", &[("id", &run.id), ("why", &why)]));
        }
        _ if unread > 0 => out.line(say("verify_again", &again)),
        Status::Done | Status::Failed | Status::Left | Status::Usage => out.line(next(&run, status, paused)),
    }
    out.end();
    Ok(status)
}

/// What is left of a run, by reason.
fn show_left(run: &RunView, out: &mut Out) {
    for left in &run.left {
        out.line(say("run_left", &[("n", &left.count.to_string()), ("why", &words::left(left.why))]));
    }
}

/// Works on a run until it ends or rests. The first signal brings it to rest.
async fn work(
    session: &Session,
    id: RunId,
    mode: RunMode,
    everybody: bool,
    stops: &Stops,
    form: Form,
) -> Result<RunEnd, Failure> {
    let engine = &session.engine;
    let mut progress = Progress::new(if mode == RunMode::Verify { "verify" } else { "run" }, form);
    let working = unless_elsewhere(async || Box::pin(engine.run_to_end(id, mode, everybody)).await);
    let mut told = false;
    let looking = async || {
        if stops.is_asked() {
            // Refused for as long as it has not begun; then the next look stops it.
            let _ = engine.pause_run(id).await;
            if !told {
                told = true;
                progress.say(&say("run_pausing", &[]));
            }
        }
        if let Ok(RunView { progress: Some(view), .. }) = engine.run(id).await {
            progress.show(&Going::Run(view));
        }
    };
    let done = watched(working, looking).await;
    progress.end();
    Ok(done?)
}

/// Shows how a run stands, and gives the status that goes with it. `end` is how it went just now.
async fn show(session: &Session, id: RunId, end: Option<RunEnd>, out: &mut Out) -> Result<Status, Failure> {
    let run = session.engine.run(id).await?;
    let proven = run.counts.proven == run.counts.total() && matches!(run.state, RunState::Ended | RunState::Cancelled);
    let paused = match end {
        Some(RunEnd::Paused(reason)) => Some(reason),
        Some(RunEnd::Ended | RunEnd::Cancelled | RunEnd::Scheduled) | None => None,
    };
    let status = match run.state {
        _ if paused.is_some() => Status::Paused,
        RunState::Ended | RunState::Cancelled if proven => Status::Done,
        RunState::Ended | RunState::Cancelled => Status::Left,
        RunState::Planned | RunState::Scheduled | RunState::Running | RunState::Paused => Status::Paused,
    };
    out.begin("run/1");
    out.field("proven", &proven);
    out.field("paused", &paused);
    out.field("deleted", &run.deleted);
    out.field("run", &run);
    out.id(&run.id);
    let (count_proven, total) = (run.counts.proven.to_string(), run.counts.total().to_string());
    out.line(say("run_proven", &[("proven", &count_proven), ("total", &total)]));
    if !run.hosts.is_empty() {
        out.line(say("run_hosts", &[("hosts", &run.hosts.join(", "))]));
    }
    if run.partial {
        out.line(say("plan_partial", &[]));
    }
    print_beside(&run, out);
    if let (Some(PauseReason::DiskFull), Some(deleted)) = (paused, run.deleted) {
        let grants = count("n_grants", deleted);
        out.line(say("run_deleted", &[("grants", &grants), ("proven", &count_proven), ("total", &total)]));
    }
    show_left(&run, out);
    out.begin_list("left");
    if run.counts.left > 0 {
        items(session, run.suite, id, ItemFilter::Left, out).await?;
    }
    out.end_list();
    out.line(next(&run, status, paused));
    out.end();
    Ok(status)
}

/// What the counts don't say: what was given back, what the apps may do without any grant, and what nobody looked at.
fn print_beside(run: &RunView, out: &mut Out) {
    if run.counts.restored > 0 {
        out.line(say("restore_given_back", &[("number", &run.counts.restored.to_string())]));
    }
    if run.counts.restoring > 0 {
        out.line(say("restore_unclear", &[("number", &run.counts.restoring.to_string())]));
    }
    for app in &run.apps {
        print_roles(&app.name, &app.roles, out);
    }
    out.line(not_looked_at(&run.not_looked_at));
}

/// What comes next.
fn next(run: &RunView, status: Status, paused: Option<PauseReason>) -> String {
    let id = [("id", run.id.as_str())];
    match (status, run.state) {
        (Status::Done, _) => say("run_report", &id),
        (Status::Left, _) => {
            let remaining = run.actions.contains(&RunAction::PlanRemaining).then(|| say("run_remaining", &id));
            advice(run, &id).into_iter().chain(remaining).collect::<Vec<_>>().join("\n")
        }
        (Status::Paused | Status::Failed | Status::Usage, RunState::Scheduled) => {
            let at = run.not_before.as_deref().map(words::time).unwrap_or_default();
            say("run_waits", &[("id", &run.id), ("at", &at)])
        }
        (Status::Paused | Status::Failed | Status::Usage, _) => {
            say("run_resume", &[("id", &run.id), ("why", &why(paused.or(run.paused)))])
        }
    }
}

/// Why it is paused, and what to do about it.
fn why(paused: Option<PauseReason>) -> String {
    match paused {
        Some(PauseReason::ByMember) | None => say("run_paused", &[]),
        Some(reason) => say(&format!("run_paused_{}", words::word(&reason)), &[]),
    }
}

pub(crate) async fn cancel(session: &Session, name: &RunName, out: &mut Out) -> Result<Status, Failure> {
    let id = session.run_id(name).await?;
    // Nobody is asked for this, so whose token there may be does not matter.
    let plan = session.engine.run(id).await?;
    out.begin("cancel/1");
    if plan.state == RunState::Planned {
        session.engine.drop_plan(id).await?;
        out.field("run", &None::<RunView>);
        out.line(say("run_dropped", &[]));
    } else {
        unless_elsewhere(async || session.engine.cancel_run(id).await).await?;
        let run = session.engine.run(id).await?;
        out.field("run", &run);
        let (proven, left) = (run.counts.proven.to_string(), run.counts.left.to_string());
        out.line(match run.started {
            None => say("run_was_cancelled_unsent", &[]),
            Some(_) => say("run_cancelled", &[("proven", &proven), ("left", &left)]),
        });
    }
    out.end();
    Ok(Status::Done)
}

/// What to do about what is left. None: it is only what a plan of the remaining would remove.
fn advice(run: &RunView, id: &[(&str, &str)]) -> Option<String> {
    let others = run.left.iter().filter(|left| left.why != Left::StillReached).map(|left| left.count).sum();
    if suggests_retry(run.state.into(), not_before(run), SystemClock.now(), others) {
        return Some(say("run_retry", id));
    }
    if run.state == RunState::Cancelled {
        // Nobody is talked into what somebody cancelled.
        let cancelled = if run.started.is_none() { "run_was_cancelled_unsent" } else { "run_was_cancelled" };
        return Some(say(cancelled, &[]));
    }
    (others > 0 || !run.actions.contains(&RunAction::PlanRemaining)).then(|| say("run_verify", id))
}
