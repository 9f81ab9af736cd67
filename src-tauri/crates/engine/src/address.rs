//! Addresses as people type and copy them.

use crate::error::AppError;
use uncouple_domain::{Address, AddressError};

/// Reads a typed or pasted address: also `Name <address>`, `mailto:address`, letters of full width, and with the unseen
/// characters that other programs put around it. An international domain is compared in its ASCII form (UTS 46).
///
/// # Errors
/// One of the `address_…` codes.
pub fn read_address(text: &str) -> Result<Address, AppError> {
    // Nothing is looked for in a pasted megabyte.
    if text.len() > 4 * MOST {
        return Err(AddressError::TooLong.into());
    }
    let text = normalized(text);
    exact_address(bare(&text))
}

/// Reads what is an address and nothing else.
///
/// # Errors
/// As [`read_address`].
pub(crate) fn exact_address(text: &str) -> Result<Address, AppError> {
    let (local, domain) = Address::split(text)?;
    if domain.is_ascii() {
        return Ok(Address::from_parts(local, domain, domain)?);
    }
    let ascii = idna::domain_to_ascii_strict(domain).map_err(|_| AddressError::Domain)?;
    Ok(Address::from_parts(local, domain, &ascii)?)
}

/// An address with what may stand around it is no longer than so, in bytes.
const MOST: usize = 1_024;

/// Letters of full width as what they mean (for these characters that is NFKC), without characters that have no width,
/// and without direction marks at the ends, where Windows puts them when an address is copied. Direction marks within
/// stay: they make an address look like another.
pub(crate) fn normalized(text: &str) -> String {
    // Nearly all of them, in lists of a million.
    if text.is_ascii() {
        return text.trim().to_owned();
    }
    let seen = text.chars().filter(|letter| !has_no_width(*letter)).map(|letter| match letter {
        // Halfwidth and Fullwidth Forms (Unicode, block FF00): the same order as ASCII.
        '\u{ff01}'..='\u{ff5e}' => u32::from(letter).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(letter),
        '\u{fe6b}' => '@',
        '\u{3000}' => ' ',
        _ => letter,
    });
    let text: String = seen.collect();
    text.trim_matches(|letter: char| letter.is_whitespace() || turns(letter)).to_owned()
}

