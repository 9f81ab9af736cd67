//! The table of pages where a person withdraws what they gave to HubSpot, or to this app.
//!
//! Steps, wording, sources and days stand in `pages.json`, so that a change of a provider's page needs no
//! change of code. The hosts do not: they are compiled in, and a table that names another one, or an
//! address with anything unusual about it, is refused as a whole.

use serde::Deserialize;
use std::collections::BTreeMap;
use uncouple_domain::{Provider, StepKind};
use uncouple_engine::guide::{Guide, GuideFor, Guides, Words, citable, source_page};
use url::Url;

/// The only hosts that a page may be on. Google: <https://support.google.com/accounts/answer/13533235>, which names the
/// page "Linked apps" since 2026 (read 2026-11-28);
/// Microsoft 365: "Edit or revoke application permissions in the My Apps portal" of
/// <https://support.microsoft.com>; personal Microsoft accounts: <https://www.microsoft.com/consent>,
/// which leads there. Read 2026-11.
const fn host(provider: Provider) -> Option<&'static str> {
    match provider {
        Provider::Google => Some("myaccount.google.com"),
        Provider::Microsoft365 => Some("myapps.microsoft.com"),
        Provider::OutlookCom => Some("account.live.com"),
        Provider::Imap | Provider::Hosted => None,
    }
}

/// Why a table was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Not JSON of the right shape.
    #[error("unreadable: {0}")]
    Unreadable(String),
    /// A page with another host than the compiled-in one, or not plainly https.
    #[error("{0}: bad page")]
    BadPage(String),
    /// A text is missing in one of the languages, or there are no steps.
    #[error("{0}: incomplete")]
    Incomplete(String),
    /// Where and when the wording was read is missing, or is on a host that is not compiled in.
    #[error("{0}: no source")]
    NoSource(String),
    /// Two guides for one step, or with one identifier.
    #[error("{0}: twice")]
    Twice(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    step: StepKind,
    provider: Provider,
    own_app: bool,
    guide: Guide,
}

/// The checked table.
#[derive(Clone, Debug)]
pub struct Pages(BTreeMap<(StepKind, Provider, bool), (Guide, Option<Url>)>);

impl Default for Pages {
    /// The built-in table. Were it refused, there would be no guide and so no page to open.
    fn default() -> Self {
        Self::built_in().unwrap_or_else(|error| {
            tracing::error!(%error, "the table of permission pages");
            Self(BTreeMap::new())
        })
    }
}

impl Pages {
    /// The table that comes with the app.
    ///
    /// # Errors
    /// [`TableError`], should it have been edited wrongly; a test reads it first.
    pub fn built_in() -> Result<Self, TableError> {
        Self::read(include_str!("../pages.json"))
    }

    /// Reads a table, and refuses it as a whole if anything about it is wrong.
    ///
    /// # Errors
    /// [`TableError`].
    pub fn read(text: &str) -> Result<Self, TableError> {
        let rows: Vec<Row> = serde_json::from_str(text).map_err(|error| TableError::Unreadable(error.to_string()))?;
        let mut table = BTreeMap::<_, (Guide, Option<Url>)>::new();
        for row in rows {
            let id = row.guide.id.clone();
            let page = match &row.guide.page {
                Some(text) => Some(page(row.provider, text).ok_or_else(|| TableError::BadPage(id.clone()))?),
                None => None,
            };
            check(&row.guide)?;
            if table.values().any(|(guide, _)| guide.id == id) {
                return Err(TableError::Twice(id));
            }
            if table.insert((row.step, row.provider, row.own_app), (row.guide, page)).is_some() {
                return Err(TableError::Twice(id));
            }
        }
        Ok(Self(table))
    }

    fn find(&self, wanted: &GuideFor<'_>) -> Option<&(Guide, Option<Url>)> {
        self.0.get(&(wanted.step, wanted.provider, wanted.own_app))
    }
}

impl Guides for Pages {
    fn guide(&self, wanted: &GuideFor<'_>) -> Option<Guide> {
        Some(self.find(wanted)?.0.clone())
    }

    fn page(&self, wanted: &GuideFor<'_>) -> Option<Url> {
        self.find(wanted)?.1.clone()
    }

    fn source(&self, url: &str) -> Option<Url> {
        let mut sources = self.0.values().flat_map(|(guide, _)| &guide.sources);
        sources.any(|source| source.url == url).then(|| source_page(url)).flatten()
    }
}

/// Takes the address of a page: https, the provider's host, a path, and nothing else. It must be written
/// exactly as it will be opened, so that nothing is hidden in a spelling; an `@` in the path leads nowhere, but looks
/// to a reader as if it did.
fn page(provider: Provider, text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.port().is_none()
        && !url.path().contains('@')
        && url.query().is_none()
        && url.fragment().is_none();
    (url.scheme() == "https" && url.host_str() == host(provider) && plain && url.as_str() == text).then_some(url)
}

fn check(guide: &Guide) -> Result<(), TableError> {
    let id = || guide.id.clone();
    let whole = |words: &Words| !words.ja.trim().is_empty() && !words.en.trim().is_empty();
    let steps = guide.today.iter().chain(&guide.article);
    let texts = steps.flat_map(|step| std::iter::once(&step.text).chain(&step.labels)).chain(&guide.section);
    let notes = guide.sources.iter().flat_map(|source| &source.note);
    if guide.id.is_empty()
        || guide.today.is_empty()
        || !texts.chain(&guide.stops).chain(&guide.cautions).chain(notes).all(whole)
        || guide.listed_as.as_ref().is_some_and(|name| name.trim().is_empty())
    {
        return Err(TableError::Incomplete(id()));
    }
    let dated = guide.sources.iter().all(|source| is_day(&source.checked) && citable(source, guide));
    if guide.sources.is_empty() || !dated {
        return Err(TableError::NoSource(id()));
    }
    Ok(())
}

/// Whether a text has the form of a day, `YYYY-MM-DD`.
fn is_day(text: &str) -> bool {
    let shape = text.bytes().map(|b| if b.is_ascii_digit() { b'9' } else { b });
    shape.eq("9999-99-99".bytes())
}
