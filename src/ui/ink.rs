//! Puts text on the buffer: the one door to the screen. Whatever passes is
//! cleaned, fitted to its place, and turned to ASCII where asked for. Nothing
//! else writes on a cell.

use std::borrow::Cow;

use ratatui::{
    buffer::{Buffer, CellWidth},
    layout::Rect,
    style::Style,
};
use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;

use super::{
    glyph::Glyphs,
    theme::{self, Role},
};
use crate::{
    app::state::Look,
    domain::{cells, text},
};

/// A buffer, and how to write on it.
pub struct Ink<'b> {
    buffer: &'b mut Buffer,
    look: Look,
    /// The signs to use.
    pub glyphs: &'static Glyphs,
}

impl<'b> Ink<'b> {
    /// Ink for a buffer.
    pub fn new(buffer: &'b mut Buffer, look: Look) -> Self {
        Self {
            buffer,
            look,
            glyphs: Glyphs::of(look.ascii),
        }
    }

    /// The style of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        theme::style(self.look, role)
    }

    /// Writes text at the left of a place, on its first line; answers how
    /// many cells it took.
    pub fn text(&mut self, place: Rect, text: &str, role: Role) -> u16 {
        self.styled(place, text, self.style(role))
    }

    /// Writes text in a style of its own.
    pub fn styled(&mut self, place: Rect, text: &str, style: Style) -> u16 {
        let place = place.intersection(self.buffer.area);
        if place.is_empty() {
            return 0;
        }
        let text = self.fit(text, place.width);
        // What stood here before must not shine through.
        let style = Style::reset().patch(style);
        self.cut(place.x, place.y);
        let (mut x, mut last) = (place.x, None);
        for (symbol, wide) in cells::split(&text) {
            let end = x.saturating_add(u16::try_from(wide).unwrap_or(u16::MAX));
            if end > place.right() {
                break;
            }
            self.buffer[(x, place.y)]
                .set_symbol(symbol)
                .set_style(style);
            for behind in x + 1..end {
                self.buffer[(behind, place.y)].reset();
            }
            last = Some((x, symbol));
            x = end;
        }
        if let (Some((at, symbol)), Some(mark)) = (last, cells::turn(&text)) {
            self.buffer[(at, place.y)].set_symbol(&format!("{symbol}{mark}"));
        }
        x - place.x
    }

    /// The cells that text takes, if it has room; for what is wider than the
    /// screen, as many as the screen has.
    #[must_use]
    pub fn width(&self, text: &str) -> usize {
        cells::width(&self.fit(text, self.buffer.area.width))
    }

    /// Writes text at the right of a place; answers the place that is left.
    pub fn right(&mut self, place: Rect, text: &str, role: Role) -> Rect {
        let text = self.fit(text, place.width);
        let wide = u16::try_from(cells::width(&text))
            .unwrap_or(u16::MAX)
            .min(place.width);
        let at = Rect {
            x: place.right() - wide,
            width: wide,
            ..place
        };
        self.text(at, &text, role);
        Rect {
            width: place.width - wide,
            ..place
        }
    }

    /// Writes text at the left; answers the place behind it.
    pub fn left(&mut self, place: Rect, text: &str, role: Role) -> Rect {
        let taken = self.text(place, text, role).min(place.width);
        Rect {
            x: place.x + taken,
            width: place.width - taken,
            ..place
        }
    }

    /// Writes text into a column of so many cells; answers the place behind it.
    pub fn column(&mut self, place: Rect, cells: u16, text: &str, role: Role) -> Rect {
        let width = cells.min(place.width);
        self.text(Rect { width, ..place }, text, role);
        Rect {
            x: place.x + width,
            width: place.width - width,
            ..place
        }
    }

    /// Shows a text field, scrolled so that its cursor is in view; while it is
    /// typed into, the cursor's cell is marked.
    pub fn field(&mut self, place: Rect, field: &Input, typing: bool) {
        let value = field.value();
        let cursor = value.char_indices().nth(field.cursor());
        let cursor = cursor.map_or(value.len(), |(at, _)| at);
        let mut start = 0;
        if typing {
            // A cell is kept for the cursor.
            let mut room = usize::from(place.width.saturating_sub(1));
            let before = value[..cursor].grapheme_indices(true).rev();
            let in_view = before.take_while(|(_, cluster)| {
                let wide = self.width(cluster);
                let fits = wide <= room;
                room = room.saturating_sub(wide);
                fits
            });
            start = in_view.last().map_or(cursor, |(at, _)| at);
        }
        self.text(place, &value[start..], Role::Text);
        if typing {
            let before = self.width(&value[start..cursor]);
            let at = Rect {
                x: place
                    .x
                    .saturating_add(u16::try_from(before).unwrap_or(u16::MAX)),
                width: 1,
                height: 1,
                ..place
            };
            self.paint(at.intersection(place), Role::Selected);
        }
    }

    /// Gives a place a role's look, over what stands there.
    pub fn paint(&mut self, place: Rect, role: Role) {
        let style = self.style(role);
        for position in place.intersection(self.buffer.area).positions() {
            self.buffer[position]
                .set_style(Style::reset())
                .set_style(style);
        }
    }

    /// Marks a line of a place as the selected one.
    pub fn select(&mut self, place: Rect, y: u16) {
        let line = Rect {
            y,
            height: 1,
            ..place
        };
        self.paint(line, Role::Selected);
    }

    /// Empties a place.
    pub fn clear(&mut self, place: Rect) {
        let place = place.intersection(self.buffer.area);
        for y in place.top()..place.bottom() {
            self.cut(place.x, y);
            self.cut_off(place.right(), y);
        }
        for position in place.positions() {
            self.buffer[position].reset();
        }
    }

    /// A sign that reaches over this edge is taken away: half of it is none,
    /// and what is drawn on its second half would not be seen.
    fn cut(&mut self, x: u16, y: u16) {
        // The widest one, of Khmer, takes three cells.
        for back in 1..=u16::min(2, x - self.buffer.area.left()) {
            let cell = &mut self.buffer[(x - back, y)];
            if cell.cell_width() > back {
                cell.set_symbol(" ");
            }
        }
    }

    /// What leans on a sign before this edge is taken away with it.
    fn cut_off(&mut self, x: u16, y: u16) {
        if x < self.buffer.area.right() {
            let cell = &mut self.buffer[(x, y)];
            if cell.symbol().starts_with(text::leans) {
                cell.set_symbol(" ");
            }
        }
    }

    /// Draws a frame with a title at the left and a summary at the right.
    pub fn frame(&mut self, place: Rect, title: &str, summary: &[(String, Role)], focus: bool) {
        if place.width < 4 || place.height < 2 {
            return;
        }
        let role = if focus { Role::Focus } else { Role::Frame };
        let set = self.glyphs.frame;
        let across = |left: &str, middle: &str, right: &str| {
            format!(
                "{left}{}{right}",
                middle.repeat(usize::from(place.width) - 2)
            )
        };
        let line = |y: u16| Rect {
            y,
            height: 1,
            ..place
        };
        self.text(
            line(place.y),
            &across(set.top_left, set.horizontal_top, set.top_right),
            role,
        );
        let bottom = across(set.bottom_left, set.horizontal_bottom, set.bottom_right);
        self.text(line(place.bottom() - 1), &bottom, role);
        for y in place.y + 1..place.bottom() - 1 {
            self.text(
                Rect {
                    width: 1,
                    ..line(y)
                },
                set.vertical_left,
                role,
            );
            self.text(
                Rect {
                    x: place.right() - 1,
                    width: 1,
                    ..line(y)
                },
                set.vertical_right,
                role,
            );
        }
        let inner = Rect {
            x: place.x + 2,
            width: place.width - 4,
            height: 1,
            ..place
        };
        let title_role = if focus { Role::Focus } else { Role::Title };
        let rest = self.left(inner, &format!(" {title} "), title_role);
        self.summary(rest, summary);
    }

    /// Facts at the right end of a line; the last ones give way where they do
    /// not fit.
    fn summary(&mut self, place: Rect, facts: &[(String, Role)]) {
        let gap = format!(" {} ", self.glyphs.dot);
        let mut shown: &[(String, Role)] = facts;
        let wide = |facts: &[(String, Role)]| {
            facts
                .iter()
                .map(|(fact, _)| self.width(fact))
                .sum::<usize>()
                + 3 * facts.len().saturating_sub(1)
                + 2
        };
        while !shown.is_empty() && wide(shown) > usize::from(place.width) {
            shown = &shown[..shown.len() - 1];
        }
        if shown.is_empty() {
            return;
        }
        let wide = u16::try_from(wide(shown)).unwrap_or(place.width);
        let mut rest = Rect {
            x: place.right() - wide,
            width: wide,
            ..place
        };
        rest = self.left(rest, " ", Role::Text);
        for (i, (fact, role)) in shown.iter().enumerate() {
            if i > 0 {
                rest = self.left(rest, &gap, Role::Quiet);
            }
            rest = self.left(rest, fact, *role);
        }
        self.left(rest, " ", Role::Text);
    }

    /// The text cleaned and cut to so many cells, in ASCII where asked for.
    fn fit<'t>(&self, text: &'t str, cells: u16) -> Cow<'t, str> {
        if self.look.ascii {
            cells::fit_ascii(text, usize::from(cells))
        } else {
            cells::fit(text, usize::from(cells))
        }
    }
}

#[cfg(test)]
mod tests;
