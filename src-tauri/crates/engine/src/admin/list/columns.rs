//! Which column of a list has the addresses: told by its cells, and by its name only where cells don't decide. Where
//! several columns have different addresses none is read until a person says which.

use super::addresses::addresses;
use super::records::{Record, blank, separator_line};
use super::{ListError, cut};
use crate::address::normalized;
use crate::runs::Column;
use std::collections::BTreeSet;

/// So many lines before the first address are looked at for a header.
const TITLES: usize = 500;

/// Columns that are told apart; no table of people has so many.
const COLUMNS: usize = 2_000;

/// What a column of addresses is called, best first; in small letters, without spaces and signs.
const NAMES: [&[&str]; 3] = [
    &[
        "primaryemail",
        "primarysmtpaddress",
        "userprincipalname",
        "emailaddress",
        "email",
        "メールアドレス",
        "eメールアドレス",
        "eメール",
        "address",
    ],
    &["mail", "メール", "upn", "smtp", "correo", "courriel", "邮箱", "郵件", "이메일"],
    &["user", "address", "アドレス", "ユーザー", "login", "ログイン", "account", "アカウント", "宛先", "principal"],
];

/// Columns of exports that have a line for each grant or token of a person.
const GRANTS: [&str; 13] = [
    "clientid",
    "appid",
    "app",
    "appname",
    "application",
    "applicationid",
    "scope",
    "scopes",
    "displaytext",
    "アプリ",
    "アプリ名",
    "スコープ",
    "クライアントid",
];

/// How a name compares.
fn comparable(name: &str) -> String {
    let small = normalized(name).to_lowercase().replace("[required]", "").replace("(required)", "");
    small.chars().filter(|letter| letter.is_alphanumeric() || *letter == 'ー').collect()
}

/// 0 for the best name of a column of addresses; none for one that is not known.
fn rank(name: &str) -> Option<usize> {
    let name = comparable(name);
    let (exact, parts) = (NAMES.first()?, NAMES.get(1..)?);
    if let Some(at) = exact.iter().position(|known| name == *known) {
        return Some(at);
    }
    parts.iter().position(|words| words.iter().any(|word| name.contains(word))).map(|at| exact.len() + at)
}

/// Whether the first record of an export is one of ours.
fn is_ours(names: &[String]) -> bool {
    let ours = [crate::admin::accesses::COLUMNS.as_slice(), &crate::admin::report::COLUMNS, &crate::export::HISTORY];
    ours.iter().any(|ours| names.len() >= ours.len() && ours.iter().zip(names).all(|(ours, name)| ours == name))
}

/// Looks like an address or a domain that somebody mistyped: no title.
fn is_like_address(record: &Record) -> bool {
    let mut filled = record.fields.iter().filter(|field| !blank(field));
    let (Some(only), None) = (filled.next(), filled.next()) else { return false };
    let text = normalized(only);
    let domain = text.rsplit_once('.').is_some_and(|(name, last)| {
        !name.is_empty() && last.len() >= 2 && last.chars().all(|letter| letter.is_ascii_alphabetic())
    });
    super::addresses::has_at(only) || domain && !text.contains(['/', ':']) && !text.contains(char::is_whitespace)
}

/// A line that somebody commented out, or that says what a file is.
pub(super) fn is_comment(record: &Record) -> bool {
    let first = record.fields.iter().find(|field| !blank(field)).unwrap_or_default();
    if first.starts_with(|letter: char| letter.is_ascii_alphanumeric()) {
        return false;
    }
    let first = normalized(first);
    let numbered = |rest: &str| rest.chars().all(|letter| letter.is_ascii_digit());
    first.starts_with("//") || first.strip_prefix('#').is_some_and(|rest| !numbered(rest) || record.filled() < 2)
}

/// What tells a spreadsheet or a shell how to read the file.
fn is_directive(record: &Record) -> bool {
    let first = normalized(record.field(0));
    let line = record.fields.iter().collect::<Vec<_>>().join(";");
    first.starts_with("#TYPE") || first.eq_ignore_ascii_case("sep=") || separator_line(&line).is_some()
}

