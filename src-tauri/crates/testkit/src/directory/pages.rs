//! Pages of lists, and the ways in which they lead nowhere.

use super::fault::Paging;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Where in a list a page begins. Goes out as an opaque text and comes back with the next request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The list's own position.
    pub(crate) at: u64,
    /// Empty pages that were given at this position.
    blanks: u32,
    /// Pages before this one.
    page: u32,
    /// The position of the page before this one.
    before: u64,
}

/// What to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Nothing, and then this.
    Blank(Cursor),
    /// What stands at the position.
    Page,
}

impl Cursor {
    /// At the start of a list.
    pub(crate) fn start(at: u64) -> Self {
        Self { at, ..Self::default() }
    }

    /// Reads what [`Self::text`] wrote for the same list.
    pub(crate) fn parse(list: &str, text: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = text.split('.');
        if parts.next()? != list {
            return None;
        }
        let mut number = || parts.next()?.parse::<u64>().ok();
        let cursor = Self {
            at: number()?,
            blanks: number()?.try_into().ok()?,
            page: number()?.try_into().ok()?,
            before: number()?,
        };
        parts.next().is_none().then_some(cursor)
    }

    /// As it goes out. A list's name in it keeps the pages of different lists apart.
    pub(crate) fn text(self, list: &str) -> String {
        let Self { at, blanks, page, before } = self;
        URL_SAFE_NO_PAD.encode(format!("{list}.{at}.{blanks}.{page}.{before}"))
    }

    pub(crate) fn turn(self, paging: &Paging) -> Turn {
        match paging {
            Paging::EmptyPages(blanks) if self.blanks < *blanks => {
                Turn::Blank(Self { blanks: self.blanks + 1, page: self.page + 1, ..self })
            }
            Paging::Straight | Paging::EmptyPages(_) | Paging::Itself | Paging::Circle | Paging::Elsewhere(_) => {
                Turn::Page
            }
        }
    }

    /// The page after this one, when the list goes on at a position or ends.
    pub(crate) fn next(self, paging: &Paging, goes_on: Option<u64>) -> Option<Self> {
        let after = |at| Self { at, blanks: 0, page: self.page + 1, before: self.at };
        match (paging, self.page) {
            (Paging::Itself, 1) => Some(self),
            (Paging::Circle, 2) => Some(Self { at: self.before, blanks: 0, page: 1, before: 0 }),
            (Paging::Itself | Paging::Circle, 0) => Some(Self { before: 0, ..after(goes_on.unwrap_or(self.at)) }),
            (Paging::Circle, 1) => Some(after(goes_on.unwrap_or(self.at))),
            (Paging::Straight | Paging::EmptyPages(_) | Paging::Itself | Paging::Circle | Paging::Elsewhere(_), _) => {
                goes_on.map(after)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop where it stands")]

    use super::*;

    /// The first texts that a client sends when it follows every next page of a list of 3 pages.
    fn walk(paging: &Paging, steps: usize) -> Vec<String> {
        let mut cursor = Cursor::start(0);
        let mut sent = Vec::new();
        for _ in 0..steps {
            let goes_on = (cursor.at < 20).then_some(cursor.at + 10);
            let next = match cursor.turn(paging) {
                Turn::Blank(next) => Some(next),
                Turn::Page => cursor.next(paging, goes_on),
            };
            let Some(next) = next else { break };
            sent.push(next.text("list"));
            cursor = Cursor::parse("list", sent.last().unwrap()).unwrap();
        }
        sent
    }

    #[test]
    fn pages_lead_to_the_end_to_themselves_or_in_a_circle() {
        assert_eq!(walk(&Paging::Straight, 9).len(), 2);
        assert_eq!(walk(&Paging::EmptyPages(2), 20).len(), 2 + 3 * 2);
        let itself = walk(&Paging::Itself, 4);
        assert_eq!(itself.len(), 4);
        assert!(itself.iter().all(|text| *text == itself[0]));
        let circle = walk(&Paging::Circle, 5);
        assert_ne!(circle[0], circle[1]);
        assert_eq!([&circle[0], &circle[1]], [&circle[2], &circle[3]]);
        assert_eq!(circle[0], circle[4]);
    }

    #[test]
    fn a_page_of_another_list_is_refused() {
        let text = Cursor::start(3).text("users");
        assert_eq!(Cursor::parse("users", &text), Some(Cursor::start(3)));
        assert_eq!(Cursor::parse("grants", &text), None);
        for bad in ["", "x", "!", &text[1..], &format!("{text}AA")] {
            assert_eq!(Cursor::parse("users", bad), None, "{bad}");
        }
    }
}
