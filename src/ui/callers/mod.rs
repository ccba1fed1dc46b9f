//! Pane 1: the queues in a glance, what is wrong, and who waits.

mod list;
mod summary;

use ratatui::layout::Rect;

use super::{ink::Ink, table, theme::Role};
use crate::{
    app::{State, callers::QueueLine, health, pane::PaneId},
    domain::{feed::FeedHealth, site::WaitLevel, time::wait},
};

/// Draws the pane.
pub fn draw(state: &State, ink: &mut Ink, place: Rect) {
    let pane = PaneId::Callers;
    let title = format!("{} {}", pane.number(), pane.title());
    ink.frame(place, &title, &totals(state, ink), state.focus == pane);
    let parts = state.callers_places(place);
    if parts.summary.height > 0 {
        summary::draw(state, ink, parts.summary);
    }
    if parts.notice.height > 0 {
        notice(state, ink, parts.notice);
    }
    if parts.search.height > 0 {
        let pane = &state.callers;
        let (found, all) = (pane.rows.len(), pane.listed());
        table::search(ink, parts.search, &pane.listing.search, found, all);
    }
    list::draw(state, ink, parts.head, parts.rows);
}

/// All queues in three figures, the shortest account of them first.
pub(super) fn totals(state: &State, ink: &Ink) -> Vec<(String, Role)> {
    let pane = &state.callers;
    let mut facts = match pane.waits(state.seen_at()) {
        Some((longest, average)) => vec![
            (format!("{} waiting", pane.waiting_in_all()), Role::Title),
            (
                format!("longest {}", wait(longest)),
                if state.is_any_stale() {
                    Role::Stale
                } else {
                    level_role(worst(state))
                },
            ),
            (format!("avg wait {}", wait(average)), Role::Text),
        ],
        None if pane.queues.iter().any(|q| q.known) => {
            vec![("nobody waits".to_owned(), Role::Good)]
        }
        None => vec![(format!("{} waiting", ink.glyphs.unknown), Role::Quiet)],
    };
    let hidden = table::hidden_sort(ink, &state.caller_columns(), pane.listing.sort);
    facts.extend(hidden);
    if let Some(queue) = &state.scope {
        facts.insert(1, (format!("only queue {queue}"), Role::Key));
    }
    facts
}

fn worst(state: &State) -> WaitLevel {
    match state.callers.late(state.seen_at()) {
        (_, 1..) => WaitLevel::Critical,
        (1.., _) => WaitLevel::Late,
        _ => WaitLevel::Fine,
    }
}

fn level_role(level: WaitLevel) -> Role {
    match level {
        WaitLevel::Fine => Role::Text,
        WaitLevel::Late => Role::Late,
        WaitLevel::Critical => Role::Critical,
    }
}

/// What is wrong with the journal and with the feeds.
fn notice(state: &State, ink: &mut Ink, place: Rect) {
    let mut sentences: Vec<String> = state.journal_trouble.iter().cloned().collect();
    sentences.extend(health::sentences(&state.sites, &state.feeds, state.now));
    super::notice::draw(ink, place, &sentences);
}

fn feed<'s>(state: &'s State, queue: &QueueLine) -> Option<&'s FeedHealth> {
    state.feeds.get(&queue.feed)
}
