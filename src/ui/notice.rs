//! What is wrong, in sentences, in as many lines as there are.

use ratatui::layout::Rect;

use super::{ink::Ink, table, theme::Role};
use crate::{app::health::Light, domain::cells};

/// Draws the first sentence, and how many more there are.
pub fn draw(ink: &mut Ink, place: Rect, sentences: &[String]) {
    let Some(first) = sentences.first() else {
        return;
    };
    let sign = format!("{} ", ink.glyphs.light(Light::Bad));
    let more = match sentences.len() {
        1 => String::new(),
        n => format!("  (and {} more)", n - 1),
    };
    let width = usize::from(place.width.saturating_sub(4));
    let mut lines = cells::wrap(&format!("{first}{more}"), width);
    let room = usize::from(place.height);
    if lines.len() > room {
        let rest = lines.split_off(room.saturating_sub(1)).join(" ");
        lines.push(cells::fit(&rest, width).into_owned());
    }
    for (i, (y, line)) in (place.y..place.bottom()).zip(lines).enumerate() {
        let at = table::line(place, y);
        let lead = if i == 0 { sign.as_str() } else { "  " };
        let rest = ink.left(at, lead, Role::Critical);
        ink.text(rest, &line, Role::Critical);
    }
}
