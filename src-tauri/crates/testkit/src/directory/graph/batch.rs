//! `$batch`: up to 20 requests in one, each with a status of its own
//! (<https://learn.microsoft.com/graph/json-batching>, read 2026-11).

use super::api::GraphApi;
use super::errors;
use crate::directory::call::Call;
use crate::directory::reply::{Content, Outcome, Reply};
use crate::directory::server::{Api as _, Server};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const MOST: usize = 20;

/// One request of a batch.
struct Step {
    id: String,
    call: Call,
    depends_on: Vec<String>,
}

/// Does what is in a batch, in its order. The answers come in another order, as they do from Microsoft.
pub(super) fn answer(server: &Server<GraphApi>, call: &Call) -> Outcome {
    let steps = match read(call) {
        Ok(steps) => steps,
        Err(message) => return Outcome::Reply(errors::error(400, "BadRequest", &message, call)),
    };
    let mut statuses: BTreeMap<String, u16> = BTreeMap::new();
    let mut responses = Vec::new();
    for step in steps {
        let failed = |id: &String| statuses.get(id).is_none_or(|status| *status >= 400);
        let reply = if step.depends_on.iter().any(failed) {
            errors::error(424, "FailedDependency", "A request that this one depends on has failed.", call)
        } else {
            let target = server.api.target(&step.call);
            match server.one(&step.call, &target, 0) {
                Outcome::Reply(reply) => reply,
                outcome @ (Outcome::Reset | Outcome::Hang) => return outcome,
            }
        };
        statuses.insert(step.id.clone(), reply.status);
        responses.push(response(step.id, reply));
    }
    if server.faults.are_exchanged() {
        exchange(&mut responses);
    }
    responses.reverse();
    Outcome::Reply(Reply::json(200, json!({"responses": responses})))
}

/// Each answer gets the identifier of its neighbour's.
fn exchange(responses: &mut [Value]) {
    let mut ids: Vec<Value> = responses.iter().map(|response| response["id"].clone()).collect();
    ids.rotate_left(1);
    for (response, id) in responses.iter_mut().zip(ids) {
        response["id"] = id;
    }
}

fn response(id: String, reply: Reply) -> Value {
    let mut headers = Map::new();
    if let Some(seconds) = reply.retry_after {
        headers.insert("Retry-After".to_owned(), json!(seconds.to_string()));
    }
    let mut response = Map::new();
    response.insert("id".to_owned(), Value::String(id));
    response.insert("status".to_owned(), json!(reply.status));
    match reply.content {
        Content::Json(body) => {
            headers.insert("Content-Type".to_owned(), json!("application/json"));
            response.insert("body".to_owned(), body);
        }
        // Bodies that are no JSON come as base64 text.
        Content::Html(_) | Content::Flood { .. } => {
            headers.insert("Content-Type".to_owned(), json!("text/html"));
            response.insert("body".to_owned(), json!("PCFET0NUWVBFIGh0bWw+"));
        }
        Content::Empty => {}
    }
    response.insert("headers".to_owned(), Value::Object(headers));
    Value::Object(response)
}

fn read(call: &Call) -> Result<Vec<Step>, String> {
    if !call.content_type.as_deref().is_some_and(|kind| kind.starts_with("application/json")) {
        return Err("Content-Type must be application/json.".to_owned());
    }
    let body: Value = serde_json::from_slice(&call.body).map_err(|_| "Invalid batch payload format.".to_owned())?;
    let requests = body.get("requests").and_then(Value::as_array).ok_or("Invalid batch payload format.")?;
    if requests.is_empty() {
        return Err("A batch needs at least one request.".to_owned());
    }
    if requests.len() > MOST {
        return Err(format!("Number of batch request steps exceeds the maximum value of {MOST}."));
    }
    let mut steps: Vec<Step> = Vec::new();
    for request in requests {
        let step = read_one(request, call)?;
        if steps.iter().any(|other| other.id == step.id) {
            return Err(format!("Duplicate request id '{}'.", step.id));
        }
        if let Some(id) = step.depends_on.iter().find(|id| !steps.iter().any(|other| other.id == **id)) {
            return Err(format!("'{}' depends on '{id}', which is not before it.", step.id));
        }
        steps.push(step);
    }
    Ok(steps)
}

fn read_one(request: &Value, outer: &Call) -> Result<Step, String> {
    let text = |name: &str| request.get(name).and_then(Value::as_str).ok_or(format!("'{name}' is missing."));
    let (id, method, url) = (text("id")?, text("method")?, text("url")?);
    if !url.starts_with('/') || url.starts_with("/v1.0/") || url.starts_with("/$batch") {
        return Err(format!("'{url}' is not relative to the version."));
    }
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let header = |name: &str| {
        let headers = request.get("headers").and_then(Value::as_object)?;
        headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).and_then(|(_, value)| value.as_str())
    };
    let body = request.get("body").map(Value::to_string).unwrap_or_default();
    if !body.is_empty() && header("Content-Type").is_none() {
        return Err("A request with a body needs a Content-Type.".to_owned());
    }
    let depends_on = request.get("dependsOn").and_then(Value::as_array);
    let depends_on = depends_on.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let call = Call {
        connection: outer.connection,
        in_batch: true,
        method: method.to_ascii_uppercase(),
        path: format!("/v1.0{path}"),
        query: query.to_owned(),
        authorization: None,
        eventual: header("ConsistencyLevel").is_some_and(|level| level.eq_ignore_ascii_case("eventual")),
        client_request_id: outer.client_request_id.clone(),
        content_type: header("Content-Type").map(str::to_owned),
        body: body.into(),
    };
    Ok(Step { id: id.to_owned(), call, depends_on })
}
