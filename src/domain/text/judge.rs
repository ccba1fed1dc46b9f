//! Which characters of a text may be shown as they are, which only shape their
//! neighbours, and which are hostile. Looks at neighbours, knows no outlet.

use std::iter::Peekable;

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{
        BidiClass, DefaultIgnorableCodePoint, Emoji, EmojiModifierBase, GeneralCategory,
        UnifiedIdeograph,
    },
};

/// What stands for a character that is marked rather than shown.
pub const MARK: char = '\u{fffd}';

const JOINER: char = '\u{200d}';
const NON_JOINER: char = '\u{200c}';

/// What a character is, where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// To be shown.
    Plain(char),
    /// Changes the look of its neighbours and says nothing by itself: the
    /// joints of a family of emoji, a skin tone, which of two forms a letter
    /// takes. Where a language has no use for it, it is hostile.
    Shape(char),
    /// Hostile; this stands for it.
    Mark(char),
}

/// The verdict on each character of a text.
pub(super) fn verdicts(text: &str) -> impl Iterator<Item = Verdict> {
    Walk {
        rest: text.chars().peekable(),
        base: None,
        shape: None,
    }
}

struct Walk<I: Iterator<Item = char>> {
    rest: Peekable<I>,
    /// The last plain character, if only shapes came since.
    base: Option<char>,
    /// The last shape since.
    shape: Option<char>,
}

impl<I: Iterator<Item = char>> Iterator for Walk<I> {
    type Item = Verdict;

    fn next(&mut self) -> Option<Verdict> {
        let c = self.rest.next()?;
        let after = self.rest.peek().copied();
        if self
            .base
            .is_some_and(|base| shapes(base, self.shape, c, after))
        {
            self.shape = Some(c);
            return Some(Verdict::Shape(c));
        }
        self.shape = None;
        let mark = marked(c);
        self.base = mark.is_none().then_some(c);
        Some(mark.map_or(Verdict::Plain(c), Verdict::Mark))
    }
}

/// Whether `c` has a use for its neighbours here.
fn shapes(base: char, shape: Option<char>, c: char, after: Option<char>) -> bool {
    match c {
        '\u{fe0e}' | '\u{fe0f}' if shape.is_none() => {
            is_emoji(base) || (is_key(base) && after == Some('\u{20e3}'))
        }
        '\u{fe00}'..='\u{fe0d}' | '\u{e0100}'..='\u{e01ef}' if shape.is_none() => {
            CodePointSetData::new::<UnifiedIdeograph>().contains(base)
        }
        '\u{1f3fb}'..='\u{1f3ff}' if shape.is_none() => {
            CodePointSetData::new::<EmojiModifierBase>().contains(base)
        }
        JOINER if shape != Some(JOINER) && is_emoji(base) => after.is_some_and(is_emoji),
        JOINER | NON_JOINER if shape.is_none() => {
            uses_joiners(base) && after.is_some_and(uses_joiners)
        }
        _ => false,
    }
}

fn is_emoji(c: char) -> bool {
    !c.is_ascii() && CodePointSetData::new::<Emoji>().contains(c)
}

/// What stands on a keycap.
fn is_key(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '#' | '*')
}

/// Scripts whose spelling has joiners and non-joiners: Arabic and its kin,
/// those of India, Burmese, Khmer, Mongolian.
fn uses_joiners(c: char) -> bool {
    matches!(c,
        '\u{600}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{18af}')
        && marked(c).is_none()
}

/// Whether `c` is of nearly all text there is, or of the lines that frames are
/// made of: shown as it is, in a cell of its own. Asked of all that is drawn,
/// so that no table is looked into for it.
pub(super) fn is_usual(c: char) -> bool {
    matches!(c,
        ' '..='~' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{2500}'..='\u{259f}')
}

/// The mark that replaces `c` where it shapes nothing, if it must not be shown
/// as it is.
pub(super) fn marked(c: char) -> Option<char> {
    match c {
        c if is_usual(c) => return None,
        '\0'..='\u{1f}' => return char::from_u32(0x2400 + c as u32),
        '\u{7f}' => return Some('\u{2421}'),
        _ => {}
    }
    let hidden = match category(c) {
        // C1 controls (some terminals obey U+009B as CSI); soft hyphens, zero
        // width, bidi controls, tags; line separators; what no two terminals
        // agree on; what is no letter yet.
        GeneralCategory::Control
        | GeneralCategory::Format
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator
        | GeneralCategory::PrivateUse
        | GeneralCategory::Surrogate
        | GeneralCategory::Unassigned => true,
        // Fillers, joiners of marks, variation selectors.
        _ => CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c),
    };
    hidden.then_some(MARK)
}

/// The general category, by the Unicode tables of ICU.
pub(super) fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

/// Whether `c` takes no cell of its own: it stands over or under another.
pub(in crate::domain) fn is_mark(c: char) -> bool {
    !is_usual(c)
        && matches!(
            category(c),
            GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark
        )
}

/// Whether a character is a vowel or the like that stands beside its letter
/// and is nothing without it: a cell of its own for most terminals, a part of
/// the letter's for some.
#[must_use]
pub fn leans(c: char) -> bool {
    // The first of them is of Devanagari.
    c >= '\u{900}' && category(c) == GeneralCategory::SpacingMark
}

/// Whether `c` is written from right to left.
pub(super) fn is_rtl(c: char) -> bool {
    // The first of them is Hebrew.
    c >= '\u{590}'
        && matches!(
            CodePointMapData::<BidiClass>::new().get(c),
            BidiClass::RightToLeft | BidiClass::ArabicLetter | BidiClass::ArabicNumber
        )
}
