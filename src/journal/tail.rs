//! Follows the journal from a place in it. Each follower has a thread with a
//! connection of its own, so nobody who awaits news blocks on the disk: this
//! process's writes wake it at once, other processes' are seen by a cheap look
//! five times a second.

use std::{sync::Arc, thread, time::Duration};

use rusqlite::Connection;
use tokio::sync::mpsc;

use super::{
    bell::Bell,
    error::{JournalError, text},
    read,
    schema::{Place, Use},
};
use crate::domain::{
    entry::{Entry, Seq},
    feed::{FeedHealth, FeedId},
};

/// Between two looks for other processes' writes.
const LOOK: Duration = Duration::from_millis(200);
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
    after: Seq,
    /// The version of the health told last; `None` where nobody asks for it.
    feeds: Option<i64>,
}

impl Eyes {
    fn follow(&mut self, bell: &Bell, news: &mpsc::Sender<Result<News, JournalError>>) {
        let mut failing = false;
        loop {
            let heard = bell.rings();
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
            while !new && !bell.wait(heard, LOOK) && !news.is_closed() && self.rests(version) {}
            if news.is_closed() {
                return;
            }
        }
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
