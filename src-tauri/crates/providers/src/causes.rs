//! Which of the providers' own numbers and words name which cause of a refused sign-in: one table for each.
//!
//! Microsoft says that numbers and texts may change and to go by `error`; so a number only refines what an error says.
//! What is in no table keeps its number or word, and is shown with it.

use std::fmt;
use uncouple_domain::SignInCause;
use uncouple_engine::ports::{ProviderCode, SignInAt};

use SignInCause as C;

/// Microsoft's numbers (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>, read 2026-11).
const MICROSOFT: &[(u32, SignInCause)] = &[
    (7_000_218, C::NotPublicClient),
    (50011, C::Redirect),
    (500_113, C::Redirect),
    (700_016, C::AppUnknown),
    (7_000_112, C::AppDisabled),
    (7_000_215, C::SecretWrong),
    (7_000_222, C::SecretWrong),
    (700_025, C::SecretWrong),
    (65005, C::Scope),
    (650_053, C::Scope),
    (650_057, C::Scope),
    (70011, C::Scope),
    (50194, C::OtherOrganisation),
    (9_002_332, C::OtherOrganisation),
    (9_002_346, C::OtherOrganisation),
    (50020, C::OtherOrganisation),
    (90072, C::OtherOrganisation),
    (500_011, C::AppRefused),
    (70001, C::AppRefused),
    (70002, C::AppRefused),
    (900_144, C::AppRefused),
    (9_002_313, C::AppRefused),
    (90008, C::AdminConsent),
    (90093, C::AdminConsent),
    (90094, C::AdminConsent),
    (90095, C::AdminConsent),
    (50105, C::NotAssigned),
    (501_051, C::NotAssigned),
    (50131, C::AccessPolicy),
    (50177, C::AccessPolicy),
    (53002, C::AccessPolicy),
    (53003, C::AccessPolicy),
    (53004, C::AccessPolicy),
    (53009, C::AccessPolicy),
    (53010, C::AccessPolicy),
    (53011, C::AccessPolicy),
    (530_031, C::AccessPolicy),
    (530_032, C::AccessPolicy),
    (530_034, C::AccessPolicy),
    (530_035, C::AccessPolicy),
    (500_022, C::AccessPolicy),
    (500_212, C::AccessPolicy),
    (500_213, C::AccessPolicy),
    (50097, C::Device),
    (50155, C::Device),
    (50187, C::Device),
    (53000, C::Device),
    (53001, C::Device),
    (50005, C::Device),
    (50072, C::MoreProof),
    (50074, C::MoreProof),
    (50076, C::MoreProof),
    (50078, C::MoreProof),
    (50079, C::MoreProof),
    (50158, C::MoreProof),
    (500_121, C::MoreProof),
    (700_020, C::MoreProof),
    (50055, C::Password),
    (50125, C::Password),
    (50144, C::Password),
    (70043, C::SessionOver),
    (50057, C::AccountDisabled),
    (50053, C::AccountLocked),
    (50034, C::AccountUnknown),
    (51004, C::AccountUnknown),
];

/// Google's words: `error`, `error_subtype`, and what the description has in it, where the word alone says too little
/// (<https://developers.google.com/identity/protocols/oauth2/native-app> and the session control of
/// <https://support.google.com/a/answer/9368756>, read 2026-11; descriptions as seen in public reports up to then).
const GOOGLE: &[(&str, &str, &str, SignInCause)] = &[
    ("invalid_grant", "invalid_rapt", "", C::SessionOver),
    ("invalid_grant", "rapt_required", "", C::SessionOver),
    ("rapt_required", "", "", C::SessionOver),
    ("invalid_rapt", "", "", C::SessionOver),
    ("admin_policy_enforced", "", "", C::AdminConsent),
    ("access_not_configured", "", "", C::AdminConsent),
    ("policy_enforced", "", "", C::AccessPolicy),
    ("invalid_request", "", "client_secret is missing", C::SecretMissing),
    ("invalid_client", "", "client_secret is missing", C::SecretMissing),
    ("invalid_client", "", "deleted", C::AppDeleted),
    ("invalid_client", "", "disabled", C::AppDisabled),
    ("invalid_client", "", "not found", C::AppUnknown),
    ("invalid_client", "", "secret", C::SecretWrong),
    ("invalid_client", "", "", C::AppRefused),
    ("deleted_client", "", "", C::AppDeleted),
    ("disabled_client", "", "", C::AppDisabled),
    ("unauthorized_client", "", "", C::AppRefused),
    ("redirect_uri_mismatch", "", "", C::Redirect),
    ("invalid_redirect_uri", "", "", C::Redirect),
    ("org_internal", "", "", C::OtherOrganisation),
    ("invalid_scope", "", "", C::Scope),
    ("account_disabled", "", "", C::AccountDisabled),
];

