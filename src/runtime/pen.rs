//! Turns what changed between two screens into the fewest bytes a terminal
//! needs: on a slow line bytes are time. Pure; knows no line and no frames.
//!
//! Only what every terminal since the VT220 knows is used: cursor moves, SGR
//! and erasing. A frame begins and ends with plain colours and takes the
//! cursor's place for unknown.

use ratatui::{
    buffer::{Buffer, Cell, CellWidth},
    style::{Color, Modifier},
};

/// Empties the screen, in plain colours.
pub const CLEAR: &[u8] = b"\x1b[m\x1b[2J";

/// Modifiers that are seen where nothing is written.
const SEEN_ON_BLANKS: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// What switches a modifier on, and what switches it off again.
const MODIFIERS: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// Fewer blanks than this are written rather than erased: erasing leaves the
/// cursor where it was.
const WORTH_ERASING: usize = 10;

/// The bytes that make a terminal that shows `shown` show `next`; none where
/// both look the same. Both have the same size; of `shown` nothing can be used
/// any more.
#[must_use]
pub fn paint(shown: &mut Buffer, next: &Buffer) -> Vec<u8> {
    forget_second_halves(shown);
    let shown = &*shown;
    let mut pen = Pen {
        next,
        out: Vec::new(),
        at: None,
        look: PLAIN,
    };
    // Up to here, in this row, everything was erased.
    let mut erased = (0, 0);
    for (x, y, cell) in shown.diff_iter(next) {
        if y == erased.0 && x < erased.1 {
            continue;
        }
        let blanks = pen.blanks_from(shown, x, y);
        if pen.erase(x, y, blanks) {
            erased = (y, x + blanks.count);
        } else {
            pen.put(x, y, cell);
        }
    }
    pen.wear(PLAIN);
    pen.out
}

/// Who writes over one half of a wide sign leaves something in the place of
/// the other, in colours that terminals do not agree on.
fn forget_second_halves(shown: &mut Buffer) {
    for i in 1..shown.content.len() {
        let first = &shown.content[i - 1];
        if first.symbol().len() > 1 && first.cell_width() > 1 {
            shown.content[i].set_symbol("\u{200b}");
        }
    }
}

/// How text looks.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    fg: Color,
    bg: Color,
    underline: Color,
    modifier: Modifier,
}

const PLAIN: Look = Look {
    fg: Color::Reset,
    bg: Color::Reset,
    underline: Color::Reset,
    modifier: Modifier::empty(),
};

impl Look {
    fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            underline: cell.underline_color,
            modifier: cell.modifier,
        }
    }

    /// Whether a blank shows nothing of this look.
    fn is_bare(self) -> bool {
        self.bg == Color::Reset && !self.modifier.intersects(SEEN_ON_BLANKS)
    }

    /// Whether a cell written in this look is as it should be.
    fn suits(self, cell: &Cell) -> bool {
        let wanted = Self::of(cell);
        let seen = |look: Self| look.modifier & SEEN_ON_BLANKS;
        self == wanted
            || (cell.symbol() == " "
                && self.bg == wanted.bg
                && seen(self).is_empty()
                && seen(wanted).is_empty())
    }
}

/// Blanks from a cell on.
#[derive(Clone, Copy, Default)]
struct Blanks {
    /// How many, up to the last one that is not there yet.
    count: u16,
    /// Whether nothing but blanks follows in the row.
    to_the_end: bool,
}

struct Pen<'b> {
    next: &'b Buffer,
    out: Vec<u8>,
    /// Where the cursor is, as far as that is certain.
    at: Option<(u16, u16)>,
    look: Look,
}

