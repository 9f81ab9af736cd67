//! Whether an app goes by HubSpot's name.

use uncouple_engine::directory::Likeness;
use unicode_security::confusable_detection::skeleton;

/// How HubSpot's apps are called in lists of connected apps, as far as public texts tell
/// (<https://knowledge.hubspot.com/account/disconnect-your-inbox-from-hubspot>, read 2026-11). Its client ids are not
/// public.
const NAME: &str = "hubspot";

/// How a name stands to HubSpot's, by its letters alone. A name with HubSpot's in plain letters is [`Likeness::Named`];
/// one that only looks so to the eye (other alphabets' letters, digits, gaps) is [`Likeness::LookAlike`].
pub(super) fn of_name(name: &str) -> Likeness {
    if is_plain(name) {
        Likeness::Named
    } else if seems(name) {
        Likeness::LookAlike
    } else {
        Likeness::Other
    }
}

/// How an app stands to HubSpot's at Microsoft, where an app's name is whatever its maker typed: only a publisher whom
/// Microsoft has verified, and who goes by the name as well, makes it HubSpot's.
pub(super) fn of_app(name: &str, verified_publisher: Option<&str>) -> Likeness {
    match of_name(name) {
        Likeness::Named if verified_publisher.is_some_and(is_plain) => Likeness::Named,
        Likeness::Named | Likeness::LookAlike => Likeness::LookAlike,
        Likeness::Other => Likeness::Other,
    }
}

fn is_plain(text: &str) -> bool {
    text.to_ascii_lowercase().contains(NAME)
}

/// Compares what is left of a text for the eye: confusable letters by their prototype (UTS #39 section 4), without case,
/// accents, gaps and signs.
fn seems(text: &str) -> bool {
    let letters: String = skeleton(text).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    letters.contains(NAME)
}
