//! A text field that can be compared, so that a test can say what state a key
//! press leads to.

use std::ops::{Deref, DerefMut};

use tui_input::Input;

/// A line of text and the cursor in it.
#[derive(Clone, Debug, Default)]
pub struct Field(Input);

impl Field {
    /// A field with this text, the cursor at its end.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Input::new(text.into()))
    }
}

impl Deref for Field {
    type Target = Input;

    fn deref(&self) -> &Input {
        &self.0
    }
}

impl DerefMut for Field {
    fn deref_mut(&mut self) -> &mut Input {
        &mut self.0
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        (self.value(), self.cursor()) == (other.value(), other.cursor())
    }
}
