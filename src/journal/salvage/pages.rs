//! The journal's files as pages, whatever the tree above them says: the
//! entries that stand in them, by the published format of SQLite's files and
//! of its write-ahead log. Reads only; believes nothing.

use std::{collections::HashMap, fs::File, io, os::unix::fs::FileExt, path::Path};

use super::super::{store::Row, sum::Summed};
use crate::domain::time::At;

/// Ours have pages of this size.
const PAGE: usize = 4096;
/// The log's header, and the one before each page in it.
const LOG_HEAD: u64 = 32;
const FRAME_HEAD: u64 = 24;
/// A page of a table that holds rows.
const LEAF: u8 = 0x0d;
/// So many cells a page has at the most.
const MOST_CELLS: u16 = 680;
/// No entry is larger.
const LARGEST: usize = 64 << 20;

/// One version of a page.
#[derive(Clone, Copy, Debug)]
struct Copy {
    number: u32,
    in_log: bool,
    offset: u64,
}

/// An entry that was found, and what its sum says of it.
pub(super) struct Found {
    pub seq: u64,
    pub row: Row,
    pub proof: Proof,
}

/// Whether an entry is as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Its sum fits.
    Sound,
    /// An older Holdline wrote it without one; it can be read.
    Unproven,
    /// It is not.
    Unsound,
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    copy: Copy,
    cell: u16,
}

/// The database and its log.
pub(super) struct Pages {
    db: File,
    log: Option<File>,
    /// The oldest first: what stands in the log came later.
    copies: Vec<Copy>,
    /// The newest of each.
    newest: HashMap<u32, Copy>,
}

impl Pages {
    pub fn open(db: &Path, log: &Path) -> io::Result<Self> {
        let db = File::open(db)?;
        let log = match File::open(log) {
            Ok(log) => Some(log),
            Err(e) if e.kind() == io::ErrorKind::NotFound => None,
            Err(e) => return Err(e),
        };
        let mut copies = Vec::new();
        let count = db.metadata()?.len().div_ceil(PAGE as u64);
        for index in 0..u32::try_from(count).unwrap_or(u32::MAX) {
            copies.push(Copy {
                number: index + 1,
                in_log: false,
                offset: u64::from(index) * PAGE as u64,
            });
        }
        if let Some(log) = &log {
            copies.extend(frames(log)?);
        }
        let newest = copies.iter().map(|copy| (copy.number, *copy)).collect();
        Ok(Self {
            db,
            log,
            copies,
            newest,
        })
    }

    /// Shows each entry that stands somewhere, the newest versions last.
    pub fn each(&self, mut see: impl FnMut(Spot, Found)) {
        for copy in &self.copies {
            let page = self.page(copy);
            for cell in 0..cells(&page) {
                if let Some(found) = self.entry(&page, cell) {
                    see(Spot { copy: *copy, cell }, found);
                }
            }
        }
    }

    /// The entry at a spot.
    pub fn at(&self, spot: Spot) -> Option<Found> {
        self.entry(&self.page(&spot.copy), spot.cell)
    }

    /// A page; what is missing of it is zero.
    fn page(&self, copy: &Copy) -> Vec<u8> {
        let file = if copy.in_log {
            self.log.as_ref()
        } else {
            Some(&self.db)
        };
        let mut page = vec![0; PAGE];
        let mut filled = 0;
        while let Some(file) = file
            && filled < PAGE
        {
            match file.read_at(&mut page[filled..], copy.offset + filled as u64) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                // A bad sector: the rest of the disk may be good.
                Err(_) => break,
            }
        }
        page
    }

    fn entry(&self, page: &[u8], cell: u16) -> Option<Found> {
        let (seq, start, rest) = payload(page, cell)?;
        match rest {
            None => entry(seq, start),
            Some((missing, first)) => entry(seq, &self.overflow(start, missing, first)?),
        }
    }

    /// The payload with what stands on the pages behind it.
    fn overflow(&self, start: &[u8], mut missing: usize, first: u32) -> Option<Vec<u8>> {
        let (mut whole, mut next) = (start.to_vec(), first);
        while missing > 0 {
            let page = self.page(self.newest.get(&next)?);
            let some = missing.min(PAGE - 4);
            whole.extend_from_slice(&page[4..4 + some]);
            missing -= some;
            next = number(&page[..4]);
        }
        Some(whole)
    }
}

