//! Pane 1: the queues in a glance, what is wrong, and who waits.

mod list;
mod summary;

use ratatui::layout::Rect;

use super::{ink::Ink, theme::Role};
use crate::{
    app::{State, callers::QueueLine, geometry, health, pane::PaneId},
    domain::{feed::FeedHealth, site::WaitLevel, time::wait},
};

/// Draws the pane.
pub fn draw(state: &State, ink: &mut Ink, place: Rect) {
    let pane = PaneId::Callers;
    let title = format!("{} {}", pane.number(), pane.title());
    ink.frame(place, &title, &totals(state, ink), state.focus == pane);
    let parts = geometry::callers(place, state.callers.queues.len(), state.is_failing());
    if parts.summary.height > 0 {
        summary::draw(state, ink, parts.summary);
    }
    if parts.notice.height > 0 {
        notice(state, ink, parts.notice);
    }
    list::draw(state, ink, parts.head, parts.rows);
}

/// All queues in three figures, the shortest account of them first.
pub(super) fn totals(state: &State, ink: &Ink) -> Vec<(String, Role)> {
    let pane = &state.callers;
    match pane.waits(state.now) {
        Some((longest, average)) => vec![
            (format!("{} waiting", pane.rows.len()), Role::Title),
            (
                format!("longest {}", wait(longest)),
                if is_any_stale(state) {
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
    }
}

fn worst(state: &State) -> WaitLevel {
    match state.callers.late(state.now) {
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

fn is_stale(state: &State, queue: &QueueLine) -> bool {
    feed(state, queue).is_none_or(|f| f.is_stale(state.now))
}

/// Whether any figure over all queues counts callers who may have gone.
fn is_any_stale(state: &State) -> bool {
    state
        .callers
        .queues
        .iter()
        .any(|queue| is_stale(state, queue))
}
