//! Partial answers: `fields=nextPageToken,users(id,name/fullName)`
//! (<https://developers.google.com/workspace/admin/directory/v1/guides/performance#partial-response>, read 2026-11).

use super::api::GLOBAL;
use super::errors;
use crate::directory::call::{Call, Params};
use crate::directory::reply::Reply;
use serde_json::Value;
use std::collections::BTreeMap;

/// What is asked for of an object's members. Empty: all of them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Mask(BTreeMap<String, Mask>);

/// The parameters of a request that takes these and no others, and the answer made from them, cut to `fields`.
pub(super) fn answer(
    call: &Call,
    known: &[&str],
    members: &[&str],
    make: impl FnOnce(&Params) -> Result<Value, Reply>,
) -> Reply {
    let params = call.params();
    let all: Vec<&str> = known.iter().chain(&GLOBAL).copied().collect();
    if let Some(odd) = params.odd_one(&all) {
        let message = format!("Invalid JSON payload received. Unknown name \"{odd}\": Cannot bind query parameter.");
        return errors::invalid_parameter(odd, &message);
    }
    let mask = match params.get("fields").map(|text| parse(text, members)) {
        Some(None) => {
            let message = format!("Invalid field selection {}", params.get("fields").unwrap_or_default());
            return errors::invalid_parameter("fields", &message);
        }
        Some(Some(mask)) => mask,
        None => Mask::default(),
    };
    match make(&params) {
        Ok(value) => Reply::json(200, cut(value, &mask)),
        Err(reply) => reply,
    }
}

/// `None` where it is no selection, or of members that don't exist.
fn parse(text: &str, members: &[&str]) -> Option<Mask> {
    let mut rest = text;
    let mask = list(&mut rest, members)?;
    rest.is_empty().then_some(mask)
}

fn list(rest: &mut &str, members: &[&str]) -> Option<Mask> {
    let mut mask = Mask::default();
    loop {
        let mut place = &mut mask;
        loop {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || "*_-.".contains(c))).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            *rest = after;
            if name != "*" && !members.contains(&name) {
                return None;
            }
            place = place.0.entry(name.to_owned()).or_default();
            let Some(after) = rest.strip_prefix('/') else { break };
            *rest = after;
        }
        if let Some(after) = rest.strip_prefix('(') {
            *rest = after;
            let inner = list(rest, members)?;
            *rest = rest.strip_prefix(')')?;
            place.0.extend(inner.0);
        }
        let Some(after) = rest.strip_prefix(',') else { return Some(mask) };
        *rest = after;
    }
}

fn cut(value: Value, mask: &Mask) -> Value {
    if mask.0.is_empty() {
        return value;
    }
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(|item| cut(item, mask)).collect()),
        Value::Object(members) => {
            let kept = |(key, value): (String, Value)| {
                let mask = mask.0.get(&key).or_else(|| mask.0.get("*"))?;
                Some((key, cut(value, mask)))
            };
            Value::Object(members.into_iter().filter_map(kept).collect())
        }
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "a test may stop where it stands")]

    use super::*;
    use serde_json::json;

    const MEMBERS: &[&str] = &["kind", "nextPageToken", "users", "id", "name", "fullName", "givenName"];

    #[test]
    fn only_what_is_asked_for_is_left() {
        let all = json!({
            "kind": "k", "nextPageToken": "t",
            "users": [{"id": "1", "name": {"fullName": "A B", "givenName": "A"}}, {"id": "2"}],
        });
        let cut = |text: &str| parse(text, MEMBERS).map(|mask| cut(all.clone(), &mask));
        let short = json!({"nextPageToken": "t", "users": [{"id": "1", "name": {"fullName": "A B"}}, {"id": "2"}]});
        assert_eq!(cut("nextPageToken,users(id,name/fullName)"), Some(short));
        assert_eq!(cut("users/id"), Some(json!({"users": [{"id": "1"}, {"id": "2"}]})));
        assert_eq!(cut("*"), Some(all.clone()));
        assert_eq!(cut("users(*)"), Some(json!({"users": all["users"]})));
    }

    #[test]
    fn what_is_no_selection_is_refused() {
        for bad in ["", ",", "nonsense", "users(id", "users(id))", "users(nonsense)", "users/", "users()", "id id"] {
            assert_eq!(parse(bad, MEMBERS), None, "{bad}");
        }
    }
}
