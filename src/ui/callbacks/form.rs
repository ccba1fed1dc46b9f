//! The filter form: a line per input, what it takes, and what is wrong with it.

use ratatui::layout::{Rect, Size};

use crate::{
    app::{State, callbacks::form::FilterForm, geometry, health::Light},
    domain::{
        cells,
        filter::{INPUTS, Kind},
    },
    ui::{ink::Ink, table::line, theme::Role},
};

/// Where a line's value begins.
const VALUE: u16 = 18;

/// Draws the form over the panes.
pub fn draw(state: &State, ink: &mut Ink, form: &FilterForm) {
    let height = u16::try_from(INPUTS.len())
        .unwrap_or(u16::MAX)
        .saturating_add(5);
    let place = geometry::window(state.size, Size::new(78, height));
    ink.clear(place);
    let mode = if form.typing {
        ("typing", Role::Late)
    } else {
        ("choose a line", Role::Quiet)
    };
    ink.frame(
        place,
        "What to ask for",
        &[(mode.0.to_owned(), mode.1)],
        true,
    );
    let inner = geometry::inside(place);
    let line = |y: u16| line(inner, y);
    // The last two lines are about the selected one.
    let rows = inner.height.saturating_sub(3);
    let top = (form.at + 1).saturating_sub(usize::from(rows));
    for (y, (at, input)) in (inner.y..inner.y + rows).zip(INPUTS.iter().enumerate().skip(top)) {
        draw_input(ink, form, at, line(y), input.label);
        if at == form.at && !form.typing {
            ink.select(inner, y);
        }
    }
    about(ink, form, line(inner.bottom().saturating_sub(2)));
}

/// An input: what it is called, what is typed, and whether that is wrong.
fn draw_input(ink: &mut Ink, form: &FilterForm, at: usize, line: Rect, name: &str) {
    let chosen = at == form.at;
    let typing = chosen && form.typing;
    let (label, value) = split(line);
    ink.text(label, name, if chosen { Role::Focus } else { Role::Quiet });
    if form.lines[at].value().is_empty() && !typing {
        ink.text(value, "not asked for", Role::Quiet);
    } else {
        ink.field(value, &form.lines[at], typing);
    }
    if form.mistake(at).is_some() {
        ink.right(value, ink.glyphs.light(Light::Bad), Role::Critical);
    }
}

/// What the selected line takes, or what is wrong with it.
fn about(ink: &mut Ink, form: &FilterForm, place: Rect) {
    let input = form.input();
    let takes = match input.kind {
        Kind::Moment => "a time: 2024-01-31 10:00, -7d, today, now".to_owned(),
        Kind::Flag => "yes or no".to_owned(),
        Kind::Text => "text".to_owned(),
        Kind::Texts => "one or several, with commas between".to_owned(),
        Kind::Choice => input.choices.join(", "),
        Kind::Choices => format!("one or several of {}", input.choices.join(", ")),
    };
    match form.mistake(form.at) {
        Some(mistake) => ink.text(place, &mistake, Role::Critical),
        None => ink.text(place, input.doc, Role::Text),
    };
    ink.text(
        Rect {
            y: place.y + 1,
            ..place
        },
        &cells::fit(&takes, usize::from(place.width)),
        Role::Quiet,
    );
}

fn split(line: Rect) -> (Rect, Rect) {
    let label = VALUE.min(line.width);
    (
        Rect {
            width: label,
            ..line
        },
        Rect {
            x: line.x + label,
            width: line.width - label,
            ..line
        },
    )
}
