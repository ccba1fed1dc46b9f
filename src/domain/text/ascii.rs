//! Text for terminals without Unicode: other letters become Latin ones.

use std::borrow::Cow;

use deunicode::deunicode_char;

use super::judge::{MARK, is_mark};

/// What stands for a character that has no stand-in, and for a mark.
const UNKNOWN: &str = "?";

/// Cleaned text in ASCII: `Søren` as `Soren`, `Жанна` as `Zhanna`. It may be
/// longer than it was; measure it afterwards.
#[must_use]
pub fn ascii(clean: &str) -> Cow<'_, str> {
    if clean.is_ascii() {
        return Cow::Borrowed(clean);
    }
    Cow::Owned(clean.chars().fold(String::new(), |mut text, c| {
        if c.is_ascii() {
            text.push(c);
        } else {
            text.push_str(stand_in(c));
        }
        text
    }))
}

/// Of one character; signs of ours keep to one cell.
fn stand_in(c: char) -> &'static str {
    match c {
        '…' => ".",
        '·' | '—' | '–' => "-",
        MARK | '\u{2400}'..='\u{2421}' => UNKNOWN,
        c if is_mark(c) => "",
        c => deunicode_char(c)
            .filter(|text| {
                !text.is_empty()
                    && text
                        .bytes()
                        .all(|byte| byte.is_ascii_graphic() || byte == b' ')
            })
            .unwrap_or(UNKNOWN),
    }
}

#[cfg(test)]
mod tests {
    use super::super::clean;
    use super::*;

    #[test]
    fn letters_become_latin_ones() {
        for (text, expected) in [
            ("Søren Ærøskøbing", "Soren AEroskobing"),
            ("Straße", "Strasse"),
            ("Жанна Щукина", "Zhanna Shchukina"),
            ("Αθήνα", "Athena"),
            ("José Müller", "Jose Muller"),
            ("“a” — b…", "\"a\" - b."),
            ("４５", "45"),
            ("\u{fffd}\u{e000}", "??"),
            ("a\u{1b}[2Jb", "a?[2Jb"),
            ("x\u{323}\u{301}", "x"),
        ] {
            assert_eq!(ascii(&clean(text)), expected, "{text:?}");
        }
        assert!(matches!(ascii("plain"), Cow::Borrowed(_)));
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_ascii_is_left(text in ".{0,60}") {
            let shown = ascii(&clean(&text)).into_owned();
            proptest::prop_assert!(shown.bytes().all(|b| matches!(b, b' '..=b'~')), "{:?}", shown);
        }
    }
}
