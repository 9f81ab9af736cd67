//! The small ports.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use uncouple_domain::{Address, HubSpotAccount, Provider, SecretId, StepKind};
use uncouple_engine::guide::{Guide, GuideFor, Guides};
use uncouple_engine::ports::{Browser, BrowserError, Clock, Ids, Keep, MailHost, MailHosts, SecretError, SecretStore};
use url::Url;
use uuid::Uuid;

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A clock that stands until it is moved. The zone is Tokyo's offset.
#[derive(Debug)]
pub struct SetClock(Mutex<Timestamp>);

impl SetClock {
    /// Stands at a time.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves by some hours, back for negative ones.
    pub fn wait(&self, hours: i64) {
        let mut now = locked(&self.0);
        *now = now.saturating_add(SignedDuration::from_hours(hours)).unwrap_or(*now);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *locked(&self.0)
    }

    fn zone(&self) -> TimeZone {
        TimeZone::fixed(jiff::tz::offset(9))
    }
}

/// Ids 1, 2, 3 and so on, above a start of one's own for each process.
#[derive(Debug)]
pub struct CountingIds(AtomicU64);

impl CountingIds {
    /// Counts from a number.
    #[must_use]
    pub fn from(start: u64) -> Self {
        Self(AtomicU64::new(start))
    }
}

impl Ids for CountingIds {
    fn fresh(&self) -> Uuid {
        Uuid::from_u128(self.0.fetch_add(1, Ordering::Relaxed).into())
    }
}

/// How a keyring misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing works.
    All(SecretError),
    /// Everything but deleting works.
    Forget(SecretError),
}

/// A keyring in memory.
#[derive(Debug, Default)]
pub struct MemorySecrets {
    keyring: Mutex<BTreeMap<SecretId, SecretString>>,
    this_run: Mutex<BTreeMap<SecretId, SecretString>>,
    trouble: Mutex<Option<Trouble>>,
}

impl MemorySecrets {
    /// Makes it misbehave, or behave again.
    pub fn trouble(&self, trouble: Option<Trouble>) {
        *locked(&self.trouble) = trouble;
    }

    /// What the keyring holds.
    #[must_use]
    pub fn held(&self) -> Vec<String> {
        locked(&self.keyring).values().map(|entry| token(entry.expose_secret()).to_owned()).collect()
    }

    /// All that the keyring holds, as it was written.
    #[must_use]
    pub fn entries(&self) -> Vec<String> {
        locked(&self.keyring).values().map(|entry| entry.expose_secret().to_owned()).collect()
    }

    /// How many entries the keyring holds.
    #[must_use]
    pub fn count(&self) -> usize {
        locked(&self.keyring).len()
    }

    /// Puts something there behind the app's back, or takes everything away with None.
    pub fn plant(&self, entry: Option<(SecretId, &str)>) {
        match entry {
            Some((id, text)) => {
                locked(&self.keyring).insert(id, text.to_owned().into());
            }
            None => locked(&self.keyring).clear(),
        }
    }

    /// The app ends: what was kept for one run is gone.
    pub fn end_run(&self) {
        locked(&self.this_run).clear();
    }

    fn map(&self, keep: Keep, forgetting: bool) -> Result<&Mutex<BTreeMap<SecretId, SecretString>>, SecretError> {
        match (*locked(&self.trouble), keep) {
            (_, Keep::ThisRun) => Ok(&self.this_run),
            (Some(Trouble::All(error)), Keep::Keyring) => Err(error),
            (Some(Trouble::Forget(error)), Keep::Keyring) if forgetting => Err(error),
            (Some(Trouble::Forget(_)) | None, Keep::Keyring) => Ok(&self.keyring),
        }
    }
}

#[async_trait]
impl SecretStore for MemorySecrets {
    async fn keep(&self, id: SecretId, secret: SecretString, keep: Keep) -> Result<(), SecretError> {
        locked(self.map(keep, false)?).insert(id, secret);
        Ok(())
    }

