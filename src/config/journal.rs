//! `[journal]`: where events are kept, and how long. Makes no folder.

use std::{path::PathBuf, time::Duration};

use crate::domain::sheet::Table;

use super::{Around, find};

/// Where events are kept, and how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// The folder, absolute; it need not exist yet.
    pub path: PathBuf,
    /// How long events are kept.
    pub retain: Duration,
}

/// How long events are kept without a setting.
const RETAIN: Duration = Duration::from_hours(24 * 90);
/// Less would lose the counts of today.
const LEAST: Duration = Duration::from_hours(24);

pub(super) fn read(table: &Table<'_>, around: &Around<'_>) -> Option<Journal> {
    let path = match table.get("path") {
        Some(item) => item
            .word()
            .map(|path| find::resolve(path, around.base, around.env)),
        None => find::data_dir(around.env).or_else(|| {
            table.sheet.wrong(
                table.at,
                "there is no home folder to keep the journal in; add path = \"…\" under [journal]",
            )
        }),
    };
    let retain = table.get("retain").and_then(|item| {
        let retain = item.duration()?;
        if retain < LEAST {
            return item
                .wrong("is below 1d, and the counts of today would be lost; write \"1d\" or more");
        }
        Some(retain)
    });
    let path = path?;
    Some(Journal {
        path: std::path::absolute(&path).unwrap_or(path),
        retain: retain.unwrap_or(RETAIN),
    })
}
