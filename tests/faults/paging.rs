//! Telphin's list of extensions, page after page, from servers that are not as
//! they should be (R12); While1's are in `tests/while1/paging.rs`.
//! `HOLDLINE_MODELS` servers are drawn.

use std::collections::BTreeSet;

use holdline::vendor::telphin::{Listed, assumed::MOST_PAGES, listing::Listing};

use crate::sizes::{ran, seed, size};

/// A server: its extensions, and what becomes of them between two answers.
struct Server {
    rows: Vec<usize>,
    on_a_page: usize,
    /// So many come in on top before each answer.
    come: usize,
    /// A page behind the last is the last once more, or the first.
    behind: Behind,
    born: usize,
    /// Each page repeats so many of the one before.
    overlap: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Behind {
    Empty,
    Last,
    First,
    Endless,
}

impl Server {
    fn drawn(random: &mut fastrand::Rng) -> Self {
        let count = match random.u8(..6) {
            0 => 0,
            1 => 1,
            2 => 100,
            _ => random.usize(..700),
        };
        let on_a_page = [1, 7, 20, 50, 100][random.usize(..5)];
        // It answers within the bound.
        let count = count.min(on_a_page * 60);
        let (come, overlap) = match random.u8(..6) {
            0 | 1 => (random.usize(..3), 0),
            2 => (0, random.usize(..on_a_page)),
            _ => (0, 0),
        };
        Self {
            rows: (0..count).collect(),
            on_a_page,
            come,
            behind: [
                Behind::Empty,
                Behind::Empty,
                Behind::Last,
                Behind::First,
                Behind::Endless,
            ][random.usize(..5)],
            born: 1_000_000,
            overlap,
        }
    }

    fn answer(&mut self, page: u32) -> Vec<usize> {
        for _ in 0..self.come.min(self.on_a_page.saturating_sub(1)) {
            self.rows.insert(0, self.born);
            self.born += 1;
        }
        let step = self.on_a_page - self.overlap.min(self.on_a_page - 1);
        let from = (page as usize - 1) * step;
        let there: Vec<usize> = self
            .rows
            .iter()
            .copied()
            .skip(from)
            .take(self.on_a_page)
            .collect();
        match self.behind {
            _ if !there.is_empty() => there,
            Behind::Empty => there,
            Behind::Last => self
                .rows
                .iter()
                .copied()
                .rev()
                .take(self.on_a_page)
                .collect(),
            Behind::First => self.rows.iter().copied().take(self.on_a_page).collect(),
            Behind::Endless => {
                self.born += self.on_a_page;
                (self.born - self.on_a_page..self.born).collect()
            }
        }
    }
}

fn listed(id: usize) -> Listed {
    Listed {
        id: id.to_string().into(),
        name: format!("000*{id}").as_str().into(),
        number: None,
        word: "phone".into(),
        status: "active".into(),
        label: None,
    }
}

/// Reads all; what was read, or that it does not end, and the pages asked for.
fn read(server: &mut Server) -> (Result<Vec<usize>, ()>, u32) {
    let (mut listing, mut asked) = (Listing::default(), 0);
    loop {
        match listing.next() {
            Ok(Some(page)) => listing.take(server.answer(page).into_iter().map(listed).collect()),
            Ok(None) => {
                let rows = listing.into_rows().into_iter();
                return (
                    Ok(rows.map(|row| row.id.as_str().parse().unwrap()).collect()),
                    asked,
                );
            }
            Err(_) => return (Err(()), asked),
        }
        asked += 1;
        assert!(asked <= MOST_PAGES, "asked on and on");
    }
}

/// What is wrong with what was read of a server that had these all the time.
fn wrong(had: &[usize], read: &[usize]) -> Option<String> {
    let unique: BTreeSet<usize> = read.iter().copied().collect();
    if unique.len() != read.len() {
        return Some("one is there twice".to_owned());
    }
    let missing: Vec<&usize> = had.iter().filter(|id| !unique.contains(id)).collect();
    (!missing.is_empty()).then(|| format!("{missing:?} are missing"))
}

#[test]
fn every_extension_is_read_once_from_whatever_server_or_the_list_is_given_up() {
    let models = size("HOLDLINE_MODELS", 1_000);
    let mut random = fastrand::Rng::with_seed(seed());
    let mut given_up = 0;
    for model in 0..models {
        let mut server = Server::drawn(&mut random);
        let had = server.rows.clone();
        let what = format!(
            "model {model}: {} by {}, {:?}, {} come, {} overlap",
            had.len(),
            server.on_a_page,
            server.behind,
            server.come,
            server.overlap
        );
        match read(&mut server) {
            (Ok(rows), _) => assert_eq!(wrong(&had, &rows), None, "{what}"),
            (Err(()), asked) => {
                assert_eq!(asked, MOST_PAGES, "{what}");
                given_up += 1;
            }
        }
    }
    assert!(given_up < models / 2, "{given_up} of {models}");
    ran("R12", models);
}

#[test]
fn control_who_takes_the_first_page_for_all_is_found_out() {
    let mut random = fastrand::Rng::with_seed(3);
    let fails = (0..100).filter(|_| {
        let mut server = Server::drawn(&mut random);
        let had = server.rows.clone();
        wrong(&had, &server.answer(1)).is_some()
    });
    assert!(fails.count() > 20);
}
