//! Where a key holds: in which pane, on which row, while what is open.

use super::Mode;
use crate::app::{
    calls::rows::Stage, overlay::Overlay, pane::PaneId, scope, search::Search, state::State,
    view::List,
};

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
    /// Where words can be searched for: in a list, and in the help.
    Search,
    /// In a pane whose list can be sorted.
    List,
    /// In pane 2.
    Agents,
    /// In pane 5.
    Activity,
    /// On a row with somebody who can be called, where a site makes calls.
    Dial,
    /// Where a site has subscriptions.
    Subscribing,
    /// While the window of subscriptions is open.
    Subscriptions,
    /// The same, where this console may change them.
    SubscriptionsToChange,
    /// The same, where there are several sites.
    SubscriptionSites,
    /// While it is shown how a call goes that is for a callback.
    Calling,
    /// Where there is something to copy: a row, or a window that is read.
    Copy,
    /// Where there is more than one queue to choose from.
    Queues,
    /// While the screen is held still.
    Frozen,
    /// While it is not.
    Thawed,
    /// While a command is looked for.
    Palette,
    /// In pane 4.
    Inject,
    /// In pane 4, where there is more than one site.
    InjectSites,
    /// In pane 4, where this console may send.
    InjectToSend,
    /// While a line of pane 4 is typed.
    TypingInject,
    /// While something is to be confirmed.
    Confirm,
    /// The same, with Ctrl-S.
    ConfirmByCtrlS,
    /// The same, with a letter: Ctrl-S has asked, and may be held down.
    ConfirmByLetter,
    /// In pane 3.
    Callbacks,
    /// In pane 3, where a vendor is asked.
    CallbackLists,
    /// In pane 3, where a row is selected.
    Callback,
    /// In pane 3, where this console may work on it.
    CallbacksToWork,
    /// In pane 3, where a row is selected and this console may work on it.
    CallbackToWork,
    /// On a caller who must be called back, or a call that was missed, where
    /// there is a list to put them on and this console may.
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

impl Scope {
    /// Whether what is done there changes something.
    pub(super) fn changes(self) -> bool {
        matches!(
            self,
            Self::InjectToSend
                | Self::CallbacksToWork
                | Self::CallbackToWork
                | Self::CallerToCallBack
                | Self::Dial
                | Self::SubscriptionsToChange
        )
    }

    /// The pane whose own it is; `None` of what is of no one pane.
    #[must_use]
    pub fn pane(self) -> Option<PaneId> {
        match self {
            Self::Agents => Some(PaneId::Agents),
            Self::Activity => Some(PaneId::Activity),
            Self::Inject | Self::InjectSites | Self::InjectToSend => Some(PaneId::Inject),
            Self::Callbacks
            | Self::CallbackLists
            | Self::Callback
            | Self::CallbacksToWork
            | Self::CallbackToWork => Some(PaneId::Callbacks),
            _ => None,
        }
    }

    /// Whether it holds, whatever this console may change.
    pub(super) fn fits(self, state: &State, mode: Mode) -> bool {
        let panes = mode == Mode::Panes;
        let callbacks =
            panes && state.focus == PaneId::Callbacks && state.is_live(PaneId::Callbacks);
        let inject = panes && state.focus == PaneId::Inject && state.is_live(PaneId::Inject);
        let rows = state.rows_in_focus() > 0;
        match self {
            Scope::Chosen => matches!(mode, Mode::Form | Mode::Menu | Mode::Subscriptions),
            Scope::Anywhere => true,
            Scope::Read => matches!(mode, Mode::Panes | Mode::Window),
            Scope::Panes => panes,
            Scope::Rows => {
                let open = [Mode::Window, Mode::Form, Mode::Menu, Mode::Subscriptions];
                open.contains(&mode) || (panes && rows)
            }
            Scope::Row => panes && rows && !inject,
            Scope::Open => {
                let searched = state.search().is_some_and(Search::is_on);
                let open = [Mode::Window, Mode::Form, Mode::Menu, Mode::Subscriptions];
                open.contains(&mode) || (panes && (state.zoom || searched || state.scope.is_some()))
            }
            Scope::Polled => panes && state.asks_vendors(),
            Scope::Grid => {
                panes && (state.zoom || state.places().is_some_and(|p| p.tabs.is_none()))
            }
            Scope::Search => {
                (panes && state.search().is_some())
                    || (mode == Mode::Window && matches!(state.overlay, Overlay::Help { .. }))
            }
            Scope::List => panes && !state.sortable().is_empty(),
            Scope::Agents => {
                panes && state.focus == PaneId::Agents && state.is_live(PaneId::Agents)
            }
            Scope::Dial => {
                let whom = matches!(state.list(), List::Callers | List::Callbacks | List::Calls);
                panes && rows && whom && !state.dialling.is_empty()
            }
            Scope::Subscribing => panes && !state.dialling.is_empty(),
            Scope::Subscriptions | Scope::SubscriptionsToChange => mode == Mode::Subscriptions,
            Scope::SubscriptionSites => mode == Mode::Subscriptions && state.dialling.len() > 1,
            Scope::Calling => matches!(
                &state.overlay,
                Overlay::Calling(calling) if calling.callback.is_some()
            ),
            Scope::Activity => {
                panes && state.focus == PaneId::Activity && state.is_live(PaneId::Activity)
            }
            Scope::Copy => (panes && rows && !inject) || mode == Mode::Window,
            Scope::Queues => panes && scope::queues(&state.sites).len() > 1,
            Scope::Frozen => panes && state.frozen.is_some(),
            Scope::Thawed => panes && state.frozen.is_none(),
            Scope::Palette => mode == Mode::Palette,
            Scope::Inject => inject,
            Scope::InjectSites => inject && state.inject.sites() > 1,
            Scope::InjectToSend => inject,
            Scope::TypingInject => mode == Mode::TypingInject,
            Scope::Confirm => mode == Mode::Confirm,
            Scope::ConfirmByCtrlS | Scope::ConfirmByLetter => match &state.overlay {
                Overlay::Confirm(confirm) => {
                    confirm.by_letter() == (self == Scope::ConfirmByLetter)
                }
                _ => false,
            },
            Scope::Callbacks => callbacks,
            Scope::CallbackLists => callbacks && !state.callbacks.lists.is_empty(),
            Scope::Callback => callbacks && rows,
            Scope::CallbacksToWork => callbacks,
            Scope::CallbackToWork => callbacks && rows,
            Scope::CallerToCallBack if state.list() == List::Calls => {
                let missed = state
                    .calls
                    .row()
                    .is_some_and(|row| row.stage == Stage::Missed && row.number.is_some());
                panes && !state.read_only && state.is_live(PaneId::Callbacks) && missed
            }
            Scope::CallerToCallBack => {
                panes
                    && state.is_live(PaneId::Callbacks)
                    && state
                        .caller_to_call_back()
                        .is_some_and(|(_, w)| w.caller.number().is_some())
            }
            Scope::Form => mode == Mode::Form,
            Scope::Menu => mode == Mode::Menu,
            Scope::Typing => {
                matches!(mode, Mode::Typing | Mode::TypingForm | Mode::TypingInject)
            }
            Scope::TypingForm => mode == Mode::TypingForm,
        }
    }
}
