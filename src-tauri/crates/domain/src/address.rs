//! E-mail addresses.

use serde::{Deserialize, Serialize};

/// Why a text is not an address that Uncouple takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing there.
    #[error("empty")]
    Empty,
    /// Over 254 octets (RFC 5321 section 4.5.3.1.3 less the angle brackets).
    #[error("longer than 254 octets")]
    TooLong,
    /// No `@` at all.
    #[error("no @")]
    NoAt,
    /// More than one `@`.
    #[error("more than one @")]
    TwoAts,
    /// A control character or white space.
    #[error("control character or white space")]
    Control,
    /// A quoted local part. RFC 5321 allows it and warns against it (section 4.1.2); neither Google nor
    /// Microsoft hands one out, so it is named instead of half supported.
    #[error("quoted local part")]
    Quoted,
    /// The part before the `@` is empty, over 64 octets, begins with a dot or holds a character that RFC 5321 has no
    /// place for. Dots in a row and at the end are taken: the standard wants them quoted (RFC 5322 section 3.2.3), but
    /// docomo handed such addresses out unquoted until 2009, and they are in use
    /// (<https://www.docomo.ne.jp/service/docomo_mail/rfc_add/>, read 2026-11).
    #[error("bad local part")]
    Local,
    /// The part after the `@` is not a domain name with at least two labels.
    #[error("bad domain")]
    Domain,
}

/// An address: as typed for people, and as a key for comparison.
///
/// The key is lower case with the domain in its ASCII form. Providers may tell upper from lower case in
/// the local part (RFC 5321 section 2.4); none that Uncouple knows does, and two rows for one mailbox
/// would be the worse mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    shown: String,
    key: String,
}

impl Address {
    /// Takes an address whose domain is written in ASCII.
    ///
    /// # Errors
    /// [`AddressError`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let (local, domain) = Self::split(text)?;
        Self::from_parts(local, domain, domain)
    }

    /// Splits a typed text at its only `@`, after the checks that need no knowledge of domains.
    ///
    /// # Errors
    /// [`AddressError`] for everything but the local part and the domain themselves.
    pub fn split(text: &str) -> Result<(&str, &str), AddressError> {
        // The length goes first so that a pasted megabyte is not walked through.
        if text.len() > 1024 {
            return Err(AddressError::TooLong);
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        if text.contains('"') {
            return Err(AddressError::Quoted);
        }
        let reorders =
            |c| matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}');
        if text.chars().any(|c| c.is_control() || c.is_whitespace() || reorders(c)) {
            return Err(AddressError::Control);
        }
        let (local, domain) = text.split_once('@').ok_or(AddressError::NoAt)?;
        if domain.contains('@') {
            return Err(AddressError::TwoAts);
        }
        Ok((local, domain))
    }

    /// Joins a local part and a domain, given for people (`shown`) and in ASCII (`ascii`).
    ///
    /// # Errors
    /// [`AddressError::Local`], [`AddressError::Domain`] or [`AddressError::TooLong`].
    pub fn from_parts(local: &str, shown: &str, ascii: &str) -> Result<Self, AddressError> {
        if local.len() + 1 + ascii.len() > 254 {
            return Err(AddressError::TooLong);
        }
        let atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        if local.is_empty() || local.len() > 64 || local.starts_with('.') || !local.chars().all(atom) {
            return Err(AddressError::Local);
        }
        let label = |l: &str| {
            !l.is_empty()
                && l.len() <= 63
                && !l.starts_with('-')
                && !l.ends_with('-')
                && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if !ascii.contains('.') || !ascii.split('.').all(label) {
            return Err(AddressError::Domain);
        }
        Ok(Self {
            shown: format!("{local}@{shown}"),
            key: format!("{}@{}", local.to_lowercase(), ascii.to_lowercase()),
        })
    }

    /// The address as people write it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The form that two spellings of one address share.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The domain, lower case and in ASCII.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.key.rsplit('@').next().unwrap_or_default()
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}
