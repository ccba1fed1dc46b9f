//! The log: a file while the screen is up, standard error without one. What
//! comes from outside is cleaned where it enters a sentence. What cannot be
//! written is lost in silence: its own trouble (a full disk, a reader that is
//! gone) must neither reach the screen nor end the program.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// Days of log kept.
const DAYS: usize = 7;

/// Logs into daily files in `folder`; answers where. Each line is written
/// before the program goes on: the last one before a crash is the one wanted.
pub fn to_files(folder: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("holdline")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder)
        .map_err(io::Error::other)?;
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter())
        .with_ansi(false)
        .log_internal_errors(false)
        .with_writer(files)
        .try_init();
    Ok(folder.to_owned())
}

/// Logs to standard error, for a process without a screen.
pub fn to_stderr() {
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter())
        .with_ansi(false)
        .with_target(false)
        .log_internal_errors(false)
        .with_writer(io::stderr)
        .try_init();
}

fn filter() -> EnvFilter {
    EnvFilter::try_from_env("HOLDLINE_LOG").unwrap_or_else(|_| EnvFilter::new("holdline=info"))
}
