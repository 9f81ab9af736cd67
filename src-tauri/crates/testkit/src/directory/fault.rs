//! The kinds of trouble.

use super::reply::{Content, Reply};
use serde_json::{Value, json};
use std::time::Duration;

/// What goes wrong with one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is reset.
    Reset(When),
    /// No answer ever comes; the connection stays open.
    Hang(When),
    /// A server error, in the service's own shape: 500, 503 and so on.
    Status(u16),
    /// 429, with a Retry-After of so many seconds.
    Throttle(Option<u32>),
    /// 403: the administrator or the app lacks the permission.
    Forbidden,
    /// Google's 403 `userRateLimitExceeded`; 429 without a Retry-After at Microsoft.
    RateLimit,
    /// Google's 403 `quotaExceeded`; 429 without a Retry-After at Microsoft.
    QuotaExceeded,
    /// 401, whatever token was sent.
    Unauthorized,
    /// 400 `invalid_grant`, for the token endpoint.
    InvalidGrant,
    /// The request has its effect, and the answer is another one than it should be.
    Spoil(Spoil),
}

/// On which side of a request's effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Before it: nothing happened.
    Before,
    /// After it: it happened, and nobody says so.
    After,
}

/// How an answer is wrong. The status stays, except that an answer without a body becomes a 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoil {
    /// Texts become numbers, lists texts, and true and false lists.
    WrongTypes,
    /// The list's own key is missing: `items`, `users`, `value`.
    WithoutItems,
    /// `{}`.
    EmptyObject,
    /// `null`.
    Null,
    /// A page for people, as a proxy or a sign-in wall sends it.
    Html,
    /// A list of so many bytes, made while it is sent, without a length in its head.
    Flood(u64),
}

/// How the pages of a list follow each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Paging {
    /// One after the other.
    #[default]
    Straight,
    /// Before every page come so many that are empty and have a next one.
    EmptyPages(u32),
    /// The second page names itself as the next one.
    Itself,
    /// The second page leads to a third, and that one back to the second.
    Circle,
    /// Microsoft's next link leads to this origin, such as `https://graph.example.net`. Google's page tokens can't.
    Elsewhere(String),
}

/// When the log tells of what happened since the server's start. The setting counts that holds while it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditLog {
    /// At once.
    AtOnce,
    /// So much later.
    Late(Duration),
    /// When it was read so many times since.
    AfterReads(u32),
    /// Never.
    Silent,
}

impl Spoil {
    pub(crate) fn spoil(self, reply: Reply) -> Reply {
        let status = if matches!(reply.content, Content::Empty) { 200 } else { reply.status };
        let was = if let Content::Json(value) = reply.content { value } else { json!({}) };
        let content = match self {
            Self::WrongTypes => Content::Json(wrong_types(was)),
            Self::WithoutItems => Content::Json(without_items(was)),
            Self::EmptyObject => Content::Json(json!({})),
            Self::Null => Content::Json(Value::Null),
            Self::Html => {
                Content::Html("<!DOCTYPE html>\n<html><title>Sign in</title><p>Sign in to continue.</html>\n")
            }
            Self::Flood(bytes) => Content::Flood { bytes },
        };
        Reply { status, content, spoilt: true, retry_after: reply.retry_after }
    }
}

fn wrong_types(value: Value) -> Value {
    if value.is_array() {
        return json!("many");
    }
    if value.is_string() {
        return json!(7);
    }
    if value.is_boolean() {
        return json!([]);
    }
    let Value::Object(members) = value else { return json!("7") };
    Value::Object(members.into_iter().map(|(key, value)| (key, wrong_types(value))).collect())
}

fn without_items(mut value: Value) -> Value {
    if let Some(members) = value.as_object_mut() {
        for key in ["items", "users", "value"] {
            members.remove(key);
        }
    }
    value
}
