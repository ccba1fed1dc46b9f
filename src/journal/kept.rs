//! What of a checkpoint outlives it: who worked on which callback. Entries are
//! deleted after a while, who must not be called is remembered, so no change of
//! the board's format or of the configuration may throw that away.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{read, store::number};
use crate::domain::{
    board::KeptTriage,
    triage::{Done, Subject, Triage},
};

/// The format of a checkpoint that holds triage alone: no board's.
const TRIAGE_ALONE: i64 = 0;

/// What every format of a checkpoint has had.
#[derive(Deserialize)]
struct Body<'a> {
    upto: u64,
    /// A pair of subject and acts each.
    #[serde(borrow)]
    triage: Vec<&'a RawValue>,
}

#[derive(Serialize)]
struct Alone<'a> {
    upto: u64,
    triage: &'a Triage,
}

/// The triage of the stored checkpoint as far as it can be read. A case that
/// cannot be costs no other.
pub(super) fn stored(db: &Connection) -> rusqlite::Result<Option<KeptTriage>> {
    let row = db
        .prepare_cached("SELECT upto, body FROM board")?
        .query_row([], |row| {
            let upto = row.get::<_, i64>(0)?.unsigned_abs();
            let body = read::lossy(row.get_ref(1)?).into_owned();
            Ok((upto, body))
        })
        .optional()?;
    Ok(row.and_then(|(upto, body)| {
        let body: Body<'_> = serde_json::from_str(&body).ok()?;
        let case = |json: &&RawValue| serde_json::from_str::<(Subject, Vec<Done>)>(json.get()).ok();
        let cases: Vec<_> = body.triage.iter().filter_map(case).collect();
        (body.upto == upto).then(|| KeptTriage {
            upto,
            triage: cases.into(),
        })
    }))
}

/// Writes it as the checkpoint of a new journal, whose next entry comes after
/// all that it knows.
pub(super) fn carry(db: &Connection, kept: &KeptTriage) -> rusqlite::Result<()> {
    let body = serde_json::to_string(&Alone {
        upto: kept.upto,
        triage: &kept.triage,
    });
    let body = body.map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    db.execute(
        "INSERT INTO board (one, format, fingerprint, upto, body) VALUES (1, ?1, 0, ?2, ?3)",
        params![TRIAGE_ALONE, number(kept.upto), body],
    )?;
    // The table has no row before the first entry.
    let changed = db.execute(
        "UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'entry'",
        [number(kept.upto)],
    )?;
    if changed == 0 {
        db.execute(
            "INSERT INTO sqlite_sequence (name, seq) VALUES ('entry', ?1)",
            [number(kept.upto)],
        )?;
    }
    Ok(())
}