impl Pen<'_> {
    /// The bare blanks that stand in a row from here on.
    fn blanks_from(&self, shown: &Buffer, x: u16, y: u16) -> Blanks {
        // Behind a wide sign may stand its second half.
        if x > 0 && self.next[(x - 1, y)].cell_width() > 1 {
            return Blanks::default();
        }
        let is_blank = |x: &u16| {
            let cell = &self.next[(*x, y)];
            cell.symbol() == " " && Look::of(cell).is_bare()
        };
        let width = self.next.area.width;
        let end = x + u16::try_from((x..width).take_while(is_blank).count()).unwrap_or(0);
        let last = (x..end).rfind(|x| shown[(*x, y)] != self.next[(*x, y)]);
        Blanks {
            count: last.map_or(0, |last| last + 1 - x),
            to_the_end: end == width,
        }
    }

    /// Erases blanks where that takes fewer bytes than writing them.
    fn erase(&mut self, x: u16, y: u16, blanks: Blanks) -> bool {
        let count = usize::from(blanks.count);
        let worth = count >= WORTH_ERASING || (blanks.to_the_end && count > 3);
        if worth {
            self.go(x, y);
            if !self.look.is_bare() {
                self.wear(PLAIN);
            }
            if blanks.to_the_end {
                self.out.extend(b"\x1b[K");
            } else {
                self.csi(&[blanks.count], b'X');
            }
        }
        worth
    }

    /// Writes a cell.
    fn put(&mut self, x: u16, y: u16, cell: &Cell) {
        self.go(x, y);
        if !self.look.suits(cell) {
            self.wear(Look::of(cell));
        }
        self.write(x, y, cell);
    }

    fn write(&mut self, x: u16, y: u16, cell: &Cell) {
        self.out.extend(cell.symbol().as_bytes());
        // Terminals disagree on how wide some signs are, and on where the
        // cursor is at the end of a row.
        let certain = is_one_cell(cell) && x + 1 < self.next.area.width;
        self.at = certain.then_some((x + 1, y));
    }

    /// Moves the cursor.
    fn go(&mut self, x: u16, y: u16) {
        let Some((from_x, from_y)) = self.at else {
            return self.go_far(x, y);
        };
        if from_y == y && from_x < x {
            return self.go_right(from_x, x, y);
        }
        if y > from_y && y - from_y <= 3 && from_x >= x && from_x - x <= 3 {
            self.out
                .extend(std::iter::repeat_n(b'\x08', usize::from(from_x - x)));
            self.out
                .extend(std::iter::repeat_n(b'\n', usize::from(y - from_y)));
        } else if (from_x, from_y) != (x, y) {
            return self.go_far(x, y);
        }
        self.at = Some((x, y));
    }

    fn go_far(&mut self, x: u16, y: u16) {
        match (x, y) {
            (0, y) => self.csi(&[y + 1], b'H'),
            (x, y) => self.csi(&[y + 1, x + 1], b'H'),
        }
        self.at = Some((x, y));
    }

    /// Moves right, over cells that are right as they are; writes them again
    /// where that takes fewer bytes.
    fn go_right(&mut self, from: u16, to: u16, y: u16) {
        let jump = if to - from < 10 { 4 } else { 5 };
        let next = self.next;
        let between = || (from..to).map(|x| (x, &next[(x, y)]));
        let bytes: usize = between().map(|(_, cell)| cell.symbol().len()).sum();
        let alike = |(_, cell): (u16, &Cell)| is_one_cell(cell) && self.look.suits(cell);
        if bytes < jump && between().all(alike) {
            for (x, cell) in between() {
                self.write(x, y, cell);
            }
        } else {
            self.csi(&[to - from], b'C');
        }
        self.at = Some((to, y));
    }

    /// Changes the look.
    fn wear(&mut self, look: Look) {
        if look == self.look {
            return;
        }
        let change = change(self.look, look);
        let anew = [&[0], change_codes(PLAIN, look).as_slice()].concat();
        let codes = change.filter(|codes| spelled(codes) <= spelled(&anew));
        match codes.as_deref().unwrap_or(&anew) {
            [0] => self.csi(&[], b'm'),
            codes => self.csi(codes, b'm'),
        }
        self.look = look;
    }

    fn csi(&mut self, numbers: &[u16], end: u8) {
        self.out.extend(b"\x1b[");
        // A cursor moves by one where it is not said how far.
        let numbers = if numbers == [1] && end != b'm' {
            &[]
        } else {
            numbers
        };
        for (i, number) in numbers.iter().enumerate() {
            if i > 0 {
                self.out.push(b';');
            }
            self.out.extend(number.to_string().as_bytes());
        }
        self.out.push(end);
    }
}

