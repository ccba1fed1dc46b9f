//! A screen as text, colours included, so that goldens can be read.

use std::fmt::Write;

use holdline::app::{Command, Msg, State, geometry, update};
use ratatui::{
    Terminal,
    backend::TestBackend,
    buffer::Buffer,
    crossterm::event::{KeyCode, KeyEvent, KeyModifiers},
    style::Style,
};

/// Draws the state on a screen of its own size.
pub fn draw(state: &State) -> Buffer {
    let mut terminal =
        Terminal::new(TestBackend::new(state.size.width, state.size.height)).unwrap();
    terminal
        .draw(|frame| holdline::ui::draw(state, frame))
        .unwrap();
    terminal.backend().buffer().clone()
}

/// The rows of text alone.
pub fn rows(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    (area.top()..area.bottom())
        .map(|y| {
            let mut row = String::new();
            let mut skip = 0;
            for x in area.left()..area.right() {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = buffer[(x, y)].symbol();
                skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
                row.push_str(symbol);
            }
            row
        })
        .collect()
}

/// The text, a map of styles (a letter for each), and what the letters mean.
pub fn golden(buffer: &Buffer) -> String {
    let mut out = String::new();
    for row in rows(buffer) {
        writeln!(out, "{}", row.trim_end()).unwrap();
    }
    let area = buffer.area;
    let mut styles: Vec<Style> = vec![Style::reset()];
    let mut map = String::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        for x in area.left()..area.right() {
            let cell = &buffer[(x, y)];
            let mut style = cell.style();
            if cell.symbol() == " " {
                style.fg = Some(ratatui::style::Color::Reset);
            }
            let at = styles.iter().position(|s| *s == style).unwrap_or_else(|| {
                styles.push(style);
                styles.len() - 1
            });
            line.push(if at == 0 {
                '.'
            } else {
                char::from(b'a' + u8::try_from(at - 1).unwrap())
            });
        }
        writeln!(map, "{}", line.trim_end_matches('.')).unwrap();
    }
    writeln!(out, "{}\n{map}{}", "-".repeat(20), "-".repeat(20)).unwrap();
    for (i, style) in styles.iter().enumerate().skip(1) {
        let letter = char::from(b'a' + u8::try_from(i - 1).unwrap());
        let colour = |c: Option<ratatui::style::Color>| c.map_or("-".into(), |c| c.to_string());
        writeln!(
            out,
            "{letter} {} on {} {:?}",
            colour(style.fg),
            colour(style.bg),
            style.add_modifier
        )
        .unwrap();
    }
    out
}

/// Presses the keys of a script: names as the help shows them, with blanks
/// between.
pub fn play(state: &mut State, script: &str) -> Vec<Command> {
    script
        .split_whitespace()
        .flat_map(|name| update(state, Msg::Key(key(name))))
        .collect()
}

fn key(name: &str) -> KeyEvent {
    let (name, modifiers) = match name.strip_prefix("Ctrl-") {
        Some(rest) => (rest.to_lowercase(), KeyModifiers::CONTROL),
        None => (name.to_owned(), KeyModifiers::NONE),
    };
    let code = match name.as_str() {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "Shift-Tab" => KeyCode::BackTab,
        "Down" => KeyCode::Down,
        "Up" => KeyCode::Up,
        "PgDn" => KeyCode::PageDown,
        "PgUp" => KeyCode::PageUp,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        _ => KeyCode::Char(name.chars().next().unwrap()),
    };
    let shift = matches!(code, KeyCode::Char(c) if c.is_ascii_uppercase());
    KeyEvent::new(
        code,
        if shift {
            modifiers | KeyModifiers::SHIFT
        } else {
            modifiers
        },
    )
}

/// The part of a screen where pane 1 stands.
pub fn crop(buffer: &Buffer, place: ratatui::layout::Rect) -> Buffer {
    let mut part = Buffer::empty(ratatui::layout::Rect::new(0, 0, place.width, place.height));
    for position in place.positions() {
        part[(position.x - place.x, position.y - place.y)] = buffer[position].clone();
    }
    part
}

/// Where pane 1's inside stands.
pub fn callers_inside(state: &State) -> ratatui::layout::Rect {
    geometry::inside(state.places().unwrap().panes[0].1)
}
