//! The palette: every command by name, found by a few of its letters, with
//! the key that does the same. What has a key comes from the key table; the
//! rest needs none.

use std::sync::Arc;

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};

use super::{
    field::Field,
    keys::{self, Action, Mode},
    pane::PaneId,
    scope,
    state::State,
};
use crate::domain::look::Theme;

/// What is typed, and which of the offers is selected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    /// The letters.
    pub field: Field,
    /// The selected offer, by what it does; the first one without.
    pub picked: Option<Doing>,
}

impl Palette {
    /// Where the selected offer stands: news may have moved it.
    #[must_use]
    pub fn at(&self, offers: &[Offer]) -> usize {
        let picked = self.picked.as_ref();
        let found = picked.and_then(|does| offers.iter().position(|o| o.does == *does));
        found.unwrap_or(0)
    }
}

/// A command that is offered.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// Its name.
    pub name: String,
    /// What it does.
    pub help: String,
    /// The key that does the same; empty where there is none.
    pub key: String,
    /// What it does, as data.
    pub does: Doing,
}

/// What a command does.
#[derive(Clone, Debug, PartialEq)]
pub enum Doing {
    /// What a key does.
    Act(Action),
    /// Other colours.
    Theme(Theme),
    /// One queue, or all.
    Scope(Option<Arc<str>>),
    /// Sorts the focused pane by the column with this head.
    Sort(&'static str),
    /// A named view of the callback list; the first is what it begins with.
    View(usize),
    /// The bell, on or off.
    Bell(bool),
}

/// The commands that work now and have the letters, the best match first.
#[must_use]
pub fn offers(state: &State, typed: &str) -> Vec<Offer> {
    let all = all(state);
    let typed = typed.trim();
    if typed.is_empty() {
        return all;
    }
    let pattern = Pattern::new(
        typed,
        CaseMatching::Ignore,
        Normalization::Smart,
        AtomKind::Fuzzy,
    );
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut score = |text: &str| {
        let mut buffer = Vec::new();
        pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher)
    };
    let mut found: Vec<((bool, u32), Offer)> = all
        .into_iter()
        .filter_map(|offer| {
            // A key is a name too, and any name counts for more than a
            // sentence, in which nearly all letters are found.
            let named = !offer.help.is_empty() || !matches!(offer.does, Doing::Act(_));
            let points = if offer.key == typed {
                (true, u32::MAX)
            } else if let Some(points) = score(&offer.name) {
                (named, points)
            } else {
                (false, score(&format!("{} {}", offer.name, offer.help))?)
            };
            Some((points, offer))
        })
        .collect();
    found.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    found.into_iter().map(|(_, offer)| offer).collect()
}

fn all(state: &State) -> Vec<Offer> {
    let with_keys = keys::valid(state, Mode::Panes)
        .filter(|b| !matches!(b.action, Action::Move(_) | Action::Palette | Action::Back))
        .map(|binding| Offer {
            name: if binding.hint.is_empty() {
                binding.help.to_owned()
            } else {
                binding.hint.to_owned()
            },
            help: if binding.hint.is_empty() {
                String::new()
            } else {
                binding.help.to_owned()
            },
            key: keys::name(binding.keys[0]),
            does: Doing::Act(binding.action),
        });
    let mut all: Vec<Offer> = with_keys.collect();
    all.extend(sorts(state));
    all.extend(scopes(state));
    all.extend(views(state));
    all.extend(looks(state));
    all
}

fn offer(name: String, help: &str, does: Doing) -> Offer {
    Offer {
        name,
        help: help.to_owned(),
        key: String::new(),
        does,
    }
}

fn sorts(state: &State) -> Vec<Offer> {
    let columns = state.sortable();
    let sort = |title: &'static str| {
        offer(
            format!("sort by {}", title.to_lowercase()),
            "",
            Doing::Sort(title),
        )
    };
    columns.into_iter().map(sort).collect()
}

fn scopes(state: &State) -> Vec<Offer> {
    let queues = scope::queues(&state.sites);
    let one = |name: &str| {
        offer(
            format!("queue {name}"),
            "look at this queue alone, in every pane",
            Doing::Scope(Some(name.into())),
        )
    };
    let mut offers: Vec<Offer> = if queues.len() > 1 {
        queues.into_iter().map(one).collect()
    } else {
        Vec::new()
    };
    if state.scope.is_some() {
        let all = "queue all".to_owned();
        offers.push(offer(all, "look at all queues again", Doing::Scope(None)));
    }
    offers
}

fn views(state: &State) -> Vec<Offer> {
    if state.focus != PaneId::Callbacks || !state.is_live(PaneId::Callbacks) {
        return Vec::new();
    }
    let names = std::iter::once("pending").chain(state.views.iter().map(|(name, _)| name.as_str()));
    names
        .enumerate()
        .map(|(at, name)| {
            offer(
                format!("view {name}"),
                "filters of the callback list",
                Doing::View(at),
            )
        })
        .collect()
}

fn looks(state: &State) -> Vec<Offer> {
    let themes = Theme::ALL
        .into_iter()
        .filter(|(_, t)| *t != state.look.theme);
    let help = |theme| match theme {
        Theme::Dark => "colours for a dark background",
        Theme::Light => "colours for a light background",
        Theme::Safe => "colours that do not need red told from green",
        Theme::Mono => "no colours",
    };
    let mut offers: Vec<Offer> = themes
        .map(|(name, theme)| offer(format!("theme {name}"), help(theme), Doing::Theme(theme)))
        .collect();
    let (name, help) = if state.bell.on {
        ("bell off", "no sound when somebody is late")
    } else {
        ("bell on", "a sound when a caller or a callback grows late")
    };
    offers.push(offer(name.to_owned(), help, Doing::Bell(!state.bell.on)));
    offers
}
