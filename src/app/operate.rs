//! What the keys of pane 3 do: lists are asked for, and what is done to a
//! callback goes on record. The board moves only when the journal says so.

use std::sync::Arc;

use super::{
    callbacks::{
        form::FilterForm,
        list::{Heard, List, ListNews},
        subject,
        work::{Desk, Somebody},
    },
    calls::rows::Stage,
    cursor::Cursor,
    export, freeze, inject,
    keys::{Callbacks, Step},
    msg::Command,
    overlay::{Menu, MenuKind, Overlay, Prompt, PromptKind},
    pane::PaneId,
    scope,
    state::State,
    update::flash,
    view::List as Shown,
};
use crate::domain::{
    callback::Callback,
    entry::Seq,
    filter::Filters,
    id::SiteName,
    phone,
    record::FileFormat,
    triage::{Act, Deed, LEASE, Outcome, Standing},
};

/// `r`: what the focused pane shows is asked for now.
pub(super) fn refresh(state: &mut State) -> Vec<Command> {
    // Who asks for news wants to see them.
    freeze::thaw(state);
    if state.focus != PaneId::Callbacks {
        return vec![Command::Refresh];
    }
    read(state, |list| list.reading.is_none(), false)
}

/// Lists that are old enough are asked for again.
pub(super) fn read_what_is_due(state: &mut State) -> Vec<Command> {
    if state.frozen.is_some() {
        return Vec::new();
    }
    let now = state.now;
    read(state, |list| list.is_due(now), false)
}

/// Asks for these lists; `afresh` where the question is another one, which
/// ends what is being read.
fn read(state: &mut State, which: impl Fn(&List) -> bool, afresh: bool) -> Vec<Command> {
    let pane = &mut state.callbacks;
    let mut commands = Vec::new();
    for (site, list) in pane.lists.iter_mut().filter(|(_, list)| which(list)) {
        pane.generation += 1;
        list.begin(pane.generation, afresh);
        commands.push(Command::List {
            site: site.clone(),
            filters: pane.filters.clone(),
            generation: pane.generation,
        });
    }
    if afresh {
        state.derive_callbacks();
    }
    commands
}

/// News of a list.
pub(super) fn hear(state: &mut State, news: ListNews) {
    let now = state.now;
    let triage = &state.board.triage;
    let Some((_, list)) = state
        .callbacks
        .lists
        .iter_mut()
        .find(|(site, _)| *site == news.site)
    else {
        return;
    };
    let holder = |c: &Callback| triage.holder(&subject(c), c.customer(), now);
    let heard = list.hear(news.generation, news.what, now, |c| holder(c).is_some());
    let lost = list.items.iter().find(|item| {
        item.missing && holder(&item.callback).is_some_and(|claim| claim.who == state.me)
    });
    let lost = lost.map(|item| {
        item.callback
            .number
            .as_deref()
            .unwrap_or("your claim")
            .to_owned()
    });
    let rows = list.items.len();
    match heard {
        Heard::Nothing => return,
        // While it grows it is laid out anew whenever it has doubled: often
        // enough to read, seldom enough to type.
        Heard::Page if rows > 500 && rows < state.callbacks.rows.len().saturating_mul(2) => return,
        Heard::Page | Heard::Whole => state.derive_callbacks(),
    }
    if let (Heard::Whole, Some(number)) = (heard, lost) {
        flash(
            state,
            format!("{number} left the vendor's list while it is yours"),
        );
    }
}

/// Whether rows come and go now: a claim or a snooze ran out.
pub(super) fn changes_with_time(state: &State) -> bool {
    state.frozen.is_none() && state.callbacks.changes.is_some_and(|at| state.now >= at)
}

/// What became of something done here, for the flash: what, and to whom.
pub(super) fn told(state: &State, seq: Seq, act: &Act) -> String {
    let zone = state.board.zone();
    let took = state.board.triage.took(&act.subject, seq) != Some(false);
    let whom = act.customer.as_deref().unwrap_or(act.subject.id.as_str());
    match &act.deed {
        Deed::Claim { .. } if !took => {
            let customer = act.customer.as_ref();
            match state
                .board
                .triage
                .standing(&act.subject, customer, &state.me, state.now)
            {
                Standing::Held { who, until } => {
                    format!(
                        "{who} was first and has {whom} until {}",
                        until.clock_time(zone)
                    )
                }
                _ => format!("somebody else was first at {whom}"),
            }
        }
        Deed::Claim { until, .. } => {
            let dials = state
                .callbacks
                .rows
                .iter()
                .find(|row| row.subject == act.subject);
            let dials = dials.is_some_and(|row| row.callback.is_dialled_by_vendor());
            let but = if dials {
                ", but the PBX may dial it too"
            } else {
                ""
            };
            format!("{whom} is yours until {}{but}", until.clock_time(zone))
        }
        Deed::Release => format!("{whom} given back"),
        Deed::Note { .. } => format!("noted on {whom}"),
        Deed::Outcome { outcome } => format!("{whom}: {}", outcome.words()),
        Deed::Snooze { until } => format!("{whom} snoozed until {}", until.short(state.now, zone)),
        Deed::Undo { .. } if !took => {
            "nothing was taken back: it was already, or somebody else has the customer".to_owned()
        }
        Deed::Undo { act: of } => {
            let undone = state.board.triage.case(&act.subject);
            let undone = undone.and_then(|case| case.history().iter().find(|d| d.seq == *of));
            format!(
                "undone on {whom}: {}",
                undone.map_or("the last", |d| d.act.deed.word())
            )
        }
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
        state.callbacks.go_to(&act.subject);
    }
    commands
}

