//! The whole console as a value.

use std::collections::BTreeMap;

use ratatui::layout::Size;

use crate::domain::{
    board::Board,
    feed::{FeedHealth, FeedId},
    site::Site,
    time::At,
};

use super::{
    callers::CallersPane,
    geometry::{self, Places},
    overlay::Overlay,
    pane::PaneId,
};

/// Everything the console knows and shows.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The sites, in the configuration's order.
    pub sites: Vec<Site>,
    /// The current picture.
    pub board: Board,
    /// How the feeds are.
    pub feeds: BTreeMap<FeedId, FeedHealth>,
    /// The time, as last told.
    pub now: At,
    /// The terminal's size.
    pub size: Size,
    /// How it is drawn.
    pub look: Look,
    /// The pane that has the keys.
    pub focus: PaneId,
    /// Whether it has the screen too.
    pub zoom: bool,
    /// What stands over the panes.
    pub overlay: Overlay,
    /// Pane 1.
    pub callers: CallersPane,
    /// Whether this process collects; `None` until that is known.
    pub collecting: Option<bool>,
    /// What is wrong with the journal, if anything.
    pub journal_trouble: Option<String>,
    /// What just happened, and until when it is shown.
    pub flash: Option<(String, At)>,
    /// Whether the user asked for a console that changes nothing.
    pub read_only: bool,
}

/// How things are drawn: chosen at the start, not by any key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The colours.
    pub theme: Theme,
    /// Whether to do without Unicode.
    pub ascii: bool,
}

/// The colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// For dark backgrounds.
    #[default]
    Dark,
    /// For light backgrounds.
    Light,
    /// None: bold, dim and reverse only.
    Mono,
}

impl State {
    /// A console on a board as far as it is known, at this time and size.
    #[must_use]
    pub fn new(sites: Vec<Site>, board: Board, now: At, size: Size) -> Self {
        let mut state = Self {
            sites,
            board,
            feeds: BTreeMap::new(),
            now,
            size,
            look: Look::default(),
            focus: PaneId::Callers,
            zoom: false,
            overlay: Overlay::None,
            callers: CallersPane::default(),
            collecting: None,
            journal_trouble: None,
            flash: None,
            read_only: false,
        };
        state.derive();
        state
    }

    /// The panes that have a source.
    #[must_use]
    pub fn live(&self) -> Vec<PaneId> {
        PaneId::ALL
            .into_iter()
            .filter(|p| p.has_source(&self.sites))
            .collect()
    }

    /// Where everything stands; `None` when the terminal is too small.
    #[must_use]
    pub fn places(&self) -> Option<Places> {
        geometry::places(self.size, self.focus, self.zoom, &self.live())
    }

    /// How many rows the focused pane lists.
    #[must_use]
    pub fn rows_in_focus(&self) -> usize {
        if self.focus == PaneId::Callers {
            self.callers.rows.len()
        } else {
            0
        }
    }

    /// How many rows of pane 1 are in view.
    #[must_use]
    pub fn caller_rows_in_view(&self) -> usize {
        let pane = self
            .places()
            .and_then(|p| p.panes.into_iter().find(|(id, _)| *id == PaneId::Callers));
        pane.map_or(0, |(_, rect)| {
            usize::from(
                geometry::callers(rect, self.callers.queues.len(), self.is_failing())
                    .rows
                    .height,
            )
        })
    }

    /// Whether any feed fails, or the journal does.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.journal_trouble.is_some() || self.feeds.values().any(|f| f.trouble.is_some())
    }

    /// Derives what the panes show from the board and puts the cursors on
    /// living rows.
    pub(super) fn derive(&mut self) {
        let day = self.now.day(self.board.zone());
        self.callers
            .derive(&self.sites, &self.board, &self.feeds, day);
        self.settle();
    }

    /// Puts the cursors on living rows and the views around them.
    pub(super) fn settle(&mut self) {
        let height = self.caller_rows_in_view();
        self.callers.settle(height);
        let Overlay::Caller(details) = &mut self.overlay else {
            return;
        };
        match self
            .board
            .queue(&details.queue)
            .and_then(|q| q.caller(&details.id))
        {
            Some(row) => {
                details.row = row.clone();
                details.gone = None;
                details.position = self.callers.position(&details.queue, &details.id);
            }
            None => {
                details.gone.get_or_insert(self.now);
            }
        }
    }
}
