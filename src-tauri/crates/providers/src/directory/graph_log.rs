//! Microsoft 365: the audit log of consents
//! (<https://learn.microsoft.com/graph/api/directoryaudit-list>, read 2026-11).
//!
//! What stands in a line's `modifiedProperties` is documented nowhere; the forms read here are those that public copies
//! of such logs have (seen 2026-11). A consent whose form is another is kept and taken for anybody's.

use super::api::Call;
use super::graph::{Graph, PAGE};
use super::graph_wire::{ALL, Page};
use super::object::objects;
use super::trail::{Trail, link};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tokio::sync::mpsc::Sender;
use uncouple_domain::Permission;
use uncouple_engine::directory::{ApiError, LogAsk, LogEvents, LogLine, LogWhat};

/// Activities of the category `ApplicationManagement`
/// (<https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities>, read 2026-11).
const ADD: &str = "Add delegated permission grant";
const REMOVE: &str = "Remove delegated permission grant";
const CONSENT: &str = "Consent to application";

/// A line of the log.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Audit {
    activity_date_time: Timestamp,
    activity_display_name: Option<String>,
    result: Option<String>,
    initiated_by: Option<Initiator>,
    #[serde(default, deserialize_with = "objects")]
    target_resources: Vec<Resource>,
}

#[derive(Debug, Deserialize)]
struct Initiator {
    user: Option<Actor>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Actor {
    id: Option<String>,
    user_principal_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    id: Option<String>,
    r#type: Option<String>,
    user_principal_name: Option<String>,
    modified_properties: Option<Vec<Property>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Property {
    display_name: Option<String>,
    old_value: Option<String>,
    new_value: Option<String>,
}

impl Property {
    fn values(&self) -> impl Iterator<Item = &str> {
        [self.new_value.as_deref(), self.old_value.as_deref()].into_iter().flatten()
    }
}

/// A value without the quotes that mostly stand around it: JSON's text within a text.
fn bare(value: &str) -> String {
    let text = value.trim();
    serde_json::from_str::<String>(text).unwrap_or_else(|_| text.to_owned())
}

/// Whether a text has an identifier in it, in either case.
fn holds(text: &str, id: &str) -> bool {
    !id.is_empty() && text.to_ascii_lowercase().contains(&id.to_ascii_lowercase())
}

impl Audit {
    fn properties(&self) -> impl Iterator<Item = &Property> {
        self.target_resources.iter().flat_map(|resource| resource.modified_properties.iter().flatten())
    }

    /// The value of a property that is not empty.
    fn value(&self, name: &str) -> Option<String> {
        let named = self.properties().filter(|property| property.display_name.as_deref() == Some(name));
        named.flat_map(Property::values).map(bare).find(|value| !value.is_empty())
    }

    /// A change of a consent's scopes is written as an addition and a removal, in either order, and the consent stays
    /// (seen in public copies of such logs). The removal then has the scopes that hold from now on.
    fn is_amendment(&self) -> bool {
        let is_scope =
            |property: &&Property| property.display_name.as_deref() == Some("DelegatedPermissionGrant.Scope");
        let new = self.properties().filter(is_scope).filter_map(|property| property.new_value.as_deref());
        new.map(bare).any(|scopes| !scopes.trim().is_empty())
    }

    fn what(&self) -> Option<LogWhat> {
        // What failed has changed nothing.
        if self.result.as_deref() == Some("failure") {
            return None;
        }
        match self.activity_display_name.as_deref()? {
            ADD | CONSENT => Some(LogWhat::Consented),
            REMOVE if self.is_amendment() => None,
            REMOVE => Some(LogWhat::Removed),
            _ => None,
        }
    }

    fn is_about(&self, app: &str) -> bool {
        self.target_resources.iter().filter_map(|resource| resource.id.as_deref()).any(|id| holds(id, app))
            || self.properties().flat_map(Property::values).any(|value| holds(value, app))
    }

    /// The person in the text of all the permissions that a consent brought: `[...] => [[Id: ..., PrincipalId: ...,
    /// ConsentType: Principal, ...]]`. None where it names nobody, or several.
    fn principal(&self) -> Option<String> {
        let permissions = self.value("ConsentAction.Permissions")?;
        let (_, now) = permissions.rsplit_once("=>")?;
        let mut people =
            now.split("PrincipalId:").skip(1).map(|rest| rest.split([',', ']']).next().unwrap_or(rest).trim());
        let first = people.next().filter(|id| !id.is_empty())?;
        people.all(|id| id == first).then(|| first.to_owned())
    }

    /// Whose consent it is, with the address where the line has it. Named as the principal; or as a target; or, for a
    /// consent that is not for everybody, the one who gave it.
    fn person(&self, what: LogWhat) -> (Option<String>, Option<String>) {
        if let Some(principal) = self.value("DelegatedPermissionGrant.PrincipalId").or_else(|| self.principal()) {
            return (Some(principal), None);
        }
        let is_user = |resource: &&Resource| resource.r#type.as_deref() == Some("User") && resource.id.is_some();
        if let Some(user) = self.target_resources.iter().find(is_user) {
            return (user.id.clone(), user.user_principal_name.clone());
        }
        let says = |name: &str, word: &str| self.value(name).is_some_and(|value| value.eq_ignore_ascii_case(word));
        let is_for_all = says("DelegatedPermissionGrant.ConsentType", ALL)
            || says("ConsentContext.OnBehalfOfAll", "true")
            || says("ConsentContext.IsAdminConsent", "true");
        let giver = self.initiated_by.as_ref().and_then(|by| by.user.as_ref());
        match giver {
            Some(giver) if what == LogWhat::Consented && !is_for_all => {
                (giver.id.clone().filter(|id| !id.is_empty()), giver.user_principal_name.clone())
            }
            _ => (None, None),
        }
    }

    /// What it says of an app. None: nothing.
    fn line(&self, app: &str, ahead: SignedDuration) -> Option<LogLine> {
        let what = self.what().filter(|_| self.is_about(app))?;
        let (person, address) = self.person(what);
        let at = self.activity_date_time.checked_add(ahead).unwrap_or(self.activity_date_time);
        Some(LogLine { app: app.to_owned(), person, address, at, what })
    }
}

impl Graph {
    pub(super) async fn read_log(&self, ask: &LogAsk, out: &Sender<LogLine>) -> Result<(), ApiError> {
        let LogAsk { apps, since, events } = ask;
        let (since, kinds): (Timestamp, &[&str]) = match events {
            LogEvents::Consents => (*since, &[ADD, CONSENT]),
            LogEvents::ConsentsAndRemovals => (*since, &[ADD, REMOVE, CONSENT]),
            LogEvents::Uses => return Ok(()),
        };
        let kinds: Vec<String> = kinds.iter().map(|name| format!("activityDisplayName eq '{name}'")).collect();
        let kinds = kinds.join(" or ");
        let filter = format!("activityDateTime ge {} and ({kinds})", self.start(since));
        let mut url = self.api.url(&["auditLogs", "directoryAudits"], &[("$filter", &filter), ("$top", PAGE)])?;
        let mut trail = Trail::default();
        trail.step(url.as_str(), false)?;
        // One for all pages, so that the lines keep their order.
        let mut of_all = None;
        loop {
            let reply = self.api.send(&Call::get(url)).await?;
            let ahead = *of_all.get_or_insert(reply.ahead);
            let page: Page<Audit> = reply.read(Permission::Log)?;
            for audit in &page.value {
                for line in apps.iter().filter_map(|app| audit.line(app, ahead)) {
                    if line.at >= since && out.send(line).await.is_err() {
                        return Ok(());
                    }
                }
            }
            let Some(next) = page.next else { return Ok(()) };
            trail.step(&next, page.value.is_empty())?;
            url = link(&self.api.base, &next)?;
        }
    }

    /// From when to read, by Microsoft's clock, so that nothing from `since` on is left out.
    fn start(&self, since: Timestamp) -> String {
        let (ahead, margin) = match self.api.ahead() {
            Some(ahead) => (ahead, SignedDuration::from_secs(2)),
            None => (SignedDuration::ZERO, SignedDuration::from_hours(24)),
        };
        let back = |from: Timestamp, by| from.checked_sub(by).unwrap_or(Timestamp::UNIX_EPOCH);
        let start = back(back(since, ahead), margin).max(Timestamp::UNIX_EPOCH);
        format!("{}Z", start.strftime("%Y-%m-%dT%H:%M:%S"))
    }
}
