//! Who waits in a queue, by id. Written as they are kept: what callers have in
//! common once, and of each what is particular to them.

use std::{
    borrow::{Borrow, Cow},
    cmp::Ordering,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::Waiting;
use crate::domain::{
    caller::{Kept, Shape, Shapes},
    entry::Seq,
    time::At,
};

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

#[derive(Serialize)]
struct Written<'c> {
    shapes: Vec<&'c Shape>,
    waiting: Vec<Row<&'c str>>,
}

#[derive(Deserialize)]
struct Read<'j> {
    shapes: Vec<Arc<Shape>>,
    #[serde(borrow)]
    waiting: Vec<Row<Text<'j>>>,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'j>(#[serde(borrow)] Cow<'j, str>);

/// The place of a caller's shape, their texts, when they entered, and then
/// [`Waiting::seen`] and all behind it.
type Row<T> = (usize, Vec<T>, Option<At>, At, Seq, Seq);

impl Serialize for Callers {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let (mut shapes, mut places) = (Vec::new(), HashMap::new());
        let mut waiting = Vec::with_capacity(self.len());
        for w in self.all() {
            let shape = w.caller.shape();
            let place = *places.entry(shape).or_insert_with(|| {
                shapes.push(shape);
                shapes.len() - 1
            });
            let texts = w.caller.texts().collect();
            let entered = w.caller.entered();
            waiting.push((place, texts, entered, w.seen, w.arrival, w.touched));
        }
        Written { shapes, waiting }.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Callers {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Read { shapes, waiting } = Read::deserialize(from)?;
        let mut known = Shapes::default();
        let mut by_id = Vec::with_capacity(waiting.len());
        for (shape, texts, entered, seen, arrival, touched) in waiting {
            let shape = shapes.get(shape).ok_or_else(|| {
                D::Error::custom("a caller is written by a shape that is not there")
            })?;
            let texts = texts.iter().map(|Text(text)| &**text);
            let caller = Kept::new(shape.clone(), texts, entered);
            by_id.push(ById(Arc::new(Waiting {
                caller,
                seen,
                arrival,
                touched,
            })));
        }
        for mut shape in shapes {
            known.share(&mut shape);
        }
        Ok(Self {
            by_id: by_id.into_iter().collect(),
            shapes: known,
        })
    }
}
