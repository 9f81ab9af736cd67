//! The window's own messages, for what is written for people outside of it.

use crate::wire::Language;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static JAPANESE: LazyLock<Messages> = LazyLock::new(|| read(include_str!("../../../../ui/messages/ja.json")));
static ENGLISH: LazyLock<Messages> = LazyLock::new(|| read(include_str!("../../../../ui/messages/en.json")));

/// The messages of one language by their keys.
#[derive(Debug, Default)]
pub(crate) struct Messages(BTreeMap<String, Message>);

/// A message, and the one that stands in its place where its count is one.
#[derive(Debug)]
struct Message {
    text: String,
    one: Option<String>,
}

fn read(text: &str) -> Messages {
    // A test reads both files; what can't be read leaves the names of the messages.
    let all: BTreeMap<String, Value> = serde_json::from_str(text).unwrap_or_default();
    Messages(all.into_iter().filter_map(|(key, value)| Some((key, message(&value)?))).collect())
}

/// A text, or one with a variant for each plural category, as the window's compiler of messages (inlang's message
/// format, read 2026-11) has them.
fn message(value: &Value) -> Option<Message> {
    if let Value::String(text) = value {
        return Some(Message { text: text.clone(), one: None });
    }
    let variants = value.pointer("/0/match")?.as_object()?;
    let of = |category: &str| {
        let found = variants.iter().find(|(condition, _)| condition.ends_with(category));
        found.and_then(|(_, text)| text.as_str()).map(str::to_owned)
    };
    Some(Message { text: of("=other")?, one: of("=one") })
}

impl Messages {
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::Japanese => &JAPANESE,
            Language::English => &ENGLISH,
        }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// A message with what is said in its places, in one go, so that braces in a name stay braces. What has no message
    /// is shown by its key.
    pub(crate) fn say(&self, key: &str, places: &[(&str, &str)]) -> String {
        let value = |place: &str| places.iter().find(|(name, _)| *name == place).map_or("", |(_, text)| text);
        let mut rest = self.0.get(key).map_or(key, |message| match &message.one {
            Some(one) if value("count") == "1" => one,
            Some(_) | None => &message.text,
        });
        let mut said = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((place, behind)) = after.split_once('}') else { break };
            said.push_str(before);
            said.push_str(value(place));
            rest = behind;
        }
        said + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_messages() {
        let keys = |language| Messages::of(language).0.keys().collect::<Vec<_>>();
        assert!(keys(Language::English).len() > 1_000);
        assert_eq!(keys(Language::English), keys(Language::Japanese));
    }

    #[test]
    fn one_of_something_has_words_of_its_own_and_braces_in_a_name_stay() {
        let english = Messages::of(Language::English);
        let said = |count| english.say("event_history_exported", &[("count", count)]);
        assert_eq!(
            (said("1"), said("2")),
            ("Exported the history (1 entry)".to_owned(), "Exported the history (2 entries)".to_owned())
        );
        assert_eq!(english.say("event_member_added", &[("name", "{name}{x}")]).matches("{name}{x}").count(), 1);
    }
}
