//! The account's extensions, page after page: which page is asked for next,
//! and when the list is whole. Pure. No total is sent, so that the end is a
//! page that is not full, or brings nothing new.

use std::{collections::HashSet, sync::Arc};

use super::assumed;
use crate::domain::{extension::ExtensionKind, id::ExtensionId};

/// An extension as the account has it (`GET /client/@me/extension/`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: ExtensionId,
    /// Its whole name, such as `000*099`.
    pub name: Arc<str>,
    /// Its short number, where the name tells it.
    pub number: Option<Arc<str>>,
    /// What it is, in the vendor's word (`type`); empty where it said none.
    pub word: Arc<str>,
    /// `active` or `blocked`; empty where it said none.
    pub status: Arc<str>,
    /// What people call it.
    pub label: Option<Arc<str>>,
}

impl Listed {
    /// What it is; `None` for a word that is not known.
    #[must_use]
    pub fn kind(&self) -> Option<ExtensionKind> {
        let mut kinds = ExtensionKind::ALL.into_iter();
        kinds.find(|kind| kind.word().eq_ignore_ascii_case(&self.word))
    }
}

/// One reading of the list: ask for the page that [`Listing::next`] says, give
/// it to [`Listing::take`].
#[derive(Debug, Default)]
pub struct Listing {
    rows: Vec<Listed>,
    seen: HashSet<ExtensionId>,
    /// Rows on the first page: the vendor may give fewer than are asked for.
    size: Option<usize>,
    pages: u32,
    is_whole: bool,
}

/// A list that goes on and on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endless;

impl Listing {
    /// The next page, from 1; `None` where the list is whole.
    ///
    /// # Errors
    /// The list does not end.
    pub fn next(&self) -> Result<Option<u32>, Endless> {
        match self.pages {
            _ if self.is_whole => Ok(None),
            assumed::MOST_PAGES.. => Err(Endless),
            pages => Ok(Some(pages + 1)),
        }
    }

    /// Takes the next page in. An extension that moved onto it from another
    /// one is there once.
    pub fn take(&mut self, page: Vec<Listed>) {
        let len = page.len();
        let size = *self.size.get_or_insert(len);
        let before = self.rows.len();
        for row in page {
            if self.seen.insert(row.id.clone()) {
                self.rows.push(row);
            }
        }
        self.pages += 1;
        let is_first = self.pages == 1;
        // Of a first page that is not full it is not known whether it is the
        // only one, or how many rows the vendor has on each.
        self.is_whole = self.rows.len() == before || (len < size && !is_first);
    }

    /// The extensions so far.
    #[must_use]
    pub fn into_rows(self) -> Vec<Listed> {
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(ids: std::ops::Range<usize>) -> Vec<Listed> {
        let row = |id: usize| Listed {
            id: id.to_string().into(),
            name: format!("000*{id}").as_str().into(),
            number: None,
            word: "phone".into(),
            status: "active".into(),
            label: None,
        };
        ids.map(row).collect()
    }

    /// How many extensions were read, and how many pages were asked for.
    fn read(answer: impl Fn(u32) -> Vec<Listed>) -> (Result<usize, Endless>, u32) {
        let (mut listing, mut asked) = (Listing::default(), 0);
        loop {
            match listing.next() {
                Ok(Some(page)) => listing.take(answer(page)),
                Ok(None) => return (Ok(listing.into_rows().len()), asked),
                Err(endless) => return (Err(endless), asked),
            }
            asked += 1;
        }
    }

    #[test]
    fn a_list_is_read_to_its_end_whatever_a_page_holds() {
        for (all, size, pages) in [
            (0, 100, 1),
            (1, 100, 2),
            (100, 100, 2),
            (250, 100, 3),
            (250, 20, 13),
            (40, 20, 3),
        ] {
            let rows = |n: u32| {
                let from = (n as usize - 1) * size;
                page(from.min(all)..(from + size).min(all))
            };
            assert_eq!(read(rows), (Ok(all), pages), "{all} by {size}");
        }
    }

    #[test]
    fn pages_that_repeat_or_overlap_end_it_and_count_once() {
        assert_eq!(read(|_| page(0..100)), (Ok(100), 2));
        let moving = |n: u32| match n {
            1 => page(0..100),
            2 => page(99..199),
            _ => page(198..210),
        };
        assert_eq!(read(moving), (Ok(210), 3));
    }

    #[test]
    fn a_list_without_end_is_given_up() {
        let endless = |n: u32| page(n as usize * 100..(n as usize + 1) * 100);
        assert_eq!(read(endless), (Err(Endless), assumed::MOST_PAGES));
    }
}