    async fn read(&self, id: SecretId, keep: Keep) -> Result<Option<SecretString>, SecretError> {
        Ok(locked(self.map(keep, false)?).get(&id).cloned())
    }

    async fn forget(&self, id: SecretId, keep: Keep) -> Result<(), SecretError> {
        locked(self.map(keep, true)?).remove(&id);
        Ok(())
    }

    async fn state(&self) -> Result<(), SecretError> {
        self.map(Keep::Keyring, false).map(|_| ())
    }
}

/// A browser that writes down what it was to open.
#[derive(Debug, Default)]
pub struct RecordingBrowser {
    opened: Mutex<Vec<String>>,
    missing: Mutex<bool>,
}

impl RecordingBrowser {
    /// The addresses so far.
    #[must_use]
    pub fn opened(&self) -> Vec<String> {
        locked(&self.opened).clone()
    }

    /// Takes the browser away, or brings it back.
    pub fn missing(&self, missing: bool) {
        *locked(&self.missing) = missing;
    }
}

#[async_trait]
impl Browser for RecordingBrowser {
    async fn open(&self, page: &Url) -> Result<(), BrowserError> {
        if *locked(&self.missing) {
            return Err(BrowserError);
        }
        locked(&self.opened).push(page.to_string());
        Ok(())
    }
}

/// The one source that [`PlainGuides`] name.
pub const PLAIN_SOURCE: &str = "https://knowledge.hubspot.com/article";

/// One page for each provider that has consents, and HubSpot's for the CRM's steps.
#[derive(Debug, Default)]
pub struct PlainGuides;

impl Guides for PlainGuides {
    fn guide(&self, wanted: &GuideFor<'_>) -> Option<Guide> {
        Some(Guide {
            id: format!("{:?}", wanted.provider).to_lowercase(),
            page: self.page(wanted).map(|page| page.to_string()),
            section: None,
            listed_as: None,
            today: Vec::new(),
            article: Vec::new(),
            stops: Vec::new(),
            cautions: Vec::new(),
            sources: Vec::new(),
        })
    }

    fn source(&self, url: &str) -> Option<Url> {
        (url == PLAIN_SOURCE).then(|| url.parse().ok()).flatten()
    }

    fn enabling(&self, _: Option<&HubSpotAccount>) -> Option<Guide> {
        let address = Address::parse("any@example.com").ok()?;
        let guide = self.guide(&GuideFor {
            step: StepKind::DisableInCrm,
            provider: Provider::Google,
            team: false,
            own_app: false,
            hubspot: None,
            address: &address,
        })?;
        Some(Guide { id: "enable".to_owned(), ..guide })
    }

    fn page(&self, wanted: &GuideFor<'_>) -> Option<Url> {
        let page = match (wanted.step, wanted.provider) {
            (StepKind::DisableInCrm | StepKind::RemoveFromCrm | StepKind::ConnectAgain, _) => {
                "https://app.hubspot.com/"
            }
            (_, Provider::Google) => "https://myaccount.google.com/linkedapps",
            (_, Provider::Microsoft365 | Provider::OutlookCom) => "https://myapps.microsoft.com/",
            (_, Provider::Imap | Provider::Hosted) => return None,
        };
        page.parse().ok()
    }
}

/// Knows `gmail.com`, and asks nobody.
#[derive(Debug, Default)]
pub struct NoMailHosts;

#[async_trait]
impl MailHosts for NoMailHosts {
    fn known(&self, domain: &str) -> Option<Provider> {
        (domain == "gmail.com").then_some(Provider::Google)
    }

    async fn look_up(&self, _domain: &str) -> MailHost {
        MailHost::NoAnswer
    }
}

/// The token in an entry, which is its last part.
fn token(entry: &str) -> &str {
    let about = entry.strip_prefix("uncouple-token/1\n");
    about.and_then(|rest| rest.split_once('\n')).map_or(entry, |(_, token)| token)
}
