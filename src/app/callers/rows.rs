//! The rows of pane 1 and their order.

use std::{cmp::Ordering, sync::Arc};

use crate::{
    app::{
        listing::{self, Sort},
        search::Words,
    },
    domain::{board::Waiting, caller::Kept, phone, text, time::At},
};

use super::columns::Cell;

/// A caller in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// See [`Self::queue`].
    pub(super) queue: u32,
    /// The place in the queue, 0 without one: known only while rows stand in
    /// its order, as whoever goes changes that of all behind them.
    pub(super) place: u32,
    /// Who, as they stand on the board.
    pub waiting: Arc<Waiting>,
    /// When the wait began, by our clock.
    pub began: At,
}

impl Row {
    /// Who: their id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.waiting.caller.id()
    }

    /// Index into [`super::CallersPane::queues`].
    #[must_use]
    pub fn queue(&self) -> usize {
        self.queue as usize
    }
}

/// What a column says of a row, to be sorted by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Number(usize),
    Text(String),
}

fn says(by: Cell, row: &Row) -> Option<Said> {
    let caller = &row.waiting.caller;
    let text = |text: Option<&str>| text.map(|t| Said::Text(text::fold(t).into_owned()));
    match by {
        Cell::Number => text(caller.number()),
        Cell::Name => text(caller.name()),
        Cell::Called => text(caller.presentation()),
        // VIP callers, who have no place, are served first.
        Cell::Position => Some(Said::Number(row.place as usize)),
        Cell::Queue => Some(Said::Number(row.queue())),
        Cell::State => Some(Said::Text(caller.state().word())),
        Cell::Wait | Cell::Level | Cell::Entered | Cell::Answered | Cell::Id => None,
    }
}

/// How the places of a queue move when some go and others come.
#[derive(Default)]
pub(super) struct Shift {
    /// The places of those who went, as they were; ascending.
    pub gone: Vec<u32>,
    /// The places of those who came, as they are now; ascending.
    pub come: Vec<u32>,
}

impl Shift {
    /// The place now of somebody who stayed.
    pub fn of(&self, place: u32) -> u32 {
        if place == 0 {
            return 0;
        }
        let before = self.gone.partition_point(|gone| *gone < place);
        let mut place = place - u32::try_from(before).unwrap_or(0);
        for come in &self.come {
            if *come > place {
                break;
            }
            place += 1;
        }
        place
    }
}

/// Whether rows stand in the order of their waits alone.
fn is_by_wait(by: Cell) -> bool {
    matches!(
        by,
        Cell::Wait | Cell::Level | Cell::Entered | Cell::Answered | Cell::Id
    )
}

/// The longest wait first; of those that began at once, who is served first.
fn by_wait(a: &Row, b: &Row) -> Ordering {
    let first = (a.began, a.queue).cmp(&(b.began, b.queue));
    first.then_with(|| a.waiting.rank().cmp(&b.waiting.rank()))
}

/// By the column, and the longest wait first of whom it says the same; what is
/// not known stands last.
pub(super) fn sort(rows: &mut [Row], sort: Sort<Cell>) {
    rows.sort_by(by_wait);
    if !is_by_wait(sort.by) {
        listing::order(rows, sort.reversed, |row| says(sort.by, row));
    } else if sort.reversed {
        rows.reverse();
    }
}

/// The same order, of two rows.
pub(super) fn compare(sort: Sort<Cell>, a: &Row, b: &Row) -> Ordering {
    if !is_by_wait(sort.by) {
        let says = |row| says(sort.by, row);
        listing::compare(sort.reversed, says(a), says(b)).then_with(|| by_wait(a, b))
    } else if sort.reversed {
        by_wait(b, a)
    } else {
        by_wait(a, b)
    }
}

/// Whether a search for these words finds a caller. Asked of everyone who
/// comes, whatever the news.
pub(super) fn is_found(caller: &Kept, words: &Words) -> bool {
    words.is_empty()
        || words.are_among([
            caller.number().unwrap_or_default(),
            caller.name().unwrap_or_default(),
            caller.presentation().unwrap_or_default(),
            caller.id(),
            caller.answered_by_extension().unwrap_or_default(),
            caller.answered_by_number().unwrap_or_default(),
            if caller.is_withheld() {
                phone::SECRET
            } else {
                ""
            },
            &caller.state().word(),
        ])
}
