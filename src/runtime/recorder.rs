//! Puts what people do on record: one act after the other, in the order in
//! which they were done, and all of them before the console is left.

use std::time::Duration;

use tokio::{
    sync::{
        mpsc::{self, UnboundedReceiver, UnboundedSender},
        oneshot,
    },
    task::JoinHandle,
    time::timeout,
};

use crate::{app::Answer, domain::entry::NewEntry, journal::Journal};

/// An act that is not on record after this is told of.
const PATIENCE: Duration = Duration::from_secs(5);
/// What is said of it then; it goes on.
const NOT_YET: &str = "the journal is slow, so this is not on record yet; it is still being \
                       written";

/// Writes acts into a journal, aside.
pub struct Recorder {
    acts: UnboundedSender<(NewEntry, Recorded)>,
    note: UnboundedSender<Answer>,
    task: JoinHandle<()>,
}

/// Dropped once it is known what became of an act.
type Recorded = oneshot::Sender<()>;

impl Recorder {
    /// Begins; says on `note` what could not be put on record.
    #[must_use]
    pub fn start(journal: Journal, note: UnboundedSender<Answer>) -> Self {
        let (acts, done) = mpsc::unbounded_channel();
        Self {
            acts,
            task: tokio::spawn(write(journal, done, note.clone())),
            note,
        }
    }

    /// Puts this on record; does not wait for it.
    pub fn record(&self, entry: NewEntry) {
        let (recorded, known) = oneshot::channel();
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

    /// Waits until all is on record, or could not be put there.
    pub async fn finish(self) {
        drop(self.acts);
        let _ = self.task.await;
    }
}

async fn write(
    journal: Journal,
    mut acts: UnboundedReceiver<(NewEntry, Recorded)>,
    note: UnboundedSender<Answer>,
) {
    while let Some((entry, recorded)) = acts.recv().await {
        if let Err(error) = journal.append(vec![entry]).await {
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
        recorder.finish().await;
        assert_eq!(recorded(&journal), ["1", "2"]);
    }
}
