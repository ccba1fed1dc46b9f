//! A call that was asked for: the vendor's answer, and its legs as the events
//! come back.

use super::{
    call,
    line::{Line, push_fact},
};
use crate::{
    app::{
        dial::{Calling, standing},
        state::State,
    },
    domain::{cells, dial::Dialled, told, triage::Standing},
};

/// The lines.
pub(super) fn calling(state: &State, calling: &Calling, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let dial = &calling.dial;
    let from = format!("{}   {} at {}", calling.phone, dial.from, dial.site);
    push_fact(&mut lines, "from", &from, width);
    let name = calling.name.as_deref();
    let name = name.map_or_else(String::new, |name| format!("   {name}"));
    push_fact(&mut lines, "to", &format!("{}{name}", dial.to), width);
    match &calling.dialled {
        None => {
            let words = format!("{} is asked …", dial.site);
            push_fact(&mut lines, "answer", &words, width);
        }
        Some(dialled) => answer(state, calling, dialled, &mut lines, width),
    }
    if let Some(callback) = &calling.callback {
        lines.push(Line::Text(String::new()));
        let words = match standing(state, callback) {
            Standing::Mine(_) => {
                "The callback is yours. d says how the call went; Esc leaves it open.".to_owned()
            }
            Standing::Held { who, until } => {
                let until = until.clock_time(state.board.zone());
                format!("{who} has this customer until {until}.")
            }
            Standing::Closed(outcome) => {
                format!("Nobody is to call them any more: {}.", outcome.words())
            }
            Standing::Free | Standing::Snoozed(_) if calling.dialled.is_none() => {
                "The callback is being claimed for you first.".to_owned()
            }
            Standing::Free | Standing::Snoozed(_) => {
                "The callback is not yours. Esc leaves it as it is.".to_owned()
            }
        };
        let broken = cells::wrap(&words, width);
        lines.extend(broken.into_iter().map(Line::Text));
    }
    lines
}

fn answer(
    state: &State,
    calling: &Calling,
    dialled: &Dialled,
    lines: &mut Vec<Line>,
    width: usize,
) {
    let sentence = dialled.sentence();
    if !told::is_done(&dialled.told) {
        let broken = cells::wrap(&sentence, width);
        return lines.extend(broken.into_iter().map(Line::Wrong));
    }
    let took = dialled.took.as_millis();
    push_fact(lines, "answer", &format!("{sentence} ({took} ms)"), width);
    lines.push(Line::Text(String::new()));
    let Some(id) = &dialled.call else {
        let words = "The vendor gave no call's id, so its events cannot be told from others.";
        return lines.push(Line::Text(words.into()));
    };
    let site = &calling.dial.site;
    if !call::progress(state, site, id, lines, width) {
        let words = if state.is_deaf() {
            "No event of it can come: the site's webhooks are not heard."
        } else {
            "No event of it has come yet."
        };
        lines.push(Line::Text(words.into()));
    }
}
