//! Fills the journal: asks the vendors, compares with the board, and records
//! only what changed; takes in what is pushed ([`receiver`], from where
//! [`relay`] brings it to the board). When to ask is [`policy`]; who waits and spawns is `runtime`. May use domain, config, vendor and journal.

pub mod policy;
pub mod receiver;
pub mod relay;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, mem, sync::Arc, time::Duration};

use jiff::tz::TimeZone;

use crate::{
    config::{Account, Config},
    domain::{
        board::{Asked, Board},
        caller::Caller,
        entry::{Entry, NewEntry, Seq, What},
        fault::Fault,
        feed::{FeedHealth, FeedId, FeedKind},
        id::QueueId,
        site::QueueKey,
        time::{At, Clock},
    },
    journal::{Journal, JournalError},
    vendor::{
        hook::Reader,
        telecomx::{Callers, Client, Polled},
    },
};
use policy::Policy;
use relay::Relay;

/// Entries read from the journal at once.
const CHUNK: usize = 500;
/// Entries that wait for others to come before them: beyond so many, those are
/// looked for in the journal.
const MOST_EARLY: usize = 1_024;
/// The board is saved after so many entries at the earliest: to fold them in
/// anew at a start is nothing one would notice.
const SAVED_EVERY: Seq = 1_000;
/// And after one entry more for so many bytes that it took up when it was saved
/// last. To write half a kilobyte takes about as long as to fold an entry in, so
/// that saving takes a quarter of what folding takes, however large the board;
/// and the entries after the last save are folded in anew in a tenth of a
/// second, be there 5,000 open calls.
const BYTES_AN_ENTRY: usize = 128;

/// The feeds, their health, and the board they are compared with.
pub struct Collector {
    journal: Journal,
    board: Board,
    reader: Reader,
    saved: Saved,
    feeds: BTreeMap<FeedId, Feed>,
    relay: Arc<Relay>,
    /// What came by it and does not join on to the board yet, by place: others
    /// write into the journal too.
    early: Vec<Entry>,
}

/// How the board was saved last.
#[derive(Clone, Copy, Debug, Default)]
struct Saved {
    upto: Seq,
    /// What it took up then; 0 while nobody knows.
    bytes: usize,
}

impl Saved {
    /// Entries after which it is worth being saved again.
    fn lasts(self) -> Seq {
        SAVED_EVERY.max((self.bytes / BYTES_AN_ENTRY) as Seq)
    }
}

struct Feed {
    /// `None` where none can be made; the health says why.
    client: Option<Arc<Client>>,
    health: FeedHealth,
    policy: Policy,
}

/// A question, ready to be asked.
pub struct Question {
    feed: FeedId,
    queue: QueueId,
    client: Arc<Client>,
    asked: Asked,
    clock: Clock,
}

/// What came back.
pub struct Told {
    feed: FeedId,
    queue: QueueId,
    asked: Asked,
    sent: At,
    polled: Polled,
}

/// What a told answer led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// The feed.
    pub feed: FeedId,
    /// How long to wait before it is asked again.
    pub after: Duration,
    /// How long it is left alone even where somebody is in a hurry.
    pub least: Duration,
    /// Whether its standing changed: news that should not wait.
    pub turned: bool,
    /// Whether it answers again: so may the other feeds of its site.
    pub recovered: bool,
}

/// The board as the journal has it: the checkpoint and what came since.
pub fn board(journal: &Journal, zone: TimeZone, reader: &Reader) -> Result<Board, JournalError> {
    let mut board = saved(journal, zone, reader)?;
    loop {
        let entries = journal.read(board.upto(), CHUNK)?;
        if !fold(&mut board, entries, reader) {
            return Ok(board);
        }
    }
}

/// The board as the checkpoint has it. Under another configuration, or after
/// another version, only what is known of callbacks goes on: events may mean
/// something else now, what operators did does not.
fn saved(journal: &Journal, zone: TimeZone, reader: &Reader) -> Result<Board, JournalError> {
    Ok(match journal.checkpoint(reader.fingerprint())? {
        Some(checkpoint) => Board::from_checkpoint(zone, checkpoint),
        None => match journal.kept_triage()? {
            Some(kept) => Board::anew(zone, kept),
            None => Board::new(zone),
        },
    })
}

/// Folds a chunk in; whether there may be another one.
fn fold(board: &mut Board, mut entries: Vec<Entry>, reader: &Reader) -> bool {
    reader.read_all(&mut entries);
    for entry in &entries {
        board.apply(entry);
    }
    entries.len() == CHUNK
}

