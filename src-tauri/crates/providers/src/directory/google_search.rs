//! Google Workspace: looking through everybody.

use super::Deaf;
use super::api::Call;
use super::google::{Google, Tokens, is_wanted};
use super::google_wire::{Token, User, UserList};
use super::trail::Trail;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde::{Deserialize, Serialize};
use std::collections::{HashSet, VecDeque};
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::Instant;
use uncouple_domain::Permission;
use uncouple_engine::directory::{ApiError, Finding, Person, Wanted};

/// As many people a page as there may be (discovery document of `admin:directory_v1`, `maxResults`).
const PAGE: &str = "500";

/// How often it is told where a search goes on.
const EVERY: Duration = Duration::from_millis(500);

/// Or after so many people, where they come fast.
const MANY: usize = 200;

/// So many refusals in a row, and none but refusals, are not about the people.
const MOST_REFUSED: usize = 32;

impl Google {
    /// Pages of people go in at one end while their lists are read at the other. No more than three pages are held.
    pub(super) async fn search_people(&self, wanted: &Wanted, out: &Sender<Finding>) -> Result<(), ApiError> {
        // What can't be read is no place to go on from.
        let from: Place = match &wanted.from {
            Some(text) => serde_json::from_str(text).map_err(|_| ApiError::Unreadable)?,
            None => Place::default(),
        };
        let (pages, people) = channel(1);
        let listing = self.list_people(&from, pages, out);
        let reading = self.read_people(people, wanted, from.done.iter().cloned().collect(), out);
        tokio::pin!(listing, reading);
        tokio::select! {
            listed = &mut listing => {
                listed?;
                reading.await
            }
            read = &mut reading => read,
        }
    }

    async fn list_people(
        &self,
        from: &Place,
        pages: Sender<PeoplePage>,
        out: &Sender<Finding>,
    ) -> Result<(), ApiError> {
        let fields = format!("kind,nextPageToken,users({})", User::FIELDS);
        let mut trail = Trail::after(from.known);
        let mut token = from.page.clone();
        let mut known = from.known;
        loop {
            let mut query =
                vec![("customer", "my_customer"), ("maxResults", PAGE), ("orderBy", "email"), ("fields", &fields)];
            query.extend(token.as_deref().map(|token| ("pageToken", token)));
            let url = self.api.url(&["admin", "directory", "v1", "users"], &query)?;
            let page: UserList = self.api.send(&Call::get(url)).await?.read(Permission::People)?;
            let people: Vec<Person> = page.users.into_iter().map(User::person).collect();
            let before = known;
            known = trail.took(people.len())?;
            let was_empty = people.is_empty();
            let page_of = PeoplePage { token: token.clone(), before, people };
            if out.send(Finding::People(known)).await.is_err() || pages.send(page_of).await.is_err() {
                return Ok(());
            }
            let Some(next) = page.next_page_token.filter(|token| !token.is_empty()) else { return Ok(()) };
            trail.step(&next, was_empty)?;
            token = Some(next);
        }
    }

    async fn read_people(
        &self,
        mut people: Receiver<PeoplePage>,
        wanted: &Wanted,
        skip: HashSet<String>,
        out: &Sender<Finding>,
    ) -> Result<(), ApiError> {
        let mut sweep = Sweep { wanted, out, seen: HashSet::new(), any: false, refused: Vec::new(), silent: 0 };
        let mut going = FuturesUnordered::new();
        let mut page = Vec::<Person>::new().into_iter();
        let mut number = 0;
        let mut places = Places::default();
        let mut is_last = false;
        loop {
            while going.len() < self.api.connections
                && let Some(person) = page.next()
            {
                if skip.contains(&person.id) {
                    places.done(number, person.id);
                    continue;
                }
                going.push(self.read_person(number, person));
            }
            let came = tokio::select! {
                next = people.recv(), if !is_last && page.len() == 0 => {
                    match next {
                        Some(next) => {
                            number = places.begin(&next);
                            page = next.people.into_iter();
                        }
                        None => is_last = true,
                    }
                    continue;
                }
                Some(came) = going.next() => came,
                else => break,
            };
            let (number, person, tokens) = came;
            let id = person.id.clone();
            match sweep.take((person, tokens)).await? {
                Ok(()) => {}
                Err(Deaf) => return Ok(()),
            }
            // Whoever is held back was not told of yet.
            if sweep.refused.is_empty() {
                places.done(number, id);
                // Whoever got no answer while nobody does is asked again when the search resumes.
                if sweep.silent == 0
                    && let Some(place) = places.due()
                    && sweep.tell(Finding::Position(place)).await.is_err()
                {
                    return Ok(());
                }
            }
        }
        sweep.end()
    }

    async fn read_person(&self, page: usize, person: Person) -> (usize, Person, Result<Tokens, ApiError>) {
        let tokens = self.tokens(&person.id).await;
        (page, person, tokens)
    }
}

/// A page of people.
struct PeoplePage {
    /// What it is asked for with.
    token: Option<String>,
    /// How many people the pages before it have.
    before: u64,
    people: Vec<Person>,
}

