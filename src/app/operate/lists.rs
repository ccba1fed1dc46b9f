//! Lists are asked for, and told of.

use crate::{
    app::{
        callbacks::list::List, cursor::Cursor, freeze, msg::Command, overlay::Overlay,
        pane::PaneId, state::State,
    },
    domain::filter::Filters,
};

/// `r`: what the focused pane shows is asked for now.
pub(in crate::app) fn refresh(state: &mut State) -> Vec<Command> {
    // Who asks for news wants to see them.
    freeze::thaw(state);
    if state.focus != PaneId::Callbacks {
        return vec![Command::Refresh];
    }
    read(state, |list| list.reading.is_none(), false)
}

/// Lists that are old enough are asked for again.
pub(in crate::app) fn read_what_is_due(state: &mut State) -> Vec<Command> {
    if state.frozen.is_some() {
        return Vec::new();
    }
    let now = state.now;
    read(state, |list| list.is_due(now), false)
}

/// Asks for these lists; `afresh` where the question is another one, which
/// ends what is being read.
fn read(state: &mut State, which: impl Fn(&List) -> bool, afresh: bool) -> Vec<Command> {
    let pane = &mut state.callbacks;
    let mut commands = Vec::new();
    for (site, list) in pane.lists.iter_mut().filter(|(_, list)| which(list)) {
        pane.generation += 1;
        list.begin(pane.generation, afresh);
        commands.push(Command::List {
            site: site.clone(),
            filters: pane.filters.clone(),
            generation: pane.generation,
        });
    }
    if afresh {
        state.derive_callbacks();
    }
    commands
}

/// Whether rows come and go now: a claim or a snooze ran out.
pub(in crate::app) fn changes_with_time(state: &State) -> bool {
    state.frozen.is_none() && state.callbacks.changes.is_some_and(|at| state.now >= at)
}

/// A named view, by its place in the menu; the first is what is pending.
pub(in crate::app) fn view(state: &mut State, at: usize) -> Vec<Command> {
    let chosen = at.checked_sub(1).and_then(|i| state.views.get(i)).cloned();
    let (name, filters) = match chosen {
        Some((name, filters)) => (Some(name), filters),
        None => (None, Filters::pending()),
    };
    state.callbacks.view = name;
    state.callbacks.form = None;
    ask_for(state, filters)
}

/// `Ctrl-S` in the form.
pub(in crate::app) fn apply_form(state: &mut State) -> Vec<Command> {
    let Some(form) = &mut state.callbacks.form else {
        return Vec::new();
    };
    form.accept();
    match form.filters() {
        Ok(filters) => {
            state.overlay = Overlay::None;
            state.callbacks.view = None;
            state.callbacks.form = None;
            ask_for(state, filters)
        }
        Err((at, mistake)) => {
            form.refuse(at, mistake);
            Vec::new()
        }
    }
}

fn ask_for(state: &mut State, filters: Filters) -> Vec<Command> {
    // What is shown answers another question: its answer must not wait.
    freeze::thaw(state);
    state.callbacks.filters = filters;
    state.callbacks.listing.cursor = Cursor::First;
    read(state, |_| true, true)
}
