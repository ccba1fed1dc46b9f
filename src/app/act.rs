//! What keys and commands do: to the panes, to what stands over them, and to
//! the list that is looked at. Pane 3 has its own affairs in `operate`.

use super::{
    agents, callbacks, callers, calls,
    columns::Kind,
    copy, dial, freeze, inject,
    keys::{self, Action, Mode},
    msg::Command,
    offers, operate,
    overlay::{
        self, AgentDetails, CallDetails, CallbackDetails, CallerDetails, EventDetails, MenuKind,
        Overlay,
    },
    palette::{Doing, Palette},
    pane::PaneId,
    search::Search,
    state::State,
    step::Step,
    subscriptions, typing,
    view::List,
    window,
};

/// Does what a key or a command stands for.
pub(super) fn act(state: &mut State, action: Action) -> Vec<Command> {
    match action {
        Action::Quit => return vec![Command::Quit],
        Action::Suspend => return vec![Command::Suspend],
        Action::Refresh => return operate::refresh(state),
        Action::Callbacks(action) => return operate::callbacks(state, action),
        Action::Inject(action) => return inject::work::press(state, action),
        Action::Call => dial::ask(state),
        Action::Subscriptions => return subscriptions::open(state),
        Action::Hooks(action) => return subscriptions::press(state, action),
        Action::PutOnList => return operate::put_on_list(state),
        Action::Choose => return choose(state),
        Action::Apply => return operate::apply_form(state),
        Action::Accept | Action::AcceptAndNext => {
            return typing::accept(state, action == Action::AcceptAndNext);
        }
        Action::Cancel => typing::cancel(state),
        Action::Clear => {
            if let Some(form) = &mut state.callbacks.form {
                form.clear();
            }
        }
        Action::Export => state.overlay = overlay::menu(MenuKind::Export),
        Action::Copy => return copy::copy(state),
        Action::ByHand => copy::by_hand(state),
        Action::Scope => state.overlay = overlay::menu(MenuKind::Scope),
        Action::Sites => state.overlay = Overlay::Sites { scroll: 0 },
        Action::Palette => state.overlay = Overlay::Palette(Palette::default()),
        Action::Freeze => freeze::toggle(state),
        Action::Sort => sort(state),
        Action::Reverse => reverse(state),
        Action::Calls => {
            state.calls.shown = !state.calls.shown;
            state.derive_calls();
        }
        Action::Tiles => state.agents.tiled = !state.agents.tiled,
        Action::Search => search(state),
        Action::Move(step) => go(state, step),
        Action::Go(pane) => state.focus = pane,
        Action::NextPane => turn(state, 1),
        Action::PreviousPane => turn(state, PaneId::ALL.len() - 1),
        Action::Details => open_details(state),
        Action::Zoom => state.zoom = !state.zoom,
        Action::Help => {
            let open = matches!(state.overlay, Overlay::Help { .. });
            state.overlay = if open {
                Overlay::None
            } else {
                Overlay::Help {
                    scroll: 0,
                    search: Search::default(),
                }
            };
        }
        Action::Back => back(state),
    }
    Vec::new()
}

/// One step out: what is open, the search, the zoom, the look at one queue.
fn back(state: &mut State) {
    if state.overlay != Overlay::None {
        state.overlay = Overlay::None;
    } else if let Some(search) = state.search_mut().filter(|s| s.is_on()) {
        search.clear();
        state.derive_focused();
    } else if state.zoom {
        state.zoom = false;
    } else {
        operate::look_at(state, None);
    }
}

/// `/`: in the help, or in the focused pane.
fn search(state: &mut State) {
    let search = match &mut state.overlay {
        Overlay::Help { search, .. } => Some(search),
        _ => state.search_mut(),
    };
    if let Some(search) = search {
        search.typing = true;
    }
}

fn sort(state: &mut State) {
    match state.list() {
        List::Callers => {
            let columns = state.caller_columns();
            state.callers.listing.sort.turn(&columns);
        }
        List::Callbacks => {
            let columns = state.callback_columns();
            state.callbacks.listing.sort.turn(&columns);
        }
        List::Agents => {
            let columns = state.agent_columns();
            state.agents.listing.sort.turn(&columns);
        }
        List::Calls => {
            let columns = state.call_columns();
            state.calls.listing.sort.turn(&columns);
        }
        List::Inject | List::Activity => {}
    }
    state.derive_focused();
}

/// Sorts the focused pane by the column with this head.
fn sort_by(state: &mut State, title: &str) {
    match state.list() {
        List::Callers => state
            .callers
            .listing
            .sort
            .set(callers::columns::Cell::named(title)),
        List::Callbacks => {
            let cell = callbacks::columns::Cell::named(title);
            state.callbacks.listing.sort.set(cell);
        }
        List::Agents => {
            let cell = agents::columns::Cell::named(title);
            state.agents.listing.sort.set(cell);
        }
        List::Calls => {
            let cell = calls::columns::Cell::named(title);
            state.calls.listing.sort.set(cell);
        }
        List::Inject | List::Activity => {}
    }
    state.derive_focused();
}

fn reverse(state: &mut State) {
    match state.list() {
        List::Callers => state.callers.listing.sort.reverse(),
        List::Callbacks => state.callbacks.listing.sort.reverse(),
        List::Agents => state.agents.listing.sort.reverse(),
        List::Calls => state.calls.listing.sort.reverse(),
        List::Inject | List::Activity => {}
    }
    state.derive_focused();
}

