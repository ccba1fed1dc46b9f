//! Whole screens and single panes, colours included.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use insta::assert_snapshot;
use support::{screen, world};

#[test]
fn whole_screens_at_three_sizes() {
    for (width, height) in [(80, 24), (120, 36), (200, 50)] {
        let state = world::console(world::busy(), width, height);
        assert_snapshot!(format!("busy_{width}x{height}"), screen::golden(&screen::draw(&state)));
    }
}
