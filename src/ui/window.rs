//! A window over the panes.

use ratatui::layout::Rect;

use super::{ink::Ink, theme::Role};
use crate::{
    app::{
        geometry,
        overlay::{Line, Window},
    },
    domain::cells,
};

/// Draws a window.
pub fn draw(ink: &mut Ink, window: &Window) {
    ink.clear(window.place);
    let (above, below) = (window.scroll > 0, window.scroll < window.end());
    let mut more = Vec::new();
    if above || below {
        let up = if above { ink.glyphs.above } else { " " };
        let down = if below { ink.glyphs.below } else { " " };
        more.push((format!("{up}{down} j k"), Role::Quiet));
    }
    more.push(("Esc".to_owned(), Role::Key));
    ink.frame(window.place, &window.title, &more, true);
    let inner = geometry::inside(window.place);
    let lines = window.lines.iter().skip(window.scroll);
    for (y, line) in (inner.y..inner.bottom()).zip(lines) {
        let place = Rect {
            x: inner.x + 1,
            y,
            width: inner.width.saturating_sub(2),
            height: 1,
        };
        match line {
            Line::Head(text) => {
                ink.text(place, text, Role::Head);
            }
            Line::Fact(label, value) => {
                let rest = ink.left(place, &cells::pad(label, 20, false), Role::Quiet);
                ink.text(rest, value, Role::Text);
            }
            Line::Text(text) => {
                ink.text(place, text, Role::Quiet);
            }
        }
    }
}
