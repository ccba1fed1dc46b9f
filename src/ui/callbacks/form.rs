//! The filter form: a line per input, what it takes, and what is wrong with it.

use ratatui::layout::{Rect, Size};

use crate::{
    app::{State, callbacks::form::FilterForm, geometry},
    domain::{
        cells,
        filter::{INPUTS, Kind},
    },
    ui::{ink::Ink, theme::Role},
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
    let line = |y: u16| Rect {
        x: inner.x + 1,
        y,
        width: inner.width.saturating_sub(2),
        height: 1,
    };
    // The last two lines are about the selected one.
    let rows = inner.height.saturating_sub(3);
    let top = (form.at + 1).saturating_sub(usize::from(rows));
    for (y, (at, input)) in (inner.y..inner.y + rows).zip(INPUTS.iter().enumerate().skip(top)) {
        let chosen = at == form.at;
        let (label, value) = split(line(y));
        ink.text(
            label,
            input.label,
            if chosen { Role::Focus } else { Role::Quiet },
        );
        let mistake = form.mistake(at).is_some();
        let typing = chosen && form.typing;
        if form.lines[at].value().is_empty() && !typing {
            ink.text(value, "not asked for", Role::Quiet);
        } else {
            ink.field(value, &form.lines[at], typing);
        }
        if mistake {
            ink.right(
                value,
                ink.glyphs.light(crate::app::health::Light::Bad),
                Role::Critical,
            );
        }
        if chosen && !form.typing {
            ink.paint(
                Rect {
                    height: 1,
                    y,
                    ..inner
                },
                Role::Selected,
            );
        }
    }
    about(ink, form, line(inner.bottom().saturating_sub(2)));
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
