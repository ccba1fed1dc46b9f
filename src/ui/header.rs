//! The top line: each site's lamp with its age, how many wait too long, the
//! time.

use ratatui::layout::Rect;

use super::{ink::Ink, theme::Role};
use crate::{
    app::{
        State,
        health::{self, Light},
    },
    domain::cells,
};

/// Draws the top line.
pub fn draw(state: &State, ink: &mut Ink, place: Rect) {
    let place = Rect {
        x: place.x + 1,
        width: place.width - 2,
        ..place
    };
    let mut rest = ink.right(
        place,
        &state.now.clock_time(state.board.zone()),
        Role::Title,
    );
    rest = ink.right(rest, "   ", Role::Text);
    let (late, critical) = state.callers.late(state.now);
    if critical > 0 {
        rest = ink.right(
            rest,
            &format!("  {} {critical} critical", ink.glyphs.critical),
            Role::Critical,
        );
    }
    if late > critical {
        rest = ink.right(
            rest,
            &format!("  {} {} late", ink.glyphs.late, late - critical),
            Role::Late,
        );
    }
    rest = ink.left(rest, "holdline", Role::Title);
    if state.read_only {
        rest = ink.left(rest, "  read-only", Role::Quiet);
    }
    if state.collecting == Some(false) {
        rest = ink.left(rest, "  attached", Role::Quiet);
    }
    lamps(state, ink, rest);
}

fn lamps(state: &State, ink: &mut Ink, place: Rect) {
    let mut rest = place;
    let lamps = health::lamps(&state.sites, &state.feeds, state.now);
    // What is wrong comes first where not all of them fit.
    let wide = |l: &health::Lamp| cells::width(&l.site) + cells::width(&l.word) + 6;
    let all: usize = lamps.iter().map(wide).sum();
    let mut shown: Vec<&health::Lamp> = lamps.iter().collect();
    if all > usize::from(rest.width) {
        shown.sort_by_key(|l| std::cmp::Reverse(l.light));
    }
    let count = shown.len();
    for (i, lamp) in shown.into_iter().enumerate() {
        let more = if i + 1 < count { 5 } else { 0 };
        if wide(lamp) + more > usize::from(rest.width) {
            ink.left(rest, &format!("  +{}", count - i), Role::Quiet);
            return;
        }
        let role = match lamp.light {
            Light::Good => Role::Good,
            Light::Waiting | Light::Off => Role::Quiet,
            Light::Late => Role::Late,
            Light::Bad => Role::Critical,
        };
        rest = ink.left(rest, &format!("   {} ", lamp.site), Role::Text);
        rest = ink.left(rest, ink.glyphs.light(lamp.light), role);
        let word = if lamp.light == Light::Good {
            Role::Quiet
        } else {
            role
        };
        rest = ink.left(rest, &format!(" {}", lamp.word), word);
    }
}
