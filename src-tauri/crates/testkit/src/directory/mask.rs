//! Google's partial answers: `fields=nextPageToken,users(id,name/fullName)`
//! (<https://developers.google.com/workspace/admin/directory/v1/guides/performance#partial-response>, read 2026-11).

use serde_json::Value;
use std::collections::BTreeMap;

/// What is asked for of an object's members. Empty: all of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Mask(pub(crate) BTreeMap<String, Mask>);

impl Mask {
    /// `None` where it is no selection.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let mask = list(&mut rest)?;
        rest.is_empty().then_some(mask)
    }

    /// A name in it that is not among these.
    pub(crate) fn stranger<'a>(&'a self, known: &[&str]) -> Option<&'a str> {
        let strange = |name: &str| name != "*" && !known.contains(&name);
        self.0.iter().find_map(|(name, inner)| if strange(name) { Some(name.as_str()) } else { inner.stranger(known) })
    }

    /// Leaves only what is asked for.
    pub(crate) fn cut(&self, value: Value) -> Value {
        if self.0.is_empty() {
            return value;
        }
        match value {
            Value::Array(items) => Value::Array(items.into_iter().map(|item| self.cut(item)).collect()),
            Value::Object(members) => {
                let kept = |(key, value): (String, Value)| {
                    let mask = self.0.get(&key).or_else(|| self.0.get("*"))?;
                    Some((key, mask.cut(value)))
                };
                Value::Object(members.into_iter().filter_map(kept).collect())
            }
            plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
        }
    }
}

fn list(rest: &mut &str) -> Option<Mask> {
    let mut mask = Mask::default();
    loop {
        let mut place = &mut mask;
        loop {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || "*_-.".contains(c))).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            *rest = after;
            if name.is_empty() {
                return None;
            }
            place = place.0.entry(name.to_owned()).or_default();
            let Some(after) = rest.strip_prefix('/') else { break };
            *rest = after;
        }
        if let Some(after) = rest.strip_prefix('(') {
            *rest = after;
            let inner = list(rest)?;
            *rest = rest.strip_prefix(')')?;
            place.0.extend(inner.0);
        }
        let Some(after) = rest.strip_prefix(',') else { return Some(mask) };
        *rest = after;
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "a test may stop where it stands")]

    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_asked_for_is_left() {
        let all = json!({
            "kind": "k", "nextPageToken": "t",
            "users": [{"id": "1", "name": {"fullName": "A B", "givenName": "A"}}, {"id": "2"}],
        });
        let cut = |text: &str| Mask::parse(text).map(|mask| mask.cut(all.clone()));
        let short = json!({"nextPageToken": "t", "users": [{"id": "1", "name": {"fullName": "A B"}}, {"id": "2"}]});
        assert_eq!(cut("nextPageToken,users(id,name/fullName)"), Some(short));
        assert_eq!(cut("users/id"), Some(json!({"users": [{"id": "1"}, {"id": "2"}]})));
        assert_eq!(cut("*"), Some(all.clone()));
        assert_eq!(cut("users(*)"), Some(json!({"users": all["users"]})));
    }

    #[test]
    fn what_is_no_selection_is_refused() {
        for bad in ["", ",", "users(id", "users(id))", "users/", "users()", "id id"] {
            assert_eq!(Mask::parse(bad), None, "{bad}");
        }
        let mask = Mask::parse("users(id,nonsense/more)");
        assert_eq!(mask.as_ref().and_then(|mask| mask.stranger(&["users", "id"])), Some("nonsense"));
    }
}
