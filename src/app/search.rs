//! The words that rows must have, in any column and any order, without regard
//! to case and accents.

use super::field::Field;
use crate::domain::text;

/// What is typed, and whether it still is being typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// The words.
    pub field: Field,
    /// Whether keys go into the field.
    pub typing: bool,
}

/// The words, ready to be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Vec<String>);

/// These will mean something in a word one day.
const RESERVED: [char; 5] = [':', '<', '>', '!', '~'];

impl Search {
    /// Whether its line is on the screen.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.typing || self.is_on()
    }

    /// Whether it leaves anything out.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !self.field.value().trim().is_empty()
    }

    /// The words that count.
    #[must_use]
    pub fn words(&self) -> Words {
        let words = self.field.value().split_whitespace();
        let plain = words.filter(|word| !word.contains(RESERVED));
        Words(plain.map(|word| text::fold(word).into_owned()).collect())
    }

    /// What of it does not count, and why.
    #[must_use]
    pub fn mistake(&self) -> Option<String> {
        let mut words = self.field.value().split_whitespace();
        let word = words.find(|word| word.contains(RESERVED))?;
        let word = text::clip(word, 20);
        Some(format!(
            "\"{word}\" is left out: : < > ! ~ are kept for a query language to come"
        ))
    }

    /// Finds everything again.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Words {
    /// Whether everything has them.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that none of these texts has.
    #[must_use]
    pub fn beyond(&self, texts: &[&str]) -> Self {
        let folded: Vec<_> = texts.iter().map(|text| text::fold(text)).collect();
        let words = self.0.iter();
        let missing = words.filter(|word| !folded.iter().any(|text| text.contains(*word)));
        Self(missing.cloned().collect())
    }

    /// Whether each of them is in one of these texts, empty ones aside.
    #[must_use]
    pub fn are_among<const N: usize>(&self, texts: [&str; N]) -> bool {
        if self.is_empty() {
            return true;
        }
        let folded = texts.map(text::fold);
        let mut words = self.0.iter();
        words.all(|word| folded.iter().any(|text| text.contains(word.as_str())))
    }

    /// Whether a text has all of them; the text is folded already
    /// ([`text::fold`]).
    #[must_use]
    pub fn are_in(&self, folded: &str) -> bool {
        self.0.iter().all(|word| folded.contains(word.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(typed: &str) -> Search {
        Search {
            field: Field::new(typed),
            typing: false,
        }
    }

    #[test]
    fn all_words_must_be_there_in_any_order() {
        let words = search("HOLM  anna").words();
        assert!(words.are_in(&text::fold("Anna Holm +45 35 20 30 40")));
        assert!(!words.are_in(&text::fold("Anna Vig")));
        assert!(words.are_among(["Vig", "Anna", "", "HØLM"]));
        assert!(!words.are_among(["Anna", "Vig"]));
        let rest = words.beyond(&["Anna's"]);
        assert!(rest.are_among(["Holm"]) && !rest.are_among(["Anna"]));
        assert!(words.beyond(&["holm", "anna"]).are_among([]));
        assert!(search(" ").words().is_empty());
    }

    #[test]
    fn signs_of_the_language_to_come_are_left_out_and_said_so() {
        let search = search("anna wait>60");
        assert!(search.words().are_in("anna"));
        assert!(search.mistake().unwrap().starts_with("\"wait>60\""));
    }
}
