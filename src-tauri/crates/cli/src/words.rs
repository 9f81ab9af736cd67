//! Words for people. They stand in the window's English messages and nowhere else.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use uncouple_engine::view::Reach;
use uncouple_engine::wire::{Left, Suite};

static MESSAGES: LazyLock<Map<String, Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../../ui/messages/en.json")).unwrap_or_default());

/// The name that serde gives to a value of a closed list.
pub(crate) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A message, with its places filled in. None: there is none of this name.
pub(crate) fn message(key: &str, details: &BTreeMap<String, String>) -> Option<String> {
    let mut text = MESSAGES.get(key)?.as_str()?.to_owned();
    for (name, value) in details {
        let value = match name.as_str() {
            "permission" => plain(&format!("permission_{value}")).unwrap_or_else(|| value.clone()),
            _ => value.clone(),
        };
        text = text.replace(&format!("{{{name}}}"), &value);
    }
    Some(text)
}

/// A message without places.
fn plain(key: &str) -> Option<String> {
    MESSAGES.get(key)?.as_str().map(str::to_owned)
}

/// The sentence of an error. One without words still has its code.
pub(crate) fn error(code: &str, details: &BTreeMap<String, String>) -> String {
    message(&format!("error_{code}"), details).unwrap_or_else(|| code.replace('_', " "))
}

/// Why an item was left.
pub(crate) fn left(why: Left) -> String {
    let why = word(&why);
    plain(&format!("left_{why}")).unwrap_or_else(|| why.replace('_', " "))
}

/// Why a line is not in a plan.
pub(crate) fn refused(why: &str) -> String {
    plain(&format!("refused_{why}")).unwrap_or_else(|| why.replace('_', " "))
}

/// A permission.
pub(crate) fn permission(permission: uncouple_engine::wire::Permission) -> String {
    let permission = word(&permission);
    plain(&format!("permission_{permission}")).unwrap_or(permission)
}

/// What scopes reach, as one text.
pub(crate) fn reaches(suite: Suite, reaches: &[Reach]) -> String {
    let one = |reach: &Reach| {
        let key = match (reach, suite) {
            (Reach::Files, Suite::Google) => "drive".to_owned(),
            (Reach::Files, Suite::Microsoft) => "onedrive".to_owned(),
            _ => word(reach),
        };
        plain(&format!("reach_{key}")).unwrap_or_else(|| key.replace('_', " "))
    };
    reaches.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The name of a provider's product.
pub(crate) fn suite(suite: Suite) -> &'static str {
    match suite {
        Suite::Google => "Google Workspace",
        Suite::Microsoft => "Microsoft 365",
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// All codes, by the list that the window's types are written from.
    fn codes() -> Vec<&'static str> {
        let text = include_str!("../../../../ui/src/backend/generated/ErrorCode.ts");
        let (_, union) = text.split_once("export type ErrorCode =").unwrap();
        union.split('"').skip(1).step_by(2).collect()
    }

    #[test]
    fn each_error_code_has_a_sentence() {
        let codes = codes();
        assert!(codes.len() > 20);
        let without: Vec<&&str> = codes.iter().filter(|code| plain(&format!("error_{code}")).is_none()).collect();
        assert!(without.is_empty(), "{without:?}");
    }

    #[test]
    fn places_are_filled_in() {
        let details = BTreeMap::from([("path".to_owned(), "/a {b}".to_owned())]);
        assert_eq!(error("export_exists", &details), "/a {b} exists already. Choose another name.");
        assert_eq!(error("no_such_code", &details), "no such code");
    }
}
