//! What Google's answers look like: the schemas `User`, `Users`, `Tokens` of `admin:directory_v1` (revision 20261104)
//! and `Activities` of `admin:reports_v1` (revision 20260929).
//!
//! A list is believed only if it says of itself what it is: one without `items` is empty, so anything else that is
//! taken for a list would be as well.

use super::likeness::of_name;
use super::object::objects;
use jiff::Timestamp;
use serde::Deserialize;
use uncouple_engine::directory::{Access, ApiError, AppSeen, Likeness, Person};

#[derive(Debug, Deserialize)]
pub(super) enum TokenListKind {
    #[serde(rename = "admin#directory#tokenList")]
    TokenList,
}

#[derive(Debug, Deserialize)]
pub(super) enum UserListKind {
    #[serde(rename = "admin#directory#users")]
    Users,
}

/// The document names the second form, the answers in its guides have the first.
#[derive(Debug, Deserialize)]
pub(super) enum ActivitiesKind {
    #[serde(rename = "admin#reports#activities", alias = "reports#activities")]
    Activities,
}

/// The apps that a person has let in.
#[derive(Debug, Deserialize)]
pub(super) struct TokenList {
    #[expect(dead_code, reason = "it being there is what matters")]
    kind: TokenListKind,
    #[serde(default, deserialize_with = "objects")]
    pub(super) items: Vec<Token>,
}

/// An app that a person has let in.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Token {
    /// No entry without it: whether an app is in a list could not be told.
    pub(super) client_id: String,
    display_text: Option<String>,
    #[serde(default)]
    scopes: Vec<String>,
    user_key: Option<String>,
}

impl Token {
    /// The parts that a list is asked for.
    pub(super) const FIELDS: &str = "kind,items(clientId,displayText,scopes,userKey)";

    /// Whether it says that it is another person's than the one who was asked about. `userKey` is "the unique ID of the
    /// user that issued the token" (discovery document), which is all digits; anything else is not compared.
    pub(super) fn is_of_somebody_else(&self, asked: &str) -> bool {
        let is_id = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        self.user_key.as_deref().is_some_and(|key| is_id(key) && is_id(asked) && key != asked)
    }

    pub(super) fn likeness(&self) -> Likeness {
        of_name(self.name())
    }

    fn name(&self) -> &str {
        self.display_text.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(&self.client_id)
    }

    pub(super) fn app(&self) -> AppSeen {
        app(&self.client_id, self.name())
    }

    pub(super) fn access(self) -> Access {
        Access { app: self.client_id, grant: None, scopes: self.scopes, resource: None }
    }
}

/// Google tells nothing of publishers here.
pub(super) fn app(client_id: &str, name: &str) -> AppSeen {
    AppSeen {
        key: client_id.to_owned(),
        client_id: client_id.to_owned(),
        name: name.to_owned(),
        publisher: None,
        verified: None,
        likeness: of_name(name),
    }
}

/// A page of people.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserList {
    #[expect(dead_code, reason = "it being there is what matters")]
    kind: UserListKind,
    #[serde(default, deserialize_with = "objects")]
    pub(super) users: Vec<User>,
    pub(super) next_page_token: Option<String>,
}

/// A person.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    id: String,
    primary_email: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    non_editable_aliases: Vec<String>,
    name: Option<UserName>,
    #[serde(default)]
    suspended: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserName {
    full_name: Option<String>,
}

impl User {
    /// The parts that a person is asked for.
    pub(super) const FIELDS: &str = "id,primaryEmail,aliases,nonEditableAliases,name/fullName,suspended";

    pub(super) fn person(self) -> Person {
        Person {
            id: self.id,
            address: self.primary_email,
            aliases: self.aliases.into_iter().chain(self.non_editable_aliases).collect(),
            name: self.name.and_then(|name| name.full_name).filter(|name| !name.is_empty()),
            suspended: self.suspended,
        }
    }
}

/// The parts of an administrator that name their organisation.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Administrator {
    pub(super) customer_id: String,
    pub(super) primary_email: String,
}

/// A page of the audit log.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Activities {
    #[expect(dead_code, reason = "it being there is what matters")]
    kind: ActivitiesKind,
    #[serde(default, deserialize_with = "objects")]
    pub(super) items: Vec<Activity>,
    pub(super) next_page_token: Option<String>,
}

/// What somebody did, at one time.
#[derive(Debug, Deserialize)]
pub(super) struct Activity {
    id: Option<ActivityId>,
    actor: Option<Actor>,
    #[serde(default, deserialize_with = "objects")]
    pub(super) events: Vec<Event>,
}

#[derive(Debug, Deserialize)]
struct ActivityId {
    time: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Actor {
    email: Option<String>,
    profile_id: Option<String>,
}

/// "May be the number 105250506097979753968 which acts as a placeholder ID" (description of `profileId`).
const NOBODY: &str = "105250506097979753968";

impl Activity {
    /// When it was, by Google's clock.
    ///
    /// # Errors
    /// [`ApiError::Unreadable`] where it does not say.
    pub(super) fn at(&self) -> Result<Timestamp, ApiError> {
        let time = self.id.as_ref().and_then(|id| id.time.as_deref()).ok_or(ApiError::Unreadable)?;
        time.parse().map_err(|_| ApiError::Unreadable)
    }

    /// Who did it.
    pub(super) fn person(&self) -> Option<&str> {
        self.actor.as_ref()?.profile_id.as_deref().filter(|id| !id.is_empty() && *id != NOBODY)
    }

    /// The address of who did it.
    pub(super) fn address(&self) -> Option<&str> {
        self.actor.as_ref()?.email.as_deref().filter(|email| !email.is_empty())
    }
}

/// One event of an activity
/// (<https://developers.google.com/workspace/admin/reports/v1/appendix/activity/token>, read 2026-11).
#[derive(Debug, Deserialize)]
pub(super) struct Event {
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    parameters: Vec<Parameter>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameter {
    name: Option<String>,
    value: Option<String>,
    #[serde(default)]
    multi_value: Vec<String>,
}

impl Event {
    fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name.as_deref() == Some(name))
    }

    pub(super) fn client_id(&self) -> Option<&str> {
        self.parameter("client_id")?.value.as_deref()
    }

    pub(super) fn app_name(&self) -> Option<&str> {
        self.parameter("app_name")?.value.as_deref().filter(|name| !name.trim().is_empty())
    }

    pub(super) fn scopes(&self) -> &[String] {
        self.parameter("scope").map(|scope| scope.multi_value.as_slice()).unwrap_or_default()
    }
}
