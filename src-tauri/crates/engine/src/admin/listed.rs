//! The people of a list are read for its plan: that costs the reads of those people, and not a search of everybody.

use super::batch::{Batch, Known};
use super::search::{Searching, UnderWay};
use crate::address::read_address;
use crate::core::{Engine, locked};
use crate::directory::{ApiError, Finding, Person, Wanted};
use crate::error::{AppError, ErrorCode};
use jiff::SignedDuration;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinSet;
use uncouple_domain::{Organisation, RunId};

/// Whom of a list a plan reads before it is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LookUp {
    /// Those of whom nothing is known of today, unless everybody was searched today; and not if they are too many for
    /// somebody who waits.
    #[default]
    Stale,
    /// All of them.
    All,
}

/// What is older is read again.
const STALE: SignedDuration = SignedDuration::from_hours(24);

/// A command that is given again after it was interrupted does not begin from the start.
const JUST_READ: SignedDuration = SignedDuration::from_mins(10);

/// More people than somebody waits for who only wants a plan. Without any search there is no other way.
const MOST_STALE: usize = 500;

/// Addresses that are taken from the file at once.
const PAGE: u32 = 500;

/// Written at once.
const BATCH: usize = 100;

impl Engine {
    /// Reads the people of a list that was put for a plan. Whose list could not be read, as address keys; None: nobody
    /// was looked up, and what is known stays what the last search left.
    ///
    /// # Errors
    /// An `admin_…` code for what concerns everybody; `admin_busy` while a search is under way.
    pub(super) async fn read_listed(
        self: &Arc<Self>,
        organisation: &Organisation,
        run: RunId,
        look_up: LookUp,
        only: &[String],
    ) -> Result<Option<Vec<String>>, AppError> {
        if self.start.sample {
            return Ok(None);
        }
        let now = self.ports.clock.now();
        let before = |time: SignedDuration| now.saturating_sub(time).unwrap_or(now);
        let since = match look_up {
            LookUp::All => before(JUST_READ),
            LookUp::Stale => before(STALE),
        };
        let searched_today = organisation.searched.as_ref().is_some_and(|search| search.at >= since);
        if look_up == LookUp::Stale && searched_today && self.has_seen_all(organisation, only).await? {
            return Ok(None);
        }
        let mut keys = Vec::new();
        loop {
            let above = keys.last().map_or(0, |(nth, _): &(u64, String)| *nth);
            let page = self.ports.runs.list_not_read_since(run, organisation.id, since, above, PAGE).await?;
            let full = page.len() == PAGE as usize;
            keys.extend(page);
            let too_many = look_up == LookUp::Stale && organisation.searched.is_some() && keys.len() > MOST_STALE;
            if too_many {
                return Ok(None);
            }
            if !full {
                break;
            }
        }
        let mut seen = HashSet::new();
        let keys: Vec<String> = keys.into_iter().map(|(_, key)| key).filter(|key| seen.insert(key.clone())).collect();
        if keys.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let (stop, _) = watch::channel(false);
        let searching = Arc::new(Searching::new(stop, now, None));
        {
            let mut searches = locked(&self.admin.searches);
            if searches.contains_key(&organisation.id) {
                return Err(ErrorCode::AdminBusy.into());
            }
            searches.insert(organisation.id, Arc::clone(&searching));
        }
        let _under_way = UnderWay(self, organisation.id);
        self.look_up_all(organisation, &searching, keys).await.map(Some)
    }

    async fn look_up_all(
        self: &Arc<Self>,
        organisation: &Organisation,
        searching: &Searching,
        keys: Vec<String>,
    ) -> Result<Vec<String>, AppError> {
        let directory = self.directory(organisation).await?;
        let apps = organisation.apps.iter().map(|app| app.key.clone()).collect();
        let wanted = Arc::new(Wanted { apps, ..Wanted::default() });
        let at_once = usize::from(self.ports.store.settings().await?.paces.at(organisation.suite).connections) * 4;
        locked(&searching.state).known = keys.len() as u64;
        let tracked: BTreeMap<String, String> = keys.iter().map(|key| (key.clone(), key.clone())).collect();
        let (mut batch, mut known, mut unread) = (Batch::default(), Known::default(), Vec::new());
        let mut keys = keys.into_iter();
        let mut going = JoinSet::new();
        loop {
            while going.len() < at_once && !*searching.stop.borrow() {
                let Some(key) = keys.next() else { break };
                let (directory, wanted) = (Arc::clone(&directory), Arc::clone(&wanted));
                going.spawn(async move {
                    let found = directory.look_up(&key, &wanted).await;
                    (key, found)
                });
            }
            let Some(came) = going.join_next().await else { break };
            let (key, found) = came.map_err(|_| ErrorCode::Internal)?;
            let findings = match found {
                Ok(findings) => findings,
                // Whoever is not there has no access; the plan says that the line has none.
                Err(ApiError::NobodyThere) => Vec::new(),
                Err(error) if is_of_everybody(error) => {
                    self.write(organisation.id, &mut batch, searching).await?;
                    return Err(error.into());
                }
                Err(why) => {
                    let person = nameless(&key);
                    unread.push(key);
                    vec![Finding::Unread { person, why }]
                }
            };
            for finding in findings {
                batch.take(finding, self.ports.clock.now(), &wanted, &tracked, &mut known, searching);
            }
            searching.spent(directory.spent());
            self.admin.moved();
            if batch.is_full(BATCH) {
                self.write(organisation.id, &mut batch, searching).await?;
            }
        }
        self.write(organisation.id, &mut batch, searching).await?;
        // Whoever was left when somebody stopped it was not read either.
        unread.extend(keys);
        Ok(unread)
    }
}

/// Whether it would be the same for the next one.
fn is_of_everybody(error: ApiError) -> bool {
    match error {
        ApiError::Expired
        | ApiError::Elsewhere
        | ApiError::Keyring(_)
        | ApiError::Forbidden { .. }
        | ApiError::Blocked(_)
        | ApiError::Limits
        | ApiError::NoAnswer
        | ApiError::Halted
        | ApiError::Disk
        | ApiError::BadEndpoint => true,
        ApiError::NobodyThere
        | ApiError::Unreadable
        | ApiError::TooLong
        | ApiError::Circle
        | ApiError::Incomplete
        | ApiError::Endless
        | ApiError::OtherHost => false,
    }
}

fn nameless(key: &str) -> Person {
    let address = read_address(key).map_or_else(|_| key.to_owned(), |address| address.to_string());
    Person { id: key.to_owned(), address, aliases: Vec::new(), name: None, suspended: false }
}
