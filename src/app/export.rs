//! What is shown, as the records that scripts see too.

use super::{
    callbacks::subject,
    msg::{Command, Export, Exported},
    pane::PaneId,
    state::State,
};
use crate::domain::record::{CallbackRecord, CallerRecord, FileFormat};

/// The focused pane's rows, as they are shown, to be written.
pub(super) fn command(state: &State, format: FileFormat) -> Option<Command> {
    let rows = match state.focus {
        PaneId::Callers => Exported::Callers(callers(state)),
        PaneId::Callbacks => Exported::Callbacks(callbacks(state)),
        PaneId::Agents | PaneId::Inject | PaneId::Activity => return None,
    };
    let at = state.now;
    Some(Command::Export(Export { rows, format, at }))
}

fn callers(state: &State) -> Vec<CallerRecord> {
    let pane = &state.callers;
    let record = |row: &super::callers::Row| {
        let line = pane.queues.get(row.queue)?;
        let site = state.sites.iter().find(|s| s.name == line.key.site)?;
        let caller = &pane.waiting(row, &state.board)?.caller;
        let wait = state.now.since(row.began);
        Some(CallerRecord::new(
            site,
            &line.queue,
            caller,
            row.position,
            wait,
        ))
    };
    pane.rows.iter().filter_map(record).collect()
}

/// One record per request, also where several are shown as one row.
fn callbacks(state: &State) -> Vec<CallbackRecord> {
    let all = state
        .callbacks
        .shown(&state.board.triage, &state.me, state.now);
    let record = |callback: &std::sync::Arc<crate::domain::callback::Callback>| {
        let holder = state
            .board
            .triage
            .holder(&subject(callback), callback.customer(), state.now);
        CallbackRecord::new(callback, holder.map(|claim| &*claim.who), state.now)
    };
    all.iter().map(record).collect()
}
