//! The addresses in a cell or a line, whatever stands between them.

use crate::address::{exact_address, normalized, turns};
use crate::runs::LineRefusal;

/// Longer than any address.
const LONGEST: usize = 1_024;

/// What stands around one `@`, or several that can't be told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// As it stands there.
    pub(super) text: String,
    /// The address as a key; or why it is none.
    pub(super) key: Result<String, LineRefusal>,
}

/// May begin a piece of text with an address in it.
pub(super) fn has_at(cell: &str) -> bool {
    cell.contains(['@', '＠', '﹫'])
}

/// Every address in a text. Each `@` belongs to a piece that is an address or says why it is none: what can't be told
/// apart is refused as one, and an address is never cut to a shorter one that could be somebody else's.
pub(super) fn addresses(cell: &str) -> Vec<Piece> {
    if !has_at(cell) {
        return Vec::new();
    }
    let text = normalized(cell);
    text.split(separates).filter(|token| token.contains('@')).flat_map(apart).map(piece).collect()
}

/// Can't be part of an address, and so stands between two, or between one and what is written beside it.
fn separates(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_whitespace()
            || letter == '\u{b}'
            || matches!(letter, ',' | ';' | ':' | '|' | '<' | '>' | '(' | ')')
            || matches!(letter, '[' | ']' | '"' | '\\');
    }
    letter.is_whitespace()
        || "、，；：。｡､｢｣・…｜「」『』【】〔〕〈〉《》（）［］“”„«»‹›¦→⇒／·•●◆■※〜～".contains(letter)
}

/// A token with one `@`; or those of several addresses that only a sign stands between which no domain has.
fn apart(token: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = token;
    while let Some((local, after)) = rest.split_once('@') {
        let domain = after.find(|letter: char| !in_domain(letter)).unwrap_or(after.len());
        let ends = local.len() + 1 + domain;
        let (Some(part), Some(left)) = (rest.get(..ends), rest.get(ends..)) else { return vec![token] };
        if !left.contains('@') {
            parts.push(rest);
            return parts;
        }
        if !left.starts_with(['/', '&', '?', '\'', '‘', '’', '`', '*', '+', '~', '=']) {
            return vec![token];
        }
        parts.push(part);
        // In a link more addresses are fields after the first (RFC 6068, section 2): `?cc=…&bcc=…`.
        rest = match left.split_once('@') {
            Some((field, _)) if left.starts_with(['?', '&']) => {
                field.rfind('=').and_then(|at| left.get(at + 1..)).unwrap_or(left)
            }
            _ => left.get(left.chars().next().map_or(0, char::len_utf8)..).unwrap_or(left),
        };
    }
    vec![token]
}

fn in_domain(letter: char) -> bool {
    letter.is_alphanumeric() || "-._".contains(letter) || turns(letter) || letter.is_control()
}

fn piece(token: &str) -> Piece {
    let token = token.trim_matches(turns);
    let shown = || token.to_owned();
    if token.len() > LONGEST {
        return Piece { text: shown(), key: Err(LineRefusal::TooLong) };
    }
    // What quotes, marks or joins words, at the ends only: within, it may be part of the address.
    let edge = |letter: char| "'‘’`*~/=?&{}!".contains(letter);
    let trimmed = token.trim_start_matches(edge).trim_end_matches(|letter| edge(letter) || letter == '.');
    let address = match trimmed.split_once('@') {
        Some((local, domain)) => {
            let link = |letter: char| matches!(letter, '?' | '/' | '&');
            format!("{local}@{}", without_particle(domain.split(link).next().unwrap_or(domain)))
        }
        None => trimmed.to_owned(),
    };
    let key = exact_address(&address).map(|address| address.key().to_owned()).map_err(|_| LineRefusal::NoAddress);
    Piece { text: shown(), key }
}

