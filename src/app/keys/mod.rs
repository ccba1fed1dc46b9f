//! The one key table. Dispatch, the footer's hints and the help overlay all
//! read it, so that no key can work unseen or be promised and not work.
//!
//! * `scope`: where a key holds; `table`: every key, a line each

mod scope;
mod table;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{overlay::Overlay, pane::PaneId, state::State};
pub use scope::Scope;
pub use table::TABLE;

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
    /// Something of pane 4.
    Inject(Inject),
    /// Connect one's own phone with whom the row is about.
    Call,
    /// What is subscribed of extensions.
    Subscriptions,
    /// Something of the window of subscriptions.
    Hooks(Hooks),
    /// Put the selected caller on the callback list.
    PutOnList,
    /// Type words that rows must have.
    Search,
    /// Sort by the next column.
    Sort,
    /// Sort the other way round.
    Reverse,
    /// Agents as tiles, or as a list.
    Tiles,
    /// Calls in pane 5, or what comes in.
    Calls,
    /// Hold the screen still, or go on.
    Freeze,
    /// Copy to the clipboard.
    Copy,
    /// As plain text, to select from by hand.
    ByHand,
    /// One queue or all.
    Scope,
    /// How each site is.
    Sites,
    /// Find a command by its letters.
    Palette,
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
    /// The requests of a customer one by one.
    Expand,
}

/// What can be done with subscriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hooks {
    /// An extension on a line, or in full.
    Unfold,
    /// Subscribe all that is missing.
    Add,
    /// Remove the selected one.
    Remove,
    /// Ask again.
    Again,
    /// The next site.
    Site,
}

/// What can be done in pane 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inject {
    /// Type into the line, or turn its choice.
    Edit,
    /// Empty the line.
    Clear,
    /// The next site.
    Site,
    /// The vendor checks it and records nothing.
    Validate,
    /// Show what would be sent, and ask.
    Ask,
    /// Send it.
    Send,
    /// The key that asked, once more.
    NotYet,
    /// Keep it as a preset.
    Save,
    /// Events to begin with.
    Presets,
    /// Events that were sent.
    History,
    /// As a command for a shell.
    Curl,
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
    /// The window of subscriptions.
    Subscriptions,
    /// A text field.
    Typing,
    /// A text field of the form.
    TypingForm,
    /// A line of pane 4.
    TypingInject,
    /// A question before something goes outside.
    Confirm,
    /// The palette: a text field over a list.
    Palette,
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

impl Binding {
    /// Whether it works in this state and mode.
    #[must_use]
    pub fn holds(&self, state: &State, mode: Mode) -> bool {
        self.is_allowed(state) && self.scope.fits(state, mode)
    }

    /// Whether this console may do it at all.
    #[must_use]
    pub fn is_allowed(&self, state: &State) -> bool {
        !(state.read_only && self.scope.changes())
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
        Overlay::None if state.search().is_some_and(|s| s.typing) => Mode::Typing,
        Overlay::None if state.focus == PaneId::Inject && state.inject.form.typing => {
            Mode::TypingInject
        }
        Overlay::None => Mode::Panes,
        Overlay::Help { search, .. } if search.typing => Mode::Typing,
        Overlay::Help { .. }
        | Overlay::Caller(_)
        | Overlay::Call(_)
        | Overlay::Calling(_)
        | Overlay::Callback(_)
        | Overlay::Agent(_)
        | Overlay::Event(_)
        | Overlay::Sites { .. }
        | Overlay::ByHand(_) => Mode::Window,
        Overlay::Palette(_) => Mode::Palette,
        Overlay::Filter => match &state.callbacks.form {
            Some(form) if form.typing => Mode::TypingForm,
            _ => Mode::Form,
        },
        Overlay::Confirm(_) => Mode::Confirm,
        Overlay::Menu(_) => Mode::Menu,
        Overlay::Subscriptions(_) => Mode::Subscriptions,
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

/// Whether a key would do something here, if this console were not read-only.
#[must_use]
pub fn is_refused(state: &State, event: KeyEvent) -> bool {
    let key = (event.code, event.modifiers - KeyModifiers::SHIFT);
    let mode = mode(state);
    let mut keys = TABLE.iter().filter(|b| b.keys.contains(&key));
    state.read_only && keys.any(|b| b.scope.changes() && b.scope.fits(state, mode))
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
