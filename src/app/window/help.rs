//! The help: the keys that work now, and what the signs and figures mean.

use super::line::{Line, Sign, push_fact};
use crate::{
    app::{health::Light, keys, search::Words, state::State},
    domain::text,
};

/// The lines of the help, as far as they have these words.
pub(super) fn help(state: &State, words: &Words, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let found = |label: &str, value: &str| words.are_in(&text::fold(&format!("{label} {value}")));
    // For the panes below: what works there is what the reader wants.
    for binding in keys::valid(state, keys::Mode::Panes) {
        if found(
            &binding.names(),
            &format!("{} {}", binding.hint, binding.help),
        ) {
            push_fact(&mut lines, &binding.names(), binding.help, width);
        }
    }
    for (head, facts) in GLOSSARY {
        let mut facts = facts
            .iter()
            .filter(|(_, label, value)| found(label, value))
            .peekable();
        if facts.peek().is_none() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(Line::Text(String::new()));
        }
        lines.push(Line::Head((*head).to_owned()));
        for (sign, label, value) in facts {
            let first = lines.len();
            push_fact(&mut lines, label, value, width);
            if let Some(sign) = sign
                && let Line::Fact(label, value) = &lines[first]
            {
                lines[first] = Line::Sign(*sign, label.clone(), value.clone());
            }
        }
    }
    if lines.is_empty() {
        lines.push(Line::Text("Nothing here has these words.".into()));
    }
    lines
}

type Glossary = &'static [(
    &'static str,
    &'static [(Option<Sign>, &'static str, &'static str)],
)];

/// What the signs and figures on the screen mean.
const GLOSSARY: Glossary = &[
    (
        "Signs of callers",
        &[
            (
                Some(Sign::Late),
                "late",
                "waits longer than T, the queue's service level",
            ),
            (
                Some(Sign::Critical),
                "critical",
                "waits longer than the queue's critical limit",
            ),
            (
                Some(Sign::Answered),
                "",
                "the vendor says that somebody took the call",
            ),
            (
                None,
                "stale",
                "the list is older than it should be, or its age is not known",
            ),
        ],
    ),
    (
        "Signs of agents",
        &[
            (Some(Sign::Free), "free", "may be given a call"),
            (Some(Sign::Ringing), "ringing", "a call is offered to them"),
            (
                Some(Sign::Talking),
                "on call",
                "has answered one, or says to be at calls",
            ),
            (Some(Sign::Paused), "paused", "for the reason beside it"),
            (Some(Sign::Lamp(Light::Off)), "out", "checked out"),
            (
                Some(Sign::Unknown),
                "unknown",
                "configured, and no event has told of them",
            ),
            (
                Some(Sign::AtLeast),
                "",
                "at least so long: the start was not seen",
            ),
            (
                Some(Sign::Critical),
                "",
                "looks wrong; the details have the evidence",
            ),
            (None, "?", "told before a time in which nobody listened"),
        ],
    ),
    (
        "Signs of callbacks",
        &[
            (
                Some(Sign::Late),
                "late",
                "its time was 15 minutes ago, or more",
            ),
            (
                Some(Sign::Lamp(Light::Good)),
                "due now",
                "its time came, less than 15 minutes ago",
            ),
            (
                Some(Sign::Answered),
                "you",
                "yours until the time beside it",
            ),
            (
                Some(Sign::Critical),
                "clash",
                "claimed, but its status changed at the vendor since, or it left the list",
            ),
            (
                None,
                "to do",
                "neither closed here nor snoozed: what is stands below, and is not late",
            ),
            (
                Some(Sign::Note),
                "",
                "a note on the customer; the details have all of them",
            ),
            (
                Some(Sign::Member),
                "",
                "another request of the customer above",
            ),
            (
                None,
                "PBX yes",
                "the PBX may dial it by itself, claimed or not",
            ),
        ],
    ),
    (
        "Signs of sites",
        &[
            (Some(Sign::Lamp(Light::Good)), "", "as fresh as promised"),
            (Some(Sign::Lamp(Light::Waiting)), "", "nothing heard yet"),
            (Some(Sign::Lamp(Light::Late)), "", "older than it should be"),
            (
                Some(Sign::Lamp(Light::Bad)),
                "",
                "fails; beside it the age of what is shown",
            ),
            (
                Some(Sign::Lamp(Light::Off)),
                "",
                "nothing was asked of it so far",
            ),
            (
                Some(Sign::Lamp(Light::Good)),
                "3 12s",
                "three more sites; the oldest of what they told is of 12 s ago",
            ),
            (
                Some(Sign::Unknown),
                "",
                "anywhere: not known, which is not the same as none",
            ),
            (
                Some(Sign::Frozen),
                "frozen",
                "the screen is held still; Space goes on",
            ),
        ],
    ),
    (
        "Figures",
        &[
            (
                None,
                "FREE",
                "agents who are free and have joined the queue; not known of vendors that tell of no agents",
            ),
            (None, "OVER T", "how many wait longer than T now"),
            (
                None,
                "SL/T",
                "since midnight: answered within T, of all who were answered or left; who left within 5 s is not counted",
            ),
            (None, "ANSWERED", "since midnight: the last list said so"),
            (
                None,
                "LEFT",
                "since midnight: gone otherwise, a list cannot tell why; who went while no list came is not counted",
            ),
            (
                None,
                "POS",
                "the place in the queue; VIP callers are not counted",
            ),
        ],
    ),
];
