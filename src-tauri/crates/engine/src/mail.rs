//! Messages that a person sends with their own mail program. Uncouple sends none: it writes the text and hands it over.

use crate::address::read_address;
use crate::core::Engine;
use crate::error::{AppError, ErrorCode};
use crate::view::Opened;
use std::fmt::Write as _;
use url::Url;

/// The longest `mailto:` address that is handed over, in bytes. Windows passes about 8,000 characters to a program, and
/// each Japanese letter takes nine.
const LONGEST: usize = 7_500;

/// The longest subject, in characters; RFC 5322 section 2.1.1 stops a header line at 998 octets.
const LONGEST_SUBJECT: usize = 200;

impl Engine {
    /// Opens a message in the person's mail program. Not from the sample, whose people do not exist.
    ///
    /// # Errors
    /// An `address_…` code; `bad_argument` for control characters; `mail_too_long`; `no_mail_program`.
    pub async fn open_mail(&self, to: Option<&str>, subject: &str, body: &str) -> Result<Opened, AppError> {
        let page = mailto(to, subject, body)?;
        let url = page.to_string();
        if self.start.sample {
            return Ok(Opened { url, opened: false });
        }
        match self.ports.browser.open(&page).await {
            Ok(()) => Ok(Opened { url, opened: true }),
            Err(_) => Err(ErrorCode::NoMailProgram.into()),
        }
    }
}

/// The address of a message by RFC 6068: a receiver or none, a subject and a body, and no other header field.
fn mailto(to: Option<&str>, subject: &str, body: &str) -> Result<Url, AppError> {
    let to = to.map(read_address).transpose()?;
    if subject.chars().any(char::is_control) || subject.chars().count() > LONGEST_SUBJECT {
        return Err(ErrorCode::BadArgument.into());
    }
    if body.len() > LONGEST {
        return Err(ErrorCode::MailTooLong.into());
    }
    let mut lines = Vec::new();
    for line in body.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.chars().any(|sign| sign.is_control() && sign != '\t') {
            return Err(ErrorCode::BadArgument.into());
        }
        lines.push(encoded(line));
    }
    // A receiver is written in ASCII where its domain has another form.
    let to = to.map(|address| encoded(address.key()).replacen("%40", "@", 1)).unwrap_or_default();
    let text = format!("mailto:{to}?subject={}&body={}", encoded(subject), lines.join("%0D%0A"));
    if text.len() > LONGEST {
        return Err(ErrorCode::MailTooLong.into());
    }
    Url::parse(&text).map_err(|_| ErrorCode::BadArgument.into())
}

/// Everything but the unreserved characters of RFC 3986 section 2.3 as octets, so that no character of the text has a
/// meaning in the address.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn code(to: Option<&str>, subject: &str, body: &str) -> ErrorCode {
        mailto(to, subject, body).unwrap_err().code
    }

    #[test]
    fn a_message_has_a_receiver_a_subject_and_a_body_and_nothing_else() {
        let url = mailto(Some("ken@example.com"), "接続 & more", "a\nb?c=d&bcc=x@y.example").unwrap();
        assert_eq!(url.path(), "ken@example.com");
        let fields: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        assert_eq!(
            fields,
            [
                ("subject".to_owned(), "接続 & more".to_owned()),
                ("body".to_owned(), "a\r\nb?c=d&bcc=x@y.example".to_owned()),
            ]
        );
        assert_eq!(mailto(None, "s", "b").unwrap().as_str(), "mailto:?subject=s&body=b");
    }

    #[test]
    fn no_text_becomes_a_header_or_another_receiver() {
        for subject in ["s\r\nBcc: x@y.example", "s\nx", "s\u{0}", "s\u{85}"] {
            assert_eq!(code(None, subject, ""), ErrorCode::BadArgument, "{subject:?}");
        }
        assert_eq!(code(None, "s", "a\rb"), ErrorCode::BadArgument);
        assert_eq!(code(None, "s", "a\u{1b}[31m"), ErrorCode::BadArgument);
        for to in
            ["a@example.com,b@example.com", "a@example.com?bcc=b@example.com", "a@example.com\n", "a b@example.com"]
        {
            let url = mailto(Some(to), "s", "b");
            let safe = url.as_ref().is_ok_and(|url| {
                url.path().matches('@').count() == 1
                    && !url.path().contains([',', ' '])
                    && url.query_pairs().count() == 2
            });
            assert!(url.is_err() || safe, "{to:?}: {url:?}");
        }
        let odd = mailto(Some("a?b&c%d@example.com"), "s", "b").unwrap();
        assert_eq!((odd.path(), odd.query_pairs().count()), ("a%3Fb%26c%25d@example.com", 2));
    }

    #[test]
    fn a_message_that_is_too_long_is_refused_and_not_cut() {
        assert_eq!(code(None, "s", &"x".repeat(LONGEST + 1)), ErrorCode::MailTooLong);
        assert_eq!(code(None, "s", &"あ".repeat(LONGEST / 9)), ErrorCode::MailTooLong);
        assert_eq!(code(None, &"s".repeat(LONGEST_SUBJECT + 1), ""), ErrorCode::BadArgument);
        assert!(mailto(None, "s", &"あ".repeat(LONGEST / 10)).is_ok());
    }
}
