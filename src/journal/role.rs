//! The collector's role: one process per journal fills it. It is a lock that
//! the kernel takes back when its holder dies, so it is never left behind.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
};

use rustix::{
    fs::{FlockOperation, flock},
    io::Errno,
};

use super::{error::JournalError, schema::Place};

/// The file that is locked.
pub(super) fn file(place: &Place) -> PathBuf {
    place.folder.join("collector.lock")
}

/// The collector's role, held until this is dropped or the process ends.
#[derive(Debug)]
#[must_use = "the role is given back when this is dropped"]
pub struct CollectorLock(File);

impl CollectorLock {
    pub(super) fn take(place: &Place) -> Result<Option<Self>, JournalError> {
        let path = file(place);
        let fail = |e: io::Error| JournalError::io(&path, &e);
        let mut open = OpenOptions::new();
        open.write(true);
        let file = match open.clone().create_new(true).mode(0o600).open(&path) {
            Ok(file) => {
                place.share(&path).map_err(fail)?;
                file
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => open.open(&path).map_err(fail)?,
            Err(e) => return Err(fail(e)),
        };
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self(file))),
            Err(Errno::WOULDBLOCK) => Ok(None),
            Err(e) => Err(fail(e.into())),
        }
    }
}

impl Drop for CollectorLock {
    fn drop(&mut self) {
        // Closing the file would do, were it not for a child process that is
        // being started this very moment and still holds it.
        flock(&self.0, FlockOperation::Unlock).ok();
    }
}
