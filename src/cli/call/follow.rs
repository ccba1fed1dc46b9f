//! Prints what comes of a call, leg by leg, as its events come out of the
//! journal; until it has ended.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::super::{
    failure::{self, Failure},
    output,
    phones::Ground,
};
use crate::{
    domain::{
        call::{Call, CallState},
        cause,
        dial::{Dial, Line},
        entry::{Entry, Seq, What},
        event::{CallEvent, CallStep, Event},
        extension::Extension,
        hook::Says,
        id::CallId,
        text::clean,
    },
    journal::Journal,
    runtime::phones::addresses,
    vendor::hook::Reader,
};

/// A call of which nothing was heard for so long is not waited for.
const HEARD_WITHIN: Duration = Duration::from_secs(70);

/// Whether what comes of a call would be heard at all: before it is made.
///
/// # Errors
/// Nobody listens.
pub fn is_possible(ground: &Ground, journal: &Journal) -> Result<(), Failure> {
    let feeds = journal.feeds()?;
    if addresses::heard_of(&ground.site, &feeds, (ground.clock)()).is_some() {
        return Ok(());
    }
    Err(Failure::here(format!(
        "{}: nothing was sent: nobody listens for what would come of it; start `holdline \
         collect`, or open the console, or leave --follow out",
        ground.name()
    )))
}

/// Prints it; the exit code.
pub async fn run(
    ground: &Ground,
    journal: &Journal,
    after: Seq,
    (dialled, call): (&Dial, &CallId),
    patience: Duration,
) -> Result<u8, Failure> {
    let site = ground.name();
    let began = Instant::now();
    let reader = Reader::new(&ground.config.domain_sites());
    let mut tail = journal.tail(after);
    let mut known = Call::new(call.clone(), after, (ground.clock)());
    loop {
        let is_silent = known.legs.is_empty();
        let most = waits(is_silent, patience);
        let Ok(news) = timeout_at(began + most, tail.next()).await else {
            let why = gave_up(is_silent.then_some(&dialled.from), most);
            return Err(Failure::new(format!("{site}: {why}"), 3));
        };
        let mut entries = news?;
        entries.retain(|entry| entry.site == ground.site.name);
        reader.read_all(&mut entries);
        for entry in &entries {
            let Some((event, injected)) = of_call(entry, call) else {
                continue;
            };
            known.hear(event, injected, entry.seq, entry.at);
            say(ground, event)?;
        }
        if !known.legs.is_empty() && known.state() == CallState::Ended {
            failure::tell(&format!("{site}: the call has ended"));
            return Ok(0);
        }
    }
}

/// How long a call is waited for in all.
fn waits(is_silent: bool, patience: Duration) -> Duration {
    if is_silent {
        patience.min(HEARD_WITHIN)
    } else {
        patience
    }
}

/// Why it is waited for no longer. Nothing is told of a call before one's own
/// phone, `silent`, has answered (Telphin, calls by its API): not even that it
/// is engaged.
fn gave_up(silent: Option<&Line>, waited: Duration) -> String {
    let waited = waited.as_secs();
    match silent {
        Some(line) => format!(
            "nothing was heard of the call in {waited} s: {line} did not answer, or its events \
             are not subscribed; look at `holdline hooks check`"
        ),
        None => {
            format!("the call has not ended in {waited} s; `holdline calls` shows how it goes on")
        }
    }
}

/// What an entry tells of the call, if it does; and whether it was made up.
fn of_call<'e>(entry: &'e Entry, call: &CallId) -> Option<(&'e CallEvent, bool)> {
    let What::Hook(hook) = &entry.what else {
        return None;
    };
    let Says::This(said) = &hook.says else {
        return None;
    };
    match &**said {
        Event::Call(event) if event.call == *call => Some((event, hook.injected)),
        _ => None,
    }
}

fn say(ground: &Ground, event: &CallEvent) -> Result<(), Failure> {
    let at = event.at.unwrap_or_else(|| (ground.clock)());
    let at = at.clock_time(&ground.config.console.time_zone);
    let words = words(event, &ground.account.extensions);
    output::to_stdout(|out| writeln!(out, "{at}  {}", clean(&words)))
}

/// `Anna: rings`, `+4520123456 by Anna: answered`.
fn words(event: &CallEvent, extensions: &[Extension]) -> String {
    let facts = &event.facts;
    let known = |id: &str| extensions.iter().find(|e| e.id.as_str() == id);
    let own = facts.extension.as_ref().map(|id| {
        let known = known(id.as_str());
        known.map_or_else(|| format!("extension {id}"), |e| e.name.clone())
    });
    // A leg that goes out says whom it calls.
    let outward = facts.to_agent.is_none() && facts.from_agent.is_some();
    let whom = match (own, facts.to.as_deref()) {
        (Some(own), Some(to)) if outward => format!("{to} by {own}"),
        (Some(own), _) => own,
        (None, Some(to)) => to.to_owned(),
        (None, None) => format!("leg {}", event.leg),
    };
    let what = event.step.words();
    let ended = facts.hangup_cause.as_deref();
    let why = ended.filter(|_| event.step == CallStep::End);
    let why = why.map_or_else(String::new, |why| format!(", {}", cause::hangup(why)));
    format!("{whom}: {what}{why}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{event::CallFacts, extension::ExtensionKind};

    #[test]
    fn a_call_of_which_nothing_is_heard_is_not_waited_for_an_hour() {
        let hour = Duration::from_hours(1);
        assert_eq!(
            (waits(true, hour), waits(false, hour)),
            (HEARD_WITHIN, hour)
        );
        let short = Duration::from_secs(5);
        assert_eq!((waits(true, short), waits(false, short)), (short, short));
        let line = Line::Number("201".into());
        let silent = gave_up(Some(&line), short);
        assert!(silent.contains("201 did not answer"), "{silent}");
        assert!(silent.contains("in 5 s"), "{silent}");
        assert!(gave_up(None, hour).contains("3600 s"));
    }

    fn event(step: CallStep, facts: CallFacts) -> CallEvent {
        CallEvent {
            call: "c".into(),
            leg: "175-1".into(),
            at: None,
            micros: 0,
            step,
            home: None,
            facts,
        }
    }

    #[test]
    fn a_leg_is_told_by_who_it_is() {
        let anna = Extension {
            id: "175".into(),
            name: "Anna".into(),
            kind: ExtensionKind::Phone,
            number: None,
            user: None,
        };
        let inward = CallFacts {
            extension: Some("175".into()),
            to_agent: Some("175".into()),
            ..CallFacts::default()
        };
        let outward = CallFacts {
            extension: Some("175".into()),
            from_agent: Some("175".into()),
            to: Some("+4520123456".into()),
            hangup_cause: Some("USER_BUSY".into()),
            ..CallFacts::default()
        };
        for (step, facts, told) in [
            (CallStep::Ring, &inward, "Anna: rings"),
            (CallStep::Answer, &inward, "Anna: answered"),
            (CallStep::Ring, &outward, "+4520123456 by Anna: rings"),
            (CallStep::End, &outward, "+4520123456 by Anna: ended, busy"),
        ] {
            let known = std::slice::from_ref(&anna);
            assert_eq!(words(&event(step, facts.clone()), known), told);
        }
    }
}
