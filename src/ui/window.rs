//! Windows over the panes: what is read, a choice, a line of text.

use ratatui::layout::{Rect, Size};

use super::{ink::Ink, table::line, theme::Role};
use crate::{
    app::{
        State, geometry,
        overlay::{Menu, MenuKind, Overlay, Prompt, PromptKind},
        window::{self, Line, Window},
    },
    domain::callback::Callback,
};

/// Draws a window.
pub fn draw(state: &State, ink: &mut Ink, window: &Window) {
    ink.clear(window.place);
    if !window.framed {
        return by_hand(state, ink, window);
    }
    ink.frame(
        window.place,
        &window.title,
        &summary(state, ink, window),
        true,
    );
    let inner = geometry::inside(window.place);
    let lines = window.lines.iter().skip(window.scroll);
    for (y, text) in (inner.y..inner.bottom()).zip(lines) {
        draw_line(ink, line(inner, y), text);
    }
}

/// What is searched for, whether there is more, and how to leave.
fn summary(state: &State, ink: &Ink, window: &Window) -> Vec<(String, Role)> {
    let mut summary = Vec::new();
    if let Overlay::Help { search, .. } = &state.overlay
        && search.is_shown()
    {
        let cursor = if search.typing { "_" } else { "" };
        summary.push((format!("/ {}{cursor}", search.field.value()), Role::Key));
    }
    let (above, below) = (window.scroll > 0, window.scroll < window.end());
    if above || below {
        let up = if above { ink.glyphs.above } else { " " };
        let down = if below { ink.glyphs.below } else { " " };
        summary.push((format!("{up}{down} j k"), Role::Quiet));
    }
    summary.push(("Esc".to_owned(), Role::Key));
    summary
}

fn draw_line(ink: &mut Ink, place: Rect, line: &Line) {
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
    let lines = window::menu::choices(state, menu);
    let (title, about) = asked(state, &menu.kind);
    let widths = lines.iter().chain([&about]).map(|text| ink.width(text));
    let wide = widths.max().unwrap_or(0).max(24) + 6;
    let head = u16::from(!about.is_empty());
    let tall = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let wanted = Size::new(
        u16::try_from(wide).unwrap_or(u16::MAX),
        tall.saturating_add(head),
    );
    let place = geometry::window(state.size, wanted);
    ink.clear(place);
    ink.frame(place, title, &[("Esc".to_owned(), Role::Key)], true);
    let inner = geometry::inside(place);
    if head > 0 {
        ink.text(line(inner, inner.y), &about, Role::Quiet);
    }
    let rows = usize::from(inner.height.saturating_sub(head));
    let top = (menu.at + 1).saturating_sub(rows);
    let choices = lines.iter().enumerate().skip(top);
    for (y, (at, choice)) in (inner.y + head..inner.bottom()).zip(choices) {
        let place = Rect {
            x: inner.x + 2,
            width: inner.width.saturating_sub(3),
            ..line(inner, y)
        };
        ink.text(place, choice, Role::Text);
        if at == menu.at {
            ink.select(inner, y);
        }
    }
}

/// What is to be chosen, and of whom.
fn asked(state: &State, kind: &MenuKind) -> (&'static str, String) {
    match kind {
        MenuKind::Outcome(callback) => ("How did it go?", requests(state, callback)),
        MenuKind::View => ("Views", String::new()),
        MenuKind::Export => ("Write what is shown as", String::new()),
        MenuKind::Copy(_) => ("Copy", String::new()),
        MenuKind::Scope => ("Look at", String::new()),
        MenuKind::Preset => ("Begin with", String::new()),
        MenuKind::History(_) => ("Fill in what was sent before", String::new()),
    }
}

/// Draws a line of text that is asked for.
pub fn prompt(state: &State, ink: &mut Ink, prompt: &Prompt) {
    let place = geometry::window(state.size, Size::new(64, 5));
    ink.clear(place);
    let (title, about) = match &prompt.kind {
        PromptKind::Note(callback) => ("Note", customer(callback)),
        PromptKind::Snooze(callback) => (
            "Leave until: +2h, 14:30, tomorrow",
            requests(state, callback),
        ),
        PromptKind::Preset => ("Save as a preset", "Its name, as `p` offers it:".to_owned()),
    };
    ink.frame(place, title, &[("typing".to_owned(), Role::Late)], true);
    let inner = geometry::inside(place);
    let line = |y: u16| line(inner, y);
    ink.text(line(inner.y), &about, Role::Quiet);
    ink.field(line(inner.y + 1), &prompt.field, true);
    if let Some(mistake) = &prompt.mistake {
        ink.text(line(inner.y + 2), mistake, Role::Critical);
    }
}

/// Whom it is about, and how many of their requests.
fn requests(state: &State, callback: &Callback) -> String {
    let customer = customer(callback);
    match state.callbacks.with(callback).len() {
        0 => customer,
        others => format!("{customer}  {}x", others + 1),
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
