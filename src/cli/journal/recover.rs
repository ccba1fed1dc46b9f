//! `holdline journal recover`: saves what can be read of a damaged journal, in
//! a new one in its place. The old files are kept aside; one that is sound is
//! left as it is.

use crate::{
    cli::{failure::Failure, output},
    config::{Config, find},
    journal::{self, JournalError},
    runtime::clock,
};

/// Runs the command: exit code 1 where something was lost.
pub fn run(config: &Config) -> Result<u8, Failure> {
    let folder = &config.journal.path;
    let shown = find::shown(folder, &find::process_env);
    match journal::check(folder) {
        Ok(checked) if checked.damage.is_empty() && checked.unreadable == 0 => {
            output::to_stdout(|out| writeln!(out, "{shown}: sound, nothing was changed"))?;
            return Ok(0);
        }
        // None, or one that a newer Holdline keeps: not for us to mend.
        Err(error @ (JournalError::Missing { .. } | JournalError::Version { .. })) => {
            return Err(error.into());
        }
        _ => {}
    }
    let Some(salvaged) = journal::recover(folder, clock::system()())? else {
        return Err(Failure::here(format!(
            "somebody collects into {shown}: end every console and `holdline collect` on it first"
        )));
    };
    let aside = find::shown(&salvaged.aside, &find::process_env);
    output::to_stdout(|out| {
        writeln!(out, "{shown}: {} entries saved", salvaged.saved)?;
        match salvaged.unsound {
            0 => {}
            1 => writeln!(out, "1 entry was found damaged and is left out")?,
            n => writeln!(out, "{n} entries were found damaged and are left out")?,
        }
        match salvaged.empty {
            0 => {}
            1 => writeln!(out, "1 place between them is empty: lost, or never used")?,
            n => writeln!(
                out,
                "{n} places between them are empty: lost, or never used"
            )?,
        }
        writeln!(out, "the old files are kept in {aside}")
    })?;
    Ok(u8::from(salvaged.unsound > 0 || salvaged.empty > 0))
}
