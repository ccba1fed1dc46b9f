//! Folds what the journal and the lists tell into the board and the panes.

use std::collections::BTreeSet;

use super::{
    activity::effect,
    callbacks::{
        News,
        list::{Heard, ListNews, Moves},
        subject,
    },
    operate,
    state::State,
};
use crate::domain::{
    board::Board,
    callback::Callback,
    entry::{Entry, Seq, What},
    triage::{Act, Subject},
};

/// Whether what people did was folded in before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Acts {
    /// Not yet.
    New,
    /// While the screen was held still.
    Known,
}

/// Folds entries into the board and the panes.
pub(super) fn fold(state: &mut State, entries: &[Entry], acts: Acts) {
    let mut acted = Acted::default();
    let mut pushed = false;
    let mut moved = Vec::new();
    for entry in entries {
        let before = effect::before(entry, &state.board);
        state.inject.history.apply(entry);
        match &entry.what {
            What::Act(_) if acts == Acts::Known => {}
            What::Act(act) => {
                acted.to(state, act, |board| moved.extend(board.apply(entry)));
                tell(state, entry.seq, act);
            }
            _ => moved.extend(state.board.apply(entry)),
        }
        pushed |= matches!(entry.what, What::Hook(_) | What::Gap { .. });
        let told = effect::after(entry, &before, &state.board, &state.sites);
        state
            .activity
            .add(entry.clone(), &state.sites, told, before.caller);
    }
    state.follow(moved);
    state.derive_activity();
    if pushed || acted.is_any() {
        state.derive_calls();
    }
    acted.follow(state);
}

/// To whom something was done.
#[derive(Default)]
pub(super) struct Acted {
    subjects: BTreeSet<Subject>,
    /// Whether others were forgotten for it.
    forgot: bool,
}

impl Acted {
    /// Folds an act in.
    pub fn to(&mut self, state: &mut State, act: &Act, fold: impl FnOnce(&mut Board)) {
        let known = state.board.triage.len();
        fold(&mut state.board);
        self.forgot |= state.board.triage.len() < known;
        self.subjects.insert(act.subject.clone());
        self.subjects.extend(act.also.iter().cloned());
    }

    fn is_any(&self) -> bool {
        !self.subjects.is_empty()
    }

    /// Shows it in pane 3.
    pub fn follow(self, state: &mut State) {
        if self.forgot {
            state.derive_callbacks();
        } else if self.is_any() {
            state.follow_callbacks(News {
                acted: self.subjects,
                ..News::default()
            });
        }
    }
}

/// Says what became of something done here.
pub(super) fn tell(state: &mut State, seq: Seq, act: &Act) {
    if act.who == state.me {
        let told = operate::told(state, seq, act);
        state.say(told);
    }
}

/// News of a list.
pub(super) fn hear(state: &mut State, news: ListNews) {
    let now = state.now;
    let triage = &state.board.triage;
    let Some((_, list)) = state
        .callbacks
        .lists
        .iter_mut()
        .find(|(site, _)| *site == news.site)
    else {
        return;
    };
    let holder = |c: &Callback| triage.holder(&subject(c), c.customer(), now);
    let heard = list.hear(news.generation, news.what, now, |c| holder(c).is_some());
    let lost = list
        .missing()
        .iter()
        .find(|item| holder(&item.callback).is_some_and(|claim| claim.who == state.me));
    let lost = lost.map(|item| {
        item.callback
            .number
            .as_deref()
            .unwrap_or("your claim")
            .to_owned()
    });
    let moves = match heard {
        Heard::Nothing => return,
        Heard::Page(moves) => return state.follow_callbacks(moves.into()),
        Heard::Whole(moves) => moves,
        Heard::Failed => Moves::default(),
    };
    state.follow_callbacks(moves.into());
    if let Some(number) = lost {
        state.say(format!("{number} left the vendor's list while it is yours"));
    }
}
