//! A Telphin site, played in a few words: requests in, board out. Times are
//! milliseconds after ten in the morning.

use std::collections::HashSet;

use holdline::{
    domain::{
        agent::{Agent, AgentState},
        board::{Board, QueueBoard},
        call::Call,
        entry::{Entry, What},
        event::{CallEvent, Event},
        extension::{Extension, ExtensionKind},
        floor::Floor,
        hook::{Hook, Says},
        site::{People, Queue, QueueKey, Site, Vendor},
        time::At,
    },
    vendor::hook::{self, Reader, Received},
};
use jiff::tz::TimeZone;

/// Ten in the morning, in milliseconds.
pub const TEN: i64 = 1_763_719_200_000;

pub const MENU: &str = "77";
pub const QUEUE: &str = "96857";
pub const OTHER_QUEUE: &str = "96858";
pub const ANNA: &str = "85219";
pub const BO: &str = "85220";
pub const FAX: &str = "50";
pub const CUSTOMER: &str = "+79161112233";

/// Fields by name.
pub type Fields<'a> = &'a [(&'a str, &'a str)];

pub struct Play {
    pub board: Board,
    pub reader: Reader,
    pub now: i64,
    pub seq: u64,
    known: HashSet<String>,
}

impl Play {
    pub fn new() -> Self {
        Self {
            board: Board::new(TimeZone::UTC),
            reader: Reader::new(&[site()]),
            now: 0,
            seq: 0,
            known: HashSet::new(),
        }
    }

    /// An event of an extension comes at this time by both clocks.
    pub fn say(&mut self, at: i64, event: &str, leg: &str, more: Fields<'_>) -> &mut Self {
        self.now = self.now.max(at);
        self.hear(&fields(at, event, leg, more), false)
    }

    /// Fields come, as the journal would keep them: each key once.
    pub fn hear(&mut self, fields: &[(String, String)], injected: bool) -> &mut Self {
        let query = form(fields);
        for delivery in deliveries("GET", &query, "") {
            if delivery.dedupe.is_some_and(|key| !self.known.insert(key)) {
                continue;
            }
            self.enter(What::Hook(Hook {
                vendor: Vendor::Telphin,
                event: delivery.event,
                body: delivery.body,
                injected,
                says: Says::Unread,
            }));
        }
        self
    }

    pub fn enter(&mut self, what: What) -> &mut Self {
        self.seq += 1;
        let mut entries = [Entry {
            seq: self.seq,
            at: time(self.now),
            site: "phones".into(),
            what,
        }];
        self.reader.read_all(&mut entries);
        self.board.apply(&entries[0]);
        self
    }

    /// Nobody listened from then until now.
    pub fn gap(&mut self, from: i64) -> &mut Self {
        self.enter(What::Gap {
            from: time(from),
            to: time(self.now),
        })
    }

    pub fn resume(&mut self) -> &mut Self {
        let text = serde_json::to_string(&self.board.checkpoint()).unwrap();
        self.board = Board::from_checkpoint(TimeZone::UTC, serde_json::from_str(&text).unwrap());
        self
    }

    pub fn floor(&self) -> &Floor {
        self.board.floor(&"phones".into()).unwrap()
    }

    pub fn call(&self) -> &Call {
        self.floor().call(&"c".into()).unwrap()
    }

    pub fn agent(&self, id: &str) -> &Agent {
        self.floor().agent(&id.into()).unwrap()
    }

    /// An agent's state, and since which millisecond.
    pub fn state(&self, id: &str) -> (AgentState, Option<i64>) {
        let standing = self.agent(id).standing();
        (standing.state, standing.since.map(|at| at.0 - TEN))
    }

    pub fn calls_today(&self, id: &str) -> u32 {
        let day = time(self.now).day(&TimeZone::UTC);
        self.agent(id).calls_on(day).unwrap()
    }

