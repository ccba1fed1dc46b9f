//! What a row of the list of calls says. Pure: sites and board in, rows out.

use std::sync::Arc;

use crate::{
    app::callbacks::rows::BY_HAND,
    domain::{
        board::Board,
        call::{Call, CallState, MissedAt},
        cause,
        id::{CallId, SiteName},
        phone,
        site::Site,
        text,
        time::At,
        triage::Subject,
    },
};

/// A call in the list.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for itself")]
pub struct Row {
    /// The site.
    pub site: SiteName,
    /// The call.
    pub id: CallId,
    /// Where it stands.
    pub stage: Stage,
    /// When it began.
    pub began: Option<At>,
    /// Whether somebody here calls, not the customer.
    pub went_out: bool,
    /// The other party's number.
    pub number: Option<Arc<str>>,
    /// Their name, where it was told.
    pub name: Option<Arc<str>>,
    /// What was dialled.
    pub to: Option<Arc<str>>,
    /// The queue, by name.
    pub queue: Option<String>,
    /// The agent, by name.
    pub agent: Option<String>,
    /// Why it ended, in words; of a missed one what was done about it.
    pub why: Option<String>,
    /// How many legs it has.
    pub legs: usize,
    /// Whether it was never but in a voice menu, where nobody waits.
    pub in_menu: bool,
    /// Whether our own injector made it.
    pub injected: bool,
    /// Whether its end may have been missed.
    pub doubtful: bool,
}

/// Where a call stands, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It waits in a queue.
    Waiting,
    /// Somebody is being rung.
    Ringing,
    /// They talk.
    Talking,
    /// Nobody answered it, and nothing was done about it yet.
    Missed,
    /// It is over.
    Ended,
}

impl Stage {
    /// In a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Ringing => "ringing",
            Self::Talking => "on call",
            Self::Missed => "missed",
            Self::Ended => "ended",
        }
    }
}

/// Ended calls that are listed for a site; the command line has them all.
const ENDED: usize = 500;

/// The calls of a site: those that go on, and the last that ended.
pub fn of_site<'a>(site: &'a Site, board: &'a Board, now: At) -> impl Iterator<Item = Row> + 'a {
    let floor = board.floor(&site.name).into_iter();
    floor.flat_map(move |floor| {
        let calls = floor.open_calls().chain(floor.ended_calls().take(ENDED));
        calls.map(move |call| {
            let doubtful = floor.doubt_of_call(call).is_some();
            row(site, board, call, doubtful, now)
        })
    })
}

fn row(site: &Site, board: &Board, call: &Call, doubtful: bool, now: At) -> Row {
    let handled = handled(site, board, call, now);
    let agent = call.agent();
    let stage = match call.state() {
        CallState::Waiting => Stage::Waiting,
        CallState::Ringing => Stage::Ringing,
        CallState::Answered => Stage::Talking,
        CallState::Ended if call.missed().is_some() && handled.is_none() => Stage::Missed,
        CallState::Ended => Stage::Ended,
    };
    let (from, to) = (
        call.fact(|f| f.number.as_ref()).cloned(),
        call.fact(|f| f.to.as_ref()).cloned(),
    );
    let dials = call.fact(|f| f.from_agent.as_ref()).is_some();
    let went_out = dials && call.queue().is_none() && to.is_some();
    Row {
        site: site.name.clone(),
        id: call.id.clone(),
        stage,
        began: call.began(),
        went_out,
        number: if went_out { to.clone() } else { from },
        name: call
            .fact(|f| f.name.as_ref())
            .filter(|_| !went_out)
            .cloned(),
        to,
        queue: place(site, call),
        agent: agent.map(|id| site.people.agent(id).unwrap_or(id.as_str()).to_owned()),
        why: handled.or_else(|| why(call)),
        legs: call.legs.len(),
        in_menu: call.was_only_in_menu(),
        injected: call.injected,
        doubtful,
    }
}

/// The queue it came into, else the voice menu it was missed in, by name.
fn place(site: &Site, call: &Call) -> Option<String> {
    if let Some(queue) = call.queue() {
        return Some(site.queue_name(queue).to_owned());
    }
    let MissedAt::Menu(id) = call.missed()?.place else {
        return None;
    };
    let menu = site.people.extensions.iter().find(|e| e.id == id);
    Some(menu.map_or_else(|| id.to_string(), |menu| menu.name.clone()))
}

/// What was done about a missed call: somebody has talked with them since, or
/// has said how it went, or has put them on the list.
fn handled(site: &Site, board: &Board, call: &Call, now: At) -> Option<String> {
    let missed = call.missed()?;
    // As talks are kept by; one from before that was kept stands as sent.
    let floor = board.floor(&site.name);
    let known = floor.and_then(|floor| floor.missed_number(&call.id));
    let number = known.or(missed.number.as_deref());
    let talk = number.and_then(|number| board.reached_since(number, missed.at));
    if let Some(talk) = talk {
        return Some(format!("reached {}", talk.at.short(now, board.zone())));
    }
    let case = board.triage.case(&subject(&site.name, &call.id))?;
    match &case.outcome {
        Some((outcome, who, _)) => Some(format!("{}, said {who}", outcome.words())),
        None => Some("on the callback list".to_owned()),
    }
}

/// A missed call as something to work on: the same as its caller's in pane 1.
#[must_use]
pub fn subject(site: &SiteName, call: &CallId) -> Subject {
    Subject {
        site: site.clone(),
        id: format!("{BY_HAND}{call}").into(),
    }
}

/// Why a call that is over has ended, in words.
fn why(call: &Call) -> Option<String> {
    call.ended()?;
    let canceled = call
        .canceled()
        .filter(|why| !why.eq_ignore_ascii_case("NONE"));
    let cancel = canceled.map(|code| cause::cancel(code).into_owned());
    let hangup = || Some(cause::hangup(call.hangup_cause()?).into_owned());
    cancel.or_else(hangup)
}

impl Row {
    /// All that a search may find it by, folded.
    #[must_use]
    pub fn haystack(&self) -> String {
        let mut all = format!("{} {} {}", self.site, self.id, self.stage.word());
        let texts = [&self.number, &self.name, &self.to].into_iter().flatten();
        for text in texts {
            all.push(' ');
            all.push_str(text);
        }
        let names = [&self.queue, &self.agent, &self.why].into_iter().flatten();
        for name in names {
            all.push(' ');
            all.push_str(name);
        }
        if self.number.as_deref().is_some_and(phone::is_withheld) {
            all.push(' ');
            all.push_str(phone::SECRET);
        }
        text::fold(&all).into_owned()
    }
}
