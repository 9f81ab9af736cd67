//! Types that only requests have.

use serde::{Deserialize, Serialize};
use ts_rs::{Config, TS};
use uncouple_domain::HubSpotAccount;
use uncouple_engine::{AppError, ErrorCode};
use uncouple_hubspot::PageError;

/// An id of the domain's on the wire: to TypeScript a text, in Rust only ever an id of that kind. The domain itself
/// knows nothing of TypeScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id<T>(pub T);

impl<T> TS for Id<T> {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(types: &Config) -> String {
        String::name(types)
    }

    fn inline(types: &Config) -> String {
        String::inline(types)
    }
}

/// Where a person wants a token kept that the keyring did not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Keep {
    /// In the keyring after all.
    Keyring,
    /// In memory, until Uncouple is closed.
    ThisRun,
}

impl Keep {
    pub(crate) fn for_this_run(self) -> bool {
        match self {
            Self::Keyring => false,
            Self::ThisRun => true,
        }
    }
}

/// HubSpot's account, from the page address that a person may have pasted.
pub(crate) fn account(page: Option<&str>) -> Result<Option<HubSpotAccount>, AppError> {
    let page = page.map(str::trim).filter(|text| !text.is_empty());
    page.map(hubspot_page).transpose()
}

/// HubSpot's account of a page. Each reason that there is none in it has its own words.
pub(crate) fn hubspot_page(text: &str) -> Result<HubSpotAccount, AppError> {
    uncouple_hubspot::parse_page(text).map_err(|error| {
        AppError::from(match error {
            PageError::NotAnAddress => ErrorCode::HubspotPageNoAddress,
            PageError::NotPlain => ErrorCode::HubspotPageNotPlain,
            PageError::NotHubSpot => ErrorCode::HubspotPageInvalid,
            PageError::NoAccount => ErrorCode::HubspotPageNoAccount,
            PageError::SignIn => ErrorCode::HubspotPageSignIn,
        })
    })
}
