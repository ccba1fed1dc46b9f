//! Who was reached, whatever the site: for callbacks, which may be of another
//! one.

use super::Board;
use crate::domain::{
    floor::sought,
    id::{CallId, SiteName},
    time::At,
};

/// An answered call with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached<'a> {
    /// The site it is of.
    pub site: &'a SiteName,
    /// The call; it may be forgotten by now.
    pub call: &'a CallId,
    /// When it was answered.
    pub at: At,
}

impl Board {
    /// The last answered call with a number, at any site, that was answered at
    /// `since` or later; see [`crate::domain::floor::Floor::reached_since`].
    /// `number` is E.164 where it has one, else as sent. Cheap: a look into a
    /// sorted set for each site that pushes.
    #[must_use]
    pub fn reached_since(&self, number: &str, since: At) -> Option<Reached<'_>> {
        let from = sought(number, since)?;
        let of_sites = self.floors().filter_map(|(site, floor)| {
            let (call, at) = floor.reached_from(&from)?;
            Some(Reached { site, call, at })
        });
        of_sites.max_by_key(|reached| reached.at)
    }
}
