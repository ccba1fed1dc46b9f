//! The whole console as a value.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
    sync::Arc,
    time::Duration,
};

use ratatui::layout::Size;

use crate::domain::{
    board::{Board, Moved, Reached, Waiting},
    callback::Callback,
    caller::CallerState,
    dial::{Calls, Dialling},
    entry::Entry,
    feed::{FeedHealth, FeedId},
    filter::Filters,
    id::SiteName,
    site::{QueueKey, Site, Vendor},
    time::At,
};

pub use crate::domain::look::{Colours, Theme};

use super::{
    activity::{ActivityPane, effect},
    agents::{self, AgentsPane},
    bell::Bell,
    callbacks::{CallbacksPane, News, View, subject},
    callers::{CallersPane, Source},
    calls::CallsPane,
    frozen::Frozen,
    geometry::{self, Places},
    inject::InjectPane,
    overlay::Overlay,
    pane::PaneId,
};

/// How long a flash stays.
const FLASH: Duration = Duration::from_secs(5);

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
    /// The only queue that is looked at, by name; all of them without.
    pub scope: Option<Arc<str>>,
    /// The screen held still.
    pub frozen: Option<Frozen>,
    /// The bell.
    pub bell: Bell,
    /// What stands over the panes.
    pub overlay: Overlay,
    /// Pane 1.
    pub callers: CallersPane,
    /// Pane 2.
    pub agents: AgentsPane,
    /// Pane 4.
    pub inject: InjectPane,
    /// Pane 5.
    pub activity: ActivityPane,
    /// Pane 5 where it shows calls.
    pub calls: CallsPane,
    /// Pane 3.
    pub callbacks: CallbacksPane,
    /// Filters of pane 3 by name.
    pub views: Vec<(String, Filters)>,
    /// Who acts here.
    pub me: Arc<str>,
    /// Whether this process collects; `None` until that is known.
    pub collecting: Option<bool>,
    /// Where calls can be made, in the configuration's order.
    pub dialling: Vec<Dialling>,
    /// Sites whose subscriptions are being changed: nothing is asked twice.
    pub resubscribing: BTreeSet<SiteName>,
    /// The calls that anyone on this journal made lately.
    pub calls_made: Calls,
    /// What is wrong with the journal, if anything.
    pub journal_trouble: Option<String>,
    /// What just happened, and until when it is shown.
    pub flash: Option<(String, At)>,
    /// Whether the user asked for a console that changes nothing.
    pub read_only: bool,
}

/// How things are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The colours.
    pub theme: Theme,
    /// How many of them.
    pub colours: Colours,
    /// Whether to do without Unicode.
    pub ascii: bool,
}