/// A key that works on the selected row.
fn on_row(state: &mut State, action: Callbacks) -> Vec<Command> {
    // While it is shown how a call goes, it is about whom it is for.
    let called = match &state.overlay {
        Overlay::Calling(calling) => calling.callback.clone(),
        _ => None,
    };
    let Some(callback) = called.or_else(|| state.callbacks.callback().cloned()) else {
        return Vec::new();
    };
    match action {
        Callbacks::Note => {
            state.overlay = Overlay::Prompt(Prompt::new(PromptKind::Note(callback), ""));
        }
        Callbacks::Snooze => {
            state.overlay = Overlay::Prompt(Prompt::new(PromptKind::Snooze(callback), "+1h"));
        }
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
fn record(state: &mut State, act: impl FnOnce(&Desk<'_>) -> Result<Act, String>) -> Vec<Command> {
    match make(state, act) {
        Ok(act) => vec![Command::Act(act)],
        Err(why) => {
            flash(state, why);
            Vec::new()
        }
    }
}

/// Makes an act, unless this console changes nothing.
fn make(state: &State, act: impl FnOnce(&Desk<'_>) -> Result<Act, String>) -> Result<Act, String> {
    if state.read_only {
        return Err("this console is read-only".into());
    }
    act(&Desk {
        triage: &state.board.triage,
        me: &state.me,
        now: state.now,
        zone: state.board.zone(),
    })
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
                MenuKind::Copy(choices) => {
                    let chosen = choices.into_iter().nth(at);
                    chosen.map(|c| Command::Copy(c.text)).into_iter().collect()
                }
                MenuKind::Preset => {
                    inject::work::preset(state, at);
                    Vec::new()
                }
                MenuKind::History(past) => {
                    if let Some(past) = past.get(at) {
                        inject::work::repeat(state, past);
                    }
                    Vec::new()
                }
                MenuKind::Scope => {
                    let queues = scope::queues(&state.sites);
                    let name = at.checked_sub(1).and_then(|i| queues.get(i));
                    let name = name.map(|name| Arc::from(*name));
                    look_at(state, name);
                    Vec::new()
                }
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

/// One queue, or all, in every pane.
pub(super) fn look_at(state: &mut State, queue: Option<Arc<str>>) {
    state.scope = queue;
    state.derive_all();
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

pub(super) fn view(state: &mut State, at: usize) -> Vec<Command> {
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
    form.accept();
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
    // What is shown answers another question: its answer must not wait.
    freeze::thaw(state);
    state.callbacks.filters = filters;
    state.callbacks.listing.cursor = Cursor::First;
    read(state, |_| true, true)
}

/// Enter in a prompt.
pub(super) fn answer_prompt(state: &mut State) -> Vec<Command> {
    let Overlay::Prompt(prompt) = &state.overlay else {
        return Vec::new();
    };
    let kind = prompt.kind.clone();
    let typed = prompt.field.value().to_owned();
    let snoozes = matches!(kind, PromptKind::Snooze(_));
    let made = match kind {
        PromptKind::Note(callback) => make(state, |desk| desk.note(&callback, &typed)),
        PromptKind::Snooze(callback) => make(state, |desk| desk.snooze(&callback, &typed)),
        PromptKind::Preset => return inject::save::named(state),
    };
    match (made, &mut state.overlay) {
        (Ok(act), overlay) => {
            *overlay = Overlay::None;
            if snoozes {
                // Its row goes below; the work goes on where it stood.
                let page = state.callback_rows_in_view();
                state.callbacks.step(Step::Down, page);
            }
            vec![Command::Act(act)]
        }
        // What was typed stays, to be mended.
        (Err(why), Overlay::Prompt(prompt)) => {
            prompt.mistake = Some(why);
            Vec::new()
        }
        (Err(_), _) => Vec::new(),
    }
}

/// `b`: the selected caller who must be called back, or the missed call.
pub(super) fn put_on_list(state: &mut State) -> Vec<Command> {
    let site_of = |name: &SiteName| state.sites.iter().find(|s| s.name == *name);
    match state.list() {
        Shown::Calls => {
            let Some(row) = state.calls.row().filter(|row| row.stage == Stage::Missed) else {
                return Vec::new();
            };
            let (site, queue) = (row.site.clone(), row.queue.clone());
            let country = site_of(&site).and_then(|s| s.country.clone());
            let since = row.began.unwrap_or(state.now);
            let (id, number, name) = (row.id.clone(), row.number.clone(), row.name.clone());
            record(state, |desk| {
                let caller = Somebody {
                    id: id.as_str(),
                    number: number.as_deref(),
                    name: name.as_deref(),
                };
                let act = desk.put(&site, queue.as_deref().unwrap_or("—"), caller, since)?;
                Ok(of_customer(act, country.as_deref()))
            })
        }
        _ => {
            let Some((key, waiting)) = state.caller_to_call_back() else {
                return Vec::new();
            };
            let site = site_of(&key.site);
            let queue = site.and_then(|s| s.queue(&key.queue));
            let queue = queue.map_or(key.queue.as_str(), |q| &q.name).to_owned();
            let country = site.and_then(|s| s.country.clone());
            let (site, waiting) = (key.site.clone(), waiting.clone());
            record(state, |desk| {
                let act = desk.put(&site, &queue, (&waiting.caller).into(), waiting.since())?;
                Ok(of_customer(act, country.as_deref()))
            })
        }
    }
}

/// The same customer's other requests are found by their number.
fn of_customer(mut act: Act, country: Option<&str>) -> Act {
    let sent = act.customer.as_deref();
    let e164 = sent.and_then(|number| phone::e164(number, country));
    act.customer = e164.map(Arc::from).or(act.customer);
    act
}
