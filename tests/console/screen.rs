//! A screen as text, colours included, so that goldens can be read.

use std::fmt::Write;

use holdline::app::{Command, Msg, State, geometry, update};
use ratatui::{
    Terminal,
    backend::TestBackend,
    buffer::Buffer,
    crossterm::event::{KeyCode, KeyEvent, KeyModifiers},
    style::{Color, Modifier},
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
    let mut looks = vec![(Color::Reset, Color::Reset, Modifier::empty())];
    let mut map = String::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        for x in area.left()..area.right() {
            let cell = &buffer[(x, y)];
            // What a blank would be written in cannot be seen.
            let blank = cell.symbol() == " "
                && !cell
                    .modifier
                    .intersects(Modifier::REVERSED | Modifier::UNDERLINED);
            let look = if blank {
                (Color::Reset, cell.bg, Modifier::empty())
            } else {
                (cell.fg, cell.bg, cell.modifier)
            };
            let at = looks.iter().position(|l| *l == look).unwrap_or_else(|| {
                looks.push(look);
                looks.len() - 1
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
    writeln!(out, ". plain").unwrap();
    for (letter, (fg, bg, modifier)) in ('a'..).zip(looks.iter().skip(1)) {
        writeln!(out, "{letter} {fg} on {bg} {modifier:?}").unwrap();
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
        "Space" => KeyCode::Char(' '),
        "Backspace" => KeyCode::Backspace,
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
