//! Addresses as people type them.

use crate::error::AppError;
use uncouple_domain::{Address, AddressError};

/// Reads a typed address. An international domain is compared in its ASCII form (UTS 46).
///
/// # Errors
/// One of the `address_…` codes.
pub fn read_address(text: &str) -> Result<Address, AppError> {
    let (local, domain) = Address::split(text)?;
    if domain.is_ascii() {
        return Ok(Address::from_parts(local, domain, domain)?);
    }
    let ascii = idna::domain_to_ascii_strict(domain).map_err(|_| AddressError::Domain)?;
    Ok(Address::from_parts(local, domain, &ascii)?)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::error::ErrorCode;

    fn code(text: &str) -> ErrorCode {
        read_address(text).unwrap_err().code
    }

    #[test]
    fn an_international_domain_and_its_ascii_form_are_one_address() {
        let shown = read_address("info@日本語.jp").unwrap();
        let ascii = read_address("INFO@xn--wgv71a119e.jp").unwrap();
        assert_eq!(shown.key(), ascii.key());
        assert_eq!(shown.as_str(), "info@日本語.jp");
    }

    #[test]
    fn each_kind_of_bad_address_has_its_own_code() {
        assert_eq!(code(""), ErrorCode::AddressEmpty);
        assert_eq!(code("   "), ErrorCode::AddressEmpty);
        assert_eq!(code("hanako"), ErrorCode::AddressNoAt);
        assert_eq!(code("a@b@c.jp"), ErrorCode::AddressTwoAts);
        assert_eq!(code("\"a b\"@c.jp"), ErrorCode::AddressQuoted);
        assert_eq!(code("a\u{0}b@c.jp"), ErrorCode::AddressControl);
        assert_eq!(code("a\u{202e}b@c.jp"), ErrorCode::AddressControl);
        assert_eq!(code("a b@c.jp"), ErrorCode::AddressControl);
        assert_eq!(code("@c.jp"), ErrorCode::AddressLocal);
        assert_eq!(code(".a@c.jp"), ErrorCode::AddressLocal);
        assert_eq!(code("<b>a</b>@c.jp"), ErrorCode::AddressLocal);
        assert_eq!(code("a@c"), ErrorCode::AddressDomain);
        assert_eq!(code("a@-c.jp"), ErrorCode::AddressDomain);
        assert_eq!(code("a@c..jp"), ErrorCode::AddressDomain);
        assert_eq!(code(&format!("{}@c.jp", "a".repeat(1_000_000))), ErrorCode::AddressTooLong);
        assert_eq!(code(&format!("{}@c.jp", "a".repeat(65))), ErrorCode::AddressLocal);
    }
}
