//! Follows the journal from a place in it. Each follower has a thread with a
//! connection of its own, so nobody who awaits news blocks on the disk: this
//! process's writes wake it at once, other processes' are seen by a cheap look
//! five times a second, as long as there are any.

use std::{io::PipeReader, sync::Arc, thread, time::Duration};

use rusqlite::Connection;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::sync::mpsc;

use super::{
    bell::Bell,
    error::{JournalError, text},
    read,
    ripples::Ripples,
    schema::{Place, Use},
};
use crate::domain::{
    entry::{Entry, Seq},
    feed::{FeedHealth, FeedId},
};

/// Between two looks for other processes' writes.
const LOOK: Duration = Duration::from_millis(200);
/// So many looks that found nothing, and the system is left to tell of the next
/// write. It tells when one begins, which is seen once it is on disk: mostly
/// long before these looks are over.
const CALM: usize = 3;
/// The same after a write of this process, which tells when it is on disk.
const CALM_AFTER_OWN: usize = 1;
/// Between two looks then, for what a file system does not tell, and for a disk
/// that takes longer.
const STILL: Timespec = Timespec {
    tv_sec: 2,
    tv_nsec: 0,
};
/// Entries handed over at once.
const CHUNK: usize = 1_000;

/// Something new in the journal.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// The next entries, in order, never empty.
    Entries(Vec<Entry>),
    /// The health of all feeds, whenever any of it was written. Steps in
    /// between may be skipped, the last never is.
    Feeds(Vec<(FeedId, FeedHealth)>),
}

/// The journal's entries as they come; see
/// [`Journal::tail`](super::Journal::tail).
#[derive(Debug)]
pub struct Tail(Follower);

/// Entries and feed health as they come; see
/// [`Journal::news`](super::Journal::news).
#[derive(Debug)]
pub struct Watch(Follower);

#[derive(Debug)]
struct Follower {
    place: Place,
    news: mpsc::Receiver<Result<News, JournalError>>,
    bell: Arc<Bell>,
}

impl Tail {
    pub(super) fn start(place: &Place, bell: &Arc<Bell>, after: Seq) -> Self {
        Self(Follower::start(place, bell, after, false))
    }

    /// Waits for the entries after the last ones returned: never none, up to
    /// 1,000. Nothing is lost if the wait is given up.
    ///
    /// # Errors
    /// What reading met, once for each time that it fails; the next call waits
    /// until reading works again. [`JournalError::Closed`] is final.
    pub async fn next(&mut self) -> Result<Vec<Entry>, JournalError> {
        loop {
            if let News::Entries(entries) = self.0.next().await? {
                return Ok(entries);
            }
        }
    }
}

impl Watch {
    pub(super) fn start(place: &Place, bell: &Arc<Bell>, after: Seq) -> Self {
        Self(Follower::start(place, bell, after, true))
    }

    /// Waits for the next news. Feeds that are known come first of all.
    /// Nothing is lost if the wait is given up.
    ///
    /// # Errors
    /// As [`Tail::next`].
    pub async fn next(&mut self) -> Result<News, JournalError> {
        self.0.next().await
    }
}

impl Follower {
    fn start(place: &Place, bell: &Arc<Bell>, after: Seq, with_feeds: bool) -> Self {
        // Short, so that a slow reader holds few entries in memory.
        let (news, receiver) = mpsc::channel(2);
        let mut eyes = Eyes {
            place: place.clone(),
            db: None,
            ripples: Ripples::of(&place.folder).ok(),
            after,
            feeds: with_feeds.then_some(0),
        };
        let thread = thread::Builder::new().name("journal-tail".into()).spawn({
            let (bell, news) = (bell.clone(), news.clone());
            move || eyes.follow(&bell, &news)
        });
        if let Err(error) = thread {
            news.try_send(Err(place.io(&error))).ok();
        }
        Self {
            place: place.clone(),
            news: receiver,
            bell: bell.clone(),
        }
    }

    async fn next(&mut self) -> Result<News, JournalError> {
        match self.news.recv().await {
            Some(news) => news,
            None => Err(JournalError::Closed {
                path: text(&self.place.file),
            }),
        }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.news.close();
        self.bell.ring();
    }
}

/// What the thread knows.
struct Eyes {
    place: Place,
    db: Option<Connection>,
    /// `None` where the system does not tell.
    ripples: Option<Ripples>,
    after: Seq,
    /// The version of the health told last; `None` where nobody asks for it.
    feeds: Option<i64>,
}

