//! The office's news in Contaqt's words. Pure.
//!
//! Assumed, the page being silent: `id` of a queue call's first leg is its
//! `call_id`; phones that ring for it are further legs, of type `queue` too,
//! and only they ring and are answered; `agent:status` comes when activity or
//! pause change, with `in_calls` 1 from the moment somebody dials or answers;
//! who comes in is told by checkin, join, status, who goes by leave, checkout.

use std::time::Duration;

use crate::{
    domain::{scenario::template::uuid_of, time::At},
    emit::contaqt::{self as page, Event},
};

use super::{
    super::world::{
        Person,
        team::{
            Call, Doing, End, Kind, LINES, Leg, LineNo, MemberNo, News, Step, Team, What, Work,
        },
    },
    CALLS, IDLE, MAIL, NO_PAUSE, QUEUE_IDS, WRAP_UP, device_id, extension, pause, user_id,
};

/// What is sent of it; `skew_ms`: how far the vendor's clock is ahead.
pub fn event(news: &News, team: &Team, skew_ms: i64) -> Event {
    match &news.what {
        What::CameIn(member) => Event::CheckIn {
            user: user_id(*member),
            device: device_id(*member),
            device_name: team.members()[*member].device.to_owned(),
        },
        What::WentHome(member) => Event::CheckOut {
            user: user_id(*member),
        },
        What::Joined(member, lines) => Event::Join {
            user: user_id(*member),
            queues: queues(lines),
        },
        What::Left(member, lines) => Event::Leave {
            user: user_id(*member),
            queues: queues(lines),
        },
        What::Turned(member, doing) => status(*member, *doing),
        What::Called(step, call, leg) => Event::Call {
            step: match step {
                Step::Entered => page::Step::Start,
                Step::Rings => page::Step::Ring,
                Step::Answered => page::Step::Answer,
                Step::Ended => page::Step::End,
            },
            leg: Box::new(told(call, *leg, news.at, skew_ms)),
        },
    }
}

/// The members whose picture it changes.
pub fn members(news: &News) -> Vec<MemberNo> {
    match &news.what {
        What::CameIn(member)
        | What::WentHome(member)
        | What::Joined(member, _)
        | What::Left(member, _)
        | What::Turned(member, _) => vec![*member],
        What::Called(_, call, leg) => {
            let leg = &call.legs[*leg];
            leg.from.into_iter().chain(leg.to).collect()
        }
    }
}

/// A leg's UUID.
pub fn uuid(leg: &Leg) -> String {
    uuid_of(leg.salt)
}

fn queues(lines: &[LineNo]) -> Vec<String> {
    lines
        .iter()
        .map(|line| QUEUE_IDS[*line].to_owned())
        .collect()
}

/// Activity, pause, and whether the activity is calls.
pub fn activity(doing: Doing) -> (&'static str, &'static str, bool) {
    match doing {
        Doing::Away | Doing::Free | Doing::Ringing(_) => (IDLE, NO_PAUSE, false),
        Doing::OnCall(_) => (CALLS, NO_PAUSE, true),
        Doing::Busy(Work::Mail) => (MAIL, NO_PAUSE, false),
        Doing::Busy(Work::WrapUp) => (WRAP_UP, NO_PAUSE, false),
        Doing::Paused(why) => (IDLE, pause(why).0, false),
    }
}

fn status(member: MemberNo, doing: Doing) -> Event {
    let (activity, pause, in_calls) = activity(doing);
    Event::Status {
        user: user_id(member),
        activity: activity.to_owned(),
        pause: pause.to_owned(),
        in_calls,
    }
}

/// The word for a kind of call.
pub fn kind(call: &Call) -> page::Kind {
    match call.kind {
        Kind::Queue(_) => page::Kind::Queue,
        Kind::Inbound => page::Kind::Inbound,
        Kind::Outbound => page::Kind::Outbound,
        Kind::Internal => page::Kind::Internal,
    }
}

