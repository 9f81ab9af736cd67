//! What stands beside people's grants, in words: what is not looked at, application permissions, and who can let an app
//! in again.

use crate::out::Out;
use crate::words::{self, joined, say};
use uncouple_engine::view::{AppRoleView, AppRolesView, NotLookedAt, RunAppView, RunView};
use uncouple_engine::wire::Suite;

/// What can reach mail and is not looked at, in one line.
pub(crate) fn not_looked_at(what: &[NotLookedAt]) -> String {
    let one = |what: &NotLookedAt| say(&format!("not_looked_{}", words::word(what)), &[]);
    say("not_looked", &[("list", &joined("list_semicolon", what.iter().map(one)))])
}

/// The apps as a sentence names them: HubSpot where all go by that name, else each by its own.
pub(crate) fn apps(apps: &[RunAppView]) -> String {
    if apps.iter().all(|app| app.by_name) {
        return "HubSpot".to_owned();
    }
    joined("list_comma", apps.iter().map(|app| app.name.clone()))
}

/// Each app with what tells it from another one of that name.
pub(crate) fn print_apps(run: &RunView, out: &mut Out) {
    for app in &run.apps {
        let mut parts = vec![app.name.clone()];
        if let Some(client) = &app.client_id {
            parts.push(say("plan_app_client", &[("id", client)]));
        }
        if app.client_id.as_deref() != Some(&app.key) {
            parts.push(say("plan_app_object", &[("id", &app.key)]));
        }
        out.line(say("plan_app", &[("app", &joined("list_comma", parts))]));
    }
}

/// Application permissions of an app. Nothing where the provider has none.
pub(crate) fn print_roles(name: &str, roles: &AppRolesView, out: &mut Out) {
    let app = ("app", name);
    match roles {
        AppRolesView::None => {}
        AppRolesView::NotRead => out.line(say("roles_not_read", &[app])),
        AppRolesView::Unread { .. } => out.line(say("roles_unread", &[app])),
        AppRolesView::Read { at, roles } if roles.is_empty() => {
            out.line(say("roles_none", &[app, ("time", &words::time(at))]));
        }
        AppRolesView::Read { roles, .. } => {
            out.line(say("roles_title", &[app]));
            for one in roles {
                out.line(format!("  {}", role(one)));
            }
            out.line(say("roles_hint", &[app]));
        }
    }
}

fn role(role: &AppRoleView) -> String {
    let name = format!("{} ({})", role.value.as_deref().unwrap_or(&role.id), role.resource);
    match role.reach {
        Some(reach) => format!("{name}: {}", say(&format!("role_{}", words::word(&reach)), &[])),
        None => name,
    }
}

/// What can be given back afterwards at this provider, and who can let the apps in again.
pub(crate) fn afterwards(run: &RunView) -> [String; 2] {
    let undo = match run.suite {
        Suite::Google => "plan_undo_google",
        Suite::Microsoft => "plan_undo_microsoft",
    };
    let apps = apps(&run.apps);
    let places = [("apps", apps.as_str())];
    [say(undo, &places), say(&format!("reconsent_{}", words::word(&run.reconsent)), &places)]
}
