//! Draws the state: free functions, one file per region of the screen.
//! Mutates nothing, reads no clock.
//!
//! ```text
//!  header   holdline  support ● 1s                     ▲ 2 late  ◆ 1 critical   14:03:27
//!  pane    ╭ 1 Callers ──────────── 7 waiting · longest 6:12 · avg wait 1:48 ╮
//!          │ summary: a line per queue                                       │
//!          │ notice: what is wrong, and what to do                           │
//!          │ rows: who waits, longest first                                  │
//!          ╰─────────────────────────────────────────────────────────────────╯
//!  quiet     4 Inject · configure an enswitch site
//!  footer   ? help  Enter details  …
//! ```
//!
//! [`theme`] and [`glyph`] are data; [`ink`] puts text on the buffer.

pub mod activity;
pub mod agents;
pub mod callbacks;
pub mod callers;
pub mod footer;
pub mod glyph;
pub mod header;
pub mod inject;
pub mod ink;
pub mod notice;
pub mod palette;
pub mod panes;
pub mod picture;
pub mod subscriptions;
pub mod table;
pub mod theme;
pub mod window;

use ratatui::{Frame, layout::Rect};

use crate::app::{self, State, health::Light, overlay::Overlay, pane::PaneId};
use ink::Ink;
use theme::Role;

/// Draws the whole screen.
pub fn draw(state: &State, frame: &mut Frame) {
    let area = frame.area();
    // The frame's size may be ahead of the state's by one message.
    if area.as_size() != state.size || area.is_empty() {
        return;
    }
    let mut ink = Ink::new(frame.buffer_mut(), state.look);
    let Some(places) = state.places() else {
        return too_small(state, &mut ink, area);
    };
    header::draw(state, &mut ink, places.header);
    if let Some(tabs) = places.tabs {
        panes::tabs(state, &mut ink, tabs);
    }
    for (pane, place) in places.panes {
        match pane {
            PaneId::Callers if state.is_live(pane) => callers::draw(state, &mut ink, place),
            PaneId::Callbacks if state.is_live(pane) => callbacks::draw(state, &mut ink, place),
            PaneId::Agents if state.is_live(pane) => agents::draw(state, &mut ink, place),
            PaneId::Inject if state.is_live(pane) => inject::draw(state, &mut ink, place),
            PaneId::Activity if state.is_live(pane) => activity::draw(state, &mut ink, place),
            _ => panes::empty(state, &mut ink, pane, place),
        }
    }
    for (pane, place) in places.quiet {
        panes::quiet(state, &mut ink, pane, place);
    }
    footer::draw(state, &mut ink, places.footer);
    match &state.overlay {
        Overlay::None => {}
        Overlay::Filter => {
            if let Some(form) = &state.callbacks.form {
                callbacks::draw_form(state, &mut ink, form);
            }
        }
        Overlay::Menu(menu) => window::menu(state, &mut ink, menu),
        Overlay::Confirm(confirm) => inject::confirm(state, &mut ink, confirm),
        Overlay::Subscriptions(open) => subscriptions::draw(state, &mut ink, open),
        Overlay::Prompt(prompt) => window::prompt(state, &mut ink, prompt),
        Overlay::Palette(palette) => palette::draw(state, &mut ink, palette),
        Overlay::Help { .. }
        | Overlay::Caller(_)
        | Overlay::Calling(_)
        | Overlay::Callback(_)
        | Overlay::Agent(_)
        | Overlay::Event(_)
        | Overlay::Call(_)
        | Overlay::Sites { .. }
        | Overlay::ByHand(_) => {
            if let Some(open) = app::window::window(state) {
                window::draw(state, &mut ink, &open);
            }
        }
    }
}

/// A screen too small for panes still says how the queues are.
fn too_small(state: &State, ink: &mut Ink, area: Rect) {
    let totals = callers::totals(state, ink).into_iter().take(2);
    let waits: Vec<String> = totals.map(|(words, _)| words).collect();
    let mut lines = vec![
        ("holdline".to_owned(), Role::Title),
        (waits.join(", "), Role::Text),
    ];
    if state.journal_trouble.is_some() {
        let sign = ink.glyphs.light(Light::Bad);
        lines.push((format!("{sign} journal"), Role::Critical));
    }
    let small = format!("too small: {}x{}, 60x15 needed", area.width, area.height);
    lines.push((small, Role::Quiet));
    for (y, (line, role)) in (area.top()..area.bottom()).zip(&lines) {
        ink.text(
            Rect {
                y,
                height: 1,
                ..area
            },
            line,
            *role,
        );
    }
}
