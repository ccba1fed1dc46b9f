//! `[journal]`: where events are kept, and how long. Makes no folder.

use std::{path::PathBuf, time::Duration};

use super::{error::ConfigError, find, read::Section, value};

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

pub(super) fn read(section: &Section<'_>) -> Result<Journal, ConfigError> {
    let (base, env) = (section.file.base, section.file.env);
    let path = match section.get("path") {
        Some(item) => find::resolve(item.text()?, base, env),
        None => find::data_dir(env).ok_or_else(|| {
            ConfigError::general(
                "there is no home folder to keep the journal in; add path = \"…\" under [journal]",
            )
        })?,
    };
    let retain = match section.get("retain") {
        Some(item) => {
            let retain = item.parse(value::duration)?;
            if retain < LEAST {
                return Err(item.wrong(
                    "is below 1d, and the counts of today would be lost; write \"1d\" or more",
                ));
            }
            retain
        }
        None => RETAIN,
    };
    Ok(Journal {
        path: std::path::absolute(&path).unwrap_or(path),
        retain,
    })
}
