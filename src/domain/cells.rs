//! Text measured in terminal cells, so that wide and combining characters keep
//! columns straight. Text is cleaned on the way.
//!
//! A cell holds one character and the marks on it: that is how most terminals
//! count. Those that know more (a conjunct of Devanagari, a letter with its
//! vowel) may need less room than is kept here, none needs more.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

use super::text::{MARK, ascii, clean, is_mark, is_rtl, leans};

/// No more characters of a text are laid out in lines: a name of a megabyte
/// costs no more than a page.
const PAGE: usize = 20_000;

/// Ends text that is written from right to left, so that a terminal which
/// reorders lines does not draw the numbers behind it to the other side of it.
const LEFT_TO_RIGHT: char = '\u{200e}';

/// The cells this text takes, once cleaned.
#[must_use]
pub fn width(text: &str) -> usize {
    wide(&clean(text))
}

/// The text cleaned and cut to at most `cells`, an ellipsis at the cut.
#[must_use]
pub fn fit(text: &str, cells: usize) -> Cow<'_, str> {
    let (text, whole) = head(text, cells);
    cut(clean(text), whole, cells, "…")
}

/// [`fit`] for terminals without Unicode: the text in ASCII, a full stop at
/// the cut.
#[must_use]
pub fn fit_ascii(text: &str, cells: usize) -> Cow<'_, str> {
    let (text, whole) = head(text, cells);
    let text = match clean(text) {
        Cow::Borrowed(text) => ascii(text),
        Cow::Owned(text) => Cow::Owned(ascii(&text).into_owned()),
    };
    cut(text, whole, cells, ".")
}

/// The text cleaned, cut to `cells` and filled with blanks, at the right end
/// or (for numbers) the left.
#[must_use]
pub fn pad(text: &str, cells: usize, right: bool) -> String {
    let text = fit(text, cells);
    let blanks = " ".repeat(cells.saturating_sub(wide(&text)));
    if right {
        blanks + &text
    } else {
        text.into_owned() + &blanks
    }
}

/// The text cleaned and broken into lines of at most `cells`, at blanks where
/// there are any; an ellipsis where there are more than some pages of it.
#[must_use]
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(1);
    let mut lines = vec![String::new()];
    let end = text.char_indices().nth(PAGE);
    let mut text = clean(end.map_or(text, |(end, _)| &text[..end]));
    if end.is_some() {
        text.to_mut().push('…');
    }
    for word in words(&text) {
        if append(&mut lines, word, cells) {
            continue;
        }
        lines.push(String::new());
        // The blank at which a line breaks is not carried over.
        if word.trim().is_empty() || append(&mut lines, word, cells) {
            continue;
        }
        for cluster in word.graphemes(true) {
            if !append(&mut lines, cluster, cells) {
                let fits = wide(cluster) <= cells;
                lines.push(if fits {
                    cluster.to_owned()
                } else {
                    MARK.to_string()
                });
            }
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines.dedup_by(|a, b| a.is_empty() && b.is_empty());
    if lines.len() > 1 && lines[0].is_empty() {
        lines.remove(0);
    }
    lines
}

/// Blanks, and what stands between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let blank = rest.chars().next()?.is_whitespace();
        let end = rest.find(|c: char| c.is_whitespace() != blank);
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(word)
    })
}

/// What stands in each cell of cleaned text, and how many cells it takes.
pub fn split(clean: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut rest = clean;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| !is_mark(*c))
            .map_or(rest.len(), |(at, _)| at);
        let (cell, behind) = rest.split_at(end);
        rest = behind;
        Some((cell, room(first).max(1)))
    })
}

/// What must stand behind cleaned text in a row with other columns: nothing,
/// or a mark of direction. Most terminals show all text from left to right;
/// of those that reorder a line (VTE, Konsole, Terminal.app, mlterm, PuTTY)
/// the ones that heed this mark keep each column in its place. Isolates would
/// be what Unicode asks for, but fewer know them, and one that is cut off
/// takes the rest of the line with it.
#[must_use]
pub fn turn(clean: &str) -> Option<char> {
    is_rtl(clean).then_some(LEFT_TO_RIGHT)
}

/// The start of a text, long enough to fill `cells`, and whether that is all
/// of it: a name of a megabyte costs no more than one of a line.
fn head(text: &str, cells: usize) -> (&str, bool) {
    let longest = text.char_indices().nth(cells.saturating_mul(8) + 64);
    longest.map_or((text, true), |(end, _)| (&text[..end], false))
}

