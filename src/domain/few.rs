//! A map of a few: its pairs lie side by side, by key. A tree has room for
//! eleven in each of its nodes, which thousands of maps that hold one or two
//! large values fill with nothing; the crate `litemap` is the same, with room for
//! four as soon as there is one. Written down like any other map.

use std::{borrow::Borrow, collections::BTreeMap};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A map that nearly always holds one or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Few<K, V>(Vec<(K, V)>);

impl<K, V> Default for Few<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> Few<K, V> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pairs, by key.
    pub fn iter(&self) -> Iter<'_, K, V> {
        self.into_iter()
    }

    /// The keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    /// The values, by key.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    /// What a key leads to.
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let at = self.find(key).ok()?;
        Some(&self.0[at].1)
    }

    /// Whether a key leads to anything.
    #[must_use]
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// Has a key lead to this; answers what it led to.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.make_room();
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    /// Makes room for so many in one piece.
    pub fn reserve(&mut self, more: usize) {
        self.0.reserve_exact(more);
    }

    /// Room for one more: for no more than that where there are none, as most
    /// stay alone.
    fn make_room(&mut self) {
        if self.0.len() == self.0.capacity() {
            self.0.reserve_exact(self.0.len().max(1));
        }
    }

    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0
            .binary_search_by(|(known, _)| known.borrow().cmp(key))
    }
}

impl<K: Clone + Ord, V: Default> Few<K, V> {
    /// What a key leads to, made where it led to nothing.
    pub fn make(&mut self, key: &K) -> &mut V {
        let at = match self.find(key) {
            Ok(at) => at,
            Err(at) => {
                self.make_room();
                self.0.insert(at, (key.clone(), V::default()));
                at
            }
        };
        &mut self.0[at].1
    }
}

/// The pairs of a [`Few`].
pub type Iter<'f, K, V> =
    std::iter::Map<std::slice::Iter<'f, (K, V)>, fn(&'f (K, V)) -> (&'f K, &'f V)>;

impl<'f, K, V> IntoIterator for &'f Few<K, V> {
    type Item = (&'f K, &'f V);
    type IntoIter = Iter<'f, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Few<K, V> {
    /// Of two with the same key the last counts.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut few = Self::default();
        for (key, value) in pairs {
            few.insert(key, value);
        }
        few
    }
}

impl<K: Serialize, V: Serialize> Serialize for Few<K, V> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self)
    }
}

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Deserialize<'de> for Few<K, V> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // In order and each key once: that is the tree's to see to.
        let read = BTreeMap::<K, V>::deserialize(from)?;
        let mut pairs = Vec::with_capacity(read.len());
        pairs.extend(read);
        Ok(Self(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_the_map_that_a_tree_would_be(
            pairs in prop::collection::vec((0u8..12, any::<u16>()), 0..30),
        ) {
            let (mut few, mut tree) = (Few::default(), BTreeMap::new());
            for (key, value) in pairs {
                match value % 2 {
                    0 => prop_assert_eq!(few.insert(key, value), tree.insert(key, value)),
                    _ => *few.make(&key) = *tree.entry(key).and_modify(|v| *v = value).or_insert(value),
                }
            }
            prop_assert!(few.iter().eq(&tree));
            prop_assert!(few.keys().eq(tree.keys()) && few.values().eq(tree.values()));
            prop_assert_eq!((few.len(), few.is_empty()), (tree.len(), tree.is_empty()));
            for key in 0..12 {
                prop_assert_eq!(few.get(&key), tree.get(&key));
                prop_assert_eq!(few.contains_key(&key), tree.contains_key(&key));
            }
            prop_assert_eq!(&tree.clone().into_iter().rev().collect::<Few<_, _>>(), &few);
            let text = serde_json::to_string(&few).unwrap();
            prop_assert_eq!(&text, &serde_json::to_string(&tree).unwrap());
            prop_assert_eq!(serde_json::from_str::<Few<u8, u16>>(&text).unwrap(), few);
        }
    }

    #[test]
    fn what_stands_alone_takes_no_room_for_others() {
        let mut few = Few::default();
        few.insert(1, [0u64; 60]);
        assert_eq!(few.0.capacity(), 1);
    }
}
