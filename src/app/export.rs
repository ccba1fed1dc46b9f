//! What is shown, as the records that scripts see too.

use std::sync::Arc;

use super::{
    callbacks::subject,
    callers::Row,
    msg::{Command, Export, Exported},
    pane::PaneId,
    state::State,
};
use crate::domain::{
    callback::Callback,
    record::{CallbackRecord, CallerRecord, FileFormat},
};

/// The focused pane's rows, as they are shown, to be written.
pub(super) fn command(state: &State, format: FileFormat) -> Option<Command> {
    let rows = rows(state)?;
    let at = state.now;
    Some(Command::Export(Export { rows, format, at }))
}

/// The focused pane's rows, as they are shown.
pub(super) fn rows(state: &State) -> Option<Exported> {
    match state.focus {
        PaneId::Callers => {
            let rows = state.callers.rows.iter();
            let records = rows.filter_map(|row| caller(state, row));
            Some(Exported::Callers(records.collect()))
        }
        PaneId::Callbacks => {
            // One record per request, also where several are shown as one row.
            let all = state.callbacks.shown(state.callback_view());
            let records = all.iter().map(|c| callback(state, c));
            Some(Exported::Callbacks(records.collect()))
        }
        PaneId::Agents | PaneId::Inject | PaneId::Activity => None,
    }
}

/// The selected row.
pub(super) fn selected(state: &State) -> Option<Exported> {
    match state.focus {
        PaneId::Callers => {
            let row = state.callers.rows.get(state.callers.selected()?)?;
            Some(Exported::Callers(vec![caller(state, row)?]))
        }
        PaneId::Callbacks => {
            let row = state.callbacks.callback()?;
            Some(Exported::Callbacks(vec![callback(state, row)]))
        }
        PaneId::Agents | PaneId::Inject | PaneId::Activity => None,
    }
}

fn caller(state: &State, row: &Row) -> Option<CallerRecord> {
    let pane = &state.callers;
    let line = pane.queues.get(row.queue)?;
    let site = state.sites.iter().find(|s| s.name == line.key.site)?;
    let caller = &pane.waiting(row, &state.board)?.caller;
    let wait = state.seen_at().since(row.began);
    Some(CallerRecord::new(
        site,
        &line.queue,
        caller,
        row.position,
        wait,
    ))
}

fn callback(state: &State, callback: &Arc<Callback>) -> CallbackRecord {
    let holder = state
        .board
        .triage
        .holder(&subject(callback), callback.customer(), state.now);
    CallbackRecord::new(callback, holder.map(|claim| &*claim.who), state.now)
}
