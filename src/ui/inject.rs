//! Pane 4: the form, and below it what became of the event that was sent, and
//! those sent before.

use ratatui::layout::Rect;

use super::{ink::Ink, theme::Role};
use crate::{
    app::{
        State, geometry,
        health::Light,
        inject::{Sent, form::PARAMS},
        overlay::{self, Confirm},
        pane::PaneId,
    },
    domain::{
        cells,
        injection::{Injected, Kind, Param},
        text,
        time::wait,
    },
};

/// The cells of a parameter's name, and the fewest of its value.
const NAME: u16 = 10;
const VALUE: u16 = 24;
/// The fewest cells beside a value for what it takes.
const ABOUT: u16 = 24;
/// The fewest lines of the form, and those kept for what is said of a line.
const FORM: u16 = 4;
const SAID: usize = 2;
/// The most characters of one thing that came back: a vendor's long message
/// must not hide what is below it. The journal has it whole.
const LONGEST: usize = 400;

/// Draws the pane.
pub fn draw(state: &State, ink: &mut Ink, place: Rect) {
    let id = PaneId::Inject;
    let inner = geometry::inside(place);
    let width = usize::from(inner.width.saturating_sub(2));
    let came = came(state, width);
    // On little room the form gives way: it scrolls, and an answer must be seen.
    let lines = u16::try_from(PARAMS.len()).unwrap_or(u16::MAX);
    let wanted = u16::try_from(came.len() + SAID).unwrap_or(u16::MAX);
    let form = Rect {
        height: inner.height.saturating_sub(wanted).max(FORM).min(lines),
        ..inner
    };
    let form = form.intersection(inner);
    let title = format!("{} {}", id.number(), id.title());
    let facts = summary(state, ink, form.height < lines);
    ink.frame(place, &title, &facts, state.focus == id);
    draw_form(state, ink, form);
    let rest = Rect {
        y: form.bottom(),
        height: inner.height - form.height,
        ..inner
    };
    draw_below(state, ink, rest, came);
}