    /// Answered, left, the longest wait in ms, and who waits since when.
    pub fn queue(&self, id: &str) -> (u64, u64, Option<u128>, Vec<Option<i64>>) {
        let board = queue(&self.board, id);
        let day = time(self.now).day(&TimeZone::UTC);
        let today = board.today.on(day).cloned().unwrap_or_default();
        let callers = board.callers();
        (
            today.answered(),
            today.left(),
            today.longest().map(|d| d.as_millis()),
            callers
                .map(|w| w.caller.entered().map(|at| at.0 - TEN))
                .collect(),
        )
    }
}

pub fn queue(board: &Board, id: &str) -> QueueBoard {
    let key = QueueKey {
        site: "phones".into(),
        queue: id.into(),
    };
    board.queue(&key).cloned().unwrap_or_default()
}

pub fn time(millis: i64) -> At {
    At(TEN + millis)
}

/// An event of call `c`; the leg's extension is what its id begins with.
pub fn fields(at: i64, event: &str, leg: &str, more: Fields<'_>) -> Vec<(String, String)> {
    let status = if event == "answer" {
        "ANSWER"
    } else {
        "CALLING"
    };
    let micros = ((TEN + at) * 1_000).to_string();
    let mut all: Vec<(String, String)> = [
        ("EventType", event),
        ("EventTime", &micros),
        ("CallID", "c"),
        ("SubCallID", leg),
        ("CallStatus", status),
        ("CallerIDNum", CUSTOMER),
        ("CallerIDName", CUSTOMER),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    for (name, value) in more {
        all.retain(|(known, _)| known != name);
        all.push(((*name).to_owned(), (*value).to_owned()));
    }
    all
}

pub fn form(fields: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

pub fn deliveries(method: &str, query: &str, body: &str) -> Vec<hook::Delivery> {
    let received = Received {
        method,
        query,
        content_type: Some("application/x-www-form-urlencoded"),
        body: body.as_bytes(),
    };
    hook::deliveries(Vendor::Telphin, &received).unwrap()
}

/// What a request says at our site.
pub fn says(method: &str, query: &str, body: &str) -> Says {
    let delivery = deliveries(method, query, body).remove(0);
    let mut hook = Hook {
        vendor: Vendor::Telphin,
        event: delivery.event,
        body: delivery.body,
        injected: false,
        says: Says::Unread,
    };
    Reader::new(&[site()]).read(&"phones".into(), &mut hook);
    hook.says
}

/// The call event of these fields.
pub fn call_event(event: &str, leg: &str, more: Fields<'_>) -> CallEvent {
    match says("GET", &form(&fields(0, event, leg, more)), "") {
        Says::This(event) => match *event {
            Event::Call(event) => event,
            Event::Agent { .. } => panic!("about an agent"),
        },
        other => panic!("{other:?}"),
    }
}

/// The site as a configuration might have it.
pub fn site() -> Site {
    use ExtensionKind::{Fax, Ivr, Phone, Queue as QueueKind};
    let extension = |(id, name, kind, number): (&str, &str, _, Option<&str>)| Extension {
        id: id.into(),
        name: name.into(),
        kind,
        number: number.map(str::to_owned),
        user: None,
    };
    Site {
        name: "phones".into(),
        vendor: Vendor::Telphin,
        queues: vec![Queue {
            id: QUEUE.into(),
            name: "Support".into(),
            service_level: Queue::SERVICE_LEVEL,
            critical: Queue::CRITICAL,
        }],
        country: Some("RU".into()),
        people: People {
            agents: [(ANNA.into(), "Anna".to_owned()), (BO.into(), "Bo".into())].into(),
            extensions: [
                (MENU, "Menu", Ivr, None),
                (QUEUE, "Support", QueueKind, None),
                (OTHER_QUEUE, "Sales", QueueKind, None),
                (ANNA, "Anna", Phone, Some("102")),
                (BO, "Bo", Phone, Some("2566*103")),
                (FAX, "Fax", Fax, None),
            ]
            .map(extension)
            .into(),
            ..People::default()
        },
    }
}
