//! Microsoft Graph's errors: `{error: {code, message, innerError: {date, request-id, client-request-id}}}`
//! (<https://learn.microsoft.com/graph/errors>, read 2026-11).

use crate::directory::call::Call;
use crate::directory::reply::Reply;
use crate::directory::server::Refusal;
use serde_json::json;

const NO_REQUEST: &str = "00000000-0000-0000-0000-000000000000";

pub(super) fn error(status: u16, code: &str, message: &str, call: &Call) -> Reply {
    let client = call.client_request_id.as_deref().unwrap_or("94fb3b52-452a-4535-a601-69e0a90e3aa2");
    let inner = json!({"date": "2026-01-01T00:00:00", "request-id": NO_REQUEST, "client-request-id": client});
    Reply::json(status, json!({"error": {"code": code, "message": message, "innerError": inner}}))
}

pub(super) fn not_found(what: &str, call: &Call) -> Reply {
    let message =
        format!("Resource '{what}' does not exist or one of its queried reference-property objects are not present.");
    error(404, "Request_ResourceNotFound", &message, call)
}

pub(super) fn bad_request(message: &str, call: &Call) -> Reply {
    error(400, "Request_BadRequest", message, call)
}

pub(super) fn unsupported_query(message: &str, call: &Call) -> Reply {
    error(400, "Request_UnsupportedQuery", message, call)
}

pub(super) fn no_such_segment(call: &Call) -> Reply {
    let segment = call.path.rsplit('/').next().unwrap_or_default();
    error(400, "BadRequest", &format!("Resource not found for the segment '{segment}'."), call)
}

pub(super) fn refuse(refusal: Refusal, call: &Call) -> Reply {
    match refusal {
        Refusal::Unauthorized => {
            error(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.", call)
        }
        Refusal::Forbidden => {
            error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.", call)
        }
        Refusal::RateLimit(seconds) | Refusal::Throttled(seconds) => throttled(seconds, call),
        Refusal::QuotaExceeded => throttled(None, call),
        Refusal::Status(404) => not_found("x", call),
        Refusal::Status(503) => error(503, "ServiceUnavailable", "The service is currently unavailable.", call),
        Refusal::Status(status) => error(status, "InternalServerError", "An unexpected error occurred.", call),
    }
}

fn throttled(seconds: Option<u32>, call: &Call) -> Reply {
    Reply { retry_after: seconds, ..error(429, "TooManyRequests", "Please retry again later.", call) }
}
