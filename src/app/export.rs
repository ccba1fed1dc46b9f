//! What is shown, as the records that scripts see too.

use std::sync::Arc;

use super::{
    agents,
    callbacks::subject,
    callers::Row,
    calls,
    msg::{Command, Export, Exported},
    state::State,
    view::List,
};
use crate::domain::{
    callback::Callback,
    record::{AgentRecord, CallRecord, CallbackRecord, CallerRecord, EventRecord, FileFormat},
};

/// The focused pane's rows, as they are shown, to be written.
pub(super) fn command(state: &State, format: FileFormat) -> Option<Command> {
    let rows = rows(state)?;
    Some(Command::Export(Export {
        left_out: left_out(state),
        rows,
        format,
        at: state.now,
    }))
}

/// How many of the focused pane's rows are left out: a file does not bear the
/// mark of what our own injector made. The activity tells it as its source.
fn left_out(state: &State) -> usize {
    match state.list() {
        List::Callers => {
            let rows = state.callers.rows.iter();
            rows.filter(|row| row.waiting.injected()).count()
        }
        List::Agents => {
            let rows = state.agents.rows.iter();
            let is_out =
                |row: &&Arc<agents::rows::Row>| real_agent(state, row) != agent(state, row);
            rows.filter(is_out).count()
        }
        List::Calls => state.calls.rows.iter().filter(|row| row.injected).count(),
        List::Callbacks | List::Activity | List::Inject => 0,
    }
}

/// The focused pane's rows, as they are shown; not what our own injector made.
pub(super) fn rows(state: &State) -> Option<Exported> {
    match state.list() {
        List::Callers => {
            let rows = state.callers.rows.iter();
            let rows = rows.filter(|row| !row.waiting.injected());
            let records = rows.filter_map(|row| caller(state, row));
            Some(Exported::Callers(records.collect()))
        }
        List::Callbacks => {
            // One record per request, also where several are shown as one row.
            let all = state.callbacks.shown(state.callback_view());
            let records = all.iter().map(|c| callback(state, c));
            Some(Exported::Callbacks(records.collect()))
        }
        List::Agents => {
            let rows = state.agents.rows.iter();
            let records = rows.filter_map(|row| real_agent(state, row));
            Some(Exported::Agents(records.collect()))
        }
        List::Activity => {
            let rows = state.activity.rows.iter();
            let records = rows.map(|row| EventRecord::new(&row.entry));
            Some(Exported::Events(records.collect()))
        }
        List::Calls => {
            let rows = state.calls.rows.iter().filter(|row| !row.injected);
            let records = rows.filter_map(|row| call(state, row));
            Some(Exported::Calls(records.collect()))
        }
        List::Inject => None,
    }
}

/// The selected row.
pub(super) fn selected(state: &State) -> Option<Exported> {
    match state.list() {
        List::Callers => {
            let row = state.callers.rows.get(state.callers.selected()?)?;
            Some(Exported::Callers(vec![caller(state, row)?]))
        }
        List::Callbacks => {
            let row = state.callbacks.callback()?;
            Some(Exported::Callbacks(vec![callback(state, row)]))
        }
        List::Agents => {
            let row = agent(state, state.agents.row()?)?;
            Some(Exported::Agents(vec![row]))
        }
        List::Activity => {
            let row = state.activity.row()?;
            Some(Exported::Events(vec![EventRecord::new(&row.entry)]))
        }
        List::Calls => {
            let row = call(state, state.calls.row()?)?;
            Some(Exported::Calls(vec![row]))
        }
        List::Inject => None,
    }
}

fn agent(state: &State, row: &agents::rows::Row) -> Option<AgentRecord> {
    let site = state.sites.iter().find(|s| s.name == row.site)?;
    let floor = state.board.floor(&row.site);
    let agent = floor.and_then(|floor| floor.agent(&row.id));
    Some(AgentRecord::new(site, &row.id, agent, state.seen_at()))
}

/// The same without what our own injector sent.
fn real_agent(state: &State, row: &agents::rows::Row) -> Option<AgentRecord> {
    let site = state.sites.iter().find(|s| s.name == row.site)?;
    let floor = state.board.floor(&row.site);
    let agent = floor.and_then(|floor| floor.agent(&row.id));
    AgentRecord::real(site, &row.id, agent, state.seen_at())
}

fn call(state: &State, row: &calls::rows::Row) -> Option<CallRecord> {
    let site = state.sites.iter().find(|s| s.name == row.site)?;
    let call = state.board.floor(&row.site)?.call(&row.id)?;
    Some(CallRecord::new(site, call, state.seen_at()))
}

fn caller(state: &State, row: &Row) -> Option<CallerRecord> {
    let pane = &state.callers;
    let line = pane.queues.get(row.queue())?;
    let site = state.sites.iter().find(|s| s.name == line.key.site)?;
    let wait = state.seen_at().since(row.began);
    Some(CallerRecord::new(
        site,
        &line.queue,
        &row.waiting.caller.told(),
        pane.place(row),
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
