//! Identities for rows that have none: made from content, the same tomorrow,
//! and numbered off where rows look alike. Pure.

use std::{
    collections::{HashMap, HashSet},
    fmt::Display,
    hash::Hash,
};

/// A fixed hash (FNV-1a): the same on every machine, after every restart.
#[must_use]
pub fn fixed_hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The identities given so far in one list.
#[derive(Debug)]
pub struct Ids<Id> {
    taken: HashSet<Id>,
    /// How many rows without an id had this identity.
    alike: HashMap<Id, u32>,
}

impl<Id> Default for Ids<Id> {
    fn default() -> Self {
        Self {
            taken: HashSet::new(),
            alike: HashMap::new(),
        }
    }
}

impl<Id: Clone + Eq + Hash + Display + From<String>> Ids<Id> {
    /// Takes an id that the vendor gave; false if it was taken before.
    pub fn take(&mut self, id: &Id) -> bool {
        self.taken.insert(id.clone())
    }

    /// Takes an identity made from content: the first row's as it is, further
    /// ones with a number.
    pub fn number_off(&mut self, made: &Id) -> Id {
        let seen = self.alike.entry(made.clone()).or_insert(0);
        loop {
            *seen += 1;
            let id = match *seen {
                1 => made.clone(),
                n => Id::from(format!("{made}-{n}")),
            };
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_look_alike_are_numbered_past_what_is_taken() {
        let mut ids = Ids::<String>::default();
        assert!(ids.take(&"a-2".to_owned()));
        assert!(!ids.take(&"a-2".to_owned()));
        let given = [(); 3].map(|()| ids.number_off(&"a".to_owned()));
        assert_eq!(given, ["a", "a-3", "a-4"]);
    }

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fixed_hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fixed_hash("foobar"), 0x8594_4171_f739_67e8);
    }
}