/// Takes up no room, and is in a text by accident only.
pub(crate) fn has_no_width(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}')
        || matches!(letter, '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Changes the direction of what follows.
pub(crate) fn turns(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Begins like what a spreadsheet runs as a formula (OWASP, "CSV Injection", read 2026-11). Spreadsheets skip what can't
/// be seen before the sign, and Japanese ones run the signs of full width too (OWASP www-community, issues 1088, 1115).
pub(crate) fn begins_formula(text: &str) -> bool {
    let skipped = |letter: char| letter.is_whitespace() || letter.is_control() || has_no_width(letter) || turns(letter);
    text.trim_start_matches(skipped).starts_with(FORMULA_SIGNS)
}

const FORMULA_SIGNS: [char; 11] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹢', '﹣', '﹦'];

/// Without the name before `<address>`, the scheme of a link, and quotation marks around it.
fn bare(text: &str) -> &str {
    let mut text = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((_, within)) => within.trim(),
        None => text,
    };
    if let Some((scheme, rest)) = text.split_at_checked(7)
        && scheme.eq_ignore_ascii_case("mailto:")
    {
        // RFC 6068, section 2: what follows the question mark are header fields.
        text = rest.split('?').next().unwrap_or(rest).trim();
    }
    for (open, close) in [('"', '"'), ('\'', '\''), ('‘', '’'), ('“', '”'), ('「', '」')] {
        if let Some(within) = text.strip_prefix(open).and_then(|text| text.strip_suffix(close)) {
            text = within.trim();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::error::ErrorCode;

    fn code(text: &str) -> ErrorCode {
        read_address(text).unwrap_err().code
    }

    #[test]
    fn an_international_domain_and_its_ascii_form_are_one_address() {
        let shown = read_address("info@日本語.jp").unwrap();
        let ascii = read_address("INFO@xn--wgv71a119e.jp").unwrap();
        assert_eq!(shown.key(), ascii.key());
        assert_eq!(shown.as_str(), "info@日本語.jp");
    }

    #[test]
    fn an_address_is_understood_as_it_is_typed_in_japanese_and_copied_from_other_programs() {
        for text in [
            "hanako@example.com",
            "　hanako＠example.com　",
            "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｃｏｍ",
            "hanako﹫example.com",
            "佐藤 花子 <hanako@example.com>",
            "佐藤　花子＜hanako@example.com＞",
            "\"Sato, Hanako\" <hanako@example.com>",
            "Sato <mailto:hanako@example.com>",
            "<hanako@example.com>",
            "mailto:hanako@example.com",
            "MAILTO:hanako@example.com?subject=Hello&cc=taro@example.com",
            "'hanako@example.com'",
            "\"hanako@example.com\"",
            "“hanako@example.com”",
            "\u{200b}hanako@example.com\u{200b}",
            "hana\u{200b}ko@exam\u{ad}ple.com",
            "\u{feff}hanako@example.com",
            "\u{202a}hanako@example.com\u{202c}",
            "\u{a0}hanako@example.com\u{a0}\r\n",
        ] {
            assert_eq!(read_address(text).unwrap().as_str(), "hanako@example.com", "{text:?}");
        }
    }

    #[test]
    fn addresses_of_japanese_carriers_with_dots_that_the_standard_has_no_place_for_are_taken() {
        for text in ["a..b@docomo.ne.jp", "a.@ezweb.ne.jp", "hana...ko.@docomo.ne.jp"] {
            assert_eq!(read_address(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn each_kind_of_bad_address_has_its_own_code() {
        assert_eq!(code(""), ErrorCode::AddressEmpty);
        assert_eq!(code("   "), ErrorCode::AddressEmpty);
        assert_eq!(code("\u{200b}\u{3000}"), ErrorCode::AddressEmpty);
        assert_eq!(code("hanako"), ErrorCode::AddressNoAt);
        assert_eq!(code("a@b@c.jp"), ErrorCode::AddressTwoAts);
        assert_eq!(code("\"a b\"@c.jp"), ErrorCode::AddressQuoted);
        assert_eq!(code("a\u{0}b@c.jp"), ErrorCode::AddressControl);
        assert_eq!(code("a\u{202e}b@c.jp"), ErrorCode::AddressControl);
        assert_eq!(code("a b@c.jp"), ErrorCode::AddressControl);
        assert_eq!(code("@c.jp"), ErrorCode::AddressLocal);
        assert_eq!(code(".a@c.jp"), ErrorCode::AddressLocal);
        assert_eq!(code("<b>a</b>@c.jp"), ErrorCode::AddressLocal);
        assert_eq!(code("a@c"), ErrorCode::AddressDomain);
        assert_eq!(code("a@-c.jp"), ErrorCode::AddressDomain);
        assert_eq!(code("a@c..jp"), ErrorCode::AddressDomain);
        assert_eq!(code("a@b.jp, c@d.jp"), ErrorCode::AddressControl);
        assert_eq!(code(&format!("{}@c.jp", "a".repeat(1_000_000))), ErrorCode::AddressTooLong);
        assert_eq!(code(&format!("{}@c.jp", "a".repeat(65))), ErrorCode::AddressLocal);
    }

    #[test]
    fn a_formula_is_known_by_its_sign_whatever_stands_before_it() {
        for text in ["=1", "+1", "-1", "@a", "＝1", "＋1", "－1", "＠a", " =1", "\u{3000}＝1", "\u{a0}=1", "\u{feff}=1"]
        {
            assert!(begins_formula(text), "{text:?}");
        }
        for text in ["\t=1", "\r=1", "\n=1", "\u{200b}=1", "\u{202a}=1", " \u{200b}\t＝1"] {
            assert!(begins_formula(text), "{text:?}");
        }
        for text in ["", "a=1", "'=1", "hanako@example.com", "1-2"] {
            assert!(!begins_formula(text), "{text:?}");
        }
    }
}
