//! Panes without a source, and the tabs of a small screen.

use std::fmt::Write;

use ratatui::layout::Rect;

use super::{header, ink::Ink, theme::Role};
use crate::{
    app::{State, alarm, geometry, pane::PaneId},
    domain::cells,
};

/// The tabs: every pane with its count, the one on screen marked.
pub fn tabs(state: &State, ink: &mut Ink, place: Rect) {
    let mut rest = Rect {
        x: place.x + 1,
        width: place.width - 2,
        ..place
    };
    for pane in PaneId::ALL {
        let count = count(state, pane, ink.glyphs.unknown);
        let mut count = count.map_or_else(String::new, |count| format!("{count} "));
        // Where the top line has no room for them.
        if pane == PaneId::Callbacks && place.width < header::WIDE {
            let late = alarm::late_callbacks(state);
            if late > 0 {
                let _ = write!(count, "{}{late} ", ink.glyphs.late);
            }
        }
        let tab = format!(" {} {} {count}", pane.number(), pane.title());
        let role = if pane == state.focus {
            Role::Selected
        } else {
            Role::Quiet
        };
        rest = ink.left(rest, &tab, role);
        rest = ink.left(rest, " ", Role::Text);
    }
}

/// How many a pane lists; `None` of a form, which lists nothing.
fn count(state: &State, pane: PaneId, unknown: &str) -> Option<String> {
    let known = state.callers.queues.iter().any(|q| q.known);
    Some(match pane {
        PaneId::Inject => return None,
        PaneId::Callers if known => state.callers.waiting_in_all().to_string(),
        PaneId::Callbacks if state.is_live(pane) => state.callbacks.counts().map_or_else(
            || unknown.to_owned(),
            |(have, total)| total.unwrap_or(have as u64).to_string(),
        ),
        PaneId::Agents if state.agents.all() > 0 => state.agents.all().to_string(),
        PaneId::Activity if state.is_live(pane) => {
            let all = state.activity.all();
            let scoped = state.scope.is_some();
            (if scoped {
                state.activity.rows.len()
            } else {
                all
            })
            .to_string()
        }
        _ => unknown.to_owned(),
    })
}

/// A pane without a source, on a line that it shares with others.
pub fn quiet(state: &State, ink: &mut Ink, pane: PaneId, place: Rect) {
    let focus = pane == state.focus;
    let rest = Rect {
        x: place.x + 2,
        width: place.width.saturating_sub(3),
        ..place
    };
    let (title, words) = if focus {
        (Role::Focus, Role::Text)
    } else {
        (Role::Quiet, Role::Quiet)
    };
    let head = format!("{} {}", pane.number(), pane.title());
    let rest = ink.left(rest, &head, title);
    let text = format!(" {} {}", ink.glyphs.dot, pane.wants());
    ink.text(rest, &text, words);
}

/// A pane without a source, in full.
pub fn empty(state: &State, ink: &mut Ink, pane: PaneId, place: Rect) {
    let title = format!("{} {}", pane.number(), pane.title());
    ink.frame(place, &title, &[], pane == state.focus);
    let inner = geometry::inside(place);
    let lines = [
        (format!("Here: {}.", pane.shows()), Role::Text),
        (format!("To see it, {}.", pane.wants()), Role::Quiet),
    ];
    say(ink, inner, &lines);
}

/// Sentences in the middle of a place, broken to its width.
pub fn say(ink: &mut Ink, place: Rect, sentences: &[(String, Role)]) {
    let mut y = place.y + place.height / 3;
    for (text, role) in sentences {
        for line in cells::wrap(text, usize::from(place.width.saturating_sub(4))) {
            if y >= place.bottom() {
                return;
            }
            let at = Rect {
                y,
                height: 1,
                ..place
            };
            centre(ink, at, &line, *role);
            y += 1;
        }
    }
}

/// Writes a line in the middle of a place, if it lies within it.
pub fn centre(ink: &mut Ink, place: Rect, text: &str, role: Role) {
    let wide = u16::try_from(ink.width(text))
        .unwrap_or(place.width)
        .min(place.width);
    let x = place.x + (place.width - wide) / 2;
    ink.text(
        Rect {
            x,
            width: wide,
            ..place
        },
        text,
        role,
    );
}
