//! The colours of a picture. A terminal's palette is its user's; a picture has
//! to bring one: quiet, and all of it readable on its background.

use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};

/// A colour: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// What a terminal's user would have chosen.
#[derive(Debug)]
pub struct Palette {
    /// Where nothing else is asked for, behind the text.
    pub paper: Rgb,
    /// Where nothing else is asked for, the text.
    pub ink: Rgb,
    /// The window's edge.
    pub edge: Rgb,
    /// The window's title.
    pub title: Rgb,
    /// ANSI colours 0 to 15.
    ansi: [Rgb; 16],
}

/// For dark themes, and those without colours.
pub const DARK: Palette = Palette {
    paper: Rgb(0x10, 0x15, 0x1c),
    ink: Rgb(0xd6, 0xdd, 0xe6),
    edge: Rgb(0x2c, 0x35, 0x41),
    title: Rgb(0x8a, 0x96, 0xa5),
    ansi: [
        Rgb(0x10, 0x15, 0x1c),
        Rgb(0xe8, 0x6b, 0x73),
        Rgb(0x86, 0xc9, 0x8a),
        Rgb(0xe5, 0xb8, 0x67),
        Rgb(0x6c, 0xa8, 0xf0),
        Rgb(0xc4, 0x8f, 0xee),
        Rgb(0x5f, 0xc6, 0xcf),
        Rgb(0xb8, 0xc2, 0xce),
        Rgb(0x80, 0x8c, 0x9b),
        Rgb(0xff, 0x83, 0x8a),
        Rgb(0xa2, 0xe3, 0xa5),
        Rgb(0xf7, 0xd3, 0x86),
        Rgb(0x93, 0xc2, 0xff),
        Rgb(0xdd, 0xb0, 0xff),
        Rgb(0x8f, 0xe6, 0xec),
        Rgb(0xf4, 0xf7, 0xfa),
    ],
};

/// For light themes.
pub const LIGHT: Palette = Palette {
    paper: Rgb(0xfc, 0xfb, 0xf8),
    ink: Rgb(0x26, 0x2c, 0x34),
    edge: Rgb(0xd5, 0xd6, 0xd6),
    title: Rgb(0x6a, 0x72, 0x7c),
    ansi: [
        Rgb(0x26, 0x2c, 0x34),
        Rgb(0xb9, 0x2c, 0x38),
        Rgb(0x1f, 0x7a, 0x3f),
        Rgb(0x8a, 0x62, 0x00),
        Rgb(0x1f, 0x5f, 0xb8),
        Rgb(0x8c, 0x3f, 0xb3),
        Rgb(0x0d, 0x73, 0x7e),
        Rgb(0x5c, 0x65, 0x70),
        Rgb(0x6b, 0x74, 0x7f),
        Rgb(0xcf, 0x36, 0x42),
        Rgb(0x24, 0x7d, 0x44),
        Rgb(0x8f, 0x66, 0x00),
        Rgb(0x2d, 0x6c, 0xc4),
        Rgb(0x9a, 0x4b, 0xc2),
        Rgb(0x10, 0x79, 0x85),
        Rgb(0xff, 0xff, 0xff),
    ],
};

/// How a cell is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    /// The text.
    pub ink: Rgb,
    /// What is behind it, where that is not the paper.
    pub paper: Option<Rgb>,
}

impl Palette {
    /// How a cell is painted: reversed, dimmed and hidden ones too.
    #[must_use]
    pub fn paint(&self, cell: &Cell) -> Paint {
        let mut ink = self.color(cell.fg).unwrap_or(self.ink);
        let mut paper = self.color(cell.bg);
        if cell.modifier.contains(Modifier::REVERSED) {
            (ink, paper) = (paper.unwrap_or(self.paper), Some(ink));
        }
        let behind = paper.unwrap_or(self.paper);
        if cell.modifier.contains(Modifier::HIDDEN) {
            ink = behind;
        } else if cell.modifier.contains(Modifier::DIM) {
            ink = between(ink, behind);
        }
        Paint { ink, paper }
    }

