//! What a search compares: case, accents and compatibility forms folded away,
//! so that `jose` finds `José` and `strasse` finds `Straße`. Letters of other
//! scripts stay themselves. Never shown, never stored.

use std::borrow::Cow;

use icu_normalizer::DecomposingNormalizerBorrowed;

use super::is_hostile;

/// So many characters of a text are looked at: a name of a megabyte must not
/// make each key that is typed into a search cost a megabyte.
const LONGEST: usize = 2_000;

/// The text as a search compares it, both what is typed and where it is looked
/// for: small letters, without accents, points and what nobody can see; full
/// and half widths, ligatures and superscripts as plain letters; letters that
/// take an accent's place in a language spelled out (`ß` as `ss`, `ø` as `o`,
/// `æ` as `ae`). Only the first 2,000 characters count. Borrowed where nothing
/// had to change.
#[must_use]
pub fn fold(text: &str) -> Cow<'_, str> {
    let long = text.len() > LONGEST;
    let end = long.then(|| text.char_indices().nth(LONGEST)).flatten();
    let text = end.map_or(text, |(end, _)| &text[..end]);
    if text.bytes().all(is_folded) {
        return Cow::Borrowed(text);
    }
    if text.is_ascii() {
        let shown = text.chars().filter(|c| !c.is_ascii_control());
        return Cow::Owned(shown.map(|c| c.to_ascii_lowercase()).collect());
    }
    let mut folded = String::with_capacity(text.len());
    let letters = DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(text.chars());
    for c in letters.flat_map(char::to_lowercase) {
        if !is_accent(c) && !is_hostile(c) {
            push(&mut folded, c);
        }
    }
    Cow::Owned(folded)
}

/// Whether folding leaves this byte of an ASCII text alone.
fn is_folded(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !byte.is_ascii_uppercase()
}

/// Marks that the writers of a language leave out when in a hurry: accents of
/// Latin, Greek and Cyrillic, the points of Hebrew and Arabic, and what
/// stretches an Arabic word. Vowels of the scripts of India are no accents.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}')
}

/// Letters, dashes and quotes that no decomposition takes apart.
fn push(folded: &mut String, c: char) {
    match c {
        'ß' => folded.push_str("ss"),
        'æ' => folded.push_str("ae"),
        'œ' => folded.push_str("oe"),
        'þ' => folded.push_str("th"),
        'ø' => folded.push('o'),
        'ð' | 'đ' => folded.push('d'),
        'ł' => folded.push('l'),
        'ħ' => folded.push('h'),
        'ı' => folded.push('i'),
        'ŋ' => folded.push('n'),
        'ŧ' => folded.push('t'),
        'ς' => folded.push('σ'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => folded.push('-'),
        '‘' | '’' | 'ʼ' => folded.push('\''),
        '“' | '”' => folded.push('"'),
        c => folded.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether somebody who types this finds that.
    fn finds(typed: &str, there: &str) -> bool {
        fold(there).contains(&*fold(typed))
    }

    #[test]
    fn accents_and_forms_are_no_matter() {
        for (typed, there) in [
            ("jose", "José Núñez"),
            ("jose", "JOSE\u{301}"),
            ("JOSÉ", "jose"),
            ("strasse", "Hauptstraße 7"),
            ("STRASSE", "GROẞE STRAẞE"),
            ("muller", "Müller"),
            ("soren", "Søren Ærøskøbing"),
            ("aero", "Søren Ærøskøbing"),
            ("lodz", "Łódź"),
            ("istanbul", "İstanbul"),
            ("isik", "Işık"),
            ("nguyen", "Nguyễn"),
            ("+4535", "＋４５３５ ２０"),
            ("office", "o\u{fb03}ce"),
            ("ok", "ｏｋ"),
            ("カ", "ｶ"),
            ("o'brien", "O’Brien"),
            ("jean-luc", "Jean\u{2011}Luc"),
            ("support", "sup\u{200b}p\u{ad}ort"),
        ] {
            assert!(finds(typed, there), "{typed} in {there}: {}", fold(there));
        }
    }

    #[test]
    fn other_scripts_are_found_as_themselves() {
        for (typed, there, other) in [
            ("иван", "Иван Петров", "Ivan Petrov"),
            ("алексеи", "Алексей", "Aleksei"),
            ("αθηνα", "ΑΘΉΝΑ", "Athina"),
            ("οδυσσευσ", "Οδυσσεύς", "Odysseus"),
            ("山田", "山田太郎", "山口太郎"),
            ("김", "김철수", "박철수"),
            ("محمد", "مُحَمَّد علي", "Mohammad"),
            ("שלום", "שָׁלוֹם", "shalom"),
            ("हिन्दी", "हिन्दी", "हन्द"),
            ("ไทย", "ภาษาไทย", "Thai"),
        ] {
            assert!(finds(typed, there), "{typed} in {there}: {}", fold(there));
            assert!(!finds(typed, other), "{typed} in {other}");
        }
    }

    #[test]
    fn plain_text_is_borrowed_and_a_megabyte_costs_a_line() {
        assert!(matches!(fold("+45 35 20 30 40 support"), Cow::Borrowed(_)));
        assert_eq!(fold(&"Å".repeat(1_000_000)).len(), LONGEST);
    }

    proptest::proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,80}") {
            let once = fold(&text).into_owned();
            proptest::prop_assert_eq!(&*fold(&once), &once);
        }
    }
}
