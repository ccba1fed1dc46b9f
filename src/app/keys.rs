//! The one key table. Dispatch, the footer's hints and the help overlay all
//! read it, so that no key can work unseen or be promised and not work.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{overlay::Overlay, pane::PaneId, state::State};

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Move in the list, or scroll what is open.
    Move(Step),
    /// Go to a pane.
    Go(PaneId),
    /// The next pane.
    NextPane,
    /// The pane before.
    PreviousPane,
    /// Everything about the selected row.
    Details,
    /// The pane alone, or all again.
    Zoom,
    /// Ask the vendors now.
    Refresh,
    /// All keys that work now.
    Help,
    /// Close what is open.
    Back,
    /// Leave.
    Quit,
    /// Write what is shown into a file.
    Export,
    /// Back to the shell for a while.
    Suspend,
    /// Something of pane 3.
    Callbacks(Callbacks),
    /// Put the selected caller on the callback list.
    PutOnList,
    /// Type words that rows must have.
    Search,
    /// Keep what was typed.
    Accept,
    /// Take back what was typed.
    Cancel,
    /// Keep what was typed and go to the next line.
    AcceptAndNext,
    /// Take the selected line of what is open.
    Choose,
    /// Empty the selected line of the form.
    Clear,
    /// Ask with the form's filters.
    Apply,
}

/// What can be done in pane 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callbacks {
    /// The filter form.
    Filter,
    /// The named views.
    Views,
    /// Take, or give back.
    Claim,
    /// Write a note.
    Note,
    /// Say how the call went.
    Outcome,
    /// Take back the last of these.
    Undo,
    /// Leave it until a time.
    Snooze,
    /// All, free, mine.
    Show,
    /// The next column to sort by.
    Sort,
    /// The other way round.
    Reverse,
    /// The requests of a customer one by one.
    Expand,
}

/// A move in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One row down.
    Down,
    /// One row up.
    Up,
    /// A page down.
    PageDown,
    /// A page up.
    PageUp,
    /// To the first row, and stay on it.
    First,
    /// To the last row.
    Last,
}

/// Where a binding holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// While the form or a menu is open: letters lead out of neither.
    Chosen,
    /// Everywhere, also while text is typed.
    Anywhere,
    /// While nothing is open over the panes, or a window that is read: the
    /// form and the menus have all their keys in the footer.
    Read,
    /// While nothing is open over the panes.
    Panes,
    /// Where there is a list with rows, or something to scroll.
    Rows,
    /// Where a row is selected.
    Row,
    /// While something is open over the panes, or a pane is zoomed.
    Open,
    /// Where a feed is polled.
    Polled,
    /// Where a pane has less than the whole screen, or is zoomed.
    Grid,
    /// In pane 3.
    Callbacks,
    /// In pane 3, where a row is selected.
    Callback,
    /// In pane 3, where this console may work on it.
    CallbacksToWork,
    /// In pane 3, where a row is selected and this console may work on it.
    CallbackToWork,
    /// In pane 1, on a caller who must be called back, where there is a list
    /// to put them on and this console may.
    CallerToCallBack,
    /// While the filter form is open.
    Form,
    /// While a menu is open.
    Menu,
    /// While text is typed: no other keys are keys then.
    Typing,
    /// While a line of the form is typed.
    TypingForm,
}

/// What the keys go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The panes.
    Panes,
    /// A window that is read.
    Window,
    /// The filter form.
    Form,
    /// A menu.
    Menu,
    /// A text field.
    Typing,
    /// A text field of the form.
    TypingForm,
}

/// A line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// The keys, the first one is shown in the footer.
    pub keys: &'static [(KeyCode, KeyModifiers)],
    /// What they do.
    pub action: Action,
    /// Where.
    pub scope: Scope,
    /// A word for the footer; empty for keys that need no hint.
    pub hint: &'static str,
    /// A line for the help.
    pub help: &'static str,
}

const fn plain(code: KeyCode) -> (KeyCode, KeyModifiers) {
    (code, KeyModifiers::NONE)
}

const fn key(c: char) -> (KeyCode, KeyModifiers) {
    plain(KeyCode::Char(c))
}

const fn ctrl(c: char) -> (KeyCode, KeyModifiers) {
    (KeyCode::Char(c), KeyModifiers::CONTROL)
}

const fn bind(
    keys: &'static [(KeyCode, KeyModifiers)],
    action: Action,
    scope: Scope,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding {
        keys,
        action,
        scope,
        hint,
        help,
    }
}

