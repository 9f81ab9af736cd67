//! Pages, and where their links may lead.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use uncouple_engine::directory::ApiError;
use url::Url;

/// Empty pages with a link are honest answers
/// (<https://learn.microsoft.com/graph/paging>, read 2026-11), but not so many in a row.
const MOST_EMPTY: u32 = 1_000;

/// More entries than any organisation has. A list that goes on and on would fill memory and disk.
pub(super) const MOST_ENTRIES: u64 = 5_000_000;

/// The pages of one list that were asked for.
#[derive(Debug, Default)]
pub(super) struct Trail {
    /// Eight bytes for each: there may be as many pages as entries.
    seen: HashSet<u64>,
    state: RandomState,
    empty: u32,
    entries: u64,
}

impl Trail {
    /// For a list that goes on after so many entries.
    pub(super) fn after(entries: u64) -> Self {
        Self { entries, ..Self::default() }
    }

    /// Takes a page's token or link before it is followed.
    ///
    /// # Errors
    /// [`ApiError::Circle`] where it was followed before.
    pub(super) fn step(&mut self, mark: &str, was_empty: bool) -> Result<(), ApiError> {
        self.empty = if was_empty { self.empty + 1 } else { 0 };
        let is_new = self.seen.insert(self.state.hash_one(mark));
        if is_new && self.empty <= MOST_EMPTY { Ok(()) } else { Err(ApiError::Circle) }
    }

    /// Counts the entries of a page, and gives how many have come by now.
    ///
    /// # Errors
    /// [`ApiError::Endless`] where they are more than any honest list has.
    pub(super) fn took(&mut self, entries: usize) -> Result<u64, ApiError> {
        self.entries = self.entries.saturating_add(u64::try_from(entries).unwrap_or(u64::MAX));
        if self.entries <= MOST_ENTRIES { Ok(self.entries) } else { Err(ApiError::Endless) }
    }
}

/// Takes the link to a next page: it must stay with the same API.
///
/// # Errors
/// [`ApiError::OtherHost`]; [`ApiError::Unreadable`] for what is no link.
pub(super) fn link(base: &Url, text: &str) -> Result<Url, ApiError> {
    let link = Url::parse(text).map_err(|_| ApiError::Unreadable)?;
    let path = base.path().trim_end_matches('/');
    let below = link.path().strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    let plain = link.username().is_empty() && link.password().is_none();
    if link.origin() == base.origin() && below && plain { Ok(link) } else { Err(ApiError::OtherHost) }
}
