//! Pages, and where their links may lead.

use std::collections::HashSet;
use uncouple_engine::directory::ApiError;
use url::Url;

/// Empty pages with a link are honest answers
/// (<https://learn.microsoft.com/graph/paging>, read 2026-11), but not so many in a row.
const MOST_EMPTY: u32 = 1_000;

/// The pages of one list that were asked for.
#[derive(Debug, Default)]
pub(super) struct Trail {
    seen: HashSet<String>,
    empty: u32,
}

impl Trail {
    /// Takes a page's token or link before it is followed.
    ///
    /// # Errors
    /// [`ApiError::Circle`] where it was followed before.
    pub(super) fn step(&mut self, mark: &str, was_empty: bool) -> Result<(), ApiError> {
        self.empty = if was_empty { self.empty + 1 } else { 0 };
        let is_new = self.seen.insert(mark.to_owned());
        if is_new && self.empty <= MOST_EMPTY { Ok(()) } else { Err(ApiError::Circle) }
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
