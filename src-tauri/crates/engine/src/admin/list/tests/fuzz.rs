//! Lists that nobody thought of: random dialects, encodings, columns and separators. Whatever goes in comes out, as an
//! address or refused with a reason, or the list is refused as a whole.

use super::{Line, bytes};
use crate::admin::list::ListError;
use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// How a list is written.
#[derive(Clone, Debug)]
struct Style {
    delimiter: char,
    end: &'static str,
    quoted: bool,
    encoding: usize,
    mark: bool,
}

fn style() -> impl Strategy<Value = Style> {
    let ends = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    (prop::sample::select(vec![',', ';', '\t', '|']), ends, any::<bool>(), 0..6_usize, any::<bool>())
        .prop_map(|(delimiter, end, quoted, encoding, mark)| Style { delimiter, end, quoted, encoding, mark })
}

impl Style {
    fn cell(&self, text: &str) -> String {
        let needs = text.contains([self.delimiter, '"', '\n', '\r']);
        if self.quoted || needs { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
    }

    fn line(&self, cells: &[String]) -> String {
        let cells: Vec<String> = cells.iter().map(|cell| self.cell(cell)).collect();
        format!("{}{}", cells.join(&self.delimiter.to_string()), self.end)
    }

    /// The text in the style's encoding; in UTF-8 where that has no letters for it.
    fn bytes(&self, text: &str) -> Vec<u8> {
        let utf16 = |big: bool| -> Vec<u8> {
            let units = self.mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
            units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let japanese = |encoding: &'static Encoding| {
            let (bytes, _, lossy) = encoding.encode(text);
            if lossy { text.as_bytes().to_vec() } else { bytes.into_owned() }
        };
        match self.encoding {
            0 => utf16(false),
            1 => utf16(true),
            2 => japanese(SHIFT_JIS),
            3 => japanese(EUC_JP),
            4 => japanese(ISO_2022_JP),
            _ if self.mark => format!("\u{feff}{text}").into_bytes(),
            _ => text.as_bytes().to_vec(),
        }
    }
}

fn address() -> impl Strategy<Value = String> {
    ("[a-z][a-z0-9]{0,6}([._+'&/=-][a-z0-9]{1,4}){0,2}", "(example\\.com|example\\.co\\.jp|sub\\.example\\.org)")
        .prop_map(|(local, domain)| format!("{local}@{domain}"))
}

/// An address as it may be written.
fn written() -> impl Strategy<Value = (String, String)> {
    (address(), 0..9_u8, name()).prop_map(|(address, form, name)| {
        let text = match form {
            0 => format!("{name} <{address}>"),
            1 => format!("\"{name}, x\" <{address}>"),
            2 => format!("mailto:{address}"),
            3 => format!("<{address}>"),
            4 => address.to_uppercase(),
            5 => address.replace('@', "＠"),
            6 => format!("（{address}）"),
            _ => address.clone(),
        };
        (address, text)
    })
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "佐藤　花子",
        "鈴木",
        "ファン",
        "ソニー太郎",
        "表示",
        "Sato",
        "O'Brien",
        "さとう",
        "山田 (営業)",
        "Müller",
        "髙橋①",
        "Smith-Jones",
        "2026-11-01",
        "ﾀﾛｳ",
        "",
    ])
    .prop_map(str::to_owned)
}

fn header() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "氏名",
        "ユーザーID",
        "部署",
        "Name",
        "Department",
        "住所",
        "IPアドレス",
        "Phone",
        "メール配信",
        "user",
        "退職日",
    ])
    .prop_map(str::to_owned)
}

fn addressed() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "Email",
        "メールアドレス",
        "Eメール",
        "PrimarySmtpAddress",
        "User principal name",
        "連絡先",
        "Email Address [Required]",
        "E-Mail-Adresse",
        "ログインID",
        "mail",
    ])
    .prop_map(str::to_owned)
}

const BETWEEN: [&str; 12] = [", ", ",", ";", "; ", " ", "\t", "、", "；", "|", "　", "/", " と "];

/// What may be read, with every address that is named: taken or refused.
fn named(lines: &[Line]) -> BTreeSet<String> {
    lines.iter().filter_map(|(_, key)| key.clone().ok()).collect()
}