impl Collector {
    /// A collector of all sites that are polled. A site whose client cannot
    /// be made is a fault of its feeds, not an error: the others live.
    pub async fn open(
        config: &Config,
        journal: Journal,
        deadline: Duration,
        clock: &Clock,
    ) -> Result<Self, JournalError> {
        let reader = Reader::new(&config.all_sites());
        let board = saved(&journal, config.console.time_zone.clone(), &reader)?;
        let saved = Saved {
            upto: board.upto(),
            bytes: 0,
        };
        let before: BTreeMap<FeedId, FeedHealth> = journal.feeds()?.into_iter().collect();
        let mut feeds = BTreeMap::new();
        for site in &config.sites {
            let Account::TelecomX(account) = &site.account else {
                continue;
            };
            let client = Client::new(account, deadline, clock.clone()).map(Arc::new);
            for queue in &account.queues {
                let id = FeedId {
                    site: site.name.clone(),
                    kind: FeedKind::Callers(queue.id.clone()),
                };
                let mut health = FeedHealth::new(account.poll);
                if let Some(known) = before.get(&id) {
                    health.last_ok = known.last_ok;
                    health.skew_ms = known.skew_ms;
                }
                if let Err(fault) = &client {
                    health.failed(clock(), fault.clone());
                }
                let client = client.as_ref().ok().cloned();
                feeds.insert(
                    id,
                    Feed {
                        client,
                        health,
                        policy: Policy::new(account.poll),
                    },
                );
            }
        }
        let mut collector = Self {
            journal,
            board,
            reader,
            saved,
            feeds,
            relay: Arc::default(),
            early: Vec::new(),
        };
        collector.catch_up().await?;
        Ok(collector)
    }

    /// Has what is pushed come to the board by this way; see
    /// [`Collector::take_in`].
    pub fn receives_by(&mut self, relay: Arc<Relay>) {
        self.relay = relay;
    }

    /// The way by which what is pushed comes.
    #[must_use]
    pub fn relay(&self) -> &Arc<Relay> {
        &self.relay
    }

    /// Folds in what has come by the relay, as far as it joins on. The journal
    /// is read only where much has waited for what others wrote.
    pub async fn take_in(&mut self) -> Result<(), JournalError> {
        self.join();
        if self.early.len() > MOST_EARLY {
            self.catch_up().await?;
        }
        Ok(())
    }

    /// Takes what has come by the relay, and folds in what joins on.
    fn join(&mut self) {
        self.early.append(&mut self.relay.take());
        self.early.sort_by_key(|entry| entry.seq);
        let mut joined = 0;
        for entry in &self.early {
            if entry.seq > self.board.upto() + 1 {
                break;
            }
            self.board.apply(entry);
            joined += 1;
        }
        self.early.drain(..joined);
    }

    /// Folds in what was written since, whoever wrote it.
    async fn catch_up(&mut self) -> Result<(), JournalError> {
        loop {
            self.join();
            let upto = self.board.upto();
            // No more than what is missing before those that are here.
            let missing = self.early.first().map(|first| first.seq - upto - 1);
            let most = missing.map_or(CHUNK, |missing| {
                usize::try_from(missing).map_or(CHUNK, |missing| missing.min(CHUNK))
            });
            let entries = self.journal.fetch(upto, most).await?;
            let found = entries.len();
            fold(&mut self.board, entries, &self.reader);
            if found == 0 {
                // Nor are those that are here in the journal.
                self.early.clear();
            }
            if missing.is_none() && found < CHUNK {
                return Ok(());
            }
        }
    }

    /// All feeds.
    #[must_use]
    pub fn feeds(&self) -> Vec<FeedId> {
        self.feeds.keys().cloned().collect()
    }

    /// The health of all feeds.
    #[must_use]
    pub fn health(&self) -> Vec<(FeedId, FeedHealth)> {
        self.feeds
            .iter()
            .map(|(id, feed)| (id.clone(), feed.health.clone()))
            .collect()
    }

    /// The question to ask a feed now; none where it cannot be asked at all.
    #[must_use]
    pub fn question(&self, feed: &FeedId, clock: &Clock) -> Option<Question> {
        let found = self.feeds.get(feed)?;
        let FeedKind::Callers(queue) = &feed.kind else {
            return None;
        };
        Some(Question {
            feed: feed.clone(),
            queue: queue.clone(),
            client: found.client.clone()?,
            asked: Asked {
                upto: self.board.upto(),
                listed: found.health.last_ok,
                skew_ms: found.health.skew_ms,
            },
            clock: clock.clone(),
        })
    }

