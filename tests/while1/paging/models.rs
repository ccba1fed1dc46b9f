//! Lists that move and servers that lie, by models.

use std::collections::HashSet;

use holdline::vendor::while1::{End, Page, Pagination, Reading};
use proptest::prelude::*;

use super::{page, read, told};

/// What happens to the list before a page is answered.
#[derive(Clone, Debug)]
enum Change {
    Nothing,
    /// So many rows come in at this place.
    Come(prop::sample::Index, usize),
    /// So many rows go from this place on.
    Go(prop::sample::Index, usize),
}

/// An honest server with a list that moves.
struct Server {
    rows: Vec<u64>,
    size: usize,
    born: u64,
    /// Beyond the end it answers with its last page.
    clamps: bool,
}

impl Server {
    fn change(&mut self, change: &Change) {
        match change {
            Change::Nothing => {}
            Change::Come(place, many) => {
                let at = place.index(self.rows.len() + 1);
                let new = self.born..self.born + *many as u64;
                self.born = new.end;
                self.rows.splice(at..at, new);
            }
            Change::Go(place, many) => {
                let at = place.index(self.rows.len() + 1);
                let end = self.rows.len().min(at + many);
                self.rows.drain(at..end);
            }
        }
    }

    fn answer(&self, asked: u32) -> Page {
        let last = self.rows.len().div_ceil(self.size).max(1);
        let asked = asked as usize;
        let number = if self.clamps { asked.min(last) } else { asked };
        let rows = self.rows.iter().copied();
        let rows: Vec<u64> = rows
            .skip((number - 1) * self.size)
            .take(self.size)
            .collect();
        let figures = [self.rows.len(), self.size, number, last].map(|n| n as u64);
        page(rows, told(figures))
    }
}

fn change() -> impl Strategy<Value = Change> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        3 => Just(Change::Nothing),
        2 => (place(), 1_usize..12).prop_map(|(at, n)| Change::Come(at, n)),
        2 => (place(), 1_usize..12).prop_map(|(at, n)| Change::Go(at, n)),
    ]
}

/// Reads from a server whose list changes so before each answer.
fn read_moving(server: &mut Server, changes: &[Change]) -> (Vec<u32>, End, Reading) {
    let mut changes = changes.iter();
    read(|number| {
        server.change(changes.next().unwrap_or(&Change::Nothing));
        server.answer(number)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// As long as rows only come or only go between two answers.
    #[test]
    fn every_row_that_is_there_all_the_time_is_read_once(
        count in 0_u64..60,
        size in 1_usize..12,
        clamps in any::<bool>(),
        changes in prop::collection::vec(change(), 0..24),
    ) {
        let mut server = Server { rows: (0..count).collect(), size, born: count, clamps };
        let (asked, end, reading) = read_moving(&mut server, &changes);
        let ids: Vec<&str> = reading.rows().iter().map(|row| row.id.as_str()).collect();
        let distinct: HashSet<&str> = ids.iter().copied().collect();
        prop_assert_eq!(distinct.len(), ids.len());
        if end != End::Restless {
            for id in server.rows.iter().filter(|id| **id < count) {
                prop_assert!(distinct.contains(id.to_string().as_str()), "{} {:?} {:?}", id, asked, end);
            }
        }
        let is_strange = matches!(end, End::Unpaged | End::Repeats { .. } | End::TooManyPages);
        prop_assert!(!is_strange, "{:?}", end);
    }

    #[test]
    fn no_page_is_asked_for_twice_unless_rows_went(
        count in 0_u64..60,
        size in 1_usize..12,
        changes in prop::collection::vec(change(), 0..24),
    ) {
        let stay = |c: &Change| !matches!(c, Change::Go(..));
        let changes: Vec<Change> = changes.into_iter().filter(stay).collect();
        let mut server = Server { rows: (0..count).collect(), size, born: count, clamps: false };
        let (asked, end, _) = read_moving(&mut server, &changes);
        let in_order: Vec<u32> = (1..=u32::try_from(asked.len()).unwrap()).collect();
        prop_assert_eq!(&asked, &in_order);
        prop_assert_eq!(end, End::Whole);
    }

    /// Whatever is said, the reading ends, soon, and each row is there once.
    #[test]
    fn liars_are_left_in_the_end(
        seed in any::<u64>(),
        kinds in 1_u64..200,
    ) {
        let mut random = fastrand::Rng::with_seed(seed);
        let (asked, _, reading) = read(|_| {
            let figure = |random: &mut fastrand::Rng| match random.u8(0..4) {
                0 => None,
                1 => Some(random.u64(0..5)),
                2 => Some(random.u64(0..500)),
                _ => Some(random.u64(..)),
            };
            let pagination = random.bool().then(|| Pagination {
                row_count: figure(&mut random),
                page_size: figure(&mut random),
                current_page: figure(&mut random),
                max_page: figure(&mut random),
            });
            let many = random.usize(0..8);
            let rows: Vec<u64> = (0..many).map(|_| random.u64(0..kinds)).collect();
            page(rows, pagination)
        });
        prop_assert!(asked.len() <= 2_000, "{}", asked.len());
        let ids: HashSet<&str> = reading.rows().iter().map(|row| row.id.as_str()).collect();
        prop_assert_eq!(ids.len(), reading.rows().len());
    }
}
