//! Standard output: text line by line, ids only, or one JSON document that is written as it comes.

use crate::failure::{Failure, Own};
use crate::terminal::{clean, clean_json};
use serde::Serialize;
use std::io::{BufWriter, ErrorKind, Stdout, Write};

/// In which form results are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// For people.
    Text,
    /// Identifiers only, one a line.
    Ids,
    /// A document.
    Json,
}

/// Where results go.
#[derive(Debug)]
pub(crate) struct Out {
    form: Form,
    to: BufWriter<Stdout>,
    /// Nobody reads on.
    closed: bool,
    failed: bool,
    /// A list of the document is open, and has had an entry.
    listed: Option<bool>,
}

impl Out {
    pub(crate) fn new(form: Form) -> Self {
        Self { form, to: BufWriter::new(std::io::stdout()), closed: false, failed: false, listed: None }
    }

    /// The form that is wanted.
    pub(crate) fn form(&self) -> Form {
        self.form
    }

    /// Whether a document is wanted.
    pub(crate) fn json(&self) -> bool {
        self.form == Form::Json
    }

    /// Whether text for people is wanted.
    pub(crate) fn text(&self) -> bool {
        self.form == Form::Text
    }

    /// Whether nothing that is written arrives any more, so that a long list need not go on.
    pub(crate) fn over(&self) -> bool {
        self.closed || self.failed
    }

    /// A line, where text is wanted.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) {
        if self.text() {
            self.put(&[&clean(text.as_ref()), "\n"]);
        }
    }

    /// An identifier, where those are wanted.
    pub(crate) fn id(&mut self, id: impl AsRef<str>) {
        if self.form == Form::Ids {
            self.put(&[&clean(id.as_ref()), "\n"]);
        }
    }

    /// Bytes as they are, for a report to standard output.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        if !self.over() {
            let written = self.to.write_all(bytes);
            self.note(written);
        }
    }

    /// Begins a document. `form` says what is in it, with a number for its form.
    pub(crate) fn begin(&mut self, form: &str) {
        if self.json() {
            self.put(&["{\"format\":\"uncouple-cli-", form, "\""]);
        }
    }

    /// A field of the document.
    pub(crate) fn field(&mut self, name: &str, value: &impl Serialize) {
        if self.json() {
            let value = clean_json(serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()));
            self.put(&[",\"", name, "\":", &value]);
        }
    }

    /// Begins a field that is a list.
    pub(crate) fn begin_list(&mut self, name: &str) {
        if self.json() {
            self.put(&[",\"", name, "\":["]);
            self.listed = Some(false);
        }
    }

    /// An entry of the list.
    pub(crate) fn entry(&mut self, value: &impl Serialize) {
        if let Some(some) = self.listed {
            let value = clean_json(serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()));
            self.put(&[if some { ",\n" } else { "\n" }, &value]);
            self.listed = Some(true);
        }
    }

    /// Ends the list.
    pub(crate) fn end_list(&mut self) {
        if self.listed.take().is_some() {
            self.put(&["]"]);
        }
    }

    /// Ends the document.
    pub(crate) fn end(&mut self) {
        if self.json() {
            self.put(&["}\n"]);
        }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// `output_failed`, if something did not arrive for another reason than that nobody reads on.
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        if !self.closed {
            let flushed = self.to.flush();
            self.note(flushed);
        }
        if self.failed { Err(Own::OutputFailed.into()) } else { Ok(()) }
    }

    fn put(&mut self, texts: &[&str]) {
        for text in texts {
            if self.over() {
                return;
            }
            let written = self.to.write_all(text.as_bytes());
            self.note(written);
        }
    }

    fn note(&mut self, written: std::io::Result<()>) {
        match written {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.closed = true,
            Err(_) => self.failed = true,
        }
    }
}
