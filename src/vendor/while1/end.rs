//! How a reading ended, and what that says about the list.

use std::fmt;

use super::assumed::{MOST_PAGES, MOST_ROWS};

/// How a reading ended. Its text says what is doubtful about the list; it is
/// empty where nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Every page was read, and the figures agree.
    Whole,
    /// Every page was read, with fewer rows than were told of.
    Fewer {
        /// Rows told of.
        told: u64,
        /// Rows that came.
        got: u64,
    },
    /// A page was empty that should not have been the last.
    Early {
        /// The empty page.
        page: u32,
        /// The last page as told.
        of: u64,
    },
    /// A page brought nothing but rows of pages before it.
    Repeats {
        /// That page.
        page: u32,
    },
    /// Rows came without a word about pages.
    Unpaged,
    /// The list emptied while it was read.
    Emptied,
    /// The list changed faster than it could be read.
    Restless,
    /// There are more rows than are kept.
    TooManyRows,
    /// There are more pages than are asked for.
    TooManyPages,
}

impl End {
    /// Whether nothing is doubtful about the list.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self == Self::Whole
    }

    /// Whether it was us who left rows out. Of any other list all is there
    /// that the vendor gave.
    #[must_use]
    pub fn is_cut(self) -> bool {
        matches!(self, Self::TooManyRows | Self::TooManyPages)
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Fewer { told, got } => write!(
                f,
                "While1 tells of {told} rows and sent {got}: rows may be missing"
            ),
            Self::Early { page, of } => write!(
                f,
                "page {page} of {of} was empty: rows may be missing after it"
            ),
            Self::Repeats { page } => write!(
                f,
                "page {page} repeats pages before it: rows may be missing after it"
            ),
            Self::Unpaged => {
                f.write_str("While1 said nothing about pages: there may be more rows than these")
            }
            Self::Emptied => f.write_str(
                "the list emptied while it was read: what came before may be gone by now",
            ),
            Self::Restless => f.write_str(
                "the list changed faster than it could be read: rows may be missing, narrow \
                 the filters",
            ),
            Self::TooManyRows => write!(
                f,
                "the list has more than {MOST_ROWS} rows: the rest is left out, narrow the \
                 filters"
            ),
            Self::TooManyPages => write!(
                f,
                "the list has more than {MOST_PAGES} pages: the rest is left out, narrow the \
                 filters"
            ),
        }
    }
}
