//! Whether all that was written to a terminal has been read at its other end.
//! Linux wakes whoever waits to write to a pseudo-terminal each time its other
//! end has read all of it but 128 bytes at most, whether it was full or not;
//! other systems do not tell. Knows no frames.

use std::{
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
};

/// What tells that a terminal's other end has read.
#[derive(Debug)]
pub struct Receipts(OwnedFd);

impl Receipts {
    /// Those of a terminal.
    ///
    /// # Errors
    /// The terminal gives none.
    pub fn of(terminal: impl AsFd) -> io::Result<Self> {
        Ok(Self(system::watch(terminal.as_fd())?))
    }

    /// Whether there was one since this was asked last. Writing looks like
    /// one, too: ask once after it.
    #[must_use]
    pub fn came(&self) -> bool {
        system::came(&self.0)
    }
}

/// Can be read as soon as there is a receipt.
impl AsFd for Receipts {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::{
        io,
        mem::MaybeUninit,
        os::fd::{BorrowedFd, OwnedFd},
    };

    use rustix::{
        event::{
            Timespec,
            epoll::{self, CreateFlags, EventData, EventFlags},
        },
        fs::{fstat, major},
    };

    /// Device numbers of pseudo-terminals.
    const PSEUDO: std::ops::RangeInclusive<u32> = 136..=143;
    const NO_TIME: Timespec = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };

    pub fn watch(terminal: BorrowedFd<'_>) -> io::Result<OwnedFd> {
        if !PSEUDO.contains(&major(fstat(terminal)?.st_rdev)) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let receipts = epoll::create(CreateFlags::CLOEXEC)?;
        // Each waking counts once: room there is nearly always.
        let wakings = EventFlags::OUT | EventFlags::ET;
        epoll::add(&receipts, terminal, EventData::new_u64(0), wakings)?;
        Ok(receipts)
    }

    pub fn came(receipts: &OwnedFd) -> bool {
        let mut one = [const { MaybeUninit::uninit() }];
        epoll::wait(receipts, &mut one, Some(&NO_TIME)).is_ok_and(|(came, _)| !came.is_empty())
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::{
        io,
        os::fd::{BorrowedFd, OwnedFd},
    };

    pub fn watch(_: BorrowedFd<'_>) -> io::Result<OwnedFd> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn came(_: &OwnedFd) -> bool {
        false
    }
}
