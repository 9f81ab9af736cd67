//! Standard output: text line by line, or one JSON document that is written as it comes.

use crate::failure::{Failure, Own};
use serde::Serialize;
use std::io::{BufWriter, ErrorKind, Stdout, Write};

/// Where results go.
#[derive(Debug)]
pub(crate) struct Out {
    json: bool,
    to: BufWriter<Stdout>,
    /// Nobody reads on.
    closed: bool,
    failed: bool,
    /// A list of the document is open, and has had an entry.
    listed: Option<bool>,
}

impl Out {
    pub(crate) fn new(json: bool) -> Self {
        Self { json, to: BufWriter::new(std::io::stdout()), closed: false, failed: false, listed: None }
    }

    /// Whether a document is wanted.
    pub(crate) fn json(&self) -> bool {
        self.json
    }

    /// Whether nothing that is written arrives any more, so that a long list need not go on.
    pub(crate) fn over(&self) -> bool {
        self.closed || self.failed
    }

    /// A line, where text is wanted.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) {
        if !self.json {
            self.put(&[text.as_ref(), "\n"]);
        }
    }

    /// Begins a document. `form` says what is in it, with a number for its form.
    pub(crate) fn begin(&mut self, form: &str) {
        if self.json {
            self.put(&["{\"format\":\"uncouple-cli-", form, "\""]);
        }
    }

    /// A field of the document.
    pub(crate) fn field(&mut self, name: &str, value: &impl Serialize) {
        if self.json {
            let value = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
            self.put(&[",\"", name, "\":", &value]);
        }
    }

    /// Begins a field that is a list.
    pub(crate) fn begin_list(&mut self, name: &str) {
        if self.json {
            self.put(&[",\"", name, "\":["]);
            self.listed = Some(false);
        }
    }

    /// An entry of the list.
    pub(crate) fn entry(&mut self, value: &impl Serialize) {
        if let Some(some) = self.listed {
            let value = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
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
        if self.json {
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