fn told(call: &Call, index: usize, at: At, skew_ms: i64) -> page::Leg {
    let leg = &call.legs[index];
    let mut told = page::Leg {
        id: uuid(leg),
        call_id: uuid(&call.legs[0]),
        ts: at.shift(skew_ms),
        site_id: Some("1".to_owned()),
        kind: Some(kind(call)),
        src_device_id: leg.from.map(device_id),
        dst_device_id: leg.to.map(device_id),
        src_user_id: leg.from.map(user_id),
        dst_user_id: leg.to.map(user_id),
        ..page::Leg::default()
    };
    parties(&mut told, call, leg);
    if let Kind::Queue(line) = call.kind {
        told.queue_id = Some(QUEUE_IDS[line].to_owned());
        waited(&mut told, call);
    }
    if leg.answered.is_some() || leg.ended.is_some() {
        told.progressms = leg.progress.map(millis);
    }
    if let Some((ended, end)) = leg.ended {
        // The caller's own leg has no answer of its own.
        let talk_from = if index == 0 {
            call.answered()
        } else {
            leg.answered
        };
        told.durationms = Some(millis(ended.since(leg.began)));
        told.billms = Some(talk_from.map_or(0, |from| millis(ended.since(from))));
        told.hangup_cause = Some(cause(end).to_owned());
        if matches!(call.kind, Kind::Queue(_)) && index == 0 && call.answered().is_none() {
            told.canceled = Some(canceled(end).to_owned());
        }
    }
    told
}

/// Who calls whom.
fn parties(told: &mut page::Leg, call: &Call, leg: &Leg) {
    match call.kind {
        Kind::Queue(line) => {
            told.dst_num = Some(LINES[line].number.to_owned());
            caller(told, &call.who);
        }
        Kind::Inbound => {
            let direct = |member| format!("+4570305{}", extension(member));
            told.dst_num = leg.to.map(direct);
            caller(told, &call.who);
        }
        Kind::Outbound => {
            told.dst_num.clone_from(&call.who.number);
            told.cid_num = Some(LINES[0].number.to_owned());
            told.a2 = call.who.number.as_deref().and_then(country);
            // Some are called for a campaign.
            if leg.salt.is_multiple_of(3) {
                told.lead_id = Some((leg.salt % 9_000 + 1_000).to_string());
                told.lead_name.clone_from(&call.who.name);
                told.campaign_id = Some("4".to_owned());
                told.dialer_id = Some("2".to_owned());
                told.call_script = Some("1".to_owned());
            }
        }
        Kind::Internal => {
            told.dst_num = leg.to.map(extension);
            told.cid_num = leg.from.map(extension);
            told.cid_name.clone_from(&call.who.name);
        }
    }
}

fn caller(told: &mut page::Leg, who: &Person) {
    if who.secret {
        told.cid_num = Some("anonymous".to_owned());
        return;
    }
    told.cid_num.clone_from(&who.number);
    told.cid_name.clone_from(&who.name);
    told.a2 = who.number.as_deref().and_then(country);
}

/// How long the caller waited, once that is known.
fn waited(told: &mut page::Leg, call: &Call) {
    let gone = call.legs[0].ended.map(|(at, _)| at);
    if let Some(until) = call.answered().or(gone) {
        let wait = until.since(call.began);
        told.waitms = Some(millis(wait));
        told.cc_wait = Some(millis(wait) / 1_000);
    }
}

/// The country of a number that tells it.
fn country(number: &str) -> Option<String> {
    const CODES: [(&str, &str); 7] = [
        ("+45", "DK"),
        ("0045", "DK"),
        ("+46", "SE"),
        ("+44", "GB"),
        ("+49", "DE"),
        ("+33", "FR"),
        ("+1", "US"),
    ];
    let (_, country) = CODES.iter().find(|(code, _)| number.starts_with(code))?;
    Some((*country).to_owned())
}

/// `hangup_cause`, as FreeSWITCH's table has it.
fn cause(end: End) -> &'static str {
    match end {
        End::HungUp | End::PressedKey | End::WaitedTooLong | End::NobodyThere => "NORMAL_CLEARING",
        End::GaveUp => "ORIGINATOR_CANCEL",
        End::Taken => "LOSE_RACE",
        End::NoAnswer => "NO_ANSWER",
        End::LineBusy => "USER_BUSY",
        End::Refused => "CALL_REJECTED",
        End::NoSuchNumber => "UNALLOCATED_NUMBER",
    }
}

