//! Untrusted text made safe to show. Everything from outside (names, numbers,
//! vendor messages) passes here at each door out: [`clean`] for screens and
//! tables, [`plain`] for logs and sentences, [`csv_cell`], [`clipboard`]. Hostile
//! characters are marked, never obeyed, and never silently dropped. May use Unicode's tables.

mod ascii;
mod fold;
mod form;
mod judge;

use std::borrow::Cow;

pub use ascii::ascii;
pub use fold::fold;
pub(in crate::domain) use judge::is_mark;
pub use judge::{MARK, leans};
use judge::{Verdict, marked, verdicts};

/// The text for a screen: control characters, escape sequences, bidi controls,
/// zero-width and private characters replaced by visible marks, C0 controls by
/// their control pictures (`␛`), the rest by [`MARK`]. What is left takes the
/// form whose width terminals agree on: emoji of several parts are shown as
/// their parts, flags as letters, marks on letters as one letter where there
/// is one. Borrowed when nothing had to change.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if is_simple(text) {
        return Cow::Borrowed(text);
    }
    let shown = form::of(text);
    if shown == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(shown)
    }
}

/// The text as it is, hostile characters marked as in [`clean`]: for what is
/// read by programs as well.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if is_simple(text) {
        return Cow::Borrowed(text);
    }
    let marks = |verdict| matches!(verdict, Verdict::Mark(_));
    if !verdicts(text).any(marks) {
        return Cow::Borrowed(text);
    }
    let shown = verdicts(text).map(|verdict| match verdict {
        Verdict::Plain(c) | Verdict::Shape(c) | Verdict::Mark(c) => c,
    });
    Cow::Owned(shown.collect())
}

