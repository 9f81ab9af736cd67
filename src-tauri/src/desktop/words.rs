//! The words of what the desktop shows outside of the window: pop-ups and the tray.
//!
//! They stand beside the window's own, in `ui/messages/desktop`, so that whoever changes a word finds both.

use std::sync::LazyLock;
use uncouple_engine::messages::Messages;
use uncouple_engine::ports::PopUp;
use uncouple_engine::view::NoticeKind;
use uncouple_engine::wire::{Language, LostReason, Provider, Rank};

static JAPANESE: LazyLock<Messages> =
    LazyLock::new(|| Messages::read(include_str!("../../../ui/messages/desktop/ja.json")));
static ENGLISH: LazyLock<Messages> =
    LazyLock::new(|| Messages::read(include_str!("../../../ui/messages/desktop/en.json")));

/// So much of somebody else's text is shown: names may have any length, a pop-up has three or four lines.
const LONGEST: usize = 60;

/// Begins somebody else's text, whose direction is its own affair.
const ISOLATE: char = '\u{2068}';

/// A letter that can't be seen, and is read from left to right.
const LEFT_TO_RIGHT: char = '\u{200e}';

/// One message, with what is said in its places. What has no message is shown by its name.
pub(crate) fn say(language: Language, key: &str, places: &[(&str, &str)]) -> String {
    let messages = match language {
        Language::Japanese => &*JAPANESE,
        Language::English => &*ENGLISH,
    };
    messages.say(key, places)
}

/// The key's ending for so many.
pub(crate) fn one_or_many(count: u32) -> &'static str {
    if count == 1 { "one" } else { "many" }
}

/// A title and a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) title: String,
    pub(crate) text: String,
}

/// What a pop-up says. It names the address and what to do.
pub(crate) fn pop_up(pop_up: &PopUp) -> Words {
    let language = pop_up.language;
    let by = pop_up.by.as_deref().map(foreign);
    let address = pop_up.address.as_deref().map_or_else(|| say(language, "popup_some_address", &[]), foreign);
    let name = by.as_deref().unwrap_or_default();
    let text = |key: &str, places: &[(&str, &str)]| {
        let mut all = vec![("name", name), ("address", address.as_str())];
        all.extend(places);
        say(language, key, &all)
    };
    // The message for "somebody did" where it is known who.
    let told = |key: &str, places: &[(&str, &str)]| {
        if by.is_some() { text(&format!("{key}_by"), places) } else { text(key, places) }
    };
    let comma = if language == Language::Japanese { "、" } else { ", " };
    let names = |apps: &[String]| apps.iter().map(|app| foreign(app)).collect::<Vec<_>>().join(comma);
    let mut words = match &pop_up.what {
        NoticeKind::Removed { inbox, here, rank, moving, rest } => {
            let place = inbox.as_deref().map(|inbox| text("popup_inbox", &[("inbox", &foreign(inbox))]));
            let next = rank.map(|_| text(removed_next(*here, *moving, *rest), &[]));
            let what = match removed(*here, *rank) {
                Removed { told: Some(key), .. } => Some(told(key, &[])),
                Removed { told: None, .. } => Some(text("popup_removed_back", &[])),
            };
            let said = [what, place, next].into_iter().flatten().collect::<Vec<_>>();
            Words { title: text(removed(*here, *rank).title, &[]), text: said.join(between(language)) }
        }
        NoticeKind::Lost { reason, here, stated } => {
            let listed = !here && *reason == LostReason::Withdrawn;
            let title = if !here && *stated {
                "popup_lost_title_stated"
            } else if listed {
                "popup_lost_title_listed"
            } else {
                "popup_lost_title"
            };
            let why = text(if listed { "popup_lost_listed" } else { lost(*reason) }, &[]);
            let reported = by.as_ref().map(|_| text("popup_reported", &[]));
            Words { title: text(title, &[]), text: join(language, why, reported) }
        }
        NoticeKind::Asked => Words { title: text("popup_asked_title", &[]), text: told("popup_asked", &[]) },
        NoticeKind::Declined => Words { title: text("popup_declined_title", &[]), text: told("popup_declined", &[]) },
        NoticeKind::Moving { to } => {
            let to = text(provider(*to), &[]);
            Words { title: text("popup_moving_title", &[]), text: told("popup_moving", &[("provider", &to)]) }
        }
        NoticeKind::StillThere { apps } => {
            let said = match names(apps).as_str() {
                "" => text("popup_still_there", &[]),
                apps => text("popup_still_there_apps", &[("apps", apps)]),
            };
            Words { title: text("popup_still_there_title", &[]), text: said }
        }
        // Whoever caused it is known only where a run of this workspace deleted it.
        NoticeKind::AccessRevoked { apps, .. } => {
            let said = match names(apps).as_str() {
                "" => told("popup_access_revoked", &[]),
                apps => told("popup_access_revoked_apps", &[("apps", apps)]),
            };
            Words { title: text("popup_access_revoked_title", &[]), text: said }
        }
        NoticeKind::Reminder => Words { title: text("popup_reminder_title", &[]), text: text("popup_reminder", &[]) },
        NoticeKind::Digest { jobs } => {
            let title = format!("popup_digest_title_{}", one_or_many(*jobs));
            Words { title: text(&title, &[("jobs", &jobs.to_string())]), text: text("popup_digest", &[]) }
        }
    };
    if pop_up.more > 0 {
        let more = text("popup_more", &[("count", &pop_up.more.to_string())]);
        words.text = join(language, words.text, Some(more));
    }
    if words.text.starts_with(ISOLATE) {
        // Servers take the direction of the whole text from its first letter, isolated or not (seen with dunst).
        words.text.insert(0, LEFT_TO_RIGHT);
    }
    words
}

