//! Puts text on the buffer: the one door to the screen. Whatever passes is
//! cleaned, fitted to its place, and turned to ASCII where asked for.

use std::borrow::Cow;

use ratatui::{buffer::Buffer, layout::Rect, style::Style};
use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{
    glyph::Glyphs,
    theme::{self, Role},
};
use crate::{app::state::Look, domain::cells};

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
        theme::style(self.look.theme, role)
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
        let text = self.plain(text);
        let text = cells::fit(&text, usize::from(place.width));
        let text = self.plain(&text);
        // What stood here before must not shine through.
        let style = Style::reset().patch(style);
        self.buffer
            .set_stringn(place.x, place.y, &text, usize::from(place.width), style);
        u16::try_from(text.width()).unwrap_or(place.width)
    }

    /// Writes text at the right of a place; answers the place that is left.
    pub fn right(&mut self, place: Rect, text: &str, role: Role) -> Rect {
        let wide = u16::try_from(cells::width(&self.plain(text)))
            .unwrap_or(u16::MAX)
            .min(place.width);
        let at = Rect {
            x: place.right() - wide,
            width: wide,
            ..place
        };
        self.text(at, text, role);
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

    /// Shows a text field, scrolled so that its cursor is in view; while it is
    /// typed into, the cursor's cell is marked.
    pub fn field(&mut self, place: Rect, field: &Input, typing: bool) {
        let width = usize::from(place.width);
        let scroll = if typing {
            field.visual_scroll(width.saturating_sub(1))
        } else {
            0
        };
        let mut skipped = 0;
        let shown: String = field
            .value()
            .graphemes(true)
            .skip_while(|cluster| {
                let before = skipped;
                skipped += cluster.width();
                before < scroll
            })
            .collect();
        self.text(place, &shown, Role::Text);
        if typing {
            let x = u16::try_from(field.visual_cursor().saturating_sub(scroll)).unwrap_or(u16::MAX);
            let at = Rect {
                x: place.x.saturating_add(x),
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

    /// Empties a place.
    pub fn clear(&mut self, place: Rect) {
        for position in place.intersection(self.buffer.area).positions() {
            self.buffer[position].reset();
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
                .map(|(fact, _)| cells::width(fact))
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

    /// The text, in ASCII where asked for.
    fn plain<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.look.ascii || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let stand_in = |c: char| match c {
            '…' => '.',
            '—' | '–' => '-',
            '·' => '-',
            '“' | '”' => '"',
            '‘' | '’' => '\'',
            c if c.is_ascii() => c,
            _ => '?',
        };
        Cow::Owned(text.chars().map(stand_in).collect())
    }
}
