//! Tables as files.

use crate::address::begins_formula;
use crate::history::{Chain, Entry};
use crate::past::ExportFormat;
use crate::sentence::{Sentence, local_time};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// The columns of the history. What is added for people stands beside what is hashed.
pub(crate) const HISTORY: [&str; 10] =
    ["seq", "at", "local_time", "by", "address", "sentence_ja", "sentence_en", "what", "prev", "hash"];

/// The history as a file, entry by entry.
///
/// CSV is RFC 4180 with a byte order mark, so that spreadsheets read Japanese rightly. The last line carries the head
/// hash; lines before it say so if the history is the sample's, does not fit, or is shorter than it was. JSON has the
/// same beside the entries.
#[derive(Debug)]
pub(crate) struct History {
    format: ExportFormat,
    zone: TimeZone,
    sample: bool,
    text: String,
    entries: u64,
}

impl History {
    /// Begins a file. Times are added in this zone.
    pub(crate) fn new(format: ExportFormat, zone: TimeZone, sample: bool) -> Self {
        let text = match format {
            ExportFormat::Csv => format!("\u{feff}{}\r\n", HISTORY.join(",")),
            ExportFormat::Json => format!("{{\"format\":\"uncouple-history/2\",\"sample\":{sample},\"entries\":["),
        };
        Self { format, zone, sample, text, entries: 0 }
    }

    /// Adds an entry.
    pub(crate) fn entry(&mut self, entry: &Entry) {
        let what = serde_json::from_str::<Value>(&entry.what).unwrap_or_default();
        let sentence = Sentence::of(&what, &self.zone);
        let local = local_time(&entry.at, &self.zone);
        match self.format {
            ExportFormat::Csv => line(
                &mut self.text,
                &[
                    &entry.seq.to_string(),
                    &entry.at,
                    &local,
                    entry.by_name.as_deref().unwrap_or_default(),
                    entry.address.as_deref().unwrap_or_default(),
                    &sentence.ja,
                    &sentence.en,
                    &entry.what,
                    &entry.prev,
                    &entry.hash,
                ],
            ),
            ExportFormat::Json => {
                let mut object = json!(entry);
                if let Value::Object(fields) = &mut object {
                    fields.insert("local_time".to_owned(), local.into());
                    fields.insert("sentence".to_owned(), json!(sentence));
                }
                self.text.push_str(if self.entries == 0 { "\n" } else { ",\n" });
                self.text.push_str(&object.to_string());
            }
        }
        self.entries += 1;
    }

    /// Ends the file with what walking the chain found.
    pub(crate) fn close(&mut self, chain: &Chain) -> String {
        match self.format {
            ExportFormat::Csv => {
                let mut last =
                    |what: &str, hash: &str| line(&mut self.text, &["", "", "", "", "", "", "", what, "", hash]);
                if self.sample {
                    last("sample", "");
                }
                if let Some(seq) = chain.broken_at {
                    last(&format!("broken at {seq}"), "");
                }
                if chain.lost > 0 {
                    last(&format!("{} lost", chain.lost), "");
                }
                last("head", &chain.head);
            }
            ExportFormat::Json => {
                let (head, broken, lost) = (json!(chain.head), json!(chain.broken_at), chain.lost);
                self.text.push_str(&format!("\n],\"head\":{head},\"broken_at\":{broken},\"lost\":{lost}}}\n"));
            }
        }
        self.take()
    }

    /// What was added since.
    pub(crate) fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}

/// A table of text that is written row by row: CSV as [`csv`] writes it, or one JSON document whose rows are objects.
#[derive(Debug)]
pub(crate) struct Table {
    format: ExportFormat,
    columns: Vec<&'static str>,
    text: String,
    rows: u64,
}

