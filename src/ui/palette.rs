//! The palette: a line to type into, and the commands that have the letters.

use ratatui::layout::{Rect, Size};

use super::{ink::Ink, table::line, theme::Role};
use crate::app::{
    State, geometry, offers,
    palette::{Offer, Palette},
};

/// The cells of a command's name.
const NAME: u16 = 20;
/// The cells of its key.
const KEY: u16 = 10;

/// Draws it near the top, so that the eye need not look for it.
pub fn draw(state: &State, ink: &mut Ink, palette: &Palette) {
    let offers = offers::offers(state, palette.field.value());
    let tall = u16::try_from(offers.len().max(1)).unwrap_or(u16::MAX);
    // Between the panes' heads and the footer.
    let room = state.size.height.saturating_sub(4).min(20);
    let wanted = Size::new(84, tall.saturating_add(3).min(room));
    let place = Rect {
        y: 2,
        ..geometry::window(state.size, wanted)
    };
    ink.clear(place);
    let keys = [
        ("Enter does it".to_owned(), Role::Quiet),
        ("Esc".to_owned(), Role::Key),
    ];
    ink.frame(place, "Command", &keys, true);
    let inner = geometry::inside(place);
    let line = |y: u16| line(inner, y);
    let rest = ink.left(line(inner.y), ": ", Role::Key);
    ink.field(rest, &palette.field, true);
    if offers.is_empty() {
        ink.text(
            line(inner.y + 1),
            "No command has these letters, here or in another pane.",
            Role::Quiet,
        );
        return;
    }
    let room = usize::from(inner.height.saturating_sub(1));
    let at = palette.at(&offers);
    let top = at.saturating_sub(room.saturating_sub(1));
    for (y, (i, offer)) in (inner.y + 1..inner.bottom()).zip(offers.iter().enumerate().skip(top)) {
        draw_offer(ink, line(y), offer);
        if i == at {
            ink.select(inner, y);
        }
    }
}

/// A command: its name, what it does, its key.
fn draw_offer(ink: &mut Ink, place: Rect, offer: &Offer) {
    let words = Rect {
        width: place.width.saturating_sub(KEY),
        ..place
    };
    if offer.help.is_empty() {
        ink.text(words, &offer.name, Role::Text);
    } else {
        let rest = ink.column(words, NAME, &offer.name, Role::Text);
        let rest = ink.left(rest, "  ", Role::Text);
        ink.text(rest, &offer.help, Role::Quiet);
    }
    ink.right(place, &offer.key, Role::Key);
}
