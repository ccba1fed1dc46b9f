//! The whole console as a value.

use std::{collections::BTreeMap, sync::Arc};

use ratatui::layout::{Rect, Size};

use crate::domain::{
    board::{Board, Waiting},
    caller::CallerState,
    feed::{FeedHealth, FeedId},
    filter::Filters,
    site::{QueueKey, Site},
    time::At,
};

use super::{
    callbacks::{CallbacksPane, subject},
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
    /// Pane 3.
    pub callbacks: CallbacksPane,
    /// Filters of pane 3 by name.
    pub views: Vec<(String, Filters)>,
    /// Who acts here.
    pub me: Arc<str>,
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
        let callback_sites = sites
            .iter()
            .filter(|s| PaneId::Callbacks.vendors().contains(&s.vendor));
        let callbacks = CallbacksPane::new(callback_sites.map(|s| s.name.clone()));
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
            callbacks,
            views: Vec::new(),
            me: "".into(),
            collecting: None,
            journal_trouble: None,
            flash: None,
            read_only: false,
        };
        state.derive();
        state.derive_callbacks();
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

    /// Whether a pane has a source.
    #[must_use]
    pub fn is_live(&self, pane: PaneId) -> bool {
        pane.has_source(&self.sites)
    }

    /// Whether anything is asked of vendors that could be asked now.
    #[must_use]
    pub fn asks_vendors(&self) -> bool {
        !self.feeds.is_empty() || !self.callbacks.lists.is_empty()
    }

    /// How many rows the focused pane lists.
    #[must_use]
    pub fn rows_in_focus(&self) -> usize {
        match self.focus {
            PaneId::Callers => self.callers.rows.len(),
            PaneId::Callbacks => self.callbacks.rows.len(),
            PaneId::Agents | PaneId::Inject | PaneId::Activity => 0,
        }
    }

    /// How many rows of pane 1 are in view.
    #[must_use]
    pub fn caller_rows_in_view(&self) -> usize {
        self.place(PaneId::Callers).map_or(0, |rect| {
            usize::from(
                geometry::callers(rect, self.callers.queues.len(), self.is_failing())
                    .rows
                    .height,
            )
        })
    }

    /// How many rows of pane 3 are in view.
    #[must_use]
    pub fn callback_rows_in_view(&self) -> usize {
        self.place(PaneId::Callbacks).map_or(0, |rect| {
            usize::from(self.callbacks.places(rect).rows.height)
        })
    }

    fn place(&self, pane: PaneId) -> Option<Rect> {
        self.places()?
            .panes
            .into_iter()
            .find(|(id, _)| *id == pane)
            .map(|(_, rect)| rect)
    }

    /// The selected caller, where they must be called back.
    #[must_use]
    pub fn caller_to_call_back(&self) -> Option<(&QueueKey, &Waiting)> {
        if self.focus != PaneId::Callers {
            return None;
        }
        let row = self.callers.rows.get(self.callers.selected()?)?;
        let waiting = self.callers.waiting(row, &self.board)?;
        let key = &self.callers.queues.get(row.queue)?.key;
        (waiting.caller.state == CallerState::Callback).then_some((key, waiting))
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

    /// Derives the rows of pane 3: when a list, or what was done to it, or
    /// what is asked of it changed.
    pub(super) fn derive_callbacks(&mut self) {
        self.callbacks
            .derive(&self.board.triage, &self.me, self.now);
        self.settle();
    }

    /// Puts the cursors on living rows and the views around them.
    pub(super) fn settle(&mut self) {
        let height = self.caller_rows_in_view();
        self.callers.settle(height);
        let height = self.callback_rows_in_view();
        self.callbacks.settle(height);
        match &mut self.overlay {
            Overlay::Caller(details) => {
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
            Overlay::Callback(details) => {
                let subject = subject(&details.callback);
                if let Some(row) = self.callbacks.rows.iter().find(|r| r.subject == subject) {
                    details.callback = row.callback.clone();
                }
            }
            _ => {}
        }
    }
}