impl Table {
    /// Begins a table. `name` says what is in it, with a number for its form.
    pub(crate) fn new(format: ExportFormat, name: &str, columns: &[&'static str]) -> Self {
        let mut text = String::new();
        match format {
            ExportFormat::Csv => {
                text.push('\u{feff}');
                line(&mut text, columns);
            }
            ExportFormat::Json => text.push_str(&format!("{{\"format\":{},\"rows\":[", json!(name))),
        }
        Self { format, columns: columns.to_vec(), text, rows: 0 }
    }

    /// Says more of the whole before the rows; in JSON only.
    pub(crate) fn about(mut self, what: &serde_json::Value) -> Self {
        if let (ExportFormat::Json, Some(fields)) = (self.format, what.as_object()) {
            for (name, value) in fields {
                self.text.insert_str(1, &format!("{}:{value},", json!(name)));
            }
        }
        self
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: &[String]) {
        match self.format {
            ExportFormat::Csv => line(&mut self.text, &cells.iter().map(String::as_str).collect::<Vec<_>>()),
            ExportFormat::Json => {
                let object: serde_json::Map<String, serde_json::Value> =
                    self.columns.iter().zip(cells).map(|(name, cell)| ((*name).to_owned(), json!(cell))).collect();
                self.text.push_str(if self.rows == 0 { "\n" } else { ",\n" });
                self.text.push_str(&serde_json::Value::Object(object).to_string());
            }
        }
        self.rows += 1;
    }

    /// Adds a row with values of their own types; in JSON only.
    pub(crate) fn document(&mut self, row: &serde_json::Value) {
        self.text.push_str(if self.rows == 0 { "\n" } else { ",\n" });
        self.text.push_str(&row.to_string());
        self.rows += 1;
    }

    /// Ends the rows of a document and adds what comes after them. A table of a spreadsheet has nothing but rows.
    pub(crate) fn close(&mut self, after: &[(&str, serde_json::Value)]) -> String {
        if self.format == ExportFormat::Json {
            self.text.push_str("\n]");
            for (name, value) in after {
                self.text.push_str(&format!(",{}:{value}", json!(name)));
            }
            self.text.push_str("}\n");
        }
        self.take()
    }

    /// What was added since.
    pub(crate) fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}

fn line(text: &mut String, fields: &[&str]) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push('"');
        // A tab or line end itself at the start is taken off by some, with what is behind it then at the start.
        if begins_formula(field) || field.starts_with(['\t', '\r', '\n']) {
            text.push('\'');
        }
        text.push_str(&field.replace('"', "\"\""));
        text.push('"');
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use crate::history::GENESIS;

    #[test]
    fn an_entry_is_said_in_both_languages_and_local_time_beside_what_is_hashed() {
        let entry = Entry {
            seq: 1,
            at: "2026-11-28T16:30:00Z".to_owned(),
            by: None,
            by_name: Some("佐藤 花子".to_owned()),
            mailbox: None,
            address: None,
            what: r#"{"kind":"inbox_added","name":"Sales"}"#.to_owned(),
            prev: GENESIS.to_owned(),
            hash: "h".to_owned(),
        };
        let chain = Chain { entries: 1, head: "h".to_owned(), broken_at: None, lost: 2 };
        let written = |format| {
            let mut file = History::new(format, TimeZone::get("Asia/Tokyo").unwrap(), true);
            file.entry(&entry);
            file.close(&chain)
        };
        let text = written(ExportFormat::Csv);
        let row = text.lines().nth(1).unwrap();
        let begins = r#""1","2026-11-28T16:30:00Z","2026-11-29 01:30:00 +09:00","佐藤 花子","","#;
        let sentence = Sentence::of(&serde_json::from_str(&entry.what).unwrap(), &TimeZone::UTC);
        assert!(row.starts_with(begins), "{row}");
        assert!(row.contains(&format!(r#""{}","{}","{{""kind"":"#, sentence.ja, sentence.en)), "{row}");
        let ends: Vec<&str> = text.lines().skip(2).collect();
        assert!(ends[0].contains("sample") && ends[1].contains("2 lost") && ends[2].contains("head"), "{ends:?}");
        assert!(ends.iter().all(|end| end.matches("\",\"").count() == HISTORY.len() - 1), "{ends:?}");

        let document: Value = serde_json::from_str(&written(ExportFormat::Json)).unwrap();
        let first = &document["entries"][0];
        assert_eq!((&first["sentence"]["ja"], &first["sentence"]["en"]), (&json!(sentence.ja), &json!(sentence.en)));
        assert_eq!((&first["local_time"], &first["hash"]), (&json!("2026-11-29 01:30:00 +09:00"), &json!("h")));
        assert_eq!((&document["head"], &document["lost"], &document["sample"]), (&json!("h"), &json!(2), &json!(true)));
    }

    #[test]
    fn a_field_that_a_spreadsheet_would_run_is_neutralised() {
        for start in [
            "=",
            "+",
            "-",
            "@",
            "\t",
            "\r",
            "\n",
            "＝",
            "＋",
            "－",
            "＠",
            " =",
            "\u{3000}＝",
            "\u{a0}=",
            "\u{feff}=",
            "\u{200b}+",
            "\t=",
            "\n=",
            "\r\n＠",
            "\u{202a}-",
            "\u{b}=",
            "\u{0}=",
        ] {
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
        let mut file = History::new(ExportFormat::Csv, TimeZone::UTC, false);
        assert!(file.close(&Chain::empty()).contains(GENESIS));
    }
}
