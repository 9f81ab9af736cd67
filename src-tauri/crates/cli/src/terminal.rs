//! The one way to the terminal: what comes from outside is made harmless here, and nowhere else.

use std::fmt::Write as _;
use std::io::Write as _;
use unicode_width::UnicodeWidthChar as _;

/// Characters that a reader can't see and that can move the cursor, turn the direction or hide a text in a text:
/// controls, and the default ignorable ones of Unicode 17 (`DerivedCoreProperties.txt`, read 2026-11) with line and
/// paragraph separators and interlinear annotation. Variation selectors stay: Japanese names are written with them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

/// A text as one line that a terminal shows and does nothing else with.
pub(crate) fn clean(text: &str) -> String {
    text.chars().filter(|c| !is_hidden(*c)).collect()
}

/// JSON with every hidden character written as an escape. In JSON they can only be inside of strings.
pub(crate) fn clean_json(text: String) -> String {
    if !text.chars().any(is_hidden) {
        return text;
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if c == '\n' || !is_hidden(c) {
            clean.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(clean, "\\u{unit:04x}");
            }
        }
    }
    clean
}

/// A line on standard error. Where nobody listens there is nobody to write to.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", clean(text));
}

/// A JSON document on a line of standard error.
pub(crate) fn note_json(document: &serde_json::Value) {
    let _ = writeln!(std::io::stderr(), "{}", clean_json(document.to_string()));
}

/// How many columns a text takes; Japanese characters take two.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// As much of a text as fits, with a sign where something is cut off.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if columns(text) <= most {
        return text.to_owned();
    }
    let mut room = most.saturating_sub(1);
    let mut cut = String::new();
    for c in text.chars() {
        let width = c.width().unwrap_or(0);
        if width > room {
            break;
        }
        room -= width;
        cut.push(c);
    }
    cut.push('…');
    cut
}

/// The width of the terminal that results go to. None: it is no terminal, so nothing is cut.
pub(crate) fn width() -> Option<usize> {
    console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const HOSTILE: [char; 17] = [
        '\u{0}',
        '\u{7}',
        '\u{1b}',
        '\r',
        '\n',
        '\u{7f}',
        '\u{9b}',
        '\u{ad}',
        '\u{61c}',
        '\u{200b}',
        '\u{200e}',
        '\u{202e}',
        '\u{2028}',
        '\u{2066}',
        '\u{feff}',
        '\u{e0041}',
        '\u{3164}',
    ];

    #[test]
    fn nothing_from_outside_commands_the_terminal_or_hides_in_it() {
        let text: String = HOSTILE.iter().flat_map(|c| ['a', *c]).collect();
        assert_eq!(clean(&text), "a".repeat(HOSTILE.len()));
        assert_eq!(clean("佐藤 花子 辻\u{e0100} ❤\u{fe0f}"), "佐藤 花子 辻\u{e0100} ❤\u{fe0f}");
    }

    #[test]
    fn json_keeps_what_it_escapes() {
        let text: String = HOSTILE.iter().collect();
        let json = clean_json(serde_json::to_string(&text).unwrap());
        assert!(json.chars().all(|c| !is_hidden(c)), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn a_text_is_cut_by_the_columns_that_it_takes() {
        assert_eq!(columns("佐藤ab"), 6);
        assert_eq!(cut("佐藤花子", 8), "佐藤花子");
        assert_eq!(cut("佐藤花子", 7), "佐藤花…");
        assert_eq!(cut("abc", 2), "a…");
    }
}
