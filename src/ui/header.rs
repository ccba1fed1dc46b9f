//! The top line: each site's lamp with its age, how many wait too long, the
//! time.

use ratatui::layout::Rect;

use super::{ink::Ink, theme::Role};
use crate::{
    app::{
        State,
        health::{self, Lamp, Light},
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
    // Of callers who may have gone by now, nothing is worth an alarm.
    let stale = state.feeds.values().any(|feed| feed.is_stale(state.now));
    let loud = |role| if stale { Role::Stale } else { role };
    if critical > 0 {
        rest = ink.right(
            rest,
            &format!("  {} {critical} critical", ink.glyphs.critical),
            loud(Role::Critical),
        );
    }
    if late > critical {
        rest = ink.right(
            rest,
            &format!("  {} {} late", ink.glyphs.late, late - critical),
            loud(Role::Late),
        );
    }
    rest = ink.left(rest, "holdline", Role::Title);
    if state.read_only {
        rest = ink.left(rest, "  read-only", Role::Quiet);
    }
    if state.collecting == Some(false) {
        rest = ink.left(rest, "  attached", Role::Quiet);
    }
    // Whatever pane is on screen; pane 1 says what is wrong in a sentence.
    if state.journal_trouble.is_some() {
        let sign = ink.glyphs.light(Light::Bad);
        rest = ink.left(rest, &format!("  {sign} journal"), Role::Critical);
    }
    lamps(state, ink, rest);
}

fn lamps(state: &State, ink: &mut Ink, place: Rect) {
    let mut rest = place;
    let mut lamps = health::lamps(state);
    let room = |rest: Rect| usize::from(rest.width);
    // What is wrong comes first where not all of them fit.
    if lamps.iter().map(wide).sum::<usize>() > room(rest) {
        lamps.sort_by_key(|l| std::cmp::Reverse(l.light));
    }
    let count = lamps.len();
    for (i, lamp) in lamps.iter_mut().enumerate() {
        let more = if i + 1 < count { 4 } else { 0 };
        if wide(lamp) + more > room(rest) {
            // The light alone says whether to look further.
            lamp.word.clear();
        }
        if wide(lamp) + more > room(rest) {
            ink.left(rest, &format!(" +{}", count - i), Role::Quiet);
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
        if !lamp.word.is_empty() {
            let word = if lamp.light == Light::Good {
                Role::Quiet
            } else {
                role
            };
            rest = ink.left(rest, &format!(" {}", lamp.word), word);
        }
    }
}

/// The cells a lamp takes, with the gap before it.
fn wide(lamp: &Lamp) -> usize {
    let word = if lamp.word.is_empty() {
        0
    } else {
        1 + cells::width(&lamp.word)
    };
    cells::width(&lamp.site) + 5 + word
}
