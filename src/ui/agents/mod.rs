//! Pane 2: who serves, and since when; as a list or as tiles.

mod list;
mod tiles;

use std::{borrow::Cow, time::Duration};

use ratatui::layout::Rect;

use super::{ink::Ink, notice, panes::say, table, theme::Role};
use crate::{
    app::{
        State,
        agents::rows::{Row, state_word},
        health::{self, Light},
        pane::PaneId,
    },
    domain::{
        agent::AgentState,
        feed::{FeedId, FeedKind},
        id::SiteName,
        time::{age, wait},
    },
};

/// From here on "at least" is told in hours.
const LONG: Duration = Duration::from_hours(10);

/// Draws the pane.
pub fn draw(state: &State, ink: &mut Ink, place: Rect) {
    let id = PaneId::Agents;
    let title = format!("{} {}", id.number(), id.title());
    ink.frame(place, &title, &totals(state, ink), state.focus == id);
    let parts = state.agents_places(place);
    if parts.notice.height > 0 {
        notice::draw(ink, parts.notice, &health::deaf(state));
    }
    let pane = &state.agents;
    if parts.search.height > 0 {
        let (found, all) = (pane.rows.len(), pane.listed());
        table::search(ink, parts.search, &pane.listing.search, found, all);
    }
    if pane.rows.is_empty() {
        nobody(state, ink, parts.rows);
    } else if pane.tiled {
        tiles::draw(state, ink, parts.rows);
    } else {
        list::draw(state, ink, parts.head, parts.rows);
    }
}

/// How many there are in each state, the most useful account first.
fn totals(state: &State, ink: &Ink) -> Vec<(String, Role)> {
    let pane = &state.agents;
    let unknown = pane.count(AgentState::Unknown);
    let scope = state.scope.as_ref();
    let scope = scope.map(|queue| (format!("only queue {queue}"), Role::Key));
    if pane.all() == unknown {
        // Of none is it known whether they are in, or free.
        let count = match unknown {
            0 => ink.glyphs.unknown.to_owned(),
            n => format!("{n} unknown"),
        };
        return [(count, Role::Quiet)].into_iter().chain(scope).collect();
    }
    let mut facts = vec![(format!("{} in", pane.logged_in()), Role::Title)];
    facts.extend(scope);
    let hidden = table::hidden_sort(ink, &state.agent_columns(), pane.listing.sort);
    facts.extend(hidden);
    let free = pane.count(AgentState::Available);
    let role = if free > 0 { Role::Good } else { Role::Late };
    facts.push((format!("{free} free"), role));
    if pane.suspects > 0 {
        let words = format!("{} {} odd", ink.glyphs.critical, pane.suspects);
        facts.push((words, Role::Critical));
    }
    facts.push((
        format!("{} on calls", pane.count(AgentState::OnCall)),
        Role::Text,
    ));
    for (kind, word, role) in [
        (AgentState::Ringing, "ringing", Role::Key),
        (AgentState::Paused, "paused", Role::Vip),
        (AgentState::LoggedOut, "out", Role::Quiet),
        (AgentState::Unknown, "unknown", Role::Quiet),
    ] {
        let count = pane.count(kind);
        if count > 0 {
            facts.push((format!("{count} {word}"), role));
        }
    }
    facts
}

fn nobody(state: &State, ink: &mut Ink, place: Rect) {
    let pane = &state.agents;
    let said = |text: &str| (text.to_owned(), Role::Quiet);
    let sentences = if pane.listing.search.is_on() && pane.listed() > 0 {
        vec![said(
            "No agent has all of these words; Esc shows all again.",
        )]
    } else if state.scope.is_some() {
        vec![said(
            "No agent is known to be in this queue; Esc shows all queues.",
        )]
    } else {
        vec![
            said("No agent was heard of yet."),
            said("They appear with their first event, or by name in the configuration."),
        ]
    };
    say(ink, place, &sentences);
}

/// Whether what a site pushed is too old to be believed.
fn is_stale(state: &State, site: &SiteName) -> bool {
    let feed = FeedId {
        site: site.clone(),
        kind: FeedKind::Hooks,
    };
    state.is_stale(&feed)
}

/// A state's sign and word, and their look.
fn state_cell(ink: &Ink, row: &Row) -> (String, Role) {
    let (sign, role) = match row.state {
        AgentState::Available => (ink.glyphs.free, Role::Good),
        AgentState::Ringing => (ink.glyphs.ringing, Role::Key),
        AgentState::OnCall => (ink.glyphs.talking, Role::Callback),
        AgentState::Paused => (ink.glyphs.paused, Role::Vip),
        AgentState::LoggedOut => (ink.glyphs.light(Light::Off), Role::Quiet),
        AgentState::Unknown => (ink.glyphs.unknown, Role::Quiet),
    };
    // What was told before a time in which nobody listened may be over.
    let doubt = if row.missed { "?" } else { "" };
    (format!("{sign} {}{doubt}", state_word(row.state)), role)
}

/// How long they have been in the state; at least so long where the start
/// was not seen.
fn lasted(state: &State, ink: &Ink, row: &Row) -> (Cow<'static, str>, Role) {
    let Some(since) = row.since else {
        return (Cow::Borrowed(ink.glyphs.unknown), Role::Quiet);
    };
    let lasted = state.seen_at().since(since);
    let role = if row.over_pause {
        Role::Critical
    } else {
        Role::Text
    };
    if row.seen {
        return (wait(lasted).into(), role);
    }
    // Of many hours of which the start is not known, nobody counts seconds.
    let least = if lasted < LONG {
        wait(lasted)
    } else {
        age(lasted)
    };
    (format!("{}{least}", ink.glyphs.at_least).into(), role)
}
