//! The screen held still: what the journal and the lists tell waits, counted,
//! until it goes on. What people do is not held back: whoever claims a
//! callback sees the claim. Lamps and the clock stay live.

use super::{
    callbacks::list::{ListNews, Progress},
    fold,
    frozen::Frozen,
    state::State,
};
use crate::domain::{
    board::Board,
    entry::{Change, Entry, What},
};

/// More than this is not held back, in number or in bytes: memory is not
/// without end, and what waited is shown at once.
const MOST: usize = 20_000;
const MOST_BYTES: usize = 32 << 20;
/// About what an entry, or a row of a list, takes besides what was sent.
const EACH: usize = 500;
const EACH_ROW: usize = 3_000;

/// `Space`.
pub(super) fn toggle(state: &mut State) {
    if state.frozen.is_some() {
        thaw(state);
    } else {
        state.frozen = Some(Frozen {
            at: state.now,
            entries: Vec::new(),
            lists: Vec::new(),
            held: 0,
        });
    }
}

/// Goes on with all that waited.
pub(super) fn thaw(state: &mut State) {
    let Some(frozen) = state.frozen.take() else {
        return;
    };
    fold::fold(state, &frozen.entries, fold::Acts::Known);
    // Of whom nothing was told, time went by all the same.
    state.age_agents();
    for news in frozen.lists {
        fold::hear(state, news);
    }
}

/// Keeps entries for later; what people did shows at once all the same.
pub(super) fn hold(state: &mut State, entries: Vec<Entry>) {
    let mut acted = fold::Acted::default();
    for entry in &entries {
        if let What::Act(act) = &entry.what {
            let fold = |board: &mut Board| board.triage.apply(entry.seq, entry.at, act);
            acted.to(state, act, fold);
            fold::tell(state, entry.seq, act);
        }
    }
    acted.follow(state);
    if let Some(frozen) = &mut state.frozen {
        frozen.held += entries.iter().map(size).sum::<usize>();
        frozen.entries.extend(entries);
    }
    overflow(state);
}

/// Keeps news of a list for later.
pub(super) fn hold_list(state: &mut State, news: ListNews) {
    if let Some(frozen) = &mut state.frozen {
        let rows = match &news.what {
            Progress::Page { rows, .. } | Progress::Done { rows, .. } => rows.len(),
            Progress::Whole { list, .. } => list.len(),
            Progress::Failed(_) => 0,
        };
        frozen.held += rows * EACH_ROW;
        frozen.lists.push(news);
    }
    overflow(state);
}

/// About how much memory an entry takes.
fn size(entry: &Entry) -> usize {
    let sent = match &entry.what {
        What::Hook(hook) => hook.body.as_str().len(),
        What::Unknown { body, .. } => body.len(),
        What::Change(Change::Entered { caller, .. } | Change::Updated { caller, .. }) => {
            caller.raw.as_ref().map_or(0, |raw| raw.as_str().len())
        }
        _ => 0,
    };
    EACH + sent
}

fn overflow(state: &mut State) {
    let too_much = |f: &Frozen| f.waiting() > MOST || f.held > MOST_BYTES;
    if state.frozen.as_ref().is_some_and(too_much) {
        thaw(state);
        state.say("the screen goes on: too much was waiting to be held back longer".into());
    }
}
