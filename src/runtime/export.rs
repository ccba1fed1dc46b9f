//! Writes what is shown into a new file of the folder one is in.

use std::{
    fs::OpenOptions,
    io::{self, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
};

use jiff::tz::TimeZone;

use crate::app::Export;

/// Writes the file; only its owner can read it, for it holds numbers.
///
/// # Errors
/// A sentence.
pub fn write(export: &Export, zone: &TimeZone) -> Result<String, String> {
    let (what, extension) = (export.rows.name(), export.format.extension());
    let time = export.at.date_time(zone).replace(' ', "-").replace(':', "");
    let path = PathBuf::from(format!("holdline-{what}-{time}.{extension}"));
    create(&path, export)
        .map(|()| match export.left_out {
            0 => path.display().to_string(),
            n => format!("{}, without {n} of our own injector", path.display()),
        })
        .map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                format!("{} is there already; try again in a second", path.display())
            }
            _ => format!(
                "no file can be written here ({error}); start holdline in a folder of yours"
            ),
        })
}

fn create(path: &PathBuf, export: &Export) -> io::Result<()> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let mut out = BufWriter::new(file);
    export.rows.write(export.format, &mut out)?;
    out.flush()
}
