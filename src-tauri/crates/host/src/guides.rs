//! Guides of both sides as one.

use uncouple_domain::HubSpotAccount;
use uncouple_engine::guide::{Guide, GuideFor, Guides};
use url::Url;

/// HubSpot's pages for the CRM's side, the providers' for theirs.
#[derive(Debug, Default)]
pub struct AllGuides {
    crm: uncouple_hubspot::Pages,
    providers: uncouple_providers::Pages,
}

impl Guides for AllGuides {
    fn guide(&self, wanted: &GuideFor<'_>) -> Option<Guide> {
        self.crm.guide(wanted).or_else(|| self.providers.guide(wanted))
    }

    fn source(&self, url: &str) -> Option<Url> {
        self.crm.source(url).or_else(|| self.providers.source(url))
    }

    fn enabling(&self, hubspot: Option<&HubSpotAccount>) -> Option<Guide> {
        self.crm.enabling(hubspot)
    }

    fn privacy(&self) -> Option<Url> {
        self.crm.privacy()
    }

    fn asks(&self, provider: uncouple_domain::Provider) -> Vec<uncouple_engine::guide::Asked> {
        self.crm.asks(provider)
    }

    fn page(&self, wanted: &GuideFor<'_>) -> Option<Url> {
        self.crm.page(wanted).or_else(|| self.providers.page(wanted))
    }
}
