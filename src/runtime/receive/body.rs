//! A request's body, whole and not too long.

use std::{future::poll_fn, pin::Pin};

use axum::body::Bytes;
use hyper::body::{Body as _, Incoming};

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It is longer than allowed; what came of it was thrown away.
    TooLarge,
    /// The sender broke off, or sent no chunks where it promised some.
    BrokenOff,
}

/// Reads a body of up to `limit` bytes. One that says it is longer is not
/// read at all.
pub async fn read(mut body: Incoming, limit: usize) -> Result<Bytes, Cut> {
    if body.size_hint().lower() > limit as u64 {
        return Err(Cut::TooLarge);
    }
    let mut whole = Vec::new();
    let mut first = None;
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|_| Cut::BrokenOff)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        let so_far = first.as_ref().map_or(0, Bytes::len) + whole.len();
        if so_far + data.len() > limit {
            return Err(Cut::TooLarge);
        }
        // Nearly every body comes in one piece and need not be copied.
        match first.take() {
            None if whole.is_empty() => first = Some(data),
            before => {
                whole.extend_from_slice(before.as_deref().unwrap_or_default());
                whole.extend_from_slice(&data);
            }
        }
    }
    Ok(first.unwrap_or_else(|| whole.into()))
}
