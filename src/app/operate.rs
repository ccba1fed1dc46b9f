//! What the keys of pane 3 do: lists are asked for, and what is done to a
//! callback goes on record. The board moves only when the journal says so.

use std::sync::Arc;

use tui_input::Input as Field;

use super::{
    callbacks::{form::FilterForm, list::ListNews, rows::Show, work::Desk},
    cursor::Cursor,
    export,
    keys::{Callbacks, Step},
    msg::Command,
    overlay::{Menu, MenuKind, Overlay, Prompt, PromptKind},
    pane::PaneId,
    state::State,
    update::flash,
};
use crate::domain::{
    callback::Callback,
    entry::Seq,
    filter::Filters,
    phone,
    record::FileFormat,
    triage::{Act, Deed, LEASE, Outcome, Standing},
};

/// `r`: what the focused pane shows is asked for now.
pub(super) fn refresh(state: &mut State) -> Vec<Command> {
    if state.focus != PaneId::Callbacks {
        return vec![Command::Refresh];
    }
    read(state, false)
}

/// Lists that are old enough are asked for again.
pub(super) fn read_what_is_due(state: &mut State) -> Vec<Command> {
    let now = state.now;
    if state
        .callbacks
        .lists
        .iter()
        .any(|(_, list)| list.is_due(now))
    {
        read(state, false)
    } else {
        Vec::new()
    }
}

/// Asks for all lists that are not being read; `afresh` where the question is
/// another one, which ends what is being read.
fn read(state: &mut State, afresh: bool) -> Vec<Command> {
    let pane = &mut state.callbacks;
    pane.generation += 1;
    let generation = pane.generation;
    let mut commands = Vec::new();
    for (site, list) in &mut pane.lists {
        if afresh || list.reading.is_none() {
            list.begin(generation, afresh);
            commands.push(Command::List {
                site: site.clone(),
                filters: pane.filters.clone(),
                generation,
            });
        }
    }
    if afresh {
        state.derive_callbacks();
    }
    commands
}

/// News of a list.
pub(super) fn hear(state: &mut State, news: ListNews) {
    let now = state.now;
    let Some(list) = state.callbacks.list_mut(&news.site) else {
        return;
    };
    if list.hear(news.generation, news.what, now) {
        state.derive_callbacks();
    }
}

/// Whether rows come and go as time goes by: claims and snoozes run out.
pub(super) fn changes_with_time(state: &State) -> bool {
    state.callbacks.show != Show::All
}

/// What became of something done here, for the flash.
pub(super) fn told(state: &State, seq: Seq, act: &Act) -> String {
    let zone = state.board.zone();
    match &act.deed {
        Deed::Claim { until, .. } => match state.board.triage.won(&act.subject, seq) {
            Some(false) => {
                let customer = act.customer.as_ref();
                match state
                    .board
                    .triage
                    .standing(&act.subject, customer, &state.me, state.now)
                {
                    Standing::Held { who, until } => {
                        format!(
                            "{who} was first and has it until {}",
                            until.clock_time(zone)
                        )
                    }
                    _ => "somebody else was first".to_owned(),
                }
            }
            _ => format!("yours until {}", until.clock_time(zone)),
        },
        Deed::Release => "given back".to_owned(),
        Deed::Note { .. } => "noted".to_owned(),
        Deed::Outcome { outcome } => format!("on record: {}", outcome.words()),
        Deed::Snooze { until } => format!("left until {}", until.short(state.now, zone)),
        Deed::Undo { .. } => "taken back".to_owned(),
        Deed::Add { added } => format!("{} is on the callback list", added.number),
    }
}

/// A key of pane 3.
pub(super) fn callbacks(state: &mut State, action: Callbacks) -> Vec<Command> {
    match action {
        Callbacks::Filter => {
            if state.callbacks.form.is_none() {
                state.callbacks.form = Some(FilterForm::new(&state.callbacks.filters));
            }
            state.overlay = Overlay::Filter;
        }
        Callbacks::Views => {
            state.overlay = Overlay::Menu(Menu {
                kind: MenuKind::View,
                at: 0,
            });
        }
        Callbacks::Show => state.callbacks.show = state.callbacks.show.next(),
        Callbacks::Sort => {
            state.callbacks.sort.by = state.callbacks.sort.by.next();
            state.callbacks.sort.reversed = false;
        }
        Callbacks::Reverse => state.callbacks.sort.reversed = !state.callbacks.sort.reversed,
        Callbacks::Expand => {
            let customer = state
                .callbacks
                .callback()
                .and_then(|c| c.customer().cloned());
            if let Some(customer) = customer
                && !state.callbacks.expanded.remove(&customer)
            {
                state.callbacks.expanded.insert(customer);
            }
        }
        Callbacks::Undo => return undo(state),
        Callbacks::Claim | Callbacks::Note | Callbacks::Snooze | Callbacks::Outcome => {
            return on_row(state, action);
        }
    }
    state.derive_callbacks();
    Vec::new()
}

/// `u`: the cursor goes to where the last thing was done.
fn undo(state: &mut State) -> Vec<Command> {
    let commands = record(state, |desk| desk.undo(LEASE));
    if let [Command::Act(act)] = commands.as_slice() {
        let row = state
            .callbacks
            .rows
            .iter()
            .position(|row| row.subject == act.subject);
        if let Some(row) = row {
            state.callbacks.cursor = Cursor::On {
                key: act.subject.clone(),
                row,
            };
        }
    }
    commands
}