/// A domain without Japanese that was written on without a space: `example.comさん`. No top-level domain mixes scripts.
fn without_particle(domain: &str) -> &str {
    let last = domain.rfind('.').map_or(0, |dot| dot + 1);
    let Some(label) = domain.get(last..) else { return domain };
    match label.find(|letter: char| !letter.is_ascii()) {
        Some(at) if at >= 2 && label.chars().take_while(char::is_ascii).all(|l| l.is_ascii_alphabetic()) => {
            domain.get(..last + at).unwrap_or(domain)
        }
        _ => domain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(cell: &str) -> Vec<Result<String, LineRefusal>> {
        addresses(cell).into_iter().map(|piece| piece.key).collect()
    }

    fn taken(cell: &str) -> Vec<String> {
        keys(cell).into_iter().filter_map(Result::ok).collect()
    }

    #[test]
    fn all_addresses_are_found_whatever_stands_between_them() {
        for between in [
            ",",
            ", ",
            ";",
            "; ",
            " ",
            "\t",
            "　",
            "\u{a0}",
            "、",
            "，",
            "；",
            "|",
            " | ",
            "｜",
            "\n",
            "\r\n",
            "/",
            " / ",
            "／",
            "・",
            " and ",
            " と ",
            "&",
            " & ",
            "><",
            "> <",
            "\";\"",
            "';'",
            "', '",
            "。",
            "\u{200b} ",
            " ; , ",
            "→",
            "\u{2028}",
            "」「",
        ] {
            let text = format!("hanako@example.com{between}taro@example.com{between}jiro@example.com");
            assert_eq!(taken(&text), ["hanako@example.com", "taro@example.com", "jiro@example.com"], "{text:?}");
            assert_eq!(keys(&text).len(), 3);
        }
    }

    #[test]
    fn an_address_is_found_within_what_programs_and_people_write_around_it() {
        for text in [
            "Hanako Sato <hanako@example.com>",
            "\"Sato, Hanako\" <hanako@example.com>",
            "佐藤花子＜hanako＠example.com＞",
            "佐藤花子（hanako@example.com）",
            "mailto:hanako@example.com",
            "<mailto:hanako@example.com>",
            "[hanako@example.com](mailto)",
            "mailto:hanako@example.com?subject=hi",
            "SMTP:hanako@example.com",
            "メール：hanako@example.com",
            "'hanako@example.com'",
            "**hanako@example.com**",
            "`hanako@example.com`",
            "hanako@example.com.",
            "hanako@example.com。",
            "hanako@example.comさん",
            "hanako@example.com!",
            "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｃｏｍ",
            "\u{202a}hanako@example.com\u{202c}",
            "Sato <\u{202a}hanako@example.com\u{202c}>",
            "hana\u{200b}ko@example.com",
            "HANAKO@EXAMPLE.COM",
        ] {
            assert_eq!(keys(text), [Ok("hanako@example.com".to_owned())], "{text:?}");
        }
        let link = "mailto:a@example.com?cc=b@example.com&bcc=c@example.com";
        assert_eq!(taken(link), ["a@example.com", "b@example.com", "c@example.com"]);
        assert_eq!(taken("smtp:a@example.com;SMTP:b@example.com"), ["a@example.com", "b@example.com"]);
    }

    #[test]
    fn nothing_is_cut_to_the_address_of_somebody_else() {
        for text in [
            "r&d@example.com",
            "sales/support@example.com",
            "o'brien@example.com",
            "a+b@example.com",
            "a=b@example.com",
            "first#last@example.com",
            "x~y@example.com",
            "x!y@example.com",
        ] {
            assert_eq!(taken(text), [text], "{text:?}");
        }
        assert_eq!(taken("佐藤hanako@example.com"), ["佐藤hanako@example.com"]);
    }

    #[test]
    fn what_can_not_be_told_apart_is_refused_as_one() {
        let refused = [Err(LineRefusal::NoAddress)];
        for text in [
            "a@@example.com",
            "a@example.com@example.com",
            "a@b",
            "@example.com",
            "a@",
            "a@example_x.com",
            "a@-b.com",
            "han\u{7}ako@example.com",
            "han\u{202e}ako@example.com",
            "hanako@exam\u{202e}ple.com",
            "a@example.com#b@example.com",
            "hanako@example.com#EXT#@contoso.onmicrosoft.com",
            "a@exam\u{7}ple.com",
        ] {
            assert_eq!(keys(text), refused, "{text:?}");
        }
        assert_eq!(taken("hanako_example.com#EXT#@contoso.onmicrosoft.com").len(), 1);
        let long = format!("{}@example.com", "a".repeat(2_000));
        assert_eq!(keys(&long), [Err(LineRefusal::TooLong)]);
        assert_eq!(taken(&format!("{long} b@example.com")), ["b@example.com"]);
    }
}
