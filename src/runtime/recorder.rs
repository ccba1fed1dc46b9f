//! Puts what people do on record: one act after the other, in the order in
//! which they were done, and all of them before the console is left.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{
        mpsc::{self, UnboundedReceiver, UnboundedSender},
        oneshot,
    },
    task::JoinHandle,
    time::timeout,
};

use crate::{
    app::Answer,
    domain::{entry::NewEntry, text::clean},
    journal::Journal,
};

/// An act that is not on record after this is told of.
const PATIENCE: Duration = Duration::from_secs(5);
/// What is said of it then; it goes on.
const NOT_YET: &str = "the journal is slow, so this is not on record yet; it is still being \
                       written";

/// Writes acts into a journal, aside.
pub struct Recorder {
    acts: UnboundedSender<(NewEntry, Recorded)>,
    note: UnboundedSender<Answer>,
    owed: Owed,
    task: JoinHandle<()>,
}

/// What was done and is not on record. Clones are of the same.
#[derive(Clone, Debug, Default)]
pub struct Owed(Arc<Mutex<Debt>>);

#[derive(Debug, Default)]
struct Debt {
    /// Acts that wait to be written.
    waiting: usize,
    /// Acts that could not be written since `finish` was called, and why the
    /// last one could not: the console that would have shown it is gone.
    failed: usize,
    why: String,
    leaving: bool,
}

impl Owed {
    /// The same in one sentence; `None` where nothing is owed.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        let debt = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let acts = |n| match n {
            1 => "what you did last".to_owned(),
            n => format!("the last {n} things you did"),
        };
        match (debt.waiting, debt.failed) {
            (0, 0) => None,
            (0, failed) => Some(format!(
                "{} could not be put on record: {}",
                acts(failed),
                clean(&debt.why)
            )),
            (waiting, failed) => Some(format!(
                "the journal is slow, and {} may not be on record; look with `holdline events \
                 -n 20`, and at the disk the journal lies on",
                acts(waiting + failed)
            )),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Debt)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Dropped once it is known what became of an act.
type Recorded = oneshot::Sender<()>;

impl Recorder {
    /// Begins; says on `note` what could not be put on record.
    #[must_use]
    pub fn start(journal: Journal, note: UnboundedSender<Answer>) -> Self {
        let (acts, done) = mpsc::unbounded_channel();
        let owed = Owed::default();
        Self {
            acts,
            task: tokio::spawn(write(journal, done, note.clone(), owed.clone())),
            note,
            owed,
        }
    }

    /// Puts this on record; does not wait for it.
    pub fn record(&self, entry: NewEntry) {
        let (recorded, known) = oneshot::channel();
        self.owed.change(|debt| debt.waiting += 1);
        if self.acts.send((entry, recorded)).is_err() {
            return;
        }
        let note = self.note.clone();
        tokio::spawn(async move {
            if timeout(PATIENCE, known).await.is_err() {
                let _ = note.send(Answer::NotRecorded(NOT_YET.to_owned()));
            }
        });
    }

    /// What is not on record, now and later.
    #[must_use]
    pub fn owed(&self) -> Owed {
        self.owed.clone()
    }

    /// Waits until all is on record, or could not be put there, which
    /// [`Owed::words`] then says.
    pub async fn finish(self) {
        self.owed.change(|debt| debt.leaving = true);
        drop(self.acts);
        let _ = self.task.await;
    }
}

async fn write(
    journal: Journal,
    mut acts: UnboundedReceiver<(NewEntry, Recorded)>,
    note: UnboundedSender<Answer>,
    owed: Owed,
) {
    while let Some((entry, recorded)) = acts.recv().await {
        let wrote = journal.append(vec![entry]).await;
        owed.change(|debt| {
            debt.waiting = debt.waiting.saturating_sub(1);
            if let (Err(error), true) = (&wrote, debt.leaving) {
                debt.failed += 1;
                debt.why = error.to_string();
            }
        });
        if let Err(error) = wrote {
            let _ = note.send(Answer::NotRecorded(error.to_string()));
        }
        drop(recorded);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        entry::What,
        time::At,
        triage::{Act, Deed, Subject},
    };

    fn act(id: usize) -> NewEntry {
        NewEntry {
            at: At(0),
            site: "outbound".into(),
            dedupe: None,
            what: What::Act(Act {
                subject: Subject {
                    site: "outbound".into(),
                    id: id.to_string().as_str().into(),
                },
                also: [].into(),
                customer: None,
                who: "anna".into(),
                deed: Deed::Release,
            }),
        }
    }

    fn recorded(journal: &Journal) -> Vec<String> {
        let entries = journal.read(0, 1_000).unwrap();
        let id = |what: &What| match what {
            What::Act(act) => Some(act.subject.id.to_string()),
            _ => None,
        };
        entries.iter().filter_map(|entry| id(&entry.what)).collect()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn all_is_on_record_in_order_when_the_console_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        let (note, mut noted) = mpsc::unbounded_channel();
        let recorder = Recorder::start(journal.clone(), note);
        for id in 0..200 {
            recorder.record(act(id));
        }
        recorder.finish().await;
        let expected: Vec<String> = (0..200).map(|id: usize| id.to_string()).collect();
        assert_eq!(recorded(&journal), expected);
        assert!(noted.try_recv().is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn what_takes_long_is_told_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        let (note, mut noted) = mpsc::unbounded_channel();
        // Another program holds the journal.
        let held = rusqlite::Connection::open(folder.path().join("journal.db")).unwrap();
        held.execute_batch("BEGIN IMMEDIATE").unwrap();
        let recorder = Recorder::start(journal.clone(), note);
        recorder.record(act(1));
        recorder.record(act(2));
        for _ in 0..2 {
            let told = noted.recv().await;
            assert_eq!(told, Some(Answer::NotRecorded(NOT_YET.to_owned())));
        }
        drop(held);
        let owed = recorder.owed();
        recorder.finish().await;
        assert_eq!(recorded(&journal), ["1", "2"]);
        assert_eq!(owed.words(), None);
    }

    #[tokio::test]
    async fn who_leaves_is_told_what_is_not_on_record() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        let (note, _noted) = mpsc::unbounded_channel();
        let recorder = Recorder::start(journal.clone(), note);
        let owed = recorder.owed();
        std::fs::remove_file(folder.path().join("journal.db")).unwrap();
        recorder.record(act(1));
        recorder.record(act(2));
        let told = owed.words().unwrap();
        assert!(
            told.starts_with("the journal is slow, and the last 2"),
            "{told}"
        );
        recorder.finish().await;
        let told = owed.words().unwrap();
        assert!(
            told.starts_with("the last 2 things you did could not be put on record: the journal"),
            "{told}"
        );
    }
}
