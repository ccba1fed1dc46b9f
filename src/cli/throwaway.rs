//! Folders of our own that go with the program, however it is left; nothing of
//! the user's lies there.

use tempfile::TempDir;

use super::failure::Failure;
use crate::runtime::leaving;

/// A folder among the temporary ones, named `holdline-WHAT-…`. It goes with
/// what is answered, or with the program where there is no time for that.
pub fn folder(what: &str) -> Result<TempDir, Failure> {
    let folder = tempfile::Builder::new()
        .prefix(&format!("holdline-{what}-"))
        .tempdir()
        .map_err(|e| Failure::temporary(&e))?;
    leaving::takes_along(folder.path());
    Ok(folder)
}
