//! What tells whether an entry is as it was written: a sum over all of it,
//! its place too. SQLite itself notices no byte that is another one within a
//! text. May use nothing.

use flate2::Crc;

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
