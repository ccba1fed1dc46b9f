//! What the palette offers: every command by name, found by a few of its
//! letters, with the key that does the same. What has a key comes from the key
//! table, that of other panes too; the rest needs none.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};

use super::{
    keys::{self, Action, Binding, Mode, TABLE},
    palette::{Doing, Offer},
    pane::PaneId,
    scope,
    state::State,
};
use crate::domain::{look::Theme, text};

/// The commands that have the letters, the best match first.
#[must_use]
pub fn offers(state: &State, typed: &str) -> Vec<Offer> {
    let all = all(state);
    let typed = typed.trim();
    if typed.is_empty() {
        return all;
    }
    let mut found: Vec<(Match, Offer)> = {
        let mut letters = Letters::new(typed);
        let judged = all.into_iter().filter_map(|offer| {
            let found = letters.are_in(&offer)?;
            Some((found, offer))
        });
        judged.collect()
    };
    found.sort_by_key(|(found, _)| std::cmp::Reverse(*found));
    found.into_iter().map(|(_, offer)| offer).collect()
}

/// How well a command fits what was typed, the best last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    /// Its sentence has the words.
    Sentence,
    /// Its name has the letters, with so many points; at the same it is the
    /// command of this pane.
    Name(u32, bool),
    /// It is its key.
    Key,
}

/// What was typed.
struct Letters {
    typed: String,
    words: Vec<String>,
    pattern: Pattern,
    matcher: Matcher,
}

impl Letters {
    fn new(typed: &str) -> Self {
        Self {
            typed: typed.to_owned(),
            words: text::fold(typed)
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            pattern: Pattern::new(
                typed,
                CaseMatching::Ignore,
                Normalization::Smart,
                AtomKind::Fuzzy,
            ),
            matcher: Matcher::new(Config::DEFAULT),
        }
    }

    fn are_in(&mut self, offer: &Offer) -> Option<Match> {
        let here = !matches!(offer.does, Doing::There(..));
        if offer.key == self.typed {
            return Some(Match::Key);
        }
        // A sentence has nearly all letters somewhere: that is no name.
        let is_named = !offer.help.is_empty() || !matches!(offer.does, Doing::Act(_));
        let points = is_named.then(|| self.points(&offer.name)).flatten();
        if let Some(points) = points {
            return Some(Match::Name(points, here));
        }
        let sentence = format!("{} {}", offer.name, offer.help);
        let sentence = text::fold(&sentence);
        let said: Vec<&str> = words(&sentence).collect();
        let is_said = |typed: &String| {
            let inside = typed.len() >= 3;
            said.iter()
                .any(|word| word.starts_with(typed) || (inside && word.contains(typed)))
        };
        self.words.iter().all(is_said).then_some(Match::Sentence)
    }

    /// How well a name has the letters: each word that was typed begins where
    /// a word of the name does.
    fn points(&mut self, name: &str) -> Option<u32> {
        let folded = text::fold(name);
        let starts = |typed: &String| {
            let first = typed.chars().next();
            words(&folded).any(|word| word.chars().next() == first)
        };
        if !self.words.iter().all(starts) {
            return None;
        }
        let mut buffer = Vec::new();
        let name = Utf32Str::new(name, &mut buffer);
        self.pattern.score(name, &mut self.matcher)
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

fn all(state: &State) -> Vec<Offer> {
    let with_keys = keys::valid(state, Mode::Panes)
        .filter(|b| !matches!(b.action, Action::Move(_) | Action::Palette | Action::Back));
    let mut all: Vec<Offer> = with_keys.map(here).collect();
    all.extend(sorts(state));
    all.extend(scopes(state));
    all.extend(views(state));
    all.extend(looks(state));
    all.extend(elsewhere(state));
    all
}

/// What a key does here. Without a name it goes by its sentence.
fn here(binding: &Binding) -> Offer {
    let (name, help) = match binding.hint {
        "" => (binding.help, ""),
        name => (name, binding.help),
    };
    Offer {
        name: name.to_owned(),
        help: help.to_owned(),
        key: keys::name(binding.keys[0]),
        does: Doing::Act(binding.action),
    }
}

/// What the keys of other panes do there: whoever looks for `claim` finds where
/// it is.
fn elsewhere(state: &State) -> Vec<Offer> {
    let there = |binding: &Binding| {
        let pane = binding.scope.pane()?;
        let is_there = pane != state.focus && state.is_live(pane) && !binding.hint.is_empty();
        let (may, number) = (binding.is_allowed(state), pane.number());
        (is_there && may).then(|| Offer {
            name: binding.hint.to_owned(),
            help: format!("in pane {number}: {}", binding.help),
            key: format!("{number} {}", keys::name(binding.keys[0])),
            does: Doing::There(pane, binding.action),
        })
    };
    TABLE.iter().filter_map(there).collect()
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
