//! The commands of Uncouple: one table with the name, the request, the answer and the right of each.
//!
//! A *face* carries requests to the table and answers back: the window over its bridge, a server over HTTP. It knows no
//! command by name. From the table come the handlers ([`dispatch`]), the list of what the window may call
//! ([`capability`]) and the client in TypeScript ([`client`]).

mod arguments;
mod capability;
mod client;
mod command;
mod face;
mod table;

pub use arguments::{Id, Keep};
pub use capability::capability;
pub use client::client;
pub use command::{Answer, Command, Right};
pub use face::Face;
pub use table::{commands, find};

use serde_json::Value;
use uncouple_engine::{AppError, ErrorCode};

/// Runs a command for a face. The answer is JSON as it goes onto the wire, so that no face has to read a long one again
/// to pass it on.
///
/// # Errors
/// `bad_argument` for a name that no command has and for a request that can't be read; else what the command says.
pub async fn dispatch(face: &dyn Face, name: &str, request: Value) -> Result<String, AppError> {
    match find(name) {
        Some(command) => command.run(face, request).await,
        None => Err(ErrorCode::BadArgument.into()),
    }
}
