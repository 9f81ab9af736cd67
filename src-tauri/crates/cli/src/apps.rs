//! `apps`: which of the apps are HubSpot's.

use crate::arguments::{Apps, AppsWhat};
use crate::beside::print_roles;
use crate::failure::{Failure, Status};
use crate::find::parse;
use crate::out::Out;
use crate::session::Session;
use crate::table::Table;
use crate::terminal;
use crate::words::{self, say};
use uncouple_domain::OrganisationId;
use uncouple_engine::ErrorCode;
use uncouple_engine::view::AppView;

const WIDTHS: [usize; 6] = [8, 28, 10, 8, 24, 0];

pub(crate) async fn apps(session: &Session, ask: &Apps, out: &mut Out) -> Result<Status, Failure> {
    let organisation = session.organisation().await?;
    let id = parse(&organisation)?;
    match &ask.what {
        None => {}
        Some(AppsWhat::Choose { app, name }) => choose(session, id, app, name.as_deref()).await?,
        Some(AppsWhat::Drop { app }) => {
            session.engine.choose_app(id, &key(session, id, app).await?, false, None).await?
        }
    }
    let mut apps = session.engine.directory_apps(id, None).await?;
    if let Some(AppsWhat::Choose { app, .. } | AppsWhat::Drop { app }) = &ask.what {
        apps.retain(|one| is(one, app));
    }
    let chosen = session.organisation().await?.chosen;
    out.begin("apps/1");
    out.field("organisation", &organisation.id);
    out.field("chosen", &chosen);
    out.begin_list("apps");
    let table = Table::new(WIDTHS, [false, true, true, false, true, false], terminal::width());
    let heads = ["apps_chosen", "apps_name", "apps_likeness", "apps_accesses", "apps_publisher", "apps_key"];
    let heads = heads.map(|key| say(key, &[]));
    out.line(table.row(heads.each_ref().map(String::as_str)));
    for app in &apps {
        out.entry(app);
        if !out.json() {
            out.line(line(&table, app));
            out.id(&app.key);
        }
    }
    out.end_list();
    for app in &chosen {
        print_roles(&app.name, &app.roles, out);
    }
    out.end();
    Ok(Status::Done)
}

fn is(app: &AppView, named: &str) -> bool {
    app.key == named || app.client_id == named
}

/// Chooses an app; one that no search came across is looked up first.
async fn choose(session: &Session, id: OrganisationId, app: &str, name: Option<&str>) -> Result<(), Failure> {
    match session.engine.choose_app(id, app, true, name).await {
        Err(error) if error.code == ErrorCode::UnknownApp => {
            let found = session.engine.look_up_app(id, app).await?;
            Ok(session.engine.choose_app(id, &found.key, true, name).await?)
        }
        done => Ok(done?),
    }
}

/// The key of an app by its key or client id; what is not known is taken for a key.
pub(crate) async fn key(session: &Session, id: OrganisationId, app: &str) -> Result<String, Failure> {
    let known = session.engine.directory_apps(id, Some(app.to_owned())).await?;
    Ok(known.into_iter().find(|one| is(one, app)).map_or_else(|| app.to_owned(), |found| found.key))
}

fn line(table: &Table<6>, app: &AppView) -> String {
    let publisher = match (&app.publisher, app.verified) {
        (Some(publisher), Some(true)) => say("apps_verified", &[("publisher", publisher)]),
        (Some(publisher), Some(false)) => say("apps_unverified", &[("publisher", publisher)]),
        (Some(publisher), None) => publisher.clone(),
        (None, Some(false)) => say("apps_unverified_none", &[]),
        (None, _) => say("none", &[]),
    };
    let likeness = say(&format!("likeness_{}", words::word(&app.likeness)), &[]);
    let chosen = say(if app.chosen { "yes" } else { "no" }, &[]);
    let key = if app.client_id == app.key {
        app.key.clone()
    } else {
        say("apps_client_id", &[("key", &app.key), ("client_id", &app.client_id)])
    };
    // Nobody counted is not the same as nobody.
    let accesses = app.accesses.map_or_else(|| say("none", &[]), |count| count.to_string());
    table.row([&chosen, &app.name, &likeness, &accesses, &publisher, &key])
}
