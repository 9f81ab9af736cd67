//! `/auditLogs/directoryAudits`: who granted what and who took it away, the newest first.
//!
//! The entries are made after ones that people have published (seen 2026-09 to 2026-11). What they show of grants:
//! an "Add" or a "Remove" names the resource as its target and the app's object id in `modifiedProperties`. Of the person
//! only a "Remove" tells, in `DelegatedPermissionGrant.PrincipalId`; otherwise they are only the actor. A change of
//! permissions is an "Add" and, one or two milliseconds *later*, a "Remove", both with the new permissions in `newValue`.
//! No published entry was found of a deletion by the API; after those of other deletions it has no `newValue` here.
//!
//! Microsoft keeps 30 days. Of what was before the server's start, every tenth person's consents are told, as of ten
//! days ago.

use super::api::GraphApi;
use super::filter::{Asks, Known};
use super::ids;
use super::odata::{Asked, List};
use super::state::{Event, GraphState, Key};
use crate::directory::call::{Call, Route};
use crate::directory::clock::{before, cut, ticks};
use crate::directory::fault::AuditLog;
use crate::directory::faults::{Faults, mixed};
use crate::directory::reply::Reply;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

const AUDITS: List = List {
    route: Route::Audit,
    name: "auditLogs/directoryAudits",
    kind: "directoryAudit",
    properties: &[],
    asks: &[
        ("activityDisplayName", Asks::EqStartsWithIn),
        ("activityDateTime", Asks::Order),
        ("category", Asks::Eq),
        ("loggedByService", Asks::Eq),
        ("result", Asks::Eq),
        ("correlationId", Asks::Eq),
        ("initiatedBy/user/id", Asks::Eq),
        ("initiatedBy/user/userPrincipalName", Asks::Eq),
        ("targetResources/id", Asks::Any),
        ("targetResources/displayName", Asks::Any),
    ],
    pages: (100, 1_000),
    order: Some("activityDateTime desc"),
};

/// Positions from here on count down what happened since the start; those below count up what was before.
const SINCE: u64 = 1 << 40;

const BEFORE: [Event; 2] = [Event::Consent, Event::Add];

/// One entry.
#[derive(Clone, Copy, Debug)]
struct Entry {
    at: Timestamp,
    key: Key,
    event: Event,
    number: u64,
}

/// The log, page by page.
pub(super) fn list(api: &GraphApi, faults: &Faults, call: &Call) -> Reply {
    let asked = match AUDITS.read(call) {
        Ok(asked) => asked,
        Err(reply) => return reply,
    };
    let state = &api.state;
    let since = state.with(|inner| {
        inner.log.read();
        inner.log.len()
    });
    let log = faults.audit_log();
    AUDITS.answer(call, faults, api.origin(), &asked, SINCE + since as u64, |from| {
        let (page, goes_on) = page(state, log, &asked, from);
        (page.iter().map(|entry| body(state, entry)).collect(), goes_on)
    })
}

fn page(state: &GraphState, log: AuditLog, asked: &Asked, from: u64) -> (Vec<Entry>, Option<u64>) {
    let now = state.now();
    let oldest = asked.filter.as_ref().and_then(|filter| filter.since("activityDateTime"));
    let too_old = |entry: &Entry| oldest.is_some_and(|oldest| entry.at < oldest);
    let fits =
        |entry: &Entry| asked.filter.as_ref().is_none_or(|filter| filter.fits(&|name: &str| known(state, entry, name)));
    let mut page = Vec::new();
    let mut position = from;
    // The log is in the order of its times, so that nothing older needs a look.
    let full = state.with(|inner| {
        while let Some(number) = position.checked_sub(SINCE + 1) {
            if page.len() == asked.top {
                return true;
            }
            position -= 1;
            let told = inner.log.told(usize::try_from(number).unwrap_or(usize::MAX), log, now);
            let Some((at, (key, event))) = told else { continue };
            let entry = Entry { at, key, event, number: position };
            if too_old(&entry) {
                break;
            }
            page.extend(Some(entry).filter(fits));
        }
        false
    });
    if full {
        return (page, Some(position));
    }
    if position >= SINCE {
        position = 0;
    }
    while let Some(entry) = past(state, position) {
        if page.len() == asked.top {
            return (page, Some(position));
        }
        position += 1;
        let Some(entry) = entry else { continue };
        if too_old(&entry) {
            break;
        }
        page.extend(Some(entry).filter(fits));
    }
    (page, None)
}

