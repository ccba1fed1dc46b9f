//! Who waits in a queue, by id. Written as a map of them, and read from one.

use std::{borrow::Borrow, cmp::Ordering, collections::BTreeSet, fmt, sync::Arc};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

use super::Waiting;
use crate::domain::caller::Shapes;

/// Who waits in a queue.
#[derive(Clone, Debug, Default)]
pub(super) struct Callers {
    by_id: BTreeSet<ById>,
    shapes: Shapes,
}

/// A caller whose id is not held a second time to find them by.
#[derive(Clone, Debug)]
struct ById(Arc<Waiting>);

impl Callers {
    /// Puts somebody in; answers how they stood before.
    pub fn put(&mut self, mut waiting: Waiting) -> Option<Arc<Waiting>> {
        waiting.caller.share(&mut self.shapes);
        let was = self.by_id.replace(ById(Arc::new(waiting)));
        was.map(|ById(waiting)| waiting)
    }

    /// Takes somebody out.
    pub fn remove(&mut self, id: &str) -> Option<Arc<Waiting>> {
        self.by_id.take(id).map(|ById(waiting)| waiting)
    }

    /// Who has this id.
    pub fn get(&self, id: &str) -> Option<&Arc<Waiting>> {
        self.by_id.get(id).map(|ById(waiting)| waiting)
    }

    /// All of them, by id.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Waiting>> {
        self.by_id.iter().map(|ById(waiting)| waiting)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }
}

impl PartialEq for Callers {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.all().eq(other.all())
    }
}

impl Borrow<str> for ById {
    fn borrow(&self) -> &str {
        self.0.caller.id()
    }
}

impl Ord for ById {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.caller.id().cmp(other.0.caller.id())
    }
}

impl PartialOrd for ById {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ById {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for ById {}

impl Serialize for Callers {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.all().map(|waiting| (waiting.caller.id(), waiting)))
    }
}

impl<'de> Deserialize<'de> for Callers {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(CallersVisitor)
    }
}

struct CallersVisitor;

impl<'de> Visitor<'de> for CallersVisitor {
    type Value = Callers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("callers by id")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Callers, A::Error> {
        let mut callers = Callers::default();
        while let Some((_, waiting)) = map.next_entry::<IgnoredAny, Waiting>()? {
            callers.put(waiting);
        }
        Ok(callers)
    }
}
