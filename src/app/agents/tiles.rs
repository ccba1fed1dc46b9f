//! Where tiles stand: as many columns as fit, filled from the top, so that
//! down is the next agent.

use ratatui::layout::Rect;

/// The cells of a tile, with the gap behind it.
pub const WIDTH: u16 = 32;

/// How many tiles there is room for.
#[must_use]
pub fn room(place: Rect) -> usize {
    usize::from((place.width / WIDTH).max(1)) * usize::from(place.height)
}

/// Where the nth tile in view stands.
#[must_use]
pub fn place(place: Rect, nth: usize) -> Rect {
    let nth = u16::try_from(nth).unwrap_or(u16::MAX);
    let height = place.height.max(1);
    let x = place.x.saturating_add((nth / height).saturating_mul(WIDTH));
    let tile = Rect {
        x,
        y: place.y + nth % height,
        width: (WIDTH - 1).min(place.width),
        height: 1,
    };
    tile.intersection(place)
}
