//! What windows are made of: lines, broken to a width, and the signs in them.

use crate::{
    app::health::Light,
    domain::{cells, text},
};

/// A line of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Over a group of lines.
    Head(String),
    /// What it is, and its value.
    Fact(String, String),
    /// A sign and the word beside it, and what they mean.
    Sign(Sign, String, String),
    /// As it is.
    Text(String),
    /// What is wrong.
    Wrong(String),
    /// Two texts side by side, and the cells of the left one.
    Beside(String, String, usize),
}

/// A sign of the screen, which looks as the terminal can show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Over the service level, or overdue.
    Late,
    /// Over the critical limit, or a clash.
    Critical,
    /// Somebody has it.
    Answered,
    /// Not known.
    Unknown,
    /// One of several.
    Member,
    /// There is a note.
    Note,
    /// A lamp of the header.
    Lamp(Light),
    /// An agent who is free.
    Free,
    /// One whose phone rings.
    Ringing,
    /// One who talks.
    Talking,
    /// One who is paused.
    Paused,
    /// At least so long.
    AtLeast,
    /// The screen is held still.
    Frozen,
}

/// Where a fact's value begins.
const VALUE: usize = 20;
/// The most characters of a value that are shown: a name of a megabyte must not
/// hide the facts below it. What was sent stands at the end.
const LONGEST: usize = 1_000;

/// Adds a fact, its value broken into as many lines as it takes.
pub(super) fn push_fact(lines: &mut Vec<Line>, label: &str, value: &str, width: usize) {
    let mut label = label.to_owned();
    let value = text::clip(value, LONGEST);
    for part in cells::wrap(&value, width.saturating_sub(VALUE)) {
        lines.push(Line::Fact(std::mem::take(&mut label), part));
    }
}
