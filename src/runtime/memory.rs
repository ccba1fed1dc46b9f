//! Keeps how somebody likes to look over restarts: a small file of the user's
//! own, never shared. Losing it loses nothing but comfort, so that no failure
//! here is worth a word but in the log.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::app::memory::Memory;

/// Where it is kept, and what stands there.
pub struct Keeper {
    file: Option<PathBuf>,
    kept: Memory,
}

impl Keeper {
    /// Keeps it in this file; nowhere without one.
    #[must_use]
    pub fn new(file: Option<PathBuf>) -> Self {
        let kept = file.as_deref().and_then(read).unwrap_or_default();
        Self { file, kept }
    }

    /// What was kept.
    #[must_use]
    pub fn kept(&self) -> &Memory {
        &self.kept
    }

    /// Writes it down, if it is news; the writing is the caller's to do, for
    /// a disk may be slow.
    pub fn keep(&mut self, memory: Memory) -> Option<impl FnOnce() + Send + 'static> {
        let file = self.file.clone().filter(|_| self.kept != memory)?;
        self.kept.clone_from(&memory);
        Some(move || {
            if let Err(error) = write(&file, &memory) {
                let file = file.display();
                tracing::warn!("how the console was left cannot be kept in {file}: {error}");
            }
        })
    }
}

fn read(file: &Path) -> Option<Memory> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

/// Whole or not at all.
fn write(file: &Path, memory: &Memory) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(&serde_json::to_vec_pretty(memory)?)?;
    new.persist(file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_there_next_time_and_rubbish_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/console.json");
        let memory = Memory {
            zoom: true,
            queue: Some("support".into()),
            ..Memory::default()
        };
        let mut keeper = Keeper::new(Some(file.clone()));
        keeper.keep(memory.clone()).unwrap()();
        assert!(keeper.keep(memory.clone()).is_none(), "no news");
        assert_eq!(*Keeper::new(Some(file.clone())).kept(), memory);
        fs::write(&file, "{").unwrap();
        assert_eq!(*Keeper::new(Some(file)).kept(), Memory::default());
    }
}