/// Where a search goes on: the first page that is not done, and who of it and of later ones is.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    page: Option<String>,
    known: u64,
    done: Vec<String>,
}

/// Pages that are under way.
#[derive(Default)]
struct Places {
    pages: VecDeque<(Option<String>, u64, usize, Vec<String>)>,
    /// Pages that were done and left.
    first: usize,
    told: Option<Instant>,
    /// Who came since.
    since: usize,
}

impl Places {
    /// The number of a page that is begun.
    fn begin(&mut self, page: &PeoplePage) -> usize {
        self.pages.push_back((page.token.clone(), page.before, page.people.len(), Vec::new()));
        self.first + self.pages.len() - 1
    }

    fn done(&mut self, page: usize, person: String) {
        let page = page.checked_sub(self.first).and_then(|page| self.pages.get_mut(page));
        if let Some((_, _, _, done)) = page {
            done.push(person);
        }
        // The last page stays: there is no other to begin with.
        while self.pages.len() > 1 && self.pages.front().is_some_and(|(_, _, people, done)| done.len() >= *people) {
            self.pages.pop_front();
            self.first += 1;
        }
    }

    /// Where to go on, every now and then.
    fn due(&mut self) -> Option<String> {
        let now = Instant::now();
        self.since += 1;
        if self.since < MANY && self.told.is_some_and(|told| now.duration_since(told) < EVERY) {
            return None;
        }
        (self.told, self.since) = (Some(now), 0);
        let (page, known, _, _) = self.pages.front()?;
        let done = self.pages.iter().flat_map(|(_, _, _, done)| done.iter().cloned()).collect();
        serde_json::to_string(&Place { page: page.clone(), known: *known, done }).ok()
    }
}

/// What a search has come to so far.
struct Sweep<'a> {
    wanted: &'a Wanted,
    out: &'a Sender<Finding>,
    /// Apps that were told of.
    seen: HashSet<String>,
    /// Anybody's list could be read.
    any: bool,
    /// Those whose lists were refused before any could be read.
    refused: Vec<Person>,
    /// Lists that got no answer, in a row.
    silent: usize,
}

impl Sweep<'_> {
    async fn tell(&self, finding: Finding) -> Result<(), Deaf> {
        self.out.send(finding).await.map_err(|_| Deaf)
    }

    async fn take(
        &mut self,
        (person, tokens): (Person, Result<Tokens, ApiError>),
    ) -> Result<Result<(), Deaf>, ApiError> {
        match tokens {
            Ok(Tokens::Read { began, tokens }) => Ok(self.read(person, began, tokens).await),
            // Gone since the page was read.
            Ok(Tokens::Missing { .. }) => Ok(Ok(())),
            Err(error) => self.unread(person, error).await,
        }
    }

    async fn read(&mut self, person: Person, began: jiff::Timestamp, tokens: Vec<Token>) -> Result<(), Deaf> {
        self.any = true;
        self.silent = 0;
        for person in std::mem::take(&mut self.refused) {
            let why = ApiError::Forbidden { permission: Permission::Accesses };
            self.tell(Finding::Unread { person, why }).await?;
        }
        let (mut accesses, mut others) = (Vec::new(), Vec::new());
        for token in tokens {
            if !self.seen.contains(&token.client_id) {
                self.seen.insert(token.client_id.clone());
                self.tell(Finding::App(token.app())).await?;
            }
            if is_wanted(&self.wanted.apps, &token.client_id, token.likeness()) {
                accesses.push(token.access());
            } else {
                others.push(token.client_id);
            }
        }
        self.tell(Finding::Read { person, began, accesses, others }).await
    }

    /// An administrator may be refused some people only, for example those with a higher role; if nobody at all can be
    /// read, the sign-in is at fault.
    async fn unread(&mut self, person: Person, why: ApiError) -> Result<Result<(), Deaf>, ApiError> {
        match why {
            ApiError::Forbidden { .. } if !self.any => {
                self.refused.push(person);
                return if self.refused.len() < MOST_REFUSED { Ok(Ok(())) } else { Err(why) };
            }
            ApiError::NoAnswer => {
                self.silent += 1;
                if self.silent >= MOST_REFUSED {
                    return Err(why);
                }
            }
            ApiError::Forbidden { .. }
            | ApiError::NobodyThere
            | ApiError::Unreadable
            | ApiError::TooLong
            | ApiError::Circle
            | ApiError::OtherHost => {}
            ApiError::Expired
            | ApiError::Blocked(_)
            | ApiError::Elsewhere
            | ApiError::Keyring(_)
            | ApiError::Limits
            | ApiError::Halted
            | ApiError::Incomplete
            | ApiError::Endless
            | ApiError::Disk
            | ApiError::BadEndpoint => return Err(why),
        }
        Ok(self.tell(Finding::Unread { person, why }).await)
    }

    fn end(self) -> Result<(), ApiError> {
        if self.refused.is_empty() { Ok(()) } else { Err(ApiError::Forbidden { permission: Permission::Accesses }) }
    }
}
