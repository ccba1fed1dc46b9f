//! What tells whether an entry is as it was written: a sum over all of it,
//! its place too. SQLite itself notices no byte that is another one within a
//! text.

use flate2::Crc;
use rusqlite::Row;

/// What of an entry its sum covers, as [`fits`] reads it; the sum stands behind.
pub(super) const COLUMNS: &str = "seq, at, site, kind, dedupe, body";

/// An entry, as far as the sum covers it.
pub(super) struct Summed<'a> {
    pub seq: u64,
    pub at: i64,
    pub site: &'a [u8],
    pub kind: &'a [u8],
    pub dedupe: Option<&'a [u8]>,
    pub body: &'a [u8],
}

impl Summed<'_> {
    /// CRC-32 of its fields, each with its length before it.
    pub fn sum(&self) -> u32 {
        let mut crc = Crc::new();
        crc.update(&self.seq.to_le_bytes());
        crc.update(&self.at.to_le_bytes());
        let no_key = u64::MAX.to_le_bytes();
        for field in [
            Some(self.site),
            Some(self.kind),
            self.dedupe,
            Some(self.body),
        ] {
            match field {
                Some(bytes) => {
                    crc.update(&(bytes.len() as u64).to_le_bytes());
                    crc.update(bytes);
                }
                None => crc.update(&no_key),
            }
        }
        crc.sum()
    }
}

/// Whether an entry's sum fits what stands in its [`COLUMNS`] before it; `None`
/// where it has none.
pub(super) fn fits(row: &Row<'_>) -> rusqlite::Result<Option<bool>> {
    let bytes = |column| {
        let value = row.get_ref(column)?;
        Ok::<_, rusqlite::Error>(value.as_bytes_or_null()?)
    };
    let summed = Summed {
        seq: row.get::<_, i64>(0)?.unsigned_abs(),
        at: row.get(1)?,
        site: bytes(2)?.unwrap_or_default(),
        kind: bytes(3)?.unwrap_or_default(),
        dedupe: bytes(4)?,
        body: bytes(5)?.unwrap_or_default(),
    };
    let sum: Option<i64> = row.get(6)?;
    Ok(sum.map(|sum| sum == i64::from(summed.sum())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_and_where_it_ends_makes_a_difference() {
        let of = |seq, at, site: &str, kind: &str, dedupe: Option<&str>, body: &str| {
            let summed = Summed {
                seq,
                at,
                site: site.as_bytes(),
                kind: kind.as_bytes(),
                dedupe: dedupe.map(str::as_bytes),
                body: body.as_bytes(),
            };
            summed.sum()
        };
        let sums = [
            of(1, 0, "s", "k", None, "b"),
            of(2, 0, "s", "k", None, "b"),
            of(1, 1, "s", "k", None, "b"),
            of(1, 0, "sk", "", None, "b"),
            of(1, 0, "s", "k", Some(""), "b"),
            of(1, 0, "s", "k", Some("b"), ""),
            of(1, 0, "s", "k", None, "c"),
        ];
        let different: std::collections::BTreeSet<u32> = sums.into_iter().collect();
        assert_eq!(different.len(), sums.len());
        // As it stands on disk, for ever.
        assert_eq!(sums[0], 1_363_506_241);
    }
}
