//! A call center that never closes, its clock in our hands: what the journal
//! would hand to a console, folded as the console does.

use std::time::Duration;

use holdline::{
    app::{Msg, State, update},
    domain::{
        board::Board,
        caller::Raw,
        entry::{Entry, What},
        feed::{FeedHealth, FeedId, FeedKind, Heard},
        hook::{Hook, Says},
        site::{People, Queue, Site, Vendor},
        time::At,
    },
    vendor::hook::Reader,
};
use jiff::tz::TimeZone;
use ratatui::layout::Size;

/// 22:00, so that midnight comes early.
const START: At = At(1_772_488_800_000);
const AGENTS: u64 = 40;

/// A console and what happened in it so far.
pub struct Day {
    /// The console.
    pub state: State,
    numbers: bool,
    reader: Reader,
    seq: u64,
    calls: u64,
    second: u64,
}

impl Day {
    /// A console that has just been opened; `numbers` is whether callers have
    /// any.
    pub fn begins(numbers: bool) -> Self {
        let site = site();
        let board = Board::new(TimeZone::UTC);
        Self {
            numbers,
            reader: Reader::new(std::slice::from_ref(&site)),
            state: State::new(vec![site], board, START, Size::new(120, 36)),
            // As long as they ever get.
            seq: 100_000_000,
            calls: 10_000_000,
            second: 0,
        }
    }

    /// Lets an hour pass with so many calls in it.
    pub fn hour(&mut self, calls: u64) {
        let from = self.calls;
        for second in 0..3_600 {
            self.second += 1;
            let mut entries = Vec::new();
            while self.calls - from < calls * (second + 1) / 3_600 {
                self.calls += 1;
                self.call(&mut entries);
            }
            self.reader.read_all(&mut entries);
            if !entries.is_empty() {
                update(&mut self.state, Msg::Entries(entries));
            }
            let (now, feeds) = (self.now(), self.feeds());
            update(&mut self.state, Msg::Clock(now));
            update(&mut self.state, Msg::Feeds(feeds));
        }
    }

    fn now(&self) -> At {
        START.plus(Duration::from_secs(self.second))
    }

    /// A caller comes; who came 30 s ago is rung, who came before is answered
    /// or gone, and the agent pauses now and then.
    fn call(&mut self, entries: &mut Vec<Entry>) {
        let n = self.calls;
        let agent = |call: u64| call % AGENTS + 1;
        self.pushed(entries, "call:start", n, r#""queue_id":"1""#);
        if let Some(rung) = n.checked_sub(20) {
            let of = format!(r#""queue_id":"1","dst_user_id":"{}""#, agent(rung));
            self.pushed(entries, "call:ring", rung, &of);
        }
        if let Some(answered) = n.checked_sub(30).filter(|n| n % 4 > 0) {
            let of = format!(r#""queue_id":"1","dst_user_id":"{}""#, agent(answered));
            self.pushed(entries, "call:answer", answered, &of);
        }
        if let Some(ended) = n.checked_sub(70) {
            self.pushed(entries, "call:end", ended, r#""queue_id":"1""#);
        }
        if n.is_multiple_of(5) {
            let of = format!(r#""user_id":"{}","pause_id":"{}""#, agent(n), n % 3);
            self.pushed(entries, "agent:status", n, &of);
        }
    }

    fn pushed(&mut self, entries: &mut Vec<Entry>, event: &str, call: u64, rest: &str) {
        self.seq += 1;
        let at = self.now();
        let ts = at.0 / 1_000;
        let number = if self.numbers {
            format!(r#""cid_num":"+45{:08}","#, call % 50_000)
        } else {
            String::new()
        };
        let body = format!(
            r#"{{"event":"{event}","id":"leg-{call}","call_id":"call-{call}","ts":{ts},"type":"queue","cid_name":"Caller {}",{number}{rest}}}"#,
            call % 997 + 1_000,
        );
        entries.push(Entry {
            seq: self.seq,
            at,
            site: "team".into(),
            what: What::Hook(Hook {
                vendor: Vendor::Contaqt,
                event: event.into(),
                body: Raw::new(&body),
                injected: false,
                says: Says::Unread,
            }),
        });
    }

    fn feeds(&self) -> Vec<(FeedId, FeedHealth)> {
        let id = FeedId {
            site: "team".into(),
            kind: FeedKind::Hooks,
        };
        let heard = Heard {
            listens: Some("127.0.0.1:8642".into()),
            alive: Some(self.now()),
            accepted: self.seq,
            ..Heard::default()
        };
        let health = FeedHealth {
            last_ok: Some(self.now()),
            heard: Some(heard),
            ..FeedHealth::pushed()
        };
        vec![(id, health)]
    }

    /// Everything that the console holds, as text.
    pub fn held(&self) -> usize {
        format!("{:?}", self.state).len()
    }
}

fn site() -> Site {
    let queue = Queue {
        id: "1".into(),
        name: "support".into(),
        service_level: Duration::from_secs(20),
        critical: Duration::from_mins(5),
    };
    Site {
        name: "team".into(),
        vendor: Vendor::Contaqt,
        queues: vec![queue],
        country: Some("DK".into()),
        people: People::default(),
    }
}