    /// A colour of the terminal's; `None` is its own default.
    fn color(&self, color: Color) -> Option<Rgb> {
        let ansi = match color {
            Color::Reset => return None,
            Color::Rgb(r, g, b) => return Some(Rgb(r, g, b)),
            Color::Indexed(n @ 16..) => return Some(extended(n)),
            Color::Indexed(n) => n,
            Color::Black => 0,
            Color::Red => 1,
            Color::Green => 2,
            Color::Yellow => 3,
            Color::Blue => 4,
            Color::Magenta => 5,
            Color::Cyan => 6,
            Color::Gray => 7,
            Color::DarkGray => 8,
            Color::LightRed => 9,
            Color::LightGreen => 10,
            Color::LightYellow => 11,
            Color::LightBlue => 12,
            Color::LightMagenta => 13,
            Color::LightCyan => 14,
            Color::White => 15,
        };
        Some(self.ansi[usize::from(ansi)])
    }
}

/// Colours 16 to 255, the same in all terminals: a cube of 6, then greys.
fn extended(n: u8) -> Rgb {
    if n >= 232 {
        let grey = 8 + 10 * (n - 232);
        return Rgb(grey, grey, grey);
    }
    let step = |part: u8| if part == 0 { 0 } else { 55 + 40 * part };
    let n = n - 16;
    Rgb(step(n / 36), step(n / 6 % 6), step(n % 6))
}

/// Five parts of the ink and three of what is behind it, as terminals dim.
fn between(ink: Rgb, behind: Rgb) -> Rgb {
    let mix = |a: u8, b: u8| {
        let mixed = (u16::from(a) * 5 + u16::from(b) * 3) / 8;
        u8::try_from(mixed).unwrap_or(a)
    };
    Rgb(
        mix(ink.0, behind.0),
        mix(ink.1, behind.1),
        mix(ink.2, behind.2),
    )
}

impl std::fmt::Display for Rgb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How bright a colour is, 0 to 1 (WCAG 2.2, relative luminance).
    fn luminance(Rgb(r, g, b): Rgb) -> f64 {
        let part = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.040_45 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }

    fn contrast(one: Rgb, other: Rgb) -> f64 {
        let (a, b) = (luminance(one), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_colour_can_be_read_on_its_paper() {
        for (palette, unseen) in [(&DARK, 0), (&LIGHT, 15)] {
            assert!(contrast(palette.ink, palette.paper) > 10.0);
            assert!(contrast(palette.title, palette.paper) > 4.5);
            for (n, color) in palette.ansi.into_iter().enumerate() {
                let contrast = contrast(color, palette.paper);
                assert!(n == unseen || contrast > 4.5, "{n}: {contrast:.2}");
            }
        }
        // The selected row.
        assert!(contrast(DARK.ansi[0], DARK.ansi[6]) > 7.0);
        assert!(contrast(LIGHT.ansi[15], LIGHT.ansi[4]) > 4.5);
    }

    #[test]
    fn colours_beyond_the_sixteen_are_those_of_every_terminal() {
        assert_eq!(extended(16), Rgb(0, 0, 0));
        assert_eq!(extended(196), Rgb(255, 0, 0));
        assert_eq!(extended(67), Rgb(0x5f, 0x87, 0xaf));
        assert_eq!(extended(231), Rgb(255, 255, 255));
        assert_eq!(extended(244), Rgb(128, 128, 128));
    }

    #[test]
    fn reversed_swaps_dim_mixes_and_hidden_cannot_be_seen() {
        let cell = |modifier| {
            let mut cell = Cell::new("x");
            cell.modifier = modifier;
            cell
        };
        let painted = |cell: Cell| DARK.paint(&cell);
        let plain = painted(cell(Modifier::empty()));
        assert_eq!((plain.ink, plain.paper), (DARK.ink, None));
        let reversed = painted(cell(Modifier::REVERSED));
        assert_eq!((reversed.ink, reversed.paper), (DARK.paper, Some(DARK.ink)));
        let dim = painted(cell(Modifier::DIM));
        assert!(luminance(dim.ink) < luminance(DARK.ink));
        assert_eq!(painted(cell(Modifier::HIDDEN)).ink, DARK.paper);
    }
}
