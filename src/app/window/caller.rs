//! Everything about a caller, in lines: what the vendor sent, and how long
//! they wait.

use super::line::{Line, push_fact};
use crate::{
    app::{overlay::CallerDetails, pane::PaneId, state::State},
    domain::{
        caller::CallerState,
        cells,
        site::QueueKey,
        time::{At, wait},
    },
};

/// The lines of a caller's details.
pub(super) fn caller(state: &State, details: &CallerDetails, width: usize) -> Vec<Line> {
    let caller = details.row.caller.told();
    let zone = state.board.zone();
    let mut lines = Vec::new();
    let time = |at: Option<At>| {
        at.map_or_else(
            || "—".into(),
            |at| format!("{}   {at}", at.clock_time(zone)),
        )
    };
    let skew = skew_ms(state, &details.queue);
    let waited = details
        .row
        .wait(details.gone.unwrap_or(state.seen_at()), skew);
    let mut fact = |label: &str, value: &str| push_fact(&mut lines, label, value, width);
    match details.gone {
        Some(at) => {
            let how = if caller.was_answered() {
                "answered, no longer in the queue"
            } else {
                "no longer in the queue"
            };
            fact("state", &format!("{how} since {}", at.clock_time(zone)));
            fact("waited", &wait(waited));
        }
        None => {
            fact("state", state_words(&caller.state));
            fact("waits", &wait(waited));
        }
    }
    let uncounted = if details.row.injected() {
        "— (not counted)"
    } else {
        "— (VIP callers are not counted)"
    };
    fact(
        "position",
        &details
            .position
            .map_or_else(|| uncounted.into(), |p| p.to_string()),
    );
    if details.row.injected() {
        fact("injected", "sent by our own injector; not counted");
    }
    fact("number", caller.party.shown());
    fact("name", caller.party.name().unwrap_or("—"));
    fact("called", caller.presentation.as_deref().unwrap_or("—"));
    fact("entered", &time(caller.entered));
    let seen = details.row.seen.clock_time(zone);
    if is_pushed(state, &details.queue) {
        // A call is heard of in a voice menu already, before it comes here.
        fact("call heard of", &format!("first at {seen}"));
    } else {
        fact("first seen", &seen);
    }
    fact("answered", &time(caller.answered));
    fact(
        "by extension",
        caller.answered_by_extension.as_deref().unwrap_or("—"),
    );
    fact(
        "by number",
        caller.answered_by_number.as_deref().unwrap_or("—"),
    );
    fact(
        "queue",
        &format!(
            "{}   {}",
            queue_name(state, &details.queue),
            details.queue.queue
        ),
    );
    fact("site", details.queue.site.as_str());
    fact("id", details.id.as_str());
    if skew != 0 {
        fact(
            "vendor's clock",
            &format!("{} s off ours; waits are corrected", skew / 1000),
        );
    }
    lines.push(Line::Text(String::new()));
    lines.push(Line::Head("As the vendor sent it".into()));
    match &caller.raw {
        Some(raw) => {
            let text = raw.pretty();
            let broken = text.lines().flat_map(|line| cells::wrap(line, width));
            lines.extend(broken.map(Line::Text));
        }
        None => lines.push(Line::Text("not kept: the number is secret".into())),
    }
    lines
}

/// Whether calls tell of who waits in a queue, rather than a list.
fn is_pushed(state: &State, key: &QueueKey) -> bool {
    let site = state.sites.iter().find(|site| site.name == key.site);
    site.is_some_and(|site| PaneId::Agents.vendors().contains(&site.vendor))
}

/// The name of a queue, where the configuration gives one.
pub(super) fn queue_name(state: &State, key: &QueueKey) -> String {
    let line = state.callers.queues.iter().find(|q| q.key == *key);
    line.map_or_else(|| key.queue.to_string(), |q| q.queue.name.clone())
}

fn skew_ms(state: &State, key: &QueueKey) -> i64 {
    let line = state.callers.queues.iter().find(|q| q.key == *key);
    line.and_then(|q| state.feeds.get(&q.feed))
        .map_or(0, |health| health.skew_ms)
}

/// A state in the words of the vendor's page.
fn state_words(state: &CallerState) -> &str {
    match state {
        CallerState::Queued => "queued: waits to be answered",
        CallerState::Callback => "callback: waits to be answered, but must be called back",
        CallerState::Vip => "VIP: waits to be answered, not counted in positions",
        CallerState::Other(word) => word,
    }
}