/// Every key there is. The footer shows hints in this order, as far as they fit.
#[rustfmt::skip] // a table, a key to a line
pub const TABLE: &[Binding] = &[
    bind(&[plain(KeyCode::Enter)], Action::Accept, Scope::Typing, "keep", "keep what was typed"),
    bind(&[ctrl('s')], Action::Apply, Scope::TypingForm, "ask", "keep it, and ask the vendor with these filters"),
    bind(&[plain(KeyCode::Tab)], Action::AcceptAndNext, Scope::TypingForm, "next", "keep it, and the next line"),
    bind(&[plain(KeyCode::Esc)], Action::Cancel, Scope::Typing, "take back", "take back what was typed"),
    bind(&[ctrl('c')], Action::Quit, Scope::Typing, "quit", "leave"),
    bind(&[key('?'), plain(KeyCode::F(1))], Action::Help, Scope::Read, "help", "all keys that work now"),
    bind(&[key('q'), ctrl('c')], Action::Quit, Scope::Read, "quit", "leave"),
    bind(&[ctrl('c')], Action::Quit, Scope::Chosen, "", "leave"),
    bind(&[plain(KeyCode::Enter)], Action::Choose, Scope::Form, "edit, next choice", "type into the line, or turn its choice"),
    bind(&[ctrl('s')], Action::Apply, Scope::Form, "ask", "ask the vendor with these filters"),
    bind(&[key('x')], Action::Clear, Scope::Form, "clear", "empty the line"),
    bind(&[plain(KeyCode::Enter)], Action::Choose, Scope::Menu, "choose", "take the line"),
    bind(&[plain(KeyCode::Enter)], Action::Details, Scope::Row, "details", "everything the vendor sent about the row"),
    bind(&[plain(KeyCode::Esc)], Action::Back, Scope::Open, "back", "close what is open"),
    bind(&[key('c')], Action::Callbacks(Callbacks::Claim), Scope::CallbackToWork, "claim", "take it for a quarter of an hour, so that nobody else dials it; or give it back"),
    bind(&[key('d')], Action::Callbacks(Callbacks::Outcome), Scope::CallbackToWork, "outcome", "say how the call went, and go on to the next"),
    bind(&[key('n')], Action::Callbacks(Callbacks::Note), Scope::CallbackToWork, "note", "write something down"),
    bind(&[key('t')], Action::Callbacks(Callbacks::Snooze), Scope::CallbackToWork, "snooze", "leave it until a time"),
    bind(&[key('u')], Action::Callbacks(Callbacks::Undo), Scope::CallbacksToWork, "undo", "take back the last of these that you did"),
    bind(&[key('f')], Action::Callbacks(Callbacks::Filter), Scope::Callbacks, "filter", "what to ask the vendor for"),
    bind(&[key('v')], Action::Callbacks(Callbacks::Views), Scope::Callbacks, "views", "filters by name, from the configuration"),
    bind(&[key('/')], Action::Search, Scope::Callbacks, "search", "show only rows that have all of these words"),
    bind(&[key('o')], Action::Callbacks(Callbacks::Show), Scope::Callbacks, "all/free/mine", "all rows, those nobody works on, or your own"),
    bind(&[key('x')], Action::Callbacks(Callbacks::Expand), Scope::Callback, "", "several requests of one customer one by one, or as one row"),
    bind(&[key('s')], Action::Callbacks(Callbacks::Sort), Scope::Callbacks, "sort", "sort by the next column"),
    bind(&[key('S')], Action::Callbacks(Callbacks::Reverse), Scope::Callbacks, "", "sort the other way round"),
    bind(&[key('b')], Action::PutOnList, Scope::CallerToCallBack, "call back", "put the caller on the callback list"),
    bind(&[key('e')], Action::Export, Scope::Row, "export", "write what is shown into a file of this folder"),
    bind(&[key('r')], Action::Refresh, Scope::Polled, "refresh", "ask the vendors now instead of when due"),
    bind(&[key('z')], Action::Zoom, Scope::Grid, "zoom", "the pane alone on the screen, and back"),
    bind(&[plain(KeyCode::Tab)], Action::NextPane, Scope::Panes, "next pane", "the next pane"),
    bind(&[plain(KeyCode::BackTab)], Action::PreviousPane, Scope::Panes, "", "the pane before"),
    bind(&[key('1')], Action::Go(PaneId::Callers), Scope::Panes, "", "callers"),
    bind(&[key('2')], Action::Go(PaneId::Agents), Scope::Panes, "", "agents"),
    bind(&[key('3')], Action::Go(PaneId::Callbacks), Scope::Panes, "", "callbacks"),
    bind(&[key('4')], Action::Go(PaneId::Inject), Scope::Panes, "", "inject"),
    bind(&[key('5')], Action::Go(PaneId::Activity), Scope::Panes, "", "activity"),
    bind(&[key('j'), plain(KeyCode::Down)], Action::Move(Step::Down), Scope::Rows, "", "down"),
    bind(&[key('k'), plain(KeyCode::Up)], Action::Move(Step::Up), Scope::Rows, "", "up"),
    bind(&[plain(KeyCode::PageDown), ctrl('f')], Action::Move(Step::PageDown), Scope::Rows, "", "a page down"),
    bind(&[plain(KeyCode::PageUp), ctrl('b')], Action::Move(Step::PageUp), Scope::Rows, "", "a page up"),
    bind(&[key('g'), plain(KeyCode::Home)], Action::Move(Step::First), Scope::Rows, "", "to the first row, and stay on whoever is first"),
    bind(&[key('G'), plain(KeyCode::End)], Action::Move(Step::Last), Scope::Rows, "", "to the last row"),
    bind(&[ctrl('z')], Action::Suspend, Scope::Anywhere, "", "back to the shell for a while; `fg` comes back"),
];

