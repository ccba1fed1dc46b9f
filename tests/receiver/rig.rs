//! A receiver in this process, with a journal of its own and limits as a test
//! wants them.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use holdline::{
    collector::receiver::Receiver,
    config::Config,
    domain::{
        entry::{Entry, What},
        feed::{FeedHealth, Heard},
        time::{At, Clock},
    },
    journal::Journal,
    runtime::receive::{Place, Receiving, limits::Limits},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::program::PATIENCE;

pub const OLD: &str = "old-secret-0123456789";
pub const NEW: &str = "new-secret-0123456789";
pub const TEAM: &str = "/hooks/team/new-secret-0123456789";
pub const FENCED: &str = "/hooks/fenced/fenced-secret-0123456";
pub const PROD: &str = "/hooks/prod/prod-secret-012345678";

pub const CONFIG: &str = r#"
[console]
time_zone = "UTC"
[journal]
path = "journal"
[receiver]
listen = "127.0.0.1:0"
trusted_proxies = ["127.0.0.0/8"]
[[site]]
name = "team"
vendor = "contaqt"
hook = { secret = ["new-secret-0123456789", "old-secret-0123456789"] }
[[site]]
name = "fenced"
vendor = "contaqt"
hook = { secret = "fenced-secret-0123456", allow_from = ["192.0.2.0/24"] }
[[site]]
name = "prod"
vendor = "contaqt"
hook = { secret = "prod-secret-012345678" }
production = true
"#;

pub struct Rig {
    runtime: Runtime,
    pub folder: TempDir,
    pub journal: Journal,
    receiving: Option<Receiving>,
    pub address: SocketAddr,
}

/// Limits of a moment, for senders who exceed them.
pub fn short() -> Limits {
    Limits {
        head: Duration::from_millis(300),
        body: Duration::from_millis(300),
        write: Duration::from_millis(300),
        idle: Duration::from_millis(300),
        ..limits()
    }
}

/// The everyday limits.
pub fn limits() -> Limits {
    Limits::trusting(vec!["127.0.0.0/8".parse().unwrap()])
}

pub fn system_clock() -> Clock {
    holdline::runtime::clock::system()
}

impl Rig {
    pub fn start() -> Self {
        Self::with(limits(), system_clock())
    }

    pub fn with(limits: Limits, clock: Clock) -> Self {
        Self::open(tempfile::tempdir().unwrap(), limits, clock)
    }

    pub fn open(folder: TempDir, limits: Limits, clock: Clock) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let journal = Journal::open(&folder.path().join("journal")).unwrap();
        let receiving = runtime.block_on(async {
            let receiver = receiver(folder.path(), &journal, clock);
            let listen = "127.0.0.1:0".parse().unwrap();
            Receiving::begin(receiver, Place::at(listen, limits)).await
        });
        let listens = heard(&receiving.receiver().health()[0].1).listens;
        let address = listens.unwrap().parse().unwrap();
        Self {
            runtime,
            folder,
            journal,
            receiving: Some(receiving),
            address,
        }
    }

    /// Ends as a clean end does: what is known is on record.
    pub fn stop(mut self) -> TempDir {
        let receiving = self.receiving.take().unwrap();
        self.runtime.block_on(async {
            let receiver = receiving.stop().await;
            self.journal.set_feeds(receiver.health()).await.unwrap();
        });
        self.folder
    }

    /// The health of the feed of this number.
    pub fn health(&self, number: usize) -> FeedHealth {
        let health = self.receiving.as_ref().unwrap().receiver().health();
        health[number].1.clone()
    }

    pub fn heard(&self, number: usize) -> Heard {
        heard(&self.health(number))
    }

    /// What the receiver has handed on to whoever folds it in.
    pub fn handed_on(&self) -> Vec<Entry> {
        let receiving = self.receiving.as_ref().unwrap();
        receiving.receiver().relay().take()
    }

    /// All entries so far.
    pub fn entries(&self) -> Vec<Entry> {
        self.journal.read(0, 1_000_000).unwrap()
    }

    /// The legs of the events so far, in order.
    pub fn legs(&self) -> Vec<String> {
        legs(&self.entries())
    }

    /// Follows the journal until an entry is found.
    #[track_caller]
    pub fn finds(&self, what: impl Fn(&Entry) -> bool) -> Entry {
        let follow = async {
            let mut tail = self.journal.tail(0);
            loop {
                let entries = tail.next().await.unwrap();
                if let Some(found) = entries.into_iter().find(&what) {
                    return found;
                }
            }
        };
        let found = self
            .runtime
            .block_on(async { tokio::time::timeout(PATIENCE, follow).await });
        found.expect("not in time")
    }

    pub fn metrics(&self) -> String {
        let answer = crate::client::send(self.address, crate::client::ask("GET", "/metrics", ""));
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }
}

fn heard(health: &FeedHealth) -> Heard {
    health.heard.clone().unwrap()
}

pub fn receiver(base: &Path, journal: &Journal, clock: Clock) -> Receiver {
    let config = Config::parse(CONFIG, base, &|_| None).unwrap();
    Receiver::open(&config, journal.clone(), clock)
        .unwrap()
        .unwrap()
}

/// The leg of an event, by which senders here tell theirs apart.
pub fn leg(entry: &Entry) -> Option<String> {
    let What::Hook(hook) = &entry.what else {
        return None;
    };
    let fields: serde_json::Value = serde_json::from_str(hook.body.as_str()).unwrap();
    Some(fields["id"].as_str()?.to_owned())
}

pub fn legs(entries: &[Entry]) -> Vec<String> {
    entries.iter().filter_map(leg).collect()
}

/// A clock that stands still.
pub fn stopped_at(ms: i64) -> Clock {
    Arc::new(move || At(ms))
}

/// Holds the journal's write lock until it is dropped.
pub fn lock(folder: &Path) -> rusqlite::Connection {
    let db = rusqlite::Connection::open(folder.join("journal/journal.db")).unwrap();
    db.busy_timeout(PATIENCE).unwrap();
    db.execute_batch("BEGIN IMMEDIATE").unwrap();
    db
}
