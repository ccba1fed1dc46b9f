//! What of the state is on the screen: which pane is searched, which columns
//! fit, how many rows are in view. Drawing, paging and sorting all ask here,
//! so that they cannot disagree.

use ratatui::layout::Rect;

use super::{
    activity, agents, callbacks, callers, calls,
    columns::{Column, Kind},
    geometry::{self, ListPlaces, table_inside},
    pane::PaneId,
    search::Search,
    state::State,
};
use crate::domain::{
    feed::{FeedId, FeedKind},
    time::At,
};

/// What the focused pane lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Pane 1.
    Callers,
    /// Pane 2.
    Agents,
    /// Pane 3.
    Callbacks,
    /// The lines of pane 4.
    Inject,
    /// Pane 5, what comes in.
    Activity,
    /// Pane 5, the calls.
    Calls,
}

impl State {
    /// What the focused pane lists.
    #[must_use]
    pub fn list(&self) -> List {
        match self.focus {
            PaneId::Callers => List::Callers,
            PaneId::Agents => List::Agents,
            PaneId::Callbacks => List::Callbacks,
            PaneId::Inject => List::Inject,
            PaneId::Activity if self.calls.shown => List::Calls,
            PaneId::Activity => List::Activity,
        }
    }

    /// How many rows the focused pane lists.
    #[must_use]
    pub fn rows_in_focus(&self) -> usize {
        match self.list() {
            List::Callers => self.callers.rows.len(),
            List::Callbacks => self.callbacks.rows.len(),
            List::Agents => self.agents.rows.len(),
            List::Activity => self.activity.rows.len(),
            List::Calls => self.calls.rows.len(),
            List::Inject => self.inject.form.lines.len(),
        }
    }

    /// The instant that the panes show: now, unless they are held still.
    #[must_use]
    pub fn seen_at(&self) -> At {
        self.frozen.as_ref().map_or(self.now, |frozen| frozen.at)
    }

    /// The focused pane's search, where it lists anything.
    #[must_use]
    pub fn search(&self) -> Option<&Search> {
        match self.list() {
            _ if !self.is_live(self.focus) => None,
            List::Callers => Some(&self.callers.listing.search),
            List::Callbacks => Some(&self.callbacks.listing.search),
            List::Agents => Some(&self.agents.listing.search),
            List::Activity => Some(&self.activity.listing.search),
            List::Calls => Some(&self.calls.listing.search),
            List::Inject => None,
        }
    }

    /// The same, to be typed into.
    pub(super) fn search_mut(&mut self) -> Option<&mut Search> {
        match self.list() {
            _ if !self.is_live(self.focus) => None,
            List::Callers => Some(&mut self.callers.listing.search),
            List::Callbacks => Some(&mut self.callbacks.listing.search),
            List::Agents => Some(&mut self.agents.listing.search),
            List::Activity => Some(&mut self.activity.listing.search),
            List::Calls => Some(&mut self.calls.listing.search),
            List::Inject => None,
        }
    }