/// Whether every terminal takes one cell for this: ASCII, and the lines that
/// frames are made of. An accented letter takes two in East Asian settings, a
/// mark one more in simple terminals; behind these the cursor is placed anew,
/// so that no name moves what stands beside it.
fn is_one_cell(cell: &Cell) -> bool {
    let mut signs = cell.symbol().chars();
    matches!(signs.next(), Some(' '..='~' | '\u{2500}'..='\u{259f}')) && signs.next().is_none()
}

/// The bytes these codes take, with what separates them.
fn spelled(codes: &[u16]) -> usize {
    let digits = |code: &u16| match code {
        0..10 => 2,
        10..100 => 3,
        _ => 4,
    };
    codes.iter().map(digits).sum()
}

/// The codes from one look to another, without a reset.
fn change(from: Look, to: Look) -> Option<Vec<u16>> {
    // What switches bold off switches dim off, too.
    let gone = from.modifier - to.modifier;
    let shared = Modifier::BOLD | Modifier::DIM;
    let blink = Modifier::SLOW_BLINK | Modifier::RAPID_BLINK;
    let stays = |pair: Modifier| gone.intersects(pair) && to.modifier.intersects(pair);
    if stays(shared) || stays(blink) {
        return None;
    }
    Some(change_codes(from, to))
}

fn change_codes(from: Look, to: Look) -> Vec<u16> {
    let mut codes = Vec::new();
    let (gone, new) = (from.modifier - to.modifier, to.modifier - from.modifier);
    for (modifier, _, off) in MODIFIERS {
        let off = u16::from(off);
        if gone.contains(modifier) && !codes.contains(&off) {
            codes.push(off);
        }
    }
    for (modifier, on, _) in MODIFIERS {
        if new.contains(modifier) {
            codes.push(on.into());
        }
    }
    if to.fg != from.fg {
        colour(&mut codes, to.fg, 30);
    }
    if to.bg != from.bg {
        colour(&mut codes, to.bg, 40);
    }
    if to.underline != from.underline {
        colour(&mut codes, to.underline, 50);
    }
    codes
}

