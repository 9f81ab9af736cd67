//! HubSpot's side, as far as it goes without a key: which account a pasted page belongs to, and the way
//! to the Email settings, where a person disables and removes a mailbox. HubSpot offers no API for that
//! (its public API description names no personal mailbox at all; read 2026-11).

mod guides;
mod page;

pub use guides::{Pages, TextError};
pub use page::{PageError, parse_page};