    /// The heads of the focused pane's columns that rows can be sorted by, as
    /// far as they are on the screen.
    #[must_use]
    pub fn sortable(&self) -> Vec<&'static str> {
        fn heads<C>(columns: &[(Column<C>, u16)]) -> Vec<&'static str> {
            let sortable = columns.iter().filter(|(c, _)| c.sorts);
            sortable.map(|(c, _)| c.title).collect()
        }
        match self.list() {
            _ if !self.is_live(self.focus) => Vec::new(),
            List::Callers => heads(&self.caller_columns()),
            List::Callbacks => heads(&self.callback_columns()),
            List::Agents => heads(&self.agent_columns()),
            List::Calls => heads(&self.call_columns()),
            List::Inject | List::Activity => Vec::new(),
        }
    }

    /// The columns of pane 1's list that are on the screen.
    #[must_use]
    pub fn caller_columns(&self) -> Vec<(Column<callers::columns::Cell>, u16)> {
        callers::columns::Cell::shown(self.list_width(PaneId::Callers))
    }

    /// The columns of pane 3's list that are on the screen.
    #[must_use]
    pub fn callback_columns(&self) -> Vec<(Column<callbacks::columns::Cell>, u16)> {
        callbacks::columns::Cell::shown(self.list_width(PaneId::Callbacks))
    }

    /// The columns of pane 2's list that are on the screen.
    #[must_use]
    pub fn agent_columns(&self) -> Vec<(Column<agents::columns::Cell>, u16)> {
        agents::columns::Cell::shown(self.list_width(PaneId::Agents))
    }

    /// The columns of pane 5's list that are on the screen.
    #[must_use]
    pub fn activity_columns(&self) -> Vec<(Column<activity::columns::Cell>, u16)> {
        activity::columns::Cell::shown(self.list_width(PaneId::Activity))
    }

    /// The columns of the list of calls that are on the screen.
    #[must_use]
    pub fn call_columns(&self) -> Vec<(Column<calls::columns::Cell>, u16)> {
        calls::columns::Cell::shown(self.list_width(PaneId::Activity))
    }

    fn list_width(&self, pane: PaneId) -> u16 {
        self.place(pane)
            .map_or(0, |place| geometry::inside(place).width)
    }

    /// How many rows of pane 1 are in view.
    #[must_use]
    pub fn caller_rows_in_view(&self) -> usize {
        self.place(PaneId::Callers)
            .map_or(0, |rect| usize::from(self.callers_places(rect).rows.height))
    }

    /// Where the parts of pane 1 stand.
    #[must_use]
    pub fn callers_places(&self, pane: Rect) -> geometry::CallersPlaces {
        geometry::callers(
            pane,
            self.callers.queues.len(),
            self.is_failing(),
            self.callers.listing.search.is_shown(),
        )
    }

    /// How many rows of pane 3 are in view.
    #[must_use]
    pub fn callback_rows_in_view(&self) -> usize {
        self.place(PaneId::Callbacks).map_or(0, |rect| {
            usize::from(self.callbacks.places(rect).rows.height)
        })
    }

    /// Where the parts of pane 2 stand.
    #[must_use]
    pub fn agents_places(&self, pane: Rect) -> ListPlaces {
        let mut places =
            geometry::list(pane, self.is_deaf(), self.agents.listing.search.is_shown());
        if self.agents.tiled {
            // Tiles have no head.
            places.rows = Rect {
                y: places.head.y,
                height: places.head.height + places.rows.height,
                ..places.rows
            };
            places.head.height = 0;
        }
        places
    }

    /// Where the parts of pane 5 stand.
    #[must_use]
    pub fn activity_places(&self, pane: Rect) -> ListPlaces {
        let search = if self.calls.shown {
            &self.calls.listing.search
        } else {
            &self.activity.listing.search
        };
        geometry::list(pane, self.is_deaf(), search.is_shown())
    }

    /// How many agents are in view.
    #[must_use]
    pub fn agents_in_view(&self) -> usize {
        self.place(PaneId::Agents).map_or(0, |pane| {
            let rows = self.agents_places(pane).rows;
            if self.agents.tiled {
                agents::tiles::room(table_inside(rows))
            } else {
                usize::from(rows.height)
            }
        })
    }

    /// How many entries, or calls, of pane 5 are in view.
    #[must_use]
    pub fn activity_in_view(&self) -> usize {
        self.place(PaneId::Activity).map_or(0, |pane| {
            usize::from(self.activity_places(pane).rows.height)
        })
    }

    /// Whether any site that pushes is not heard.
    #[must_use]
    pub fn is_deaf(&self) -> bool {
        let hooks = |id: &FeedId| id.kind == FeedKind::Hooks;
        let mut feeds = self.feeds.iter().filter(|(id, _)| hooks(id));
        feeds.any(|(_, health)| health.trouble.is_some())
    }

    fn place(&self, pane: PaneId) -> Option<Rect> {
        self.places()?
            .panes
            .into_iter()
            .find(|(id, _)| *id == pane)
            .map(|(_, rect)| rect)
    }
}
