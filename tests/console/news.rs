//! News of callers, as the journal tells them to a console that is open.

use holdline::{
    app::{Command, Msg, State, callers::Row, update},
    domain::{
        caller::Caller,
        entry::{Change, Departure, Entry, What},
        time::At,
    },
};

use super::world;

/// Plays on from where the journal was.
pub fn tell(state: &mut State, seq: u64, change: Change) -> Vec<Command> {
    let entry = Entry {
        seq,
        at: state.now,
        site: "aarhus".into(),
        what: What::Change(change),
    };
    update(state, Msg::Entries(vec![entry]))
}

/// Somebody comes.
pub fn enters(state: &mut State, queue: &str, caller: Caller) {
    let seq = state.board.upto() + 1;
    let queue = queue.into();
    tell(state, seq, Change::Entered { queue, caller });
}

/// Somebody leaves.
pub fn goes(state: &mut State, queue: &str, id: &str) {
    let seq = state.board.upto() + 1;
    tell(state, seq, gone(queue, id));
}

/// That somebody left.
pub fn gone(queue: &str, id: &str) -> Change {
    Change::Gone {
        queue: queue.into(),
        id: id.into(),
        how: Departure::Left,
        waited: None,
    }
}

/// A second goes by and every list was just read; what the console asks for.
pub fn ticks(state: &mut State, at: At) -> Vec<Command> {
    let feeds = world::fresh().into_iter();
    let read = feeds.map(|(id, _)| (id, world::answered(at)));
    update(state, Msg::Feeds(read.collect()));
    update(state, Msg::Clock(at))
}

/// Who stands in pane 1, by the last digits of the call's id.
pub fn who(state: &State) -> Vec<&str> {
    let ids = state.callers.rows.iter().map(Row::id);
    ids.map(short).collect()
}

/// Whom the cursor of pane 1 is on.
pub fn on(state: &State) -> &str {
    let row = &state.callers.rows[state.callers.selected().unwrap()];
    short(row.id())
}

fn short(id: &str) -> &str {
    let id = id.strip_prefix("46265y784.").unwrap_or(id);
    id.split('-').next().unwrap_or(id)
}
