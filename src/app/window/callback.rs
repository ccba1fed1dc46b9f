//! Everything about a callback, in lines: what the vendor sent, and what was
//! done to it here.

use std::sync::Arc;

use super::line::{Line, push_fact};
use crate::{
    app::{callbacks::subject, state::State},
    domain::{
        callback::{Callback, due_words},
        cells,
        time::At,
        triage::{Act, Deed},
    },
};

/// The lines of a callback's details.
pub(super) fn callback(state: &State, callback: &Callback, width: usize) -> Vec<Line> {
    let zone = state.board.zone();
    let mut lines = worked_on(state, callback, width);
    let mut fact = |label: &str, value: &str| push_fact(&mut lines, label, value, width);
    let text = |t: &Option<Arc<str>>| t.as_deref().unwrap_or("—").to_owned();
    let time = |at: Option<At>| at.map_or_else(|| "—".into(), |at| at.date_time(zone));
    fact("status", callback.status.as_ref().map_or("—", |s| s.word()));
    let seen = state.seen_at();
    let due = due_words(callback.due(seen), callback.schedule, seen, zone);
    fact("due", &due);
    let e164 = callback
        .e164
        .as_ref()
        .filter(|e| callback.number.as_ref() != Some(e));
    fact(
        "number",
        &format!(
            "{}{}",
            text(&callback.number),
            e164.map_or(String::new(), |e| format!("   {e}"))
        ),
    );
    fact("name", &text(&callback.name));
    if let Some(talk) = state.reached(callback) {
        let when = talk.at.date_time(zone);
        fact(
            "reached since",
            &format!("{when}   call {} at {}", talk.call, talk.site),
        );
    }
    fact("campaign", &text(&callback.campaign));
    fact(
        "assigned to",
        &format!(
            "{} {}",
            text(&callback.assign_type),
            text(&callback.assigned_to)
        ),
    );
    let dialled = if callback.is_dialled_by_vendor() {
        "   the PBX may dial it by itself, claimed or not"
    } else {
        ""
    };
    fact(
        "dialled",
        &format!(
            "{}, {}{dialled}",
            text(&callback.outbound_type),
            text(&callback.attend_type)
        ),
    );
    let count = |n: Option<i64>| n.map_or("—".to_owned(), |n| n.to_string());
    fact(
        "tries",
        &format!(
            "{} of {}",
            count(callback.retries),
            count(callback.max_retries)
        ),
    );
    fact("scheduled", &time(callback.schedule));
    fact("created", &time(callback.created));
    fact("called with", &text(&callback.dnid));
    fact("shown number", &text(&callback.outbound_number));
    fact("project", &text(&callback.project_id));
    fact("inbound route", &text(&callback.inbound_route_id));
    fact("external id", &text(&callback.external_id));
    fact("priority", &text(&callback.priority));
    fact("site", callback.site.as_str());
    fact("id", callback.id.as_str());
    if !callback.extra.is_empty() {
        lines.push(Line::Text(String::new()));
        lines.push(Line::Head("Other fields".into()));
        for (name, value) in &callback.extra {
            push_fact(&mut lines, name, value.as_str(), width);
        }
    }
    if let Some(raw) = &callback.raw {
        lines.push(Line::Text(String::new()));
        lines.push(Line::Head("As the vendor sent it".into()));
        let text = raw.pretty();
        lines.extend(
            text.lines()
                .flat_map(|line| cells::wrap(line, width))
                .map(Line::Text),
        );
    }
    lines
}

/// What was done here to a callback and to other requests of its customer,
/// oldest first. It stands before all that the vendor sent: whoever calls must
/// have seen it.
fn worked_on(state: &State, callback: &Callback, width: usize) -> Vec<Line> {
    let own = subject(callback);
    let history = state.board.triage.history(&own, callback.customer());
    if history.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::Head("Worked on".into())];
    for done in history {
        let what = match &done.act.deed {
            Deed::Claim { until, .. } if done.took => {
                format!("claimed until {}", until.clock_time(state.board.zone()))
            }
            Deed::Claim { .. } => "wanted to claim, but came second".to_owned(),
            Deed::Release => "gave back".to_owned(),
            Deed::Note { text } => format!("noted: {text}"),
            Deed::Outcome { outcome } => format!("called: {}", outcome.words()),
            Deed::Snooze { until } => format!("left until {}", until.date_time(state.board.zone())),
            Deed::Undo { .. } => "took the last back".to_owned(),
            Deed::Add { .. } => "put on the list".to_owned(),
        };
        let undone = if done.undone { " (taken back)" } else { "" };
        let Act {
            subject, also, who, ..
        } = &done.act;
        let of = match also.len() {
            0 if *subject == own => String::new(),
            0 => format!(", request {}", subject.id),
            others => format!(", {} requests", others + 1),
        };
        let value = format!("{who} {what}{of}{undone}");
        let at = done.at.date_time(state.board.zone());
        push_fact(&mut lines, &at, &value, width);
    }
    lines.push(Line::Text(String::new()));
    lines.push(Line::Head("The request".into()));
    lines
}
