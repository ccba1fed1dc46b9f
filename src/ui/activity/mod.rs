//! Pane 5: what comes into the journal, the newest first, and what it
//! changed; or the calls.

mod calls;
mod list;

use ratatui::layout::Rect;

use super::{ink::Ink, notice, panes::say, table, theme::Role};
use crate::app::{State, calls::rows::Stage, geometry::ListPlaces, health, pane::PaneId};

/// Draws the pane.
pub fn draw(state: &State, ink: &mut Ink, place: Rect) {
    let id = PaneId::Activity;
    let calls = state.calls.shown;
    let title = if calls { "Calls" } else { id.title() };
    let title = format!("{} {title}", id.number());
    let facts = if calls {
        totals(state)
    } else {
        summary(state, ink)
    };
    ink.frame(place, &title, &facts, state.focus == id);
    let parts = state.activity_places(place);
    if parts.notice.height > 0 {
        notice::draw(ink, parts.notice, &health::deaf(state));
    }
    if calls {
        return draw_calls(state, ink, parts);
    }
    let pane = &state.activity;
    if parts.search.height > 0 {
        let (found, all) = (pane.rows.len(), pane.all());
        table::search(ink, parts.search, &pane.listing.search, found, all);
    }
    if pane.rows.is_empty() {
        return nothing(state, ink, parts.rows);
    }
    list::draw(state, ink, parts.head, parts.rows);
}

fn draw_calls(state: &State, ink: &mut Ink, parts: ListPlaces) {
    let pane = &state.calls;
    let search = &pane.listing.search;
    if parts.search.height > 0 {
        table::search(ink, parts.search, search, pane.rows.len(), pane.all());
    }
    if !pane.rows.is_empty() {
        return calls::draw(state, ink, parts.head, parts.rows);
    }
    let said = if search.is_on() && pane.all() > 0 {
        "Nothing has all of these words; Esc shows all again.".to_owned()
    } else if let Some(queue) = &state.scope {
        format!("No call of queue {queue} was heard of; w looks at all queues again.")
    } else {
        "No call was heard of yet.".to_owned()
    };
    say(ink, parts.rows, &[(said, Role::Quiet)]);
}

/// How many calls there are of each stage.
fn totals(state: &State) -> Vec<(String, Role)> {
    let pane = &state.calls;
    let stages = [
        (Stage::Waiting, Role::Text),
        (Stage::Ringing, Role::Key),
        (Stage::Talking, Role::Callback),
        (Stage::Missed, Role::Critical),
    ];
    let counted = stages.into_iter().map(|(stage, role)| {
        let count = pane.count(stage);
        let role = if count == 0 { Role::Quiet } else { role };
        (format!("{count} {}", stage.word()), role)
    });
    let mut facts: Vec<_> = counted.collect();
    if let Some(queue) = &state.scope {
        facts.push((format!("only queue {queue}"), Role::Key));
    }
    facts
}

/// Whether it follows, and what was turned away or not understood.
fn summary(state: &State, ink: &Ink) -> Vec<(String, Role)> {
    let pane = &state.activity;
    let mut facts = Vec::new();
    match pane.newer() {
        None => facts.push(("following".to_owned(), Role::Good)),
        Some(newer) => facts.push((format!("stopped, {newer} above"), Role::Late)),
    }
    if let Some(queue) = &state.scope {
        facts.push((format!("only queue {queue}"), Role::Key));
    }
    let (unknown, repeats) = health::heard(state);
    if pane.refused > 0 {
        let words = format!("{} {} turned away", ink.glyphs.critical, pane.refused);
        facts.push((words, Role::Critical));
    }
    if unknown > 0 {
        facts.push((format!("{unknown} not understood"), Role::Late));
    }
    if repeats > 0 {
        facts.push((format!("{repeats} sent twice"), Role::Quiet));
    }
    facts
}

fn nothing(state: &State, ink: &mut Ink, place: Rect) {
    let pane = &state.activity;
    let said = |text: &str| (text.to_owned(), Role::Quiet);
    let sentences = if pane.listing.search.is_on() && pane.all() > 0 {
        vec![said("Nothing has all of these words; Esc shows all again.")]
    } else if let Some(queue) = state.scope.as_ref().filter(|_| pane.all() > 0) {
        let words = format!("Nothing has come of queue {queue}; w looks at all queues again.");
        vec![(words, Role::Quiet)]
    } else {
        vec![
            said("Nothing has come yet."),
            said("`holdline hooks url` prints what the vendor must be told."),
        ]
    };
    say(ink, place, &sentences);
}
