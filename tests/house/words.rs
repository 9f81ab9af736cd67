//! The words of both languages.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

fn entries(messages: &Value) -> Map<String, Value> {
    let mut entries = messages.as_object().cloned().unwrap_or_default();
    entries.remove("$schema");
    entries
}

/// Keys that one language has and the other hasn't, keys without words, and places that differ.
pub(crate) fn differences(japanese: &Value, english: &Value) -> Vec<String> {
    let (japanese, english) = (entries(japanese), entries(english));
    let mut broken = Vec::new();
    for key in japanese.keys().chain(english.keys()).collect::<BTreeSet<_>>() {
        match (japanese.get(key), english.get(key)) {
            (Some(ja), Some(en)) if empty(ja) || empty(en) => broken.push(format!("{key} is empty")),
            (Some(ja), Some(en)) if places(ja) != places(en) => {
                broken.push(format!("{key} is given {:?} in Japanese, {:?} in English", places(ja), places(en)));
            }
            (None, _) => broken.push(format!("{key} has no Japanese")),
            (_, None) => broken.push(format!("{key} has no English")),
            (Some(_), Some(_)) => {}
        }
    }
    broken
}

fn empty(words: &Value) -> bool {
    words.as_str().is_some_and(|words| words.trim().is_empty())
}

/// What is put into the words: `{address}`. In variants the same place may stand several times.
fn places(words: &Value) -> BTreeSet<String> {
    match words {
        Value::String(text) => {
            let parts = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
            parts.map(|(name, _)| name.trim().to_owned()).collect()
        }
        Value::Array(variants) => variants.iter().flat_map(places).collect(),
        Value::Object(variants) => variants.get("match").into_iter().flat_map(texts).flat_map(|t| places(&t)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => BTreeSet::new(),
    }
}

fn texts(matches: &Value) -> Vec<Value> {
    matches.as_object().map(|matches| matches.values().cloned().collect()).unwrap_or_default()
}

/// The codes in the generated TypeScript type: everything between double quotes.
pub(crate) fn error_codes(source: &str) -> Vec<String> {
    let Some((_, union)) = source.split_once("export type ErrorCode =") else { return Vec::new() };
    union.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Codes that a person would meet without a word, and words for codes that are no more.
pub(crate) fn without_words(codes: &[String], language: &str, messages: &Value) -> Vec<String> {
    let messages = entries(messages);
    let missing = codes.iter().filter(|code| !messages.contains_key(&format!("error_{code}")));
    missing.map(|code| format!("{language}.json has no error_{code}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_key_or_a_place_in_one_language_only_is_found() {
        let japanese =
            json!({"$schema": "x", "a": "あ {name}", "b": "い", "c": " ", "e": [{"match": {"n=one": "{n}件"}}]});
        let english = json!({"a": "a {address}", "c": "c", "d": "d", "e": [{"match": {"n=one": "one", "n=*": "{n}"}}]});
        assert_eq!(
            differences(&japanese, &english),
            [
                "a is given {\"name\"} in Japanese, {\"address\"} in English",
                "b has no English",
                "c is empty",
                "d has no Japanese",
            ]
        );
    }

    #[test]
    fn an_error_without_words_is_found() {
        let codes = error_codes("/** doc */\nexport type ErrorCode = \"store_full\" | \"internal\";\n");
        assert_eq!(codes, ["store_full", "internal"]);
        let messages = json!({"error_internal": "Something is wrong"});
        assert_eq!(without_words(&codes, "en", &messages), ["en.json has no error_store_full"]);
    }
}
