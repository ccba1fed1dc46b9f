//! Following the news gives what deriving anew gives, whatever comes.

use std::time::Duration;

use jiff::tz::TimeZone;
use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    app::{cursor::Cursor, field::Field},
    domain::{
        board::Moved,
        caller::{Caller, CallerState, Party},
        entry::{Change, Departure, Entry, What},
        feed::FeedKind,
        site::{People, Vendor},
    },
};

const COLUMNS: [Cell; 7] = [
    Cell::Wait,
    Cell::Position,
    Cell::Queue,
    Cell::Number,
    Cell::Name,
    Cell::State,
    Cell::Called,
];
const NOW: At = At(1_772_460_207_000);

fn queue(id: &str) -> Queue {
    Queue {
        id: id.into(),
        name: id.into(),
        service_level: Queue::SERVICE_LEVEL,
        critical: Queue::CRITICAL,
    }
}

fn sites() -> Vec<Site> {
    let site = |name: &str, vendor, queues: &[&str]| Site {
        name: name.into(),
        vendor,
        queues: queues.iter().map(|id| queue(id)).collect(),
        country: None,
        people: People::default(),
    };
    vec![
        site("aarhus", Vendor::TelecomX, &["a", "b"]),
        site("team", Vendor::Contaqt, &["c"]),
        site("elsewhere", Vendor::While1, &["d"]),
    ]
}

/// Few of everything, so that much of it is alike.
fn caller(id: u8, of: u8) -> Caller {
    let names = [Some("Anna"), Some("anna"), Some("Ærø"), None];
    let states = [
        CallerState::Queued,
        CallerState::Queued,
        CallerState::Vip,
        CallerState::Other("PARKED".into()),
    ];
    let [name, number, state] = [of, of / 4, of / 16].map(|n| usize::from(n % 4));
    Caller {
        id: format!("{id}").into(),
        state: states[state].clone(),
        party: if of % 7 == 3 {
            Party::Secret
        } else {
            Party::Open {
                number: names[number].map(|n| format!("+45{n}").into()),
                name: names[name].map(Into::into),
            }
        },
        entered: (!of.is_multiple_of(5)).then(|| NOW.shift(-1_000 * i64::from(of % 8))),
        answered: None,
        presentation: names[(name + number) % 4].map(Into::into),
        answered_by_extension: None,
        answered_by_number: None,
        raw: None,
    }
}

/// The last is of a queue that nobody configured.
const QUEUES: [(&str, &str); 5] = [
    ("aarhus", "a"),
    ("aarhus", "b"),
    ("team", "c"),
    ("elsewhere", "d"),
    ("team", "new"),
];

fn entries(news: &[(u8, u8, u8)], after: u64) -> Vec<Entry> {
    let entry = |(i, (what, id, of)): (usize, &(u8, u8, u8))| {
        // The unknown queue is rare.
        let (site, queue) = QUEUES[usize::from(id % 9).min(4) % if *of > 250 { 5 } else { 4 }];
        let (queue, caller) = (queue.into(), caller(*id, *of));
        let change = match what % 4 {
            0 => Change::Gone {
                queue,
                id: caller.id,
                how: Departure::Answered,
                waited: Some(Duration::from_secs(u64::from(*of))),
            },
            1 => Change::Updated { queue, caller },
            _ => Change::Entered { queue, caller },
        };
        let seq = after + i as u64 + 1;
        let (at, site) = (NOW.shift(i64::from(*of)), site.into());
        let what = What::Change(change);
        Entry {
            seq,
            at,
            site,
            what,
        }
    };
    news.iter().enumerate().map(entry).collect()
}

fn source<'a>(
    sites: &'a [Site],
    board: &'a Board,
    feeds: &'a BTreeMap<FeedId, FeedHealth>,
    scope: Option<&'a str>,
) -> Source<'a> {
    let day = NOW.day(&TimeZone::UTC);
    Source {
        sites,
        board,
        feeds,
        day,
        scope,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn following_gives_what_deriving_gives(
        first in vec(any::<(u8, u8, u8)>(), 0..300),
        batches in vec(vec(any::<(u8, u8, u8)>(), 0..12), 1..8),
        column in 0..COLUMNS.len(),
        reversed in any::<bool>(),
        words in prop::sample::select(vec!["", "anna", "a 45"]),
        scope in prop::sample::select(vec![None, Some("a"), Some("new")]),
        skew in prop::sample::select(vec![0, 1_500]),
        on in any::<prop::sample::Index>(),
    ) {
        let sites = sites();
        let mut board = Board::new(TimeZone::UTC);
        for entry in entries(&first, 0) {
            board.apply(&entry);
        }
        let mut health = FeedHealth::new(Duration::from_secs(2));
        health.skew_ms = skew;
        let feed = FeedId {
            site: "aarhus".into(),
            kind: FeedKind::Callers("a".into()),
        };
        let feeds = BTreeMap::from([(feed, health)]);
        let mut pane = CallersPane::default();
        pane.listing.sort = Sort { by: COLUMNS[column], reversed };
        pane.listing.search.field = Field::new(words);
        pane.derive(source(&sites, &board, &feeds, scope));
        for batch in batches {
            if !pane.rows.is_empty() {
                for _ in 0..=on.index(pane.rows.len()) {
                    pane.step(Step::Down, 5);
                }
            }
            let before = pane.selected().and_then(|at| key(&pane.queues, &pane.rows, at));
            let news = entries(&batch, board.upto());
            let in_queue = |moved| match moved {
                Moved::InQueue(moved) => Some(moved),
                Moved::Agent(..) | Moved::Everybody(_) => None,
            };
            let moved = news.iter().flat_map(|entry| board.apply(entry));
            let moved = moved.filter_map(in_queue).collect();
            let source = source(&sites, &board, &feeds, scope);
            pane.follow(source, moved);
            let mut anew = pane.clone();
            anew.derive(source);
            prop_assert_eq!(&pane, &anew);
            // The cursor stays on whom it was put on.
            pane.settle(&board, 5);
            let at = |row| key(&pane.queues, &pane.rows, row);
            let stays = before.filter(|_| pane.listing.cursor != Cursor::First);
            let stays = stays.filter(|on| (0..pane.rows.len()).any(|row| at(row).as_ref() == Some(on)));
            if stays.is_some() {
                prop_assert_eq!(at(pane.selected().unwrap()), stays);
            }
        }
    }
}