/// A key that works on the selected row.
fn on_row(state: &mut State, action: Callbacks) -> Vec<Command> {
    let Some(callback) = state.callbacks.callback().cloned() else {
        return Vec::new();
    };
    let prompt = |kind, typed: &str| {
        Overlay::Prompt(Prompt {
            kind,
            callback: callback.clone(),
            field: Field::new(typed.to_owned()),
            mistake: None,
        })
    };
    match action {
        Callbacks::Note => state.overlay = prompt(PromptKind::Note, ""),
        Callbacks::Snooze => state.overlay = prompt(PromptKind::Snooze, "+1h"),
        Callbacks::Outcome => {
            state.overlay = Overlay::Menu(Menu {
                kind: MenuKind::Outcome(callback),
                at: 0,
            });
        }
        _ => return record(state, |desk| desk.claim(&callback)),
    }
    Vec::new()
}

/// Asks for an act to be put on record, or says why there is none.
fn record(state: &mut State, make: impl FnOnce(&Desk<'_>) -> Result<Act, String>) -> Vec<Command> {
    if state.read_only {
        flash(state, "this console is read-only".into());
        return Vec::new();
    }
    let desk = Desk {
        triage: &state.board.triage,
        me: &state.me,
        now: state.now,
        zone: state.board.zone(),
    };
    match make(&desk) {
        Ok(act) => vec![Command::Act(act)],
        Err(why) => {
            flash(state, why);
            Vec::new()
        }
    }
}

/// Enter in a menu, or on a line of the form.
pub(super) fn choose(state: &mut State) -> Vec<Command> {
    match &state.overlay {
        Overlay::Filter => {
            if let Some(form) = &mut state.callbacks.form {
                form.edit();
            }
            Vec::new()
        }
        Overlay::Menu(menu) => {
            let (kind, at) = (menu.kind.clone(), menu.at);
            state.overlay = Overlay::None;
            match kind {
                MenuKind::Outcome(callback) => outcome(state, &callback, at),
                MenuKind::View => view(state, at),
                MenuKind::Export => {
                    let format = FileFormat::ALL.get(at);
                    format
                        .and_then(|f| export::command(state, *f))
                        .into_iter()
                        .collect()
                }
            }
        }
        _ => Vec::new(),
    }
}

fn outcome(state: &mut State, callback: &Arc<Callback>, at: usize) -> Vec<Command> {
    let Some(outcome) = Outcome::ALL.get(at) else {
        return Vec::new();
    };
    let commands = record(state, |desk| desk.outcome(callback, *outcome));
    if !commands.is_empty() {
        // On to the next: the work goes down the list.
        let page = state.callback_rows_in_view();
        state.callbacks.step(Step::Down, page);
    }
    commands
}

fn view(state: &mut State, at: usize) -> Vec<Command> {
    let chosen = at.checked_sub(1).and_then(|i| state.views.get(i)).cloned();
    let (name, filters) = match chosen {
        Some((name, filters)) => (Some(name), filters),
        None => (None, Filters::pending()),
    };
    state.callbacks.view = name;
    state.callbacks.form = None;
    ask_for(state, filters)
}

/// `Ctrl-S` in the form.
pub(super) fn apply_form(state: &mut State) -> Vec<Command> {
    let Some(form) = &mut state.callbacks.form else {
        return Vec::new();
    };
    match form.filters() {
        Ok(filters) => {
            state.overlay = Overlay::None;
            state.callbacks.view = None;
            state.callbacks.form = None;
            ask_for(state, filters)
        }
        Err((at, mistake)) => {
            form.at = at;
            flash(state, mistake);
            Vec::new()
        }
    }
}

fn ask_for(state: &mut State, filters: Filters) -> Vec<Command> {
    state.callbacks.filters = filters;
    state.callbacks.cursor = Cursor::First;
    read(state, true)
}

/// Enter in a prompt.
pub(super) fn answer_prompt(state: &mut State) -> Vec<Command> {
    let Overlay::Prompt(prompt) = &state.overlay else {
        return Vec::new();
    };
    let desk = Desk {
        triage: &state.board.triage,
        me: &state.me,
        now: state.now,
        zone: state.board.zone(),
    };
    let typed = prompt.field.value();
    let made = match prompt.kind {
        PromptKind::Note => desk.note(&prompt.callback, typed),
        PromptKind::Snooze => desk.snooze(&prompt.callback, typed),
    };
    match made {
        Ok(act) => {
            state.overlay = Overlay::None;
            vec![Command::Act(act)]
        }
        // What was typed stays, to be mended.
        Err(why) => {
            if let Overlay::Prompt(prompt) = &mut state.overlay {
                prompt.mistake = Some(why);
            }
            Vec::new()
        }
    }
}

/// `b` in pane 1.
pub(super) fn put_on_list(state: &mut State) -> Vec<Command> {
    let Some((key, waiting)) = state.caller_to_call_back() else {
        return Vec::new();
    };
    let site = state.sites.iter().find(|s| s.name == key.site);
    let queue = site
        .and_then(|s| s.queue(&key.queue))
        .map_or(key.queue.as_str(), |q| q.name.as_str())
        .to_owned();
    let country = site.and_then(|s| s.country.clone());
    let (site, waiting) = (key.site.clone(), waiting.clone());
    record(state, |desk| {
        let mut act = desk.put(&site, &queue, &waiting.caller, waiting.since())?;
        // The same customer's other requests are found by their number.
        let e164 = act
            .customer
            .as_deref()
            .and_then(|n| phone::e164(n, country.as_deref()));
        act.customer = e164.map(Arc::from).or(act.customer);
        Ok(act)
    })
}
