//! A floor to look at, beside the polled queues of [`world`]: Contaqt's own
//! requests, read as the receiver and the journal read them.

use std::time::Duration;

use holdline::{
    app::{Command, Msg, State, update},
    domain::{
        board::Board,
        entry::{Entry, What},
        fault::{Fault, FaultKind},
        feed::{FeedHealth, FeedId, FeedKind, Heard},
        hook::{Hook, Says},
        site::{Pause, People, Site, Vendor},
        time::At,
    },
    vendor::hook::{self, Reader, Received},
};
use jiff::tz::TimeZone;
use ratatui::layout::Size;
use serde_json::{Value, json};

use super::{
    screen,
    world::{self, Story, ago, now, queue},
};

/// The polled site, and one that pushes.
pub fn sites() -> Vec<Site> {
    let agents = [
        ("17", "Anna Holm"),
        ("18", "Jens Vig"),
        ("19", "Mette Krog"),
        ("20", "Ole Ry"),
        ("21", "Per Bo"),
        ("22", "Ida Lund"),
        ("24", "Kim Dahl"),
        ("25", "Lis Toft"),
    ];
    let lunch = Pause {
        name: "lunch".into(),
        limit: Some(Duration::from_mins(45)),
    };
    let people = People {
        agents: agents.map(|(id, name)| (id.into(), name.into())).into(),
        pauses: [("5".into(), lunch)].into(),
        activities: [("2".into(), "mail".into())].into(),
        extensions: Vec::new(),
    };
    let mut sites = world::sites();
    sites[1].queues = vec![queue("1", "desk"), queue("2", "orders")];
    sites[1].people = people;
    sites
}

/// What happens at the site that pushes, one after the other.
pub struct Floor {
    pub entries: Vec<Entry>,
    at: At,
    injected: bool,
}

impl Floor {
    /// Goes on from where a story was.
    pub fn after(story: Story) -> Self {
        Self {
            entries: story.entries,
            at: now(),
            injected: false,
        }
    }

    pub fn new() -> Self {
        Self::after(Story::new())
    }

    /// The clock stands so many seconds before [`now`].
    pub fn at(&mut self, seconds_ago: i64) -> &mut Self {
        self.at = ago(seconds_ago);
        self
    }

    /// What comes from here on is our own injector's.
    pub fn injected(&mut self) -> &mut Self {
        self.injected = true;
        self
    }

    pub fn tell(&mut self, what: What) -> &mut Self {
        let seq = self.entries.len() as u64 + 1;
        self.entries.push(Entry {
            seq,
            at: self.at,
            site: "team".into(),
            what,
        });
        self
    }

    /// The vendor posts JSON.
    pub fn posts(&mut self, body: &str) -> &mut Self {
        for hook in decoded(body, self.injected) {
            self.tell(What::Hook(hook));
        }
        self
    }

    pub fn event(&mut self, event: &str, fields: &Value) -> &mut Self {
        self.posts(&posted(event, fields))
    }

    /// A step of a call's leg, now by both clocks.
    pub fn step(&mut self, step: &str, call: &str, leg: &str, more: &Value) -> &mut Self {
        let fields = json!({"id": leg, "call_id": call, "ts": self.at.0 / 1_000});
        self.event(&format!("call:{step}"), &both(fields, more))
    }

    /// Checked in, and in these queues.
    pub fn comes_in(&mut self, agent: &str, queues: &[&str]) -> &mut Self {
        let device = json!({"user_id": agent, "device_id": 400, "device_name": "Desk 4"});
        self.event("agent:checkin", &device);
        if !queues.is_empty() {
            self.event("queue:join", &json!({"user_id": agent, "queues": queues}));
        }
        self
    }

    pub fn refused(&mut self, count: u32) -> &mut Self {
        self.tell(What::Refused {
            why: "its secret is wrong".into(),
            from: "192.0.2.7".into(),
            count,
        })
    }

