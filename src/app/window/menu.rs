//! The lines of menus, and an event that was sent, in a line.

use crate::{
    app::{
        overlay::{Menu, MenuKind},
        scope,
        state::State,
    },
    domain::{history::Past, record::FileFormat, triage::Outcome},
};

/// The lines of a menu.
#[must_use]
pub fn choices(state: &State, menu: &Menu) -> Vec<String> {
    match &menu.kind {
        MenuKind::Outcome(_) => Outcome::ALL.iter().map(|o| o.words().to_owned()).collect(),
        MenuKind::Export => FileFormat::ALL
            .iter()
            .map(|f| f.words().to_owned())
            .collect(),
        MenuKind::Copy(choices) => choices.iter().map(|c| c.words.clone()).collect(),
        MenuKind::Scope => std::iter::once("all queues")
            .chain(scope::queues(&state.sites))
            .map(str::to_owned)
            .collect(),
        MenuKind::Preset => state
            .inject
            .fitting()
            .into_iter()
            .map(|p| match p.about.as_str() {
                "" => p.name.clone(),
                about => format!("{}: {about}", p.name),
            })
            .collect(),
        MenuKind::History(past) => past.iter().map(|past| told(state, past)).collect(),
        MenuKind::View => std::iter::once("pending (where one begins)".to_owned())
            .chain(state.views.iter().map(|(name, _)| name.clone()))
            .collect(),
    }
}

/// An event that was sent, in a line.
#[must_use]
pub fn told(state: &State, past: &Past) -> String {
    let at = past.at.short(state.now, state.board.zone());
    let event = past.intent.event().unwrap_or("no event");
    let (site, who) = (&past.site, &past.intent.who);
    format!("{at}  {site}  {event}  {}  {who}", past.words())
}
