//! Lists of addresses: pasted, or a file from a spreadsheet.
//!
//! Read record by record, so that a million lines need no more memory than a hundred. Nothing is sent to anybody while a
//! list is read; a line that can't be taken is named with its number.

use crate::address::read_address;
use crate::runs::{LineRefusal, ListLine};
use csv::ByteRecord;
use std::io::{BufRead, BufReader, Read};

/// More lines than any organisation has people.
pub(crate) const MOST_LINES: u64 = 1_000_000;

/// More bytes than so many lines of addresses and names have.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// Longer than any address with what may stand around it.
const LONGEST: usize = 1_024;

/// So much of a refused line is shown.
const SHOWN: usize = 120;

/// Words for a column of addresses, in small letters.
const HEADERS: [&str; 9] =
    ["email", "e-mail", "mail", "address", "user", "username", "primaryemail", "userprincipalname", "upn"];

/// The same in Japanese.
const HEADERS_JA: [&str; 3] = ["メール", "アドレス", "ユーザー"];

/// Why a list is not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ListError {
    /// More lines, or more bytes, than any honest list.
    #[error("too long")]
    TooLong,
    /// The file can't be read.
    #[error("unreadable")]
    Unreadable,
}

/// Reads a list, line by line. `take` is handed lines in batches, and may stop the reading.
///
/// # Errors
/// [`ListError`]. What was handed out before stays with the caller.
pub(crate) fn read_list(source: impl Read, take: impl FnMut(Vec<ListLine>) -> bool) -> Result<u64, ListError> {
    read_up_to(MOST_LINES, source, take)
}

fn read_up_to(most: u64, source: impl Read, mut take: impl FnMut(Vec<ListLine>) -> bool) -> Result<u64, ListError> {
    let mut source =
        BufReader::new(OneLineEnd { source: source.take(MOST_BYTES + 1), after_return: false, ended: true });
    let delimiter = delimiter(source.fill_buf().map_err(|_| ListError::Unreadable)?);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(source);
    let mut record = ByteRecord::new();
    let mut batch = Vec::new();
    let (mut count, mut column, mut first) = (0, None, true);
    while reader.read_byte_record(&mut record).map_err(|_| ListError::Unreadable)? {
        let within: usize = record.iter().map(|field| field.iter().filter(|byte| **byte == b'\n').count()).sum();
        // The line after the record, back to where it began: empty lines before it belong to nobody.
        let number = reader.position().line().saturating_sub(1 + within as u64);
        if reader.position().byte() > MOST_BYTES || count >= most {
            return Err(ListError::TooLong);
        }
        let begins = std::mem::take(&mut first);
        if begins {
            column = header(&record);
            if column.is_some() {
                continue;
            }
        }
        if let Some(line) = line(&record, column, number, begins) {
            count += 1;
            batch.push(line);
        }
        if batch.len() >= 5_000 && !take(std::mem::take(&mut batch)) {
            return Ok(count);
        }
    }
    take(batch);
    Ok(count)
}

/// Makes every line end one line feed, the last one too, so that lines are counted as people count them.
struct OneLineEnd<R> {
    source: R,
    after_return: bool,
    ended: bool,
}

impl<R: Read> Read for OneLineEnd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
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

/// What separates the fields of the first line; a comma where nothing does.
fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| line.iter().filter(|byte| **byte == wanted).count();
    [b'\t', b';', b','].into_iter().max_by_key(|byte| count(*byte)).filter(|byte| count(*byte) > 0).unwrap_or(b',')
}

/// A field as text, without a byte order mark before it or white space around it.
fn text(field: &[u8]) -> Result<&str, LineRefusal> {
    let text = std::str::from_utf8(field).map_err(|_| LineRefusal::NotText)?;
    Ok(text.trim_start_matches('\u{feff}').trim())
}

/// The column that a header calls one of addresses. None: the first line is no header.
fn header(record: &ByteRecord) -> Option<usize> {
    if record.iter().any(|field| field.contains(&b'@')) {
        return None;
    }
    record.iter().position(|field| {
        let Ok(name) = text(field) else { return false };
        let small = name.to_lowercase().replace([' ', '_'], "");
        HEADERS.iter().any(|word| small == *word || small == format!("{word}address"))
            || HEADERS_JA.iter().any(|word| small.contains(word))
    })
}

