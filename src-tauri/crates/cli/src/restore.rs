//! `restore`: gives back what a run deleted, where the provider can.

use crate::arguments::Restore;
use crate::beside::apps;
use crate::confirm;
use crate::failure::{Failure, Status};
use crate::out::{Form, Out};
use crate::progress::{Going, Progress, watched};
use crate::session::{Session, unless_elsewhere};
use crate::stop::Stops;
use crate::words::{self, count, joined, say};
use std::collections::BTreeMap;
use uncouple_domain::RunId;
use uncouple_engine::view::{RestoreAsk, RestoreView, RunView};
use uncouple_engine::wire::Suite;
use uncouple_engine::{AppError, ErrorCode};

pub(crate) async fn restore(session: &Session, ask: &Restore, out: &mut Out) -> Result<Status, Failure> {
    let id = session.run_id(&ask.plan).await?;
    let run = session.engine.run(id).await?;
    if run.suite == Suite::Google {
        return Err(AppError::from(ErrorCode::RestoreNotHere).into());
    }
    session.fits(&run).await?;
    let wanted = RestoreAsk { items: None, people: ask.person.clone(), everybody: ask.everybody };
    if !ask.yes {
        let app_names = apps(&run.apps);
        let what = if ask.person.is_empty() {
            count("n_grants", run.restorable)
        } else {
            joined("list_comma", ask.person.iter().cloned())
        };
        let hint = say("restore_only_permission", &[("apps", &app_names)]);
        confirm::ask(&[hint], &say("restore_confirm", &[("what", &what)]))?;
    }
    let stops = Stops::listen();
    let done = work(session, id, &wanted, &stops, out.form()).await?;
    stops.work_is_over();
    show(session, id, &done, out).await
}

/// The first signal stops it: what was sent is read back first.
async fn work(
    session: &Session,
    id: RunId,
    wanted: &RestoreAsk,
    stops: &Stops,
    form: Form,
) -> Result<RestoreView, Failure> {
    let engine = &session.engine;
    let mut progress = Progress::new("restore", form);
    let working = unless_elsewhere(async || Box::pin(engine.restore_to_end(id, wanted)).await);
    let looking = async || {
        if stops.is_asked() {
            // Refused for as long as it has not begun; then the next look stops it.
            let _ = engine.pause_run(id).await;
        }
        if let Ok(RunView { progress: Some(view), .. }) = engine.run(id).await {
            progress.show(&Going::Run(view));
        }
    };
    let done = watched(working, looking).await;
    progress.end();
    Ok(done?)
}

async fn show(session: &Session, id: RunId, done: &RestoreView, out: &mut Out) -> Result<Status, Failure> {
    let run = session.engine.run(id).await?;
    let all = done.restored == done.asked;
    let status = if all {
        Status::Done
    } else if done.stopped.is_some() || done.paused.is_some() {
        Status::Paused
    } else {
        Status::Left
    };
    out.begin("restore/1");
    out.field("restored", done);
    out.field("run", &run);
    out.id(&run.id);
    let (restored, asked) = (done.restored.to_string(), done.asked.to_string());
    out.line(say("restore_done", &[("restored", &restored), ("asked", &asked)]));
    out.begin_list("failed");
    for failed in &done.failed {
        out.entry(failed);
        let whose = if failed.address.is_empty() { say("everybody", &[]) } else { failed.address.clone() };
        let why = words::error(&words::word(&failed.code), &BTreeMap::from([("address".to_owned(), whose.clone())]));
        out.line(say("restore_failed", &[("address", &whose), ("why", &why)]));
    }
    out.end_list();
    if let Some(error) = &done.stopped {
        out.line(words::error(&words::word(&error.code), &error.details));
    }
    if !all {
        out.line(say("restore_again", &[("id", &run.id)]));
    }
    if done.restored > 0 {
        out.line(say("restore_not_proven", &[]));
    }
    out.end();
    Ok(status)
}
