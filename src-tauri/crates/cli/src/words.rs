//! Words for people, in their language. The command line's own stand in `ui/messages/cli`, beside the window's, which
//! are used for everything that both say.

use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};
use uncouple_engine::messages::{Message, Messages};
use uncouple_engine::ports::Clock as _;
use uncouple_engine::view::{Reach, ThroughView};
use uncouple_engine::wire::{Language, Left, NotRead, Suite};
use uncouple_host::SystemClock;

static JAPANESE: LazyLock<Messages> =
    LazyLock::new(|| Messages::read(include_str!("../../../../ui/messages/cli/ja.json")));
static ENGLISH: LazyLock<Messages> =
    LazyLock::new(|| Messages::read(include_str!("../../../../ui/messages/cli/en.json")));

/// The language of this process. Set once, before anything is said.
static LANGUAGE: OnceLock<Language> = OnceLock::new();

/// Everything is said in this language from now on.
pub(crate) fn speak(language: Language) {
    let _ = LANGUAGE.set(language);
}

/// The language that everything is said in.
pub(crate) fn language() -> Language {
    *LANGUAGE.get_or_init(|| from_environment(|name| std::env::var(name).ok()))
}

/// The language of the environment. `LC_ALL=C` and its kind ask for the untranslated words, as everywhere.
fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Language {
    let said = |name| variable(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(said);
    let untranslated = locale.is_some_and(|locale| {
        let name = locale.split('.').next().unwrap_or_default();
        matches!(name, "C" | "POSIX")
    });
    if said("UNCOUPLE_LANG").is_none() && untranslated { Language::English } else { uncouple_host::system_language() }
}

/// A message of the command line's own or, where it has none of this name, of the window's.
fn find(key: &str) -> Option<&'static Message> {
    let own = match language() {
        Language::Japanese => &*JAPANESE,
        Language::English => &*ENGLISH,
    };
    own.get(key).or_else(|| Messages::of_window(language()).get(key))
}

/// A message with its places filled in. None: there is none of this name.
fn message(key: &str, place: impl Fn(&str) -> Option<String>) -> Option<String> {
    find(key).map(|message| message.say(place))
}

/// A message. One that is missing shows its name.
pub(crate) fn say(key: &str, places: &[(&str, &str)]) -> String {
    let place = |name: &str| places.iter().find(|(place, _)| *place == name).map(|(_, value)| (*value).to_owned());
    message(key, place).unwrap_or_else(|| key.replace('_', " "))
}

/// So many of something: `n_grants` and its kind.
pub(crate) fn count(key: &str, n: u64) -> String {
    let one = format!("{key}_one");
    let key = if n == 1 && find(&one).is_some() { &one } else { key };
    say(key, &[("n", &n.to_string())])
}

/// A list in one text.
pub(crate) fn joined(separator: &str, parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().collect::<Vec<_>>().join(&say(separator, &[]))
}

/// The name that serde gives to a value of a closed list.
pub(crate) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The sentence of an error. One without words still has its code.
pub(crate) fn error(code: &str, details: &BTreeMap<String, String>) -> String {
    let place = |name: &str| {
        let value = details.get(name)?;
        match name {
            "permission" => message(&format!("permission_{value}"), |_| None).or_else(|| Some(value.clone())),
            _ => Some(value.clone()),
        }
    };
    let said = message(&format!("error_{code}"), place).unwrap_or_else(|| code.replace('_', " "));
    // What became of a consent that came with a sign-in that was refused.
    match details.get("consent").and_then(|became| message(&format!("consent_{became}"), |_| None)) {
        Some(became) => format!("{said} {became}"),
        None => said,
    }
}

/// Why an item was left.
pub(crate) fn left(why: Left) -> String {
    say(&format!("left_{}", word(&why)), &[])
}

/// By what HubSpot still reaches somebody whose planned grant is gone.
pub(crate) fn still_reached(suite: Suite, through: &[ThroughView]) -> String {
    let one = |through: &ThroughView| {
        let key = if through.everybody { "item_through_everybody" } else { "item_through" };
        say(key, &[("app", &through.app), ("reaches", &reaches(suite, &through.reaches))])
    };
    say("item_still_reached", &[("through", &joined("list_semicolon", through.iter().map(one)))])
}

/// Why a list could not be read.
pub(crate) fn not_read(why: NotRead) -> String {
    say(&format!("not_read_{}", word(&why)), &[])
}

/// Why a line is not in a plan.
pub(crate) fn refused(why: &str) -> String {
    say(&format!("refused_{why}"), &[])
}

/// A permission.
pub(crate) fn permission(permission: uncouple_engine::wire::Permission) -> String {
    say(&format!("permission_{}", word(&permission)), &[])
}