/// What was before the server's start, as if everybody had granted everything; `Some(None)` where they had not, and
/// `None` at the end.
fn past(state: &GraphState, position: u64) -> Option<Option<Entry>> {
    let place = usize::try_from(position).ok()?;
    let (place, event) = (place / BEFORE.len(), BEFORE.get(place % BEFORE.len())?);
    let kinds = state.layout.grants.len();
    let (user, kind) = (place.checked_div(kinds)? * 10 + 3, place.checked_rem(kinds)?);
    if user >= state.layout.users {
        return None;
    }
    let age = SignedDuration::from_hours(240) + SignedDuration::from_secs(i64::try_from(place).ok()?);
    // The consent itself is logged after its parts.
    let age = age + SignedDuration::from_millis(i64::from(*event == Event::Add));
    let at = cut(before(state.clock.start, age), 100);
    let key = (Some(user), kind);
    Some(state.layout.had(key).then_some(Entry { at, key, event: *event, number: position }))
}

fn activity(event: Event) -> (&'static str, &'static str) {
    match event {
        Event::Consent => ("Consent to application", "Assign"),
        Event::Add | Event::AmendAdd => ("Add delegated permission grant", "Assign"),
        Event::Remove | Event::RemovedByHand | Event::AmendRemove | Event::RemoveFailed => {
            ("Remove delegated permission grant", "Unassign")
        }
    }
}

/// Who did it: the administrator, or the person.
fn actor(entry: &Entry) -> usize {
    match entry.event {
        Event::Remove | Event::RemoveFailed => 0,
        Event::Consent | Event::Add | Event::RemovedByHand | Event::AmendAdd | Event::AmendRemove => {
            entry.key.0.unwrap_or(0)
        }
    }
}

fn result(event: Event) -> &'static str {
    if event == Event::RemoveFailed { "failure" } else { "success" }
}

/// The parts of one change have one of these.
fn correlation(entry: &Entry) -> String {
    let (user, kind) = (entry.key.0.map_or(u64::MAX, |user| user as u64), entry.key.1 as u64);
    let high = mixed(user, kind);
    Uuid::from_u64_pair(high, mixed(high, entry.at.as_second().cast_unsigned())).to_string()
}

fn targets(state: &GraphState, entry: &Entry) -> Vec<String> {
    let Some(grant) = state.layout.grants.get(entry.key.1) else { return Vec::new() };
    let (client, resource) = (grant.app.object_id.to_string(), grant.resource.object_id.to_string());
    if entry.event == Event::Consent { vec![client] } else { vec![resource, client] }
}

fn known(state: &GraphState, entry: &Entry, name: &str) -> Known {
    let text = |text: &str| Known::Text(text.to_owned());
    match name {
        "activityDisplayName" => text(activity(entry.event).0),
        "activityDateTime" => Known::Time(entry.at),
        "category" => text("ApplicationManagement"),
        "loggedByService" => text("Core Directory"),
        "result" => text(result(entry.event)),
        "correlationId" => Known::Text(correlation(entry)),
        "initiatedBy/user/id" => Known::Text(state.id(actor(entry))),
        "initiatedBy/user/userPrincipalName" => Known::Text(state.address(actor(entry))),
        "targetResources/id" => Known::Texts(targets(state, entry)),
        "targetResources/displayName" => {
            let grant = state.layout.grants.get(entry.key.1);
            let app = |grant: &super::GraphGrant| {
                if entry.event == Event::Consent { grant.app } else { grant.resource }
            };
            Known::Texts(grant.map(|grant| app(grant).display_name.to_owned()).into_iter().collect())
        }
        _ => Known::Null,
    }
}

fn body(state: &GraphState, entry: &Entry) -> Value {
    let actor = actor(entry);
    let (activity, operation) = activity(entry.event);
    let by_api = matches!(entry.event, Event::Remove | Event::RemoveFailed);
    json!({
        "id": format!("Directory_{}_{}", correlation(entry), entry.number),
        "category": "ApplicationManagement",
        "correlationId": correlation(entry),
        "result": result(entry.event),
        "resultReason": if entry.event == Event::RemoveFailed {
            "Microsoft.Online.DirectoryServices.DirectoryValueNotFoundException"
        } else { "" },
        "activityDisplayName": activity,
        "activityDateTime": ticks(entry.at),
        "loggedByService": "Core Directory",
        "operationType": operation,
        "initiatedBy": {
            "app": null,
            "user": {
                "id": state.id(actor),
                "displayName": if by_api { "Uncouple" } else { "Azure ESTS Service" },
                "userPrincipalName": state.address(actor),
                "ipAddress": "203.0.113.31",
                "userType": null,
                "homeTenantId": null,
                "homeTenantName": null,
            },
        },
        "targetResources": target_resources(state, entry),
        "additionalDetails": [{"key": "AppId", "value": "00000003-0000-0000-c000-000000000000"}],
    })
}