/// [`clean`], and at most `max` characters, the last an ellipsis if cut:
/// for sentences that quote what a vendor sent.
#[must_use]
pub fn clip(text: &str, max: usize) -> String {
    // Twice as many: some of them may become one.
    let end = text.char_indices().nth(max.saturating_mul(2));
    let head = clean(end.map_or(text, |(end, _)| &text[..end]));
    if end.is_none() && head.chars().nth(max).is_none() {
        return head.into_owned();
    }
    let mut cut: String = head.chars().take(max.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// A field of a CSV file that is safe to open in a spreadsheet: text that a
/// spreadsheet would run as a formula gets a leading apostrophe, hostile
/// characters (a tab or a line break among them) are marked. A telephone
/// number's `+` with digits behind it is left alone, as is a plain number.
#[must_use]
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    let text = plain(text);
    let trimmed = text.trim_start();
    // Spreadsheets for East Asia take full-width signs for plain ones.
    let starts = ['=', '@', '+', '-', '＝', '＠', '＋', '－', '\u{2212}'];
    let formula = trimmed.starts_with(starts)
        && !(trimmed.len() > 1
            && trimmed.starts_with(['+', '-'])
            && trimmed[1..].chars().all(|c| c.is_ascii_digit() || c == ' '));
    if formula {
        Cow::Owned(format!("'{text}"))
    } else {
        text
    }
}

/// Text for the clipboard, to be pasted anywhere: as it is but for hostile
/// characters, which are marked. Line breaks (as `\n`) and tabs stay.
#[must_use]
pub fn clipboard(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut copied = String::with_capacity(text.len());
    for part in text.split_inclusive(['\n', '\t']) {
        let (words, end) = match part.strip_suffix(['\n', '\t']) {
            Some(words) => (words, &part[words.len()..]),
            None => (part, ""),
        };
        copied.push_str(&plain(words));
        copied.push_str(end);
    }
    copied
}

/// Whether a terminal, a log reader or the eye could be misled by `c`.
#[must_use]
pub fn is_hostile(c: char) -> bool {
    marked(c).is_some()
}

/// Whether some of the text is written from right to left.
#[must_use]
pub fn is_rtl(text: &str) -> bool {
    text.chars().any(judge::is_rtl)
}

fn is_simple(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || text.chars().all(judge::is_usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_borrowed_and_hostile_text_is_marked() {
        for good in [
            "Bamse & Kylling Ærø 山田",
            "שלום עולם",
            "हिन्दी",
            "ภาษาไทย",
            "김철수",
        ] {
            assert!(matches!(clean(good), Cow::Borrowed(_)), "{good}");
            assert!(matches!(plain(good), Cow::Borrowed(_)), "{good}");
        }
        for (hostile, shown) in [
            ("\u{1b}[2Jx\r\n", "␛[2Jx␍␊"),
            ("a\u{202e}b\u{200b}c\u{9b}d", "a\u{fffd}b\u{fffd}c\u{fffd}d"),
            ("\u{7f}\u{ad}\u{feff}\u{34f}", "␡\u{fffd}\u{fffd}\u{fffd}"),
            ("\u{e000}\u{378}\u{10ffff}", "\u{fffd}\u{fffd}\u{fffd}"),
            ("a\u{200d}b \u{2028}", "a\u{fffd}b \u{fffd}"),
            ("\u{3164}\u{115f}\u{2066}", "\u{fffd}\u{fffd}\u{fffd}"),
            ("4\u{fe0f}5", "4\u{fffd}5"),
        ] {
            assert_eq!(clean(hostile), shown, "{hostile:?}");
            assert_eq!(plain(hostile), shown, "{hostile:?}");
        }
    }

    #[test]
    fn text_takes_the_form_that_terminals_agree_on_and_files_keep_it() {
        for (text, shown) in [
            ("👨\u{200d}👩\u{200d}👧 Holm", "👨👩👧 Holm"),
            ("👍🏽", "👍"),
            ("❤\u{fe0f}\u{200d}🔥", "❤🔥"),
            ("1\u{fe0f}\u{20e3}", "1\u{20e3}"),
            ("🇩🇰 Aarhus", "DK Aarhus"),
            ("葛\u{e0100}城", "葛城"),
            ("علی\u{200c}رضا", "علیرضا"),
            ("jose\u{301}", "josé"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
            ("ｶﾞ", "ｶ゛"),
            ("\u{301}a", "◌\u{301}a"),
            ("\u{9be}ক\u{9be} \u{9be}", "◌\u{9be}ক\u{9be} ◌\u{9be}"),
        ] {
            assert_eq!(clean(text), shown, "{text:?}");
            assert_eq!(plain(text), text);
            assert_eq!(csv_cell(text), text);
        }
        let tower = format!("a{}b", "\u{334}".repeat(500));
        assert_eq!(clean(&tower), format!("a{}\u{fffd}b", "\u{334}".repeat(6)));
        assert_eq!(clean("\u{1161}"), "\u{fffd}");
    }

    #[test]
    fn long_text_is_cut_by_characters() {
        assert_eq!(clip("ærøskøbing", 4), "ærø…");
        assert_eq!(clip("ærø", 3), "ærø");
        assert_eq!(clip(&"e\u{301}".repeat(3), 3), "ééé");
        assert_eq!(clip(&"e\u{301}".repeat(4), 3), "éé…");
        assert_eq!(clip("\u{301}\u{301}", 1), "…");
    }

    #[test]
    fn formulas_are_disarmed_and_numbers_left_alone() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            (" =1+1", "' =1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("＝1+1", "'＝1+1"),
            ("＋1", "'＋1"),
            ("+", "'+"),
            ("+4535203040", "+4535203040"),
            ("-12", "-12"),
            ("\t=1", "␉=1"),
            ("\r=1", "␍=1"),
            ("\u{feff}=1", "\u{fffd}=1"),
        ] {
            assert_eq!(csv_cell(text), cell, "{text:?}");
        }
    }

    #[test]
    fn a_copy_keeps_its_lines() {
        assert_eq!(
            clipboard("+45 35\r\na\tb\r\u{1b}]52;c;x\u{7}\n👍🏽"),
            "+45 35\na\tb␍␛]52;c;x␇\n👍🏽"
        );
    }

    proptest::proptest! {
        #[test]
        fn nothing_hostile_is_left_and_twice_is_once(text in ".{0,60}") {
            let shown = clean(&text).into_owned();
            proptest::prop_assert!(!shown.chars().any(is_hostile), "{:?}", shown);
            proptest::prop_assert_eq!(&*clean(&shown), &shown);
            let kept = plain(&text).into_owned();
            proptest::prop_assert_eq!(&*plain(&kept), &kept);
        }
    }
}
