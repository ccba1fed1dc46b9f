//! Where something stands in the journal's order.

/// A place in the journal's order; the first entry is 1.
pub type Seq = u64;
