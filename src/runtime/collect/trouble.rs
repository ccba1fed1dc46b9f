//! Tells what stands between us and the journal: once, and once that it is
//! over.

use std::time::Duration;

use tokio::{sync::mpsc, time::Instant};

use crate::{app::Answer, journal::JournalError};

/// So long after trouble something that was written means that it is over.
const CALM: Duration = Duration::from_secs(5);

/// Tells journal trouble once, and once that it is over.
pub(super) struct Trouble {
    say: mpsc::UnboundedSender<Answer>,
    standing: Option<String>,
    last: Instant,
}

impl Trouble {
    /// None yet.
    pub fn new(say: mpsc::UnboundedSender<Answer>) -> Self {
        Self {
            say,
            standing: None,
            last: Instant::now(),
        }
    }

    pub fn tell(&mut self, error: &JournalError) {
        let error = error.to_string();
        self.last = Instant::now();
        if self.standing.as_ref() == Some(&error) {
            return;
        }
        tracing::error!("{error}");
        let _ = self.say.send(Answer::JournalTrouble(error.clone()));
        self.standing = Some(error);
    }

    /// Whether there is any that was told.
    pub fn stands(&self) -> bool {
        self.standing.is_some()
    }

    /// Something was written. That a small thing was does not end the trouble
    /// of larger ones, which are tried again before long.
    pub fn over(&mut self) {
        if self.last.elapsed() >= CALM {
            self.end();
        }
    }

    /// What stood in the way does so no more.
    pub fn end(&mut self) {
        if self.standing.take().is_some() {
            let _ = self.say.send(Answer::JournalFine);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn trouble_that_goes_on_is_told_once_and_so_is_its_end() {
        let (say, mut said) = mpsc::unbounded_channel();
        let mut trouble = Trouble::new(say);
        let closed = JournalError::Closed {
            path: "journal".into(),
        };
        for _ in 0..3 {
            trouble.tell(&closed);
            tokio::time::advance(Duration::from_secs(2)).await;
            trouble.over();
        }
        tokio::time::advance(CALM).await;
        trouble.over();
        trouble.over();
        assert!(matches!(said.try_recv(), Ok(Answer::JournalTrouble(_))));
        assert_eq!(said.try_recv(), Ok(Answer::JournalFine));
        assert!(said.try_recv().is_err());
    }
}
