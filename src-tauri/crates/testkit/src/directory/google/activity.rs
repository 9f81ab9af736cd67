//! The `token` activities of the Reports API: who let which app in, what it did, and who took it out.
//!
//! What was before the server's start is computed from people's numbers: everybody let their apps in 150 to 174 days
//! ago, and each app was last used 1 to 120 days ago. The newest comes first, as Google has it.

use super::state::{Event, GoogleState};
use super::{errors, fields};
use crate::directory::call::{Call, Params, Route};
use crate::directory::clock::{before, cut, millis};
use crate::directory::fault::AuditLog;
use crate::directory::faults::{Faults, mixed};
use crate::directory::pages::{Cursor, Turn};
use crate::directory::people::InOrder;
use crate::directory::reply::{Reply, put};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const LIST: &[&str] = &[
    "actorIpAddress",
    "customerId",
    "endTime",
    "eventName",
    "filters",
    "groupIdFilter",
    "maxResults",
    "orgUnitID",
    "pageToken",
    "startTime",
];

const MEMBERS: &[&str] = &[
    "kind",
    "etag",
    "nextPageToken",
    "items",
    "id",
    "time",
    "uniqueQualifier",
    "applicationName",
    "customerId",
    "actor",
    "email",
    "profileId",
    "callerType",
    "ipAddress",
    "events",
    "type",
    "name",
    "parameters",
    "value",
    "multiValue",
    "intValue",
];

const USED_DAYS: usize = 120;
const LET_IN_DAYS: usize = 25;
const FIRST_LET_IN: usize = 150;

/// Positions from here on count down what happened since the start; those below count up what was before.
const SINCE: u64 = 1 << 40;

/// One line of the log.
#[derive(Clone, Copy, Debug)]
struct Line {
    at: Timestamp,
    user: usize,
    app: usize,
    event: Event,
}

/// The log of one person, or of `all`.
pub(super) fn list(state: &GoogleState, faults: &Faults, call: &Call, user: Option<usize>, key: &str) -> Reply {
    fields::answer(call, LIST, MEMBERS, |params| {
        let whose = if key == "all" { None } else { Some(user.ok_or_else(|| errors::not_found("userKey"))?) };
        let wanted = Wanted::parse(params)?;
        let most = most(params)?;
        let since = state.with(|inner| {
            inner.log.read();
            inner.log.len()
        });
        let cursor = match params.get("pageToken") {
            Some(text) => Cursor::parse("token", text).ok_or_else(|| errors::invalid("pageToken"))?,
            None => Cursor::start(SINCE + since as u64),
        };
        let paging = faults.paging_of(Route::Audit);
        let (items, next) = match cursor.turn(&paging) {
            Turn::Blank(next) => (Vec::new(), Some(next)),
            Turn::Page => {
                let (lines, goes_on) = page(state, &wanted, faults.audit_log(), whose, cursor.at, most);
                (lines, cursor.next(&paging, goes_on))
            }
        };
        let mut answer = json!({"kind": "admin#reports#activities", "etag": format!("\"fixture/{}\"", cursor.at)});
        if !items.is_empty() {
            let items: Vec<Value> = items.iter().filter_map(|line| activity(state, line)).collect();
            put(&mut answer, "items", items);
        }
        if let Some(next) = next {
            put(&mut answer, "nextPageToken", next.text("token"));
        }
        Ok(answer)
    })
}

fn most(params: &Params) -> Result<usize, Reply> {
    let Some(text) = params.get("maxResults") else { return Ok(1_000) };
    let range = || errors::invalid_parameter("maxResults", "Values must be within the range: [1, 1000]");
    text.parse().ok().filter(|most| (1..=1_000).contains(most)).ok_or_else(range)
}

/// What is asked for.
#[derive(Debug, Default)]
struct Wanted {
    event: Option<Event>,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    client_ids: Vec<(String, bool)>,
    app_names: Vec<(String, bool)>,
}

impl Wanted {
    fn parse(params: &Params) -> Result<Self, Reply> {
        let event = match params.get("eventName") {
            None => None,
            Some("authorize") => Some(Event::Authorize),
            Some("activity") => Some(Event::Activity),
            Some("revoke") => Some(Event::Revoke),
            Some(_) => return Err(errors::bad_request()),
        };
        let time = |name: &str| match params.get(name) {
            Some(text) => text.parse::<Timestamp>().map(Some).map_err(|_| errors::invalid(name)),
            None => Ok(None),
        };
        let mut wanted = Self { event, start: time("startTime")?, end: time("endTime")?, ..Self::default() };
        if wanted.start.zip(wanted.end).is_some_and(|(start, end)| start > end) {
            return Err(errors::bad_request());
        }
        for filter in params.get("filters").into_iter().flat_map(|text| text.split(',')) {
            let equal = filter.split_once("==").map(|(name, value)| (name, value, true));
            let (name, value, is) = equal
                .or_else(|| filter.split_once("<>").map(|(name, value)| (name, value, false)))
                .ok_or_else(errors::bad_request)?;
            match name {
                "client_id" => wanted.client_ids.push((value.to_owned(), is)),
                "app_name" => wanted.app_names.push((value.to_owned(), is)),
                _ => return Err(errors::bad_request()),
            }
        }
        Ok(wanted)
    }

