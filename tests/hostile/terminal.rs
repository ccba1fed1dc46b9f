//! Terminals that read what was written: one that knows all that xterm obeys,
//! and some that measure text in other ways.

use holdline::domain::text::{MARK, is_hostile, leans};
use ratatui::buffer::Buffer;
use vt100::{Callbacks, Parser, Screen};

pub const TURN: char = '\u{200e}';
/// Ours, and what the line begins with.
const MODES: [&str; 6] = ["?2026h", "?2026l", "?1049h", "?25l", "?2004h", "?7l"];

/// What is not ours in a frame: any control but cursor moves, colours and
/// erasing; any character that must not be shown. `None` where all is well.
pub fn foreign(frame: &str) -> Option<String> {
    let mut rest = frame.chars();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => {
                let text = rest.as_str();
                let sequence = text.strip_prefix('[').and_then(|text| {
                    let end = text.find(|c: char| !matches!(c, '0'..='9' | ';' | '?'))?;
                    Some(&text[..=end])
                });
                let is_ours = sequence.is_some_and(|sequence| {
                    sequence.ends_with(['H', 'm', 'K', 'X', 'C', 'J', 'G', 'd', 'A', 'B', 'D'])
                        && !sequence.starts_with('?')
                        || MODES.contains(&sequence)
                });
                let (true, Some(sequence)) = (is_ours, sequence) else {
                    let shown: String = text.chars().take(12).collect();
                    return Some(format!("the sequence ESC {shown:?}"));
                };
                rest = text[1 + sequence.len()..].chars();
            }
            '\n' | '\r' | '\u{8}' => {}
            // Ours: the text before it may be under a window by now.
            TURN => {}
            c if is_hostile(c) => return Some(format!("{c:?}")),
            _ => {}
        }
    }
    None
}

/// What a terminal was made to do besides showing text.
#[derive(Default)]
pub struct Obeyed(pub Vec<String>);

impl Obeyed {
    fn add(&mut self, what: impl Into<String>) {
        self.0.push(what.into());
    }
}

impl Callbacks for Obeyed {
    fn audible_bell(&mut self, _: &mut Screen) {
        self.add("bell");
    }
    fn visual_bell(&mut self, _: &mut Screen) {
        self.add("flash");
    }
    fn resize(&mut self, _: &mut Screen, _: (u16, u16)) {
        self.add("resize");
    }
    fn set_window_icon_name(&mut self, _: &mut Screen, _: &[u8]) {
        self.add("icon");
    }
    fn set_window_title(&mut self, _: &mut Screen, _: &[u8]) {
        self.add("title");
    }
    fn copy_to_clipboard(&mut self, _: &mut Screen, _: &[u8], _: &[u8]) {
        self.add("copy");
    }
    fn paste_from_clipboard(&mut self, _: &mut Screen, _: &[u8]) {
        self.add("paste");
    }
    fn unhandled_char(&mut self, _: &mut Screen, c: char) {
        self.add(format!("{c:?}"));
    }
    fn unhandled_control(&mut self, _: &mut Screen, byte: u8) {
        self.add(format!("control {byte:02x}"));
    }
    fn unhandled_escape(&mut self, _: &mut Screen, _: Option<u8>, _: Option<u8>, byte: u8) {
        self.add(format!("ESC {}", char::from(byte)));
    }
    fn unhandled_csi(
        &mut self,
        _: &mut Screen,
        first: Option<u8>,
        _: Option<u8>,
        numbers: &[&[u16]],
        end: char,
    ) {
        // A synchronized update, and colours that this emulator does not know.
        let is_known = first == Some(b'?') && numbers == [[2026].as_slice()];
        if !is_known && end != 'm' {
            self.add(format!("CSI {numbers:?} {end}"));
        }
    }
    fn unhandled_osc(&mut self, _: &mut Screen, _: &[&[u8]]) {
        self.add("OSC");
    }
}

/// How a terminal measures what is not ASCII and no line of a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Thinks {
    /// As we do.
    Alike,
    /// Every such character takes two cells, a mark too.
    Wide,
    /// Every such character takes one cell, a mark too.
    Narrow,
    /// None takes any.
    Nothing,
}

impl Thinks {
    pub const ALL: [Self; 4] = [Self::Alike, Self::Wide, Self::Narrow, Self::Nothing];

    /// The bytes for an emulator that thinks otherwise.
    fn told(self, frame: &str) -> String {
        let told = |c: char| match self {
            _ if c.is_ascii() || is_line(c) => Some(c),
            // Which the emulator takes for broken UTF-8.
            Self::Alike if c == MARK => Some('¿'),
            Self::Alike => Some(c),
            Self::Wide => Some('山'),
            Self::Narrow => Some('x'),
            Self::Nothing => None,
        };
        frame.chars().filter_map(told).collect()
    }
}

/// Lines and blocks, which names are not drawn with.
fn is_line(c: char) -> bool {
    ('\u{2500}'..='\u{259f}').contains(&c)
}

/// What is wrong with a frame that was written to show this buffer; `None`
/// where all is well.
pub fn wrong(frame: &[u8], buffer: &Buffer) -> Option<String> {
    let frame = match std::str::from_utf8(frame) {
        Ok(frame) => frame,
        Err(error) => return Some(error.to_string()),
    };
    foreign(frame)
        .map(|what| format!("not ours: {what}"))
        .or_else(|| {
            Thinks::ALL
                .into_iter()
                .find_map(|thinks| misread(frame, buffer, thinks))
        })
}

/// What is wrong on a terminal of this kind.
fn misread(frame: &str, buffer: &Buffer, thinks: Thinks) -> Option<String> {
    let (columns, rows) = (buffer.area.width, buffer.area.height);
    let mut terminal = Parser::new_with_callbacks(rows, columns, 0, Obeyed::default());
    terminal.process(thinks.told(frame).as_bytes());
    if let Some(what) = terminal.callbacks().0.first() {
        return Some(format!("{thinks:?}: obeyed {what}"));
    }
    let screen = terminal.screen();
    if screen.scrollback() > 0 || screen.application_cursor() || screen.application_keypad() {
        return Some(format!("{thinks:?}: a mode changed"));
    }
    buffer.area.positions().find_map(|at| {
        let wanted = buffer[at].symbol();
        let mut shown = screen.cell(at.y, at.x)?.contents();
        // The emulator puts a vowel into the cell of the letter before it.
        if !shown.starts_with(is_line) {
            shown = shown.trim_end_matches(leans);
        }
        let must_stand = |c: char| c.is_ascii_graphic() || is_line(c);
        let is_so = match (thinks, wanted.chars().next()?) {
            (_, c) if must_stand(c) => wanted.starts_with(shown) && !shown.is_empty(),
            (Thinks::Alike, ' ') => shown.is_empty() || wanted.starts_with(shown),
            _ => true,
        };
        (!is_so).then(|| format!("{thinks:?}: {shown:?} at {at}, not {wanted:?}"))
    })
}
