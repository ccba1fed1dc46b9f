//! How somebody likes to look: what the console remembers over restarts.
//! Plain data; where it is kept is `runtime`'s affair.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    agents::columns::Cell as AgentCell,
    callbacks::{columns::Cell as CallbackCell, rows::Show},
    callers::columns::Cell as CallerCell,
    calls::columns::Cell as CallCell,
    columns::Kind,
    field::Field,
    listing::{Listing, Sort},
    pane::PaneId,
    scope,
    state::State,
};
use crate::domain::filter::Filters;

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The number of the pane with the keys.
    pub pane: Option<char>,
    /// Whether it has the screen.
    pub zoom: bool,
    /// The only queue that is looked at.
    pub queue: Option<String>,
    /// Pane 1.
    pub callers: ListMemory,
    /// Pane 2.
    pub agents: ListMemory,
    /// Whether agents stand as tiles.
    pub tiles: bool,
    /// Pane 3.
    pub callbacks: ListMemory,
    /// Pane 5.
    pub activity: ListMemory,
    /// Pane 5 where it shows calls.
    pub calls: ListMemory,
    /// Whether it does.
    pub shows_calls: bool,
    /// Whose callbacks.
    pub show: Option<String>,
    /// What the vendor is asked for, by name; as typed, so that "today" is
    /// another day's today. `None` where it is the default.
    pub filters: Option<Vec<(String, String)>>,
    /// The named view they came from.
    pub view: Option<String>,
}

/// What is remembered of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListMemory {
    /// The words that are searched for.
    pub search: String,
    /// The head of the column it is sorted by.
    pub sort: Option<String>,
    /// The other way round.
    pub reversed: bool,
}

impl Memory {
    /// What is worth remembering of a state.
    #[must_use]
    pub fn of(state: &State) -> Self {
        let callbacks = &state.callbacks;
        let default = callbacks.filters == Filters::pending();
        Self {
            pane: Some(state.focus.number()),
            zoom: state.zoom,
            queue: state.scope.as_deref().map(str::to_owned),
            callers: list(&state.callers.listing, CallerCell::title),
            agents: list(&state.agents.listing, AgentCell::title),
            tiles: state.agents.tiled,
            callbacks: list(&callbacks.listing, CallbackCell::title),
            activity: list(&state.activity.listing, |_| ""),
            calls: list(&state.calls.listing, CallCell::title),
            shows_calls: state.calls.shown,
            show: Some(callbacks.show.word().to_owned()),
            filters: (!default).then(|| {
                let typed = callbacks.filters.iter();
                typed
                    .map(|(input, value)| (input.name.to_owned(), value.typed()))
                    .collect()
            }),
            view: callbacks.view.clone(),
        }
    }

    /// Looks at things as it was left. What no longer fits is left out.
    pub fn restore(&self, state: &mut State) {
        let pane = PaneId::ALL.into_iter();
        if let Some(pane) = self
            .pane
            .and_then(|n| pane.clone().find(|p| p.number() == n))
        {
            state.focus = pane;
        }
        state.zoom = self.zoom;
        let known = scope::queues(&state.sites);
        let queue = self.queue.as_deref().filter(|name| known.contains(name));
        state.scope = queue.map(Arc::from);
        restore_list(&self.callers, &mut state.callers.listing, CallerCell::named);
        restore_list(&self.agents, &mut state.agents.listing, AgentCell::named);
        state.agents.tiled = self.tiles;
        restore_list(&self.activity, &mut state.activity.listing, |_| None);
        restore_list(&self.calls, &mut state.calls.listing, CallCell::named);
        state.calls.shown = self.shows_calls;
        let callbacks = &mut state.callbacks;
        restore_list(&self.callbacks, &mut callbacks.listing, CallbackCell::named);
        let show = [Show::All, Show::Free, Show::Mine].into_iter();
        if let Some(show) = show
            .clone()
            .find(|s| Some(s.word()) == self.show.as_deref())
        {
            callbacks.show = show;
        }
        if let Some(filters) = self.filters.as_deref().and_then(read) {
            callbacks.filters = filters;
            callbacks.view.clone_from(&self.view);
        }
        state.derive_all();
    }
}

fn list<K, C: Copy>(listing: &Listing<K, C>, title: fn(C) -> &'static str) -> ListMemory {
    ListMemory {
        search: listing.search.field.value().to_owned(),
        sort: Some(title(listing.sort.by).to_owned()),
        reversed: listing.sort.reversed,
    }
}

fn restore_list<K, C>(
    memory: &ListMemory,
    listing: &mut Listing<K, C>,
    named: fn(&str) -> Option<C>,
) {
    listing.search.field = Field::new(memory.search.clone());
    if let Some(by) = memory.sort.as_deref().and_then(named) {
        listing.sort = Sort {
            by,
            reversed: memory.reversed,
        };
    }
}

/// Filters as they were typed, if all of them still are filters.
fn read(typed: &[(String, String)]) -> Option<Filters> {
    let mut filters = Filters::default();
    for (name, value) in typed {
        filters.set(name, value).ok()?;
    }
    filters.check().ok().map(|()| filters)
}