/// How a list is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// Number of the record that is the header or a title over all; titles are before it.
    pub(super) header: Option<u64>,
    /// The header's cells. None of them: each line is read as a whole.
    pub(super) names: Vec<String>,
    /// The column that is read. None: all addresses of each line.
    pub(super) column: Option<usize>,
    /// Each person may have many lines.
    pub(super) grants: bool,
    /// A file that Uncouple wrote.
    pub(super) ours: bool,
}

impl Layout {
    /// What is not read as a line of people: the header, titles above it, and what tells a program how to read.
    pub(super) fn skips(&self, record: &Record, number: u64) -> bool {
        match self.header {
            Some(header) if number < header => !is_like_address(record),
            Some(header) if number == header => true,
            Some(_) | None => number == 1 && is_directive(record),
        }
    }

    pub(super) fn column(&self) -> Option<Column> {
        let at = self.column.or((self.names.len() == 1).then_some(0))?;
        Some(Column::at(at, self.names.get(at).map(|name| cut(name))))
    }
}

/// Columns in which each row so far has the same addresses as everywhere else in the row.
#[derive(Debug, Default)]
struct Fits {
    any: BTreeSet<usize>,
    fit: Option<BTreeSet<usize>>,
}

impl Fits {
    fn row(&mut self, found: &[&(usize, BTreeSet<String>)]) {
        let Some((_, first)) = found.first() else { return };
        let one = found.iter().all(|(_, keys)| keys == first);
        let here: BTreeSet<usize> = if one { found.iter().map(|(at, _)| *at).collect() } else { BTreeSet::new() };
        self.any.extend(found.iter().map(|(at, _)| *at));
        self.fit = Some(match self.fit.take() {
            None => here,
            Some(fit) => fit.intersection(&here).copied().collect(),
        });
    }
}

/// What the rows of a list without a header look like: addresses that were pasted, or a table.
#[derive(Debug, Default)]
struct Shape {
    rows: u64,
    /// Columns with text in each row.
    texts: Option<BTreeSet<usize>>,
    /// No field begins with a space, as no program writes them.
    loose: bool,
    /// A row has different addresses in several fields.
    several: bool,
    /// Number of fields, and which have addresses; none once two rows differ.
    alike: Option<(usize, Vec<usize>)>,
    differ: bool,
    last: Vec<(usize, BTreeSet<String>)>,
    /// An address stands below itself while the one beside it is another.
    below: bool,
}

impl Shape {
    fn row(&mut self, record: &Record, found: Vec<(usize, BTreeSet<String>)>) {
        self.rows += 1;
        let text = |at: &usize| !blank(record.field(*at)) && !super::addresses::has_at(record.field(*at));
        let texts: BTreeSet<usize> = (0..record.fields.len()).filter(text).collect();
        self.texts = Some(match self.texts.take() {
            None => texts,
            Some(before) => before.intersection(&texts).copied().collect(),
        });
        self.loose |= record.fields.iter().skip(1).any(|field| field.starts_with([' ', '\u{3000}']));
        self.several |= found.iter().any(|(_, keys)| found.iter().any(|(_, others)| others != keys));
        let alike = (record.fields.len(), found.iter().map(|(at, _)| *at).collect());
        if self.rows > 1 {
            self.differ |= self.alike.as_ref() != Some(&alike);
            let same = found.iter().any(|one| self.last.contains(one));
            let other = found.iter().any(|(at, keys)| self.last.iter().any(|(was, old)| was == at && old != keys));
            self.below |= same && other;
        }
        self.alike = Some(alike);
        self.last = found;
    }

    /// Taking every address would take those of columns that nobody meant.
    fn is_table(&self) -> bool {
        let with_text = self.texts.as_ref().is_some_and(|texts| !texts.is_empty());
        let as_written = !self.loose || self.rows > 1 && !self.differ;
        self.several && (self.below || with_text && as_written)
    }
}