/// `canceled` of a queue call that nobody answered. The last word is in no
/// page: FreeSWITCH has it.
fn canceled(end: End) -> &'static str {
    match end {
        End::GaveUp => "BREAK_OUT",
        End::WaitedTooLong => "TIMEOUT",
        End::NobodyThere => "NO_AGENT_TIMEOUT",
        End::PressedKey => "EXIT_WITH_KEY",
        _ => "NONE",
    }
}

fn millis(d: Duration) -> i64 {
    i64::try_from(d.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::emit::Shape;

    fn day() -> Vec<Event> {
        let start = At::parse("2026-11-21T10:20:00Z").unwrap();
        let mut team = Team::new(1, start);
        team.advance(start.plus(Duration::from_hours(3)));
        let news = team.news();
        news.iter().map(|n| event(n, &team, 0)).collect()
    }

    fn legs(step: page::Step) -> Vec<page::Leg> {
        day()
            .into_iter()
            .filter_map(|event| match event {
                Event::Call { step: s, leg } if s == step => Some(*leg),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_day_holds_all_nine_events_and_every_reason() {
        let mut counts = BTreeMap::new();
        for event in day() {
            *counts.entry(event.name()).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 9, "{counts:?}");
        let ends = legs(page::Step::End);
        for cause in [
            "NORMAL_CLEARING",
            "LOSE_RACE",
            "NO_ANSWER",
            "ORIGINATOR_CANCEL",
            "USER_BUSY",
        ] {
            let found = ends
                .iter()
                .any(|l| l.hangup_cause.as_deref() == Some(cause));
            assert!(found, "{cause}");
        }
        let canceled = |word| ends.iter().any(|l| l.canceled.as_deref() == Some(word));
        assert!(canceled("BREAK_OUT"));
    }

    #[test]
    fn only_queue_calls_start_and_their_first_leg_is_the_call() {
        let starts = legs(page::Step::Start);
        assert!(starts.len() > 100);
        for leg in &starts {
            assert_eq!(leg.kind, Some(page::Kind::Queue));
            assert_eq!(leg.id, leg.call_id);
            assert!(leg.queue_id.is_some());
        }
        let rings = legs(page::Step::Ring);
        let queue = rings.iter().filter(|l| l.kind == Some(page::Kind::Queue));
        for leg in queue {
            assert_ne!(leg.id, leg.call_id);
            assert!(starts.iter().any(|s| s.id == leg.call_id));
        }
    }

    #[test]
    fn seconds_and_milliseconds_are_each_where_the_page_has_them() {
        for leg in legs(page::Step::End) {
            let (Some(wait), Some(seconds)) = (leg.waitms, leg.cc_wait) else {
                // A phone that rang in vain: the caller still waits.
                let first_of_queue = leg.kind == Some(page::Kind::Queue) && leg.id == leg.call_id;
                assert!(!first_of_queue);
                continue;
            };
            assert_eq!(wait / 1_000, seconds);
            assert!(leg.billms <= leg.durationms);
        }
    }

    #[test]
    fn ids_are_uuids() {
        for leg in legs(page::Step::Ring) {
            let parts: Vec<usize> = leg.id.split('-').map(str::len).collect();
            assert_eq!(parts, [8, 4, 4, 4, 12], "{}", leg.id);
            assert_eq!(leg.id.as_bytes()[14], b'4');
            assert!(b"89ab".contains(&leg.id.as_bytes()[19]));
        }
    }

    #[test]
    fn a_wrong_clock_shows_in_ts_and_nowhere_else() {
        let start = At::parse("2026-11-21T10:20:00Z").unwrap();
        let mut team = Team::new(1, start);
        team.advance(start.plus(Duration::from_mins(2)));
        let news = team.news();
        let called = news
            .iter()
            .find(|n| matches!(n.what, What::Called(..)))
            .unwrap();
        let body = |skew| {
            event(called, &team, skew)
                .message()
                .request(Shape::Json)
                .body
        };
        let (right, wrong) = (body(0), body(-3_600_000));
        let seconds = |ms: i64| ms.div_euclid(1_000).to_string();
        assert_eq!(
            right.replace(&seconds(called.at.0), &seconds(called.at.0 - 3_600_000)),
            wrong
        );
    }
}
