//! Outlets that must be caught, or the driver proves nothing.

use ratatui::{
    Terminal,
    backend::{Backend as _, CrosstermBackend},
    buffer::Buffer,
    layout::Rect,
};

use crate::{outlets::is_quiet, terminal::wrong, words::NASTIES};

/// What a careless widget writes: names as they are, in one cell, with a frame
/// behind.
fn careless(name: &str) -> (Vec<u8>, Buffer) {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 3));
    for y in 0..3 {
        buffer[(0, y)].set_symbol("│");
        buffer[(1, y)].set_symbol(name);
        buffer[(2, y)].set_symbol("│");
    }
    let mut bytes = Vec::new();
    let nothing = Buffer::empty(buffer.area);
    let mut backend = CrosstermBackend::new(&mut bytes);
    backend.draw(nothing.diff_iter(&buffer)).unwrap();
    (bytes, buffer)
}

#[test]
fn a_widget_that_sets_cells_itself_is_caught() {
    for nasty in [
        "\u{1b}[2J",
        "\u{1b}]0;owned\u{7}",
        "\u{9b}2J",
        "\u{202e}gnp",
        "a\u{200b}b",
        "two\nlines",
        "é",
        "👨\u{200d}👩",
        "\u{e000}",
    ] {
        assert!(NASTIES.concat().contains(nasty) || nasty.chars().count() < 4);
        let (bytes, buffer) = careless(nasty);
        assert!(wrong(&bytes, &buffer).is_some(), "{nasty:?} was not caught");
    }
    let (bytes, buffer) = careless("x");
    assert_eq!(wrong(&bytes, &buffer), None);
}

#[test]
fn stock_text_is_caught_where_terminals_disagree() {
    let mut bytes = Vec::new();
    let mut terminal = Terminal::new(ratatui::backend::TestBackend::new(40, 1)).unwrap();
    terminal
        .draw(|frame| frame.render_widget("Søren Ærø │ 6:12", frame.area()))
        .unwrap();
    let buffer = terminal.backend().buffer().clone();
    CrosstermBackend::new(&mut bytes)
        .draw(Buffer::empty(buffer.area).diff_iter(&buffer))
        .unwrap();
    assert!(wrong(&bytes, &buffer).is_some());
}

#[test]
fn a_list_printed_as_it_is_is_caught() {
    for nasty in [
        "\u{1b}[31mred",
        "\u{9b}2J",
        "\u{202e}gnp",
        "\u{feff}x",
        "\u{7}",
    ] {
        assert!(
            is_quiet(&format!("{nasty}  +45 35 20 30 40\n")).is_err(),
            "{nasty:?}"
        );
    }
    assert_eq!(is_quiet("Bamse & Kylling  +45 35 20 30 40\n"), Ok(()));
}