    fn app_fits(&self, state: &GoogleState, app: usize) -> bool {
        let Some((app, _)) = state.layout.apps.get(app) else { return false };
        self.client_ids.iter().all(|(value, is)| (value == app.client_id) == *is)
            && self.app_names.iter().all(|(value, is)| (value == app.display_text) == *is)
    }

    fn event_fits(&self, event: Event) -> bool {
        self.event.is_none_or(|wanted| wanted == event)
    }

    fn fits(&self, state: &GoogleState, line: &Line) -> bool {
        self.event_fits(line.event)
            && self.app_fits(state, line.app)
            && self.start.is_none_or(|start| line.at >= start)
            && self.end.is_none_or(|end| line.at <= end)
    }
}

fn page(
    state: &GoogleState,
    wanted: &Wanted,
    log: AuditLog,
    whose: Option<usize>,
    from: u64,
    most: usize,
) -> (Vec<Line>, Option<u64>) {
    let now = state.now();
    let too_old = |line: &Line| wanted.start.is_some_and(|start| line.at < start);
    let mut lines = Vec::new();
    let mut position = from;
    // The log is in the order of its times, so that nothing older needs a look.
    let full = state.with(|inner| {
        while let Some(number) = position.checked_sub(SINCE + 1) {
            if lines.len() == most {
                return true;
            }
            position -= 1;
            let told = inner.log.told(usize::try_from(number).unwrap_or(usize::MAX), log, now);
            let Some((at, (user, app, event))) = told else { continue };
            let line = Line { at: cut(at, 1_000_000), user, app, event };
            if too_old(&line) {
                break;
            }
            if whose.is_none_or(|whose| whose == user) && wanted.fits(state, &line) {
                lines.push(line);
            }
        }
        false
    });
    if full {
        return (lines, Some(position));
    }
    if position >= SINCE {
        position = 0;
    }
    let past = Past::new(state, whose);
    while let Some(line) = past.at(position) {
        if too_old(&line) {
            break;
        }
        if lines.len() == most {
            return (lines, Some(position));
        }
        position += 1;
        lines.extend(Some(line).filter(|line| state.layout.had(line.user, line.app) && wanted.fits(state, line)));
    }
    (lines, None)
}

/// What was before the server's start, as if everybody had every app.
struct Past<'a> {
    state: &'a GoogleState,
    whose: Option<usize>,
    used: InOrder,
    let_in: InOrder,
}

impl<'a> Past<'a> {
    fn new(state: &'a GoogleState, whose: Option<usize>) -> Self {
        let users = state.layout.users;
        let order = |classes: usize| InOrder::of((0..classes).collect(), users);
        Self { state, whose, used: order(USED_DAYS), let_in: order(LET_IN_DAYS) }
    }

    fn at(&self, position: u64) -> Option<Line> {
        let apps = self.state.layout.apps.len();
        let position = usize::try_from(position).ok()?;
        let (place, app) = (position.checked_div(apps)?, position.checked_rem(apps)?);
        let users = if self.whose.is_some() { 1 } else { self.state.layout.users };
        let (user, event) = match (place.checked_sub(users), self.whose) {
            (None, Some(user)) => (user, Event::Activity),
            (None, None) => (self.used.at(place)?, Event::Activity),
            (Some(0), Some(user)) => (user, Event::Authorize),
            (Some(_), Some(_)) => return None,
            (Some(place), None) => (self.let_in.at(place)?, Event::Authorize),
        };
        let days = match event {
            Event::Activity => 1 + user % USED_DAYS,
            Event::Authorize | Event::Revoke => FIRST_LET_IN + user % LET_IN_DAYS,
        };
        let age = SignedDuration::from_hours(24 * i64::try_from(days).ok()?)
            + SignedDuration::from_millis(i64::try_from(user).ok()?);
        Some(Line { at: cut(before(self.state.clock.start, age), 1_000_000), user, app, event })
    }
}

fn activity(state: &GoogleState, line: &Line) -> Option<Value> {
    let (app, _) = state.layout.apps.get(line.app)?;
    let text = |name: &str, value: &str| json!({"name": name, "value": value});
    let mut parameters = vec![
        text("client_id", app.client_id),
        text("app_name", app.display_text),
        text("client_type", if app.native { "NATIVE_DESKTOP" } else { "WEB" }),
    ];
    let name = match line.event {
        Event::Activity => {
            parameters.push(text("api_name", "gmail"));
            parameters.push(text("method_name", "gmail.users.messages.list"));
            parameters.push(json!({"name": "num_response_bytes", "intValue": "2048"}));
            parameters.push(text("product_bucket", "GMAIL"));
            "activity"
        }
        Event::Authorize => "authorize",
        Event::Revoke => "revoke",
    };
    if line.event != Event::Activity {
        parameters.push(json!({"name": "scope", "multiValue": app.scopes}));
    }
    let qualifier = mixed(line.user as u64, (line.app as u64) << 8 | line.event as u64);
    Some(json!({
        "kind": "admin#reports#activity",
        "etag": format!("\"fixture/{qualifier}\""),
        "id": {
            "time": millis(line.at),
            // Google's are signed, too.
            "uniqueQualifier": qualifier.cast_signed().to_string(),
            "applicationName": "token",
            "customerId": state.customer_id(),
        },
        "actor": {"callerType": "USER", "email": state.address(line.user), "profileId": state.id(line.user)},
        "ipAddress": if line.user.is_multiple_of(2) { "192.0.2.1" } else { "2001:db8::1" },
        "events": [{"type": "auth", "name": name, "parameters": parameters}],
    }))
}
