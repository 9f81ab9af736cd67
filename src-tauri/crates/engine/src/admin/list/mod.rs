//! Lists of addresses: pasted, or a file of a spreadsheet, an export, a form.
//!
//! A list is gone through three times: for its encoding, for its layout, and to be read. So it is known to be a list,
//! with one column that is meant, before the first line is kept; and a million lines need no more memory than a hundred.
//! Nothing is sent to anybody while a list is read. Every address in it is handed out, or named with a reason.

mod addresses;
mod columns;
mod encoding;
mod records;

use crate::address::begins_formula;
use crate::runs::{Column, LineRefusal, ListLine};
use addresses::{Piece, addresses};
use columns::{Layout, Survey, is_comment};
use encoding::{Coding, coding};
use records::{Record, blank, records};
use std::collections::BTreeSet;
use std::io::{self, Read, Seek};

/// More lines than any organisation has people.
pub(crate) const MOST_LINES: u64 = 1_000_000;

/// More bytes than so many lines of addresses and names have.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// So much of a line is shown.
const SHOWN: usize = 120;

/// Lines that are handed out at once.
const BATCH: usize = 5_000;

/// Why a list is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ListError {
    /// Nothing is in it, or a header only.
    #[error("empty")]
    Empty,
    /// No address is in it, or none in the wanted column. With the first line.
    #[error("no addresses")]
    NoAddresses(u64),
    /// More lines, or more bytes, than any honest list.
    #[error("too long")]
    TooLong,
    /// The file can't be read.
    #[error("unreadable")]
    Unreadable,
    /// A file of another kind, by its name.
    #[error("a file of the kind {0}")]
    Kind(&'static str),
    /// Its encoding can't be told, or not all of it is text.
    #[error("no text of a known encoding")]
    Encoding,
    /// A key is in it.
    #[error("a key")]
    Key,
    /// A quotation mark is opened in that line and not closed.
    #[error("a quotation mark that is not closed in line {0}")]
    Quote(u64),
    /// These columns have different addresses: somebody must say which one is meant.
    #[error("several columns")]
    Columns(Vec<Column>),
    /// There is no such column; but these.
    #[error("no such column")]
    NoColumn(Vec<Column>),
}

/// What was read of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListRead {
    /// Lines, read and refused.
    pub(crate) lines: u64,
    /// The column that was read. None: all addresses of each line.
    pub(crate) column: Option<Column>,
    /// The list has a line for each grant or token, so that a person may have many.
    pub(crate) grants: bool,
}

/// Where a list comes from.
#[derive(Debug)]
pub(crate) enum Source {
    /// Text that was typed or pasted.
    Text(String),
    /// A file that was opened for reading. It is read from its beginning.
    File(std::fs::File),
}

/// Reads a list. `take` is handed lines in batches, and may stop the reading. `wanted`: the column to be read, by name
/// or number from 1.
///
/// # Errors
/// [`ListError`]. Before the layout is known nothing was handed out; what was handed out stays with the caller.
pub(crate) fn read_list(
    source: Source,
    wanted: Option<&str>,
    take: impl FnMut(Vec<ListLine>) -> bool,
) -> Result<ListRead, ListError> {
    match source {
        Source::Text(text) => {
            let mut source = io::Cursor::new(text);
            read_in(&mut source, Coding::TEXT, wanted, MOST_LINES, take)
        }
        Source::File(mut file) => {
            file.rewind().map_err(|_| ListError::Unreadable)?;
            let coding = coding(&mut file, MOST_BYTES)?;
            read_in(&mut file, coding, wanted, MOST_LINES, take)
        }
    }
}

fn read_in(
    source: &mut (impl Read + Seek),
    coding: Coding,
    wanted: Option<&str>,
    most: u64,
    mut take: impl FnMut(Vec<ListLine>) -> bool,
) -> Result<ListRead, ListError> {
    source.rewind().map_err(|_| ListError::Unreadable)?;
    let mut survey = Survey::default();
    let delimiter = records(&mut *source, coding, None, |record| survey.look_at(record).map(|()| true))?;
    let layout = survey.layout(wanted)?;
    source.rewind().map_err(|_| ListError::Unreadable)?;
    let (mut number, mut lines, mut batch) = (0, 0, Vec::new());
    records(source, coding, Some(delimiter), |record| {
        number += 1;
        let before = batch.len();
        read_record(record, number, &layout, delimiter, &mut batch)?;
        lines += (batch.len() - before) as u64;
        if lines > most {
            return Err(ListError::TooLong);
        }
        Ok(batch.len() < BATCH || take(std::mem::take(&mut batch)))
    })?;
    take(batch);
    Ok(ListRead { lines, column: layout.column(), grants: layout.grants })
}