fn target_resources(state: &GraphState, entry: &Entry) -> Value {
    let Some(grant) = state.layout.grants.get(entry.key.1) else { return json!([]) };
    let target = |id: Uuid, name: Option<&str>, changes: Vec<Value>| {
        json!({
            "id": id.to_string(), "displayName": name, "type": "ServicePrincipal",
            "userPrincipalName": null, "groupType": null, "modifiedProperties": changes,
        })
    };
    let (app, resource) = (grant.app, grant.resource);
    if entry.event == Event::Consent {
        return json!([target(app.object_id, Some(app.display_name), consent(state, entry))]);
    }
    let changes = changes(state, entry);
    json!([target(resource.object_id, Some(resource.display_name), changes), target(app.object_id, None, Vec::new())])
}

/// A value of the log: JSON inside of a text.
fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn change(name: &str, old: Option<String>, new: Option<String>) -> Value {
    json!({"displayName": name, "oldValue": old, "newValue": new})
}

fn changes(state: &GraphState, entry: &Entry) -> Vec<Value> {
    let Some(grant) = state.layout.grants.get(entry.key.1) else { return Vec::new() };
    let kind = quoted(if entry.key.0.is_some() { "Principal" } else { "AllPrincipals" });
    let (was, is, more) = match entry.event {
        Event::Add | Event::Consent => (false, true, ""),
        Event::Remove | Event::RemovedByHand | Event::RemoveFailed => (true, false, ""),
        Event::AmendAdd | Event::AmendRemove => (true, true, " User.ReadBasic.All"),
    };
    let both = |old: String, new: String| (was.then_some(old), is.then_some(new));
    let (old, new) = both(quoted(grant.scope), quoted(&format!("{}{more}", grant.scope)));
    let mut changes = vec![change("DelegatedPermissionGrant.Scope", old, new)];
    let (old, new) = both(kind.clone(), kind);
    changes.push(change("DelegatedPermissionGrant.ConsentType", old, new));
    let removes = activity(entry.event).1 == "Unassign";
    if let Some(user) = entry.key.0.filter(|_| removes) {
        let id = quoted(&ids::person(user).to_string());
        let (old, new) = both(id.clone(), id);
        changes.push(change("DelegatedPermissionGrant.PrincipalId", old, new));
    }
    changes.push(change("ServicePrincipal.ObjectID", None, Some(quoted(&grant.app.object_id.to_string()))));
    changes
        .extend(["DisplayName", "AppId", "Name"].map(|name| change(&format!("ServicePrincipal.{name}"), None, None)));
    let names = format!("{};https://graph.microsoft.com", grant.resource.app_id);
    changes.push(change("TargetId.ServicePrincipalNames", None, Some(quoted(&names))));
    changes
}

fn consent(state: &GraphState, entry: &Entry) -> Vec<Value> {
    let Some(grant) = state.layout.grants.get(entry.key.1) else { return Vec::new() };
    let whose = entry.key.0;
    let (all, kind) = if whose.is_some() { ("False", "Principal") } else { ("True", "AllPrincipals") };
    let permissions = format!(
        "[] => [[Id: {}, ClientId: {}, PrincipalId: {}, ResourceId: {}, ConsentType: {kind}, Scope: {}, CreatedDateTime: , LastModifiedDateTime ]]; ",
        state.grant_id(entry.key),
        grant.app.object_id,
        whose.map(|user| ids::person(user).to_string()).unwrap_or_default(),
        grant.resource.object_id,
        grant.scope,
    );
    let plain = |name: &str, value: &str| change(name, None, Some(quoted(value)));
    vec![
        plain("ConsentContext.IsAdminConsent", all),
        plain("ConsentContext.IsAppOnly", "False"),
        plain("ConsentContext.OnBehalfOfAll", all),
        plain("ConsentAction.Permissions", &permissions),
    ]
}
