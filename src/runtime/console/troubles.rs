//! What stands between us and the journal. Reading it may work while writing
//! does not, so the end of one trouble is not that of the other.

use crate::{app::Answer, journal::JournalError};

/// Both troubles.
#[derive(Default)]
pub(super) struct Troubles {
    reading: Option<String>,
    collecting: Option<String>,
}

impl Troubles {
    /// It could be read, or not: what is to be shown, if that is news.
    pub fn reading(&mut self, trouble: Option<&JournalError>) -> Option<Answer> {
        let trouble = trouble.map(ToString::to_string);
        (trouble != self.reading).then(|| {
            self.reading = trouble;
            self.answer()
        })
    }

    /// What is to be shown of what the collector tells. Of all else than its
    /// trouble that is what it told.
    pub fn collecting(&mut self, told: Answer) -> Answer {
        self.collecting = match told {
            Answer::JournalTrouble(what) => Some(what),
            Answer::JournalFine => None,
            other => return other,
        };
        self.answer()
    }

    fn answer(&self) -> Answer {
        match self.reading.as_ref().or(self.collecting.as_ref()) {
            Some(what) => Answer::JournalTrouble(what.clone()),
            None => Answer::JournalFine,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_one_trouble_is_not_that_of_another() {
        let mut troubles = Troubles::default();
        let closed = JournalError::Closed {
            path: "there".into(),
        };
        let reads = closed.to_string();
        let trouble = |what: &str| Answer::JournalTrouble(what.into());
        assert_eq!(troubles.reading(Some(&closed)), Some(trouble(&reads)));
        assert_eq!(troubles.reading(Some(&closed)), None, "it is known");
        assert_eq!(troubles.collecting(trouble("write")), trouble(&reads));
        assert_eq!(troubles.reading(None), Some(trouble("write")));
        assert_eq!(
            troubles.collecting(Answer::Refreshing(1)),
            Answer::Refreshing(1)
        );
        assert_eq!(
            troubles.collecting(Answer::JournalFine),
            Answer::JournalFine
        );
    }
}
