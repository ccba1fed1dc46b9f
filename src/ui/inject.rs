//! Pane 4: the form, and below it what became of the event that was sent, and
//! those sent before.

use ratatui::layout::Rect;

use super::{ink::Ink, table::line, theme::Role};
use crate::{
    app::{
        State, geometry,
        health::Light,
        inject::{Came, Chosen, Sent, form::Line, sheet::Item},
        overlay::Confirm,
        pane::PaneId,
        window,
    },
    domain::{
        cells,
        injection::Injected,
        scenario::{
            saying::{Arrived, Delivered},
            speech::Spoken,
        },
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
    let lines = u16::try_from(state.inject.form.lines.len()).unwrap_or(u16::MAX);
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
    let Some(chosen) = pane.chosen() else {
        return vec![(ink.glyphs.unknown.to_owned(), Role::Quiet)];
    };
    let mut facts = Vec::new();
    if pane.form.typing {
        facts.push(("typing".to_owned(), Role::Late));
    }
    facts.push((chosen.site().to_owned(), Role::Title));
    match chosen {
        Chosen::Say(speaker) => {
            facts.push((format!("as {}", speaker.vendor.name()), Role::Vip));
        }
        Chosen::Call(target) if !target.allowed => {
            facts.push(("not allowed here".to_owned(), Role::Late));
        }
        Chosen::Call(_) => {}
    }
    if chosen.production() {
        facts.push(("production".to_owned(), Role::Critical));
    }
    if pane.sites() > 1 {
        let words = format!("site {} of {}", pane.target + 1, pane.sites());
        facts.push((words, Role::Quiet));
    }
    if scrolls {
        let words = format!("line {} of {}", pane.form.at + 1, pane.form.lines.len());
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
    let name = form.lines.iter().map(|line| ink.width(line.item.name()));
    let name = u16::try_from(name.max().unwrap_or(0) + 1).unwrap_or(NAME);
    let lines = form.lines.iter().enumerate().skip(top);
    for (y, (i, shown)) in (place.y..place.bottom()).zip(lines) {
        let typing = form.typing && form.at == i;
        let place = line(place, y);
        let rest = ink.column(
            place,
            name.clamp(NAME, 2 * NAME),
            shown.item.name(),
            Role::Quiet,
        );
        draw_line(state, ink, rest, (i, shown), typing);
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

/// A line behind its name.
fn draw_line(state: &State, ink: &mut Ink, rest: Rect, at: (usize, &Line), typing: bool) {
    let (i, Line { item, field }) = at;
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
        let words = match item.default() {
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
        ..rest
    };
    match mistake {
        // In full it stands below, once the cursor is there.
        Some(_) if narrow => ink.text(about, sign, Role::Critical),
        Some(mistake) => ink.text(about, &format!("{sign} {mistake}"), Role::Critical),
        None if narrow => 0,
        None => ink.text(about, &item.takes(), Role::Quiet),
    };
}

/// What is wrong with the selected line, or what it takes, in full.
fn said(state: &State, ink: &Ink, width: usize) -> Vec<(String, Role)> {
    let pane = &state.inject;
    let (Some(line), Some(chosen)) = (pane.form.lines.get(pane.form.at), pane.chosen()) else {
        return Vec::new();
    };
    let sign = ink.glyphs.light(Light::Bad);
    let (text, role) = match pane.mistake(pane.form.at, state.now) {
        Some(mistake) => (format!("{sign} {mistake}"), Role::Critical),
        None => (doc(pane.form.event(), &line.item, chosen), Role::Quiet),
    };
    let lines = cells::wrap(&text, width).into_iter();
    lines.map(|line| (line, role)).collect()
}

/// A line in full; of the event's, what the event tells.
fn doc(event: Option<&Spoken>, item: &Item, chosen: Chosen<'_>) -> String {
    match (item, event) {
        (Item::Event, Some(event)) => format!("{}: {}.", event.name, event.about),
        _ => item.doc(chosen),
    }
}

/// What came back of the event that was sent last.
fn came(state: &State, width: usize) -> Vec<(String, Role)> {
    let mut lines = Vec::new();
    if let Some(sent) = &state.inject.last {
        // An answer to what no longer stands there must not seem to be of it.
        let is_old = sent.came.is_some() && !state.inject.is_of_form(sent);
        told(state, sent, is_old, &mut |told: &str, role: Role| {
            let role = if is_old { Role::Quiet } else { role };
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
        let broken = cells::wrap(&window::menu::told(state, past), width).into_iter();
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

fn told(state: &State, sent: &Sent, is_old: bool, say: &mut impl FnMut(&str, Role)) {
    // Of a site that the form has left, its name stands before its answer.
    let site = &sent.site;
    let chosen = state.inject.chosen();
    let of = match chosen.filter(|chosen| chosen.site() == site.as_str()) {
        Some(_) => String::new(),
        None => format!("{site}: "),
    };
    let (is_done, took, sentence) = match &sent.came {
        None => {
            let since = wait(state.now.since(sent.at));
            return say(&format!("{of}on its way for {since}"), Role::Key);
        }
        Some(Came::Injected(came)) => (came.is_done(), came.took, came.sentence()),
        Some(Came::Delivered(came)) => (came.is_done(), came.took, came.sentence()),
    };
    let role = if is_done { Role::Good } else { Role::Critical };
    let of = if of.is_empty() && is_old {
        "before the change: ".to_owned()
    } else {
        of
    };
    say(&format!("{of}{sentence} ({} ms)", took.as_millis()), role);
    match &sent.came {
        Some(Came::Injected(came)) => injected(came, say),
        Some(Came::Delivered(came)) => delivered(state, came, say),
        None => {}
    }
}

/// What else is told of a queue event.
fn injected(came: &Injected, say: &mut impl FnMut(&str, Role)) {
    replies(came, say);
    if let Some(record) = &came.record {
        say(&record.sentence(), Role::Text);
    }
    unjournaled(came.unjournaled.as_deref(), say);
}

/// What else is told of an event that was said as a vendor: how it stands in
/// our journal, and what it changed.
fn delivered(state: &State, came: &Delivered, say: &mut impl FnMut(&str, Role)) {
    if let Some(arrived) = &came.arrived {
        say(&arrived.sentence(), Role::Text);
        let entry = match arrived {
            Arrived::As(seq) => state.activity.entry(*seq),
            Arrived::Repeat | Arrived::Unread(_) => None,
        };
        if let Some(logged) = entry {
            say(
                &format!("{}: {}", logged.about.event, logged.effect),
                Role::Vip,
            );
        }
    }
    unjournaled(came.unjournaled.as_deref(), say);
}

fn unjournaled(why: Option<&str>, say: &mut impl FnMut(&str, Role)) {
    if let Some(why) = why {
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
    let question = window::confirm::question(state, confirm);
    let place = question.place;
    ink.clear(place);
    let mut facts = Vec::new();
    if question.end() > 0 {
        let sign = |is, sign| if is { sign } else { " " };
        let above = sign(question.scroll > 0, ink.glyphs.above);
        let below = sign(question.scroll < question.end(), ink.glyphs.below);
        facts.push((format!("{above}{below} PgUp PgDn"), Role::Quiet));
    }
    facts.push(("Esc sends nothing".to_owned(), Role::Key));
    ink.frame(place, &confirm.title, &facts, true);
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
