//! What every method does with its parameters.

use super::api::GLOBAL;
use super::errors;
use crate::directory::call::{Call, Params};
use crate::directory::mask::Mask;
use crate::directory::reply::Reply;
use serde_json::Value;

/// The answer that `make` makes of the parameters, cut to `fields`. Parameters and fields that a method doesn't know are
/// refused.
pub(super) fn answer(
    call: &Call,
    known: &[&str],
    members: &[&str],
    make: impl FnOnce(&Params) -> Result<Value, Reply>,
) -> Reply {
    let params = call.params();
    let all: Vec<&str> = known.iter().chain(&GLOBAL).copied().collect();
    if let Some(odd) = params.odd_one(&all) {
        let message = format!("Invalid JSON payload received. Unknown name \"{odd}\": Cannot bind query parameter.");
        return errors::invalid_parameter(odd, &message);
    }
    let mask = match params.get("fields") {
        Some(text) => match Mask::parse(text).filter(|mask| mask.stranger(members).is_none()) {
            Some(mask) => mask,
            None => return errors::invalid_parameter("fields", &format!("Invalid field selection {text}")),
        },
        None => Mask::default(),
    };
    match make(&params) {
        Ok(value) => Reply::json(200, mask.cut(value)),
        Err(reply) => reply,
    }
}
