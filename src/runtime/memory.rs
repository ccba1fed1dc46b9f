//! Keeps how somebody likes to look over restarts: a small file of the user's
//! own, never shared. Losing it loses nothing but comfort, so that no failure
//! here is worth a word but in the log.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use crate::app::memory::Memory;

/// Where it is kept, and what stands there.
pub struct Keeper {
    file: Option<PathBuf>,
    kept: Memory,
    /// How many writings were begun.
    begun: u64,
    /// Which of them stands in the file; one at a time.
    written: Arc<Mutex<u64>>,
    /// Alive until the last of them is done.
    under_way: Weak<()>,
}

impl Keeper {
    /// Keeps it in this file; nowhere without one.
    #[must_use]
    pub fn new(file: Option<PathBuf>) -> Self {
        let kept = file.as_deref().and_then(read).unwrap_or_default();
        Self {
            file,
            kept,
            begun: 0,
            written: Arc::default(),
            under_way: Weak::new(),
        }
    }

    /// What was kept.
    #[must_use]
    pub fn kept(&self) -> &Memory {
        &self.kept
    }

    /// Writes it down, if it is news and no other writing is under way; the
    /// writing is the caller's to do, for a disk may be slow.
    pub fn keep(&mut self, memory: Memory) -> Option<impl FnOnce() + Send + use<>> {
        let may = !self.is_writing() && self.kept != memory;
        may.then(|| self.write(memory))?
    }

    /// The same for what is the last: it waits for a writing that is under
    /// way, and none that was begun before undoes it.
    pub fn keep_last(&mut self, memory: Memory) -> Option<impl FnOnce() + Send + use<>> {
        let must = self.is_writing() || self.kept != memory;
        must.then(|| self.write(memory))?
    }

    fn is_writing(&self) -> bool {
        self.under_way.strong_count() > 0
    }

    fn write(&mut self, memory: Memory) -> Option<impl FnOnce() + Send + use<>> {
        let file = self.file.clone()?;
        self.kept.clone_from(&memory);
        self.begun += 1;
        let (number, written, token) = (self.begun, self.written.clone(), Arc::new(()));
        self.under_way = Arc::downgrade(&token);
        Some(move || {
            let mut written = written.lock().unwrap_or_else(PoisonError::into_inner);
            if *written > number {
                return;
            }
            *written = number;
            if let Err(error) = write(&file, &memory) {
                let file = file.display();
                tracing::warn!("how the console was left cannot be kept in {file}: {error}");
            }
            drop(token);
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
    #[test]
    fn one_is_written_at_a_time_and_the_last_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("console.json");
        let of = |queue: &str| Memory {
            queue: Some(queue.into()),
            ..Memory::default()
        };
        let mut keeper = Keeper::new(Some(file.clone()));
        let slow = keeper.keep(of("1")).unwrap();
        assert!(keeper.keep(of("2")).is_none(), "one is under way");
        let last = keeper.keep_last(of("3")).unwrap();
        last();
        slow();
        assert_eq!(*Keeper::new(Some(file)).kept(), of("3"));
        assert!(keeper.keep_last(of("3")).is_none(), "no news");
        assert!(keeper.keep(of("4")).is_some(), "none is under way");
    }
}
