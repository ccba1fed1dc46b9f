//! What holds for the board whatever the lists say: random histories against
//! the simplest model there is, the last list itself.

use std::{collections::BTreeMap, time::Duration};

use holdline::domain::{
    board::{Asked, Board},
    caller::{Caller, CallerState, Party},
    entry::{Change, Departure, Entry, Seq, What},
    site::QueueKey,
    time::At,
};
use jiff::tz::TimeZone;
use proptest::prelude::*;

const START: i64 = 1_772_460_000_000;

fn key(queue: &str) -> QueueKey {
    QueueKey {
        site: "aarhus".into(),
        queue: queue.into(),
    }
}

/// A caller of a small world, so that ids meet again.
fn caller() -> impl Strategy<Value = Caller> {
    let state = prop_oneof![
        4 => Just(CallerState::Queued),
        1 => Just(CallerState::Callback),
        1 => Just(CallerState::Vip),
        1 => Just(CallerState::Other("PARKED".into())),
    ];
    let instant = prop::option::weighted(0.9, 0i64..120);
    let answered = prop::option::weighted(0.2, 0i64..200);
    (0u8..12, state, instant, answered, any::<bool>()).prop_map(
        |(id, state, entered, answered, secret)| Caller {
            id: format!("call-{id}").into(),
            state,
            party: if secret {
                Party::Secret
            } else {
                Party::Open {
                    number: Some("+4520202020".into()),
                    name: None,
                }
            },
            entered: entered.map(|s| At(START + 1_000 * s)),
            answered: answered.map(|s| At(START + 1_000 * s)),
            presentation: None,
            answered_by_extension: None,
            answered_by_number: None,
            raw: None,
        },
    )
}

fn lists() -> impl Strategy<Value = Vec<Vec<Caller>>> {
    prop::collection::vec(prop::collection::vec(caller(), 0..8), 1..25)
}

/// A collector's and a journal's work in a few lines: lists in, entries out.
struct Desk {
    board: Board,
    entries: Vec<Entry>,
    now: At,
    listed: Option<At>,
}

impl Desk {
    fn new() -> Self {
        Self {
            board: Board::new(TimeZone::UTC),
            entries: Vec::new(),
            now: At(START),
            listed: None,
        }
    }

    fn asked(&self) -> Asked {
        Asked {
            upto: self.board.upto(),
            listed: self.listed,
            skew_ms: 0,
        }
    }

    fn hear(&mut self, list: &[Caller]) -> usize {
        self.now = self.now.shift(2_000);
        let changes = self.board.reconcile(&key("q"), list, self.asked());
        let count = changes.len();
        for change in changes {
            self.write(change);
        }
        self.listed = Some(self.now);
        count
    }

    fn write(&mut self, change: Change) {
        let seq = self.entries.len() as Seq + 1;
        let entry = Entry {
            seq,
            at: self.now,
            site: "aarhus".into(),
            what: What::Change(change),
        };
        self.board.apply(&entry);
        self.entries.push(entry);
    }

    fn waiting(&self) -> BTreeMap<String, Caller> {
        let queue = self.board.queue(&key("q"));
        let rows = queue
            .into_iter()
            .flat_map(holdline::domain::board::QueueBoard::callers);
        rows.map(|w| (w.caller.id().to_string(), w.caller.told()))
            .collect()
    }

    fn counted(&self) -> (u64, u64) {
        self.board
            .queue(&key("q"))
            .map_or((0, 0), |q| (q.today.answered(), q.today.left()))
    }
}

/// The list itself, of rows with the same id the first.
fn model(list: &[Caller]) -> BTreeMap<String, Caller> {
    let mut rows = BTreeMap::new();
    for caller in list {
        rows.entry(caller.id.to_string())
            .or_insert_with(|| caller.clone());
    }
    rows
}

