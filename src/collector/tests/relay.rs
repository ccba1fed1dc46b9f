//! What comes by the relay and what is read from the journal make one board.

use super::*;
use crate::domain::{
    caller::Raw,
    hook::{Hook, Says},
    site::Vendor,
};

const PUSHED: &str = r#"
[console]
time_zone = "UTC"
[journal]
path = "journal"
[[site]]
name = "team"
vendor = "contaqt"
hook = { secret = "0123456789abcdef" }
"#;

struct Pushed {
    _folder: tempfile::TempDir,
    journal: Journal,
    collector: Collector,
    reader: Reader,
    relay: Arc<Relay>,
}

impl Pushed {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        let config = Config::parse(PUSHED, folder.path(), &|_| None).unwrap();
        let clock: Clock = Arc::new(|| At(1_772_460_000_000));
        let patience = Duration::from_secs(10);
        let collector = Collector::open(&config, journal.clone(), patience, &clock);
        let mut collector = collector.await.unwrap();
        let relay = Arc::<Relay>::default();
        collector.receives_by(relay.clone());
        Self {
            _folder: folder,
            journal,
            collector,
            reader: Reader::new(&config.all_sites()),
            relay,
        }
    }

    /// Stores events; answers them as the receiver would hand them on.
    async fn store(&self, events: Vec<Hook>) -> Vec<Entry> {
        let at = At(1_772_460_000_000);
        let new = |hook: &Hook| NewEntry {
            at,
            site: "team".into(),
            dedupe: None,
            what: What::Hook(hook.clone()),
        };
        let places = self.journal.append(events.iter().map(new).collect());
        let places = places.await.unwrap();
        let entry = |(place, hook): (Option<Seq>, Hook)| Entry {
            seq: place.unwrap(),
            at,
            site: "team".into(),
            what: What::Hook(hook),
        };
        let mut entries: Vec<Entry> = places.into_iter().zip(events).map(entry).collect();
        self.reader.read_all(&mut entries);
        entries
    }

    /// The board as the journal alone makes it, up to a place.
    fn folded(&self, upto: Seq) -> Board {
        let mut board = Board::new(TimeZone::UTC);
        let mut entries = self.journal.read(0, 10_000).unwrap();
        entries.retain(|entry| entry.seq <= upto);
        fold(&mut board, entries, &self.reader);
        board
    }
}

fn event(random: &mut fastrand::Rng) -> Hook {
    let steps = ["call:start", "call:ring", "call:answer", "call:end", "?"];
    let step = steps[random.usize(..steps.len())];
    let (call, agent) = (random.u8(1..6), random.u8(1..4));
    let body = format!(
        r#"{{"id":"{call}","call_id":"{call}","queue_id":"1","type":"queue","cid_num":"+4535203040","dst_user_id":"{agent}","ts":"{}"}}"#,
        1_772_460_000 + i64::from(random.u8(..))
    );
    Hook {
        vendor: Vendor::Contaqt,
        event: step.into(),
        body: Raw::new(&body),
        injected: random.u8(..8) == 0,
        says: Says::Unread,
    }
}

#[tokio::test]
async fn whatever_way_entries_come_the_board_is_what_the_journal_says() {
    for seed in 0..12 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut site = Pushed::open().await;
        let mut held: Vec<Entry> = Vec::new();
        for _ in 0..30 {
            let events = (0..random.usize(1..5)).map(|_| event(&mut random));
            let mut stored = site.store(events.collect()).await;
            match random.u8(..8) {
                // As another process does; or what overflowed.
                0 => {}
                1 | 2 => held.extend(stored),
                3 => site.relay.bring(stored.iter().chain(&stored).cloned()),
                _ => {
                    random.shuffle(&mut stored);
                    site.relay.bring(stored);
                }
            }
            if random.bool() {
                random.shuffle(&mut held);
                let some = held.len() / 2;
                site.relay.bring(held.drain(some..));
            }
            match random.u8(..4) {
                0 => site.collector.take_in().await.unwrap(),
                1 => {
                    site.collector.checkpoint(false).await.unwrap();
                    let all = site.journal.last_seq().unwrap();
                    assert_eq!(site.collector.board.upto(), all, "seed {seed}");
                }
                _ => {}
            }
            let upto = site.collector.board.upto();
            assert_eq!(site.collector.board, site.folded(upto), "seed {seed}");
        }
        site.collector.checkpoint(true).await.unwrap();
        assert!(site.collector.early.is_empty());
        let all = site.journal.last_seq().unwrap();
        assert_eq!(site.collector.board, site.folded(all), "seed {seed}");
    }
}

#[tokio::test]
async fn what_joins_on_is_not_looked_for_in_the_journal() {
    let mut site = Pushed::open().await;
    let mut random = fastrand::Rng::with_seed(0);
    let events = (0..4).map(|_| event(&mut random)).collect();
    let stored = site.store(events).await;
    site.relay.bring(stored[..2].to_vec());
    site.collector.take_in().await.unwrap();
    assert_eq!(site.collector.board.upto(), 2);
    site.relay.bring(stored[3..].to_vec());
    site.collector.take_in().await.unwrap();
    assert_eq!(site.collector.board.upto(), 2, "the third is not there yet");
    site.relay.bring(stored[2..3].to_vec());
    site.collector.take_in().await.unwrap();
    assert_eq!(site.collector.board.upto(), 4);
}

#[tokio::test]
async fn what_others_wrote_is_not_waited_for_for_ever() {
    let mut site = Pushed::open().await;
    let mut random = fastrand::Rng::with_seed(0);
    site.store(vec![event(&mut random)]).await;
    let events = (0..=MOST_EARLY).map(|_| event(&mut random)).collect();
    let stored = site.store(events).await;
    let last = stored.last().unwrap().seq;
    let (most, rest) = stored.split_at(MOST_EARLY);
    site.relay.bring(most.to_vec());
    site.collector.take_in().await.unwrap();
    assert_eq!(site.collector.board.upto(), 0);
    site.relay.bring(rest.to_vec());
    site.collector.take_in().await.unwrap();
    assert_eq!(site.collector.board.upto(), last);
    assert_eq!(site.collector.board, site.folded(last));
}