impl State {
    /// A console on a board as far as it is known, at this time and size.
    #[must_use]
    pub fn new(sites: Vec<Site>, board: Board, now: At, size: Size) -> Self {
        let callback_sites = sites.iter().filter(|s| s.vendor == Vendor::While1);
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
            scope: None,
            frozen: None,
            bell: Bell::default(),
            overlay: Overlay::None,
            callers: CallersPane::default(),
            agents: AgentsPane::default(),
            inject: InjectPane::default(),
            activity: ActivityPane::default(),
            calls: CallsPane::default(),
            callbacks,
            views: Vec::new(),
            me: "".into(),
            collecting: None,
            dialling: Vec::new(),
            resubscribing: BTreeSet::new(),
            calls_made: Calls::default(),
            journal_trouble: None,
            flash: None,
            read_only: false,
        };
        state.derive_all();
        state
    }

    /// Shows for a while what just happened.
    pub(super) fn say(&mut self, what: String) {
        self.flash = Some((what, self.now.plus(FLASH)));
    }

    /// The panes that have a source.
    #[must_use]
    pub fn live(&self) -> Vec<PaneId> {
        let live = |pane: &PaneId| self.is_live(*pane);
        PaneId::ALL.into_iter().filter(live).collect()
    }

    /// Where everything stands; `None` when the terminal is too small.
    #[must_use]
    pub fn places(&self) -> Option<Places> {
        geometry::places(self.size, self.focus, self.zoom, &self.live())
    }

    /// Whether a pane has a source.
    #[must_use]
    pub fn is_live(&self, pane: PaneId) -> bool {
        // As whom events can be said, the configuration's `allow` decides.
        let speaks = pane == PaneId::Inject && !self.inject.speakers.is_empty();
        speaks || pane.has_source(&self.sites)
    }

    /// Whether anything is asked of vendors that could be asked now.
    #[must_use]
    pub fn asks_vendors(&self) -> bool {
        !self.feeds.is_empty() || !self.callbacks.lists.is_empty()
    }

    /// The selected caller: where, at which place, and who.
    #[must_use]
    pub fn selected_caller(&self) -> Option<(&QueueKey, Option<u32>, &Arc<Waiting>)> {
        if self.focus != PaneId::Callers {
            return None;
        }
        let row = self.callers.rows.get(self.callers.selected()?)?;
        let key = &self.callers.queues.get(row.queue())?.key;
        Some((key, self.callers.place(row), &row.waiting))
    }

    /// The call in which the customer of a callback was talked with since it
    /// was made, whoever called whom.
    #[must_use]
    pub fn reached(&self, callback: &Callback) -> Option<Reached<'_>> {
        let number = callback.e164.as_deref().or(callback.number.as_deref())?;
        self.board.reached_since(number, callback.created?)
    }

    /// The selected caller, where they must be called back.
    #[must_use]
    pub fn caller_to_call_back(&self) -> Option<(&QueueKey, &Arc<Waiting>)> {
        let (key, _, waiting) = self.selected_caller()?;
        (*waiting.caller.state() == CallerState::Callback).then_some((key, waiting))
    }

    /// Whether any figure over all queues counts callers who may have gone.
    #[must_use]
    pub fn is_any_stale(&self) -> bool {
        let queues = &self.callers.queues;
        queues.iter().any(|queue| self.is_stale(&queue.feed))
    }

    /// Whether what a feed told is too old to be believed.
    #[must_use]
    pub fn is_stale(&self, feed: &FeedId) -> bool {
        let health = self.feeds.get(feed);
        health.is_none_or(|f| f.is_stale(self.now))
    }

    /// Whether any feed fails, or the journal does.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.journal_trouble.is_some() || self.feeds.values().any(|f| f.trouble.is_some())
    }

    /// Derives what the panes show from the board and puts the cursors on
    /// living rows.
    pub(super) fn derive(&mut self) {
        let mut callers = mem::take(&mut self.callers);
        callers.derive(self.source());
        self.callers = callers;
        self.settle();
    }

    /// The same, and of pane 2, where only the board has moved, and so far.
    pub(super) fn follow(&mut self, moved: Vec<Moved>) {
        let (mut in_queues, mut told, mut all) = (Vec::new(), BTreeSet::new(), false);
        for moved in moved {
            match moved {
                Moved::InQueue(moved) => in_queues.push(moved),
                Moved::Agent(site, agent) => {
                    told.insert((site, agent));
                }
                Moved::Everybody(_) => all = true,
            }
        }
        let mut callers = mem::take(&mut self.callers);
        callers.follow(self.source(), in_queues);
        self.callers = callers;
        if all {
            self.with_agents(AgentsPane::derive);
        } else if !told.is_empty() {
            self.with_agents(|agents, source| agents.follow(source, &told));
        }
        self.settle();
    }

    fn source(&self) -> Source<'_> {
        Source {
            sites: &self.sites,
            board: &self.board,
            feeds: &self.feeds,
            day: self.now.day(self.board.zone()),
            scope: self.scope.as_deref(),
        }
    }

    /// Derives the rows of pane 3: when what is asked of them changed.
    pub(super) fn derive_callbacks(&mut self) {
        self.with_callbacks(CallbacksPane::derive);
    }

    /// The same, where only lists, or what was done to them, have changed, and
    /// so far.
    pub(super) fn follow_callbacks(&mut self, news: News) {
        self.with_callbacks(|pane, view| pane.follow(view, news));
    }

    fn with_callbacks(&mut self, work: impl FnOnce(&mut CallbacksPane, View<'_>)) {
        let nobody = CallbacksPane::new([]);
        let mut pane = mem::replace(&mut self.callbacks, nobody);
        work(&mut pane, self.callback_view());
        self.callbacks = pane;
        self.settle();
    }

    /// What decides how the callback lists are seen.
    #[must_use]
    pub fn callback_view(&self) -> View<'_> {
        View {
            triage: &self.board.triage,
            me: &self.me,
            now: self.now,
            sites: &self.sites,
            scope: self.scope.as_deref(),
        }
    }

    /// Derives the rows of the focused pane.
    pub(super) fn derive_focused(&mut self) {
        match self.focus {
            PaneId::Callers => self.derive(),
            PaneId::Callbacks => self.with_callbacks(CallbacksPane::look),
            PaneId::Agents => self.derive_agents(),
            PaneId::Activity => {
                self.derive_activity();
                self.derive_calls();
            }
            PaneId::Inject => {}
        }
    }

    /// Derives the rows of pane 2: when what is asked of them changed.
    pub(super) fn derive_agents(&mut self) {
        self.with_agents(AgentsPane::derive);
        self.settle();
    }

    /// Looks at pane 2 again as time goes by, for what takes too long.
    pub(super) fn age_agents(&mut self) {
        self.with_agents(AgentsPane::age);
        self.settle();
    }

    fn with_agents(&mut self, work: impl FnOnce(&mut AgentsPane, agents::Source<'_>)) {
        let mut pane = mem::take(&mut self.agents);
        let source = agents::Source {
            sites: &self.sites,
            board: &self.board,
            scope: self.scope.as_deref(),
            now: self.seen_at(),
        };
        work(&mut pane, source);
        self.agents = pane;
    }

    /// Derives the rows of pane 5.
    pub(super) fn derive_activity(&mut self) {
        self.activity.derive(self.scope.as_deref());
        self.settle();
    }

    /// Derives the list of calls, if it is looked at.
    pub(super) fn derive_calls(&mut self) {
        let now = self.seen_at();
        let scope = self.scope.as_deref();
        self.calls.derive(&self.sites, &self.board, scope, now);
        self.settle();
    }

    /// Derives everything that the board tells.
    pub(super) fn derive_all(&mut self) {
        self.derive();
        self.derive_agents();
        self.derive_activity();
        self.derive_calls();
        self.derive_callbacks();
    }

    /// Puts entries that were there before at hand, for pane 5.
    pub fn recall(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            self.inject.history.apply(&entry);
            self.calls_made.apply(&entry);
            let told = effect::after(&entry, &effect::Before::default(), &self.board, &self.sites);
            self.activity.add(entry, &self.sites, told, None);
        }
        self.derive_activity();
    }

    /// Puts the cursors on living rows and the views around them.
    pub(super) fn settle(&mut self) {
        let height = self.caller_rows_in_view();
        self.callers.settle(&self.board, height);
        let height = self.callback_rows_in_view();
        self.callbacks.settle(height);
        let height = self.agents_in_view();
        self.agents.settle(height);
        let height = self.activity_in_view();
        self.activity.settle(height);
        self.calls.settle(height);
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
                        details.position = self.callers.place_in(&details.queue, row);
                    }
                    None => {
                        details.gone.get_or_insert(self.now);
                    }
                }
            }
            Overlay::Callback(details) => {
                let subject = subject(&details.callback);
                let pane = &self.callbacks;
                // Mostly the cursor is on it.
                let on = pane.selected().filter(|row| row.subject == subject);
                let row = on.or_else(|| pane.rows.get(pane.find(&subject)?));
                if let Some(row) = row {
                    details.callback = row.callback.clone();
                }
            }
            _ => {}
        }
    }
}
