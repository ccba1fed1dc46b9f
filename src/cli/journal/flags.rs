//! What can be typed after `holdline journal`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

/// Of `journal`.
#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    /// Looks through all of it: is it sound, what is in it, how large is it
    Check(JournalCheckArgs),
    /// Deletes what is older than `retain` and gives the room back to the disk
    Compact,
    /// Every entry as it stands on disk, a JSON object a line
    Export(JournalExportArgs),
    /// Saves what can be read of a damaged journal, and keeps the rest aside
    Recover,
}

/// Of `journal check`.
#[derive(Debug, ClapArgs)]
pub struct JournalCheckArgs {
    /// How to print: table or json
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: CheckFormat,
}

/// How a verdict is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people
    #[default]
    Table,
    /// One object
    Json,
}

/// Of `journal export`.
#[derive(Debug, ClapArgs)]
pub struct JournalExportArgs {
    /// Write a new FILE, for you alone, rather than standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
