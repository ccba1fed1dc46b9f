//! What of the state is on the screen: which pane is searched, which columns
//! fit, how many rows are in view. Drawing, paging and sorting all ask here,
//! so that they cannot disagree.

use ratatui::layout::Rect;

use super::{
    activity, agents, callbacks, callers,
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

impl State {
    /// How many rows the focused pane lists.
    #[must_use]
    pub fn rows_in_focus(&self) -> usize {
        match self.focus {
            PaneId::Callers => self.callers.rows.len(),
            PaneId::Callbacks => self.callbacks.rows.len(),
            PaneId::Agents => self.agents.rows.len(),
            PaneId::Activity => self.activity.rows.len(),
            PaneId::Inject => self.inject.form.lines.len(),
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
        match self.focus {
            _ if !self.is_live(self.focus) => None,
            PaneId::Callers => Some(&self.callers.listing.search),
            PaneId::Callbacks => Some(&self.callbacks.listing.search),
            PaneId::Agents => Some(&self.agents.listing.search),
            PaneId::Activity => Some(&self.activity.listing.search),
            PaneId::Inject => None,
        }
    }

    /// The same, to be typed into.
    pub(super) fn search_mut(&mut self) -> Option<&mut Search> {
        match self.focus {
            _ if !self.is_live(self.focus) => None,
            PaneId::Callers => Some(&mut self.callers.listing.search),
            PaneId::Callbacks => Some(&mut self.callbacks.listing.search),
            PaneId::Agents => Some(&mut self.agents.listing.search),
            PaneId::Activity => Some(&mut self.activity.listing.search),
            PaneId::Inject => None,
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
        match self.focus {
            _ if !self.is_live(self.focus) => Vec::new(),
            PaneId::Callers => heads(&self.caller_columns()),
            PaneId::Callbacks => heads(&self.callback_columns()),
            PaneId::Agents => heads(&self.agent_columns()),
            PaneId::Inject | PaneId::Activity => Vec::new(),
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
        geometry::list(
            pane,
            self.is_deaf(),
            self.activity.listing.search.is_shown(),
        )
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

    /// How many entries of pane 5 are in view.
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
