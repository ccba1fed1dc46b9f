//! Pane 3: who is to be called back, and who works on it.

mod form;
mod list;

use ratatui::layout::Rect;

use super::{ink::Ink, notice, table, theme::Role};
use crate::{
    app::{State, callbacks::list::List, pane::PaneId},
    domain::{
        filter::{Filters, Value},
        time::{At, age},
    },
};

pub use form::draw as draw_form;

/// Draws the pane.
pub fn draw(state: &State, ink: &mut Ink, place: Rect) {
    let pane = PaneId::Callbacks;
    let title = format!("{} {}", pane.number(), pane.title());
    ink.frame(place, &title, &summary(state, ink), state.focus == pane);
    let parts = state.callbacks.places(place);
    if parts.notice.height > 0 {
        notice::draw(ink, parts.notice, &sentences(state));
    }
    if parts.search.height > 0 {
        let pane = &state.callbacks;
        let all = pane.counts().map_or(0, |(have, _)| have);
        table::search(
            ink,
            parts.search,
            &pane.listing.search,
            pane.tally.all(),
            all,
        );
    }
    list::draw(state, ink, parts.head, parts.rows);
    progress(state, ink, place);
}

/// What is wrong with the lists, and what is doubtful about them.
fn sentences(state: &State) -> Vec<String> {
    let lists = &state.callbacks.lists;
    let faults = lists.iter().filter_map(|(site, list)| {
        let (fault, at) = list.fault.as_ref()?;
        Some(format!(
            "{site}: {fault} ({} ago)",
            age(state.now.since(*at))
        ))
    });
    let notes = lists
        .iter()
        .filter_map(|(site, list)| Some(format!("{site}: {}", list.note.as_ref()?)));
    faults.chain(notes).collect()
}

/// Filters as chips, counts and the age of the list.
fn summary(state: &State, ink: &Ink) -> Vec<(String, Role)> {
    let pane = &state.callbacks;
    let mut facts = Vec::new();
    if pane.lists.is_empty() {
        let here = pane.tally.all();
        facts.extend(to_do(state, ink, here));
        facts.push((format!("{here} put here by hand"), Role::Title));
        return facts;
    }
    match pane.counts() {
        Some((have, total)) => {
            let total = total.map_or(ink.glyphs.unknown.to_owned(), |total| total.to_string());
            let here = if state.scope.is_some() {
                pane.tally.all()
            } else {
                have
            };
            facts.extend(to_do(state, ink, here));
            facts.push((format!("{here} of {total}"), Role::Title));
        }
        None => facts.push((ink.glyphs.unknown.to_owned(), Role::Quiet)),
    }
    facts.extend(
        chips(pane.view.as_deref(), &pane.filters)
            .into_iter()
            .map(|chip| (chip, Role::Key)),
    );
    let hidden = table::hidden_sort(ink, &state.callback_columns(), pane.listing.sort);
    facts.extend(hidden);
    if let Some(queue) = &state.scope {
        facts.push((format!("only queue {queue}"), Role::Key));
    }
    if pane.show != crate::app::callbacks::rows::Show::All {
        facts.push((format!("only {}", pane.show.word()), Role::Late));
    }
    if let Some(at) = oldest(pane.lists.iter().map(|(_, list)| list)) {
        facts.push((format!("{} old", age(state.now.since(at))), Role::Quiet));
    }
    facts
}

/// What of the rows is still to do, and what was done here; nothing is said
/// where that is all of what is `here`.
fn to_do(state: &State, ink: &Ink, here: usize) -> Vec<(String, Role)> {
    let tally = &state.callbacks.tally;
    let late = tally.late(state.seen_at());
    let mut facts = Vec::new();
    if late > 0 {
        facts.push((format!("{} {late} late", ink.glyphs.late), Role::Late));
    }
    if tally.to_do != here {
        facts.push((format!("{} to do", tally.to_do), Role::Title));
    }
    for (count, word) in [(tally.snoozed, "snoozed"), (tally.done, "done")] {
        if count > 0 {
            facts.push((format!("{count} {word}"), Role::Quiet));
        }
    }
    facts
}

fn oldest<'l>(lists: impl Iterator<Item = &'l List>) -> Option<At> {
    lists.filter_map(|list| list.read).min()
}

/// The filters in a few words each.
fn chips(view: Option<&str>, filters: &Filters) -> Vec<String> {
    if let Some(view) = view {
        return vec![format!("view {view}")];
    }
    if filters.is_empty() {
        return vec!["no filter".to_owned()];
    }
    let chip = |(input, value): (&'static crate::domain::filter::Input, &Value)| match input.name {
        "status" => value.typed(),
        _ => format!("{} {}", input.label, value.typed()),
    };
    filters.iter().map(chip).collect()
}

/// The cells of the progress bar.
const BAR: u32 = 12;

/// How far a reading is, on the frame's last line.
fn progress(state: &State, ink: &mut Ink, place: Rect) {
    let reading = state
        .callbacks
        .lists
        .iter()
        .find_map(|(site, list)| Some((site, list.reading.as_ref()?)));
    let Some((site, reading)) = reading else {
        return;
    };
    let below = Rect {
        x: place.x + 2,
        y: place.bottom() - 1,
        width: place.width.saturating_sub(4),
        height: 1,
    };
    let Some(pages) = reading.pages.filter(|pages| *pages > 1) else {
        ink.text(below, &format!(" reading {site} "), Role::Quiet);
        return;
    };
    let done = (BAR * reading.page.min(pages) / pages).min(BAR);
    let bar =
        ink.glyphs.full.repeat(done as usize) + &ink.glyphs.empty.repeat((BAR - done) as usize);
    ink.text(
        below,
        &format!(" reading {site} {bar} page {} of {pages} ", reading.page),
        Role::Quiet,
    );
}
