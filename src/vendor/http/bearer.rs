//! The header that a token is sent in.

use reqwest::header::HeaderValue;

use crate::domain::fault::{Fault, FaultKind};

/// The `Authorization` header: exactly `Bearer <token>`, which no log prints.
/// Fails where the token holds what no header can carry.
pub fn bearer(token: &str) -> Result<HeaderValue, Fault> {
    let mut header = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| {
        Fault::new(
            FaultKind::Auth,
            "the site's `token` holds a character that no header can carry",
            "check `token` in the configuration, line breaks too",
        )
    })?;
    header.set_sensitive(true);
    Ok(header)
}