/// What one pass over a list sees.
#[derive(Debug, Default)]
pub(super) struct Survey {
    records: u64,
    /// Records before the first address.
    titles: Vec<(u64, Record)>,
    begun: bool,
    first_line: u64,
    layout: Layout,
    /// The most fields of a row with an address.
    width: usize,
    named: Fits,
    /// Cells beyond the header's last.
    beyond: Fits,
    shape: Shape,
}

impl Survey {
    /// Looks at the next record.
    ///
    /// # Errors
    /// [`ListError::Kind`], [`ListError::Key`] for what is no list of people.
    pub(super) fn look_at(&mut self, record: &Record) -> Result<(), ListError> {
        self.records += 1;
        refuse_other_files(record, self.records == 1)?;
        if record.is_blank() {
            return Ok(());
        }
        let has_address = record.fields.iter().any(super::addresses::has_at);
        if !self.begun {
            if !has_address && self.titles.len() < TITLES {
                self.titles.push((self.records, Record { line: record.line, fields: record.fields.clone() }));
                return Ok(());
            }
            if is_comment(record) {
                return Ok(());
            }
            self.begin(record);
        }
        if has_address && !is_comment(record) {
            self.row(record);
        }
        Ok(())
    }

    /// Finds the header among what is before the first address.
    fn begin(&mut self, first: &Record) {
        self.begun = true;
        let titles = std::mem::take(&mut self.titles);
        self.first_line = titles.first().map_or(first.line, |(_, title)| title.line);
        let may_be: Vec<_> = titles.iter().filter(|(_, title)| !is_directive(title)).collect();
        let at: Vec<usize> = (0..first.fields.len()).filter(|at| !addresses(first.field(*at)).is_empty()).collect();
        let known = |title: &Record| at.iter().any(|at| rank(title.field(*at)).is_some());
        let there = |title: &Record| at.iter().any(|at| *at >= title.fields.len() || !blank(title.field(*at)));
        let wide = || may_be.iter().filter(|(_, title)| title.filled() >= 2 && !is_comment(title));
        let header = wide()
            .find(|(_, title)| known(title))
            .or_else(|| wide().find(|(_, title)| there(title)))
            .or_else(|| wide().next());
        if let Some((number, title)) = header {
            self.layout.header = Some(*number);
            self.layout.names = title.fields.iter().map(normalized).collect();
            self.layout.grants = self.layout.names.iter().any(|name| GRANTS.contains(&comparable(name).as_str()));
            self.layout.ours = is_ours(&self.layout.names);
            return;
        }
        let narrow = || may_be.iter().filter(|(_, title)| !is_comment(title) && !is_like_address(title));
        let title = narrow().find(|(_, title)| title.fields.iter().any(|field| rank(field).is_some()));
        if let Some((number, title)) = title.or_else(|| narrow().next()) {
            self.layout.header = Some(*number);
            if first.fields.len() == 1 {
                self.layout.names = title.fields.iter().filter(|field| !blank(field)).map(normalized).collect();
            }
        }
    }

    fn row(&mut self, record: &Record) {
        self.width = self.width.max(record.fields.len());
        // Lines of one field say nothing of columns but that there are addresses.
        if record.fields.len() == 1 && self.layout.names.len() < 2 && self.named.any.contains(&0) {
            return;
        }
        let mut found = Vec::new();
        for (at, field) in record.fields.iter().enumerate().take(COLUMNS) {
            let keys: BTreeSet<String> = addresses(field).into_iter().filter_map(|piece| piece.key.ok()).collect();
            if !keys.is_empty() {
                found.push((at, keys));
            }
        }
        let names = self.layout.names.len();
        if names < 2 {
            self.named.row(&found.iter().collect::<Vec<_>>());
            if record.fields.len() > 1 {
                self.shape.row(record, found);
            }
            return;
        }
        let (within, beyond): (Vec<_>, Vec<_>) = found.iter().partition(|(at, _)| *at < names);
        // One beyond is of a row that is shifted, unless all of them are.
        if within.is_empty() {
            self.beyond.row(&beyond);
        }
        self.named.row(&within);
    }