/// A colour's codes: `first` is 30 for text, 40 behind it, 50 for underlines,
/// which have no short form.
fn colour(codes: &mut Vec<u16>, colour: Color, first: u16) {
    let short = match colour {
        Color::Reset => return codes.push(first + 9),
        Color::Rgb(r, g, b) => {
            return codes.extend([first + 8, 2, r.into(), g.into(), b.into()]);
        }
        Color::Indexed(index) => return codes.extend([first + 8, 5, index.into()]),
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
    match (first, short) {
        (50, index) => codes.extend([58, 5, index]),
        (_, 0..8) => codes.push(first + short),
        _ => codes.push(first + 60 + short - 8),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::{layout::Rect, style::Style};

    use super::*;

    const WIDTH: u16 = 40;
    const HEIGHT: u16 = 6;

    fn screen(texts: &[(u16, u16, &str, Style)]) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, WIDTH, HEIGHT));
        for (x, y, text, style) in texts {
            buffer.set_stringn(*x, *y, text, usize::from(WIDTH), *style);
        }
        buffer
    }

    fn shows(emulator: &vt100::Parser, wanted: &Buffer) -> Result<(), String> {
        let fresh = terminal_showing(wanted);
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                let seen = |emulator: &vt100::Parser| {
                    let cell = emulator.screen().cell(y, x).unwrap();
                    let blank = cell.contents().trim().is_empty();
                    let text = (cell.fgcolor(), cell.bold(), cell.dim(), cell.italic());
                    (
                        cell.contents().trim().to_owned(),
                        cell.bgcolor(),
                        (cell.underline(), cell.inverse()),
                        (!blank || cell.inverse()).then_some(text),
                    )
                };
                let (is, should) = (seen(emulator), seen(&fresh));
                if is != should {
                    return Err(format!("at {x},{y}: {is:?} instead of {should:?}"));
                }
            }
        }
        Ok(())
    }

    /// A terminal that was told every cell, by ratatui's own hand.
    fn terminal_showing(wanted: &Buffer) -> vt100::Parser {
        use ratatui::backend::{Backend as _, CrosstermBackend};
        let mut bytes = Vec::new();
        let all = Buffer::empty(wanted.area);
        CrosstermBackend::new(&mut bytes)
            .draw(all.diff_iter(wanted))
            .unwrap();
        let mut emulator = vt100::Parser::new(HEIGHT, WIDTH, 0);
        emulator.process(&bytes);
        emulator
    }

    fn styles() -> impl Strategy<Value = Style> {
        let colours = [
            Color::Reset,
            Color::Cyan,
            Color::LightRed,
            Color::Indexed(200),
        ];
        let modifiers = Modifier::BOLD | Modifier::ITALIC;
        let all = modifiers | Modifier::UNDERLINED | Modifier::REVERSED;
        (0..4usize, 0..4usize, any::<u16>()).prop_map(move |(fg, bg, bits)| {
            // To the emulator bold and dim are one thing.
            let modifier = match bits % 4 {
                0 => Modifier::DIM,
                _ => Modifier::from_bits_truncate(bits) & all,
            };
            // Nothing of what was written here before stays.
            Style::reset()
                .fg(colours[fg])
                .bg(if bg == 1 { Color::Blue } else { Color::Reset })
                .add_modifier(modifier)
        })
    }

    fn screens() -> impl Strategy<Value = Buffer> {
        let text = (
            0..WIDTH,
            0..HEIGHT,
            "[a ]{0,3}[ -~]{0,8} {0,30}[x山é…]{0,3}",
            styles(),
        );
        prop::collection::vec(text, 0..12).prop_map(|texts| {
            let mut buffer = screen(&[]);
            for (x, y, text, style) in texts {
                let room = usize::from(WIDTH - x);
                buffer.set_stringn(x, y, text, room, style);
            }
            buffer
        })
    }

    proptest! {
        #[test]
        fn the_terminal_shows_what_it_should(before in screens(), after in screens()) {
            let mut emulator = vt100::Parser::new(HEIGHT, WIDTH, 0);
            emulator.process(CLEAR);
            emulator.process(&paint(&mut screen(&[]), &before));
            prop_assert_eq!(shows(&emulator, &before), Ok(()));
            emulator.process(&paint(&mut before.clone(), &after));
            prop_assert_eq!(shows(&emulator, &after), Ok(()));
            prop_assert!(paint(&mut after.clone(), &after).is_empty());
        }
    }

    #[test]
    fn seconds_that_tick_below_each_other_take_three_bytes_each() {
        let rows = |second: &'static str| {
            let row = |y| (10, y, second, Style::new());
            screen(&(1..5).map(row).collect::<Vec<_>>())
        };
        let bytes = paint(&mut rows("6:12"), &rows("6:13"));
        assert_eq!(bytes, b"\x1b[2;14H3\x08\n3\x08\n3\x08\n3");
    }

    #[test]
    fn a_row_that_went_is_erased() {
        let bytes = paint(
            &mut screen(&[(0, 2, "somebody who waits for long", Style::new())]),
            &screen(&[]),
        );
        assert_eq!(bytes, b"\x1b[3H\x1b[K");
    }

    #[test]
    fn colours_change_by_as_little_as_they_can() {
        let (red, bold) = (Style::new().fg(Color::LightRed), Style::new().bold());
        let next = screen(&[(0, 0, "a", red), (2, 0, "b", red), (3, 0, "c", bold)]);
        let bytes = paint(&mut screen(&[]), &next);
        assert_eq!(bytes, b"\x1b[H\x1b[91ma b\x1b[0;1mc\x1b[m".as_slice());
    }
}
