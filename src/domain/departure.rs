//! How callers go, as far as lists can tell.

use serde::{Deserialize, Serialize};

/// How a caller went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Departure {
    /// The last list that had them said so.
    Answered,
    /// Anything else: hung up, timed out, moved on. A list cannot tell which.
    Left,
}
