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
    /// Everywhere.
    Always,
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
pub const TABLE: &[Binding] = &[
    bind(
        &[key('?'), plain(KeyCode::F(1))],
        Action::Help,
        Scope::Always,
        "help",
        "all keys that work now",
    ),
    bind(
        &[plain(KeyCode::Enter)],
        Action::Details,
        Scope::Row,
        "details",
        "everything the vendor sent about the row",
    ),
    bind(
        &[plain(KeyCode::Esc)],
        Action::Back,
        Scope::Open,
        "back",
        "close what is open",
    ),
    bind(
        &[key('r')],
        Action::Refresh,
        Scope::Polled,
        "refresh",
        "ask the vendors now instead of when due",
    ),
    bind(
        &[key('z')],
        Action::Zoom,
        Scope::Grid,
        "zoom",
        "the pane alone on the screen, and back",
    ),
    bind(
        &[plain(KeyCode::Tab)],
        Action::NextPane,
        Scope::Panes,
        "next pane",
        "the next pane",
    ),
    bind(
        &[plain(KeyCode::BackTab)],
        Action::PreviousPane,
        Scope::Panes,
        "",
        "the pane before",
    ),
    bind(
        &[key('1')],
        Action::Go(PaneId::Callers),
        Scope::Panes,
        "",
        "callers",
    ),
    bind(
        &[key('2')],
        Action::Go(PaneId::Agents),
        Scope::Panes,
        "",
        "agents",
    ),
    bind(
        &[key('3')],
        Action::Go(PaneId::Callbacks),
        Scope::Panes,
        "",
        "callbacks",
    ),
    bind(
        &[key('4')],
        Action::Go(PaneId::Inject),
        Scope::Panes,
        "",
        "inject",
    ),
    bind(
        &[key('5')],
        Action::Go(PaneId::Activity),
        Scope::Panes,
        "",
        "activity",
    ),
    bind(
        &[key('j'), plain(KeyCode::Down)],
        Action::Move(Step::Down),
        Scope::Rows,
        "",
        "down",
    ),
    bind(
        &[key('k'), plain(KeyCode::Up)],
        Action::Move(Step::Up),
        Scope::Rows,
        "",
        "up",
    ),
    bind(
        &[
            plain(KeyCode::PageDown),
            (KeyCode::Char('f'), KeyModifiers::CONTROL),
        ],
        Action::Move(Step::PageDown),
        Scope::Rows,
        "",
        "a page down",
    ),
    bind(
        &[
            plain(KeyCode::PageUp),
            (KeyCode::Char('b'), KeyModifiers::CONTROL),
        ],
        Action::Move(Step::PageUp),
        Scope::Rows,
        "",
        "a page up",
    ),
    bind(
        &[key('g'), plain(KeyCode::Home)],
        Action::Move(Step::First),
        Scope::Rows,
        "",
        "to the first row, and stay on whoever is first",
    ),
    bind(
        &[key('G'), plain(KeyCode::End)],
        Action::Move(Step::Last),
        Scope::Rows,
        "",
        "to the last row",
    ),
    bind(
        &[key('q'), (KeyCode::Char('c'), KeyModifiers::CONTROL)],
        Action::Quit,
        Scope::Always,
        "quit",
        "leave",
    ),
];

impl Binding {
    /// Whether it works in this state, with or without something `open` over
    /// the panes.
    #[must_use]
    pub fn holds(&self, state: &State, open: bool) -> bool {
        match self.scope {
            Scope::Always => true,
            Scope::Panes => !open,
            Scope::Rows => open || state.rows_in_focus() > 0,
            Scope::Row => !open && state.rows_in_focus() > 0,
            Scope::Open => open || state.zoom,
            Scope::Polled => !open && !state.feeds.is_empty(),
            Scope::Grid => {
                !open && (state.zoom || state.places().is_some_and(|p| p.tabs.is_none()))
            }
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

/// What a key press does in this state, if anything.
#[must_use]
pub fn action(state: &State, event: KeyEvent) -> Option<Action> {
    // Terminals disagree on whether an upper-case letter or Shift-Tab carries Shift.
    let modifiers = event.modifiers - KeyModifiers::SHIFT;
    TABLE
        .iter()
        .find(|b| {
            b.keys.contains(&(event.code, modifiers))
                && b.holds(state, state.overlay != Overlay::None)
        })
        .map(|b| b.action)
}

/// The bindings that work in this state, with or without something `open` over
/// the panes.
pub fn valid(state: &State, open: bool) -> impl Iterator<Item = &'static Binding> {
    TABLE.iter().filter(move |b| b.holds(state, open))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_bound_twice_in_one_scope() {
        for (i, a) in TABLE.iter().enumerate() {
            for b in &TABLE[i + 1..] {
                let clash = a.keys.iter().find(|k| b.keys.contains(k));
                assert_eq!(clash, None, "{:?} and {:?}", a.action, b.action);
            }
        }
    }
}