    /// How the list is to be read. `wanted`: the column that a person named, by name or number from 1.
    ///
    /// # Errors
    /// [`ListError::Columns`] where a person must say which; [`ListError::NoColumn`] for one that there is not;
    /// [`ListError::Empty`], [`ListError::NoAddresses`].
    pub(super) fn layout(mut self, wanted: Option<&str>) -> Result<Layout, ListError> {
        if !self.begun {
            let header = |record: &Record| record.fields.iter().any(|field| rank(field).is_some());
            let empty = self.titles.last().is_none_or(|(_, last)| header(last))
                && self.titles.iter().rev().skip(1).all(|(_, title)| title.filled() < 2 || is_directive(title));
            let line = self.titles.iter().find(|(_, title)| !is_directive(title)).map_or(1, |(_, title)| title.line);
            return Err(if empty { ListError::Empty } else { ListError::NoAddresses(line) });
        }
        if let Some(wanted) = wanted {
            let at = self.wanted(wanted)?;
            if !self.named.any.contains(&at) && !self.beyond.any.contains(&at) {
                return Err(ListError::NoAddresses(self.first_line));
            }
            self.layout.column = Some(at);
            return Ok(self.layout);
        }
        if self.named.any.is_empty() && self.beyond.any.is_empty() {
            return Err(ListError::NoAddresses(self.first_line));
        }
        if self.layout.names.len() < 2 {
            if self.shape.is_table() {
                return Err(ListError::Columns(self.columns(&self.named.any)));
            }
            return Ok(self.layout);
        }
        if self.layout.ours {
            self.layout.column = self.layout.names.iter().position(|name| name == "address");
            return Ok(self.layout);
        }
        let fits = if self.named.any.is_empty() { &self.beyond } else { &self.named };
        let name = |at: &usize| self.layout.names.get(*at).and_then(|name| rank(name)).unwrap_or(usize::MAX);
        match fits.fit.iter().flatten().min_by_key(|at| (name(at), **at)) {
            Some(at) => self.layout.column = Some(*at),
            None => return Err(ListError::Columns(self.columns(&fits.any))),
        }
        Ok(self.layout)
    }

    fn columns(&self, at: &BTreeSet<usize>) -> Vec<Column> {
        at.iter().map(|at| Column::at(*at, self.layout.names.get(*at).map(|name| cut(name)))).collect()
    }

    fn wanted(&self, wanted: &str) -> Result<usize, ListError> {
        let names = &self.layout.names;
        let exact = |name: &&String| **name == normalized(wanted);
        let alike = |name: &&String| !comparable(wanted).is_empty() && comparable(name) == comparable(wanted);
        let only = |fits: &dyn Fn(&&String) -> bool| {
            let mut found = names.iter().enumerate().filter(|(_, name)| fits(name)).map(|(at, _)| at);
            found.next().filter(|_| found.next().is_none())
        };
        let width = names.len().max(self.width);
        let number = || normalized(wanted).parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < width);
        let all = || (0..width).collect();
        only(&exact).or_else(|| only(&alike)).or_else(number).ok_or_else(|| ListError::NoColumn(self.columns(&all())))
    }
}

/// What is plainly another kind of file, or holds a secret that must not be kept line by line.
fn refuse_other_files(record: &Record, first: bool) -> Result<(), ListError> {
    let secret = |field: &str| {
        // RFC 7468 section 2; PuTTY's and age's own forms.
        let field = field.trim_start();
        field.contains("-----BEGIN ") || field.starts_with("PuTTY-User-Key-File") || field.starts_with("AGE-SECRET-KEY")
    };
    if record.fields.iter().any(secret) {
        return Err(ListError::Key);
    }
    if !first {
        return Ok(());
    }
    let start = normalized(record.field(0)).to_lowercase();
    let object = start.strip_prefix('[').map(str::trim_start);
    if start.starts_with('{') || object.is_some_and(|rest| rest.is_empty() || rest.starts_with(['{', '[', '"'])) {
        return Err(ListError::Kind("JSON"));
    }
    if ["<?xml", "<!doctype", "<html"].iter().any(|known| start.starts_with(known)) {
        return Err(ListError::Kind("HTML / XML"));
    }
    Ok(())
}
