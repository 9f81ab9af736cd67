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
use uncouple_engine::view::RunView;
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
    show(session, id, Some(end), out).await
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
    out.field("run", &run);
    out.id(&run.id);
    let (count_proven, total) = (run.counts.proven.to_string(), run.counts.total().to_string());
    out.line(say("run_proven", &[("proven", &count_proven), ("total", &total)]));
    if run.partial {
        out.line(say("plan_partial", &[]));
    }
    print_beside(&run, out);
    for left in &run.left {
        out.line(say("run_left", &[("n", &left.count.to_string()), ("why", &words::left(left.why))]));
    }
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
        (Status::Left, _) if suggests_retry(run.state.into(), not_before(run), SystemClock.now(), run.counts.left) => {
            say("run_retry", &id)
        }
        // Nobody is talked into what somebody cancelled.
        (Status::Left, RunState::Cancelled) if run.started.is_none() => say("run_was_cancelled_unsent", &[]),
        (Status::Left, RunState::Cancelled) => say("run_was_cancelled", &[]),
        (Status::Left, _) => say("run_verify", &id),
        (Status::Paused | Status::Failed | Status::Usage, RunState::Scheduled) => {
            let at = run.not_before.as_deref().map(words::time).unwrap_or_default();
            say("run_waits", &[("id", &run.id), ("at", &at)])
        }
        (Status::Paused | Status::Failed | Status::Usage, _) => {
            let why = match paused.or(run.paused) {
                Some(PauseReason::ByMember) | None => say("run_paused", &[]),
                Some(reason) => say(&format!("run_paused_{}", words::word(&reason)), &[]),
            };
            say("run_resume", &[("id", &run.id), ("why", &why)])
        }
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
