//! Pane 4: the form, and below it what became of the event that was sent, and
//! those sent before.

use ratatui::layout::{Rect, Size};

use super::{ink::Ink, theme::Role};
use crate::{
    app::{
        State, geometry,
        inject::{Sent, form::PARAMS},
        overlay::{self, Confirm},
        pane::PaneId,
    },
    domain::{
        cells,
        injection::{Injected, Kind, Param},
        time::wait,
    },
};

/// The cells of a parameter's name, and the fewest of its value.
const NAME: usize = 10;
const VALUE: u16 = 24;

/// Draws the pane.
pub fn draw(state: &State, ink: &mut Ink, place: Rect) {
    let id = PaneId::Inject;
    let title = format!("{} {}", id.number(), id.title());
    ink.frame(place, &title, &summary(state, ink), state.focus == id);
    let inner = geometry::inside(place);
    let lines = u16::try_from(PARAMS.len()).unwrap_or(u16::MAX);
    let form = Rect {
        height: inner.height.min(lines),
        ..inner
    };
    draw_form(state, ink, form);
    let rest = Rect {
        y: form.bottom(),
        height: inner.height - form.height,
        ..inner
    };
    answer(state, ink, rest);
}

/// Where it goes, and what stands in the way.
fn summary(state: &State, ink: &Ink) -> Vec<(String, Role)> {
    let pane = &state.inject;
    let Some(target) = pane.chosen() else {
        return vec![(ink.glyphs.unknown.to_owned(), Role::Quiet)];
    };
    let mut facts = Vec::new();
    if pane.form.typing {
        facts.push(("typing".to_owned(), Role::Late));
    }
    facts.push((target.site.to_string(), Role::Title));
    if target.production {
        facts.push(("production".to_owned(), Role::Critical));
    }
    if !target.allowed {
        facts.push(("not allowed here".to_owned(), Role::Late));
    }
    if pane.targets.len() > 1 {
        facts.push((
            format!("{} of {}", pane.target + 1, pane.targets.len()),
            Role::Quiet,
        ));
    }
    facts
}

fn draw_form(state: &State, ink: &mut Ink, place: Rect) {
    let form = &state.inject.form;
    let focus = state.focus == PaneId::Inject;
    let height = usize::from(place.height);
    // Where not all lines fit, those around the selected one.
    let top = (form.at + 1).saturating_sub(height);
    for (y, (i, param)) in (place.y..place.bottom()).zip(PARAMS.iter().enumerate().skip(top)) {
        let line = Rect {
            x: place.x + 1,
            y,
            width: place.width.saturating_sub(2),
            height: 1,
        };
        let typing = form.typing && form.at == i;
        draw_line(state, ink, line, (i, param), typing);
        if focus && form.at == i && !typing {
            let whole = Rect {
                y,
                height: 1,
                ..place
            };
            ink.paint(whole, Role::Selected);
        }
    }
}

fn draw_line(state: &State, ink: &mut Ink, line: Rect, at: (usize, &Param), typing: bool) {
    let (i, param) = at;
    let field = &state.inject.form.lines[i];
    let rest = ink.left(line, &cells::pad(param.name, NAME, false), Role::Quiet);
    let value = Rect {
        width: rest.width.min(VALUE.max(rest.width / 3)),
        ..rest
    };
    if field.value().is_empty() && !typing {
        let words = match param.default {
            None => "needed".to_owned(),
            Some("") => ink.glyphs.unknown.to_owned(),
            Some(default) => format!("{} {default}", ink.glyphs.unknown),
        };
        ink.text(value, &words, Role::Quiet);
    } else {
        ink.field(value, field, typing);
    }
    let about = Rect {
        x: value.right() + 2,
        width: rest.width.saturating_sub(value.width + 2),
        ..line
    };
    match state.inject.mistake(i, state.now) {
        Some(mistake) => ink.text(about, &mistake, Role::Critical),
        None => ink.text(about, &takes(param), Role::Quiet),
    };
}