/// A line of the list. None: it is empty.
fn line(record: &ByteRecord, column: Option<usize>, number: u64, begins: bool) -> Option<ListLine> {
    let field = match column {
        Some(column) => record.get(column).unwrap_or_default(),
        // Without a header, the first field that could be one.
        None => record.iter().find(|field| field.contains(&b'@')).or_else(|| record.get(0)).unwrap_or_default(),
    };
    let refused = |shown: &str, why| Some(ListLine { line: number, text: cut(shown), key: Err(why) });
    if field.len() > LONGEST {
        return refused(&String::from_utf8_lossy(field.get(..SHOWN).unwrap_or_default()), LineRefusal::TooLong);
    }
    let text = match text(field) {
        Ok(text) => text,
        Err(why) => return refused(&String::from_utf8_lossy(field), why),
    };
    if text.is_empty() {
        let blank = begins || record.iter().all(|field| field.iter().all(u8::is_ascii_whitespace));
        return if blank { None } else { refused("", LineRefusal::NoAddress) };
    }
    // What a spreadsheet would run is no address that anybody has, even where the rules would allow the letter.
    if text.starts_with(['=', '+', '-', '@']) {
        return refused(text, LineRefusal::Formula);
    }
    match read_address(between_angles(text)) {
        Ok(address) => Some(ListLine { line: number, text: cut(text), key: Ok(address.key().to_owned()) }),
        Err(_) => refused(text, LineRefusal::NoAddress),
    }
}

/// `Name <address>`, as mail programs copy it.
fn between_angles(text: &str) -> &str {
    text.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>')).unwrap_or(text)
}

/// So much as can be shown, without what can't be seen.
fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    type Line = (u64, Result<String, LineRefusal>);

    fn read(bytes: &[u8]) -> Result<Vec<Line>, ListError> {
        let mut all = Vec::new();
        read_list(bytes, |lines| {
            all.extend(lines.into_iter().map(|line| (line.line, line.key)));
            true
        })?;
        Ok(all)
    }

    fn ok(line: u64, key: &str) -> Line {
        (line, Ok(key.to_owned()))
    }

    #[test]
    fn a_spreadsheets_file_is_read_with_its_mark_quotes_and_line_ends() {
        let text = "\u{feff}Name,\"E-Mail Address\",Note\r\n\"Sato, \"\"Hana\"\"\",Hanako@Example.com,\"two\r\nlines\"\r\nTaro, taro@example.com ,\r\n";
        assert_eq!(read(text.as_bytes()).unwrap(), [ok(2, "hanako@example.com"), ok(4, "taro@example.com")]);
        let japanese = "氏名;メールアドレス\n佐藤;hanako@example.com\n";
        assert_eq!(read(japanese.as_bytes()).unwrap(), [ok(2, "hanako@example.com")]);
    }

    #[test]
    fn pasted_addresses_need_no_header() {
        let text = "hanako@example.com\n\nTaro Sato <taro@example.com>\n  \nname\tjiro@example.com\n";
        let wanted = [ok(1, "hanako@example.com"), ok(3, "taro@example.com")];
        assert_eq!(read(text.as_bytes()).unwrap().get(..2).unwrap(), wanted);
    }

    #[test]
    fn each_bad_line_is_named_with_its_number_and_reason() {
        let long = "a".repeat(2_000);
        let mut bytes = format!("ok@example.com\n=cmd|' /C calc'!A0@x.com\nno address\n{long}@example.com\na@@b.com\n");
        bytes.push_str("-x@example.com\n");
        let mut bytes = bytes.into_bytes();
        bytes.extend_from_slice(b"\xff\xfe@example.com\n");
        let wanted = [
            ok(1, "ok@example.com"),
            (2, Err(LineRefusal::Formula)),
            (3, Err(LineRefusal::NoAddress)),
            (4, Err(LineRefusal::TooLong)),
            (5, Err(LineRefusal::NoAddress)),
            (6, Err(LineRefusal::Formula)),
            (7, Err(LineRefusal::NotText)),
        ];
        assert_eq!(read(&bytes).unwrap(), wanted);
    }

    #[test]
    fn one_line_more_than_the_most_is_too_long() {
        struct Lines(u64);
        impl Read for Lines {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                let line = b"p@example.com\n";
                let lines = (buffer.len() / line.len()).min(usize::try_from(self.0).unwrap());
                for place in buffer.chunks_exact_mut(line.len()).take(lines) {
                    place.copy_from_slice(line);
                }
                self.0 -= lines as u64;
                Ok(lines * line.len())
            }
        }
        assert_eq!(read_up_to(20_000, Lines(20_000), |_| true), Ok(20_000));
        assert_eq!(read_up_to(20_000, Lines(20_001), |_| true), Err(ListError::TooLong));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_and_no_key_is_no_address(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            for (_, key) in read(&bytes).unwrap() {
                if let Ok(key) = key {
                    prop_assert!(uncouple_domain::Address::parse(&key).is_ok(), "{}", key);
                }
            }
        }
    }
}
