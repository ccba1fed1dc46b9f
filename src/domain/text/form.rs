//! The form of a text whose width all terminals agree on, as far as there is
//! one. Same meaning, plainer look; for screens and tables, never for files.

use icu_normalizer::ComposingNormalizerBorrowed;

use super::judge::{MARK, Verdict, is_mark, leans, verdicts};

/// So many marks may stand on one letter; Tibetan needs the most. More are a
/// tower that reaches into the lines above.
const MARKS: usize = 6;
/// Carries a mark that has no letter to stand on, or it would stand on what
/// is beside the text.
const CARRIER: char = '\u{25cc}';

/// The text in that form, hostile characters marked:
///
/// * an emoji of several (a family, a person with a skin tone) becomes those
///   it is made of, without what shapes them: terminals show anything from
///   two cells to ten for it;
/// * a flag becomes its letters;
/// * letters and marks become one letter where there is one, so do the parts
///   of a Korean syllable;
/// * a mark or a vowel without a letter stands on a dotted circle, and marks
///   above the sixth are told by one sign.
pub(super) fn of(text: &str) -> String {
    let plain: String = verdicts(text)
        .filter_map(|verdict| match verdict {
            Verdict::Plain(c) => Some(spelled(c)),
            Verdict::Shape(_) => None,
            Verdict::Mark(mark) => Some(mark),
        })
        .collect();
    // Only then: composing also gives some ideographs another look.
    if !plain.chars().any(|c| is_mark(c) || leans(c) || is_jamo(c)) {
        return plain;
    }
    stacked(&ComposingNormalizerBorrowed::new_nfc().normalize(&plain))
}

/// A character that has a plainer spelling.
fn spelled(c: char) -> char {
    match c {
        '\u{1f1e6}'..='\u{1f1ff}' => {
            char::from_u32(c as u32 - 0x1_f1e6 + u32::from(b'A')).unwrap_or(MARK)
        }
        // No cell for some, one for others.
        '\u{ff9e}' => '\u{309b}',
        '\u{ff9f}' => '\u{309c}',
        c => c,
    }
}

/// Vowels and ends of Korean syllables.
fn is_jamo(c: char) -> bool {
    matches!(c, '\u{1160}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7ff}')
}

/// Marks stand on letters, and not too many.
fn stacked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let (mut has_base, mut is_blank, mut marks) = (false, false, 0);
    for c in text.chars() {
        if is_mark(c) {
            marks += 1;
            if !has_base {
                shown.push(CARRIER);
                has_base = true;
            }
            match marks.cmp(&(MARKS + 1)) {
                std::cmp::Ordering::Less => shown.push(c),
                std::cmp::Ordering::Equal => shown.push(MARK),
                std::cmp::Ordering::Greater => {}
            }
            continue;
        }
        if leans(c) && (is_blank || !has_base) {
            shown.push(CARRIER);
        }
        // What is left of a syllable that does not compose has no width.
        let c = if is_jamo(c) { MARK } else { c };
        has_base = c != MARK && !('\u{2400}'..='\u{2421}').contains(&c);
        is_blank = c.is_whitespace();
        marks = 0;
        shown.push(c);
    }
    shown
}