proptest! {
    #[test]
    fn the_board_is_the_last_list(lists in lists()) {
        let mut desk = Desk::new();
        for list in &lists {
            desk.hear(list);
            prop_assert_eq!(desk.waiting(), model(list));
        }
    }

    #[test]
    fn a_list_that_says_nothing_new_changes_nothing(lists in lists()) {
        let mut desk = Desk::new();
        for list in &lists {
            desk.hear(list);
            prop_assert_eq!(desk.hear(list), 0);
        }
    }

    #[test]
    fn a_fresh_fold_of_the_journal_is_the_same_board(lists in lists(), cut in 0.0f64..1.0) {
        let mut desk = Desk::new();
        for list in &lists {
            desk.hear(list);
        }
        let mut again = Board::new(TimeZone::UTC);
        for entry in desk.entries.iter().chain(&desk.entries) {
            again.apply(entry);
        }
        prop_assert_eq!(&again, &desk.board);

        // From a checkpoint anywhere, through its text, with a tail that overlaps.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a small number")]
        let at = (desk.entries.len() as f64 * cut) as usize;
        let mut half = Board::new(TimeZone::UTC);
        for entry in &desk.entries[..at] {
            half.apply(entry);
        }
        let text = serde_json::to_string(&half.checkpoint()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let checkpoint = serde_json::from_str(&text).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let mut resumed = Board::from_checkpoint(TimeZone::UTC, checkpoint);
        for entry in &desk.entries[at.saturating_sub(3)..] {
            resumed.apply(entry);
        }
        prop_assert_eq!(&resumed, &desk.board);
    }

    #[test]
    fn everyone_who_came_waits_was_answered_or_left(lists in lists()) {
        let mut desk = Desk::new();
        for list in &lists {
            desk.hear(list);
        }
        let (answered, left) = desk.counted();
        prop_assert_eq!((answered, left), ended(&desk.entries));
    }

    #[test]
    fn positions_count_from_one_by_entry_and_leave_out_vips(list in prop::collection::vec(caller(), 0..10)) {
        let mut desk = Desk::new();
        desk.hear(&list);
        let ranked = desk.board.queue(&key("q")).map(holdline::domain::board::QueueBoard::ranked).unwrap_or_default();
        let places: Vec<u32> = ranked.iter().filter_map(|(place, _)| *place).collect();
        let count = u32::try_from(places.len()).unwrap_or(0);
        prop_assert_eq!(places, (1..=count).collect::<Vec<_>>());
        for pair in ranked.windows(2) {
            let ((a, first), (b, second)) = (&pair[0], &pair[1]);
            if a.is_some() && b.is_some() {
                prop_assert!(first.since() <= second.since());
            }
        }
        for (place, row) in &ranked {
            prop_assert_eq!(place.is_none(), *row.caller.state() == CallerState::Vip);
        }
    }

    #[test]
    fn a_list_settles_only_what_it_can_know(old in prop::collection::vec(caller(), 0..8), new in prop::collection::vec(caller(), 0..8)) {
        // Asked for before the newer list was heard, told after it.
        let mut desk = Desk::new();
        let early = desk.asked();
        desk.hear(&new);
        let before = desk.waiting();
        let changes = desk.board.reconcile(&key("q"), &old, early);
        for change in changes {
            match &change {
                Change::Entered { caller, .. } => prop_assert!(!before.contains_key(caller.id.as_str())),
                other => prop_assert!(false, "touched since it was asked for: {:?}", other),
            }
        }
        // Who went since the list was asked for is not brought back by it.
        let early = desk.asked();
        desk.hear(&[]);
        for change in desk.board.reconcile(&key("q"), &new, early) {
            prop_assert!(false, "late news brought back: {:?}", change);
        }
    }
}

/// How many stays ended answered and how many otherwise, counted the slow way:
/// a stay is an id with its `entered`, and one that comes back has not ended.
fn ended(entries: &[Entry]) -> (u64, u64) {
    let mut waiting: BTreeMap<String, Option<At>> = BTreeMap::new();
    let mut ended: Vec<(String, Option<At>, Departure)> = Vec::new();
    for entry in entries {
        let What::Change(change) = &entry.what else {
            continue;
        };
        match change {
            Change::Entered { caller, .. } => {
                let id = caller.id.to_string();
                let last = ended.iter().rposition(|(gone, _, _)| *gone == id);
                if let Some(last) = last.filter(|i| ended[*i].1 == caller.entered) {
                    ended.remove(last);
                }
                waiting.insert(id, caller.entered);
            }
            Change::Updated { caller, .. } => {
                waiting.insert(caller.id.to_string(), caller.entered);
            }
            Change::Gone { id, how, .. } => {
                let entered = waiting.remove(id.as_str()).flatten();
                ended.push((id.to_string(), entered, *how));
            }
        }
    }
    let count = |how| ended.iter().filter(|(_, _, h)| *h == how).count() as u64;
    (count(Departure::Answered), count(Departure::Left))
}

fn one(id: &str, entered: i64, answered: Option<i64>) -> Caller {
    Caller {
        id: id.into(),
        state: CallerState::Queued,
        party: Party::Secret,
        entered: Some(At(START + entered)),
        answered: answered.map(|a| At(START + a)),
        presentation: None,
        answered_by_extension: None,
        answered_by_number: None,
        raw: None,
    }
}

#[test]
fn gone_is_answered_only_if_the_last_list_said_so() {
    let mut desk = Desk::new();
    desk.hear(&[
        one("a", 0, None),
        one("b", 0, Some(0)),
        one("c", 1_000, Some(0)),
    ]);
    desk.hear(&[
        one("a", 0, Some(3_000)),
        one("b", 0, Some(0)),
        one("c", 1_000, Some(0)),
    ]);
    desk.hear(&[]);
    // a: answered. b: answered when entered, as the vendor's page prints it.
    // c: `answered` lies before `entered`: of an earlier call, so they left.
    assert_eq!(desk.counted(), (2, 1));
    let waits: Vec<_> = desk
        .entries
        .iter()
        .filter_map(|e| match &e.what {
            What::Change(Change::Gone {
                id, how, waited, ..
            }) => Some((id.to_string(), *how, *waited)),
            _ => None,
        })
        .collect();
    let s = |s| Some(Duration::from_secs(s));
    // c waited until the last list that had them, 4 s after the start.
    let expected = [
        ("a".to_owned(), Departure::Answered, s(3)),
        ("b".to_owned(), Departure::Answered, s(0)),
        ("c".to_owned(), Departure::Left, s(3)),
    ];
    assert_eq!(waits, expected);
}

#[test]
fn a_caller_who_comes_back_never_left() {
    let mut desk = Desk::new();
    desk.hear(&[one("a", 0, None)]);
    desk.hear(&[]);
    assert_eq!(desk.counted(), (0, 1));
    desk.hear(&[one("a", 0, None)]);
    assert_eq!(desk.counted(), (0, 0));
    // With another `entered` it is another stay.
    desk.hear(&[]);
    desk.hear(&[one("a", 9_000, None)]);
    assert_eq!(desk.counted(), (0, 1));
}

#[test]
fn a_clock_set_back_keeps_no_ghosts() {
    let mut desk = Desk::new();
    desk.hear(&[one("a", 0, None)]);
    desk.now = desk.now.shift(-3_600_000);
    desk.hear(&[]);
    assert!(desk.waiting().is_empty());
}
