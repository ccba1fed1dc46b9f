//! A floor of any size: callers in two queues, sorted and searched, whose
//! clock, keys and news are in our hands.

use std::{sync::Arc, time::Duration};

use holdline::{
    app::{Msg, State, update},
    domain::{
        board::Board,
        caller::{Caller, CallerState, Party},
        entry::{Change, Departure, Entry, What},
        feed::{FeedHealth, FeedId, FeedKind},
        site::{People, Queue, Site, Vendor},
        time::At,
    },
};
use jiff::tz::TimeZone;
use ratatui::{
    crossterm::event::{KeyCode, KeyEvent, KeyModifiers},
    layout::Size,
};

const QUEUES: [&str; 2] = ["support", "sales"];
const START: At = At(1_772_460_207_000);

/// The console, and who waits in it.
pub struct Floor {
    /// The console.
    pub state: State,
    seq: u64,
    oldest: u64,
    last: u64,
}

impl Floor {
    /// So many callers, on a screen of this size; those are listed whose name
    /// is Holm, in another order than they came.
    pub fn busy(rows: usize, size: Size) -> Self {
        let queue = |name: &str| Queue {
            id: name.into(),
            name: name.into(),
            service_level: Duration::from_secs(20),
            critical: Duration::from_mins(5),
        };
        let site = Site {
            name: "aarhus".into(),
            vendor: Vendor::TelecomX,
            queues: QUEUES.map(queue).into(),
            country: Some("DK".into()),
            people: People::default(),
        };
        let board = Board::new(TimeZone::UTC);
        let mut floor = Self {
            state: State::new(vec![site], board, START, size),
            seq: 0,
            oldest: 0,
            last: 0,
        };
        let callers: Vec<Entry> = (0..rows).map(|_| floor.comes()).collect();
        update(&mut floor.state, Msg::Entries(callers));
        floor.feeds();
        // Searched and sorted, as far as the keys do that.
        for key in "/holm".chars() {
            floor.key(key);
        }
        floor.press(KeyCode::Enter);
        floor.key('s');
        floor
    }

    /// How many are listed.
    pub fn listed(&self) -> usize {
        self.state.rows_in_focus()
    }

    /// A key.
    pub fn key(&mut self, key: char) {
        self.press(KeyCode::Char(key));
    }

    fn press(&mut self, code: KeyCode) {
        let event = KeyEvent::new(code, KeyModifiers::NONE);
        update(&mut self.state, Msg::Key(event));
    }

    /// A second passes.
    pub fn second(&mut self) {
        let later = self.state.now.shift(1_000);
        update(&mut self.state, Msg::Clock(later));
    }

    /// So many callers come, and as many of those who wait longest go.
    pub fn comes_and_goes(&mut self, callers: usize) {
        let entries = (0..callers).flat_map(|_| {
            let comes = self.comes();
            [comes, self.goes()]
        });
        let entries = entries.collect();
        update(&mut self.state, Msg::Entries(entries));
    }

    /// Every list is fresh.
    pub fn feeds(&mut self) {
        let now = self.state.now;
        let fresh = |queue: &str| {
            let id = FeedId {
                site: "aarhus".into(),
                kind: FeedKind::Callers(queue.into()),
            };
            let mut health = FeedHealth::new(Duration::from_secs(2));
            health.answered(now);
            (id, health)
        };
        update(&mut self.state, Msg::Feeds(QUEUES.map(fresh).into()));
    }

    fn comes(&mut self) -> Entry {
        let i = self.last;
        self.last += 1;
        let names = ["Bamse & Kylling", "Ærø Færgefart", "Anna Holm", "山田太郎"];
        let waits = i64::try_from((i * 7_919) % 900).unwrap_or_default();
        let caller = Caller {
            id: format!("{i:08}.234-pbx1.example").as_str().into(),
            state: CallerState::Queued,
            party: Party::Open {
                number: Some(format!("+45{}", 20_000_000 + i).into()),
                name: Some(Arc::from(names[usize::try_from(i % 4).unwrap_or_default()])),
            },
            entered: Some(self.state.now.shift(-1_000 * waits)),
            answered: None,
            presentation: Some("+4570305050".into()),
            answered_by_extension: None,
            answered_by_number: None,
            raw: None,
        };
        let queue = queue_of(i).into();
        self.entry(Change::Entered { queue, caller })
    }

    fn goes(&mut self) -> Entry {
        let i = self.oldest;
        self.oldest += 1;
        self.entry(Change::Gone {
            queue: queue_of(i).into(),
            id: format!("{i:08}.234-pbx1.example").as_str().into(),
            how: Departure::Left,
            waited: Some(Duration::from_secs(i % 900)),
        })
    }

    fn entry(&mut self, change: Change) -> Entry {
        self.seq += 1;
        Entry {
            seq: self.seq,
            at: self.state.now,
            site: "aarhus".into(),
            what: What::Change(change),
        }
    }
}

fn queue_of(caller: u64) -> &'static str {
    QUEUES[usize::try_from(caller % 2).unwrap_or_default()]
}
