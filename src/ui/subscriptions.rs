//! The window of subscriptions: each extension, what is pushed of it and to
//! whom, and what is missing.

use ratatui::layout::{Rect, Size};

use super::{ink::Ink, table::line, theme::Role};
use crate::{
    app::{
        State, geometry,
        health::Light,
        subscriptions::{Row, Subscriptions},
    },
    domain::{
        cells,
        extension::ExtensionKind,
        subscription::{Whose, masked},
    },
};

/// The cells of the widest window.
const WIDTH: u16 = 110;

/// Draws it.
pub fn draw(state: &State, ink: &mut Ink, open: &Subscriptions) {
    let rows = open.rows();
    let trouble = trouble(state, open);
    let lines = rows.len().max(trouble.len()).max(1);
    let height = u16::try_from(lines + 2).unwrap_or(u16::MAX);
    let place = geometry::window(state.size, Size::new(WIDTH, height));
    ink.clear(place);
    let title = format!("What {} pushes, and to whom", open.site);
    ink.frame(place, &title, &facts(open), true);
    let inner = geometry::inside(place);
    let line = |y: u16| line(inner, y);
    if !trouble.is_empty() {
        for (y, words) in (inner.y..inner.bottom()).zip(&trouble) {
            ink.text(line(y), words, Role::Critical);
        }
        return;
    }
    if rows.is_empty() {
        let changing = state.resubscribing.contains(&open.site);
        let words = match (&open.surveys, changing) {
            (None, true) => "Changing …",
            (None, false) => "Asking …",
            (Some(_), _) => "The configuration names no extensions of this site.",
        };
        ink.text(line(inner.y), words, Role::Quiet);
        return;
    }
    let room = usize::from(inner.height);
    let top = (open.at + 1).saturating_sub(room);
    for (y, (at, row)) in (inner.y..inner.bottom()).zip(rows.iter().enumerate().skip(top)) {
        draw_row(ink, line(y), row);
        if at == open.at {
            ink.select(inner, y);
        }
    }
}

/// Why nothing is known, broken to the window.
fn trouble(state: &State, open: &Subscriptions) -> Vec<String> {
    let widest = geometry::window(state.size, Size::new(WIDTH, u16::MAX));
    let inside = usize::from(widest.width.saturating_sub(4));
    let fault = open.fault();
    fault.map_or_else(Vec::new, |fault| cells::wrap(&fault.to_string(), inside))
}

fn facts(open: &Subscriptions) -> Vec<(String, Role)> {
    let mut facts = Vec::new();
    if open.surveys.is_some() && open.fault().is_none() {
        let unknown = open.unknown();
        match open.missing() {
            0 if unknown > 0 => {}
            0 => facts.push(("nothing missing".to_owned(), Role::Good)),
            n => facts.push((format!("{n} missing"), Role::Late)),
        }
        if unknown > 0 {
            facts.push((format!("{unknown} not known"), Role::Critical));
        }
    }
    if let Some(budget) = &open.budget {
        facts.push((budget.clone(), Role::Quiet));
    }
    facts.push(("Esc".to_owned(), Role::Key));
    facts
}

fn draw_row(ink: &mut Ink, place: Rect, row: &Row<'_>) {
    match row {
        Row::Extension(survey, missing) => {
            let extension = &survey.extension;
            let kind = match extension.kind {
                ExtensionKind::Phone => "phone",
                ExtensionKind::Queue => "queue",
                ExtensionKind::Ivr => "voice menu",
                ExtensionKind::Fax => "fax",
            };
            let rest = ink.column(place, 24, &extension.name, Role::Title);
            let about = format!("{kind}, id {}", extension.id);
            ink.text(rest, &about, Role::Quiet);
            match &survey.have {
                _ if *missing > 0 => {
                    ink.right(place, &format!("{missing} missing"), Role::Late);
                }
                Ok(have) => {
                    let ours = have.iter().filter(|(_, whose)| *whose == Whose::Ours);
                    let sign = ink.glyphs.light(Light::Good);
                    let words = format!("{sign} {} pushed to us", ours.count());
                    ink.right(place, &words, Role::Good);
                }
                Err(_) => {}
            }
        }
        Row::Have(_, subscription, whose) => {
            let (light, role) = match whose {
                Whose::Ours => (Light::Good, Role::Good),
                Whose::OursOld => (Light::Late, Role::Late),
                Whose::Others => (Light::Off, Role::Quiet),
            };
            let sign = format!("  {} {}", ink.glyphs.light(light), subscription.event);
            let rest = ink.column(place, 18, &sign, role);
            let rest = ink.column(rest, 18, whose.words(), role);
            let rest = ink.column(rest, 7, &subscription.id, Role::Quiet);
            let rest = ink.column(rest, 5, &subscription.method, Role::Quiet);
            ink.text(rest, &masked(&subscription.url), Role::Quiet);
        }
        Row::Missing(_, event) => {
            let sign = format!("  {} {event}", ink.glyphs.light(Light::Bad));
            let rest = ink.column(place, 18, &sign, Role::Critical);
            ink.text(rest, "not subscribed", Role::Critical);
        }
        Row::Wrong(why) => {
            let rest = ink.left(place, "  ", Role::Critical);
            ink.text(rest, why, Role::Critical);
        }
    }
}
