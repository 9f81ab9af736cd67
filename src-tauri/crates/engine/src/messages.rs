//! Messages for people, as `ui/messages` has them: read, and said with what stands in their places.

use crate::wire::Language;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static JAPANESE: LazyLock<Messages> = LazyLock::new(|| Messages::read(include_str!("../../../../ui/messages/ja.json")));
static ENGLISH: LazyLock<Messages> = LazyLock::new(|| Messages::read(include_str!("../../../../ui/messages/en.json")));

/// The messages of one language by their keys.
#[derive(Debug, Default)]
pub struct Messages(BTreeMap<String, Message>);

/// A message, and the one that stands in its place where its count is one.
#[derive(Debug)]
pub struct Message {
    text: String,
    one: Option<String>,
}

impl Messages {
    /// Reads a file of messages. A text that can't be read has none: a test reads every file that is compiled in.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let all: BTreeMap<String, Value> = serde_json::from_str(text).unwrap_or_default();
        Self(all.iter().filter_map(|(key, value)| Some((key.clone(), Message::read(value)?))).collect())
    }

    /// The window's own.
    #[must_use]
    pub fn of_window(language: Language) -> &'static Self {
        match language {
            Language::Japanese => &JAPANESE,
            Language::English => &ENGLISH,
        }
    }

    /// A message by its key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Message> {
        self.0.get(key)
    }

    /// All of them, with their texts for many.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, message)| (key.as_str(), message.text.as_str()))
    }

    /// Their keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A message with what is said in its places. What has no message is shown by its key.
    #[must_use]
    pub fn say(&self, key: &str, places: &[(&str, &str)]) -> String {
        let place = |place: &str| places.iter().find(|(name, _)| *name == place).map(|(_, text)| (*text).to_owned());
        self.get(key).map_or_else(|| key.to_owned(), |message| message.say(place))
    }
}

impl Message {
    /// A text, or one with a variant for each plural category, as the window's compiler of messages (inlang's message
    /// format, read 2026-11) has them.
    fn read(value: &Value) -> Option<Self> {
        if let Value::String(text) = value {
            return Some(Self { text: text.clone(), one: None });
        }
        let variants = value.pointer("/0/match")?.as_object()?;
        let of = |category: &str| {
            let found = variants.iter().find(|(condition, _)| condition.ends_with(category));
            found.and_then(|(_, text)| text.as_str()).map(str::to_owned)
        };
        Some(Self { text: of("=other")?, one: of("=one") })
    }

    /// The message with what is said in its places, in one go, so that braces in a name stay braces. Of what has no
    /// value nothing is said. The place `count` chooses between one and many.
    #[must_use]
    pub fn say(&self, place: impl Fn(&str) -> Option<String>) -> String {
        let one = self.one.as_ref().filter(|_| place("count").is_some_and(|count| count == "1"));
        let (mut said, mut rest) = (String::new(), one.unwrap_or(&self.text).as_str());
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else { break };
            said.push_str(before);
            said.push_str(&place(name).unwrap_or_default());
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
        let keys = |language| Messages::of_window(language).0.keys().collect::<Vec<_>>();
        assert!(keys(Language::English).len() > 1_000);
        assert_eq!(keys(Language::English), keys(Language::Japanese));
    }

    #[test]
    fn one_of_something_has_words_of_its_own_and_braces_in_a_name_stay() {
        let english = Messages::of_window(Language::English);
        let said = |count| english.say("event_history_exported", &[("count", count)]);
        assert_eq!(
            (said("1"), said("2")),
            ("Exported the history (1 entry)".to_owned(), "Exported the history (2 entries)".to_owned())
        );
        assert_eq!(english.say("event_member_added", &[("name", "{name}{x}")]).matches("{name}{x}").count(), 1);
    }
}
