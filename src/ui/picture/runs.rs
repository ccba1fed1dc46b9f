//! Which cells of a row are written as one piece of text, so that columns stay
//! straight in any font: a piece begins at its column and is told its length.

use std::ops::Range;

use ratatui::{buffer::Buffer, style::Modifier};
use unicode_width::UnicodeWidthStr;

use super::palette::{Paint, Palette};

/// How text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Its colours.
    pub paint: Paint,
    /// What else.
    pub modifier: Modifier,
}

/// A sign on the screen, in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign<'b> {
    /// Its first column.
    pub x: u16,
    /// How many cells it takes.
    pub cells: u16,
    /// Itself; a blank where there is none.
    pub text: &'b str,
    /// How it is written.
    pub look: Look,
}

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The cells it takes.
    pub cells: Range<u16>,
    /// Itself, without blanks around it and never two in a row.
    pub text: String,
    /// How it is written.
    pub look: Look,
    /// What it is.
    pub kind: Kind,
}

/// What goes with what in one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters and what every font has.
    Text,
    /// Letters that are read from the right, and may join.
    FromTheRight,
    /// A wide sign, or one that fonts disagree on: it is put into the middle
    /// of its cells.
    Alone,
}

/// The signs of a row, from the left.
pub fn signs<'b>(buffer: &'b Buffer, palette: &Palette, y: u16) -> Vec<Sign<'b>> {
    let area = buffer.area;
    let mut signs = Vec::new();
    let mut x = area.left();
    while x < area.right() {
        let cell = &buffer[(x, y)];
        let text = cell.symbol();
        let cells = u16::try_from(text.width()).unwrap_or(1).max(1);
        let cells = cells.min(area.right() - x);
        let look = Look {
            paint: palette.paint(cell),
            modifier: cell.modifier,
        };
        signs.push(Sign {
            x: x - area.left(),
            cells,
            text: if text.is_empty() { " " } else { text },
            look,
        });
        x += cells;
    }
    signs
}

/// Signs as pieces of text.
pub fn runs<'s, 'b: 's>(signs: impl IntoIterator<Item = &'s Sign<'b>>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for sign in signs {
        if sign.text.trim().is_empty() {
            continue;
        }
        let kind = kind(sign);
        let end = sign.x + sign.cells;
        if let Some(run) = runs.last_mut()
            && kind == run.kind
            && kind != Kind::Alone
            && run.look == sign.look
            && sign.x - run.cells.end <= 1
        {
            if sign.x > run.cells.end {
                run.text.push(' ');
            }
            run.text.push_str(sign.text);
            run.cells.end = end;
        } else {
            runs.push(Run {
                cells: sign.x..end,
                text: sign.text.to_owned(),
                look: sign.look,
                kind,
            });
        }
    }
    runs
}

fn kind(sign: &Sign<'_>) -> Kind {
    let Some(first) = sign.text.chars().next() else {
        return Kind::Alone;
    };
    match first {
        _ if sign.cells > 1 => Kind::Alone,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => {
            Kind::FromTheRight
        }
        _ if first.is_ascii() || first.is_alphanumeric() => Kind::Text,
        '…' | '—' | '–' | '·' | '“' | '”' | '‘' | '’' | '°' | '§' | '£' | '€' => {
            Kind::Text
        }
        _ => Kind::Alone,
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{
        layout::Rect,
        style::{Color, Style},
    };

    use super::{super::palette::DARK, *};

    fn pieces(line: &str, red: Range<u16>) -> Vec<(Range<u16>, String)> {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 1));
        buffer.set_string(0, 0, line, Style::new());
        for x in red {
            buffer[(x, 0)].fg = Color::Red;
        }
        runs(&signs(&buffer, &DARK, 0))
            .into_iter()
            .map(|run| (run.cells, run.text))
            .collect()
    }

    fn piece(cells: Range<u16>, text: &str) -> (Range<u16>, String) {
        (cells, text.to_owned())
    }

    #[test]
    fn words_are_one_piece_columns_are_not() {
        assert_eq!(
            pieces("  Bamse & Kylling   0:49", 0..0),
            [piece(2..17, "Bamse & Kylling"), piece(20..24, "0:49")]
        );
    }

    #[test]
    fn another_colour_is_another_piece_and_a_blank_has_none() {
        assert_eq!(
            pieces("over T", 4..6),
            [piece(0..4, "over"), piece(5..6, "T")]
        );
        assert_eq!(pieces("over T", 4..5), [piece(0..6, "over T")]);
    }

    #[test]
    fn wide_signs_stand_alone_in_their_cells() {
        assert_eq!(
            pieces("山田 x", 0..0),
            [piece(0..2, "山"), piece(2..4, "田"), piece(5..6, "x")]
        );
        assert_eq!(
            pieces("a🌻b", 0..0),
            [piece(0..1, "a"), piece(1..3, "🌻"), piece(3..4, "b")]
        );
    }

    #[test]
    fn letters_from_the_right_keep_together() {
        assert_eq!(
            pieces("x דנה לוי 7", 0..0),
            [piece(0..1, "x"), piece(2..9, "דנה לוי"), piece(10..11, "7")]
        );
    }

    #[test]
    fn a_sign_cut_off_by_the_edge_takes_no_more_than_there_is() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 1));
        buffer[(1, 0)].set_symbol("山");
        let signs = signs(&buffer, &DARK, 0);
        assert_eq!(signs.iter().map(|s| s.cells).sum::<u16>(), 2);
    }
}