/// The frames of a log that belong to what it holds now; what stands behind
/// them from before was moved into the database.
fn frames(log: &File) -> io::Result<Vec<Copy>> {
    let length = log.metadata()?.len();
    let mut all = Vec::new();
    let mut offset = LOG_HEAD;
    while offset + FRAME_HEAD + PAGE as u64 <= length {
        let mut head = [0; 24];
        log.read_exact_at(&mut head, offset)?;
        let copy = Copy {
            number: number(&head[..4]),
            in_log: true,
            offset: offset + FRAME_HEAD,
        };
        all.push((
            copy,
            u64::from(number(&head[8..12])) << 32 | u64::from(number(&head[12..16])),
        ));
        offset += FRAME_HEAD + PAGE as u64;
    }
    // The salt in the log's own header may be what is damaged; that of most
    // frames at the log's beginning is the one that counts.
    let mut head = [0; 32];
    let named = match log.read_exact_at(&mut head, 0) {
        Ok(()) => u64::from(number(&head[16..20])) << 32 | u64::from(number(&head[20..24])),
        Err(_) => return Ok(Vec::new()),
    };
    let is_known = all.iter().any(|(_, salt)| *salt == named);
    let salt = if is_known {
        named
    } else {
        all.first().map_or(0, |(_, salt)| *salt)
    };
    Ok(all
        .into_iter()
        .filter(|(_, of)| *of == salt)
        .map(|(copy, _)| copy)
        .collect())
}

/// How many pages of a log stand behind one that is damaged: whoever opens the
/// journal passes over them, and writes over them.
pub(in super::super) fn passed_over(log: &Path) -> io::Result<usize> {
    let log = match File::open(log) {
        Ok(log) => log,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(e) => return Err(e),
    };
    let frames = frames(&log)?;
    let mut head = [0; 32];
    if frames.is_empty() || log.read_exact_at(&mut head, 0).is_err() {
        return Ok(0);
    }
    let mut sum = Chain {
        big: head[3] & 1 == 1,
        sums: (0, 0),
    };
    sum.add(&head[..24]);
    if !sum.is(&head[24..32]) {
        return Ok(frames.len());
    }
    let mut page = [0; PAGE];
    for (index, frame) in frames.iter().enumerate() {
        let mut head = [0; 24];
        log.read_exact_at(&mut head, frame.offset - FRAME_HEAD)?;
        log.read_exact_at(&mut page, frame.offset)?;
        sum.add(&head[..8]);
        sum.add(&page);
        let is_next =
            frame.offset == LOG_HEAD + FRAME_HEAD + index as u64 * (FRAME_HEAD + PAGE as u64);
        if !is_next || !sum.is(&head[16..24]) {
            return Ok(frames.len() - index - usize::from(is_next));
        }
    }
    Ok(0)
}

/// The sum that each page of a log carries over all before it.
struct Chain {
    /// Whether its numbers are big-endian.
    big: bool,
    sums: (u32, u32),
}

impl Chain {
    fn add(&mut self, bytes: &[u8]) {
        for pair in bytes.chunks_exact(8) {
            let number = |bytes: &[u8]| {
                let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
                if self.big {
                    u32::from_be_bytes(bytes)
                } else {
                    u32::from_le_bytes(bytes)
                }
            };
            let (first, second) = (number(&pair[..4]), number(&pair[4..]));
            let (a, b) = self.sums;
            let a = a.wrapping_add(first).wrapping_add(b);
            self.sums = (a, b.wrapping_add(second).wrapping_add(a));
        }
    }

    fn is(&self, told: &[u8]) -> bool {
        self.sums == (number(&told[..4]), number(&told[4..]))
    }
}

/// How many cells a page of rows has; none on other pages.
fn cells(page: &[u8]) -> u16 {
    if page[0] != LEAF {
        return 0;
    }
    let count = u16::from_be_bytes([page[3], page[4]]);
    // Each takes two bytes for its address and four at least for itself.
    count.min(MOST_CELLS)
}

/// A row's place, the payload on the page, and how much of it stands
/// elsewhere, from which page on.
type Payload<'p> = (u64, &'p [u8], Option<(usize, u32)>);