/// Enter on what is open.
fn choose(state: &mut State) -> Vec<Command> {
    let Overlay::Palette(palette) = &state.overlay else {
        return operate::choose(state);
    };
    let offers = offers::offers(state, palette.field.value());
    let at = palette.at(&offers);
    let Some(offer) = offers.into_iter().nth(at) else {
        return Vec::new();
    };
    state.overlay = Overlay::None;
    match offer.does {
        Doing::Act(action) => return act(state, action),
        Doing::There(pane, _) => {
            let commands = act(state, Action::Go(pane));
            let key = offer.key.rsplit(' ').next().unwrap_or_default();
            state.say(format!("here {key} does it: {}", offer.name));
            return commands;
        }
        Doing::Scope(queue) => operate::look_at(state, queue),
        Doing::Sort(title) => sort_by(state, title),
        Doing::View(at) => return operate::view(state, at),
        Doing::Bell(on) => state.bell.on = on,
        Doing::Theme(theme) => {
            state.look.theme = theme;
            let name = theme.name();
            state.say(format!("`theme = \"{name}\"` under [console] keeps it"));
        }
    }
    Vec::new()
}

fn turn(state: &mut State, by: usize) {
    let at = PaneId::ALL
        .iter()
        .position(|p| *p == state.focus)
        .unwrap_or(0);
    state.focus = PaneId::ALL[(at + by) % PaneId::ALL.len()];
}

fn go(state: &mut State, step: Step) {
    match keys::mode(state) {
        Mode::Window => {
            let Some(window) = window::window(state) else {
                return;
            };
            let to = stepped(window.scroll, step, window.page()).min(window.end());
            state.overlay.scroll_to(to);
        }
        Mode::Menu => {
            let Overlay::Menu(menu) = &state.overlay else {
                return;
            };
            let last = window::menu::choices(state, menu).len().saturating_sub(1);
            let to = stepped(menu.at, step, last).min(last);
            if let Overlay::Menu(menu) = &mut state.overlay {
                menu.at = to;
            }
        }
        Mode::Form => {
            if let Some(form) = &mut state.callbacks.form {
                let last = form.lines.len().saturating_sub(1);
                form.at = stepped(form.at, step, 5).min(last);
            }
        }
        Mode::Palette => {
            let Overlay::Palette(palette) = &state.overlay else {
                return;
            };
            let offers = offers::offers(state, palette.field.value());
            let at = palette.at(&offers);
            let to = stepped(at, step, 10).min(offers.len().saturating_sub(1));
            let picked = offers.into_iter().nth(to).map(|offer| offer.does);
            if let Overlay::Palette(palette) = &mut state.overlay {
                palette.picked = picked;
            }
        }
        Mode::Confirm => {
            let Overlay::Confirm(confirm) = &state.overlay else {
                return;
            };
            let question = window::confirm::question(state, confirm);
            let to = stepped(question.scroll, step, question.page).min(question.end());
            state.overlay.scroll_to(to);
        }
        Mode::Subscriptions => {
            let page = usize::from(state.size.height.saturating_sub(4));
            if let Overlay::Subscriptions(open) = &mut state.overlay {
                subscriptions::step(open, step, page);
            }
        }
        Mode::Panes | Mode::Typing | Mode::TypingForm | Mode::TypingInject => match state.list() {
            List::Callers => {
                let page = state.caller_rows_in_view();
                state.callers.step(step, page);
            }
            List::Callbacks => {
                let page = state.callback_rows_in_view();
                state.callbacks.step(step, page);
            }
            List::Agents => {
                let page = state.agents_in_view();
                state.agents.step(step, page);
            }
            List::Activity => {
                let page = state.activity_in_view();
                state.activity.step(step, page);
            }
            List::Calls => {
                let page = state.activity_in_view();
                state.calls.step(step, page);
            }
            List::Inject => {
                let form = &mut state.inject.form;
                form.at = stepped(form.at, step, 5).min(form.lines.len().saturating_sub(1));
            }
        },
    }
}

fn stepped(from: usize, step: Step, page: usize) -> usize {
    match step {
        Step::Down => from + 1,
        Step::Up => from.saturating_sub(1),
        Step::PageDown => from + page,
        Step::PageUp => from.saturating_sub(page),
        Step::First => 0,
        Step::Last => usize::MAX,
    }
}

fn open_details(state: &mut State) {
    state.overlay = match state.list() {
        List::Callers => caller_details(state),
        List::Callbacks => state.callbacks.callback().map(|callback| {
            Overlay::Callback(Box::new(CallbackDetails {
                callback: callback.clone(),
                scroll: 0,
            }))
        }),
        List::Agents => state.agents.row().map(|row| {
            Overlay::Agent(AgentDetails {
                site: row.site.clone(),
                id: row.id.clone(),
                scroll: 0,
            })
        }),
        List::Activity => state.activity.row().map(|logged| {
            Overlay::Event(EventDetails {
                logged: logged.clone(),
                scroll: 0,
            })
        }),
        List::Calls => state.calls.row().map(|row| {
            Overlay::Call(CallDetails {
                site: row.site.clone(),
                id: row.id.clone(),
                scroll: 0,
            })
        }),
        List::Inject => None,
    }
    .unwrap_or_default();
}

fn caller_details(state: &State) -> Option<Overlay> {
    let (queue, position, waiting) = state.selected_caller()?;
    Some(Overlay::Caller(Box::new(CallerDetails {
        queue: queue.clone(),
        id: waiting.caller.id().into(),
        position,
        row: waiting.clone(),
        gone: None,
        scroll: 0,
    })))
}
