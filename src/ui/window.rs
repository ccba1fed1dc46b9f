//! Windows over the panes: what is read, a choice, a line of text.

use ratatui::layout::{Rect, Size};

use super::{ink::Ink, theme::Role};
use crate::{
    app::{
        State, geometry,
        overlay::{self, Line, Menu, MenuKind, Overlay, Prompt, PromptKind, Window},
    },
    domain::callback::Callback,
};

/// Draws a window.
pub fn draw(state: &State, ink: &mut Ink, window: &Window) {
    ink.clear(window.place);
    if !window.framed {
        return by_hand(state, ink, window);
    }
    let (above, below) = (window.scroll > 0, window.scroll < window.end());
    let mut more = Vec::new();
    if above || below {
        let up = if above { ink.glyphs.above } else { " " };
        let down = if below { ink.glyphs.below } else { " " };
        more.push((format!("{up}{down} j k"), Role::Quiet));
    }
    if let Overlay::Help { search, .. } = &state.overlay
        && search.is_shown()
    {
        let cursor = if search.typing { "_" } else { "" };
        more.insert(
            0,
            (format!("/ {}{cursor}", search.field.value()), Role::Key),
        );
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
                let rest = ink.column(place, 20, label, Role::Quiet);
                ink.text(rest, value, Role::Text);
            }
            Line::Sign(sign, label, value) => {
                let sign = format!("{} {label}", ink.glyphs.sign(*sign));
                let rest = ink.column(place, 20, &sign, Role::Quiet);
                ink.text(rest, value, Role::Text);
            }
            Line::Text(text) => {
                ink.text(place, text, Role::Quiet);
            }
            Line::Beside(left, right, width) => {
                let width = u16::try_from(*width).unwrap_or(u16::MAX);
                let rest = ink.column(place, width, left, Role::Text);
                let rest = ink.left(rest, "  ", Role::Text);
                ink.text(rest, right, Role::Quiet);
            }
            Line::Wrong(text) => {
                ink.text(place, text, Role::Critical);
            }
        }
    }
}

/// Text without a frame, so that a mouse selects nothing but the text.
fn by_hand(state: &State, ink: &mut Ink, window: &Window) {
    let place = window.place;
    let lines = window.lines.iter().skip(window.scroll);
    for (y, line) in (place.top()..place.bottom()).zip(lines) {
        if let Line::Text(text) = line {
            let height = 1;
            ink.text(Rect { y, height, ..place }, text, Role::Text);
        }
    }
    let below = Rect::new(0, place.bottom(), state.size.width, 1);
    ink.clear(below);
    let more = window.end() > 0;
    let scroll = if more { "; j k go on" } else { "" };
    let words = format!(" select with the mouse and copy{scroll}; Esc goes back");
    ink.text(below, &words, Role::Key);
}

/// Draws a choice.
pub fn menu(state: &State, ink: &mut Ink, menu: &Menu) {
    let lines = overlay::choices(state, menu);
    let (title, about) = match &menu.kind {
        MenuKind::Outcome(callback) => ("How did it go?", customer(callback)),
        MenuKind::View => ("Views", String::new()),
        MenuKind::Export => ("Write what is shown as", String::new()),
        MenuKind::Copy(_) => ("Copy", String::new()),
        MenuKind::Scope => ("Look at", String::new()),
        MenuKind::Preset => ("Begin with", String::new()),
        MenuKind::History(_) => ("Fill in what was sent before", String::new()),
    };
    let wide = lines
        .iter()
        .map(|l| ink.width(l))
        .chain([ink.width(&about), 24])
        .max()
        .unwrap_or(24);
    let extra = u16::from(!about.is_empty());
    let height = u16::try_from(lines.len() + 2)
        .unwrap_or(u16::MAX)
        .saturating_add(extra);
    let place = geometry::window(
        state.size,
        Size::new(u16::try_from(wide + 6).unwrap_or(u16::MAX), height),
    );
    ink.clear(place);
    ink.frame(place, title, &[("Esc".to_owned(), Role::Key)], true);
    let inner = geometry::inside(place);
    if extra > 0 {
        ink.text(
            Rect {
                x: inner.x + 1,
                height: 1,
                width: inner.width.saturating_sub(2),
                ..inner
            },
            &about,
            Role::Quiet,
        );
    }
    let rows = usize::from(inner.height.saturating_sub(extra));
    let top = (menu.at + 1).saturating_sub(rows);
    for (y, (at, line)) in (inner.y + extra..inner.bottom()).zip(lines.iter().enumerate().skip(top))
    {
        ink.text(
            Rect {
                x: inner.x + 2,
                y,
                width: inner.width.saturating_sub(3),
                height: 1,
            },
            line,
            Role::Text,
        );
        if at == menu.at {
            ink.paint(
                Rect {
                    y,
                    height: 1,
                    ..inner
                },
                Role::Selected,
            );
        }
    }
}

/// Draws a line of text that is asked for.
pub fn prompt(state: &State, ink: &mut Ink, prompt: &Prompt) {
    let place = geometry::window(state.size, Size::new(64, 5));
    ink.clear(place);
    let (title, about) = match &prompt.kind {
        PromptKind::Note(callback) => ("Note", customer(callback)),
        PromptKind::Snooze(callback) => ("Leave until: +2h, 14:30, tomorrow", customer(callback)),
        PromptKind::Preset => ("Save as a preset", "Its name, as `p` offers it:".to_owned()),
    };
    ink.frame(place, title, &[("typing".to_owned(), Role::Late)], true);
    let inner = geometry::inside(place);
    let line = |y: u16| Rect {
        x: inner.x + 1,
        y,
        width: inner.width.saturating_sub(2),
        height: 1,
    };
    ink.text(line(inner.y), &about, Role::Quiet);
    ink.field(line(inner.y + 1), &prompt.field, true);
    if let Some(mistake) = &prompt.mistake {
        ink.text(line(inner.y + 2), mistake, Role::Critical);
    }
}

/// Whom it is about.
fn customer(callback: &Callback) -> String {
    let number = callback.number.as_deref().unwrap_or("no number");
    callback
        .name
        .as_deref()
        .map_or_else(|| number.to_owned(), |name| format!("{number}  {name}"))
}
