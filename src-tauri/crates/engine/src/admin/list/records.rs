//! The records of a list: what separates its fields, and where each begins.

use super::ListError;
use super::encoding::{Coding, Decoded};
use csv::StringRecord;
use std::cell::Cell;
use std::io::{self, Cursor, Read};
use std::rc::Rc;

/// A record is no longer than so, in bytes: one line with all addresses of a large organisation.
const LONGEST: u64 = 16 * 1024 * 1024;

/// Of so much of the start it is told what separates the fields.
const START: u64 = 64 * 1024;

/// A record of its own behind the last one. If it is found within another, a quotation mark was not closed.
const BEHIND: &[u8] = b"\x1e\n";

/// A list's line, or several that a quoted field goes over.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// Number of its first line, from 1.
    pub(super) line: u64,
    pub(super) fields: StringRecord,
}

impl Record {
    pub(super) fn field(&self, at: usize) -> &str {
        self.fields.get(at).unwrap_or_default()
    }

    /// Fields with something in them.
    pub(super) fn filled(&self) -> usize {
        self.fields.iter().filter(|field| !blank(field)).count()
    }

    /// Nothing stands there, or only what is drawn between rows.
    pub(super) fn is_blank(&self) -> bool {
        let drawn = |letter: char| "-=+|:_*─━│┃┼═".contains(letter);
        self.filled() == 0
            || self.fields.iter().all(|field| field.chars().all(|letter| drawn(letter) || letter.is_whitespace()))
                && self.fields.iter().map(|field| field.trim().len()).sum::<usize>() >= 3
    }
}

/// Nothing that can be seen.
pub(super) fn blank(field: &str) -> bool {
    field.chars().all(|letter| letter.is_whitespace() || letter.is_control() || crate::address::has_no_width(letter))
}

/// Reads a list's records from its first to its last. `take` may end it.
pub(super) fn records(
    source: impl Read,
    coding: Coding,
    delimiter: Option<u8>,
    mut take: impl FnMut(&Record) -> Result<bool, ListError>,
) -> Result<u8, ListError> {
    let mut text = OneLineEnd { source: Decoded::new(source, coding), after_return: false, ended: true };
    let mut start = Vec::new();
    (&mut text).take(START).read_to_end(&mut start).map_err(|error| failed(&error, 1))?;
    let delimiter = delimiter.unwrap_or_else(|| told_by(&start));
    let since = Rc::new(Cell::new(0));
    let text = Cursor::new(start).chain(text).chain(BEHIND);
    let text = Bounded { source: text, since: Rc::clone(&since) };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text);
    let (mut next, mut held) = (Record::default(), None::<Record>);
    loop {
        let before = reader.position().line();
        let more = reader.read_record(&mut next.fields);
        since.set(0);
        let more = more.map_err(|error| {
            // All of it is text, and records may have any length: nothing else is left to fail.
            if let csv::ErrorKind::Io(error) = error.kind() { failed(error, before) } else { ListError::Encoding }
        })?;
        if !more {
            break;
        }
        let within: usize = next.fields.iter().map(|field| field.matches('\n').count()).sum();
        // The line after the record, back to where it began: empty lines before it belong to none.
        next.line = reader.position().line().saturating_sub(1 + within as u64);
        if let Some(record) = held.replace(std::mem::take(&mut next)) {
            if !take(&record)? {
                return Ok(delimiter);
            }
            next = record;
        }
    }
    match held {
        Some(last) if last.fields.len() == 1 && last.field(0) == "\u{1e}" => Ok(delimiter),
        // The line end behind it is within it.
        last => Err(ListError::Quote(last.map_or(1, |last| last.line + 1))),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the standard library's list is open")]
fn failed(error: &io::Error, line: u64) -> ListError {
    match error.kind() {
        io::ErrorKind::InvalidData => ListError::Encoding,
        io::ErrorKind::FileTooLarge => ListError::Quote(line),
        _ => ListError::Unreadable,
    }
}

/// What separates the fields: what most lines have outside of quotation marks, and a line `sep=;` of a spreadsheet.
fn told_by(start: &[u8]) -> u8 {
    let text = String::from_utf8_lossy(start);
    let lines = || text.lines().filter(|line| !blank(line)).take(200);
    if let Some(named) = lines().next().and_then(separator_line) {
        return named;
    }
    let outside = |line: &str, wanted: u8| {
        let mut quoted = false;
        let counted = line.bytes().filter(|byte| {
            quoted ^= *byte == b'"';
            *byte == wanted && !quoted
        });
        counted.count()
    };
    let mut best = (0, 0, b',');
    for wanted in [b'\t', b';', b'|', b','] {
        let counts = lines().map(|line| outside(line, wanted)).filter(|count| *count > 0);
        let (with, all) = counts.fold((0, 0), |(with, all), count| (with + 1, all + count));
        if (with, all) > (best.0, best.1) {
            best = (with, all, wanted);
        }
    }
    best.2
}

/// The sign that a line `sep=;` names, which spreadsheets understand at the start of a file.
pub(super) fn separator_line(line: &str) -> Option<u8> {
    let line = line.trim().trim_start_matches('\u{feff}').trim_matches('"');
    let (name, sign) = line.split_at_checked(4)?;
    let sign = match sign.as_bytes() {
        [] if name.eq_ignore_ascii_case("sep=") => return Some(b'\t'),
        [sign] => *sign,
        _ => return None,
    };
    (name.eq_ignore_ascii_case("sep=") && sign.is_ascii_punctuation() && sign != b'"').then_some(sign)
}

/// Makes every line end one line feed, the last one too, so that lines are counted as people count them.
struct OneLineEnd<R> {
    source: R,
    after_return: bool,
    ended: bool,
}

impl<R: Read> Read for OneLineEnd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let got = self.source.read(buffer)?;
            if got == 0 {
                let missing = !std::mem::replace(&mut self.ended, true);
                return Ok(match buffer.first_mut() {
                    Some(place) if missing => {
                        *place = b'\n';
                        1
                    }
                    _ => 0,
                });
            }
            let mut kept = 0;
            for at in 0..got {
                let Some(byte) = buffer.get(at).copied() else { break };
                let fed_already = byte == b'\n' && self.after_return;
                self.after_return = byte == b'\r';
                if !fed_already && let Some(place) = buffer.get_mut(kept) {
                    *place = if byte == b'\r' { b'\n' } else { byte };
                    kept += 1;
                }
            }
            // Nothing but the second half of a line end: that is not the end of the file.
            if let Some(last) = kept.checked_sub(1) {
                self.ended = buffer.get(last) == Some(&b'\n');
                return Ok(kept);
            }
        }
    }
}

