//! Faults on demand: what goes wrong. Set through the handle or over HTTP; what
//! a fault does to an answer is `spoil`'s to say.
//!
//! * `rule`: for whom, how often; `force`: those in force, counted as they
//!   strike; `plan`: what a request or an event suffers by them

mod force;
mod plan;
mod rule;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use force::Faults;
pub(super) use plan::{Moment, Plan, PushPlan, Ruin};
pub use rule::Rule;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The answer comes late. Adds to any other fault.
    Latency {
        /// By so many milliseconds of real time.
        ms: u64,
    },
    /// The vendor's clock is wrong: the `Date` header and every timestamp.
    /// Adds to any other fault.
    Skew {
        /// Ahead by so many seconds; behind where negative.
        seconds: i64,
    },
    /// An error status: those that the vendor has words for in these (Enswitch
    /// says its codes under HTTP 200), any other with an HTML page as a proxy
    /// sends it.
    Status {
        /// The status.
        code: u16,
        /// The `Retry-After` header, if any.
        #[serde(default)]
        retry_after: Option<RetryAfter>,
    },
    /// Whatever is wanted.
    Answer {
        /// The status.
        status: u16,
        /// The `Content-Type` header.
        content_type: String,
        /// The body.
        body: String,
    },
    /// `Content-Length` promises the whole body, half of it comes, then the
    /// connection closes.
    CutOff,
    /// The connection closes without an answer.
    Close,
    /// The connection is reset without an answer.
    Reset,
    /// Bytes that are not HTTP.
    Garbage,
    /// 200 and JSON by its type, but not by its body.
    NotJson,
    /// 200 and JSON of a shape that no page documents.
    WrongShape,
    /// 200 with a captive portal's HTML page.
    Html,
    /// 302 to somewhere else.
    Redirect {
        /// Where to.
        #[serde(default = "elsewhere")]
        to: String,
    },
    /// 200 with no body.
    Empty,
    /// The body comes in pieces of four bytes.
    Trickle {
        /// One per so many milliseconds of real time.
        #[serde(default = "one_second")]
        every_ms: u64,
    },
    /// A list so long, whatever its filters.
    Huge {
        /// Rows in it, over all its pages, the real ones first.
        rows: usize,
    },
    /// Every row of the list comes twice, the second time with other content.
    DuplicateIds,
    /// While1: its pagination is something else.
    Pagination {
        /// Members of an object take the place of the true ones; anything
        /// else, such as `[]`, takes the place of the whole.
        is: Value,
    },
    /// While1: a success without pagination.
    NoPagination,
    /// While1: every page says that one more follows. Behind the true last one
    /// they are empty.
    MorePages,
    /// While1: every page is full of rows never seen before, and one more
    /// follows.
    EndlessPages,
    /// While1: the first page comes whichever is asked for, and says that it
    /// is one of three or more.
    SamePage,
    /// While1: the list moves while it is read.
    Shift {
        /// So many new rows are on top of it per page read before; rows that
        /// stood there are gone where negative.
        rows: i32,
    },
    /// While1: no row has an `id`.
    NoIds,
    /// While1: among the rows are some that are no objects.
    StrayRows,
    /// No answer, and the connection stays open.
    Hang,
    /// Telphin: a token says when it ends as text.
    ExpiresInText,
    /// Telphin: a token does not say when it ends.
    NoExpiresIn,
    /// Pushed: the same request once more, right behind itself.
    Duplicate,
    /// Pushed: it comes after the one that follows it.
    Reorder,
    /// Pushed: it comes late, and what follows does not wait for it.
    Delay {
        /// By so many milliseconds of real time.
        ms: u64,
    },
    /// Pushed: it never comes.
    Drop,
    /// Pushed: it comes with a secret that is not the site's.
    WrongSecret,
    /// Pushed: garbage comes in its place.
    GarbageBody,
    /// A small compressed body that unpacks to a large one.
    GzipBomb {
        /// How large, in MiB.
        #[serde(default = "bomb_size")]
        mib: u32,
    },
}

/// How a `Retry-After` header says when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RetryAfter {
    /// As a number of seconds.
    Seconds(u32),
    /// As a date, so many seconds from the simulator's now.
    DateIn(u32),
}

impl Fault {
    /// Whether it is about what is pushed, not about what is asked.
    fn is_of_pushes(&self) -> bool {
        matches!(
            self,
            Self::Duplicate
                | Self::Reorder
                | Self::Delay { .. }
                | Self::Drop
                | Self::WrongSecret
                | Self::GarbageBody
        )
    }
}

/// A host that exists nowhere, by the name system's own rules.
fn elsewhere() -> String {
    "http://elsewhere.invalid/".to_owned()
}

fn one_second() -> u64 {
    1_000
}

fn bomb_size() -> u32 {
    256
}
