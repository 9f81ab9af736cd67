//! Short texts that people type: names and reasons.

use serde::{Deserialize, Serialize};

/// Why a typed text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("empty")]
    Empty,
    /// More characters than allowed.
    #[error("longer than {0} characters")]
    TooLong(usize),
    /// A control or direction-changing character.
    #[error("control character")]
    Control,
}

/// Characters that reorder the text around them. A name that carries one can make a sentence on the
/// screen read as something else (Unicode TR 36, section 2.5), so they are refused, not stripped.
fn reorders(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn checked(text: &str, most: usize, lines: bool) -> Result<String, TextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.chars().count() > most {
        return Err(TextError::TooLong(most));
    }
    if text.chars().any(|c| reorders(c) || (c.is_control() && !(lines && c == '\n'))) {
        return Err(TextError::Control);
    }
    Ok(text.to_owned())
}

macro_rules! text {
    ($($(#[$doc:meta])* $name:ident($most:expr, $lines:expr);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Characters allowed at the most.
            pub const MOST: usize = $most;

            /// Takes a typed text, trimmed.
            ///
            /// # Errors
            /// [`TextError`] for an empty or too long text, or one with control characters.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                Ok(Self(checked(text, Self::MOST, $lines)?))
            }

            /// The text as typed.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;
            fn try_from(text: String) -> Result<Self, TextError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }
    )*};
}

text! {
    /// A person's name as shown beside what they confirmed.
    Name(100, false);
    /// Why a step was closed without evidence, in a person's own words.
    Reason(500, true);
}
