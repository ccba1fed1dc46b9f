//! What is refused, in the vendor's words: a message, and sometimes a status.

use serde_json::json;

use super::super::http::Reply;

pub fn with_status(code: u16, message: &str, status: &str) -> Reply {
    Reply::json(code, &json!({ "message": message, "status": status }))
}

pub fn plainly(code: u16, message: &str) -> Reply {
    Reply::json(code, &json!({ "message": message }))
}

pub fn not_found() -> Reply {
    plainly(404, "Not found")
}

pub fn unauthorized() -> Reply {
    plainly(401, "The access token is missing, invalid or has expired")
}

pub fn access_denied() -> Reply {
    with_status(403, "Access denied", "access_denied")
}

pub fn too_many_requests() -> Reply {
    with_status(429, "Rate limit exceeded", "rate_limit_exceeded")
}

/// What this vendor says with an error status, where it has words for it. On
/// demand a 403 is about the kind of application: the other kind can be had
/// without a fault.
pub fn refusal(status: u16) -> Option<Reply> {
    match status {
        400 => Some(plainly(400, "Bad request")),
        401 => Some(unauthorized()),
        403 => Some(with_status(
            403,
            "This resource is not available to applications of this type",
            "app_access_type_deny",
        )),
        404 => Some(not_found()),
        429 => Some(too_many_requests()),
        _ => None,
    }
}