/// Two sentences.
fn join(language: Language, first: String, second: Option<String>) -> String {
    let between = between(language);
    second.map_or(first.clone(), |second| format!("{first}{between}{second}"))
}

/// What stands between two sentences: in Japanese nothing.
fn between(language: Language) -> &'static str {
    match language {
        Language::Japanese => "",
        Language::English => " ",
    }
}

/// The messages of a removal: no more than is known of it.
struct Removed {
    title: &'static str,
    told: Option<&'static str>,
}

fn removed(here: bool, rank: Option<Rank>) -> Removed {
    match (here, rank) {
        (_, None) => Removed { title: "popup_removed_title_back", told: None },
        (true, Some(_)) => Removed { title: "popup_removed_title_here", told: Some("popup_removed_here") },
        (false, Some(Rank::Unverified)) => {
            Removed { title: "popup_removed_title_unverified", told: Some("popup_removed_unverified") }
        }
        (false, Some(Rank::Confirmed | Rank::Proven)) => {
            Removed { title: "popup_removed_title_stated", told: Some("popup_removed_stated") }
        }
    }
}

/// What is left to do, or how the whole is known once nothing is.
fn removed_next(here: bool, moving: bool, rest: Option<Rank>) -> &'static str {
    match rest {
        Some(Rank::Proven) => "popup_no_steps_left_proven",
        Some(Rank::Confirmed) => "popup_no_steps_left_stated",
        Some(Rank::Unverified) => "popup_no_steps_left_unverified",
        None if moving => "popup_removed_next_moving",
        None if here => "popup_removed_next_here",
        None => "popup_removed_next",
    }
}

fn lost(reason: LostReason) -> &'static str {
    match reason {
        LostReason::Withdrawn => "popup_lost_withdrawn",
        LostReason::Password => "popup_lost_password",
        LostReason::Policy => "popup_lost_policy",
        LostReason::Moved => "popup_lost_moved",
        LostReason::SessionOver => "popup_lost_session_over",
        LostReason::MoreProof => "popup_lost_more_proof",
        LostReason::AppRefused => "popup_lost_app_refused",
        LostReason::AccountRefused => "popup_lost_account_refused",
        LostReason::RunOver => "popup_lost_run_over",
        LostReason::Unknown => "popup_lost_unknown",
    }
}

fn provider(provider: Provider) -> &'static str {
    match provider {
        Provider::Google => "provider_google",
        Provider::Microsoft365 => "provider_microsoft365",
        Provider::OutlookCom => "provider_outlook_com",
        Provider::Imap => "provider_imap",
        Provider::Hosted => "provider_hosted",
    }
}

/// Somebody else's text in a sentence of ours: on one line, not too long, and isolated, so that a name written from
/// right to left turns nothing around it. Signs that turn text, and would get out of that, are left out.
fn foreign(text: &str) -> String {
    let turns = |sign: char| matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut signs = text.chars().filter(|sign| !turns(*sign));
    let mut cut: String = signs.by_ref().take(LONGEST).map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    if signs.next().is_some() {
        cut.pop();
        cut.push('…');
    }
    format!("{ISOLATE}{cut}\u{2069}")
}

