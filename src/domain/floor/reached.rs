//! Which numbers were talked with, and when last: "reached since" on a
//! callback. Calls are forgotten after a day, this after a week; bounded.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{AHEAD, Floor, Known};
use crate::domain::{call::Call, id::CallId, phone, time::At};

/// Talks that are remembered: no more than so many,
const TALKS_KEPT: usize = 10_000;
/// and hardly longer than this:
const TALKS_FOR: Duration = Duration::from_hours(7 * 24);
/// they are looked through so often.
const FORGOTTEN_EVERY: Duration = Duration::from_hours(1);

/// A number that a call reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Talk {
    /// As sent.
    number: Arc<str>,
    /// What it is compared by; `None` where it is nobody's.
    key: Option<Arc<str>>,
    /// When it was answered.
    at: At,
}

/// The number of a caller whom nobody answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unanswered {
    /// As sent.
    number: Arc<str>,
    /// What talks with it are found by; `None` where it is nobody's.
    key: Option<Arc<str>>,
}

impl Unanswered {
    /// Whom a call has missed. A number is worked out once for each call.
    fn missed_by(call: &Call, before: Option<Self>, home: Option<&str>) -> Option<Self> {
        let number = call.missed()?.number?;
        let same = before.filter(|before| before.number == number);
        Some(same.unwrap_or_else(|| Self {
            key: worked_out(&number, home),
            number,
        }))
    }
}

/// Talks by number and time.
pub(super) type Talks = BTreeSet<Sought>;

/// A place among them.
pub(in crate::domain) type Sought = (Arc<str>, At, CallId);

/// Where the talks with a number begin that were answered at `since` or later;
/// `None` where it is nobody's.
pub(in crate::domain) fn sought(number: &str, since: At) -> Option<Sought> {
    Some((key(number)?, since, "".into()))
}

impl Floor {
    /// The last answered call with a number that was answered at `since` or
    /// later, whoever called whom; invented calls do not count. `number` is
    /// E.164 or, where it has none, as sent. A week, and 10,000 talks, are
    /// remembered.
    #[must_use]
    pub fn reached_since(&self, number: &str, since: At) -> Option<(&CallId, At)> {
        self.reached_from(&sought(number, since)?)
    }

    /// The number of whom a call has missed, as [`Floor::reached_since`] takes
    /// it: in E.164 where it can be told, whatever was sent.
    #[must_use]
    pub fn missed_number(&self, call: &CallId) -> Option<&str> {
        let missed = self.calls.get(call)?.settled.missed.as_ref()?;
        Some(missed.key.as_deref().unwrap_or(&missed.number))
    }

    /// The last talk with the same number from there on.
    pub(in crate::domain) fn reached_from(&self, from: &Sought) -> Option<(&CallId, At)> {
        let talks = self.talks.range(from..);
        let same = talks.take_while(|(known, ..)| *known == from.0);
        same.last().map(|(_, at, call)| (call, *at))
    }
}

/// Remembers which numbers a call reached. A number is worked out once for
/// each call: that is slow. `looked` is when talks were last looked through
/// for old ones.
pub(super) fn settle(
    known: &mut Known,
    talks: &mut Talks,
    looked: &mut At,
    home: Option<&str>,
    now: At,
) {
    let Known { call, settled } = known;
    let reached = if call.injected {
        Vec::new()
    } else {
        call.reached()
    };
    settled.missed = Unanswered::missed_by(call, settled.missed.take(), home);
    let room = Vec::with_capacity(reached.len());
    let before = std::mem::replace(&mut settled.reached, room);
    for (number, at) in reached {
        let same = before.iter().find(|talk| talk.number == *number);
        settled.reached.push(Talk {
            number: number.clone(),
            key: match same {
                Some(talk) => talk.key.clone(),
                None => worked_out(number, home),
            },
            at,
        });
    }
    if settled.reached == before {
        return;
    }
    let entry = |talk: &Talk| Some((talk.key.clone()?, talk.at, call.id.clone()));
    for talk in before.iter().filter_map(entry) {
        talks.remove(&talk);
    }
    talks.extend(settled.reached.iter().filter_map(entry));
    // After a clock that was ahead was set right, its time must not keep
    // anything from being forgotten until then.
    *looked = (*looked).min(now);
    if now.since(*looked) > FORGOTTEN_EVERY {
        *looked = now;
        let kept = |at: At| now.since(at) <= TALKS_FOR && at <= now.plus(AHEAD);
        talks.retain(|(_, at, _)| kept(*at));
    }
    if talks.len() > TALKS_KEPT {
        // A tenth of them at once, so that this is rare.
        let mut times: Vec<At> = talks.iter().map(|(_, at, _)| *at).collect();
        let tenth = times.len() / 10;
        let cut = *times.select_nth_unstable(tenth).1;
        talks.retain(|(_, at, _)| *at > cut);
    }
}

