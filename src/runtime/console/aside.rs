//! Long callback lists are compared with what is shown, and let go of, beside
//! the loop: both look at all of a list, and a key would wait.

use std::sync::Arc;

use super::Console;
use crate::app::{
    Msg, State,
    callbacks::{
        list::{ListNews, Progress},
        reread::Reread,
        shelf::Shelf,
    },
};

/// A list this long is long.
const LONG: usize = 1_000;

impl Console {
    /// News of a list.
    pub(super) fn hear_list(&mut self, news: ListNews) {
        let ListNews {
            site,
            generation,
            what,
        } = news;
        let what = match what {
            Progress::Done { rows, note } if rows.len() > LONG => {
                let base = self.state.callbacks.list(&site);
                let base = base.map(|list| list.shelf().clone()).unwrap_or_default();
                let tell = self.tell.clone();
                tokio::task::spawn_blocking(move || {
                    let what = Progress::Whole {
                        list: Box::new(Reread::new(base, rows)),
                        note,
                    };
                    let news = ListNews {
                        site,
                        generation,
                        what,
                    };
                    // Nobody listens any more: the console is being left.
                    let _ = tell.blocking_send(news);
                });
                return;
            }
            what => what,
        };
        // A page is added to the list where it lies, if nobody else holds it.
        let is_whole = matches!(what, Progress::Whole { .. });
        let shelves = is_whole.then(|| shelves(&self.state));
        self.fold(Msg::List(ListNews {
            site,
            generation,
            what,
        }));
        if let Some(shelves) = shelves {
            let_go(shelves);
        }
    }
}

/// What the lists hold.
pub(super) fn shelves(state: &State) -> Vec<Arc<Shelf>> {
    let lists = state.callbacks.lists.iter();
    lists.map(|(_, list)| list.shelf().clone()).collect()
}

/// Lets go of what no list holds any more.
pub(super) fn let_go(shelves: Vec<Arc<Shelf>>) {
    let is_left = |shelf: &Arc<Shelf>| shelf.len() > LONG && Arc::strong_count(shelf) == 1;
    let left: Vec<_> = shelves.into_iter().filter(is_left).collect();
    if !left.is_empty() {
        tokio::task::spawn_blocking(move || drop(left));
    }
}
