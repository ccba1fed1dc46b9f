//! What became of what somebody did, in words.

use crate::{
    app::state::State,
    domain::{
        entry::Seq,
        triage::{Act, Deed, Standing},
    },
};

/// What became of something done here, for the flash: what, and to whom.
pub(in crate::app) fn told(state: &State, seq: Seq, act: &Act) -> String {
    let zone = state.board.zone();
    let took = state.board.triage.took(&act.subject, seq) != Some(false);
    let whom = whose(state, act);
    match &act.deed {
        Deed::Claim { .. } if !took => {
            let customer = act.customer.as_ref();
            match state
                .board
                .triage
                .standing(&act.subject, customer, &state.me, state.now)
            {
                Standing::Held { who, until } => {
                    format!(
                        "{who} was first and has {whom} until {}",
                        until.clock_time(zone)
                    )
                }
                _ => format!("somebody else was first at {whom}"),
            }
        }
        Deed::Claim { until, .. } => {
            let pane = &state.callbacks;
            let dials = pane.find(&act.subject).and_then(|at| pane.rows.get(at));
            let dials = dials.is_some_and(|row| row.callback.is_dialled_by_vendor());
            let but = if dials {
                ", but the PBX may dial it too"
            } else {
                ""
            };
            format!("{whom} is yours until {}{but}", until.clock_time(zone))
        }
        Deed::Release => format!("{whom} given back"),
        Deed::Note { .. } => format!("noted on {whom}"),
        Deed::Outcome { outcome } if act.also.is_empty() => format!("{whom}: {}", outcome.words()),
        Deed::Outcome { outcome } => format!("{}: {whom}", outcome.words()),
        Deed::Snooze { until } => format!("{whom} snoozed until {}", until.short(state.now, zone)),
        Deed::Undo { .. } if !took => {
            "nothing was taken back: it was already, or somebody else has the customer".to_owned()
        }
        Deed::Undo { act: of } => {
            let undone = state.board.triage.case(&act.subject);
            let undone = undone.and_then(|case| case.history().iter().find(|d| d.seq == *of));
            format!(
                "undone on {whom}: {}",
                undone.map_or("the last", |d| d.act.deed.word())
            )
        }
        Deed::Add { added } => format!("{} is on the callback list", added.number),
    }
}

/// Whose request it was, and how many of theirs where it was several.
fn whose(state: &State, act: &Act) -> String {
    let customer = act.customer.as_deref();
    let whom = customer.unwrap_or(act.subject.id.as_str());
    if act.also.is_empty() {
        return whom.to_owned();
    }
    let count = act.also.len() + 1;
    let row = state.callbacks.row_of(&act.subject, act.customer.as_ref());
    let all = row.is_some_and(|row| row.others().count() + 1 == count);
    let all = if all { "all " } else { "" };
    format!("{all}{count} requests of {whom}")
}
