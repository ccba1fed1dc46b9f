//! What a step expects: of the board, and of an answer.

use std::{sync::Arc, time::Duration};

use super::{
    super::{
        Act, Answer,
        expect::{CALL_STATES, Count, Hope},
        template::Template,
    },
    Around,
    keys::{ANSWER, EXPECT},
    span, template,
};
use crate::domain::{
    agent::AgentState,
    call::CallState,
    sheet::{Item, Table},
    suggest,
};

/// How long an expectation waits unless it says.
const WITHIN: Duration = Duration::from_secs(2);
/// What an answer is expected to be where a step does not say.
const FINE: &str = "2xx";

/// What is expected of the board.
pub fn hope(table: &Table<'_>, around: &Around) -> Option<Act> {
    let item = table.get("expect")?;
    let wanted = item.table("this expectation", EXPECT)?;
    let hope = hoped(&wanted, about(&wanted)?, around)?;
    let within = table
        .get("within")
        .map_or(Some(WITHIN), |item| span(&item))?;
    Some(Act::Expect { hope, within })
}

/// What it is about: one thing, and nothing is said that is about others.
fn about(wanted: &Table<'_>) -> Option<&'static str> {
    const WHAT: [&str; 4] = ["agent", "call", "queue", "event"];
    let what = match wanted.present(&WHAT).as_slice() {
        [one] => *one,
        [] => return wanted.wrong("is about nothing; add agent, call, queue or event = …"),
        several => {
            let several = suggest::listed(several.iter().copied(), "and");
            return wanted.wrong(&format!("is about {several}; make each a step of its own"));
        }
    };
    let goes = match what {
        "queue" => "waiting",
        "event" => "with",
        _ => "state",
    };
    for name in wanted.present(&["state", "waiting", "with"]) {
        if name != goes
            && let Some(stray) = wanted.get(name)
        {
            stray.wrong::<()>(&format!(
                "does not go with {what}, but {goes} does; remove it"
            ));
        }
    }
    Some(what)
}

/// How that is expected to be.
fn hoped(wanted: &Table<'_>, what: &str, around: &Around) -> Option<Hope<Template>> {
    let text = |name: &str| template(&wanted.get(name)?, around);
    let need = |name: &str, sample: &str| {
        wanted
            .get(name)
            .or_else(|| wanted.wrong(&format!("has no {name}; add {name} = {sample}")))
    };
    Some(match what {
        "agent" => {
            let states = AgentState::ALL.map(|state| (state.word(), state));
            let state = need("state", "\"on_call\"")?.choice(&states);
            Hope::Agent {
                agent: text("agent")?,
                state: state?,
            }
        }
        "call" => {
            let states = CALL_STATES.map(|state: CallState| (state.word(), state));
            let state = need("state", "\"answered\"")?.choice(&states);
            Hope::Call {
                call: text("call")?,
                state: state?,
            }
        }
        "queue" => {
            let waiting = need("waiting", "1")?;
            let count = Count::read(&waiting.scalar()?);
            Hope::Waiting {
                queue: text("queue")?,
                count: count.map_or_else(|what| waiting.wrong(&what), Some)?,
            }
        }
        _ => seen(wanted, around)?,
    })
}

fn seen(wanted: &Table<'_>, around: &Around) -> Option<Hope<Template>> {
    let mut with = Vec::new();
    if let Some(fields) = wanted.get("with") {
        for entry in fields.entries()? {
            with.push((entry.key.into(), template(&entry.item, around)?));
        }
    }
    Some(Hope::Seen {
        event: template(&wanted.get("event")?, around)?,
        with,
    })
}

/// What is expected of the answer.
pub fn answer(table: &Table<'_>) -> Option<Answer> {
    let Some(item) = table.get("answer") else {
        // A refusal that nobody expects is a failure.
        return Some(Answer {
            code: Some(FINE.into()),
            key: None,
            within: None,
        });
    };
    if !item.is_table() {
        return Some(Answer {
            code: code(&item),
            key: None,
            within: None,
        });
    }
    let wanted = item.table("this answer", ANSWER)?;
    if wanted.present(&["code", "key", "within"]).is_empty() {
        return wanted.wrong("expects nothing; add code = \"204\"");
    }
    let is_said = table.get("event").is_some();
    if is_said && let Some(key) = wanted.get("key") {
        key.wrong::<()>("goes with `inject`, and this step has `event`; remove it");
    }
    let given = wanted.get("code").and_then(|item| code(&item));
    let any = wanted.get("key").is_some();
    Some(Answer {
        code: given.or_else(|| (!any).then(|| FINE.into())),
        key: wanted
            .get("key")
            .and_then(|item| item.word().map(Arc::from)),
        within: wanted.get("within").and_then(|item| span(&item)),
    })
}

/// `204` or `2xx`.
fn code(item: &Item<'_>) -> Option<Arc<str>> {
    let code = item.scalar()?;
    let digits = code.bytes().take_while(u8::is_ascii_digit).count();
    match (digits, &code[digits..]) {
        (3, "") | (1, "xx") => Some(code.into()),
        _ => item.wrong("is no code; write one such as 204 or \"2xx\""),
    }
}