/// The number in E.164 where it can be told, else by its digits. One that was
/// sent so is not kept twice.
fn worked_out(number: &Arc<str>, home: Option<&str>) -> Option<Arc<str>> {
    if is_plain(number) {
        return Some(number.clone());
    }
    match phone::e164(number, home) {
        Some(same) if same == **number => Some(number.clone()),
        Some(other) => Some(other.into()),
        None => key(number),
    }
}

/// Whether a number is written as E.164 beyond doubt: then the tables, which
/// take half a moment to load, need not be asked. A zero near the front may be
/// that of a national number, left behind its country code.
fn is_plain(number: &str) -> bool {
    let Some(digits) = number.strip_prefix('+') else {
        return false;
    };
    let written = digits.bytes().all(|b| b.is_ascii_digit());
    written && (8..=15).contains(&digits.len()) && !digits.as_bytes()[..4].contains(&b'0')
}

/// What a number is compared by: one in E.164 is itself, of any other the
/// digits count.
fn key(number: &str) -> Option<Arc<str>> {
    let digits = || number.chars().filter(char::is_ascii_digit);
    digits().next()?;
    let plus = number.trim_start().starts_with('+').then_some('+');
    Some(plus.into_iter().chain(digits()).collect::<String>().into())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::{
        caller::Raw,
        entry::{Entry, What},
        event::{CallEvent, CallFacts, CallStep, Event},
        hook::{Hook, Says},
        site::Vendor,
    };

    /// A number is talked with when our clock says so, in a call of its own.
    fn talk(floor: &mut Floor, seq: u64, number: &str, at: At) {
        let event = CallEvent {
            call: number.into(),
            leg: number.into(),
            at: None,
            micros: 0,
            step: CallStep::Answer,
            home: None,
            facts: CallFacts {
                kind: Some("inbound".into()),
                number: Some(number.into()),
                to_agent: Some("17".into()),
                ..CallFacts::default()
            },
        };
        let hook = Hook {
            vendor: Vendor::Contaqt,
            event: "".into(),
            body: Raw::new("{}"),
            injected: false,
            says: Says::This(Box::new(Event::Call(event))),
        };
        let entry = Entry {
            seq,
            at,
            site: "team".into(),
            what: What::Hook(hook),
        };
        floor.apply(&entry, &TimeZone::UTC, &mut Vec::new());
    }

    #[test]
    fn of_more_talks_than_are_kept_the_oldest_few_are_forgotten() {
        let (mut floor, begin) = (Floor::default(), At(1_772_460_000_000));
        let number = |n: usize| format!("+45{}", 99_000_000 + n);
        for (n, seq) in (0..=TALKS_KEPT).zip(1..) {
            talk(
                &mut floor,
                seq,
                &number(n),
                begin.shift(seq.cast_signed() * 1_000),
            );
        }
        let knows = |n: usize| floor.reached_since(&number(n), At(0)).is_some();
        assert!(!knows(0) && !knows(TALKS_KEPT / 10));
        assert!(knows(TALKS_KEPT / 10 + 1) && knows(TALKS_KEPT));
    }

    #[test]
    fn a_clock_that_was_ahead_keeps_nothing_from_being_forgotten() {
        const DAY: i64 = 86_400_000;
        let (mut floor, begin) = (Floor::default(), At(1_772_460_000_000));
        talk(&mut floor, 1, "+4520304051", begin.shift(3_650 * DAY));
        talk(&mut floor, 2, "+4520304052", begin);
        let knows = |floor: &Floor, number| floor.reached_since(number, At(0)).is_some();
        assert!(knows(&floor, "+4520304052"));
        talk(&mut floor, 3, "+4520304053", begin.shift(9 * DAY));
        assert!(!knows(&floor, "+4520304051"), "in ten years");
        assert!(!knows(&floor, "+4520304052"), "nine days ago");
        assert!(knows(&floor, "+4520304053"));
    }

    #[test]
    fn what_is_plain_is_what_the_tables_say() {
        for number in [
            "+79161112233",
            "+4535203040",
            "+447911123456",
            "+12125550123",
        ] {
            assert!(is_plain(number));
            assert_eq!(phone::e164(number, None).as_deref(), Some(number));
        }
        for number in [
            "+4407911123456",
            "+40212345678",
            "+45 35 20 30 40",
            "35203040",
            "+112",
            "+",
            "+1a345678",
        ] {
            assert!(!is_plain(number), "{number}");
        }
        let told = |number: &str, home| {
            let number = number.into();
            worked_out(&number, home).map(|key| key.to_string())
        };
        assert_eq!(
            told("+4407911123456", None).as_deref(),
            Some("+447911123456")
        );
        assert_eq!(told("35203040", Some("DK")).as_deref(), Some("+4535203040"));
        assert_eq!(told("55-77", None).as_deref(), Some("5577"));
        assert_eq!(told("anonymous", None), None);
        for sent_so in ["+79161112233", "+12025550123"] {
            let number: Arc<str> = sent_so.into();
            let key = worked_out(&number, None).unwrap();
            assert!(Arc::ptr_eq(&number, &key), "{sent_so} is kept twice");
        }
    }
}