/// Where it goes, and what stands in the way.
fn summary(state: &State, ink: &Ink, scrolls: bool) -> Vec<(String, Role)> {
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
        let words = format!("site {} of {}", pane.target + 1, pane.targets.len());
        facts.push((words, Role::Quiet));
    }
    if scrolls {
        let words = format!("line {} of {}", pane.form.at + 1, PARAMS.len());
        facts.push((words, Role::Quiet));
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
        let typing = form.typing && form.at == i;
        draw_line(state, ink, line(place, y), (i, param), typing);
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
    let rest = ink.column(line, NAME, param.name, Role::Quiet);
    let mistake = state.inject.mistake(i, state.now);
    // Beside a value stands what it takes, or at least a sign that it is wrong.
    let beside = if rest.width < VALUE + 2 + ABOUT {
        2
    } else {
        rest.width - VALUE.max(rest.width / 3)
    };
    let value = Rect {
        width: rest.width.saturating_sub(beside),
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
    let narrow = beside < ABOUT;
    let sign = ink.glyphs.light(Light::Bad);
    let about = Rect {
        x: value.right() + if narrow { 1 } else { 2 },
        width: beside.saturating_sub(if narrow { 1 } else { 2 }),
        ..line
    };
    match mistake {
        // In full it stands below, once the cursor is there.
        Some(_) if narrow => ink.text(about, sign, Role::Critical),
        Some(mistake) => ink.text(about, &format!("{sign} {mistake}"), Role::Critical),
        None if narrow => 0,
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
    let (name, takes) = (param.name, takes(param));
    format!("{name} ({takes}): {}{choices}.", param.doc)
}

/// What is wrong with the selected line, or what it takes, in full.
fn said(state: &State, ink: &Ink, width: usize) -> Vec<(String, Role)> {
    let at = state.inject.form.at;
    let sign = ink.glyphs.light(Light::Bad);
    let (text, role) = match (state.inject.mistake(at, state.now), PARAMS.get(at)) {
        (Some(mistake), _) => (format!("{sign} {mistake}"), Role::Critical),
        (None, Some(param)) => (doc(param), Role::Quiet),
        (None, None) => return Vec::new(),
    };
    let lines = cells::wrap(&text, width).into_iter();
    lines.map(|line| (line, role)).collect()
}

/// What came back of the event that was sent last.
fn came(state: &State, width: usize) -> Vec<(String, Role)> {
    let mut lines = Vec::new();
    if let Some(sent) = &state.inject.last {
        told(state, sent, &mut |told: &str, role: Role| {
            let broken = cells::wrap(&text::clip(told, LONGEST), width).into_iter();
            lines.extend(broken.map(|line| (line, role)));
        });
    }
    lines
}

/// Below the form: what is said of its line, what came back, and what was sent
/// before.
fn draw_below(state: &State, ink: &mut Ink, place: Rect, came: Vec<(String, Role)>) {
    let room = usize::from(place.height);
    let width = usize::from(place.width.saturating_sub(2));
    let mut said = said(state, ink, width);
    let is_wide = said.len() + came.len() + 2 <= room;
    said.truncate(room.saturating_sub(came.len()).max(1));
    let mut lines = said;
    let gap = || is_wide.then(|| (String::new(), Role::Text));
    lines.extend(gap());
    if !came.is_empty() {
        lines.extend(came);
        lines.extend(gap());
    }
    for past in state.inject.history.latest().take(room) {
        let broken = cells::wrap(&overlay::told(state, past), width).into_iter();
        lines.extend(broken.map(|line| (line, Role::Quiet)));
    }
    draw_lines(ink, place, lines);
}

/// Lines of text, a cell in from the frame.
fn draw_lines(ink: &mut Ink, place: Rect, lines: Vec<(String, Role)>) {
    for (y, (text, role)) in (place.y..place.bottom()).zip(lines) {
        ink.text(line(place, y), &text, role);
    }
}

/// A line of a place, a cell in from the frame.
fn line(place: Rect, y: u16) -> Rect {
    Rect {
        x: place.x + 1,
        y,
        width: place.width.saturating_sub(2),
        height: 1,
    }
}

fn told(state: &State, sent: &Sent, say: &mut impl FnMut(&str, Role)) {
    // Of a site that the form has left, its name stands before its answer.
    let site = &sent.injection.site;
    let chosen = state.inject.chosen();
    let of = match chosen.filter(|target| target.site == *site) {
        Some(_) => String::new(),
        None => format!("{site}: "),
    };
    let Some(injected) = &sent.injected else {
        let since = wait(state.now.since(sent.at));
        return say(&format!("{of}on its way for {since}"), Role::Key);
    };
    let role = if injected.is_done() {
        Role::Good
    } else {
        Role::Critical
    };
    let took = injected.took.as_millis();
    say(&format!("{of}{} ({took} ms)", injected.sentence()), role);
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
    let question = overlay::confirm::question(state, confirm);
    let place = question.place;
    ink.clear(place);
    let title = format!("Send this event to {}?", confirm.injection.site);
    let mut facts = Vec::new();
    if question.end() > 0 {
        let sign = |is, sign| if is { sign } else { " " };
        let above = sign(question.scroll > 0, ink.glyphs.above);
        let below = sign(question.scroll < question.end(), ink.glyphs.below);
        facts.push((format!("{above}{below} PgUp PgDn"), Role::Quiet));
    }
    facts.push(("Esc sends nothing".to_owned(), Role::Key));
    ink.frame(place, &title, &facts, true);
    let inner = geometry::inside(place);
    let styled = |lines: Vec<String>, role| lines.into_iter().map(move |l| (l, role));
    let request = question.request.into_iter().skip(question.scroll);
    let mut lines: Vec<(String, Role)> =
        styled(request.take(question.page).collect(), Role::Text).collect();
    let asks = if confirm.name.is_some() {
        Role::Critical
    } else {
        Role::Key
    };
    lines.extend(styled(question.words, asks));
    if let Some((_, typed)) = &confirm.name {
        let y = inner.y + u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let rest = ink.left(line(inner, y), "> ", Role::Key);
        ink.field(rest, typed, true);
        lines.push((String::new(), Role::Text));
    }
    lines.extend(styled(question.mistake, Role::Critical));
    draw_lines(ink, inner, lines);
}