/// What a parameter takes, in two words.
fn takes(param: &Param) -> String {
    let kind = match param.kind {
        Kind::Integer => "whole number",
        Kind::Text => "text",
        Kind::Choice => "choice",
        Kind::Time => "time",
        Kind::Flag => "yes or no",
    };
    format!("{}, {kind}", param.required.word())
}

/// The selected parameter in full.
fn doc(param: &Param) -> String {
    let choices = if param.choices.is_empty() {
        String::new()
    } else {
        format!("; {}, or none", param.choices.join(", "))
    };
    format!("{}: {}{choices}.", param.name, param.doc)
}

/// What came back, and what was sent before.
fn answer(state: &State, ink: &mut Ink, place: Rect) {
    let mut lines: Vec<(String, Role)> = Vec::new();
    let width = usize::from(place.width.saturating_sub(2));
    let mut say = |text: &str, role: Role| {
        lines.extend(cells::wrap(text, width).into_iter().map(|l| (l, role)));
    };
    if let Some(param) = PARAMS.get(state.inject.form.at) {
        say(&doc(param), Role::Quiet);
        say("", Role::Text);
    }
    if let Some(sent) = &state.inject.last {
        told(state, sent, &mut say);
        say("", Role::Text);
    }
    let room = usize::from(place.height);
    for past in state.inject.history.latest().take(room) {
        say(&overlay::told(state, past), Role::Quiet);
    }
    let y = place.y..place.bottom();
    for (y, (text, role)) in y.zip(lines) {
        let line = Rect {
            x: place.x + 1,
            y,
            width: place.width.saturating_sub(2),
            height: 1,
        };
        ink.text(line, &text, role);
    }
}

fn told(state: &State, sent: &Sent, say: &mut impl FnMut(&str, Role)) {
    let Some(injected) = &sent.injected else {
        let since = wait(state.now.since(sent.at));
        return say(&format!("on its way for {since}"), Role::Key);
    };
    let role = if injected.is_done() {
        Role::Good
    } else {
        Role::Critical
    };
    let took = injected.took.as_millis();
    say(&format!("{} ({took} ms)", injected.sentence()), role);
    replies(injected, say);
    if let Some(record) = &injected.record {
        say(&record.sentence(), Role::Text);
    }
    if let Some(why) = &injected.unjournaled {
        say(&format!("not in the journal: {why}"), Role::Critical);
    }
}

/// Several answers at once are all shown.
fn replies(injected: &Injected, say: &mut impl FnMut(&str, Role)) {
    let replies = injected.replies();
    if replies.len() > 1 {
        for reply in replies {
            say(&format!("{reply}, {}", reply.meaning()), Role::Text);
        }
    }
}

/// Draws what would be sent, exactly, and asks.
pub fn confirm(state: &State, ink: &mut Ink, confirm: &Confirm) {
    let width = 76;
    let inside = usize::from(geometry::window(state.size, Size::new(width, 4)).width) - 4;
    let mut lines: Vec<(String, Role)> = Vec::new();
    for line in &confirm.request {
        let broken = cells::wrap(line, inside);
        lines.extend(broken.into_iter().map(|l| (l, Role::Text)));
        lines.push((String::new(), Role::Text));
    }
    let site = &confirm.injection.site;
    match &confirm.name {
        Some((name, typed)) => {
            let text = format!("{site} is a production site: type {name}, then Ctrl-S sends it.");
            lines.push((text, Role::Critical));
            lines.push((format!("> {}_", typed.value()), Role::Key));
        }
        None => lines.push((format!("Ctrl-S sends it to {site}."), Role::Key)),
    }
    if let Some(mistake) = &confirm.mistake {
        lines.push((mistake.clone(), Role::Critical));
    }
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let place = geometry::window(state.size, Size::new(width, height));
    ink.clear(place);
    let title = format!("Send this event to {site}?");
    ink.frame(
        place,
        &title,
        &[("Esc sends nothing".to_owned(), Role::Key)],
        true,
    );
    let inner = geometry::inside(place);
    for (y, (text, role)) in (inner.y..inner.bottom()).zip(lines) {
        let line = Rect {
            x: inner.x + 1,
            y,
            width: inner.width.saturating_sub(2),
            height: 1,
        };
        ink.text(line, &text, role);
    }
}
