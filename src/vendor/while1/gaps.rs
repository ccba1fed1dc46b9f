//! What may have been missed behind a reader while rows come and go. Pure
//! arithmetic of intervals; it knows nothing of pages.

/// Places in the list, from 0, at which rows may stand that were not read,
/// although later ones were: half-open, apart, in order.
#[derive(Debug, Default)]
pub struct Gaps(Vec<(u64, u64)>);

impl Gaps {
    /// The first of these places.
    #[must_use]
    pub fn first(&self) -> Option<u64> {
        self.0.first().map(|(start, _)| *start)
    }

    /// Rows went, at most `by` before any place: what was not read may have
    /// moved back so far. `tail` is where all that was never read begins, if
    /// it is going to be.
    pub fn widen_back(&mut self, by: u64, tail: Option<u64>) {
        self.0.extend(tail.map(|start| (start, start)));
        for (start, _) in &mut self.0 {
            *start = start.saturating_sub(by);
        }
        self.join();
    }

    /// Rows came, at most `by` before any place: what was not read may have
    /// moved on so far; from `tail` on it is going to be read anyway.
    pub fn widen_on(&mut self, by: u64, tail: Option<u64>) {
        for (_, end) in &mut self.0 {
            *end = end.saturating_add(by).min(tail.unwrap_or(u64::MAX));
        }
        self.join();
    }

    /// The places from `start` to before `end` were read, or hold nothing.
    pub fn fill(&mut self, start: u64, end: u64) {
        let left = |&(a, b): &(u64, u64)| [(a, b.min(start)), (a.max(end), b)];
        self.0 = self.0.iter().flat_map(left).collect();
        self.join();
    }

    /// Drops what is empty, joins what touches.
    fn join(&mut self) {
        let mut joined: Vec<(u64, u64)> = Vec::with_capacity(self.0.len());
        for &(start, end) in self.0.iter().filter(|(start, end)| start < end) {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        self.0 = joined;
    }
}
