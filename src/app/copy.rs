//! What can be copied: the number one wants to dial first, then the row, then
//! all rows; and text to select from by hand where no clipboard can be
//! reached.

use std::time::Duration;

use super::{
    export,
    msg::{Command, Exported},
    overlay::{self, Choice, Overlay, PlainText},
    state::State,
    view::List,
    window::{self, Line},
};
use crate::domain::{cells, phone, record::FileFormat, time::wait};

/// Rows that are copied at once; a file takes more.
const MANY: usize = 1_000;
/// Rows that are shown to be selected by hand.
const BY_HAND: usize = 5_000;

/// What can be copied of the focused pane.
#[must_use]
pub fn choices(state: &State) -> Vec<Choice> {
    let mut choices = Vec::new();
    let mut add = |words: String, text: Option<&str>| {
        if let Some(text) = text.filter(|t| !t.is_empty()) {
            let text = text.to_owned();
            choices.push(Choice { words, text });
        }
    };
    let (number, name) = selected(state);
    if let Some(number) = number.as_ref().filter(|n| !phone::is_withheld(n)) {
        add(format!("the number {number}"), Some(number));
    }
    if let Some(name) = &name {
        add(format!("the name {name}"), Some(name));
    }
    let one = export::selected(state).map(|row| written(&row, FileFormat::Json));
    add("the row, as JSON".into(), one.as_deref());
    // More would not fit into a clipboard over a terminal anyway.
    if (2..=MANY).contains(&state.rows_in_focus()) {
        // Without what our own injector made there may be fewer.
        let rows = export::rows(state).filter(|rows| rows.len() > 1);
        let all = rows.as_ref().map(|rows| written(rows, FileFormat::Csv));
        let count = rows.as_ref().map_or(0, Exported::len);
        add(format!("all {count} rows, as CSV"), all.as_deref());
    }
    choices
}

fn selected(state: &State) -> (Option<String>, Option<String>) {
    let text = |t: Option<&str>| t.map(str::to_owned);
    match state.list() {
        List::Callers => match state.selected_caller() {
            Some((_, _, waiting)) => {
                let caller = &waiting.caller;
                (text(caller.number()), text(caller.name()))
            }
            None => (None, None),
        },
        List::Callbacks => match state.callbacks.callback() {
            Some(callback) => {
                let number = callback.e164.as_deref().or(callback.number.as_deref());
                (text(number), text(callback.name.as_deref()))
            }
            None => (None, None),
        },
        List::Agents => {
            let row = state.agents.row();
            (None, row.map(|row| row.name.clone()))
        }
        List::Activity => {
            let caller = |c: &crate::domain::event::CallFacts| {
                (text(c.number.as_deref()), text(c.name.as_deref()))
            };
            let facts = state.activity.row().and_then(|row| row.facts());
            facts.map_or((None, None), caller)
        }
        List::Calls => match state.calls.row() {
            Some(row) => (text(row.number.as_deref()), text(row.name.as_deref())),
            None => (None, None),
        },
        List::Inject => (None, None),
    }
}

fn written(rows: &Exported, format: FileFormat) -> String {
    let mut out = Vec::new();
    // Into memory: nothing can fail.
    let _ = rows.write(format, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// `y`: a choice, or all of the window that is read.
pub(super) fn copy(state: &mut State) -> Vec<Command> {
    if let Overlay::ByHand(text) = &state.overlay {
        return vec![Command::Copy(text.text.clone())];
    }
    if let Some(lines) = window::unbroken(state) {
        return vec![Command::Copy(plain(&lines))];
    }
    state.overlay = overlay::menu(overlay::MenuKind::Copy(choices(state)));
    Vec::new()
}

/// `Y`: what is shown, without frames.
pub(super) fn by_hand(state: &mut State) {
    if state.overlay == Overlay::None && state.rows_in_focus() > BY_HAND {
        let count = state.rows_in_focus();
        let words =
            format!("{count} rows are too many to select by hand; e writes them into a file");
        return state.say(words);
    }
    let text = match window::unbroken(state) {
        Some(lines) => plain(&lines),
        None => match export::rows(state) {
            Some(rows) => table(&rows),
            None => return,
        },
    };
    state.overlay = Overlay::ByHand(PlainText { text, scroll: 0 });
}

/// Rows as people would write them down.
fn table(rows: &Exported) -> String {
    let text = |t: &Option<String>| t.clone().unwrap_or_else(|| "—".to_owned());
    let lines: Vec<[String; 4]> = match rows {
        Exported::Callers(rows) => rows
            .iter()
            .map(|row| {
                let waits = row
                    .wait_s
                    .map_or_else(String::new, |s| wait(Duration::from_secs(s)));
                let secret = row.secret.then_some(phone::SECRET);
                let number = secret.or(row.number.as_deref().map(phone::shown));
                [
                    waits,
                    row.queue_name.clone(),
                    text(&number.map(str::to_owned)),
                    text(&row.name),
                ]
            })
            .collect(),
        Exported::Callbacks(rows) => rows
            .iter()
            .map(|row| {
                let due = text(&row.schedule);
                [due, text(&row.number), text(&row.name), text(&row.campaign)]
            })
            .collect(),
        Exported::Agents(rows) => rows
            .iter()
            .map(|row| {
                let waits = row.for_s.map(|s| wait(Duration::from_secs(s)));
                let name = row.name.clone().unwrap_or_else(|| row.id.clone());
                [name, row.state.clone(), text(&waits), text(&row.reason)]
            })
            .collect(),
        Exported::Calls(rows) => rows
            .iter()
            .map(|row| {
                let began = text(&row.started);
                [
                    began,
                    row.state.clone(),
                    text(&row.from),
                    text(&row.from_name),
                ]
            })
            .collect(),
        Exported::Events(rows) => rows
            .iter()
            .map(|row| {
                let json = row.body.json().to_owned();
                [row.at.clone(), row.site.clone(), row.event.clone(), json]
            })
            .collect(),
    };
    let widest = |column: usize| lines.iter().map(|l| cells::width(&l[column])).max();
    let widths: Vec<usize> = (0..3).map(|i| widest(i).unwrap_or(0)).collect();
    let mut out = String::new();
    for line in &lines {
        for (cell, width) in line.iter().zip(&widths) {
            out.push_str(&cells::pad(cell, *width, false));
            out.push_str("  ");
        }
        out.push_str(&line[3]);
        out.push('\n');
    }
    out
}

fn plain(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in lines {
        let line = match line {
            Line::Head(words) | Line::Text(words) | Line::Wrong(words) => words.clone(),
            Line::Fact(label, value) | Line::Sign(_, label, value) => {
                format!("{}{value}", cells::pad(label, 20, false))
            }
            Line::Beside(left, right, width) => {
                format!("{}  {right}", cells::pad(left, *width, false))
            }
        };
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
