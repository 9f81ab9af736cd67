//! The history as a file.

use crate::address::begins_formula;
use crate::history::{Chain, Entry};
use crate::past::ExportFormat;
use crate::wire::Language;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use std::sync::LazyLock;

/// The window's own messages, for what it calls each kind of entry.
static JAPANESE: LazyLock<Value> = LazyLock::new(|| read(include_str!("../../../../ui/messages/ja.json")));
static ENGLISH: LazyLock<Value> = LazyLock::new(|| read(include_str!("../../../../ui/messages/en.json")));

fn read(text: &str) -> Value {
    // A test reads both files.
    serde_json::from_str(text).unwrap_or_default()
}

/// For whom a file is written: what is added for people beside what is hashed.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Their language.
    pub language: Language,
    /// Their zone.
    pub zone: TimeZone,
}

impl Reader {
    /// The time of an entry in the reader's zone with its offset, as spreadsheets read it.
    fn local(&self, at: &str) -> String {
        let at = at.parse::<Timestamp>();
        at.map(|at| at.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string())
            .unwrap_or_default()
    }

    /// What the window calls this kind of entry, and how what it says is known: on its own "step done" would claim more
    /// than a step that was closed without knowing.
    fn event(&self, what: &str) -> String {
        let what = serde_json::from_str::<Value>(what).unwrap_or_default();
        let text = |at: &str| what.pointer(at).and_then(Value::as_str);
        let kind = text("/kind").unwrap_or_default();
        let messages = match self.language {
            Language::Japanese => &*JAPANESE,
            Language::English => &*ENGLISH,
        };
        let message = |key: &str| messages.get(key).and_then(Value::as_str);
        let said = message(&format!("kind_{kind}")).unwrap_or(kind);
        let known = text("/evidence/rank").map(|rank| match text("/evidence/proof") {
            Some("store") => "rank_own".to_owned(),
            Some(_) | None => format!("rank_{rank}"),
        });
        match (known.as_deref().and_then(message), self.language) {
            (Some(known), Language::Japanese) => format!("{said}（{known}）"),
            (Some(known), Language::English) => format!("{said} ({known})"),
            (None, _) => said.to_owned(),
        }
    }
}

/// The columns of the history.
pub(crate) const HISTORY: [&str; 9] = ["seq", "at", "local_time", "by", "address", "event", "what", "prev", "hash"];

/// CSV (RFC 4180) with a byte order mark, so that spreadsheets read Japanese rightly. The last line
/// carries the head hash; lines before it say so if the history is the sample's, does not fit, or is shorter than it was.
#[must_use]
pub fn csv(entries: &[Entry], chain: &Chain, sample: bool, reader: &Reader) -> String {
    let mut text = format!("\u{feff}{}\r\n", HISTORY.join(","));
    for entry in entries {
        let seq = entry.seq.to_string();
        let fields = [
            seq.as_str(),
            &entry.at,
            &reader.local(&entry.at),
            entry.by_name.as_deref().unwrap_or_default(),
            entry.address.as_deref().unwrap_or_default(),
            &reader.event(&entry.what),
            &entry.what,
            &entry.prev,
            &entry.hash,
        ];
        line(&mut text, &fields);
    }
    if sample {
        line(&mut text, &["", "", "", "", "", "", "sample", "", ""]);
    }
    if let Some(seq) = chain.broken_at {
        line(&mut text, &["", "", "", "", "", "", &format!("broken at {seq}"), "", ""]);
    }
    if chain.lost > 0 {
        line(&mut text, &["", "", "", "", "", "", &format!("{} lost", chain.lost), "", ""]);
    }
    line(&mut text, &["", "", "", "", "", "", "head", "", &chain.head]);
    text
}

/// JSON with the head hash beside the entries.
#[must_use]
pub fn json(entries: &[Entry], chain: &Chain, sample: bool) -> String {
    let document = json!({
        "format": "uncouple-history/1",
        "sample": sample,
        "entries": entries,
        "head": chain.head,
        "broken_at": chain.broken_at,
        "lost": chain.lost,
    });
    format!("{document:#}\n")
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
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::history::GENESIS;

    #[test]
    fn an_entry_is_said_in_the_readers_words_and_time_beside_what_is_hashed() {
        let entry = Entry {
            seq: 1,
            at: "2026-11-28T16:30:00Z".to_owned(),
            by: None,
            by_name: Some("佐藤 花子".to_owned()),
            mailbox: None,
            address: None,
            what: r#"{"kind":"step_done","step":"revoke_grant"}"#.to_owned(),
            prev: GENESIS.to_owned(),
            hash: "h".to_owned(),
        };
        let chain = Chain { entries: 1, head: "h".to_owned(), broken_at: None, lost: 0 };
        for (language, said) in [(Language::Japanese, "手順の完了"), (Language::English, "Step done")] {
            let reader = Reader { language, zone: TimeZone::get("Asia/Tokyo").unwrap() };
            let text = csv(std::slice::from_ref(&entry), &chain, false, &reader);
            let row = text.lines().nth(1).unwrap();
            assert!(
                row.starts_with(r#""1","2026-11-28T16:30:00Z","2026-11-29 01:30:00 +09:00","佐藤 花子","","#),
                "{row}"
            );
            assert!(row.contains(&format!(r#","{said}","{{""kind"":""step_done"","#)), "{row}");
            let last = text.lines().last().unwrap();
            assert_eq!(last.matches("\",\"").count(), HISTORY.len() - 1, "{last}");
        }
    }

    #[test]
    fn an_entry_says_how_it_is_known() {
        let reader = |language| Reader { language, zone: TimeZone::UTC };
        for (evidence, english, japanese) in [
            (r#"{"rank":"proven","proof":"google_revoke"}"#, "Step done (proven)", "手順の完了（証明済み）"),
            (
                r#"{"rank":"proven","proof":"store"}"#,
                "Step done (changed in Uncouple)",
                "手順の完了（Uncouple内の変更）",
            ),
            (r#"{"rank":"confirmed"}"#, "Step done (stated)", "手順の完了（申告）"),
            (r#"{"rank":"unverified"}"#, "Step done (unverified)", "手順の完了（未確認）"),
        ] {
            let what = format!(r#"{{"kind":"step_done","evidence":{evidence}}}"#);
            assert_eq!(reader(Language::English).event(&what), english);
            assert_eq!(reader(Language::Japanese).event(&what), japanese);
        }
    }

    #[test]
    fn a_kind_that_is_not_known_stands_as_it_is() {
        let reader = Reader { language: Language::English, zone: TimeZone::UTC };
        assert_eq!(reader.event(r#"{"kind":"of_a_later_version"}"#), "of_a_later_version");
        assert_eq!((reader.event("no JSON"), reader.local("no time")), (String::new(), String::new()));
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
        let reader = Reader { language: Language::English, zone: TimeZone::UTC };
        assert!(csv(&[], &Chain::empty(), false, &reader).contains(GENESIS));
    }
}
