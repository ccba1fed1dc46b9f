//! How much of what is sent is kept in memory: a floor holds thousands of
//! calls, and the bound of a request is that of all its fields together. What
//! was sent stands in the journal, whole. Pure.

use std::sync::Arc;

/// The longest text, in characters; nobody's name or number is longer.
const TEXT: usize = 200;
/// The longest id, in bytes, of which the vendors' have 40 at most.
const ID: usize = 100;
/// So much of a longer one is kept.
const HEAD: usize = 80;

/// A text, with a sign where the rest of it was.
#[must_use]
pub fn text(text: Arc<str>) -> Arc<str> {
    // Bytes are counted at once, characters one by one.
    if text.len() <= TEXT || text.chars().nth(TEXT).is_none() {
        return text;
    }
    let head = text.chars().take(TEXT - 1);
    head.chain(['…']).collect::<String>().into()
}

/// An id; of one that is too long, its beginning and what tells it from
/// others that begin alike.
#[must_use]
pub fn id(id: Arc<str>) -> Arc<str> {
    if id.len() <= ID {
        return id;
    }
    let head = &id[..id.floor_char_boundary(HEAD)];
    format!("{head}…{:016x}", fnv1a(id.bytes())).into()
}

/// A number that stands for these bytes, the same in every version.
pub(super) fn fnv1a(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_and_long_ids_stay_apart() {
        let long = "ж".repeat(60_000);
        assert_eq!(text("Anna".into()), "Anna".into());
        assert_eq!(text(long.as_str().into()).chars().count(), TEXT);
        assert_eq!(text("ж".repeat(TEXT).into()), "ж".repeat(TEXT).into());
        let ids = ["a", "b"].map(|end| id(format!("{long}{end}").into()));
        assert!(ids.iter().all(|id| id.len() <= ID), "{ids:?}");
        assert_ne!(ids[0], ids[1]);
        assert_eq!(id("85219-e6bd".into()), "85219-e6bd".into());
        // Cut once more it is the same.
        assert_eq!(id(ids[0].clone()), ids[0]);
    }
}
