//! Following what is told gives what deriving anew gives, whatever comes, and
//! so does looking again as time goes by.

use std::time::Duration;

use jiff::tz::TimeZone;
use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    app::field::Field,
    domain::{
        board::Moved,
        caller::Raw,
        entry::{Entry, What},
        event::{AgentNews, CallEvent, CallFacts, CallStep, Event, Strand},
        hook::{Hook, Says},
        site::{Pause, People, Queue, Vendor},
    },
};

const COLUMNS: [Cell; 7] = [
    Cell::State,
    Cell::Agent,
    Cell::For,
    Cell::Calls,
    Cell::Device,
    Cell::Site,
    Cell::Id,
];
const NOW: At = At(1_772_460_207_000);
const SITES: [&str; 2] = ["team", "office"];

fn sites() -> Vec<Site> {
    let queue = |id: &str| Queue {
        id: id.into(),
        name: format!("queue {id}"),
        service_level: Queue::SERVICE_LEVEL,
        critical: Queue::CRITICAL,
    };
    let lunch = Pause {
        name: "lunch".into(),
        limit: Some(Duration::from_secs(40)),
    };
    let names = [("1", "Anna"), ("2", "anna"), ("9", "Never Heard")];
    let people = People {
        agents: names.map(|(id, name)| (id.into(), name.into())).into(),
        pauses: [("7".into(), lunch)].into(),
        ..People::default()
    };
    let site = |name: &str, vendor| Site {
        name: name.into(),
        vendor,
        queues: vec![queue("1"), queue("2")],
        country: None,
        people: people.clone(),
    };
    vec![
        site(SITES[0], Vendor::Contaqt),
        site(SITES[1], Vendor::Telphin),
    ]
}

/// Few of everything, so that much of it meets.
fn said((what, who, of): (u8, u8, u8)) -> Event {
    let agent: AgentId = format!("{}", who % 6).into();
    let queues = vec![format!("{}", of % 3).into()];
    let news = match what % 6 {
        0 => AgentNews::CheckedIn {
            device: Some(format!("d{}", of % 3).into()),
            device_name: None,
        },
        1 => AgentNews::CheckedOut,
        2 => AgentNews::Joined(queues),
        3 => AgentNews::Left(queues),
        4 => AgentNews::Status {
            activity: None,
            pause: Some(if of % 2 == 0 { "7" } else { "0" }.into()),
            in_calls: None,
        },
        _ => AgentNews::Status {
            activity: None,
            pause: None,
            in_calls: Some(of % 2 == 0),
        },
    };
    Event::Agent { agent, news }
}

fn called((what, who, of): (u8, u8, u8), at: At) -> Event {
    let steps = [
        CallStep::Ring,
        CallStep::Ring,
        CallStep::Answer,
        CallStep::Start,
        CallStep::End,
    ];
    let agent = |n: u8| Some(format!("{}", n % 6).into());
    let facts = CallFacts {
        number: (of % 3 == 0).then(|| format!("+4520{}", of % 9).into()),
        name: (of % 5 == 0).then(|| "Bamse".into()),
        queue: (of % 7 == 0).then(|| "1".into()),
        to_agent: (of % 4 > 0).then(|| agent(who)).flatten(),
        from_agent: (of % 11 == 0).then(|| agent(who / 6)).flatten(),
        strand: (of % 6 == 0).then_some(Strand::Phone),
        ..CallFacts::default()
    };
    Event::Call(CallEvent {
        call: format!("c{}", of % 8).into(),
        leg: format!("l{}", who % 3).into(),
        at: (of % 13 > 0).then_some(at),
        micros: 0,
        step: steps[usize::from(what) % steps.len()],
        home: None,
        facts,
    })
}

fn entry((what, who, of): (u8, u8, u8), seq: u64, at: At) -> Entry {
    let told = (what / 8, who, of);
    let event = match what % 8 {
        0..3 => said(told),
        _ => called(told, at),
    };
    let hook = Hook {
        vendor: Vendor::Contaqt,
        event: "any".into(),
        body: Raw::new("{}"),
        injected: of % 17 == 0,
        says: Says::This(Box::new(event)),
    };
    let is_gap = what == 250;
    Entry {
        seq,
        at,
        site: SITES[usize::from(who / 128)].into(),
        what: if is_gap {
            What::Gap {
                from: at.shift(-5_000),
                to: at,
            }
        } else {
            What::Hook(hook)
        },
    }
}

fn source<'a>(sites: &'a [Site], board: &'a Board, scope: Option<&'a str>, now: At) -> Source<'a> {
    Source {
        sites,
        board,
        scope,
        now,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn following_gives_what_deriving_gives(
        batches in vec((vec(any::<(u8, u8, u8)>(), 0..6), 0..40_i64), 1..40),
        column in 0..COLUMNS.len(),
        reversed in any::<bool>(),
        words in prop::sample::select(vec!["", "anna", "on call"]),
        scope in prop::sample::select(vec![None, None, Some("queue 1")]),
        began in prop::sample::select(vec![NOW, NOW.shift(47_500_000)]),
    ) {
        let sites = sites();
        let mut board = Board::new(TimeZone::UTC);
        let mut pane = AgentsPane::default();
        pane.listing.sort = Sort { by: COLUMNS[column], reversed };
        pane.listing.search.field = Field::new(words);
        let mut now = began;
        pane.derive(source(&sites, &board, scope, now));
        for (batch, seconds) in batches {
            let mut told = BTreeSet::new();
            let mut everybody = false;
            for news in batch {
                let entry = entry(news, board.upto() + 1, now);
                for moved in board.apply(&entry) {
                    match moved {
                        Moved::InQueue(_) => {}
                        Moved::Agent(site, agent) => {
                            told.insert((site, agent));
                        }
                        Moved::Everybody(_) => everybody = true,
                    }
                }
            }
            if everybody {
                pane.derive(source(&sites, &board, scope, now));
            } else {
                // However few they are.
                let patched = pane.patch(source(&sites, &board, scope, now), &told);
                prop_assert!(patched.is_some());
            }
            let mut anew = pane.clone();
            anew.derive(source(&sites, &board, scope, now));
            prop_assert_eq!(&pane, &anew);
            now = now.shift(1_000 * seconds);
            pane.age(source(&sites, &board, scope, now));
            anew.derive(source(&sites, &board, scope, now));
            prop_assert_eq!(&pane, &anew);
        }
    }
}
