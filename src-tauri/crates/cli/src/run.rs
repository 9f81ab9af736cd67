//! `run`, `verify` and `cancel`.

use crate::arguments::Run;
use crate::confirm;
use crate::failure::{Failure, Status};
use crate::out::Out;
use crate::plan::{PARTIAL, items, sum};
use crate::progress::{Going, Progress, watched};
use crate::session::{Session, unless_elsewhere};
use crate::stop::Stops;
use crate::words;
use jiff::Timestamp;
use uncouple_domain::RunId;
use uncouple_engine::ports::Clock as _;
use uncouple_engine::runs::{ItemFilter, PauseReason, RunState};
use uncouple_engine::view::RunView;
use uncouple_engine::{AppError, ErrorCode, RunEnd, RunMode};
use uncouple_host::SystemClock;

pub(crate) async fn run(session: &Session, ask: &Run, out: &mut Out) -> Result<Status, Failure> {
    let plan = session.engine.run(ask.plan).await?;
    let over = matches!(plan.state, RunState::Ended | RunState::Cancelled);
    if (over && !(ask.retry && plan.counts.left > 0)) || waits(&plan) {
        return tell(session, ask.plan, None, out).await;
    }
    session.fits(&plan).await?;
    // Before anybody is asked, so that nobody confirms in vain.
    if plan.everybody > 0 && !ask.everybody && plan.state == RunState::Planned {
        return Err(AppError::from(ErrorCode::EverybodyUnconfirmed).into());
    }
    if !ask.yes {
        confirm::ask(&format!("{}\nNothing of this can be undone. Revoke them?", sum(&plan)))?;
    }
    let mode = if over { RunMode::Retry } else { RunMode::Revoke };
    let stops = Stops::listen();
    let mut end = work(session, ask.plan, mode, ask.everybody, &stops, out.json()).await?;
    // What an interrupted run had left before is taken up as well.
    let left_before = ask.retry && !over && plan.counts.left > 0;
    if left_before && end == RunEnd::Ended {
        end = if stops.is_asked() {
            RunEnd::Paused(PauseReason::ByMember)
        } else {
            work(session, ask.plan, RunMode::Retry, ask.everybody, &stops, out.json()).await?
        };
    }
    stops.work_is_over();
    tell(session, ask.plan, Some(end), out).await
}

/// It was confirmed, and its time has not come.
fn waits(plan: &RunView) -> bool {
    let time = plan.not_before.as_deref().and_then(|at| at.parse::<Timestamp>().ok());
    plan.state == RunState::Scheduled && time.is_some_and(|at| at > SystemClock.now())
}

pub(crate) async fn verify(session: &Session, id: RunId, out: &mut Out) -> Result<Status, Failure> {
    session.fits(&session.engine.run(id).await?).await?;
    let stops = Stops::listen();
    let end = work(session, id, RunMode::Verify, false, &stops, out.json()).await?;
    stops.work_is_over();
    tell(session, id, Some(end), out).await
}

/// Works on a run until it ends or rests. The first signal brings it to rest.
async fn work(
    session: &Session,
    id: RunId,
    mode: RunMode,
    everybody: bool,
    stops: &Stops,
    json: bool,
) -> Result<RunEnd, Failure> {
    let engine = &session.engine;
    let mut progress = Progress::new(if mode == RunMode::Verify { "verify" } else { "run" }, json);
    let working = unless_elsewhere(async || Box::pin(engine.run_to_end(id, mode, everybody)).await);
    let mut told = false;
    let looking = async || {
        if stops.is_asked() {
            // Refused for as long as it has not begun; then the next look stops it.
            let _ = engine.pause_run(id).await;
            if !told {
                told = true;
                progress.say("Pausing: what is under way comes to rest first. Once more to end at once.");
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

/// Says how a run stands, and gives the status that goes with it. `end` is how it went just now.
async fn tell(session: &Session, id: RunId, end: Option<RunEnd>, out: &mut Out) -> Result<Status, Failure> {
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
    out.line(format!("{} of {} proven gone", run.counts.proven, run.counts.total()));
    if run.partial {
        out.line(format!("Of this plan: {PARTIAL}"));
    }
    for left in &run.left {
        out.line(format!("{} left: {}", left.count, words::left(left.why)));
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

/// How it goes on from here.
fn next(run: &RunView, status: Status, paused: Option<PauseReason>) -> String {
    let id = &run.id;
    match status {
        Status::Done => format!("For a report: uncouple-cli report {id} --format page --to FILE"),
        Status::Left => format!("To take up what is left: uncouple-cli run {id} --retry"),
        Status::Paused | Status::Failed | Status::Usage => {
            let why = match (run.state, paused.or(run.paused)) {
                (RunState::Scheduled, _) => {
                    return format!(
                        "It waits for its time, {}: run it again then, or leave Uncouple open",
                        run.not_before.as_deref().unwrap_or_default()
                    );
                }
                (_, Some(PauseReason::SignIn)) => "Sign in again, then go on",
                (_, Some(PauseReason::Keyring)) => "The keyring does not hand the token out. Unlock it, then go on",
                (_, Some(PauseReason::Forbidden)) => "The administrator may not do this. With the role for it, go on",
                (_, Some(PauseReason::Limits)) => "The provider's limits do not let up. Go on later",
                (_, Some(PauseReason::NoAnswer)) => "No usable answers come. Go on later",
                (_, Some(PauseReason::ByMember) | None) => "It rests. Go on",
            };
            format!("{why}: uncouple-cli run {id}")
        }
    }
}

pub(crate) async fn cancel(session: &Session, id: RunId, out: &mut Out) -> Result<Status, Failure> {
    // Nobody is asked for this, so whose token there may be does not matter.
    let plan = session.engine.run(id).await?;
    out.begin("cancel/1");
    if plan.state == RunState::Planned {
        session.engine.drop_plan(id).await?;
        out.field("run", &None::<RunView>);
        out.line("The plan was thrown away. Nothing was sent.");
    } else {
        unless_elsewhere(async || session.engine.cancel_run(id).await).await?;
        let run = session.engine.run(id).await?;
        out.field("run", &run);
        let (proven, left) = (run.counts.proven, run.counts.left);
        out.line(format!("Called off: {proven} proven gone, {left} left. What was sent was sent."));
    }
    out.end();
    Ok(Status::Done)
}
