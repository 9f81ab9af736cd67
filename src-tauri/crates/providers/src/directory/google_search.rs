//! Google Workspace: looking through everybody.

use super::Deaf;
use super::api::Call;
use super::google::{Google, Tokens, is_wanted};
use super::google_wire::{Token, User, UserList};
use super::trail::Trail;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::collections::HashSet;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use uncouple_domain::Permission;
use uncouple_engine::directory::{ApiError, Finding, Person, Wanted};

/// As many people a page as there may be (discovery document of `admin:directory_v1`, `maxResults`).
const PAGE: &str = "500";

/// So many refusals in a row, and none but refusals, are not about the people.
const MOST_REFUSED: usize = 32;

impl Google {
    /// Pages of people go in at one end while their lists are read at the other. No more than three pages are held.
    pub(super) async fn search_people(&self, wanted: &Wanted, out: &Sender<Finding>) -> Result<(), ApiError> {
        let (pages, people) = channel(1);
        let listing = self.list_people(pages, out);
        let reading = self.read_people(people, wanted, out);
        tokio::pin!(listing, reading);
        tokio::select! {
            listed = &mut listing => {
                listed?;
                reading.await
            }
            read = &mut reading => read,
        }
    }

    async fn list_people(&self, pages: Sender<Vec<Person>>, out: &Sender<Finding>) -> Result<(), ApiError> {
        let fields = format!("kind,nextPageToken,users({})", User::FIELDS);
        let mut trail = Trail::default();
        let mut token: Option<String> = None;
        let mut known = 0;
        loop {
            let mut query =
                vec![("customer", "my_customer"), ("maxResults", PAGE), ("orderBy", "email"), ("fields", &fields)];
            query.extend(token.as_deref().map(|token| ("pageToken", token)));
            let url = self.api.url(&["admin", "directory", "v1", "users"], &query)?;
            let page: UserList = self.api.send(&Call::get(url)).await?.read(Permission::People)?;
            let people: Vec<Person> = page.users.into_iter().map(User::person).collect();
            known += u64::try_from(people.len()).unwrap_or_default();
            let was_empty = people.is_empty();
            if out.send(Finding::People(known)).await.is_err() || pages.send(people).await.is_err() {
                return Ok(());
            }
            let Some(next) = page.next_page_token.filter(|token| !token.is_empty()) else { return Ok(()) };
            trail.step(&next, was_empty)?;
            token = Some(next);
        }
    }

    async fn read_people(
        &self,
        mut people: Receiver<Vec<Person>>,
        wanted: &Wanted,
        out: &Sender<Finding>,
    ) -> Result<(), ApiError> {
        let mut sweep = Sweep { wanted, out, seen: HashSet::new(), any: false, refused: Vec::new(), silent: 0 };
        let mut going = FuturesUnordered::new();
        let mut page = Vec::new().into_iter();
        let mut is_last = false;
        loop {
            while going.len() < self.api.connections
                && let Some(person) = page.next()
            {
                going.push(self.read_person(person));
            }
            let came = tokio::select! {
                next = people.recv(), if !is_last && page.len() == 0 => {
                    match next {
                        Some(next) => page = next.into_iter(),
                        None => is_last = true,
                    }
                    continue;
                }
                Some(came) = going.next() => came,
                else => break,
            };
            match sweep.take(came).await? {
                Ok(()) => {}
                Err(Deaf) => return Ok(()),
            }
        }
        sweep.end()
    }

    async fn read_person(&self, person: Person) -> (Person, Result<Tokens, ApiError>) {
        let tokens = self.tokens(&person.id).await;
        (person, tokens)
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
        let mut accesses = Vec::new();
        for token in tokens {
            if !self.seen.contains(&token.client_id) {
                self.seen.insert(token.client_id.clone());
                self.tell(Finding::App(token.app())).await?;
            }
            if is_wanted(&self.wanted.apps, &token.client_id, token.likeness()) {
                accesses.push(token.access());
            }
        }
        self.tell(Finding::Read { person, began, accesses }).await
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
            | ApiError::Keyring(_)
            | ApiError::Limits
            | ApiError::Halted
            | ApiError::Disk
            | ApiError::BadEndpoint => return Err(why),
        }
        Ok(self.tell(Finding::Unread { person, why }).await)
    }

    fn end(self) -> Result<(), ApiError> {
        if self.refused.is_empty() { Ok(()) } else { Err(ApiError::Forbidden { permission: Permission::Accesses }) }
    }
}
