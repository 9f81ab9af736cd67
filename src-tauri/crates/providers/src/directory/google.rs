//! Google Workspace: who lets which apps in, by the Directory API
//! (<https://developers.google.com/workspace/admin/directory/reference/rest/v1/tokens>, read 2026-11).

use super::answer::Reply;
use super::api::{Api, Call};
use super::google_wire::{Administrator, Token, TokenList, User, UserList};
use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::mpsc;
use uncouple_domain::{DeleteAnswer, Listed, Permission};
use uncouple_engine::directory::{
    ApiError, AppSeen, Directory, Finding, Likeness, LogAsk, LogLine, OrganisationFacts, OtherGrant, Person, ReadBack,
    Spent, Target, Wanted, Who,
};
use uncouple_engine::ports::SignInAt;

/// A directory of Google Workspace.
#[derive(Debug)]
pub(super) struct Google {
    pub(super) api: Arc<Api>,
}

/// What a person's list of apps is.
pub(super) enum Tokens {
    /// It was read.
    Read {
        /// When the read began.
        began: Timestamp,
        /// What is in it.
        tokens: Vec<Token>,
    },
    /// Google has no such person, or says so.
    Missing {
        /// When the read began.
        began: Timestamp,
    },
}

/// Whether an access is one that the search is after.
pub(super) fn is_wanted(wanted: &BTreeSet<String>, client_id: &str, likeness: Likeness) -> bool {
    wanted.contains(client_id) || likeness != Likeness::Other
}

impl Google {
    pub(super) fn new(api: Arc<Api>) -> Self {
        Self { api }
    }

    /// `GET /admin/directory/v1/users/{userKey}`.
    async fn user(&self, key: &str, fields: &str) -> Result<Reply, ApiError> {
        let url = self.api.url(&["admin", "directory", "v1", "users", key], &[("fields", fields)])?;
        self.api.send(&Call::get(url)).await
    }

    /// `GET /admin/directory/v1/users/{userKey}/tokens`, which has no pages.
    pub(super) async fn tokens(&self, person: &str) -> Result<Tokens, ApiError> {
        let path = ["admin", "directory", "v1", "users", person, "tokens"];
        let url = self.api.url(&path, &[("fields", Token::FIELDS)])?;
        let reply = self.api.send(&Call::get(url)).await?;
        let began = reply.began;
        if reply.is_missing(SignInAt::Google) {
            return Ok(Tokens::Missing { began });
        }
        let list: TokenList = reply.read(Permission::Accesses)?;
        if list.items.iter().any(|token| token.is_of_somebody_else(person)) {
            tracing::warn!("a list of somebody else");
            return Err(ApiError::Unreadable);
        }
        Ok(Tokens::Read { began, tokens: list.items })
    }