    /// Nobody listened until now.
    pub fn gap(&mut self, from_seconds_ago: i64) -> &mut Self {
        let (from, to) = (ago(from_seconds_ago), self.at);
        self.tell(What::Gap { from, to })
    }
}

/// An event as the vendor would post it.
pub fn posted(event: &str, fields: &Value) -> String {
    both(json!({"event": event}), fields).to_string()
}

fn both(mut fields: Value, more: &Value) -> Value {
    let more = more.as_object().into_iter().flatten();
    let more = more.map(|(name, value)| (name.clone(), value.clone()));
    fields.as_object_mut().unwrap().extend(more);
    fields
}

/// What a request holds, as the receiver keeps it.
fn decoded(body: &str, injected: bool) -> Vec<Hook> {
    let received = Received {
        method: "POST",
        query: "",
        content_type: Some("application/json"),
        body: body.as_bytes(),
    };
    let deliveries = hook::deliveries(Vendor::Contaqt, &received).unwrap();
    let kept = deliveries.into_iter().map(|delivery| Hook {
        vendor: Vendor::Contaqt,
        event: delivery.event,
        body: delivery.body,
        injected,
        says: Says::Unread,
    });
    kept.collect()
}

pub const BAMSE: &str = "+4535203040";

/// A queue call's own fields.
pub fn queue_call(queue: &str, number: &str, name: &str) -> Value {
    json!({
        "type": "queue", "queue_id": queue, "cid_num": number, "cid_name": name,
        "dst_num": "+4570305050", "a2": "DK",
    })
}

/// The leg of a queue call to an agent.
pub fn to_agent(queue: &str, agent: &str, number: &str, name: &str) -> Value {
    both(
        queue_call(queue, number, name),
        &json!({"dst_user_id": agent}),
    )
}

/// Everybody is in another state: two at calls (one of them stuck), one free,
/// one rung, one over lunch, one out, one never heard of, one nobody named.
pub fn busy() -> Floor {
    let mut floor = Floor::after(world::busy());
    floor.at(10_800).comes_in("17", &["1", "2"]);
    floor.at(10_790).comes_in("18", &["1"]);
    floor.at(10_780).comes_in("19", &["1"]);
    floor.at(10_770).comes_in("20", &["2"]);
    floor.at(10_760).comes_in("21", &["2"]);
    floor.at(10_750).comes_in("25", &["1"]);
    floor.at(7_200).comes_in("24", &[]);
    floor.at(3_000).event(
        "agent:status",
        &json!({"user_id": 19, "activity_id": 0, "pause_id": 5, "in_calls": 0}),
    );
    floor.at(1_900);
    floor.event("agent:checkout", &json!({"user_id": 21}));
    let jens = to_agent("1", "18", "+4586123456", "Karen Blixen");
    floor.at(900).step(
        "start",
        "c0",
        "c0",
        &queue_call("1", "+4586123456", "Karen Blixen"),
    );
    floor.at(890).step("ring", "c0", "c0b", &jens);
    floor.at(885).step("answer", "c0", "c0b", &jens);
    floor.at(41).step(
        "end",
        "c0",
        "c0b",
        &both(
            jens,
            &json!({"hangup_cause": "NORMAL_CLEARING", "billms": 844_000}),
        ),
    );
    floor.step(
        "end",
        "c0",
        "c0",
        &json!({"hangup_cause": "NORMAL_CLEARING"}),
    );
    let lis = to_agent("1", "25", "+4522222222", "");
    floor.at(640).step("ring", "c3", "c3", &lis);
    floor.at(630).step("answer", "c3", "c3", &lis);
    floor.event(
        "agent:status",
        &json!({"user_id": 25, "pause_id": 0, "in_calls": 1}),
    );
    floor.at(600).step(
        "end",
        "c3",
        "c3",
        &json!({"hangup_cause": "NORMAL_CLEARING"}),
    );
    let status = json!({"user_id": 23, "activity_id": 2, "pause_id": 0, "in_calls": 0});
    floor.at(540).event("agent:status", &status);
    floor.at(200).step(
        "start",
        "c1",
        "c1",
        &queue_call("1", BAMSE, "Bamse & Kylling"),
    );
    let anna = to_agent("1", "17", BAMSE, "Bamse & Kylling");
    floor.at(190).step("ring", "c1", "c1b", &anna);
    floor.at(180).step("answer", "c1", "c1b", &anna);
    floor.at(75).step(
        "start",
        "c5",
        "c5",
        &queue_call("1", "+4521436587", "Ærø Færgefart"),
    );
    floor.at(12).step(
        "start",
        "c2",
        "c2",
        &queue_call("2", "+4920304050", "山田太郎"),
    );
    floor.at(6).step(
        "ring",
        "c2",
        "c2b",
        &to_agent("2", "20", "+4920304050", "山田太郎"),
    );
    floor.at(0);
    // As they came.
    floor.entries.sort_by_key(|entry| entry.at);
    for (seq, entry) in (1..).zip(&mut floor.entries) {
        entry.seq = seq;
    }
    floor
}