    /// Takes an answer in: journals what changed, judges the feed, and says
    /// when it is to be asked again. `chance` (0 to 1) spreads retries.
    pub async fn hear(&mut self, told: Told, chance: f64) -> Result<Next, JournalError> {
        let Told {
            feed: id,
            queue,
            asked,
            sent,
            polled,
        } = told;
        let now = polled.received;
        let wrote = match &polled.outcome {
            Ok(Callers::List(list)) => self.settle(&id, &queue, list, asked, now).await,
            Ok(Callers::Unchanged) | Err(_) => Ok(()),
        };
        let feed = self.feeds.get_mut(&id);
        let Some(feed) = feed else {
            return Ok(Next {
                feed: id,
                after: policy::LONGEST,
                least: Duration::ZERO,
                turned: false,
                recovered: false,
            });
        };
        if let Err(trouble) = wrote {
            // Not on disk, so not heard: the same answer must be read again.
            if let Some(client) = &feed.client {
                client.forget(&queue);
            }
            return Err(trouble);
        }
        if let Some(skew) = polled.skew {
            feed.health.measured(skew.ms, skew.tolerance);
        }
        let standing = |h: &FeedHealth| {
            (
                h.last_ok.is_some(),
                h.trouble.as_ref().map(|t| t.fault.clone()),
            )
        };
        let before = standing(&feed.health);
        let failed = feed.health.trouble.is_some();
        tell(&id, before.1.as_ref(), polled.outcome.as_ref().err());
        let (after, least) = match polled.outcome {
            Ok(_) => {
                feed.health.answered(now);
                (feed.policy.answered(now.since(sent)), Duration::ZERO)
            }
            Err(fault) => {
                let after = feed.policy.failed(&fault, now, chance);
                let least = policy::least(&fault, now);
                feed.health.failed(now, fault);
                (after, least)
            }
        };
        feed.health.next = Some(now.plus(after));
        let turned = before != standing(&feed.health);
        let recovered = failed && feed.health.trouble.is_none();
        Ok(Next {
            feed: id,
            after,
            least,
            turned,
            recovered,
        })
    }

    /// Journals what a list changes, and folds it in.
    async fn settle(
        &mut self,
        id: &FeedId,
        queue: &QueueId,
        list: &[Caller],
        asked: Asked,
        now: At,
    ) -> Result<(), JournalError> {
        self.catch_up().await?;
        let key = QueueKey {
            site: id.site.clone(),
            queue: queue.clone(),
        };
        // After a gap nobody knows how, or after how long, who is gone went.
        let late_after = self.feeds.get(id).map(|feed| feed.health.late_after());
        let seamless = |listed: &At| late_after.is_some_and(|most| now.since(*listed) <= most);
        let asked = Asked {
            listed: asked.listed.filter(seamless),
            ..asked
        };
        let changes = self.board.reconcile(&key, list, asked);
        if changes.is_empty() {
            return Ok(());
        }
        let entry = |change| NewEntry {
            at: now,
            site: id.site.clone(),
            dedupe: None,
            what: What::Change(change),
        };
        self.journal
            .append(changes.into_iter().map(entry).collect())
            .await?;
        self.catch_up().await
    }

    /// Saves the board when enough has happened since, or `now_or_never`.
    /// Others write into the journal too: what they wrote is folded in first,
    /// or nothing of theirs could ever be pruned.
    pub async fn checkpoint(&mut self, now_or_never: bool) -> Result<(), JournalError> {
        self.catch_up().await?;
        let since = self.board.upto() - self.saved.upto;
        if since >= self.saved.lasts() || (now_or_never && since > 0) {
            let bytes = self
                .journal
                .save_checkpoint(&self.board, self.reader.fingerprint())
                .await?;
            let upto = self.board.upto();
            self.saved = Saved { upto, bytes };
        }
        Ok(())
    }

    /// Forgets what was done to callbacks before `before`, as the journal
    /// does; the next checkpoint no longer holds it.
    pub fn forget(&mut self, before: At) {
        if self.board.triage.forget(before) {
            self.saved.upto = 0;
        }
    }

    /// Writes how the feeds are, for every console on this journal; with
    /// those of the receiver, which is not the collector's.
    pub async fn publish(&self, pushed: Vec<(FeedId, FeedHealth)>) -> Result<(), JournalError> {
        let mut health = self.health();
        health.extend(pushed);
        self.journal.set_feeds(health).await
    }
}

/// Tells the log what became of a feed: each fault when it comes, not as long
/// as it stands, and its end.
fn tell(feed: &FeedId, before: Option<&Fault>, now: Option<&Fault>) {
    match (before, now) {
        (Some(before), Some(now)) if is_same(before, now) => {}
        (_, Some(fault)) => tracing::warn!(%feed, %fault, "no answer"),
        (Some(_), None) => tracing::info!(%feed, "answers again"),
        (None, None) => {}
    }
}

/// Whether two faults are one that goes on: of a rate limit only its end moves.
fn is_same(one: &Fault, other: &Fault) -> bool {
    mem::discriminant(&one.kind) == mem::discriminant(&other.kind) && one.what == other.what
}

impl Told {
    /// The feed it is from.
    #[must_use]
    pub fn feed(&self) -> &FeedId {
        &self.feed
    }

    /// Whether there is a list in it that is not the last one.
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self.polled.outcome, Ok(Callers::List(_)))
    }
}

impl Question {
    /// Asks. Always answers, within the client's deadline.
    pub async fn ask(self) -> Told {
        let sent = (self.clock)();
        let polled = self.client.callers(&self.queue).await;
        Told {
            feed: self.feed,
            queue: self.queue,
            asked: self.asked,
            sent,
            polled,
        }
    }
}
