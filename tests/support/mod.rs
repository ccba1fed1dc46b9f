//! What several test files need: worlds, key scripts, screens as text.
#![expect(dead_code, reason = "each test file uses its own part")]

pub mod screen;
pub mod world;