/// The text for a server that renders markup: what looks like it is shown and not obeyed.
#[cfg(any(target_os = "linux", test))]
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn places(message: &str) -> BTreeSet<&str> {
        message.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(place, _)| place).collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        assert!(JAPANESE.keys().count() > 30, "the messages were not found");
        assert_eq!(JAPANESE.keys().collect::<Vec<_>>(), ENGLISH.keys().collect::<Vec<_>>());
        for ((key, japanese), (_, english)) in JAPANESE.iter().zip(ENGLISH.iter()) {
            assert!(!japanese.is_empty(), "{key}");
            assert_eq!(places(japanese), places(english), "{key}");
        }
    }

    fn about(what: NoticeKind, by: Option<&str>, language: Language) -> PopUp {
        PopUp {
            notice: uncouple_domain::NoticeId(1),
            language,
            what,
            by: by.map(str::to_owned),
            address: Some("hanako@example.com".to_owned()),
            more: 0,
        }
    }

    fn kinds() -> Vec<NoticeKind> {
        let reasons = [
            LostReason::Withdrawn,
            LostReason::Password,
            LostReason::Policy,
            LostReason::Moved,
            LostReason::SessionOver,
            LostReason::MoreProof,
            LostReason::AppRefused,
            LostReason::AccountRefused,
            LostReason::RunOver,
            LostReason::Unknown,
        ];
        let providers =
            [Provider::Google, Provider::Microsoft365, Provider::OutlookCom, Provider::Imap, Provider::Hosted];
        let mut kinds: Vec<_> = reasons
            .into_iter()
            .flat_map(|reason| {
                [(true, false), (false, true), (false, false)].map(|(here, stated)| NoticeKind::Lost {
                    reason,
                    here,
                    stated,
                })
            })
            .collect();
        kinds.extend(providers.map(|to| NoticeKind::Moving { to }));
        kinds.extend([
            NoticeKind::Asked,
            NoticeKind::Declined,
            NoticeKind::StillThere { apps: Vec::new() },
            NoticeKind::StillThere { apps: vec!["Mail Sync".to_owned()] },
            NoticeKind::AccessRevoked { deleted_here: true, apps: Vec::new() },
            NoticeKind::AccessRevoked { deleted_here: true, apps: vec!["Mail Sync".to_owned()] },
            NoticeKind::Reminder,
            NoticeKind::Digest { jobs: 1 },
            NoticeKind::Digest { jobs: 3 },
        ]);
        kinds.extend(removals());
        kinds
    }

    /// Every way in which a removal and the rest of its job can be known.
    fn removals() -> Vec<NoticeKind> {
        let ranks = [None, Some(Rank::Proven), Some(Rank::Confirmed), Some(Rank::Unverified)];
        let mut kinds = Vec::new();
        for (rank, rest) in ranks.into_iter().flat_map(|rank| ranks.map(|rest| (rank, rest))) {
            for (here, moving) in [(true, false), (false, true), (false, false)] {
                for inbox in [None, Some("Support".to_owned())] {
                    kinds.push(NoticeKind::Removed { inbox, here, rank, moving, rest });
                }
            }
        }
        kinds
    }

    #[test]
    fn no_removal_is_called_more_than_it_is_known_to_be() {
        for what in removals() {
            let NoticeKind::Removed { here, rank, rest, .. } = what else { continue };
            for language in [Language::Japanese, Language::English] {
                for by in [None, Some("太郎")] {
                    let Words { title, text } = pop_up(&about(what.clone(), by, language));
                    let all = format!("{title} {text}");
                    for claim in
                        ["was disconnected", "disconnected it", "接続を解除しました", "解除されました", "解除済み"]
                    {
                        assert!(!all.contains(claim), "{what:?}: {all}");
                    }
                    let proven = all.contains("proven") || all.contains("証明");
                    assert_eq!(proven, rank.is_some() && rest == Some(Rank::Proven), "{what:?}: {all}");
                    let crm = all.contains("HubSpot");
                    assert!(!here || !crm, "held here, no CRM was involved: {all}");
                }
            }
        }
    }

    #[test]
    fn every_kind_has_its_words() {
        for what in kinds() {
            for (by, language) in [None, Some("太郎")]
                .into_iter()
                .flat_map(|by| [Language::Japanese, Language::English].map(|language| (by, language)))
            {
                let words = pop_up(&about(what.clone(), by, language));
                for part in [&words.title, &words.text] {
                    assert!(!part.is_empty() && !part.contains(['{', '}', '_']), "{what:?}: {part}");
                }
                let digest = matches!(what, NoticeKind::Digest { .. });
                assert_eq!(words.title.contains("hanako@example.com"), !digest, "{what:?}: {}", words.title);
            }
        }
    }

    #[test]
    fn it_says_who_and_how_many_more() {
        let mut asked = about(NoticeKind::Asked, Some("太郎"), Language::Japanese);
        asked.more = 2;
        let words = pop_up(&asked);
        assert_eq!(words.title, "接続解除の依頼：\u{2068}hanako@example.com\u{2069}");
        assert!(words.text.starts_with("\u{200e}\u{2068}太郎\u{2069}さんがこの受信トレイ"), "{}", words.text);
        assert!(words.text.ends_with("ほかに2件の通知が一覧にあります。"), "{}", words.text);
        let one = about(NoticeKind::Digest { jobs: 1 }, None, Language::English);
        assert_eq!(pop_up(&one).title, "1 job has steps left");
    }

    #[test]
    fn names_can_not_turn_flood_or_fill_in_the_sentence() {
        assert_eq!(foreign("\u{202e}علي\u{2069}\nx"), "\u{2068}علي x\u{2069}");
        let long = foreign(&"é".repeat(10_000));
        assert_eq!(long.chars().count(), LONGEST + 2);
        assert!(long.ends_with("…\u{2069}"));
        assert_eq!(foreign(&"a".repeat(LONGEST)).chars().count(), LONGEST + 2);
        let words = pop_up(&about(NoticeKind::Asked, Some("{address}"), Language::English));
        assert!(words.text.starts_with("\u{200e}\u{2068}{address}\u{2069} asks"), "{}", words.text);
    }

    #[test]
    fn markup_is_shown_and_not_obeyed() {
        assert_eq!(escaped("<b>R&D</b> &lt;"), "&lt;b&gt;R&amp;D&lt;/b&gt; &amp;lt;");
    }
}
