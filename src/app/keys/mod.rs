//! The one key table. Dispatch, the footer's hints and the help overlay all
//! read it, so that no key can work unseen or be promised and not work.
//!
//! * [`mod@action`]: what keys do; `scope`: where a key holds; `table`: every key, a line each

pub mod action;
mod scope;
mod table;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{overlay::Overlay, pane::PaneId, state::State};
pub use action::{Action, Callbacks, Hooks, Inject};
pub use scope::Scope;
pub use table::TABLE;

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
