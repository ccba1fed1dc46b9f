//! How the tables of what can be said as a vendor are written.

use super::super::site::Vendor;

/// How a variable travels in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As text; ids are text.
    Text,
    /// As a whole number, where what was given is one; else as text.
    Number,
    /// As a number too: whole seconds since the epoch.
    Seconds,
    /// As text: microseconds since the epoch.
    Micros,
    /// As several texts, written with commas between them.
    List,
}

/// A variable of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The vendor's name of it.
    pub name: &'static str,
    /// How it travels.
    pub kind: Kind,
    /// The values that the page knows; none where it may be anything.
    pub choices: &'static [&'static str],
    /// What the page says of it.
    pub about: &'static str,
}

/// Variables one of which an event needs to tell of somebody.
pub type Need = &'static [&'static str];

/// An event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// Whose event it is.
    pub vendor: Vendor,
    /// The vendor's name of it.
    pub name: &'static str,
    /// What it tells.
    pub about: &'static str,
    /// Its variables in the page's order.
    pub variables: &'static [Variable],
    /// Those without which it would tell of nobody: one of each of these.
    pub needs: &'static [Need],
}

/// A variable that travels so.
pub(super) const fn variable(name: &'static str, kind: Kind, about: &'static str) -> Variable {
    Variable {
        name,
        kind,
        choices: &[],
        about,
    }
}

/// A variable that is text.
pub(super) const fn text(name: &'static str, about: &'static str) -> Variable {
    variable(name, Kind::Text, about)
}

/// A variable that is a whole number.
pub(super) const fn number(name: &'static str, about: &'static str) -> Variable {
    variable(name, Kind::Number, about)
}

/// A variable of which the page knows the values.
pub(super) const fn one_of(
    name: &'static str,
    choices: &'static [&'static str],
    about: &'static str,
) -> Variable {
    Variable {
        choices,
        ..text(name, about)
    }
}
