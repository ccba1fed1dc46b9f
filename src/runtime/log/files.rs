//! The log's files: one a day, cut into parts, the oldest deleted before all
//! of them together take up too much. Whoever shares the folder writes into
//! the same files, each by the same rules: nobody keeps a list of them.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use tracing_subscriber::fmt::MakeWriter;

/// What files of a log have in common.
const PREFIX: &str = "holdline.";
const SUFFIX: &str = ".log";

/// How much of a log is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// A file takes no further entry beyond this, bytes.
    pub part: u64,
    /// All files together, bytes.
    pub all: u64,
    /// Days with files.
    pub days: usize,
}

/// 5 MB a file, 50 MB and a week in all.
pub(super) const LIMITS: Limits = Limits {
    part: 5_000_000,
    all: 50_000_000,
    days: 7,
};

/// Writes entries into the files of a folder.
#[derive(Clone)]
pub(super) struct Files {
    folder: Arc<Path>,
    limits: Limits,
    today: fn() -> Date,
    open: Arc<Mutex<Option<Part>>>,
}

/// A file that is written.
struct Part {
    name: Name,
    file: File,
}

/// Which file: its day, and which of that day's. In the order of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    day: Date,
    part: u32,
}

impl Name {
    /// `holdline.2026-01-31.log`, `holdline.2026-01-31.2.log`
    fn text(self) -> String {
        match self {
            Self { day, part: 1 } => format!("{PREFIX}{day}{SUFFIX}"),
            Self { day, part } => format!("{PREFIX}{day}.{part}{SUFFIX}"),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let middle = text.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
        let (day, part) = match middle.split_once('.') {
            Some((day, part)) => (day, part.parse().ok()?),
            None => (middle, 1),
        };
        let day = day.parse().ok()?;
        Some(Self { day, part })
    }
}

impl Files {
    /// Those of `folder`, which is made where it is missing, as open to the
    /// group as the one above it.
    pub fn new(folder: &Path, limits: Limits) -> io::Result<Self> {
        if !folder.is_dir() {
            fs::create_dir_all(folder)?;
            if let Some(above) = folder.parent() {
                share(folder, above, 0o2770)?;
            }
        }
        let files = Self {
            folder: folder.into(),
            limits,
            today: || TimeZone::UTC.to_datetime(Timestamp::now()).date(),
            open: Arc::default(),
        };
        files.with(0, |_| Ok(()))?;
        Ok(files)
    }

    /// Has this done with the file that takes an entry of this length now.
    fn with<T>(
        &self,
        length: u64,
        write: impl FnOnce(&mut File) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let day = (self.today)();
        if !open
            .as_ref()
            .is_some_and(|part| self.takes(part, day, length))
        {
            *open = None;
        }
        let part = match open.take() {
            Some(part) => part,
            None => self.next(day, length)?,
        };
        write(&mut open.insert(part).file)
    }

    /// Whether this is still the file for it: others write into it too, and
    /// may have deleted it.
    fn takes(&self, part: &Part, day: Date, length: u64) -> bool {
        part.name.day == day
            && part
                .file
                .metadata()
                .is_ok_and(|found| found.nlink() > 0 && self.has_room(found.len(), length))
    }

    fn has_room(&self, size: u64, length: u64) -> bool {
        size == 0 || size.saturating_add(length) <= self.limits.part
    }