/// Microsoft's `suberror`, where no number says more (as MSAL tells them apart, read 2026-11).
const SUBERRORS: &[(&str, SignInCause)] = &[
    ("protection_policy_required", C::AccessPolicy),
    ("device_authentication_failed", C::Device),
    ("user_password_expired", C::Password),
    ("client_mismatch", C::AppRefused),
];

/// An error as a provider wrote it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Said<'a> {
    pub(crate) error: &'a str,
    /// Google's.
    pub(crate) subtype: &'a str,
    /// Microsoft's.
    pub(crate) suberror: &'a str,
    /// Microsoft's.
    pub(crate) numbers: &'a [u32],
    pub(crate) description: &'a str,
}

impl Said<'_> {
    /// Microsoft's numbers, from their own field or, at the authorization endpoint, from the beginning of the text.
    pub(crate) fn numbers(&self) -> Vec<u32> {
        if !self.numbers.is_empty() {
            return self.numbers.to_vec();
        }
        let after = self.description.split_once("AADSTS").map(|(_, rest)| rest);
        let digits = after.and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
        digits.and_then(|digits| digits.parse().ok()).into_iter().collect()
    }

    /// The cause, with the number or word that names it.
    pub(crate) fn cause(&self, at: SignInAt) -> Option<(SignInCause, ProviderCode)> {
        match at {
            SignInAt::Google => {
                let fits = |(error, subtype, text, _): &&(&'static str, &'static str, &str, SignInCause)| {
                    *error == self.error
                        && (subtype.is_empty() || *subtype == self.subtype)
                        && self.description.to_ascii_lowercase().contains(text)
                };
                let (error, subtype, _, cause) = GOOGLE.iter().find(fits)?;
                Some((*cause, ProviderCode::Word(if subtype.is_empty() { error } else { subtype })))
            }
            SignInAt::Microsoft => {
                let numbers = self.numbers();
                let known = |number: &u32| {
                    let found = MICROSOFT.iter().find(|(known, _)| known == number)?;
                    Some((found.1, ProviderCode::Aadsts(*number)))
                };
                let by_suberror = || {
                    let (word, cause) = SUBERRORS.iter().find(|(word, _)| *word == self.suberror)?;
                    Some((*cause, numbers.first().map_or(ProviderCode::Word(word), |one| ProviderCode::Aadsts(*one))))
                };
                numbers.iter().find_map(known).or_else(by_suberror)
            }
        }
    }
}

/// The provider's own words for what is in no table: its error as a plain word, and Microsoft's number.
impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::request::word(self.error))?;
        match self.numbers().first() {
            Some(number) => write!(f, ", AADSTS{number}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_number_stands_in_the_table_twice() {
        let numbers: BTreeSet<u32> = MICROSOFT.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers.len(), MICROSOFT.len());
    }

    #[test]
    fn every_cause_is_named_by_somebody() {
        let named: BTreeSet<SignInCause> =
            MICROSOFT.iter().map(|(_, cause)| *cause).chain(GOOGLE.iter().map(|(.., cause)| *cause)).collect();
        assert_eq!(named, SignInCause::ALL.into_iter().collect());
    }

    #[test]
    fn a_number_is_found_in_its_field_or_at_the_beginning_of_the_text() {
        let text =
            Said { error: "access_denied", description: "AADSTS53003: Access has been blocked", ..Said::default() };
        assert_eq!(text.cause(SignInAt::Microsoft), Some((C::AccessPolicy, ProviderCode::Aadsts(53003))));
        let field = Said { error: "invalid_client", numbers: &[7_000_218], ..Said::default() };
        assert_eq!(field.cause(SignInAt::Microsoft), Some((C::NotPublicClient, ProviderCode::Aadsts(7_000_218))));
        let several = Said { error: "invalid_grant", numbers: &[1, 50105], ..Said::default() };
        assert_eq!(several.cause(SignInAt::Microsoft), Some((C::NotAssigned, ProviderCode::Aadsts(50105))));
    }

    #[test]
    fn a_number_in_no_table_is_shown() {
        let said = Said { error: "invalid_request", numbers: &[99999], ..Said::default() };
        assert_eq!(said.cause(SignInAt::Microsoft), None);
        assert_eq!(said.to_string(), "invalid_request, AADSTS99999");
        assert_eq!(Said { error: "<b>", ..Said::default() }.to_string(), "unreadable");
    }
}
