//! One row of the table.

use crate::face::Face;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::future::Future;
use std::pin::Pin;
use ts_rs::Config;
use uncouple_engine::{AppError, ErrorCode};

/// An answer on its way: JSON.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<String, AppError>> + Send + 'a>>;

/// Who may use a command. The engine holds it, from the domain's rules; the table says it, and `tests/roles.rs` asks
/// every command as every role whether both say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Everybody: it reads what all may see, or touches what is one's own.
    Anyone,
    /// Whoever was told of it: one's own notice, or a sign-in that waits. For others it does not exist.
    Own,
    /// Whoever may act on the row: the owner of a mailbox; for a team address, super admins and the members with account
    /// access to its inbox.
    Row,
    /// Super admins and the members with account access to the inbox.
    Inbox,
    /// Super admins, and each member for themselves.
    Oneself,
    /// Super admins.
    SuperAdmin,
}

/// What a request and its answer look like in TypeScript.
pub(crate) struct Signature {
    /// Whether the client takes the fields as one object, or one after the other.
    pub(crate) by_name: bool,
    /// Names as they stand in Rust, and types.
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) answer: String,
}

/// A command.
pub struct Command {
    /// The name, by which a face is asked for it.
    pub name: &'static str,
    /// Who may use it.
    pub right: Right,
    /// Whether the face does it itself. Else the engine does.
    pub of_face: bool,
    pub(crate) about: &'static [&'static str],
    pub(crate) run: for<'a> fn(&'a dyn Face, Value) -> Answer<'a>,
    pub(crate) signature: fn(&Config) -> Signature,
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Command").field(&self.name).finish()
    }
}

impl Command {
    /// Runs it for a face.
    #[must_use]
    pub fn run<'a>(&self, face: &'a dyn Face, request: Value) -> Answer<'a> {
        (self.run)(face, request)
    }
}

/// Reads a request. What is wrong with it is not logged: it may hold what a person typed.
pub(crate) fn read<T: DeserializeOwned>(name: &str, request: Value) -> Result<T, AppError> {
    let fields = match request {
        Value::Object(fields) => Some(fields),
        // A command that asks for nothing may be sent nothing.
        Value::Null => Some(serde_json::Map::new()),
        // Serde would take a list for the fields in their order.
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    };
    fields.and_then(|fields| serde_json::from_value(Value::Object(fields)).ok()).ok_or_else(|| {
        tracing::info!(command = name, "a request that can't be read");
        ErrorCode::BadArgument.into()
    })
}

/// Writes an answer.
pub(crate) fn write<T: serde::Serialize>(name: &str, answer: &T) -> Result<String, AppError> {
    serde_json::to_string(answer).map_err(|error| {
        tracing::error!(command = name, %error, "an answer that can't be written");
        ErrorCode::Internal.into()
    })
}

/// The table is written with this: rows of a right, a name, a request, an answer and what is done.
///
/// A request in round brackets becomes arguments of the TypeScript client in that order, one in braces becomes one
/// object with these names. On the wire both are an object. After the arrow stands who does it: `engine` with the open
/// workspace's engine, `face` with the face itself.
macro_rules! commands {
    ($(
        $(#[doc = $about:literal])+
        $right:ident $name:ident $request:tt -> $answer:ty => $by:ident |$it:ident| $body:expr;
    )*) => {
        pub(super) const COMMANDS: &[$crate::command::Command] = &[$(
            $crate::command::commands! {
                @row [$($about),+] $right $name $request -> $answer => $by |$it| $body
            }
        ),*];
    };
    (@row $about:tt $right:ident $name:ident ($($field:ident: $type:ty),*) -> $($rest:tt)+) => {
        $crate::command::commands! { @command $about $right $name false [$($field: $type),*] -> $($rest)+ }
    };
    (@row $about:tt $right:ident $name:ident {$($field:ident: $type:ty),*} -> $($rest:tt)+) => {
        $crate::command::commands! { @command $about $right $name true [$($field: $type),*] -> $($rest)+ }
    };
    (@command $about:tt $right:ident $name:ident $by_name:literal [$($field:ident: $type:ty),*]
        -> $answer:ty => $by:ident |$it:ident| $body:expr) => {
        $crate::command::Command {
            name: stringify!($name),
            right: $crate::command::Right::$right,
            of_face: $crate::command::commands!(@of_face $by),
            about: &$about,
            run: |face, request| {
                // A field that the command does not know is a mistake of the sender's; let through, it would pass for
                // one that was left out.
                #[derive(serde::Deserialize)]
                #[serde(rename_all = "camelCase", deny_unknown_fields)]
                struct Request { $($field: $type),* }
                Box::pin(async move {
                    let Request { $($field),* } = $crate::command::read(stringify!($name), request)?;
                    let $it = $crate::command::commands!(@it $by face);
                    let answer: $answer = $body?;
                    $crate::command::write(stringify!($name), &answer)
                })
            },
            signature: |types| $crate::command::Signature {
                by_name: $by_name,
                fields: vec![$((stringify!($field), <$type as ts_rs::TS>::name(types))),*],
                answer: <$answer as ts_rs::TS>::name(types),
            },
        }
    };
    (@of_face engine) => { false };
    (@of_face face) => { true };
    (@it engine $face:ident) => { $face.engine().await? };
    (@it face $face:ident) => { $face };
}
pub(crate) use commands;