impl Binding {
    /// Whether it works in this state and mode.
    #[must_use]
    pub fn holds(&self, state: &State, mode: Mode) -> bool {
        let panes = mode == Mode::Panes;
        let callbacks =
            panes && state.focus == PaneId::Callbacks && state.is_live(PaneId::Callbacks);
        let rows = state.rows_in_focus() > 0;
        match self.scope {
            Scope::Chosen => matches!(mode, Mode::Form | Mode::Menu),
            Scope::Anywhere => true,
            Scope::Read => matches!(mode, Mode::Panes | Mode::Window),
            Scope::Panes => panes,
            Scope::Rows => {
                matches!(mode, Mode::Window | Mode::Form | Mode::Menu) || (panes && rows)
            }
            Scope::Row => panes && rows,
            Scope::Open => {
                let searched = callbacks && !state.callbacks.search.value().is_empty();
                matches!(mode, Mode::Window | Mode::Form | Mode::Menu)
                    || (panes && (state.zoom || searched))
            }
            Scope::Polled => panes && state.asks_vendors(),
            Scope::Grid => {
                panes && (state.zoom || state.places().is_some_and(|p| p.tabs.is_none()))
            }
            Scope::Callbacks => callbacks,
            Scope::Callback => callbacks && rows,
            Scope::CallbacksToWork => callbacks && !state.read_only,
            Scope::CallbackToWork => callbacks && rows && !state.read_only,
            Scope::CallerToCallBack => {
                panes
                    && !state.read_only
                    && state.is_live(PaneId::Callbacks)
                    && state
                        .caller_to_call_back()
                        .is_some_and(|(_, w)| w.caller.party.number().is_some())
            }
            Scope::Form => mode == Mode::Form,
            Scope::Menu => mode == Mode::Menu,
            Scope::Typing => matches!(mode, Mode::Typing | Mode::TypingForm),
            Scope::TypingForm => mode == Mode::TypingForm,
        }
    }

    /// The keys as people write them: `q Ctrl-C`.
    #[must_use]
    pub fn names(&self) -> String {
        self.keys
            .iter()
            .map(|k| name(*k))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// What the keys go to in this state.
#[must_use]
pub fn mode(state: &State) -> Mode {
    match &state.overlay {
        Overlay::None if state.callbacks.searching => Mode::Typing,
        Overlay::None => Mode::Panes,
        Overlay::Help { .. } | Overlay::Caller(_) | Overlay::Callback(_) => Mode::Window,
        Overlay::Filter => match &state.callbacks.form {
            Some(form) if form.typing => Mode::TypingForm,
            _ => Mode::Form,
        },
        Overlay::Menu(_) => Mode::Menu,
        Overlay::Prompt(_) => Mode::Typing,
    }
}

/// What a key press does in this state, if anything.
#[must_use]
pub fn action(state: &State, event: KeyEvent) -> Option<Action> {
    // Terminals disagree on whether an upper-case letter or Shift-Tab carries Shift.
    let modifiers = event.modifiers - KeyModifiers::SHIFT;
    let mode = mode(state);
    TABLE
        .iter()
        .find(|b| b.keys.contains(&(event.code, modifiers)) && b.holds(state, mode))
        .map(|b| b.action)
}

/// The bindings that work in this state and mode.
pub fn valid(state: &State, mode: Mode) -> impl Iterator<Item = &'static Binding> {
    TABLE.iter().filter(move |b| b.holds(state, mode))
}

/// A key as people write it.
#[must_use]
pub fn name((code, modifiers): (KeyCode, KeyModifiers)) -> String {
    let key = match code {
        KeyCode::Char(c) if modifiers.contains(KeyModifiers::CONTROL) => {
            c.to_ascii_uppercase().to_string()
        }
        KeyCode::Char(' ') => "Space".to_owned(),
        KeyCode::Char(c) => c.to_string(),
        KeyCode::F(n) => format!("F{n}"),
        KeyCode::PageDown => "PgDn".to_owned(),
        KeyCode::PageUp => "PgUp".to_owned(),
        KeyCode::BackTab => "Shift-Tab".to_owned(),
        other => format!("{other:?}"),
    };
    if modifiers.contains(KeyModifiers::CONTROL) {
        format!("Ctrl-{key}")
    } else {
        key
    }
}