/// The addresses of a record, and what is refused of it.
fn read_record(
    record: &Record,
    number: u64,
    layout: &Layout,
    delimiter: u8,
    lines: &mut Vec<ListLine>,
) -> Result<(), ListError> {
    if record.is_blank() || layout.skips(record, number) {
        return Ok(());
    }
    let mut put = |text: &str, key| lines.push(ListLine { line: record.line, text: cut(text), key });
    if is_comment(record) {
        for piece in record.fields.iter().flat_map(addresses) {
            put(&piece.text, Err(LineRefusal::Comment));
        }
        return Ok(());
    }
    let mut known = BTreeSet::new();
    let mut found = false;
    // One address twice in a line, as a name and as an address, is one.
    let mut take = |Piece { text, key }: Piece, put: &mut dyn FnMut(&str, Result<String, LineRefusal>)| {
        if key.as_ref().map_or(true, |key| known.insert(key.clone())) {
            put(&text, key);
        }
    };
    let Some(at) = layout.column else {
        // A formula may have in it what separates fields elsewhere.
        let formula = record.fields.iter().find(|field| !blank(field)).is_some_and(is_formula);
        for field in record.fields.iter().filter(|field| addresses::has_at(field)) {
            found = true;
            if formula || is_formula(field) {
                put(field, Err(LineRefusal::Formula));
                continue;
            }
            addresses(field).into_iter().for_each(|piece| take(piece, &mut put));
        }
        if !found {
            let text = whole(record);
            put(&text, Err(no_address(&text)));
        }
        return Ok(());
    };
    let cell = record.field(at);
    if is_formula(cell) {
        put(cell, Err(LineRefusal::Formula));
        found = true;
    } else {
        let pieces = addresses(cell);
        found |= !pieces.is_empty();
        // A cell that went on over other cells: a quotation mark is where none belongs.
        if pieces.len() > 1 && cell.contains('\n') && cell.contains(char::from(delimiter)) {
            return Err(ListError::Quote(record.line));
        }
        pieces.into_iter().for_each(|piece| take(piece, &mut put));
    }
    // Cells beyond the header: the row is shifted, and what stands there may be of any column.
    if layout.names.len() > 1 && at < layout.names.len() {
        for piece in record.fields.iter().skip(layout.names.len()).flat_map(addresses) {
            if piece.key.as_ref().is_ok_and(|key| known.contains(key)) {
                continue;
            }
            found = true;
            put(&piece.text, Err(LineRefusal::Shifted));
        }
    }
    // Ours have lines about everybody, and the head of the history.
    if !found && !layout.ours {
        // An empty cell alone would not tell whose line it is.
        let text = if blank(cell) { whole(record) } else { cell.to_owned() };
        put(&text, Err(no_address(cell)));
    }
    Ok(())
}

/// A line's fields, as it can be shown.
fn whole(record: &Record) -> String {
    record.fields.iter().filter(|field| !blank(field)).collect::<Vec<_>>().join(" ")
}

fn no_address(text: &str) -> LineRefusal {
    if text.len() > LONGEST {
        LineRefusal::TooLong
    } else if is_formula(text) {
        LineRefusal::Formula
    } else {
        LineRefusal::NoAddress
    }
}

/// Longer than any address with what may stand around it.
const LONGEST: usize = 1_024;

/// What a spreadsheet would run is no address that anybody has, even where the rules would allow the letter. A dash with
/// a space behind it is one before a line of a list.
fn is_formula(field: &str) -> bool {
    let field = field.trim();
    begins_formula(field)
        && field.chars().nth(1).is_some()
        && !field.strip_prefix(['-', '+']).is_some_and(|rest| rest.starts_with([' ', '\t', '\u{3000}']))
}

/// So much as can be shown, without what can't be seen.
fn cut(text: &str) -> String {
    let text = text.trim().chars().map(|letter| if letter == '\n' { ' ' } else { letter });
    text.filter(|letter| !letter.is_control() && !crate::address::turns(*letter)).take(SHOWN).collect()
}

#[cfg(test)]
mod tests;