fn payload(page: &[u8], cell: u16) -> Option<Payload<'_>> {
    let address = 8 + usize::from(cell) * 2;
    let at = usize::from(u16::from_be_bytes([page[address], page[address + 1]]));
    let rest = page.get(at..)?;
    let (length, rest) = varint(rest)?;
    let (seq, rest) = varint(rest)?;
    let length = usize::try_from(length)
        .ok()
        .filter(|length| *length <= LARGEST)?;
    let most = PAGE - 35;
    if length <= most {
        return Some((seq, rest.get(..length)?, None));
    }
    let least = (PAGE - 12) * 32 / 255 - 23;
    let here = least + (length - least) % (PAGE - 4);
    let here = if here <= most { here } else { least };
    let next = number(rest.get(here..here + 4)?);
    Some((seq, &rest[..here], Some((length - here, next))))
}

/// The entry that a record is; `None` where it is no entry's.
fn entry(seq: u64, record: &[u8]) -> Option<Found> {
    let (head, _) = varint(record)?;
    let head = usize::try_from(head).ok()?;
    let mut types = record.get(..head)?;
    types = varint(types)?.1;
    let mut values = record.get(head..)?;
    let mut fields = Vec::with_capacity(7);
    while !types.is_empty() {
        let (kind, rest) = varint(types)?;
        types = rest;
        let value = Value::read(kind, &mut values)?;
        fields.push(value);
        if fields.len() > 7 {
            return None;
        }
    }
    // What is left over belongs to a record of other columns.
    if !values.is_empty() || seq == 0 || i64::try_from(seq).is_err() {
        return None;
    }
    let (fields, sum) = match fields.as_slice() {
        [all @ .., Value::Null] if all.len() == 6 => (all, None),
        [all @ .., Value::Number(sum)] if all.len() == 6 => (all, Some(*sum)),
        all if all.len() == 6 => (all, None),
        _ => return None,
    };
    let [
        Value::Null,
        Value::Number(at),
        Value::Text(site),
        Value::Text(kind),
        dedupe,
        Value::Text(body),
    ] = fields
    else {
        return None;
    };
    let dedupe = match dedupe {
        Value::Null => None,
        Value::Text(text) => Some(*text),
        Value::Number(_) => return None,
    };
    let summed = Summed {
        seq,
        at: *at,
        site,
        kind,
        dedupe,
        body,
    };
    let texts = || Some((text(site)?, text(kind)?, text(body)?));
    let key = dedupe.map(text);
    let (Some((site, kind, body)), Some(dedupe)) =
        (texts(), key.map_or(Some(None), |key| key.map(Some)))
    else {
        return Some(Found {
            seq,
            row: Row {
                at: At(*at),
                site: "".into(),
                kind: "".into(),
                dedupe: None,
                body: String::new(),
            },
            proof: Proof::Unsound,
        });
    };
    let proof = match sum {
        Some(sum) if sum == i64::from(summed.sum()) => Proof::Sound,
        Some(_) => Proof::Unsound,
        None if serde_json::from_str::<&serde_json::value::RawValue>(body).is_ok() => {
            Proof::Unproven
        }
        None => Proof::Unsound,
    };
    Some(Found {
        seq,
        row: Row {
            at: At(*at),
            site: site.into(),
            kind: kind.into(),
            dedupe: dedupe.map(str::to_owned),
            body: body.to_owned(),
        },
        proof,
    })
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// A value in a record.
enum Value<'r> {
    Null,
    Number(i64),
    Text(&'r [u8]),
}

impl<'r> Value<'r> {
    /// Reads the next value, of this type; `None` for types that no entry has.
    fn read(kind: u64, values: &mut &'r [u8]) -> Option<Self> {
        let length = match kind {
            0 => return Some(Self::Null),
            8 => return Some(Self::Number(0)),
            9 => return Some(Self::Number(1)),
            1..=4 => usize::try_from(kind).ok()?,
            5 => 6,
            6 => 8,
            13.. if kind % 2 == 1 => usize::try_from((kind - 13) / 2).ok()?,
            _ => return None,
        };
        let value = values.get(..length)?;
        *values = &values[length..];
        if kind >= 13 {
            return Some(Self::Text(value));
        }
        // Big-endian, with a sign.
        let start = i64::from(value[0].cast_signed());
        Some(Self::Number(
            value[1..]
                .iter()
                .fold(start, |number, byte| number << 8 | i64::from(*byte)),
        ))
    }
}

/// A big-endian number of four bytes.
fn number(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// A number of one to nine bytes, and what follows it.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (index, byte) in bytes.iter().take(9).enumerate() {
        if index == 8 {
            return Some((value << 8 | u64::from(*byte), &bytes[9..]));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[index + 1..]));
        }
    }
    None
}
