//! The one thread of a process that writes. It takes whatever is waiting,
//! stores all appends of it in one transaction, and answers after the disk
//! has: the slower the disk, the larger the groups.

use std::{
    iter, mem,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
};

use rusqlite::Connection;
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
};

use super::{
    bell::Bell,
    error::{JournalError, text},
    log::LogKeeper,
    schema::Place,
    store::{Row, Store, Stored},
};
use crate::domain::entry::Seq;

/// Jobs that wait before whoever brings one waits too.
const QUEUE: usize = 4_096;
/// A transaction takes no further appends once it holds this many entries.
const GROUP: usize = 4_096;

type Answer<T> = oneshot::Sender<Result<T, JournalError>>;

enum Job {
    Append(Append),
    /// Anything else that is written; done after the appends that came with it.
    Aside(Box<dyn FnOnce(&mut Store) + Send>),
}

struct Append {
    rows: Vec<Row>,
    told: Told,
}

/// Who is told of an append, and on which runtime they wait.
struct Told {
    answer: Answer<Vec<Option<Seq>>>,
    home: Option<Handle>,
}

/// The thread and the way to it. Dropped, it does what is queued and ends.
pub(super) struct Writer {
    place: Place,
    queue: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    commits: Arc<AtomicU64>,
}

impl Writer {
    /// Starts the thread, which stores entries on this connection.
    pub(super) fn start(
        place: &Place,
        entries: Connection,
        bell: Arc<Bell>,
    ) -> Result<Self, JournalError> {
        let mut group = Group {
            store: Store::open(place.clone(), entries)?,
            log: LogKeeper::start(place)?,
            commits: Arc::default(),
        };
        let commits = group.commits.clone();
        let (queue, mut jobs) = mpsc::channel(QUEUE);
        let thread = thread::Builder::new()
            .name("journal-writer".into())
            .spawn(move || {
                let mut taken = Vec::new();
                while jobs.blocking_recv_many(&mut taken, QUEUE) > 0 {
                    group.work(&mut taken);
                    bell.ring();
                }
            })
            .map_err(|e| place.io(&e))?;
        Ok(Self {
            place: place.clone(),
            queue: Some(queue),
            thread: Some(thread),
            commits,
        })
    }

    /// Stores the rows, all or none.
    pub(super) async fn append(&self, rows: Vec<Row>) -> Result<Vec<Option<Seq>>, JournalError> {
        let home = Handle::try_current().ok();
        self.send(|answer| {
            let told = Told { answer, home };
            Job::Append(Append { rows, told })
        })
        .await
    }

    /// Has the writer do this, after all that was queued before.
    pub(super) async fn aside<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Store) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.send(|answer| {
            Job::Aside(Box::new(move |store| {
                answer.send(job(store)).ok();
            }))
        })
        .await
    }

    /// Transactions with entries in them, since it was started.
    pub(super) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    async fn send<T>(&self, job: impl FnOnce(Answer<T>) -> Job) -> Result<T, JournalError> {
        let closed = || JournalError::Closed {
            path: text(&self.place.file),
        };
        let (answer, answered) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or_else(closed)?;
        queue.send(job(answer)).await.map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if self.thread.take().is_some_and(|t| t.join().is_err()) {
            tracing::error!("the journal's writer has panicked");
        }
    }
}

/// What the thread owns.
struct Group {
    store: Store,
    log: LogKeeper,
    commits: Arc<AtomicU64>,
}

impl Group {
    fn work(&mut self, jobs: &mut Vec<Job>) {
        let mut asides = Vec::new();
        let (mut rows, mut told, mut entries) = (Vec::new(), Vec::new(), 0);
        for job in jobs.drain(..) {
            match job {
                Job::Aside(aside) => asides.push(aside),
                Job::Append(append) => {
                    entries += append.rows.len();
                    rows.push(append.rows);
                    told.push(append.told);
                }
            }
            if entries >= GROUP {
                self.commit(&rows, mem::take(&mut told));
                rows.clear();
                entries = 0;
            }
        }
        if !rows.is_empty() {
            self.commit(&rows, told);
        }
        for aside in asides {
            aside(&mut self.store);
            self.log.grew(self.store.wrote_aside());
        }
    }

    /// A failed group fails for everybody in it and for nobody after it.
    fn commit(&mut self, rows: &[Vec<Row>], told: Vec<Told>) {
        match self.store.append(rows) {
            Ok(Stored { seqs, weight }) => {
                self.commits.fetch_add(1, Ordering::Relaxed);
                tell(told, seqs.into_iter().map(Ok));
                if let Err(error) = self.store.file_keys(rows.iter().map(Vec::len).sum()) {
                    tracing::warn!("keys are filed later: {error}");
                }
                self.log.if_too_long(|| {
                    if let Err(error) = self.store.begin_log() {
                        tracing::warn!("the journal's log stays as long as it is: {error}");
                    }
                });
                self.log.grew(weight + self.store.wrote_aside());
            }
            Err(error) => tell(told, iter::repeat(Err(error))),
        }
    }
}

/// Tells each what became of its append. Many are told by a task among
/// themselves: each who is woken from here would take the processor from this
/// thread, and be done before the next is told.
fn tell(
    told: Vec<Told>,
    what: impl Iterator<Item = Result<Vec<Option<Seq>>, JournalError>> + Send + 'static,
) {
    let home = told.first().and_then(|first| first.home.clone());
    let is_one = told.len() == 1;
    let tell = move || {
        for (told, what) in told.into_iter().zip(what) {
            told.answer.send(what).ok();
        }
    };
    match home {
        Some(home) if !is_one => drop(home.spawn(async move { tell() })),
        _ => tell(),
    }
}