/// Ends where one record takes more than it may.
struct Bounded<R> {
    source: R,
    since: Rc<Cell<u64>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since.get() > LONGEST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let got = self.source.read(buffer)?;
        self.since.set(self.since.get() + got as u64);
        Ok(got)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn read(text: &str) -> Result<Vec<(u64, Vec<String>)>, ListError> {
        let mut all = Vec::new();
        records(text.as_bytes(), Coding::TEXT, None, |record| {
            all.push((record.line, record.fields.iter().map(str::to_owned).collect()));
            Ok(true)
        })?;
        Ok(all)
    }

    fn fields(text: &str) -> Vec<Vec<String>> {
        read(text).unwrap().into_iter().map(|(_, fields)| fields).collect()
    }

    #[test]
    fn fields_are_separated_by_what_most_lines_have_outside_of_quotation_marks() {
        for (text, first) in [
            ("a,b\nc,d\n", ["a", "b"]),
            ("a;b\nc;d\n", ["a", "b"]),
            ("a\tb\nc\td\n", ["a", "b"]),
            ("a|b\nc|d\n", ["a", "b"]),
            ("\"Name, Vorname\";E-Mail\n\"Sato, Hanako\";h\n", ["Name, Vorname", "E-Mail"]),
            ("Name;E-Mail\nSato, Hanako;h\nSuzuki, Taro;t\n", ["Name", "E-Mail"]),
            ("Name,Emails\nA,\"a;b\"\nB,c;d\n", ["Name", "Emails"]),
            ("sep=;\na,b;c\n", ["sep=", ""]),
        ] {
            assert_eq!(fields(text).first().unwrap(), &first, "{text:?}");
        }
        assert_eq!(separator_line("sep=,"), Some(b','));
        assert_eq!(separator_line("\"SEP=;\""), Some(b';'));
        assert_eq!(separator_line("separator"), None);
    }

    #[test]
    fn lines_are_counted_as_people_count_them() {
        let text = "one\r\n\r\n\"two\r\nlines\",x\rfour\n\nlast";
        let lines: Vec<u64> = read(text).unwrap().into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [1, 3, 5, 7]);
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_is_named_and_not_read_past() {
        assert_eq!(read("a,b\n\"c,d\ne,f\n"), Err(ListError::Quote(2)));
        assert_eq!(read("a,\"b\n"), Err(ListError::Quote(1)));
        assert_eq!(fields("5\" disk,b\n"), [["5\" disk", "b"]]);
        assert_eq!(fields("a,\u{1e}\n\u{1e}\nb,c\n").len(), 3);
        let long = format!("\"{}\n", "a\n".repeat(20 << 20));
        assert_eq!(read(&long), Err(ListError::Quote(1)));
    }
}
