//! The history: a hash chain over what happened.
//!
//! The chain finds accidental damage: a lost, changed or reordered entry. Entries lost at the end leave a whole chain, so
//! its length and head are kept apart, too. It is no protection against somebody who owns the file and computes it anew;
//! an export prints the head hash so that a later copy can be held against it.

use serde::Serialize;
use sha2::{Digest, Sha256};
use uncouple_domain::{Event, MailboxId, MemberId};

/// A SHA-256 in hexadecimal.
pub type Hash = String;

/// The predecessor of the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One entry, as stored and as hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Number in the chain, from 1.
    pub seq: u64,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Who. None: the app by itself.
    pub by: Option<MemberId>,
    /// Their name at that time.
    pub by_name: Option<String>,
    /// The mailbox.
    pub mailbox: Option<MailboxId>,
    /// Its address at that time.
    pub address: Option<String>,
    /// What: the event's kind and its fields, as JSON text. Text, because the very bytes are hashed.
    pub what: String,
    /// Hash of the entry before.
    pub prev: Hash,
    /// Hash of this entry.
    pub hash: Hash,
}

impl Entry {
    /// Seals an event as the next entry of a chain. `by_name` is the actor's name now.
    ///
    /// # Errors
    /// When the event can't be written as JSON.
    pub fn seal(event: &Event, by_name: Option<String>, seq: u64, prev: &str) -> Result<Self, serde_json::Error> {
        let mut entry = Self {
            seq,
            at: event.at.to_string(),
            by: event.by,
            by_name,
            mailbox: event.mailbox,
            address: event.address.as_ref().map(ToString::to_string),
            what: serde_json::to_string(&event.kind)?,
            prev: prev.to_owned(),
            hash: String::new(),
        };
        entry.hash = entry.computed();
        Ok(entry)
    }

    /// The hash that the entry should have. Every field goes in with its length before it, so that no two
    /// different entries give the same bytes.
    #[must_use]
    pub fn computed(&self) -> Hash {
        let mut sha = Sha256::new();
        let mut field = |text: Option<&str>| match text {
            Some(text) => {
                sha.update([1]);
                sha.update((text.len() as u64).to_be_bytes());
                sha.update(text.as_bytes());
            }
            None => sha.update([0]),
        };
        field(Some(&self.prev));
        field(Some(&self.seq.to_string()));
        field(Some(&self.at));
        field(self.by.map(|id| id.to_string()).as_deref());
        field(self.by_name.as_deref());
        field(self.mailbox.map(|id| id.to_string()).as_deref());
        field(self.address.as_deref());
        field(Some(&self.what));
        sha.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            for nibble in [byte >> 4, byte & 15] {
                hex.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
            hex
        })
    }
}

/// What walking a chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Entries walked.
    pub entries: u64,
    /// Hash of the last one, or [`GENESIS`].
    pub head: Hash,
    /// Number of the first entry that does not fit.
    pub broken_at: Option<u64>,
    /// How many entries fewer there are than were written.
    pub lost: u64,
}

/// How long a history is and where it ends, as kept apart from its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEnd {
    /// Entries written so far.
    pub count: u64,
    /// Hash of the last one, or [`GENESIS`].
    pub head: Hash,
}

impl Chain {
    /// An empty chain.
    #[must_use]
    pub fn empty() -> Self {
        Self { entries: 0, head: GENESIS.to_owned(), broken_at: None, lost: 0 }
    }

    /// Takes the next entry. After a break the walk goes on, to count.
    pub fn walk(&mut self, entry: &Entry) {
        let fits = entry.seq == self.entries + 1 && entry.prev == self.head && entry.hash == entry.computed();
        self.entries += 1;
        if !fits && self.broken_at.is_none() {
            self.broken_at = Some(self.entries);
        }
        self.head.clone_from(&entry.hash);
    }

    /// Holds the end of the walk against where the history should end.
    pub fn must_end_at(&mut self, end: &HistoryEnd) {
        self.lost = end.count.saturating_sub(self.entries);
        if self.broken_at.is_some() || self.lost > 0 {
            return;
        }
        if self.entries > end.count {
            self.broken_at = Some(end.count + 1);
        } else if self.head != end.head {
            self.broken_at = Some(self.entries);
        }
    }
}

/// Which part of the history is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// Words that the address, the name or the kind must contain.
    pub text: Option<String>,
    /// Only this kind of event.
    pub kind: Option<String>,
    /// Only this mailbox.
    pub mailbox: Option<MailboxId>,
    /// Only entries before this number.
    pub before: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

/// A page of entries, newest first.
#[derive(Clone, Debug)]
pub struct HistoryPage {
    /// The entries.
    pub entries: Vec<Entry>,
    /// How many there are with this filter, on all pages.
    pub total: u64,
}