    /// The last file of the day, or one after it if that is full.
    fn next(&self, day: Date, length: u64) -> io::Result<Part> {
        let there = self.there()?;
        let last = there.iter().filter(|(name, _)| name.day == day).max();
        let part = match last {
            Some((name, size)) if self.has_room(*size, length) => name.part,
            Some((name, _)) => name.part.saturating_add(1),
            None => 1,
        };
        self.sweep(there, day, length.max(self.limits.part));
        let name = Name { day, part };
        let path = self.folder.join(name.text());
        let mut how = OpenOptions::new();
        how.append(true).mode(0o600);
        let file = match how.clone().create_new(true).open(&path) {
            Ok(file) => {
                share(&path, &self.folder, 0o660)?;
                file
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => how.open(&path)?,
            Err(e) => return Err(e),
        };
        Ok(Part { name, file })
    }

    /// The files that are there, the oldest first, with their sizes.
    fn there(&self) -> io::Result<Vec<(Name, u64)>> {
        let mut there = Vec::new();
        for found in fs::read_dir(&self.folder)? {
            let found = found?;
            if let Some(name) = found.file_name().to_str().and_then(Name::read) {
                there.push((name, found.metadata().map_or(0, |file| file.len())));
            }
        }
        there.sort_unstable();
        Ok(there)
    }

    /// Makes room for one more file, and for so many bytes. What cannot be deleted now is deleted by
    /// whoever may.
    fn sweep(&self, mut there: Vec<(Name, u64)>, today: Date, room: u64) {
        let mut days: Vec<Date> = there.iter().map(|(name, _)| name.day).collect();
        days.push(today);
        days.sort_unstable();
        days.dedup();
        let first = days.len().saturating_sub(self.limits.days);
        let oldest = days.get(first).copied().unwrap_or(today);
        let mut size: u64 = there.iter().map(|(_, size)| size).sum();
        there.retain(|(name, bytes)| {
            let goes = name.day < oldest || size.saturating_add(room) > self.limits.all;
            if goes && fs::remove_file(self.folder.join(name.text())).is_ok() {
                size = size.saturating_sub(*bytes);
            }
            !goes
        });
    }
}

/// Makes what we just made as open to the group as the folder it is for, and
/// its group's: whatever the umask, and whoever comes first. `most` is the mode
/// where the group may do all that we may.
fn share(path: &Path, like: &Path, most: u32) -> io::Result<()> {
    let folder = fs::metadata(like)?;
    // Only a member may give it to the group; else it stays one's own.
    let _ = chown(path, None, Some(folder.gid()));
    let mode = (folder.mode() | 0o700) & most;
    fs::set_permissions(path, Permissions::from_mode(mode))
}

impl<'w> MakeWriter<'w> for Files {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

impl Write for Files {
    /// An entry, whole.
    fn write(&mut self, entry: &[u8]) -> io::Result<usize> {
        self.with(entry.len() as u64, |file| file.write_all(entry))?;
        Ok(entry.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use tempfile::TempDir;

    use super::*;

    const SMALL: Limits = Limits {
        part: 1_000,
        all: 5_000,
        days: 3,
    };

    fn on(folder: &TempDir, today: fn() -> Date) -> Files {
        Files {
            folder: folder.path().into(),
            limits: SMALL,
            today,
            open: Arc::default(),
        }
    }

    fn line(n: usize) -> String {
        format!("{n:098}\n")
    }

    fn newest(files: &Files) -> std::path::PathBuf {
        let (name, _) = *files.there().unwrap().last().unwrap();
        files.folder.join(name.text())
    }

    fn names(files: &Files) -> Vec<String> {
        let there = files.there().unwrap();
        there.iter().map(|(name, _)| name.text()).collect()
    }

    fn bytes(files: &Files) -> u64 {
        files.there().unwrap().iter().map(|(_, size)| size).sum()
    }

    #[test]
    fn a_flood_takes_up_no_more_than_its_share_and_the_last_lines_stay() {
        let folder = tempfile::tempdir().unwrap();
        // Two consoles at once.
        let mut both = [(); 2].map(|()| on(&folder, || date(2026, 1, 31)));
        for n in 0..2_000 {
            both[n % 2].write_all(line(n).as_bytes()).unwrap();
            let size = bytes(&both[0]);
            assert!(size <= SMALL.all, "{size} after {n}");
        }
        let kept: String = both[0]
            .there()
            .unwrap()
            .iter()
            .map(|(name, _)| fs::read_to_string(folder.path().join(name.text())).unwrap())
            .collect();
        let first = 2_000 - kept.len() / line(0).len();
        assert!(first < 1_970, "no more is gone than need be: {first}");
        let expected: String = (first..2_000).map(line).collect();
        assert_eq!(kept, expected);
    }

    #[test]
    fn every_day_has_a_file_of_its_own_and_the_oldest_go() {
        let folder = tempfile::tempdir().unwrap();
        let days: [fn() -> Date; 5] = [
            || date(2026, 2, 27),
            || date(2026, 2, 28),
            || date(2026, 3, 1),
            || date(2026, 3, 2),
            || date(2026, 3, 9),
        ];
        fs::write(folder.path().join("notes.log"), "not ours").unwrap();
        for day in days {
            on(&folder, day).write_all(line(0).as_bytes()).unwrap();
        }
        let files = on(&folder, days[4]);
        let expected = ["03-01", "03-02", "03-09"].map(|day| format!("holdline.2026-{day}.log"));
        assert_eq!(names(&files), expected);
        assert!(folder.path().join("notes.log").exists());
    }

    #[test]
    fn one_that_was_deleted_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = on(&folder, || date(2026, 1, 31));
        files.write_all(b"one\n").unwrap();
        let path = newest(&files);
        fs::remove_file(&path).unwrap();
        files.write_all(b"two\n").unwrap();
        assert_eq!(fs::read_to_string(path).unwrap(), "two\n");
    }

    #[test]
    fn an_entry_longer_than_a_file_is_written_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = on(&folder, || date(2026, 1, 31));
        for _ in 0..3 {
            files.write_all(&[b'x'; 3_000]).unwrap();
        }
        assert_eq!(bytes(&files), 3_000, "only the last one has room");
    }

    #[test]
    fn files_are_as_open_to_the_group_as_the_folder_whatever_the_umask() {
        let above = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        for (shared, folder, file) in [(0o2770, 0o2770, 0o660), (0o700, 0o700, 0o600)] {
            let place = above.path().join(format!("{shared:o}"));
            fs::create_dir(&place).unwrap();
            fs::set_permissions(&place, Permissions::from_mode(shared)).unwrap();
            let log = place.join("log");
            let path = newest(&Files::new(&log, SMALL).unwrap());
            assert_eq!((mode(&log), mode(&path)), (folder, file), "{shared:o}");
        }
    }
}
