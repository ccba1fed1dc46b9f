//! A site that pushes, played in a few words: events in, board out. Times are
//! seconds after ten in the morning.

use holdline::{
    domain::{
        agent::{Agent, AgentState, Standing},
        board::{Board, QueueBoard},
        call::Call,
        caller::Raw,
        entry::{Entry, What},
        floor::Floor,
        hook::{Hook, Says},
        site::{Pause, People, Queue, QueueKey, Site, Vendor},
        suspect::{self, Suspicion},
        time::At,
    },
    vendor::hook::Reader,
};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::time::Duration;

/// Ten in the morning.
pub const TEN: i64 = 1_763_719_200;

pub struct Play {
    pub board: Board,
    pub now: i64,
    seq: u64,
}

impl Play {
    pub fn new() -> Self {
        Self {
            board: Board::new(TimeZone::UTC),
            now: 0,
            seq: 0,
        }
    }

    /// The clock stands at this many seconds.
    pub fn at(&mut self, seconds: i64) -> &mut Self {
        self.now = seconds;
        self
    }

    pub fn time(&self) -> At {
        time(self.now)
    }

    /// An event comes.
    pub fn push(&mut self, event: &str, fields: &Value) -> &mut Self {
        self.hook(event, fields, false)
    }

    /// Our own injector makes one.
    pub fn inject(&mut self, event: &str, fields: &Value) -> &mut Self {
        self.hook(event, fields, true)
    }

    fn hook(&mut self, event: &str, fields: &Value, injected: bool) -> &mut Self {
        self.enter(What::Hook(Hook {
            vendor: Vendor::Contaqt,
            event: event.into(),
            body: Raw::new(&fields.to_string()),
            injected,
            says: Says::Unread,
        }))
    }

    /// Nobody listened between these seconds.
    pub fn gap(&mut self, from: i64, to: i64) -> &mut Self {
        self.enter(What::Gap {
            from: time(from),
            to: time(to),
        })
    }

    pub fn enter(&mut self, what: What) -> &mut Self {
        self.seq += 1;
        let mut entries = [Entry {
            seq: self.seq,
            at: self.time(),
            site: "team".into(),
            what,
        }];
        Reader::default().read_all(&mut entries);
        self.board.apply(&entries[0]);
        self
    }

    /// A step of a call's leg, at this second by the vendor's clock; it comes
    /// at once unless the clock is set otherwise.
    pub fn step(&mut self, step: &str, leg: &str, seconds: i64, more: &Value) -> &mut Self {
        let mut fields = json!({"id": leg, "call_id": "c", "ts": TEN + seconds});
        let more = more.as_object().into_iter().flatten();
        let object = fields.as_object_mut().unwrap();
        object.extend(more.map(|(name, value)| (name.clone(), value.clone())));
        self.now = self.now.max(seconds);
        self.push(&format!("call:{step}"), &fields)
    }

    pub fn floor(&self) -> &Floor {
        self.board.floor(&"team".into()).unwrap()
    }

    pub fn agent(&self, id: &str) -> &Agent {
        self.floor().agent(&id.into()).unwrap()
    }

    pub fn standing(&self, id: &str) -> &Standing {
        self.agent(id).standing()
    }

    pub fn state(&self, id: &str) -> AgentState {
        self.standing(id).state
    }

    /// The second since when an agent is in their state, and whether its
    /// start was seen.
    pub fn since(&self, id: &str) -> (i64, bool) {
        let standing = self.standing(id);
        let since = standing.since.unwrap().0;
        (since / 1_000 - TEN, standing.seen)
    }

    pub fn call(&self, id: &str) -> &Call {
        self.floor().call(&id.into()).unwrap()
    }

    pub fn queue(&self, id: &str) -> QueueBoard {
        self.board.queue(&key(id)).cloned().unwrap_or_default()
    }

    /// Answered, left, and who waits.
    pub fn figures(&self, queue: &str) -> (u64, u64, Vec<String>) {
        let queue = self.queue(queue);
        let today = queue.today.on(self.time().day(&TimeZone::UTC));
        let waiting = queue
            .ranked()
            .into_iter()
            .map(|(_, w)| w.caller.id().to_string());
        (
            today.map_or(0, holdline::domain::metrics::Today::answered),
            today.map_or(0, holdline::domain::metrics::Today::left),
            waiting.collect(),
        )
    }

    pub fn calls_today(&self, id: &str) -> u32 {
        self.agent(id)
            .calls_on(self.time().day(&TimeZone::UTC))
            .unwrap()
    }

    pub fn suspects(&self, id: &str) -> Vec<Suspicion> {
        suspect::of_agent(self.agent(id), self.floor(), &site().people, self.time())
    }

    pub fn suspects_of_call(&self, id: &str) -> Vec<Suspicion> {
        suspect::of_call(self.call(id), self.floor(), self.time())
    }
}

pub fn time(seconds: i64) -> At {
    At((TEN + seconds) * 1_000)
}

pub fn key(queue: &str) -> QueueKey {
    QueueKey {
        site: "team".into(),
        queue: queue.into(),
    }
}

/// The site as a configuration might have it.
pub fn site() -> Site {
    let lunch = Pause {
        name: "lunch".into(),
        limit: Some(Duration::from_mins(45)),
    };
    Site {
        name: "team".into(),
        vendor: Vendor::Contaqt,
        queues: vec![Queue {
            id: "1".into(),
            name: "support".into(),
            service_level: Queue::SERVICE_LEVEL,
            critical: Queue::CRITICAL,
        }],
        country: None,
        people: People {
            agents: [("17".into(), "Anna Holm".to_owned())].into(),
            pauses: [("5".into(), lunch)].into(),
            activities: [("2".into(), "mail".to_owned())].into(),
            extensions: Vec::new(),
        },
    }
}
