//! Every key there is, a key to a line.

use ratatui::crossterm::event::{KeyCode, KeyModifiers};

use super::{Action, Binding, Callbacks, Hooks, Inject, Scope};
use crate::app::{pane::PaneId, step::Step};

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

/// The table. The footer shows hints in this order, as far as they fit.
#[rustfmt::skip] // a table, a key to a line
pub const TABLE: &[Binding] = &[
    bind(&[plain(KeyCode::Enter)], Action::Choose, Scope::Palette, "do it", "do what is selected"),
    bind(&[plain(KeyCode::Down), ctrl('n')], Action::Move(Step::Down), Scope::Palette, "", "down"),
    bind(&[plain(KeyCode::Up), ctrl('p')], Action::Move(Step::Up), Scope::Palette, "", "up"),
    bind(&[plain(KeyCode::PageDown)], Action::Move(Step::PageDown), Scope::Palette, "", "a page down"),
    bind(&[plain(KeyCode::PageUp)], Action::Move(Step::PageUp), Scope::Palette, "", "a page up"),
    bind(&[plain(KeyCode::Esc)], Action::Back, Scope::Palette, "back", "close it"),
    bind(&[ctrl('c')], Action::Quit, Scope::Palette, "quit", "leave"),
    bind(&[plain(KeyCode::Enter)], Action::Accept, Scope::Typing, "keep", "keep what was typed"),
    bind(&[ctrl('s')], Action::Inject(Inject::Send), Scope::ConfirmByCtrlS, "do it", "do what is asked about"),
    bind(&[key('y')], Action::Inject(Inject::Send), Scope::ConfirmByLetter, "do it", "do what is asked about"),
    bind(&[ctrl('s')], Action::Inject(Inject::NotYet), Scope::ConfirmByLetter, "", "says which key sends it: this one may be held down"),
    bind(&[plain(KeyCode::Esc)], Action::Back, Scope::Confirm, "not now", "send nothing"),
    bind(&[ctrl('c')], Action::Quit, Scope::Confirm, "quit", "leave"),
    bind(&[plain(KeyCode::Down)], Action::Move(Step::Down), Scope::Confirm, "", "down"),
    bind(&[plain(KeyCode::Up)], Action::Move(Step::Up), Scope::Confirm, "", "up"),
    bind(&[plain(KeyCode::PageDown)], Action::Move(Step::PageDown), Scope::Confirm, "", "a page down"),
    bind(&[plain(KeyCode::PageUp)], Action::Move(Step::PageUp), Scope::Confirm, "", "a page up"),
    bind(&[ctrl('s')], Action::Inject(Inject::Ask), Scope::TypingInject, "send", "keep it, and show what would be sent"),
    bind(&[plain(KeyCode::Tab)], Action::AcceptAndNext, Scope::TypingInject, "next", "keep it, and the next line"),
    bind(&[ctrl('s')], Action::Apply, Scope::TypingForm, "ask", "keep it, and ask the vendor with these filters"),
    bind(&[plain(KeyCode::Tab)], Action::AcceptAndNext, Scope::TypingForm, "next", "keep it, and the next line"),
    bind(&[plain(KeyCode::Esc)], Action::Cancel, Scope::Typing, "take back", "take back what was typed"),
    bind(&[ctrl('c')], Action::Quit, Scope::Typing, "quit", "leave"),
    bind(&[key(' ')], Action::Freeze, Scope::Frozen, "go on", "show what came in the meantime, and go on"),
    bind(&[key('?'), plain(KeyCode::F(1))], Action::Help, Scope::Read, "help", "all keys that work now"),
    bind(&[key('q'), ctrl('c')], Action::Quit, Scope::Read, "quit", "leave"),
    bind(&[ctrl('c')], Action::Quit, Scope::Chosen, "", "leave"),
    bind(&[plain(KeyCode::Enter)], Action::Choose, Scope::Form, "edit, next choice", "type into the line, or turn its choice"),
    bind(&[ctrl('s')], Action::Apply, Scope::Form, "ask", "ask the vendor with these filters"),
    bind(&[key('x')], Action::Clear, Scope::Form, "clear", "empty the line"),
    bind(&[plain(KeyCode::Enter)], Action::Hooks(Hooks::Unfold), Scope::Subscriptions, "more/less", "the extension in full, or on a line"),
    bind(&[key('a')], Action::Hooks(Hooks::Add), Scope::SubscriptionsToChange, "subscribe what is missing", "have everything that is missing pushed to our receiver; asks first"),
    bind(&[key('x')], Action::Hooks(Hooks::Remove), Scope::SubscriptionsToChange, "remove", "end the selected subscription; asks first"),
    bind(&[key('r')], Action::Hooks(Hooks::Again), Scope::Subscriptions, "ask again", "ask the vendor again"),
    bind(&[key('t')], Action::Hooks(Hooks::Site), Scope::SubscriptionSites, "site", "the next site"),
    bind(&[key('d')], Action::Callbacks(Callbacks::Outcome), Scope::Calling, "outcome", "say how the call went"),
    bind(&[plain(KeyCode::Enter)], Action::Choose, Scope::Menu, "choose", "take the line"),
    bind(&[plain(KeyCode::Enter)], Action::Details, Scope::Row, "details", "everything the vendor sent about the row"),
    bind(&[plain(KeyCode::Esc)], Action::Back, Scope::Open, "back", "close what is open; or end the search, the zoom, the look at one queue"),
    bind(&[key('c')], Action::Callbacks(Callbacks::Claim), Scope::CallbackToWork, "claim", "take it for a quarter of an hour, so that nobody else dials it; or give it back"),
    bind(&[key('d')], Action::Callbacks(Callbacks::Outcome), Scope::CallbackToWork, "outcome", "say how the call went, for all requests that stand on the row, and go on to the next"),
    bind(&[key('n')], Action::Callbacks(Callbacks::Note), Scope::CallbackToWork, "note", "write something down"),
    bind(&[key('t')], Action::Callbacks(Callbacks::Snooze), Scope::CallbackToWork, "snooze", "leave all that stands on the row until a time"),
    bind(&[key('u')], Action::Callbacks(Callbacks::Undo), Scope::CallbacksToWork, "undo", "take back the last of these that you did in the last quarter of an hour"),
    bind(&[key('f')], Action::Callbacks(Callbacks::Filter), Scope::CallbackLists, "filter", "what to ask the vendor for"),
    bind(&[key('v')], Action::Callbacks(Callbacks::Views), Scope::CallbackLists, "views", "filters by name, from the configuration"),
    bind(&[key('o')], Action::Callbacks(Callbacks::Show), Scope::Callbacks, "all/free/mine", "all rows, those nobody works on, or your own"),
    bind(&[key('/')], Action::Search, Scope::Search, "search", "show only what has all of these words"),
    bind(&[key('x')], Action::Callbacks(Callbacks::Expand), Scope::Callback, "", "several requests of one customer one by one, or as one row"),
    bind(&[key('t')], Action::Tiles, Scope::Agents, "tiles", "many agents on little room, or a list again"),
    bind(&[key('t')], Action::Calls, Scope::Activity, "calls/events", "the calls, what was missed and how they ended; or everything that comes in"),
    bind(&[key('s')], Action::Sort, Scope::List, "sort", "sort by the next column"),
    bind(&[key('S')], Action::Reverse, Scope::List, "", "sort the other way round"),
    bind(&[key(':')], Action::Palette, Scope::Panes, "command", "find a command by a few of its letters"),
    bind(&[plain(KeyCode::Enter)], Action::Inject(Inject::Edit), Scope::Inject, "edit", "type into the line, or turn its choice"),
    bind(&[key('v')], Action::Inject(Inject::Validate), Scope::InjectToSend, "validate", "the vendor checks it and records nothing"),
    bind(&[ctrl('s')], Action::Inject(Inject::Ask), Scope::InjectToSend, "send", "show exactly what would be sent, and ask"),
    bind(&[key('p')], Action::Inject(Inject::Presets), Scope::Inject, "presets", "events to begin with"),
    bind(&[key('P')], Action::Inject(Inject::Save), Scope::Inject, "save", "keep what is filled in as a preset of your own"),
    bind(&[key('h')], Action::Inject(Inject::History), Scope::Inject, "history", "events that were sent, to be sent again"),
    bind(&[key('c')], Action::Inject(Inject::Curl), Scope::Inject, "curl", "copy it as a command for a shell, without the secret"),
    bind(&[key('t')], Action::Inject(Inject::Site), Scope::InjectSites, "site", "the next site that takes events"),
    bind(&[key('x')], Action::Inject(Inject::Clear), Scope::Inject, "clear", "empty the line"),
    bind(&[key('b')], Action::PutOnList, Scope::CallerToCallBack, "call back", "put the caller, or the missed call, on the callback list"),
    bind(&[key('C')], Action::Call, Scope::Dial, "call", "connect your own phone with the number; asks first"),
    bind(&[key('H')], Action::Subscriptions, Scope::Subscribing, "", "webhook subscriptions: what the vendor pushes, to whom, and what is missing"),
    bind(&[key('y')], Action::Copy, Scope::Copy, "copy", "copy the number, the row or all rows to the clipboard"),
    bind(&[key('Y')], Action::ByHand, Scope::Copy, "", "show it as plain text, to select from by hand"),
    bind(&[key('e')], Action::Export, Scope::Row, "export", "write what is shown into a file of this folder"),
    bind(&[key('w')], Action::Scope, Scope::Queues, "queue", "look at one queue, in every pane; or at all of them"),
    bind(&[key(' ')], Action::Freeze, Scope::Thawed, "freeze", "hold the screen still; what comes in waits and is counted"),
    bind(&[key('i')], Action::Sites, Scope::Panes, "sites", "how each site is, and what is wrong in full"),
    bind(&[key('r')], Action::Refresh, Scope::Polled, "refresh", "ask the vendors now instead of when due"),
    bind(&[key('z')], Action::Zoom, Scope::Grid, "zoom", "the pane alone on the screen, and back"),
    bind(&[plain(KeyCode::Tab)], Action::NextPane, Scope::Panes, "next pane", "the next pane"),
    bind(&[plain(KeyCode::BackTab)], Action::PreviousPane, Scope::Panes, "", "the pane before"),
    bind(&[key('1')], Action::Go(PaneId::Callers), Scope::Panes, "", "go to callers"),
    bind(&[key('2')], Action::Go(PaneId::Agents), Scope::Panes, "", "go to agents"),
    bind(&[key('3')], Action::Go(PaneId::Callbacks), Scope::Panes, "", "go to callbacks"),
    bind(&[key('4')], Action::Go(PaneId::Inject), Scope::Panes, "", "go to inject"),
    bind(&[key('5')], Action::Go(PaneId::Activity), Scope::Panes, "", "go to activity"),
    bind(&[key('j'), plain(KeyCode::Down)], Action::Move(Step::Down), Scope::Rows, "", "down"),
    bind(&[key('k'), plain(KeyCode::Up)], Action::Move(Step::Up), Scope::Rows, "", "up"),
    bind(&[plain(KeyCode::PageDown), ctrl('f')], Action::Move(Step::PageDown), Scope::Rows, "", "a page down"),
    bind(&[plain(KeyCode::PageUp), ctrl('b')], Action::Move(Step::PageUp), Scope::Rows, "", "a page up"),
    bind(&[key('g'), plain(KeyCode::Home)], Action::Move(Step::First), Scope::Rows, "", "to the first row, and stay on whoever is first"),
    bind(&[key('G'), plain(KeyCode::End)], Action::Move(Step::Last), Scope::Rows, "", "to the last row"),
    bind(&[ctrl('z')], Action::Suspend, Scope::Anywhere, "", "back to the shell for a while; `fg` comes back"),
];
