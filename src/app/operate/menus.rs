//! What is chosen in a menu.

use std::sync::Arc;

use super::{lists::view, outcome};
use crate::{
    app::{
        export, inject,
        msg::Command,
        overlay::{MenuKind, Overlay},
        scope,
        state::State,
    },
    domain::record::FileFormat,
};

/// Enter in a menu, or on a line of the form.
pub(in crate::app) fn choose(state: &mut State) -> Vec<Command> {
    match &state.overlay {
        Overlay::Filter => {
            if let Some(form) = &mut state.callbacks.form {
                form.edit();
            }
            Vec::new()
        }
        Overlay::Menu(menu) => {
            let (kind, at) = (menu.kind.clone(), menu.at);
            state.overlay = Overlay::None;
            match kind {
                MenuKind::Outcome(callback) => outcome(state, &callback, at),
                MenuKind::View => view(state, at),
                MenuKind::Copy(choices) => {
                    let chosen = choices.into_iter().nth(at);
                    chosen.map(|c| Command::Copy(c.text)).into_iter().collect()
                }
                MenuKind::Preset => {
                    inject::work::preset(state, at);
                    Vec::new()
                }
                MenuKind::History(past) => {
                    if let Some(past) = past.get(at) {
                        inject::work::repeat(state, past);
                    }
                    Vec::new()
                }
                MenuKind::Scope => {
                    let queues = scope::queues(&state.sites);
                    let name = at.checked_sub(1).and_then(|i| queues.get(i));
                    let name = name.map(|name| Arc::from(*name));
                    look_at(state, name);
                    Vec::new()
                }
                MenuKind::Export => {
                    let format = FileFormat::ALL.get(at);
                    format
                        .and_then(|f| export::command(state, *f))
                        .into_iter()
                        .collect()
                }
            }
        }
        _ => Vec::new(),
    }
}

/// One queue, or all, in every pane.
pub(in crate::app) fn look_at(state: &mut State, queue: Option<Arc<str>>) {
    state.scope = queue;
    state.derive_all();
}
