//! Whether anything in a folder is written to, as far as the system tells: so
//! that nobody need look again and again. Linux tells; other systems are taken
//! not to. Knows no journal.

use std::{
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    path::{Path, PathBuf},
};

/// What tells of the first write to a file of a folder.
#[derive(Debug)]
pub(super) struct Ripples {
    folder: PathBuf,
    told: OwnedFd,
}

impl Ripples {
    /// Those of a folder.
    ///
    /// # Errors
    /// The system does not tell, or has no room left for who wants to be told.
    pub(super) fn of(folder: &Path) -> io::Result<Self> {
        Ok(Self {
            folder: folder.to_owned(),
            told: system::ear()?,
        })
    }

    /// Listens for the next write; what was told before is forgotten. Once it
    /// was told, further writes cost nobody anything until this is called
    /// again.
    ///
    /// # Errors
    /// The folder is gone.
    pub(super) fn listen(&self) -> io::Result<()> {
        system::listen(&self.told, &self.folder)
    }
}

/// Can be read as soon as there was a write.
impl AsFd for Ripples {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.told.as_fd()
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::{io, os::fd::OwnedFd, path::Path};

    use rustix::{
        fs::inotify::{self, CreateFlags, WatchFlags},
        io::{Errno, read},
    };

    pub fn ear() -> io::Result<OwnedFd> {
        Ok(inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?)
    }

    pub fn listen(ear: &OwnedFd, folder: &Path) -> io::Result<()> {
        // A write, and that the watch has ended with it: one reading has both.
        match read(ear, &mut [0; 1_024]) {
            Ok(_) | Err(Errno::WOULDBLOCK) => {}
            Err(error) => return Err(error.into()),
        }
        let once = WatchFlags::MODIFY | WatchFlags::ONESHOT;
        inotify::add_watch(ear, folder, once)?;
        Ok(())
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::{io, os::fd::OwnedFd, path::Path};

    pub fn ear() -> io::Result<OwnedFd> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn listen(_: &OwnedFd, _: &Path) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    use super::*;

    fn is_told(ripples: &Ripples) -> bool {
        let now = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        poll(&mut [PollFd::new(ripples, PollFlags::IN)], Some(&now)).unwrap() > 0
    }

    #[test]
    fn a_write_is_told_once_each_time_that_somebody_listens() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "before").unwrap();
        let ripples = Ripples::of(folder.path()).unwrap();
        for _ in 0..3 {
            fs::write(&file, "nobody listens").unwrap();
            ripples.listen().unwrap();
            assert!(!is_told(&ripples));
            for _ in 0..100 {
                fs::write(&file, "somebody does").unwrap();
            }
            assert!(is_told(&ripples));
        }
        drop(folder);
        assert!(ripples.listen().is_err());
    }
}