/// Cut between clusters.
fn cut<'t>(text: Cow<'t, str>, whole: bool, cells: usize, ellipsis: &str) -> Cow<'t, str> {
    if whole && wide(&text) <= cells {
        return text;
    }
    let mut fitted = String::new();
    let mut taken = 0;
    for cluster in text.graphemes(true) {
        taken += wide(cluster);
        if taken + 1 > cells {
            break;
        }
        fitted.push_str(cluster);
    }
    if cells > 0 {
        fitted.push_str(ellipsis);
    }
    Cow::Owned(fitted)
}

fn wide(clean: &str) -> usize {
    clean.chars().map(room).sum()
}

/// The most cells that a terminal gives to a character of cleaned text.
fn room(c: char) -> usize {
    match c {
        // Nearly all text there is, and the lines that frames are made of.
        '\0'..='\u{2ff}' | '\u{2500}'..='\u{259f}' => return 1,
        '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => return 2,
        _ => {}
    }
    if is_mark(c) {
        return 0;
    }
    // Part of the letter before for some terminals, a cell for most.
    if leans(c) {
        return 1;
    }
    c.width().unwrap_or(1).max(1)
}

/// Appends to the last line if that stays within `cells`.
fn append(lines: &mut [String], text: &str, cells: usize) -> bool {
    let Some(line) = lines.last_mut() else {
        return false;
    };
    let before = line.len();
    line.push_str(text);
    let fits = wide(line) <= cells;
    if !fits {
        line.truncate(before);
    }
    fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_text_is_cut_between_clusters() {
        assert_eq!(fit("山田太郎", 8), "山田太郎");
        assert_eq!(fit("山田太郎", 6), "山田…");
        assert_eq!(fit("山田太郎", 0), "");
        assert_eq!(pad("山田太郎", 6, false), "山田… ");
        assert_eq!(pad("7", 3, true), "  7");
        assert_eq!(width("e\u{301}"), 1);
    }

    #[test]
    fn every_script_has_the_room_that_most_terminals_give_it() {
        for (text, cells) in [
            ("שלום", 4),
            ("سلام", 4),
            ("مُحَمَّد", 4),
            ("क्षि", 3),
            ("राजा", 4),
            ("ராஜா", 4),
            ("ไทยน้ำ", 5),
            ("한국어", 6),
            ("👨\u{200d}👩\u{200d}👧", 6),
            ("👍🏽", 2),
            ("🇩🇰", 2),
            ("ｱｲ", 2),
            ("☎\u{fe0f}", 1),
            ("\u{200b}\t", 2),
        ] {
            assert_eq!(width(text), cells, "{text}");
        }
    }

    #[test]
    fn a_cell_is_a_character_and_the_marks_on_it() {
        let cells: Vec<_> = split("aน้ำ山").collect();
        assert_eq!(cells, [("a", 1), ("น้", 1), ("ำ", 1), ("山", 2)]);
        assert_eq!(split("\u{301}").collect::<Vec<_>>(), [("\u{301}", 1)]);
    }

    #[test]
    fn only_text_from_right_to_left_is_turned_back() {
        assert_eq!(turn("Ærø 山田 7"), None);
        assert_eq!(turn("Hotel שלום"), Some('\u{200e}'));
        assert_eq!(turn("سلام"), Some('\u{200e}'));
    }

    #[test]
    fn a_megabyte_costs_a_page() {
        let name = "山 ".repeat(500_000);
        assert_eq!(wide(&fit(&name, 10)), 10);
        let lines = wrap(&name, 40);
        assert_eq!(lines.len(), 770);
        assert!(lines.last().unwrap().ends_with('…'));
        assert_eq!(fit_ascii(&"ß".repeat(1_000_000), 5), "ssss.");
    }

    #[test]
    fn sentences_wrap_at_blanks_and_long_words_anywhere() {
        assert_eq!(
            wrap("the token is refused", 10),
            ["the token", "is refused"]
        );
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 4), [""]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_ever_wider_than_asked(text in ".{0,60}", cells in 2usize..30) {
            let fitted = fit(&text, cells);
            proptest::prop_assert!(wide(&fitted) <= cells);
            proptest::prop_assert_eq!(split(&fitted).map(|(_, cells)| cells).sum::<usize>(), wide(&fitted));
            proptest::prop_assert!(fit_ascii(&text, cells).len() <= cells);
            proptest::prop_assert_eq!(wide(&pad(&text, cells, true)), cells);
            for line in wrap(&text, cells) {
                proptest::prop_assert!(wide(&line) <= cells);
            }
        }
    }
}
