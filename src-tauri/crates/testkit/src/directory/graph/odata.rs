//! What all lists share: `$select`, `$top`, `$filter`, `$count`, and links to next pages.

use super::errors;
use super::filter::{Asks, Filter};
use crate::directory::call::{Call, Params, Route};
use crate::directory::fault::Paging;
use crate::directory::faults::Faults;
use crate::directory::pages::{Cursor, Turn};
use crate::directory::reply::Reply;
use serde_json::{Map, Value, json};

/// The directory takes no more alternatives in one filter without an advanced query (microsoftgraph/microsoft-graph-docs
/// issue 21098).
const MOST_ALTERNATIVES: usize = 15;

/// A list.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    pub(super) route: Route,
    /// As in `$metadata#users`.
    pub(super) name: &'static str,
    /// As in `microsoft.graph.user`.
    pub(super) kind: &'static str,
    /// What `$select` may name.
    pub(super) properties: &'static [&'static str],
    pub(super) asks: &'static [(&'static str, Asks)],
    pub(super) pages: (usize, usize),
    /// What `$orderby` may say.
    pub(super) order: Option<&'static str>,
}

/// What a request asks of a list.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) select: Vec<String>,
    pub(super) filter: Option<Filter>,
    pub(super) top: usize,
    pub(super) cursor: Option<Cursor>,
    /// `$count=true` with `ConsistencyLevel: eventual`: an advanced query
    /// (<https://learn.microsoft.com/graph/aad-advanced-queries>, read 2026-11).
    pub(super) counts: bool,
}

/// The properties that a request wants of one thing; empty for the usual ones.
pub(super) fn select(call: &Call, kind: &str, properties: &[&str]) -> Result<Vec<String>, Reply> {
    select_of(&call.params(), call, kind, properties)
}

fn select_of(params: &Params, call: &Call, kind: &str, properties: &[&str]) -> Result<Vec<String>, Reply> {
    let Some(text) = params.get("$select") else { return Ok(Vec::new()) };
    let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    match names.iter().find(|name| !properties.contains(&name.as_str())) {
        Some(name) => {
            let message = format!(
                "Parsing OData Select and Expand failed: Could not find a property named '{name}' on type 'microsoft.graph.{kind}'."
            );
            Err(errors::error(400, "BadRequest", &message, call))
        }
        None => Ok(names),
    }
}

impl List {
    pub(super) fn read(&self, call: &Call) -> Result<Asked, Reply> {
        let params = call.params();
        let known = ["$select", "$top", "$filter", "$count", "$skiptoken", "$orderby"];
        if let Some(odd) = params.odd_one(&known) {
            return Err(errors::unsupported_query(&format!("Unsupported query parameter '{odd}'."), call));
        }
        let counts = params.get("$count").is_some_and(|count| count != "false");
        if counts && !call.eventual {
            return Err(errors::unsupported_query("$count is not currently supported without ConsistencyLevel.", call));
        }
        if params.get("$orderby").is_some_and(|order| self.order != Some(order)) {
            return Err(errors::unsupported_query("Sorting not supported for current query.", call));
        }
        let (usual, most) = self.pages;
        let top = match params.get("$top").map(str::parse) {
            None => usual,
            Some(Ok(top)) if (1..=most).contains(&top) => top,
            Some(_) => {
                let message = format!("Invalid page size specified. Must be between 1 and {most} inclusive.");
                return Err(errors::unsupported_query(&message, call));
            }
        };
        let bad_token = || errors::bad_request("Skip token is not valid.", call);
        let cursor = match params.get("$skiptoken") {
            Some(text) => Some(Cursor::parse(self.name, text).ok_or_else(bad_token)?),
            None => None,
        };
        let filter = params.get("$filter").map(|text| self.filter(text, counts, call)).transpose()?;
        Ok(Asked { select: select_of(&params, call, self.kind, self.properties)?, filter, top, cursor, counts })
    }

    fn filter(&self, text: &str, advanced: bool, call: &Call) -> Result<Filter, Reply> {
        let invalid = || errors::error(400, "BadRequest", "Invalid filter clause.", call);
        let filter = Filter::parse(text).ok_or_else(invalid)?;
        if !filter.is_supported(self.asks) {
            return Err(errors::unsupported_query("Unsupported or invalid query filter clause specified.", call));
        }
        let alternatives = filter.alternatives();
        if alternatives > MOST_ALTERNATIVES && !advanced {
            let message = format!(
                "Too many child clauses specified in search filter expression containing 'OR' operators: {alternatives}. Max allowed: {MOST_ALTERNATIVES}."
            );
            return Err(errors::unsupported_query(&message, call));
        }
        Ok(filter)
    }

    /// The answer with one page, which `page` makes from a position on, together with the position that it goes on at.
    pub(super) fn answer(
        &self,
        call: &Call,
        faults: &Faults,
        origin: &str,
        asked: &Asked,
        start: u64,
        page: impl FnOnce(u64) -> (Vec<Value>, Option<u64>),
    ) -> Reply {
        let cursor = asked.cursor.unwrap_or_else(|| Cursor::start(start));
        let paging = faults.paging_of(self.route);
        let (value, next) = match cursor.turn(&paging) {
            Turn::Blank(next) => (Vec::new(), Some(next)),
            Turn::Page => {
                let (value, goes_on) = page(cursor.at);
                (value, cursor.next(&paging, goes_on))
            }
        };
        let mut context = format!("https://graph.microsoft.com/v1.0/$metadata#{}", self.name);
        if !asked.select.is_empty() {
            context = format!("{context}({})", asked.select.join(","));
        }
        let mut answer = Map::new();
        answer.insert("@odata.context".to_owned(), json!(context));
        if let Some(next) = next {
            let origin = if let Paging::Elsewhere(origin) = &paging { origin } else { origin };
            answer.insert("@odata.nextLink".to_owned(), json!(self.link(call, origin, next)));
        }
        answer.insert("value".to_owned(), Value::Array(value));
        Reply::json(200, Value::Object(answer))
    }

    /// The same request with another `$skiptoken`.
    fn link(&self, call: &Call, origin: &str, next: Cursor) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(call.params().0.into_iter().filter(|(name, _)| name != "$skiptoken"));
        query.append_pair("$skiptoken", &next.text(self.name));
        format!("{origin}{}?{}", call.path, query.finish().replace("%24", "$"))
    }
}

/// One thing, with its type's context in front.
pub(super) fn single(name: &str, value: Value) -> Reply {
    let mut answer = Map::new();
    answer.insert(
        "@odata.context".to_owned(),
        json!(format!("https://graph.microsoft.com/v1.0/$metadata#{name}/$entity")),
    );
    if let Value::Object(members) = value {
        answer.extend(members);
    }
    Reply::json(200, Value::Object(answer))
}

/// An object of these properties.
pub(super) fn object<'a>(names: impl IntoIterator<Item = &'a str>, get: impl Fn(&str) -> Value) -> Value {
    Value::Object(names.into_iter().map(|name| (name.to_owned(), get(name))).collect())
}
