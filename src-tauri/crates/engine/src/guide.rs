//! What a person is shown for a step that they do themselves, on a page of HubSpot's or the provider's.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uncouple_domain::{Address, HubSpotAccount, Provider, StepKind};
use url::Url;

/// One text in both languages. The provider's page follows the account's language, not the app's, so
/// button names are shown in both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Words {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

/// One numbered line of a guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Instruction {
    /// What to do, in the app's language.
    pub text: Words,
    /// Names of the buttons, links or headings to look for, as the page prints them.
    #[serde(default)]
    pub labels: Vec<Words>,
}

/// Where the wording of a guide comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Source {
    /// The address of the page that says so.
    pub url: String,
    /// The day it was read, `YYYY-MM-DD`.
    pub checked: String,
    /// The page itself says so. False: seen in public use, not promised by the vendor.
    pub documented: bool,
}

/// One permission that HubSpot asks the provider for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Asked {
    /// What, in plain words.
    pub what: Words,
    /// Its technical name, where it is public.
    pub scope: Option<String>,
    /// The vendor's own page says so. False: the list is not public.
    pub documented: bool,
}

/// A guide for one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Guide {
    /// Identifier of the page, as it stands in the history.
    pub id: String,
    /// The page that will open, for showing. None: text only.
    pub page: Option<String>,
    /// The name under which the app stands in the provider's list.
    pub listed_as: Option<String>,
    /// The way on today's page.
    pub today: Vec<Instruction>,
    /// The way in the wording of HubSpot's article, where it differs.
    pub article: Vec<Instruction>,
    /// What else stops.
    pub stops: Vec<Words>,
    /// Things to know before.
    pub cautions: Vec<Words>,
    /// Where this comes from.
    pub sources: Vec<Source>,
}

/// Which guide is wanted.
#[derive(Clone, Debug)]
pub struct GuideFor<'a> {
    /// For this step.
    pub step: StepKind,
    /// Of a mailbox at this provider.
    pub provider: Provider,
    /// It is a team address.
    pub team: bool,
    /// The consent was given to this app, not to HubSpot.
    pub own_app: bool,
    /// HubSpot's account, where it is known.
    pub hubspot: Option<&'a HubSpotAccount>,
    /// The account that must be signed in on that page.
    pub address: &'a Address,
}

/// Guides, and the only addresses that the browser is ever sent to besides sign-in endpoints.
pub trait Guides: Send + Sync {
    /// The guide of a step, if that step is one that people do.
    fn guide(&self, wanted: &GuideFor<'_>) -> Option<Guide>;
    /// What HubSpot asks this provider for when a mailbox is connected.
    fn asks(&self, provider: Provider) -> Vec<Asked> {
        let _ = provider;
        Vec::new()
    }
    /// The page on which HubSpot says what it does with what it is given.
    fn privacy(&self) -> Option<Url> {
        None
    }
    /// The address of that guide's page: https, a compiled-in host, no user info, no port.
    fn page(&self, wanted: &GuideFor<'_>) -> Option<Url>;
}
