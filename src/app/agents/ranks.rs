//! The order of the list of agents: by a column, and by name where it says the
//! same.

use std::{
    cmp::{Ordering, Reverse},
    sync::Arc,
};

use crate::{
    app::listing::{self, Sort},
    domain::{agent::AgentState, id::AgentId, site::Site, text, time::At},
};

use super::{columns::Cell, rows::Row};

/// What a column says of a row, to be sorted by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Name(String, AgentId),
    State(usize, At),
    Since(At),
    Calls(Reverse<u32>),
    Text(String),
    Id(AgentId),
}

/// The place of a state among all of them.
pub(super) fn of_state(state: AgentState) -> usize {
    let at = AgentState::ALL.iter().position(|s| *s == state);
    at.unwrap_or(0)
}

/// By the column, and by name of whom it says the same; what is not known
/// stands last.
pub(super) fn sort(rows: &mut [Arc<Row>], sort: Sort<Cell>, sites: &[Site]) {
    rows.sort_by_cached_key(|row| (name(row), row.id.clone(), place(sites, row)));
    listing::order(rows, sort.reversed, |row| says(sort.by, row));
}

/// The same order, of two rows.
pub(super) fn compare(sort: Sort<Cell>, sites: &[Site], a: &Row, b: &Row) -> Ordering {
    let by_column = listing::compare(sort.reversed, says(sort.by, a), says(sort.by, b));
    by_column
        .then_with(|| name(a).cmp(&name(b)))
        .then_with(|| a.id.cmp(&b.id))
        .then_with(|| place(sites, a).cmp(&place(sites, b)))
}

fn says(by: Cell, row: &Row) -> Option<Said> {
    match by {
        Cell::Agent | Cell::Reason | Cell::With | Cell::Queues => {
            Some(Said::Name(name(row), row.id.clone()))
        }
        Cell::State => row.since.map(|at| Said::State(of_state(row.state), at)),
        Cell::For => row.since.map(Said::Since),
        Cell::Calls => row.calls.map(|calls| Said::Calls(Reverse(calls))),
        Cell::Device => row.device.as_deref().map(|d| Said::Text(folded(d))),
        Cell::Site => Some(Said::Text(folded(row.site.as_str()))),
        Cell::Id => Some(Said::Id(row.id.clone())),
    }
}

fn name(row: &Row) -> String {
    folded(&row.name)
}

fn folded(text: &str) -> String {
    text::fold(text).into_owned()
}

/// Of the same name and id at two sites, the configuration's first.
fn place(sites: &[Site], row: &Row) -> Option<usize> {
    sites.iter().position(|site| site.name == row.site)
}