impl Eyes {
    fn follow(&mut self, bell: &Bell, news: &mpsc::Sender<Result<News, JournalError>>) {
        let (mut failing, mut last, mut own) = (false, bell.rings(), false);
        loop {
            let heard = bell.rings();
            own |= heard != last;
            last = heard;
            let found = self.look();
            if let Err(error) = &found {
                self.db = None;
                if !failing && news.blocking_send(Err(error.clone())).is_err() {
                    return;
                }
            }
            failing = found.is_err();
            let (version, found) = found.unwrap_or_default();
            let new = !found.is_empty();
            for item in found {
                if news.blocking_send(Ok(item)).is_err() {
                    return;
                }
            }
            if !new {
                let calm = if own { CALM_AFTER_OWN } else { CALM };
                self.wait(bell, (heard, version), calm, || news.is_closed());
                own = false;
            }
            if news.is_closed() {
                return;
            }
        }
    }

    /// Waits until there may be something new, or nobody wants to know.
    /// It lies down after so many looks.
    fn wait(
        &self,
        bell: &Bell,
        (heard, version): (u64, i64),
        mut calm: usize,
        is_over: impl Fn() -> bool,
    ) {
        loop {
            for _ in 0..calm {
                if bell.wait(heard, LOOK) || is_over() || !self.rests(version) {
                    return;
                }
            }
            if let (Some(ripples), Some(rung)) = (&self.ripples, bell.cord(heard)) {
                while self.is_still(ripples, &rung, version) {}
            }
            calm = CALM;
        }
    }

    /// Whether nothing happens for a while; waits for it.
    fn is_still(&self, ripples: &Ripples, rung: &PipeReader, version: i64) -> bool {
        // In this order: what is written meanwhile is told, or seen.
        if ripples.listen().is_err() || !self.rests(version) {
            return false;
        }
        let mut both = [
            PollFd::new(ripples, PollFlags::IN),
            PollFd::new(rung, PollFlags::IN),
        ];
        matches!(poll(&mut both, Some(&STILL)), Ok(0))
    }

    /// Whether no other connection has written since `version`.
    fn rests(&self, version: i64) -> bool {
        let now = self.db.as_ref().map(read::data_version);
        matches!(now, Some(Ok(now)) if now == version)
    }

    /// What is new, and the version of the database before that was read: a
    /// write in between is found twice rather than not at all.
    fn look(&mut self) -> Result<(i64, Vec<News>), JournalError> {
        let db = match self.db.take() {
            Some(db) => db,
            None => self.place.connect(Use::Read)?,
        };
        let found = self.read(&db).map_err(|e| self.place.sqlite(&e));
        self.db = Some(db);
        found
    }

    fn read(&mut self, db: &Connection) -> rusqlite::Result<(i64, Vec<News>)> {
        let version = read::data_version(db)?;
        let mut news = Vec::new();
        if let Some(told) = self.feeds {
            let written = read::feeds_version(db)?;
            if written != told {
                news.push(News::Feeds(read::feeds(db)?));
                self.feeds = Some(written);
            }
        }
        let entries = read::entries(db, self.after, CHUNK)?;
        if let Some(last) = entries.last() {
            self.after = last.seq;
            news.push(News::Entries(entries));
        }
        Ok((version, news))
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::thread;

    use rusqlite::params;

    use super::*;

    const INSERT: &str = "INSERT INTO entry (at, site, kind, body) VALUES (0, 's', 'k', '{}')";

    #[test]
    fn who_sleeps_is_woken_by_a_write_of_another_process_and_by_a_ring() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path());
        let other = place.prepare().unwrap();
        let ripples = Ripples::of(&place.folder).unwrap();
        let db = place.connect(Use::Read).unwrap();
        let version = read::data_version(&db).unwrap();
        let eyes = Eyes {
            place,
            db: Some(db),
            ripples: None,
            after: 0,
            feeds: None,
        };
        let bell = Bell::default();
        let rung = bell.cord(0).unwrap();
        assert!(eyes.is_still(&ripples, &rung, version), "nothing happens");
        // Whether that is before it sleeps or while it does.
        let writes = thread::spawn(move || other.execute(INSERT, params![]).unwrap());
        assert!(!eyes.is_still(&ripples, &rung, version), "it is told");
        writes.join().unwrap();
        assert!(!eyes.rests(version), "it was another's");
        let version = eyes.db.as_ref().map(read::data_version).unwrap().unwrap();
        bell.ring();
        assert!(!eyes.is_still(&ripples, &rung, version), "the bell rings");
        assert!(bell.cord(0).is_none(), "it has rung since");
    }
}
