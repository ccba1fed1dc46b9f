//! What the keys of pane 3 do: what is done to a callback goes on record. The
//! board moves only when the journal says so.
//!
//! * `lists`: lists are asked for, and told of; `menus`: what is chosen
//! * `put`: who is put on the list; `told`: what became of it, in words

mod lists;
mod menus;
mod put;
mod told;

use std::sync::Arc;

use super::{
    callbacks::{News, form::FilterForm, work::Desk},
    inject,
    keys::Callbacks,
    msg::Command,
    overlay::{Menu, MenuKind, Overlay, Prompt, PromptKind},
    state::State,
    step::Step,
};
use crate::domain::{
    callback::Callback,
    triage::{Act, LEASE, Outcome},
};
pub(super) use lists::{apply_form, changes_with_time, read_what_is_due, refresh, view};
pub(super) use menus::{choose, look_at};
pub(super) use put::put_on_list;
pub(super) use told::told;

/// A key of pane 3.
pub(super) fn callbacks(state: &mut State, action: Callbacks) -> Vec<Command> {
    match action {
        Callbacks::Filter => {
            if state.callbacks.form.is_none() {
                state.callbacks.form = Some(FilterForm::new(&state.callbacks.filters));
            }
            state.overlay = Overlay::Filter;
        }
        Callbacks::Views => {
            state.overlay = Overlay::Menu(Menu {
                kind: MenuKind::View,
                at: 0,
            });
        }
        Callbacks::Show => {
            state.callbacks.show = state.callbacks.show.next();
            state.derive_focused();
        }
        Callbacks::Expand => {
            let customer = state
                .callbacks
                .callback()
                .and_then(|c| c.customer().cloned());
            if let Some(customer) = customer {
                if !state.callbacks.expanded.remove(&customer) {
                    state.callbacks.expanded.insert(customer.clone());
                }
                state.follow_callbacks(News {
                    turned: vec![customer],
                    ..News::default()
                });
            }
        }
        Callbacks::Undo => return undo(state),
        Callbacks::Claim | Callbacks::Note | Callbacks::Snooze | Callbacks::Outcome => {
            return on_row(state, action);
        }
    }
    Vec::new()
}

/// `u`: the cursor goes to where the last thing was done.
fn undo(state: &mut State) -> Vec<Command> {
    let commands = record(state, |desk| desk.undo(LEASE));
    if let [Command::Act(act)] = commands.as_slice() {
        state.callbacks.go_to(&act.subject);
    }
    commands
}

/// A key that works on the selected row.
fn on_row(state: &mut State, action: Callbacks) -> Vec<Command> {
    // While it is shown how a call goes, it is about whom it is for.
    let called = match &state.overlay {
        Overlay::Calling(calling) => calling.callback.clone(),
        _ => None,
    };
    let Some(callback) = called.or_else(|| state.callbacks.callback().cloned()) else {
        return Vec::new();
    };
    match action {
        Callbacks::Note => {
            state.overlay = Overlay::Prompt(Prompt::new(PromptKind::Note(callback), ""));
        }
        Callbacks::Snooze => {
            state.overlay = Overlay::Prompt(Prompt::new(PromptKind::Snooze(callback), "+1h"));
        }
        Callbacks::Outcome => {
            state.overlay = Overlay::Menu(Menu {
                kind: MenuKind::Outcome(callback),
                at: 0,
            });
        }
        _ => return record(state, |desk| desk.claim(&callback)),
    }
    Vec::new()
}

/// Asks for an act to be put on record, or says why there is none.
fn record(state: &mut State, act: impl FnOnce(&Desk<'_>) -> Result<Act, String>) -> Vec<Command> {
    match make(state, act) {
        Ok(act) => vec![Command::Act(act)],
        Err(why) => {
            state.say(why);
            Vec::new()
        }
    }
}

/// Makes an act, unless this console changes nothing.
fn make(state: &State, act: impl FnOnce(&Desk<'_>) -> Result<Act, String>) -> Result<Act, String> {
    if state.read_only {
        return Err("this console is read-only".into());
    }
    act(&Desk {
        triage: &state.board.triage,
        me: &state.me,
        now: state.now,
        zone: state.board.zone(),
    })
}

fn outcome(state: &mut State, callback: &Arc<Callback>, at: usize) -> Vec<Command> {
    let Some(outcome) = Outcome::ALL.get(at) else {
        return Vec::new();
    };
    let others = state.callbacks.with(callback);
    let commands = record(state, |desk| desk.outcome(callback, &others, *outcome));
    if !commands.is_empty() {
        // On to the next: the work goes down the list.
        let page = state.callback_rows_in_view();
        state.callbacks.step(Step::Down, page);
    }
    commands
}

/// Enter in a prompt.
pub(super) fn answer_prompt(state: &mut State) -> Vec<Command> {
    let Overlay::Prompt(prompt) = &state.overlay else {
        return Vec::new();
    };
    let kind = prompt.kind.clone();
    let typed = prompt.field.value().to_owned();
    let snoozes = matches!(kind, PromptKind::Snooze(_));
    let made = match kind {
        PromptKind::Note(callback) => make(state, |desk| desk.note(&callback, &typed)),
        PromptKind::Snooze(callback) => {
            let others = state.callbacks.with(&callback);
            make(state, |desk| desk.snooze(&callback, &others, &typed))
        }
        PromptKind::Preset => return inject::save::named(state),
    };
    match (made, &mut state.overlay) {
        (Ok(act), overlay) => {
            *overlay = Overlay::None;
            if snoozes {
                // Its row goes below; the work goes on where it stood.
                let page = state.callback_rows_in_view();
                state.callbacks.step(Step::Down, page);
            }
            vec![Command::Act(act)]
        }
        // What was typed stays, to be mended.
        (Err(why), Overlay::Prompt(prompt)) => {
            prompt.mistake = Some(why);
            Vec::new()
        }
        (Err(_), _) => Vec::new(),
    }
}