proptest! {
    #[test]
    fn no_address_of_a_table_gets_lost(
        style in style(),
        titles in prop::collection::vec(name(), 0..3),
        before in prop::collection::vec(header(), 0..3),
        its in addressed(),
        after in prop::collection::vec(header(), 0..3),
        rows in prop::collection::vec((prop::collection::vec(written(), 0..3), prop::collection::vec(name(), 8)), 1..12),
    ) {
        prop_assume!(!before.is_empty() || !after.is_empty());
        let mut text = String::new();
        for title in &titles {
            text.push_str(&style.line(std::slice::from_ref(title)));
        }
        let mut header = before.clone();
        header.push(its.clone());
        header.extend(after.clone());
        text.push_str(&style.line(&header));
        let mut wanted = BTreeSet::new();
        for (addresses, names) in &rows {
            let cell = addresses.iter().map(|(_, written)| written.as_str()).collect::<Vec<_>>().join("; ");
            wanted.extend(addresses.iter().map(|(address, _)| address.clone()));
            let mut cells = names[..before.len()].to_vec();
            cells.push(cell);
            cells.extend(names[before.len()..before.len() + after.len()].to_vec());
            text.push_str(&style.line(&cells));
        }
        prop_assume!(!wanted.is_empty());
        match bytes(&style.bytes(&text), None) {
            Ok((lines, read)) => {
                prop_assert_eq!(named(&lines), wanted, "{:?}", text);
                let column = read.column.unwrap();
                prop_assert_eq!(column.index as usize, before.len() + 1, "{:?}", text);
                // Every line without one is named, too.
                let without = rows.iter().filter(|(addresses, names)| {
                    addresses.is_empty() && names[..before.len() + after.len()].iter().any(|name| !name.is_empty())
                });
                let refused = lines.iter().filter(|(_, key)| key.is_err()).count();
                prop_assert_eq!(refused, without.count(), "{:?}", text);
            }
            // Not read at all, and so nothing of it is lost.
            Err(ListError::Encoding) => prop_assert!((2..=4).contains(&style.encoding), "{:?}", text),
            Err(other) => prop_assert!(false, "{:?}: {:?}", other, text),
        }
    }

    #[test]
    fn no_address_of_pasted_text_gets_lost(
        style in style(),
        lines in prop::collection::vec(
            (prop::collection::vec(written(), 1..5), prop::sample::select(BETWEEN.to_vec())), 1..8),
    ) {
        let mut text = String::new();
        let mut wanted = BTreeSet::new();
        for (addresses, between) in &lines {
            wanted.extend(addresses.iter().map(|(address, _)| address.clone()));
            text.push_str(&addresses.iter().map(|(_, written)| written.as_str()).collect::<Vec<_>>().join(between));
            text.push_str(style.end);
        }
        match bytes(&style.bytes(&text), None) {
            // What stands there may be read as a formula, or be told apart otherwise: but it is named.
            Ok((read, _)) => {
                let taken = named(&read);
                let refused = read.iter().filter(|(_, key)| key.is_err()).count();
                prop_assert!(taken.is_subset(&wanted), "{:?} {:?}", taken, text);
                prop_assert!(taken == wanted || refused > 0, "{:?} {:?}", taken, text);
            }
            Err(ListError::Columns(columns)) => prop_assert!(columns.len() > 1, "{:?}", text),
            Err(ListError::Encoding) => prop_assert!((2..=4).contains(&style.encoding), "{:?}", text),
            Err(ListError::Quote(_)) => prop_assert!(text.contains('"'), "{:?}", text),
            Err(other) => prop_assert!(false, "{:?}: {:?}", other, text),
        }
    }

    #[test]
    fn two_columns_with_different_people_are_never_read_without_a_choice(
        style in style(),
        first in addressed(),
        second in addressed(),
        rows in prop::collection::vec((address(), address(), name()), 1..10),
    ) {
        prop_assume!(rows.iter().any(|(one, other, _)| one != other));
        let mut text = style.line(&["氏名".to_owned(), first, second]);
        for (one, other, name) in &rows {
            text.push_str(&style.line(&[name.clone(), one.clone(), other.clone()]));
        }
        let form = style.bytes(&text);
        let refused = bytes(&form, None);
        prop_assume!(refused != Err(ListError::Encoding));
        let columns = matches!(refused, Err(ListError::Columns(ref columns)) if columns.len() == 2);
        prop_assert!(columns, "{:?}: {:?}", refused, text);
        let (read, _) = bytes(&form, Some("3")).unwrap();
        let wanted: BTreeSet<String> = rows.iter().map(|(_, other, _)| other.clone()).collect();
        prop_assert_eq!(named(&read), wanted);
    }

    #[test]
    fn no_bytes_make_it_panic_and_what_it_reads_are_addresses(mut list in prop::collection::vec(any::<u8>(), 0..400)) {
        for _ in 0..2 {
            if let Ok((lines, _)) = bytes(&list, None) {
                for key in named(&lines) {
                    prop_assert!(uncouple_domain::Address::parse(&key).is_ok(), "{}", key);
                }
            }
            list.extend_from_slice(b"\na@example.com,\n");
        }
    }

    #[test]
    fn nothing_is_read_of_a_list_that_is_damaged_somewhere(
        style in style(), at in any::<prop::sample::Index>(), byte in 0x80_u8..=0xff,
    ) {
        let mut text = style.line(&["氏名".to_owned(), "メール".to_owned()]);
        for number in 0..30 {
            text.push_str(&style.line(&["佐藤".to_owned(), format!("person{number}@example.com")]));
        }
        let mut form = style.bytes(&text);
        let at = at.index(form.len());
        form.insert(at, byte);
        // All thirty are named, or none is.
        if let Ok((lines, _)) = bytes(&form, None) {
            prop_assert!(lines.len() >= 30, "{:?}", form);
        }
    }
}
