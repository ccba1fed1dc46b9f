//! Untrusted text made safe to show. Everything from outside (names, numbers,
//! vendor messages) passes here at each door out: screen, table, CSV, log.
//! Hostile characters are marked, never obeyed, and never silently dropped.

mod fold;

use std::borrow::Cow;

pub use fold::fold;

/// What stands for a character that is marked rather than shown.
pub const MARK: char = '\u{fffd}';

/// The text with control characters, escape sequences, bidi controls and
/// zero-width characters replaced by visible marks. C0 controls become their
/// control pictures (`␛`), the rest [`MARK`]. Borrowed when nothing was wrong.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| marked(c).is_none()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| marked(c).unwrap_or(c)).collect())
}

/// [`clean`], and at most `max` characters, the last an ellipsis if cut:
/// for sentences that quote what a vendor sent.
#[must_use]
pub fn clip(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        None => clean(text).into_owned(),
        Some(_) => {
            let head: String = text.chars().take(max.saturating_sub(1)).collect();
            format!("{}…", clean(&head))
        }
    }
}

/// A field of a CSV file that is safe to open in a spreadsheet: text that a
/// spreadsheet would run as a formula gets a leading apostrophe. A telephone
/// number's `+` with digits behind it is left alone, as is a plain number.
#[must_use]
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    let text = clean(text);
    let trimmed = text.trim_start();
    let formula = trimmed.starts_with(['=', '@', '+', '-'])
        && !(trimmed.len() > 1
            && trimmed.starts_with(['+', '-'])
            && trimmed[1..].chars().all(|c| c.is_ascii_digit() || c == ' '));
    if formula {
        Cow::Owned(format!("'{text}"))
    } else {
        text
    }
}

/// Whether a terminal, a log reader or the eye could be misled by `c`.
#[must_use]
pub fn is_hostile(c: char) -> bool {
    marked(c).is_some()
}

/// The mark that replaces `c`, if it must not be shown as it is.
fn marked(c: char) -> Option<char> {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32),
        '\u{7f}' => Some('\u{2421}'),
        // C1 controls: some terminals obey U+009B as CSI.
        '\u{80}'..='\u{9f}' => Some(MARK),
        // Soft hyphen, Arabic letter mark, fillers that draw nothing.
        '\u{ad}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' => Some(MARK),
        // Zero width, bidi marks, line separators, overrides, isolates.
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => Some(MARK),
        '\u{3164}' | '\u{ffa0}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' => Some(MARK),
        // Variation selectors change a glyph's width in some terminals only.
        '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}' => Some(MARK),
        // Private use: no two terminals agree on what or how wide it is.
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => Some(MARK),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_borrowed_and_hostile_text_is_marked() {
        assert!(matches!(
            clean("Bamse & Kylling Ærø 山田"),
            Cow::Borrowed(_)
        ));
        assert_eq!(clean("\u{1b}[2Jx\r\n"), "␛[2Jx␍␊");
        assert_eq!(
            clean("a\u{202e}b\u{200b}c\u{9b}d"),
            "a\u{fffd}b\u{fffd}c\u{fffd}d"
        );
    }

    #[test]
    fn long_text_is_cut_by_characters() {
        assert_eq!(clip("ærøskøbing", 4), "ærø…");
        assert_eq!(clip("ærø", 3), "ærø");
    }

    #[test]
    fn formulas_are_disarmed_and_numbers_left_alone() {
        assert_eq!(csv_cell("=1+1"), "'=1+1");
        assert_eq!(csv_cell("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(csv_cell("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0");
        assert_eq!(csv_cell("-2+3"), "'-2+3");
        assert_eq!(csv_cell("+4535203040"), "+4535203040");
        assert_eq!(csv_cell("-12"), "-12");
        assert_eq!(csv_cell("\t=1"), "␉=1");
    }
}
