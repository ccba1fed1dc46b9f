//! Text measured in terminal cells, by grapheme cluster, so that wide and
//! combining characters keep columns straight. Text is cleaned on the way.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::text::{MARK, clean};

/// The cells this text takes, once cleaned.
#[must_use]
pub fn width(text: &str) -> usize {
    clean(text).width()
}

/// The text cleaned and cut to at most `cells`, an ellipsis at the cut.
#[must_use]
pub fn fit(text: &str, cells: usize) -> Cow<'_, str> {
    // A name of a megabyte costs no more than one of a line.
    let longest = text.char_indices().nth(cells.saturating_mul(8) + 64);
    let (text, whole) = longest.map_or((text, true), |(end, _)| (&text[..end], false));
    let text = clean(text);
    if whole && text.width() <= cells {
        return text;
    }
    let mut fitted = String::new();
    for cluster in text.graphemes(true) {
        let before = fitted.len();
        fitted.push_str(cluster);
        // Measured whole: some clusters change the width of the one before.
        if fitted.width() + 1 > cells {
            fitted.truncate(before);
            break;
        }
    }
    if cells > 0 {
        fitted.push('…');
    }
    Cow::Owned(fitted)
}

/// The text cleaned, cut to `cells` and filled with blanks, at the right end
/// or (for numbers) the left.
#[must_use]
pub fn pad(text: &str, cells: usize, right: bool) -> String {
    let text = fit(text, cells);
    let blanks = " ".repeat(cells.saturating_sub(text.width()));
    if right {
        blanks + &text
    } else {
        text.into_owned() + &blanks
    }
}

/// The text cleaned and broken into lines of at most `cells`, at blanks where
/// there are any.
#[must_use]
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(1);
    let mut lines = vec![String::new()];
    for word in clean(text).split_word_bounds() {
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
                let fits = cluster.width() <= cells;
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

/// Appends to the last line if that stays within `cells`. Measured whole: some
/// clusters change the width of the one before.
fn append(lines: &mut [String], text: &str, cells: usize) -> bool {
    let Some(line) = lines.last_mut() else {
        return false;
    };
    let before = line.len();
    line.push_str(text);
    let fits = line.width() <= cells;
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
        fn nothing_is_ever_wider_than_asked(text in "\\PC{0,60}", cells in 2usize..30) {
            proptest::prop_assert!(fit(&text, cells).width() <= cells);
            proptest::prop_assert_eq!(pad(&text, cells, true).width(), cells);
            for line in wrap(&text, cells) {
                proptest::prop_assert!(line.width() <= cells);
            }
        }
    }
}