pub fn hooks() -> FeedId {
    FeedId {
        site: "team".into(),
        kind: FeedKind::Hooks,
    }
}

/// The receiver listens, as of then.
pub fn listening(at: At) -> FeedHealth {
    let mut health = FeedHealth::pushed();
    health.last_ok = Some(at);
    health.heard = Some(Heard {
        listens: Some("127.0.0.1:8642".into()),
        alive: Some(at),
        accepted: 40,
        per_minute: 12,
        ..Heard::default()
    });
    health
}

/// It has not been able to for so many seconds.
pub fn deaf(seconds: i64) -> FeedHealth {
    let mut health = listening(ago(seconds));
    let fault = Fault::new(
        FaultKind::Deaf,
        "the receiver cannot listen on 127.0.0.1:8642: address in use",
        "end the program that holds the port, or set another `listen` under [receiver]",
    );
    health.failed(ago(seconds), fault);
    health
}

/// A console on this floor, with fresh feeds, its keys on pane `keys`.
pub fn console(floor: &Floor, width: u16, height: u16, keys: &str) -> State {
    let size = Size::new(width, height);
    let mut state = State::new(sites(), Board::new(TimeZone::UTC), now(), size);
    update(&mut state, Msg::Feeds(world::fresh()));
    update(&mut state, Msg::Feeds(vec![(hooks(), listening(now()))]));
    comes(&mut state, floor.entries.clone());
    screen::play(&mut state, keys);
    state
}

/// News come, read as the console's loop reads them.
pub fn comes(state: &mut State, mut entries: Vec<Entry>) -> Vec<Command> {
    Reader::default().read_all(&mut entries);
    update(state, Msg::Entries(entries))
}

/// More of the same floor comes to a console that is open.
pub fn goes_on(state: &mut State, tell: impl FnOnce(&mut Floor)) {
    let mut floor = Floor::new();
    floor.at = state.now;
    tell(&mut floor);
    let upto = state.board.upto();
    for entry in &mut floor.entries {
        entry.seq += upto;
    }
    comes(state, floor.entries);
}

/// The screen as text.
pub fn text(state: &State) -> String {
    let rows = screen::rows(&screen::draw(state));
    let rows = rows.iter().map(|row| row.trim_end().to_owned() + "\n");
    rows.collect()
}

/// The first line of the screen that has these words.
pub fn line(state: &State, words: &str) -> String {
    let text = text(state);
    let line = text.lines().find(|line| line.contains(words));
    line.unwrap_or_else(|| panic!("{words}\n{text}")).to_owned()
}

/// Seconds go by, and all feeds stay fresh.
pub fn passes(state: &mut State, seconds: i64) -> Vec<Command> {
    let at = state.now.shift(1_000 * seconds);
    update(state, Msg::Feeds(vec![(hooks(), listening(at))]));
    super::news::ticks(state, at)
}