    /// Whether a person of this organisation's directory could be read at all. Google refuses to read people of others
    /// in the same words as it refuses those who may not read anybody.
    async fn may_read_people(&self) -> Result<bool, ApiError> {
        let query = [("customer", "my_customer"), ("maxResults", "1"), ("fields", "kind,users(id,primaryEmail)")];
        let url = self.api.url(&["admin", "directory", "v1", "users"], &query)?;
        let reply = self.api.send(&Call::get(url)).await?;
        match reply.read::<UserList>(Permission::People) {
            Ok(_) => Ok(true),
            Err(ApiError::Forbidden { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn by_address(&self, address: &str) -> Result<Person, ApiError> {
        let reply = self.user(address, User::FIELDS).await?;
        if reply.is_missing(SignInAt::Google) || is_bad_key(&reply) {
            return Err(ApiError::NobodyThere);
        }
        match reply.read::<User>(Permission::People) {
            Err(ApiError::Forbidden { .. }) if self.may_read_people().await? => Err(ApiError::NobodyThere),
            other => Ok(other?.person()),
        }
    }
}

/// Whether Google refuses what was given as a person's key ("Invalid Input: userKey", seen in public reports).
fn is_bad_key(reply: &Reply) -> bool {
    reply.status == 400 && names_user(reply)
}

/// Whether an error names the person as what is wrong ("Resource Not Found: userKey", seen in public reports).
fn names_user(reply: &Reply) -> bool {
    reply.has_reason(&["userNotFound"]) || reply.google_error().is_some_and(|error| error.message.contains("userKey"))
}

/// There are no consents for everybody in this API, and nothing may be taken for one.
fn person_of(target: &Target) -> Result<&str, ApiError> {
    match &target.who {
        Who::Person { id } => Ok(id),
        Who::Everybody => Err(ApiError::Unreadable),
    }
}

#[async_trait]
impl Directory for Google {
    /// Named by the domain of the administrator's primary address: listing the organisation's domains would take one
    /// scope more.
    async fn organisation(&self, account: &str) -> Result<OrganisationFacts, ApiError> {
        let reply = self.user(account, "customerId,primaryEmail").await?;
        if reply.is_missing(SignInAt::Google) {
            return Err(ApiError::NobodyThere);
        }
        let found: Administrator = reply.read(Permission::People)?;
        let (_, domain) = found.primary_email.rsplit_once('@').ok_or(ApiError::Unreadable)?;
        if found.customer_id.is_empty() || domain.is_empty() {
            return Err(ApiError::Unreadable);
        }
        Ok(OrganisationFacts { name: domain.to_owned(), key: found.customer_id })
    }

    async fn search(&self, wanted: &Wanted, out: mpsc::Sender<Finding>) -> Result<(), ApiError> {
        if wanted.log_only { self.search_log(wanted, &out).await } else { self.search_people(wanted, &out).await }
    }

    async fn look_up(&self, address: &str, wanted: &Wanted) -> Result<Vec<Finding>, ApiError> {
        let person = self.by_address(address).await?;
        let Tokens::Read { began, tokens } = self.tokens(&person.id).await? else { return Err(ApiError::NobodyThere) };
        let apps: Vec<Finding> = tokens.iter().map(|token| Finding::App(token.app())).collect();
        let is_wanted = |token: &Token| is_wanted(&wanted.apps, &token.client_id, token.likeness());
        let accesses = tokens.into_iter().filter(is_wanted).map(Token::access).collect();
        Ok(apps.into_iter().chain([Finding::Read { person, began, accesses, others: Vec::new() }]).collect())
    }

    /// There is no list of apps; the audit log knows those that somebody let in or used within its 180 days.
    async fn app(&self, client_id: &str) -> Result<Option<AppSeen>, ApiError> {
        self.app_of_log(client_id).await
    }

    /// `DELETE /admin/directory/v1/users/{userKey}/tokens/{clientId}`: "Deletes all access tokens issued by a user for
    /// an application". Which 404 says that the person is not there, and which that the app is not, is written nowhere;
    /// the read that follows tells.
    async fn delete(&self, target: &Target) -> Result<DeleteAnswer, ApiError> {
        let person = person_of(target)?;
        let path = ["admin", "directory", "v1", "users", person, "tokens", &target.app];
        let reply = self.api.send(&Call::delete(self.api.url(&path, &[])?)).await?;
        if reply.is_missing(SignInAt::Google) {
            return if names_user(&reply) { Err(ApiError::NobodyThere) } else { Ok(DeleteAnswer::AlreadyGone) };
        }
        reply.accept(Permission::Revoke)?;
        Ok(DeleteAnswer::Deleted)
    }

    fn halt(&self) {
        self.api.gate.halt();
    }

    async fn read(&self, target: &Target, apps: &BTreeSet<String>) -> Result<ReadBack, ApiError> {
        let person = person_of(target)?;
        match self.tokens(person).await? {
            Tokens::Read { began, tokens } => {
                let listed = tokens.iter().any(|token| token.client_id == target.app);
                let reached = tokens.iter().any(|token| is_wanted(apps, &token.client_id, token.likeness()));
                let others = tokens
                    .into_iter()
                    .filter(|token| token.client_id != target.app && apps.contains(&token.client_id))
                    .map(|token| OtherGrant::of(target.who.clone(), token.access()));
                let others = others.collect();
                Ok(ReadBack { began, listed: if listed { Listed::Yes } else { Listed::No }, reached, others })
            }
            // Nobody is taken for gone on one word.
            Tokens::Missing { began } => {
                let reply = self.user(person, "id").await?;
                if reply.is_missing(SignInAt::Google) {
                    return Ok(ReadBack { began, listed: Listed::NobodyThere, reached: false, others: Vec::new() });
                }
                reply.accept(Permission::People)?;
                Err(ApiError::NoAnswer)
            }
        }
    }

    async fn log(&self, ask: &LogAsk, out: mpsc::Sender<LogLine>) -> Result<(), ApiError> {
        self.read_log(ask, &out).await
    }

    fn spent(&self) -> Spent {
        self.api.gate.spent()
    }
}
