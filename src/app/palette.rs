//! The palette: what is typed into it, and what it offers, as data. The offers
//! are made by [`super::offers`].

use std::sync::Arc;

use super::{field::Field, keys::action::Action, pane::PaneId};
use crate::domain::look::Theme;

/// What is typed, and which of the offers is selected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    /// The letters.
    pub field: Field,
    /// The selected offer, by what it does; the first one without.
    pub picked: Option<Doing>,
}

impl Palette {
    /// Where the selected offer stands: news may have moved it.
    #[must_use]
    pub fn at(&self, offers: &[Offer]) -> usize {
        let picked = self.picked.as_ref();
        let found = picked.and_then(|does| offers.iter().position(|o| o.does == *does));
        found.unwrap_or(0)
    }
}

/// A command that is offered.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// Its name.
    pub name: String,
    /// What it does.
    pub help: String,
    /// The key that does the same; empty where there is none.
    pub key: String,
    /// What it does, as data.
    pub does: Doing,
}

/// What a command does.
#[derive(Clone, Debug, PartialEq)]
pub enum Doing {
    /// What a key does.
    Act(Action),
    /// Goes to another pane, where this key does it.
    There(PaneId, Action),
    /// Other colours.
    Theme(Theme),
    /// One queue, or all.
    Scope(Option<Arc<str>>),
    /// Sorts the focused pane by the column with this head.
    Sort(&'static str),
    /// A named view of the callback list; the first is what it begins with.
    View(usize),
    /// The bell, on or off.
    Bell(bool),
}