/// What scopes reach, as one text.
pub(crate) fn reaches(suite: Suite, reaches: &[Reach]) -> String {
    let one = |reach: &Reach| {
        let key = match (reach, suite) {
            (Reach::Files, Suite::Google) => "drive".to_owned(),
            (Reach::Files, Suite::Microsoft) => "onedrive".to_owned(),
            _ => word(reach),
        };
        say(&format!("reach_{key}"), &[])
    };
    joined("list_comma", reaches.iter().map(one))
}

/// The name of a provider's product.
pub(crate) fn suite(suite: Suite) -> &'static str {
    match suite {
        Suite::Google => "Google Workspace",
        Suite::Microsoft => "Microsoft 365",
    }
}

/// A time as the engine writes it, by the clock on the wall here, with its offset from UTC.
pub(crate) fn time(at: &str) -> String {
    local(at, "%Y-%m-%d %H:%M %:z")
}

/// The day of a time, here. None: not known.
pub(crate) fn day(at: Option<&str>) -> String {
    at.map_or_else(|| say("none", &[]), |at| local(at, "%Y-%m-%d"))
}

fn local(at: &str, form: &str) -> String {
    match at.parse::<Timestamp>() {
        Ok(time) => time.to_zoned_datetime(SystemClock.zone()).strftime(form).to_string(),
        Err(_) => at.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use std::collections::BTreeSet;

    /// All codes, by the list that the window's types are written from.
    fn codes() -> Vec<&'static str> {
        let text = include_str!("../../../../ui/src/backend/generated/ErrorCode.ts");
        let (_, union) = text.split_once("export type ErrorCode =").unwrap();
        union.split('"').skip(1).step_by(2).collect()
    }

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn each_error_code_has_a_sentence_in_both_languages() {
        let codes = codes();
        assert!(codes.len() > 20);
        for messages in [Language::English, Language::Japanese].map(Messages::of_window) {
            let without: Vec<&&str> =
                codes.iter().filter(|code| messages.get(&format!("error_{code}")).is_none()).collect();
            assert!(without.is_empty(), "{without:?}");
        }
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let texts = |messages: &'static Messages| messages.iter().collect::<BTreeMap<_, _>>();
        let (in_english, in_japanese) = (texts(&ENGLISH), texts(&JAPANESE));
        let english: BTreeSet<&str> = in_english.keys().copied().collect();
        let japanese: BTreeSet<&str> = in_japanese.keys().copied().collect();
        // Japanese has no singular; what has one in English has a plural, too.
        let plural: BTreeSet<&str> = english.iter().copied().filter(|key| !key.ends_with("_one")).collect();
        assert_eq!(plural, japanese);
        assert!(english.iter().filter_map(|key| key.strip_suffix("_one")).all(|key| english.contains(key)));
        for key in japanese {
            let (english, japanese) = (in_english[key], in_japanese[key]);
            assert!(!english.is_empty() && !japanese.is_empty(), "{key}");
            assert_eq!(places(english), places(japanese), "{key}");
        }
    }

    #[test]
    fn each_message_is_used() {
        let sources = [
            include_str!("apps.rs"),
            include_str!("arguments.rs"),
            include_str!("beside.rs"),
            include_str!("confirm.rs"),
            include_str!("failure.rs"),
            include_str!("find.rs"),
            include_str!("lib.rs"),
            include_str!("pace.rs"),
            include_str!("plan.rs"),
            include_str!("progress.rs"),
            include_str!("report.rs"),
            include_str!("restore.rs"),
            include_str!("run.rs"),
            include_str!("session.rs"),
            include_str!("sign_in.rs"),
            include_str!("status.rs"),
            include_str!("table.rs"),
            include_str!("token.rs"),
            include_str!("words.rs"),
        ]
        .join("\n");
        let by_code = ["error_", "state_", "likeness_", "crm_", "progress_", "run_paused_", "find_log_"];
        let unused: Vec<&str> = ENGLISH
            .keys()
            .filter(|key| !by_code.iter().any(|prefix| key.starts_with(prefix)))
            .filter(|key| !sources.contains(&format!("\"{}\"", key.strip_suffix("_one").unwrap_or(key))))
            .collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn places_are_filled_in_once() {
        speak(Language::English);
        let details = BTreeMap::from([("path".to_owned(), "/a {path}".to_owned())]);
        assert!(error("export_exists", &details).starts_with("/a {path} exists already."));
        assert_eq!(error("no_such_code", &details), "no such code");
        assert_eq!([count("n_grants", 1), count("n_grants", 2)], ["1 grant", "2 grants"]);
    }

    #[test]
    fn the_untranslated_locale_is_english_unless_uncouple_is_asked_otherwise() {
        let of = |pairs: &'static [(&str, &str)]| {
            from_environment(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
        };
        assert_eq!(of(&[("LC_ALL", "C"), ("LANG", "ja_JP.UTF-8")]), Language::English);
        assert_eq!(of(&[("LANG", "C.UTF-8")]), Language::English);
        assert_eq!(of(&[("LANG", "POSIX")]), Language::English);
    }
}
