//! What a list that was read again changes of the one that is shown. Worked
//! out beside the console, as a long list takes a while; swapped in by it.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use foldhash::fast::RandomState;

use super::shelf::{Item, Shelf};
use crate::domain::{callback::Callback, id::CallbackId};

/// A list that was read whole, beside the one that was shown before.
#[derive(Clone, Debug, PartialEq)]
pub struct Reread {
    /// The list it was compared with.
    pub(super) base: Arc<Shelf>,
    /// The list as it must stand. What has not changed is the same as before.
    pub(super) shelf: Arc<Shelf>,
    /// Rows of the old list that the new one does not have so.
    pub(super) gone: Vec<Item>,
    /// Rows of the new list that the old one did not have so.
    pub(super) come: Vec<Arc<Callback>>,
}

impl Reread {
    /// Compares these rows with the list that is shown. Of rows with the same
    /// id the first counts.
    #[must_use]
    pub fn new(base: Arc<Shelf>, rows: Vec<Callback>) -> Self {
        let mut before: HashMap<&CallbackId, Option<&Item>, RandomState> = HashMap::default();
        let items = base.items().iter();
        before.extend(items.map(|item| (&item.callback.id, Some(item))));
        let (mut shelf, mut gone, mut come) = (Shelf::default(), Vec::new(), Vec::new());
        let mut new = HashSet::<CallbackId, RandomState>::default();
        for row in rows {
            match before.get_mut(&row.id) {
                Some(was) => {
                    // Taken: whoever comes second finds nothing.
                    let Some(was) = was.take() else { continue };
                    if *was.callback == row {
                        shelf.put(was.clone());
                        continue;
                    }
                    gone.push(was.clone());
                }
                None if !new.insert(row.id.clone()) => continue,
                None => {}
            }
            let item = Item::new(row);
            come.push(item.callback.clone());
            shelf.put(item);
        }
        let is_left = |item: &&Item| matches!(before.get(&item.callback.id), Some(Some(_)));
        gone.extend(base.items().iter().filter(is_left).cloned());
        drop(before);
        Self {
            base,
            shelf: Arc::new(shelf),
            gone,
            come,
        }
    }

    /// The same, compared with another list: the one that is shown is no
    /// longer the one it was compared with.
    pub(super) fn beside(self, base: &Arc<Shelf>) -> Self {
        if Arc::ptr_eq(&self.base, base) {
            return self;
        }
        let items = self.shelf.items().iter();
        let rows = items.map(|item| Callback::clone(&item.callback));
        Self::new(base.clone(), rows.collect())
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shelf.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shelf.is_empty()
    }
}
