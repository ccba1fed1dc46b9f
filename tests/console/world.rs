//! A small call center to look at: two sites, three queues, a known minute.

use std::{sync::Arc, time::Duration};

use holdline::{
    app::{Msg, State, update},
    domain::{
        board::Board,
        caller::{Caller, CallerState, Party, Raw},
        entry::{Change, Departure, Entry, What},
        feed::{FeedHealth, FeedId, FeedKind},
        site::{People, Queue, Site, Vendor},
        time::At,
    },
};
use jiff::tz::TimeZone;
use ratatui::layout::Size;

/// 2026-03-02 14:03:27 UTC, a Monday.
pub fn now() -> At {
    At::parse("2026-03-02T14:03:27Z").unwrap()
}

/// So many seconds before [`now`].
pub fn ago(seconds: i64) -> At {
    now().shift(-1000 * seconds)
}

pub fn queue(id: &str, name: &str) -> Queue {
    Queue {
        id: id.into(),
        name: name.into(),
        service_level: Duration::from_secs(20),
        critical: Duration::from_mins(1),
    }
}

pub fn sites() -> Vec<Site> {
    let queues = vec![
        queue("5f1a", "support"),
        queue("5f1b", "sales"),
        queue("5f1c", "billing"),
    ];
    vec![
        Site {
            name: "aarhus".into(),
            vendor: Vendor::TelecomX,
            queues,
            country: Some("DK".into()),
            people: People::default(),
        },
        Site {
            name: "team".into(),
            vendor: Vendor::Contaqt,
            queues: vec![],
            country: None,
            people: People::default(),
        },
    ]
}

pub fn caller(id: &str, number: &str, name: Option<&str>, entered: At) -> Caller {
    Caller {
        id: id.into(),
        state: CallerState::Queued,
        party: Party::Open {
            number: Some(number.into()),
            name: name.map(Arc::from),
        },
        entered: Some(entered),
        answered: None,
        presentation: Some("+4570305050".into()),
        answered_by_extension: None,
        answered_by_number: None,
        raw: Some(Raw::new(&format!(
            r#"{{"_id":"{id}","state":"QUEUED","number":"{number}","priority":3}}"#
        ))),
    }
}

/// Entries as the journal would give them, one after the other.
pub struct Story {
    pub entries: Vec<Entry>,
}

impl Story {
    pub fn new() -> Self {
        Self {
            entries: Vec::new(),
        }
    }

    pub fn tell(&mut self, at: At, change: Change) {
        let seq = self.entries.len() as u64 + 1;
        self.entries.push(Entry {
            seq,
            at,
            site: "aarhus".into(),
            what: What::Change(change),
        });
    }

    pub fn enters(&mut self, queue: &str, caller: Caller) {
        let at = caller.entered.unwrap_or_else(now);
        self.tell(
            at,
            Change::Entered {
                queue: queue.into(),
                caller,
            },
        );
    }

    pub fn goes(&mut self, queue: &str, id: &str, how: Departure, at: At, waited: u64) {
        let waited = Some(Duration::from_secs(waited));
        self.tell(
            at,
            Change::Gone {
                queue: queue.into(),
                id: id.into(),
                how,
                waited,
            },
        );
    }
}

/// A busy minute: late and critical waits, a VIP, a callback, a secret number,
/// an answered one, wide and missing names, and a few who went today.
pub fn busy() -> Story {
    let mut story = Story::new();
    for i in 0..12 {
        let id = format!("gone-{i}");
        story.enters(
            "5f1a",
            caller(&id, "+4520304050", None, ago(3_600 - i * 60)),
        );
        let (how, waited) = if i % 4 == 3 {
            (Departure::Left, 95)
        } else {
            (Departure::Answered, 9 + i.unsigned_abs())
        };
        story.goes("5f1a", &id, how, ago(3_500 - i * 60), waited);
    }
    story.enters(
        "5f1a",
        caller(
            "46265y784.234-pbx1.example",
            "+4535203040",
            Some("Bamse & Kylling"),
            ago(372),
        ),
    );
    let mut vip = caller(
        "46265y784.235-pbx1.example",
        "+4521436587",
        Some("Ærø Færgefart"),
        ago(49),
    );
    vip.state = CallerState::Vip;
    story.enters("5f1a", vip);
    let mut secret = caller("46265y784.236-pbx1.example", "", None, ago(125));
    secret.party = Party::Secret;
    secret.raw = None;
    story.enters("5f1a", secret);
    let mut back = caller(
        "46265y784.237-pbx2.example",
        "+4921155500",
        Some("山田太郎"),
        ago(31),
    );
    back.state = CallerState::Callback;
    story.enters("5f1b", back);
    let mut taken = caller("46265y784.238-pbx2.example", "+442079460123", None, ago(18));
    taken.answered = Some(ago(2));
    story.enters("5f1b", taken);
    story.enters(
        "5f1b",
        caller(
            "46265y784.239-pbx2.example",
            "+4586123456",
            Some("Jens \u{1b}[31mVig\u{202e}"),
            ago(7),
        ),
    );
    story
}

pub fn feed(queue: &str) -> FeedId {
    FeedId {
        site: "aarhus".into(),
        kind: FeedKind::Callers(queue.into()),
    }
}

/// Every queue's list is a second old.
pub fn fresh() -> Vec<(FeedId, FeedHealth)> {
    ["5f1a", "5f1b", "5f1c"]
        .map(|q| (feed(q), answered(ago(1))))
        .into()
}

pub fn answered(at: At) -> FeedHealth {
    let mut health = FeedHealth::new(Duration::from_secs(2));
    health.answered(at);
    health
}

/// A console on this story, with fresh feeds.
pub fn console(story: Story, width: u16, height: u16) -> State {
    let mut state = State::new(
        sites(),
        Board::new(TimeZone::UTC),
        now(),
        Size::new(width, height),
    );
    update(&mut state, Msg::Entries(story.entries));
    update(&mut state, Msg::Feeds(fresh()));
    state
}
