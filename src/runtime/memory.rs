//! Keeps how somebody likes to look over restarts: a small file of the user's
//! own, never shared. Losing it loses nothing but comfort, so that no failure
//! here is worth a word but in the log.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use crate::{app::memory::Memory, vendor::identity::fixed_hash};

/// What the one file was called that everybody of an account wrote to.
const FORMER: &str = "console.json";

/// The file of one person at one configuration, in `folder`: whoever shares an
/// account, or looks after two call centers, is not to find another one's
/// search. The same after every restart.
#[must_use]
pub fn place(folder: &Path, who: &str, config: &Path) -> PathBuf {
    let plain: String = who
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(16)
        .collect();
    let hash = fixed_hash(&format!("{who}\0{}", config.display()));
    folder.join(format!("console-{plain}-{hash:016x}.json"))
}

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
    /// Keeps it in this file; nowhere without one. The first to come without a
    /// file takes over the one that everybody had.
    #[must_use]
    pub fn new(file: Option<PathBuf>) -> Self {
        if let Some(file) = &file
            && !file.exists()
        {
            // Most often there is none.
            let _ = fs::rename(file.with_file_name(FORMER), file);
        }
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
        let file = folder.path().join("new/anna.json");
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
    fn each_person_and_each_configuration_has_a_file() {
        let of = |who: &str, config: &str| place(Path::new("/s"), who, Path::new(config));
        let anna = of("Anna Holm", "/a/config.toml");
        let name = anna.to_str().unwrap();
        assert!(name.starts_with("/s/console-AnnaHolm-"), "{name}");
        assert_eq!(anna, of("Anna Holm", "/a/config.toml"));
        for (who, config) in [
            ("Jens", "/a/config.toml"),
            ("AnnaHolm", "/a/config.toml"),
            ("Anna Holm", "/b/config.toml"),
        ] {
            assert_ne!(anna, of(who, config), "{who} {config}");
        }
        let hostile = of("../../é\u{202e}", "/a/config.toml");
        assert_eq!(hostile.parent(), Some(Path::new("/s")));
    }

    #[test]
    fn what_everybody_had_is_taken_over_once() {
        let folder = tempfile::tempdir().unwrap();
        let (former, anna) = (folder.path().join(FORMER), folder.path().join("anna.json"));
        let memory = Memory {
            queue: Some("support".into()),
            ..Memory::default()
        };
        write(&former, &memory).unwrap();
        assert_eq!(*Keeper::new(Some(anna.clone())).kept(), memory);
        assert!(!former.exists());
        let jens = Keeper::new(Some(folder.path().join("jens.json")));
        assert_eq!(*jens.kept(), Memory::default());
        // It never undoes what is there.
        write(&former, &Memory::default()).unwrap();
        assert_eq!(*Keeper::new(Some(anna)).kept(), memory);
    }

    #[test]
    fn one_is_written_at_a_time_and_the_last_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("anna.json");
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
