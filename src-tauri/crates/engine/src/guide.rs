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
    /// What a reader should know of that page: how old it is, or that it is a machine translation.
    #[serde(default)]
    pub note: Option<Words>,
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
    /// The heading of the section of HubSpot's article that this step belongs to, as the article prints it.
    #[serde(default)]
    pub section: Option<Words>,
    /// The name under which HubSpot's article found the app in the provider's list. It may differ today.
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
    /// The page that a guide names as its source, if this is one and its host is compiled in. The address comes from
    /// the window, so it is compared with the tables and never parsed into a page of its own.
    fn source(&self, url: &str) -> Option<Url> {
        let _ = url;
        None
    }
    /// How a disabled mailbox is enabled again in HubSpot. It has no step of its own: it is the way back.
    fn enabling(&self, hubspot: Option<&HubSpotAccount>) -> Option<Guide> {
        let _ = hubspot;
        None
    }
    /// The page on which HubSpot says what it does with what it is given.
    fn privacy(&self) -> Option<Url> {
        None
    }
    /// The address of that guide's page: https, a compiled-in host, no user info, no port.
    fn page(&self, wanted: &GuideFor<'_>) -> Option<Url>;
}

/// The hosts that the wording of a guide may be cited from, and that are opened from a source: the vendors' help pages.
/// Compiled in, as those of the permission pages are.
const SOURCE_HOSTS: &[&str] =
    &["knowledge.hubspot.com", "support.google.com", "support.microsoft.com", "www.microsoft.com"];

/// Takes the address of a source: https on a compiled-in host, with a path and nothing else, written exactly as it will
/// be opened.
#[must_use]
pub fn source_page(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.port().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && !url.path().contains('@');
    let host = url.host_str().is_some_and(|host| SOURCE_HOSTS.contains(&host));
    (url.scheme() == "https" && host && plain && url.as_str() == text).then_some(url)
}

/// Whether a source may stand in a table: a help page that can be opened, or a page beside the guide's own, which stands
/// behind a sign-in and is never called documented.
#[must_use]
pub fn citable(source: &Source, guide: &Guide) -> bool {
    let origin = |text: &str| Url::parse(text).ok().map(|url| url.origin());
    let own = guide.page.as_deref().and_then(origin);
    let beside = own.is_some() && own == origin(&source.url) && !source.documented;
    beside || source_page(&source.url).is_some()
}
