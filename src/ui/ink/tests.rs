//! What lands in which cell.

use super::*;

const LINE: Rect = Rect::new(0, 0, 24, 1);

fn drawn(ascii: bool, draw: impl FnOnce(&mut Ink)) -> Vec<String> {
    let mut buffer = Buffer::empty(LINE);
    let look = Look {
        ascii,
        ..Look::default()
    };
    draw(&mut Ink::new(&mut buffer, look));
    let cells = buffer.content().iter();
    cells.map(|cell| cell.symbol().to_owned()).collect()
}

fn row(ascii: bool, draw: impl FnOnce(&mut Ink)) -> String {
    drawn(ascii, draw).concat().trim_end().to_owned()
}

#[test]
fn what_takes_two_cells_leaves_the_second_empty() {
    let cells = drawn(false, |ink| {
        assert_eq!(ink.text(LINE, "山é\u{1b}x", Role::Text), 5);
    });
    assert_eq!(cells[..6], ["山", " ", "é", "␛", "x", " "]);
}

#[test]
fn text_from_right_to_left_ends_with_a_turn_and_nothing_else_does() {
    let cells = drawn(false, |ink| {
        let rest = ink.left(LINE, "שלום", Role::Text);
        ink.left(rest, " 6:12", Role::Text);
    });
    assert_eq!(cells[..6], ["ש", "ל", "ו", "ם\u{200e}", " ", "6"]);
}

#[test]
fn without_unicode_names_are_spelled_out_and_measured_so() {
    let name = Rect { width: 8, ..LINE };
    assert_eq!(
        row(true, |ink| {
            let left = ink.left(LINE, "Straße ", Role::Text);
            ink.left(left, "ok", Role::Text);
        }),
        "Strasse ok"
    );
    assert_eq!(
        row(true, |ink| _ = ink.text(name, "Щукина Жанна", Role::Text)),
        "Shchuki."
    );
    assert_eq!(
        row(true, |ink| _ = ink.right(name, "ß…", Role::Text)),
        "     ss."
    );
}

#[test]
fn a_window_takes_away_the_sign_that_its_edge_cuts() {
    let cells = drawn(false, |ink| {
        ink.text(LINE, "山山山", Role::Text);
        ink.clear(Rect {
            x: 3,
            width: 2,
            ..LINE
        });
        ink.text(Rect { x: 3, ..LINE }, "│", Role::Text);
    });
    assert_eq!(cells[..6], ["山", " ", " ", "│", " ", " "]);
    let cells = drawn(false, |ink| {
        ink.text(LINE, "বা", Role::Text);
        ink.clear(Rect { width: 1, ..LINE });
    });
    assert_eq!(cells[..2], [" ", " "]);
}

#[test]
fn a_field_shows_its_cursor_where_the_next_letter_goes() {
    let place = Rect { width: 6, ..LINE };
    for (value, shown, at) in [
        ("abc", "abc", 3),
        ("abcdefgh", "defgh", 5),
        ("山田太郎", "太郎", 4),
        ("a\u{200b}\u{1b}", "a\u{fffd}␛", 3),
    ] {
        let mut buffer = Buffer::empty(LINE);
        let mut ink = Ink::new(&mut buffer, Look::default());
        ink.field(place, &Input::from(value), true);
        let selected = ink.style(Role::Selected);
        let cells = buffer.content().iter();
        let text: String = cells.map(ratatui::buffer::Cell::symbol).collect();
        assert_eq!(text.replace("太 郎 ", "太郎").trim_end(), shown);
        for x in 0..LINE.width {
            let cell = &buffer[(x, 0)];
            let is_marked = cell.modifier.contains(selected.add_modifier)
                && cell.fg == selected.fg.unwrap_or(cell.fg)
                && cell.bg == selected.bg.unwrap_or(cell.bg);
            assert_eq!(is_marked, x == at, "{value:?} at {x}");
        }
    }
}
