//! The history as a file.

use crate::history::{Chain, Entry};
use serde_json::json;

/// CSV (RFC 4180) with a byte order mark, so that spreadsheets read Japanese rightly. The last line
/// carries the head hash.
#[must_use]
pub fn csv(entries: &[Entry], chain: &Chain) -> String {
    let mut text = String::from("\u{feff}seq,at,by,address,what,prev,hash\r\n");
    for entry in entries {
        let seq = entry.seq.to_string();
        let fields = [
            seq.as_str(),
            &entry.at,
            entry.by_name.as_deref().unwrap_or_default(),
            entry.address.as_deref().unwrap_or_default(),
            &entry.what,
            &entry.prev,
            &entry.hash,
        ];
        line(&mut text, &fields);
    }
    line(&mut text, &["", "", "", "", "head", "", &chain.head]);
    text
}

/// JSON with the head hash beside the entries.
#[must_use]
pub fn json(entries: &[Entry], chain: &Chain) -> String {
    let document = json!({
        "format": "uncouple-history/1",
        "entries": entries,
        "head": chain.head,
        "broken_at": chain.broken_at,
    });
    format!("{document:#}\n")
}

fn line(text: &mut String, fields: &[&str]) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push('"');
        // A spreadsheet runs a field that begins like this as a formula (OWASP, CSV Injection).
        if field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            text.push('\'');
        }
        text.push_str(&field.replace('"', "\"\""));
        text.push('"');
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_a_spreadsheet_would_run_is_neutralised() {
        for start in ["=", "+", "-", "@", "\t", "\r"] {
            let mut text = String::new();
            line(&mut text, &[&format!("{start}cmd|' /C calc'!A0")]);
            assert!(text.starts_with("\"'"), "{text:?}");
        }
    }

    #[test]
    fn quotes_are_doubled_and_the_head_hash_closes_the_file() {
        let mut text = String::new();
        line(&mut text, &["a\"b", "c,d"]);
        assert_eq!(text, "\"a\"\"b\",\"c,d\"\r\n");
        assert!(csv(&[], &Chain::empty()).contains(crate::history::GENESIS));
    }
}
