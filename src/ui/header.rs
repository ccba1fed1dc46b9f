//! The top line: each site's lamp with its age, how many wait too long, the
//! time.

use std::{cmp::Reverse, mem::take};

use ratatui::layout::Rect;

use super::{ink::Ink, theme::Role};
use crate::{
    app::{
        State, alarm,
        health::{self, Lamp, Light},
        pane::PaneId,
    },
    domain::{
        cells,
        feed::{FeedId, FeedKind},
        site::Site,
        time::age,
    },
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
    rest = alarms(state, ink, rest);
    rest = ink.left(rest, "holdline", Role::Title);
    if let Some(frozen) = &state.frozen {
        let held = age(state.now.since(frozen.at));
        let (sign, waiting) = (ink.glyphs.frozen, frozen.waiting());
        let words = format!("  {sign} frozen {held}, {waiting} new");
        rest = ink.left(rest, &words, Role::Late);
    }
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

/// Who is late, at the right; the callbacks give way first.
fn alarms(state: &State, ink: &mut Ink, place: Rect) -> Rect {
    let (late, critical) = state.callers.late(state.seen_at());
    // Of callers who may have gone by now, nothing is worth an alarm.
    let stale = state.is_any_stale() && !state.callers.queues.is_empty();
    let loud = |role| if stale { Role::Stale } else { role };
    let doubt = if stale { "?" } else { "" };
    let mut rest = place;
    if critical > 0 {
        let words = format!("{} {critical}{doubt} critical", ink.glyphs.critical);
        rest = ink.right(rest, &words, loud(Role::Critical));
        rest = ink.right(rest, "  ", Role::Text);
    }
    if late > critical {
        let words = format!("{} {}{doubt} late", ink.glyphs.late, late - critical);
        rest = ink.right(rest, &words, loud(Role::Late));
        rest = ink.right(rest, "  ", Role::Text);
    }
    let over_pause = state.agents.over_pause;
    if over_pause > 0 && state.size.width >= WIDE {
        // Whoever is back by now has said so to nobody.
        let told = |site: &&Site| PaneId::Agents.vendors().contains(&site.vendor);
        let mut sites = state.sites.iter().filter(told);
        let unheard = sites.any(|site| {
            let (site, kind) = (site.name.clone(), FeedKind::Hooks);
            state.is_stale(&FeedId { site, kind })
        });
        let role = if unheard { Role::Stale } else { Role::Late };
        let words = format!("  {} {over_pause} over pause", ink.glyphs.paused);
        rest = ink.right(rest, &words, role);
    }
    let callbacks = alarm::late_callbacks(state);
    if callbacks > 0 && state.size.width >= WIDE {
        let noun = if callbacks == 1 {
            "callback"
        } else {
            "callbacks"
        };
        let words = format!("  {} {callbacks} {noun} late", ink.glyphs.late);
        rest = ink.right(rest, &words, Role::Late);
    }
    rest
}

/// From here on there is room for more than the lamps and the callers.
pub(super) const WIDE: u16 = 100;

/// Room for how many sites there are besides those that are named.
const OTHERS: usize = 6;
/// The same, and for the oldest of what they told.
const OTHERS_AGE: usize = 9;

/// The lamps as they fit best. Where not all of them do, what is wrong comes
/// first: all of it by name, then in words. What is well is named with its age
/// as far as there is room; of the others the oldest age is told.
fn fitted(mut lamps: Vec<Lamp>, room: usize) -> Vec<Lamp> {
    let all = |lamps: &[Lamp]| lamps.iter().map(wide).sum::<usize>();
    if all(&lamps) <= room {
        return lamps;
    }
    lamps.sort_by_key(|lamp| Reverse(lamp.light));
    let wrong = lamps.partition_point(|lamp| lamp.light >= Light::Late);
    let others = if wrong < lamps.len() { OTHERS } else { 0 };
    let wronged = &mut lamps[..wrong];
    let words: Vec<String> = wronged.iter_mut().map(|l| take(&mut l.word)).collect();
    for (i, word) in words.into_iter().enumerate() {
        wronged[i].word = word;
        if all(wronged) + others > room {
            wronged[i].word.clear();
        }
    }
    // Of what tells nothing, a light says enough.
    for i in (wrong..lamps.len()).rev() {
        if lamps[i].age.is_none() && all(&lamps) > room {
            lamps[i].word.clear();
        }
    }
    lamps
}

fn lamps(state: &State, ink: &mut Ink, place: Rect) {
    let mut rest = place;
    let room = |rest: Rect| usize::from(rest.width);
    let lamps = fitted(health::lamps(state), room(rest));
    let count = lamps.len();
    for (i, lamp) in lamps.iter().enumerate() {
        let more = match lamp.light {
            _ if i + 1 == count => 0,
            // What fails is named, whatever else there is no room for.
            Light::Late | Light::Bad => OTHERS,
            Light::Off | Light::Good | Light::Waiting => OTHERS_AGE,
        };
        if wide(lamp) + more > room(rest) {
            return others(ink, rest, &lamps[i..]);
        }
        let role = lit(lamp.light);
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

/// Sites that have no room for their names: how many of each light, and the
/// oldest of what those told that are well.
fn others(ink: &mut Ink, place: Rect, lamps: &[Lamp]) {
    let mut rest = ink.left(place, "  ", Role::Text);
    for light in [
        Light::Bad,
        Light::Late,
        Light::Waiting,
        Light::Good,
        Light::Off,
    ] {
        let of = lamps.iter().filter(|lamp| lamp.light == light);
        let count = of.clone().count();
        if count > 0 {
            let words = format!(" {}{count}", ink.glyphs.light(light));
            rest = ink.left(rest, &words, lit(light));
        }
        let oldest = of.filter_map(|lamp| lamp.age).max();
        let words = oldest.map(|oldest| format!(" {}", age(oldest)));
        // Cut off it would be another age.
        let fits = |words: &String| cells::width(words) <= usize::from(rest.width);
        if let Some(words) = words.filter(fits).filter(|_| light == Light::Good) {
            rest = ink.left(rest, &words, Role::Quiet);
        }
    }
}

/// The look of a light.
fn lit(light: Light) -> Role {
    match light {
        Light::Good => Role::Good,
        Light::Waiting | Light::Off => Role::Quiet,
        Light::Late => Role::Late,
        Light::Bad => Role::Critical,
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
