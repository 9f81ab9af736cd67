//! Google's errors: `{error: {code, message, errors: [{domain, reason, message}]}}`.

use crate::directory::reply::Reply;
use crate::directory::server::Refusal;
use serde_json::{Value, json};

fn error(code: u16, domain: &str, reason: &str, message: &str) -> Reply {
    with(code, message, json!({"message": message, "domain": domain, "reason": reason}))
}

fn with(code: u16, message: &str, detail: Value) -> Reply {
    Reply::json(code, json!({"error": {"code": code, "message": message, "errors": [detail]}}))
}

pub(super) fn not_found(what: &str) -> Reply {
    error(404, "global", "notFound", &format!("Resource Not Found: {what}"))
}

pub(super) fn domain_not_found() -> Reply {
    error(404, "global", "notFound", "Domain not found.")
}

pub(super) fn invalid(what: &str) -> Reply {
    error(400, "global", "invalid", &format!("Invalid Input: {what}"))
}

pub(super) fn invalid_parameter(name: &str, message: &str) -> Reply {
    let detail = json!({
        "message": message, "domain": "global", "reason": "invalidParameter",
        "location": name, "locationType": "parameter",
    });
    with(400, message, detail)
}

pub(super) fn bad_request() -> Reply {
    error(400, "global", "badRequest", "Bad Request")
}

pub(super) fn refuse(refusal: Refusal) -> Reply {
    match refusal {
        Refusal::Unauthorized => {
            let detail = json!({
                "message": "Invalid Credentials", "domain": "global", "reason": "authError",
                "location": "Authorization", "locationType": "header",
            });
            with(401, "Request had invalid authentication credentials.", detail)
        }
        Refusal::Forbidden => error(403, "global", "forbidden", "Not Authorized to access this resource/api"),
        Refusal::RateLimit(_) => error(403, "usageLimits", "userRateLimitExceeded", "User Rate Limit Exceeded"),
        Refusal::QuotaExceeded => error(403, "usageLimits", "quotaExceeded", "Quota exceeded."),
        Refusal::Throttled(seconds) => {
            let reply = error(429, "usageLimits", "rateLimitExceeded", "Rate Limit Exceeded");
            Reply { retry_after: seconds, ..reply }
        }
        Refusal::Status(404) => not_found("userKey"),
        Refusal::Status(status) => error(status, "global", "backendError", "Backend Error"),
    }
}
